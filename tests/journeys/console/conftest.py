"""The console's own fixtures, and a window in which a second client can do what only a person may."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from agent.settings import PREFIX
from fixtures.people.students import Credentials
from tests.agent.console.conftest import environ, start

__all__ = ["environ", "start"]
PATIENCE_MS = 60_000


@dataclass(frozen=True)
class PersonsWindow:
    """The windows that cases open, as the person before the screen has them.

    Args:
        playwright: The test's own.
        port: Where the browser of the running case can be joined.
        settings: What a console needs for its cases to open such windows.
    """

    playwright: Playwright
    port: int
    settings: Mapping[str, str]

    @contextmanager
    def shown(self, url_part: str) -> Iterator[Page]:
        """Yield the window of a site, which is there."""
        browser = self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{self.port}")
        try:
            pages = [page for context in browser.contexts for page in context.pages]
            (page,) = [page for page in pages if url_part in page.url]
            yield page
        finally:
            browser.close()

    def presses(self, url_part: str, text: str) -> None:
        """Press a text in a site's window: trusted input, as by a hand."""
        with self.shown(url_part) as page:
            place = page.get_by_text(text, exact=True).filter(visible=True)
            expect(place).to_have_count(1, timeout=PATIENCE_MS)
            place.click()

    def signs_in(self, url_part: str, account: Credentials) -> None:
        """Type an account into a site's window, which is at its form."""
        with self.shown(url_part) as page:
            page.locator("input[type=text]").fill(account.username)
            page.locator("input[type=password]").fill(account.password)
            page.locator("input[type=password]").press("Enter")

    def is_closed(self, url_part: str) -> None:
        """Close a site's window."""
        with self.shown(url_part) as page:
            page.close()


@pytest.fixture
def window(
    playwright: Playwright, browser_type_launch_args: Mapping[str, Any], tmp_path: Path
) -> PersonsWindow:
    """A browser for the cases that believes to have a screen, and that a second client can join."""
    executable = browser_type_launch_args.get("executable_path") or playwright.chromium.executable_path
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    wrapper = tmp_path / "browser"
    wrapper.write_text(f'#!/bin/sh\nexec "{executable}" --headless --remote-debugging-port={port} "$@"\n')
    wrapper.chmod(0o700)
    given = {f"{PREFIX}BROWSER_PATH": str(wrapper), f"{PREFIX}HEADLESS": "false", "DISPLAY": ":0"}
    return PersonsWindow(playwright, port, given)
