"""Two runs for one person at once, in two folders: the second is stopped, and everything is sent once."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from agent.asks import Answer, Ask
from agent.case.person_lock import PersonLocks
from agent.errors import PersonBusy
from agent.reconcile.document_numbers import document_key
from agent.report.model import Report
from fixtures.people.students import STUDENTS
from fixtures.server import MockSites
from tests.harness.program import CONSENTING, run_job, run_on_platform, site_settings

NUMBER = STUDENTS[0].id_number
ONLY = ("photo",)
HOLD = "import sys; from agent.case.person_lock import *; PersonLocks(Path(sys.argv[1])).hold(*sys.argv[2:]); print(1, flush=True); input()"


@dataclass
class Impatient:
    """Starts another run for the same person while the first one asks whether to go on."""

    browser: Browser
    sites: MockSites
    folder: Path
    second: list[Report] = field(default_factory=list)

    def answer(self, ask: Ask) -> Answer | None:
        """Run again in another folder, once, then consent."""
        if not self.second:
            self.second.append(run_job(self.browser, site_settings(self.sites), self.folder, only=ONLY))
        return CONSENTING.answer(ask)

    def expects(self, ask_id: str) -> bool:
        """Say that there is hope."""
        return CONSENTING.expects(ask_id)


def test_the_second_of_two_runs_is_stopped(browser: Browser, tmp_path: Path) -> None:
    with MockSites() as sites:
        impatient = Impatient(browser, sites, tmp_path / "second")
        first = run_job(browser, site_settings(sites), tmp_path / "first", answerers=[impatient], only=ONLY)
        (second,) = impatient.second
        sent = [row["kind"] for row in sites.world.state()["effects"]].count("photo_upload")
        after = run_on_platform(browser, sites, tmp_path / "second", only=ONLY)
    assert second.trouble is not None
    assert (second.exit_status, second.trouble.code) == (2, "person.busy")
    assert (first.exit_status, after.exit_status, sent) == (0, 0, 1)


def test_who_signs_in_by_another_name_is_known_by_the_number(browser: Browser, tmp_path: Path) -> None:
    other = PersonLocks()
    with MockSites() as sites:
        other.hold(urlsplit(site_settings(sites)["chsi"]["login_url"]).netloc, document_key(NUMBER))
        report = run_job(browser, site_settings(sites), tmp_path / "case")
        effects = [row["kind"] for row in sites.world.state()["effects"]]
    other.close()
    assert (report.exit_status, report.trouble and report.trouble.code) == (2, "person.busy")
    assert "photo_upload" not in effects


def test_a_lock_is_held_by_one_process_and_let_go_with_it(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path), "chsi", NUMBER],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(PersonBusy):
            PersonLocks(tmp_path).hold("chsi", NUMBER)
        PersonLocks(tmp_path).hold("chsi", STUDENTS[1].id_number)
        other.kill()
    PersonLocks(tmp_path).hold("chsi", NUMBER)


def test_nothing_in_the_folder_of_locks_tells_whose_they_are(tmp_path: Path) -> None:
    locks = PersonLocks(tmp_path / "a")
    locks.hold("chsi", NUMBER)
    PersonLocks(tmp_path / "b").hold("chsi", NUMBER)
    names = [{path.name for path in (tmp_path / one).glob("*.lock")} for one in "ab"]
    assert names[0].isdisjoint(names[1]), "the name is the same under another installation's key"
    kept = b"".join(path.read_bytes() + path.name.encode() for path in tmp_path.rglob("*") if path.is_file())
    assert NUMBER.encode() not in kept
    locks.close()
    PersonLocks(tmp_path / "a").hold("chsi", NUMBER)
