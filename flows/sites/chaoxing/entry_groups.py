"""Repeating groups of entries (家庭成员信息, 过往履历信息), read from a page as a person does.

Pure: works on the tree of what is visible. Rows are as in ``flows.forms.entry_rows``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise

from agent.browser.locators import zh
from agent.snapshot import fields, tree
from agent.snapshot.fields import Field
from agent.snapshot.tables import ColumnTable, columns_beside, label_pattern, table_under
from agent.snapshot.tree import CHOICES, PARTS, Box, Node, TextLine, key
from flows.forms.entry_rows import MONTHS, Row
from flows.forms.model import NOW
from flows.profiles.site_words import GroupWords, all_words, names_by_word

TYPED = ("input", "select", "textarea")
NOT_TYPED = ("button", "submit", "reset", "image", "hidden", "file", "radio", "password")
LEADING_AWAY = ("tab", "link", "menuitem", "navigation", "tablist")
ALIGNED = 2.0
"""How far apart the edges of labels may be that begin at the same one (CSS pixels)."""
FEWEST_CHOICES = 3
_HINT = re.compile(r"(?<=.)[(\[【].*[)\]】]$")


@dataclass(frozen=True)
class EntryGroup:
    """The part of a page that belongs to one group, from its heading down to the next (CSS pixels)."""

    top: float
    bottom: float

    def holds(self, box: Box) -> bool:
        """True for a box whose middle is in this part: a button on a heading's line may begin higher than its words."""
        return self.top <= box.middle[1] < self.bottom


@dataclass
class Entry:
    """One entry as it stands: the field to fill by each name, and the box for 至今."""

    fields: dict[str, Node] = field(default_factory=dict)
    now: Node | None = None
    open_field: str = "end"
    stay: Node | None = None
    """The one field in which a beginning and an end stand."""

    @property
    def controls(self) -> tuple[Node, ...]:
        """Every field to fill in."""
        return (*self.fields.values(), *([self.stay] if self.stay else []))

    def row(self, words: GroupWords) -> Row:
        """Return the entry's values as shown."""
        values = {name: _value(node, words) for name, node in self.fields.items()}
        values |= ends_of(_value(self.stay, words)) if self.stay else {}
        if self.now is not None and self.now.checked:
            values[self.open_field] = NOW
        return values

    def is_blank(self, words: GroupWords) -> bool:
        """True for an entry in which nothing stands."""
        return not any(self.row(words).values())


_TIME = r"\d{4}\s?[-./年]\s?\d{1,2}(?:\s?[-./月]\s?\d{1,2}日|\s?[-./月]\s?\d{1,2}|月)?"
_BETWEEN = r"\s*[–—~～至到]+\s*|\s+-+\s+"
_STAY = re.compile(rf"({_TIME})(?:({_BETWEEN})({_TIME}|至今))?")


def ends_of(text: str) -> dict[str, str]:
    """Return the beginning and the end that stand in one text; one that is neither is left whole."""
    stay = _STAY.fullmatch(text)
    return {"start": stay[1] if stay else text, "end": (stay and stay[3]) or ""}


def between_ends(node: Node) -> str | None:
    """Return what a field has between a beginning and an end, by what stands in it or by its placeholder; None where neither says it."""
    stay = _STAY.fullmatch(tree.squash(node.value or ""))
    said = re.fullmatch(rf"(.*?)({_BETWEEN})(.*)", node.placeholder)
    even = said is not None and len(said[1]) == len(said[3])
    return (stay and stay[2]) or (said[2] if said and even else None)


def part(root: Node, words: GroupWords, others: Sequence[str]) -> EntryGroup | None:
    """Return the group's part of the page, or None where its heading does not stand alone on a line.

    Args:
        root: The visible tree.
        words: The group's words.
        others: Headings at which it ends.
    """
    own = [line.leaves[0] for line in heading_lines(root, words.heading)]
    ends = [line.leaves[0] for line in heading_lines(root, others)]
    if not own:
        return None
    column = titles_in_columns(root, [*own, *ends])
    tops = [title.box.y for title in own if title not in column]
    # What a tab shows may have no title of its own, and begins where the tabs do.
    top = tops[-1] if tops else column[0].shared_with(column[-1]).box.y
    below = (title.box.y for title in ends if title not in column and title.box.y > top)
    return EntryGroup(top, min(below, default=float("inf")))


