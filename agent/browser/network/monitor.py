"""Monitor of what a site's windows fetch: pages on their way, pictures, error pages, foreign addresses."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Error, Frame, Page, Request, Response
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from agent import retry
from agent.browser.network.request_tracker import SENDING_METHODS, address_of
from agent.browser.network.trouble import trouble_of
from agent.browser.stability import LONGEST_FETCH, TIME_TO_ASK, TIME_TO_STIR
from agent.errors import OriginBlocked, SiteUnavailable

NOTHING_YET = ("", "about:blank")
STAYING = (204, 205)
"""Answers to a navigation that leave the page as it is."""
ABORTED = "net::ERR_ABORTED"
"""Why a page stops coming when another was asked for, or a file is being saved."""
KEEPING_OUT = (403, 412)
KEPT_OUT = "网站没有让程序打开的浏览器看这一页，程序不会设法绕过。请用平时的浏览器自己登录看看；过一段时间再办理，仍不行就自己在网页上办理。"
ASKED_BY_SCRIPT = ("xhr", "fetch")
MAKERS = re.compile(r"(?:.+\.)?(?:google|googleapis|gstatic|gvt1|microsoft|msn|bing|windows)\.(?:com|net)")
"""Whom Chrome, Edge and Chromium ask by themselves, about every form to be filled in, typing and safety."""
FILLING = (*ASKED_BY_SCRIPT, "image", "script")


@dataclass
class NetworkMonitor:
    """Network monitor of one site's windows.

    Args:
        context: The site's own browser context.
        site: What the site is called in messages.
        invalidate: To be called when what was seen counts no more.
        patience: Returns how many seconds a page may take now.
        allowed: Matches every address that is the site's; a redirect elsewhere stops the run.
        refused: The hosts that the context's proxy has held it back from so far.
        failed: Why the proxy could not connect, by host and port.
    """

    context: BrowserContext
    site: str
    invalidate: Callable[[], None]
    patience: Callable[[], float]
    allowed: re.Pattern[str]
    refused: Sequence[str] = ()
    failed: Mapping[str, str] = field(default_factory=dict)
    images: dict[str, Response] = field(default_factory=dict, repr=False)
    """The pictures that came, by address."""
    broken: set[str] = field(default_factory=set, repr=False)
    """The addresses of those that did not."""
    arrivals: int = 0
    """How many pages have come, in whatever frame."""
    _under_way: dict[Frame, Request] = field(default_factory=dict)
    """What each frame has asked for and not yet got."""
    _to_be_read: dict[Frame, Request] = field(default_factory=dict)
    """The last request of each frame that had something before, or is a window: no helper of a page's."""
    _answered: dict[Frame, Response] = field(default_factory=dict)
    """What each frame was answered last; its body may still be coming."""
    _failed: dict[Frame, SiteUnavailable] = field(default_factory=dict)
    """What is wrong with each frame's last page: it did not come, not whole, or with an error's status."""
    _blocked: list[str] = field(default_factory=list)
    _not_opened: dict[Frame, str] = field(default_factory=dict)
    """The foreign hosts that frames in a page wanted to open last; that alone stops nothing."""
    _hosts: set[str | None] = field(default_factory=set, repr=False)
    """Whom the pages have asked for anything, each hop of a redirect too."""
    _told: int = 0
    """How many of the refused hosts have stopped something already."""
    _asked: set[Request] = field(default_factory=set)
    """What scripts have asked for because of the last press and not yet got."""
    sent_to: set[str] = field(default_factory=set, repr=False)
    """The addresses (without query) that something was sent to so far."""
    sent_count: int = 0
    """How often something was sent so far, or a button pressed that sends."""
    _awaited: dict[Request, float] = field(default_factory=dict, repr=False)
    """What has been asked for and is not yet there, of whatever kind, with the time it was asked for."""
    heard_at: float = float("-inf")
    """When something was last asked for, or ended (``time.monotonic``)."""
    _pressing: bool = False
    _pressed_at: float = float("-inf")
    _stirred: bool = False

    def __post_init__(self) -> None:
        self.context.on("request", self._on_request)
        self.context.on("response", self._on_response)
        self.context.on("requestfailed", self._on_request_failed)
        self.context.on("requestfinished", self._on_request_finished)
        self.context.on("page", self._on_page)
        for page in self.context.pages:
            self._on_page(page)

    @contextmanager
    def clicking(self) -> Iterator[None]:
        """Something is pressed inside: what stirs from now on comes of it."""
        self._stirred = False
        self._asked.clear()
        self._pressing = True
        try:
            yield
        finally:
            self._pressing = False
            self._pressed_at = time.monotonic()

    @property
    def leaving(self) -> list[Frame]:
        """The frames that are about to give way to another page.

        One that had nothing yet shows nothing that could be taken for the new page.
        """
        return [frame for frame in self._under_way if not frame.is_detached() and not _is_empty(frame)]

    @property
    def coming(self) -> list[Frame]:
        """The frames that had nothing yet, and wait for their first page."""
        return [frame for frame in self._under_way if not frame.is_detached() and _is_empty(frame)]

    def is_on_its_way(self) -> bool:
        """True while a frame is about to give way to another page, so that what it still shows counts no more.

        Right after a press the browser may not have said yet that it goes anywhere.
        """
        just_pressed = time.monotonic() - self._pressed_at < TIME_TO_STIR
        return bool(self.leaving) or (just_pressed and not self._stirred)

    def is_answering(self) -> bool:
        """True while a script waits for what it asked for because of the last press."""
        return bool(self._asked)

    def is_fetching(self) -> bool:
        """True while a script waits for anything that it asked for, unless it is kept open for news."""
        return self._awaits(ASKED_BY_SCRIPT, LONGEST_FETCH)

    def is_idle(self) -> bool:
        """True while nothing that would fill a page is under way; what hangs for half the patience is a page's own timers."""
        return not self._awaits(FILLING, self.patience() / 2) and not self.is_on_its_way()

    def is_silent(self) -> bool:
        """True while nothing whatever is under way."""
        return not (self._awaited or self.coming or self.is_on_its_way())

    def _awaits(self, types: tuple[str, ...], seconds: float) -> bool:
        """True while something of these types was asked for within so many seconds and has not come."""
        earliest = time.monotonic() - seconds
        asked = ((request, since) for request, since in self._awaited.items() if since > earliest)
        return any(request.resource_type in types for request, _ in asked)

    def stop_on_error_page(self) -> None:
        """Stop when a page did not come, or came in part, with an error's status, or from elsewhere.

        Raises:
            OriginBlocked: A window wants to go to an address that is not the site's.
            SiteUnavailable: It is no page to be read.
        """
        self.stop_on_foreign_host()
        for frame in [frame for frame in self._failed if not frame.is_detached()]:
            raise self._failed.pop(frame)

    def stop_on_foreign_host(self) -> None:
        """Stop, once for each, when a window wanted to go to a host that is not the site's, or was refused one by its proxy.

        Raises:
            OriginBlocked: That is so.
        """
        blocked = [*self._blocked, *self._asked_by_pages(self.refused[self._told :])]
        self._blocked.clear()
        self._told = len(self.refused)
        _stop_on(blocked)

    def _asked_by_pages(self, refused: Sequence[str]) -> list[str]:
        """Those of the refused hosts that the pages asked for: of its maker the browser asks things too, unless a page was heard to."""
        names = {host: urlsplit(f"//{host}").hostname or "" for host in refused}
        return [host for host, name in names.items() if name in self._hosts or not MAKERS.fullmatch(name)]

    @property
    def not_opened(self) -> list[str]:
        """The foreign hosts that frames of the pages at hand should show, each once."""
        hosts = [host for frame, host in self._not_opened.items() if not frame.is_detached()]
        return list(dict.fromkeys(hosts))

    def stop_on_any_refusal(self) -> None:
        """Stop when the proxy has ever refused a host to a page, also one that something has been stopped for before.

        Raises:
            OriginBlocked: That is so.
        """
        _stop_on(self._asked_by_pages(self.refused))

    def _note_change(self) -> None:
        self._stirred = True
        self.invalidate()

    def _on_page(self, page: Page) -> None:
        self._note_change()
        page.on("framenavigated", self._on_arrival)

    def _on_request(self, request: Request) -> None:
        self._note_change()
        self._hosts.add(urlsplit(request.url).hostname)
        self._awaited[request] = self.heard_at = time.monotonic()
        if request.method in SENDING_METHODS:
            self.sent_to.add(address_of(request))
            self.sent_count += 1
        if request.resource_type in ASKED_BY_SCRIPT and self._is_of_the_press():
            self._asked.add(request)
        if request.resource_type == "image":  # another picture may have come to stand under the address
            self.images.pop(request.url, None)
            self.broken.discard(request.url)
        frame = self._frame_of(request) if request.is_navigation_request() else None
        if frame is not None:
            self._failed.pop(frame, None)
            self._not_opened.pop(frame, None)
            self._under_way[frame] = request
            if frame.parent_frame is None or not _is_empty(frame):
                self._to_be_read[frame] = request
                self._stop_when_overdue(frame, request)

    def _is_of_the_press(self) -> bool:
        return self._pressing or time.monotonic() - self._pressed_at < TIME_TO_ASK

    def _stop_when_overdue(self, frame: Frame, request: Request) -> None:
        """Stop what is under way for too long, as a person does.

        Chromium answers nothing that is asked of a page from the moment it begins to go elsewhere until it has gone, and what
        Playwright asked just before then waits without a limit. What came while a question stood on the terminal, and nobody
        listened, is heard first.
        """
        if self._arrives(frame):
            return
        with suppress(Error):  # the window has been closed meanwhile
            # The session's answer comes after all that the browser said before.
            session = self.context.new_cdp_session(frame.page)
            if self._under_way.get(frame) == request and not frame.is_detached():
                self._failed[frame] = self._unavailable(f"在 {self.patience():g} 秒内没有正常响应。")
                session.send("Page.stopLoading")
            session.detach()

    def _arrives(self, frame: Frame) -> bool:
        """Wait for a frame's next page; True when it is there, or the window has been closed meanwhile."""
        try:
            frame.page.wait_for_event(
                "framenavigated", lambda came: came == frame, timeout=self.patience() * 1000
            )
        except PlaywrightTimeout:
            return False
        except Error:
            return True
        return True

    def _on_arrival(self, frame: Frame) -> None:
        self._note_change()
        self.arrivals += 1
        self._under_way.pop(frame, None)

    def _on_response(self, response: Response) -> None:
        self.invalidate()
        request = response.request
        if request.resource_type == "image" or _is_image_for_script(response):
            self.images[response.url] = response
        if request.is_navigation_request():
            frame = self._frame_of(request)
            self._note_foreign(request, frame)
            if frame is not None:
                self._failed.pop(frame, None)
                self._answered[frame] = response
                if response.status in STAYING:
                    self._stays(request)
            if frame is not None and response.status >= 400:
                self._failed[frame] = self._error_page(response)

    def _unavailable(self, what: str) -> SiteUnavailable:
        return SiteUnavailable(f"网站（{self.site}）{what}")

    def _error_page(self, answer: Response) -> SiteUnavailable:
        return SiteUnavailable(
            f"网站（{self.site}）返回了错误页面（HTTP {answer.status}）。",
            KEPT_OUT if answer.status in KEEPING_OUT else None,
            status=answer.status,
            retry_after=retry.seconds_of(answer.headers.get("retry-after", "")),
        )

    def _end(self, request: Request) -> None:
        self.heard_at = time.monotonic()
        self._asked.discard(request)
        self._awaited.pop(request, None)

    def _on_request_failed(self, request: Request) -> None:
        self._end(request)
        if request.resource_type == "image":
            self.invalidate()
            self.broken.add(request.url)
        if request.is_navigation_request():
            frame = self._frame_of(request)
            self._stays(request)
            self._note_foreign(request, frame)
            if frame is not None and request.failure != ABORTED:
                self._note_failure(request, frame)

    def _note_failure(self, request: Request, frame: Frame) -> None:
        """A page did not come, or not whole; of frames in a page only what had begun to come is missed."""
        if self._answer_to(request, frame):
            self._failed[frame] = self._unavailable("的页面没有传完，连接就断了。")
        elif frame.parent_frame is None and (
            trouble := trouble_of(request.failure or "", request.url, self.failed)
        ):
            self._failed[frame] = trouble.error(self.site)

    def _on_request_finished(self, request: Request) -> None:
        self._end(request)
        frame = self._frame_of(request) if request.is_navigation_request() else None
        if frame is None or self._to_be_read.get(frame) != request:
            return
        answer = self._answer_to(request, frame)
        if answer is not None and _is_blank(answer):
            self._failed[frame] = self._unavailable("返回了一个空白的页面。")

    def _answer_to(self, request: Request, frame: Frame) -> Response | None:
        answer = self._answered.get(frame)
        return answer if answer is not None and answer.request == request else None

    def _stays(self, request: Request) -> None:
        """A frame stays where it is: its navigation came to nothing, and no later one is under way."""
        self._under_way = {frame: last for frame, last in self._under_way.items() if last != request}

    @staticmethod
    def _frame_of(request: Request) -> Frame | None:
        """The frame a navigation is for; a new window has none yet while its first answer comes."""
        try:
            return request.frame
        except Error:
            return None

    def _note_foreign(self, request: Request, frame: Frame | None) -> None:
        if self.allowed.match(request.url):
            return
        host = urlsplit(request.url).netloc
        if frame is None or frame.parent_frame is None:
            self._blocked.append(host)
        elif host:
            self._not_opened[frame] = host


def _is_image_for_script(response: Response) -> bool:
    """True for a picture that a script has asked for, to draw it itself."""
    asked = response.request.resource_type in ASKED_BY_SCRIPT
    return asked and response.headers.get("content-type", "").startswith("image/")


def _stop_on(foreign: Sequence[str]) -> None:
    if foreign:
        raise OriginBlocked(f"网站要转到不在允许范围内的地址：{foreign[0]}。")


def _is_empty(frame: Frame) -> bool:
    return frame.url in NOTHING_YET


def _is_blank(answer: Response) -> bool:
    """True for a page of no bytes; one that the browser had kept has none on the way, and is no blank one."""
    told = answer.headers.get("content-length")
    if answer.status != HTTPStatus.OK or told not in (None, "0"):
        return False
    return told == "0" or (answer.request.sizes()["responseBodySize"] == 0 and not answer.body())
