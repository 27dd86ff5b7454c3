"""Reading a page as a person does: labels and the values beside them, wherever the markup puts them.

A page arrives as a tree of what is visible (``eye.js``); everything here is pure and works on that tree. Labels are matched
without regard to spacing, width and a trailing colon; values are returned as shown, with white space folded.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise, zip_longest
from typing import Any, Literal

Colour = Literal["blue", "green", "red", "orange", "grey", "black"]

SEAM = "\x1f"
"""Stands between two neighbouring leaves of one line, so that ``<b>民族</b><i>汉族</i>`` keeps its two words apart."""


@dataclass(frozen=True)
class Box:
    """Place on the page, in CSS pixels."""

    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        """The centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    def overlap_x(self, other: Box) -> float:
        """Return how many pixels the two share horizontally (negative: the gap)."""
        return min(self.right, other.right) - max(self.x, other.x)

    def overlap_y(self, other: Box) -> float:
        """Return how many pixels the two share vertically (negative: the gap)."""
        return min(self.bottom, other.bottom) - max(self.y, other.y)


@dataclass(eq=False, slots=False)
class Node:
    """One visible thing: an element, or a leaf of text (``tag`` is then ``#text``)."""

    tag: str
    box: Box = Box()
    own: str = ""
    colour: str = ""
    background: str = ""
    inline: bool = False
    alt: str = ""
    src: str = ""
    natural: tuple[int, int] = (0, 0)
    href: str = ""
    role: str = ""
    label: str = ""
    placeholder: str = ""
    title: str = ""
    type: str = ""
    value: str | None = None
    checked: bool | None = None
    disabled: bool = False
    children: list[Node] = field(default_factory=list)
    parent: Node | None = None

    @property
    def is_leaf(self) -> bool:
        """True for what carries words itself: text, a field's value, a picture."""
        return self.tag == "#text" or not self.children

    @property
    def is_picture(self) -> bool:
        """True for images, canvases and empty elements with a background picture."""
        return bool(self.src) or self.tag in ("img", "canvas", "svg")

    @property
    def said(self) -> str:
        """What this leaf says by itself: its words, a field's value, a picture's alternative text."""
        return self.own or self.value or self.alt

    @cached_property
    def leaves(self) -> tuple[Node, ...]:
        """All leaves below that say something, in reading order."""
        return tuple(node for node in self.walk() if node.is_leaf and node.said.strip())

    @cached_property
    def text(self) -> str:
        """All words below with white space folded; blocks are separated by a space."""
        return squash(" ".join(line.text for line in lines(self)))

    def walk(self) -> Iterator[Node]:
        """Yield this node and everything below, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def ancestors(self) -> Iterator[Node]:
        """Yield the parents, nearest first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def siblings_after(self) -> list[Node]:
        """Return what follows under the same parent."""
        if self.parent is None:
            return []
        siblings = self.parent.children
        return siblings[siblings.index(self) + 1 :]

    def holds(self, other: Node) -> bool:
        """True when ``other`` is this node or below it."""
        return other is self or any(parent is self for parent in other.ancestors())


@dataclass(frozen=True)
class Line:
    """A run of inline leaves inside one block: what a person reads as one line or cell."""

    block: Node
    leaves: tuple[Node, ...]

    @property
    def text(self) -> str:
        """The line's words, white space folded."""
        return squash("".join(leaf.said for leaf in self.leaves))

    @property
    def seamed(self) -> str:
        """The line's words with a seam between leaves."""
        return SEAM.join(leaf.said for leaf in self.leaves)


@dataclass(frozen=True)
class Field:
    """A label and its value.

    ``label`` is the known label it was found by; ``value`` is what stands there ("" for a blank); ``at`` is the node that
    carries the value (the label's own line when blank), for colour, place and screenshots.
    """

    label: str
    value: str
    at: Node
    anchor: Node


@dataclass(frozen=True)
class Sight:
    """What ``eye.js`` saw of one frame.

    ``files`` counts its file fields, hidden ones too; ``loading`` is true while it or a picture in it is still coming.
    """

    root: Node
    files: int = 0
    loading: bool = False


