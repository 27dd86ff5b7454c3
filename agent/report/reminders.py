"""The notice's last days as a calendar file, with reminders a week and a day before (RFC 5545)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from hashlib import sha256

from icalendar import Alarm, Calendar, Event

from agent.report.model import NextStep, Report

REMIND = (timedelta(days=-7), timedelta(days=-1))
PRODUCT = "-//gradsync//deadline//ZH"


def calendar(report: Report) -> bytes | None:
    """Return a calendar with one all-day event for each last day on which the student has something to do.

    Args:
        report: The report; its window's end is told even where no step is due on it.

    Returns:
        The file, or None where the notice names no day.
    """
    days = _by_day(report)
    if not days:
        return None
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    for day, steps in sorted(days.items()):
        made.add_component(_event(report, day, steps))
    return bytes(made.to_ical())


def _by_day(report: Report) -> dict[date, list[NextStep]]:
    found: dict[date, list[NextStep]] = defaultdict(list)
    if report.window:
        found[report.window.end] = []
    for step in report.next_steps:
        if step.deadline and step.who == "student":
            found[step.deadline].append(step)
    return found


def _event(report: Report, day: date, steps: list[NextStep]) -> Event:
    """The identifier stays from run to run, so that an event that was imported is brought up to date."""
    event = Event()
    event.add("uid", f"{sha256(f'{report.profile} {day}'.encode()).hexdigest()[:32]}@gradsync")
    event.add("dtstamp", report.generated_at)
    event.add("dtstart", day)
    event.add("summary", f"{'演示 · ' if report.demo else ''}截止：{report.title}")
    left = [f"{place}. {step.title}" for place, step in enumerate(steps, start=1)]
    event.add("description", "\n".join(["还要办：", *left] if left else ["没有发现还要办的事。"]))
    event.add("transp", "TRANSPARENT")
    for before in REMIND:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"{report.title}快到截止日期了")
        alarm.add("trigger", before)
        event.add_component(alarm)
    return event
