"""Ports of the console to the rest of the program; plain values, so that the command line pays nothing for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from agent.consent import Tick
    from agent.report.model import Report
    from agent.report.render import Word


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
    """An invented student to rehearse with: their notice, what is special about them, in Chinese, and their accounts."""

    id: str
    profile: str
    name: str
    id_number: str
    what: str
    accounts: tuple[Account, ...]


class DemoSites(Protocol):
    """Mock sites that are running, and invented students."""

    @property
    def students(self) -> Sequence[DemoStudent]:
        """Whom one may rehearse with."""
        ...

    def overrides(self, student: str, by_hand: bool) -> Mapping[str, Any]:
        """Return the settings that lead to the mock sites; with the student's passwords unless they sign in by hand."""
        ...

    def today(self, profile: str) -> date | None:
        """Return a day on which the notice can be rehearsed; None for a notice that names no day."""
        ...


@dataclass(frozen=True)
class Number:
    """How many students of a cohort stand alike, and in which words."""

    word: Word
    students: int


@dataclass(frozen=True)
class Held:
    """A student of a cohort whose case has ended and is not done, masked.

    Args:
        ref: The beginning of the pseudonym, by which the commands find the student.
        student_number: 学号; empty when the roster has none.
        name: The name, masked.
        word: How the case stands.
        why: What it ended with.
        asks: The ids of what was asked and nobody answered.
        remedy: What to do about it.
        command: What to type in a terminal once the student is there; empty when that would not help.
        profile: The notice of the case that has ended; empty where the store did not keep it.
    """

    ref: str
    student_number: str
    name: str
    word: Word
    why: str
    asks: tuple[str, ...]
    remedy: str
    command: str
    profile: str = ""


@dataclass(frozen=True)
class CohortStatus:
    """How a cohort stands.

    Args:
        numbers: Every state, in the order in which it is told.
        done: How many are done.
        open: How many are queued or being worked on.
        workers: How many workers are alive.
        held: Who is held, and no more than fit a page.
        more: How many are held besides these.
    """

    numbers: Sequence[Number]
    done: int
    open: int
    workers: int
    held: Sequence[Held]
    more: int

    @property
    def total(self) -> int:
        """How many students there are."""
        return sum(number.students for number in self.numbers)


class CohortView(Protocol):
    """A cohort that is watched: read whenever a page wants to know, and never written."""

    @property
    def place(self) -> str:
        """The folder, as the person named it."""
        ...

    def standing(self) -> CohortStatus:
        """Read how it stands, which may take a while; raises ``GradsyncError`` when it cannot be read."""
        ...


@dataclass(frozen=True)
class RosterStudent:
    """A student of a roster, as the desk calls and attends them.

    Args:
        ref: The pseudonym.
        name: The name; masked, except where somebody is to be called or attended.
        student_number: 学号; empty when the roster has none.
        word: How the case stands.
        group: 教学点 or the like.
        phone: Whom to call; empty where nobody is to be called.
        why: What there is to talk about.
        deadline: The first day until which something is to be done.
        profile: The notice of the student's last case; empty where there was none.
    """

    ref: str
    name: str
    student_number: str
    word: Word
    group: str = ""
    phone: str = field(default="", repr=False)
    why: tuple[str, ...] = ()
    deadline: date | None = None
    profile: str = ""


@dataclass(frozen=True)
class RosterTaken:
    """What became of a roster's file: the problems are told all at once, and where there are any nothing was taken in."""

    said: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class CallList:
    """Whom to call today, the most urgent first, and the conditions by which they can be chosen."""

    students: Sequence[RosterStudent]
    conditions: Sequence[str]
    table: Sequence[Sequence[str]] = field(repr=False, default=())


