"""A cohort's key that is another, lost or open to others; rows and tasks that somebody damaged."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser

from agent.cohort import manager, report
from agent.cohort.database import address_in
from agent.cohort.manager import AGAIN, Cohort, WorkerPool, looked_at, opened
from agent.cohort.model import CohortOrder, Person, Task, TaskState
from agent.cohort.sealing import Sealer
from agent.cohort.store import Counts, Store
from agent.cohort.worker import Assignment, Queue, Work, Worker, WorkerBrowser
from agent.errors import UsageError, WorkersDied
from agent.privacy.encryption import key_as_text
from agent.privacy.private_files import write_private
from agent.report.model import Report
from agent.settings import CohortSettings

WANG = Person(position=1, name="王岚", number="610000199603164229")
LI = Person(position=2, name="李知远", number="61000019940518531X")
KEYS = [bytes(range(32)), bytes(32)]
ORDER = CohortOrder(profile="xjtu-2024-07")


@pytest.fixture
def settings(tmp_path: Path) -> list[CohortSettings]:
    """Settings with the cohort's key, and with another."""
    return [
        CohortSettings(key_file=write_private(tmp_path / f"{index}.key", key_as_text(key).encode()))
        for index, key in enumerate(KEYS)
    ]


@pytest.fixture
def folder(tmp_path: Path, settings: list[CohortSettings]) -> Path:
    """A cohort of two."""
    with opened(tmp_path / "cohort", settings[0], print, may_be_new=True) as made:
        made.store.put([WANG, LI])
    return tmp_path / "cohort"


@contextmanager
def _open(folder: Path, settings: CohortSettings) -> Iterator[Cohort]:
    with opened(folder, settings, print, may_be_new=False) as found:
        yield found


def test_another_key_is_refused_at_once(folder: Path, settings: list[CohortSettings]) -> None:
    with pytest.raises(UsageError, match="密钥不对"), _open(folder, settings[1]):
        pass
    with pytest.raises(UsageError, match="密钥不对"), opened(folder, settings[1], print, may_be_new=True):
        pass
    with pytest.raises(UsageError, match="密钥不对"):
        looked_at(folder, settings[1])


def test_another_key_is_refused_by_a_store_of_before_fingerprints(
    folder: Path, settings: list[CohortSettings]
) -> None:
    with _open(folder, settings[0]) as found, found.store.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE cohort_key"))
    with pytest.raises(UsageError, match="密钥不对"), _open(folder, settings[1]):
        pass
    with _open(folder, settings[0]) as found:
        assert [row.person for row in found.store.rows()] == [WANG, LI]


def test_no_key_is_made_for_a_store_with_students(folder: Path, tmp_path: Path) -> None:
    lost = CohortSettings(key_file=tmp_path / "lost.key")
    for may_be_new in (False, True):
        with (
            pytest.raises(UsageError, match="没有找到这份名单的密钥"),
            opened(folder, lost, print, may_be_new=may_be_new),
        ):
            pass
    assert not (tmp_path / "lost.key").exists()


@pytest.mark.skipif(os.name == "nt", reason="permissions of another kind")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_key_file_that_others_can_use_is_refused(
    folder: Path, settings: list[CohortSettings], mode: int
) -> None:
    assert settings[0].key_file is not None
    settings[0].key_file.chmod(mode)
    with pytest.raises(UsageError, match="别的用户"), _open(folder, settings[0]):
        pass
    assert stat.S_IMODE(settings[0].key_file.stat().st_mode) == mode


# -- a row that somebody damaged -------------------------------------------------------------------------------------------


@pytest.fixture
def damaged(folder: Path, settings: list[CohortSettings]) -> Iterator[Cohort]:
    """The cohort; one of the two rows was changed in the file."""
    with _open(folder, settings[0]) as found:
        with found.store.engine.begin() as connection:
            connection.execute(sa.text("UPDATE cohort_students SET sealed = 'AAAA' WHERE position = 1"))
        yield found


def test_a_row_that_cannot_be_opened_is_told_alone(damaged: Cohort, tmp_path: Path) -> None:
    first, second = damaged.store.rows()
    assert (first.readable, second.person) == (False, LI)
    assert first.result is not None
    assert "无法解开" in first.result.message
    written = report.write(tmp_path / "report", report.of(damaged.store.rows(), date(2024, 6, 3)))
    table = next(path for path in written if path.name == "cohort.csv").read_text("utf-8-sig")
    assert "无法解开" in table
    assert "李知远" in table


