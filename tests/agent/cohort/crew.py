"""Workers seen from outside: who works on whom, and what is left when it is over."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from agent.cohort.database import students
from agent.cohort.model import TaskState
from agent.cohort.sealing import Sealer
from agent.cohort.store import Store, StoredRow
from agent.cohort.worker import MOST_TRIES
from fixtures.people.students import Student
from fixtures.world import World

KEY = bytes(range(32))


@retry(retry=retry_if_exception_type(LookupError), wait=wait_fixed(0.1), stop=stop_after_delay(60))
def busy_worker(store: Store, besides: Iterable[int] = ()) -> int:
    """Return the process id of a worker that is working on somebody; waits until there is one.

    A student over whom a worker has died twice is left alone: the third time is taken for the student's own fault.
    """
    with store.engine.begin() as connection:
        spared = (students.c.state == TaskState.RUNNING, students.c.tries < MOST_TRIES)
        query = sa.select(students.c.worker).where(*spared)
        found = [int(name.split("-")[-2]) for name in connection.execute(query).scalars() if name]
    others = [pid for pid in found if pid not in set(besides)]
    if not others:
        raise LookupError("no worker is working on anybody")
    return others[0]


def kill(pid: int) -> None:
    """End a process as a power cut would."""
    os.kill(pid, signal.SIGKILL)


def rows(address: str) -> list[StoredRow]:
    """Return everybody in a store."""
    with closing(Store(address, Sealer(KEY))) as store:
        return list(store.rows())


def mixed_up(world: World, found: Sequence[StoredRow], everybody: Sequence[Student]) -> Iterator[str]:
    """Yield what was lost, done twice, or done with another student's data."""
    effects = [effect for effect in world.state()["effects"] if effect["kind"] == "photo_upload"]
    uploads = Counter(effect["student"] for effect in effects)
    numbers = {effect["student"]: effect["file_name"] for effect in effects}
    states = {row.person.number: row.state for row in found}
    for student in everybody:
        if states.get(student.id_number) is not TaskState.DONE:
            yield f"{student.student} is {states.get(student.id_number)}"
        if uploads[student.student] != 1:
            yield f"{student.student}: {uploads[student.student]} uploads"
        if numbers.get(student.student) != f"{student.id_number}.jpg":
            yield f"{student.student}: another's file"


def readable(data: bytes, everybody: Sequence[Student]) -> list[str]:
    """Return the students of whom something can be read in ``data``."""
    return [student.student for student in everybody if any(secret in data for secret in _secrets(student))]


def _secrets(student: Student) -> Iterator[bytes]:
    passwords = (pair.password for pair in student.credentials.values())
    for text in (student.name, student.id_number, student.platform.student_number, *passwords):
        yield text.encode()
        yield text.encode("utf-16-le")


def files(folder: Path) -> bytes:
    """Return everything in the files of a folder, but not below it."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())
