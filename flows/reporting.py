"""From what was found to the report: rows, what is left to do, and the outcome in one sentence."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from agent.engine import DutyStatus, Standing
from agent.errors import ActionNeeded, ExitStatus, GradsyncError, PhotoNotYet, gravest
from agent.human import Answer, Ask
from agent.masking import mask_name, mask_number
from agent.photo import Comparison, Finding, SamePerson, inspect, person_sentence, verdict_sentence
from agent.picture import Picture
from agent.reconcile import Check, Reading, is_unreadable
from agent.report import model
from agent.report.model import Report
from agent.steps import StepRecord
from flows import grades as grading
from flows import waiting
from flows.checks import FIELD_NAMES, checks, missing_photo, number_check
from flows.conditions import Condition, Conditions
from flows.findings import Findings
from flows.grades import Grades
from flows.profile import ConditionData, DutyData, Profile
from flows.remark import advice_on_chsi
from flows.sites.record import Record

COMPARED = ("platform_copy", "enrollment")
"""What CHSI's photo is compared with, what matters most first."""
NAMED = ("identity.name", "stated.name")
NUMBERED = (
    "identity.id_number",
    "identity.number_itself",
    "enrollment.student_number",
    "stated.id_number",
    "stated.student_number",
)


@dataclass(frozen=True)
class Ended:
    """A run at its end, as far as it came."""

    profile: Profile
    found: Findings
    standings: dict[str, Standing]
    troubles: Sequence[GradsyncError]
    steps: Sequence[StepRecord]
    asked: Sequence[tuple[Ask, Answer | None]]
    fallbacks: Sequence[str]
    wanted: Sequence[str]
    today: date | None
    manifest_sha256: str
    audit_records: int
    audit_head: str


def report(ended: Ended) -> Report:
    """Build the report of a run."""
    degraded = _degraded(ended)
    status = _exit_status(ended.troubles, degraded)
    trouble = _gravest_trouble(ended.troubles)
    masked = ended.found.masked()
    window = _window(ended)
    return Report(
        outcome=_outcome(status),
        exit_status=status,
        headline=_headline(ended, status),
        profile=ended.profile.id,
        title=ended.profile.title,
        generated_at=ended.profile.now(ended.today),
        subject=model.Subject(name=masked[0], id_number=masked[1]) if masked else None,
        trouble=model.Trouble(code=trouble.code, message=trouble.message, remedy=trouble.remedy)
        if trouble
        else None,
        warnings=(*ended.found.warnings, *_window_warnings(window, ended.profile.contact)),
        window=window,
        steps=tuple(_step(step) for step in ended.steps),
        checks=tuple(_check(row, ended.found) for row in _checks(ended)),
        photo=_photo(ended.found),
        conditions=_conditions(ended.profile, ended.found.conditions),
        grades=_grades(ended.found.grades),
        duties=tuple(_duty(duty, ended) for duty in ended.profile.duties),
        next_steps=tuple(_next_steps(ended)),
        not_checked=tuple(_not_checked(ended)),
        contact=ended.profile.contact,
        degraded=tuple(degraded),
        asks=tuple(_ask(ask, answer) for ask, answer in ended.asked),
        evidence=model.Evidence(manifest_sha256=ended.manifest_sha256),
        audit=model.Audit(records=ended.audit_records, head=ended.audit_head),
    )


# -- outcome ---------------------------------------------------------------------------------------------------------------


def _exit_status(troubles: Sequence[GradsyncError], degraded: Sequence[str]) -> ExitStatus:
    return gravest([*(error.exit_status for error in troubles), *([ExitStatus.DEGRADED] if degraded else [])])


def _outcome(status: ExitStatus) -> Literal["done", "action_needed", "failed"]:
    if status in (ExitStatus.DONE, ExitStatus.DEGRADED):
        return "done"
    return "action_needed" if status is ExitStatus.ACTION_NEEDED else "failed"


def _gravest_trouble(troubles: Sequence[GradsyncError]) -> GradsyncError | None:
    wanted = gravest(error.exit_status for error in troubles)
    return next((error for error in troubles if error.exit_status is wanted), None)


def _headline(ended: Ended, status: ExitStatus) -> str:
    trouble = _gravest_trouble(ended.troubles)
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
        known = _known(profile, row.name)
        if row.status == "unknown" and (row.status_text or not (known and known.blank_expected)):
            doubts.append(f"毕业条件“{row.name}”的状态“{row.status_text or '空白'}”不在已知的词里")
        if known is None:
            doubts.append(f"毕业条件“{row.name}”不在通知里")
        if (row.status, row.colour) in (("met", "red"), ("unmet", "blue"), ("unmet", "green")):
            doubts.append(f"毕业条件“{row.name}”的文字“{row.status_text}”和颜色不一致")
    return doubts


# -- rows ------------------------------------------------------------------------------------------------------------------


