"""The person at the window: signing in by hand, closing it, and being somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from agent.asks import Answer, Ask, Scripted
from agent.engine.engine import Mode
from fixtures.people.students import BY_ID, STUDENTS, Student
from fixtures.server import MockSites
from flows.sites import login_by_hand
from tests.harness.program import run_job, site_settings


@dataclass
class AtTheWindow:
    """A person who signs in by hand when asked, or closes the window instead."""

    browser: Browser
    student: Student = STUDENTS[0]
    closes: bool = False
    anew: Student | None = None
    """Who signs in when asked once more; the same student where nobody is named."""

    def answer(self, ask: Ask) -> Answer | None:
        """Act in the window the ask is about."""
        if not ask.id.startswith("signed-in."):
            return None
        page = self.browser.contexts[-1].pages[0]
        if self.closes:
            page.close()
            return Answer("yes", "test")
        student, self.student = self.student, self.anew or self.student
        given = student.credentials[ask.id.removeprefix("signed-in.")]
        page.locator("input[type=text]").fill(given.username)
        page.locator("input[type=password]").fill(given.password)
        page.locator("input[type=password]").press("Enter")
        return Answer("yes", "test")

    def expects(self, ask_id: str) -> bool:
        """Nothing but signing in is this person's business."""
        return ask_id.startswith("signed-in.")


def by_hand(sites: MockSites) -> dict[str, dict[str, str]]:
    """The addresses alone: the person signs in."""
    given = site_settings(sites)
    return {
        site: {name: url for name, url in values.items() if name.endswith("url")}
        for site, values in given.items()
    }


def test_person_signs_in_by_hand(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    at_the_window = AtTheWindow(browser)
    how: dict[str, Any] = {"mode": Mode.CHECK, "answerers": [at_the_window], "only": ["photo"]}
    report = run_job(browser, by_hand(sites), tmp_path / "case", **how)
    assert report.exit_status == 0, report.trouble
    assert {"signed-in.chsi", "signed-in.chaoxing"} <= {ask.id for ask in report.asks}


def test_nobody_there_to_sign_in(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    report = run_job(browser, by_hand(sites), tmp_path / "case")
    assert report.trouble is not None
    assert (report.exit_status, report.trouble.code) == (10, "login.by_hand")
    assert "--headed" in report.trouble.command
    assert "--" not in report.trouble.remedy


def test_who_does_not_sign_in_in_time_is_told_so(
    browser: Browser, sites: MockSites, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_by_hand, "Ask", partial(Ask, seconds=3))
    says_so = Scripted({"signed-in.chsi": "yes"})
    report = run_job(browser, by_hand(sites), tmp_path / "case", answerers=[says_so], patience=8)
    assert report.trouble is not None
    assert (report.exit_status, report.trouble.code) == (10, "login.by_hand")
    assert "还没有登录" in report.trouble.message


def test_window_closed_by_the_person(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    report = run_job(
        browser, by_hand(sites), tmp_path / "case", answerers=[AtTheWindow(browser, closes=True)]
    )
    assert report.trouble is not None
    assert (report.exit_status, report.trouble.code) == (10, "browser.closed")


def test_somebody_else_at_the_platform_stops_before_any_upload(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    settings = site_settings(sites)
    settings["chaoxing"] = site_settings(sites, STUDENTS[1])["chaoxing"]
    report = run_job(browser, settings, tmp_path / "case")
    assert report.exit_status == 12
    assert sites.world.state()["effects"] == []


def test_a_case_folder_belongs_to_one_person(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    assert run_job(browser, site_settings(sites), tmp_path / "case").exit_status == 0
    report = run_job(browser, site_settings(sites, STUDENTS[1]), tmp_path / "case")
    assert report.exit_status == 12
    assert len(sites.world.state()["effects"]) == 1


def test_of_two_enrollments_the_schools_own_is_taken(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    report = run_job(browser, site_settings(sites, BY_ID["s14"]), tmp_path / "case")
    assert report.exit_status == 0, report.trouble
    checks = {check.id: check for check in report.checks}
    assert checks["enrollment.major"].verdict == "match"
    assert "choose-enrollment" not in {ask.id for ask in report.asks}
    assert len(sites.world.state()["effects"]) == 1


def test_who_signed_in_by_hand_is_asked_again_when_the_session_is_lost(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    sites.world.add_fault("chaoxing", "conditions", "logout")
    report = run_job(
        browser,
        by_hand(sites),
        tmp_path / "case",
        mode=Mode.CHECK,
        answerers=[AtTheWindow(browser)],
        only=["conditions"],
    )
    assert report.exit_status == 0, report.trouble
    assert [ask.id for ask in report.asks].count("signed-in.chaoxing") == 2


def test_somebody_else_who_signs_in_anew_at_chsi_gives_no_photo(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    sites.world.add_fault("chsi", "xjpic", "logout")
    report = run_job(
        browser,
        by_hand(sites),
        tmp_path / "case",
        answerers=[AtTheWindow(browser, anew=STUDENTS[1])],
        only=["photo"],
    )
    assert [ask.id for ask in report.asks].count("signed-in.chsi") == 2
    assert report.exit_status == 12, report.trouble
    assert not list((tmp_path / "case/photo").glob("*"))
    assert sites.world.state()["effects"] == []
