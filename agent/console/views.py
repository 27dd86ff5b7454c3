"""Views of the pages: templates, and the parts of a page that are sent anew when something changed."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from agent.asks import AskKind
from agent.console.cases.live_case import CaseState, Changes, LiveCase
from agent.console.cases.registry import CaseRegistry
from agent.errors import GradsyncError
from agent.report import files, render
from agent.report.words import BLANK, Word, outcome_words
from agent.templates import templates

if TYPE_CHECKING:
    from jinja2 import Environment

    from agent.cohort.desk import CohortView, RosterDesk

STATES: Final[Mapping[CaseState, Word]] = {
    CaseState.PREPARED: Word("正在填写", "plain", "…"),
    CaseState.RUNNING: Word("正在办理", "plain", "…"),
    CaseState.ASKING: Word("等你回答", "warn", "!"),
    CaseState.STOPPING: Word("正在停下", "warn", "…"),
    CaseState.ENDED: Word("已结束"),
    CaseState.BROKEN: Word("中断了，可以继续", "warn", "!"),
    CaseState.WITHDRAWN: Word("已撤回同意", "plain", "-"),
    CaseState.FORGOTTEN: Word("已删除", "plain", "-"),
}
BY_HAND: Final = Word("等你在窗口里操作", "warn", "!")
LEFT: Final = Word("已办，还有事要学生做", "warn", "!")
CASE_PARTS: Final = ("standing", "ask", "result", "steps")
COHORT_PARTS: Final = ("numbers", "held")


def standing(case: LiveCase) -> Word:
    """Return how a case stands, in words; an ended one as its report puts it."""
    if case.state is CaseState.ENDED and case.report:
        return outcome_words(case.report)
    if case.state is CaseState.ENDED:
        return Word("没有开始", "bad", "×")
    return BY_HAND if case.waits_by_hand else STATES[case.state]


def tallied(cases: Iterable[LiveCase]) -> list[tuple[Word, int]]:
    """Return how many cases stand how, in the order in which they are met; whatever is left to do, they count alike."""
    return list(Counter(map(_kind, cases)).items())


def _kind(case: LiveCase) -> Word:
    said = standing(case)
    done = case.state is CaseState.ENDED and case.report and case.report.outcome == "done"
    return LEFT if done and said.tone == "warn" else said


def waits_for(case: LiveCase) -> str:
    """Say what a case waits for, without anything of the student."""
    if case.asked:
        return case.asked.ask.text
    running = [step.title for step in case.steps if not step.status]
    if case.is_running:
        return running[-1] if running else "正在启动浏览器"
    return case.report.headline if case.report else ""


def who(case: LiveCase) -> str:
    """Return whose case it is, masked as everywhere; the case's number alone while nobody was read."""
    subject = case.report.subject if case.report else None
    if subject:
        return f"{subject.name}（{subject.id_number[-4:]}）"
    receipt = case.receipt if case.is_assisted else None
    if receipt:
        return f"{receipt.pii_principal.name}（{receipt.pii_principal.id_number[-4:]}）"
    return ""


def next_one(case: LiveCase) -> str:
    """Return the address at which the next student is attended: the roster's, where this one came from it."""
    if case.request.roster:
        return f"/cohort?{urlencode({'profile': case.request.profile})}"
    return f"/?{urlencode({'who': 'assisted', 'profile': case.request.profile})}" if case.is_assisted else "/"


def photos(case: LiveCase) -> list[render.PhotoSlot]:
    """Return the photos of an ended case; their bytes have addresses of their own."""
    if case.report is None:
        return []
    there = files.photos_of(case.folder)
    return [
        replace(slot, source=f"/cases/{case.name}/photos/{slot.key}" if slot.key in there else None)
        for slot in render.photo_slots(case.report, {})
    ]


def page(name: str, **values: object) -> str:
    """Return a page."""
    return _environment().get_template(f"{name}.html").render(**values)


@cache
def style() -> str:
    """Return the style sheet, for pages that must carry it."""
    return resources.files("agent.console").joinpath("static", "console.css").read_text("utf-8")


