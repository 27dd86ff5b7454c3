"""Calendar of a popup: turned to a year, and a month chosen in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.browser.controls.popup import Popup
from agent.browser.controls.popup_words import MOST_TURNS, PopupWords
from agent.browser.controls.wheel import is_column
from agent.browser.locators import Target, handles_at
from agent.snapshot.tree import Node, is_arrow, key, squash

NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
ENGLISH = [
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
]
LAST_MONTH = 12
MONTH_NUMBER = re.compile(r"(0?[1-9]|1[0-2])\s*月?")
_NAMED = rf"(?:{'|'.join(sorted(NUMERALS, key=len, reverse=True))}|0?[1-9]|1[0-2])月"
DATED = re.compile(rf"({_NAMED})\d{{4}}年?|\d{{4}}年?({_NAMED})")
"""The head of a calendar of days, which says its month and year."""


@dataclass
class Calendar:
    """A calendar of months that came with a field, or columns of years and months: turned by its words and arrows."""

    popup: Popup
    year: int
    month: int
    _pressed: bool = False
    _chosen: bool = False

    def choose(self) -> bool:
        """Turn it to the year, and choose the month, of days its first one; False where it has neither."""
        head = self.head()
        if head is None:
            return self._choose_year_and_month()
        if not self._is_headed_right():
            self._turn(head)  # it opens the years and months
            if not self._choose_year_and_month():
                return False
            self.popup.is_open()
        return self._is_headed_right() and self._choose_first_day()

    def head(self) -> Node | None:
        """Return the words over the days that say their month and year; None where no days are shown."""
        leaves = self.popup.leaves()
        days = {squash(leaf.own) for leaf in leaves}.issuperset(map(str, range(1, 29)))
        heads = [leaf for leaf in leaves if DATED.fullmatch(key(leaf.own))]
        return heads[0] if days and len(heads) == 1 else None

    def _is_headed_right(self) -> bool:
        head = self.head()
        said = DATED.fullmatch(key(head.own)) if head else None
        if head is None or said is None:
            return False
        return (said[1] or said[2]) in self._month_words and str(self.year) in key(head.own)

    def _choose_first_day(self) -> bool:
        """Press the first 1: the days of the month before end in higher numbers, those of the next one come last."""
        first = [leaf for leaf in self.popup.leaves() if squash(leaf.own) == "1"]
        if first:
            PopupWords(self.popup).press(first[0])
        return bool(first)

    def _choose_year_and_month(self) -> bool:
        for _ in range(MOST_TURNS):
            years = self.popup.years()
            right = [leaf for number, leaf in years if number == self.year]
            if not years or len(right) > 1:
                return False
            if right and (len(years) == 1 or self._chosen or _is_pair(years)):
                return self._choose_month()
            if right:
                self._turn(right[0])
                self._chosen = True
            elif not self._towards(years):
                return False
        return False

    @property
    def _month_words(self) -> set[str]:
        name = ENGLISH[self.month - 1]
        return {f"{self.month}月", f"{self.month:02}月", f"{NUMERALS[self.month - 1]}月", name, name[:3]}

    def _choose_month(self) -> bool:
        words = self._month_words
        leaves = self.popup.leaves()
        found = [leaf for leaf in leaves if key(leaf.own) in words]
        found = found or [leaf for leaf in leaves if key(leaf.own) == f"{self.month:02}"]
        months = self._months()
        if not found and is_column([leaf for _, leaf in months]) and self.popup.confirm():
            found = [leaf for number, leaf in months if number == self.month]
        if not found and self._turn_nearer(self._months(), self.month):
            return self._choose_month()
        found = self._under_year(found)
        if len(found) != 1:
            return False
        PopupWords(self.popup).press(found[0])
        return True

    def _under_year(self, found: list[Node]) -> list[Node]:
        """Of a month that stands under two years side by side the one under the wanted year; all of them elsewhere."""
        years = self.popup.years()
        if len(found) != len(years) or not _is_pair(years):
            return found
        pairs = zip(sorted(years, key=lambda year: _left(year[1])), sorted(found, key=_left), strict=True)
        return [leaf for (year, _), leaf in pairs if year == self.year]

    def _months(self) -> list[tuple[int, Node]]:
        found = ((MONTH_NUMBER.fullmatch(squash(leaf.own)), leaf) for leaf in self.popup.leaves())
        return [(int(match[1]), leaf) for match, leaf in found if match]

    def _turn_nearer(self, shown: Sequence[tuple[int, Node]], wanted: int) -> bool:
        """Turn a wheel to the shown number that is nearest; False where that brings it no nearer, or it is no wheel."""
        if not is_column([leaf for _, leaf in shown]) or self.popup.confirm() is None:
            return False
        number, leaf = min(shown, key=lambda pair: abs(pair[0] - wanted))
        before = {number for number, _ in shown}
        if wanted in before:
            return False
        self._turn(leaf)
        after = {number for number, _ in (self.popup.years() if number > LAST_MONTH else self._months())}
        return min((abs(one - wanted) for one in after), default=number) < abs(number - wanted)

    def _towards(self, years: Sequence[tuple[int, Node]]) -> bool:
        """Come nearer: by the list that the year itself opens, else by an arrow beside it."""
        if len(years) == 1 and not self._pressed and not years[0][1].is_field:
            self._pressed = True
            self._turn(years[0][1])
            return True
        if len(years) > 1 and self._turn_nearer(years, self.year):
            return True
        numbers = [number for number, _ in years]
        arrow = self._arrow(years)
        if arrow is None:
            return False
        handles = handles_at(self.popup.frame, "button, a, i, span, svg, div, th, td, li", arrow.box)
        if not handles:
            return False
        self.popup.view.click(handles[-1], Target.of("翻页"), self.popup.page)
        self.popup.pressed()
        self.popup.is_open()
        after = [number for number, _ in self.popup.years()]
        return after != numbers

    def _arrow(self, years: Sequence[tuple[int, Node]]) -> Node | None:
        """The outermost small thing without words, left or right of the calendar's middle, in the line over or beside its years.

        For a year between two side by side, the one that turns the right one back: the innermost on its side.
        """
        nodes = self.popup.nodes()
        words = [leaf.box for leaf in self.popup.leaves()]
        middle = (min(box.x for box in words) + max(box.right for box in words)) / 2
        lowest = min(leaf.box.bottom for _, leaf in years)
        numbers = [number for number, _ in years]
        is_left = self.year < min(numbers)
        is_back = is_left or self.year < max(numbers)
        found = [
            node
            for node in nodes
            if is_arrow(node) and node.box.y < lowest and (node.box.middle[0] < middle) == is_left
        ]
        outermost = min if is_back else max
        return outermost(found, key=lambda node: node.box.middle[0], default=None)

    def _turn(self, leaf: Node) -> None:
        PopupWords(self.popup).press(leaf)
        self.popup.is_open()


def _is_pair(years: Sequence[tuple[int, Node]]) -> bool:
    """True for two years side by side, as a calendar for a span of time has."""
    return len(years) == 2 and years[0][1].box.overlap_y(years[1][1].box) > 0


def _left(leaf: Node) -> float:
    return leaf.box.x
