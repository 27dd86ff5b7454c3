"""A platform of which one page is open from the start: no sign-in and no menus, for tests of nothing but that page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

from playwright.sync_api import Browser

from agent.report.model import Report
from agent.snapshot.frame import FrameSnapshot
from fixtures.people.students import Student
from flows.profiles.site_words import PageWords
from flows.run.sites import SiteSessions, overridden
from flows.sites.chaoxing.platform import Chaoxing
from flows.sites.navigation.walk import Further, no_further
from flows.sites.registry import CHAOXING, SiteEntry, Words
from tests.harness.already_read import read_at_chsi
from tests.harness.program import run_job

T = TypeVar("T")


class OpenedPlatform(Chaoxing):
    """The platform, signed in, whose one page is at the address of its settings."""

    def who(self, expected: str | None) -> str | None:
        """The student: nobody else has the page."""
        return expected

    def open(
        self,
        words: PageWords,
        name: str,
        landmark: Callable[[list[FrameSnapshot]], T | None],
        seconds: float | None = None,
        further: Further = no_further,
    ) -> T:
        """Open the page anew."""
        self.browser.goto(self.data.login_url)
        return self.browser.wait(landmark, name, name)


class OpenedSessions(SiteSessions):
    """Sessions of a run that begins on the one page."""

    def open(self, site: SiteEntry[Words, Any], duty: str) -> Any:
        """Return the platform in windows of its own."""
        assert site.id == CHAOXING.id
        if site.id not in self._pages:
            words = overridden(self._words(CHAOXING), self.settings.sites.of(site.id))
            login = self._login_to(site.name, words)
            self._pages[site.id] = OpenedPlatform(login.browser, words, login, self.profile)
        return self._pages[site.id]


def run_on_page(browser: Browser, address: str, student: Student, out: Path, **how: Any) -> Report:
    """Carry out a run, as ``run_job``, that has read 学信网 and the personal data before and stands on a page of the platform."""
    found = read_at_chsi(student)
    assert found.record is not None
    found.personal = dict(found.record.readable)
    with patch("flows.job.SiteSessions", OpenedSessions):
        return run_job(browser, {"chaoxing": {"login_url": address}}, out, found=found, **how)
