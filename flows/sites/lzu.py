"""兰州大学: the portal's 快速导航, and behind it 注册系统 with 个人信息核对 (notice, 一; dossier ``lzu``, 2 to 4)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import ElementHandle

from agent import reading
from agent.errors import ActionNeeded, EntryRefused, SiteChanged
from agent.finding import Found, Target, field_at
from agent.page import Seen, View
from agent.reading import Node, key
from flows import registration
from flows.profile import LzuSite, Words
from flows.registration import Registration
from flows.sites.entrance import Entrance
from flows.sites.sending import TIME_TO_REST, Sender, words_of

PAGE = "个人信息核对"
ENOUGH_LABELS = 4
TIME_FOR_TILES = 1.5
"""Seconds in which the portal's tiles come, before the block they stand in is pressed."""
REMEDY = "请按注册系统的提示处理后再运行一次；看不明白的请联系学院教务老师。"


@dataclass(frozen=True)
class Way:
    """A word that leads on, and where it was found."""

    target: Target
    located: Found


@dataclass(frozen=True)
class Shown:
    """The page, in its frame."""

    seen: Seen
    page: Registration


@dataclass
class Lzu:
    """The signed-in portal.

    Args:
        view: Its windows.
        data: Its words.
        entrance: The way in.
    """

    view: View
    data: LzuSite
    entrance: Entrance

    # -- getting there -----------------------------------------------------------------------------------------------------

    def read(self) -> tuple[Registration, str]:
        """Open 个人信息核对 anew, by the portal's own tiles and menus, and read it.

        Returns:
            The page, and its words for the evidence.

        Raises:
            SiteChanged: There is no way to it.
            ActionNeeded: 注册系统 says that it is not open.
        """
        self.view.goto(self.data.login_url)
        tried: list[Words] = []
        since: list[float] = []

        def step(seen: list[Seen]) -> Shown | Way | None:
            return self._next(seen, tried, since)

        while True:
            stop = self.view.wait(step, PAGE, PAGE)
            if isinstance(stop, Shown):
                break
            tried.append(stop.target.words)
            since.clear()
            self.view.press(stop.located, stop.target, PAGE)
        shown = self._at_rest()
        return shown.page, words_of(shown.seen)

    def _next(self, seen: list[Seen], tried: Sequence[Words], since: list[float]) -> Shown | Way | None:
        """The page where it shows; else what leads on and was not pressed yet, the nearest to it first."""
        shown = self._shown(seen)
        if shown:
            return shown
        place = self.data.registration
        near = (place.start, place.words, *((word,) for word in place.via))
        way = self._way(seen, [words for words in near if words not in tried])
        if way is None and place.words in tried and self._is_closed(seen):
            raise ActionNeeded("注册系统显示现在不能核对个人信息。", "请按学院通知的时间再运行一次。")
        since.append(time.monotonic())
        if way or since[-1] - since[0] < TIME_FOR_TILES:
            return way
        return self._way(seen, [(word,) for word in self.data.hall if (word,) not in tried])

    def _way(self, seen: list[Seen], ways: Sequence[Words]) -> Way | None:
        targets = (Target(words[0], words) for words in ways)
        found = (
            Way(target, located) for target in targets if (located := self.view.only_shown(target, seen))
        )
        return next(found, None)

    def _is_closed(self, seen: list[Seen]) -> bool:
        place = self.data.registration
        return any(
            reading.says(item.root, *place.closed) and not reading.says(item.root, *self.data.hall[:1])
            for item in seen
        )

    def _shown(self, seen: list[Seen]) -> Shown | None:
        pages = ((item, registration.read(item.root, self.data, ENOUGH_LABELS)) for item in seen)
        return next((Shown(item, page) for item, page in pages if page), None)

    def _at_rest(self) -> Shown:
        """The page once it has stood still for a while, so that what comes by script is there too."""
        earlier: list[tuple[float, Registration]] = []

        def still(seen: list[Seen]) -> Shown | None:
            shown = self._shown(seen)
            if shown is None or (earlier and earlier[-1][1].read != shown.page.read):
                earlier.clear()
            if shown is None:
                return None
            earlier.append((time.monotonic(), shown.page))
            return shown if earlier[-1][0] - earlier[0][0] > TIME_TO_REST else None

        return self.view.wait(still, PAGE, PAGE)

    # -- 提交 --------------------------------------------------------------------------------------------------------------

    def submit(self, remark: str) -> EntryRefused | None:
        """On the open page: write 核对备注, tick 我确认, see that both stand there, and press 提交 once.

        Args:
            remark: What to write; nothing is written where it is empty.

        Returns:
            What 注册系统 said against it, or None.

        Raises:
            SiteChanged: The field, the box or the button is not there; nothing was sent.
        """
        shown = self._at_rest()
        if remark:
            self.view.fill(self._field(shown, shown.page.remark_field, "核对备注"), remark)
        self.view.tick(self._field(shown, shown.page.box, self.data.registration.agree[0]), True)
        ready = self._at_rest()
        if key(ready.page.remark) != key(remark) or not (ready.page.box and ready.page.box.checked):
            raise SiteChanged(PAGE, "填好的核对备注和已勾选的“我确认”", ())
        return self._press(ready, remark)

    def _field(self, shown: Shown, node: Node | None, name: str) -> ElementHandle:
        where = field_at(shown.seen.frame, node.box) if node else None
        if where is None:
            raise SiteChanged(PAGE, name, ())
        return where

    def _press(self, shown: Shown, remark: str) -> EntryRefused | None:
        place = self.data.registration
        target = Target(place.submit[0], place.submit, "button")
        button = self.view.shown(target, [shown.seen], PAGE)
        if button is None:
            raise SiteChanged(PAGE, target.name, ())
        sender = Sender(self.view, self.data.heard, PAGE, place.question, remark, place.done)
        refused = sender.press(button, target)
        return EntryRefused(refused.message, REMEDY) if refused else None
