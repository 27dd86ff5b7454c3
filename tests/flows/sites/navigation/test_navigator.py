"""The menu words on the way to a page: what is pressed next, and what only later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import Mock

import pytest

from agent.browser.locators import Target, word_pattern
from agent.browser.site_browser import Match
from agent.browser.stability import TIME_AT_REST, TIME_FOR_TILES, TIME_TO_LEAD_ON
from agent.errors import SiteChanged
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Box
from flows.sites.navigation.navigator import Navigator, Route, WalkStop
from flows.sites.navigation.walk import Walk
from flows.sites.navigation.words import MENU_OPENERS
from tests.harness.trees import block, text

PAGE, VIA, HALL = ("毕业条件",), ("毕业",), ("学生服务",)


class Menu:
    """A menu that always shows the same words, at a site whose answers may be on their way."""

    def __init__(self, *shown: str) -> None:
        self.shown, self.answering = shown, False
        self.network = SimpleNamespace(is_answering=lambda: self.answering, arrivals=0)
        self.addresses = ["/start"]
        self.name = "成教学生服务平台"

    def first_match(self, targets: Iterable[Target], snapshots: Sequence[object]) -> Match | None:
        """The first of the targets that is shown."""
        found = (Match(target, cast("Any", Mock())) for target in targets if target.name in self.shown)
        return next(found, None)

    def snapshot(self) -> list[FrameSnapshot]:
        """What it shows, each word a thing of its own."""
        return [cast("Any", SimpleNamespace(names=self.shown, root=block(*self.shown)))]

    def is_quiet(self, snapshots: Sequence[object]) -> bool:
        """True while no answer is on its way."""
        return not self.answering

    def has_rested(self, still: float, rest: float) -> bool:
        """True once the whole time has gone by: it is not known what the page may still do."""
        return still > rest

    def click_match(self, match: Match, page: str, seconds: float | None) -> None:
        """Press it: the menu stays."""

    def goes(self, *addresses: str) -> None:
        """New pages come, the last of which stays."""
        self.network.arrivals += len(addresses)
        self.addresses = [addresses[-1]]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("agent.browser.stability.time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def _next(walk: Walk) -> str | None:
    match = walk.next_way([])
    return match.target.name if match else None


def _walk(menu: Menu) -> Walk:
    return Walk(cast("Any", menu), [PAGE, VIA, HALL])


def test_the_nearest_that_is_shown_is_next(clock: list[float]) -> None:
    assert _next(_walk(Menu("学生服务", "毕业条件"))) == "毕业条件"
    assert _next(_walk(Menu("学生服务"))) == "学生服务"
    assert _next(_walk(Menu())) is None


def test_what_lies_ahead_is_next_at_once(clock: list[float]) -> None:
    walk = _walk(Menu("毕业条件", "毕业", "学生服务"))
    walk.pressed(HALL)
    assert _next(walk) == "毕业条件"


@pytest.mark.parametrize("last", [PAGE, ("毕业条件审核",)], ids=["its own", "almost its own"])
def test_what_lies_behind_waits_until_the_last_has_led_nowhere(clock: list[float], last: tuple[str]) -> None:
    """A script fetches the page while the menu stands there with all its words."""
    walk = _walk(Menu("毕业", "学生服务"))
    walk.pressed(last)
    assert _next(walk) is None
    clock[0] = TIME_TO_LEAD_ON - 0.1
    assert _next(walk) is None
    assert walk.leads_on([])
    clock[0] = TIME_TO_LEAD_ON + 0.1
    assert _next(walk) == "毕业"


def test_what_lies_behind_waits_for_an_answer_that_is_on_its_way(clock: list[float]) -> None:
    menu = Menu("学生服务")
    walk = _walk(menu)
    walk.pressed(PAGE)
    assert _next(walk) is None
    clock[0], menu.answering = 10 * TIME_TO_LEAD_ON, True
    assert _next(walk) is None
    menu.answering = False
    assert _next(walk) == "学生服务"


def test_each_is_pressed_once_until_the_site_is_opened_anew(clock: list[float]) -> None:
    walk = _walk(Menu("毕业条件"))
    walk.follow(cast("Any", walk.next_way([])), "毕业条件")
    assert _next(walk) is None
    clock[0] = 2 * TIME_TO_LEAD_ON
    assert _next(walk) is None
    assert not walk.leads_on([])
    walk.start_anew()
    assert _next(walk) == "毕业条件"


def test_what_leads_back_to_where_it_was_pressed_is_pressed_once_more(clock: list[float]) -> None:
    """A site that signs the student in on the way to its own pages shows the same page again."""
    menu = Menu("毕业条件")
    walk = _walk(menu)
    for again in (True, False):
        walk.follow(cast("Any", walk.next_way([])), "毕业条件")
        menu.goes("/sign-in", "/start")
        assert _next(walk) is None
        clock[0] += TIME_TO_LEAD_ON + 0.1
        assert _next(walk) == ("毕业条件" if again else None)


def test_what_leads_elsewhere_is_not_pressed_again(clock: list[float]) -> None:
    menu = Menu("毕业条件")
    walk = _walk(menu)
    walk.follow(cast("Any", walk.next_way([])), "毕业条件")
    menu.goes("/elsewhere")
    clock[0] += TIME_TO_LEAD_ON + 0.1
    assert _next(walk) is None


def test_a_walk_amid_the_site_is_lost_once_a_press_has_led_nowhere(clock: list[float]) -> None:
    menu = Menu("毕业", "学生服务")
    walk = Walk(cast("Any", menu), [PAGE, VIA, HALL], amid=True)
    walk.follow(cast("Any", walk.next_way([])), "毕业条件")
    assert _next(walk) is None
    assert not walk.is_lost([])
    clock[0] = TIME_TO_LEAD_ON + 0.1
    menu.answering = True
    assert not walk.is_lost([])
    menu.answering = False
    assert walk.is_lost([])
    assert _next(walk) is None, "the start shows every way: no other word amid the site is pressed"
    walk.start_anew()
    clock[0] *= 3
    assert not walk.is_lost([]), "it goes back to the start once"


def _learned_walk(menu: Menu) -> Walk:
    return Walk(cast("Any", menu), [PAGE, VIA], late=[HALL], learned=[("毕业资格",), ("办事大厅",)])


def test_late_and_learned_words_wait_for_nearer_ones_to_come(clock: list[float]) -> None:
    walk = _learned_walk(Menu("学生服务", "办事大厅"))
    assert _next(walk) is None
    clock[0] = TIME_FOR_TILES + 0.1
    assert _next(walk) == "学生服务"
    walk.pressed(VIA)
    clock[0] += TIME_FOR_TILES + 0.1
    assert _next(walk) is None, (
        "late words are for the beginning, and learned ones lie behind what was pressed"
    )
    clock[0] += TIME_TO_LEAD_ON + 0.1
    assert _next(walk) == "办事大厅"


def test_what_lies_ahead_of_a_learned_word_is_the_profiles_first(clock: list[float]) -> None:
    menu = Menu("办事大厅")
    walk = _learned_walk(menu)
    walk.pressed(("办事大厅",))
    menu.shown = ("毕业资格", "毕业", "办事大厅")
    assert _next(walk) == "毕业"
    menu.shown = ("毕业资格", "办事大厅")
    assert _next(walk) is None
    clock[0] = TIME_FOR_TILES + 0.1
    assert _next(walk) == "毕业资格"
    walk.pressed(("毕业资格",))
    assert walk.used() == [("办事大厅",), ("毕业资格",)]


def test_a_menu_that_is_put_away_is_brought_up_once_where_no_word_shows(clock: list[float]) -> None:
    menu = Menu("菜单")
    walk = _walk(menu)
    assert _next(walk) is None
    clock[0] = TIME_TO_LEAD_ON + 0.1
    match = walk.next_way([])
    assert match is not None
    assert match.target.name == "菜单"
    walk.follow(match, "毕业条件")
    clock[0] += TIME_TO_LEAD_ON + 0.1
    assert _next(walk) is None
    menu.shown = ("毕业条件",)
    assert _next(walk) == "毕业条件"


@pytest.mark.parametrize("own", ["个人中心", "成教学生服务平台"])
def test_one_s_own_pages_and_the_site_s_name_are_gone_to_last(clock: list[float], own: str) -> None:
    menu = Menu(own, "更多")
    walk = _walk(menu)
    assert _next(walk) is None
    clock[0] = TIME_TO_LEAD_ON + 0.1
    match = walk.next_way([])
    assert match is not None
    assert match.target.name == own
    walk.follow(match, "毕业条件")
    assert _next(walk) is None
    clock[0] *= 3
    assert _next(walk) == "更多"


def test_where_another_way_was_passed_by_no_page_of_one_s_own_is_opened(clock: list[float]) -> None:
    menu = Menu("学生服务", "毕业", "个人中心")
    walk = _walk(menu)
    walk.follow(cast("Any", walk.next_way([])), "毕业条件")
    menu.shown = ("个人中心",)
    assert _next(walk) is None
    clock[0] = TIME_TO_LEAD_ON + 0.1
    assert _next(walk) is None
    assert walk.is_dead_end([])


@pytest.mark.parametrize(
    ("shown", "opens"),
    [("☰", True), ("≡", True), ("☰ 菜单", True), ("⋯", True), ("更多服务", True), ("▼", False)],
)
def test_the_bars_of_a_menu_bring_it_up(shown: str, opens: bool) -> None:
    assert bool(word_pattern(*MENU_OPENERS).match(shown)) is opens


def test_a_word_of_the_page_s_own_may_lead_to_another_of_them(clock: list[float]) -> None:
    """成绩 in a tree unfolds 我的成绩; what stood there before is not pressed in its place."""
    menu = Menu("成绩单", "成绩")
    walk = Walk(cast("Any", menu), [("成绩", "我的成绩", "成绩单"), HALL])
    walk.follow(cast("Any", walk.next_way([])), "成绩")
    menu.shown = ("成绩单", "成绩", "我的成绩")
    assert _next(walk) is None
    clock[0] = TIME_TO_LEAD_ON + 0.1
    match = walk.next_way([])
    assert match
    assert match.target.words == ("我的成绩",)
    walk.follow(match, "成绩")
    clock[0] *= 3
    assert _next(walk) is None


def test_what_was_pressed_may_bring_up_what_enters_it(clock: list[float]) -> None:
    """毕业条件 in a hall of services opens a layer that tells about it, with a button that enters."""
    menu = Menu("毕业条件", "学生服务")
    menu.match_at = lambda _, leaf, target, page: Match(target, cast("Any", Mock()))  # type: ignore[attr-defined]
    walk = _walk(menu)
    walk.follow(cast("Any", walk.next_way([])), "毕业条件")
    layer = SimpleNamespace(
        root=block(block("毕业条件", tag="h4"), block("办理须知"), block("进入办理", tag="button"))
    )
    assert walk.next_way(cast("Any", [layer])) is None
    clock[0] = TIME_TO_LEAD_ON + 0.1
    match = walk.next_way(cast("Any", [layer]))
    assert match
    assert match.target.words == PAGE
    walk.follow(match, "毕业条件")
    assert walk.next_way(cast("Any", [layer])) is None
    clock[0] *= 3
    again = walk.next_way(cast("Any", [layer]))
    assert again
    assert again.target.words == HALL


def test_the_way_that_led_there_before_is_gone_again_without_waiting(clock: list[float]) -> None:
    """学生服务 led to a page with 毕业条件, which led nowhere, and from there 毕业 to the page."""
    menu = Menu("学生服务", "毕业条件", "毕业")
    walk = Walk(cast("Any", menu), [PAGE, VIA, HALL], known=[HALL, PAGE, VIA])
    for words in (HALL, PAGE):
        walk.pressed(words)
    assert _next(walk) is None, "what was pressed may be doing something yet"
    clock[0] = TIME_AT_REST + 0.1
    menu.answering = True
    assert _next(walk) is None
    menu.answering = False
    assert _next(walk) == "毕业"


def test_a_known_way_that_leads_nowhere_is_a_way_like_any_other(clock: list[float]) -> None:
    walk = Walk(cast("Any", Menu("毕业条件", "毕业")), [PAGE, VIA, HALL], known=[VIA, HALL])
    walk.pressed(VIA)
    assert _next(walk) == "毕业条件"
    clock[0] = TIME_AT_REST + 0.1
    assert _next(walk) == "毕业条件", "学生服务 does not show this time"


def test_an_arrow_or_a_record_is_no_part_of_a_known_way(clock: list[float]) -> None:
    """Another thing may be called so on the next walk; what is a record's is chosen anew."""
    walk = Walk(cast("Any", Menu()), [PAGE, VIA, HALL])
    for words in (HALL, ("›",), ("西安交通大学 土木工程",), VIA):
        walk.pressed(words)
    assert walk.trail() == (HALL, VIA)


