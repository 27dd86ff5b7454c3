"""A sign-in is kept only where asked for and used only for its person; by default the run signs out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from agent.privacy.saved_logins import forget_saved_logins
from agent.report.model import Report
from fixtures.people.students import STUDENTS, Student
from fixtures.server import MockSites
from tests.harness.program import Silent, run_job, site_settings
from tests.robustness.faults.secrets import leaks, secrets_of

ONLY = ["conditions"]
KEEPING = {"keep_session": True, "session_passphrase": "正确的马电池订书钉"}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's data folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "gradsync" / "sessions"


def _run(
    browser: Browser, sites: MockSites, case: Path, student: Student = STUDENTS[0], **more: Any
) -> tuple[Report, list[str]]:
    said = Silent()
    report = run_job(
        browser, site_settings(sites, student), case, only=ONLY, progress=said, settings={**KEEPING, **more}
    )
    return report, said.said


def _logins(sites: MockSites, student: str = "s01") -> int:
    by_site = sites.world.state()["logins"]
    return sum(by_site[site].get(student, {}).get("attempted", 0) for site in by_site)


@pytest.mark.exhaustive
def test_by_default_the_run_signs_out(browser: Browser, sites: MockSites, tmp_path: Path, data: Path) -> None:
    report, _ = _run(browser, sites, tmp_path / "case", keep_session=False)
    assert report.exit_status == 0, report.trouble
    assert sites.world.open_sessions() == 0
    assert not data.exists()


def test_what_was_kept_saves_signing_in(
    browser: Browser, sites: MockSites, tmp_path: Path, data: Path
) -> None:
    _run(browser, sites, tmp_path / "one")
    first = _logins(sites)
    assert len(list(data.glob("*.session"))) == first
    report, said = _run(browser, sites, tmp_path / "two")
    assert (report.exit_status, _logins(sites)) == (0, first), report.trouble
    assert any("上次保留的登录" in line for line in said)
    assert list(leaks(tmp_path / "two", secrets_of(sites.world), "\n".join(said))) == []
    assert forget_saved_logins() == first


@pytest.mark.exhaustive
def test_another_person_signs_in_for_themselves(
    browser: Browser, sites: MockSites, tmp_path: Path, data: Path
) -> None:
    _run(browser, sites, tmp_path / "one")
    first = _logins(sites)
    other, _ = _run(browser, sites, tmp_path / "two", STUDENTS[1])
    assert (other.exit_status, _logins(sites, "s02")) == (0, first), other.trouble
    assert forget_saved_logins() == 2 * first


@pytest.mark.exhaustive
def test_one_that_the_site_has_ended_is_deleted_and_the_run_signs_in(
    browser: Browser, sites: MockSites, tmp_path: Path, data: Path
) -> None:
    _run(browser, sites, tmp_path / "one")
    first = _logins(sites)
    for site in ("chsi", "chaoxing"):
        sites.world.close_all(site, STUDENTS[0])
    report, said = _run(browser, sites, tmp_path / "two")
    assert (report.exit_status, _logins(sites)) == (0, 2 * first), report.trouble
    assert any("已经失效" in line for line in said)
