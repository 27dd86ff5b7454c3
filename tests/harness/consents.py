"""Consents of an invented student."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.consent import Action, Gate, Needs, Party, Receipt, Register, Sensitive, Tick, issue
from flows.run.consents import needed
from tests.harness.cases import NUMBER

EVERYTHING: frozenset[Tick] = frozenset((*Action, *Sensitive))
NOW = datetime(2024, 6, 3, 10, tzinfo=UTC)
WEEK = timedelta(days=7)
HELPER = Party(party_name="李老师（教学点）", party_contact="029-00000000")


def receipt(
    ticks: frozenset[Tick] = EVERYTHING,
    *,
    now: datetime = NOW,
    valid: timedelta = WEEK,
    keep: timedelta = WEEK,
) -> Receipt:
    """Return a student's consent."""
    return issue("王岚", NUMBER, HELPER, ticks, now, valid, keep)


class Clock:
    """A time that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now


def gate(
    folder: Path, ticks: frozenset[Tick] = EVERYTHING, *, clock: Clock | None = None, needs: Needs = needed
) -> Gate:
    """Return a gate whose register lies in a folder of the test's."""
    return Gate(receipt(ticks), needs, Register(folder / "register"), clock or Clock())