def parse(raw: str) -> Sight:
    """Build the tree from what ``eye.js`` returned (JSON text)."""
    seen = json.loads(raw)
    root = node_from(seen["body"]) if seen["body"] else Node("body")
    return Sight(root, seen["files"], seen["loading"])


def node_from(data: dict[str, Any]) -> Node:
    """Build one node and everything below it."""
    node = Node(
        tag=data.get("t", "#text"),
        box=Box(*data.get("b", ())),
        own=data.get("x") or "",
        colour=data.get("k", ""),
        background=data.get("g", ""),
        inline="t" not in data or "i" in data,
        alt=data.get("a", ""),
        src=data.get("u", ""),
        natural=tuple(data.get("n", (0, 0))),
        href=data.get("h", ""),
        role=data.get("r", ""),
        label=data.get("l", ""),
        placeholder=data.get("p", ""),
        title=data.get("w", ""),
        type=data.get("y", ""),
        value=data.get("v"),
        checked=data.get("s"),
        disabled="d" in data,
        children=[node_from(child) for child in data.get("c", ())],
    )
    for child in node.children:
        child.parent = node
    return node


def squash(text: str) -> str:
    """Return the text with every run of white space (no-break and ideographic ones too) as one blank, ends trimmed."""
    return " ".join(text.split())


def key(text: str) -> str:
    """Return the text for comparing: NFKC, no white space, no trailing colon, no leading star."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lstrip("*").rstrip(":")


def lines(node: Node) -> Iterator[Line]:
    """Yield the lines below ``node`` in reading order: runs of inline leaves, broken by blocks and ``<br>``."""
    run: list[Node] = []
    for child in [node] if node.is_leaf else node.children:
        yield from _extend(child, node, run)
    yield from _flush(node, run)


def _extend(child: Node, block: Node, run: list[Node]) -> Iterator[Line]:
    if child.tag == "br":
        yield from _flush(block, run)
    elif child.is_leaf:
        run.extend([child] if child.said.strip() else [])
    elif child.inline:
        for below in child.children:
            yield from _extend(below, block, run)
    else:
        yield from _flush(block, run)
        yield from lines(child)


def _flush(block: Node, run: list[Node]) -> Iterator[Line]:
    if run:
        yield Line(block, tuple(run))
        run.clear()


@cache
def _label_pattern(labels: frozenset[str]) -> re.Pattern[str]:
    """A pattern that finds any label at a word's start, spaced anyhow, before a colon, a seam or the line's end."""
    spaced = (
        rf"[\s{SEAM}]*".join(re.escape(char) for char in wide)
        for label in sorted(labels, key=len, reverse=True)
        for wide in dict.fromkeys((key(label), re.sub(r"\s+", "", label)))
    )
    return re.compile(
        rf"(?:^|(?<=[\s{SEAM}、，,;；。|*]))(?P<label>{'|'.join(spaced)})\s*(?:{SEAM}?\s*[:：]|{SEAM}|\s*$)"
    )


def fields(root: Node, labels: Collection[str]) -> list[Field]:
    """Return every label of ``labels`` that stands on the page, with its value, in reading order.

    Args:
        root: Where to look.
        labels: The labels that count as labels here, all of them: a neighbour that is itself a label is no value.
    """
    known = {key(label): label for label in labels}
    pattern = _label_pattern(frozenset(labels))
    return [found for line in lines(root) for found in _in_line(line, pattern, known)]


def _in_line(line: Line, pattern: re.Pattern[str], known: dict[str, str]) -> Iterator[Field]:
    text = line.seamed
    hits = list(pattern.finditer(text))
    for hit, after in zip_longest(hits, hits[1:]):
        anchor = _leaf_at(line, hit.start("label"))
        label = known[key(hit["label"].replace(SEAM, ""))]
        end = after.start() if after else len(text)
        value = squash(text[hit.end() : end].replace(SEAM, ""))
        if value:
            yield Field(label, value, _leaf_at(line, _first_word(text, hit.end())), anchor)
        elif after is None:
            yield _outside(line, label, anchor, pattern)
        else:
            yield Field(label, "", anchor, anchor)


def _first_word(text: str, start: int) -> int:
    blank = re.compile(rf"[\s{SEAM}]*").match(text, start)
    return blank.end() if blank else start


def _leaf_at(line: Line, offset: int) -> Node:
    for leaf in line.leaves:
        if offset < len(leaf.said) + 1:
            return leaf
        offset -= len(leaf.said) + 1
    return line.leaves[-1]


def _outside(line: Line, label: str, anchor: Node, pattern: re.Pattern[str]) -> Field:
    """The value beyond the label's own line: the cell below where the label heads a column, else the next block."""
    header = _header_row(line.block, pattern)
    place = _below(header, line.block) if header else _neighbour(line)
    if place is None or _starts_with_label(place, pattern):
        return Field(label, "", anchor, anchor)
    return Field(label, _value_text(place, pattern), _value_node(place), anchor)


