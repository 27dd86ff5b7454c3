"""What a cohort is made of, as values that can be sealed and come back the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from agent.errors import ExitStatus, GradsyncError
from agent.report.model import ConditionStatus, DutyStatus, Report


class SealedModel(BaseModel):
    """Base of the values: frozen, an unknown key is an error, and a row of the report gives what it has of one."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class TaskState(StrEnum):
    """How far a student's case has come."""

    IMPORTED = "imported"  # on the roster, not queued
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    NEEDS_PERSON = "needs_person"  # queued again when a person has done something
    FAILED = "failed"  # queued again by the next run


OPEN = (TaskState.QUEUED, TaskState.RUNNING)
HELD = (TaskState.NEEDS_PERSON, TaskState.FAILED)
"""Ended, and not done: somebody has to do something, or the next run tries again."""
SUCCESS = (ExitStatus.DONE, ExitStatus.DEGRADED)
FOR_A_PERSON = (
    ExitStatus.ACTION_NEEDED,
    ExitStatus.CREDENTIALS_REJECTED,
    ExitStatus.SOMEBODY_ELSE,
    ExitStatus.CONSENT,
    ExitStatus.PHOTO,
)
"""Ends that come again however often the case is repeated, until a person has done something."""


def state_after(exit_status: int) -> TaskState:
    """Return how a case stands that ended with an exit status of the contract."""
    if exit_status in SUCCESS:
        return TaskState.DONE
    return TaskState.NEEDS_PERSON if exit_status in FOR_A_PERSON else TaskState.FAILED


class Pair(SealedModel):
    """User name and password of a mock site."""

    username: str
    password: str = Field(repr=False)


class Person(SealedModel):
    """One row of the roster with what belongs to it; only ever stored sealed.

    Args:
        position: The row's number in the file, from 1.
        consent: The file of the student's receipt; None when there is none.
        credentials: By site; on mock sites only.
        answers: By ask id, given by or for the student after an earlier end.
    """

    position: int
    name: str
    number: str = Field(repr=False)
    document_type: str = ""
    student_number: str = ""
    phone: str = ""
    group: str = ""
    consent: Path | None = None
    credentials: Mapping[str, Pair] = Field(default_factory=dict, repr=False)
    answers: Mapping[str, str] = Field(default_factory=dict, repr=False)


class CohortOrder(SealedModel):
    """What is to be done for every student of a run."""

    profile: str
    yes: bool = False
    only: tuple[str, ...] = ()
    today: date | None = None


class Task(SealedModel):
    """One case to be worked on; no personal data in it.

    Args:
        ref: The student's pseudonym.
        round: How often the student was queued; a number of its own for each durable job.
    """

    ref: str
    round: int
    order: CohortOrder

    @property
    def id(self) -> str:
        """The durable job's id."""
        return f"{self.ref}.{self.round}"


class DutySummary(SealedModel):
    """How a duty of the notice stands."""

    id: str
    title: str
    status: DutyStatus
    note: str = ""


class ConditionSummary(SealedModel):
    """One row of 毕业条件."""

    name: str
    status: ConditionStatus
    status_text: str


class StepSummary(SealedModel):
    """What is left to do."""

    title: str
    who: str
    deadline: date | None
    contact: str


AT_THE_DESK = "请学生到场，运行 gradsync cohort attend 学号 --profile 通知。"
WITH_CONSENT = "请和学生一起运行 gradsync consent new，再用 --consents 重新导入名单。"
TO_BE_ANSWERED = "请学生到场，运行 gradsync cohort attend 学号 --profile 通知；或用 gradsync cohort answer 学号 问题 回答 记下学生的回答。"
REMEDIES = {
    **dict.fromkeys(("login.captcha", "login.by_hand", "site.interstitial", "interrupted"), AT_THE_DESK),
    "ask.nobody_there": TO_BE_ANSWERED,
    **dict.fromkeys(("consent.missing", "consent.expired"), WITH_CONSENT),
}
"""What an officer does about what a student would be told otherwise, by the error's code."""


class Result(SealedModel):
    """What of a case's report the cohort keeps; only ever stored sealed.

    Args:
        profile: For which notice, as the run named it; empty in what was kept before this was.
    """

    exit_status: int
    headline: str
    code: str | None
    message: str
    remedy: str
    asks: tuple[str, ...] = ()
    duties: tuple[DutySummary, ...] = ()
    conditions: tuple[ConditionSummary, ...] = ()
    todo: tuple[StepSummary, ...] = ()
    deadline: date | None = None
    profile: str = ""

    @classmethod
    def of(cls, report: Report) -> Result:
        """Return what is kept of a report."""
        trouble = report.trouble
        told = trouble.remedy if trouble else ""
        return cls(
            exit_status=report.exit_status,
            headline=report.headline,
            code=trouble.code if trouble else None,
            message=trouble.message if trouble else "",
            remedy=REMEDIES.get(trouble.code, told) if trouble else "",
            asks=tuple(dict.fromkeys(row.id for row in report.asks if row.answer is None)),
            duties=tuple(map(DutySummary.model_validate, report.duties)),
            conditions=tuple(
                map(ConditionSummary.model_validate, report.conditions.items if report.conditions else ())
            ),
            todo=tuple(StepSummary.model_validate(row) for row in report.next_steps if row.title != told),
            deadline=report.window.end if report.window else None,
        )

    @classmethod
    def of_error(cls, error: GradsyncError) -> Result:
        """Return how a case stands that could not even be begun."""
        return cls(
            exit_status=error.exit_status,
            headline=error.message,
            code=error.code,
            message=error.message,
            remedy=REMEDIES.get(error.code, error.remedy),
        )

    @property
    def needs(self) -> str:
        """The code of what a person must do; empty when nothing."""
        return self.code or "" if state_after(self.exit_status) is not TaskState.DONE else ""
