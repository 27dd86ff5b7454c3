"""Reading a page as a person does: labels and the values beside them, wherever the markup puts them.

A page arrives as a tree of what is visible (``eye.js``); everything here is pure and works on that tree. Labels are matched
without regard to spacing, width and a trailing colon; values are returned as shown, with white space folded.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import pairwise, zip_longest
from typing import Any, Literal

Colour = Literal["blue", "green", "red", "orange", "grey", "black"]

SEAM = "\x1f"
"""Stands between two neighbouring leaves of one line, so that ``<b>民族</b><i>汉族</i>`` keeps its two words apart."""
GLUE = "\u2060"
"""Stands there instead where no room is left between two letters: ``辅修<i>学号</i>`` is one word, and no 学号."""
TOUCHING = 1.0
"""Room that counts as none (CSS pixels): places are whole ones."""


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


@dataclass(frozen=True)
class Glimpse:
    """Words of a page that had to be read by eye.

    Args:
        text: What they say; a replacement character where nobody could read them.
        crops: PNGs of them, one per line.
        letters: How many letters there are, where the page says so.
    """

    text: str
    crops: tuple[bytes, ...] = field(repr=False)
    letters: int | None = None


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
    readonly: bool = False
    glimpses: tuple[Glimpse, ...] = ()
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
        """The line's words with a seam between leaves, or glue."""
        joints = (GLUE if _go_on(*pair) else SEAM for pair in pairwise(self.leaves))
        return "".join(leaf.said + joint for leaf, joint in zip(self.leaves, (*joints, ""), strict=False))


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
        readonly="o" in data,
        children=[node_from(child) for child in data.get("c", ())],
    )
    for child in node.children:
        child.parent = node
    return node