def test_a_row_that_cannot_be_opened_is_forgotten_or_imported_again(damaged: Cohort) -> None:
    assert damaged.store.put([WANG]) == (0, 1)
    assert [row.person for row in damaged.store.rows()] == [WANG, LI]
    assert damaged.store.forget([row.ref for row in damaged.store.rows()]) == 0


def test_a_worker_ends_the_case_of_such_a_row_and_goes_on(damaged: Cohort) -> None:
    ref = damaged.store.sealer.ref(WANG.number)
    browser = WorkerBrowser(lambda: nullcontext(None), 1)  # type: ignore[arg-type]
    worker = Worker(damaged.store, NoTasks(), browser, _never, damaged.settings, damaged.cases, print)
    row = worker.attend(ref, ORDER)
    assert (row.state, row.exit_status, row.needs) == (TaskState.NEEDS_PERSON, 10, "cohort.row_unreadable")


def _never(browser: Browser, assignment: Assignment) -> Report:
    raise AssertionError("nobody works on what cannot be opened")


# -- tasks that were lost --------------------------------------------------------------------------------------------------


class NoTasks:
    """A queue that loses whatever is put, or keeps it for nobody."""

    def __init__(self, waiting: bool = False) -> None:
        self.put_tasks: list[str] = []
        self._waiting = waiting

    def put(self, tasks: Iterable[Task]) -> None:
        """Lose them."""
        self.put_tasks += [task.id for task in tasks]

    def serve(self, worker: str, work: Work) -> AbstractContextManager[None]:
        """Serve nothing."""
        return nullcontext()

    def is_waiting(self) -> bool:
        """Say what the test wants."""
        return self._waiting

    def give_back(self, worker: str) -> int:
        """Give nothing back."""
        return 0


class Said:
    """Hears what the officer is told, and stops a pool after some of it."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.pool: WorkerPool | None = None

    def counts(self, counts: Counts) -> None:
        """Nothing."""

    def say(self, text: str) -> None:
        """Remember it; where a task waits for nobody, stop."""
        self.told.append(text)
        if self.pool and "取走" in text:
            self.pool.stop.set()


@pytest.fixture
def lost(folder: Path, settings: list[CohortSettings], monkeypatch: pytest.MonkeyPatch) -> Iterator[Cohort]:
    """The cohort, and a run that soon sees that nothing goes on."""
    monkeypatch.setattr(manager, "STALL_SECONDS", 0.5)
    with _open(folder, settings[0]) as found:
        yield found


def _pool(cohort: Cohort, queue: Queue, said: Said, monkeypatch: pytest.MonkeyPatch) -> WorkerPool:
    monkeypatch.setattr(Cohort, "queue", lambda self: nullcontext(queue))
    said.pool = WorkerPool(cohort, ["sleep", "60"], 1, said)
    return said.pool


def test_tasks_that_end_before_their_work_begins_are_put_again_and_then_told(
    lost: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, queue = Said(), NoTasks()
    with pytest.raises(WorkersDied, match="没有开始就结束"):
        _pool(lost, queue, said, monkeypatch).run(ORDER, again=False)
    ref = lost.store.sealer.ref(WANG.number)
    assert [task for task in queue.put_tasks if task.startswith(ref)] == [f"{ref}.{n}" for n in (1, 2, 3)]
    assert [text for text in said.told if "重新排队" in text]


def test_a_run_says_what_it_waits_for(lost: Cohort, monkeypatch: pytest.MonkeyPatch) -> None:
    said = Said()
    _pool(lost, NoTasks(waiting=True), said, monkeypatch).run(ORDER, again=False)
    assert "2 名学生在排队" in said.told[0]


def test_the_fingerprint_tells_nothing_of_the_key(tmp_path: Path) -> None:
    with closing(Store(address_in(tmp_path), Sealer(KEYS[0]))) as store:
        store.to_queue(AGAIN)
    data = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert Sealer(KEYS[0]).fingerprint.encode() in data
    assert KEYS[0] not in data
