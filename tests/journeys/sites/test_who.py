"""Who is signed in, on pages that say it late or beside other things to press."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser

from agent.asks import AskRouter
from agent.browser.launcher import address_pattern, site_context
from agent.browser.site_browser import SiteBrowser
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Box, FrameTree, Node
from flows.profiles.schema import load
from flows.sites.login import Login
from tests.harness.trees import block, inline, text

LATE = """<!doctype html><meta charset=utf-8><p>您好，<b id=name></b>　<a href="#">安全退出</a></p><script>
setTimeout(() => { document.getElementById("name").textContent = "王岚"; }, 1200);</script>"""


@contextmanager
def entrance(browser: Browser, body: str = "") -> Iterator[Login]:
    """The way into a site that shows one page."""
    data = load("xjtu-2024-07").sites.chsi
    with site_context(browser, ["who.test"]) as context:
        context.route("http://who.test/", lambda route: route.fulfill(body=body, content_type="text/html"))
        view = SiteBrowser(context, context.new_page(), "chsi", 6, (), allowed=address_pattern(["who.test"]))
        view.goto("http://who.test/")
        yield Login(view, data, "学信网", AskRouter([]), None)


@pytest.mark.parametrize("expected", ["王岚", "李四", None])
def test_a_name_that_comes_late_is_waited_for(browser: Browser, expected: str | None) -> None:
    with entrance(browser, LATE) as way:
        assert way.wait_who(expected) == "王岚"


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("<p>您好，<b></b>　<a href=#>安全退出</a></p>", None),
        ("<p>您好，<b></b> <a href=#>修改密码</a> <a href=#>安全退出</a></p>", None),
        ("<p>您好，<button style='margin-left:20px'>消息中心</button></p>", None),
        ("<p>您好，<a href=#>李四</a></p>", "李四"),
        ("<p>您好，李四 <a href=#>修改密码</a> <a href=#>安全退出</a></p>", "李四"),
    ],
)
def test_words_to_press_are_no_name(browser: Browser, body: str, name: str | None) -> None:
    with entrance(browser, f"<!doctype html><meta charset=utf-8>{body}") as way:
        assert way.wait_who("王岚") == name


def test_in_a_recorded_line_signing_out_is_no_name(browser: Browser) -> None:
    link = inline(text("安全退出", box=Box(120, 0, 60, 20)), tag="a")
    root: Node = block(block(text("您好，", box=Box(0, 0, 45, 20)), link))
    with entrance(browser) as way:
        assert way.who([FrameSnapshot(way.browser.page.main_frame, FrameTree(root))]) is None