def _neighbour(line: Line) -> Node | None:
    """The block after this line: next to the line's last leaf, next to its block, or next to a wrapper of only the label.

    An empty element right beside the label is the blank value; what lies beyond a list entry or a row is another entry.
    """
    node: Node | None = line.leaves[-1]
    words = line.text
    while node is not None and node.parent is not None and node.tag not in ENTRIES:
        after = [sibling for sibling in node.siblings_after() if sibling.tag != "br"]
        filled = [sibling for sibling in after if _is_place(sibling)]
        if filled or after:
            return filled[0] if filled else after[0]
        node = node.parent
        if node.text != words:
            return None
    return None


ENTRIES = ("li", "tr")


def _is_place(node: Node) -> bool:
    """True for what can hold a value: something that says something, or an empty cell that takes up room."""
    takes_room = node.box.width > 1 and node.box.height > 1
    return bool(node.leaves) or node.tag in CELLS or takes_room


CELLS = ("td", "th", "dd")


def _starts_with_label(node: Node, pattern: re.Pattern[str]) -> bool:
    first = next(lines(node), None)
    return bool(first and pattern.match(first.seamed))


def _value_text(node: Node, pattern: re.Pattern[str]) -> str:
    """The neighbour's words up to the next label, so that a wrapper of several rows gives only its first."""
    parts: list[str] = []
    for line in lines(node):
        if pattern.search(line.seamed):
            break
        parts.append(line.text)
    return squash(" ".join(parts))


def _value_node(node: Node) -> Node:
    return node.leaves[0] if len(node.leaves) == 1 else node


def _header_row(block: Node, pattern: re.Pattern[str]) -> Node | None:
    """The row of column headers that the block is a cell of, or None.

    Cells of a header stand side by side; either all are header cells, or two labels stand next to each other over a row of
    as many cells without any label (rows of label and value in turn have labels in every row).
    """
    cell = _cell_of(block)
    row = cell.parent if cell else None
    if row is None or not _side_by_side(row.children):
        return None
    under = _rows_under(row)
    if all(one.tag == "th" for one in row.children) and under:
        return row
    labels = [_starts_with_label(one, pattern) for one in row.children]
    adjacent = any(one and other for one, other in pairwise(labels))
    plain = under and len(under[0].children) == len(row.children)
    return (
        row
        if adjacent and plain and not any(_starts_with_label(one, pattern) for one in under[0].children)
        else None
    )


def _cell_of(block: Node) -> Node | None:
    """The block or the nearest node around it that has siblings."""
    around = (node for node in (block, *block.ancestors()) if node.parent and len(node.parent.children) > 1)
    return next(around, None)


def _side_by_side(cells: Sequence[Node]) -> bool:
    return all(one.box.overlap_y(other.box) > 0 for one, other in pairwise(cells))


def _rows_under(row: Node) -> list[Node]:
    """The rows that follow a row, in its own group or, for a table's head, in the groups after it."""
    after = row.siblings_after()
    if not after and row.parent is not None:
        after = [below for group in row.parent.siblings_after() for below in group.children]
    return [one for one in after if one.children]


def _below(row: Node, block: Node) -> Node | None:
    """The cell under a header cell in the next row: the one that shares most of its column."""
    cells = _rows_under(row)[0].children
    return max(cells, key=lambda cell: cell.box.overlap_x(block.box), default=None)


