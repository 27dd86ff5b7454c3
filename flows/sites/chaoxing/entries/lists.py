"""The entries of a group that stand in a list: rows of a table, cards, or a few words of each that open it.

Pure: works on the tree of what is visible. Rows are as in ``flows.forms.entry_rows``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from agent.browser.locators import word_pattern
from agent.snapshot import fields, tree
from agent.snapshot.fields import Field
from agent.snapshot.tables import ColumnTable, columns_beside, label_pattern, table_under
from agent.snapshot.tree import Box, Node, key
from flows.forms.entry_rows import Row
from flows.profiles.site_words import GroupWords, all_words
from flows.sites.chaoxing.entries.fields import MOST_ROOM, Entry
from flows.sites.chaoxing.entries.groups import PAUSES, EntryGroup, heading_lines

LEADING_AWAY = ("tab", "link", "menuitem", "navigation", "tablist")


@dataclass(frozen=True)
class ListedEntry:
    """An entry as it stands in a list that is edited elsewhere: its values, and where it stands."""

    row: Row
    box: Box


def listed(group: EntryGroup) -> list[ListedEntry] | None:
    """Return the entries of a group that is a table or cards of plain texts; None where it is neither.

    A group without entries counts as one only where it says so, or where nothing stands between its heading and its button below.
    """
    if group.is_typed:
        return None
    found = _tabled(group) or _carded(group)
    if found:
        return found
    said = (line.text for line in group.lines)
    none = set(map(key, group.words.none))
    says_none = any(key(text) in none or _NONE_OF.fullmatch(key(text)) for text in said)
    return [] if says_none or _is_bare(group) else None


_NONE_OF = re.compile(
    r"(?:暂无|暂时没有|还没有|没有|尚无|尚未添加|未添加)[^，,。;；:]{1,8}(?:[，,]请?(?:先|点击){0,2}(?:添加|新增))?"
)
"""What a list says that has no entries, with what there are none of, and that one may be added."""


def _is_bare(group: EntryGroup) -> bool:
    """True for a group whose heading its own button for a further entry stands right below, alone on its line, or below a hint."""
    lines = group.lines
    below = [line for line in lines[1:] if line.leaves[0].box.y >= lines[0].leaves[0].box.bottom]
    below = [line for line in below if not _is_hint(line.text)]
    beside = below[1:] and below[0].leaves[0].box.is_level_with(below[1].leaves[0].box)
    return bool(below) and not beside and _is_button(below[0].text, group.words.add)


def _is_hint(text: str) -> bool:
    """True for a sentence that says how entries are to be filled in; an entry has no such words, or a time or a number."""
    asks = re.search("请|填|勿|不要|须", text) and not re.search(r"\d", text)
    return bool(asks) and any(mark in text for mark in PAUSES)


def shows_heads_alone(group: EntryGroup) -> bool:
    """True for heads of columns, and a button for a further entry, in a part of the page that has nothing under the heads.

    Such a list says nothing of itself: it may still be coming. What may say how many entries there are is none.
    """
    names = group.names
    heads = [leaf for leaf in group.leaves if key(leaf.own) in names]
    heads = [leaf for leaf in heads if sum(leaf.box.is_level_with(other.box) for other in heads) > 2]
    own_titles = group.titles()
    if not heads or len(own_titles) != 1 or group.is_typed:
        return False
    inside = [node for node in own_titles[0].shared_with(heads[0]).walk() if group.holds(node.box)]
    said = [leaf for leaf in inside if leaf.is_leaf and leaf.words.strip()]
    below = max(leaf.box.bottom for leaf in heads)
    shown = [node for node in inside if node.own.strip() or node.is_picture]
    under = [node for node in shown if node.box.middle[1] > below]
    adds = any(_is_button(leaf.words, group.words.add) for leaf in said)
    counted = any(re.search("[1-9]", leaf.words) for leaf in said)
    own = (*group.words.add, *group.words.save, *group.words.edit)
    return adds and not counted and all(_is_button(node.own, own) for node in under)


def _is_button(text: str, words: Sequence[str]) -> bool:
    """True for what one of the words alone is, but for a plus or another icon beside it."""
    return bool(word_pattern(*words).match(tree.squash(text)))


def _tabled(group: EntryGroup) -> list[ListedEntry]:
    """The rows of a table with the labels over its columns, of which some may stand in a table of their own beside it."""
    names = group.names
    heads = [leaf for leaf in group.leaves if key(leaf.own) in names]
    heads = [leaf for leaf in heads if sum(leaf.box.is_level_with(other.box) for other in heads) > 2]
    table = table_under(heads[0], label_pattern(frozenset(all_words(group.words.labels)))) if heads else None
    if table is None:
        return []
    inside = (leaf for leaf in heads if any(cell.holds(leaf) for cell in table.headers))
    own = {names[key(leaf.own)]: table.column(leaf) for leaf in inside}
    columns = {name: (table, at) for name, at in own.items()}
    for leaf in heads:
        other = None if names[key(leaf.own)] in columns else columns_beside(leaf, table)
        columns |= {names[key(leaf.own)]: (other, other.column(leaf))} if other else {}
    rows = [row for row in table.rows if len(row) > 1 and group.holds(row[0].box)]
    rows = [row for row in rows if not _runs_over(row, table, own.values())]
    read = [_listed(row, columns, group.words) for row in rows]
    return [entry for entry in read if any(entry.row.values())]


def finished(group: EntryGroup, found: Sequence[Entry]) -> list[ListedEntry]:
    """Return the rows of a table that are plain again while the entries that were found are edited in theirs."""
    edited_in = [node.box for entry in found for node in entry.controls]
    rows = _tabled(group) if found else []
    return [row for row in rows if not any(row.box.covers(box) for box in edited_in)]


def _runs_over(row: Sequence[Node], table: ColumnTable, columns: Iterable[int]) -> bool:
    """True for a row of which a cell stands under several heads: the list's buttons, or how many there are, below it."""
    cells = [id(cell) for column in columns if (cell := table.cell(row, column))]
    return len(set(cells)) < len(cells)


