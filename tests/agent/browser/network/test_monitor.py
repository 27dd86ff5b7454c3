"""Pages that go elsewhere while somebody looks at them: slowly, under a person's hands, or never getting there."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
from PIL import Image
from playwright.sync_api import Browser

from agent.browser.image_download import obtain
from agent.browser.launcher import site_context
from agent.browser.locators import Target
from agent.browser.network.monitor import NetworkMonitor
from agent.browser.site_browser import SiteBrowser
from agent.errors import Covered, OriginBlocked, SiteChanged, SiteUnavailable
from agent.snapshot.frame import FrameSnapshot, all_texts
from agent.snapshot.tree import Node
from tests.harness.looking import shown

PATIENCE = 2.0
GOES = "<!doctype html><p>外面</p><button>进入</button><script>setTimeout(() => location = '{to}', {after})</script>"
GONE = """<!doctype html><iframe src="/never"></iframe><script>
setTimeout(() => document.querySelector("iframe").remove(), 100);
setTimeout(() => document.write("<p>里面</p>"), {after});
</script>"""
HELPER = """<!doctype html><p id="said">外面</p><iframe src="/never"></iframe><script>
setTimeout(() => document.querySelector("#said").replaceChildren("里面"), {after});
</script>"""
SHELL = """<!doctype html><p>外面</p><iframe src="/before"></iframe><script>
document.querySelector("iframe").onload = (event) => {{ event.target.onload = null; event.target.src = "{to}"; }};
</script>"""
COVERED = '<!doctype html><button>进入</button><div style="position: fixed; inset: 0">公告</div>'
INSIDE = "<!doctype html><p>里面</p>"
ENTER = Target("进入", ("进入",), "button")


@pytest.fixture
def site() -> Iterator[SimpleNamespace]:
    """A site whose pages come at once, slowly, or not before the test is over."""
    over = threading.Event()

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            over.wait({"/slow": 0.8, "/photo": 0.5, "/never": 60}.get(self.path, 0))
            body = (INSIDE if self.path == "/slow" else served.pages.get(self.path, "")).encode()
            body = served.photo if self.path == "/photo" else body
            self.send_response(200)
            kind = "image/png" if self.path == "/photo" else "text/html; charset=utf-8"
            self.send_header("Content-Type", kind)
            if self.path != "/untold":
                self.send_header("Content-Length", str(len(body) + 100 * (self.path == "/half")))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    served = SimpleNamespace(pages={}, photo=b"")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    served.address = f"http://127.0.0.1:{server.server_port}"
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield served
    over.set()
    server.shutdown()
    serving.join()
    server.server_close()


@contextmanager
def _view(browser: Browser) -> Iterator[SiteBrowser]:
    with site_context(browser, ["127.0.0.1", "localhost"]) as context:
        yield SiteBrowser(context, context.new_page(), "site", PATIENCE, allowed=re.compile("http://"))


def _read(browser: SiteBrowser, address: str) -> bool:
    browser.goto(address)
    return browser.wait(_inside, "成绩", "里面")


def _inside(snapshots: Sequence[FrameSnapshot]) -> bool | None:
    return "里面" in all_texts(snapshots) or None


def test_who_signs_in_by_hand_may_take_longer_than_a_page(browser: Browser, site: SimpleNamespace) -> None:
    site.pages["/"] = GOES.format(to="/slow", after=1500 * PATIENCE)
    with _view(browser) as view:
        view.goto(site.address)
        with view.with_at_least(20 * PATIENCE):
            assert view.wait(_inside, "登录", "里面")


@pytest.mark.timeout(30)
@pytest.mark.parametrize("to", ["/never", "http://localhost:{port}/never"])
def test_a_page_that_never_gets_there_is_stopped(browser: Browser, site: SimpleNamespace, to: str) -> None:
    """What is asked of it just as it leaves would be answered never."""
    site.pages["/"] = GOES.format(to=to.format(port=site.address.rpartition(":")[2]), after=300 * PATIENCE)
    with _view(browser) as view:
        view.goto(site.address)
        view.page.evaluate("new Promise((done) => setTimeout(done, 5000))")
        with pytest.raises(SiteUnavailable, match="没有正常响应"):
            view.wait(_inside, "首页", "里面")
        assert view.match(ENTER, view.snapshot())


def test_what_came_while_nobody_listened_has_come(browser: Browser, site: SimpleNamespace) -> None:
    """A question on the terminal keeps this process from hearing the browser."""
    site.pages |= {"/": SHELL.format(to="/slow"), "/before": "<p>外面</p>"}
    with _view(browser) as view:
        view.goto(site.address)
        view.page.evaluate("new Promise((done) => setTimeout(done, 300))")
        threading.Event().wait(3 * PATIENCE)
        assert view.wait(_inside, "首页", "里面")


def test_a_frame_that_never_had_anything_is_not_the_page(browser: Browser, site: SimpleNamespace) -> None:
    """A helper of the site's that hangs: the rest of the page is there, and comes."""
    site.pages["/"] = HELPER.format(after=2500 * PATIENCE)
    with _view(browser) as view:
        view.goto(site.address)
        with view.with_at_least(6 * PATIENCE):
            assert view.wait(_inside, "首页", "里面")


