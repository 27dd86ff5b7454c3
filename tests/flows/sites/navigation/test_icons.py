"""Icons that stand alone: what pointing at them tells, and which are pointed at."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from agent.browser.launcher import site_context
from agent.browser.locators import Target
from agent.browser.site_browser import SiteBrowser
from agent.snapshot.icons import icons_alone
from flows.sites.navigation.folds import pointed_out

WORDS = Target("毕业条件", ("毕业条件",))
STYLE = """<style>body { margin: 0 } nav { width: 48px } nav > * { display: block; height: 48px; background: blue }
div { display: none; position: absolute; left: 48px; background: yellow }
nav > :hover div, nav:hover .all { display: block }</style><p>您好，王岚</p>"""
TIP = "<i onmouseenter='tip.hidden = false' onmouseleave='tip.hidden = true' onclick='document.title = \"pressed\"'></i>"
RAILS = {
    "a tooltip": f"<nav><i></i>{TIP}<i></i></nav><b id=tip hidden style='position:absolute;left:60px'>毕业条件</b>",
    "a menu beside it": "<nav><i></i><i><div>学生服务<br><a onclick='document.title = \"pressed\"'>毕业条件</a></div></i><i></i></nav>",
    "all of them at once": "<nav><i></i><i></i><i></i><div class=all style='height:auto'><p>首页</p><p>课程</p>"
    "<a onclick='document.title = \"pressed\"'>毕业条件</a></div></nav>",
}


def _windows(browser: SiteBrowser, body: str) -> None:
    browser.page.set_content(f"<!doctype html>{STYLE}{body}")


@pytest.mark.parametrize("body", RAILS.values(), ids=RAILS.keys())
def test_what_an_icon_says_when_pointed_at_leads_on(browser: Browser, body: str) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        view = SiteBrowser(context, context.new_page(), "site", 5)
        _windows(view, body)
        match = pointed_out(view, view.snapshot(), [WORDS])
        assert match is not None
        view.click_match(match, "毕业条件")
        assert view.page.title() == "pressed"


@pytest.mark.parametrize(
    "body",
    ["<nav><i></i><i></i></nav>", "<nav><i>首页</i><i>课程</i><i>成绩</i></nav>"],
    ids=["two of them", "words"],
)
def test_what_is_no_row_of_icons_is_not_pointed_at(browser: Browser, body: str) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        view = SiteBrowser(context, context.new_page(), "site", 5)
        _windows(view, body)
        assert icons_alone(view.snapshot()[0].root) == []
