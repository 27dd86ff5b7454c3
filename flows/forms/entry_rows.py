"""Rows of repeating groups of entries (家庭成员信息, 过往履历信息): the student's own held against those that are there.

A row is a mapping of field names to texts as they stand, "" for a blank; what is there already is never doubled, and never
changed without being asked about (notice, 二（二）2（1）).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from agent.snapshot.tree import key
from flows.forms.model import NOW, HistoryEntry, month, month_text

Row = Mapping[str, str]
Same = Callable[[Row, Row], bool]
MONTHS = ("start", "end")
_DAY = re.compile(r"(?<=\d)\s*[-./月]\s*\d{1,2}\s*日?$")


@dataclass(frozen=True)
class EntryDifference:
    """A value that is there and that the student states otherwise."""

    row: int
    field: str
    there: str
    stated: str


@dataclass(frozen=True)
class Merged:
    """What is there, held against what the student states.

    Args:
        there: The rows that are there.
        filled: The same rows with the student's values where they were blank, and the missing rows after them.
        added: The places of the missing rows in ``filled``.
        differences: Values that are there and that the student states otherwise; untouched in ``filled``.
    """

    there: tuple[Row, ...]
    filled: tuple[Row, ...]
    added: tuple[int, ...]
    differences: tuple[EntryDifference, ...]

    @property
    def lacks_nothing(self) -> bool:
        """True when nothing is missing or blank that the student states."""
        return not self.added and all(map(same_values, self.there, self.filled))

    def changed(self) -> tuple[Row, ...]:
        """Return ``filled`` with every difference settled as the student states it."""
        stated = {(found.row, found.field): found.stated for found in self.differences}
        return tuple(
            {name: stated.get((place, name), value) for name, value in row.items()}
            for place, row in enumerate(self.filled)
        )


def merge(there: Sequence[Row], stated: Sequence[Row], tests: Sequence[Same]) -> Merged:
    """Hold rows against each other: each stated row is one that is there, or missing.

    Args:
        there: The rows on the page, blank ones left out.
        stated: The student's rows.
        tests: When a row is the same entry, the surest test first; each row there is claimed once.
    """
    claims = _claims(there, stated, tests)
    filled = [dict(row) for row in there]
    differences: list[EntryDifference] = []
    for own, place in claims.items():
        for name, value in stated[own].items():
            if value and not filled[place].get(name):
                filled[place][name] = value
            elif value and not same_value(name, filled[place][name], value):
                differences.append(EntryDifference(place, name, filled[place][name], value))
    missing = [dict(row) for own, row in enumerate(stated) if own not in claims]
    added = tuple(range(len(there), len(there) + len(missing)))
    return Merged(tuple(there), (*filled, *missing), added, tuple(differences))


def _claims(there: Sequence[Row], stated: Sequence[Row], tests: Sequence[Same]) -> dict[int, int]:
    """For each stated row that is there, the place where it is."""
    found: dict[int, int] = {}
    for same in tests:
        for own, row in enumerate(stated):
            free = (place for place in range(len(there)) if place not in found.values())
            place = next((place for place in free if own not in found and same(there[place], row)), None)
            if place is not None:
                found[own] = place
    return found


def in_order(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return history rows from the earliest to the latest, as the notice wants them (按时间顺序); of one month as they were."""
    return tuple(sorted(rows, key=lambda row: month_of(row.get("start", "")) or 0))


def same_value(name: str, there: str, stated: str) -> bool:
    """True when two texts say the same; of a time the month counts, however it is written."""
    if name in MONTHS and month_of(there) is not None:
        return month_of(there) == month_of(stated)
    return key(there) == key(stated)


def same_values(there: Row, other: Row) -> bool:
    """True when every field of ``other`` says what ``there`` says."""
    return all(same_value(name, there.get(name, ""), value) for name, value in other.items())


def same_rows(there: Sequence[Row], wanted: Sequence[Row]) -> bool:
    """True when both have the same rows in the same order."""
    return len(there) == len(wanted) and all(map(same_values, there, wanted))


def alike(there: Row, other: Row) -> int:
    """Return how many values that stand there the other row has too."""
    return sum(bool(value) and same_value(name, value, other.get(name, "")) for name, value in there.items())


def month_of(text: str) -> int | None:
    """Return the month of a time as shown, with or without a day."""
    return month(text) if month(text) is not None else month(_DAY.sub("", text.strip()))


def _equal(name: str) -> Same:
    def same(there: Row, stated: Row) -> bool:
        return bool(there.get(name)) and same_value(name, there[name], stated.get(name, ""))

    return same


def _both(one: Same, other: Same) -> Same:
    return lambda there, stated: one(there, stated) and other(there, stated)


def _overlap(there: Row, stated: Row) -> bool:
    spans = [(month_of(row.get("start", "")), month_of(row.get("end", ""))) for row in (there, stated)]
    (first, last), (begin, end) = spans
    if first is None or begin is None:
        return False
    return (last is None or last >= begin) and (end is None or end >= first)


SAME_RELATIVE: tuple[Same, ...] = (
    _both(_equal("relation"), _equal("name")),
    _equal("name"),
    _equal("relation"),
)
"""Father, mother and spouse are one person each, so that another name beside 母亲 is a difference and nobody new."""
SAME_STAY: tuple[Same, ...] = (
    _both(_equal("place"), _equal("start")),
    _both(_equal("place"), _overlap),
    _equal("start"),
)
"""One begins one thing in a month, so that another name or end beside the same beginning is a difference and no new entry."""


def row_of_history_entry(entry: HistoryEntry) -> Row:
    """Return a part of the history as a row of the page, its times as ``YYYY-MM`` or 至今."""
    row = {name: value for name, value in entry if name != "stage"}
    first, last = entry.months or (None, None)
    times = {
        "start": month_text(first) if first is not None else entry.start,
        "end": month_text(last) if last is not None else NOW,
    }
    return row | times