def test_a_part_that_never_came_is_not_a_page_that_has_changed(
    browser: Browser, site: SimpleNamespace
) -> None:
    """A menu in a frame of its own, on a slow day."""
    site.pages["/"] = '<!doctype html><p>外面</p><iframe src="/never" width="200" height="600"></iframe>'
    with _view(browser) as view, pytest.raises(SiteUnavailable, match="没有传完"):
        _read(view, site.address)


@pytest.mark.parametrize("size", ['width="0" height="0"', 'style="display: none"'])
def test_a_part_that_nobody_sees_is_not_missed(browser: Browser, site: SimpleNamespace, size: str) -> None:
    site.pages["/"] = f'<!doctype html><p>外面</p><iframe src="/never" {size}></iframe>'
    with _view(browser) as view, pytest.raises(SiteChanged):
        _read(view, site.address)


def test_what_a_page_asks_for_after_a_press_that_failed_is_no_answer_to_it(
    browser: Browser, site: SimpleNamespace
) -> None:
    """A page's own timers, which may never be answered."""
    site.pages["/"] = COVERED
    with _view(browser) as view:
        view.goto(site.address)
        with pytest.raises(Covered):
            view.click(shown(view, ENTER), ENTER, "首页")
        view.page.evaluate("new Promise((done) => setTimeout(done, 1500))")
        with view.page.expect_request("**/never"):
            view.page.evaluate("void fetch('/never')")
        assert not view.network.is_answering()


def test_a_frame_that_is_taken_away_is_not_waited_for(browser: Browser, site: SimpleNamespace) -> None:
    site.pages["/"] = GONE.format(after=2000 * PATIENCE)
    with _view(browser) as view:
        view.goto(site.address)
        with view.with_at_least(5 * PATIENCE):
            assert view.wait(_inside, "首页", "里面")


def test_half_a_page_is_no_page(browser: Browser, site: SimpleNamespace) -> None:
    """A table of which the half has come reads like a whole one."""
    site.pages["/half"] = INSIDE.replace("里面", "")
    with _view(browser) as view:
        with pytest.raises(SiteUnavailable, match="没有传完"):
            _read(view, f"{site.address}/half")
        site.pages["/"] = INSIDE
        assert _read(view, site.address)


@pytest.mark.parametrize("path", ["/blank", "/untold"])
def test_a_page_of_no_bytes_is_read_again(browser: Browser, site: SimpleNamespace, path: str) -> None:
    """Nobody takes it for a page that has changed."""
    site.pages["/"] = SHELL.format(to=path)
    with _view(browser) as view:
        with pytest.raises(SiteUnavailable, match="空白"):
            _read(view, site.address)
        site.pages[path] = INSIDE
        assert _read(view, site.address)


def test_a_helper_of_no_bytes_is_no_page(browser: Browser, site: SimpleNamespace) -> None:
    site.pages["/"] = HELPER.replace("/never", "/blank").format(after=300 * PATIENCE)
    with _view(browser) as view:
        assert _read(view, site.address)


def test_a_picture_that_is_asked_for_anew_is_waited_for(browser: Browser, site: SimpleNamespace) -> None:
    """Another one stood under its address before: the photo that an upload has replaced."""
    site.pages["/"] = '<!doctype html><iframe src="/inside"></iframe>'
    site.pages["/inside"] = '<!doctype html><img src="/photo" width="100" height="100">'
    site.photo = _png("red")
    with _view(browser) as view:
        view.goto(site.address)
        assert _photo(view) == site.photo
        site.photo = _png("blue")
        view.page.frames[1].goto(f"{site.address}/inside", wait_until="commit")
        assert _photo(view) == site.photo


def _photo(browser: SiteBrowser) -> bytes:
    found = obtain(browser, *browser.wait(_pictured, "照片", "照片"))
    assert found is not None
    return found.data


def _png(colour: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (10, 10), colour).save(written, "PNG")
    return written.getvalue()


def _pictured(snapshots: Sequence[FrameSnapshot]) -> tuple[FrameSnapshot, Node] | None:
    return next(
        ((snapshot, node) for snapshot in snapshots for node in snapshot.root.walk() if node.src), None
    )


def test_what_the_browser_asks_of_its_maker_stops_nothing(browser: Browser, site: SimpleNamespace) -> None:
    """A full Chrome asks about every form to be filled in; a page that asks the same host is stopped as ever."""
    refused: list[str] = []
    with _view(browser) as view:
        monitor = NetworkMonitor(
            view.context, "site", lambda: None, lambda: PATIENCE, re.compile("http:"), refused
        )
        refused.append("content-autofill.googleapis.com:443")
        monitor.stop_on_foreign_host()
        monitor.stop_on_any_refusal()
        view.context.route("**/*", lambda route: route.fulfill(body=INSIDE))
        view.page.goto("http://content-autofill.googleapis.com/")
        refused.append("content-autofill.googleapis.com:80")
        for stops in (monitor.stop_on_foreign_host, monitor.stop_on_any_refusal):
            with pytest.raises(OriginBlocked, match="googleapis"):
                stops()
