"""What is left to do, and by when: the next steps, what nobody checked, and the window of the notice."""

from __future__ import annotations

from agent.engine import DutyStatus, Standing
from agent.errors import GradsyncError
from agent.human import Answer, Ask
from agent.report import model
from flows.conditions import Condition
from flows.ended import Ended
from flows.grades import Grades
from flows.profile import Profile
from flows.remark import advice_on_chsi
from flows.rows import is_open


def next_steps(ended: Ended) -> list[model.NextStep]:
    """Return what the student has to do next, what stopped the run first."""
    rows = ended.found.conditions.rows if ended.found.conditions else ()
    steps = [_condition_step(ended, row) for row in rows if is_open(row)]
    trouble = ended.trouble
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
    known = profile.condition(row.name)
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


def not_checked(ended: Ended) -> list[str]:
    """Return what nobody and nothing has looked at, in Chinese."""
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


def ask_row(ask: Ask, answer: Answer | None) -> model.AskRow:
    """Return one question and its answer; a secret is not written down."""
    return model.AskRow(
        id=ask.id,
        answer=("given" if ask.secret else answer.value) if answer else None,
        by=answer.by if answer else "nobody",
    )


def window_of(ended: Ended) -> model.Window:
    """Return the days in which the notice has to be done, and where today lies."""
    data = ended.profile.window
    today = ended.profile.now(ended.today).date()
    return model.Window(
        start=data.start, end=data.end, today=today, state=data.state(today), consequence=data.consequence
    )


def window_warnings(window: model.Window, contact: str) -> list[str]:
    """Return what to say where the window is not open yet, closes soon or is over."""
    if window.state == "before":
        return [f"办理时间还没有开始（{window.start:%Y-%m-%d} 起），平台上的内容可能还会变。"]
    if window.state == "closing":
        left = (window.end - window.today).days
        return [f"{f'离截止只剩 {left} 天' if left else '今天截止'}。{window.consequence}"]
    if window.state == "after":
        return [f"办理时间已于 {window.end:%Y-%m-%d} 结束。{window.consequence}请尽快联系{contact}。"]
    return []
