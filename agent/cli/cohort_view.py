"""A cohort as the console's page shows it: read, masked as ``cohort status`` masks, and never written."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from agent.cohort.manager import Cohort, looked_at
from agent.cohort.model import TaskState
from agent.cohort.status import MOST_LINES, WORDS, why
from agent.cohort.store import CONSENT, StoredRow
from agent.console.ports import CohortStatus, CohortView, Held, Number
from agent.privacy.redaction import mask_name
from agent.report.render import Tone, Word
from agent.report.terminal import clean
from agent.settings import CohortSettings

LOOKS: Final[Mapping[TaskState, tuple[Tone, str]]] = {
    TaskState.DONE: ("good", "√"),
    TaskState.NEEDS_PERSON: ("warn", "!"),
    TaskState.FAILED: ("bad", "×"),
    TaskState.RUNNING: ("plain", "…"),
    TaskState.QUEUED: ("plain", ""),
    TaskState.IMPORTED: ("plain", ""),
}
SOME_PROFILE = "通知配置的名字"
"""Stands in a command for the notice of a case that ended before the store kept which."""


@dataclass(frozen=True)
class Overseen:
    """A cohort that somebody watches.

    Args:
        cohort: The cohort, opened to read.
        place: Its folder, as the person named it.
        reworded: Says in a page's words what a terminal's commands would do.
    """

    cohort: Cohort
    place: str
    reworded: Callable[[str], str] = lambda text: text

    def standing(self) -> CohortStatus:
        """Read how it stands; raises ``UsageError`` when it cannot be read."""
        counts, held = self.cohort.standing(MOST_LINES)
        numbers = [Number(state_word(state), counts.states.get(state, 0)) for state in WORDS]
        all_held = sum(counts.states.get(state, 0) for state in (TaskState.NEEDS_PERSON, TaskState.FAILED))
        return CohortStatus(
            numbers=numbers,
            done=counts.states.get(TaskState.DONE, 0),
            open=counts.open,
            workers=counts.workers,
            held=[self._held(row) for row in held],
            more=max(0, all_held - len(held)),
        )

    def _held(self, row: StoredRow) -> Held:
        return Held(
            ref=row.code,
            student_number=clean(row.person.student_number),
            name=clean(mask_name(row.person.name)),
            word=state_word(row.state),
            why=clean(why(row)),
            asks=row.asks,
            remedy=self.reworded(row.result.remedy) if row.result else "",
            command=self._command(row),
            profile=row.profile,
        )

    def _command(self, row: StoredRow) -> str:
        """Command by which the student is attended; empty where that does not help: without consent, or while the site is down."""
        if row.state is not TaskState.NEEDS_PERSON or row.needs.startswith(CONSENT):
            return ""
        words = ["--profile", row.profile or SOME_PROFILE, "--folder", self.place]
        return shlex.join(["gradsync", "cohort", "attend", row.code, *words])


def overseen(folder: Path, settings: CohortSettings) -> CohortView:
    """Open a cohort for the console, and see that it can be read.

    Raises:
        UsageError: There is none, or its key or database cannot be used.
    """
    cohort = Overseen(looked_at(folder, settings), str(folder))
    cohort.standing()
    return cohort


def state_word(state: TaskState) -> Word:
    """Return how a student's case stands, as a page shows it."""
    tone, mark = LOOKS[state]
    return Word(WORDS[state], tone, mark)
