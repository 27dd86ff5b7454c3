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
CLICK = "学信网的“正确／有误”只能由本人点击"


@dataclass(frozen=True)
class Facts:
    """A run at its end with the rows that its report shows.

    Args:
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

    def standing(self, duty: str) -> DutyResult | None:
        """Return how the engine left a duty; None for one that it did not come to."""
        return self.outcome.results.get(duty)

    def was_read(self, site: str) -> bool:
        """True when something of a site was read."""
        reads = (step for step in self.outcome.steps if step.kind == "read" and step.status is Status.DONE)
        return any(step.id.startswith(f"{site}.") and step.id != f"{site}.sign_in" for step in reads)

    def is_stopped(self, duty: str) -> bool:
        """True for a duty whose stop is told as a step of its own."""
        result = self.standing(duty)
        return result is not None and result.note in {error.message for error in self.outcome.troubles}


def is_open(row: ConditionRow) -> bool:
    """Return True for a condition that somebody still has to see to."""
    return row.status not in ("met", "not_applicable")


def standing_of(duty: str, facts: Facts) -> DutyResult:
    """Return how a duty stands, as every report says it: done when what the notice asks is done; reading it is not (contract)."""
    left = facts.standing(duty)
    if left is None:
        wanted = duty in facts.outcome.wanted
        return DutyResult(DutyStatus.NOT_RUN if wanted else DutyStatus.SKIPPED)
    if left.status not in MADE:
        return left
    if duty == "chsi_check":
        return _of_chsi(left, facts)
    if duty == "grades":
        return _of_grades(left, facts)
    if not (open_rows := facts.open_of(duty)):
        return left
    name, shown = open_rows[0].name, open_rows[0].status_text or "空白"
    return DutyResult(DutyStatus.WAITING, f"已办好，但毕业条件“{name}”还显示“{shown}”，等平台更新")


def _of_chsi(left: DutyResult, facts: Facts) -> DutyResult:
    """The check on 学信网 is over once the platform says 已校对; a notice without such a condition leaves it to the student."""
    if facts.is_met("chsi_check"):
        return DutyResult(left.status, "；".join(filter(None, (left.note, "平台显示已校对"))))
    if facts.differing:
        labels = "、".join(dict.fromkeys(row.label for row in facts.differing))
        return DutyResult(DutyStatus.NEEDS_PERSON, f"{labels}不一致，弄清楚之前不要点“正确”；{CLICK}")
    shown = [row for row, known in facts.open_rows if known and known.duty == "chsi_check"]
    now = f"平台显示“{shown[0].status_text or '空白'}”；" if shown else ""
    return DutyResult(DutyStatus.NEEDS_PERSON, f"已读取；{now}{CLICK}")


def _of_grades(left: DutyResult, facts: Facts) -> DutyResult:
    failed = facts.found.grades.failed if facts.found.grades else ()
    unmet = [row for row in facts.open_of("grades") if row.status == "unmet"]
    if not failed and not unmet:
        return left
    rows = f"毕业条件里没有满足：{'、'.join(row.name for row in unmet)}" if unmet else ""
    return DutyResult(DutyStatus.NEEDS_PERSON, "；".join(filter(None, (left.note, rows))))
