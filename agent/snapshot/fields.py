"""Reading a page as a person does: labels and the values beside them, wherever the markup puts them.

Everything here is pure and works on the tree of what is visible (``agent.snapshot.tree``). Labels are matched
without regard to spacing, width and a trailing colon; values are returned as shown, with white space folded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise, takewhile, zip_longest
from typing import Literal

from agent.snapshot.tree import GLUE, SEAM, Box, Node, TextLine, key, lines, squash

Colour = Literal["blue", "green", "red", "orange", "grey", "black"]


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


def _in_line(line: TextLine, pattern: re.Pattern[str], known: dict[str, str]) -> Iterator[Field]:
    text = line.seamed
    hits = list(pattern.finditer(text))
    for hit, after in zip_longest(hits, hits[1:]):
        anchor = _leaf_at(line, hit.start("label"))
        label = known[key(_joined(hit["label"]))]
        end = min(after.start() if after else len(text), _end_of_box(line, hit.start("label"), hit.end()))
        value = squash(_joined(text[hit.end() : _before_tag(line, hit.end(), end)]))
        value = value.rstrip(BETWEEN_FIELDS) if after else value
        if value:
            yield Field(label, value, _leaf_at(line, _first_word(text, hit.end())), anchor)
        elif len(hits) == 1:
            yield _outside(line, label, anchor, pattern)
        else:
            beside = None if after else _beside(line, anchor, pattern)
            yield _field_at(beside, label, anchor, pattern)


def _end_of_box(line: TextLine, label: int, start: int) -> int:
    """Where the box ends that a label shares with what follows it, if what stands behind is well apart; else the line's end."""
    places = list(accumulate((len(leaf.words) + 1 for leaf in line.leaves), initial=0))
    own, first = (_leaf_at(line, place) for place in (label, _first_word(line.seamed, start)))
    boxes = takewhile(lambda node: node is not line.block, own.ancestors())
    box = next((node for node in boxes if own is not first and node.holds(first)), None)
    for (before, leaf), end in zip(pairwise(line.leaves), places[1:], strict=False):
        apart = leaf.box.x - before.box.right > BOX_GAP or leaf.box.y >= before.box.bottom > 0
        if apart and box and box.holds(before) and not box.holds(leaf):
            return end
    return len(line.seamed)


BOX_GAP = 10.0
"""Room between two boxes on a line that have nothing to do with each other, at least (CSS pixels)."""


def _before_tag(line: TextLine, start: int, end: int) -> int:
    """Where a value ends: before a tag that stands apart after plain words, as in 2024年7月 [进行中]."""
    places = list(accumulate((len(leaf.words) + 1 for leaf in line.leaves), initial=0))
    inside = [
        (place, leaf)
        for place, leaf in zip(places, line.leaves, strict=False)
        if place < end and place + len(leaf.words) > start and leaf.words.strip()
    ]
    for (_, plain), (place, leaf) in pairwise(inside):
        apart = leaf.box.x - plain.box.right > TAG_GAP
        if apart and place >= start and _is_tag(leaf, line) and not _is_tag(inside[0][1], line):
            return place
    return end


def _is_tag(leaf: Node, line: TextLine) -> bool:
    """True for short words on a ground of their own."""
    around = takewhile(lambda node: node is not line.block and node.inline, leaf.ancestors())
    return len(leaf.words.strip()) <= LONGEST_TAG and any(node.background for node in around)


TAG_GAP = 3.0
"""Room before a tag, at least (CSS pixels)."""
LONGEST_TAG = 6
BETWEEN_FIELDS = " 、，,;；|"
"""Marks that part two fields on one line and belong to neither."""


def _joined(text: str) -> str:
    return text.replace(SEAM, "").replace(GLUE, "")


def _first_word(text: str, start: int) -> int:
    blank = re.compile(rf"[\s{SEAM}{GLUE}]*").match(text, start)
    return blank.end() if blank else start


def _leaf_at(line: TextLine, offset: int) -> Node:
    for leaf in line.leaves:
        if offset < len(leaf.words) + 1:
            return leaf
        offset -= len(leaf.words) + 1
    return line.leaves[-1]


