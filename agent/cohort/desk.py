"""A cohort as a desk has it on the console's page: watched, and its roster taken in, attended, answered and called.

What is shown of students is masked as ``cohort status`` masks it, except where somebody is to be called or attended.
"""

from __future__ import annotations

import os
import shlex
import socket
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from agent.asks import kept_answer
from agent.cohort import receipts, roster
from agent.cohort.database import file_in
from agent.cohort.manager import Cohort, looked_at, opened
from agent.cohort.model import AT_THE_DESK, HELD, TO_BE_ANSWERED, WITH_CONSENT, Result, TaskState
from agent.cohort.report import Student, call_table, of
from agent.cohort.status import MOST_LINES, WORDS, why
from agent.cohort.store import CONSENT, Counts, StoredRow
from agent.cohort.worker import STATES
from agent.errors import ActionNeeded, CaseTaken, UsageError
from agent.files.file_names import is_own_name
from agent.plain_text import clean
from agent.privacy.private_files import write_private
from agent.privacy.redaction import mask_name
from agent.report.words import Word
from agent.settings import CohortSettings

if TYPE_CHECKING:
    from agent.report.model import Report

SOME_PROFILE = "通知配置的名字"
"""Stands in a command for the notice of a case that ended before the store kept which."""

LEASE_SECONDS = 12 * 3600
"""How long an attended student's case is the desk's: a working day at most, like a session of the console."""
ANSWERED_THERE = ("captcha.", "code.", "signed-in.", "take-over.", "confirm.")
"""Asks that can be answered only by who is there."""
PAGE_WORDS = {
    TO_BE_ANSWERED: "请学生到场回答，或记下学生的回答。",  # begins with the next one's words
    AT_THE_DESK: "请学生到场，由学生自己登录、自己回答。",
    WITH_CONSENT: "请学生到场，当面填写同意书。",
}
"""What the page's buttons do, in place of the commands that an officer at a terminal is told."""
KINDS = ((b"PK", ".xlsx"), (b"\xd0\xcf\x11\xe0", ".xls"))


@dataclass(frozen=True)
class RosterStudent:
    """A student of a cohort, as a page shows them.

    Args:
        ref: The pseudonym, or as much of it as the commands need to find the student.
        name: Masked, except where somebody is to be called or attended.
        word: How the case stands.
        student_number: 学号; empty when the roster has none.
        group: 教学点 or the like.
        profile: The notice of the last case; empty where there was none, or it was not kept.
        why: What there is to talk about: of a case that has ended, what it ended with.
        phone: Whom to call; empty where nobody is to be called.
        deadline: The first day until which something is to be done.
        asks: The ids of what was asked and nobody answered.
        remedy: What to do about it.
        command: What to type in a terminal once the student is there; empty when that would not help.
    """

    ref: str
    name: str
    word: Word
    student_number: str
    group: str
    profile: str
    why: str = ""
    phone: str = field(default="", repr=False)
    deadline: date | None = None
    asks: tuple[str, ...] = ()
    remedy: str = ""
    command: str = ""


@dataclass(frozen=True)
class CohortStatus:
    """How a cohort stands, and who is held: no more of them than fit a page."""

    counts: Counts
    held: Sequence[RosterStudent]

    @property
    def numbers(self) -> list[tuple[Word, int]]:
        """How many students stand how, every state in the order in which it is told."""
        return [(said, self.counts.states.get(state, 0)) for state, said in WORDS.items()]

    @property
    def done(self) -> int:
        """How many are done."""
        return self.counts.states.get(TaskState.DONE, 0)

    @property
    def more(self) -> int:
        """How many are held besides those that are named."""
        return max(0, sum(self.counts.states.get(state, 0) for state in HELD) - len(self.held))


@dataclass
class CohortView:
    """A cohort that is watched: read whenever a page wants to know, and never written.

    Args:
        cohort: The cohort, opened to read.
        place: Its folder, as the person named it.
        reworded: Says in a page's words what a terminal's commands would do.
    """

    cohort: Cohort
    place: str
    reworded: Callable[[str], str] = str

    def standing(self) -> CohortStatus:
        """Read how it stands, which may take a while; raises ``UsageError`` when it cannot be read."""
        counts, held = self.cohort.standing(MOST_LINES)
        return CohortStatus(counts, [self._held(row) for row in held])

    def _held(self, row: StoredRow) -> RosterStudent:
        student = _student(row, clean(mask_name(row.person.name)))
        remedy, command = self.reworded(row.result.remedy) if row.result else "", self._command(row)
        return replace(
            student, ref=row.code, why=clean(why(row)), asks=row.asks, remedy=remedy, command=command
        )

    def _command(self, row: StoredRow) -> str:
        """Command by which the student is attended; empty where that does not help: without consent, or while the site is down."""
        if row.state is not TaskState.NEEDS_PERSON or row.needs.startswith(CONSENT):
            return ""
        words = ["--profile", row.profile or SOME_PROFILE, "--folder", self.place]
        return shlex.join(["gradsync", "cohort", "attend", row.code, *words])


def watched(folder: Path, settings: CohortSettings) -> CohortView:
    """Open a cohort to be watched, and see that it can be read.

    Raises:
        UsageError: There is none, or its key or database cannot be used.
    """
    view = CohortView(looked_at(folder, settings), str(folder))
    view.standing()
    return view


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


