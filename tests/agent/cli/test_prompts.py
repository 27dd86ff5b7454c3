"""Questions on a terminal, answered by what stands in its input."""

from __future__ import annotations

import io

import pytest

from agent.asks import Ask, AskKind
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
