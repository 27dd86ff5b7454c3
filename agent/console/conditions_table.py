"""Table of students × conditions over the cases of a helpdesk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agent.console.cases.live_case import LiveCase
from agent.console.views import standing, who
from agent.report.model import ConditionRow
from agent.report.words import BLANK, word

FIRST_COLUMNS = ("案例", "学生", "结果")


@dataclass(frozen=True)
class ConditionsRow:
    """One case's row: its conditions by name, equal names in their order."""

    case: LiveCase
    conditions: dict[str, ConditionRow]

    @property
    def unmet(self) -> list[str]:
        """The conditions that are not met."""
        return [name for name, row in self.conditions.items() if row.status == "unmet"]


@dataclass(frozen=True)
class ConditionsTable:
    """The table.

    Args:
        columns: Every condition that any case has, in order of appearance.
        rows: The cases that have conditions.
    """

    columns: tuple[str, ...]
    rows: tuple[ConditionsRow, ...]

    def lacking(self, condition: str) -> ConditionsTable:
        """Return only the cases to which a condition is not met."""
        return ConditionsTable(self.columns, tuple(row for row in self.rows if condition in row.unmet))

    def cells(self) -> list[list[str]]:
        """Return the table as texts, its head first."""
        return [[*FIRST_COLUMNS, *self.columns], *(self._texts(row) for row in self.rows)]

    def _texts(self, row: ConditionsRow) -> list[str]:
        given = (row.conditions.get(name) for name in self.columns)
        return [f"{row.case.request.number}号", who(row.case), standing(row.case).text, *map(_status, given)]


def _status(row: ConditionRow | None) -> str:
    """The site's word; where it shows none, ours in brackets."""
    if row is None:
        return ""
    return row.status_text or f"{BLANK}{word(row.status, 'condition').text}"


def conditions_table(cases: Iterable[LiveCase]) -> ConditionsTable:
    """Put the cases' conditions side by side; a case without conditions is left out."""
    rows = tuple(
        ConditionsRow(case, _named(case)) for case in cases if case.report and case.report.conditions
    )
    columns = dict.fromkeys(name for row in rows for name in row.conditions)
    return ConditionsTable(tuple(columns), rows)


def _named(case: LiveCase) -> dict[str, ConditionRow]:
    found: dict[str, ConditionRow] = {}
    for row in case.report.conditions.items if case.report and case.report.conditions else ():
        name, count = row.name, 2
        while name in found:
            name, count = f"{row.name}（{count}）", count + 1
        found[name] = row
    return found