def heading_lines(root: Node, headings: Sequence[str]) -> list[TextLine]:
    """Return the lines that are one of the headings, those of titles side by side on one line too."""
    return [
        line
        for whole in tree.lines(root)
        for line in _titles(whole)
        if is_heading(line.text, headings) or _is_explained(line.leaves, headings)
    ]


def _titles(line: TextLine) -> Iterator[TextLine]:
    """The words of a line each by itself where all stand far apart, as titles of tabs do; else the line."""
    apart = [other.box.x - one.box.right > one.box.height > 0 for one, other in pairwise(line.leaves)]
    if not apart or not all(apart):
        yield line
        return
    for leaf in line.leaves:
        yield TextLine(line.block, (leaf,))


def title_in_row(root: Node, words: GroupWords, others: Sequence[str]) -> Node | None:
    """Return the group's title where it stands in a row or column of other groups' titles and nowhere else; else None."""
    every = [line.leaves[0] for line in heading_lines(root, (*words.heading, *others))]
    own = [line.leaves[0] for line in heading_lines(root, words.heading)]
    listed = (*titles_in_rows(every), *titles_in_columns(root, every))
    return own[0] if len(own) == 1 and own[0] in listed else None


def titles_in_rows(titles: Sequence[Node]) -> list[Node]:
    """Return the titles that stand at the height of another."""
    return [
        title
        for title in titles
        if any(other is not title and other.box.overlap_y(title.box) > 0 for other in titles)
    ]


def titles_in_columns(root: Node, titles: Sequence[Node]) -> list[Node]:
    """Return the titles of which one follows right below another, with other words of the page beside the two."""
    own = {id(title) for title in titles}
    listed: list[Node] = []
    for one, other in pairwise(root.leaves):
        stacked = one.box.overlap_x(other.box) > 0 >= one.box.overlap_y(other.box)
        if {id(one), id(other)} <= own and stacked and _has_words_beside(root, one.box, other.box):
            listed += [one, other]
    return listed


def _has_words_beside(root: Node, upper: Box, lower: Box) -> bool:
    right = max(upper.right, lower.right)
    inside = (leaf.box for leaf in root.leaves if leaf.box.x >= right)
    return any(upper.y <= box.middle[1] <= lower.bottom for box in inside)


def bare_title(root: Node, words: GroupWords, others: Sequence[str]) -> Node | None:
    """Return the group's title where it stands once, and nothing of the group below it: pressed, it may unfold."""
    own, where = heading_lines(root, words.heading), part(root, words, others)
    if where is None or len(own) != 1 or _is_typed(root, where):
        return None
    said = {key(leaf.own) for leaf in root.leaves if where.holds(leaf.box)}
    return None if said & {*names_by_word(words.labels), *map(key, words.add)} else own[0].leaves[0]


def shows_labels(root: Node, words: GroupWords, where: EntryGroup, elsewhere: Sequence[str]) -> bool:
    """True where labels of the group stand in its part that nothing else has."""
    own = names_by_word(words.labels).keys() - set(map(key, elsewhere))
    said = {key(leaf.own) for leaf in root.leaves if where.holds(leaf.box)}
    fields_of = {name for entry in entries(root, words, where) for name in entry.fields}
    return len(said & own) > 1 or len(fields_of & {names_by_word(words.labels)[label] for label in own}) > 1


def _is_explained(leaves: Sequence[Node], headings: Sequence[str]) -> bool:
    """True for a heading with a sentence behind it on its line that is drawn otherwise: smaller, or in another colour."""
    first, hint = leaves[0], leaves[1:]
    said = "".join(leaf.words for leaf in hint)
    apart = all(leaf.colour != first.colour or leaf.box.height + 1 < first.box.height for leaf in hint)
    return is_heading(first.words, headings) and any(mark in said for mark in _PAUSES) and apart


def is_heading(text: str, headings: Sequence[str]) -> bool:
    """True for a heading, also with a hint in brackets or a star behind it on the same line."""
    return key(_HINT.sub("", key(text))).rstrip("*") in map(key, headings)


_PAUSES = "，,。；;"


@dataclass(frozen=True)
class ListedEntry:
    """An entry as it stands in a list that is edited elsewhere: its values, and where it stands."""

    row: Row
    box: Box


