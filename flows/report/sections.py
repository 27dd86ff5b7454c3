"""The parts of the report: checks, photo, conditions, grades and duties as they were found, what nobody checked, the window."""

from __future__ import annotations

from collections import Counter
from datetime import date

from agent.asks import Answer, Ask
from agent.photo import Comparison, SamePerson, person_sentence, verdict_sentence
from agent.privacy.redaction import mask_name, mask_number
from agent.reconcile.compare import Check, FieldReading
from agent.reconcile.normalise import is_unreadable
from agent.report import model
from flows.checks.fields import FIELD_NAMES
from flows.profiles.schema import DutyData
from flows.report.facts import Facts, standing_of
from flows.report.next_steps import condition_advice
from flows.run.findings import Findings
from flows.run.outcome import RunOutcome
from flows.sites.chaoxing.grade_table import Grades

COMPARED = ("platform_copy", "enrollment")
"""What CHSI's photo is compared with, what matters most first."""
NAMED = ("identity.name", "stated.name")
NUMBERED = (
    *("identity.id_number", "identity.number_itself", "enrollment.student_number"),
    *("stated.id_number", "stated.student_number"),
)


def check_row(row: Check, found: Findings) -> model.CheckRow:
    """Return the row of one comparison, with its sides as they may be shown."""
    return model.CheckRow(
        id=row.id,
        label=row.label,
        left=_side(row.id, row.left, found),
        right=_side(row.id, row.right, found) if row.right else None,
        verdict=row.verdict.value,
        note=row.note,
    )


def _side(check: str, reading: FieldReading, found: Findings) -> model.Side:
    value = None if is_unreadable(reading.value or "") else reading.value
    if value is not None and check in NAMED:
        value = mask_name(value)
    elif value is not None and check in NUMBERED:
        value = mask_number(value)
    crops = found.crops.get(FIELD_NAMES.get(check, ""), ()) if reading.site == "chsi" else ()
    by = reading.read_by if value is not None else None
    return model.Side(site=reading.site, value=value, read_by=by, crops=crops)


def photo_part(found: Findings) -> model.PhotoPart | None:
    """Return what there is to say of the photos, or None where none was looked at."""
    if found.photo is None and found.inspection is None and found.platform is None:
        return None
    files, name = found.photo_files, f"photo/{mask_number(found.id_number or '')}.jpg"
    chsi = files.get("chsi")
    findings = found.inspection.findings if found.inspection else ()
    compared = (other for other in COMPARED if other in found.comparisons)
    return model.PhotoPart(
        chsi=chsi.model_copy(update={"file": name}) if chsi else None,
        platform_copy=files.get("platform_copy"),
        enrollment=files.get("enrollment"),
        findings=tuple(map(model.FindingRow.of, findings)),
        comparisons=tuple(_comparison(other, found.comparisons[other]) for other in compared),
        person_sentence=_person(found),
    )


def _person(found: Findings) -> str:
    """Say whether the 学历照片 and the 入学照片 show one person, or why nobody looked; empty without a 学历照片."""
    if found.photo is None:
        return ""
    compared = found.comparisons.get("enrollment")
    if compared is None:
        return person_sentence(SamePerson.not_checked, "没有读到可以比对的入学照片")
    return person_sentence(compared.same_person, compared.why_no_advice)


def _comparison(name: str, compared: Comparison) -> model.ComparisonRow:
    return model.ComparisonRow(
        a="chsi",
        b=name,
        verdict=compared.verdict.value,
        method=compared.method,
        distance=round(compared.distance, 4),
        same_person=compared.same_person.value,
        reasons=compared.reasons,
        sentence=verdict_sentence(compared),
    )


def conditions_part(facts: Facts) -> model.ConditionsPart | None:
    """Return the graduation conditions as the platform shows them, with what the notice says of each."""
    rows = facts.found.conditions
    if rows is None:
        return None
    return model.ConditionsPart(
        batch=rows.batch,
        scope=rows.scope,
        items=tuple(
            row.model_copy(update={"next_step": condition_advice(facts, row), "stale": facts.is_stale(row)})
            for row in rows.rows
        ),
        counts=model.ConditionCounts(**Counter[str](row.status for row in rows.rows)),
    )


def grades_part(grades: Grades | None) -> model.GradesPart | None:
    """Return the courses with their grades, or None where the page was not read."""
    if grades is None:
        return None
    return model.GradesPart(rows=grades.rows, failed=grades.failed, average=grades.average)


def duty_row(duty: DutyData, facts: Facts) -> model.DutyRow:
    """Return how one duty of the notice stands, until when it may be done, and what the site said to it."""
    result = standing_of(duty.id, facts)
    told = (one.said for one in facts.outcome.troubles if one.said and one.message == result.note)
    return model.DutyRow(
        id=duty.id,
        title=duty.title,
        status=result.status.value,
        deadline=duty.deadline or facts.outcome.profile.deadline,
        note=result.note,
        said=result.said or next(told, ""),
    )


def not_checked(outcome: RunOutcome) -> list[str]:
    """Return what nobody and nothing has looked at, in Chinese."""
    found = outcome.found
    said = list(found.not_checked)
    if found.photo is not None:
        said.append("照片上是不是本人（以学校和学信网的图像比对结果为准）")
    if found.platform is not None and found.platform.enrollment is None:
        said.append("入学照片（平台页面上没有显示）")
    if found.registered and found.registered.alone:
        said.append(f"注册系统的{found.registered.alone}（学信网没有显示，请自己核对）")
    if found.record is not None:
        said.append("学信网的“正确／有误”（只能由本人点击）")
    return said


def ask_row(ask: Ask, answer: Answer | None) -> model.AskRow:
    """Return one question and its answer; a secret is not written down."""
    return model.AskRow(
        id=ask.id,
        answer=("given" if ask.secret else answer.value) if answer else None,
        by=answer.by if answer else "nobody",
    )


def window_of(outcome: RunOutcome) -> model.NoticeWindow | None:
    """Return the days in which the notice has to be done, and where today lies; None where it names none."""
    data = outcome.profile.window
    if data is None:
        return None
    today = outcome.profile.now(outcome.today).date()
    return model.NoticeWindow(
        start=data.start, end=data.end, today=today, state=data.state(today), consequence=data.consequence
    )


def window_warnings(window: model.NoticeWindow | None, contact: str) -> list[str]:
    """Return what to say where the window is not open yet, closes soon or is over: said once, here."""
    if window is None or window.state == "open":
        return []
    if window.state == "before":
        return [f"办理时间还没有开始（{_day(window.start)}起），平台上的内容可能还会变。"]
    if window.state == "closing":
        left = (window.end - window.today).days
        return [f"{f'离截止只剩 {left} 天' if left else '今天截止'}。{window.consequence}"]
    return [f"办理时间已于{_day(window.end)}结束。{window.consequence}请尽快联系{contact}。"]


def _day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"
