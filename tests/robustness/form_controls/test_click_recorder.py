"""What a person presses is heard, by its words; what a page's script does, and what is typed or sent, is not."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from agent.browser.click_recorder import BINDING, ClickRecorder

PAGE = """<!doctype html><meta charset=utf-8>
<nav><a href="#a"><i>&#xe68e;</i> 办事大厅 <b>3</b></a> <span id=tab style="cursor:pointer">离校资格</span></nav>
<p id=text>王岚</p><input id=field value="61012320010101422X"><button id=remove>删除照片</button>
<form action="javascript:void 0"><button id=send>下一步</button></form>
<a id=new href="/second" target=_blank>新窗口</a>
<iframe srcdoc="<a id=inner href='#'>框里的菜单</a>"></iframe>"""
ADDRESS = "http://site.test/"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.route("**/*", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    page = context.new_page()
    page.goto(ADDRESS)
    yield page
    context.close()


def recorder(page: Page, allowed: str = ADDRESS) -> ClickRecorder:
    """Listens on the page's windows."""
    return ClickRecorder(page.context, re.compile(rf"{allowed}|about:srcdoc"), ("照片",))


def _told(page: Page) -> None:
    """Wait until what was pressed has been told: the browser answers in order."""
    page.evaluate("1")


def test_links_entries_and_new_windows_are_heard(page: Page) -> None:
    with recorder(page) as heard:
        page.get_by_text("办事大厅").click()
        page.locator("#tab").click()
        page.frame_locator("iframe").locator("#inner").click()
        with page.expect_popup() as opened:
            page.locator("#new").click()
        heard.attend()
        opened.value.locator("#tab").click()
        _told(opened.value)
    assert heard.pressed == ["办事大厅", "离校资格", "框里的菜单", "新窗口", "离校资格"]


def test_a_document_that_comes_later_is_heard(page: Page) -> None:
    with recorder(page) as heard:
        page.goto(ADDRESS + "later")
        page.locator("#tab").click()
        _told(page)
    assert heard.pressed == ["离校资格"]


def test_values_and_what_acts_are_not_kept(page: Page) -> None:
    with recorder(page) as heard:
        for name in ("text", "field", "remove", "send"):
            page.locator(f"#{name}").click()
        _told(page)
    assert heard.pressed == []


def test_a_pages_own_script_is_not_heard_and_cannot_reach_the_listener(page: Page) -> None:
    with recorder(page) as heard:
        page.evaluate("document.querySelector('#tab').click()")
        page.evaluate(
            "document.querySelector('#tab').dispatchEvent(new MouseEvent('click', {bubbles: true}))"
        )
        reach = page.evaluate(f"[typeof {BINDING}, typeof globalThis['{BINDING}']]")
        _told(page)
    assert reach == ["undefined", "undefined"]
    assert heard.pressed == []


def test_other_origins_and_later_presses_are_not_heard(page: Page) -> None:
    with recorder(page, "http://other.test/") as heard:
        page.locator("#tab").click()
        _told(page)
    page.locator("#tab").click()
    _told(page)
    assert heard.pressed == []
