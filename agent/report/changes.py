"""What differs between two reports of one student: condition by condition, value by value. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from agent.report.model import ChangeRow, Report

PHOTO_TITLE = "毕业照片与学历照片"
NEW_PHOTO = "学信网的学历照片"
What = Literal["condition", "check", "photo", "duty"]
Told = Mapping[str, tuple[str, str]]
"""Label and value of things that can change, by id."""


def since(earlier: Report, now: Report) -> tuple[ChangeRow, ...]:
    """Return what has changed since an earlier report, what the school decides first.

    Args:
        earlier: The newest earlier report of the same student and notice.
        now: This one; what it did not read has not changed.
    """
    kinds: tuple[tuple[What, Told, Told], ...] = (
        ("condition", _conditions(earlier), _conditions(now)),
        ("photo", _photos(earlier), _photos(now)),
        ("check", _checks(earlier), _checks(now)),
        ("duty", _duties(earlier), _duties(now)),
    )
    return tuple(row for what, before, after in kinds for row in _rows(what, before, after, earlier))


def is_of_same_student(earlier: Report, now: Report) -> bool:
    """True for reports of one notice about one student, as far as their masks tell."""
    return earlier.subject is not None and (earlier.profile, earlier.subject) == (now.profile, now.subject)


def _rows(what: What, before: Told, after: Told, earlier: Report) -> Iterator[ChangeRow]:
    for name, (label, value) in after.items():
        old = before.get(name, (label, value))[1]
        if old != value:
            yield ChangeRow(
                what=what, id=name, label=label, before=old, after=value, since=earlier.generated_at
            )


def _conditions(report: Report) -> Told:
    """By name, the second of two equal names by its number too: places change when a condition is added."""
    rows = report.conditions.items if report.conditions else ()
    names = _numbered(row.name for row in rows)
    return {name: (row.name, row.status_text) for name, row in zip(names, rows, strict=True) if not row.stale}


def _numbered(names: Iterable[str]) -> list[str]:
    seen: Counter[str] = Counter()
    numbered = []
    for name in names:
        seen[name] += 1
        numbered.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return numbered


def _checks(report: Report) -> Told:
    """Values of both sides, and the verdict by its English word."""
    told: dict[str, tuple[str, str]] = {}
    for row in report.checks:
        sides = {"left": row.left, **({"right": row.right} if row.right else {})}
        told |= {f"{row.id}.{name}": (row.label, side.value) for name, side in sides.items() if side.value}
        told[row.id] = (row.label, row.verdict)
    return told


def _photos(report: Report) -> Told:
    """Whether 学信网 has the photo, where it was looked for, and how the platform's compares with it."""
    missing = any(row.id.startswith("photo.") and row.left.value is None for row in report.checks)
    has = report.photo is not None and report.photo.chsi is not None
    told = {"chsi": (NEW_PHOTO, "有" if has else "还没有")} if has or missing else {}
    for row in report.photo.comparisons if report.photo else ():
        if row.b == "platform_copy":
            told[row.b] = (PHOTO_TITLE, row.verdict)
    return told


def _duties(report: Report) -> Told:
    told = {row.id: (row.title, row.status) for row in report.duties}
    return {name: row for name, row in told.items() if row[1] not in ("skipped", "not_run")}
