"""Download of a picture's original bytes from a page; a screenshot is never one."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote_to_bytes, urljoin

from playwright.sync_api import Error, Frame, Response

from agent import photo
from agent.browser.locators import handles_at
from agent.browser.site_browser import SiteBrowser
from agent.browser.stability import TIME_TO_DRAW, StabilityTimer
from agent.errors import ActionNeeded, SiteChanged, SiteUnavailable
from agent.photo.file_type import sniff
from agent.photo.image_file import Damaged, TooLarge, open_image
from agent.retry import PASSING
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.scripts import script
from agent.snapshot.tree import Node

Rung = Literal["response", "request", "fetch"]

UNAVAILABLE = (403, *PASSING)
"""Statuses that say nothing of whether there is a picture."""
MADE_FOR_BROWSERS = ("webp", "avif")
BLANKS = b"\r\n\t \xef\xbb\xbf"
"""What is printed before a picture by mistake: line breaks, blanks, a byte order mark."""
SHAPE_TOLERANCE = 0.02
"""Share by which a canvas may differ from its picture's shape: sides are whole pixels."""
FETCH, DRAWN = map(script, ("fetch", "drawn"))


@dataclass(frozen=True)
class DownloadedImage:
    """A picture's bytes and how they were got."""

    data: bytes
    obtained_by: Rung


def obtain(browser: SiteBrowser, snapshot: FrameSnapshot, node: Node) -> DownloadedImage | None:
    """Return the original bytes behind a picture on the page.

    Args:
        browser: The windows it was seen in.
        snapshot: The frame it stands in.
        node: The picture.

    Returns:
        The bytes by the first rung that gave any: the page's own response, a new request with the page as referrer, or,
        for ``blob:`` and ``data:`` addresses, a fetch inside the page. None when no rung gave bytes.

    Raises:
        ActionNeeded: The picture is drawn by a script and its file cannot be told.
        SiteUnavailable: The site failed to answer the page's own request; a second one may get something else, since an
            address may be good for one time only.
    """
    if not node.src:
        return DrawnPicture(browser, snapshot.frame, node).wait()
    address = urljoin(snapshot.frame.url, node.src)
    ladder: tuple[tuple[Rung, Callable[[], bytes | None]], ...] = (
        ("response", lambda: _from_response(browser, address)),
        ("request", lambda: _from_request(browser, snapshot.frame, address)),
        ("fetch", lambda: _from_page(browser, snapshot.frame, address)),
    )
    found = next(_climb(ladder), None)
    return _as_named(browser, snapshot.frame, address, found) if found else None


def _as_named(browser: SiteBrowser, frame: Frame, address: str, found: DownloadedImage) -> DownloadedImage:
    """The picture as a file of the kind that it is kept as, where the site has one.

    A site may make WebP or AVIF of a JPEG for browsers that say they take it: it is asked again by one that does not. A script
    of a site's may print line breaks before the picture: they are no part of it.
    """
    if sniff(found.data) in MADE_FOR_BROWSERS:
        again = _asked_for_jpeg(browser, frame, address)
        if again is not None and sniff(again) == "jpeg":
            return DownloadedImage(again, "request")
    bare = found.data.lstrip(BLANKS)
    if bare != found.data and sniff(bare) == "jpeg":
        browser.fallbacks.append(f"{browser.name}在照片数据前面多给了空白字符，已去掉，请看一眼照片是否正常")
        return DownloadedImage(bare, found.obtained_by)
    return found


def _asked_for_jpeg(browser: SiteBrowser, frame: Frame, address: str) -> bytes | None:
    """Ask once more; None where it comes to nothing, since what was got first is a picture all the same."""
    if not address.startswith(("http://", "https://")) or not browser.network.allowed.match(address):
        return None
    headers = {"Referer": frame.url, "Accept": "image/jpeg,image/png;q=0.8"}
    try:
        answer = browser.context.request.get(address, headers=headers, timeout=browser.patience * 1000)
    except Error:
        return None
    return answer.body() if answer.ok else None