def first_value(found: Sequence[Field], labels: Collection[str]) -> Field | None:
    """Return the field among ``found`` that one of ``labels`` names, a filled one before a blank one."""
    keys = {key(label) for label in labels}
    mine = [item for item in found if key(item.label) in keys]
    return next((item for item in mine if item.value), mine[0] if mine else None)


def says(root: Node, *words: str) -> bool:
    """True when the visible text contains one of the words, whatever the spacing and width."""
    whole = key(root.text)
    return any(key(word) in whole for word in words)


def holders(root: Node, is_anchor: Callable[[Node], bool]) -> list[Node]:
    """Return, for each anchor leaf, the largest node that holds no other anchor: cards, rows, records.

    With a single anchor that is ``root`` itself.
    """
    anchors = [leaf for leaf in root.leaves if is_anchor(leaf)]
    return [_largest_alone(leaf, anchors, root) for leaf in anchors]


def _largest_alone(leaf: Node, anchors: Sequence[Node], root: Node) -> Node:
    best = leaf
    for parent in leaf.ancestors():
        if sum(parent.holds(anchor) for anchor in anchors) > 1:
            break
        best = parent
        if parent is root:
            break
    return best


def pictures(root: Node) -> list[Node]:
    """Return every visible picture, in reading order."""
    return [node for node in root.walk() if node.is_picture]


def captioned(root: Node, words: Collection[str]) -> list[Node]:
    """Return the pictures that a person would say carry one of the captions.

    The caption is the picture's alternative text or a line that contains the word; a line belongs to the picture in the
    smallest container that has one, and among several there to the nearest one in its column.
    """
    wanted = [key(word) for word in words]
    hits = [p for p in pictures(root) if any(word in key(p.alt) for word in wanted)]
    for line in lines(root):
        if any(word in key(line.text) for word in wanted) and not any(
            leaf.is_picture for leaf in line.leaves
        ):
            hits.extend(p for p in [_nearest_picture(line, root)] if p is not None)
    return list(dict.fromkeys(hits))


MAX_CAPTION = 24
"""A caption is short; a longer line is a sentence about photos, not the name of one."""


def _nearest_picture(line: Line, root: Node) -> Node | None:
    if len(key(line.text)) > MAX_CAPTION:
        return None
    for holder in (line.block, *line.block.ancestors()):
        inside = [picture for picture in pictures(holder) if not _is_icon(picture)]
        if inside:
            return min(inside, key=lambda picture: _distance(picture.box, line.leaves[0].box))
        if holder is root:
            break
    return None


MIN_PHOTO_SIDE = 40
"""Pictures smaller than this are icons (pixels)."""


def _is_icon(picture: Node) -> bool:
    """True for small drawings; a picture that did not load has no size and may still be the photo."""
    broken = picture.tag == "img" and not max(picture.natural)
    return not broken and min(picture.box.width, picture.box.height) < MIN_PHOTO_SIDE


def _distance(picture: Box, caption: Box) -> float:
    """How far a caption is from a picture, a column's breadth counting more than a line's height."""
    aside = max(0.0, -picture.overlap_x(caption))
    above = max(0.0, -picture.overlap_y(caption))
    return aside * 4 + above


def colour_name(css: str) -> Colour | None:
    """Return blue, green, red, orange, grey or black for a CSS ``rgb(…)`` colour, or None for another."""
    numbers = [float(part) for part in re.findall(r"[\d.]+", css)[:3]]
    if len(numbers) < 3:
        return None
    red, green, blue = numbers
    spread = max(numbers) - min(numbers)
    if spread < 30:
        return "black" if max(numbers) < 90 else "grey" if max(numbers) < 225 else None
    if blue == max(numbers):
        return "blue"
    if red == max(numbers):
        return "orange" if green - blue > 60 and green > 0.35 * red else "red"
    return "green"


def shown_colour(node: Node) -> Colour | None:
    """Return the colour a person would name: the words' own, or that of the badge behind white words."""
    leaf = node.leaves[0] if node.leaves else node
    own = colour_name(leaf.colour)
    if own is not None:
        return own
    behind = next((parent.background for parent in (leaf, *leaf.ancestors()) if parent.background), "")
    return colour_name(behind)
