"""The main job beside the same visits and clicks made bare (Playwright without checks, Selenium 4), and where its time goes.

``python -m tests.bench.journey [--times 10] [--distance 0 0.1 0.3] [--parts]`` prints medians and ratios, taken turn by turn in one run; each
browser is started once and its start is told apart. The mock sites run in a process of their own, as real sites do, and with
``--distance`` every answer of theirs takes so many seconds. CPU is that of the program, the driver and the browser. ``--parts``
adds where the time of one run goes, of a turn of its own that counts for nothing else. Selenium is left out where it or its
chromedriver is not installed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, sync_playwright

from agent.browser.launcher import launch
from agent.settings import Settings
from fixtures.server import Addresses
from fixtures.world import SITES
from tests.bench.measures import playwright_visits
from tests.bench.measures.processes import cpu_milliseconds
from tests.bench.measures.spending import spending
from tests.harness.program import run_job, site_settings

SERVE = "from flows.main import main; main()"
MAIN_JOB = ("chsi_check", "conditions", "photo")
OURS, BARE, SELENIUM = "gradsync run", "bare Playwright", "Selenium 4"


@dataclass(frozen=True)
class Sites:
    """The mock sites of another process, through their control address."""

    addresses: Addresses

    def reset(self, distance: float) -> None:
        """Forget what was done; let every answer take so many seconds from now on."""
        httpx.post(f"{self.addresses.control}/reset").raise_for_status()
        for site in SITES if distance else ():
            fault = {"site": site, "path": "", "fault": "delay", "nth": 0, "value": distance}
            httpx.post(f"{self.addresses.control}/fault", json=fault).raise_for_status()

    def state(self) -> dict[str, Any]:
        """What was done, and the number of requests."""
        state: dict[str, Any] = httpx.get(f"{self.addresses.control}/state").raise_for_status().json()
        return state


@dataclass(frozen=True)
class Turn:
    """What one journey took: seconds, CPU milliseconds by program, and requests to the sites."""

    seconds: float
    cpu_by_program: Mapping[str, int]
    requests: int

    @property
    def cpu(self) -> float:
        """All CPU seconds."""
        return sum(self.cpu_by_program.values()) / 1000


@contextmanager
def served() -> Iterator[tuple[Sites, int]]:
    """Run the mock sites in a process of their own; yield them and its id."""
    command = [sys.executable, "-c", SERVE, "sites", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        addresses = json.loads(process.stdout.readline())
        try:
            yield Sites(Addresses(**{"school": "", "registry": ""} | addresses)), process.pid
        finally:
            process.terminate()


def gradsync(browser: Browser, sites: Sites) -> None:
    """The main job with everything it checks, keeps and reports."""
    with tempfile.TemporaryDirectory() as folder:
        report = run_job(browser, site_settings(sites), Path(folder) / "case", patience=30, only=MAIN_JOB)
        assert report.trouble is None, report.headline


def timed(journey: Callable[[], None], sites: Sites, distance: float, served_by: int) -> Turn:
    """Run one journey for a student who has uploaded nothing."""
    sites.reset(distance)
    cpu, started = cpu_milliseconds(os.getpid(), but=served_by), time.perf_counter()
    journey()
    seconds = time.perf_counter() - started
    spent = cpu_milliseconds(os.getpid(), but=served_by)
    spent.subtract(cpu)
    state = sites.state()
    assert sum(row["kind"] == "photo_upload" for row in state["effects"]) == 1
    return Turn(seconds, spent, state["requests"])


@dataclass(frozen=True)
class Bench:
    """What the journeys are made with.

    Args:
        sites: The mock sites.
        sites_process: The process that they run in.
        journeys: What is measured, by name; ours first.
    """

    sites: Sites
    sites_process: int
    journeys: Mapping[str, Callable[[], None]]

    def turn(self, name: str, distance: float) -> Turn:
        """Make one journey."""
        return timed(self.journeys[name], self.sites, distance, self.sites_process)

    def compare(self, times: int, distance: float) -> None:
        """Print the table of one distance."""
        taken: dict[str, list[Turn]] = {name: [] for name in self.journeys}
        for nth in range(times + 1):
            for name in self.journeys:
                turn = self.turn(name, distance)
                taken[name].extend([turn] if nth else [])  # the first turn warms the caches
        print(f"{distance:g} s to every answer, {times} turns each")
        print(f"{'journey':18} {'median s':>9} {'min':>7} {'max':>7} {'CPU s':>7} {'requests':>9}")
        for name, turns in taken.items():
            seconds = [turn.seconds for turn in turns]
            cpu = statistics.median(turn.cpu for turn in turns)
            row = f"{statistics.median(seconds):9.2f} {min(seconds):7.2f} {max(seconds):7.2f} {cpu:7.2f}"
            print(f"{name:18} {row} {turns[-1].requests:9}")
        for other in list(taken)[1:]:
            ratios = [
                ours.seconds / bare.seconds for ours, bare in zip(taken[OURS], taken[other], strict=True)
            ]
            spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
            print(f"{OURS} / {other}: {statistics.median(ratios):.2f} ({spread}; median of {times} pairs)")

    def show_parts(self, distance: float) -> None:
        """Print where the time of one run goes, and how many messages the same visits need bare."""
        for name in [name for name in self.journeys if name != SELENIUM]:
            with spending() as spent:
                turn = self.turn(name, distance)
            print(f"{name}, {distance:g} s to every answer: {turn.seconds:.2f} s")
            print("\n".join(spent.lines(turn.seconds)))
            print(f"CPU ms: { {program: spent for program, spent in turn.cpu_by_program.items() if spent} }")


@contextmanager
def bench() -> Iterator[Bench]:
    """Start the sites and the browsers."""
    with served() as (sites, process), sync_playwright() as playwright, ExitStack() as stack:
        began = time.perf_counter()
        started = launch(playwright, Settings(), headless=True)
        assert started is not None, "no browser found"
        print(f"browser started in {time.perf_counter() - began:.2f} s")
        browser, candidate = started
        stack.callback(browser.close)
        journeys = {
            OURS: lambda: gradsync(browser, sites),
            BARE: lambda: playwright_visits.visit(browser, sites.addresses),
        }
        binary = candidate.executable or Path(playwright.chromium.executable_path)
        yield Bench(sites, process, journeys | _selenium(stack, binary, sites))


def _selenium(stack: ExitStack, binary: Path, sites: Sites) -> dict[str, Callable[[], None]]:
    """The journey in Selenium, where it is installed."""
    if find_spec("selenium") is None or shutil.which("chromedriver") is None:
        print("no Selenium, or no chromedriver on the PATH: left out")
        return {}
    from tests.bench.measures import selenium_visits

    driver = selenium_visits.chrome(binary)
    stack.callback(driver.quit)
    return {SELENIUM: lambda: selenium_visits.visit(driver, sites.addresses)}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--distance", type=float, nargs="+", default=[0.0])
    parser.add_argument("--parts", action="store_true")
    given = parser.parse_args()
    with bench() as measured:
        for distance in given.distance:
            measured.compare(given.times, distance)
            if given.parts:
                measured.show_parts(distance)


if __name__ == "__main__":
    main()
