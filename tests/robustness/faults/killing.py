"""One run of the job in a process of its own, killed at one point, and the run after it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from playwright.sync_api import sync_playwright
from starlette.types import Receive, Scope, Send

from agent.browser.launcher import launch
from agent.case.audit_check import examine
from agent.report.files import load
from agent.settings import Settings
from fixtures.server import MockSites
from fixtures.sites.sign_in import Gate
from tests.agent.cli import killed
from tests.harness.program import run_job, site_settings

PATIENCE = 30.0
HANGS = 120.0
"""Seconds after which a run counts as hanging."""
ONLY = ("conditions", "photo")
"""Duties that need nobody once the plan is agreed to: what 图像校对 asks of the student would end every run with 10."""
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


def wrong(folder: Path, sites: MockSites) -> Iterator[str]:
    """Yield what is not as it should be once a case that was interrupted has been run again."""
    report, audited = load(folder), examine(folder)
    effects = [effect["kind"] for effect in sites.world.state()["effects"]]
    duty = next(row.status for row in report.duties if row.id == "photo")
    if effects != ["photo_upload"]:
        yield f"effects {effects}"
    if (report.outcome, duty in ("done", "already_done")) != ("done", True):
        yield f"outcome {report.outcome}, photo {duty}"
    if report.conditions is None or report.conditions.counts.met != MET:
        yield f"conditions {report.conditions and report.conditions.counts}"
    yield from (f"audit: {row.note}" for row in audited.findings if row.level == "fail")


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
        return f"then {second}" if second != 0 else "; ".join(wrong(self.case, self.sites))


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

    with patch.object(Gate, "__call__", call):
        yield


def points(trial: Trial) -> list[tuple[str, str]]:
    """Run to the end once and return every kill point that there is."""
    trial.sites.world.reset()
    assert trial.run() == 0
    boundaries = [("boundary", line) for line in trial.boundaries.read_text("utf-8").splitlines()]
    numbers = [str(number) for number in range(1, trial.answered + 1)]
    return boundaries + [(kind, number) for kind in ("request", "browser") for number in numbers]
