"""Reading a page as a person does: labels and the values beside them, wherever the markup puts them.

Everything here is pure and works on the tree of what is visible (``agent.snapshot.tree``). Labels are matched
without regard to spacing, width and a trailing colon; values are returned as shown, with white space folded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, takewhile, zip_longest
from typing import Literal

from agent.snapshot.tables import label_pattern, starts_with_label, table_under
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


def fields(root: Node, labels: Collection[str]) -> list[Field]:
    """Return every label of ``labels`` that stands on the page, with its value, in reading order.

    What was read from a tree is kept with it: one that stands still is asked for again at every look.

    Args:
        root: Where to look.
        labels: The labels that count as labels here, all of them: a neighbour that is itself a label is no value.
    """
    wanted = tuple(labels)
    if wanted not in root.read:
        known = {key(label): label for label in wanted}
        pattern = label_pattern(frozenset(wanted))
        root.read[wanted] = [found for line in _said(root) for found in _in_line(line, pattern, known)]
    found: list[Field] = root.read[wanted]
    return list(found)


def _said(root: Node) -> Iterator[TextLine]:
    """The lines below ``root`` without the words of choices that were not made."""
    for line in lines(root):
        leaves = tuple(leaf for leaf in line.leaves if not _is_passed_over(leaf))
        if leaves:
            yield line if leaves == line.leaves else TextLine(line.block, leaves)


def _is_passed_over(leaf: Node) -> bool:
    """True for the words of a radio button that is not the chosen one: in it, in a label around it, or right behind it."""
    for node in leaf.upwards():
        held = [one for one in node.walk() if one.type == "radio"] if node.tag == "label" else []
        if node.type == "radio" or held:
            return (held or [node])[0].checked is False
    return any(_stands_behind_unchosen(node) for node in (leaf, leaf.parent) if node)


def _stands_behind_unchosen(node: Node) -> bool:
    """True right behind a bare button that is not chosen, where the last of them has something behind it too: else words stand before."""
    siblings = node.parent.children if node.parent else []
    before = next((one for one, other in pairwise(siblings) if other is node), None)
    if before is None or before.type != "radio" or before.checked is not False or before.leaves:
        return False
    return siblings[-1].type != "radio"


def _in_line(line: TextLine, pattern: re.Pattern[str], known: dict[str, str]) -> Iterator[Field]:
    text = line.seamed
    hits = list(pattern.finditer(text))
    for hit, after in zip_longest(hits, hits[1:]):
        anchor = _leaf_at(line, hit.start("label"))
        label = known[key(_joined(hit["label"]))]
        end = min(after.start() if after else len(text), _end_of_box(line, hit.start("label"), hit.end()))
        moment = _MOMENT.search(text, hit.end(), end)
        end = _before_tag(line, hit.end(), moment.start() if moment else end)
        value = squash(_joined(text[hit.end() : end]))
        value = value.rstrip(BETWEEN_FIELDS) if after else value
        value = _CLOSED.sub(r"\1", value) if _OPENED.search(text, 0, hit.start("label")) else value
        if value:
            yield Field(label, value, _leaf_at(line, _first_word(text, hit.end())), anchor)
        elif len(hits) == 1:
            yield _outside(line, label, anchor, pattern)
        else:
            beside = None if after else _beside(line, anchor, pattern)
            yield _field_at(beside, label, anchor, pattern)


_MOMENT = re.compile(rf"[\s{SEAM}](?!驳|退|撤|作废|失效|过期|到期)[^\s{SEAM}:：]{{0,4}}(?:时间|日期)[:：]")
"""What tells on a value's line when it was written: a field of its own, asked for or not. When it ceased to hold is part of it."""
_OPENED = re.compile(r"[（(][^)）]*$")
_CLOSED = re.compile(r"^([^（(]*)[)）]$")
"""A value in brackets that are opened before its label."""


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
BETWEEN_FIELDS = " 、，,;；|（(【["
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
    if place is None or starts_with_label(place, pattern):
        return Field(label, "", anchor, anchor)
    at = place.leaves[0] if len(place.leaves) == 1 else place
    return Field(label, _value_text(place, pattern), at, anchor)


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


def _value_text(node: Node, pattern: re.Pattern[str]) -> str:
    """The neighbour's words up to the next label, so that a wrapper of several rows gives only its first."""
    parts: list[str] = []
    for line in _said(node):
        if pattern.search(line.seamed):
            break
        parts.append(line.text)
    return squash(" ".join(parts))


def without_heads(rows: list[tuple[Node, Node | None]]) -> list[tuple[Node, Node | None]]:
    """Return rows of name and value without those that head others: they have no value, and all others begin further right."""
    starts = [name.leaves[0].box.x for name, _ in rows]
    outermost, *further = sorted(set(starts)) or (0.0,)
    heads = [row for row, start in zip(rows, starts, strict=True) if start == outermost]
    if len(further) != 1 or rows[0] not in heads or any(value and value.text for _, value in heads):
        return rows
    return [row for row in rows if row not in heads]


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

    def is_alone(node: Node) -> bool:
        return root.holds(node) and sum(map(node.holds, anchors)) == 1

    return [leaf.widest(is_alone) for leaf in anchors]


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
    behind = next((parent.background for parent in leaf.upwards() if parent.background), "")
    return colour_name(behind)


def drawn_apart(leaves: Sequence[Node]) -> Node | None:
    """Return the one of several words that has another colour or ground than all others have; None where none has."""
    looks = list(map(look_of, leaves))
    alone = [look for look, times in Counter(looks).items() if times == 1]
    is_told = len(alone) == 1 and len(set(looks)) == 2
    return leaves[looks.index(alone[0])] if is_told else None


def look_of(leaf: Node) -> tuple[str, str]:
    """Return the colour of words and of the ground under them."""
    return leaf.colour, next((one.background for one in leaf.ancestors() if one.background), "")
