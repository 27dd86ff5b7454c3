"""Repair as data: a word that a site has changed is put right in one line of a profile, without code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.engine.engine import Mode
from agent.report.model import Report
from fixtures.server import MockSites
from flows.profiles.catalog import FOLDER
from flows.profiles.schema import Profile, parse
from tests.harness.program import run_job, site_settings

XJTU = FOLDER.joinpath("xjtu-2024-07.toml").read_text("utf-8")


@dataclass(frozen=True)
class Repair:
    """A word that the site says now in place of another, and the one line that is replaced in the profile."""

    was: str
    now: str
    line: str
    repaired: str

    @property
    def profile(self) -> Profile:
        """The repaired profile."""
        assert XJTU.count(self.line) == 1
        return parse(XJTU.replace(self.line, self.repaired), "repaired")

    def mutate(self, site: str, path: str, html: str) -> str:
        """The platform's pages as they are now."""
        return html.replace(self.was, self.now) if site != "chsi" else html


MENU = Repair("毕业条件", "资格一览", 'use = "chaoxing"', 'use = "chaoxing"\nconditions.words = ["资格一览"]')
CONDITION = Repair(
    "学费已缴清", "学费已经结清", 'name = "学费已缴清"', 'name = "学费已缴清"\naliases = ["学费已经结清"]'
)
STATUS = Repair(
    "已完成",
    "已办结",
    'use = "chaoxing"',
    'use = "chaoxing"\nconditions.statuses.met = ["已办结", "已通过", "已上传", "已校对"]',
)


def check(browser: Browser, folder: Path, repair: Repair, profile: Profile) -> Report:
    """Read 毕业条件 on the changed site."""
    with MockSites(mutate=repair.mutate) as sites:
        settings = site_settings(sites)
        return run_job(browser, settings, folder, mode=Mode.CHECK, only=["conditions"], profile=profile)


@pytest.mark.parametrize("repair", [MENU, CONDITION, STATUS], ids=lambda repair: repair.now)
def test_one_line_puts_it_right(browser: Browser, tmp_path: Path, repair: Repair) -> None:
    report = check(browser, tmp_path, repair, repair.profile)
    assert (report.exit_status, report.degraded) == (0, ())
    assert report.conditions is not None
    assert [row.status for row in report.conditions.items].count("unknown") == 1  # the notice's own blank
    assert len(report.conditions.items) == 14


@pytest.mark.parametrize(("repair", "status"), [(MENU, 20), (CONDITION, 40), (STATUS, 40)])
def test_without_it_the_run_says_so(browser: Browser, tmp_path: Path, repair: Repair, status: int) -> None:
    report = check(browser, tmp_path, repair, parse(XJTU, "as it was"))
    assert report.exit_status == status
