"""The windows of one site: read, waited for and clicked in as a person does, exactly one thing or a typed stop.

A ``SiteBrowser`` is all the open windows of one site's browser context. It reads them (``agent.snapshot.tree``), waits for what should
appear, and clicks what carries the words it was told. Nothing here knows any site: words come from the profile.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import InitVar, dataclass, field
from typing import NoReturn, TypeVar

from playwright.sync_api import (
    BrowserContext,
    ElementHandle,
    Error,
    FloatRect,
    Frame,
    Locator,
    Page,
    Response,
)
from playwright.sync_api import (
    TimeoutError as PlaywrightTimeout,
)

from agent import retry
from agent.browser.actions import covering
from agent.browser.actions.covering import PressPlace
from agent.browser.actions.input_fields import InputFields
from agent.browser.actions.scrolling import Scrolling
from agent.browser.dialogs import Dialogs
from agent.browser.frames.frame_reader import UNKNOWN_ACTIVITY, FrameReader
from agent.browser.hang_guard import HangGuard
from agent.browser.locators import (
    Clickable,
    Target,
    around_words,
    by_own_words,
    candidates,
    may_show,
    one_of,
    one_over,
    only,
    word_pattern,
)
from agent.browser.network.monitor import NetworkMonitor
from agent.browser.network.trouble import trouble_of
from agent.browser.stability import (
    CLICK_SECONDS,
    FADING_SECONDS,
    FRESH_SECONDS,
    NOTICE_SECONDS,
    TIME_TO_COME,
    TIME_TO_ECHO,
)
from agent.errors import Covered, SiteChanged, SiteUnavailable, WindowClosed, quote
from agent.snapshot import fields
from agent.snapshot.frame import LONGEST_NAME, FrameSnapshot, nearest
from agent.snapshot.scripts import script
from agent.snapshot.tree import Node

T = TypeVar("T")

ON_TOP, LAYER_CLOSER = map(script, ("on_top", "layer_closer"))

WINDOW_CLOSED = "浏览器窗口在运行中被关闭了。"
SHORTEST_LOOK_MS = 3000
MOMENT_MS, RESTING_MS = 25, 200
"""Between two looks, unless the page changes before: while it is changing, and where it stands still and nothing is under way."""
LEAVING_MS = 200
LEAST_ROOM = 16
"""What a frame needs each way to show a word (CSS pixels); a helper of 0 by 0 has its border still."""


@dataclass(frozen=True)
class Match:
    """A target that was found, and what to click for it."""

    target: Target
    clickable: Clickable


@dataclass
class SiteBrowser:
    """All the windows of one site.

    Args:
        context: The site's own browser context.
        page: Its first window.
        site: The site's id, for messages.
        patience: Seconds a page may take (``GRADSYNC_SLOW_NETWORK_SECONDS``).
        notices: Words that close a known notice, e.g. 我知道了.
        busy: Words by which the site says that it is out of service, with whatever HTTP status.
        allowed: Matches every address that is the site's; a redirect elsewhere stops the run.
        refused: The hosts that the context's proxy has held it back from so far.
        failed: Why the proxy could not connect, by host and port.
        guards: Called with every look; raise to stop a wait early (session lost, platform says no).
    """

    context: BrowserContext
    page: Page
    site: str
    patience: float
    notices: tuple[str, ...] = ()
    busy: tuple[str, ...] = ()
    allowed: InitVar[re.Pattern[str]] = re.compile("")
    refused: InitVar[Sequence[str]] = ()
    failed: Mapping[str, str] = field(default_factory=dict)
    guards: list[Callable[[Sequence[FrameSnapshot]], None]] = field(default_factory=list)
    fallbacks: list[str] = field(default_factory=list)
    title: str = ""
    """What people call the site; its id where nothing was given."""
    ocr_seconds: float = 0.0
    """What reading by eye has taken so far: time for which no page is to blame."""
    trails: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict, repr=False)
    """The menu words that led to each page in this run, as they were pressed, by the page's key in the profile."""
    open_page: str = ""
    """The name of the page that was walked to last; empty while a walk has not arrived."""
    network: NetworkMonitor = field(init=False, repr=False)
    dialogs: Dialogs = field(init=False, repr=False)
    inputs: InputFields = field(init=False, repr=False)
    scrolling: Scrolling = field(init=False, repr=False)
    _reader: FrameReader = field(init=False, repr=False)
    _last: list[FrameSnapshot] = field(default_factory=list, repr=False)
    _fresh_until: float = float("-inf")
    handovers: int = 0
    """How often the windows have been in the person's hands, who may have signed in as somebody else there."""
    _before: list[FrameSnapshot] = field(default_factory=list, repr=False)
    """What was seen when it was last waited for something: while that is the same, it is looked at more rarely."""
    _look_at: float = float("-inf")
    """When what is waited for will have stood still for long enough, if nothing comes (``time.monotonic``)."""
    _hands_off: bool = False
    _hang_guard: HangGuard = field(default_factory=HangGuard, repr=False)

    def __post_init__(self, allowed: re.Pattern[str], refused: Sequence[str]) -> None:
        self.network = NetworkMonitor(
            self.context, self.name, self.invalidate, lambda: self.patience, allowed, refused, self.failed
        )
        self.dialogs = Dialogs(self.context, self.invalidate)
        self.inputs, self.scrolling = InputFields(self), Scrolling(self)
        self._reader = FrameReader(self.context)

    @property
    def name(self) -> str:
        """What the site is called in messages."""
        return self.title or self.site

    @property
    def addresses(self) -> list[str]:
        """The addresses of all frames of its windows."""
        return [frame.url for page in self.context.pages for frame in page.frames]

    def title_shown(self) -> str:
        """Return the title of the window opened last; empty where it has none."""
        with self.translated_errors():
            return self.context.pages[-1].title().strip()

    # -- going somewhere -------------------------------------------------------------------------------------------

    def goto(self, url: str) -> None:
        """Open an address in the first window.

        Raises:
            SiteUnavailable: No answer within the patience, or an error page.
            OriginBlocked: The address is not among the site's origins.
            WindowClosed: The person closed the windows.
        """
        if self._is_closed():
            raise WindowClosed(WINDOW_CLOSED)
        self.close_extra_windows()
        with self.translated_errors():
            self.page.goto(url, wait_until="domcontentloaded", timeout=self.patience * 1000)
        self.network.stop_on_error_page()

    def close_extra_windows(self) -> None:
        """Close every window but the first, so that nothing stale is read later."""
        for page in self.context.pages:
            if page is not self.page:
                page.close()
                self.invalidate()

    def with_retries(self, look: Callable[[], T]) -> T:
        """Read, and read again where the site was unavailable for a moment, all within the patience (``agent.retry``)."""

        def attempt(left: float | None) -> T:
            with self.with_timeout(self.patience if left is None else left):
                return look()

        return retry.retry_read(attempt, self.patience)

    @contextmanager
    def with_timeout(self, seconds: float) -> Iterator[None]:
        """Give a page no more than so many seconds while inside."""
        with self._patience_of(min(seconds, self.patience)):
            yield

    @contextmanager
    def with_at_least(self, seconds: float) -> Iterator[None]:
        """Wait for so many seconds at least while inside, since a person is at the window and not the site."""
        with self._patience_of(max(seconds, self.patience)):
            yield

    @contextmanager
    def hands_off(self) -> Iterator[None]:
        """Press nothing while waiting inside, not even a known notice away, and let no guard stop it: the window is the person's."""
        self._hands_off = True
        self.handovers += 1
        try:
            yield
        finally:
            self._hands_off = False

    @contextmanager
    def _patience_of(self, seconds: float) -> Iterator[None]:
        patience, self.patience = self.patience, seconds
        try:
            yield
        finally:
            self.patience = patience

    # -- looking ---------------------------------------------------------------------------------------------------

    def snapshot(self) -> list[FrameSnapshot]:
        """Return every frame of every window as a person sees it now; frames that are just changing are left out.

        What was seen a moment ago is not looked at again, unless something was done or has stirred since.
        """
        self.dialogs.stop_on_endless(self.name)
        if self._fresh_until < time.monotonic() or self.network.leaving:
            self._last = [
                snapshot for snapshot in map(self._frame_snapshot, self._frames()) if snapshot is not None
            ]
            self._fresh_until = time.monotonic() + FRESH_SECONDS
        return list(self._last)

    def _frames(self) -> list[Frame]:
        return [frame for page in self.context.pages for frame in page.frames if not frame.is_detached()]

    def last_snapshot(self) -> list[FrameSnapshot]:
        """Return what was seen last, however long ago, unless something was done or has stirred since."""
        stirred = self._fresh_until == float("-inf") or self.network.leaving
        return self.snapshot() if stirred else list(self._last)

    def invalidate(self) -> None:
        """What was seen counts no more: something was done, or the page stirs."""
        self._fresh_until = float("-inf")

    def _frame_snapshot(self, frame: Frame) -> FrameSnapshot | None:
        try:
            timeout = min(self.patience * 1000, SHORTEST_LOOK_MS)
            with self._hang_guard.watching(frame.page, self.patience):
                return self._reader.read(frame, timeout)
        except PlaywrightTimeout:
            return None
        except Error as error:
            if self._is_closed():
                self._translate(error)
            return None  # the frame is on its way to another page
        except RecursionError:
            raise SiteUnavailable(f"网站（{self.name}）的页面嵌套得太深，不能读。") from None

    def is_quiet(self, snapshots: Iterable[FrameSnapshot]) -> bool:
        """True when nothing is on its way that a frame could still show: only then what is missing may be absent."""
        coming = any(snapshot.loading or snapshot.busy for snapshot in snapshots)
        return not coming and not self.network.is_fetching() and not self.network.is_on_its_way()

    def has_rested(self, still: float, rest: float) -> bool:
        """Say whether what has been the same for some time may be believed, in a wait that has just looked.

        At once where every page has told that it will do nothing by itself in what is left of the time, has drawn it, and nothing
        has been under way for a moment: then there is nothing to be waited for.

        Args:
            still: For how long it has been the same, in seconds.
            rest: For how long it has to be where a page may still do something.
        """
        now = time.monotonic()
        told = [self._reader.activity(frame) for frame in self._frames()]
        drawn = self.has_settled(still)
        if still > rest:
            return drawn or still > rest + TIME_TO_COME
        if any(one.acts < now + rest - still for one in told):
            self._look_at = now + rest - still
            return False
        since = max([now - still, self.network.heard_at, *(one.acted for one in told)])
        self._look_at = since + TIME_TO_ECHO
        return drawn and now > self._look_at and self.network.is_silent()

    def has_settled(self, still: float) -> bool:
        """Say whether every page has drawn what has been the same for so many seconds, and nothing on it is still leaving.

        What comes only by being seen was asked for then. A page that tells nothing of itself is taken to have settled.
        """
        if any(self._reader.activity(frame).ending for frame in self._frames()):
            return False
        told = (self._reader.activity(page.main_frame) for page in self.context.pages)
        return all(one is UNKNOWN_ACTIVITY or one.drawn > time.monotonic() - still for one in told)

    def wait(
        self,
        what: Callable[[list[FrameSnapshot]], T | None],
        page: str,
        target: str,
        seconds: float | None = None,
    ) -> T:
        """Look again and again until ``what`` returns something.

        Args:
            what: Gets the frames as seen, returns the finding or None.
            page: The page's name, for the message.
            target: What is waited for, for the message.
            seconds: How long; the site's patience when left out.

        Raises:
            SiteChanged: It did not appear although the page is there.
            SiteUnavailable: The page did not answer, or is an error page.
            WindowClosed: The person closed the window.
        """
        started, own_seconds = time.monotonic(), self.ocr_seconds
        while True:
            self.dialogs.stop_on_endless(self.name)
            gives_way = self.network.is_on_its_way()  # what is seen then counts no more: it is not looked at
            snapshots = list(self._last) if gives_way else self.snapshot()
            self.network.stop_on_error_page()
            on_its_way = gives_way or self.network.is_on_its_way()
            if not on_its_way:
                found = None if self._kept_in_order(snapshots) else what(snapshots)
                if found is not None:
                    return found
            allowed = self.patience if seconds is None or on_its_way else seconds
            if time.monotonic() > started + allowed + self.ocr_seconds - own_seconds:
                self._not_found(snapshots, page, target, whole=seconds is not None)
            self._let_leave() if self.network.leaving else self.wait_mutation(self._moment(snapshots))
            self.invalidate()

    def check_guards(self, snapshots: Sequence[FrameSnapshot]) -> None:
        """Let every guard look; raises what they raise."""
        for guard in self.guards:
            guard(snapshots)

    def _kept_in_order(self, snapshots: Sequence[FrameSnapshot]) -> bool:
        """Look whether the wait may go on, and press a known notice away; True when one was. Both are the person's meanwhile."""
        if self._hands_off:
            return False
        self.check_guards(snapshots)
        return self._close_notice(snapshots)

    def _moment(self, snapshots: Sequence[FrameSnapshot]) -> float:
        """How long nothing needs to be looked at again, in milliseconds: longer where the last looks were the same."""
        before, self._before = self._before, list(snapshots)
        same = list(map(id, before)) == list(map(id, snapshots))
        if not same or not self.is_quiet(snapshots):
            return MOMENT_MS
        echoed = (self._look_at - time.monotonic()) * 1000 + 1
        return echoed if 0 < echoed < RESTING_MS else RESTING_MS

    def _let_leave(self) -> None:
        """Wait for a frame's new page, or a moment."""
        frame = self.network.leaving[0]
        try:
            frame.page.wait_for_event("framenavigated", timeout=LEAVING_MS)
        except PlaywrightTimeout:
            return
        except Error as error:
            if self._is_closed():
                self._translate(error)

    def _not_found(self, snapshots: list[FrameSnapshot], page: str, target: str, whole: bool) -> NoReturn:
        """Say that the site is unavailable where the page is not there, or (unless ``whole``) is still coming."""
        if self.network.leaving or not any(snapshot.root.leaves for snapshot in snapshots):
            raise SiteUnavailable(f"「{page}」页面在 {self.patience:g} 秒内没有显示内容。")
        if not whole and (any(item.loading for item in snapshots) or self.lacks_a_frame(snapshots)):
            raise SiteUnavailable(f"「{page}」页面在 {self.patience:g} 秒内没有传完。")
        said = (text for item in snapshots for text in sorted(item.texts) if len(text) <= LONGEST_NAME)
        if busy := next((text for text in said if fields.contains(text, self.busy)), None):
            raise SiteUnavailable(f"网站（{self.name}）显示：{quote(busy)}。")
        raise SiteChanged(page, target, nearest(snapshots, target), not_opened=self.network.not_opened)

    def lacks_a_frame(self, snapshots: Sequence[FrameSnapshot]) -> bool:
        """True while a frame that a person would look at has not come, or does not answer; of all frames as seen."""
        answering = {snapshot.frame for snapshot in snapshots}
        missing = [*self.network.coming, *(frame for frame in self._frames() if frame not in answering)]
        return any(_has_room(frame) for frame in missing if frame.parent_frame in {None, *answering})

    def wait_mutation(self, longest: float = MOMENT_MS) -> None:
        """Wait until the page changes, at most so many milliseconds."""
        try:
            with self._hang_guard.watching(self.page, self.patience):
                self._reader.wait_mutation(self.page.main_frame, longest)
        except PlaywrightTimeout:
            return
        except Error as error:
            if self._is_closed():
                self._translate(error)

    def _is_closed(self) -> bool:
        """True once the person has closed the windows; one that they have left open takes the first one's place."""
        if self.page.is_closed() and self.context.pages:
            self.page = self.context.pages[0]
        return self.page.is_closed()

    def image_response(self, address: str) -> Response | None:
        """Return the browser's own response for a picture, which may be told later than the picture is seen.

        None when none came within the patience, as for one that the browser had kept.
        """
        deadline = time.monotonic() + self.patience
        while (
            address not in self.network.images
            and address not in self.network.broken
            and time.monotonic() < deadline
        ):
            self.wait_mutation()
        return self.network.images.get(address)

    # -- acting ----------------------------------------------------------------------------------------------------

    def match(
        self,
        target: Target,
        snapshots: Sequence[FrameSnapshot],
        page: str = "",
        within: Locator | None = None,
    ) -> Clickable | None:
        """Return the one visible thing that carries the target's words now, or None.

        Raises:
            SiteChanged: There is more than one.
        """
        scopes = (
            [within] if within else [snapshot.frame for snapshot in snapshots if may_show(snapshot, target)]
        )
        levels = candidates(scopes, word_pattern(*target.words), target.kind)
        found = one_of(levels, page, target.name, target.kind) if scopes else None
        if found is None and scopes and target.kind == "menu" and within is None:
            return by_own_words(snapshots, target)
        return found

    def only_match(self, target: Target, snapshot: FrameSnapshot, page: str) -> Clickable:
        """Return the one visible thing in a frame that carries the target's words now.

        Raises:
            SiteChanged: There is none, or more than one.
        """
        found = self.match(target, [snapshot], page)
        if found is None:
            raise SiteChanged(page, target.name, ())
        return found

    def match_or_none(self, target: Target, snapshots: Sequence[FrameSnapshot]) -> Clickable | None:
        """Return the one visible thing that carries the target's words now; None also when there are several."""
        try:
            return self.match(target, snapshots)
        except SiteChanged:
            return None

    def first_match(self, targets: Iterable[Target], snapshots: Sequence[FrameSnapshot]) -> Match | None:
        """Return the first of the targets that is shown exactly once now, or None."""
        ways = (
            Match(target, found) for target in targets if (found := self.match_or_none(target, snapshots))
        )
        return next(ways, None)

    def click_match(self, match: Match, page: str, seconds: float | None = None) -> None:
        """Press what leads on; arguments and errors as in ``click``."""
        self.click(match.clickable, match.target, page, seconds)

    def screenshot_around(self, clickable: Clickable, page: Page, margin: float) -> bytes | None:
        """Return a PNG of what was found with ``margin`` CSS pixels around it, None where it is not shown any more."""
        with self.translated_errors():
            clickable.scroll_into_view_if_needed(timeout=self.patience * 1000)
            place = clickable.bounding_box()
            if place is None:
                return None
            x, y = max(place["x"] - margin, 0), max(place["y"] - margin, 0)
            right, bottom = place["x"] + place["width"] + margin, place["y"] + place["height"] + margin
            clip: FloatRect = {"x": x, "y": y, "width": right - x, "height": bottom - y}
            return page.screenshot(clip=clip, timeout=self.patience * 1000)

    def match_at(self, snapshot: FrameSnapshot, leaf: Node, target: Target, page: str) -> Match | None:
        """Return the one thing with the target's words that stands where a leaf was seen; None where it has gone.

        Where the leaf stands among other words, it is the thing around them.

        Raises:
            SiteChanged: Several stand there.
        """
        found = one_over(snapshot.frame, target, page, leaf.box) or around_words(snapshot.frame, leaf, target)
        return Match(target, found) if found else None

    def is_shown(self, target: Target, snapshots: Sequence[FrameSnapshot]) -> bool:
        """True when exactly one visible thing carries the target's words in what was seen."""
        return self.match_or_none(target, snapshots) is not None

    def click(self, clickable: Clickable, target: Target, page: str, seconds: float | None = None) -> None:
        """Click once what was found to be the target; a known notice or a menu under the mouse that lies over it goes first.

        It is clicked in its middle; where that is another thing to press within it, on its words; where a bar covers that, on the
        strip that shows.

        Args:
            clickable: What was found.
            target: What it was found to be.
            page: The page's name, for the message.
            seconds: How long something that lies over it may take to go, where there is another way; as long as a click may
                take when left out.

        Raises:
            Covered: Something unknown lies over it; it was not clicked.
        """
        what = f"「{page}」页面的「{target.name}」"
        whole = min(self.patience, CLICK_SECONDS)
        place = covering.press_place(clickable, target.words)
        with self.network.clicking():
            try:
                self._click_within(place, what, whole, seconds)
            except Covered:
                closed = self._close_notice(self.snapshot())
                self._point_away()
                place = covering.press_place(clickable, target.words)
                self._click_free(place, what, whole if closed else NOTICE_SECONDS, seconds)

    def _click_within(self, place: PressPlace, what: str, whole: float, seconds: float | None) -> None:
        """Click; what is covered now is waited for as long as was given for that."""
        longest = min(whole, seconds) if seconds is not None and place.is_covered else whole
        with self.translated_errors(what):
            place.thing.click(timeout=longest * 1000, no_wait_after=True, position=place.at)

    def _click_free(self, place: PressPlace, what: str, whole: float, seconds: float | None) -> None:
        """Click its middle; where a bar at the page's foot or head keeps that covered, the strip of it that shows."""
        try:
            self._click_within(place, what, whole, seconds)
        except Covered:
            strip = None if place.at else covering.free_place(place.thing)
            if strip is None:
                raise
            self._click_within(PressPlace(place.thing, strip), what, whole, None)

    def point_at(self, thing: Clickable, page: Page) -> None:
        """Put the mouse on a thing, as a person does to learn what it is."""
        with self.translated_errors():
            place = thing.bounding_box()
            if place:
                page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)

    def _point_away(self) -> None:
        """Take the mouse off the page, so that a menu that stays open under it folds."""
        with self.translated_errors():
            for page in self.context.pages:
                page.mouse.move(0, 0)

    def row(self, frame: Frame, *words: str) -> Locator | None:
        """Return the one visible table row or list entry that contains all of the words, or None."""
        rows = frame.get_by_role("row").or_(frame.get_by_role("listitem"))
        for word in words:
            rows = rows.filter(has_text=word)
        return only(rows)

    def _close_notice(self, snapshots: Sequence[FrameSnapshot]) -> bool:
        """Press 我知道了 (or its like) where a known notice lies over the page; True when one was there."""
        target = Target("公告", self.notices, "button")
        for snapshot in snapshots if self.notices else ():
            closer = self.match(target, [snapshot], "公告")
            if closer and self._close_by(closer):
                return True
        return False

    def _close_by(self, closer: Clickable) -> bool:
        """Press what closes a notice; not where another notice still lies over it."""
        handle = closer.element_handle() if isinstance(closer, Locator) else closer
        try:
            with self.translated_errors("公告"):
                place = covering.press_place(closer, self.notices)
                place.thing.click(timeout=NOTICE_SECONDS * 1000, no_wait_after=True, position=place.at)
        except Covered:
            return False
        self._let_fade(handle)
        return True

    def close_layer(
        self, thing: Clickable, words: Sequence[str], never: Sequence[str] = (), alone: bool = False
    ) -> bool:
        """Close what lies over a thing by the one control of it that says one of the words; False where there is none.

        Without words it is closed by the cross in its corner, where it has nothing to be filled in.

        A layer that says one of ``never`` anywhere is left; with ``alone`` also one that has anything else to press.
        Only on the way to a page, where nothing is sent: what an unknown layer asks is not known.
        """
        try:
            handle = thing.element_handle() if isinstance(thing, Locator) else thing
            closer = (
                handle.evaluate_handle(
                    LAYER_CLOSER, [["".join(word.split()) for word in words], list(never), alone]
                ).as_element()
                if isinstance(handle, ElementHandle)
                else None
            )
        except Error:
            return False  # the page is just changing
        if closer is None or not self._close_by(closer):
            return False
        self.invalidate()
        return True

    def _let_fade(self, closed: Clickable) -> None:
        """Wait until a notice that was closed has gone, or a moment: one that fades out is not pressed again."""
        if isinstance(closed, ElementHandle):
            with suppress(Error):  # gone with its page, or one that stays
                closed.wait_for_element_state("hidden", timeout=FADING_SECONDS * 1000)
        self.invalidate()

    def is_on_top(self, thing: ElementHandle, words: str) -> bool:
        """True when a press on a thing would hit its words, and not what lies over them."""
        with self.translated_errors():
            return bool(thing.evaluate_handle(ON_TOP, "".join(words.split())).json_value())

    @contextmanager
    def translated_errors(self, what: str = "") -> Iterator[None]:
        """Do something on the page, and turn Playwright's errors into ours."""
        try:
            with self._hang_guard.watching(self.page, self.patience):
                yield
        except Error as error:
            self._translate(error, what)
        finally:
            self.invalidate()

    def _translate(self, error: Error, what: str = "") -> NoReturn:
        text = str(error)
        if self._hang_guard.fired:
            raise SiteUnavailable(f"网站（{self.name}）的页面不再有反应，程序关掉了它的窗口。") from None
        if self.page.is_closed() or _is_gone(error):
            raise WindowClosed(WINDOW_CLOSED) from None
        self.network.stop_on_error_page()
        if "intercepts pointer events" in text:
            raise Covered(
                f"{what}被页面上的其他内容挡住了，程序没有点击。", "请自己登录网站处理掉弹出的内容后再办理。"
            ) from None
        if "not attached" in text:
            raise SiteUnavailable(f"网站（{self.name}）的页面在操作时变了，没有操作。") from None
        if "strict mode violation" in text:
            raise SiteChanged(self.name, what or "要操作的内容", ("不止一个",)) from None
        if trouble := trouble_of(text, failed=self.failed):
            raise trouble.error(self.name) from None
        if isinstance(error, PlaywrightTimeout):
            raise SiteUnavailable(f"网站（{self.name}）在 {self.patience:g} 秒内没有正常响应。") from None
        if "Download is starting" in text:
            raise SiteUnavailable(f"网站（{self.name}）给出的是要下载的文件，不是页面。") from None
        if "net::ERR" in text:
            raise SiteUnavailable(f"网站（{self.name}）没有给出页面。") from None
        raise error


@contextmanager
def window_closed() -> Iterator[None]:
    """Turn the errors of a browser that has gone, wherever they come up, into ``WindowClosed``."""
    try:
        yield
    except Error as error:
        if not _is_gone(error):
            raise
        raise WindowClosed(WINDOW_CLOSED) from None


def _has_room(frame: Frame) -> bool:
    """True for a window, and for a frame that takes up room on its page; a helper of the site's does not."""
    if frame.parent_frame is None:
        return True
    try:
        box = frame.frame_element().bounding_box()
    except Error:
        return False  # taken away just now
    return box is not None and min(box["width"], box["height"]) >= LEAST_ROOM


def _is_gone(error: Error) -> bool:
    return any(
        sign in str(error)
        for sign in ("has been closed", "Connection closed", "Target crashed", "Page crashed")
    )
