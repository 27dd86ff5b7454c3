"""What a student says of the fields of 个人信息核对: taken as far as the notice's rules have nothing against it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import pytest

from agent.asks import Answer, Ask, AskRouter, Scripted
from agent.errors import UsageError
from agent.privacy.redaction import Redactor
from flows.checks.registration import RegistrationComparison
from flows.forms.registration import RegistrationStatement
from flows.profiles.schema import load
from flows.run.corrections import ASK, RegistrationCorrections
from flows.sites.lzu.registration import Registration

LZU = load("lzu-2024")
SHOWN = {
    "name": "白示例",
    "birth_date": "2002-01-17",
    "party": "共青团员",
    "id_number": "620000200201173576",
    "major": "应用气象学",
    "school": "兰州大学",
}
CHSI = {"name": "白示例", "major": "大气科学", "school": "兰州大学"}


@dataclass
class Student:
    """Somebody who answers one after the other, and keeps what was asked."""

    answers: Iterator[dict[str, str | None]]
    asked: list[Ask] = field(default_factory=list)

    def answer(self, ask: Ask) -> Answer | None:
        """Return the next one."""
        self.asked.append(ask)
        return Answer(json.dumps(next(self.answers)), "test")

    def expects(self, ask_id: str) -> bool:
        """They are asked for nothing else."""
        return ask_id == ASK


def _taken(student: Student, redactor: Redactor | None = None) -> RegistrationComparison:
    before = RegistrationComparison(LZU, Registration(SHOWN), CHSI, RegistrationStatement())
    asking = RegistrationCorrections(AskRouter([student]), LZU, date(2024, 4, 2), redactor or Redactor())
    return RegistrationComparison(LZU, Registration(SHOWN), CHSI, asking.taken(before))


def test_what_is_corrected_is_written_down() -> None:
    student = Student(iter([{"birth_date": "2002-01-27", "major": "大气科学"}]))
    assert (
        _taken(student).result().remark
        == "出生日期：原：2002-01-17 改：2002-01-27；专业：原：应用气象学 改：大气科学"
    )
    (ask,) = student.asked
    fields = {row.label: row for row in ask.shown}
    assert (fields["专业"].differs, fields["专业"].other) == (True, "大气科学")
    assert [row.name for row in ask.shown if not row.name] == [""]  # 学校 is no matter of this page
    assert "*" in fields["证件号码"].value


def test_a_field_said_to_be_right_is_no_difference_though_the_other_site_has_another() -> None:
    assert "专业" in _taken(Student(iter([{}]))).result().remark
    assert _taken(Student(iter([{"major": None}]))).result().remark == ""


def test_what_the_rules_refuse_is_asked_for_again_with_what_was_typed() -> None:
    student = Student(iter([{"birth_date": "去年"}, {"birth_date": "2002-01-27"}]))
    assert "改：2002-01-27" in _taken(student).result().remark
    again = student.asked[1]
    assert "出生日期：应该写成年-月-日" in again.details[0]
    assert next(row.right for row in again.shown if row.name == "birth_date") == "去年"


def test_the_same_mistake_twice_is_an_end() -> None:
    with pytest.raises(UsageError, match="出生日期"):
        _taken(Student(iter([{"birth_date": "去年"}] * 2)))


def test_a_party_that_is_corrected_was_confirmed_as_the_ask_says() -> None:
    student = Student(iter([{"party": "中共预备党员"}]))
    assert "（已向学院党委确认）" in _taken(student).result().remark
    assert any("先向学院党委确认" in line for line in student.asked[0].details)


def test_a_name_and_a_number_that_are_corrected_are_written_nowhere() -> None:
    redactor = Redactor()
    _taken(Student(iter([{"name": "白小例", "id_number": "620000200201173701"}])), redactor)
    told = redactor.redact("白小例 620000200201173701")
    assert "白小例" not in told
    assert "620000200201173701" not in told


def test_with_nobody_there_what_was_stated_before_stands() -> None:
    asking = RegistrationCorrections(AskRouter([Scripted({})]), LZU, date(2024, 4, 2), Redactor())
    stated = RegistrationStatement(major="大气科学")
    assert asking.taken(RegistrationComparison(LZU, Registration(SHOWN), CHSI, stated)) == stated
