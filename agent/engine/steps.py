"""Steps: reading ones that look, writing ones that observe, act at most once and verify by looking again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, Literal, Protocol, TypeVar

from agent import errors
from agent.asks import AskPicture
from agent.case.audit_log import AuditLog
from agent.case.journal import Journal, StepState
from agent.engine.plan import Change
from agent.retry import no_retries

NOT_OURS_TO_KEEP = (errors.ConsentMissing, errors.SomebodyElse)
"""Stops at which nothing of what can be seen may be kept: it is not agreed to, or another person's."""
S = TypeVar("S")
T = TypeVar("T")
Kind = Literal["read", "write"]
By = Literal["program", "person"]
BY_PERSON = "本人在窗口里操作"
Moment = Literal["before", "after", "stop"]
Permit = Callable[[str, Kind], None]
"""Asked before a step of this id and kind does anything; raises ``ConsentMissing`` to refuse it."""


class Status(StrEnum):
    """How a step ended (contract, ``steps``)."""

    DONE = "done"
    ALREADY_DONE = "already_done"
    SKIPPED = "skipped"
    NEEDS_PERSON = "needs_person"
    UNVERIFIED = "unverified"
    FAILED = "failed"


class Progress(Protocol):
    """Whoever is told how the run goes."""

    def step_started(self, step_id: str, title: str) -> None:
        """A step begins."""

    def step_ended(self, step_id: str, status: str, seconds: float, detail: str) -> None:
        """A step has ended."""

    def say(self, text: str) -> None:
        """A sentence for the person."""


@dataclass(frozen=True)
class StepRecord:
    """One step that ran."""

    id: str
    duty: str
    kind: Kind
    status: Status
    seconds: float
    detail: str
    by: By = "program"


@dataclass(frozen=True)
class WriteStep(Generic[S]):
    """A writing step.

    Args:
        change: What the plan says of it.
        evidence_of: What was there when the plan was made.
        observe: Looks at what is there, without changing anything.
        is_done: True when what is there is what should be.
        act: Makes the change; called at most once per run.
        describe: Says in Chinese what was seen.
        agreed: Asks the person for this very click and raises when they do not agree; None where the plan's yes is enough.
        pictures: What the person should see before agreeing to the plan.
        notes: What they should know then, in Chinese.
        refusal: Asked when it is not there afterwards: what the site said to it, or None.
        by: Asked after acting: who made the change, the program or the person at the window.
        sent_count: How often anything was sent to the site so far; None where nobody counts.
    """

    change: Change
    evidence_of: S
    observe: Callable[[], S]
    is_done: Callable[[S], bool]
    act: Callable[[], None]
    describe: Callable[[S], str]
    agreed: Callable[[], None] | None = None
    refusal: Callable[[], errors.GradsyncError | None] = lambda: None
    by: Callable[[], By] = lambda: "program"
    sent_count: Callable[[], int | None] = lambda: None
    pictures: Sequence[AskPicture] = ()
    notes: Sequence[str] = ()


@dataclass
class _Note:
    """What a step says of itself while it runs."""

    status: Status = Status.DONE
    detail: str = ""
    code: str | None = None
    by: By = "program"


