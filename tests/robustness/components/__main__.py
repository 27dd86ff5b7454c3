"""`python -m tests.robustness.components`: runs the cases and prints the table by library; `--serve ID` shows one."""

from __future__ import annotations

import argparse
import re
import shlex
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.robustness.components import cache
from tests.robustness.components.cases import CASES, FURTHER, LIBRARIES, Case
from tests.robustness.components.judge import Verdict
from tests.robustness.components.runner import Result, own_command, run_case
from tests.robustness.components.server import serving
from tests.robustness.components.world import World


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _table(results: Sequence[Result]) -> list[str]:
    lines = ["", f"| {'library':12} | cases | right | safe stop | WRONG |", "| --- | --- | --- | --- | --- |"]
    for library in (*LIBRARIES, *FURTHER, "all"):
        tally = Counter(r.verdict for r in results if library in (r.case.library, "all"))
        if tally:
            numbers = (tally.total(), *(tally[verdict] for verdict in Verdict))
            lines.append(f"| {library:12} | " + " | ".join(str(n) for n in numbers) + " |")
    return lines


def _serve(case: Case) -> None:
    world = World(case.words, case.subject)
    with serving(case.sites, world, cache.libraries()) as places:
        _say(f"chsi {places.chsi}/passport/login")
        _say(f"chaoxing {places.chaoxing}/login?sfxs=1")
        _say(f"lzu {places.lzu}/mylzu/home")
        for site in ("chsi", "chaoxing", "lzu"):
            _say(f"{site}: {case.subject.account(site)} {case.subject.password(site)}")
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


def main(words: Sequence[str] | None = None) -> int:
    """Run the chosen cases.

    Returns:
        0 when every chosen case is right, else 1.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.robustness.components")
    parser.add_argument("--only", default="", help="regular expression over the ids of cases")
    parser.add_argument("--gradsync", default="", help="the command; default: the one beside this Python")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for what the runs leave behind")
    parser.add_argument("--list", action="store_true")
    parser.add_argument(
        "--serve", action="store_true", help="serve the first chosen case's sites until interrupted"
    )
    given = parser.parse_args(words)
    chosen = [case for case in CASES if re.search(given.only, case.id)]
    if given.list:
        _say("\n".join(case.id for case in chosen))
        return 0
    if given.serve:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        _serve(chosen[0])
        return 0
    command = shlex.split(given.gradsync) or own_command()
    cache.libraries()
    with ThreadPoolExecutor(given.jobs) as pool:
        results = []
        for result in pool.map(lambda case: run_case(case, command, given.keep), chosen):
            results.append(result)
            _say(result.line)
    _say("\n".join(_table(results)))
    return 0 if all(result.verdict is Verdict.RIGHT for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
