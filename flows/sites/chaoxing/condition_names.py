"""毕业条件 without labels: the notice's own names, each with the status that stands beside it. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, takewhile

from agent.errors import SiteChanged
from agent.snapshot import fields, tree
from agent.snapshot.fields import Colour, Field
from agent.snapshot.tree import Box, Node, TextLine, key, squash
from flows.profiles.site_words import ConditionsWords
from flows.sites.chaoxing.condition_status import PAGE, Pair, meaning, said_by, signs_in

_HOW_MANY = re.compile(r"(.+?)[（(]?(\d+)[)）]?(?:项|个)?")
"""A state that heads a part of the list, with the number of its conditions."""


@dataclass(frozen=True)
class StatusesBesideNames:
    """What stands beside the notice's own names: under the head of a column, or anywhere in the names' entries.

    Args:
        root: The page.
        names: The names, each once.
        words: What the page calls things.
    """

    root: Node
    names: Sequence[Field]
    words: ConditionsWords

    def pairs(self) -> list[Pair]:
        """Return each name with its status and that one's colour."""
        worded = self._under_heads() or self._under_states() or self._on_lines() or self._in_entries()
        plain = self._values if any(name.value for name in self.names) else self._before
        return worded or self._titled() or plain()

    def _values(self) -> list[Pair]:
        return [
            (name.label, name.value, fields.shown_colour(name.at) if name.value else None)
            for name in self.names
        ]

    def _under_states(self) -> list[Pair]:
        """The names with the known word that heads their part of the list, where it says how many of them there are; else none."""
        anchors = {id(name.anchor): name for name in self.names}
        parts: list[tuple[str, int, Colour | None, list[Field]]] = []
        for line in tree.lines(self.root):
            names = [name for leaf in line.leaves if (name := anchors.get(id(leaf)))]
            head = _HOW_MANY.fullmatch(key(line.text))
            if head and not names and self._is_known(head[1]):
                parts.append((head[1], int(head[2]), fields.shown_colour(line.leaves[0]), []))
            if parts:
                parts[-1][-1].extend(names)
        are_counted = all(count == len(of) for _, count, _, of in parts)
        if not are_counted or sum(count for _, count, _, _ in parts) != len(self.names):
            return []
        return [(name.label, word, colour) for word, _, colour, of in parts for name in of]

    def _before(self) -> list[Pair]:
        """The names with the known word or the sign before each; not with one that all have, as points of a list."""
        lines = {id(leaf): line for line in tree.lines(self.root) for leaf in line.leaves}
        own = [lines[id(name.anchor)] for name in self.names]
        before = [
            key(line.text).partition(key(name.label))[0] for line, name in zip(own, self.names, strict=True)
        ]
        worded = [any(map(str.isalnum, said)) for said in before]
        said = [
            one if not word or self._is_known(one) else "" for one, word in zip(before, worded, strict=True)
        ]
        told = said if len(set(said)) > 1 or all(worded) else [""] * len(said)
        return [
            (name.label, sign, fields.shown_colour(line.leaves[0]) if sign else None)
            for name, sign, line in zip(self.names, told, own, strict=True)
        ]

    def _titled(self) -> list[Pair]:
        """The names with the title of the only sign without words in each entry, where some are known words; else none."""
        said = [{said_by(sign): sign for sign in signs_in(entry)} for entry in self._entries]
        is_told = all(len(one) <= 1 for one in said) and any(map(self._is_known, chain.from_iterable(said)))
        titles = [next(iter(one.items()), ("", None)) for one in said] if is_told else []
        return [
            (name.label, title, fields.shown_colour(sign) if sign else None)
            for name, (title, sign) in zip(self.names, titles, strict=False)
        ]

    def _on_lines(self) -> list[Pair]:
        """The names with what follows on their own lines, where a known word does; else none."""
        lines = {id(leaf): line for line in tree.lines(self.root) for leaf in line.leaves}
        own = [name for name in self.names if name.value and lines[id(name.anchor)] is lines.get(id(name.at))]
        return self._values() if any(self._is_known(name.value) for name in own) else []

    def _is_known(self, text: str) -> bool:
        return meaning(text, self.words.statuses) != "unknown"

    def _under_heads(self) -> list[Pair]:
        """Each name with its cell of the column whose head is a word for a status; none where a table of them has no such column."""
        tables: dict[tuple[Node, ...], list[Field]] = {}
        for name in self.names:
            tables.setdefault(self._heads_over(name), []).append(name)
        found = [self._in_column(heads, names) for heads, names in tables.items()]
        told = [pair for pairs in found for pair in pairs] if all(found) else []
        order = {id(leaf): place for place, leaf in enumerate(self.root.leaves)}
        return [self._pair(*pair) for pair in sorted(told, key=lambda pair: order[id(pair[0].anchor)])]

    def _in_column(self, heads: Sequence[Node], names: Sequence[Field]) -> list[_Entry]:
        """What stands under the surest head of a table's; a column of figures is none of statuses, whatever heads it."""
        for word in self.words.columns:
            mine = [_cell([leaf]) for leaf in heads if key(leaf.words) == key(word)]
            cells = [self._cell_under(mine, name) for name in names]
            is_of_figures = any(self._is_figure(line.text) for said in cells for line in said)
            if 2 * sum(map(bool, cells)) >= len(cells) and not is_of_figures:
                told = list(zip(names, cells, strict=True))
                return [*told, *self._others_in_column(mine, told)]
        return []

    def _others_in_column(self, heads: Sequence[Node], told: Sequence[_Entry]) -> Iterator[_Entry]:
        """The conditions that the notice does not know: what begins where a name does, with a known word of its own under the same head."""
        names = [name.anchor for name, _ in told]
        begins = {round(name.box.x) for name in names}
        taken = {id(line.leaves[0]) for _, said in told for line in said}
        for line in tree.lines(heads[0].shared_with(names[-1])):
            other = Field(line.text, "", line.leaves[0], line.leaves[0])
            said = self._cell_under(heads, other) if round(other.at.box.x) in begins else []
            if len(said) == 1 and id(said[0].leaves[0]) not in taken and self._is_known(said[0].text):
                taken.add(id(said[0].leaves[0]))
                yield other, said

    def _is_figure(self, text: str) -> bool:
        return text[:1].isdecimal() and not self._is_known(text)

    def _heads_over(self, name: Field) -> tuple[Node, ...]:
        """The heads of the table that a name stands in: words for a status, nearest above it on a level with something over it."""
        box = _cell([name.anchor]).box
        above = [leaf for leaf in self._unlabelled if leaf.box.bottom <= box.y + 1]
        over = [leaf for leaf in above if _cell([leaf]).box.overlap_x(box) > 0]
        words = set(map(key, self.words.columns))
        heads = [
            leaf
            for leaf in above
            if key(leaf.words) in words and any(one.box.overlap_y(leaf.box) > 0 for one in over)
        ]
        last = max((leaf.box.y for leaf in heads), default=0.0)
        return tuple(leaf for leaf in heads if leaf.box.bottom > last)

    @cached_property
    def _unlabelled(self) -> list[Node]:
        """All leaves but the labels of a form, which have a colon."""
        return [leaf for leaf in self.root.leaves if not leaf.words.rstrip().endswith(fields.COLONS)]

    def _cell_under(self, heads: Sequence[Node], name: Field) -> list[TextLine]:
        """What stands under the first head right of a name, on its level."""
        box = _cell([name.anchor]).box
        right = [head for head in heads if _is_head_of(head.box, box)]
        head = min(right, key=lambda one: one.box.x, default=None)
        return [line for line in self._level(name) if head and _is_in_column(line, head.box)]

    def _level(self, name: Field) -> list[TextLine]:
        """The lines on a name's level, right of it and left of the next name there."""
        box = name.anchor.box
        others = (one.anchor.box for one in self.names if one is not name)
        end = min((one.x for one in others if one.x > box.x and one.overlap_y(box) > 0), default=float("inf"))
        return [line for line in tree.lines(self.root) if _is_on_level(_cell(line.leaves).box, box, end)]

    def _in_entries(self) -> list[Pair]:
        """Each name with what else its entry says; where entries say more, with what stands where the others have a known word.

        Raises:
            SiteChanged: An entry says more than one thing there.
        """
        entries = self._entries
        said = [self._said(tree.lines(entry)) or self._said(self._right_of(entry)) for entry in entries]
        if not any(said):
            said = [self._said(self._level(name)) for name in self.names]
        pairs = list(zip(self.names, said, strict=True))
        if any(len(lines) > 1 for lines in said):
            pairs = self._at_one_place(pairs)
        beside = zip(entries, said, strict=True)
        signs = {line.text for entry, lines in beside if lines for line in tree.lines(entry)}
        return [self._pair(*pair, signs) for pair in pairs] if any(said) else []

    @cached_property
    def _entries(self) -> list[Node]:
        anchors = {id(field.anchor) for field in self.names}
        return fields.holders(self.root, lambda leaf: id(leaf) in anchors)

    def _right_of(self, entry: Node) -> Iterator[TextLine]:
        """The lines of what follows an entry in its row, before the next name's entry there."""
        anchors = [name.anchor for name in self.names]
        beside = takewhile(
            lambda node: node.box.overlap_y(entry.box) > 0 and not any(map(node.holds, anchors)),
            entry.siblings_after(),
        )
        return (line for node in beside for line in tree.lines(node))

    def _at_one_place(self, entries: Sequence[_Entry]) -> list[_Entry]:
        """The names with what stands where the known words stand, seen from the names: on that side of them, or in that column.

        A hint moves there where the status is blank; it looks like the other hints.
        """
        lines = [(name, line) for name, said in entries for line in said]
        for place in (_place, _column):
            known = {place(line, name) for name, line in lines if self._is_known(line.text)}
            there = [(name, [one for one in said if place(one, name) in known]) for name, said in entries]
            if len(known) == 1 and all(len(said) <= 1 for _, said in there):
                styles = {_style(line) for _, line in lines if self._is_known(line.text)}
                hints = {_style(line) for name, line in lines if place(line, name) not in known} - styles
                return [(name, [line for line in said if _style(line) not in hints]) for name, said in there]
        raise SiteChanged(PAGE, "当前状态", tuple(line.text for _, line in lines)[:5])

    def _said(self, entry: Iterable[TextLine]) -> list[TextLine]:
        """Lines with words that are no name, no caption and no button; a figure or a tick is none."""
        known = {key(word) for word in (*self.words.name, *self.words.status, *self.words.columns)}
        anchors = [name.anchor for name in self.names]
        return [
            line
            for line in entry
            if any(map(str.isalpha, line.text))
            and key(line.text) not in known
            and not any(leaf in anchors for leaf in line.leaves)
            and not line.leaves[0].is_pressed
        ]

    def _pair(self, name: Field, said: Sequence[TextLine], signs: Collection[str] = ()) -> Pair:
        """A name with its status; a sign is none that stands in entries beside their status too, as an arrow at their end."""
        text = squash(" ".join(line.text for line in said))
        if not said:  # a sign without words, perhaps
            text = "" if name.value in signs or any(map(str.isalpha, name.value)) else name.value
            return name.label, text, fields.shown_colour(name.at) if text else None
        return name.label, text, fields.shown_colour(said[0].leaves[-1])


