"""Time limit for a page that does not answer at all: Playwright gives up a poll only once the page has agreed to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from greenlet import greenlet
from playwright.sync_api import Page

from agent.browser.stability import GRACE_SECONDS, LEAST_SECONDS


@dataclass
class HangGuard:
    """Closes a site's windows when a page of it hangs (a script without end, an alert after every alert), so that what waits for it ends."""

    fired: bool = False
    """The windows were closed because a page hung."""

    @contextmanager
    def watching(self, page: Page, patience: float) -> Iterator[None]:
        """Close ``page`` and the windows beside it when what is done inside takes longer than ``patience`` (seconds) and some grace.

        The timer runs on the event loop that Playwright's synchronous calls wait on.
        """
        limit = max(patience + GRACE_SECONDS, LEAST_SECONDS)
        timer = asyncio.get_running_loop().call_later(limit, self._close, page)
        try:
            yield
        finally:
            timer.cancel()

    def _close(self, page: Page) -> None:
        self.fired = True
        for window in page.context.pages:  # what hangs may be done in another of the site's windows
            greenlet(window.close).switch()
