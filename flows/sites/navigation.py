"""The walk to a page of a site: by its menu words until the page's landmark shows, else led by the person at the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from agent.asks import TAKE_OVER
from agent.browser.handover import Handover, Wanted
from agent.browser.locators import Clickable, Target, may_show, word_pattern
from agent.browser.site_browser import Match, SiteBrowser
from agent.browser.stability import (
    TIME_AT_REST,
    TIME_FOR_TILES,
    TIME_TO_LEAD_ON,
    TIME_TO_UNCOVER,
    StabilityTimer,
)
from agent.errors import Covered, SiteChanged, SiteUnavailable
from agent.snapshot.cards import card_buttons
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Box, Node
from flows.profiles.learned import LearnedWords
from flows.profiles.site_words import Words
from flows.sites.folds import folded_menu, pointed_out
from flows.sites.login import Login
from flows.sites.login_outcomes import GateReader, LoginOutcome

T = TypeVar("T")

MENU_OPENERS = (
    *(
        "菜单",
        "功能菜单",
        "导航菜单",
        "导航",
        "全部功能",
        "全部服务",
        "全部应用",
        "更多服务",
        "更多应用",
        "更多功能",
    ),
    *("展开菜单", "Menu", "☰", "≡", "⋯"),
)
"""What brings up a site's menu where it is put away."""
FURTHER_OPENERS = ("应用中心", "查看全部", "查看更多", "全部", "更多")
"""What may bring up the rest of it where nothing else leads on."""
PERSONAL = ("个人中心", "个人空间", "个人主页", "我的空间", "我的主页", "用户中心", "学生中心", "学员中心")
"""One's own pages at a site, where no word of the way shows."""
LAYER_CLOSERS = (
    "关闭",
    "Close",
    "close",
    "跳过",
    "跳过引导",
    "暂不",
    "以后再说",
    "稍后再说",
    "结束导览",
    "仅必要",
)
"""What closes a layer over a menu and agrees to nothing: a tour through the site, an offer, a question about cookies."""
ACKNOWLEDGEMENTS = (
    "我知道了",
    "知道了",
    "我已知晓",
    "已知晓",
    "我已知悉",
    "已知悉",
    "我已阅读",
    "已阅读",
    "已读",
    "好的",
    "继续使用",
    "继续操作",
    "下一步",
)
"""What closes a reminder or a question whether somebody is still there; where the layer asks to agree, it is the person's."""
AGREEMENTS = (
    "同意",
    "承诺",
    "协议",
    "授权",
    "声明",
    "条款",
    "确认无误",
    "提交后",
    "确认提交",
    "确定提交",
    "是否提交",
    "请提交",
)
"""Words of a layer that is to be read and answered by the person; until when something is to be submitted is a reminder."""

LONE_ANSWERS = ("确定", "确认", "OK")
"""The only thing to press of a layer that tells something and asks nothing."""
QUESTIONS = (
    "是否",
    "吗",
    "？",
    "?",
    "删除",
    "退出",
    "注销",
    "失效",
    "重新登录",
    "支付",
    "缴费",
    "绑定",
    "修改",
)
"""Words of a layer that asks, or after which something would happen: it is the person's."""

MOST_UNDER = 80
"""How far below its heading the first entry of a menu begins, and how far it is moved in, at most (CSS pixels)."""
MOST_FOLDS = 6
"""Folded menus that a walk opens to look for its words, at most."""
MOST_PRESSES = 16
"""Presses after which a walk ends that does not arrive."""


