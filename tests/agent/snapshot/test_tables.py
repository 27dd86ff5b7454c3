"""Tables whose head and rows are tables of their own, read without a browser."""

from __future__ import annotations

from agent.snapshot.tables import label_pattern, table_under
from agent.snapshot.tree import Box, Node
from tests.harness.trees import block, text

HEADS = ("姓名", "关系", "职务")


def _row(words: tuple[str, ...], tag: str, top: float, height: float) -> Node:
    boxes = [Box(100.0 * place, top, 100, height) for place in range(len(words))]
    cells = [block(text(said, box=box), tag=tag, box=box) for said, box in zip(words, boxes, strict=True)]
    return block(*cells, tag="tr", box=Box(0, top, 100.0 * len(words), height))


def test_rows_whose_places_are_rounded_are_not_one_row() -> None:
    """Rows that are 38.5 pixels high: whole pixels let the first one lie over the second."""
    head = block(block(_row(HEADS, "th", 0, 39), tag="thead"), tag="table", box=Box(0, 0, 300, 39))
    people = [("王岚", "母亲", "教师"), ("李群", "父亲", "司机")]
    rows = [_row(said, "td", top, 39) for said, top in zip(people, (39, 77), strict=True)]
    body = block(block(*rows, tag="tbody"), tag="table", box=Box(0, 39, 300, 77))
    found = table_under(block(head, body).leaves[0], label_pattern(frozenset(HEADS)))
    assert found is not None
    assert [tuple(cell.text for cell in row) for row in found.rows] == people
