"""成教学生服务平台 (chaoxing): the hall and the personal data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import TypeVar

from agent.browser.locators import Clickable, Target
from agent.browser.site_browser import Match, SiteBrowser
from agent.browser.stability import (
    TIME_TO_LEAVE,
    TIME_TO_REST,
    TIME_TO_UNCOVER,
    Settling,
    StabilityTimer,
    wait_stable,
)
from agent.errors import Covered, SiteChanged
from agent.snapshot import fields, tree
from agent.snapshot.fields import Field
from agent.snapshot.frame import FrameSnapshot, all_texts
from agent.snapshot.page_steps import NEXT, PageSteps
from agent.snapshot.tree import Node, key
from flows.profiles.schema import Profile
from flows.profiles.site_words import ChaoxingSite, PageWords, Words, all_words
from flows.sites.chaoxing.entries.groups import titles_in_columns, titles_in_rows
from flows.sites.login import Login
from flows.sites.navigation.navigator import Navigator, Route
from flows.sites.navigation.walk import Further, Walk, no_further
from flows.sites.site_messages import says_success
from flows.sites.submission import words_of

T = TypeVar("T")
PERSONAL = "个人信息"
ENOUGH_LABELS, ALL_LABELS = 4, 13
"""With this many filled fields it is the personal page; the notice lists thirteen."""


class Confirmation(Enum):
    """Whether the page of the personal data has been confirmed, as far as it shows."""

    OFFERED = auto()
    DONE = auto()
    NOT_SHOWN = auto()


@dataclass(frozen=True)
class Personal:
    """The personal data: values as shown by the profile's field names, and the page's words."""

    values: dict[str, str]
    confirmation: Confirmation
    words: str


@dataclass
class Chaoxing:
    """The signed-in platform.

    Args:
        browser: Its windows.
        data: Its words.
        login: The way in.
        profile: The notice, for the meaning of what is read.
    """

    browser: SiteBrowser
    data: ChaoxingSite
    login: Login
    profile: Profile
    home: str = ""
    _at_start: bool = True
    """True until a page has been walked to: whoever has signed in stands at the site's start."""
    _hall_leaves: bool = True
    """False once the hall's menu word has left a page as it was: it only unfolds, or marks what is open."""

    _leads_on: bool = True
    """False once a walk from amid the site had to begin anew: a heading or breadcrumb there has a menu word's words."""

    # -- getting about -----------------------------------------------------------------------------------------------------

    def who(self, expected: str | None) -> str | None:
        """Return the name that the platform shows as signed in, or None when it shows none that can be told."""
        return self.login.wait_who(expected)

    def open(
        self,
        words: PageWords,
        name: str,
        landmark: Callable[[list[FrameSnapshot]], T | None],
        seconds: float | None = None,
        further: Further = no_further,
    ) -> T:
        """Walk to a page by its menu words and return its landmark, never one that was there before.

        Args:
            words: The page's words.
            name: What it is called in messages.
            landmark: Returns what it is recognised by.
            seconds: How long each menu word is waited for; the site's patience when left out.
            further: What leads on where no menu word shows.

        Raises:
            SiteChanged: No menu word leads on and the landmark does not show, each within ``seconds``, and nobody leads there.
            PersonSkipped: The person leaves the page out.
        """
        self.browser.close_extra_windows()
        route = replace(self._route(words, name, landmark), further=further)
        return self._navigator.go(route, seconds, self._leave(route))

    @property
    def _navigator(self) -> Navigator:
        return Navigator(self.browser, self.login)

    def _route(
        self, words: PageWords, name: str, landmark: Callable[[list[FrameSnapshot]], T | None]
    ) -> Route[T]:
        data = self.data
        places = {
            "conditions": data.conditions,
            "upload": data.upload,
            "personal": data.personal,
            "grades": data.grades,
            "register_form": data.register_form,
        }
        via, beyond = ([(word,) for word in some] for some in (words.via, words.beyond))
        return Route(
            page=name,
            ways=[words.words, *via, data.hall, *beyond],
            landmark=landmark,
            place=next(known for known, other in places.items() if other is words),
            where=f"{data.hall[0]} → {words.words[0]}",
            elsewhere=[other.words for other in places.values() if other is not words],
            anew=self._begin_anew,
        )

    def _begin_anew(self) -> None:
        self._leads_on = False
        self.browser.goto(self.home)

    def _leave(self, route: Route[T]) -> list[Words] | None:
        """Get away from a page that already shows the landmark, or that shows no way on at all.

        Returns:
            The menu words pressed for it from the start; None where the page is not left and lies amid the site.
        """
        hall = Target.of(*self.data.hall)
        snapshots = self.browser.snapshot()
        here = route.landmark(snapshots) is not None
        at_start, self._at_start = self._at_start, False
        leads_on = at_start or self._leads_on
        if not here and leads_on and self._navigator.walk(route).next_way(snapshots):
            return [] if at_start else None
        if here and self._hall_leaves and self._to_hall(hall, snapshots):
            self._hall_leaves = self._gone(route.landmark)
            if self._hall_leaves:
                return [hall.words]
        self.browser.goto(self.home)
        self.browser.wait(lambda now: route.landmark(now) is None or None, "首页", hall.name)
        return []

    def _to_hall(self, hall: Target, snapshots: Sequence[FrameSnapshot]) -> bool:
        """Press the hall's menu word; False where there is none or a layer lies over it."""
        clickable = self.browser.match_or_none(hall, snapshots)
        try:
            self.browser.click(clickable, hall, hall.name, TIME_TO_UNCOVER) if clickable else None
        except Covered:
            return False
        return clickable is not None

    def _gone(self, landmark: Callable[[list[FrameSnapshot]], object | None]) -> bool:
        """True when the landmark leaves soon; a menu that only unfolds does not take it away."""
        timer = StabilityTimer()

        def left(snapshots: list[FrameSnapshot]) -> bool | None:
            if landmark(snapshots) is None:
                return True
            rests = self.browser.has_rested(timer.seconds(all_texts(snapshots)), TIME_TO_REST)
            return False if rests and self.browser.is_quiet(snapshots) else None

        try:
            return self.browser.wait(left, "首页", "学生服务", TIME_TO_LEAVE)
        except SiteChanged:
            return False

    # -- 信息变更 → 查看/编辑 ------------------------------------------------------------------------------------------------

    def read_personal(self, seconds: float | None = None) -> Personal:
        """Open the personal data and read the student's own fields and whether they are confirmed."""
        self.open(self.data.personal, PERSONAL, self._personal_frame, seconds)
        snapshot = self._personal_at_rest()
        if len(self._own_values(snapshot.root)) < ALL_LABELS:  # what is missing may come further down
            self.browser.scrolling.scroll_through(snapshot.frame)
            snapshot = self._personal_at_rest()
        return Personal(self._own_values(snapshot.root), self._confirmation(snapshot), words_of(snapshot))

    def _confirmation(self, snapshot: FrameSnapshot) -> Confirmation:
        sent = self.data.personal.confirmation
        if self.browser.is_shown(Target.of(*sent.words, kind="button"), [snapshot]):
            return Confirmation.OFFERED
        return Confirmation.DONE if says_confirmed(snapshot.root, sent.done) else Confirmation.NOT_SHOWN

    def confirmation_button(self) -> tuple[Clickable, Target]:
        """Return the one button on the open personal data by which they are confirmed.

        Raises:
            SiteChanged: There is none, or more than one.
        """
        words = self.data.personal.confirmation.words
        target = Target.of(*words, kind="button")
        snapshot = self.browser.wait(self._personal_frame, PERSONAL, PERSONAL)
        return self.browser.only_match(target, snapshot, PERSONAL), target

    def shows_own_data(self, snapshot: FrameSnapshot) -> bool:
        """True for a frame in which the student's own data stand."""
        return self._personal_frame([snapshot]) is not None

    def _personal_at_rest(self) -> FrameSnapshot:
        """The page once its fields stand still: at once when all are there, else after a while."""

        def look(snapshots: list[FrameSnapshot]) -> Settling[FrameSnapshot] | None:
            snapshot = self._personal_frame(snapshots)
            if snapshot is None:
                return None
            read, confirmed = self._own_values(snapshot.root), self._confirmation(snapshot)
            is_whole = len(read) >= ALL_LABELS and confirmed is not Confirmation.NOT_SHOWN
            return Settling(snapshot, (read, confirmed), is_whole)

        return wait_stable(self.browser, look, PERSONAL, PERSONAL)

    def _own_values(self, root: Node) -> dict[str, str]:
        """The student's own data by the profile's names; without those that are not there."""
        found = self._own_fields(root)
        named = fields.values_by_name(found, self.data.labels)
        return {name: field.value for name, field in named.items() if field.value}

    def _own_fields(self, root: Node) -> list[Field]:
        """The student's own fields: those before the parts about other people and times."""
        order = {id(leaf): place for place, leaf in enumerate(root.leaves)}
        others = others_begin(root, self.data.personal.until)
        end = order[id(others)] if others else len(order)
        found = fields.fields(root, all_words(self.data.labels))
        return [field for field in found if order[id(field.anchor)] < end]

    def _personal_frame(self, snapshots: list[FrameSnapshot]) -> FrameSnapshot | None:
        def is_it(snapshot: FrameSnapshot) -> bool:
            return (
                len({field.label for field in self._own_fields(snapshot.root) if field.value})
                >= ENOUGH_LABELS
            )

        return next((item for item in snapshots if is_it(item)), None)


