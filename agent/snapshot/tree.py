"""Tree of what is visible in a frame (``snapshot.js``), with places, and the lines that a person sees in it.

Everything here is pure. Labels are compared without regard to spacing and width (``key``).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice, pairwise, takewhile
from typing import Any

NO_ADDRESS = re.compile(r"#$|javascript:", re.IGNORECASE)
SEAM = "\x1f"
"""Stands between two neighbouring leaves of one line, so that ``<b>民族</b><i>汉族</i>`` keeps its two words apart."""
GLUE = "\u2060"
"""Stands there instead where no room is left between two letters: ``辅修<i>学号</i>`` is one word, and no 学号."""
TOUCHING = 1.0
"""Room that counts as none (CSS pixels): places are whole ones."""
CHOICES = "radiogroup"
"""The role of a field that is several words of which one is pressed, its children."""
PARTS = "group"
"""The role of a field of time that is several fields side by side, its children: the year, the month, perhaps the day."""
NARROWEST_ARROW, WIDEST_ARROW = 4, 48
"""Sides of a thing without words that leads on, opens a list or turns a calendar (CSS pixels)."""


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

    @classmethod
    def around(cls, *boxes: Box) -> Box:
        """Return the smallest place that holds all of some."""
        x, y = min(box.x for box in boxes), min(box.y for box in boxes)
        return cls(x, y, max(box.right for box in boxes) - x, max(box.bottom for box in boxes) - y)

    def covers(self, other: Box) -> bool:
        """True when the other's middle lies in this."""
        x, y = other.middle
        return self.x <= x <= self.right and self.y <= y <= self.bottom

    def overlap_x(self, other: Box) -> float:
        """Return how many pixels the two share horizontally (negative: the gap)."""
        return min(self.right, other.right) - max(self.x, other.x)

    def overlap_y(self, other: Box) -> float:
        """Return how many pixels the two share vertically (negative: the gap)."""
        return min(self.bottom, other.bottom) - max(self.y, other.y)

    def is_level_with(self, other: Box) -> bool:
        """True for two places on one line: they share more than half of the lower one's height."""
        return self.overlap_y(other) > min(self.height, other.height) / 2


@dataclass(frozen=True)
class OcrText:
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
    drawn: bool = False
    """True for a box or a list that the page draws over a hidden one."""
    ocr_texts: tuple[OcrText, ...] = ()
    children: list[Node] = field(default_factory=list)
    parent: Node | None = None

    @property
    def is_leaf(self) -> bool:
        """True for what carries words itself: text, a field's value, a picture."""
        return self.tag == "#text" or not self.children

    @property
    def leads_away(self) -> bool:
        """True for a link to an address of its own; one of ``#`` or a script is there to be pressed."""
        return bool(self.href) and not NO_ADDRESS.match(self.href)

    @property
    def is_picture(self) -> bool:
        """True for images, canvases and empty elements with a background picture."""
        return bool(self.src) or self.tag in ("img", "canvas", "svg")

    @property
    def is_field(self) -> bool:
        """True for what HTML fills in: an input of any type, a list, an area of text."""
        return self.tag in ("input", "select", "textarea")

    @property
    def is_fixed(self) -> bool:
        """True for a field whose value nobody can change."""
        return self.readonly or self.disabled

    @property
    def is_control(self) -> bool:
        """True for a link or a button, by whatever markup."""
        return self.tag in ("a", "button") or self.role in ("link", "button", "menuitem", "tab")

    @property
    def is_pressed(self) -> bool:
        """True for what is, or stands in, a link or a button."""
        return any(node.is_control for node in self.upwards())

    @property
    def words(self) -> str:
        """What this leaf says by itself: its words, a field's value, a picture's alternative text."""
        return self.own or self.value or self.alt

    @cached_property
    def leaves(self) -> tuple[Node, ...]:
        """All leaves below that say something, in reading order."""
        return tuple(node for node in self.walk() if node.is_leaf and node.words.strip())

    @cached_property
    def lines(self) -> tuple[TextLine, ...]:
        """The lines below, see the function of the same name: a tree is asked for them again and again."""
        return tuple(_lines(self))

    @cached_property
    def read(self) -> dict[tuple[str, ...], list[Any]]:
        """What was read here beside labels, by the labels."""
        return {}

    @cached_property
    def text(self) -> str:
        """All words below with white space folded; blocks are separated by a space."""
        return squash(" ".join(line.text for line in lines(self)))

    def walk(self) -> Iterator[Node]:
        """Yield this node and everything below, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def upwards(self) -> Iterator[Node]:
        """Yield this node and its parents, nearest first."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent

    def ancestors(self) -> Iterator[Node]:
        """Yield the parents, nearest first."""
        return islice(self.upwards(), 1, None)

    def widest(self, fits: Callable[[Node], bool]) -> Node:
        """Return the largest part of the page around this that fits, as every smaller one does; this where none does."""
        return [self, *takewhile(fits, self.ancestors())][-1]

    def shared_with(self, other: Node) -> Node:
        """Return the smallest part of the page that holds both."""
        return next((node for node in self.ancestors() if node.holds(other)), self)

    def siblings_after(self) -> list[Node]:
        """Return what follows under the same parent."""
        if self.parent is None:
            return []
        siblings = self.parent.children
        return siblings[siblings.index(self) + 1 :]

    def holds(self, other: Node) -> bool:
        """True when ``other`` is this node or below it."""
        return any(node is self for node in other.upwards())


