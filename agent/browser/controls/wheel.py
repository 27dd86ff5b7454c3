"""Wheel of a popup: words one below another that are turned until one stands at its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from agent.browser.controls.popup import Popup
from agent.snapshot.tree import Box, Node

MOST_WHEELS = 4
"""Wheels beside one another; more words on a line are a calendar."""
EVEN = 1.08
"""How much farther apart than others two rows of a wheel may stand."""
ROUGH = 1.25
"""The same, in heights of rows: of a wheel drawn round the lowest are but a few whole pixels high."""
SQUEEZED = 0.8
"""How low the lowest row is at most, in the highest, where a wheel is drawn round: rows stand closer the lower they are."""
LEAST_LINE, MOST_LINE = 0.7, 1.8
"""How high the line of a wheel may be, in rows of it."""


def is_column(leaves: Sequence[Node]) -> bool:
    """True for words one below another, as in a wheel; a list that is turned by arrows has several on a line."""
    return bool(leaves) and all(one.box.overlap_y(other.box) <= 0 for one, other in combinations(leaves, 2))


@dataclass(frozen=True)
class Wheel:
    """The wheels of a popup.

    Args:
        popup: What came with a press on a control.
    """

    popup: Popup

    def longest(self) -> list[Node]:
        """Return the words of the longest column where a word closes what came, from the top; empty where none does."""
        closing = self.popup.confirm()
        if closing is None:
            return []
        free = [leaf for leaf in self.popup.leaves() if leaf.box.overlap_y(closing.box) <= 0]
        columns = [[one for one in free if one.box.overlap_x(leaf.box) > 0] for leaf in free]
        longest: list[Node] = max(columns, key=len) if columns else []
        return sorted(longest, key=lambda leaf: leaf.box.y)

    def line_of(self, leaf: Node) -> Box | None:
        """Return the line of a wheel at which its choice stands; None where a leaf stands in no wheel that shows one.

        It is an empty thing across the wheel, a row high, among the rows and nearest to their middle; and a word closes what came.
        Where there is none, it is the middle of an empty thing that lies over the whole wheel, below that word.
        """
        rows, closing = self._rows_around(leaf), self.popup.confirm()
        if closing is None or len(rows) < 2 or len(self._beside(leaf)) > MOST_WHEELS:
            return None
        pitch, middle = (rows[-1] - rows[0]) / (len(rows) - 1), (rows[0] + rows[-1]) / 2
        empty = [
            node.box
            for node in self.popup.nodes()
            if not (node.children or node.tag == "#text" or node.is_field)
        ]
        across = [box for box in empty if box.x < leaf.box.x and box.right > leaf.box.right]
        lines = [
            box
            for box in across
            if LEAST_LINE * pitch <= box.height <= MOST_LINE * pitch
            and rows[0] - pitch / 2 < box.middle[1] < rows[-1] + pitch / 2
        ]
        lines = lines or [
            Box(box.x, box.middle[1] - pitch / 2, box.width, pitch)
            for box in across
            if box.height > 2 * MOST_LINE * pitch and box.y >= closing.box.bottom - 1
        ]
        return min(lines, key=lambda box: abs(box.middle[1] - middle), default=None)

    def is_at_line(self, leaf: Node) -> bool:
        """True once a leaf stands at the line of its wheel, or is no more to be seen."""
        now = self.popup.now(leaf)
        line = self.line_of(now) if now else None
        return now is None or line is None or now.box.overlap_y(line) > now.box.height / 2

    def rows(self, leaf: Node) -> list[Node]:
        """Return the words of the wheel in which a leaf stands, without a title or a button over or under it."""
        places = self._rows_around(leaf)
        return [one for one in self.popup.column(leaf) if one.box.middle[1] in places]

    def _rows_around(self, leaf: Node) -> list[float]:
        """Where the rows of the wheel stand in which a leaf does, evenly apart, from the top; a title over them is none."""
        closing = self.popup.confirm()
        free = [one for one in self.popup.column(leaf) if closing and one.box.overlap_y(closing.box) <= 0]
        heights = {one.box.middle[1]: one.box.height for one in free}
        rows = sorted(heights)
        parts = [rows[start:end] for start, end in pairwise([0, *_breaks(heights), len(rows)])]
        return next((part for part in parts if leaf.box.middle[1] in part), [])

    def _beside(self, leaf: Node) -> list[Node]:
        return [one for one in self.popup.leaves() if one.box.overlap_y(leaf.box) > leaf.box.height / 2]


def _breaks(heights: Mapping[float, float]) -> list[int]:
    """Before which rows of a column a wheel ends, since they stand farther apart: in their own heights (by their middles) where it is round."""
    pairs = list(pairwise(sorted(heights)))
    is_round = bool(pairs) and min(heights.values()) <= SQUEEZED * max(heights.values())
    units = [(heights[before] + heights[after]) / 2 if is_round else 1 for before, after in pairs]
    gaps = [(after - before) / unit for unit, (before, after) in zip(units, pairs, strict=True)]
    return [place for place, gap in enumerate(gaps, 1) if gap > (ROUGH if is_round else EVEN) * min(gaps)]
