"""The page numbers that a list shows below or above it. Pure: works on the visible tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from agent.snapshot.fields import CELLS
from agent.snapshot.tree import Box, Node, is_arrow, lines

_TURNS = re.compile(r"\d{1,4}|[.…<>＜＞«»‹›]+|首页|首 页|上一?页|下一?页|末页|尾页")


def page_number(root: Node, page: int) -> Node | None:
    """Return the words by which a list turns to a page: its number right beside that of the page before.

    Args:
        root: Where the list is.
        page: The page wanted; the first is 1, and it is only turned to from there on.

    Returns:
        None where no such two numbers stand side by side, or where several do.
    """
    wanted = (str(page - 1), str(page))
    found = [
        after
        for before, after in pairwise(leaf for leaf in root.leaves if any(map(str.isalnum, leaf.own)))
        if (before.own.strip(), after.own.strip()) == wanted and _goes_on(before, after)
    ]
    return found[0] if len(found) == 1 else None


def _goes_on(before: Node, after: Node) -> bool:
    """True for two words side by side that are no cells of one row, unless the row is a pager's own."""
    beside = after.box.x >= before.box.right and after.box.overlap_y(before.box) > 0
    return beside and (_cell(before) is _cell(after) or _is_pager(after))


def _is_pager(leaf: Node) -> bool:
    """True for a link in a row of cells that holds nothing but page numbers and what turns pages."""
    row = next((node for node in leaf.ancestors() if node.tag == "tr"), None)
    return (
        leaf.is_pressed
        and row is not None
        and all(_TURNS.fullmatch(other.own.strip()) for other in row.leaves)
    )


def _cell(leaf: Node) -> Node | None:
    return next((node for node in leaf.ancestors() if node.tag in CELLS), None)


_OF = re.compile(r"[^\w/]*(\d{1,4})\s*/\s*(\d{1,4})\s*页?[^\w/]*")
"""A line that is nothing but the number of the page and of how many, with what turns it."""
_PAGES = re.compile(r"(?:共|/|of)\s*(\d{1,4})\s*页?$")
"""What says how many pages there are, beside the field that holds the page's number."""
ROOM = 160.0
"""How far from it the buttons of a pager stand, at most (CSS pixels)."""


@dataclass(frozen=True)
class _PagerNumbers:
    """The number of the page that a pager shows, how many there are, and where both stand; ``typed`` in a field."""

    number: int
    pages: int
    box: Box
    typed: bool = True


def next_button(root: Node, page: int) -> Node | None:
    """Return the wordless button or arrow that turns to a page: the first behind the pager's numbers, with another before them.

    Args:
        root: Where the list is.
        page: The page wanted; the one before it is shown.
    """
    numbers = (one for one in _numbers(root) if one.number == page - 1 and one.pages >= page)
    return next((_turning(root, one) for one in numbers), None)


def pages_shown(root: Node) -> int | None:
    """Return how many pages a list says it has beside the number of the page; None where it does not say."""
    numbers = (one for one in _numbers(root) if one.typed or _turning(root, one))
    return next((one.pages for one in numbers), None)


def _numbers(root: Node) -> Iterator[_PagerNumbers]:
    """The numbers of the pagers that there are, those with a field first."""
    for field in root.walk():
        if field.tag == "input" and (field.value or "").strip().isdecimal():
            yield from _beside(root, field)
    for line in lines(root):
        if found := _OF.fullmatch(line.text):
            digits = [leaf.box for leaf in line.leaves if any(map(str.isdigit, leaf.words))]
            yield _PagerNumbers(int(found[1]), int(found[2]), Box.around(*digits), typed=False)


def _beside(root: Node, field: Node) -> Iterator[_PagerNumbers]:
    behind = sorted((leaf for leaf in root.leaves if _is_behind(leaf, field)), key=lambda leaf: leaf.box.x)
    for end, leaf in enumerate(behind, start=1):
        if pages := _pages(behind[:end]):
            yield _PagerNumbers(int((field.value or "").strip()), pages, Box.around(field.box, leaf.box))
            return