def _carded(group: EntryGroup) -> list[ListedEntry]:
    """Cards in which each value stands beside its label and a colon: a new one begins where a label comes again.

    A label without a colon heads a column, and what stands beside it is another head; unless all of them have a place beside them.
    """
    names = group.names
    inside = [
        one for one in fields.fields(group.root, all_words(group.words.labels)) if group.holds(one.anchor.box)
    ]
    found = [one for one in inside if any(colon in one.anchor.own for colon in fields.COLONS)]
    if any(_plain(one.value, group.words) and not _is_beside(one) for one in found):
        return []
    if not found and all(_is_beside(one) and one.at is not one.anchor for one in inside):
        found = inside
    cards: list[dict[str, Field]] = []
    for one in found:
        name = names[key(one.label)]
        if not cards or name in cards[-1]:
            cards.append({})
        cards[-1][name] = one
    anchors = [one.anchor for one in found]
    read = [
        ListedEntry(
            {name: _plain(one.value, group.words) for name, one in card.items()},
            _card([one.anchor for one in card.values()], anchors, group.words),
        )
        for card in cards
    ]
    return _with_heads([entry for entry in read if any(entry.row.values())], group)


def _with_heads(read: list[ListedEntry], group: EntryGroup) -> list[ListedEntry]:
    """Cards of which none names its first label: what heads each of them, behind its number, is that."""
    first = next(iter(group.words.labels))
    heads = [_head(entry.box, group) for entry in read]
    if any(first in entry.row for entry in read) or not all(heads):
        return read
    return [
        replace(entry, row={first: head, **entry.row})
        for entry, head in zip(read, heads, strict=True)
        if head
    ]


def _head(card: Box, group: EntryGroup) -> str:
    """The last words of the first line of a card; "" where it says nothing else than its place in the list."""
    lines = (line for line in tree.lines(group.root) if card.covers(line.leaves[0].box))
    first = next(iter(sorted(lines, key=lambda line: line.leaves[0].box.y)), None)
    said = tree.squash(first.text).split(" ")[-1] if first else ""
    labelled = any(key(said).startswith(label) for label in group.names)
    titled = said[-1:].isdigit() or any(key(said) in key(heading) for heading in group.words.heading)
    return "" if labelled or titled or not _plain(said, group.words) else said


def _is_beside(one: Field) -> bool:
    """True for a value that stands on its label's line, and does not come under it as in a column."""
    return one.at.box.is_level_with(one.anchor.box) or one.at is one.anchor


def folded(group: EntryGroup) -> list[Node]:
    """Return the entries of a group that shows of each a few words and an arrow: pressed, it opens.

    They stand one below another. What is a link or a tab, or stands beside others, may lead away from the page.
    """
    found = arrowed(group)
    return found if _is_list(found) and not any(map(_leads_away, found)) else []


def arrowed(group: EntryGroup) -> list[Node]:
    """Return what has words and an arrow in a group that shows none of its labels.

    It stands between the heading and the group's own button, in the part of the page that holds both: what lies over the page,
    as tabs at its foot do, is the page's. Where the button stands beside the heading, it follows right below the two.
    """
    buttons = [leaf for leaf in group.leaves if _is_button(leaf.own, (*group.words.add, *group.words.save))]
    headings = [title for title in group.titles() if group.holds(title.box)]
    if not buttons or not headings or any(key(leaf.own) in group.names for leaf in group.leaves):
        return []
    button = min(buttons, key=lambda leaf: leaf.box.y)
    is_beside = button.box.is_level_with(headings[-1].box)
    top, bottom = (headings[-1].box.bottom, group.bottom) if is_beside else (group.top + 1, button.box.y)
    between = replace(group, top=top, bottom=bottom)
    arrows = filter(tree.is_arrow, between.nodes)
    found = [node for arrow in arrows if (node := _before(arrow, between)) is not None]
    around = headings[-1].shared_with(button)
    every = {id(node): node for node in found}.values()
    mine = _right_below(around, every) if is_beside else [node for node in every if around.holds(node)]
    return [node for node in mine if not any(node.holds(other) for other in mine if other is not node)]


