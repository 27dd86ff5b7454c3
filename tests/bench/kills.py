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
import hashlib
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path

from fixtures.server import MockSites
from tests.robustness.faults.killing import FORKS, NOT_REACHED, Trial, counted, points

ALL = ("every", "point")
"""Under this the file holds the list of all points."""


def main() -> None:
    """Try what is missing, as far as the time goes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=8)
    parser.add_argument("--kind", default="")
    given = parser.parse_args()
    FORKS.set_forkserver_preload(["tests.robustness.faults.killing"])
    until = time.monotonic() + given.minutes * 60
    known = _known(given.results)
    with MockSites() as sites:
        wanted = _points(sites, known.pop(ALL, ""), given.results)
        for kind, point in sorted(wanted, key=_mixed):
            if (kind, point) in known or given.kind not in kind or time.monotonic() > until:
                continue
            with _trial(sites) as trial:
                known[kind, point] = trial.result(kind, point)
            _append(given.results, kind, point, known[kind, point])
            print(f"{kind} {point}: {known[kind, point] or 'then done, one upload'}", flush=True)
    _summary(known, Counter(kind for kind, _ in wanted))


def _mixed(point: tuple[str, str]) -> bytes:
    """An order in which a part of the points is a fair sample of all."""
    return hashlib.sha256(" ".join(point).encode()).digest()


def _points(sites: MockSites, noted: str, results: Path) -> list[tuple[str, str]]:
    """Return every kill point, as noted by the first part or found out now."""
    if not noted:
        with _trial(sites) as trial:
            noted = json.dumps(points(trial))
        _append(results, *ALL, noted)
    return [(kind, point) for kind, point in json.loads(noted)]


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
    for (kind, point), wrong in known.items():
        if wrong not in ("", NOT_REACHED):
            print(f"  {kind} {point}: {wrong}")


if __name__ == "__main__":
    main()
