"""A page that is looked at again: fetched anew where it stands, where its address gives it, and else walked to."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser

from agent.asks import AskRouter
from agent.browser.launcher import site_context
from agent.browser.site_browser import SiteBrowser
from agent.snapshot.frame import FrameSnapshot
from flows.profiles.schema import load
from flows.sites.chaoxing.platform import Chaoxing
from flows.sites.login import Login

HALL = '<!doctype html><meta charset="utf-8"><a href="/photo">上传毕业照片</a>'
SHELL = f"""<!doctype html><meta charset="utf-8"><a href="/hall" target="content">学生服务</a>
<iframe name="content" srcdoc='{HALL}' width="600" height="400"></iframe>"""
PHOTO = """<!doctype html><meta charset="utf-8"><h3>请上传照片</h3><p>第{nth}次</p>
<form method="post"><button>提交</button></form>"""
SPENT = '<!doctype html><meta charset="utf-8"><p>链接已失效</p>'
WALKED = ["/hall", "/photo"]
"""What a walk asks for."""


class Site(ThreadingHTTPServer):
    """A platform whose content stands in a frame."""

    moves = False
    """The page's address leads to another."""
    is_spent = False
    """The page's address gives another page now."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Pages)
        self.asked: list[str] = []

    @property
    def start(self) -> str:
        """Where it begins."""
        return f"http://127.0.0.1:{self.server_port}/start"


class Pages(BaseHTTPRequestHandler):
    """Its pages; the photo's tells how often it was asked for."""

    server: Site

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        moves = self.server.moves and self.path == "/photo"
        self._answer("", "/photo/now") if moves else self._answer(self._page())

    def do_POST(self) -> None:
        self.server.asked.append(f"POST {self.path}")
        self._answer(self._page())

    def _page(self) -> str:
        nth = len(self.server.asked)
        photo = SPENT if self.server.is_spent else PHOTO.format(nth=nth)
        return {"/start": SHELL, "/hall": HALL}.get(self.path, photo)

    def _answer(self, page: str, elsewhere: str = "") -> None:
        body = page.encode()
        self.send_response(302 if elsewhere else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if elsewhere:
            self.send_header("Location", elsewhere)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _landmark(snapshots: list[FrameSnapshot]) -> str | None:
    said = [text for one in snapshots if "请上传照片" in one.texts for text in one.texts]
    return next((text for text in said if re.fullmatch(r"第\d+次", text)), None)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        serving = threading.Thread(target=served.serve_forever)
        serving.start()
        yield served
        served.shutdown()
        serving.join()


@pytest.fixture
def platform(browser: Browser, site: Site) -> Iterator[Chaoxing]:
    profile = load("xjtu-2024-07")
    data = profile.sites.chaoxing
    assert data is not None
    with site_context(browser, ["127.0.0.1"]) as context:
        view = SiteBrowser(context, context.new_page(), "chaoxing", 10, allowed=re.compile("http://"))
        view.goto(site.start)
        yield Chaoxing(view, data, Login(view, data, "平台", AskRouter([]), None), profile, site.start)


def _opened(platform: Chaoxing) -> str:
    """Open the page; what it says."""
    return platform.open(platform.data.upload, "上传毕业照片", _landmark)


def _asked_to_open(platform: Chaoxing, site: Site) -> list[str]:
    """Open the page; what was asked for that, without what the browser asks for by itself."""
    site.asked.clear()
    _opened(platform)
    return [one for one in site.asked if one != "/favicon.ico"]


def test_a_page_is_fetched_anew_where_it_stands(platform: Chaoxing, site: Site) -> None:
    before = _opened(platform)
    assert _opened(platform) != before
    assert _asked_to_open(platform, site) == ["/photo"]


def test_what_an_address_led_to_is_walked_to_again(platform: Chaoxing, site: Site) -> None:
    site.moves = True
    _opened(platform)
    assert _asked_to_open(platform, site) == [*WALKED, "/photo/now"]


def test_the_answer_to_what_was_sent_is_never_fetched_anew(platform: Chaoxing, site: Site) -> None:
    _opened(platform)
    frame = platform.browser.page.frames[1]
    with frame.page.expect_event("framenavigated"):
        frame.get_by_role("button", name="提交").click()
    assert site.asked[-1] == "POST /photo"
    assert _asked_to_open(platform, site) == WALKED


def test_an_address_that_gives_another_page_now_is_given_up(platform: Chaoxing, site: Site) -> None:
    _opened(platform)
    site.is_spent = True

    def renewed(snapshots: Sequence[FrameSnapshot]) -> None:
        site.is_spent = site.is_spent and "/hall" not in site.asked

    platform.browser.guards.append(renewed)
    assert _asked_to_open(platform, site) == ["/photo", *WALKED]