def _step(step: StepRecord) -> model.StepRow:
    return model.StepRow(
        id=step.id,
        duty=step.duty,
        kind=step.kind,
        status=step.status.value,
        seconds=step.seconds,
        detail=step.detail,
    )


def _checks(ended: Ended) -> list[Check]:
    found = ended.found
    read, today = found.record, ended.profile.now(ended.today).date()
    by_eye = {name: value.read_by for name, value in read.by_eye.items()} if read else {}
    rows = checks(ended.profile, read.values if read else None, found.personal, by_eye)
    rows += number_check(ended.profile, read.values, today) if read else []
    registered = found.compared.checks() if found.compared else []
    ids = {row.id for row in registered}
    rows = [*(row for row in rows if row.id not in ids), *registered]
    missing = missing_photo(ended.profile, today) if found.no_photo else None
    rows += [row for row in (missing, found.latest) if row]
    if missing is None:
        rows += [waiting.check(trouble) for trouble in ended.troubles if isinstance(trouble, PhotoNotYet)]
    if found.grades and found.conditions:
        rows += grading.checks(found.grades, found.conditions, ended.profile)
    return rows


def _check(row: Check, found: Findings) -> model.CheckRow:
    return model.CheckRow(
        id=row.id,
        label=row.label,
        left=_side(row.id, row.left, found),
        right=_side(row.id, row.right, found) if row.right else None,
        verdict=row.verdict.value,
        note=row.note,
    )


def _side(check: str, reading: Reading, found: Findings) -> model.Side:
    value = None if is_unreadable(reading.value or "") else reading.value
    if value is not None and check in NAMED:
        value = mask_name(value)
    elif value is not None and check in NUMBERED:
        value = mask_number(value)
    crops = found.crops.get(FIELD_NAMES.get(check, ""), ()) if reading.site == "chsi" else ()
    by = reading.read_by if value is not None else None
    return model.Side(site=reading.site, value=value, read_by=by, crops=crops)


