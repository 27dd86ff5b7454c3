"""Cohort as the commands see it: its folder, store and queue, and the pool of workers on this computer."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Protocol

from agent.cohort.database import address_in, file_in, holds_nobody, reached
from agent.cohort.model import CohortOrder, Task, TaskState
from agent.cohort.sealing import sealer
from agent.cohort.store import SHOWN, Counts, Store, StoredRow
from agent.cohort.worker import Queue, ended_gently, requeue_stalled
from agent.errors import UsageError, WorkersDied
from agent.files.system_errors import os_errors_told
from agent.paths import cohort_key_file
from agent.privacy.private_files import FILE_MODE, FOLDER_MODE
from agent.reconcile.document_numbers import plain_text
from agent.settings import CohortSettings

CONSOLE_OPTION, FOLDER_OPTION = "--cohort", "--folder"
CASES, LOG = "cases", "workers.log"
LOOK_SECONDS = 0.5
STALL_SECONDS = 30
"""Seconds in which some student is worked on, where all is well: workers need a few to start."""
MOST_PUT_AGAIN = 2
NOT_TAKEN = "请看 workers.log，或确认别的电脑上的工作进程用的是同一版本和同一把密钥"
MOST_REPLACED = 5
"""Workers that are started anew for each that was asked for: more would be one bug over and over."""
AGAIN = (TaskState.IMPORTED, TaskState.FAILED)
ALL = (*AGAIN, TaskState.NEEDS_PERSON, TaskState.DONE)


@dataclass(frozen=True)
class Cohort:
    """An open cohort.

    Args:
        folder: Holds the case folders, and the store unless that is elsewhere.
        address: The database's address, which may hold a password.
    """

    folder: Path
    store: Store
    settings: CohortSettings
    address: str = field(repr=False)

    @property
    def cases(self) -> Path:
        """The folder of the case folders."""
        return self.folder / CASES

    @contextmanager
    def queue(self) -> Iterator[Queue]:
        """Open the durable queue."""
        from agent.cohort.durable_queue import DbosQueue  # a second of loading that only those pay who queue

        with closing(DbosQueue(self.address, self.store.engine, self.store.sealer)) as queue:
            yield queue

    def queue_up(self, queue: Queue, states: Sequence[TaskState], order: CohortOrder) -> None:
        """Queue the students of these states, and put a task for everybody who is queued."""
        self.store.to_queue(states)
        queue.put(Task(ref=ref, round=round_, order=order) for ref, round_ in self.store.queued())

    def counts(self) -> Counts:
        """Return how it stands."""
        return self.store.counts(self.settings.silent_seconds)

    def standing(self, most: int | None = None) -> tuple[Counts, list[StoredRow]]:
        """Return how it stands, and ``most`` of those whose case has ended and is not done.

        Raises:
            UsageError: The database is away, or the key is another.
        """
        with reached():
            return self.counts(), list(self.store.held(most))

    def find(self, who: str) -> StoredRow:
        """Return a student by 学号 or by the beginning of the pseudonym that ``status`` shows.

        Raises:
            UsageError: There is none, or more than one.
        """
        wanted = plain_text(who)
        found = [
            row
            for row in self.store.rows()
            if (wanted and wanted == row.person.student_number)
            or (len(wanted) >= SHOWN and row.ref.startswith(wanted))
        ]
        if len(found) != 1:
            how_many = "没有" if not found else "不止一名"
            raise UsageError(
                f"名单里{how_many}学号或代号是 {who} 的学生。", "请用 gradsync cohort status 查看代号。"
            )
        return found[0]


@contextmanager
def opened(
    folder: Path, settings: CohortSettings, tell: Callable[[str], None], *, may_be_new: bool
) -> Iterator[Cohort]:
    """Open a cohort.

    Args:
        tell: Gets Chinese sentences about what was made.
        may_be_new: One that is not there yet is made.

    Raises:
        UsageError: Its folder, key or database cannot be used, or it is not there.
    """
    address = _address(folder, settings, FOLDER_OPTION, may_be_new=may_be_new)
    with os_errors_told(f"文件夹 {folder} 不能使用", "请用 --folder 另选一个。"):
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        folder.chmod(FOLDER_MODE)
    if not settings.database:
        os.close(os.open(file_in(folder), os.O_CREAT | os.O_RDWR, FILE_MODE))
    create = may_be_new and holds_nobody(address)
    key = sealer(settings.key_file, cohort_key_file(), tell, create=create)
    with closing(Store(address, key)) as store:
        yield Cohort(folder, store, settings, address)


def looked_at(folder: Path, settings: CohortSettings, option: str = CONSOLE_OPTION) -> Cohort:
    """Open a cohort only to read it: no folder, key or table is made, and nothing stays open between two readings.

    Args:
        option: The option by which another folder is named, for the message.

    Raises:
        UsageError: There is no cohort, or its key or database cannot be used.
    """
    address = _address(folder, settings, option)
    key = sealer(settings.key_file, cohort_key_file(), lambda said: None, create=False)
    store = Store(address, key, to_read=True)
    if not store.is_there():
        raise _nobody(folder, option)
    return Cohort(folder, store, settings, address)


def _address(folder: Path, settings: CohortSettings, option: str, *, may_be_new: bool = False) -> str:
    """The database's address, which was set or is the folder's; raises ``UsageError`` where the folder has none."""
    if settings.database:
        return settings.database.get_secret_value()
    if not may_be_new and not file_in(folder).is_file():
        raise _nobody(folder, option)
    try:
        return address_in(folder)
    except UnicodeEncodeError:  # bytes of another encoding, or a terminal without one (LANG=C)
        raise UsageError(
            "文件夹的名字里有这台电脑认不出的字符。", f"请用 {option} 另选一个，名字只用英文字母和数字。"
        ) from None


def _nobody(folder: Path, option: str) -> UsageError:
    return UsageError(
        f"{folder.resolve()} 里没有成批办理的名单。",
        f"请先用 gradsync cohort import 导入名单，再用 {option} 指定同一个文件夹（import 的 --folder）。",
    )


class Watching(Protocol):
    """Display of how a run stands."""

    def counts(self, counts: Counts) -> None:
        """Show how many students stand how."""

    def say(self, text: str) -> None:
        """Show a Chinese sentence."""


@dataclass
class _Stall:
    """Sees that students are queued and nobody is worked on, and does what can be done about it."""

    cohort: Cohort
    queue: Queue
    watching: Watching
    _since: float | None = None
    _put_again: int = 0

    def look(self, counts: Counts, order: CohortOrder) -> None:
        """Put tasks again that the queue has lost, and say what is waited for.

        Raises:
            WorkersDied: They were lost again and again.
        """
        now = time.monotonic()
        if counts.states.get(TaskState.RUNNING) or self._since is None:
            self._since = now
        if now - self._since < STALL_SECONDS:
            return
        self._since = now
        waiting = counts.states.get(TaskState.QUEUED, 0)
        if self.queue.is_waiting():
            self.watching.say(f"{waiting} 名学生在排队，{STALL_SECONDS} 秒没有工作进程取走：{NOT_TAKEN}。")
            return
        if self._put_again == MOST_PUT_AGAIN:
            raise WorkersDied(
                f"{waiting} 名学生的任务没有开始就结束了。", f"请看 {self.cohort.folder / LOG} 的最后几行。"
            )
        self._put_again += 1
        self.watching.say(f"{waiting} 名学生的任务没有开始就结束了，重新排队。")
        self.cohort.queue_up(self.queue, (TaskState.QUEUED,), order)


@dataclass
class WorkerPool:
    """Worker processes on this computer.

    Args:
        command: Starts one worker that ends when nobody is left.
        size: How many at once.
        watching: Told how it stands.
    """

    cohort: Cohort
    command: Sequence[str]
    size: int
    watching: Watching
    stop: Event = field(default_factory=Event)
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _replaced: int = 0

    def run(self, order: CohortOrder, again: bool) -> None:
        """Queue everybody who is to be worked on, and keep workers at it until nobody is left or ``stop`` is set.

        Raises:
            WorkersDied: They died one after another.
        """
        store = self.cohort.store
        with self.cohort.queue() as queue, ended_gently(self.stop):
            self.cohort.queue_up(queue, ALL if again else AGAIN, order)
            stall = _Stall(self.cohort, queue, self.watching)
            try:
                while store.is_open() and not self.stop.is_set():
                    self._fill_up()
                    self.watching.counts(counts := self.cohort.counts())
                    stall.look(counts, order)
                    requeue_stalled(store, queue, self.cohort.settings.silent_seconds)
                    self.stop.wait(LOOK_SECONDS)
            finally:
                if store.is_open():
                    self.watching.say("正在等手上的学生办完；没办的留到下一次。")
                self._drain()
                self.watching.counts(self.cohort.counts())

    def _fill_up(self) -> None:
        """Start workers for those that are missing; one that has ended while work is left has died."""
        alive = [process for process in self._running if process.poll() is None]
        self._replaced += len(self._running) - len(alive)
        if self._replaced > MOST_REPLACED * self.size:
            raise WorkersDied("工作进程一个接一个地中断。", f"请看 {self.cohort.folder / LOG} 的最后几行。")
        self._running = [*alive, *(self._start() for _ in range(self.size - len(alive)))]

    def _start(self) -> subprocess.Popen[bytes]:
        """Start a worker in a session of its own: Ctrl-C is for us, who let it end its case."""
        log = os.open(self.cohort.folder / LOG, os.O_CREAT | os.O_WRONLY | os.O_APPEND, FILE_MODE)
        try:
            return subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        finally:
            os.close(log)

    def _drain(self) -> None:
        for process in self._running:
            process.terminate()
        for process in self._running:
            process.wait()
