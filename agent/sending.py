"""Following what is sent to a site: whether a request has begun, and whether the site has had time to answer it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, Request, Response

TIME_TO_SPEAK = 2.0
"""Seconds after a request's end by which its message has appeared."""


class Sending:
    """What became of the request that carries something to the site, whichever control sets it off.

    Args:
        carries: Tells that request from others.
    """

    def __init__(self, carries: Callable[[Request], bool]) -> None:
        self.begun = False
        self.troubled = False
        """True when the line broke or the answer was an error: what the page says then is not the site's word."""
        self._carries = carries
        self._ended_at: float | None = None

    def is_over(self) -> bool:
        """True when the request ended a while ago: a site that had something to say has said it by now."""
        return self._ended_at is not None and time.monotonic() - self._ended_at > TIME_TO_SPEAK

    def on_request(self, request: Request) -> None:
        """Hear of a request that begins."""
        self.begun = self.begun or self._carries(request)

    def on_response(self, response: Response) -> None:
        """Hear of an answer."""
        self.troubled = self.troubled or (response.status >= 400 and self._carries(response.request))

    def on_failure(self, request: Request) -> None:
        """Hear of a request that got no answer."""
        self.troubled = self.troubled or self._carries(request)
        self.on_end(request)

    def on_end(self, request: Request) -> None:
        """Hear of a request that has finished or failed."""
        if self._carries(request):
            self._ended_at = time.monotonic()


@contextmanager
def watching(context: BrowserContext, carries: Callable[[Request], bool]) -> Iterator[Sending]:
    """Follow one request of a browser context while inside.

    Args:
        context: The windows it is sent from.
        carries: Tells that request from others.
    """
    sending = Sending(carries)
    heard = {
        "request": sending.on_request,
        "requestfinished": sending.on_end,
        "requestfailed": sending.on_failure,
        "response": sending.on_response,
    }
    for event, hear in heard.items():
        context.on(event, hear)  # type: ignore[call-overload]  # typed per literal name
    try:
        yield sending
    finally:
        for event, hear in heard.items():
            context.remove_listener(event, hear)
