"""Engine: look, plan, ask, act once, look again. Knows duties, plans and people; knows no site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any, Protocol

from agent.asks import Ask, AskKind, AskRouter
from agent.case.journal import StepState
from agent.engine.plan import Change, Plan
from agent.engine.steps import Status, StepRunner, WriteStep
from agent.errors import ActionNeeded, GradsyncError, OutsideConsent, PhotoNotYet, SiteChanged, UnderReview

APPLY_PLAN = "apply-plan"


class Mode(StrEnum):
    """How far a run goes."""

    CHECK = "check"  # look only
    PLAN = "plan"  # look and write the plan down
    RUN = "run"  # look, plan, ask, apply, look again
    APPLY = "apply"  # the same, but only if the plan written down before is still true


class DutyStatus(StrEnum):
    """How a duty stands (contract, rulings)."""

    DONE = "done"
    ALREADY_DONE = "already_done"
    WAITING = "waiting"
    NEEDS_PERSON = "needs_person"
    SKIPPED = "skipped"
    FAILED = "failed"
    NOT_RUN = "not_run"


@dataclass(frozen=True)
class DutyResult:
    """A duty's status, a Chinese sentence about it, and what the site said, verbatim."""

    status: DutyStatus
    note: str = ""
    said: str = ""


class Duty(Protocol):
    """One thing that a notice asks for; one that says nothing else writes nothing."""

    id: str
    """The contract's duty id."""

    def look(self) -> DutyResult:
        """Read everything the duty is about; the standing holds unless a write changes it."""

    def writes(self) -> Sequence[WriteStep[Any]]:
        """Return the writing steps that the duty is fulfilled by, done or not; called after ``look``."""
        return ()

    def look_again(self) -> DutyResult | None:
        """Read once more what a write may have changed; return the standing where that is another one now."""
        return None


@dataclass
class Engine:
    """Carries duties out.

    Args:
        profile: The profile's id, for the plan.
        keep_plan: Gets the plan before anybody is asked.
    """

    profile: str
    runner: StepRunner
    asks: AskRouter
    keep_plan: Callable[[Plan], None]
    results: dict[str, DutyResult] = field(default_factory=dict)
    troubles: list[GradsyncError] = field(default_factory=list)

    def execute(self, duties: Sequence[Duty], mode: Mode, promised: Plan | None = None) -> None:
        """Carry out the duties as far as the mode says; what stopped a duty is kept in ``troubles``.

        Args:
            duties: In the order in which they are looked at.
            promised: With ``APPLY``, the plan that was agreed to.

        Raises:
            PlanStale: The sites no longer show what the promised plan was made from.
            GradsyncError: A stop after which no duty can go on.
        """
        for duty in duties:
            self._guarded(duty.id, partial(self._look, duty))
        writes = [write for duty in duties if duty.id in self._healthy() for write in duty.writes()]
        open_writes = [write for write in writes if not write.is_done(write.evidence_of)]
        plan = Plan(self.profile, tuple(write.change for write in open_writes))
        for change in plan.changes:
            self._mark([change], DutyResult(DutyStatus.NOT_RUN, f"还没有做：{change.title}"))
        self.keep_plan(plan)
        if promised is not None:
            promised.check_still_true(plan)
        for write in writes:
            if write not in open_writes:
                self.runner.already(write)
                self._mark(
                    [write.change], DutyResult(DutyStatus.ALREADY_DONE, write.describe(write.evidence_of))
                )
        if mode in (Mode.RUN, Mode.APPLY):
            self._apply([write for write in open_writes if self._permitted(write)], duties)

    def _healthy(self) -> set[str]:
        healthy = (DutyStatus.DONE, DutyStatus.ALREADY_DONE)
        return {duty for duty, result in self.results.items() if result.status in healthy}

    def _look(self, duty: Duty) -> None:
        self.results[duty.id] = duty.look()

    def _look_again(self, duty: Duty) -> None:
        if result := duty.look_again():
            self.results[duty.id] = result

    def _permitted(self, write: WriteStep[Any]) -> bool:
        """Nobody is asked to agree to what the student has not consented to."""
        change = write.change
        return self._guarded(change.duty, partial(self.runner.permit, change.step, "write"))

    def _apply(self, writes: Sequence[WriteStep[Any]], duties: Sequence[Duty]) -> None:
        plan = Plan(self.profile, tuple(write.change for write in writes))
        if not writes or not self._agreed(plan, writes):
            return
        failed: set[str] = set()
        for write in writes:
            name = write.change.duty
            if name not in failed and not self._guarded(name, partial(self._write, write)):
                failed.add(name)
        for duty in duties:
            if duty.id in self._healthy():
                self._guarded(duty.id, partial(self._look_again, duty))

    def _agreed(self, plan: Plan, writes: Sequence[WriteStep[Any]]) -> bool:
        notes = (note for write in writes for note in write.notes)
        ask = Ask(
            APPLY_PLAN,
            AskKind.YES_NO,
            "要按下面的计划在网站上操作吗",
            details=(*self._describe(plan), *notes),
            pictures=tuple(picture for write in writes for picture in write.pictures),
        )
        try:
            self.asks.confirm(ask)
        except ActionNeeded as error:
            self.troubles.append(error)
            self._mark(plan.changes, DutyResult(DutyStatus.NEEDS_PERSON, "等待本人同意计划"))
            return False
        self.runner.audit.append("plan.agreed", digest=plan.digest)
        return True

    def _describe(self, plan: Plan) -> tuple[str, ...]:
        """The plan, and of each change that an earlier run may have sent already that it did: nothing is repeated blindly."""
        unsure = (StepState.INTENDED, StepState.SENT)
        doubts = (
            f"请留意：上次运行可能已经发出过「{change.title}」，但网站上现在看不到；网站处理得慢的话，请过一会儿再办理"
            for change in plan.changes
            if self.runner.journal.state(change.key) in unsure
        )
        return (*plan.describe(), *doubts)

    def _mark(self, changes: Iterable[Change], result: DutyResult) -> None:
        for change in changes:
            self.results[change.duty] = result

    def _write(self, write: WriteStep[Any]) -> None:
        status = self.runner.write(write)
        done = DutyStatus.ALREADY_DONE if status is Status.ALREADY_DONE else DutyStatus.DONE
        self.results[write.change.duty] = DutyResult(done, write.change.after)

    def _guarded(self, duty: str, work: Callable[[], None]) -> bool:
        """Run a duty's part and say whether it came to its end; what stops it is kept, unless no duty can go on."""
        try:
            work()
            return True
        except GradsyncError as error:
            self.results[duty] = DutyResult(_status_of(error), error.message, error.said)
            if error not in self.troubles:
                self.troubles.append(error)
            if error.ends_run:
                raise
            return False


def _status_of(error: GradsyncError) -> DutyStatus:
    if isinstance(error, (PhotoNotYet, UnderReview)):
        return DutyStatus.WAITING
    if isinstance(error, OutsideConsent):
        return DutyStatus.SKIPPED
    unread = isinstance(error, SiteChanged) and error.expected
    return DutyStatus.NEEDS_PERSON if unread or isinstance(error, ActionNeeded) else DutyStatus.FAILED