def _turning(root: Node, numbers: _PagerNumbers) -> Node | None:
    """What turns to the next page: a button without words, else an arrow with its like at the other side."""
    nodes = [node for node in root.walk() if node.box.width > 0 and node.box.overlap_y(numbers.box) > 0]
    before = [node for node in nodes if node.box.right <= numbers.box.x]
    after = [node for node in nodes if 0 <= node.box.x - numbers.box.right <= ROOM]
    buttons = list(filter(_is_bare, after)) if any(map(_is_bare, before)) else []
    arrows = [
        node
        for node in after
        if _is_drawn(node) and any(_is_drawn(one) and _shape(one) == _shape(node) for one in before)
    ]
    return min(buttons or arrows, key=lambda node: node.box.x, default=None)


def _is_drawn(node: Node) -> bool:
    """True for an arrow of which something is seen."""
    return is_arrow(node) and any(one.is_picture or one.own.strip() for one in node.walk())


def _shape(node: Node) -> tuple[float, float, float]:
    return node.box.y, node.box.width, node.box.height


def _pages(leaves: Sequence[Node]) -> int | None:
    """How many pages some words behind the field speak of, as / 3 or 共3页, which may stand in several elements."""
    found = _PAGES.search(" ".join(leaf.own.strip() for leaf in leaves))
    return int(found[1]) if found else None


def _is_behind(leaf: Node, field: Node) -> bool:
    on_line = leaf.box.width > 0 and leaf.box.overlap_y(field.box) > 0
    return on_line and 0 <= leaf.box.x - field.box.right <= ROOM


def _is_bare(node: Node) -> bool:
    return (node.tag in ("a", "button") or node.role == "button") and not node.leaves and not node.disabled


WIDEST_ARROW = 64.0
"""How wide and high an arrow beside what it turns is, at most (CSS pixels)."""
NARROWEST_TURNED = 200.0
"""How far the two arrows beside what they turn stand from each other, at least."""


def side_arrow(root: Node) -> Node | None:
    """Return the right one of two wordless buttons between which something stands that they turn; None where there are no two.

    Args:
        root: Where to look; of several such pairs none is meant.
    """
    buttons = [node for node in root.walk() if _is_bare(node) and 0 < node.box.width <= WIDEST_ARROW]
    pairs = [
        right
        for left in buttons
        for right in buttons
        if _is_twin(left, right) and any(_is_between(leaf, left, right) for leaf in root.leaves)
    ]
    return pairs[0] if len(pairs) == 1 else None


def _is_twin(left: Node, right: Node) -> bool:
    return (
        _shape(left) == _shape(right)
        and left.box.height <= WIDEST_ARROW
        and right.box.x - left.box.right >= NARROWEST_TURNED
    )


def _is_between(leaf: Node, left: Node, right: Node) -> bool:
    return left.box.x <= leaf.box.x and leaf.box.right <= right.box.right and leaf.box.overlap_y(left.box) > 0


SMALLEST_DOT, LARGEST_DOT = 2, 24
"""Sides of the marks below a carousel of which each stands for one of its pages (CSS pixels)."""
MOST_DOTS = 12


def dots_below(root: Node) -> Node | None:
    """Return the row of small marks that says that a carousel has pages after the one shown; None where there is none, or several.

    The marks are alike but for one, which stands for the page that is shown; it is not the last, as far as that can be told:
    of two marks either may be the one.
    """
    rows = [node for node in root.walk() if 1 < len(node.children) <= MOST_DOTS and _are_dots(node.children)]
    return rows[0] if len(rows) == 1 else None


def _are_dots(marks: Sequence[Node]) -> bool:
    small = all(not mark.leaves and not mark.disabled and _is_small(mark.box) for mark in marks)
    level = len({(mark.box.y, mark.box.height) for mark in marks}) == 1
    apart = all(before.box.right <= after.box.x for before, after in pairwise(marks))
    looks = [(mark.background, mark.box.width) for mark in marks]
    others = [look for look in looks[:-1] if look != looks[-1]]
    return small and level and apart and len(others) == 1


def _is_small(box: Box) -> bool:
    return all(SMALLEST_DOT <= side <= LARGEST_DOT for side in (box.width, box.height))
