"""Questions on a terminal, answered by what stands in its input."""

from __future__ import annotations

import io
import json

import pytest

from agent.asks import Ask, AskKind, FieldShown
from agent.cli import prompts

WORDS = Ask("confirm.profile_check", AskKind.WORDS, "将在平台上确认", options=("信息无误",))


@pytest.mark.parametrize(
    ("typed", "answer", "told"),
    [
        ("信息无误。\n信息有误\n信息无误\n", "信息无误", ["多了“。”", "多了“有”，少了“无”"]),
        ("信息无误。\n\n", "no", ["多了“。”"]),
        ("信息无误。", "no", ["多了“。”"]),
        ("", "no", []),
    ],
)
def test_words_are_asked_for_until_they_fit(
    typed: str,
    answer: str,
    told: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An empty line, or the end of the input, is a no."""
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert prompts.ask_words(WORDS) == answer
    said = capsys.readouterr().err
    assert all(line in said for line in told)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        *(("y", "yes"), ("Y", "yes"), ("ｙ", "yes"), ("ＹＥＳ", "yes"), ("是", "yes"), ("同意", "yes")),
        *(("", "no"), ("n", "no"), ("否", "no"), ("不同意", "no"), ("yy", "no"), ("y?", "no")),
    ],
)
def test_a_yes_is_one_by_any_input_method(typed: str, answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
    assert prompts.WAYS[AskKind.YES_NO](Ask("apply-plan", AskKind.YES_NO, "办理吗")) == answer


CHOICE = Ask("choose-enrollment", AskKind.CHOICE, "选择学籍", options=("西安交通大学 本科", "兰州大学 专科"))


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("2\n", "兰州大学 专科"),
        ("２\n", "兰州大学 专科"),
        ("西安交通大学 本科\n", "西安交通大学 本科"),
        ("3\n0\nx\n1\n", "西安交通大学 本科"),
        ("9" * 5000 + "\n1\n", "西安交通大学 本科"),
        ("", ""),
        ("\n", ""),
    ],
)
def test_a_choice_is_asked_for_until_it_is_one(
    typed: str, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty line, or the end of the input, chooses nothing."""
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert prompts.WAYS[AskKind.CHOICE](CHOICE) == answer


FIELDS = Ask(
    "registration_check.fields",
    AskKind.FIELDS,
    "每一项对不对",
    shown=(
        FieldShown("姓名", "王岚", name="name", right="王岚岚"),
        FieldShown("学校", "兰州大学"),
        FieldShown("专业", "应用气象学", name="major"),
    ),
)


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("", {"name": "王岚岚"}),
        ("\n", {"name": "王岚岚"}),
        ("2\n大气科学\n9\n\n", {"name": "王岚岚", "major": "大气科学"}),
        ("1\n王兰\n\n", {"name": "王兰"}),
        ("9" * 5000 + "\n\n", {"name": "王岚岚"}),
    ],
)
def test_fields_are_corrected_by_their_numbers(
    typed: str, corrected: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty line says that the rest is right."""
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert json.loads(prompts.WAYS[AskKind.FIELDS](FIELDS)) == corrected
    assert "2. 专业：应用气象学" in capsys.readouterr().err
