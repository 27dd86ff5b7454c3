"""The grade table held against 毕业条件."""

from __future__ import annotations

from agent.reconcile.compare import Check, FieldReading, Verdict
from flows.profiles.schema import Measure, Profile
from flows.sites.chaoxing.conditions import Conditions
from flows.sites.chaoxing.grade_table import Grades


def checks(grades: Grades, rows: Conditions, profile: Profile) -> list[Check]:
    """Hold the table against the conditions that are about grades, where the page shows them with a known word."""
    found: list[Check] = []
    for row in rows.rows:
        known = profile.condition(row.name)
        if known and known.measure and row.status in ("met", "unmet"):
            found.append(_check(known.measure, grades, row.status == "met", row.status_text, profile))
    return found


def _check(measure: Measure, grades: Grades, met: bool, status_text: str, profile: Profile) -> Check:
    judge = _average if measure == "average" else _failed_courses
    value, verdict, note = judge(grades, met)
    if verdict is Verdict.MISMATCH:
        note += f"有疑问请联系{profile.contact}。"
    label = "平均成绩" if measure == "average" else "不及格课程数"
    sides = FieldReading("chaoxing", value), FieldReading("chaoxing", status_text)
    return Check(f"grades.{measure}", label, *sides, verdict, note)


def _average(grades: Grades, met: bool) -> tuple[str | None, Verdict, str]:
    average = grades.average
    if average is None or not grades.is_complete:
        return None, Verdict.MISSING, "成绩没有读全，算不出平均成绩。"
    if (average >= grades.pass_mark) == met:
        return f"{average:g}", Verdict.MATCH, ""
    note = "按成绩表算出的平均成绩和毕业条件显示的不一致，及格线可能另有规定。"
    return f"{average:g}", Verdict.MISMATCH, note


def _failed_courses(grades: Grades, met: bool) -> tuple[str | None, Verdict, str]:
    failed = len(grades.failed)
    if not grades.is_complete:
        return None, Verdict.MISSING, "成绩没有读全，数不出不及格的课程。"
    if (failed == 0) == met:
        return f"{failed} 门", Verdict.MATCH, ""
    if met:
        return f"{failed} 门", Verdict.TOLERATED, "有不及格的课程，但平台显示没有超过允许的门数。"
    return f"{failed} 门", Verdict.MISMATCH, "成绩表里没有不及格的课程，毕业条件却显示没有通过。"
