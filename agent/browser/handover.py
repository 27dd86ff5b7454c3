"""Hand-over to the person: a question about a near miss, or the window to lead in where no word leads on.

A search by likeness repairs most renamed controls and picks the wrong one now and then, so it may propose and never decide.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Generic, TypeVar

from playwright.sync_api import Page

from agent.asks import NO, SKIP, TAKE_OVER, YES, Ask, AskKind, AskPicture, AskRouter
from agent.browser.click_recorder import ClickRecorder
from agent.browser.locators import Target
from agent.browser.network.request_tracker import RequestTracker
from agent.browser.site_browser import Match, SiteBrowser
from agent.errors import NobodyThere, PersonSkipped, SessionLost, SiteChanged, SiteUnavailable
from agent.snapshot.fields import contains
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import key

T = TypeVar("T")

ALIKE = 0.6
"""Likeness (0 to 1, twice the shared characters over all) from which something is worth a question."""
CLEARLY = 0.15
"""By so much it must be more alike than anything else that is called otherwise."""
MARGIN = 80
"""CSS pixels shown around it."""


@dataclass(frozen=True)
class Wanted:
    """The page that a person is to lead to.

    Args:
        page: Its name.
        where: How the notice names the way, e.g. 学生服务 → 毕业条件.
        told: What the person is told, where it is not the way that is missing.
        details: Lines to show with it.
        pictures: What is to be looked at.
        has_file: Whether they are to use a file that lies in the case folder.
    """

    page: str
    where: str
    told: str = ""
    details: tuple[str, ...] = ()
    pictures: tuple[AskPicture, ...] = ()
    has_file: bool = False


@dataclass(frozen=True)
class Led(Generic[T]):
    """Where a person has led: what the page was recognised by, and the words of what they pressed, in order."""

    landmark: T
    pressed: tuple[str, ...]


@dataclass(frozen=True)
class Handover:
    """Hand-over at one site: asks about a near miss, or lets the person lead to a page.

    Args:
        browser: The site's windows.
        asks: Where the person is asked.
        never: Words of things that are never proposed, e.g. 删除.
    """

    browser: SiteBrowser
    asks: AskRouter
    never: tuple[str, ...]

    def propose(self, target: Target, page: str, known: Sequence[str] = ()) -> Match | None:
        """Return what the person says is meant by something that is missing.

        Args:
            target: What is missing.
            page: The page's name, for the question.
            known: Words that belong to something else, which is not meant.

        Returns:
            What to press in its stead; None when nothing is near, nobody is there or the person says no.
        """
        snapshots = self.browser.snapshot()
        words = nearest_name(target.words, self._names(snapshots, known))
        match = self.browser.first_match([Target.of(words, kind=target.kind)], snapshots) if words else None
        window = next(
            (snapshot.frame.page for snapshot in snapshots if match and match.target.name in snapshot.names),
            self.browser.page,
        )
        if match is None or not self._is_meant(match, window, target, page):
            return None
        said = f"「{page}」页面没有“{target.name}”，按本人的回答用了“{match.target.name}”"
        self.browser.fallbacks.append(said)
        return match

    def take_over(self, wanted: Wanted, landmark: Callable[[list[FrameSnapshot]], T | None]) -> Led[T] | None:
        """Let the person lead to a page, and press nothing meanwhile.

        Args:
            wanted: The page.
            landmark: Returns what the page is recognised by, None on any other.

        Returns:
            Where they led; None where nobody is there, or the page does not come in the time the ask has.

        Raises:
            PersonSkipped: The person leaves the page out.
        """
        wanted = wanted if wanted.told else self._to_lead(wanted)
        ask = Ask(
            f"{TAKE_OVER}{self.browser.site}",
            AskKind.DONE,
            wanted.told,
            self.browser.site,
            details=wanted.details,
            pictures=wanted.pictures,
            has_file=wanted.has_file,
        )
        if not self.asks.expects(ask.id):
            return None
        try:
            self._stop_if_skipped(self.asks.ask(ask) in (NO, SKIP), wanted)
        except NobodyThere:
            return None
        with self.browser.translated_errors():
            self.browser.context.pages[-1].bring_to_front()
        with self.browser.with_at_least(ask.seconds), self.browser.hands_off():
            return self._watched(ask, wanted, landmark)

    def leave_work(
        self,
        wanted: Wanted,
        tracker: RequestTracker,
        finished: Callable[[list[FrameSnapshot]], bool | None],
    ) -> bool:
        """Let the person do on a page what sends something, and press nothing meanwhile.

        Args:
            wanted: The page, and what they are to do.
            tracker: Of the request by which it leaves.
            finished: True once it is done; None before.

        Returns:
            False where nobody is there, or it is not done in the time the ask has.

        Raises:
            PersonSkipped: The person leaves it out, and nothing has left.
        """
        try:
            with self.browser.dialogs.put_to(self._agrees):
                return self.take_over(wanted, finished) is not None
        except PersonSkipped:
            if not tracker.begun:
                raise
            return True

    def _agrees(self, question: str) -> bool:
        """Whether the person agrees to what the site asks in a native dialog, which nobody can answer in the window."""
        site = self.browser.site
        ask = Ask(f"dialog.{site}", AskKind.YES_NO, f"网站弹出了确认框：“{question}”。要点“确定”吗？", site)
        try:
            return self.asks.ask(ask) == YES
        except NobodyThere:
            return False

    def _to_lead(self, wanted: Wanted) -> Wanted:
        """A page that no word leads to: what is to be done first, and why below it."""
        told = f"请在打开的浏览器窗口里自己点到「{wanted.page}」页面，页面一出来程序就自己继续"
        details = (
            f"通知里写的位置：{wanted.where}",
            f"程序在{self.browser.name}上没有找到去这一页的菜单",
            "只要点菜单，不用填写或提交什么；找不到的话可以跳过，其他的照常办理",
        )
        return replace(wanted, told=told, details=details)

    def _watched(
        self, ask: Ask, wanted: Wanted, landmark: Callable[[list[FrameSnapshot]], T | None]
    ) -> Led[T] | None:
        """Watch until the landmark shows; a page that fails under the person's hands is theirs to leave."""
        deadline = time.monotonic() + ask.seconds
        with ClickRecorder(self.browser.context, self.browser.network.allowed, self.never) as recorder:

            def shown(snapshots: list[FrameSnapshot]) -> T | None:
                recorder.attend()
                if self.asks.skipped(ask):
                    self.browser.check_guards(snapshots)  # signed out meanwhile, it is signed in first
                    self._stop_if_skipped(True, wanted)
                return landmark(snapshots)

            while time.monotonic() < deadline:
                try:
                    return Led(self.browser.wait(shown, wanted.page, wanted.page), tuple(recorder.pressed))
                except SessionLost:
                    raise
                except (SiteChanged, SiteUnavailable):
                    continue
        return None

    def _stop_if_skipped(self, skipped: bool, wanted: Wanted) -> None:
        if skipped:
            raise PersonSkipped(f"本人跳过了「{wanted.page}」页面。")

    def _names(self, snapshots: Sequence[FrameSnapshot], known: Sequence[str]) -> Iterator[str]:
        others = set(map(key, known))
        for name in set().union(*(snapshot.names for snapshot in snapshots)):
            if key(name) not in others and not contains(name, self.never):
                yield name.strip()

    def _is_meant(self, match: Match, window: Page, target: Target, page: str) -> bool:
        text = f"「{page}」页面没有“{target.name}”，最接近的是“{match.target.name}”（见图）。要点的是它吗？"
        site = self.browser.site
        picture = self.browser.screenshot_around(match.clickable, window, MARGIN)
        try:
            return self.asks.ask(Ask(f"near-miss.{site}", AskKind.YES_NO, text, site, image=picture)) == YES
        except NobodyThere:
            return False


def nearest_name(words: Sequence[str], names: Iterator[str]) -> str | None:
    """Return the one name that is clearly the most like one of the words; None when none is, or two are."""
    ranked = sorted(((_likeness(words, name), name) for name in names), reverse=True)
    if not ranked or ranked[0][0] < ALIKE:
        return None
    second = next((likeness for likeness, name in ranked if key(name) != key(ranked[0][1])), 0.0)
    return ranked[0][1] if ranked[0][0] - second >= CLEARLY else None


def _likeness(words: Sequence[str], name: str) -> float:
    return max((SequenceMatcher(None, key(word), key(name), False).ratio() for word in words), default=0.0)
