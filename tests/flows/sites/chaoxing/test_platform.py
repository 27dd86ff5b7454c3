"""Where a walk on the platform begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from agent.snapshot.tree import Box, Node
from flows.profiles.schema import load
from flows.sites.chaoxing.platform import Chaoxing, others_begin, says_confirmed
from flows.sites.navigation.navigator import Route
from tests.harness.trees import block, text

HOME = "https://platform.example/start"
PROFILE = load("xjtu-2024-07")


@dataclass
class Windows:
    """The site's windows: one page after another, none of which shows a landmark."""

    opened: list[str] = field(default_factory=list)

    def close_extra_windows(self) -> None:
        """There are none."""

    def snapshot(self) -> list[Any]:
        """Nothing needs to be seen."""
        return []

    def goto(self, url: str) -> None:
        """Note what was opened."""
        self.opened.append(url)

    def wait(self, *_: Any) -> None:
        """Everything is there at once."""


@dataclass
class Astray:
    """Every page shows a word of the way; amid the site it leads nowhere."""

    begun: list[Any] = field(default_factory=list)

    def walk(self, route: Route[Any]) -> Astray:
        """The walk before its first step."""
        return self

    def next_way(self, snapshots: list[Any]) -> str:
        """The word that shows."""
        return "信息变更"

    def go(self, route: Route[Any], seconds: float | None, pressed: Any) -> None:
        """Arrive, from the start where the walk began amid the site."""
        self.begun.append(pressed)
        if pressed is None and route.anew:
            route.anew()


def test_a_site_whose_words_led_nowhere_once_is_walked_from_its_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    windows, walks = Windows(), Astray()
    monkeypatch.setattr(Chaoxing, "_navigator", walks)
    data = PROFILE.sites.chaoxing
    assert data is not None
    site = Chaoxing(cast("Any", windows), data, cast("Any", None), PROFILE, HOME)
    for _ in range(4):
        site.open(data.personal, "个人信息", lambda snapshots: None)
    assert walks.begun == [[], None, [], []]
    assert windows.opened == [HOME] * 3


def test_parts_of_the_site_that_the_notice_does_not_name_come_after_the_hall() -> None:
    data = PROFILE.sites.chaoxing
    assert data is not None
    site = Chaoxing(cast("Any", Windows()), data, cast("Any", None), PROFILE, HOME)
    ways = site._route(data.grades, "成绩", lambda snapshots: None).ways
    assert ways.index(data.hall) < ways.index(("学习中心",))


def _titles(*places: tuple[float, float]) -> Node:
    names = ("家庭成员信息", "过往履历信息")
    boxes = [Box(x, y, 90, 20) for x, y in places]
    return block(*(block(text(name, box=box)) for name, box in zip(names, boxes, strict=True)))


def test_titles_of_tabs_side_by_side_head_nothing() -> None:
    headings = ("家庭成员信息", "过往履历信息")
    tabs, parts = _titles((100, 0), (200, 0)), _titles((0, 300), (0, 500))
    begin = others_begin(block(tabs, block(text("姓名")), parts), headings)
    assert begin is parts.leaves[0]
    assert others_begin(tabs, headings) is None


def test_titles_in_a_column_beside_the_data_head_nothing() -> None:
    headings = ("家庭成员信息", "过往履历信息")
    column, parts = _titles((0, 100), (0, 140)), _titles((200, 300), (200, 500))
    data = block(text("姓名", box=Box(200, 104, 60, 20)), box=Box(200, 100, 600, 100))
    assert others_begin(block(column, data, parts), headings) is parts.leaves[0]
    assert others_begin(block(column, data), headings) is None
    below = block(text("姓名", box=Box(0, 200, 60, 20)))
    assert others_begin(block(column, below), headings) is column.leaves[0]


@pytest.mark.parametrize(
    ("said", "confirmed"),
    [
        ("平台信息已确认", True),
        ("确认状态：已确认", True),
        ("您已确认，如有变动请联系教学点", True),
        ("信息已确认（2024-06-01）", True),
        ("信息已确认后不可修改", False),
        ("请在信息已确认之后打印登记表", False),
        ("信息已确认的同学请忽略", False),
        ("信息已确认方可打印登记表", False),
        ("如信息已确认，请进入下一步", False),
        ("是否已确认：否", False),
        ("信息已确认：否", False),
        ("我已确认以上信息真实有效", False),
        ("本人已确认以上信息无误", False),
        ("尚未确认", False),
    ],
)
def test_the_data_are_confirmed_only_where_the_page_says_so(said: str, confirmed: bool) -> None:
    data = PROFILE.sites.chaoxing
    assert data is not None
    done = data.personal.confirmation.done
    assert says_confirmed(block(block(text("姓名")), block(text(said))), done) is confirmed