def listed(root: Node, words: GroupWords, where: EntryGroup) -> list[ListedEntry] | None:
    """Return the entries of a group that is a table or cards of plain texts; None where it is neither.

    A group without entries counts as one only where it says so, or where nothing stands between its heading and its button below.
    """
    if _is_typed(root, where):
        return None
    found = _tabled(root, words, where) or _carded(root, words, where)
    if found:
        return found
    said = (line.text for line in tree.lines(root) if where.holds(line.leaves[0].box))
    none = set(map(key, words.none))
    says_none = any(key(text) in none or _NONE_OF.fullmatch(key(text)) for text in said)
    return [] if says_none or _is_bare(root, words, where) else None


_NONE_OF = re.compile(
    r"(?:暂无|暂时没有|还没有|没有|尚无|尚未添加|未添加)[^，,。;；:]{1,8}(?:[，,]请?(?:先|点击){0,2}(?:添加|新增))?"
)
"""What a list says that has no entries, with what there are none of, and that one may be added."""


def _is_bare(root: Node, words: GroupWords, where: EntryGroup) -> bool:
    """True for a group whose heading its own button for a further entry stands right below, alone on its line, or below a hint."""
    lines = [line for line in tree.lines(root) if where.holds(line.leaves[0].box)]
    below = [line for line in lines[1:] if line.leaves[0].box.y >= lines[0].leaves[0].box.bottom]
    below = [line for line in below if not _is_hint(line.text)]
    beside = below[1:] and _on_line(below[0].leaves[0].box, below[1].leaves[0].box)
    return bool(below) and not beside and _is_button(below[0].text, words.add)


def _is_hint(text: str) -> bool:
    """True for a sentence that says how entries are to be filled in; an entry has no such words, or a time or a number."""
    asks = re.search("请|填|勿|不要|须", text) and not re.search(r"\d", text)
    return bool(asks) and any(mark in text for mark in _PAUSES)


def shows_heads_alone(root: Node, words: GroupWords, where: EntryGroup) -> bool:
    """True for heads of columns, and a button for a further entry, in a part of the page that has nothing under the heads.

    Such a list says nothing of itself: it may still be coming. What may say how many entries there are is none.
    """
    names = names_by_word(words.labels)
    heads = [leaf for leaf in root.leaves if where.holds(leaf.box) and key(leaf.own) in names]
    heads = [leaf for leaf in heads if sum(_on_line(leaf.box, other.box) for other in heads) > 2]
    own_titles = [line.leaves[0] for line in heading_lines(root, words.heading)]
    if not heads or len(own_titles) != 1 or _is_typed(root, where):
        return False
    inside = [node for node in own_titles[0].shared_with(heads[0]).walk() if where.holds(node.box)]
    said = [leaf for leaf in inside if leaf.is_leaf and leaf.words.strip()]
    below = max(leaf.box.bottom for leaf in heads)
    shown = [node for node in inside if node.own.strip() or node.is_picture]
    under = [node for node in shown if node.box.middle[1] > below]
    adds = any(_is_button(leaf.words, words.add) for leaf in said)
    counted = any(re.search("[1-9]", leaf.words) for leaf in said)
    own = (*words.add, *words.save, *words.edit)
    return adds and not counted and all(_is_button(node.own, own) for node in under)


def _is_button(text: str, words: Sequence[str]) -> bool:
    """True for what one of the words alone is, but for a plus or another icon beside it."""
    return bool(zh(*words).match(tree.squash(text)))


def _tabled(root: Node, words: GroupWords, where: EntryGroup) -> list[ListedEntry]:
    """The rows of a table with the labels over its columns, of which some may stand in a table of their own beside it."""
    names = names_by_word(words.labels)
    heads = [leaf for leaf in root.leaves if where.holds(leaf.box) and key(leaf.own) in names]
    heads = [leaf for leaf in heads if sum(_on_line(leaf.box, other.box) for other in heads) > 2]
    table = table_under(heads[0], label_pattern(frozenset(all_words(words.labels)))) if heads else None
    if table is None:
        return []
    own = {names[key(leaf.own)]: table.column(leaf) for leaf in heads if _heads(table, leaf)}
    columns = {name: (table, at) for name, at in own.items()}
    for leaf in heads:
        other = None if names[key(leaf.own)] in columns else columns_beside(leaf, table)
        columns |= {names[key(leaf.own)]: (other, other.column(leaf))} if other else {}
    rows = [row for row in table.rows if len(row) > 1 and where.holds(row[0].box)]
    rows = [row for row in rows if not _runs_over(row, table, own.values())]
    read = [_listed(row, columns, words) for row in rows]
    return [entry for entry in read if any(entry.row.values())]


