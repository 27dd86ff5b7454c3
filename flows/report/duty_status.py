"""What a duty's status means: it is done when what the notice asks of the student is done; reading it is not (contract)."""

from __future__ import annotations

from agent.engine.engine import DutyResult, DutyStatus
from flows.report.facts import MADE, Facts

CLICK = "学信网的“正确／有误”只能由本人点击"


def standing_of(duty: str, facts: Facts) -> DutyResult:
    """Return how a duty stands, as every report says it.

    Args:
        duty: The duty's id.
        facts: The run at its end.
    """
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
