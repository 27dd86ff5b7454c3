"""A sign-in form with a box for the terms of use that has to be ticked: that is the person's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Route

from agent.asks import Answer, Answerer, Ask, AskRouter
from agent.browser.launcher import address_pattern, site_context
from agent.browser.site_browser import SiteBrowser
from agent.errors import Interstitial
from flows.profiles.schema import load
from flows.sites.login import Login
from flows.sites.login_form import Credentials

FORM = """<!doctype html><meta charset="utf-8"><body><form onsubmit="go(event)"><input placeholder="学号">
<input type=password placeholder="密码"><p>{box}</p><button>登录</button></form><p id=toast></p><script>
let sent = 0;
function go(event) {{
  event.preventDefault();
  const toast = document.getElementById("toast");
  if (!document.getElementById("box").matches(":checked, [aria-checked=true]")) {{
    toast.textContent = "请先阅读并同意用户协议";
    setTimeout(() => {{ toast.textContent = ""; }}, 300);
    return;
  }}
  document.title = `sent ${{++sent}}`;
  document.body.innerHTML = "<h1>学生服务</h1><a>退出登录</a>";
}}
</script>"""
BOXES = {
    "native": "<input type=checkbox id=box> 已阅读并同意《用户协议》和《隐私政策》",
    "labelled": "<label><input type=checkbox id=box><span>已阅读并同意</span><a>《用户协议》和《隐私政策》</a></label>",
    "drawn": "<span id=box role=checkbox aria-checked=false onclick=\"this.setAttribute('aria-checked', true)\">"
    "<i style='display:inline-block;width:14px;height:14px;border:1px solid'></i>"
    "<span>已阅读并同意《用户协议》和《隐私政策》</span></span>",
}


@dataclass
class Agreeing:
    """Somebody at the window who ticks the box and presses the button."""

    browser: Browser
    told: list[str] = field(default_factory=list)

    def answer(self, ask: Ask) -> Answer | None:
        """Do so."""
        self.told.append(ask.text)
        page = self.browser.contexts[-1].pages[0]
        page.locator("#box").click()
        page.get_by_role("button", name="登录").click()
        return Answer("done", "test")

    def expects(self, ask_id: str) -> bool:
        """True for what is to be done in the window."""
        return ask_id == "take-over.chaoxing"


@contextmanager
def sign_in_page(browser: Browser, body: str, *answerers: Answerer) -> Iterator[Login]:
    """The site with one page, and somebody who may be there."""
    data = load("xjtu-2024-07").sites.chaoxing
    assert data is not None
    data = data.model_copy(update={"login_url": "http://platform.test/"})

    def serve(route: Route) -> None:
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    with site_context(browser, ["platform.test"]) as context:
        context.route("http://platform.test/**", serve)
        allowed = address_pattern(["platform.test"])
        view = SiteBrowser(context, context.new_page(), "chaoxing", 3, (), allowed=allowed)
        yield Login(view, data, "平台", AskRouter(list(answerers)), Credentials("1", "2"))


@pytest.mark.parametrize("box", BOXES)
def test_nobody_there_ends_with_the_box_that_is_to_be_ticked(browser: Browser, box: str) -> None:
    with sign_in_page(browser, FORM.format(box=BOXES[box])) as login:
        with pytest.raises(Interstitial, match="《隐私政策》”前面的方框还没有勾选") as stop:
            login.sign_in()
        assert "勾选" in stop.value.remedy
        assert login.browser.page.locator("#box:checked, #box[aria-checked=true]").count() == 0


@pytest.mark.parametrize("box", BOXES)
def test_somebody_there_ticks_it_and_the_program_goes_on(browser: Browser, box: str) -> None:
    person = Agreeing(browser)
    with sign_in_page(browser, FORM.format(box=BOXES[box]), person) as login:
        assert login.sign_in()
        assert login.browser.page.title() == "sent 1"
    assert ["勾选“已阅读并同意《用户协议》和《隐私政策》”" in text for text in person.told] == [True]


def test_a_box_that_asks_for_no_agreement_is_not_named(browser: Browser) -> None:
    box = BOXES["native"].replace("已阅读并同意《用户协议》和《隐私政策》", "记住我")
    with sign_in_page(browser, FORM.format(box=box)) as login, pytest.raises(Exception, match="登录后的页面"):
        login.sign_in()
