"""What journal, audit log, evidence and redaction cost: ``python -m tests.bench.overhead [--times 10]``.

The whole job with its form (every write there is) runs turn by turn with them and without; the first turn warms the caches.
Prints medians, the median ratio of the pairs, and the share of the time that runs with them spend inside them, which says the
same and is less at the mercy of what else the machine does.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from playwright.sync_api import Browser, sync_playwright

from agent.browser.launcher import launch
from agent.case.audit_log import AuditLog
from agent.case.case import EvidenceFiles
from agent.case.journal import Journal
from agent.privacy.redaction import Redactor
from agent.settings import Settings
from fixtures.server import MockSites
from flows.run.evidence import EvidenceRecorder
from tests.harness.program import CONSENTING, run_job, site_settings
from tests.journeys.runs.test_whole_job import EFFECTS, PERSON
from tests.robustness.faults.filled import FORM


def _nothing(*_: Any, **__: Any) -> None:
    """In place of what writes."""


def _as_it_is(_: Redactor, text: str) -> str:
    """In place of redaction."""
    return text


MEASURED: dict[tuple[type, str], Callable[..., Any]] = {
    (Journal, "record"): _nothing,
    (AuditLog, "append"): _nothing,
    (EvidenceFiles, "keep"): _nothing,
    (EvidenceFiles, "keep_picture"): _nothing,
    (EvidenceRecorder, "__call__"): _nothing,
    (Redactor, "redact"): _as_it_is,
}
"""What is measured, and what stands in its place where it is left out."""


@contextmanager
def without() -> Iterator[dict[str, float]]:
    """Leave all of it out."""
    with ExitStack() as stack:
        for (owner, name), instead in MEASURED.items():
            stack.enter_context(patch.object(owner, name, instead))
        yield {}


@contextmanager
def timed() -> Iterator[dict[str, float]]:
    """Yield the seconds of all calls into it from outside, by what was called."""
    spent: dict[str, float] = {}
    with ExitStack() as stack:
        inside: list[str] = []
        for owner, name in MEASURED:
            call = _timed(f"{owner.__name__}.{name}", getattr(owner, name), spent, inside)
            stack.enter_context(patch.object(owner, name, call))
        yield spent


def _timed(
    name: str, real: Callable[..., Any], spent: dict[str, float], inside: list[str]
) -> Callable[..., Any]:
    def call(*args: Any, **named: Any) -> Any:
        inside.append(name)
        started = time.perf_counter()
        try:
            return real(*args, **named)
        finally:
            inside.pop()
            more = 0.0 if inside else time.perf_counter() - started
            spent[name] = spent.get(name, 0.0) + more

    return call


def job(browser: Browser, sites: MockSites) -> float:
    """Run the whole job for a student who has done nothing yet; return its seconds."""
    sites.world.reset()
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        report = run_job(
            browser,
            site_settings(sites),
            Path(folder) / "case",
            patience=30,
            answerers=[CONSENTING, PERSON],
            form=FORM,
        )
        seconds = time.perf_counter() - started
    assert report.exit_status == 0, report.trouble
    assert [effect["kind"] for effect in sites.world.state()["effects"]] == EFFECTS
    return seconds


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    times = parser.parse_args().times
    shares: list[float] = []
    taken: dict[str, list[float]] = {"with": [], "without": []}
    with MockSites() as sites, sync_playwright() as playwright:
        started = launch(playwright, Settings(), headless=True)
        assert started is not None, "no browser found"
        browser, _ = started
        for turn in range(times + 1):
            for name in list(taken) if turn % 2 else list(taken)[::-1]:
                with timed() if name == "with" else without() as spent:
                    seconds = job(browser, sites)
                taken[name].extend([seconds] if turn else [])
                total = sum(spent.values())
                shares.extend([total / (seconds - total)] if spent and turn else [])
                by_name = ", ".join(f"{what} {each:.2f}" for what, each in sorted(spent.items()))
                print(f"turn {turn} {name} {seconds:.2f} s; inside: {by_name or 'left out'}", flush=True)
        browser.close()
    for name, seconds_of in taken.items():
        print(f"{name:8} median {statistics.median(seconds_of):.2f} s of {times}")
    ratios = [a / b for a, b in zip(taken["with"], taken["without"], strict=True)]
    print(f"with / without: {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})")
    print(
        f"time inside / all other time: {statistics.median(shares):.3f} ({min(shares):.3f} to {max(shares):.3f})"
    )


if __name__ == "__main__":
    main()
