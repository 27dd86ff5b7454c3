"""The vocabulary is complete and fits a Chinese console; what is said about time and order is right."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.report import model
from agent.report.model import CheckRow, ComparisonRow, NoticeWindow, Report, Side
from agent.report.render import check_sites, sorted_checks
from agent.report.words import (
    WORDS,
    ask_words,
    comparison_words,
    day,
    side_words,
    size,
    tally,
    window_words,
    word,
)

from .samples import checks, done

_FIXED: dict[str, object] = {
    "outcome": Report.model_fields["outcome"].annotation,
    "step": model.StepStatus,
    "kind": model.StepRow.model_fields["kind"].annotation,
    "duty": model.DutyStatus,
    "check": CheckRow.model_fields["verdict"].annotation,
    "condition": model.ConditionStatus,
    "colour": model.Colour,
    "comparison": ComparisonRow.model_fields["verdict"].annotation,
    "same_person": ComparisonRow.model_fields["same_person"].annotation,
    "finding": model.FindingRow.model_fields["level"].annotation,
    "obtained_by": model.PhotoFile.model_fields["obtained_by"].annotation,
}


@pytest.mark.parametrize("kind", _FIXED)
def test_every_fixed_value_has_a_word(kind: str) -> None:
    assert set(WORDS[kind]) == set(get_args(_FIXED[kind]))


def test_words_and_marks_can_be_printed_on_a_gbk_console() -> None:
    for said in (said for words in WORDS.values() for said in words.values()):
        assert said.text.encode("gbk")
        assert said.mark.encode("gbk")


def test_an_unknown_value_is_shown_as_it_is() -> None:
    assert word("somewhere", "site").text == "somewhere"


@pytest.mark.parametrize(
    ("today", "state", "text", "tone"),
    [
        (date(2024, 5, 29), "before", "还没开始，2天后开始", "warn"),
        (date(2024, 5, 31), "open", "还剩11天", "plain"),
        (date(2024, 6, 10), "closing", "还剩1天", "warn"),
        (date(2024, 6, 11), "closing", "今天截止", "warn"),
        (date(2024, 6, 12), "after", "已结束", "bad"),
    ],
)
def test_days_left(today: date, state: str, text: str, tone: str) -> None:
    fields = {"start": date(2024, 5, 31), "end": date(2024, 6, 11), "today": today, "state": state}
    said = window_words(NoticeWindow.model_validate(fields))
    assert (said.text, said.tone) == (text, tone)


def test_day_names_the_weekday() -> None:
    assert day(date(2024, 6, 9)) == "6月9日（周日）"
    assert day(date(2024, 6, 10), year=True) == "2024年6月10日（周一）"


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 字节"), (1023, "1023 字节"), (1024, "1.0 KB"), (31234, "30.5 KB")]
)
def test_size(count: int, text: str) -> None:
    assert size(count) == text


@given(st.permutations(checks()))
def test_what_needs_a_look_comes_first_and_nothing_is_lost(rows: list[CheckRow]) -> None:
    found = sorted_checks(rows)
    assert [row.verdict for row in found[:2]] == ["mismatch", "tolerated"]
    assert [row for row in found if row.verdict == "match"] == [row for row in rows if row.verdict == "match"]
    assert len(found) == len(rows)


def test_columns_are_named_after_the_commonest_sites() -> None:
    assert check_sites(checks()) == ("chsi", "chaoxing")
    assert check_sites(()) == ("chsi", "chaoxing")
    both = [CheckRow(id="x", label="x", left=Side(site="lzu", value="1"), right=None, verdict="match")]
    assert check_sites(both)[0] == "lzu"


def test_tally_follows_the_order_of_the_vocabulary() -> None:
    assert tally(["match", "mismatch", "match"], "check") == "1项不一致，2项一致"
    assert tally([], "check") == ""


def test_sides_say_what_was_not_read_and_who_read_it() -> None:
    assert side_words(Side(site="chsi", value=None)) == "学信网：没有读到"
    assert side_words(Side(site="chsi", value="", read_by="text")) == "学信网：（空白）"
    assert (
        side_words(Side(site="chaoxing", value="在籍", read_by="ocr")) == "成教学生服务平台：在籍（识图读出）"
    )


def test_asks_in_words() -> None:
    assert ask_words("captcha.chsi") == "验证码 · 学信网"
    assert ask_words("apply-plan") == "是否按计划办理"
    assert ask_words("confirm.photo", done().duties) == "确认 · 毕业照片上传"
    assert ask_words("photo.compare-faces") == "同意人脸比对"
    assert ask_words("family.relation") == "family.relation"
    assert ask_words("chsi.proofread") == "本人在学信网做图像校对"


def test_another_enrollment_photo_is_no_trouble_but_another_copy_is() -> None:
    row = ComparisonRow(a="chsi", b="platform_copy", verdict="different_picture", method="pixels", distance=1)
    assert comparison_words(row).tone == "bad"
    assert comparison_words(row.model_copy(update={"b": "enrollment"})).tone == "plain"
