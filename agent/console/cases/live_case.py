"""Live case of the console: what its process told, what it waits for, and how it stands."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from agent import consent
from agent.asks import AskKind
from agent.case import retention
from agent.case.audit_log import FILE_NAME as AUDIT
from agent.console.cases import messages
from agent.console.cases.case_folders import CaseRequest
from agent.errors import UsageError
from agent.report.files import load_if_readable
from agent.report.model import Report

LONGEST_LINE = 16 * 1024 * 1024
"""A line may carry a picture."""


class Changes:
    """Tells open pages that something changed; counts changes, so that one which happens while a page is being sent is not missed."""

    def __init__(self) -> None:
        self.count = 0
        self.closed = False
        self._event = asyncio.Event()

    def tell(self) -> None:
        """Say that something changed."""
        self.count += 1
        self._event.set()
        self._event = asyncio.Event()

    def close(self) -> None:
        """Say that nothing will change any more."""
        self.closed = True
        self.tell()

    async def after(self, count: int, seconds: float | None = None) -> None:
        """Wait until more has changed than so much, and ``seconds`` at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.count == count and not self.closed:
                    await self._event.wait()


class CaseState(StrEnum):
    """How a case stands."""

    PREPARED = "prepared"  # something is being filled in, and nothing has run yet
    RUNNING = "running"
    ASKING = "asking"
    STOPPING = "stopping"
    ENDED = "ended"
    BROKEN = "broken"  # neither running nor reported: the program or the console went away
    WITHDRAWN = "withdrawn"
    FORGOTTEN = "forgotten"


@dataclass
class StepLineItem:
    """One step as it is shown; ``status`` is empty while it runs."""

    id: str
    title: str
    status: str = ""
    seconds: float = 0
    detail: str = ""


@dataclass(frozen=True)
class Typed:
    """An answer that does not fit its ask and is to be typed again.

    Args:
        value: What was typed.
        problem: What is wrong with it, in Chinese.
        times: How often something was wrong, so that a page sees each anew.
    """

    value: str
    problem: str
    times: int


