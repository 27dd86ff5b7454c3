"""Wherever a run is killed, the next one ends done, with one upload ever and a log that can be verified."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree

import pytest

from fixtures.server import MockSites
from tests.agent.cli.conftest import PATIENCE, PROFILE, TODAY, Gradsync
from tests.agent.cli.killed import AT, LOG
from tests.robustness.faults.killing import NOT_REACHED, Trial, counted, points, wrong
from tests.structure.source import ROOT

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL"),
    pytest.mark.timeout(300),
]
RUN = ("run", *PROFILE, *TODAY, "--yes", "--only", "conditions", "--only", "photo", "--out", "case")
DRIVER = [sys.executable, "-m", "tests.agent.cli.killed"]
AROUND_THE_CLICK = (
    "before journal intended 1",
    "after journal intended 1",
    "before journal sent 1",
    "after journal sent 1",
    "before journal verified 1",
    "after journal verified 1",
)
IN_DOUBT = AROUND_THE_CLICK[2:3]
"""Where a second upload or a lost one would come from; the suite kills here, the exhaustive test everywhere."""


@dataclass
class Killing:
    """Runs the job to a kill and then once more.

    Args:
        command: The command at the mock sites.
        sites: The mock sites.
        log: Gets the boundaries that a run reached.
    """

    command: Gradsync
    sites: MockSites
    log: Path

    @property
    def case(self) -> Path:
        """The case folder."""
        return self.command.folder / "case"

    def start(self, at: str) -> subprocess.Popen[str]:
        """Start a run that ends at a boundary; the caller waits for its end."""
        rmtree(self.case, ignore_errors=True)
        self.log.unlink(missing_ok=True)
        self.sites.world.reset()
        environ = {**self.command.environ, LOG: str(self.log), AT: at, "PYTHONPATH": str(ROOT)}
        driven = replace(self.command, command=DRIVER, environ=environ)
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return driven.started(*RUN, **quiet)

    def boundaries(self) -> list[str]:
        """Run to the end once and return every boundary there is."""
        assert _status(self.start("nowhere")) == 0
        return self.log.read_text("utf-8").splitlines()

    def at_boundary(self, point: str) -> str:
        """Kill there, run again, and return what is wrong; nothing when all is well."""
        status = _status(self.start(point))
        return self.run_again() if status == -signal.SIGKILL else f"ended with {status} without coming there"

    def run_again(self) -> str:
        """Run on the same case and hold what came of it against what should have."""
        ran = self.command(*RUN)
        if ran.status != 0:
            return f"status {ran.status}: {ran.err[-200:]}"
        return "; ".join(wrong(self.case, self.sites))


@pytest.fixture
def killing(gradsync: Gradsync, sites: MockSites, tmp_path: Path) -> Killing:
    """A job to be killed."""
    return Killing(gradsync.at(sites), sites, tmp_path / "boundaries")


@pytest.mark.parametrize("point", IN_DOUBT)
def test_a_kill_around_the_click_leaves_one_upload(point: str, killing: Killing) -> None:
    assert killing.at_boundary(point) == ""
    reached = AROUND_THE_CLICK[: AROUND_THE_CLICK.index(point) + 1]
    assert [each for each in killing.log.read_text("utf-8").splitlines() if "journal" in each] == [*reached]


@pytest.mark.exhaustive
@pytest.mark.timeout(8 * 3600)
@pytest.mark.skipif(sys.platform != "linux", reason="the browser's process is found as Linux tells it")
def test_a_kill_at_every_point_there_is(
    sites: MockSites, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As ``tests.bench.kills`` does in parts; prints each, and how many there are."""
    said: dict[tuple[str, str], str] = {}
    with counted(first := Trial(sites, tmp_path / "first")):
        first.folder.mkdir()
        there = points(first)
    for number, (kind, point) in enumerate(there):
        folder = tmp_path / str(number)
        folder.mkdir()
        with counted(trial := Trial(sites, folder)):
            said[kind, point] = trial.result(kind, point)
        with capsys.disabled():
            sys.stdout.write(f"{kind} {point}: {said[kind, point] or 'then done, one upload'}\n")
        rmtree(folder)
    wrong = {point: trouble for point, trouble in said.items() if trouble not in ("", NOT_REACHED)}
    with capsys.disabled():
        sys.stdout.write(f"{len(said)} kill points, {len(wrong)} went wrong\n")
    assert wrong == {}


def _status(process: subprocess.Popen[str]) -> int:
    """Wait for a process and return how it ended; one that does not end is no concern of the next point's."""
    try:
        return process.wait(PATIENCE)
    finally:
        process.kill()


@pytest.mark.exhaustive
def test_the_points_around_the_click_are_in_the_order_of_the_protocol(killing: Killing) -> None:
    points = killing.boundaries()
    assert [point for point in points if "journal" in point] == list(AROUND_THE_CLICK)
    assert json.loads((killing.case / "report.json").read_text("utf-8"))["outcome"] == "done"
