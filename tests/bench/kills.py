"""A kill at every boundary and after every request of the job: ``python -m tests.bench.kills --results FILE [--minutes 8]``.

Kinds of kill points: ``boundary`` (the moment before and after each journal record, audit record and file of the case: SIGKILL
of the program by itself), ``request`` (SIGKILL of the program once the site has dealt with a request and before its answer can
have arrived) and ``browser`` (SIGKILL of the browser at the same moment). After each the job runs again on the same case and
must end done, with one upload ever, the right conditions and a whole audit log.

A run is a process forked from a server that has everything imported, so that a point costs two runs and nothing else. Each
result is appended to the file at once; points that are there already are not tried again, so the whole can be done in parts.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from starlette.types import Receive, Scope, Send

from agent.auditing import examine
from agent.browser import launch
from agent.report.files import load
from agent.settings import Settings
from fixtures.gate import Gate
from fixtures.server import MockSites
from tests.cli import killed
from tests.harness import run_job, site_settings

PATIENCE = 30.0
HANGS = 120.0
"""Seconds after which a run counts as hanging."""
ONLY = ("chsi_check", "conditions", "photo")
MET = 6
"""Conditions that are met once the photo is there."""
FORKS = multiprocessing.get_context("forkserver")
NOT_REACHED = "ended before it came there"


def work(given: dict[str, Any], case: str, at: str, log: str) -> None:
    """One run in a process of its own, killed by itself at the boundary ``at``."""
    os.environ[killed.AT], os.environ[killed.LOG] = at, log
    os.setpgrp()
    killed.install()
    with sync_playwright() as playwright:
        started = launch(playwright, Settings(), headless=True)
        assert started is not None, "no browser found"
        report = run_job(started[0], given, Path(case), only=ONLY, patience=PATIENCE)
    sys.exit(report.exit_status)


@dataclass
class Trial:
    """The mock sites, one case, and who is to be killed when.

    Args:
        sites: The mock sites of this process.
        folder: Holds the case and the list of boundaries.
    """

    sites: MockSites
    folder: Path
    answered: int = 0
    victim: tuple[int, int, str] = (0, 0, "")
    killed: list[int] = field(default_factory=list)

    @property
    def case(self) -> Path:
        """The case folder."""
        return self.folder / "case"

    @property
    def boundaries(self) -> Path:
        """Gets a line for each boundary that was reached."""
        return self.folder / "boundaries"

    def run(self, at: str = "nowhere", request: int = 0, whom: str = "") -> int | None:
        """Run once; return how it ended (negative: the signal), None where it hung.

        Args:
            at: The boundary to be killed at.
            request: The number of the request after which to kill; 0 for none.
            whom: ``request`` kills the program then, ``browser`` its browser.
        """
        process = FORKS.Process(
            target=work, args=(site_settings(self.sites), str(self.case), at, str(self.boundaries))
        )
        self.answered = 0
        process.start()
        assert process.pid is not None
        self.victim = (process.pid, request, whom)
        process.join(HANGS)
        hung = process.is_alive()
        process.kill()
        process.join()
        self.victim = (0, 0, "")
        return None if hung else process.exitcode

    def dealt_with(self) -> None:
        """The site has dealt with one more request: kill, if this is the one."""
        self.answered += 1
        pid, number, whom = self.victim
        if pid and number == self.answered:
            for each in [pid] if whom == "request" else browsers_of(pid):
                os.kill(each, signal.SIGKILL)

    def result(self, kind: str, point: str) -> str:
        """Kill there, run again, and say what is wrong; nothing when all is well."""
        self.sites.world.reset()
        first = self.run(at=point) if kind == "boundary" else self.run(request=int(point), whom=kind)
        if kind != "browser" and first != -signal.SIGKILL:
            return NOT_REACHED if first == 0 else f"ended with {first}, not killed"
        if kind == "browser" and first not in (0, 10):
            return f"the browser's end was {first}, not a named stop"
        second = self.run()
        return f"then {second}" if second != 0 else "; ".join(self._wrong())

    def _wrong(self) -> Iterator[str]:
        report, audited = load(self.case), examine(self.case)
        effects = [effect["kind"] for effect in self.sites.world.state()["effects"]]
        duty = next(row.status for row in report.duties if row.id == "photo")
        if effects != ["photo_upload"]:
            yield f"effects {effects}"
        if (report.outcome, duty in ("done", "already_done")) != ("done", True):
            yield f"outcome {report.outcome}, photo {duty}"
        if report.conditions is None or report.conditions.counts.met != MET:
            yield f"conditions {report.conditions and report.conditions.counts}"
        yield from (f"audit: {row.note}" for row in audited.findings if row.level == "fail")


def browsers_of(pid: int) -> list[int]:
    """Return the main process of each browser below a process, as Linux tells it."""
    parents = {int(path.name): _parent(path) for path in Path("/proc").glob("[0-9]*")}
    below = {pid}
    while more := {child for child, parent in parents.items() if parent in below} - below:
        below |= more
    return [child for child in below if _is_browser(child)]


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0  # it has just ended


def _is_browser(pid: int) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"--headless" in b" ".join(words) and not any(word.startswith(b"--type=") for word in words)


@contextmanager
def counted(trial: Trial) -> Iterator[None]:
    """Let every request that a site has dealt with be counted; the control address is none."""
    real = Gate.__call__

    async def call(gate: Gate, scope: Scope, receive: Receive, send: Send) -> None:
        await real(gate, scope, receive, send)
        trial.dealt_with()

    Gate.__call__ = call  # type: ignore[method-assign]
    try:
        yield
    finally:
        Gate.__call__ = real  # type: ignore[method-assign]


def points(trial: Trial) -> list[tuple[str, str]]:
    """Run to the end once and return every kill point that there is."""
    trial.sites.world.reset()
    assert trial.run() == 0
    boundaries = [("boundary", line) for line in trial.boundaries.read_text("utf-8").splitlines()]
    numbers = [str(number) for number in range(1, trial.answered + 1)]
    return boundaries + [(kind, number) for kind in ("request", "browser") for number in numbers]


def main() -> None:
    """Try what is missing, as far as the time goes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=8)
    parser.add_argument("--kind", default="")
    given = parser.parse_args()
    FORKS.set_forkserver_preload(["tests.bench.kills"])
    until = time.monotonic() + given.minutes * 60
    known = _known(given.results)
    every = known.pop(("every", "point"), None)
    with MockSites() as sites:
        if every is None:
            with _trial(sites) as trial:
                every = json.dumps(points(trial))
            _append(given.results, "every", "point", every)
        wanted = [tuple(pair) for pair in json.loads(every)]
        for kind, point in wanted:
            if (kind, point) in known or given.kind not in kind or time.monotonic() > until:
                continue
            with _trial(sites) as trial:
                known[kind, point] = trial.result(kind, point)
            _append(given.results, kind, point, known[kind, point])
            print(f"{kind} {point}: {known[kind, point] or 'then done, one upload'}", flush=True)
    _summary(known, Counter(kind for kind, _ in wanted))


@contextmanager
def _trial(sites: MockSites) -> Iterator[Trial]:
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(sites, Path(folder))
        with counted(trial), redirect_stderr(sys.stdout):
            yield trial


def _known(path: Path) -> dict[tuple[str, str], str]:
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return {(kind, point): said for kind, point, said in map(json.loads, lines)}


def _append(path: Path, kind: str, point: str, said: str) -> None:
    with path.open("a", encoding="utf-8") as results:
        results.write(json.dumps([kind, point, said], ensure_ascii=False) + "\n")


def _summary(known: dict[tuple[str, str], str], there: Counter[str]) -> None:
    for kind, total in there.items():
        said = [result for (which, _), result in known.items() if which == kind]
        fine, missed = said.count(""), said.count(NOT_REACHED)
        print(f"{kind}: {len(said)} of {total} points tried, {fine} then done with one upload,", end=" ")
        print(f"{missed} not reached, {len(said) - fine - missed} went wrong")
    for (kind, point), said in known.items():
        if said not in ("", NOT_REACHED):
            print(f"  {kind} {point}: {said}")


if __name__ == "__main__":
    main()
