"""Words of a popup as they are pressed: scrolled or turned to first, where they are not in sight."""

from __future__ import annotations

import math
from dataclasses import dataclass

from playwright.sync_api import ElementHandle

from agent.browser.controls.popup import Popup, waits
from agent.browser.controls.wheel import Wheel
from agent.browser.locators import Target, around_words, one_over
from agent.browser.stability import TIME_TO_TAKE
from agent.errors import SiteChanged
from agent.snapshot.tree import Node, squash

MOST_TURNS = 60
"""How often a calendar or a wheel is turned at most."""
MOST_DRAGS = 3
"""How often a word is dragged to the line of its wheel at most: of a round one, the rows that stand close turn less far."""
PAST = 0.125
"""How much of a line's height a word is dragged past it: some wheels take a choice only where they settle by themselves."""


@dataclass(frozen=True)
class PopupWords:
    """The words of a popup, to be pressed.

    Args:
        popup: What came with a press on a control.
    """

    popup: Popup

    @property
    def _wheel(self) -> Wheel:
        return Wheel(self.popup)

    def press(self, leaf: Node) -> None:
        """Press the one thing that says a leaf's words where it stands in a popup, turned or scrolled to first.

        Raises:
            SiteChanged: It is not there any more.
        """
        thing = self._on_top(leaf)
        if (
            thing is None
            and self._wheel.line_of(leaf)
            and not any(self._on_top(one) for one in self._wheel.rows(leaf))
        ):
            self._drag_to_line(leaf, 0)
            return
        if thing is None:
            leaf = self._brought(leaf)
            thing = self._found(target_of(leaf), leaf)
        self.popup.view.click(thing, target_of(leaf), self.popup.page)
        self.popup.pressed()
        self._drag_to_line(leaf)

    def _drag_to_line(self, leaf: Node, seconds: float = TIME_TO_TAKE) -> None:
        """Turn a wheel by hand where a press on one of its words does not bring that to the wheel's line in so many seconds."""
        for _ in range(MOST_DRAGS if self._wheel.line_of(leaf) else 0):
            waits(self.popup.view, self.popup.page, lambda: self._wheel.is_at_line(leaf) or None, seconds)
            now = self.popup.now(leaf)
            line = self._wheel.line_of(now) if now and not self._wheel.is_at_line(leaf) else None
            if now is None or line is None:
                return
            thing = self._found(target_of(now), now)
            away = line.middle[1] - now.box.middle[1]
            self.popup.view.scrolling.drag(
                self.popup.frame.page, thing, away + math.copysign(PAST * line.height, away)
            )
            self.popup.pressed()
            self.popup.is_open()

    def _on_top(self, leaf: Node) -> ElementHandle | None:
        """What says a leaf's words where it stands, where a person would hit them; None where they lie under something."""
        thing = self._thing(target_of(leaf), leaf)
        return thing if thing is not None and self.popup.view.is_on_top(thing, leaf.own) else None

    def _thing(self, target: Target, leaf: Node) -> ElementHandle | None:
        """What says a leaf's words where it stands; the head of a calendar too, whose year is pressed."""
        found = one_over(self.popup.frame, target, self.popup.page, leaf.box)
        return found or around_words(self.popup.frame, leaf, target)

    def _found(self, target: Target, leaf: Node) -> ElementHandle:
        found: list[ElementHandle] = []

        def look() -> bool | None:
            one = self._thing(target, leaf)
            found[:] = [one] if one else []
            return bool(found) or None

        if not waits(self.popup.view, self.popup.page, look, TIME_TO_TAKE):
            raise SiteChanged(self.popup.page, target.name, self.popup.offered())
        return found[0]

    def _brought(self, leaf: Node) -> Node:
        """Bring a leaf of a list to where it can be pressed: scrolled to; else, in a wheel that waits for a word, turned to."""
        with self.popup.view.translated_errors():
            self._found(target_of(leaf), leaf).scroll_into_view_if_needed()
        self.popup.is_open()
        for _ in range(MOST_TURNS):
            leaf = self.popup.same_words(leaf)
            if self.popup.confirm() is None or self._on_top(leaf):
                break
            near = next((one for one in self.popup.column(leaf) if self._on_top(one)), None)
            if near is None:
                break
            self.popup.view.click(self._found(target_of(near), near), target_of(near), self.popup.page)
            self.popup.pressed()
            self.popup.is_open()
        return leaf


def target_of(leaf: Node) -> Target:
    """Return a leaf as something to be found by the words that it says."""
    words = squash(leaf.own)
    return Target.of(words)