@dataclass(frozen=True)
class RosterDesk:
    """The roster in a cohort's folder, as a desk works with it; everything may take a while, and raise ``GradsyncError``.

    Args:
        folder: The folder, which may have yet to be made.
        today: Returns the day that counts as today.
    """

    folder: Path
    settings: CohortSettings
    today: Callable[[], date] = field(repr=False)

    def view(self) -> CohortView | None:
        """Return how it stands, to be read; None while there is no roster."""
        is_there = bool(self.settings.database) or file_in(self.folder).is_file()
        return CohortView(self._read, str(self.folder), _in_page_words) if is_there else None

    @cached_property
    def _read(self) -> Cohort:
        return looked_at(self.folder, self.settings)

    @property
    def _worker(self) -> str:
        """Id of this desk among the workers; the same after the console was started again."""
        place = blake2b(os.fsencode(self.folder.resolve()), digest_size=4).hexdigest()
        return f"desk-{socket.gethostname()[:40]}-{place}"

    def take_in(self, data: bytes, name: str = "") -> RosterTaken:
        """Take in a roster's file; a student who is there already keeps what was done.

        Args:
            data: Its bytes.
            name: What it is called in what is told of it; empty where that is not known.
        """
        said: list[str] = []
        with tempfile.TemporaryDirectory(prefix="gradsync-") as place:
            read = roster.load(write_private(Path(place, _file_name(name, data)), data), self.today())
        if read.problems:
            lines = tuple(problem.describe() for problem in read.problems)
            return RosterTaken(f"名单有 {len(lines)} 处错误，什么都没有导入。", lines)
        handed_in = receipts.receipts(self.settings.consents) if self.settings.consents else None
        people = receipts.with_belongings(read.people, handed_in, {})
        with opened(self.folder, self.settings, said.append, may_be_new=True) as cohort:
            new, changed = cohort.store.put(people)
        told = f"名单上有 {len(people)} 名学生：新增 {new} 名，更新 {changed} 名。"
        return RosterTaken("".join((told, *read.left_out, *said)))

    def _open(self) -> AbstractContextManager[Cohort]:
        return opened(self.folder, self.settings, lambda text: None, may_be_new=False)

    # -- who is there --------------------------------------------------------------------------------------------------------

    def waiting(self) -> Sequence[RosterStudent]:
        """Return who has yet to begin or is being attended, masked."""
        return [_student(row, mask_name(row.person.name)) for row in self._read.store.to_come(MOST_LINES)]

    def student(self, ref: str) -> RosterStudent:
        """Return one student, by the pseudonym or its beginning."""
        row = self._read.find(ref)
        return _student(row, clean(row.person.name))

    def fits(self, ref: str, number: str) -> bool:
        """Say whether this is the student's document number."""
        return self._read.store.sealer.ref(number) == ref

    def calls(self, unmet: str) -> CallList:
        """Return whom to call; only those who lack a condition, where one is named."""
        summary = of(self._read.store.rows(), self.today())
        chosen = [each for each in summary.to_call if not unmet or _lacks(each, unmet)]
        table = [[_in_page_words(cell) for cell in line] for line in call_table(chosen)]
        return CallList([_called(each) for each in chosen], summary.conditions, table)

    # -- attending -----------------------------------------------------------------------------------------------------------

    def begin(self, ref: str) -> None:
        """Take a student's case, whatever had become of it; raises ``CaseTaken`` where a worker or another desk has it."""
        with self._open() as cohort:
            store = cohort.store
            store.to_queue(STATES, [ref])
            if not store.claim(ref, store.row(ref).round, self._worker, LEASE_SECONDS):
                raise CaseTaken("这名学生正由另一个工作进程或另一台电脑办理。")

    def end(self, ref: str, profile: str, report: Report | None) -> None:
        """Keep how a student's case has ended."""
        stopped = ActionNeeded("办理中断了。", "学生在场时接着办。")
        result = Result.of(report) if report else Result.of_error(stopped)
        with self._open() as cohort:
            cohort.store.finish(ref, self._worker, result.model_copy(update={"profile": profile}))

    def forget(self, ref: str) -> None:
        """Delete a student who has withdrawn the consent."""
        with self._open() as cohort, suppress(KeyError):
            if cohort.store.row(ref).state is TaskState.RUNNING:
                self.end(ref, "", None)
            cohort.store.forget([ref])

    def answer(self, ref: str, ask: str, value: str) -> None:
        """Keep a student's answer for the next run."""
        if ask.startswith(ANSWERED_THERE):
            raise UsageError("这个问题只能由学生当场回答。", "请学生到场，点“学生来了，开始办理”。")
        with self._open() as cohort:
            cohort.store.answer(cohort.find(ref).ref, ask, kept_answer(ask, value))


def _in_page_words(text: str) -> str:
    for said, page in PAGE_WORDS.items():  # a call list's lines have no full stop
        text = text.replace(said.rstrip("。"), page.rstrip("。"))
    return text


def _file_name(name: str, data: bytes) -> str:
    """The last part of the name that a browser told, if a file of ours may have it, else one of our own."""
    own = name.replace("\\", "/").rpartition("/")[2]
    if is_own_name(own):
        return own
    return f"名单{next((suffix for magic, suffix in KINDS if data.startswith(magic)), '.csv')}"


def _student(row: StoredRow, name: str) -> RosterStudent:
    number, group = clean(row.person.student_number), row.person.group
    return RosterStudent(row.ref, name, WORDS[row.state], number, group, row.profile)


def _called(each: Student) -> RosterStudent:
    """A student of the call list, with the name in full and the number to call."""
    why = "；".join(clean(_in_page_words(line)) for line in each.why if line)
    student = _student(each.row, clean(each.row.person.name))
    return replace(student, phone=clean(each.row.person.phone), why=why, deadline=each.deadline)


def _lacks(each: Student, condition: str) -> bool:
    found = each.condition(condition)
    return found is not None and found[0].tone == "bad"
