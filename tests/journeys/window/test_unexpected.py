"""A person at the window who does something else than was asked: what they lead to is not believed, and the end is clear."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from agent.asks import Answer, Ask
from agent.report.model import Report
from fixtures.people.students import STUDENTS
from fixtures.server import MockSites
from tests.harness.program import CONSENTING, run_on_platform
from tests.journeys.window.test_take_over import TRAILS, alien, uploads
from tests.person import BACK, CLOSE, OPEN, OPEN_BESIDE, SIGN_IN, Leading, hands

PHOTO = "/studyApp/graduation/photo"
WANTED = "「上传毕业照片」"
LED = TRAILS["上传毕业照片"]
SOMEBODY_ELSE = STUDENTS[1].credentials["chaoxing"]
SIGNS_IN = f"{SIGN_IN}{SOMEBODY_ELSE.username} {SOMEBODY_ELSE.password}"


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.paths.platformdirs.user_data_path", lambda _: tmp_path / "data")


@dataclass
class Unexpected(Leading):
    """Somebody who does something else at first, and leads when they are asked once more."""

    def answer(self, ask: Ask) -> Answer | None:
        """Begin to press."""
        if self.asked:
            self.works = {WANTED: LED}
        return super().answer(ask)


def photo_run(window: Browser, port: int, sites: MockSites, folder: Path, *does: str) -> Report:
    """Upload the photo where the person does this when they are to lead to the page."""
    with hands(port) as pressing:
        person = Unexpected(pressing, {}, {WANTED: does}, seconds=40)
        how: dict[str, Any] = {"answerers": [person, CONSENTING], "only": ["photo"], "patience": 12}
        return run_on_platform(window, sites, folder / "case", **how)


def test_the_window_is_closed(window: Browser, port: int, tmp_path: Path) -> None:
    with MockSites(mutate=alien) as sites:
        report = photo_run(window, port, sites, tmp_path, CLOSE)
        assert uploads(sites) == 0
    assert report.trouble is not None
    assert (report.exit_status, report.trouble.code) == (10, "browser.closed")


def test_the_page_is_opened_in_another_window(window: Browser, port: int, tmp_path: Path) -> None:
    with MockSites(mutate=alien) as sites:
        photo = f"{OPEN_BESIDE}{sites.addresses.school}{PHOTO}"
        report = photo_run(window, port, sites, tmp_path, LED[0], photo)
        assert report.exit_status in (0, 40), report.trouble
        assert uploads(sites) == 1


def test_they_go_back_and_lead_then(window: Browser, port: int, tmp_path: Path) -> None:
    with MockSites(mutate=alien) as sites:
        report = photo_run(window, port, sites, tmp_path, LED[0], BACK, *LED)
        assert report.exit_status in (0, 40), report.trouble
        assert uploads(sites) == 1


def test_they_sign_out(window: Browser, port: int, tmp_path: Path) -> None:
    """The program signs in again, and they are asked to lead once more."""
    with MockSites(mutate=alien) as sites:
        report = photo_run(window, port, sites, tmp_path, "退出登录")
        assert report.exit_status in (0, 40), report.trouble
        assert uploads(sites) == 1


def test_they_sign_in_as_somebody_else_and_lead(window: Browser, port: int, tmp_path: Path) -> None:
    with MockSites(mutate=alien) as sites:
        report = photo_run(window, port, sites, tmp_path, "退出登录", SIGNS_IN, *LED)
        assert uploads(sites) == 0
    assert report.exit_status == 12, report.trouble


def test_they_go_to_another_site(window: Browser, port: int, tmp_path: Path) -> None:
    with MockSites(mutate=alien) as sites:
        report = photo_run(window, port, sites, tmp_path, f"{OPEN}http://search.example/")
        assert uploads(sites) == 0
    assert report.exit_status == 22
    assert report.trouble is not None
    assert "search.example" in report.trouble.message


@dataclass
class Switching:
    """Somebody who signs in as another student in the window while they are asked about the plan."""

    browser: Browser
    sites: MockSites

    def answer(self, ask: Ask) -> Answer | None:
        """Agree, once another is signed in."""
        if ask.id != "apply-plan":
            return None
        page = self.browser.contexts[-1].pages[0]
        page.goto(f"{self.sites.addresses.chaoxing}/logout")
        page.goto(self.sites.addresses.chaoxing_login)
        page.locator("input[type=text]").fill(SOMEBODY_ELSE.username)
        page.locator("input[type=password]").fill(SOMEBODY_ELSE.password)
        page.locator("input[type=password]").press("Enter")
        page.get_by_text("学生服务", exact=True).wait_for()
        return Answer("yes", "test")

    def expects(self, ask_id: str) -> bool:
        """They are at the window."""
        return ask_id in ("apply-plan", "take-over.chaoxing")


def test_they_sign_in_as_somebody_else_while_the_plan_is_shown(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    switching = Switching(browser, sites)
    report = run_on_platform(browser, sites, tmp_path, answerers=[switching], only=["photo"])
    assert report.exit_status == 12, report.trouble
    assert uploads(sites) == 0
