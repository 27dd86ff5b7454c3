"""Tables as a person reads them: heads of columns side by side, and the rows of cells under them.

Pure: works on the tree of what is visible (``agent.snapshot.tree``), whatever elements the markup makes rows and cells of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from agent.snapshot.tree import GLUE, SEAM, TOUCHING, Node, key, lines


@cache
def label_pattern(labels: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern that finds any label at a word's start, spaced anyhow, before a colon, a seam or the line's end.

    A star behind it says that its value is required.
    """
    spaced = (
        rf"[\s{SEAM}{GLUE}]*".join(map(_any_width, key(label)))
        for label in sorted(labels, key=len, reverse=True)
    )
    return re.compile(
        rf"(?:^|(?<=[\s{SEAM}、，,;；。|*＊（(【\[]))(?P<label>{'|'.join(spaced)})(?:[\s{SEAM}{GLUE}]*[*＊])?\s*(?:[{SEAM}{GLUE}]?\s*[:：]|[{SEAM}{GLUE}]|\s*$)"
    )


def _any_width(char: str) -> str:
    """A pattern for a character in its narrow and its wide form."""
    wide = chr(ord(char) + 0xFEE0)
    return f"[{re.escape(char)}{wide}]" if "!" <= char <= "~" else re.escape(char)


def starts_with_label(node: Node, pattern: re.Pattern[str]) -> bool:
    """True for something whose first words are a label."""
    first = next(lines(node), None)
    return bool(first and pattern.match(first.seamed.lstrip()))


@dataclass(frozen=True)
class ColumnTable:
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
            (cell for cell in row if cell.box.overlap_x(box) > OUT_OF_LINE),
            key=lambda c: c.box.overlap_x(box),
            default=None,
        )

    def cell_beside(self, row: Sequence[Node], column: int) -> Node | None:
        """Return the cell in a column on the line of a row, which may be a row of another table beside this one."""
        own = row if any(one is row for one in self.rows) else None
        own = own or next((one for one in self.rows if top_of(one) == top_of(row)), None)
        return self.cell(own, column) if own else None

    def cell_over(self, row: Sequence[Node], column: int) -> Node | None:
        """Return the cell in a column that begins in a row before and goes on beside this one."""
        box, begins = self.headers[column].box, top_of(row)
        among = (
            cell for one in self.rows if top_of(one) < begins for cell in one if cell.box.bottom > begins + 1
        )
        return next((cell for cell in among if cell.box.overlap_x(box) > OUT_OF_LINE), None)

    def under(self, anchor: Node) -> Node | None:
        """Return the cell right below the header that holds a leaf."""
        return self.cell(self.rows[0], self.column(anchor)) if self.rows else None


def table_under(anchor: Node, pattern: re.Pattern[str]) -> ColumnTable | None:
    """Return the table whose column headers a label is one of, or None where the label has its value beside it.

    The headers stand side by side; either all are header cells, or two labels stand next to each other over a row of as
    many cells without any label (rows of label and value in turn have labels in every row).
    """
    cell, table = _headed_by(anchor)
    headers, rows = table.headers, table.rows
    if cell is None or not rows or not starts_with_label(cell, pattern):
        return None
    if all(one.tag == "th" for one in headers) and not all(one.tag == "th" for one in rows[0]):
        return table
    labels = [starts_with_label(one, pattern) for one in headers]
    adjacent = any(one and other for one, other in pairwise(labels))
    plain = len(rows[0]) == len(headers) and not any(starts_with_label(one, pattern) for one in rows[0])
    sure = adjacent or _is_head_alone(cell, headers, rows, pattern)
    return table if sure and plain else None


def _is_head_alone(
    cell: Node, headers: Sequence[Node], rows: Sequence[tuple[Node, ...]], pattern: re.Pattern[str]
) -> bool:
    """True for a head with one label that is a table of its own, over several rows in another that stand in its columns."""
    among = cell.parent.siblings_after() if cell.parent else []
    below = [one for row in rows for one in row]
    return (
        cell.tag == "td"
        and not cell.text.endswith((":", "："))
        and len(rows) > 1
        and not any(other.leaves for other in among)
        and not any(starts_with_label(one, pattern) for one in below)
        and all(_in_columns(row, headers) for row in rows)
    )


def table_beside(anchor: Node, pattern: re.Pattern[str]) -> ColumnTable | None:
    """Return the table that lies on its side, with a label that begins its first line, as one that stands; else None.

    Every line begins with a head, and goes on with as many cells as the first: two at least, and none of them a label.
    """
    cell = _cell_of(anchor)
    line = cell.parent if cell else None
    lines_of_cells = [row.children for row in (line, *_rows_under(line)) if row]
    widths = {len(row) for row in lines_of_cells}
    if len(lines_of_cells) < 2 or len(widths) > 1 or min(widths) < 3 or lines_of_cells[0][0] is not cell:
        return None
    if any(starts_with_label(one, pattern) for row in lines_of_cells for one in row[1:]):
        return None
    heads, *columns = zip(*lines_of_cells, strict=True)
    return ColumnTable(heads, tuple(columns))


def columns_beside(anchor: Node, table: ColumnTable) -> ColumnTable | None:
    """Return the columns that a label heads in a table of their own beside another, with the same rows; else None.

    They stay where they are when the other is scrolled.
    """
    _, other = _headed_by(anchor)
    return other if other.rows and _is_beside(other, table) else None


