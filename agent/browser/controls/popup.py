"""Popup of a control: what came with a press on it, a list, a calendar or wheels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from playwright.sync_api import Frame

from agent.browser.locators import Target
from agent.browser.site_browser import SiteBrowser
from agent.browser.stability import TIME_AT_REST, TIME_TO_OPEN, StabilityTimer
from agent.errors import SiteChanged
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Box, Node, is_arrow, key, lines, squash

CONFIRM = Target("确定", ("确定", "确认", "完成", "OK"), "button")
"""What closes a list or a calendar that waits for a word."""
YEAR = re.compile(r"(\d{4})\s*年?")
MONTH = re.compile(r"(\d{4})\D(\d{1,2})")
MOST_OFFERED = 12


def waits(browser: SiteBrowser, page: str, what: Callable[[], bool | None], seconds: float) -> bool:
    """Return True as soon as it is so, False when it is not within so many seconds; what is not found may be drawn anew."""

    def look(snapshots: list[FrameSnapshot]) -> bool | None:
        with suppress(SiteChanged):
            return what()
        return None

    try:
        return browser.wait(look, page, "", seconds)
    except SiteChanged:
        return False


class Popup:
    """What came with a press on a control: the words and fields that were not there before.

    Args:
        browser: The site's windows.
        page: The page's name, for messages.
        before: The control's frame before the press.
    """

    def __init__(self, browser: SiteBrowser, page: str, before: FrameSnapshot) -> None:
        self.view = browser
        self.page = page
        self.frame_seen = before
        self._before = {_mark(node) for node in before.root.walk()}
        self._still = StabilityTimer()

    @property
    def frame(self) -> Frame:
        """The frame it came in."""
        return self.frame_seen.frame

    def same_words(self, leaf: Node) -> Node:
        """Return a leaf as it stands now, by its words and its column.

        Raises:
            SiteChanged: It is not there, or more than once.
        """
        found = [one for one in self.column(leaf) if one.own == leaf.own]
        if len(found) != 1:
            raise SiteChanged(self.page, squash(leaf.own), ())
        return found[0]

    def column(self, leaf: Node) -> list[Node]:
        """Return the leaves over and under one, the nearest first."""
        near = [one for one in self.leaves() if one.box.overlap_x(leaf.box) > 0]
        return sorted(near, key=lambda one: abs(one.box.y - leaf.box.y))

    def now(self, leaf: Node) -> Node | None:
        """Return a leaf as it stands now, by its words and its column; None where it is not seen."""
        return next((one for one in self.column(leaf) if one.own == leaf.own), None)

    def nodes(self) -> list[Node]:
        """Return everything in the frame now that was not there before."""
        now = next((one for one in self.view.snapshot() if one.frame is self.frame_seen.frame), None)
        self.frame_seen = now or self.frame_seen
        return [node for node in now.root.walk() if _mark(node) not in self._before] if now else []

    def leaves(self) -> list[Node]:
        """Return the words that came."""
        return [node for node in self.nodes() if node.tag == "#text" and node.own.strip()]

    def fields(self) -> list[Node]:
        """Return the fields to type into that came."""
        return [
            node
            for node in self.nodes()
            if node.tag == "input" and node.type in ("text", "search", "") and not node.disabled
        ]

    def leading_on(self) -> list[Node]:
        """Return the words that came behind which, on their line, an arrow stands: they open further ones."""
        nodes = self.nodes()
        leaves = [node for node in nodes if node.tag == "#text" and node.own.strip()]
        arrows = [node for node in nodes if is_arrow(node)]
        behind = (
            max(
                (leaf for leaf in leaves if _stands_before(leaf, arrow)),
                key=lambda leaf: leaf.box.x,
                default=None,
            )
            for arrow in arrows
        )
        return list({id(leaf): leaf for leaf in behind if leaf is not None}.values())

    def years(self) -> list[tuple[int, Node]]:
        """Return the years that came, each with its words or with the field in which it stands."""
        said = [(squash(leaf.own), leaf) for leaf in self.leaves()]
        said += [(squash(node.value or ""), node) for node in self.nodes() if node.tag == "input"]
        found = ((YEAR.fullmatch(text), node) for text, node in said)
        return [(int(match[1]), node) for match, node in found if match]

    def shows_years(self) -> bool:
        """True for a calendar."""
        return bool(self.years())

    def box_beside(self, leaf: Node) -> Node | None:
        """Return the one box or switch that came on the line of a leaf; None where there is none, or more than one."""
        boxes = [node for node in self.nodes() if node.type in ("checkbox", "radio")]
        beside = [node for node in boxes if node.box.overlap_y(leaf.box) > 0]
        return beside[0] if len(beside) == 1 else None

    def words(self) -> list[tuple[str, Node]]:
        """Return what came, a line each with its first leaf; what stands apart on a line is a word of its own."""
        fresh = {id(leaf) for leaf in self.leaves()}
        said = (
            line for line in lines(self.frame_seen.root) if all(id(leaf) in fresh for leaf in line.leaves)
        )
        return [pair for line in said for pair in _words(line.leaves)]

    def offered(self) -> tuple[str, ...]:
        """Return the words that came, each once, as many as a message has room for."""
        return tuple(dict.fromkeys(text for text, _ in self.words()))[:MOST_OFFERED]

    def is_open(self) -> bool:
        """True once something has come and stands still; False when nothing does."""

        def rested() -> bool | None:
            return (bool(self.leaves()) and self.is_at_rest()) or None

        return waits(self.view, self.page, rested, TIME_TO_OPEN)

    def pressed(self) -> None:
        """Something in it was pressed: what it shows may be about to move, and is not at rest yet."""
        self._still.reset()

    def is_at_rest(self) -> bool:
        """True once what came has stood still for a moment."""
        now = tuple(_mark(node) for node in self.leaves())
        return self.view.has_rested(self._still.seconds(now), TIME_AT_REST)

    def confirm(self) -> Node | None:
        """Return the one word that closes it, if it has one."""
        wanted = {key(word) for word in CONFIRM.words}
        found = [leaf for text, leaf in self.words() if key(text) in wanted]
        return found[0] if len(found) == 1 else None


def _stands_before(leaf: Node, arrow: Node) -> bool:
    return leaf.box.right <= arrow.box.x + 1 and leaf.box.overlap_y(arrow.box) > leaf.box.height / 2


def _mark(node: Node) -> tuple[str, str, Box]:
    """What tells a thing of one look from the things of another."""
    return node.tag, node.own, node.box


def _words(leaves: Sequence[Node]) -> Iterator[tuple[str, Node]]:
    if len(leaves) > 1:
        yield from ((leaf.own, leaf) for leaf in leaves)
    else:
        yield leaves[0].own, leaves[0]