def test_a_way_that_was_passed_by_is_gone_from_the_start_where_another_led_nowhere(
    clock: list[float],
) -> None:
    """成绩查询 is under 教学服务, which stands beside 学生服务 and not on the page that this opens."""
    beyond = ("教学服务",)
    menu = Menu("学生服务", "教学服务")
    walk = Walk(cast("Any", menu), [PAGE, HALL, beyond])
    walk.follow(cast("Any", walk.next_way([])), "成绩")
    menu.shown = ("信息变更",)
    assert not walk.is_dead_end([]), "it may be coming"
    clock[0] = TIME_TO_LEAD_ON + 0.1
    assert _next(walk) is None
    assert walk.is_dead_end([])
    walk.turn_back()
    menu.shown = ("学生服务", "教学服务")
    assert _next(walk) == "教学服务"


def test_where_nothing_was_passed_by_the_walk_stays(clock: list[float]) -> None:
    menu = Menu("学生服务")
    walk = _walk(menu)
    walk.follow(cast("Any", walk.next_way([])), "毕业条件")
    menu.shown = ()
    clock[0] = TIME_TO_LEAD_ON + 0.1
    assert not walk.is_dead_end([])


def test_what_is_no_word_of_the_way_is_no_dead_end(clock: list[float]) -> None:
    """An arrow that was pressed cannot be left out of the way; the walk would turn back from it for ever."""
    menu = Menu("学生服务", "毕业条件")
    walk = _walk(menu)
    walk.follow(Match(Target("›", ("›",)), cast("Any", Mock())), "毕业条件")
    menu.shown = ()
    assert _next(walk) is None
    clock[0] = TIME_TO_LEAD_ON + 0.1
    assert not walk.is_dead_end([])