def others_begin(root: Node, headings: Sequence[str]) -> Node | None:
    """Return where the parts about other people and times begin: the first heading of one; None where there is none.

    Titles of a directory, as of tabs or steps, say what there is besides, and head nothing.
    """
    known = set(map(key, headings))
    leaves = [line.leaves[0] for line in tree.lines(root) if key(line.text) in known]
    listed = (*titles_in_rows(leaves), *titles_in_columns(root, leaves))
    return next((leaf for leaf in leaves if leaf not in listed), None)


def says_confirmed(root: Node, done: Words) -> bool:
    """True where a line says that the data are confirmed, and neither what follows it nor what the student declares by it."""
    return any(says_success(line.text, done) for line in tree.lines(root))


@dataclass
class PlatformPage:
    """Base of the platform's pages, which are opened from the signed-in platform."""

    platform: Chaoxing
    _steps: PageSteps = field(default_factory=PageSteps, init=False)

    @property
    def _view(self) -> SiteBrowser:
        return self.platform.browser

    def _title_of(self, snapshot: FrameSnapshot, title: Node, walk: Walk, page: str) -> Match | None:
        """The title of a part of the page, to be pressed once."""
        target = Target.of(tree.squash(title.words))
        tried = target.words in walk.tried
        return None if tried else self._view.match_at(snapshot, title, target, page)

    def _next_step(self, snapshot: FrameSnapshot, title: Node, walk: Walk, page: str) -> Match | None:
        """下一步 of a step on the way to the one with this title."""
        button = self._steps.onward(snapshot.root, title, walk.tried.count(NEXT), is_fresh=not walk.amid)
        target = Target.of(*NEXT, kind="button")
        return self._view.match_at(snapshot, button, target, page) if button else None
