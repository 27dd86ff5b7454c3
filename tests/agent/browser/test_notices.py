"""What comes and goes by itself: a known notice, closed once; native dialogs, agreed to where foreseen; a closed window."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, Dialog, Error

from agent.browser.dialogs import Dialogs
from agent.browser.launcher import site_context
from agent.browser.site_browser import SiteBrowser
from agent.errors import ActionNeeded, WindowClosed
from fixtures.server import MockSites

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


def test_a_window_that_is_left_open_takes_the_closed_ones_place(browser: Browser, sites: MockSites) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        first, second = context.new_page(), context.new_page()
        view = SiteBrowser(context, first, "site", 5)
        first.close()
        view.goto(sites.addresses.chsi_login)
        assert view.page is second
        assert second.url.startswith(sites.addresses.chsi_login)
        second.close()
        with pytest.raises(WindowClosed):
            view.goto(sites.addresses.chsi_login)


class Windows:
    """A context that can show a dialog."""

    def __init__(self) -> None:
        self.show: Callable[[Dialog], None] = lambda dialog: None
        self.answers: list[str] = []

    def on(self, event: str, handler: Callable[[Dialog], None]) -> None:
        """Remember who listens."""
        self.show = handler

    def says(self, kind: str, message: str, gone: bool = False) -> None:
        """Show a dialog; one that is gone has been closed in the window before anybody answers."""

        def closed(answer: str) -> Callable[[], None]:
            def close() -> None:
                if gone:
                    raise Error("Protocol error (Page.handleJavaScriptDialog): No dialog is showing")
                self.answers.append(answer)

            return close

        dialog = SimpleNamespace(
            type=kind, message=message, page=None, accept=closed("yes"), dismiss=closed("no")
        )
        self.show(cast("Any", dialog))


@pytest.fixture
def windows() -> Windows:
    return Windows()


def _dialogs(windows: Windows) -> Dialogs:
    return Dialogs(cast("Any", windows), lambda: None)


def test_only_what_was_foreseen_is_agreed_to(windows: Windows) -> None:
    dialogs = _dialogs(windows)
    with dialogs.accepting("上传"):
        windows.says("confirm", "确定上传吗？")
    windows.says("alert", "上传成功")
    windows.says("confirm", "确定退学吗？")
    assert windows.answers == ["yes", "yes", "no"]
    assert dialogs.messages == ["上传成功"]
    with pytest.raises(ActionNeeded, match="退学"):
        dialogs.stop_on_refused()


@pytest.mark.parametrize(("kind", "message"), [("confirm", "确定上传吗？"), ("alert", "上传成功")])
def test_one_that_the_person_has_closed_in_the_window_stops_nothing(
    windows: Windows, kind: str, message: str
) -> None:
    dialogs = _dialogs(windows)
    with dialogs.accepting("上传"):
        windows.says(kind, message, gone=True)
    assert windows.answers == []
    dialogs.stop_on_refused()
