"""From what was found to the report, and the outcome in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from agent.engine import DutyStatus
from agent.errors import ActionNeeded, ExitStatus, GradsyncError, gravest
from agent.report import model
from agent.report.model import Report
from flows.conditions import Conditions
from flows.ended import Ended
from flows.findings import Findings
from flows.grades import Grades
from flows.profile import Profile
from flows.rows import (
    check_row,
    checks_of,
    conditions_part,
    duty_row,
    grades_part,
    photo_part,
    step_row,
)
from flows.sites.record import Record
from flows.todo import ask_row, next_steps, not_checked, window_of, window_warnings


def report(ended: Ended) -> Report:
    """Build the report of a run."""
    degraded = _degraded(ended)
    status = _exit_status(ended.troubles, degraded)
    trouble = ended.trouble
    masked = ended.found.masked()
    window = window_of(ended)
    return Report(
        outcome=_outcome(status),
        exit_status=status,
        headline=_headline(ended, status),
        profile=ended.profile.id,
        title=ended.profile.title,
        generated_at=ended.profile.now(ended.today),
        subject=model.Subject(name=masked[0], id_number=masked[1]) if masked else None,
        trouble=_trouble_part(trouble),
        warnings=(*ended.found.warnings, *window_warnings(window, ended.profile.contact)),
        window=window,
        steps=tuple(step_row(step) for step in ended.steps),
        checks=tuple(check_row(row, ended.found) for row in checks_of(ended)),
        photo=photo_part(ended.found),
        conditions=conditions_part(ended.profile, ended.found.conditions),
        grades=grades_part(ended.found.grades),
        duties=tuple(duty_row(duty, ended) for duty in ended.profile.duties),
        next_steps=tuple(next_steps(ended)),
        not_checked=tuple(not_checked(ended)),
        contact=ended.profile.contact,
        degraded=tuple(degraded),
        asks=tuple(ask_row(ask, answer) for ask, answer in ended.asked),
        evidence=model.Evidence(manifest_sha256=ended.manifest_sha256),
        audit=model.Audit(records=ended.audit_records, head=ended.audit_head),
    )


def _trouble_part(trouble: GradsyncError | None) -> model.Trouble | None:
    if trouble is None:
        return None
    return model.Trouble(code=trouble.code, message=trouble.message, remedy=trouble.remedy, said=trouble.said)


def _exit_status(troubles: Sequence[GradsyncError], degraded: Sequence[str]) -> ExitStatus:
    return gravest([*(error.exit_status for error in troubles), *([ExitStatus.DEGRADED] if degraded else [])])


def _outcome(status: ExitStatus) -> Literal["done", "action_needed", "failed"]:
    if status in (ExitStatus.DONE, ExitStatus.DEGRADED):
        return "done"
    return "action_needed" if status is ExitStatus.ACTION_NEEDED else "failed"


def _headline(ended: Ended, status: ExitStatus) -> str:
    trouble = ended.trouble
    if trouble is not None:
        start = "需要你处理：" if isinstance(trouble, ActionNeeded) else "没有完成："
        return start + trouble.message
    return (
        "，".join(
            [*_registration_words(ended), *_photo_words(ended), *_condition_words(ended.found.conditions)]
        )
        or "已按要求读取完毕。"
    )


def _registration_words(ended: Ended) -> list[str]:
    standing, compared = ended.standings.get("registration_check"), ended.found.compared
    if standing is None or compared is None:
        return []
    labels = "、".join(one.label for one in compared.differences())
    words = {
        DutyStatus.DONE: "个人信息核对已提交",
        DutyStatus.ALREADY_DONE: "个人信息核对之前已提交，这次没有重复提交",
    }
    done = words.get(standing.status, "个人信息核对还没有提交")
    return [f"{done}，不一致的有：{labels}" if labels else f"{done}，没有发现不一致"]


def _photo_words(ended: Ended) -> list[str]:
    standing = ended.standings.get("photo")
    words = {
        DutyStatus.DONE: "毕业照片已上传并核对" if _uploaded(ended) else "毕业照片还没有上传",
        DutyStatus.ALREADY_DONE: "毕业照片之前已上传，这次没有重复上传",
        DutyStatus.NOT_RUN: "毕业照片还没有上传",
    }
    return [words[standing.status]] if standing and standing.status in words else []


def _uploaded(ended: Ended) -> bool:
    return any(step.kind == "write" and step.status == "done" for step in ended.steps)


def _condition_words(rows: Conditions | None) -> list[str]:
    if rows is None:
        return []
    left = len(rows.rows) - rows.count("met") - rows.count("not_applicable")
    return [
        f"{len(rows.rows)} 项毕业条件中 {rows.count('met')} 项已满足、{left} 项还没有"
        if left
        else f"{len(rows.rows)} 项毕业条件全部满足"
    ]


def _degraded(ended: Ended) -> list[str]:
    rows = ended.found.conditions
    doubts = _condition_doubts(ended.profile, rows) if rows else []
    return [
        *dict.fromkeys(ended.fallbacks),
        *_read_by_eye(ended.found.record),
        *doubts,
        *_grade_doubts(ended.found.grades),
        *_registration_doubts(ended.found),
    ]


def _read_by_eye(record: Record | None) -> list[str]:
    """Say how many of CHSI's values were read from pictures, were read by the person, or could not be read."""
    values = list(record.by_eye.values()) if record else []
    read = Counter(value.read_by if value.is_read else "nobody" for value in values)
    said = (("ocr", "由识图读出"), ("person", "由本人对照截图填写"), ("nobody", "没能读出"))
    return [f"学信网的信息有 {read[by]} 项{words}" for by, words in said if read[by]]


def _registration_doubts(found: Findings) -> list[str]:
    others = found.registration.others if found.registration else {}
    return [f"注册系统的“{label}”不在已知的字段里，请自己核对" for label in others]


def _grade_doubts(grades: Grades | None) -> list[str]:
    if grades is None:
        return []
    doubts = [f"课程“{course}”的总评成绩“{total}”不在已知的词里" for course, total in grades.unknown]
    if not grades.is_complete:
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
    return doubts
