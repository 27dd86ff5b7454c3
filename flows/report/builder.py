"""Builder of the report from what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from agent.engine.engine import DutyStatus
from agent.errors import ExitStatus, PageUnreadable, SiteChanged, gravest
from agent.report import model
from agent.report.model import Report
from flows.profiles.schema import Profile
from flows.report import sections
from flows.report.facts import Facts
from flows.report.headline import headline
from flows.report.next_steps import CONFIRMING, next_steps
from flows.run.effects import written
from flows.run.outcome import RunOutcome
from flows.sites.chaoxing.conditions import Conditions, unseen
from flows.sites.chaoxing.grade_table import Grades
from flows.sites.chsi.record import Record


def report(outcome: RunOutcome) -> Report:
    """Build the report of a run."""
    degraded = _degraded(outcome)
    checks = tuple(sections.check_row(row, outcome.found) for row in outcome.found.all_checks())
    facts = Facts(outcome, checks, written(outcome))
    duties = tuple(sections.duty_row(duty, facts) for duty in outcome.profile.duties)
    ends = [*(error.exit_status for error in outcome.troubles), *_left(facts, duties)]
    status = gravest([*ends, *([ExitStatus.DEGRADED] if degraded else [])])
    steps = tuple(next_steps(facts))
    masked = outcome.found.masked()
    window = sections.window_of(outcome)
    return Report(
        outcome=_outcome(status),
        exit_status=status,
        headline=headline(facts, steps),
        profile=outcome.profile.id,
        title=outcome.profile.title,
        generated_at=outcome.profile.now(outcome.today),
        subject=model.Subject(name=masked[0], id_number=masked[1]) if masked else None,
        demo=outcome.demo,
        trouble=model.Trouble.of(outcome.trouble) if outcome.trouble else None,
        effects=facts.effects,
        warnings=(*sections.window_warnings(window, outcome.profile.contact), *outcome.found.warnings),
        window=window,
        steps=tuple(model.StepRow.of(step) for step in outcome.steps),
        checks=facts.checks,
        photo=sections.photo_part(outcome.found),
        conditions=sections.conditions_part(facts),
        grades=sections.grades_part(outcome.found.grades),
        duties=duties,
        next_steps=steps,
        not_checked=tuple(sections.not_checked(outcome)),
        contact=outcome.profile.contact,
        degraded=tuple(degraded),
        learned=tuple(outcome.learned),
        unread=tuple(_unread_pages(outcome)),
        asks=tuple(sections.ask_row(ask, answer) for ask, answer in outcome.asked),
        evidence=model.Evidence(manifest_sha256=outcome.manifest_sha256),
        audit=model.Audit(records=outcome.audit_records, head=outcome.audit_head),
    )


def _unread_pages(outcome: RunOutcome) -> Iterator[model.UnreadPage]:
    """The pages that the person is to read themselves, each once."""
    duties = {step.id: step.duty for step in outcome.steps}
    for error in outcome.troubles:
        if isinstance(error, (PageUnreadable, SiteChanged)) and error.expected:
            yield model.UnreadPage(
                duty=duties.get(error.step, ""),
                page=error.page,
                expected=error.expected,
                picture=outcome.stops.get(error.step),
            )


def _left(facts: Facts, duties: Sequence[model.DutyRow]) -> list[ExitStatus]:
    """A click that the platform shows as missing ends a run that was to make it; courses that failed are a result."""
    left = (duty for duty in duties if duty.id in facts.outcome.must_end and duty.id in CONFIRMING)
    return [
        ExitStatus.ACTION_NEEDED
        for duty in left
        if duty.status == DutyStatus.NEEDS_PERSON.value and facts.open_of(duty.id)
    ]


def _outcome(status: ExitStatus) -> Literal["done", "action_needed", "failed"]:
    if status in (ExitStatus.DONE, ExitStatus.DEGRADED):
        return "done"
    return "action_needed" if status is ExitStatus.ACTION_NEEDED else "failed"


def _degraded(outcome: RunOutcome) -> list[str]:
    rows, registered = outcome.found.conditions, outcome.found.registered
    doubts = _condition_doubts(outcome.profile, rows) if rows else []
    others = registered.others if registered else {}
    return [
        *dict.fromkeys(outcome.fallbacks),
        *_read_by_eye(outcome.found.record),
        *doubts,
        *_grade_doubts(outcome.found.grades),
        *(f"注册系统的“{label}”不在已知的字段里，请自己核对" for label in others),
    ]


def _read_by_eye(record: Record | None) -> list[str]:
    """Say how many of CHSI's values were read from pictures, were read by the person, or could not be read."""
    values = list(record.by_eye.values()) if record else []
    read = Counter(value.read_by if value.is_read else "nobody" for value in values)
    said = (("ocr", "由识图读出"), ("person", "由本人对照截图填写"), ("nobody", "没能读出"))
    return [f"学信网的信息有 {read[by]} 项{words}" for by, words in said if read[by]]


def _grade_doubts(grades: Grades | None) -> list[str]:
    if grades is None:
        return []
    doubts = [f"课程“{course}”的总评成绩“{total}”不在已知的词里" for course, total in grades.unknown]
    if grades.unread_pages:
        doubts.append(f"成绩页面还有 {grades.unread_pages} 页没有读到，只读到 {len(grades.rows)} 条")
    elif not grades.is_complete:
        doubts.append(f"成绩页面说共 {grades.shown} 条，只读到 {len(grades.rows)} 条")
    return doubts


def _condition_doubts(profile: Profile, rows: Conditions) -> list[str]:
    doubts = [rows.fallback] if rows.fallback else []
    for row in rows.rows:
        known = profile.condition(row.name)
        if row.status == "unknown" and (row.status_text or not (known and known.blank_expected)):
            doubts.append(f"毕业条件“{row.name}”的状态“{row.status_text or '空白'}”不在已知的词里")
        if known is None:
            doubts.append(f"毕业条件“{row.name}”不在通知里")
        if (row.status, row.colour) in (("met", "red"), ("unmet", "blue"), ("unmet", "green")):
            doubts.append(f"毕业条件“{row.name}”的文字“{row.status_text}”和颜色不一致")
    if missing := unseen(rows, profile):
        doubts.append(f"通知里的 {len(missing)} 项毕业条件没有在页面上看到：{'、'.join(missing)}")
    return doubts