_Entry = tuple[Field, list[TextLine]]


def _place(line: TextLine, name: Field) -> tuple[int, ...]:
    """Whether a line stands right of a name, above it, below it."""
    one, box = line.leaves[0].box, name.anchor.box
    return one.x >= box.right - 1, one.bottom <= box.y + 1, one.y >= box.bottom - 1


def _column(line: TextLine, name: Field) -> tuple[int, ...]:
    """The same, and how far its left edge is from that of the name."""
    return (*_place(line, name), round(line.leaves[0].box.x - name.anchor.box.x))


def _style(line: TextLine) -> tuple[str, float]:
    return line.leaves[0].colour, line.leaves[0].box.height


def _cell(leaves: Sequence[Node]) -> Node:
    """The largest thing around leaves that says nothing else, and has no empty place beside them."""

    def holds_them_alone(node: Node) -> bool:
        return all(leaf in leaves for leaf in node.leaves) and all(child.leaves for child in node.children)

    return leaves[-1].widest(holds_them_alone)


def _is_head_of(head: Box, name: Box) -> bool:
    return head.bottom <= name.y + 1 and head.x > name.x and head.overlap_x(name) <= 1


def _is_on_level(cell: Box, name: Box, end: float) -> bool:
    return name.right - 1 <= cell.right and cell.x < end and cell.overlap_y(name) > 0


def _is_in_column(line: TextLine, head: Box) -> bool:
    box = _cell(line.leaves).box
    return box.overlap_x(head) > 0.5 * min(box.width, head.width)