@dataclass
class Walk:
    """How far the way to one page has been gone. A menu stays where it is while a script fetches what was chosen from it.

    Args:
        browser: The site's windows.
        ways: The words that lead to the page, the nearest to it first.
        late: Words pressed only while nothing nearer was pressed, and none has come for ``TIME_FOR_TILES``.
        learned: Words that a person was seen to press on this way, the nearest to the page first.
        tried: Those that were pressed; one that is not among the others counts as the nearest.
        amid: True while it has not been at the site's start.
        never: Words that no heading of a folded menu may hold.
        known: What was pressed when the page was reached before in this run, in that order.
    """

    browser: SiteBrowser
    ways: Sequence[Words]
    late: Sequence[Words] = ()
    learned: Sequence[Words] = ()
    tried: list[Words] = field(default_factory=list)
    amid: bool = False
    never: Sequence[str] = ()
    known: Sequence[Words] = ()
    _opened: list[str] = field(default_factory=list)
    _hidden: list[str] = field(default_factory=list)
    """Other words of what was pressed, which did not stand there then."""
    _fold: Match | None = None
    _entry: Match | None = None
    _headed: list[Words] = field(default_factory=list)
    """Words whose card or layer was entered."""
    _timer: StabilityTimer = field(default_factory=StabilityTimer)
    _passed: set[Words] = field(default_factory=set)
    """Words of the way that stood there when another was pressed."""
    _stood: list[Box] = field(default_factory=list)
    """Where the words pressed last stood then."""
    _left: tuple[list[str], int] | None = None
    """Where the last press was made: the windows' addresses, and how many pages had come by then."""
    _repeated: bool = False
    _pointed: bool = False
    """Whether the icons of this page were pointed at."""

    def follow(self, match: Match, page: str, seconds: float | None = None) -> None:
        """Press what leads on; arguments and errors as in ``SiteBrowser.click``."""
        words, is_fold = match.target.words, match is self._fold
        hidden = [] if is_fold else self._left_behind(words)
        self._left = (self.browser.addresses, self.browser.network.arrivals)
        self.browser.click_match(match, page, seconds)
        if is_fold:
            self._opened.append(match.target.name)
            self._timer.reset()
        else:
            self._hidden = [word for word in self._hidden if (word,) != words] + hidden
            self._headed += [words] if match is self._entry else []
            self.pressed(words)

    def _left_behind(self, words: Words) -> list[str]:
        """Note what stands there beside what is pressed; return those of several words for one thing that do not."""
        looked = self.browser.snapshot()

        def shown(*names: str) -> bool:
            return any(may_show(item, Target.of(*names)) for item in looked)

        self._passed.update(other for other in self.ways if other != words and shown(*other))
        self._stood = [leaf.box for item in looked for leaf in _leaves(item, words)]
        return [word for word in words if len(words) > 1 and not shown(word)]

    def pressed(self, words: Words) -> None:
        """Remember what has been pressed: where it leads may show only after a while."""
        self.tried.append(words)
        self._timer.reset()
        self._pointed = False

    def start_anew(self) -> None:
        """Forget what has been pressed, since the site was opened anew."""
        self.tried.clear()
        self._opened.clear()
        self._hidden.clear()
        self._headed.clear()
        self._passed.clear()
        self.amid = False
        self._timer.reset()

    def turn_back(self) -> None:
        """Begin anew without what was pressed last, which has led nowhere."""
        last = self.tried[-1]
        self.ways = [words for words in self.ways if words != last]
        self.start_anew()

    def next_way(self, snapshots: Sequence[FrameSnapshot]) -> Match | None:
        """Return the nearest word not tried yet that lies ahead; any, once the last one has led nowhere for a while.

        What was pressed next when the page was reached before need not wait for that.
        """
        waited = self._timer.seconds("nowhere")
        if waited > TIME_AT_REST and (match := self._known_way(snapshots)):
            return match
        nowhere = self._leads_nowhere(waited) and not self.browser.network.is_answering()
        match = (self._led_to(snapshots) or self._entered(self.tried[-1:], snapshots)) if nowhere else None
        if match is None and self.is_lost(snapshots):
            return None  # the start shows every way; another word amid the site may lead anywhere
        match = match or self._way(self.ways if nowhere else self._ahead, snapshots)
        if match is None and waited > TIME_FOR_TILES:
            match = self._way([*self._late_ahead, *self._learned_ahead(nowhere)], snapshots)
        if match is None and nowhere:
            untried = [words for words in self.ways if words not in self.tried]
            match = self._once_more(snapshots) or self._entered(untried, snapshots)
        if match is None and nowhere and self.browser.is_quiet(snapshots):
            match = self._put_away(snapshots)
        return match

    def _put_away(self, snapshots: Sequence[FrameSnapshot]) -> Match | None:
        """What a person looks into where no word of the way shows: folded menus, icons that say what they are, one's own pages."""
        untried = [words for words in self.ways if words not in self.tried]
        if not untried:
            return None
        self._fold = self._unfolding(untried, MENU_OPENERS, snapshots)
        if self._fold or self.is_dead_end(snapshots):
            return self._fold
        own = (PERSONAL, (self.browser.name,))  # a portal calls a site by its name
        if match := self._explained(untried, snapshots) or self._way(own, snapshots):
            return match
        self._fold = self._unfolding([PERSONAL], FURTHER_OPENERS, snapshots)
        return self._fold

    def _unfolding(
        self, ways: Sequence[Words], openers: Words, snapshots: Sequence[FrameSnapshot]
    ) -> Match | None:
        """The heading of a folded menu that may hold a word of the ways, or what brings up a menu."""
        if len(self._opened) >= MOST_FOLDS:
            return None
        wanted = [word for words in ways if words not in self.tried for word in words]
        fold = folded_menu(snapshots, wanted, self._opened, self.never) if wanted else None
        untried = (Target.of(word, kind="button") for word in openers if word not in self._opened)
        return fold or self.browser.first_match(untried, snapshots)

    def _explained(self, ways: Sequence[Words], snapshots: Sequence[FrameSnapshot]) -> Match | None:
        """What icons say that are pointed at, once on each page."""
        if self._pointed:
            return None
        self._pointed = True
        return pointed_out(self.browser, snapshots, [Target.of(*words) for words in ways])

    def _known_way(self, snapshots: Sequence[FrameSnapshot]) -> Match | None:
        """What followed the last word when the page was reached before, on a page at rest."""
        last = self.tried[-1] if self.tried else None
        if last not in self.known or not self.browser.is_quiet(snapshots):
            return None
        after = self.known.index(last) + 1
        return self._way(self.known[after : after + 1], snapshots)

    def _once_more(self, snapshots: Sequence[FrameSnapshot]) -> Match | None:
        """What was pressed last, where that led back to the same page: a site may sign the student in on the way."""
        if self._repeated or self._left is None or not self.tried:
            return None
        addresses, arrivals = self._left
        if self.browser.network.arrivals == arrivals or self.browser.addresses != addresses:
            return None
        self._repeated = True
        return self._way([self.tried.pop()], snapshots)

    def _led_to(self, snapshots: Sequence[FrameSnapshot]) -> Match | None:
        """What has come of a press for the same page: 成绩 may unfold 我的成绩, or 成绩 right below it."""
        match = self.browser.first_match(map(Target.of, self._hidden), snapshots)
        return match or self._unfolded(snapshots)

    def _unfolded(self, snapshots: Sequence[FrameSnapshot]) -> Match | None:
        words = self.tried[-1] if self.tried else ()
        come = [
            (item, leaf)
            for item in snapshots
            for leaf in _leaves(item, words)
            if leaf.box not in self._stood and any(_is_below(leaf.box, head) for head in self._stood)
        ]
        if len(come) != 1:
            return None
        return self.browser.match_at(*come[0], Target.of(*words), words[0])

    def _entered(self, ways: Sequence[Words], snapshots: Sequence[FrameSnapshot]) -> Match | None:
        """What enters the card or layer that one of the words heads, where pressing them does not; each once."""
        for words in (words for words in ways if words not in self._headed):
            target = Target.of(*words)
            doors = [
                (item, door) for item in snapshots for door in card_buttons(item.root, word_pattern(*words))
            ]
            if len(doors) == 1:
                snapshot, door = doors[0]
                enters = Target(target.name, (door.text,), "button")
                match = self.browser.match_at(snapshot, door.leaves[0], enters, target.name)
                self._entry = match and replace(match, target=target)
                return self._entry
        return None

    def is_lost(self, snapshots: Sequence[FrameSnapshot]) -> bool:
        """True once what was pressed amid the site has led nowhere and nothing is on its way any more."""
        return self.amid and self.has_led_nowhere(snapshots)

    def is_dead_end(self, snapshots: Sequence[FrameSnapshot]) -> bool:
        """True once what was pressed has led nowhere, where another word of the way was passed by before."""
        passed = any(words not in self.tried for words in self._passed)
        is_own = bool(self.tried) and self.tried[-1] in self.ways
        return passed and is_own and self.has_led_nowhere(snapshots)

    def has_led_nowhere(self, snapshots: Sequence[FrameSnapshot]) -> bool:
        """True once nothing has come of the last press for a while, and nothing is on its way any more."""
        return self._leads_nowhere(self._timer.seconds("nowhere")) and self.browser.is_quiet(snapshots)

    def _leads_nowhere(self, waited: float) -> bool:
        """True once nothing has come of what was pressed for long enough, where the page may still do something."""
        return self.browser.has_rested(waited, TIME_TO_LEAD_ON)

    def leads_on(self, snapshots: Sequence[FrameSnapshot]) -> bool:
        """True while the page shows a word that was not tried yet, ahead or behind."""
        return self._way([*self.ways, *self.learned], snapshots) is not None

    def trail(self) -> tuple[Words, ...]:
        """Return the way's own words that were pressed; an arrow or a record's entry is chosen anew each time."""
        own = (*self.ways, *self.late, *self.learned)
        return tuple(words for words in self.tried if words in own)

    def used(self) -> list[Words]:
        """Return the learned words that were pressed."""
        return [words for words in self.tried if words in self.learned]

    @property
    def _ahead(self) -> Sequence[Words]:
        last = self.tried[-1] if self.tried else None
        if last is None or last == PERSONAL or last in self.late or last in self.learned:
            return self.ways
        return self.ways[: self.ways.index(last)] if last in self.ways else ()

    @property
    def _late_ahead(self) -> Sequence[Words]:
        return self.late if set(self.tried) <= set(self.late) else ()

    def _learned_ahead(self, nowhere: bool) -> Sequence[Words]:
        last = self.tried[-1] if self.tried else None
        if nowhere or last is None or last in self.late:
            return self.learned
        return self.learned[: self.learned.index(last)] if last in self.learned else ()

    def _way(self, ways: Sequence[Words], snapshots: Sequence[FrameSnapshot]) -> Match | None:
        return self.browser.first_match(
            (Target.of(*words) for words in ways if words not in self.tried), snapshots
        )


def _leaves(snapshot: FrameSnapshot, words: Words) -> list[Node]:
    pattern = word_pattern(*words)
    return [leaf for leaf in snapshot.root.leaves if pattern.match(leaf.words.strip())]


def _is_below(entry: Box, head: Box) -> bool:
    """True for the first entry of what a heading has unfolded: right below it, no farther left."""
    return 0 < entry.y - head.y < MOST_UNDER and 0 <= entry.x - head.x < MOST_UNDER


Further = Callable[[list[FrameSnapshot], Walk], Match | None]
"""A page's own way on, where no word of the way shows."""


def no_further(snapshots: list[FrameSnapshot], walk: Walk) -> Match | None:
    """Return None: there is no way on but the words."""
    return None


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