def _right_below(line: Node, found: Iterable[Node]) -> list[Node]:
    """What follows a line without anything between, one below another."""
    mine, end = [], line.box.bottom
    for node in sorted(found, key=lambda node: node.box.y):
        if node.box.y - end > MOST_ROOM:
            break
        mine.append(node)
        end = max(end, node.box.bottom)
    return mine


def edited(group: EntryGroup) -> list[Node]:
    """Return the entries of a group of which each has a button of its own to change it, and shows what it likes of the entry.

    What the group itself says, its heading and what adds an entry, is in none of them.
    """
    edits = set(map(key, group.words.edit))
    buttons = [node for node in edit_buttons(group.root, group.words) if group.holds(node.box)]
    if group.is_typed or not any(_is_button(leaf.own, group.words.add) for leaf in group.leaves):
        return []
    parts = [_part_alone(button, buttons, group) for button in buttons]
    found = [
        node for node in parts if not _is_button(node.text, group.words.save)
    ]  # the group's own has no entry
    said = [any(key(leaf.own) not in edits for leaf in node.leaves) for node in found]
    return found if all(said) and _is_list(found) else []


def edit_buttons(root: Node, words: GroupWords) -> list[Node]:
    """Return what says that it changes an entry: by its words, or as a sign without any by its title or what it is read out as."""
    edits = set(map(key, words.edit))

    def says(node: Node) -> bool:
        signed = not node.text.strip(node.alt) and edits & set(map(key, (node.title, node.label, node.alt)))
        return key(node.own) in edits or bool(signed)

    found = [node for node in root.walk() if says(node)]
    return [node for node in found if not any(other is not node and other.holds(node) for other in found)]


def _part_alone(button: Node, buttons: Sequence[Node], group: EntryGroup) -> Node:
    """The largest part of the page around an entry's button with no other entry's, and nothing of the group."""

    def is_alone(node: Node) -> bool:
        inside = all(group.holds(leaf.box) for leaf in node.leaves)
        return inside and sum(map(node.holds, buttons)) == 1 and not _has_own_words(node, group.words)

    return button.widest(is_alone)


def _has_own_words(node: Node, words: GroupWords) -> bool:
    """True for a part of the page with the group's heading, or what adds an entry."""
    adds = any(_is_button(leaf.own, words.add) for leaf in node.leaves)
    return adds or bool(heading_lines(node, words.heading))


def _is_list(found: Sequence[Node]) -> bool:
    return all(one.box.overlap_y(other.box) <= 1 for one, other in combinations(found, 2))


def _before(arrow: Node, group: EntryGroup) -> Node | None:
    """The nearest part of the page around an arrow in which words stand, where they stand left of it."""
    around = next((node for node in arrow.ancestors() if node.leaves), None)
    if around is None or not all(group.holds(leaf.box) for leaf in around.leaves):
        return None
    words = Box.around(*(leaf.box for leaf in around.leaves))
    is_level = words.y < arrow.box.middle[1] < words.bottom
    return around if words.right <= arrow.box.x and is_level else None


def _leads_away(node: Node) -> bool:
    return any(one.role in LEADING_AWAY or one.leads_away for one in node.upwards())


def _card(own: Sequence[Node], anchors: Sequence[Node], words: GroupWords) -> Box:
    """The place of the largest part of the page that holds these labels, and nothing of another card or of the group."""
    others = [other for other in anchors if other not in own]
    card = own[0].widest(lambda node: not any(map(node.holds, others)) and not _has_own_words(node, words))
    return (card if all(map(card.holds, own)) else own[0]).box


def _listed(
    row: Sequence[Node], columns: Mapping[str, tuple[ColumnTable, int]], words: GroupWords
) -> ListedEntry:
    cells = {name: table.cell_beside(row, column) for name, (table, column) in columns.items()}
    values = {name: _plain(cell.text if cell else "", words) for name, cell in cells.items()}
    line = [*row, *filter(None, cells.values())]
    return ListedEntry(values, Box.around(*(cell.box for cell in line)))


def _plain(text: str, words: GroupWords) -> str:
    """A value as shown; what stands for a blank, and the button that stands beside one, is none."""
    blanks = (*words.unchosen, *words.none, *words.add, *words.save, "-", "--", "—")
    return "" if key(text) in map(key, blanks) else text
