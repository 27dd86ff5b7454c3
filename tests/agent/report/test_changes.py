"""A second report of a student: what changed stands in it, and the calendar beside it says what is left."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from agent.privacy.private_files import PrivateFolder
from agent.report.changes import is_of_same_student, since
from agent.report.files import newest_earlier, write
from agent.report.model import CheckRow, Report, Side
from agent.report.reminders import calendar
from tests.agent.report.samples import SUBJECT, done, no_photo, wrong_password


def _with_condition(report: Report, name: str, text: str) -> Report:
    assert report.conditions
    items = tuple(
        row.model_copy(update={"status_text": text}) if row.name == name else row
        for row in report.conditions.items
    )
    return report.model_copy(update={"conditions": report.conditions.model_copy(update={"items": items})})


def _told(earlier: Report, now: Report) -> list[tuple[str, str, str, str]]:
    return [(row.what, row.label, row.before, row.after) for row in since(earlier, now)]


def test_nothing_has_changed_between_two_equal_reports() -> None:
    assert since(done(), done()) == ()


def test_a_result_that_is_no_longer_blank_is_told_with_the_time_of_the_earlier_report() -> None:
    now = _with_condition(done(), "学信网毕业图像比对结果合格", "已通过")
    (row,) = since(done(), now)
    assert (row.what, row.label, row.before, row.after) == (
        "condition",
        "学信网毕业图像比对结果合格",
        "",
        "已通过",
    )
    assert row.since == done().generated_at


def test_a_photo_that_has_appeared_is_told() -> None:
    missing = CheckRow(
        id="photo.graduation",
        label="学历照片",
        left=Side(site="chsi", value=None),
        right=None,
        verdict="waiting",
    )
    before = no_photo().model_copy(update={"checks": (missing,)})
    assert ("photo", "学信网的学历照片", "还没有", "有") in _told(before, done())
    assert ("photo", "学信网的学历照片", "还没有", "有") not in _told(no_photo(), done())


def test_values_and_duties_are_told_and_what_was_not_read_is_not() -> None:
    old = done()
    left = old.checks[0].left.model_copy(update={"value": "李*"})
    checks = (old.checks[0].model_copy(update={"left": left, "verdict": "mismatch"}), *old.checks[1:])
    duties = tuple(
        row.model_copy(update={"status": "done"}) if row.id == "chsi_check" else row for row in old.duties
    )
    told = _told(old, old.model_copy(update={"checks": checks, "duties": duties}))
    assert ("check", old.checks[0].label, "王*", "李*") in told
    assert ("check", old.checks[0].label, "match", "mismatch") in told
    assert ("duty", "学信网信息自查核对", "needs_person", "done") in told
    assert _told(old, wrong_password()) == []


def test_a_first_run_has_no_changes_and_a_second_one_in_the_folder_has(tmp_path: Path) -> None:
    folder = PrivateFolder(tmp_path, lambda text: text)
    first = write(folder, done(), {})
    assert '"changes"' not in (tmp_path / "report.json").read_text()
    now = _with_condition(first, "学信网信息已校对", "已校对")
    second = write(folder, now, {})
    assert [row.label for row in second.changes or ()] == ["学信网信息已校对"]
    for name in ("report.json", "report.html", "report.md"):
        assert "已校对" in (tmp_path / name).read_text().split("接下来要做的事")[0]


@pytest.mark.parametrize("subject", [None, SUBJECT.model_copy(update={"id_number": "**************9999"})])
def test_another_student_is_never_compared(tmp_path: Path, subject: object) -> None:
    other = done().model_copy(update={"subject": subject})
    assert not is_of_same_student(other, done())
    write(PrivateFolder(tmp_path / "a", lambda text: text), other, {})
    assert newest_earlier(tmp_path / "b", done(), tmp_path) is None


def test_the_newest_of_the_cases_counts(tmp_path: Path) -> None:
    for days in (1, 3, 2):
        at = done().generated_at - timedelta(days=days)
        folder = PrivateFolder(tmp_path / f"case{days}", lambda text: text)
        write(folder, done().model_copy(update={"generated_at": at}), {})
    found = newest_earlier(tmp_path / "new", done(), tmp_path)
    assert found
    assert found.generated_at == done().generated_at - timedelta(days=1)
    assert newest_earlier(tmp_path / "new", done(), None) is None


def test_the_calendar_has_the_day_two_reminders_and_what_is_left() -> None:
    made = calendar(done())
    assert made
    (event,) = Calendar.from_ical(made).walk("VEVENT")
    assert event.decoded("dtstart") == date(2024, 6, 11)
    for step in done().next_steps:
        assert (step.title in str(event["description"])) is (step.who == "student")
    triggers = [alarm.decoded("trigger") for alarm in event.walk("VALARM")]
    assert triggers == [timedelta(days=-7), timedelta(days=-1)]
    assert all(len(line) <= 75 for line in made.split(b"\r\n"))


def test_a_notice_without_a_day_has_no_calendar(tmp_path: Path) -> None:
    free = done().model_copy(update={"window": None, "next_steps": ()})
    assert calendar(free) is None
    folder = PrivateFolder(tmp_path, lambda text: text)
    write(folder, done(), {})
    assert (tmp_path / "deadline.ics").exists()
    write(folder, free, {})
    assert not (tmp_path / "deadline.ics").exists()
