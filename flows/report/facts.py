"""Facts that a run's report is made from, and the questions that statuses, steps and headline ask of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from agent.engine.engine import DutyResult, DutyStatus
from agent.engine.steps import Status
from agent.report.model import CheckRow, ConditionRow, EffectRow
from flows.profiles.schema import ConditionData
from flows.run.findings import Findings
from flows.run.outcome import RunOutcome

ABOUT_RECORDS = ("identity.", "enrollment.", "stated.", "document.")
"""Checks of one record against another; the rest are about the photo and the grades."""
FOR_THE_STUDENT_TO_JUDGE = ("enrollment.entry_year",)
"""A difference that may be right: 休学 or 留级 (XJTU notice, 二（二）1)."""
MADE = (DutyStatus.DONE, DutyStatus.ALREADY_DONE)
CONDITIONS = "conditions"


@dataclass(frozen=True)
class Facts:
    """A run at its end with the rows that its report shows.

    Args:
        outcome: The run.
        checks: Every comparison, as the report shows it.
        effects: What the run has changed on the sites.
    """

    outcome: RunOutcome
    checks: tuple[CheckRow, ...]
    effects: tuple[EffectRow, ...]

    @property
    def found(self) -> Findings:
        """What the run has read."""
        return self.outcome.found

    # -- the records -------------------------------------------------------------------------------------------------------

    @cached_property
    def differing(self) -> tuple[CheckRow, ...]:
        """The fields in which the records differ and one of them has to be put right."""
        return tuple(row for row in self._mismatches if row.id not in FOR_THE_STUDENT_TO_JUDGE)

    @cached_property
    def to_judge(self) -> tuple[CheckRow, ...]:
        """The differences that may be right, which only the student can say."""
        return tuple(row for row in self._mismatches if row.id in FOR_THE_STUDENT_TO_JUDGE)

    @property
    def _mismatches(self) -> list[CheckRow]:
        return [row for row in self.checks if row.verdict == "mismatch" and row.id.startswith(ABOUT_RECORDS)]

    # -- 毕业条件 ----------------------------------------------------------------------------------------------------------

    @cached_property
    def open_rows(self) -> tuple[tuple[ConditionRow, ConditionData | None], ...]:
        """The conditions that somebody still has to see to, each with what the notice says of it."""
        rows = self.found.conditions.rows if self.found.conditions else ()
        return tuple((row, self.outcome.profile.condition(row.name)) for row in rows if is_open(row))

    def open_of(self, duty: str) -> tuple[ConditionRow, ...]:
        """Return the open conditions about a duty that were read after the run last changed anything about it."""
        return tuple(
            row for row, known in self.open_rows if known and known.duty == duty and not self.is_stale(row)
        )

    def is_stale(self, row: ConditionRow) -> bool:
        """True for a condition that was read before this run changed what it is about."""
        known = self.outcome.profile.condition(row.name)
        return known is not None and known.duty in self._changed_since_reading

    @cached_property
    def _changed_since_reading(self) -> set[str]:
        sent = {effect.step for effect in self.effects if effect.state != "refused"}
        changed: set[str] = set()
        for step in self.outcome.steps:
            if step.duty == CONDITIONS and step.kind == "read" and step.status is Status.DONE:
                changed.clear()
            elif step.id in sent:
                changed.add(step.duty)
        return changed

    def is_met(self, duty: str) -> bool:
        """True when a condition about this duty was read as met and none as open."""
        rows = self.found.conditions.rows if self.found.conditions else ()
        known = ((row, self.outcome.profile.condition(row.name)) for row in rows)
        mine = [row for row, data in known if data and data.duty == duty]
        return bool(mine) and not any(map(is_open, mine))

    # -- duties ------------------------------------------------------------------------------------------------------------

    def standing(self, duty: str) -> DutyResult | None:
        """Return how the engine left a duty; None for one that it did not come to."""
        return self.outcome.results.get(duty)

    def is_stopped(self, duty: str) -> bool:
        """True for a duty whose stop is told as a step of its own."""
        result = self.standing(duty)
        return result is not None and result.note in {error.message for error in self.outcome.troubles}


def is_open(row: ConditionRow) -> bool:
    """Return True for a condition that somebody still has to see to."""
    return row.status not in ("met", "not_applicable")
