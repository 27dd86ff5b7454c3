"""Tracks the request that carries something to a site: whether it has begun, how it ended, what was answered."""

from __future__ import annotations

import binascii
import json
import re
import time
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import unquote_plus, unquote_to_bytes

from playwright.sync_api import BrowserContext, Error, Request, Response

from agent.browser.stability import TIME_TO_SPEAK

SENDING_METHODS = ("POST", "PUT", "PATCH")
FILE_KINDS = ("multipart/", "image/", "application/octet-stream")
"""Types of a body that the browser does not show: it has a file in it (a form without one is shown)."""
JPEG_SIGNS = (b"\xff\xd8\xff", b"/9j/", b"%2F9j%2F", b"%2f9j%2f")
"""How a JPEG file begins: as it is, in base64, and that in an urlencoded form."""
SAMPLE = 24
"""Bytes of a photo that stand nowhere else by chance."""
BASE64_RUN = re.compile(rb"[A-Za-z0-9+/]{64,}")
MESSAGE_KEYS = (
    *("msg", "message", "error", "errmsg", "errormsg", "error_msg", "info", "text", "desc"),
    *("tip", "reason"),
)
LONGEST_MESSAGE = 300
TELLING_VALUE = 3
"""Characters of a value that is hardly in a request by chance."""


class RequestTracker:
    """Tracks the request that carries something to the site, whichever control sets it off.

    Args:
        carries: Tells that request from others; None where that can be told only at its end, from whether it had a body.
    """

    def __init__(self, carries: Callable[[Request], bool | None]) -> None:
        self.begun = False
        self.status: int | None = None
        """The HTTP status of the last answer; None while there is none."""
        self.broken = False
        """True when the line broke."""
        self._carries = carries
        self._ours: set[Request] = set()
        self._under_way: set[Request] = set()
        self._untold: set[Request] = set()
        self._answer: Response | None = None
        self._ended_at: float | None = None

    @property
    def may_have_begun(self) -> bool:
        """True while a request is under way that may be the one."""
        return bool(self._untold)

    def is_over(self) -> bool:
        """True when the request, of several the last, ended a while ago: a site that had something to say has said it by now."""
        if self._ended_at is None or self._under_way:
            return False
        return time.monotonic() - self._ended_at > TIME_TO_SPEAK

    def messages(self) -> list[str]:
        """Return what the answer says to a person, where it is JSON; empty while it has not come whole."""
        if self._answer is None or self._ended_at is None or self.broken:
            return []
        try:
            return messages_in(self._answer.text())
        except (Error, UnicodeDecodeError):
            return []  # the page was left, and the browser has let go of it

    def on_request(self, request: Request) -> None:
        """Hear of a request that begins."""
        carries = self._carries(request)
        if carries:
            self._begin(request)
        elif carries is None:
            self._untold.add(request)

    def _begin(self, request: Request) -> None:
        self.begun = True
        self._ours.add(request)
        self._under_way.add(request)

    def on_response(self, response: Response) -> None:
        """Hear of an answer."""
        if response.request in self._ours:
            self.status, self._answer = response.status, response

    def on_failure(self, request: Request) -> None:
        """Hear of a request that got no answer."""
        if request in self._untold:
            self._untold.discard(request)
            self._begin(request)
        self.broken = self.broken or request in self._ours
        self.on_end(request)

    def on_end(self, request: Request) -> None:
        """Hear of a request that has finished or failed."""
        if request in self._untold:
            self._tell(request)
        if request in self._ours:
            self._ended_at = time.monotonic()
            self._under_way.discard(request)

    def _tell(self, request: Request) -> None:
        """One of which the browser showed neither body nor type is the one if it had a body: an untyped piece of a file."""
        if int(request.all_headers().get("content-length", "0")) > 0:
            self._begin(request)
            answer = request.response()
            self.status, self._answer = answer.status if answer else None, answer
        self._untold.discard(request)


def messages_in(body: str) -> list[str]:
    """Return the messages of a JSON answer: the texts under the usual names, in reading order; empty for other bodies."""
    try:
        return list(dict.fromkeys(_messages(json.loads(body))))
    except (ValueError, RecursionError):  # no JSON, or brackets without end
        return []