def squash(text: str) -> str:
    """Return the text with every run of white space (no-break and ideographic ones too) as one blank, ends trimmed."""
    return " ".join(text.split())


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """Return the text for comparing: NFKC, no white space, no trailing colon, no leading star."""
    bare = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    # Without the blanks a mark may stand beside a letter that it combines with.
    return unicodedata.normalize("NFKC", bare).lstrip("*").rstrip(":")


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
def label_pattern(labels: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern that finds any label at a word's start, spaced anyhow, before a colon, a seam or the line's end."""
    spaced = (
        rf"[\s{SEAM}{GLUE}]*".join(map(_any_width, key(label)))
        for label in sorted(labels, key=len, reverse=True)
    )
    return re.compile(
        rf"(?:^|(?<=[\s{SEAM}、，,;；。|*＊]))(?P<label>{'|'.join(spaced)})\s*(?:[{SEAM}{GLUE}]?\s*[:：]|[{SEAM}{GLUE}]|\s*$)"
    )


def _any_width(char: str) -> str:
    """A pattern for a character in its narrow and its wide form."""
    wide = chr(ord(char) + 0xFEE0)
    return f"[{re.escape(char)}{wide}]" if "!" <= char <= "~" else re.escape(char)


def fields(root: Node, labels: Collection[str]) -> list[Field]:
    """Return every label of ``labels`` that stands on the page, with its value, in reading order.

    Args:
        root: Where to look.
        labels: The labels that count as labels here, all of them: a neighbour that is itself a label is no value.
    """
    known = {key(label): label for label in labels}
    pattern = label_pattern(frozenset(labels))
    return [found for line in lines(root) for found in _in_line(line, pattern, known)]


def _in_line(line: Line, pattern: re.Pattern[str], known: dict[str, str]) -> Iterator[Field]:
    text = line.seamed
    hits = list(pattern.finditer(text))
    for hit, after in zip_longest(hits, hits[1:]):
        anchor = _leaf_at(line, hit.start("label"))
        label = known[key(_joined(hit["label"]))]
        value = squash(_joined(text[hit.end() : after.start() if after else len(text)]))
        value = value.rstrip(BETWEEN_FIELDS) if after else value
        if value:
            yield Field(label, value, _leaf_at(line, _first_word(text, hit.end())), anchor)
        elif len(hits) > 1:
            yield Field(label, "", anchor, anchor)
        else:
            yield _outside(line, label, anchor, pattern)


BETWEEN_FIELDS = " 、，,;；|"
"""Marks that part two fields on one line and belong to neither."""


def _joined(text: str) -> str:
    return text.replace(SEAM, "").replace(GLUE, "")


def _go_on(one: Node, other: Node) -> bool:
    """True when a leaf of text goes on with the word of the leaf before it."""
    apart = abs(other.box.x - one.box.right) > TOUCHING or one.box.overlap_y(other.box) <= 0
    return not apart and one.own[-1:].isalpha() and other.own[:1].isalpha()


def _first_word(text: str, start: int) -> int:
    blank = re.compile(rf"[\s{SEAM}{GLUE}]*").match(text, start)
    return blank.end() if blank else start


def _leaf_at(line: Line, offset: int) -> Node:
    for leaf in line.leaves:
        if offset < len(leaf.said) + 1:
            return leaf
        offset -= len(leaf.said) + 1
    return line.leaves[-1]


def _outside(line: Line, label: str, anchor: Node, pattern: re.Pattern[str]) -> Field:
    """The value beyond the label's own line: the cell below where the label heads a column, else the next block."""
    table = table_under(anchor, pattern)
    if table is None and _is_blank_entry(line.block, pattern):
        return Field(label, "", anchor, anchor)
    place = table.under(anchor) if table else _neighbour(line)
    if place is None or _starts_with_label(place, pattern):
        return Field(label, "", anchor, anchor)
    return Field(label, _value_text(place, pattern), _value_node(place), anchor)


def _is_blank_entry(block: Node, pattern: re.Pattern[str]) -> bool:
    """True when the entries before this one hold label and value in one line: then this one's value is blank."""
    before = block.parent.children[: block.parent.children.index(block)] if block.parent else []
    alike = [line for node in before if node.tag == block.tag for line in lines(node)]
    return any(
        (hit := pattern.search(line.seamed)) and squash(_joined(line.seamed[hit.end() :])) for line in alike
    )


def _neighbour(line: Line) -> Node | None:
    """The block after this line: next to the line's last leaf, next to its block, or next to a wrapper of only the label.

    An empty element right beside the label is the blank value; what lies beyond a list entry or a row is another entry.
    """
    node: Node | None = line.leaves[-1]
    while node is not None and node.parent is not None and node.tag not in ENTRIES:
        after = [
            sibling for sibling in node.siblings_after() if sibling.tag != "br" and sibling.text not in COLONS
        ]
        filled = [sibling for sibling in after if _is_place(sibling)]
        if filled or after:
            return filled[0] if filled else after[0]
        node = node.parent
        if not all(leaf in line.leaves for leaf in node.leaves):
            return None
    return None


ENTRIES = ("li", "tr")
COLONS = (":", "：")
"""A colon in a cell of its own is no value."""


def _is_place(node: Node) -> bool:
    """True for what can hold a value: something that says something, or an empty cell that takes up room."""
    takes_room = node.box.width > 1 and node.box.height > 1
    return bool(node.leaves) or node.tag in CELLS or takes_room


CELLS = ("td", "th", "dd")


def _starts_with_label(node: Node, pattern: re.Pattern[str]) -> bool:
    first = next(lines(node), None)
    return bool(first and pattern.match(first.seamed.lstrip()))


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


@dataclass(frozen=True)
class Table:
    """Column headers, known or not, and the rows of cells under them."""

    headers: tuple[Node, ...]
    rows: tuple[tuple[Node, ...], ...]

    def column(self, anchor: Node) -> int:
        """Return which header holds a leaf."""
        return next(place for place, cell in enumerate(self.headers) if cell.holds(anchor))

    def cell(self, row: Sequence[Node], column: int) -> Node | None:
        """Return a row's cell in a column: by its place where the row is complete, else by where it stands."""
        if len(row) == len(self.headers):
            return row[column]
        box = self.headers[column].box
        return max(
            (cell for cell in row if cell.box.overlap_x(box) > 0),
            key=lambda c: c.box.overlap_x(box),
            default=None,
        )

    def under(self, anchor: Node) -> Node | None:
        """Return the cell right below the header that holds a leaf."""
        return self.cell(self.rows[0], self.column(anchor)) if self.rows else None


def table_under(anchor: Node, pattern: re.Pattern[str]) -> Table | None:
    """Return the table whose column headers a label is one of, or None where the label has its value beside it.

    The headers stand side by side; either all are header cells, or two labels stand next to each other over a row of as
    many cells without any label (rows of label and value in turn have labels in every row).
    """
    cell = _cell_of(anchor)
    headers, rows = _rows_from(cell) if cell else ((), ())
    rows = tuple(row for row in rows if any(one.leaves for one in row))
    if cell is None or not rows or not _starts_with_label(cell, pattern):
        return None
    if all(one.tag == "th" for one in headers) and not all(one.tag == "th" for one in rows[0]):
        return Table(headers, rows)
    labels = [_starts_with_label(one, pattern) for one in headers]
    adjacent = any(one and other for one, other in pairwise(labels))
    plain = len(rows[0]) == len(headers) and not any(_starts_with_label(one, pattern) for one in rows[0])
    return Table(headers, rows) if adjacent and plain else None


def _cell_of(leaf: Node) -> Node | None:
    """The block around a leaf that has neighbours, or the leaf where it stands among blocks itself."""
    return next((node for node in (leaf, *leaf.ancestors()) if _stands_apart(node)), None)


def _stands_apart(node: Node) -> bool:
    """True with neighbours of which some are no words of the same line."""
    among = node.parent.children if node.parent else []
    return len(among) > 1 and not all(one.inline for one in among)


def _rows_from(cell: Node) -> tuple[tuple[Node, ...], tuple[tuple[Node, ...], ...]]:
    """The cells beside a cell, and the rows after them: the next rows, or the next lines of cells in one grid."""
    siblings = cell.parent.children if cell.parent else []
    bands = _bands(siblings)
    here = next(place for place, band in enumerate(bands) if cell in band)
    if len(bands) > 1:
        return tuple(bands[here]), tuple(map(tuple, bands[here + 1 :]))
    return tuple(siblings), tuple(tuple(row.children) for row in _rows_under(cell.parent) if row.children)


def _bands(cells: Sequence[Node]) -> list[list[Node]]:
    """Cells grouped into lines from top to bottom: those that share height with the first of their line."""
    bands: list[list[Node]] = []
    for cell in cells:
        if bands and bands[-1][0].box.overlap_y(cell.box) > 0:
            bands[-1].append(cell)
        else:
            bands.append([cell])
    return bands


def _rows_under(row: Node | None) -> list[Node]:
    """The rows that follow a row: in its group, in the groups after its table's head, or in the table after that."""
    for node in (row, *row.ancestors()) if row else ():
        after = [sibling for sibling in node.siblings_after() if sibling.leaves]
        rows = after if node is row else [below for group in after for below in _rows_in(group)]
        if rows:
            return rows
        if node.parent is not None and node.parent.text != node.text:
            return []
    return []


def _rows_in(node: Node) -> list[Node]:
    """The rows of a table or group: the first level at which there are several, or the only row."""
    while len(node.children) == 1 and node.children[0].children:
        only = node.children[0]
        if len(only.children) > 1 and len(_bands(only.children)) == 1:
            return [only]
        node = only
    return node.children


def first_value(found: Sequence[Field], labels: Collection[str]) -> Field | None:
    """Return the field among ``found`` that one of ``labels`` names, a filled one before a blank one."""
    keys = {key(label) for label in labels}
    mine = [item for item in found if key(item.label) in keys]
    return next((item for item in mine if item.value), mine[0] if mine else None)


def contains(text: str, words: Iterable[str]) -> bool:
    """True when the text has one of the words, whatever the spacing and width."""
    whole = key(text)
    return any(key(word) in whole for word in words)


def says(root: Node, *words: str) -> bool:
    """True when the visible text contains one of the words, whatever the spacing and width."""
    return contains(root.text, words)


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


MAX_CAPTION = 24
"""A caption is short; a longer line is a sentence about photos, not the name of one."""
MIN_PHOTO_SIDE = 40
"""Pictures smaller than this are icons (pixels)."""
PORTRAIT = (1.05, 2.0)
"""Height to width of an ID photo; logos and banners lie outside."""


@dataclass(frozen=True)
class _Caption:
    """A line that names a kind of photo."""

    kind: str
    leaf: Node
    holder: Node


def captioned(
    root: Node,
    kinds: Mapping[str, Collection[str]],
    never: Collection[str] = (),
    about: Collection[str] = (),
) -> dict[str, list[Node]]:
    """Return the photos that a person would say carry each kind's caption.

    The caption is the photo's alternative text, or a short line near it that is neither a link nor a button. A line
    belongs to the photo in the smallest container that has one nobody else claims; several lines and as many photos in one
    container go together in order, otherwise each line takes the nearest photo in its column.

    Args:
        root: Where to look.
        kinds: The words of each kind.
        never: Lines that are no captions although they contain a word: the names of pages.
        about: Words of lines that speak about photos and name none, like 须知.
    """
    photos = [node for node in root.walk() if node.is_picture and _is_photo(node)]
    found: dict[str, list[Node]] = {kind: [] for kind in kinds}
    for photo in photos:
        for kind in _kinds_in(photo.alt, kinds):
            found[kind].append(photo)
    captions = [
        caption for line in lines(root) for caption in _captions(line, kinds, never, about, photos, root)
    ]
    claimed = {id(photo) for named in found.values() for photo in named}
    for holder in sorted({caption.holder for caption in captions}, key=lambda node: len(node.leaves)):
        mine = [caption for caption in captions if caption.holder is holder]
        free = [photo for photo in photos if holder.holds(photo) and id(photo) not in claimed]
        for caption, photo in _matched(mine, free):
            found[caption.kind].append(photo)
            claimed.add(id(photo))
    return found


def _kinds_in(text: str, kinds: Mapping[str, Collection[str]]) -> list[str]:
    """The kinds that a text names, in the order in which it names them."""
    whole = key(text)
    places = {
        kind: min((whole.find(key(word)) for word in words if key(word) in whole), default=-1)
        for kind, words in kinds.items()
    }
    return sorted((kind for kind, place in places.items() if place >= 0), key=lambda kind: places[kind])


def _is_photo(node: Node) -> bool:
    """True for what has an ID photo's shape; a picture that did not load has none and may still be the photo."""
    if node.tag == "img" and not max(node.natural):
        return True
    width, height = node.natural if max(node.natural) else (node.box.width, node.box.height)
    return min(width, height) >= MIN_PHOTO_SIDE and PORTRAIT[0] <= height / width <= PORTRAIT[1]


def _captions(
    line: Line,
    kinds: Mapping[str, Collection[str]],
    never: Collection[str],
    about: Collection[str],
    photos: Sequence[Node],
    root: Node,
) -> Iterator[_Caption]:
    words = key(line.text)
    if len(words) > MAX_CAPTION or words in map(key, never) or any(leaf.is_picture for leaf in line.leaves):
        return
    if any(word in words for word in about):
        return
    around = (
        node for node in (line.block, *line.block.ancestors()) if any(node.holds(photo) for photo in photos)
    )
    holder = next(around, root)
    if _is_pressed(line, photos) and not _is_for_one_photo(holder, photos):
        return
    for kind in _kinds_in(line.text, kinds):
        yield _Caption(kind, line.leaves[0], holder)


def _is_pressed(line: Line, photos: Sequence[Node]) -> bool:
    """True for the words of a link or a button, unless the photo is in it too."""
    return any(
        _is_control(node) and not any(node.holds(photo) for photo in photos)
        for node in line.leaves[0].ancestors()
    )


def _is_for_one_photo(holder: Node, photos: Sequence[Node]) -> bool:
    """True for a box with one photo and little else, whose caption may be a link."""
    words = [leaf for leaf in holder.leaves if not leaf.is_picture]
    return len(words) <= 2 and sum(holder.holds(photo) for photo in photos) == 1


def _is_control(node: Node) -> bool:
    return node.tag in ("a", "button") or node.role in ("link", "button", "menuitem", "tab")


def _matched(captions: Sequence[_Caption], photos: Sequence[Node]) -> list[tuple[_Caption, Node]]:
    if len(captions) == len(photos) and all(
        _is_near(c.leaf.box, p.box) for c, p in zip(captions, photos, strict=True)
    ):
        return list(zip(captions, photos, strict=True))
    pairs: list[tuple[_Caption, Node]] = []
    for caption in captions:
        near = [
            photo
            for photo in photos
            if _is_near(caption.leaf.box, photo.box) and photo.box.overlap_x(caption.leaf.box) > 0
        ]
        pairs.extend(
            (caption, photo) for photo in sorted(near, key=lambda p: -p.box.overlap_y(caption.leaf.box))[:1]
        )
    return pairs


def _is_near(caption: Box, photo: Box) -> bool:
    """True when a caption is at most about a photo's height away; one without a place yet is near everything."""
    reach = max(photo.height, 160.0) * 1.2
    placed = photo.width > 0 and photo.height > 0
    return not placed or (-photo.overlap_y(caption) <= reach and -photo.overlap_x(caption) <= reach)


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
