"""Frames that say that more is to come: nothing on them is taken for empty meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from agent.browser.frames.frame_reader import SNAPSHOT
from agent.browser.launcher import address_pattern, site_context
from agent.browser.site_browser import SiteBrowser
from agent.browser.stability import StabilityTimer
from agent.snapshot import tree

TURNS = (
    "<style>@keyframes turn { to { transform: rotate(360deg) } } "
    "i { animation: turn 1s infinite; display: inline-block; width: 9px; height: 9px }</style>"
)
FADES = "<style>@keyframes come { from { opacity: 0 } } b { animation: come {seconds}s }</style><b>通过</b>"
BUSY = [
    f"{TURNS}<p>暂无数据</p><div style='position:fixed;inset:0'><i></i></div>",
    f"{TURNS}<p>暂无数据</p><div><i></i>加载中...</div>",
    "<div aria-busy=true><p>暂无数据</p></div>",
    "<p>暂无数据</p><div role=progressbar>……</div>",
    "<p>暂无数据</p><progress></progress>",
    FADES.replace("{seconds}", "5"),
    f"{TURNS}<svg width=20 height=20><circle r=9 style='animation:turn 1s infinite'/></svg>",
]
IDLE = [
    "<p>暂无数据</p>",
    f"{TURNS}<button><i></i>刷新</button>",
    f"{TURNS}<p><i></i>欢迎使用本平台</p>",
    f"{TURNS}<div style='display:none'><i></i></div>",
    f"{TURNS}<div style='visibility:hidden'><i></i></div>",
    "<p>学习进度</p><div role=progressbar aria-valuenow=80>80%</div>",
    "<progress value=3 max=9></progress>",
    "<div aria-busy=false><p>暂无数据</p></div>",
]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One window for the whole module."""
    opened = browser.new_page()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("body", "busy"), [*((body, True) for body in BUSY), *((body, False) for body in IDLE)]
)
def test_what_says_that_more_is_to_come_is_told_from_ornaments(page: Page, body: str, busy: bool) -> None:
    page.set_content(f"<!doctype html><body>{body}</body>")
    assert tree.parse(page.wait_for_function(SNAPSHOT).json_value()).busy is busy


def test_a_recorded_frame_says_whether_it_is_busy() -> None:
    assert tree.parse('{"files": 0, "loading": false, "busy": true, "body": null}').busy
    assert not tree.parse('{"files": 0, "loading": false, "body": null}').busy


def test_while_a_script_waits_for_its_answer_nothing_is_quiet(browser: Browser) -> None:
    """The answer never comes: the page is quiet only before it was asked for."""
    with site_context(browser, ["busy.test"]) as context:
        context.route(
            "http://busy.test/",
            lambda route: route.fulfill(body="<p>共 0 条</p>", content_type="text/html; charset=utf-8"),
        )
        context.route("http://busy.test/rows", lambda route: None)
        view = SiteBrowser(context, context.new_page(), "busy", 4, (), allowed=address_pattern(["busy.test"]))
        view.goto("http://busy.test/")
        timer = StabilityTimer()
        assert view.wait(lambda snapshots: view.is_quiet(snapshots) or None, "首页", "空")
        view.page.evaluate("void fetch('/rows')")
        assert view.wait(lambda _: timer.seconds("asked") > 0.3 or None, "首页", "空")
        assert not view.is_quiet(view.snapshot())


def test_a_picture_that_loads_for_the_first_time_is_still_coming(browser: Browser) -> None:
    """It never comes; one that is to be loaded only when it is seen is not waited for."""
    with site_context(browser, ["busy.test"]) as context:
        body = "<p>毕业照片</p><img src=/photo.jpg width=9 height=9>"
        context.route(
            "http://busy.test/",
            lambda route: route.fulfill(
                body=f"{body}<script>done = 1</script>", content_type="text/html; charset=utf-8"
            ),
        )
        context.route("http://busy.test/photo.jpg", lambda route: None)
        window = context.new_page()
        window.goto("http://busy.test/", wait_until="domcontentloaded")
        window.wait_for_function("window.done")
        assert tree.parse(window.wait_for_function(SNAPSHOT).json_value()).loading
        below = "<p>毕业照片</p><div style='height:9000px'></div><img loading=lazy src=/photo.jpg>"
        window.evaluate("html => { document.body.innerHTML = html }", below)
        assert not tree.parse(window.wait_for_function(SNAPSHOT).json_value()).loading
