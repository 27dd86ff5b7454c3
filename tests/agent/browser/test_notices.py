"""A known notice over the page: closed once, also where it takes its time to go."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from agent.browser.launcher import site_context
from agent.browser.site_browser import SiteBrowser

NOTICE = """<!doctype html><body><p>首页</p><div id="notice" style="position:fixed;inset:0;background:#fff{style}">
<button onclick="window.pressed = (window.pressed || 0) + 1; this.parentElement.style.opacity = 0.3;
setTimeout(() => this.parentElement.remove(), {fade})">我知道了</button></div></body>"""


@pytest.mark.parametrize("fade", [0, 300, 700])
def test_a_notice_that_fades_out_is_closed_once(browser: Browser, fade: int) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(NOTICE.format(style="", fade=fade))
        view = SiteBrowser(context, page, "site", 5, ("我知道了",))
        view.wait(lambda snapshots: True, "首页", "首页")
        assert page.evaluate("window.pressed") == 1
        assert page.locator("#notice").count() == 0