@dataclass
class DrawnPicture:
    """A picture that a script draws on a canvas: looked at until the file has come that it shows.

    Args:
        browser: The windows.
        frame: Where the canvas stands.
        node: The canvas as it was first seen; it may grow, and another may come in its place.
    """

    browser: SiteBrowser
    frame: Frame
    node: Node
    _timer: StabilityTimer = field(default_factory=StabilityTimer)
    _files: dict[Response, DownloadedImage] = field(default_factory=dict)
    _found: list[DownloadedImage] = field(default_factory=list)
    _why: str = "没有找到它的原图文件"

    def wait(self) -> DownloadedImage:
        """Return the one that came and is what the canvas shows; none is believed not to come on a page at rest.

        Raises:
            ActionNeeded: None came, or more than one; what is drawn is a copy and no file of the site's.
        """
        name = self.browser.name
        with suppress(SiteChanged):
            for found in self.browser.wait(self._look, name, "照片"):
                return found
        raise ActionNeeded(
            f"{name}的照片是画在页面上的，{self._why}，没有保存。",
            f"请自己在{name}上看看能不能下载原图；截图和翻拍的照片不能用，办不了请联系学校。",
        )

    def _look(self, snapshots: list[FrameSnapshot]) -> list[DownloadedImage] | None:
        """The file; none once nothing has changed for a while; None until then."""
        canvas = self._canvas(snapshots)
        shown = _pixels(self.browser, self.frame, canvas) if canvas else None
        drawn = _drawn_size(canvas or self.node)  # as seen before the pixels: it may have grown since
        waited = self._timer.seconds((shown, drawn, tuple(self.browser.network.images.values())))
        if waited == 0:
            self._found = self._shown_by(drawn, shown)
        if self._found or waited > TIME_TO_DRAW:
            return self._found
        if not self.browser.is_quiet(snapshots):
            self._timer.reset()
        return None

    def _canvas(self, snapshots: Sequence[FrameSnapshot]) -> Node | None:
        here = [item for item in snapshots if item.frame == self.frame]
        every = [node for item in here for node in item.root.walk() if node.tag == "canvas"]
        at = self.node.box
        same = [one for one in every if at.overlap_x(one.box) > 0 and at.overlap_y(one.box) > 0]
        return same[0] if len(same) == 1 else None

    def _shown_by(self, drawn: tuple[int, int], shown: bytes | None) -> list[DownloadedImage]:
        """The file that the canvas shows; empty where there is none or more than one, and then why."""
        came = {found: size for found in self._came() if (size := _size(found.data)) is not None}
        shaped = [found for found, size in came.items() if _is_of_shape(size, drawn)]
        same = [found for found in shaped if shown is not None and _is_shown(found.data, shown)]
        fitting = [found for found in same if came[found] == drawn] or same
        self._why = _why_not(shaped, same)
        return fitting[:1] if len({found.data for found in fitting}) == 1 else []

    def _came(self) -> list[DownloadedImage]:
        """The pictures that came; each is taken once, since an address may be good for one time only."""
        images = list(self.browser.network.images.items())
        for address, response in images:
            if response not in self._files and (found := _came(self.browser, self.frame, address, response)):
                self._files[response] = found
        return [self._files[response] for _, response in images if response in self._files]


def _drawn_size(canvas: Node) -> tuple[int, int]:
    return canvas.natural if max(canvas.natural) else (round(canvas.box.width), round(canvas.box.height))


def _why_not(shaped: Sequence[DownloadedImage], same: Sequence[DownloadedImage]) -> str:
    if same:
        return "不能确定哪个文件是它的原图"
    return "传来的文件和画出来的照片对不上" if shaped else "没有找到它的原图文件"


def _pixels(browser: SiteBrowser, frame: Frame, node: Node) -> bytes | None:
    """What a canvas shows, as PNG, to hold files against and never to be kept; None where it cannot be told."""
    with browser.translated_errors("照片"):
        found = handles_at(frame, "canvas", node.box)
        if len(found) != 1:
            return None
        drawn = frame.wait_for_function(DRAWN, arg=found[0], timeout=browser.patience * 1000).json_value()
        if drawn["base64"]:
            return base64.b64decode(drawn["base64"])
        return found[0].screenshot(timeout=browser.patience * 1000)


