"""What many students cost: ``python -m tests.bench.cohort 20 60 --workers 1 2 [--before 0 940] [--distance 0 0.1] [--database URL]``.

For each number of students and workers, the real command works on a crowd at mock sites that run in this process. CPU and
memory are those of the command with all its workers and browsers, read from /proc (Linux); the mock sites' own CPU is told
apart, since on real sites that is somebody else's, and so is the share of the machine's time that its host gave to others
(steal): rows with different shares are not to be compared. ``--before`` has so many others on the roster, taken from the same
queue and done before: with 0 and 940 in turn, the last of a thousand are held against the first of them. ``--distance`` lets
every answer of the sites take so many seconds, as real ones do that are not on the same computer. ``--queue`` measures
the queue and the store alone, with cases that do nothing, for numbers that browsers would take hours for.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count, islice, product
from pathlib import Path
from typing import Any, TypeVar

from agent.cli.commands.cohort import FOLDER
from agent.cohort.database import address_in
from agent.cohort.durable_queue import DbosQueue
from agent.cohort.manager import AGAIN
from agent.cohort.model import CohortOrder, Person, Result, Task
from agent.cohort.sealing import Sealer
from agent.cohort.store import Store
from agent.settings import CohortSettings
from fixtures.people.crowd import crowd
from fixtures.people.students import Student
from fixtures.server import MockSites
from fixtures.world import SITES
from tests.agent.cli.conftest import Gradsync
from tests.agent.cohort import crew
from tests.agent.cohort.desk import TODAY, Desk
from tests.bench.measures.processes import asked_all, cpu_of, family

T = TypeVar("T")
SAMPLE_SECONDS, SAMPLES_OF_MEMORY = 0.5, 4
"""Memory is asked for more rarely: the kernel walks every page of every browser to answer."""
TAKEN, SOME = 40, 100
NOTHING_TO_DO = Result(
    exit_status=0,
    headline="",
    code=None,
    message="",
    remedy="",
    asks=(),
    duties=(),
    conditions=(),
    todo=(),
)


@dataclass
class Usage:
    """CPU seconds and peak memory of a process and all below it, also those that have ended meanwhile."""

    root: int
    cpu: dict[int, float] = field(default_factory=dict)
    peak: int = 0

    def sample(self, memory: bool) -> None:
        """Look once at the CPU time, and at the memory too if that is wanted."""
        below = family(self.root)
        self.cpu.update(asked_all(below, cpu_of))
        if memory:
            self.peak = max(self.peak, sum(asked_all(below, _memory).values()))

    @property
    def seconds(self) -> float:
        """CPU seconds of all that were ever seen."""
        return sum(self.cpu.values())


def _memory(pid: int) -> int:
    """Proportional set size in bytes: memory that processes share counts once."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


