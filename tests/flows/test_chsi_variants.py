"""学信网 in all the ways in which it may show one student's record: the facts are the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.report.model import Report
from fixtures.server import MockSites
from fixtures.students import BY_ID
from tests.harness import run_job, site_settings


def check(browser: Browser, sites: MockSites, out: Path, scenario: str, student: str = "s01") -> Report:
    """Run the CHSI duty alone."""
    sites.world.set_scenario(scenario, student)
    settings = site_settings(sites, BY_ID[student])
    return run_job(browser, settings, out, only=["chsi_check"], patience=8)


@pytest.mark.parametrize(
    "scenario", ["chsi_captions", "chsi_font", "chsi_mobile", "chsi_mobile+chsi_font", "chsi_canvas", "chsi_image"]
)
def test_it(browser: Browser, sites: MockSites, tmp_path: Path, scenario: str) -> None:
    report = check(browser, sites, tmp_path / "case", scenario)
    print(report.to_json())
    print((report.outcome, report.exit_status, report.headline, report.degraded))
    assert False
