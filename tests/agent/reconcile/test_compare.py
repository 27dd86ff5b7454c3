"""Two platforms' readings compared: every verdict, every tolerated difference, and what is never folded."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agent.reconcile.compare import (
    HARMLESS,
    UNREAD,
    Check,
    FieldReading,
    FieldRule,
    ReadBy,
    Tolerance,
    Verdict,
    compare,
    compare_entry_year,
    expect,
)
from agent.reconcile.normalise import FieldKind, is_unreadable, normalise, parse_date

UNTIMED = settings(deadline=None)
MATCH, MISMATCH, TOLERATED = Verdict.MATCH, Verdict.MISMATCH, Verdict.TOLERATED
MISSING, UNREADABLE = Verdict.MISSING, Verdict.UNREADABLE
NUMBER = "11010519491231002X"  # the example printed in GB 11643
PRIVATE = "\U00100123\ue001"
CONTACT = "教学点"


def rule(kind: FieldKind, **changes: object) -> FieldRule:
    plain = FieldRule("some.field", "某项", kind, note="请按通知办理。", contact=CONTACT)
    return replace(plain, **changes)  # type: ignore[arg-type]  # the tests name fields as a profile does


def check(
    kind: FieldKind, left: str | None, right: str | None, by: ReadBy = "text", **changes: object
) -> Check:
    return compare(
        rule(kind, **changes), FieldReading("chsi", left, by), FieldReading("chaoxing", right, "text")
    )


# Values that say the same

SAME = [
    (FieldKind.NAME, "王小明", " 王　小明 "),
    (FieldKind.NAME, "阿依古丽·买买提", "阿依古丽•买买提"),
    (FieldKind.NAME, "阿依古丽・买买提", "阿依古丽．买买提"),
    (FieldKind.NAME, "阿依古丽‧买买提", "阿依古丽.买买提"),
    (FieldKind.NAME, "王\u200b明", "王明"),
    (FieldKind.NAME, "ＬＩ Ming", "LI Ming"),
    (FieldKind.NAME, "𠮷田", "𠮷 田"),
    (FieldKind.SEX, "男", "男性"),
    (FieldKind.SEX, " 女 ", "女"),
    (FieldKind.NUMBER, "1101051949 1231002x", NUMBER),
    (FieldKind.DATE, "2024年06月03日", "2024-06-03"),
    (FieldKind.DATE, "20240603", "2024/6/3"),
    (FieldKind.DATE, "2024 年 6 月 3 日", "2024.06.03"),
    (FieldKind.DATE, "２０２４－０６－０３", "2024-06-03 00:00:00"),
    (FieldKind.DATE, "二〇二四年六月三日", "2024-6-3"),
    (FieldKind.DATE, "一九九九年十二月三十一日", "1999-12-31"),
    (FieldKind.DATE, "二零零零年十月二十日", "2000-10-20T08:00"),
    (FieldKind.ETHNICITY, "汉族", " 汉 族"),
    (FieldKind.TEXT, "3120220001", "３１２０２２０００１"),
    (FieldKind.SCHOOL, "西安交通大学", "西安 交通大学"),
    (FieldKind.MAJOR, "土木工程（道路方向）", "土木工程(道路方向)"),
    (FieldKind.DURATION, "4 年", "四年"),
    (FieldKind.DURATION, "4年", "4"),
    (FieldKind.DURATION, "学制四年", "四年制"),
    (FieldKind.DURATION, "2.5年", "两年半"),
    (FieldKind.DURATION, "二年半制", "2.50"),
    (FieldKind.DURATION, "3.0 年", "三"),
    (FieldKind.DURATION, "十年", "10"),
    (FieldKind.YEAR, "2022", "2022级"),
    (FieldKind.YEAR, "2022年", "2022-03-01"),
    (FieldKind.YEAR, "2022年春", "2022届"),
    (FieldKind.YEAR, "20220301", "2022年03月"),
    *((FieldKind.NAME, "买买提·艾力", f"买买提{dot}艾力") for dot in "ㆍ⦁▪˙。｡．"),
    (FieldKind.NAME, "O’Brien", "O'Brien"),
    (FieldKind.SEX, "男", "Male"),
    (FieldKind.SEX, "女", "F"),
    (FieldKind.SEX, "男", "1-男"),
    (FieldKind.SEX, "女", "女生"),
    (FieldKind.ETHNICITY, "汉族", "01汉族"),
    (FieldKind.ETHNICITY, "汉族", "汉族(Han)"),
    (FieldKind.ETHNICITY, "汉族", "汉族（01）"),
    (FieldKind.DATE, "1996-03-16", "1996-03-15T16:00:00.000Z"),
    (FieldKind.DATE, "1996-03-16", "1996-03-15T16:00:00Z"),
    (FieldKind.DATE, "1990-06-15", "1990-06-14T15:00:00Z"),
    (FieldKind.DATE, "1996-03-16", "1996-03-16T00:00:00.000+08:00"),
    (FieldKind.DATE, "1996-03-16", "1996-03-16T00:00:00+0800"),
    (FieldKind.DATE, "1996-03-16", "1996年3月16号"),
    (FieldKind.DATE, "1996-03-16", "1996—03—16"),
    (FieldKind.DATE, "1996-03-16", "1996 03 16"),
    (FieldKind.DATE, "1996-03-16", "1996-03-16（星期六）"),
    (FieldKind.YEAR, "2022级", "202203"),
    (FieldKind.YEAR, "2022级", "22级"),
    (FieldKind.STATUS, "在籍 注册学籍", "在籍-注册学籍"),
    (FieldKind.STATUS, "在籍", "注册学籍"),
    (FieldKind.STATUS, "在籍（注册学籍）", "在籍"),
    (FieldKind.STATUS, "注册学籍(在籍)", " 在籍 "),
]


@pytest.mark.parametrize(("kind", "left", "right"), SAME)
def test_match(kind: FieldKind, left: str, right: str) -> None:
    for found in (check(kind, left, right), check(kind, right, left)):
        assert (found.verdict, found.note) == (MATCH, "")


# Known harmless differences

HARMLESSLY_DIFFERENT = [
    (FieldKind.ETHNICITY, "汉", "汉族", "只差一个“族”字"),
    (FieldKind.ETHNICITY, "维吾尔族", "维吾尔", "只差一个“族”字"),
    (FieldKind.MAJOR, "土木工程", "土木工程（道路方向）", "专业方向"),
    (FieldKind.MAJOR, "会计学【注册会计师】", "会计学", "专业方向"),
    (FieldKind.NUMBER, "H12345678", "H1234567801", "同一证件"),
    (FieldKind.NUMBER, "12345678", "1234567801", "同一证件"),
    (FieldKind.NUMBER, "A123456(3)", "A123456", "同一证件"),
]


@pytest.mark.parametrize(("kind", "left", "right", "why"), HARMLESSLY_DIFFERENT)
def test_tolerated_where_the_profile_tolerates(kind: FieldKind, left: str, right: str, why: str) -> None:
    for found in (check(kind, left, right), check(kind, right, left)):
        assert found.verdict is TOLERATED
        assert why in found.note
        assert CONTACT not in found.note
    strict = check(kind, left, right, tolerated=frozenset())
    assert strict.verdict is MISMATCH
    assert why in strict.note
    assert CONTACT in strict.note


def test_words_the_profile_calls_equal() -> None:
    groups = (("专升本", "专科起点本科"), ("函授", "业 余"))
    assert check(FieldKind.LEVEL, "专升本", "专科起点本科", equivalents=groups).verdict is TOLERATED
    assert check(FieldKind.STUDY_FORM, "业余", "函授", equivalents=groups).verdict is TOLERATED
    assert check(FieldKind.LEVEL, "专升本", "函授", equivalents=groups).verdict is MISMATCH
    assert check(FieldKind.LEVEL, "专升本", "专科起点本科").verdict is MISMATCH


# Differences

DIFFERENT = [
    (FieldKind.NAME, "王小明", "王小朋", ""),
    (FieldKind.NAME, "张伟", "張偉", "繁体"),
    (FieldKind.NAME, "王喆", "王哲", "异体"),
    (FieldKind.NAME, "于丽", "於麗", "繁体"),
    (FieldKind.NAME, "萧红", "肖红", "异体"),
    (FieldKind.NAME, "葛\U000e0100城", "葛城", "异体"),
    (FieldKind.NAME, "阿依古丽买买提", "阿依古丽·买买提", "间隔号"),
    (FieldKind.NAME, "Li Ming", "LI MING", "大小写"),
    (FieldKind.SEX, "男", "女", ""),
    (FieldKind.NUMBER, NUMBER, "110105194912310038", ""),
    (FieldKind.DATE, "2024-06-03", "2024-03-06", ""),
    (FieldKind.ETHNICITY, "汉族", "满族", ""),
    (FieldKind.ETHNICITY, "满族", "滿族", "繁体"),
    (FieldKind.SCHOOL, "兰州大学", "蘭州大學", "繁体"),
    (FieldKind.SCHOOL, "西安交通大学", "西安交通大学继续教育学院", ""),
    (FieldKind.MAJOR, "土木工程(道路)", "土木工程(桥梁)", ""),
    (FieldKind.DURATION, "4年", "5年", ""),
    (FieldKind.DURATION, "两年", "两年半", ""),
    (FieldKind.YEAR, "2021", "2022", ""),
    (FieldKind.TEXT, "3120220001", "3120220002", ""),
    (FieldKind.TEXT, "12345678", "1234567801", ""),
]


@pytest.mark.parametrize(("kind", "left", "right", "hint"), DIFFERENT)
def test_mismatch_says_whom_to_contact(kind: FieldKind, left: str, right: str, hint: str) -> None:
    for found in (check(kind, left, right), check(kind, right, left)):
        assert found.verdict is MISMATCH
        assert hint in found.note
        assert found.note.endswith(f"请按通知办理。请联系{CONTACT}。")


def test_no_hint_where_nothing_suggests_it() -> None:
    assert check(FieldKind.NAME, "王小明", "王小朋").note.startswith("两边的某项不一致。请按通知")


# What cannot be judged

UNJUDGEABLE = [
    (FieldKind.NAME, PRIVATE, "王小明"),
    (FieldKind.NAME, "王□明", "王小明"),
    (FieldKind.NAME, UNREAD, "王小明"),
    (FieldKind.NUMBER, "\ue001\ue002", NUMBER),
    (FieldKind.SCHOOL, "西安\uf8ff大学", "西安交通大学"),
    (FieldKind.SEX, "未说明的性别", "男"),
    (FieldKind.DATE, "2024-06-31", "2024-06-30"),
    (FieldKind.DATE, "2024-06-31", "2024-06-31"),
    (FieldKind.DATE, "2024年6月", "2024-06-01"),
    (FieldKind.DURATION, "弹性学制", "4年"),
    (FieldKind.DURATION, "年", "4年"),
    (FieldKind.YEAR, "二二", "2022"),
    (FieldKind.YEAR, "0022", "2022"),
    (FieldKind.STATUS, "待定", "在籍"),
    (FieldKind.NAME, "王*", "王小明"),
    (FieldKind.NAME, "王＊＊", "王小明"),
    (FieldKind.NUMBER, "1101**********002X", NUMBER),
    (FieldKind.NUMBER, "1101**********002X", "1101**********002X"),
    (FieldKind.TEXT, "31****0001", "3120220001"),
    (FieldKind.NAME, "王?", "王䶮"),
    (FieldKind.NAME, "王○", "王岚"),
    (FieldKind.NUMBER, "1101##########002X", NUMBER),
    (FieldKind.ETHNICITY, "01", "汉族"),
    (FieldKind.SEX, "1", "男"),
    (FieldKind.DATE, "1996年03月16日（农历）", "1996-03-16"),
    (FieldKind.DATE, "1996-03-16T25:00:00Z", "1996-03-16"),
    (FieldKind.YEAR, "202213", "2022"),
]


@pytest.mark.parametrize(("kind", "left", "right"), UNJUDGEABLE)
def test_unreadable_is_neither_pass_nor_fail(kind: FieldKind, left: str, right: str) -> None:
    for found in (check(kind, left, right), check(kind, right, left)):
        assert found.verdict is UNREADABLE
        assert found.note.endswith(f"请联系{CONTACT}。")


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        (None, "王", MISSING),
        ("王", "", MISSING),
        (" \u3000", None, MISSING),
        (None, PRIVATE, MISSING),
        *(("王岚", nothing, MISSING) for nothing in ("-", "--", "——", "/", "无", "暂无", "null")),
    ],
)
def test_missing(left: str | None, right: str | None, verdict: Verdict) -> None:
    found = check(FieldKind.NAME, left, right)
    assert found.verdict is verdict
    assert "没有显示" in found.note or "只有一边" in found.note


def test_unknown_words_are_quoted_and_private_ones_never() -> None:
    assert "“待定”" in check(FieldKind.STATUS, " 待定 ", "在籍").note
    assert "“弹性学制”" in check(FieldKind.DURATION, "4年", "弹性学制").note
    for kind, value in [
        (FieldKind.NAME, "王*"),
        (FieldKind.NUMBER, "1101**********002X"),
        (FieldKind.DATE, "六月"),
    ]:
        assert value not in check(kind, value, "王小明").note


def test_mask_that_contradicts_is_a_mismatch() -> None:
    assert check(FieldKind.NUMBER, "6101**********002X", NUMBER).verdict is MISMATCH
    assert check(FieldKind.NAME, "李*", "王明").verdict is MISMATCH


def test_mask_is_tolerated_where_the_profile_says_so() -> None:
    tolerant = HARMLESS | {Tolerance.MASKED}
    assert check(FieldKind.NUMBER, "1101**********002X", NUMBER, tolerated=tolerant).verdict is TOLERATED
    assert check(FieldKind.NUMBER, "6101**********002X", NUMBER, tolerated=tolerant).verdict is MISMATCH
    assert check(FieldKind.NUMBER, NUMBER[:4] + "*" * 14, "1101*", tolerated=tolerant).verdict is UNREADABLE


def test_middle_dot_is_no_mask() -> None:
    assert check(FieldKind.NAME, "阿依古丽•买买提", "阿依古丽•买买").verdict is MISMATCH


# Readings by OCR


def test_misread_number_is_never_a_mismatch() -> None:
    misread = NUMBER.replace("9", "8", 1)
    assert check(FieldKind.NUMBER, misread, NUMBER, by="ocr").verdict is UNREADABLE
    assert check(FieldKind.NUMBER, misread, NUMBER, by="text").verdict is MISMATCH
    assert check(FieldKind.NUMBER, "110105194912310038", NUMBER, by="ocr").verdict is MISMATCH
    assert check(FieldKind.NUMBER, "H12345679", "H12345678", by="ocr").verdict is UNREADABLE
    assert check(FieldKind.NUMBER, NUMBER, NUMBER, by="ocr").verdict is MATCH


def test_mismatch_by_ocr_asks_to_look() -> None:
    assert "截图" in check(FieldKind.NAME, "王小明", "王小朋", by="ocr").note
    assert "截图" not in check(FieldKind.NAME, "王小明", "王小朋", by="person").note
    assert check(FieldKind.NAME, "王小明", "王小明", by="ocr").note == ""


@UNTIMED
@given(st.integers(0, 17), st.sampled_from("0123456789X"), st.sampled_from(["text", "person"]))
def test_a_number_with_one_misread_digit_is_unreadable(place: int, char: str, other: ReadBy) -> None:
    misread = NUMBER[:place] + char + NUMBER[place + 1 :]
    assume(misread != NUMBER)
    found = compare(
        rule(FieldKind.NUMBER), FieldReading("chsi", misread, "ocr"), FieldReading("chaoxing", NUMBER, other)
    )
    assert found.verdict is UNREADABLE


# 学籍状态


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("在籍", MATCH),
        ("注册学籍", MATCH),
        ("在籍（注册学籍）", MATCH),
        ("在籍 ( 注册学籍 )", MATCH),
        ("休学", MISMATCH),
        ("在籍（休学）", MISMATCH),
        ("不在籍（毕业）", MISMATCH),
        ("不在籍", MISMATCH),
        ("已离校", MISMATCH),
        ("在籍（待审）", UNREADABLE),
        ("非在籍", UNREADABLE),
        ("()", UNREADABLE),
        (PRIVATE, UNREADABLE),
        ("", MISSING),
    ],
)
def test_expected_status(status: str, verdict: Verdict) -> None:
    found = expect(rule(FieldKind.STATUS), FieldReading("chsi", status))
    assert (found.verdict, found.right) == (verdict, None)
    assert (f"“{status}”" in found.note) == (verdict in {MISMATCH, UNREADABLE} and status != PRIVATE)


def test_status_words_come_from_the_profile() -> None:
    narrow = rule(FieldKind.STATUS, expected=("在籍",), refused=("挂起",))
    assert expect(narrow, FieldReading("chaoxing", "在籍")).verdict is MATCH
    assert expect(narrow, FieldReading("chaoxing", "注册学籍")).verdict is UNREADABLE
    assert expect(narrow, FieldReading("chaoxing", "挂起")).verdict is MISMATCH
    assert expect(narrow, FieldReading("chaoxing", "休学")).verdict is UNREADABLE
    graduated = rule(FieldKind.STATUS, expected=("毕业", "不在籍（毕业）"))
    assert expect(graduated, FieldReading("chsi", "不在籍(毕业)")).verdict is MATCH


def test_status_is_refused_even_when_both_sites_agree() -> None:
    found = check(FieldKind.STATUS, "休学", "休学")
    assert found.verdict is MISMATCH
    assert found.note.startswith("某项是“休学”，正常应为“在籍”或“注册学籍”")


def test_a_refused_status_outweighs_an_unknown_one() -> None:
    assert check(FieldKind.STATUS, "待定", "退学").verdict is MISMATCH


# Expectations and years


def test_expect_one_of_several() -> None:
    level = rule(FieldKind.LEVEL, expected=("专升本", "高起专"), equivalents=(("专升本", "专科起点本科"),))
    assert expect(level, FieldReading("chsi", "高 起专")).verdict is MATCH
    assert expect(level, FieldReading("chsi", "专科起点本科")).verdict is TOLERATED
    refused = expect(level, FieldReading("chsi", "本科"))
    assert refused.verdict is MISMATCH
    assert "应为“专升本”或“高起专”。" in refused.note
    assert expect(level, FieldReading("chsi", None)).verdict is MISSING


def test_expect_never_quotes_a_person() -> None:
    found = expect(rule(FieldKind.NAME, expected=("王小明",)), FieldReading("chsi", "王小朋"))
    assert found.verdict is MISMATCH
    assert "王小" not in found.note


def test_expect_of_nothing_is_a_mistake_of_the_profile() -> None:
    with pytest.raises(ValueError, match=r"some\.field"):
        expect(rule(FieldKind.SCHOOL), FieldReading("chsi", "西安交通大学"))


@pytest.mark.parametrize(
    ("entry", "current", "interrupted", "verdict", "word"),
    [
        ("2022", "2022级", False, MATCH, ""),
        ("2021年", "2022级", False, MISMATCH, "休学或留级"),
        ("2021年", "2022级", True, TOLERATED, "休学或留级"),
        ("2022", "2021", False, MISMATCH, "早于"),
        ("2022", "2021", True, MISMATCH, "早于"),
        ("2022", "毕业班", False, UNREADABLE, "年份"),
        (None, "2022", False, MISSING, "只有一边"),
    ],
)
def test_entry_year_and_current_year(
    entry: str | None, current: str, interrupted: bool, verdict: Verdict, word: str
) -> None:
    tolerated = HARMLESS | {Tolerance.INTERRUPTED_STUDY} if interrupted else HARMLESS
    found = compare_entry_year(
        rule(FieldKind.YEAR, tolerated=tolerated),
        FieldReading("chaoxing", entry),
        FieldReading("chaoxing", current),
    )
    assert found.verdict is verdict
    assert word in found.note


# Dates


@UNTIMED
@given(st.dates(date(1000, 1, 1)))
def test_every_form_of_a_date_is_the_same_date(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    forms = [
        f"{day:%Y}年{m:02}月{d:02}日",
        f"{y}-{m}-{d}",
        f"{y}/{m:02}/{d}",
        f"{y}.{m}.{d}",
        f"{y}{m:02}{d:02}",
    ]
    assert {parse_date(form) for form in forms} == {day}
    assert normalise(FieldKind.DATE, f" {y} 年 {m} 月 {d} 日 ") == day.isoformat()


@pytest.mark.parametrize(
    "text", ["", "2024", "2024-06", "2024-13-01", "24-6-3", "2024-06-03x", "0000-00-00", "日"]
)
def test_no_date(text: str) -> None:
    assert parse_date(text) is None


# Properties

texts = st.one_of(
    st.text(max_size=12),
    st.text("王小明张張 ·.•（)(族汉123年四半级在籍休学*X\u3000\u200b\ue000", max_size=12),
)
kinds = st.sampled_from(FieldKind)
rules = st.builds(
    FieldRule,
    id=st.just("x.y"),
    label=st.just("某项"),
    kind=kinds,
    tolerated=st.frozensets(st.sampled_from(Tolerance)),
    contact=st.sampled_from(["", CONTACT]),
)


@UNTIMED
@given(kinds, texts)
def test_normalising_twice_is_normalising_once(kind: FieldKind, text: str) -> None:
    once = normalise(kind, text)
    assert once is None or normalise(kind, once) == once


@UNTIMED
@given(rules, texts, texts)
def test_verdict_does_not_depend_on_the_side(any_rule: FieldRule, a: str, b: str) -> None:
    left, right = FieldReading("chsi", a), FieldReading("chaoxing", b)
    assert compare(any_rule, left, right).verdict is compare(any_rule, right, left).verdict


@UNTIMED
@given(rules, texts)
def test_a_value_never_contradicts_itself(any_rule: FieldRule, text: str) -> None:
    verdict = compare(any_rule, FieldReading("chsi", text), FieldReading("chaoxing", text)).verdict
    allowed = {MATCH, MISSING, UNREADABLE} | ({MISMATCH} if any_rule.kind is FieldKind.STATUS else set())
    assert verdict in allowed


@UNTIMED
@given(rules, texts, texts, st.sampled_from(["text", "ocr", "person"]))
def test_a_match_means_equal_after_normalising(any_rule: FieldRule, a: str, b: str, by: ReadBy) -> None:
    found = compare(any_rule, FieldReading("chsi", a, by), FieldReading("chaoxing", b))
    assert found.verdict is not Verdict.WAITING
    assert (found.note == "") == (found.verdict is MATCH)
    if found.verdict is MATCH and any_rule.kind is not FieldKind.STATUS:
        assert normalise(any_rule.kind, a) == normalise(any_rule.kind, b)
    if is_unreadable(a) or is_unreadable(b):
        assert found.verdict in {MISSING, UNREADABLE}


@UNTIMED
@given(
    st.sampled_from(["张張", "国國", "刘劉", "陈陳", "叶葉", "丽麗"]), st.text("王小明红", max_size=3), kinds
)
def test_simplified_and_traditional_are_never_folded(pair: str, rest: str, kind: FieldKind) -> None:
    assume(kind is not FieldKind.STATUS)
    found = check(kind, pair[0] + rest, pair[1] + rest)
    assert found.verdict in {MISMATCH, UNREADABLE}
    if found.verdict is MISMATCH:
        assert "繁体" in found.note


@UNTIMED
@given(st.text("王小明李红张伟", min_size=2, max_size=4), st.text("王小明李红张伟", min_size=2, max_size=4))
def test_notes_never_quote_a_name(a: str, b: str) -> None:
    note = check(FieldKind.NAME, a, b).note
    assert a not in note
    assert b not in note


# The records themselves


def test_records_are_frozen_and_keep_the_original() -> None:
    found = check(FieldKind.NAME, " 王　小明 ", "王小明")
    assert found.left == FieldReading("chsi", " 王　小明 ", "text")
    assert found.right is not None
    assert found.right.site == "chaoxing"
    assert "小明" not in repr(found)
    with pytest.raises(FrozenInstanceError):
        found.verdict = MISMATCH  # type: ignore[misc]
