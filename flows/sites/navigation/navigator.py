"""The walk to a page of a site: by its menu words until the page's landmark shows, else led by the person at the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from agent.asks import TAKE_OVER
from agent.browser.handover import Handover, Wanted
from agent.browser.locators import Clickable, Target
from agent.browser.site_browser import Match, SiteBrowser
from agent.browser.stability import (
    TIME_TO_UNCOVER,
)
from agent.errors import Covered, SiteChanged, SiteUnavailable
from agent.snapshot.frame import FrameSnapshot
from flows.profiles.learned import LearnedWords
from flows.profiles.site_words import Words
from flows.sites.login import Login
from flows.sites.login_outcomes import GateReader, LoginOutcome
from flows.sites.navigation.walk import Further, Walk, no_further
from flows.sites.navigation.words import ACKNOWLEDGEMENTS, AGREEMENTS, LAYER_CLOSERS, LONE_ANSWERS, QUESTIONS

T = TypeVar("T")

MOST_PRESSES = 16
"""Presses after which a walk ends that does not arrive."""


@dataclass(frozen=True)
class Route(Generic[T]):
    """The way to one page, as a profile and a notice tell it.

    Args:
        page: The page's name, for messages.
        ways: The words that lead to it, the nearest first.
        landmark: Returns what the page is recognised by, None on any other.
        place: The key of the page's table in the profile, e.g. ``conditions``.
        where: How the notice names the way, e.g. 学生服务 → 毕业条件.
        own: The page's own menu word, which a near miss may stand for; the nearest when left out.
        target: What is waited for, for messages; the own word when left out.
        elsewhere: Words that lead to other pages, and are not meant when this page's own are missing.
        late: Words pressed only after nothing nearer has come for ``TIME_FOR_TILES``.
        newest_window: Only what the window opened last shows counts.
        anew: Opens the site's start where something lies over a menu word, or where words pressed amid the site have led
            nowhere; None where that ends the walk.
        detour: What leads on from a page that has the landmark, to be looked at before it counts.
        further: A site's own way on where no word of ``ways`` shows.
        dead_end: Raises what the page says instead of leading on; True while the page is not to be left yet.
    """

    page: str
    ways: Sequence[Words]
    landmark: Callable[[list[FrameSnapshot]], T | None]
    place: str
    where: str
    own: Words = ()
    target: str = ""
    elsewhere: Sequence[Words] = ()
    late: Sequence[Words] = ()
    newest_window: bool = False
    anew: Callable[[], None] | None = None
    detour: Further = no_further
    further: Further = no_further
    dead_end: Callable[[list[FrameSnapshot], Walk], bool] = lambda seen, walk: False

    @property
    def missing(self) -> Target:
        """The page's own menu word."""
        words = self.own or self.ways[0]
        return Target.of(*words)


@dataclass(frozen=True)
class WalkStop(Generic[T]):
    """Where a walk stands: before something to press, before what only the person may pass, lost, or at its landmark."""

    way: Match | None = None
    landmark: T | None = None
    is_lost: bool = False
    gate: LoginOutcome | None = None