def _headed_by(anchor: Node) -> tuple[Node | None, ColumnTable]:
    """The header cell of a leaf, with those beside it and the rows with words below them, which may be none."""
    cell = _cell_of(anchor)
    headers, rows = _rows_from(cell) if cell else ((), ())
    return cell, ColumnTable(
        headers, _downwards(headers, [row for row in rows if any(one.leaves for one in row)])
    )


def _is_beside(other: ColumnTable, table: ColumnTable) -> bool:
    heads = other.headers[0].box.overlap_y(table.headers[0].box) > 0
    return heads and {top_of(row) for row in other.rows} <= {top_of(row) for row in table.rows}


def top_of(row: Sequence[Node]) -> float:
    """Return where a row of cells begins."""
    return min(cell.box.y for cell in row)


def _downwards(headers: Sequence[Node], rows: Sequence[tuple[Node, ...]]) -> tuple[tuple[Node, ...], ...]:
    """The rows of which each begins below the one before; a copy of the table that lies over it does not."""
    kept, last = [], top_of(headers) if headers else 0.0
    for row in rows:
        placed = any(cell.box.height for cell in row)
        if not placed or top_of(row) > last:
            kept.append(row)
            last = top_of(row) if placed else last
    return tuple(kept)


def _cell_of(leaf: Node) -> Node | None:
    """The header cell of a leaf; else the block around it that has neighbours, or the leaf where it stands among blocks itself."""
    header = next((node for node in leaf.ancestors() if node.tag == "th"), None)
    if header is not None and header.leaves == (leaf,):
        return header
    return next((node for node in leaf.upwards() if _stands_apart(node)), None)


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
    heads, rows = _under_whole_head(siblings, cell.parent)
    rows = _without_groups(rows, heads)
    return tuple(heads), tuple(tuple(row.children) for row in rows if row.children)


def _under_whole_head(heads: Sequence[Node], row: Node | None) -> tuple[list[Node], list[Node]]:
    """A head and the rows after it; a line that taller cells of the head stand beside belongs to the head.

    A cell that names a group of columns gives way to the cells below it.
    """
    rows = _rows_under(row)
    lower = rows[0] if rows else None
    begins = min((cell.box.bottom for cell in heads), default=0.0)
    ends = max((cell.box.bottom for cell in heads), default=0.0)
    if not lower or not lower.children or not begins - 1 <= lower.box.y < lower.box.bottom <= ends + 1:
        return list(heads), rows
    whole = [cell for head in heads for cell in _named_by(head, lower)]
    return whole, rows[1:] or _rows_under(lower, above=row)


def _named_by(head: Node, lower: Node) -> list[Node]:
    """The cells of a head's second line below one of its first; that one itself where it is as tall as both.

    A column that stays where it is while the others are scrolled may lie over them.
    """
    is_tall = head.box.overlap_y(lower.box) > 1
    below = [] if is_tall else [cell for cell in lower.children if head.box.overlap_x(cell.box) > 1]
    return below or [head]


def _without_groups(rows: Sequence[Node], heads: Sequence[Node]) -> list[Node]:
    """The rows under heads, those of groups too: each group may be a table of its own under a line that names it."""
    groups = [_rows_of_group(row, heads) for row in rows]
    if not any(groups):
        return list(rows)
    alone = ([row] if _in_columns(row.children, heads) else [] for row in rows)
    return [row for group, one in zip(groups, alone, strict=True) for row in group or one]


def _rows_of_group(node: Node, heads: Sequence[Node]) -> list[Node]:
    below = [] if _in_columns(node.children, heads) else _rows_in(node)
    stacked = len(_bands(below)) == len(below)
    return below if stacked and all(_in_columns(row.children, heads) for row in below) else []


def _in_columns(row: Sequence[Node], heads: Sequence[Node]) -> bool:
    """True for as many cells as heads, each of which begins where its head does."""
    pairs = zip(row, heads, strict=False)
    return len(row) == len(heads) and all(abs(cell.box.x - head.box.x) <= OUT_OF_LINE for cell, head in pairs)


OUT_OF_LINE = 3.0
"""Room between the edges of a head and of a cell in its column, at most (CSS pixels)."""


def _bands(cells: Sequence[Node]) -> list[list[Node]]:
    """Cells grouped into lines from top to bottom: those that share height with the first of their line."""
    bands: list[list[Node]] = []
    for cell in cells:
        if bands and bands[-1][0].box.overlap_y(cell.box) > TOUCHING:
            bands[-1].append(cell)
        else:
            bands.append([cell])
    return bands


def _rows_under(row: Node | None, above: Node | None = None) -> list[Node]:
    """The rows that follow a row: in its group, in the groups after its table's head, or in the table after that.

    ``above`` is the head's first line where the row is its second.
    """
    for node in row.upwards() if row else ():
        after = [sibling for sibling in node.siblings_after() if sibling.leaves] or _standing_below(node)
        rows = after if node is row else [below for group in after for below in _rows_in(group)]
        if rows:
            return rows
        whole = node.parent is None or node.parent.text == node.text
        if not whole and not (above and node.parent is above.parent):
            return []
    return []


def _standing_below(node: Node) -> list[Node]:
    """What comes before a head in its markup and stands below it all the same."""
    among = node.parent.children if node.parent else []
    before = among[: among.index(node)] if node in among else []
    return [other for other in before if other.leaves and other.box.y >= node.box.bottom - 1 > 0]


def _rows_in(node: Node) -> list[Node]:
    """The rows of a table or group: the first level at which there are several with words, or the only row."""
    while len(said := [child for child in node.children if child.leaves]) == 1 and said[0].children:
        only = said[0]
        if len(only.children) > 1 and len(_bands(only.children)) == 1:
            return [only]
        node = only
    return said
