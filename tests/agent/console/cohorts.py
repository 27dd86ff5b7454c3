"""A cohort of invented students in a folder, some of whom are done and some of whom are held."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.cohort.database import address_in
from agent.cohort.manager import AGAIN
from agent.cohort.model import Person, Result
from agent.cohort.sealing import Sealer
from agent.cohort.store import Store
from agent.errors import ConsentMissing, GradsyncError, LoginByHandNeeded, NobodyThere, SiteUnavailable
from agent.privacy.private_files import write_private
from fixtures.people.crowd import crowd
from tests.agent.cohort.crew import KEY
from tests.agent.console.house import NOTICE

BY_HAND = LoginByHandNeeded("要由学生本人登录。")
NO_CONSENT = ConsentMissing("名单里的这名学生没有同意书。")
ASKED = NobodyThere("没有人可以回答“选择要办理的学籍”。")
DOWN = SiteUnavailable("学信网打不开。")
PHONE = "10000000001"
SILENT = 3600.0
"""Seconds for which a worker of these counts as alive."""


@dataclass(frozen=True)
class Cohort:
    """A store that is worked on.

    Args:
        store: The store.
        folder: Where it lies.
        key_file: The file of its key.
    """

    store: Store
    folder: Path
    key_file: Path

    def ref(self, place: int) -> str:
        """Return the pseudonym of the student in this place of the roster."""
        return self.store.sealer.ref(crowd(place + 1)[place].id_number)

    def begin(self, place: int) -> None:
        """Let the worker take this student's case."""
        ref = self.ref(place)
        assert self.store.claim(ref, self.store.row(ref).round, "worker", SILENT)

    def end(self, place: int, error: GradsyncError | None = None, asks: tuple[str, ...] = ()) -> None:
        """Let the worker end this student's case, well unless an error is given."""
        self.begin(place)
        result = Result.of_error(error or BY_HAND)
        changed = {"asks": asks, "profile": NOTICE.id, **({} if error else {"exit_status": 0})}
        assert self.store.finish(self.ref(place), "worker", result.model_copy(update=changed))


@contextmanager
def cohort(folder: Path, students: int) -> Iterator[Cohort]:
    """Import that many students into a folder's cohort, and queue them."""
    key_file = folder.parent / "cohort.key"
    write_private(key_file, base64.b64encode(KEY))
    folder.mkdir()
    with closing(Store(address_in(folder), Sealer(KEY))) as store:
        store.put(
            Person(
                position=place,
                name=student.name,
                number=student.id_number,
                student_number=student.platform.student_number,
                phone=PHONE,
            )
            for place, student in enumerate(crowd(students))
        )
        store.to_queue(AGAIN)
        yield Cohort(store, folder, key_file)


def in_the_middle(work: Cohort) -> None:
    """Let it be some way on: five done, four held, one being worked on, by a worker that is alive."""
    for place in range(5):
        work.end(place)
    work.end(5, BY_HAND)
    work.end(6, NO_CONSENT)
    work.end(7, ASKED, ("choose-enrollment",))
    work.end(8, DOWN)
    work.begin(9)
    work.store.heartbeat("worker", None, SILENT)
