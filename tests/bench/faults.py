"""Every fault on every page of the job: ``python -m tests.bench.faults --results FILE [--minutes 8] [--docs docs/faults.md]``.

Each result is appended to the file as one line of JSON at once; those that are there already are not run again, so that the
whole can be run in parts. Prints a line each, and at the end how many there are and what is wrong. ``--docs`` writes the table
of fault by page from what the file holds; ``--page WORD`` runs the pages whose name has the word.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from agent.browser.launcher import launch
from agent.settings import Settings
from fixtures.server import MockSites
from tests.harness.program import run_job, site_settings
from tests.robustness.faults.striking import (
    BLOWS,
    PAGES,
    PATIENCE,
    Struck,
    budget,
    combinations,
    learn,
    strike,
)

BEGIN, END = "<!-- table: tests.bench.faults -->", "<!-- end of the table -->"


def main() -> None:
    """Run what is missing, as far as the time goes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=8)
    parser.add_argument("--page", default="")
    parser.add_argument("--docs", type=Path)
    given = parser.parse_args()
    known = _known(given.results)
    wanted = [pair for pair in combinations() if pair not in known and given.page in pair[0]]
    wanted.sort(key=lambda pair: hashlib.sha256("".join(pair).encode()).digest())  # a part is a fair sample
    if wanted and given.minutes:
        for struck in _run(wanted, time.monotonic() + given.minutes * 60):
            with given.results.open("a", encoding="utf-8") as results:
                results.write(json.dumps(asdict(struck), ensure_ascii=False) + "\n")
            print(
                f"{struck.page} × {struck.blow}: {struck.outcome}, {struck.seconds} s {'; '.join(struck.wrong)}",
                flush=True,
            )
    known = _known(given.results)
    _summary(list(known.values()))
    if given.docs:
        _write(given.docs, known)


def _known(path: Path) -> dict[tuple[str, str], Struck]:
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    rows = [json.loads(line) for line in lines]
    return {(row["page"], row["blow"]): Struck(**{**row, "wrong": tuple(row["wrong"])}) for row in rows}


def _run(wanted: Sequence[tuple[str, str]], until: float) -> Iterator[Struck]:
    with MockSites() as sites, sync_playwright() as playwright:
        started = launch(playwright, Settings(), headless=True)
        assert started is not None, "no browser found"
        browser, _ = started
        _learn(browser, sites)
        print(f"budget of a run: {budget():.0f} s")
        for page, blow in wanted:
            if time.monotonic() > until:
                break
            with tempfile.TemporaryDirectory() as folder:
                yield strike(browser, sites, page, blow, Path(folder))
        browser.close()


def _learn(browser: Browser, sites: MockSites) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sites.world.reset()
        learn(run_job(browser, site_settings(sites), Path(folder) / "case", patience=10 * PATIENCE))


def _summary(found: Sequence[Struck]) -> None:
    wrong = [row for row in found if row.wrong]
    print(f"{len(found)} of {len(list(combinations()))} combinations, {len(wrong)} with something wrong")
    print(f"longest {max((row.seconds for row in found), default=0):.1f} s")
    print(f"outcomes: {dict(Counter(row.outcome for row in found).most_common())}")
    for row in wrong:
        print(f"  {row.page} × {row.blow}: {row.outcome}: {'; '.join(row.wrong)}")


def _write(path: Path, known: dict[tuple[str, str], Struck]) -> None:
    """Put the table between its marks."""
    text = path.read_text("utf-8")
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    path.write_text(f"{before}{BEGIN}\n{_table(known)}\n{END}{after}", "utf-8")


def _table(known: dict[tuple[str, str], Struck]) -> str:
    """Faults down, pages across; two tables, since one would be too wide."""
    parts = []
    for site in ("chsi", "platform"):
        pages = [page for page in PAGES if page.startswith(site)]
        parts += [f"| fault | {' | '.join(page.partition(': ')[2] for page in pages)} |"]
        parts += [f"| --- |{' --- |' * len(pages)}"]
        parts += [f"| {blow} | {' | '.join(_cell(known, page, blow) for page in pages)} |" for blow in BLOWS]
        parts += [""]
    return "\n".join(parts).rstrip()


def _cell(known: dict[tuple[str, str], Struck], page: str, blow: str) -> str:
    row = known.get((page, blow))
    if row is None:
        return "–" if (page, blow) not in set(combinations()) else "·"
    return row.outcome.partition(" ")[2].removeprefix("site.") + (" **wrong**" if row.wrong else "")


if __name__ == "__main__":
    main()