@dataclass
class StepRunner:
    """Runs steps: times them, journals the writing ones, and tells the audit log and the person.

    No step does anything before ``permit`` has let it pass. ``evidence`` keeps what can be seen at each decision: before a
    write, once it is verified, and where a step stops.
    """

    journal: Journal
    audit: AuditLog
    progress: Progress
    permit: Permit = lambda step, kind: None
    evidence: Callable[[str, Moment], None] = lambda step, moment: None
    records: list[StepRecord] = field(default_factory=list)

    def read(
        self, step: str, duty: str, title: str, look: Callable[[], T], tell: Callable[[T], str] = lambda _: ""
    ) -> T:
        """Run a reading step and return what it read."""
        with self._step(step, duty, title, "read") as note:
            self.permit(step, "read")
            found = look()
            note.detail = tell(found)
        return found

    def already(self, write: WriteStep[S]) -> None:
        """Record a writing step that the look has shown to be done."""
        change = write.change
        with self._step(change.step, change.duty, change.title, "write") as note:
            note.status, note.detail = Status.ALREADY_DONE, write.describe(write.evidence_of)
            self._journal(change, StepState.VERIFIED, note.detail)

    def write(self, write: WriteStep[S]) -> Status:
        """Run a writing step: observe, act at most once, verify.

        Returns:
            ``ALREADY_DONE`` when it was already so, else ``DONE``.

        Raises:
            ActionNeeded: The person did not agree to it; nothing was sent.
            WriteUnverified: It was sent, and reading back does not show it.
            GradsyncError: The site refused it.
        """
        change = write.change
        with self._step(change.step, change.duty, change.title, "write") as note:
            self.permit(change.step, "write")
            there = write.observe()
            if write.agreed is not None and not write.is_done(there):
                write.agreed()
                there = write.observe()  # answering takes a person's time
            if write.is_done(there):
                self._journal(change, StepState.VERIFIED, write.describe(there))
                note.status, note.detail = Status.ALREADY_DONE, write.describe(there)
                return note.status
            self._act_once(write, note)
            there = _read_back(write)
            if not write.is_done(there):
                raise write.refusal() or errors.WriteUnverified(
                    f"「{change.title}」已提交，但网站上还看不到结果（现在：{write.describe(there)}）。"
                )
            note.detail = write.describe(there)
            if note.by == "person":
                note.detail += f"（{BY_PERSON}）"
            self._journal(change, StepState.VERIFIED, note.detail)
            self.evidence(change.step, "after")
        return note.status

    def _act_once(self, write: WriteStep[S], note: _Note) -> None:
        """Act, if that is still permitted; when the line breaks it may have arrived all the same: only looking can tell."""
        change = write.change
        self.permit(change.step, "write")
        self.evidence(change.step, "before")
        self._journal(change, StepState.INTENDED)
        self.audit.append("write.intended", step=change.step, key=change.key)
        count = write.sent_count()
        try:
            with no_retries():
                write.act()
        except errors.SiteUnavailable:
            self.progress.say(f"「{change.title}」已发出，网站没有正常回应，正在查看是否生效……")
        except errors.GradsyncError as stop:
            if count is not None and write.sent_count() == count and not stop.ends_run:
                self._journal(change, StepState.NOT_SENT)
            raise
        finally:
            note.by = write.by()
        by_person = note.by == "person"
        said = BY_PERSON if by_person else ""
        self._journal(change, StepState.SENT, said)
        told = {"by": note.by} if by_person else {}
        self.audit.append("write.sent", step=change.step, key=change.key, **told)

    def _journal(self, change: Change, state: StepState, seen: str = "") -> None:
        self.journal.record(change.key, change.step, state, change.before_digest, seen)

    @contextmanager
    def _step(self, step: str, duty: str, title: str, kind: Kind) -> Iterator[_Note]:
        note, started, status = _Note(), time.monotonic(), Status.FAILED
        self.progress.step_started(step, title)
        try:
            yield note
        except errors.GradsyncError as error:
            status, note.detail, note.code = _status_of(error), error.message, error.code
            error.step = error.step or step
            if not isinstance(error, NOT_OURS_TO_KEEP):
                self.evidence(step, "stop")
            raise
        else:
            status = note.status
        finally:
            seconds = round(time.monotonic() - started, 3)
            self.records.append(StepRecord(step, duty, kind, status, seconds, note.detail, note.by))
            self.audit.append("step", step=step, status=status, code=note.code)
            self.progress.step_ended(step, status, seconds, note.detail)


def _read_back(write: WriteStep[S]) -> S:
    """Look at what is there after acting; a page that is not come to or cannot be read says nothing of what was sent."""
    try:
        return write.observe()
    except (errors.SiteChanged, errors.PersonSkipped, errors.PageUnreadable) as stop:
        told = f"「{write.change.title}」已提交，但没能在网站上看到结果：{stop.message}"
        raise write.refusal() or errors.WriteUnverified(told) from stop


def _status_of(error: errors.GradsyncError) -> Status:
    if isinstance(error, errors.WriteUnverified):
        return Status.UNVERIFIED
    if isinstance(error, errors.OutsideConsent):
        return Status.SKIPPED
    return Status.NEEDS_PERSON if isinstance(error, errors.ActionNeeded) else Status.FAILED
