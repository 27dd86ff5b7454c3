"""Ports of the console to the rest of the program; plain values, so that the command line pays nothing for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from agent.cohort.desk import CohortView, RosterDesk
    from agent.consent import Tick


@dataclass(frozen=True)
class Notice:
    """A notice that can be carried out.

    Args:
        accounts: The sites at which the student signs in, in Chinese.
    """

    id: str
    title: str
    start: date | None
    end: date | None
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Account:
    """An invented account at a mock site, shown so that it can be typed there."""

    site: str
    username: str
    password: str


@dataclass(frozen=True)
class DemoStudent:
    """An invented student to rehearse with, at mock sites that are running.

    Args:
        profile: Their notice.
        what: What is special about them, in Chinese.
        accounts: What they sign in with.
        today: A day on which the notice can be rehearsed; None for a notice that names no day.
        overrides: Returns the settings that lead to the mock sites, without the passwords for one who signs in by hand (True).
    """

    id: str
    profile: str
    name: str
    id_number: str
    what: str
    accounts: tuple[Account, ...]
    today: date | None
    overrides: Callable[[bool], Mapping[str, Any]] = field(repr=False)


SheetKind = Literal["text", "choice", "month", "long", "flag"]
Entries = Mapping[str, Sequence[Mapping[str, str]]]
"""What was filled in: the rows of each part by its id, each row's texts by the names of its fields."""


@dataclass(frozen=True)
class SheetField:
    """One thing to fill in.

    Args:
        name: Its key in the row.
        label: What is asked for, in Chinese.
        kind: How it is filled in.
        required: Whether a row that is begun must have it.
        options: What may be chosen; for a text, what is suggested.
        hint: What to mind.
        now: The word for a month that is not over yet; empty where there is none.
    """

    name: str
    label: str
    kind: SheetKind = "text"
    required: bool = False
    options: tuple[str, ...] = ()
    hint: str = ""
    now: str = ""


@dataclass(frozen=True)
class SheetPart:
    """One part of what a student fills in.

    Args:
        id: Its name in the file.
        title: What people call it.
        hint: What the notice asks of it.
        fields: What each row has.
        row: What one of several rows is called; empty where there is just one.
        begins: The rows of a sheet that nobody has filled in.
        required: Whether the notice wants it of everybody.
    """

    id: str
    title: str
    hint: tuple[str, ...]
    fields: tuple[SheetField, ...]
    row: str = ""
    begins: tuple[Mapping[str, str], ...] = ({},)
    required: bool = False


@dataclass(frozen=True)
class SheetProblem:
    """One thing to put right, in Chinese, and where: the field is empty where the whole row is meant."""

    part: str
    row: int
    field: str
    said: str


@dataclass(frozen=True)
class SheetCheck:
    """What the notice's rules say of what was filled in.

    Args:
        problems: Everything that is to be put right.
        counts: How many characters long texts have, as the rules count, by part, row and field.
        least: How many they must have.
        is_blank: Whether nothing was filled in at all.
    """

    problems: Sequence[SheetProblem]
    counts: Mapping[tuple[str, int, str], int]
    least: int
    is_blank: bool


class FormSheets(Protocol):
    """What students fill in for a notice, with the same model and the same rules as its file."""

    def parts(self, profile: str) -> Sequence[SheetPart]:
        """Return the parts of a notice's sheet; none where it asks students to fill nothing in."""

    def read(self, profile: str, data: bytes) -> Entries:
        """Return what a file holds; raises ``UsageError`` where it cannot be read, or a part of it would be left out."""

    def kept(self, profile: str, data: bytes) -> Entries:
        """Return a draft that ``write`` wrote, with whatever is still wrong in it; raises ``UsageError`` where it cannot be read."""

    def shown(self, profile: str, folder: Path) -> Entries:
        """Return the rows that the platform has already shown, as the last reading kept them in a case folder; by part."""

    def check(self, profile: str, entries: Entries) -> SheetCheck:
        """Hold what was filled in against the notice's rules."""

    def write(self, profile: str, entries: Entries) -> bytes:
        """Return the file that holds it, for ``--form`` and for another day."""


@dataclass(frozen=True)
class ConsoleServices:
    """Where and with what a console works.

    Args:
        folder: Where its case folders lie.
        notices: The notices to choose from.
        command: The command that carries one case out (``agent.console.cases.worker``), in a process of its own.
        headless: Without browser windows; decided by whether there is a display when left out.
        windows: Says whether browser windows will be seen; raises ``UsageError`` when they were asked for and cannot be.
        problems: Says what is wrong with a form that was filled in for a notice, as the bytes of its file.
        sheets: What students fill in for a notice.
        open_folder: Shows a folder in the system's file manager; False where there is none.
        printed: Prints the report in a case's folder and returns it as a PDF; raises ``GradsyncError`` without a browser.
        required: Says without which consents a helped student's case for a notice cannot be carried out.
        today: Returns the day that counts as today.
        rehearsal: Whom one may rehearse with at mock sites, instead of the real ones.
        cohort: The cohort that is watched besides.
        roster: Opens the roster that the desk works with, whose parts load then; None where they are not installed.
    """

    folder: Path
    notices: Sequence[Notice]
    command: Sequence[str]
    headless: bool | None
    windows: Callable[[], bool]
    problems: Callable[[bytes, str], Sequence[str]]
    sheets: FormSheets
    open_folder: Callable[[Path], bool]
    printed: Callable[[Path], bytes]
    required: Callable[[str], frozenset[Tick]]
    today: Callable[[], date]
    rehearsal: Sequence[DemoStudent] = ()
    cohort: CohortView | None = None
    roster: Callable[[], RosterDesk] | None = None

    def notice(self, profile: str) -> Notice | None:
        """Return the notice of this id, where it is on offer."""
        return next((row for row in self.notices if row.id == profile), None)

    def invented(self, student: str | None) -> DemoStudent | None:
        """Return the invented student of this id; None where nothing is rehearsed."""
        return next((row for row in self.rehearsal if row.id == student), None)
