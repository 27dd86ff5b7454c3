"""The menu words on the way to a page: what is pressed next, and what only later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import Mock

import pytest

from agent.finding import Target
from agent.page import Way
from flows.sites.trail import TIME_TO_LEAD_ON, Trail

PAGE, VIA, HALL = ("毕业条件",), ("毕业",), ("学生服务",)


class Menu:
    """A menu that always shows the same words, at a site whose answers may be on their way."""

    def __init__(self, *shown: str) -> None:
        self.shown, self.answering = shown, False
        self.traffic = SimpleNamespace(is_answering=lambda: self.answering)

    def way(self, targets: Iterable[Target], seen: Sequence[object]) -> Way | None:
        """The first of the targets that is shown."""
        found = (Way(target, cast("Any", Mock())) for target in targets if target.name in self.shown)
        return next(found, None)

    def follow(self, way: Way, page: str) -> None:
        """Press it: the menu stays."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("agent.still.time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def _next(trail: Trail) -> str | None:
    way = trail.next_way([])
    return way.target.name if way else None


def _trail(menu: Menu) -> Trail:
    return Trail(cast("Any", menu), [PAGE, VIA, HALL])


def test_the_nearest_that_is_shown_is_next(clock: list[float]) -> None:
    assert _next(_trail(Menu("学生服务", "毕业条件"))) == "毕业条件"
    assert _next(_trail(Menu("学生服务"))) == "学生服务"
    assert _next(_trail(Menu())) is None


def test_what_lies_ahead_is_next_at_once(clock: list[float]) -> None:
    trail = _trail(Menu("毕业条件", "毕业", "学生服务"))
    trail.pressed(HALL)
    assert _next(trail) == "毕业条件"


@pytest.mark.parametrize("last", [PAGE, ("毕业条件审核",)], ids=["its own", "almost its own"])
def test_what_lies_behind_waits_until_the_last_has_led_nowhere(clock: list[float], last: tuple[str]) -> None:
    """A script fetches the page while the menu stands there with all its words."""
    trail = _trail(Menu("毕业", "学生服务"))
    trail.pressed(last)
    assert _next(trail) is None
    clock[0] = TIME_TO_LEAD_ON - 0.1
    assert _next(trail) is None
    assert trail.leads_on([])
    clock[0] = TIME_TO_LEAD_ON + 0.1
    assert _next(trail) == "毕业"


def test_what_lies_behind_waits_for_an_answer_that_is_on_its_way(clock: list[float]) -> None:
    menu = Menu("学生服务")
    trail = _trail(menu)
    trail.pressed(PAGE)
    assert _next(trail) is None
    clock[0], menu.answering = 10 * TIME_TO_LEAD_ON, True
    assert _next(trail) is None
    menu.answering = False
    assert _next(trail) == "学生服务"


def test_each_is_pressed_once_until_the_site_is_opened_anew(clock: list[float]) -> None:
    trail = _trail(Menu("毕业条件"))
    trail.follow(cast("Any", trail.next_way([])), "毕业条件")
    assert _next(trail) is None
    clock[0] = 2 * TIME_TO_LEAD_ON
    assert _next(trail) is None
    assert not trail.leads_on([])
    trail.start_anew()
    assert _next(trail) == "毕业条件"
