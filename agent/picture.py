"""The original bytes of a picture on a page, never a screenshot: the ladder of the browser facts (20)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal
from urllib.parse import unquote_to_bytes, urljoin

from playwright.sync_api import Error, Frame, Response

from agent.errors import SiteUnavailable
from agent.layout import Node
from agent.page import View
from agent.retrying import PASSING
from agent.seen import Seen

Rung = Literal["response", "request", "fetch"]

UNAVAILABLE = (403, *PASSING)
"""Statuses that say nothing of whether there is a picture."""
FETCH = files("agent").joinpath("js", "fetch.js").read_text("utf-8")


@dataclass(frozen=True)
class Picture:
    """A picture's bytes and how they were got."""

    data: bytes
    obtained_by: Rung


def obtain(view: View, seen: Seen, node: Node) -> Picture | None:
    """Return the original bytes behind a picture on the page.

    Args:
        view: The windows it was seen in.
        seen: The frame it stands in.
        node: The picture.

    Returns:
        The bytes by the first rung that gave any: the page's own response, a new request with the page as referrer, or,
        for ``blob:`` and ``data:`` addresses, a fetch inside the page. None when no rung gave bytes.

    Raises:
        SiteUnavailable: The site failed to answer the page's own request; a second one may get something else, since an
            address may be good for one time only.
    """
    address = urljoin(seen.frame.url, node.src)
    ladder: tuple[tuple[Rung, Callable[[], bytes | None]], ...] = (
        ("response", lambda: _from_response(view, address)),
        ("request", lambda: _from_request(view, seen.frame, address)),
        ("fetch", lambda: _from_page(view, seen.frame, address)),
    )
    return next(_climb(ladder), None)


def _climb(ladder: tuple[tuple[Rung, Callable[[], bytes | None]], ...]) -> Iterator[Picture]:
    for rung, get in ladder:
        data = get()
        if data:
            yield Picture(data, rung)


def _from_response(view: View, address: str) -> bytes | None:
    response = view.image(address) if address.startswith("http") else None
    if response is None:
        _require_whole(view, address)
        return None
    if response.status in UNAVAILABLE:
        raise SiteUnavailable(
            f"网站（{view.name}）没有给出照片（HTTP {response.status}）。", status=response.status
        )
    try:
        data = response.body()
    except Error:
        _require_whole(view, address)
        return None  # the page was left and the browser has let go of it
    _require_whole(view, address, missing=_announced(response) > len(data))
    return data


def _announced(response: Response) -> int:
    """How many bytes the site said there would be, where it said so of the bytes as they are."""
    length = response.headers.get("content-length", "")
    return int(length) if length.isdecimal() and "content-encoding" not in response.headers else 0


def _require_whole(view: View, address: str, missing: bool = False) -> None:
    if missing or address in view.traffic.broken:
        raise SiteUnavailable(f"网站（{view.name}）的照片没有传完。")


def _from_request(view: View, frame: Frame, address: str) -> bytes | None:
    if not address.startswith(("http://", "https://")) or not view.traffic.allowed.match(address):
        return None
    try:
        answer = view.context.request.get(
            address, headers={"Referer": frame.url}, timeout=view.patience * 1000
        )
    except Error:
        raise SiteUnavailable(f"网站（{view.name}）的照片没有传来。") from None
    if answer.status in UNAVAILABLE:
        raise SiteUnavailable(
            f"网站（{view.name}）没有给出照片（HTTP {answer.status}）。", status=answer.status
        )
    if answer.headers.get("content-type", "").startswith("text/html"):
        raise SiteUnavailable(f"网站（{view.name}）没有给出照片，给出的是网页。")
    return answer.body() if answer.ok else None


def _from_page(view: View, frame: Frame, address: str) -> bytes | None:
    if address.startswith("data:"):
        return _from_data_address(address)
    if not address.startswith("blob:"):
        return None
    with view.trouble("照片"):
        handle = frame.wait_for_function(FETCH, arg=address, timeout=view.patience * 1000)
        return base64.b64decode(handle.json_value()["base64"])


def _from_data_address(address: str) -> bytes:
    head, _, body = address.partition(",")
    return base64.b64decode(body) if head.endswith(";base64") else unquote_to_bytes(body)
