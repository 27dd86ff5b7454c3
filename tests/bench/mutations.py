"""The job on changed pages, beside three usual scripts: `python -m tests.bench.mutations [--singles] [--combinations N] [--page KIND]`.

Every mutation of ``fixtures.mutations.mutations`` × every kind of page that it changes, then seeded combinations of three on one page
each. Prints tables in Markdown: by mutation, by page, by script, and every run that was not right. Ends with status 1 when
a limit of the issue is broken: a wrong value or click, fewer than 95 % right, or a stop that is not safe.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TextIO

from playwright.sync_api import Browser

from agent.browser.launcher import running
from agent.settings import Settings
from fixtures.mutations.mutations import MUTATIONS, applies, combine
from fixtures.server import MockSites
from tests.robustness.mutations.journeys import ByIds, ByText, ByXPath, Visit, Way, record_paths, visit
from tests.robustness.mutations.pages import PAGES, Filter, Truth, Truths, originals, truths
from tests.robustness.mutations.running import PATIENCE, Judgement, Outcome, carry_out, judge

US = "gradsync"
OTHERS = ("ids", "xpath", "text")
GOOD = (Outcome.RIGHT, Outcome.DEGRADED)
WANTED = 0.95


@dataclass(frozen=True)
class Case:
    """Mutations by name, the kind of page they change, and the seed of what they draw."""

    mutations: tuple[str, ...]
    page: str
    seed: int

    @property
    def title(self) -> str:
        """The mutations, for tables."""
        return " + ".join(self.mutations)


@dataclass(frozen=True)
class Result:
    """What came of one case by one way of working."""

    case: Case
    way: str
    judgement: Judgement
    seconds: float


# -- cases -----------------------------------------------------------------------------------------------------------------


def singles(pages: dict[str, str], seed: int) -> list[Case]:
    """Every mutation on every kind of page that it changes."""
    return [
        Case((name,), page, seed)
        for name in MUTATIONS
        for page, html in pages.items()
        if applies([name], html)
    ]


def combinations(pages: dict[str, str], wanted: int, seed: int) -> Iterator[Case]:
    """Three mutations at once, each of which changes the page, on a page drawn by the seed."""
    rng = random.Random(seed)
    while wanted:
        page = rng.choice(list(pages))
        names = sorted(rng.sample(list(MUTATIONS), 3), key=list(MUTATIONS).index)
        if applies(names, pages[page]):
            wanted -= 1
            yield Case(tuple(names), page, rng.randrange(10**6))


# -- running ---------------------------------------------------------------------------------------------------------------


@dataclass
class Worker:
    """One process: its own sites, its own browser, one context after the other."""

    browser: Browser
    sites: MockSites
    pages: Filter
    true: Truths
    ways: dict[str, Way]
    patience: float

    def results(self, case: Case) -> Iterator[Result]:
        """Run a case by every way."""
        self.pages.set(case.page, combine(case.mutations, case.seed))
        for way in [US, *self.ways]:
            started = time.monotonic()
            judgement = self._ours(case) if way == US else self._theirs(case, self.ways[way])
            yield Result(case, way, judgement, time.monotonic() - started)
        self.pages.set("", None)

    def _ours(self, case: Case) -> Judgement:
        with tempfile.TemporaryDirectory() as folder:
            run = carry_out(self.browser, self.sites, case.page, Path(folder) / "case", self.patience)
        return judge(run, self._true(case), case.page, case.mutations)

    def _true(self, case: Case) -> Truth:
        return self.true[PAGES[case.page].task.profile]

    def _theirs(self, case: Case, way: Way) -> Judgement:
        seen = Visit(self.sites, way, case.page, self._true(case), case.mutations, self.patience)
        return visit(self.browser, seen)


def worked(cases: Sequence[Case], compare: bool, patience: float) -> list[Result]:
    """Run some cases in this process."""
    pages = Filter()
    with MockSites(mutate=pages) as sites, running(Settings(), headless=True, tell=print) as browser:
        true = truths(sites, originals(sites))
        visited = sorted({case.page for case in cases})
        ways: dict[str, Way] = (
            {"ids": ByIds(), "xpath": ByXPath(record_paths(browser, sites, visited)), "text": ByText()}
            if compare
            else {}
        )
        worker = Worker(browser, sites, pages, true, ways, patience)
        return [result for case in cases for result in worker.results(case)]


def run_all(cases: Sequence[Case], options: argparse.Namespace, batch: int = 10) -> list[Result]:
    """Run all cases in batches, each with a fresh browser, and tell stderr how far it is."""
    batches = [cases[start : start + batch] for start in range(0, len(cases), batch)]
    work = partial(worked, compare=not options.no_others, patience=options.patience)
    results: list[Result] = []
    with ProcessPoolExecutor(options.workers, mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(work, part) for part in batches]):
            results += done.result()
            troubles(done.result(), sys.stderr)
            print(f"{len(results)} runs", file=sys.stderr, flush=True)
    return sorted(results, key=lambda result: cases.index(result.case))


# -- tables ----------------------------------------------------------------------------------------------------------------


def table(title: str, rows: Iterable[tuple[str, Sequence[Result]]]) -> None:
    """Print outcomes by row."""
    print(f"\n| {title} | runs | {' | '.join(Outcome)} |\n|---|{'---:|' * (len(Outcome) + 1)}")
    for name, results in rows:
        counts = Counter(result.judgement.outcome for result in results)
        print(
            f"| {name} | {len(results)} | {' | '.join(str(counts[outcome] or '') for outcome in Outcome)} |"
        )


def by(results: Sequence[Result], key: str) -> list[tuple[str, list[Result]]]:
    """Group results by their case's page or title, or by the way; in order of appearance."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        name = result.way if key == "way" else str(getattr(result.case, key))
        groups.setdefault(name, []).append(result)
    return list(groups.items())


