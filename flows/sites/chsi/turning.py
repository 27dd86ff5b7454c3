"""What turns a page of 学信网 from the 学籍 that is shown to another, without naming it: an arrow, a closed list, a swipe."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession, ElementHandle, FloatRect, Position

from agent.browser.locators import Target, handles_at
from agent.browser.site_browser import Match
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.paging import dots_below, side_arrow
from agent.snapshot.tree import Node, key

ARROW, LIST = "›", "▾"
"""What an arrow or a swipe, and a closed list of 学籍, are called."""
STROKE = (0.75, 0.65, 0.55, 0.45, 0.35, 0.25)
"""The way of a finger over what it swipes, as parts of its width."""
FARTHEST_DOWN = 200.0
"""How far below the upper edge of what is swiped the finger is put, at most (CSS pixels)."""


def turning(snapshot: FrameSnapshot, school: str, values: Collection[Node]) -> Match | None:
    """Return what turns to another 学籍; None where nothing does.

    Args:
        snapshot: The frame with the record that is shown.
        school: The school of that record.
        values: What holds the record's own values: no list is among them.
    """
    return next(_ways(snapshot, school, values), None)


def _ways(snapshot: FrameSnapshot, school: str, values: Collection[Node]) -> Iterator[Match]:
    frame, root = snapshot.frame, snapshot.root
    if arrow := side_arrow(root):
        found = handles_at(frame, "a, button, [role=button]", arrow.box)
        if len(found) == 1:
            yield Match(Target.of(ARROW), found[0])
    if listed := _list(root, school, values, lambda node: node.tag == "select"):
        found = handles_at(frame, "select", listed.box)
        if len(found) == 1:
            yield Match(Target.of(ARROW), NextOption(found[0]))
    if chosen := _list(root, school, values, _is_chosen_in):
        found = handles_at(frame, "input, [role=combobox]", chosen.box)
        if found:
            yield Match(Target.of(LIST), found[-1])
    if swiped := _swiped(root):
        found = handles_at(frame, "div, section, ul, main, article", swiped.box)
        if found:
            yield Match(Target.of(ARROW), Swipe(found[0]))


def _list(root: Node, school: str, values: Collection[Node], is_list: Callable[[Node], bool]) -> Node | None:
    """The one list of a kind that shows the record's school, and is no value of the record itself."""
    lists = (node for node in root.walk() if is_list(node) and not node.disabled and node not in values)
    found = [node for node in lists if key(school) in key(node.value or node.text)]
    inner = [node for node in found if not any(other is not node and node.holds(other) for other in found)]
    return inner[0] if school and len(inner) == 1 else None


def _is_chosen_in(node: Node) -> bool:
    return node.role == "combobox" or (node.tag == "input" and node.readonly)


def _swiped(root: Node) -> Node | None:
    """What the marks of a carousel belong to: the smallest thing around them with words in it."""
    dots = dots_below(root)
    return next((node for node in dots.ancestors() if node.leaves), None) if dots else None


@dataclass(frozen=True)
class _OverHandle(ABC):
    """What is done to one thing (``over``) and pressed like a button."""

    over: ElementHandle

    def click(
        self,
        *,
        timeout: float | None = None,
        no_wait_after: bool | None = None,
        position: Position | None = None,
        trial: bool | None = None,
    ) -> None:
        """Do it once; with ``trial`` only see whether it could be."""
        self.scroll_into_view_if_needed(timeout=timeout)
        if not trial:
            self._act(timeout)

    @abstractmethod
    def _act(self, timeout: float | None) -> None: ...

    def scroll_into_view_if_needed(self, *, timeout: float | None = None) -> None:
        """Bring it into the window; ``timeout`` in milliseconds."""
        self.over.scroll_into_view_if_needed(timeout=timeout)

    def bounding_box(self) -> FloatRect | None:
        """Its place in the window, in CSS pixels; None where it is not shown."""
        return self.over.bounding_box()


class NextOption(_OverHandle):
    """The choice of the next option of a list of the browser's own; nothing after the last."""

    def _act(self, timeout: float | None) -> None:
        following = self.over.query_selector("option:checked ~ option:not([disabled])")
        if following:
            self.over.select_option(element=following, timeout=timeout)


class Swipe(_OverHandle):
    """A swipe to the left over a carousel, which shows its next page."""

    def _act(self, timeout: float | None) -> None:
        box, frame = self.bounding_box(), self.over.owner_frame()
        if box is None or frame is None:
            return
        session = frame.page.context.new_cdp_session(frame.page)
        try:
            _stroke(session, box)
        finally:
            session.detach()


def _stroke(session: CDPSession, box: FloatRect) -> None:
    down = max(box["y"], 0.0) + min(box["height"] / 2, FARTHEST_DOWN)
    points = [{"x": box["x"] + part * box["width"], "y": down} for part in STROKE]
    _touch(session, "touchStart", points[:1])
    for point in points[1:]:
        _touch(session, "touchMove", [point])
    _touch(session, "touchEnd", [])


def _touch(session: CDPSession, kind: str, points: list[dict[str, Any]]) -> None:
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