def _outside(line: TextLine, label: str, anchor: Node, pattern: re.Pattern[str]) -> Field:
    """The value beyond the label's own line: the cell below where the label heads a column, else the next block."""
    table = table_under(anchor, pattern)
    if table is None and _is_blank_entry(line.block, pattern):
        return _field_at(_beside(line, anchor, pattern), label, anchor, pattern)
    place = table.under(anchor) if table else _neighbour(line) or _beside(line, anchor, pattern)
    return _field_at(place, label, anchor, pattern)


def _field_at(place: Node | None, label: str, anchor: Node, pattern: re.Pattern[str]) -> Field:
    """A label with what stands in a place; a blank where that is none, or another label's."""
    if place is None or _starts_with_label(place, pattern):
        return Field(label, "", anchor, anchor)
    return Field(label, _value_text(place, pattern), _value_node(place), anchor)


def _beside(line: TextLine, anchor: Node, pattern: re.Pattern[str]) -> Node | None:
    """What stands to the right of a label at its height, in the same entry: without labels, and nothing to press.

    It can be the value of a label whose markup says nothing of one; where there is such a thing no blank is believed. A value
    that floats there comes before the label in the markup.
    """
    node = line.leaves[-1]
    while node.parent is not None and node.tag not in ENTRIES:
        for place in node.parent.children:
            if place is not node and place.leaves and _is_right_of(place.box, node.box, anchor.box):
                labelled = any(pattern.search(other.seamed) for other in lines(place))
                return None if labelled or place.tag in ("a", "button") else place
        node = node.parent
    return None


def _is_right_of(box: Box, beside: Box, label: Box) -> bool:
    return box.width > 0 and box.x >= label.right - 1 and beside.overlap_y(box) > 0


def _is_blank_entry(block: Node, pattern: re.Pattern[str]) -> bool:
    """True when the entries before this one hold label and value in one line: then this one's value is blank."""
    before = block.parent.children[: block.parent.children.index(block)] if block.parent else []
    alike = [line for node in before if node.tag == block.tag for line in lines(node)]
    return any(
        (hit := pattern.search(line.seamed)) and squash(_joined(line.seamed[hit.end() :])) for line in alike
    )


def _neighbour(line: TextLine) -> Node | None:
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
        own = own or next((one for one in self.rows if top(one) == top(row)), None)
        return self.cell(own, column) if own else None

    def under(self, anchor: Node) -> Node | None:
        """Return the cell right below the header that holds a leaf."""
        return self.cell(self.rows[0], self.column(anchor)) if self.rows else None


def table_under(anchor: Node, pattern: re.Pattern[str]) -> ColumnTable | None:
    """Return the table whose column headers a label is one of, or None where the label has its value beside it.

    The headers stand side by side; either all are header cells, or two labels stand next to each other over a row of as
    many cells without any label (rows of label and value in turn have labels in every row).
    """
    cell = _cell_of(anchor)
    headers, rows = _rows_from(cell) if cell else ((), ())
    rows = _downwards(headers, [row for row in rows if any(one.leaves for one in row)])
    if cell is None or not rows or not _starts_with_label(cell, pattern):
        return None
    if all(one.tag == "th" for one in headers) and not all(one.tag == "th" for one in rows[0]):
        return ColumnTable(headers, rows)
    labels = [_starts_with_label(one, pattern) for one in headers]
    adjacent = any(one and other for one, other in pairwise(labels))
    plain = len(rows[0]) == len(headers) and not any(_starts_with_label(one, pattern) for one in rows[0])
    sure = adjacent or _is_head_alone(cell, headers, rows, pattern)
    return ColumnTable(headers, rows) if sure and plain else None


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
        and not any(_starts_with_label(one, pattern) for one in below)
        and all(_in_columns(row, headers) for row in rows)
    )


def columns_beside(anchor: Node, table: ColumnTable) -> ColumnTable | None:
    """Return the columns that a label heads in a table of their own beside another, with the same rows; else None.

    They stay where they are when the other is scrolled.
    """
    cell = _cell_of(anchor)
    headers, rows = _rows_from(cell) if cell else ((), ())
    rows = _downwards(headers, [row for row in rows if any(one.leaves for one in row)])
    other = ColumnTable(headers, rows)
    return other if rows and _is_beside(other, table) else None