def finished(root: Node, words: GroupWords, where: EntryGroup, found: Sequence[Entry]) -> list[ListedEntry]:
    """Return the rows of a table that are plain again while the entries that were found are edited in theirs."""
    edited_in = [node.box for entry in found for node in entry.controls]
    rows = _tabled(root, words, where) if found else []
    return [row for row in rows if not any(row.box.covers(box) for box in edited_in)]


def _runs_over(row: Sequence[Node], table: ColumnTable, columns: Iterable[int]) -> bool:
    """True for a row of which a cell stands under several heads: the list's buttons, or how many there are, below it."""
    cells = [id(cell) for column in columns if (cell := table.cell(row, column))]
    return len(set(cells)) < len(cells)


def _carded(root: Node, words: GroupWords, where: EntryGroup) -> list[ListedEntry]:
    """Cards in which each value stands beside its label and a colon: a new one begins where a label comes again.

    A label without a colon heads a column, and what stands beside it is another head; unless all of them have a place beside them.
    """
    names = names_by_word(words.labels)
    inside = [one for one in fields.fields(root, all_words(words.labels)) if where.holds(one.anchor.box)]
    found = [one for one in inside if any(colon in one.anchor.own for colon in fields.COLONS)]
    if not all(map(_is_beside, filter(lambda one: _plain(one.value, words), found))):
        return []
    if not found and all(map(_has_place_beside, inside)):
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
            {name: _plain(one.value, words) for name, one in card.items()},
            _card([one.anchor for one in card.values()], anchors, words),
        )
        for card in cards
    ]
    return _with_heads([entry for entry in read if any(entry.row.values())], root, words)


def _with_heads(read: list[ListedEntry], root: Node, words: GroupWords) -> list[ListedEntry]:
    """Cards of which none names its first label: what heads each of them, behind its number, is that."""
    first = next(iter(words.labels))
    heads = [_head(entry.box, root, words) for entry in read]
    if any(first in entry.row for entry in read) or not all(heads):
        return read
    return [
        replace(entry, row={first: head, **entry.row})
        for entry, head in zip(read, heads, strict=True)
        if head
    ]


def _head(card: Box, root: Node, words: GroupWords) -> str:
    """The last words of the first line of a card; "" where it says nothing else than its place in the list."""
    lines = (line for line in tree.lines(root) if card.covers(line.leaves[0].box))
    first = next(iter(sorted(lines, key=lambda line: line.leaves[0].box.y)), None)
    said = tree.squash(first.text).split(" ")[-1] if first else ""
    labelled = any(key(said).startswith(label) for label in names_by_word(words.labels))
    titled = said[-1:].isdigit() or any(key(said) in key(heading) for heading in words.heading)
    return "" if labelled or titled or not _plain(said, words) else said


def _has_place_beside(one: Field) -> bool:
    """True for a label with a place of its own for the value on its line, even where that is blank."""
    return one.at is not one.anchor and _on_line(one.at.box, one.anchor.box)


def _is_beside(one: Field) -> bool:
    """True for a value that stands on its label's line, and does not come under it as in a column."""
    return _on_line(one.at.box, one.anchor.box) or one.at is one.anchor


def folded(root: Node, words: GroupWords, where: EntryGroup) -> list[Node]:
    """Return the entries of a group that shows of each a few words and an arrow: pressed, it opens.

    They stand one below another. What is a link or a tab, or stands beside others, may lead away from the page.
    """
    found = arrowed(root, words, where)
    return found if _is_list(found) and not any(map(_leads_away, found)) else []


def arrowed(root: Node, words: GroupWords, where: EntryGroup) -> list[Node]:
    """Return what has words and an arrow in a group that shows none of its labels.

    It stands between the heading and the group's own button, in the part of the page that holds both: what lies over the page,
    as tabs at its foot do, is the page's. Where the button stands beside the heading, it follows right below the two.
    """
    leaves = [leaf for leaf in root.leaves if where.holds(leaf.box)]
    buttons = [leaf for leaf in leaves if _is_button(leaf.own, (*words.add, *words.save))]
    lines = [line.leaves[0] for line in heading_lines(root, words.heading)]
    headings = [leaf for leaf in lines if where.holds(leaf.box)]
    if not buttons or not headings or any(key(leaf.own) in names_by_word(words.labels) for leaf in leaves):
        return []
    button = min(buttons, key=lambda leaf: leaf.box.y)
    is_beside = _on_line(button.box, headings[-1].box)
    between = EntryGroup(
        *((headings[-1].box.bottom, where.bottom) if is_beside else (where.top + 1, button.box.y))
    )
    arrows = [node for node in root.walk() if between.holds(node.box) and tree.is_arrow(node)]
    found = [node for arrow in arrows if (node := _before(arrow, between)) is not None]
    group = headings[-1].shared_with(button)
    every = {id(node): node for node in found}.values()
    mine = _right_below(group, every) if is_beside else [node for node in every if group.holds(node)]
    return [node for node in mine if not any(node.holds(other) for other in mine if other is not node)]


