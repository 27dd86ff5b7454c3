"""An upload by hand, killed at its points: the next run looks first, and there is one upload in the end."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from fixtures.people.students import STUDENTS
from fixtures.server import MockSites
from tests.agent.cli import killed
from tests.harness.already_read import read_at_chsi
from tests.harness.program import CONSENTING, run_job, run_on_platform, site_settings
from tests.journeys.window.test_upload_by_hand import PAGES, UPLOADING, only_upload, uploads
from tests.person import Leading, hands, open_window
from tests.robustness.faults.killing import FORKS

HANGS = 150.0
"""Seconds after which a run counts as hanging."""
POINTS = (
    "before journal intended 1",
    "after journal intended 1",
    "before audit ask 2",
    "after audit ask 2",
    "before journal sent 1",
    "after journal sent 1",
    "after audit write.sent chaoxing.photo.upload 1",
    "before journal verified 1",
    "after journal verified 1",
)
"""The second ask is the one that shows the file."""
pytestmark = [
    pytest.mark.exhaustive,  # the suite kills around the same step of the program's own upload: tests/agent/cli/test_kills.py
    pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL"),
    pytest.mark.timeout(400),
]


def work(given: dict[str, Any], folder: str, at: str, executable: str, port: int) -> None:
    """One run with a person there, in a process of its own, which is killed at a boundary."""
    os.environ[killed.AT], os.environ[killed.LOG] = at, str(Path(folder, "boundaries"))
    killed.install()
    with (
        sync_playwright() as playwright,
        open_window(playwright, executable, port, Path(folder)) as browser,
        hands(port) as pressing,
    ):
        person = Leading(pressing, {}, {UPLOADING: PAGES["strange"][1]})
        case = Path(folder, "case")
        how: dict[str, Any] = {"answerers": [person, CONSENTING], "only": ["photo"], "patience": 12}
        report = run_job(browser, given, case, found=read_at_chsi(STUDENTS[0]), **how)
    sys.exit(report.exit_status)


def _status(sites: MockSites, folder: Path, executable: str, port: int, at: str) -> int | None:
    """How a run with a person there ends."""
    process = FORKS.Process(target=work, args=(site_settings(sites), str(folder), at, executable, port))
    process.start()
    process.join(HANGS)
    process.kill()
    process.join()
    return process.exitcode


@pytest.mark.parametrize("at", POINTS)
def test_there_is_one_upload_wherever_it_is_killed(
    browser: Browser, browser_type_launch_args: dict[str, Any], port: int, tmp_path: Path, at: str
) -> None:
    """Once the file has left, the next run ends done with nobody there: it would stop where it asked for an upload."""
    executable = str(browser_type_launch_args["executable_path"])
    with MockSites(mutate=only_upload(PAGES["strange"][0])) as sites:
        assert _status(sites, tmp_path, executable, port, at) == -signal.SIGKILL
        if uploads(sites):
            again = run_on_platform(browser, sites, tmp_path / "case", only=["photo"], patience=12)
            status: int | None = again.exit_status
        else:
            status = _status(sites, tmp_path, executable, port, "nowhere")
        assert status in (0, 40)
        assert len(uploads(sites)) == 1
