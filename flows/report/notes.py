"""Notes of the report: what nobody checked, the questions asked, and the window of the notice."""

from __future__ import annotations

from datetime import date

from agent.asks import Answer, Ask
from agent.report import model
from flows.run.outcome import RunOutcome


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