MOST_ROOM = 24.0
"""Room between a line and what follows right below it, at most (CSS pixels)."""


def _right_below(line: Node, found: Iterable[Node]) -> list[Node]:
    """What follows a line without anything between, one below another."""
    mine, end = [], line.box.bottom
    for node in sorted(found, key=lambda node: node.box.y):
        if node.box.y - end > MOST_ROOM:
            break
        mine.append(node)
        end = max(end, node.box.bottom)
    return mine


def edited(root: Node, words: GroupWords, where: EntryGroup) -> list[Node]:
    """Return the entries of a group of which each has a button of its own to change it, and shows what it likes of the entry.

    What the group itself says, its heading and what adds an entry, is in none of them.
    """
    leaves = [leaf for leaf in root.leaves if where.holds(leaf.box)]
    edits = set(map(key, words.edit))
    buttons = [leaf for leaf in leaves if key(leaf.own) in edits]
    if _is_typed(root, where) or not any(_is_button(leaf.own, words.add) for leaf in leaves):
        return []
    parts = [_part_alone(button, buttons, words, where) for button in buttons]
    found = [node for node in parts if not _is_button(node.text, words.save)]  # the group's own has no entry
    said = [any(key(leaf.own) not in edits for leaf in node.leaves) for node in found]
    return found if all(said) and _is_list(found) else []


def _part_alone(button: Node, buttons: Sequence[Node], words: GroupWords, where: EntryGroup) -> Node:
    """The largest part of the page around an entry's button with no other entry's, and nothing of the group."""

    def is_alone(node: Node) -> bool:
        inside = all(where.holds(leaf.box) for leaf in node.leaves)
        return inside and sum(map(node.holds, buttons)) == 1 and not _has_own_words(node, words)

    return button.widest(is_alone)


def _has_own_words(node: Node, words: GroupWords) -> bool:
    """True for a part of the page with the group's heading, or what adds an entry."""
    adds = any(_is_button(leaf.own, words.add) for leaf in node.leaves)
    return adds or bool(heading_lines(node, words.heading))


def _is_typed(root: Node, where: EntryGroup) -> bool:
    """True for a part of the page in which something can be filled in; a box may only choose rows."""
    no_field = (*NOT_TYPED, "checkbox")
    return any(
        node.tag in TYPED and node.type not in no_field for node in root.walk() if where.holds(node.box)
    )


def _is_list(found: Sequence[Node]) -> bool:
    """True for what stands one below another."""
    return all(one.box.overlap_y(other.box) <= 1 for one, other in combinations(found, 2))


def _before(arrow: Node, where: EntryGroup) -> Node | None:
    """The nearest part of the page around an arrow in which words stand, where they stand left of it."""
    around = next((node for node in arrow.ancestors() if node.leaves), None)
    if around is None or not all(where.holds(leaf.box) for leaf in around.leaves):
        return None
    first, last = (
        min(leaf.box.y for leaf in around.leaves),
        max(leaf.box.bottom for leaf in around.leaves),
    )
    beside = all(leaf.box.right <= arrow.box.x for leaf in around.leaves)
    return around if beside and first < arrow.box.middle[1] < last else None


def _leads_away(node: Node) -> bool:
    """True for what is in a link or a tab."""
    return any(one.role in LEADING_AWAY or one.leads_away for one in node.upwards())


def _card(own: Sequence[Node], anchors: Sequence[Node], words: GroupWords) -> Box:
    """The place of the largest part of the page that holds these labels, and nothing of another card or of the group."""
    others = [other for other in anchors if other not in own]
    card = own[0].widest(lambda node: not any(map(node.holds, others)) and not _has_own_words(node, words))
    return (card if all(map(card.holds, own)) else own[0]).box


def _heads(table: ColumnTable, leaf: Node) -> bool:
    return any(cell.holds(leaf) for cell in table.headers)


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


