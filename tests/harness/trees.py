"""Trees of visible things, built by hand: what ``snapshot.js`` would have seen, without a browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from agent.snapshot.tree import Box, Node

ROW, COLUMN = 30.0, 120.0
"""Height and width of a cell (pixels)."""


def text(words: str, **parts: Any) -> Node:
    """Return a leaf of text."""
    return Node("#text", own=words, inline=True, **parts)


def block(*children: Node | str, tag: str = "div", **parts: Any) -> Node:
    """Return a block element; strings become leaves."""
    node = Node(
        tag, children=[text(child) if isinstance(child, str) else child for child in children], **parts
    )
    for child in node.children:
        child.parent = node
    return node


def inline(*children: Node | str, tag: str = "span", **parts: Any) -> Node:
    """Return an inline element."""
    return block(*children, tag=tag, inline=True, **parts)


def table(*rows: Sequence[str], head: bool = False) -> Node:
    """Return a table laid out in a grid; the first row is of header cells if ``head``."""
    return block(
        *(_row(cells, number, "th" if head and not number else "td") for number, cells in enumerate(rows)),
        tag="table",
        box=Box(0, 0, COLUMN * max(map(len, rows)), ROW * len(rows)),
    )


def _row(cells: Sequence[str], number: int, tag: str) -> Node:
    boxes = [Box(COLUMN * column, ROW * number, COLUMN, ROW) for column in range(len(cells))]
    return block(
        *(_cell(words, box, tag) for words, box in zip(cells, boxes, strict=True)),
        tag="tr",
        box=replace(boxes[0], width=COLUMN * len(cells)),
    )


def _cell(words: str, box: Box, tag: str) -> Node:
    inside = [text(words, box=Box(box.x + 4, box.y + 4, 14.0 * len(words), 20))] if words else []
    return block(*inside, tag=tag, box=box)
