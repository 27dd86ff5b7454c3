"""Pages made to hang a run: each ends, as a changed or an unavailable site; pytest's own time limit would tell one that does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from agent.browser.launcher import address_pattern, site_context
from agent.browser.locators import Target
from agent.browser.site_browser import SiteBrowser
from agent.errors import SiteChanged, SiteUnavailable
from tests.harness.looking import shown
from tests.robustness.attacks.redirects.hosts import ALLOWED, AllowedHost, allowed_host, foreign_host

PATIENCE = 3.0
ENTER = Target("进入", ("进入",), "button")
PAGES = {
    "alerts without end": "<p>页面</p><script>setTimeout(() => { for (;;) alert('公告') }, 100)</script>",
    "alerts by a clock": "<p>页面</p><script>setInterval(() => alert('公告'), 1)</script>",
    "a busy loop": "<p>页面</p><script>setTimeout(() => { for (;;); }, 100)</script>",
    "50 MB": "<p>页面</p>" + "<p>一段文字</p>" * 3_000_000,
    "20,000 nested elements": "<p>页面</p>" + "<div>" * 20_000 + "深处",
}


@pytest.fixture
def site() -> Iterator[AllowedHost]:
    with foreign_host() as foreign, allowed_host(foreign) as host:
        yield host


@pytest.mark.parametrize("page", PAGES)
def test_a_page_cannot_hang_the_run(browser: Browser, site: AllowedHost, page: str) -> None:
    site.pages["/"] = f"<!doctype html><meta charset=utf-8><body>{PAGES[page]}"
    with site_context(browser, [ALLOWED]) as context:
        view = SiteBrowser(context, context.new_page(), "site", PATIENCE, allowed=address_pattern([ALLOWED]))
        with pytest.raises((SiteChanged, SiteUnavailable)):
            _look_for(view, site.address())


def _look_for(browser: SiteBrowser, address: str) -> None:
    browser.goto(address)
    shown(browser, ENTER)


def test_what_hangs_in_a_further_window_ends_as_well(browser: Browser, site: AllowedHost) -> None:
    site.pages["/"] = "<!doctype html><p>页面</p>"
    with site_context(browser, [ALLOWED]) as context:
        view = SiteBrowser(context, context.new_page(), "site", PATIENCE, allowed=address_pattern([ALLOWED]))
        view.goto(site.address())
        further = context.new_page()
        further.goto(site.address())
        with pytest.raises(SiteUnavailable), view.translated_errors():
            further.evaluate("() => { for (;;); }")
