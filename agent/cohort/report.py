"""The report over a whole cohort: whom to call today, and every student's duties and conditions, as HTML, CSV and XLSX."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from agent.cohort.model import TaskState
from agent.cohort.status import WORDS
from agent.cohort.store import StoredRow
from agent.files.spreadsheets import csv_bytes, xlsx_bytes
from agent.privacy.private_files import PrivateFolder
from agent.privacy.redaction import mask_number
from agent.report.words import BLANK, Word, word
from agent.templates import templates

STUDENT = "student"
NO_DAY = date.max


@dataclass(frozen=True)
class Student:
    """One line of the report."""

    row: StoredRow
    today: date

    @property
    def number(self) -> str:
        """The document number, masked: whoever calls knows whom."""
        return mask_number(self.row.person.number)

    @property
    def state(self) -> Word:
        """How the case stands."""
        return WORDS[self.row.state]

    @property
    def why(self) -> list[str]:
        """What there is to talk about: what stopped the case, and what the student has to do."""
        result = self.row.result
        if result is None:
            return []
        told = f"{result.message}{result.remedy}".rstrip("。")
        stopped = [told] if self.row.state is TaskState.NEEDS_PERSON else []
        return [*stopped, *self._todo]

    @property
    def _todo(self) -> list[str]:
        """What the student has to do."""
        steps = self.row.result.todo if self.row.result else ()
        return [step.title.rstrip("。") for step in steps if step.who == STUDENT]

    @property
    def deadline(self) -> date | None:
        """The first day until which something is to be done."""
        result = self.row.result
        days = (
            [step.deadline for step in result.todo if step.deadline and step.who == STUDENT] if result else []
        )
        return min(days, default=result.deadline if result else None)

    @property
    def days_left(self) -> int | None:
        """Days until then; negative when it is over."""
        return (self.deadline - self.today).days if self.deadline else None

    @property
    def to_call(self) -> bool:
        """Whether a call today helps: a person has to do something, or has conditions of their own to fulfil."""
        return self.row.state in (TaskState.NEEDS_PERSON, TaskState.DONE) and bool(self.why)

    @property
    def urgency(self) -> tuple[bool, date, int, int]:
        """Order on the call list: who stops the whole case, then whose day is nearest, then who has most to do."""
        stands_still = self.row.state is TaskState.NEEDS_PERSON
        return (not stands_still, self.deadline or NO_DAY, -len(self._todo), self.row.person.position)

    def duty(self, name: str) -> Word | None:
        """Return how a duty stands."""
        result = self.row.result
        found = next((duty for duty in result.duties if duty.title == name), None) if result else None
        return word(found.status, "duty") if found else None

    def condition(self, name: str) -> tuple[Word, str] | None:
        """Return how a condition stands, and the platform's own word; of two rows of one name the worse."""
        result = self.row.result
        rows = [row for row in result.conditions if row.name == name] if result else []
        if not rows:
            return None
        worst = max(rows, key=lambda row: _BADNESS.get(row.status, 0))
        return word(worst.status, "condition"), worst.status_text or BLANK


_BADNESS = {"met": 0, "not_applicable": 1, "pending": 2, "unknown": 3, "unmet": 4}


@dataclass(frozen=True)
class CohortReport:
    """All lines, and the columns that any of them has."""

    students: Sequence[Student]
    duties: Sequence[str]
    conditions: Sequence[str]
    today: date

    @property
    def to_call(self) -> list[Student]:
        """Whom to call today, the most urgent first."""
        return sorted((each for each in self.students if each.to_call), key=lambda each: each.urgency)

    @property
    def counts(self) -> list[tuple[Word, int]]:
        """How many students stand how."""
        found = Counter(each.row.state for each in self.students)
        return [(said, found[state]) for state, said in WORDS.items() if found[state]]

    def unmet(self, name: str) -> int:
        """Return how many have not fulfilled a condition."""
        shown = (each.condition(name) for each in self.students)
        return sum(said is not None and said[0].tone == "bad" for said in shown)


def of(rows: Iterable[StoredRow], today: date) -> CohortReport:
    """Return the summary of a cohort; ``today`` decides how near a deadline is."""
    students = [Student(row, today) for row in rows]
    results = [each.row.result for each in students if each.row.result]
    duties = dict.fromkeys(duty.title for result in results for duty in result.duties)
    conditions = dict.fromkeys(row.name for result in results for row in result.conditions)
    return CohortReport(students, tuple(duties), tuple(conditions), today)


def write(folder: Path, summary: CohortReport) -> list[Path]:
    """Write the report in its three forms, readable by their owner only, and return the files.

    Raises:
        UsageError: The folder cannot be written to.
    """
    private = PrivateFolder(folder, str)
    table, calls = _table(summary), call_table(summary.to_call)
    page = templates("agent.cohort").get_template("cohort.html").render(summary=summary)
    return [
        private.write_as_is("cohort.html", page.encode()),
        private.write_as_is("cohort.csv", csv_bytes(table)),
        private.write_as_is("calls.csv", csv_bytes(calls)),
        private.write_as_is("cohort.xlsx", xlsx_bytes([("今天联系", calls), ("全部学生", table)])),
    ]


def call_table(students: Sequence[Student]) -> list[list[str]]:
    """Return a call list as a table, its head first."""
    head = ["姓名", "学号", "手机", "教学点", "情况", "要说的事", "截止", "还剩几天", "代号"]
    return [
        head,
        *(
            [
                *(who.name, who.student_number, who.phone, who.group),
                *(each.state.text, "；".join(each.why), str(each.deadline or "")),
                *("" if each.days_left is None else str(each.days_left), each.row.code),
            ]
            for each in students
            for who in (each.row.person,)
        ),
    ]


def _table(summary: CohortReport) -> list[list[str]]:
    head = ["姓名", "证件号码", "学号", "手机", "教学点", "代号", "情况", "说明"]
    return [
        [*head, *summary.duties, *summary.conditions],
        *(
            [
                *(who.name, each.number, who.student_number, who.phone, who.group, each.row.code),
                *(each.state.text, each.row.result.headline if each.row.result else ""),
                *(duty.text if (duty := each.duty(name)) else "" for name in summary.duties),
                *(row[1] if (row := each.condition(name)) else "" for name in summary.conditions),
            ]
            for each in summary.students
            for who in (each.row.person,)
        ),
    ]
