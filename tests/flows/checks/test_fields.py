"""学信网 against the platform, field by field: which checks there are, and with which verdict."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agent.reconcile.compare import Check, FieldReading, Verdict
from flows.checks.fields import FIELDS, checks, number_check
from flows.profiles.schema import CheckData, CheckId, Profile, load

TODAY = date(2024, 6, 3)

CHSI = {
    "name": "王岚",
    "sex": "女",
    "id_number": "610000199603164229",
    "birth_date": "1996年03月16日",
    "ethnicity": "汉族",
    "school": "西安交通大学",
    "level": "专升本",
    "major": "土木工程",
    "duration": "2.5 年",
    "study_form": "函授",
    "student_number": "202106980001",
    "status": "在籍（注册学籍）",
}
PLATFORM = {
    "name": "王岚",
    "sex": "女",
    "id_number": "610000199603164229",
    "birth_date": "1996-03-16",
    "ethnicity": "汉族",
    "level": "专升本",
    "major": "土木工程",
    "duration": "2.5 年",
    "study_form": "函授",
    "student_number": "202106980001",
    "status": "在籍",
    "entry_year": "2021",
    "current_year": "2021",
}
CONTRACT_IDS = {
    *(f"identity.{name}" for name in ("name", "sex", "id_number", "birth_date", "ethnicity")),
    *(
        f"enrollment.{name}"
        for name in ("school", "level", "major", "duration", "study_form", "student_number")
    ),
    *(f"enrollment.{name}" for name in ("status", "entry_year", "current_year")),
}


@pytest.fixture(scope="module")
def xjtu() -> Profile:
    """The notice."""
    return load("xjtu-2024-07")


def _verdicts(rows: list[Check]) -> dict[str, str]:
    verdicts = {row.id: row.verdict.value for row in rows}
    assert len(verdicts) == len(rows), "two checks of one id"
    return verdicts


def test_ids_are_the_contracts(xjtu: Profile) -> None:
    rows = checks(xjtu, CHSI, PLATFORM)
    assert {row.id for row in rows} <= CONTRACT_IDS
    assert {field.id for field in FIELDS} <= {row.id for row in rows}


def test_everything_alike_matches_however_it_is_written(xjtu: Profile) -> None:
    assert set(_verdicts(checks(xjtu, CHSI, PLATFORM)).values()) == {"match"}


@pytest.mark.parametrize(
    ("name", "value", "check", "verdict"),
    [
        ("name", "王兰", "identity.name", "mismatch"),
        ("sex", "男", "identity.sex", "mismatch"),
        ("birth_date", "1996-03-17", "identity.birth_date", "mismatch"),
        ("id_number", "610000199603164210", "identity.id_number", "mismatch"),
        ("ethnicity", "汉", "identity.ethnicity", "tolerated"),
        ("major", "土木工程（项目管理方向）", "enrollment.major", "tolerated"),
        ("major", "工商管理", "enrollment.major", "mismatch"),
        ("status", "休学", "enrollment.status", "mismatch"),
        ("status", "某种新状态", "enrollment.status", "unreadable"),
        ("current_year", "2022", "enrollment.entry_year", "mismatch"),
        ("current_year", "2020", "enrollment.entry_year", "mismatch"),
        ("student_number", "202106980002", "enrollment.student_number", "mismatch"),
    ],
)
def test_one_difference_is_one_verdict(
    name: str, value: str, check: str, verdict: str, xjtu: Profile
) -> None:
    verdicts = _verdicts(checks(xjtu, CHSI, {**PLATFORM, name: value}))
    assert verdicts.pop(check) == verdict
    assert set(verdicts.values()) == {"match"}


@pytest.mark.parametrize(
    "name", ["name", "sex", "id_number", "birth_date", "ethnicity", "level", "major", "status"]
)
@pytest.mark.parametrize("side", ["chsi", "platform"])
def test_what_one_site_does_not_show_is_missing(name: str, side: str, xjtu: Profile) -> None:
    sides = {"chsi": dict(CHSI), "platform": dict(PLATFORM)}
    del sides[side][name]
    verdicts = _verdicts(checks(xjtu, sides["chsi"], sides["platform"]))
    assert [check for check, verdict in verdicts.items() if verdict == "missing"] == [
        field.id for field in FIELDS if field.name == name
    ]


def test_a_field_that_neither_site_shows_makes_no_check(xjtu: Profile) -> None:
    ours, theirs = dict(CHSI), dict(PLATFORM)
    del ours["ethnicity"], theirs["ethnicity"]
    assert "identity.ethnicity" not in _verdicts(checks(xjtu, ours, theirs))


def test_the_school_is_held_against_the_notice(xjtu: Profile) -> None:
    assert (
        _verdicts(checks(xjtu, {**CHSI, "school": "兰州大学"}, PLATFORM))["enrollment.school"] == "mismatch"
    )


def test_a_value_in_letters_of_the_sites_own_font_is_unreadable(xjtu: Profile) -> None:
    rows = checks(xjtu, CHSI, {**PLATFORM, "name": "王\ue001"})
    assert _verdicts(rows)["identity.name"] == "unreadable"


# -- one site alone ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", [None, {}])
def test_chsi_alone_is_held_against_the_notice(platform: dict[str, str] | None, xjtu: Profile) -> None:
    rows = checks(xjtu, CHSI, platform)
    assert _verdicts(rows) == {"enrollment.status": "match", "enrollment.school": "match"}
    allowed = {row.id: row.right for row in rows}
    statuses = "、".join(xjtu.checks["enrollment.status"].expected)
    assert allowed == {
        "enrollment.status": FieldReading("notice", statuses),
        "enrollment.school": FieldReading("notice", xjtu.school),
    }


def test_a_refused_status_at_chsi_alone_is_a_mismatch(xjtu: Profile) -> None:
    rows = checks(xjtu, {**CHSI, "status": "休学"}, None)
    assert _verdicts(rows)["enrollment.status"] == "mismatch"


def test_the_platform_alone_tells_only_of_its_years(xjtu: Profile) -> None:
    assert _verdicts(checks(xjtu, None, PLATFORM)) == {"enrollment.entry_year": "match"}


def test_nothing_read_checks_nothing(xjtu: Profile) -> None:
    assert checks(xjtu, None, None) == []


# -- what the person reads -----------------------------------------------------------------------------------------------


def test_whoever_must_act_is_told_whom_to_ask_and_no_value_is_quoted(xjtu: Profile) -> None:
    other = {**PLATFORM, "name": "王兰", "id_number": "610000199603164210", "birth_date": "1996-03-17"}
    rows = [row for row in checks(xjtu, CHSI, other) if row.verdict == "mismatch"]
    assert len(rows) == 3
    for row in rows:
        assert "教学点" in row.note
        assert not any(value in row.note for value in (*CHSI.values(), *other.values()) if len(value) > 1)


# -- what a notice may say about a comparison, and what was read by eye ----------------------------------------------------


def _with(xjtu: Profile, check: CheckId, **rule: Any) -> Profile:
    return xjtu.model_copy(update={"checks": {**xjtu.checks, check: CheckData(**rule)}})


def test_a_notice_may_forbid_a_difference_that_is_usually_harmless(xjtu: Profile) -> None:
    theirs = {**PLATFORM, "major": "土木工程（道路方向）"}
    strict = _with(xjtu, "enrollment.major", tolerated=(), note="以学信网为准。", contact="学籍科")
    (usual,), (forbidden,) = (
        [row for row in checks(profile, CHSI, theirs) if row.id == "enrollment.major"]
        for profile in (xjtu, strict)
    )
    assert (usual.verdict, forbidden.verdict) == (Verdict.TOLERATED, Verdict.MISMATCH)
    assert forbidden.note.endswith("以学信网为准。请联系学籍科。")


def test_a_notice_may_have_words_of_its_own_for_the_status(xjtu: Profile) -> None:
    own = _with(xjtu, "enrollment.status", expected=("待毕业",), refused=("在籍",))
    for word, verdict in (("待毕业", "match"), ("在籍", "mismatch"), ("休眠", "unreadable")):
        rows = checks(own, {**CHSI, "status": word}, {**PLATFORM, "status": word})
        assert _verdicts(rows)["enrollment.status"] == verdict


def test_a_notice_may_call_two_words_the_same(xjtu: Profile) -> None:
    same = _with(xjtu, "enrollment.level", equivalents=(("专升本", "专科起点本科"),))
    rows = checks(same, CHSI, {**PLATFORM, "level": "专科起点本科"})
    assert _verdicts(rows)["enrollment.level"] == "tolerated"


@pytest.mark.parametrize("level", ["专科起点本科", "专起本", "专科起点升本科"])
def test_the_notice_has_long_and_short_words_for_a_level(level: str, xjtu: Profile) -> None:
    ours = {**CHSI, "level": "专升本"}
    assert _verdicts(checks(xjtu, ours, {**PLATFORM, "level": level}))["enrollment.level"] == "tolerated"
    assert _verdicts(checks(xjtu, ours, {**PLATFORM, "level": "高起专"}))["enrollment.level"] == "mismatch"


def test_the_duration_is_compared_only_where_both_show_it(xjtu: Profile) -> None:
    assert _verdicts(checks(xjtu, CHSI, PLATFORM))["enrollment.duration"] == "match"
    theirs = {name: value for name, value in PLATFORM.items() if name != "duration"}
    assert "enrollment.duration" not in _verdicts(checks(xjtu, CHSI, theirs))


def test_what_was_read_by_eye_is_said(xjtu: Profile) -> None:
    rows = checks(xjtu, CHSI, PLATFORM, {"major": "ocr", "name": "person"})
    by = {row.id: row.left.read_by for row in rows}
    assert (by["enrollment.major"], by["identity.name"], by["identity.sex"]) == ("ocr", "person", "text")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"id_number": "610000199603164228"}, "校验码不对"),
        ({"sex": "男"}, "性别"),
        ({"birth_date": "1996年03月17日"}, "出生日期"),
    ],
)
def test_a_record_that_contradicts_its_own_number_is_a_mismatch(
    changed: dict[str, str], said: str, xjtu: Profile
) -> None:
    (row,) = number_check(xjtu, {**CHSI, **changed}, TODAY)
    assert row.verdict is Verdict.MISMATCH
    assert said in row.note
    assert xjtu.contact in row.note
    assert CHSI["id_number"] not in row.note


@pytest.mark.parametrize("record", [CHSI, {}, {"id_number": "\ufffd"}])
def test_a_number_that_nothing_contradicts_makes_no_check(record: dict[str, str], xjtu: Profile) -> None:
    assert number_check(xjtu, record, TODAY) == []
