"""Going through a page as a person does, also where the site's style lets scrolling take its time."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from agent.browser.launcher import site_context
from agent.browser.locators import Target
from agent.browser.site_browser import SiteBrowser
from agent.snapshot.tree import Box
from tests.harness.looking import shown

TALL = """<!doctype html><style>html {{ scroll-behavior: {behavior} }}</style>
<body style="margin:0"><p style="height:9000px">one</p><p id="last">two</p>
<script>
window.passed = new Set();
addEventListener("scroll", () => passed.add(Math.floor(scrollY / 1000)));
</script>"""


@pytest.mark.parametrize("behavior", ["auto", "smooth"])
def test_a_page_is_gone_through_to_its_end(browser: Browser, behavior: str) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(TALL.format(behavior=behavior))
        SiteBrowser(context, page, "site", 10).scrolling.scroll_through(page.main_frame)
        assert page.evaluate("innerHeight + scrollY >= document.documentElement.scrollHeight - 1")
        assert page.evaluate("passed.size") >= 8


@pytest.mark.parametrize("behavior", ["auto", "smooth"])
def test_a_place_is_brought_into_the_window_at_once(browser: Browser, behavior: str) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(TALL.format(behavior=behavior))
        SiteBrowser(context, page, "site", 10).scrolling.bring_into_view(
            page.main_frame, Box(0, 9000, 10, 10)
        )
        assert page.evaluate("document.querySelector('#last').getBoundingClientRect().top < innerHeight")


INSIDE = """<!doctype html><body style="margin:0"><div id="list" style="height:400px;overflow:auto"><p style="height:1000px">one</p></div>
<div style="height:300px;overflow:auto;display:none"><p style="height:9000px">hidden</p></div></body>"""


def test_what_scrolls_inside_a_page_is_scrolled_on_to_its_end(browser: Browser) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(INSIDE)
        view = SiteBrowser(context, page, "site", 10)
        moved = [view.scrolling.scroll_further(page.main_frame) for _ in range(5)]
        assert moved == [True, True, True, False, False]
        assert page.evaluate("document.querySelector('#list').scrollTop") > 500


WIDE = """<!doctype html><body style="margin:0"><div id="table" style="width:600px;overflow-x:auto"><div style="width:2000px;display:flex">
<button style="width:150px">first</button><span style="flex:1"></span><button>last</button></div></div></body>"""


def test_what_a_table_has_scrolled_past_its_left_edge_is_on_the_page_still(browser: Browser) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(WIDE)
        page.evaluate("document.querySelector('#table').scrollLeft = 1400")
        view = SiteBrowser(context, page, "site", 10)
        first = Target("first", ("first",), "button")
        view.click(shown(view, first), first, "page")
        assert page.evaluate("document.activeElement.textContent") == "first"