@cache
def style_digest() -> str:
    """Return what a page's policy calls the style sheet in it."""
    return f"sha256-{b64encode(sha256(style().encode()).digest()).decode()}"


STEPS_USUALLY = 12
"""How many steps a case has as long as none of the notice has ended here."""


def steps_expected(case: LiveCase, cases: CaseRegistry) -> int:
    """Return about how many steps a case will have: as many as the last one of its notice that came to its end, its own first."""
    ended = [other.report for other in cases if other.request.profile == case.request.profile]
    known = next(
        (
            report
            for report in (case.before, *reversed(ended))
            if report and report.steps and not report.trouble
        ),
        None,
    )
    return max(len(known.steps) if known else STEPS_USUALLY, len(case.steps))


def case_parts(case: LiveCase, cases: CaseRegistry, csrf: str) -> dict[str, str]:
    """Return the parts of a case's page that change while it runs, by the ids of their places."""
    sheet = cases.services.sheets.parts(case.request.profile)
    values = {
        "case": case,
        "csrf": csrf,
        "practised": cases.services.invented(case.request.student),
        "sheet": sheet,
    }
    values["about"] = steps_expected(case, cases) if case.is_running else 0
    return {name: page(f"part_{name}", **values) for name in CASE_PARTS}


def desk_parts(cases: CaseRegistry) -> dict[str, str]:
    """Return the same for the desk."""
    today = cases.of_today()
    earlier = [case for case in cases if case not in today]
    return {"queue": page("part_queue", today=today, earlier=earlier)}


def cohort_parts(
    cohort: CohortView, roster: RosterDesk | None = None, csrf: str = "", profile: str = ""
) -> dict[str, str]:
    """Read how a cohort stands, and return the same for its page; that it cannot be read is said there too.

    Args:
        roster: Its roster, where the desk works with it.
        csrf: What the page's buttons carry.
        profile: The notice for which students are attended.
    """
    values: dict[str, object] = {"csrf": csrf, "profile": profile, "roster": roster, "waiting": ()}
    try:
        values |= {"standing": cohort.standing(), "trouble": None}
        values["waiting"] = roster.waiting() if roster else ()
    except GradsyncError as error:
        values |= {"standing": None, "trouble": error}
    names = (*COHORT_PARTS, "waiting") if roster else COHORT_PARTS
    return {name: page(f"part_{name}", **values) for name in names}


def sign(mark: str) -> str:
    """Return the mark as a page shows it: the report's marks are limited to what a Windows console can print."""
    return {"√": "✓", "×": "✕"}.get(mark, mark)


def digest(text: str) -> str:
    """Return what tells whether a part has changed."""
    return sha256(text.encode()).hexdigest()[:16]


async def events(
    parts: Callable[[], dict[str, str]], changes: Changes, every: float | None = None
) -> AsyncIterator[str]:
    """Yield a server-sent event for every part that is not as it was sent before, for as long as somebody listens.

    Args:
        parts: Returns the parts as they are now.
        changes: Tells when they may have changed.
        every: Seconds between two looks at what tells nobody that it changed and takes a while to read, which is done in a
            thread; None for what is told.
    """
    sent: dict[str, str] = {}
    while not changes.closed:
        count = changes.count
        for name, text in (parts() if every is None else await asyncio.to_thread(parts)).items():
            if sent.get(name) != (mark := digest(text)):
                sent[name] = mark
                data = json.dumps({"part": name, "digest": mark, "html": text}, ensure_ascii=False)
                yield f"event: part\ndata: {data}\n\n"
        await changes.after(count, every)


@cache
def _environment() -> Environment:
    environment = templates("agent.console")
    environment.globals.update(BLANK=BLANK, State=CaseState, AskKind=AskKind)
    own = (standing, waits_for, next_one, tallied, who, photos, digest, sign)
    environment.filters.update({function.__name__: function for function in (*render.FILTERS, *own)})
    return environment