def _is_shown(data: bytes, shown: bytes) -> bool:
    try:
        return photo.compare(data, shown).is_same
    except photo.PhotoUnreadable:
        return False


def _came(browser: SiteBrowser, frame: Frame, address: str, response: Response) -> DownloadedImage | None:
    """A picture that came; of one that a script has taken as a blob the browser keeps nothing, and it is asked for again."""
    if data := _kept(response):
        return DownloadedImage(data, "response")
    again = _asked_for_jpeg(browser, frame, address) if response.ok else None
    return DownloadedImage(again, "request") if again else None


def _kept(response: Response) -> bytes:
    try:
        return response.body() if response.ok else b""
    except Error:
        return b""  # the browser has let go of it


def _size(data: bytes) -> tuple[int, int] | None:
    try:
        return open_image(data).size
    except (Damaged, TooLarge):
        return None


def _is_of_shape(size: tuple[int, int], wanted: tuple[int, int]) -> bool:
    """True for a picture that fills the canvas when it is drawn smaller or larger."""
    return min(wanted) > 0 and abs(size[0] * wanted[1] / (size[1] * wanted[0]) - 1) < SHAPE_TOLERANCE


def _climb(ladder: tuple[tuple[Rung, Callable[[], bytes | None]], ...]) -> Iterator[DownloadedImage]:
    for rung, get in ladder:
        data = get()
        if data:
            yield DownloadedImage(data, rung)


def _from_response(browser: SiteBrowser, address: str) -> bytes | None:
    response = browser.image_response(address) if address.startswith("http") else None
    if response is None:
        _require_whole(browser, address)
        return None
    if response.status in UNAVAILABLE:
        raise SiteUnavailable(
            f"网站（{browser.name}）没有给出照片（HTTP {response.status}）。", status=response.status
        )
    try:
        data = response.body()
    except Error:
        _require_whole(browser, address)
        return None  # the page was left and the browser has let go of it
    _require_whole(browser, address, missing=_announced(response) > len(data))
    return data


def _announced(response: Response) -> int:
    """How many bytes the site said there would be, where it said so of the bytes as they are."""
    length = response.headers.get("content-length", "")
    return int(length) if length.isdecimal() and "content-encoding" not in response.headers else 0


def _require_whole(browser: SiteBrowser, address: str, missing: bool = False) -> None:
    if missing or address in browser.network.broken:
        raise SiteUnavailable(f"网站（{browser.name}）的照片没有传完。")


def _from_request(browser: SiteBrowser, frame: Frame, address: str) -> bytes | None:
    if not address.startswith(("http://", "https://")) or not browser.network.allowed.match(address):
        return None
    try:
        answer = browser.context.request.get(
            address, headers={"Referer": frame.url}, timeout=browser.patience * 1000
        )
    except Error:
        raise SiteUnavailable(f"网站（{browser.name}）的照片没有传来。") from None
    if answer.status in UNAVAILABLE:
        raise SiteUnavailable(
            f"网站（{browser.name}）没有给出照片（HTTP {answer.status}）。", status=answer.status
        )
    if answer.headers.get("content-type", "").startswith("text/html"):
        raise SiteUnavailable(f"网站（{browser.name}）没有给出照片，给出的是网页。")
    return answer.body() if answer.ok else None


def _from_page(browser: SiteBrowser, frame: Frame, address: str) -> bytes | None:
    if address.startswith("data:"):
        return _from_data_address(address)
    if not address.startswith("blob:"):
        return None
    with browser.translated_errors("照片"):
        handle = frame.wait_for_function(FETCH, arg=address, timeout=browser.patience * 1000)
        return base64.b64decode(handle.json_value()["base64"])


def _from_data_address(address: str) -> bytes:
    head, _, body = address.partition(",")
    return base64.b64decode(body) if head.endswith(";base64") else unquote_to_bytes(body)
