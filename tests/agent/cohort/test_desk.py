"""A roster as the console's desk works with it: what is taken in, attended, answered, called and forgotten."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from pydantic import SecretStr

from agent.cohort.desk import RosterDesk
from agent.errors import CaseTaken, UsageError
from agent.report.model import Report
from agent.settings import CohortSettings
from fixtures.people.crowd import crowd
from tests.agent.report import samples
from tests.harness.cases import NUMBER

TODAY = date(2024, 6, 3)
PEOPLE = crowd(4)


def _csv(*more: str) -> bytes:
    rows = [f"{each.name},{each.id_number},1380000000{place}" for place, each in enumerate(PEOPLE)]
    return "\n".join(["姓名,证件号码,手机", *rows, *more]).encode()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RosterDesk:
    """A roster of four."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    desk = RosterDesk(tmp_path / "cohort", CohortSettings(), lambda: TODAY)
    assert desk.view() is None
    assert "名单上有 4 名学生：新增 4 名" in desk.take_in(_csv()).said
    return desk


def _states(desk: RosterDesk) -> dict[str, int]:
    view = desk.view()
    assert view
    return {said.text: count for said, count in view.standing().numbers if count}


def _ended(status: int) -> Report:
    return samples.done().model_copy(update={"exit_status": status})


def test_everything_wrong_with_a_file_is_told_at_once_and_nothing_is_taken_in(desk: RosterDesk) -> None:
    taken = desk.take_in(_csv("王岚,123", ",610000199603164229"))
    assert len(taken.problems) >= 2
    assert "什么都没有导入" in taken.said
    assert len(desk.waiting()) == 4
    with pytest.raises(UsageError, match="密码"):
        desk.take_in("姓名,证件号码,密码\n王岚,610000199603164229,x".encode())


def test_a_hidden_sheet_and_a_column_that_were_not_read_are_named(desk: RosterDesk) -> None:
    book = Workbook()
    shown, hidden = book.create_sheet("今年"), book.worksheets[0]
    hidden.title, hidden.sheet_state = "去年", "hidden"
    for sheet, each in ((hidden, PEOPLE[0]), (shown, PEOPLE[1])):
        for row in (("姓名", "证件号码", "爱好"), (each.name, each.id_number, "下棋")):
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    said = desk.take_in(data.getvalue()).said
    assert "没有读的工作表：去年（隐藏的）。" in said
    assert "没有用到的列：爱好。" in said


def test_the_list_is_masked_and_whom_one_attends_is_not(desk: RosterDesk) -> None:
    first, *_ = desk.waiting()
    assert first.name.endswith("*")
    assert desk.student(first.ref).name == PEOPLE[0].name
    assert desk.fits(first.ref, PEOPLE[0].id_number)
    assert not desk.fits(first.ref, NUMBER)


def test_who_is_attended_is_counted_and_called_as_the_case_has_ended(desk: RosterDesk) -> None:
    done, left, stopped, _ = (row.ref for row in desk.waiting())
    desk.begin(done)
    assert _states(desk) == {"正在办": 1, "还没有开始": 3}
    desk.end(done, "xjtu-2024-07", _ended(0))
    desk.begin(left)
    desk.end(left, "xjtu-2024-07", _ended(10))
    desk.begin(stopped)
    desk.end(stopped, "xjtu-2024-07", None)
    assert _states(desk) == {"程序已办完": 1, "需要本人或同意书": 2, "还没有开始": 1}
    calls = desk.calls("")
    assert {row.ref for row in calls.students} >= {left, stopped}
    assert calls.students[0].phone.startswith("138")
    assert "gradsync" not in repr([(row.why, row.remedy) for row in calls.students]) + repr(calls.table)
    assert calls.students[0].profile == "xjtu-2024-07"
    conditions = samples.done().conditions
    assert conditions
    unmet = next(row.name for row in conditions.items if row.status == "unmet")
    lacking = desk.calls(unmet)
    assert stopped not in {row.ref for row in lacking.students}
    assert left in {row.ref for row in lacking.students}
    assert len(lacking.table) == len(lacking.students) + 1
    desk.begin(stopped)  # gone on with
    desk.end(stopped, "xjtu-2024-07", _ended(0))
    assert _states(desk)["程序已办完"] == 2


def test_who_withdraws_is_no_longer_there(desk: RosterDesk) -> None:
    first, *_ = desk.waiting()
    desk.begin(first.ref)
    desk.forget(first.ref)
    desk.forget(first.ref)
    assert sum(_states(desk).values()) == 3
    with pytest.raises(UsageError):
        desk.student(first.ref)


def test_only_what_may_be_answered_later_is(desk: RosterDesk) -> None:
    first, *_ = desk.waiting()
    desk.begin(first.ref)
    desk.end(first.ref, "xjtu-2024-07", _ended(10))
    with pytest.raises(UsageError, match="当场"):
        desk.answer(first.ref, "captcha.chsi", "1234")
    desk.answer(first.ref[:8], "choose-enrollment", "甲校")
    assert _states(desk) == {"还没有开始": 4}


@pytest.mark.parametrize("length", [0, 1, 4, 7])
def test_nobody_is_meant_by_less_than_what_is_shown_of_a_pseudonym(desk: RosterDesk, length: int) -> None:
    for student in desk.waiting():
        with pytest.raises(UsageError, match="学号或代号"):
            desk.answer(student.ref[:length], "choose-enrollment", "甲校")


def test_two_desks_over_one_database_do_not_attend_the_same_student(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    shared = CohortSettings(database=SecretStr(f"sqlite:///{tmp_path}/shared.sqlite"))
    one, other = (RosterDesk(tmp_path / name, shared, lambda: TODAY) for name in ("one", "other"))
    one.take_in(_csv())
    ref = one.waiting()[0].ref
    one.begin(ref)
    with pytest.raises(CaseTaken):
        other.begin(ref)
    again = RosterDesk(tmp_path / "one", shared, lambda: TODAY)
    again.begin(ref)
    again.end(ref, "xjtu-2024-07", _ended(0))
    assert _states(one)["程序已办完"] == 1