def _photo(found: Findings) -> model.PhotoPart | None:
    if found.photo is None and found.inspection is None and found.platform is None:
        return None
    name = f"photo/{mask_number(found.id_number or '')}.jpg"
    platform = found.platform
    return model.PhotoPart(
        chsi=_photo_file(name, found.photo),
        platform_copy=_photo_file("photo/platform_copy.jpg", platform.stored if platform else None),
        enrollment=_photo_file("photo/enrollment.jpg", platform.enrollment if platform else None),
        findings=tuple(
            _finding(finding) for finding in (found.inspection.findings if found.inspection else ())
        ),
        comparisons=tuple(
            _comparison(other, found.comparisons[other]) for other in COMPARED if other in found.comparisons
        ),
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


def _photo_file(file: str, picture: Picture | None) -> model.PhotoFile | None:
    if picture is None:
        return None
    facts = inspect(picture.data).facts
    return model.PhotoFile(
        file=file,
        sha256=hashlib.sha256(picture.data).hexdigest(),
        bytes=len(picture.data),
        width=facts.width,
        height=facts.height,
        format=facts.format,
        obtained_by=picture.obtained_by,
    )


def _finding(finding: Finding) -> model.FindingRow:
    return model.FindingRow(
        id=finding.id, level=finding.level.value, note=finding.note, source=finding.source
    )


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


def _conditions(profile: Profile, rows: Conditions | None) -> model.ConditionsPart | None:
    if rows is None:
        return None
    counts = {
        status: rows.count(status) for status in ("met", "unmet", "pending", "not_applicable", "unknown")
    }
    return model.ConditionsPart(
        batch=rows.batch,
        scope=rows.scope,
        items=tuple(_condition(profile, row) for row in rows.rows),
        counts=model.ConditionCounts(**counts),
    )


def _condition(profile: Profile, row: Condition) -> model.ConditionRow:
    known = _known(profile, row.name)
    return model.ConditionRow(
        position=row.position,
        name=row.name,
        status_text=row.status_text,
        status=row.status,
        colour=row.colour,
        meaning=known.meaning if known else "",
        next_step=known.next_step if known and _open(row) else None,
    )


def _grades(grades: Grades | None) -> model.GradesPart | None:
    if grades is None:
        return None
    rows = tuple(
        model.GradeRow(
            course=row.course,
            term=row.term,
            total=row.total or None,
            passed=grades.passed(row),
            homework=row.homework or None,
            attendance=row.attendance or None,
            experiment=row.experiment or None,
            exam=row.exam or None,
        )
        for row in grades.rows
    )
    return model.GradesPart(rows=rows, failed=grades.failed, average=grades.average)


def _known(profile: Profile, name: str) -> ConditionData | None:
    return profile.condition(name)


def _open(row: Condition) -> bool:
    return row.status not in ("met", "not_applicable")


def _duty(duty: DutyData, ended: Ended) -> model.DutyRow:
    standing = ended.standings.get(duty.id)
    deadline = duty.deadline or ended.profile.window.end
    if standing is None:
        status = DutyStatus.NOT_RUN if duty.id in ended.wanted else DutyStatus.SKIPPED
        return model.DutyRow(id=duty.id, title=duty.title, status=status.value, deadline=deadline)
    return model.DutyRow(
        id=duty.id, title=duty.title, status=standing.status.value, deadline=deadline, note=standing.note
    )


# -- what is left ----------------------------------------------------------------------------------------------------------


def _next_steps(ended: Ended) -> list[model.NextStep]:
    rows = ended.found.conditions.rows if ended.found.conditions else ()
    steps = [_condition_step(ended, row) for row in rows if _open(row)]
    trouble = _gravest_trouble(ended.troubles)
    review = _review_step(ended.profile, ended.found.grades)
    advised = _advised(ended)
    return [*([_trouble_step(ended.profile, trouble)] if trouble else []), *steps, *review, *advised]


def _advised(ended: Ended) -> list[model.NextStep]:
    """What the notice says about 个人信息核对 and 学信网 after it."""
    found = ended.found
    rows = [*(found.compared.advice() if found.compared else ())]
    rows += advice_on_chsi(ended.profile, found.stated) if found.stated else ()
    if found.no_photo and ended.profile.photo.deadline:
        rows.insert(0, ("学信网上还没有学历照片", ended.profile.photo.deadline))
    return [
        model.NextStep(
            title=advice.title,
            why=why,
            where=advice.where,
            deadline=advice.deadline or ended.profile.window.end,
            contact=advice.contact,
        )
        for why, advice in rows
    ]


def _review_step(profile: Profile, grades: Grades | None) -> list[model.NextStep]:
    """What the notice says about grades one does not agree with, where there are failed or missing ones."""
    doubtful = [*grades.failed, *grades.missing] if grades else []
    if not doubtful or not profile.grades.review:
        return []
    return [
        model.NextStep(
            title=profile.grades.review,
            why=f"不合格或还没有成绩的课程：{'、'.join(doubtful)}",
            where="教学点",
            deadline=profile.window.end,
            contact=profile.contact,
        )
    ]


def _trouble_step(profile: Profile, trouble: GradsyncError) -> model.NextStep:
    return model.NextStep(
        title=trouble.remedy,
        why=trouble.message,
        where="gradsync",
        deadline=profile.window.end,
        contact=profile.contact,
    )


def _condition_step(ended: Ended, row: Condition) -> model.NextStep:
    """What is left for one condition; where a duty should have satisfied it, why that has not."""
    profile = ended.profile
    known = _known(profile, row.name)
    shown = row.status_text or "空白"
    if known is None:
        title = f"向教学点询问“{row.name}”是什么要求"
        return model.NextStep(
            title=title,
            why=f"平台显示：{shown}",
            where="教学点",
            deadline=profile.window.end,
            contact=profile.contact,
        )
    undone = _undone(ended.standings.get(known.duty or ""))
    return model.NextStep(
        title=known.next_step,
        why=f"“{row.name}”现在是：{shown}{undone}",
        where=known.where,
        deadline=profile.window.end,
        contact=profile.contact,
        who=known.who,
    )


def _undone(standing: Standing | None) -> str:
    """Why a duty has not satisfied its condition, in brackets; empty where it has or nothing is known."""
    over = (DutyStatus.DONE, DutyStatus.ALREADY_DONE)
    return f"（{standing.note}）" if standing and standing.note and standing.status not in over else ""


def _not_checked(ended: Ended) -> list[str]:
    found = ended.found
    said = list(found.not_checked)
    if found.photo is not None:
        said.append("照片上是不是本人（以学校和学信网的图像比对结果为准）")
    if found.platform is not None and found.platform.enrollment is None:
        said.append("入学照片（平台页面上没有显示）")
    if alone := found.compared.alone() if found.compared else "":
        said.append(f"注册系统的{alone}（学信网没有显示，请自己核对）")
    if found.record is not None:
        said.append("学信网的“正确／有误”（只能由本人点击）")
    return said


def _ask(ask: Ask, answer: Answer | None) -> model.AskRow:
    return model.AskRow(
        id=ask.id,
        answer=("given" if ask.secret else answer.value) if answer else None,
        by=answer.by if answer else "nobody",
    )


def _window(ended: Ended) -> model.Window:
    data = ended.profile.window
    today = ended.profile.now(ended.today).date()
    return model.Window(
        start=data.start, end=data.end, today=today, state=data.state(today), consequence=data.consequence
    )


def _window_warnings(window: model.Window, contact: str) -> list[str]:
    if window.state == "before":
        return [f"办理时间还没有开始（{window.start:%Y-%m-%d} 起），平台上的内容可能还会变。"]
    if window.state == "closing":
        left = (window.end - window.today).days
        return [f"{f'离截止只剩 {left} 天' if left else '今天截止'}。{window.consequence}"]
    if window.state == "after":
        return [f"办理时间已于 {window.end:%Y-%m-%d} 结束。{window.consequence}请尽快联系{contact}。"]
    return []