@contextmanager
def watched(usage: Usage) -> Iterator[None]:
    """Sample in the background."""
    over = threading.Event()

    def keep_looking() -> None:
        for nth in count():
            if over.wait(SAMPLE_SECONDS):
                break
            usage.sample(memory=nth % SAMPLES_OF_MEMORY == 0)

    thread = threading.Thread(target=keep_looking, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@dataclass(frozen=True)
class Machine:
    """What the machine's cores have spent since it started, in clock ticks."""

    total: int
    stolen: int

    @classmethod
    def now(cls) -> Machine:
        """Read it from the kernel; the columns are those of proc(5), guests' time being in the first two already."""
        spent = [int(part) for part in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
        return cls(sum(spent), spent[7])

    def stolen_since(self, before: Machine) -> float:
        """Return the share that the host gave to others meanwhile."""
        return (self.stolen - before.stolen) / max(self.total - before.total, 1)


@dataclass(frozen=True)
class Measured:
    """One run."""

    students: int
    before: int
    """Others on the roster who were done already."""
    distance: float
    """Seconds that each answer of the sites takes, besides their work."""
    workers: int
    done: int
    seconds: float
    cpu: float
    sites_cpu: float
    peak: int
    stolen: float
    """Share of the machine's CPU time that its host gave to others."""

    def told(self) -> str:
        """Return the row of the table."""
        per_hour = 3600 * self.done / self.seconds
        cells = (
            *(self.students, self.before, f"{self.distance:g}", self.workers, self.done),
            *(f"{self.seconds:.0f}", f"{per_hour:.0f}", f"{self.cpu / self.students:.2f}"),
            *(f"{self.sites_cpu / self.students:.2f}", f"{self.peak / 2**20:.0f}", f"{self.stolen:.0%}"),
        )
        return f"| {' | '.join(map(str, cells))} |"


HEAD = (
    "| students | after others | distance s | workers | done | seconds | students/h | CPU s each | CPU s of the sites each | peak MB | stolen |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
)


MANY, DAYS, HOURS, MINUTES_AT_THE_DESK = 100_000, 10, 8, 3
"""A notice's two weeks have ten working days; a student signs in at two sites and answers in about three minutes."""


def projected(measured: Measured) -> list[str]:
    """Return what 100,000 students need at these figures; cores are the limit of what runs by itself, people of the rest."""
    core_hours = MANY * measured.cpu / measured.students / 3600
    desk_hours = MANY * MINUTES_AT_THE_DESK / 60
    people = math.ceil(desk_hours / (DAYS * HOURS))
    memory = measured.peak / measured.workers / 2**20
    return [
        f"- {core_hours:.0f} core-hours: {math.ceil(core_hours / (DAYS * 24))} cores round the clock, or"
        f" {math.ceil(core_hours / (DAYS * HOURS))} in office hours, for {DAYS} days",
        f"- {memory:.0f} MB for each worker",
        f"- {desk_hours:.0f} hours at desks when each student signs in for {MINUTES_AT_THE_DESK} minutes:"
        f" {people} desks for {DAYS} days of {HOURS} hours, each with a worker: {people * memory / 1024:.0f} GB in all,"
        f" {people * measured.cpu / measured.students / (60 * MINUTES_AT_THE_DESK):.1f} cores busy",
        f"- {MANY / (DAYS * HOURS * 60):.0f} sign-ins a minute at each site (GRADSYNC_COHORT__SIGN_INS_PER_MINUTE)",
    ]


def measure(
    number: int, before: int, distance: float, workers: int, only: str | None, database: str | None
) -> Measured:
    """Let the command work on a crowd, some of whom were done before."""
    everybody = crowd(before + number)
    with tempfile.TemporaryDirectory() as folder, MockSites(students=everybody) as sites:
        cohort = _taken_in(everybody, Path(folder), sites, database)
        for site in SITES if distance else ():
            sites.world.add_fault(site, "", "delay", nth=0, value=distance)
        _end(before, database or address_in(cohort.folder / FOLDER), Sealer(crew.KEY))
        started, own = time.monotonic(), time.process_time()
        args = (
            "cohort",
            "run",
            "--profile",
            "xjtu-2024-07",
            "--yes",
            *TODAY,
            "--workers",
            str(workers),
            "--json",
        )
        running = cohort.started(*args, *(["--only", only] if only else []), stdout=subprocess.PIPE)
        usage, machine = Usage(running.pid), Machine.now()
        with watched(usage):
            running.communicate()
        seconds, sites_cpu = time.monotonic() - started, time.process_time() - own
        stolen = Machine.now().stolen_since(machine)
        done = cohort("cohort", "status", "--json").json["states"]["done"] - before
        uploads = [effect["student"] for effect in sites.world.state()["effects"]]
        assert len(uploads) == len(set(uploads)), "an upload was done twice"
    return Measured(
        number, before, distance, workers, done, seconds, usage.seconds, sites_cpu, usage.peak, stolen
    )


def _taken_in(everybody: Sequence[Student], folder: Path, sites: MockSites, database: str | None) -> Gradsync:
    """Import a roster with everybody's consents; return the command."""
    desk = Desk(folder)
    desk.fill(everybody)
    patient = {"COHORT__SILENT_SECONDS": str(CohortSettings().silent_seconds)}  # unlike the tests' desk
    more = patient | ({"COHORT__DATABASE": database} if database else {})
    cohort = Gradsync(desk.folder, {**os.environ, **_quiet(desk), **desk.environ(sites.addresses, **more)})
    began = time.monotonic()
    assert cohort.started("cohort", "import", desk.roster, stdout=subprocess.DEVNULL).wait() == 0
    seconds = time.monotonic() - began
    print(f"{len(everybody)} students taken in with their consents in {seconds:.0f} s", file=sys.stderr)
    return cohort


def _end(number: int, address: str, sealer: Sealer) -> None:
    """Queue the first of the roster, take them from the queue and end them without work."""
    left = threading.Semaphore(0)

    def end(task: Task) -> None:
        assert store.claim(task.ref, task.round, "bench", 60)
        assert store.finish(task.ref, "bench", NOTHING_TO_DO)
        left.release()

    with _opened(address, sealer) as (store, queue):
        store.to_queue(AGAIN, [row.ref for row in islice(store.rows(), number)])
        queue.put(
            Task(ref=ref, round=round_, order=CohortOrder(profile="p")) for ref, round_ in store.queued()
        )
        with queue.serve("bench", end):
            for _ in range(number):
                left.acquire()


@contextmanager
def _opened(address: str, sealer: Sealer) -> Iterator[tuple[Store, DbosQueue]]:
    with (
        closing(Store(address, sealer)) as store,
        closing(DbosQueue(address, store.engine, sealer)) as queue,
    ):
        yield store, queue


def _quiet(desk: Desk) -> dict[str, str]:
    mine = {"XDG_DATA_HOME": str(desk.folder / "data"), "XDG_CONFIG_HOME": str(desk.folder / "config")}
    return {"GRADSYNC_HEADLESS": "true", "PYTHONPATH": os.pathsep.join(sys.path), **mine}


def measure_queue(number: int, database: str | None) -> None:
    """Queue, claim, work on and finish cases that do nothing."""
    people = [
        Person(position=place, name=each.name, number=each.id_number)
        for place, each in enumerate(crowd(number))
    ]
    with (
        tempfile.TemporaryDirectory() as folder,
        _opened(database or address_in(Path(folder)), Sealer(crew.KEY)) as (store, queue),
    ):
        with _timed("take the roster in", number):
            store.put(people)
        with _timed("queue", number):
            store.to_queue(AGAIN)
            queue.put(
                Task(ref=ref, round=round_, order=CohortOrder(profile="p")) for ref, round_ in store.queued()
            )
        _take(queue, min(TAKEN, number), number)
        some = min(SOME, number)
        with _timed("claim, hold 30 times, finish", number, some):
            for ref, round_ in store.queued()[:some]:
                store.claim(ref, round_, "w", 60)
                for _ in range(30):
                    store.holds(ref, "w")
                store.finish(ref, "w", NOTHING_TO_DO)
        with _timed("count", number):
            store.counts(20)
        with _timed("read everybody", number):
            assert sum(1 for _ in store.rows()) == number


def _take(queue: DbosQueue, taken: int, number: int) -> None:
    """Let a worker take tasks that do nothing, while all the others wait behind them."""
    left = threading.Semaphore(0)
    cpu = time.process_time()
    with queue.serve("bench", lambda task: left.release()):
        for _ in range(taken):
            left.acquire()
        cpu = time.process_time() - cpu
    print(f"| {number} | take one of so many from the queue | — | {1000 * cpu / taken:.2f} |", flush=True)


@contextmanager
def _timed(what: str, number: int, done: int = 0) -> Iterator[None]:
    started, cpu = time.monotonic(), time.process_time()
    yield
    seconds, cpu = time.monotonic() - started, time.process_time() - cpu
    print(f"| {number} | {what} | {seconds:.2f} | {1000 * cpu / (done or number):.2f} |", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("students", type=int, nargs="+")
    parser.add_argument("--workers", type=int, nargs="+", default=[1])
    parser.add_argument("--before", type=int, nargs="+", default=[0])
    parser.add_argument("--distance", type=float, nargs="+", default=[0.0])
    parser.add_argument("--only")
    parser.add_argument("--database")
    parser.add_argument("--queue", action="store_true")
    given: Any = parser.parse_args(arguments)
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    if given.queue:
        print("| students | what | seconds | CPU ms each |\n| --- | --- | --- | --- |")
        for number in given.students:
            measure_queue(number, given.database)
        return
    measured: list[Measured] = []
    print(HEAD, flush=True)
    for kind in product(given.students, given.before, given.distance, given.workers):
        measured.append(measure(*kind, given.only, given.database))
        print(measured[-1].told(), flush=True)
    print(f"\n{MANY} students, from the last row:\n", *projected(measured[-1]), sep="\n")
    print(f"\nload of the machine after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