@dataclass
class LiveCase:
    """One case, running or not.

    Args:
        changes: Told whenever something is not as it was.
        on_end: Told once its process has ended.
    """

    folder: Path
    request: CaseRequest
    changes: Changes = field(repr=False)
    on_end: Callable[[LiveCase], None] = field(default=lambda case: None, repr=False)
    steps: list[StepLineItem] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    asked: messages.Asked | None = None
    typed: Typed | None = None
    refused: messages.Refused | None = None
    place: int | None = None
    gone: CaseState | None = None
    said_at_the_end: str = ""
    _process: asyncio.subprocess.Process | None = field(default=None, repr=False)
    _task: asyncio.Task[None] | None = field(default=None, repr=False)
    _stopping: bool = False
    _report: Report | None = field(default=None, repr=False)
    before: Report | None = field(default=None, repr=False)
    _was_read: bool = False
    _stale: datetime | None = None

    def __post_init__(self) -> None:
        if self.is_assisted and self.receipt is not None and self.receipt.withdrawn_at:
            self.gone = CaseState.WITHDRAWN

    # -- how it stands ---------------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The name of its folder, which stands in addresses."""
        return self.folder.name

    @property
    def is_running(self) -> bool:
        """Whether its process is there."""
        return self._task is not None and not self._task.done()

    @property
    def is_assisted(self) -> bool:
        """Whether somebody helps the student."""
        return self.request.assisted

    @property
    def state(self) -> CaseState:
        """How it stands."""
        if self.is_running:
            if self._stopping:
                return CaseState.STOPPING
            return CaseState.ASKING if self.asked else CaseState.RUNNING
        if self.gone or self.report or self.refused:
            return self.gone or CaseState.ENDED
        yet_to_begin = self.request.fills_in and self._task is None and not (self.folder / AUDIT).exists()
        return CaseState.PREPARED if yet_to_begin else CaseState.BROKEN

    @property
    def report(self) -> Report | None:
        """The report of a case that has ended, not of a run before; read once, and only when somebody looks."""
        if self.is_running or self.gone:
            return None
        if not self._was_read:
            found = load_if_readable(self.folder)
            self._was_read, self._report = True, None if _time_of(found) == self._stale else found
        return self._report

    @property
    def receipt(self) -> consent.Receipt | None:
        """The student's consent; None for a case of one's own."""
        with suppress(UsageError):  # what cannot be read lets nobody act; the run refuses it too
            return consent.load(self.folder)
        return None

    @property
    def waits_by_hand(self) -> bool:
        """Whether it waits for something that is done in the browser window."""
        return self.asked is not None and self.asked.ask.kind is AskKind.DONE and not self.asked.ask.options

    # -- running ---------------------------------------------------------------------------------------------------------

    def start(self, command: Sequence[str], order: messages.CaseOrder) -> None:
        """Start its process, unless it runs; what an earlier one told is dropped."""
        if self.is_running:
            return
        self.steps, self.told, self.asked, self.refused = [], [], None, None
        self.before = load_if_readable(self.folder)
        self._stale = _time_of(self.before)
        self._stopping = self._was_read = False
        self._task = asyncio.create_task(self._run(command, order))
        self._task.add_done_callback(lambda task: self.on_end(self))
        self.changes.tell()

    async def _run(self, command: Sequence[str], order: messages.CaseOrder) -> None:
        """Follow the process until it ends; what it wrote counts more than how it ended."""
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            limit=LONGEST_LINE,
            env={**os.environ, "PYTHONUTF8": "1"},
            **_apart(),
        )
        self._process = process
        self._send(order)
        if self._stopping:
            self._send(messages.StopOrder())
        try:
            await self._follow(process)
        finally:
            if process.stdin:
                process.stdin.close()  # which says stop, should it still run
            await process.wait()
            self.asked = None
            self._purge_if_withdrawn()
            asyncio.get_running_loop().call_soon(self.changes.tell)  # once the task is done

    async def _follow(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self._take(messages.EVENTS.validate_json(line))
            self.changes.tell()

    def _take(self, event: messages.Event) -> None:
        if isinstance(event, messages.StepStarted):
            self._close_by_hand()
            self.steps.append(StepLineItem(event.id, event.title))
        elif isinstance(event, messages.StepEnded):
            self._close_by_hand()
            self._end_step(event)
        elif isinstance(event, messages.Sentence):
            self.told.append(event.text)
        elif isinstance(event, messages.Asked):
            self.asked, self.typed = event, None
        elif isinstance(event, messages.AskOver):
            self.asked = None
        else:
            self.refused = event

    def _end_step(self, event: messages.StepEnded) -> None:
        for step in reversed(self.steps):
            if step.id == event.id and not step.status:
                step.status, step.seconds, step.detail = event.status, event.seconds, event.detail
                return

    def _close_by_hand(self) -> None:
        if self.waits_by_hand:
            self.asked = None

    # -- what the person does --------------------------------------------------------------------------------------------

    def answer(self, number: int, value: str) -> bool:
        """Pass an answer on; False when it is to be typed again, or that ask is over, as after a second press."""
        if self.asked is None or self.asked.number != number:
            return False
        if problem := self.asked.ask.problem(value):
            self.typed = Typed(value, problem, self.typed.times + 1 if self.typed else 1)
            self.changes.tell()
            return False
        self._send(messages.Answered(number=number, value=value))
        self.asked = self.typed = None
        self.changes.tell()
        return True

    def stop(self) -> None:
        """Let it stop before its next step."""
        if self.is_running and not self._stopping:
            self._stopping, self.asked = True, None
            self._send(messages.StopOrder())
            self.changes.tell()

    def withdraw(self) -> None:
        """Withdraw the student's consent: the run stops before its next step, and what was read is deleted.

        Raises:
            UsageError: There is no consent, or something cannot be deleted.
        """
        consent.withdraw(self.folder, consent.Register(), datetime.now().astimezone())
        self.gone = CaseState.WITHDRAWN
        self.stop()
        if not self.is_running:
            self._purge_if_withdrawn()
        self.changes.tell()

    def forget(self) -> None:
        """Delete what the case holds of the person.

        Raises:
            CaseBusy: A run works on it.
            UsageError: It is no case, or a file cannot be deleted.
        """
        gone = retention.forget(self.folder)
        self.said_at_the_end = gone.told()
        self.gone = self.gone or CaseState.FORGOTTEN
        self.steps, self.told = [], []
        self.changes.tell()

    def _purge_if_withdrawn(self) -> None:
        """The run has purged the case itself, unless it was killed before it could."""
        if self.gone is CaseState.WITHDRAWN:
            try:
                self.forget()
            except UsageError as error:
                self.said_at_the_end = error.told

    async def ended(self, seconds: float) -> None:
        """Wait until its process has ended, at most so long."""
        if self._task is not None:
            await asyncio.wait([self._task], timeout=seconds)

    def _send(self, said: messages.Message) -> None:
        """A process that is gone takes nothing; that it is gone is told by its other end."""
        if self._process and self._process.stdin and not self._process.stdin.is_closing():
            self._process.stdin.write(said.line())


def _time_of(report: Report | None) -> datetime | None:
    return report.generated_at if report else None


def _apart() -> Mapping[str, Any]:
    """Ctrl-C at the terminal is the console's business; the cases are told to stop between two steps."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}
