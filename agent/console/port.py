"""What the console needs from the rest of the program; plain values, so that the command line pays nothing for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class Notice:
    """A notice that can be carried out."""

    id: str
    title: str
    start: date
    end: date


@dataclass(frozen=True)
class Account:
    """An invented account at a mock site, shown so that it can be typed there."""

    site: str
    username: str
    password: str


@dataclass(frozen=True)
class Practised:
    """An invented student to rehearse with: their notice, what is special about them, in Chinese, and their accounts."""

    id: str
    profile: str
    name: str
    id_number: str
    what: str
    accounts: tuple[Account, ...]


class Rehearsal(Protocol):
    """Mock sites that are running, and invented students."""

    @property
    def students(self) -> Sequence[Practised]:
        """Whom one may rehearse with."""
        ...

    def overrides(self, student: str, by_hand: bool) -> Mapping[str, Any]:
        """Return the settings that lead to the mock sites; with the student's passwords unless they sign in by hand."""
        ...

    def today(self, profile: str) -> date:
        """Return a day inside the notice's window."""
        ...


@dataclass(frozen=True)
class House:
    """Where and with what a console works.

    Args:
        folder: Where its case folders lie.
        notices: The notices to choose from.
        command: The command that carries one case out (``agent.console.worker``), in a process of its own.
        headless: Without browser windows; decided by whether there is a display when left out.
        windows: Says whether browser windows will be seen; raises ``UsageError`` when they were asked for and cannot be.
        blank_form: Returns the form that students fill in for a notice, as TOML with comments.
        problems: Says what is wrong with a form that was filled in for a notice.
        rehearsal: Mock sites instead of the real ones.
    """

    folder: Path
    notices: Sequence[Notice]
    command: Sequence[str]
    headless: bool | None
    windows: Callable[[], bool]
    blank_form: Callable[[str], str]
    problems: Callable[[str, str], Sequence[str]]
    rehearsal: Rehearsal | None = None
