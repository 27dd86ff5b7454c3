"""What is other than in the report before, for whoever looks again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agent.report.model import Report
from agent.report.render import BLANK, word


@dataclass(frozen=True)
class Changed:
    """A condition or duty that stands otherwise than before, in the words of the page."""

    label: str
    before: str
    after: str


def changed(before: Report | None, now: Report | None) -> list[Changed]:
    """Return what changed between two reports of a case; nothing where there is no earlier one."""
    return list(_changed(before, now)) if before and now else []


def _changed(before: Report, now: Report) -> Iterator[Changed]:
    earlier, later = _standing(before), _standing(now)
    for label, after in later.items():
        if label in earlier and earlier[label] != after:
            yield Changed(label, earlier[label], after)


def _standing(report: Report) -> dict[str, str]:
    conditions = report.conditions.items if report.conditions else ()
    return {
        **{row.name: row.status_text or BLANK for row in conditions},
        **{row.title: word(row.status, "duty").text for row in report.duties},
    }
