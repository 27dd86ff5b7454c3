"""A worker: a process with a browser of its own that works on one case at a time until it is told to stop.

Crash-only: what nobody foresaw ends the process, and the case is given to another worker when this one falls silent.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

from agent.cohort.model import CohortOrder, Person, Result, Task, TaskState
from agent.cohort.store import SHOWN, Store, StoredRow
from agent.errors import CaseTaken, GradsyncError, SignInUnclear, WorkersDied
from agent.report.model import Report
from agent.settings import CohortSettings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

T = TypeVar("T")
BEATS = 4
"""Signs of life within the time after which a worker counts as dead."""
MOST_TRIES = 3
"""Workers that may die over one case before a person has to look at it."""
SIGN_IN = ".sign_in"
STATES = tuple(state for state in TaskState if state is not TaskState.RUNNING)
LOOK_SECONDS = 0.5
DIED = 70


@dataclass(frozen=True)
class Assignment:
    """One case as it is handed to whoever knows the sites.

    Args:
        watch: To be called with each step's id before the step; waits for its turn, or raises to stop.
        ended: To be called with each step's id and status afterwards.
    """

    person: Person
    order: CohortOrder
    folder: Path
    watch: Callable[[str], None]
    ended: Callable[[str, str], None]


CarryOut: TypeAlias = "Callable[[Browser, Assignment], Report]"
"""Works on one case, from the part of the program that knows the sites; its report is there whatever happened, unless it
could not even be begun, which is a ``GradsyncError``."""


Work = Callable[[Task], None]
"""Works on one task to its end; returning is what ends it, so it must not return from what is not done."""


class Queue(Protocol):
    """A queue of tasks that outlives the processes that work on it; ``agent.cohort.durable_queue`` has the one there is."""

    def put(self, tasks: Iterable[Task]) -> None:
        """Queue tasks; one whose id was queued before is not queued twice."""

    def serve(self, worker: str, work: Work) -> AbstractContextManager[None]:
        """Let tasks be worked on, one at a time, while the context is open; its end waits for the one that runs."""

    def is_waiting(self) -> bool:
        """Return whether any task is queued or taken."""

    def give_back(self, worker: str) -> int:
        """Queue again what a dead worker had taken, and return how many that was."""


class WorkerBrowser:
    """A browser in the caller's thread; renewed after some cases.

    Args:
        opened: Opens a browser.
        cases: How many cases one browser serves: what a closed context leaves behind goes with it.
    """

    def __init__(self, opened: Callable[[], AbstractContextManager[Browser]], cases: int) -> None:
        self._opened, self._cases = opened, cases
        self._stack = ExitStack()
        self._browser: Browser | None = None
        self._used = 0

    def use(self, work: Callable[[Browser], T]) -> T:
        """Do work with the browser, and return what it returns."""
        if self._browser is None or self._used >= self._cases or not self._browser.is_connected():
            WorkerBrowser.close(self)
            self._browser = self._stack.enter_context(self._opened())
        self._used += 1
        return work(self._browser)

    def close(self) -> None:
        """Close the browser."""
        self._stack.close()
        self._browser, self._used = None, 0


class RemoteWorkerBrowser(WorkerBrowser):
    """A browser in a thread of its own: the queue calls from many, and Playwright's objects belong to one."""

    def __init__(self, opened: Callable[[], AbstractContextManager[Browser]], cases: int) -> None:
        super().__init__(opened, cases)
        self._thread = ThreadPoolExecutor(1, "browser")

    def use(self, work: Callable[[Browser], T]) -> T:
        """Do work in the browser's thread, and return what it returns."""
        return self._thread.submit(super().use, work).result()

    def close(self) -> None:
        """Close the browser."""
        self._thread.submit(super().close).result()
        self._thread.shutdown()