def entries(
    root: Node,
    words: GroupWords,
    where: EntryGroup,
    fields_in: Node | None = None,
    *,
    with_rows: bool = False,
) -> list[Entry]:
    """Return the group's entries, blank ones too: a new one begins where a label comes again.

    Args:
        root: Where labels are looked for.
        words: The group's words.
        where: The part of it that counts.
        fields_in: Where fields are looked for; the same when left out.
        with_rows: Whether a row that is pressed to choose counts as a field: a label, and behind it what was chosen.
    """
    names = names_by_word(words.labels) | dict.fromkeys(map(key, words.stay), STAY)
    inside = [node for node in root.walk() if where.holds(node.box)]
    candidates = inside if fields_in is None else list(fields_in.walk())
    captions = [leaf for leaf in inside if leaf.tag == "#text" and key(leaf.own) in names]
    controls = list(_controls(candidates, inside, captions, words))
    if with_rows:
        own = [leaf for leaf in captions if names[key(leaf.own)] != STAY]
        controls = _in_reading_order([*controls, *_rows_to_choose(controls, own, words)])
    found: list[Entry] = []
    for control in controls:
        if control.type == "checkbox":
            if found and _says_now(control, inside, words):
                found[-1].now = control
            continue
        name = _name(control, controls, captions, names)
        begun = next(reversed(found[-1].fields), "") if found else ""
        whole = _together(found[-1].fields[begun], control, inside) if begun in MONTHS else None
        if whole and name in (None, begun):
            found[-1].fields[begun] = whole
            continue
        if name is None or (name == STAY and not _is_alone(control, controls)):
            continue
        if not found or name in found[-1].fields or (name == STAY and found[-1].stay):
            found.append(Entry())
        if name == STAY:
            found[-1].stay = control
        else:
            found[-1].fields[name] = control
    for entry in found:
        entry.now = entry.now or _pressed_for_now(entry, inside, words)
    return found


STAY = "stay"
"""What a field is called in which a beginning and an end stand."""


def _is_alone(control: Node, controls: Sequence[Node]) -> bool:
    """True for a field that has no other right beside it: of two, each has one end."""
    others = [one.box for one in controls if one is not control and one.type != "checkbox"]
    level = [box for box in others if _on_line(box, control.box)]
    gaps = (max(box.x - control.box.right, control.box.x - box.right) for box in level)
    return all(gap > MOST_BETWEEN for gap in gaps)


UNITS = (
    re.compile(r"(?:19|20)\d\d年?|年份?"),
    re.compile(r"(?:0?[1-9]|1[0-2])月?|月份?"),
    re.compile(r"(?:0?[1-9]|[12]\d|3[01])日?|日期?"),
)
"""What a field says that is for the year, the month or the day alone, or what stands right behind it."""
MOST_BETWEEN = 40.0
"""Room between two fields that are parts of one time, at most (CSS pixels)."""


def _together(before: Node, control: Node, inside: Sequence[Node]) -> Node | None:
    """A time of which a field is a further part, right beside the one before: a month behind a year, a day behind a month."""
    parts = [*(before.children if before.role == PARTS else [before]), control]
    gap = control.box.x - parts[-2].box.right
    if len(parts) > len(UNITS) or not _on_line(before.box, control.box) or not 0 <= gap <= MOST_BETWEEN:
        return None
    if not all(_is_for(part, unit, inside) for part, unit in zip(parts, UNITS, strict=False)):
        return None
    numbers = [
        re.sub(r"\D", "", part.value or "").zfill(2) for part in parts if re.search(r"\d", part.value or "")
    ]
    box = Box.around(*(part.box for part in parts))
    return Node("input", box, type="text", role=PARTS, value="-".join(numbers), drawn=True, children=parts)


def _is_for(control: Node, unit: re.Pattern[str], inside: Sequence[Node]) -> bool:
    """True for a field that says its unit of time, or has it right behind it."""
    behind = (leaf.own for leaf in _beside(control, inside) if leaf.box.x >= control.box.right)
    said = map(key, (control.value or "", control.placeholder, control.title, control.label, *behind))
    return any(unit.fullmatch(re.sub("^请?选择", "", words)) for words in said)


