"""`python -m tests.robustness.readings`: reads all pages and prints the table by group."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence

from agent.browser.launcher import running
from agent.settings import Settings
from tests.robustness.readings.reading import GROUPS, Reading, Verdict, readings


def _table(found: Sequence[Reading]) -> list[str]:
    lines = [f"| pages | all | {' | '.join(Verdict)} |", "| --- | --- | --- | --- | --- | --- |"]
    for group in (*GROUPS, ""):
        tally = Counter(one.verdict for one in found if one.page.startswith(group))
        lines.append(
            f"| {group or 'all'} | {tally.total()} | {' | '.join(str(tally[one]) for one in Verdict)} |"
        )
    return lines


def main(words: Sequence[str] | None = None) -> int:
    """Read the chosen pages.

    Returns:
        0 when none is read wrong, else 1.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.robustness.readings")
    parser.add_argument("--only", default="", help="regular expression over group/page")
    only = parser.parse_args(words).only
    with running(Settings(), headless=True, tell=print) as browser:
        found = list(readings(browser.new_page(viewport={"width": 1280, "height": 900}), only=only))
    told = (f"{one.verdict:6} {one.page:45} {one.why}" for one in found if one.verdict != Verdict.RIGHT)
    sys.stdout.write("\n".join((*told, *_table(found), "")))
    return int(any(one.verdict == Verdict.WRONG for one in found))


if __name__ == "__main__":
    sys.exit(main())
