"""Outcome of a run: what its report is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from agent.asks import Answer, Ask
from agent.engine.engine import DutyResult
from agent.engine.steps import StepRecord
from agent.errors import PRECEDENCE, GradsyncError
from agent.report.model import LearnedRow
from flows.profiles.schema import Profile
from flows.run.findings import Findings


@dataclass(frozen=True)
class RunOutcome:
    """A run at its end, as far as it came."""

    profile: Profile
    found: Findings
    results: dict[str, DutyResult]
    troubles: Sequence[GradsyncError]
    steps: Sequence[StepRecord]
    asked: Sequence[tuple[Ask, Answer | None]]
    fallbacks: Sequence[str]
    wanted: Sequence[str]
    today: date | None
    manifest_sha256: str
    audit_records: int
    audit_head: str
    sent: Mapping[str, datetime] = field(default_factory=dict)
    """Writes of this run that went out, whatever became of them, by the journal: when, by the step's id."""
    demo: bool = False
    must_end: Sequence[str] = ()
    """Duties that were asked for by name, in a run that carries out: one that is left to a person is not done."""
    learned: Sequence[LearnedRow] = ()
    stops: Mapping[str, str] = field(default_factory=dict)
    """The veiled picture of what stood there when a step stopped, as a file of the case, by the step's id."""

    @property
    def trouble(self) -> GradsyncError | None:
        """The gravest of what went wrong; None where nothing did."""
        return min(self.troubles, key=lambda error: PRECEDENCE.index(error.exit_status), default=None)