def _controls(
    nodes: Sequence[Node], inside: Sequence[Node], captions: Sequence[Node], words: GroupWords
) -> Iterator[Node]:
    """What can be filled in, in the page's order; radio buttons with no label of the group and no other field between them are one."""
    asked = dict(_asked_whether_now(nodes, inside, words))
    labels, radios = set(map(id, captions)), list[Node]()
    for node in (asked.get(one, one) for one in nodes):
        is_field = node.tag in TYPED and node.type not in NOT_TYPED
        if node.type == "radio":
            said = node.label or next((leaf.own for leaf in _beside(node, nodes)), "")
            radios.append(replace(node, label=tree.squash(said)))
        elif is_field or id(node) in labels:
            yield from _as_choice(radios)
            radios = []
        if is_field:
            yield node
    yield from _as_choice(radios)


def _as_choice(radios: list[Node]) -> Iterator[Node]:
    if len(radios) > 1:
        yield _choice(radios, next((one.label for one in radios if one.checked), ""))


def _choice(parts: list[Node], chosen: str) -> Node:
    """A field of several things of which one is pressed."""
    box = parts[0].box
    return Node("input", box, type="text", role=CHOICES, value=chosen, drawn=True, children=parts)


def _in_reading_order(controls: Sequence[Node]) -> list[Node]:
    """Line by line; a box may stand a little higher than the fields of its line."""
    lines: list[list[Node]] = []
    for node in sorted(controls, key=lambda node: node.box.middle[1]):
        if lines and _on_line(lines[-1][0].box, node.box):
            lines[-1].append(node)
        else:
            lines.append([node])
    return [node for line in lines for node in sorted(line, key=lambda node: node.box.x)]


def _rows_to_choose(controls: Sequence[Node], captions: Sequence[Node], words: GroupWords) -> Iterator[Node]:
    """What stands for the fields of rows that have none: the words behind a label that no other row and no field has."""
    names = names_by_word(words.labels)
    taken = {_name(control, controls, captions, names) for control in controls}
    rows = [(leaf, value) for leaf in captions if (value := _only_behind(leaf))]
    free = [(leaf, value) for leaf, value in rows if names[key(leaf.own)] not in taken]
    for _, value in _lone(free, captions):
        if any(_on_line(one.box, value.box) for one in controls):
            continue
        blank = fields.asks_for_value(value.own, words.unchosen)
        box = value.parent.box if value.parent else value.box
        yield Node("input", box, type="text", role="combobox", value="" if blank else value.own, drawn=True)
    for leaf in captions:
        choices = _choices_behind(leaf)
        marked = fields.drawn_apart(choices)
        if (
            choices
            and names[key(leaf.own)] not in taken
            and not any(_on_line(one.box, leaf.box) for one in controls)
        ):
            yield _choice(choices, marked.own if marked else "")


def _choices_behind(caption: Node) -> list[Node]:
    """The words behind a label of which one is pressed, in the smallest part of the page that holds several; [] for fewer than three."""
    around = next((node for node in caption.ancestors() if len(node.leaves) > 1), None)
    said = [leaf for leaf in around.leaves if leaf is not caption and leaf.own.strip()] if around else []
    return (
        said if len(said) >= FEWEST_CHOICES and all(leaf.box.x >= caption.box.right for leaf in said) else []
    )


def _lone(rows: Sequence[tuple[Node, Node]], captions: Sequence[Node]) -> list[tuple[Node, Node]]:
    """The rows whose label has no other; of several the one that begins where most labels do, and not a title over a list."""
    edge = Counter(leaf.box.x for leaf in captions).most_common(1)
    begun = [leaf for leaf, _ in rows if edge and abs(leaf.box.x - edge[0][0]) <= ALIGNED]

    def is_lone(leaf: Node) -> bool:
        same = [other for other, _ in rows if key(other.own) == key(leaf.own)]
        return len(same) == 1 or [other for other in same if other in begun] == [leaf]

    return [(leaf, value) for leaf, value in rows if is_lone(leaf)]


def _only_behind(caption: Node) -> Node | None:
    """The words behind a label on its line, in the smallest part of the page that has any; None where they are several apart.

    What lies over the page may stand on the same line.
    """
    for around in caption.ancestors():
        behind = [
            leaf
            for leaf in around.leaves
            if leaf.own.strip() and _on_line(leaf.box, caption.box) and leaf.box.x >= caption.box.right
        ]
        if behind:
            return behind[0] if len(behind) == 1 else None
    return None


def _value(node: Node, words: GroupWords) -> str:
    shown = tree.squash(node.value or "")
    return "" if fields.asks_for_value(shown, words.unchosen) else shown


def _says_now(control: Node, inside: Sequence[Node], place: GroupWords) -> bool:
    """True for the box beside which 至今 stands."""
    words = [control.label, control.title, *(leaf.own for leaf in _beside(control, inside))]
    return any(key(word) in map(key, place.now) for word in words)