def compared(results: Sequence[Result]) -> None:
    """Print, by mutation, how many runs each way got right, and how many wrong."""
    print(f"\n| mutation | runs | {' | '.join((US, *OTHERS))} |\n|---|---:|{'---|' * (1 + len(OTHERS))}")
    for name, rows in by(results, "title"):
        ways = {way: [row.judgement.outcome for row in rows if row.way == way] for way in (US, *OTHERS)}
        print(f"| {name} | {len(ways[US])} | {' | '.join(_cell(outcomes) for outcomes in ways.values())} |")


def _cell(outcomes: Sequence[Outcome]) -> str:
    right = sum(outcome in GOOD for outcome in outcomes)
    wrong = outcomes.count(Outcome.WRONG)
    return f"{right}{f', **{wrong} wrong**' if wrong else ''}"


def troubles(results: Sequence[Result], to: TextIO) -> None:
    """Print every run of ours that was not right."""
    for result in (result for result in results if result.way == US and result.judgement.outcome not in GOOD):
        case, outcome = result.case, result.judgement.outcome
        line = f"- {outcome} · {case.page} · {case.title} · seed {case.seed}: {result.judgement.why}"
        print(line, file=to)


def summary(title: str, results: Sequence[Result]) -> bool:
    """Print what the issue asks for and return whether it is kept."""
    ours = [result for result in results if result.way == US]
    outcomes = [result.judgement.outcome for result in ours]
    right = sum(outcome in GOOD for outcome in outcomes) / max(len(outcomes), 1)
    unsafe = sum(outcome in (Outcome.WRONG, Outcome.OTHER_STOP) for outcome in outcomes)
    avoidable = sum(
        result.judgement.outcome in (Outcome.STOPPED, Outcome.INCOMPLETE)
        and not any(MUTATIONS[name].may_stop for name in result.case.mutations)
        for result in ours
    )
    seconds = sum(result.seconds for result in ours) / max(len(ours), 1)
    print(
        f"\n**{title}**: {len(ours)} runs, right {right:.1%}, wrong or unsafe {unsafe}, "
        f"stops that need not be {avoidable}, {seconds:.1f} s each"
    )
    return not unsafe and right >= WANTED


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--singles", action="store_true", help="every mutation on every page")
    parser.add_argument("--combinations", type=int, default=0, metavar="N")
    parser.add_argument("--page", action="append", choices=PAGES, help="this kind of page alone; repeatable")
    parser.add_argument("--no-others", action="store_true", help="leave the three scripts out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--patience", type=float, default=PATIENCE, help="seconds a page may take")
    options = parser.parse_args(arguments)
    with MockSites() as sites:
        pages = {name: html for name, html in originals(sites).items() if name in (options.page or PAGES)}
    groups = {
        "single mutations": singles(pages, options.seed) if options.singles else [],
        "combinations of three": list(combinations(pages, options.combinations, options.seed)),
    }
    kept = [reported(title, cases, options) for title, cases in groups.items() if cases]
    return int(not all(kept))


def reported(title: str, cases: Sequence[Case], options: argparse.Namespace) -> bool:
    """Run one group of cases, print its tables, and return whether the limits are kept."""
    results = run_all(cases, options)
    ours = [result for result in results if result.way == US]
    print(f"\n## {title}")
    if title.startswith("single"):
        table("mutation", by(ours, "title"))
        if not options.no_others:
            compared(results)
    table("page", by(ours, "page"))
    table("way", by(results, "way"))
    print()
    troubles(ours, sys.stdout)
    return summary(title, results)


if __name__ == "__main__":
    sys.exit(main())