def test_a_walk_without_end_names_the_page_s_own_word(monkeypatch: pytest.MonkeyPatch) -> None:
    menu, on = Menu("学生服务"), WalkStop[bool](Match(Target("学生服务", HALL), cast("Any", Mock())))
    monkeypatch.setattr(Navigator, "_stop", lambda *_: on)
    route: Route[bool] = Route("毕业", [PAGE, HALL], lambda shown: None, "conditions", "")
    with pytest.raises(SiteChanged, match="「毕业条件」"):
        Navigator(cast("Any", menu), Mock())._arrive(route, _walk(menu), None)


@pytest.mark.parametrize(
    ("place", "is_pressed"),
    [(Box(20, 40, 60, 20), True), (Box(300, 20, 60, 20), False), (Box(10, 300, 60, 20), False)],
    ids=["right below it", "a heading beside", "far below"],
)
def test_a_word_may_unfold_an_entry_of_the_same_words(
    clock: list[float], monkeypatch: pytest.MonkeyPatch, place: Box, is_pressed: bool
) -> None:
    monkeypatch.setattr("flows.sites.navigation.walk.folded_menu", lambda *_: None)
    menu, head = Menu("毕业条件"), text("毕业条件", box=Box(10, 10, 60, 20))
    shown = SimpleNamespace(names=["毕业条件"], root=block(head))
    menu.snapshot = lambda: [cast("Any", shown)]  # type: ignore[method-assign]
    menu.match_at = lambda _, leaf, target, page: Match(target, cast("Any", Mock()))  # type: ignore[attr-defined]
    walk = _walk(menu)
    walk.follow(cast("Any", walk.next_way([])), "毕业条件")
    shown.root = block(head, text("毕业条件", box=place))
    assert walk.next_way([cast("Any", shown)]) is None
    clock[0] = TIME_TO_LEAD_ON + 0.1
    match = walk.next_way([cast("Any", shown)])
    assert bool(match) is is_pressed
    if match:
        walk.follow(match, "毕业条件")
        clock[0] *= 3
        assert walk.next_way([cast("Any", shown)]) is None