def _messages(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            is_message = str(name).lower() in MESSAGE_KEYS and isinstance(inner, str)
            if is_message and 0 < len(inner.strip()) <= LONGEST_MESSAGE:
                yield inner.strip()
            elif not isinstance(inner, str):
                yield from _messages(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _messages(inner)


def carrying_file(data: bytes) -> Callable[[Request], bool | None]:
    """Return what tells the requests that carry a photo or a piece of it from others, however it is packed.

    Args:
        data: The file.
    """

    def carries(request: Request) -> bool | None:
        if not _sends(request):
            return False
        body, kind = request.post_data_buffer, request.headers.get("content-type", "")
        if body is None and not kind:
            return None
        return has_file(body, kind, len(data)) or (body is not None and has_piece(body, data))

    return carries


def has_piece(body: bytes, data: bytes) -> bool:
    """True for a body with a piece of a file in it: as it is, or in base64, whose letters may be urlencoded.

    Args:
        body: What is sent.
        data: The whole file.
    """
    return any(len(sample) == SAMPLE and sample in data for sample in _samples(body))


def _samples(body: bytes) -> Iterator[bytes]:
    middle = len(body) // 2
    yield body[middle : middle + SAMPLE]
    letters = unquote_to_bytes(body).replace(b"-", b"+").replace(b"_", b"/")
    run = max(BASE64_RUN.findall(letters), key=len, default=b"")
    yield from (  # where the whole was cut after it was coded, four letters begin anywhere
        binascii.a2b_base64(run[first : first + SAMPLE * 4 // 3]) for first in range(min(len(run), 4))
    )


def has_file(body: bytes | None, kind: str, size: int) -> bool:
    """True for a body with a photo in it: half as long as the file at least, or with the beginning of a JPEG.

    Args:
        body: None where the browser does not show it.
        kind: The content type.
        size: The file's size in bytes.
    """
    if body is None:
        return kind.startswith(FILE_KINDS)
    return len(body) * 2 >= size or any(sign in body for sign in JPEG_SIGNS)


def carrying_values(values: Sequence[str], known: Container[str]) -> Callable[[Request], bool]:
    """Return what tells the request that carries a form from others.

    Args:
        values: What stands in the form; where none of it is telling, a request to a new address is meant.
        known: Addresses (without query) that were sent to before: the page's own timers.
    """
    telling = [value for value in values if len(value.strip()) >= TELLING_VALUE]

    def carries(request: Request) -> bool:
        if not _sends(request):
            return False
        body = request.post_data_buffer
        if telling and body is not None:
            return has_value(body, telling)
        return address_of(request) not in known

    return carries


def has_value(body: bytes, values: Sequence[str]) -> bool:
    """True for a body with one of the values in it: as it is, urlencoded or in JSON, in UTF-8 or GB18030."""
    texts = [body.decode(encoding, "replace") for encoding in ("utf-8", "gb18030")]
    texts += [unquote_plus(texts[0], encoding) for encoding in ("utf-8", "gb18030")]
    return any(written in text for value in values for written in _written(value) for text in texts)


def _written(value: str) -> tuple[str, str]:
    value = value.strip()
    return value, json.dumps(value)[1:-1]


def address_of(request: Request) -> str:
    """Return a request's address without its query."""
    return request.url.partition("?")[0]


def _sends(request: Request) -> bool:
    """True for a request that may change something; a ping only tells that something happened."""
    return request.method in SENDING_METHODS and request.resource_type != "ping"


@contextmanager
def track_request(
    context: BrowserContext, carries: Callable[[Request], bool | None]
) -> Iterator[RequestTracker]:
    """Follow one request of a browser context while inside.

    Args:
        context: The windows it is sent from.
        carries: Tells that request from others.
    """
    tracker = RequestTracker(carries)
    heard = {
        "request": tracker.on_request,
        "requestfinished": tracker.on_end,
        "requestfailed": tracker.on_failure,
        "response": tracker.on_response,
    }
    for event, hear in heard.items():
        context.on(event, hear)  # type: ignore[call-overload]  # typed per literal name
    try:
        yield tracker
    finally:
        for event, hear in heard.items():
            context.remove_listener(event, hear)
