"""The report over all: whom to call first, what to say, and how each duty and condition stands."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from agent.cohort import report, status
from agent.cohort.model import (
    ConditionSummary,
    DutySummary,
    Person,
    Result,
    StepSummary,
    TaskState,
    state_after,
)
from agent.cohort.store import Counts, StoredRow

TODAY = date(2024, 6, 9)
NEAR, FAR = date(2024, 6, 11), date(2024, 6, 30)


def _row(
    position: int,
    exit_status: int | None,
    deadline: date | None = NEAR,
    todo: tuple[str, ...] = (),
    conditions: tuple[ConditionSummary, ...] = (),
) -> StoredRow:
    person = Person(
        position=position, name=f"学生{position}", number="610000199603164229", phone="10000000001"
    )
    if exit_status is None:
        return StoredRow(f"{position:020}", person, TaskState.IMPORTED, 0, 0, None, "", None)
    code = None if exit_status == 0 else "some.trouble"
    steps = [StepSummary(title=title, who="student", deadline=deadline, contact="") for title in todo]
    school = StepSummary(title="学校办理的事", who="school", deadline=date(2024, 6, 1), contact="")
    result = Result(
        exit_status=exit_status,
        headline="办到这里",
        code=code,
        message="出了事。" if code else "",
        remedy="请这样做。" if code else "",
        asks=(),
        duties=(DutySummary(id="photo", title="毕业照片上传", status="done"),),
        conditions=conditions,
        todo=(*steps, school),
        deadline=deadline,
    )
    return StoredRow(
        f"{position:020}", person, state_after(exit_status), 1, 1, exit_status, result.needs, result
    )


def test_who_stands_still_is_called_first_then_whose_day_is_nearest() -> None:
    rows = [
        _row(1, 0, FAR, ("甲",)),
        _row(2, 0, NEAR, ("甲",)),
        _row(3, 0, NEAR, ("甲", "乙")),
        _row(4, 10, FAR),
        _row(5, 11, NEAR),
        _row(6, 0),  # nothing to do
        _row(7, 21, NEAR, ("甲",)),  # the program tries again
        _row(8, None),
    ]
    found = report.of(rows, TODAY)
    assert [each.row.person.position for each in found.to_call] == [5, 4, 3, 2, 1]
    assert [each.days_left for each in found.to_call] == [2, 21, 2, 2, 21]
    assert found.to_call[0].why == ["出了事。请这样做"]
    assert [(said.text, number) for said, number in found.counts] == [
        ("程序已办完", 4),
        ("需要本人或同意书", 2),
        ("没有办成，下次再试", 1),
        ("还没有开始", 1),
    ]


@pytest.mark.parametrize(
    ("exit_status", "state"),
    [
        (0, "done"),
        (40, "done"),
        (10, "needs_person"),
        (13, "needs_person"),
        (11, "needs_person"),
        (20, "failed"),
    ],
)
def test_what_an_end_means(exit_status: int, state: str) -> None:
    assert state_after(exit_status) == state


def test_of_two_conditions_of_one_name_the_worse_counts() -> None:
    rows = (
        ConditionSummary(name="学费", status="unmet", status_text="未完成"),
        ConditionSummary(name="学费", status="met", status_text="已完成"),
        ConditionSummary(name="学分", status="unknown", status_text=""),
    )
    found = report.of([_row(1, 0, conditions=rows), _row(2, 0)], TODAY)
    (first, second) = found.students
    assert found.conditions == ("学费", "学分")
    assert [said and said[1] for said in map(first.condition, found.conditions)] == ["未完成", "（空白）"]
    assert second.condition("学费") is None
    assert found.unmet("学费") == 1


def test_the_files_hold_everybody_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    evil = _row(2, 0, todo=("=1+1",))
    html, table, calls, book = report.write(tmp_path / "out", report.of([_row(1, 10), evil], TODAY))
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (html, table, calls, book))
    with calls.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["要说的事"] for row in rows] == ["出了事。请这样做", "'=1+1"]
    with table.open(encoding="utf-8-sig", newline="") as stream:
        assert [row["毕业照片上传"] for row in csv.DictReader(stream)] == ["已完成", "已完成"]
    page = html.read_text("utf-8")
    assert "610000199603164229" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_each_remedy_is_told_once_with_how_many_it_is_for() -> None:
    waiting = [_row(1, 10), _row(2, 10)]
    told = status.lines(Counts({TaskState.NEEDS_PERSON: 2}, {"some.trouble": 2}, 0), waiting)
    assert [line for line in told if line.startswith("怎么办")] == ["怎么办：请这样做。（2 名）"]
    assert status.remedies([_row(1, 10)]) == ["怎么办：请这样做。"]
    assert status.remedies([_row(1, 0)]) == []


def test_what_stands_on_a_terminal_is_masked() -> None:
    counts = Counts({TaskState.NEEDS_PERSON: 1}, {"some.trouble": 1}, 0)
    told = "\n".join(status.lines(counts, [_row(1, 10)]))
    assert "学**" in told
    assert "学生1" not in told
    assert "出了事。" in told
