"""Checks of a run: what was read is compared as soon as it is there, and the checks are kept in the findings."""

from __future__ import annotations

from datetime import date

from agent.errors import PhotoNotYet
from flows.checks import fields, grades, photo
from flows.profiles.schema import Profile
from flows.run.findings import Findings


def check_records(found: Findings, profile: Profile, today: date) -> None:
    """Hold 学信网 against the platform, and its document number against itself.

    Args:
        found: What was read so far.
        profile: The notice.
        today: The day of the run in the profile's zone.
    """
    record = found.record
    by_eye = {name: value.read_by for name, value in record.by_eye.items()} if record else {}
    rows = fields.checks(profile, record.values if record else None, found.personal, by_eye)
    number = fields.number_check(profile, record.values, today) if record else []
    found.checks["records"] = (*rows, *number)


def check_missing_photo(found: Findings, profile: Profile, stop: PhotoNotYet, today: date) -> None:
    """Say what it means that 学信网 has no photo: by the notice's last day for it, else by the stop."""
    found.checks["photo"] = (fields.missing_photo(profile, today) or photo.check(stop),)


def check_grades(found: Findings, profile: Profile) -> None:
    """Hold the grade table against 毕业条件, once both have been read."""
    if found.grades and found.conditions:
        found.checks["grades"] = tuple(grades.checks(found.grades, found.conditions, profile))