@dataclass(frozen=True)
class Navigator:
    """Walks to the pages of one site.

    Args:
        browser: The site's windows.
        login: The way in: deals with what stands before a page, asks the person where no word leads on, and knows what
            persons were seen to press on earlier runs.
    """

    browser: SiteBrowser
    login: Login

    @property
    def handover(self) -> Handover:
        """Who leads where no word does."""
        return self.login.handover

    @property
    def learned(self) -> LearnedWords:
        """What persons were seen to press."""
        return self.login.learned

    def walk(self, route: Route[T], pressed: Sequence[Words] | None = ()) -> Walk:
        """Return the walk along a route before its first step."""
        words = self.learned.ways(self.browser.site, route.place)
        tried, amid = list(pressed or ()), pressed is None
        known = self.browser.trails.get(route.place, ())
        return Walk(
            self.browser, list(route.ways), route.late, words, tried, amid, self.handover.never, known
        )

    def go(self, route: Route[T], seconds: float | None = None, pressed: Sequence[Words] | None = ()) -> T:
        """Walk to a page and return its landmark.

        Args:
            route: The way to it.
            seconds: How long each step is waited for; the site's patience when left out, and then the person may lead.
            pressed: Words that were pressed on the way before, from the site's start; None where the walk begins amid it.

        Raises:
            SiteChanged: No word leads on and the landmark does not show, and nobody leads there.
            PersonSkipped: The person leaves the page out.
        """
        self.browser.open_page = ""
        found = self._walked_or_led(route, self.walk(route, pressed), seconds)
        self.browser.open_page = route.page
        return found

    def _walked_or_led(self, route: Route[T], walk: Walk, seconds: float | None) -> T:
        try:
            found = self._arrive(route, walk, seconds)
        except SiteChanged:
            self.browser.trails.pop(route.place, None)
            led = self._led(route) if seconds is None else None
            if led is None:
                raise
            return led
        if trail := walk.trail():
            self.browser.trails[route.place] = trail
        if walk.used():
            self.learned.note_use(self.browser.site, route.place)
        return found

    def _arrive(self, route: Route[T], walk: Walk, seconds: float | None) -> T:
        anew = route.anew
        for _ in range(MOST_PRESSES):
            stop = self._stop(route, walk, seconds)
            if stop.gate:
                self.login.pass_gate(stop.gate)
                walk.start_anew()
                continue
            if stop.is_lost and route.anew:
                walk.start_anew() if walk.amid else walk.turn_back()
                route.anew()  # a heading or a breadcrumb was pressed for a menu word: the menu is where the site begins
                continue
            if stop.way is None:
                return _found(stop)
            try:
                walk.follow(stop.way, route.page, TIME_TO_UNCOVER if anew else None)
            except (Covered, SiteUnavailable) as trouble:
                if isinstance(trouble, Covered) and self._close_layer(stop.way.clickable):
                    continue
                if anew is None:
                    raise
                walk.start_anew()
                anew()  # a layer lies over the menu, or the page changed under the click
                anew = None
        target = route.target or route.missing.name
        raise SiteChanged(route.page, target, tuple(words[0] for words in walk.tried))

    def _close_layer(self, covered: Clickable) -> bool:
        """Close what lies over a thing on the way, where that agrees to nothing."""
        return (
            self.browser.close_layer(covered, LAYER_CLOSERS)
            or self.browser.close_layer(covered, ACKNOWLEDGEMENTS, AGREEMENTS)
            or self.browser.close_layer(covered, LONE_ANSWERS, (*AGREEMENTS, *QUESTIONS), alone=True)
            or self.browser.close_layer(covered, (), (*AGREEMENTS, *QUESTIONS))
        )

    def _stop(self, route: Route[T], walk: Walk, seconds: float | None) -> WalkStop[T]:
        """Wait for the next step; where none shows, ask the person about a menu word that is almost the page's.

        A page that is not the site's own, before anything was pressed, is the person's; who is there is asked to lead on it.
        """
        target = route.target or route.missing.name
        gate = GateReader(self.login.data.login)
        try:
            return self.browser.wait(
                lambda snapshots: self._next(route, walk, snapshots, gate), route.page, target, seconds
            )
        except SiteChanged:
            missing = route.missing
            others = [words for words in route.ways if words != missing.words]
            known = [word for words in (*walk.tried, *route.elsewhere, *others) for word in words]
            asked = missing.words not in walk.tried
            match = self.handover.propose(missing, route.page, known) if asked else None
            if match:
                return WalkStop(match)
            first = not walk.tried and seconds is None
            nobody = not self.login.asks.expects(f"{TAKE_OVER}{self.browser.site}")
            unforeseen = gate.unforeseen(self.browser.snapshot()) if first and nobody else None
            if unforeseen is None:
                raise
            return WalkStop(gate=unforeseen)

    def _next(
        self, route: Route[T], walk: Walk, snapshots: list[FrameSnapshot], gate: GateReader
    ) -> WalkStop[T] | None:
        """The landmark where it shows; else what is to be pressed next; None while neither is there."""
        snapshots = self._counting(route, snapshots)
        if match := route.detour(snapshots, walk):
            return WalkStop(match)
        landmark = route.landmark(snapshots)
        if landmark is not None:
            return WalkStop(landmark=landmark)
        if route.dead_end(snapshots, walk):
            return None
        if asks := gate.read(
            snapshots, self.browser.is_quiet(snapshots), lambda: _leads_on(route, walk, snapshots)
        ):
            return WalkStop(gate=asks)
        match = walk.next_way(snapshots) or route.further(snapshots, walk)
        if match is None and route.anew and (walk.is_lost(snapshots) or walk.is_dead_end(snapshots)):
            return WalkStop(is_lost=True)
        return WalkStop(match) if match else None

    def _counting(self, route: Route[T], snapshots: list[FrameSnapshot]) -> list[FrameSnapshot]:
        if not route.newest_window:
            return snapshots
        newest = self.browser.context.pages[-1]
        return [snapshot for snapshot in snapshots if snapshot.frame.page is newest]

    def _wanted(self, route: Route[T]) -> Wanted:
        """What the person is to lead to; a page that is not the site's own is told in its own words, without personal data."""
        wanted = Wanted(route.page, route.where)
        unforeseen = GateReader(self.login.data.login).unforeseen(self.browser.snapshot())
        if unforeseen is None:
            return wanted
        said = self.learned.redacted(f"{self.browser.title_shown()}：{unforeseen.said}".lstrip("："))
        told = (
            f"请在打开的浏览器窗口里看清、处理好{self.browser.name}显示的页面，再点到「{route.page}」，"
            "那一页一出来程序就自己继续"
        )
        details = (f"窗口里显示的是：“{said}”", "程序不认识这个页面", f"通知里写的位置：{route.where}")
        return replace(wanted, told=told, details=details)

    def _led(self, route: Route[T]) -> T | None:
        """Let the person lead, and learn the words by which they did; None where nobody is there or they do not arrive."""
        led = self.handover.take_over(
            self._wanted(route), lambda snapshots: route.landmark(self._counting(route, snapshots))
        )
        if led is None:
            return None
        known = {word for words in (*route.ways, *route.late, *route.elsewhere) for word in words}
        self.learned.learn(
            self.browser.site, route.place, [word for word in led.pressed if word not in known]
        )
        return led.landmark


def _leads_on(route: Route[T], walk: Walk, snapshots: list[FrameSnapshot]) -> bool:
    """True while the page shows a way on: a word not tried yet, or the site's own."""
    return walk.leads_on(snapshots) or route.further(snapshots, walk) is not None


def _found(stop: WalkStop[T]) -> T:
    """The landmark of a stop at the walk's end; raises ``LookupError`` before it."""
    if stop.landmark is None:
        raise LookupError("the walk has not arrived")
    return stop.landmark