def _pressed_for_now(entry: Entry, inside: Sequence[Node], place: GroupWords) -> Node | None:
    """The word 至今 right of the field for the end, to be pressed like a box: whether it was, the field shows."""
    end = entry.fields.get(entry.open_field)
    said = [leaf for leaf in inside if leaf.tag == "#text" and key(leaf.own) in map(key, place.now)]
    beside = [leaf for leaf in said if end and _on_line(leaf.box, end.box) and leaf.box.x >= end.box.right]
    if end is None or len(beside) != 1 or beside[0].parent is None:
        return None
    box, is_now = beside[0].parent.box, _value(end, place) == beside[0].own.strip()
    return Node("input", box, type="checkbox", label=beside[0].own, checked=is_now, drawn=True)


def _asked_whether_now(
    candidates: Sequence[Node], inside: Sequence[Node], place: GroupWords
) -> Iterator[tuple[Node, Node]]:
    """The 是 of each question 是否至今 with a box to tick that stands for both answers: the one that is not given is pressed for it."""
    questions = {f"是否{key(word)}" for word in place.now}
    radios = [node for node in candidates if node.type == "radio"]
    for leaf in inside:
        if leaf.tag != "#text" or key(leaf.own).rstrip("?") not in questions:
            continue
        near = [one for one in radios if _follows(one.box, leaf.box)]
        yes, no = ([one for one in near if _says(one, word, inside)] for word in "是否")
        if len(yes) == len(no) == 1:
            pressed = no[0] if yes[0].checked else yes[0]
            yield (
                yes[0],
                replace(yes[0], type="checkbox", role=CHOICES, label=place.now[0], box=pressed.box),
            )


def _follows(answer: Box, question: Box) -> bool:
    """True for what stands right of something on its line, or right below it."""
    beside = _on_line(answer, question) and answer.x >= question.right
    return beside or 0 <= answer.y - question.bottom <= MOST_ROOM


def _says(control: Node, word: str, inside: Sequence[Node]) -> bool:
    said = control.label.strip() or next((leaf.own for leaf in _beside(control, inside)), "")
    return key(said) == word


def _beside(control: Node, inside: Sequence[Node]) -> Iterator[Node]:
    """The leaf right after a box on the same line, and not in it; where none is, as with a switch at the end, the one before it."""
    words = [leaf for leaf in inside if leaf.tag == "#text" and not control.holds(leaf)]
    line = [leaf for leaf in words if leaf.box.overlap_y(control.box) > 0]
    after = [leaf for leaf in line if leaf.box.x >= control.box.x]
    yield from sorted(after or line, key=lambda leaf: abs(leaf.box.x - control.box.x))[:1]


def _name(
    control: Node, controls: Sequence[Node], captions: Sequence[Node], names: Mapping[str, str]
) -> str | None:
    """The field that a control is for: by its label or placeholder, the words left of it, those above it, words in its placeholder."""
    own = [name for said in (control.label, control.placeholder) if (name := names.get(key(said)))]
    if own:
        return min(own, key=lambda name: name == STAY)
    held = [label for label in names if label in key(control.placeholder)]
    if {names[label] for label in held}.issuperset(MONTHS):
        return STAY
    caption = _left_of(control, controls, captions) or _above(control, captions)
    if caption is not None:
        return names[key(caption.own)]
    return names[max(held, key=len)] if held else None


def _left_of(control: Node, controls: Sequence[Node], captions: Sequence[Node]) -> Node | None:
    beside = [leaf for leaf in captions if _on_line(leaf.box, control.box) and leaf.box.x < control.box.x]
    nearest = max(beside, key=lambda leaf: leaf.box.x, default=None)
    if nearest is None:
        return None
    between = (
        other
        for other in controls
        if other is not control
        and _on_line(other.box, control.box)
        and nearest.box.x < other.box.x < control.box.x
    )
    return None if any(between) else nearest


def _on_line(one: Box, other: Box) -> bool:
    return one.overlap_y(other) > min(one.height, other.height) / 2


def _above(control: Node, captions: Sequence[Node]) -> Node | None:
    over = [
        leaf
        for leaf in captions
        if leaf.box.overlap_x(control.box) > 0 and leaf.box.bottom <= control.box.y + leaf.box.height / 2
    ]
    return max(over, key=lambda leaf: leaf.box.y, default=None)
