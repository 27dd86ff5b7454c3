"""个人信息核对 held against 学信网, the notice and the student: what differs, and 核对备注 with values before and after."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.reconcile.compare import Verdict
from flows.checks.photo import missing_photo
from flows.checks.registration import RegistrationComparison, advice_on_chsi
from flows.forms.registration import RegistrationStatement
from flows.profiles.schema import load
from flows.sites.lzu.registration import Registration

LZU = load("lzu-2024")
SHOWN = {
    "name": "白示例",
    "sex": "男",
    "birth_date": "2002-01-17",
    "ethnicity": "汉族",
    "party": "共青团员",
    "document_type": "居民身份证",
    "id_number": "620000200201173576",
    "major": "大气科学",
    "class_name": "2020级1班",
}
CHSI = {
    "name": "白示例",
    "sex": "男",
    "birth_date": "2002年01月17日",
    "ethnicity": "汉",
    "id_number": "620000200201173576",
    "major": "大气科学",
    "school": "兰州大学",
    "status": "在籍（注册学籍）",
}


def compared(
    shown: dict[str, str] | None = None, chsi: dict[str, str] | None = None, **stated: Any
) -> RegistrationComparison:
    """The page with some fields otherwise, beside 学信网 and a statement."""
    return RegistrationComparison(
        LZU,
        Registration({**SHOWN, **(shown or {})}),
        {**CHSI, **(chsi or {})},
        RegistrationStatement(**stated),
    )


def verdicts(found: RegistrationComparison) -> dict[str, Verdict]:
    """Every check's verdict."""
    return {check.id: check.verdict for check in found.checks()}


def test_where_nothing_differs_nothing_is_written() -> None:
    found = compared()
    assert (found.differences(), found.remark()) == ((), "")
    assert verdicts(found)["identity.ethnicity"] is Verdict.TOLERATED
    assert found.alone() == "证件类型、班级"
    assert list(found.advice()) == []
    on_chsi = [advice.where for _, advice in advice_on_chsi(LZU, RegistrationStatement(photo_replaced=True))]
    assert on_chsi == ["学信网、学院教学秘书、教务处", "学信网 → 毕业证图像校对"]
    assert list(advice_on_chsi(load("xjtu-2024-07"), RegistrationStatement(photo_replaced=True))) == []


def test_the_student_outranks_chsi() -> None:
    wrong = compared({"major": "应用气象学"})
    assert wrong.remark() == "专业：原：应用气象学 改：大气科学"
    assert compared({"major": "应用气象学"}, major="应用气象学").remark() == ""
    other = compared({"major": "应用气象学"}, major="气象学")
    assert other.remark() == "专业：原：应用气象学 改：气象学"
    assert "学信网" in " ".join(reason for reason, _ in other.advice())
    assert verdicts(other)["stated.major"] is Verdict.MISMATCH


def test_what_may_be_misread_is_told_and_not_written() -> None:
    found = replace(compared({"major": "应用气象学"}), by_eye={"major": "ocr"})
    assert found.remark() == ""
    assert verdicts(found)["enrollment.major"] is Verdict.MISMATCH
    by_person = replace(found, by_eye={"major": "person"})
    assert by_person.remark() == "专业：原：应用气象学 改：大气科学"


def test_a_date_is_written_as_the_page_writes_dates() -> None:
    assert compared({"birth_date": "2002-01-07"}).remark() == "出生日期：原：2002-01-07 改：2002-01-17"
    assert (
        compared({"birth_date": "2002年1月7日"}).remark() == "出生日期：原：2002年1月7日 改：2002年01月17日"
    )


def test_party_differs_only_by_the_students_word() -> None:
    assert verdicts(compared())["stated.party"] is Verdict.WAITING
    assert verdicts(compared(party_confirmed=True))["stated.party"] is Verdict.MATCH
    found = compared(party="中共预备党员", party_confirmed=True, remark="2023 年 12 月转入")
    assert found.remark() == "政治面貌：原：共青团员 改：中共预备党员（已向学院党委确认）；2023 年 12 月转入"
    assert verdicts(found)["stated.party"] is Verdict.MISMATCH


@pytest.mark.parametrize(
    ("kind", "number", "verdict", "remark"),
    [
        ("港澳身份证", "A123456(3)", Verdict.MATCH, ""),
        ("香港居民身份证", "A123456(3)", Verdict.MATCH, ""),
        (
            "港澳居民来往内地通行证",
            "H00000127",
            Verdict.MISMATCH,
            "证件类型：原：港澳居民来往内地通行证 改：港澳身份证；"
            "证件号码：原：H00000127 改：港澳地区身份证号码（以本人所持证件为准）",
        ),
        ("台胞证", "00001836", Verdict.MATCH, ""),
        ("台湾居民来往大陆通行证", "00001836", Verdict.MATCH, ""),
        (
            "台湾居民居住证",
            "00001836",
            Verdict.MISMATCH,
            "证件类型：原：台湾居民居住证 改：台胞证",
        ),
        ("护照", "E00001234", Verdict.MATCH, ""),
        (
            "护照",
            "620000200201173576",
            Verdict.MISMATCH,
            "证件号码：原：620000200201173576 改：护照号（以本人所持证件为准）",
        ),
        ("居民身份证", "E00001234", Verdict.MISMATCH, "证件类型：原：居民身份证 改：护照"),
        ("台胞证", "0000****", Verdict.UNREADABLE, ""),
    ],
)
def test_documents_are_held_against_the_notices_rule(
    kind: str, number: str, verdict: Verdict, remark: str
) -> None:
    found = compared({"document_type": kind, "id_number": number}, {"id_number": ""})
    assert verdicts(found)["document.rule"] is verdict
    assert found.remark() == remark


def test_an_ordinary_student_has_no_rule_about_documents() -> None:
    assert "document.rule" not in verdicts(compared())


def test_no_note_of_a_check_repeats_a_number_or_a_name() -> None:
    found = compared({"name": "白示列", "id_number": "620000200201173568", "document_type": "护照"})
    said = "".join(check.note for check in found.checks())
    assert not re.search(r"\d{6}|白示", said)


def test_status_and_school_are_nothing_that_a_remark_changes() -> None:
    shown = {"status": "休学", "school": "示例大学"}
    found = compared(shown)
    assert found.remark() == ""
    assert verdicts(found)["enrollment.status"] is Verdict.MISMATCH


VALUES = st.sampled_from(["大气科学", "应用气象学", "环境科学", "地质学"])


@given(VALUES, VALUES, st.one_of(st.just(""), VALUES))
def test_the_remark_has_before_and_after_exactly_where_they_differ(
    shown: str, chsi: str, stated: str
) -> None:
    found = compared({"major": shown}, {"major": chsi}, major=stated)
    right = stated or chsi
    assert found.remark() == ("" if shown == right else f"专业：原：{shown} 改：{right}")
    assert bool(found.differences()) == ("备注" in " ".join(a.title for _, a in found.advice()))


@given(st.dates(date(2024, 1, 1), date(2024, 12, 31)))
def test_a_missing_photo_waits_until_the_end_of_april(day: date) -> None:
    check = missing_photo(LZU, day)
    assert check is not None
    assert check.verdict is (Verdict.WAITING if day <= date(2024, 4, 30) else Verdict.MISMATCH)
    assert "0931-8912031" in check.note
    assert missing_photo(load("xjtu-2024-07"), day) is None