def _is_beside(other: ColumnTable, table: ColumnTable) -> bool:
    heads = other.headers[0].box.overlap_y(table.headers[0].box) > 0
    return heads and {top(row) for row in other.rows} <= {top(row) for row in table.rows}


def top(row: Sequence[Node]) -> float:
    """Return where a row of cells begins."""
    return min(cell.box.y for cell in row)


def _downwards(headers: Sequence[Node], rows: Sequence[tuple[Node, ...]]) -> tuple[tuple[Node, ...], ...]:
    """The rows of which each begins below the one before; a copy of the table that lies over it does not."""
    kept, top = [], min((cell.box.y for cell in headers), default=0.0)
    for row in rows:
        placed = any(cell.box.height for cell in row)
        begins = min(cell.box.y for cell in row)
        if not placed or begins > top:
            kept.append(row)
            top = begins if placed else top
    return tuple(kept)


def _cell_of(leaf: Node) -> Node | None:
    """The header cell of a leaf; else the block around it that has neighbours, or the leaf where it stands among blocks itself."""
    header = next((node for node in leaf.ancestors() if node.tag == "th"), None)
    if header is not None and header.leaves == (leaf,):
        return header
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
    alone = ([row] if _is_under(row, heads) else [] for row in rows)
    return [row for group, one in zip(groups, alone, strict=True) for row in group or one]


def _rows_of_group(node: Node, heads: Sequence[Node]) -> list[Node]:
    below = [] if _is_under(node, heads) else _rows_in(node)
    stacked = len(_bands(below)) == len(below)
    return below if stacked and all(_is_under(row, heads) for row in below) else []


def _is_under(row: Node, heads: Sequence[Node]) -> bool:
    return _in_columns(row.children, heads)


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
        if bands and bands[-1][0].box.overlap_y(cell.box) > 0:
            bands[-1].append(cell)
        else:
            bands.append([cell])
    return bands


def _rows_under(row: Node | None, above: Node | None = None) -> list[Node]:
    """The rows that follow a row: in its group, in the groups after its table's head, or in the table after that.

    ``above`` is the head's first line where the row is its second.
    """
    for node in (row, *row.ancestors()) if row else ():
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


def first_value(found: Sequence[Field], labels: Collection[str]) -> Field | None:
    """Return the field among ``found`` that one of ``labels`` names, a filled one before a blank one."""
    keys = {key(label) for label in labels}
    mine = [field for field in found if key(field.label) in keys]
    return next((item for item in mine if item.value), mine[0] if mine else None)


def values_by_name(found: Sequence[Field], labels: Mapping[str, Collection[str]]) -> dict[str, Field]:
    """Return the field among ``found`` that each name's labels name, without those that are not there."""
    named = {name: first_value(found, words) for name, words in labels.items()}
    return {name: field for name, field in named.items() if field}


def contains(text: str, words: Iterable[str]) -> bool:
    """True when the text has one of the words, whatever the spacing and width."""
    whole = key(text)
    return any(key(word) in whole for word in words)


_ASKS = re.compile(r"[-—]*请(?:选择|输入|填写)")


def asks_for_value(text: str, unchosen: Iterable[str]) -> bool:
    """True for what stands in a control that has no value yet: the words for what was not chosen, or a request to fill it in."""
    said = key(text)
    return bool(_ASKS.match(said)) or said in map(key, unchosen)


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


def drawn_apart(leaves: Sequence[Node]) -> Node | None:
    """Return the one of several words that has another colour or ground than all others have; None where none has."""
    looks = [
        (leaf.colour, next((one.background for one in leaf.ancestors() if one.background), ""))
        for leaf in leaves
    ]
    alone = [look for look, times in Counter(looks).items() if times == 1]
    is_told = len(alone) == 1 and len(set(looks)) == 2
    return leaves[looks.index(alone[0])] if is_told else None