@dataclass(frozen=True)
class TextLine:
    """A run of inline leaves inside one block: what a person reads as one line or cell."""

    block: Node
    leaves: tuple[Node, ...]

    @cached_property
    def text(self) -> str:
        """The line's words, white space folded."""
        return squash("".join(leaf.words for leaf in self.leaves))

    @cached_property
    def seamed(self) -> str:
        """The line's words with a seam between leaves, or glue."""
        joints = (GLUE if _go_on(*pair) else SEAM for pair in pairwise(self.leaves))
        return "".join(leaf.words + joint for leaf, joint in zip(self.leaves, (*joints, ""), strict=False))


@dataclass(frozen=True)
class FrameTree:
    """Result of ``snapshot.js`` for one frame.

    ``files`` counts its file fields, hidden ones too; ``loading`` is true while it or a picture in it is still coming;
    ``busy`` while something that it shows says that more is to come.
    """

    root: Node
    files: int = 0
    loading: bool = False
    busy: bool = False


def parse(raw: str) -> FrameTree:
    """Build the tree from what ``snapshot.js`` returned (JSON text, which its mark may stand before)."""
    seen = json.loads(raw[raw.index("{") :])
    root = node_from(seen["body"]) if seen["body"] else Node("body")
    return FrameTree(root, seen["files"], seen["loading"], seen.get("busy", False))


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
        drawn="z" in data,
        children=[node_from(child) for child in data.get("c", ())],
    )
    for child in node.children:
        child.parent = node
    return node


def is_arrow(node: Node) -> bool:
    """True for a small thing without words, as an arrow is."""
    sides = (node.box.width, node.box.height)
    wordless = not any(char.isalnum() for char in node.text)
    return node.tag != "#text" and wordless and all(NARROWEST_ARROW <= side <= WIDEST_ARROW for side in sides)


def squash(text: str) -> str:
    """Return the text with every run of white space (no-break and ideographic ones too) as one blank, ends trimmed."""
    return " ".join(text.split())


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """Return the text for comparing: NFKC, no white space, no trailing colon, no leading star."""
    bare = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    # Without the blanks a mark may stand beside a letter that it combines with.
    return unicodedata.normalize("NFKC", bare).lstrip("*").rstrip(":")


def lines(node: Node) -> Iterator[TextLine]:
    """Yield the lines below ``node`` in reading order: runs of inline leaves, broken by blocks, ``<br>`` and tabs."""
    return iter(node.lines)


def _lines(node: Node) -> Iterator[TextLine]:
    run: list[Node] = []
    for child in [node] if node.is_leaf else node.children:
        yield from _extend(child, node, run)
    yield from _flush(node, run)


def _extend(child: Node, block: Node, run: list[Node]) -> Iterator[TextLine]:
    if child.tag == "br":
        yield from _flush(block, run)
    elif child.is_leaf:
        run.extend([child] if child.words.strip() else [])
    elif child.inline and child.role != "tab":
        for below in child.children:
            yield from _extend(below, block, run)
    else:
        yield from _flush(block, run)
        yield from _lines(child)


def _flush(block: Node, run: list[Node]) -> Iterator[TextLine]:
    if run:
        yield TextLine(block, tuple(run))
        run.clear()


def _go_on(one: Node, other: Node) -> bool:
    """True when a leaf of text goes on with the word of the leaf before it."""
    apart = abs(other.box.x - one.box.right) > TOUCHING or one.box.overlap_y(other.box) <= 0
    return not apart and one.own[-1:].isalpha() and other.own[:1].isalpha()