@dataclass
class Worker:
    """Takes cases from the queue and works on them.

    Args:
        carry_out: Whoever knows the sites.
        settings: How long silence means death, and how gently sites are treated.
        cases: Folder of the case folders.
        tell: Gets a Chinese sentence per case.
    """

    store: Store
    queue: Queue
    browser: WorkerBrowser
    carry_out: CarryOut
    settings: CohortSettings
    cases: Path
    tell: Callable[[str], None]
    id: str = field(
        default_factory=lambda: f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}"
    )
    stop: Event = field(default_factory=Event)
    _case: str | None = None
    _lock: Lock = field(default_factory=Lock)
    _over: Event = field(default_factory=Event)

    def run(self, until_done: bool) -> None:
        """Work until told to stop by ``stop`` or SIGTERM, or (``until_done``) until nobody is queued or being worked on.

        A case that was begun is ended first.
        """
        with self._alive(), ended_gently(self.stop), self.queue.serve(self.id, self._work):
            while not self.stop.wait(LOOK_SECONDS):
                if until_done and self._case is None and not self.store.is_open():
                    break

    def attend(self, ref: str, order: CohortOrder) -> StoredRow:
        """Work on one student's case here and now, whatever had become of it, and return how it stands.

        Raises:
            CaseTaken: Another worker has it.
        """
        with self._alive():
            self.store.to_queue(STATES, [ref])
            task = Task(ref=ref, round=self.store.row(ref).round, order=order)
            if not self.store.claim(ref, task.round, self.id, self.settings.silent_seconds):
                raise CaseTaken("这名学生正由另一个工作进程办理。")
            self._end(task)
        return self.store.row(ref)

    @contextmanager
    def _alive(self) -> Iterator[None]:
        self._heartbeat()
        beating = Thread(target=self._keep_heartbeat, name="heartbeat", daemon=True)
        beating.start()
        try:
            yield
        finally:
            self._over.set()
            beating.join()
            self.store.leave(self.id)
            self.browser.close()

    # -- being alive -------------------------------------------------------------------------------------------------------

    def _heartbeat(self) -> None:
        with self._lock:
            self.store.heartbeat(self.id, self._case, self.settings.silent_seconds)

    def _keep_heartbeat(self) -> None:
        with _or_die():
            while not self._over.wait(self.settings.silent_seconds / BEATS):
                self._heartbeat()
                requeue_stalled(self.store, self.queue, self.settings.silent_seconds)

    # -- working -----------------------------------------------------------------------------------------------------------

    def _work(self, task: Task) -> None:
        """Work until the case is over, whoever ends it: returning would end the job of one that is not."""
        with _or_die():
            while self.store.waits(task.ref, task.round):
                if self.store.claim(task.ref, task.round, self.id, self.settings.silent_seconds):
                    self._end(task)
                else:
                    self._over.wait(LOOK_SECONDS)

    def _end(self, task: Task) -> None:
        """Work on a case that is ours to its end, and keep how it ended."""
        with self._working_on(task.ref):
            result = self._result(self.store.row(task.ref), task)
        if result is None:
            return
        result = result.model_copy(update={"profile": task.order.profile})
        if self.store.finish(task.ref, self.id, result):
            self.tell(f"{task.ref[:SHOWN]} {result.headline}")

    @contextmanager
    def _working_on(self, ref: str) -> Iterator[None]:
        with self._lock:
            self._case = ref
        try:
            yield
        finally:
            with self._lock:
                self._case = None

    def _result(self, row: StoredRow, task: Task) -> Result | None:
        if not row.readable:
            return row.result
        if row.tries > MOST_TRIES:
            return Result.of_error(WorkersDied(f"连续 {MOST_TRIES} 个工作进程在这名学生这里中断。"))
        guard = StepGuard(self.store, self.settings, self.id, row, self._over)
        case = Assignment(row.person, task.order, self.cases / row.ref, guard.before, guard.after)
        try:
            report = self.browser.use(lambda browser: self.carry_out(browser, case))
        except GradsyncError as error:
            return None if guard.taken else Result.of_error(error)
        guard.end(report)
        return None if guard.taken else Result.of(report)


@dataclass
class StepGuard:
    """Stands before every step of a case: is it still ours, is it our turn at the site, may the password be sent."""

    store: Store
    settings: CohortSettings
    worker: str
    row: StoredRow
    over: Event
    taken: bool = False
    stopped: set[str] = field(default_factory=set)

    def before(self, step: str) -> None:
        """Let a step pass.

        Raises:
            CaseTaken: The case is another worker's by now.
            SignInUnclear: The password was sent before and nobody knows what came of it, or it was refused.
        """
        self._hold()
        if step.endswith(SIGN_IN):
            turn = self.store.turn(step.removesuffix(SIGN_IN), 60 / self.settings.sign_ins_per_minute)
            self.over.wait(turn)
            self._hold()
            account = self._account(step)
            if account and not self.store.may_sign_in(account, self.row.round):
                self.stopped.add(step)
                raise SignInUnclear("这个账号的密码已经提交过，没有被接受或结果不明，没有再提交。")

    def after(self, step: str, status: str) -> None:
        """Keep that it is known how a sign-in ended: accepted, or stopped before a person."""
        account = None if step in self.stopped else self._account(step)
        if account and status in ("done", "needs_person"):
            self.store.signed_in(account, rejected=False)

    def end(self, report: Report) -> None:
        """Keep that a sign-in was refused."""
        if report.trouble and report.trouble.code == "login.rejected":
            for row in report.steps:
                if row.status == "failed" and (account := self._account(row.id)):
                    self.store.signed_in(account, rejected=True)

    def _hold(self) -> None:
        if not self.store.holds(self.row.ref, self.worker):
            self.taken = True
            raise CaseTaken("这个案例已经交给另一个工作进程。")

    def _account(self, step: str) -> str | None:
        """Pseudonym of the account with whose password a step signs in; None for any other step."""
        site, is_sign_in, _ = step.partition(SIGN_IN)
        pair = self.row.person.credentials.get(site) if is_sign_in else None
        return self.store.sealer.pseudonym("account", site, pair.username, pair.password) if pair else None


@contextmanager
def ended_gently(stop: Event) -> Iterator[None]:
    """Let SIGTERM set ``stop`` instead of ending the process."""
    before = signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def requeue_stalled(store: Store, queue: Queue, silent: float) -> None:
    """Give the cases of workers that have fallen silent to others."""
    for worker in store.stalled(silent):
        queue.give_back(worker)
        store.leave(worker)


@contextmanager
def _or_die() -> Iterator[None]:
    """End the whole process when what is inside does not come to its end.

    Only then is the durable job left as it is, for another worker; an exception would count as its result.
    """
    done = False
    try:
        yield
        done = True
    finally:
        if not done:
            sys.stderr.write(f"{_what_and_where()}\n")
            sys.stderr.flush()
            os._exit(DIED)


def _what_and_where() -> str:
    """Return the kind and place of the exception that is being handled; its text may hold what a page showed."""
    kind, _, trace = sys.exc_info()
    place = traceback.extract_tb(trace)[-1]
    return f"worker ended: {kind.__name__ if kind else 'unknown'} at {os.path.basename(place.filename)}:{place.lineno}"