class RosterDesk(Protocol):
    """A cohort's roster as a desk works with it; every method may take a while, and raise ``GradsyncError``."""

    def view(self) -> CohortView | None:
        """Return how it stands, to be read; None while there is no roster."""
        ...

    def take_in(self, data: bytes) -> RosterTaken:
        """Take in the bytes of a roster's file."""
        ...

    def waiting(self) -> Sequence[RosterStudent]:
        """Return who has yet to begin or is being attended, masked."""
        ...

    def student(self, ref: str) -> RosterStudent:
        """Return one student, by the pseudonym or its beginning."""
        ...

    def fits(self, ref: str, number: str) -> bool:
        """Say whether this is the student's document number."""
        ...

    def begin(self, ref: str) -> None:
        """Take a student's case, so that no worker does."""
        ...

    def end(self, ref: str, profile: str, report: Report | None) -> None:
        """Keep how a student's case has ended."""
        ...

    def forget(self, ref: str) -> None:
        """Delete a student who has withdrawn the consent."""
        ...

    def answer(self, ref: str, ask: str, value: str) -> None:
        """Keep a student's answer for the next run."""
        ...

    def calls(self, unmet: str) -> CallList:
        """Return whom to call; only those who lack a condition, where one is named."""
        ...


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
        ...

    def read(self, profile: str, data: bytes) -> Entries:
        """Return what a file holds; raises ``UsageError`` where it cannot be read, or a part of it would be left out."""
        ...

    def kept(self, profile: str, data: bytes) -> Entries:
        """Return a draft that ``write`` wrote, with whatever is still wrong in it; raises ``UsageError`` where it cannot be read."""
        ...

    def shown(self, profile: str, folder: Path) -> Entries:
        """Return the rows that the platform has already shown, as the last reading kept them in a case folder; by part."""
        ...

    def check(self, profile: str, entries: Entries) -> SheetCheck:
        """Hold what was filled in against the notice's rules."""
        ...

    def write(self, profile: str, entries: Entries) -> bytes:
        """Return the file that holds it, for ``--form`` and for another day."""
        ...


@dataclass(frozen=True)
class ConsoleServices:
    """Where and with what a console works.

    Args:
        folder: Where its case folders lie.
        notices: The notices to choose from.
        command: The command that carries one case out (``agent.console.cases.worker``), in a process of its own.
        headless: Without browser windows; decided by whether there is a display when left out.
        windows: Says whether browser windows will be seen; raises ``UsageError`` when they were asked for and cannot be.
        blank_form: Returns the form that students fill in for a notice, as TOML with comments.
        problems: Says what is wrong with a form that was filled in for a notice, as the bytes of its file.
        sheets: What students fill in for a notice.
        open_folder: Shows a folder in the system's file manager; False where there is none.
        printed: Prints the report in a case's folder and returns it as a PDF; raises ``GradsyncError`` without a browser.
        required: Says without which consents a helped student's case for a notice cannot be carried out.
        today: Returns the day that counts as today.
        rehearsal: Mock sites instead of the real ones.
        cohort: The cohort that is watched besides.
        roster: Opens the roster that the desk works with, whose parts load then; None where they are not installed.
    """

    folder: Path
    notices: Sequence[Notice]
    command: Sequence[str]
    headless: bool | None
    windows: Callable[[], bool]
    blank_form: Callable[[str], str]
    problems: Callable[[bytes, str], Sequence[str]]
    sheets: FormSheets
    open_folder: Callable[[Path], bool]
    printed: Callable[[Path], bytes]
    required: Callable[[str], frozenset[Tick]]
    today: Callable[[], date]
    rehearsal: DemoSites | None = None
    cohort: CohortView | None = None
    roster: Callable[[], RosterDesk] | None = None

    def notice(self, profile: str) -> Notice | None:
        """Return the notice of this id, where it is on offer."""
        return next((row for row in self.notices if row.id == profile), None)

    def invented(self, student: str | None) -> DemoStudent | None:
        """Return the invented student of this id; None where nothing is rehearsed."""
        students = self.rehearsal.students if self.rehearsal else ()
        return next((row for row in students if row.id == student), None)
