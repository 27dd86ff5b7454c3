"""毕业条件 as a page shows it → structured rows. Pure: works on the tree of what is visible.

The names contain words like 已上传 and 不合格; only what follows 当前状态 within a condition's own entry is its status, and an
empty one stays empty (dossier ``chaoxing``, 1.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from agent.errors import SiteChanged
from agent.report.model import ConditionRow, ConditionStatus
from agent.snapshot import fields, tree
from agent.snapshot.fields import Colour, Field
from agent.snapshot.tables import ColumnTable, columns_beside, label_pattern, table_under
from agent.snapshot.tree import Node, key
from flows.profiles.schema import ConditionData, Profile
from flows.profiles.site_words import ConditionsWords
from flows.sites.chaoxing.condition_names import StatusesBesideNames
from flows.sites.chaoxing.condition_status import PAGE, Pair, meaning, said_by, signs_in

_MARKS = " ；;，,、。"
"""What ends a sentence that a condition is written in."""
_HELP = re.compile(r"\s+[?？]$")
"""The mark beside a name that explains it when pressed."""


@dataclass(frozen=True)
class Conditions:
    """The page: batch and scope as shown (None where there is no such line) and the rows in reading order.

    A row has the name and the status text exactly as shown, what both mean to the notice, and the colour.
    """

    batch: str | None
    scope: str | None
    rows: tuple[ConditionRow, ...]
    fallback: str | None = None
    """How the rows were read where the page lacks its own labels; None when they were there."""

    def count(self, status: ConditionStatus) -> int:
        """Return how many rows have a status."""
        return sum(row.status == status for row in self.rows)

    def joined(self, further: Conditions) -> Conditions:
        """Return these with those of another part of the list, each name once, numbered on."""
        names = {row.name for row in self.rows}
        new = [row for row in further.rows if row.name not in names]
        rows = [row.model_copy(update={"position": place}) for place, row in enumerate((*self.rows, *new), 1)]
        return replace(
            self, batch=self.batch or further.batch, scope=self.scope or further.scope, rows=tuple(rows)
        )


def is_shown(root: Node, place: ConditionsWords) -> bool:
    """True for the page itself; what leads to it may have one of its words amid a sentence."""
    begun = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(map(re.escape, map(key, place.landmark)))})")
    said = (*(leaf.words for leaf in root.leaves), *(line.text for line in root.lines))
    return any(begun.search(key(part)) for text in said for part in (text, *text.split()))


def read(root: Node, place: ConditionsWords, profile: Profile) -> Conditions:
    """Read the page.

    Args:
        root: The visible tree of the frame that shows 毕业条件.
        place: What the page calls things.
        profile: Gives the meaning of status words and the names to look for where a page has no labels.

    Raises:
        SiteChanged: Names and statuses do not pair up, or there are none.
    """
    found = _labelled(root, place)
    pairs, fallback = _pairs(root, found, place), None
    if not pairs:
        pairs = _by_known_names(root, profile.conditions, _without_captions(found, place), place)
        fallback = "毕业条件：按条件名称读取"
    if not pairs:
        raise SiteChanged(PAGE, _columns_named(place), ())
    if not all(name for name, _, _ in pairs):
        raise SiteChanged(PAGE, place.name[0], ("没有名称的一行",))
    return _conditions(found, pairs, place, profile, fallback)


def _conditions(
    found: Sequence[Field],
    pairs: Sequence[Pair],
    place: ConditionsWords,
    profile: Profile,
    fallback: str | None = None,
) -> Conditions:
    batch, scope = (fields.first_value(found, words) for words in (place.batch, place.scope))
    rows = tuple(condition_row(position, *pair, profile) for position, pair in enumerate(pairs, start=1))
    return Conditions(
        batch.value.rstrip(_MARKS) if batch else None, scope.value if scope else None, rows, fallback
    )


def read_open(root: Node, place: ConditionsWords, profile: Profile) -> Conditions | None:
    """Read the entries that are open where each folds its status away: the names with a status right after them.

    Returns:
        None where no entry is open, names and statuses do not take turns, or they head the columns of a table.
    """
    found = _labelled(root, place)
    mine = [field for field in found if field.label in (*place.name, *place.status)]
    statuses = [field for field in mine if field.label in place.status]
    pairs = [
        _pair(name, status)
        for name, status in pairwise(mine)
        if name.label in place.name and status.label in place.status
    ]
    headed = _tables([field for field in mine if field.label in place.name], place)
    if headed or len(pairs) < max(1, len(statuses)) or not all(name for name, _, _ in pairs):
        return None
    return _conditions(found, pairs, place, profile)


def _labelled(root: Node, place: ConditionsWords) -> list[Field]:
    """The page's labels with their values; a heading that names both columns at once, as 毕业要求 / 当前状态, is none."""
    found = fields.fields(root, [*place.name, *place.status, *place.batch, *place.scope])
    either = ("|".join(map(re.escape, map(key, words))) for words in (place.name, place.status))
    both = re.compile(r"(?:{})\W+(?:{})".format(*either))
    return [field for field in found if not both.fullmatch(key(field.anchor.own))]


def names(root: Node, place: ConditionsWords) -> frozenset[str]:
    """Return the names that are labelled as conditions on the page, whatever is known of their status."""
    found = _labelled(root, place)
    mine, statuses = (
        [field for field in found if field.label in words] for words in (place.name, place.status)
    )
    if tables := _tables(mine, place):
        return frozenset(name.text for name, _ in _rows(tables, place, statuses))
    return frozenset(map(_name, mine))


def unseen(read: Conditions, profile: Profile) -> tuple[str, ...]:
    """Return the names of the notice's conditions that no row has, where there are fewer rows than conditions.

    The list may have a part that was not found; of as many rows one has another name.
    """
    if len(read.rows) >= len(profile.conditions):
        return ()
    shown = [known for row in read.rows if (known := profile.condition(row.name))]
    return tuple(condition.name for condition in profile.conditions if condition not in shown)


def condition_row(
    position: int, name: str, status_text: str, colour: Colour | None, profile: Profile
) -> ConditionRow:
    """Return a condition as it is shown, with what the notice says of it."""
    known = profile.condition(name)
    return ConditionRow(
        position=position,
        name=name,
        status_text=status_text,
        status=meaning(status_text, profile.status_words),
        colour=colour,
        meaning=known.meaning if known else "",
    )


def _pairs(root: Node, found: Sequence[Field], words: ConditionsWords) -> list[Pair]:
    names = [field for field in found if field.label in words.name]
    statuses = [field for field in found if field.label in words.status]
    if not names or not statuses:
        return []
    tables = _tables(names, words)
    if tables:
        return [_cells(name, status) for name, status in _rows(tables, words, statuses)]
    if len(_without_captions(found, words)) < len(found):
        return []
    return [_pair(name, status) for name, status in _zipped(root, names, statuses, words)]


def _zipped(
    root: Node, names: Sequence[Field], statuses: Sequence[Field], words: ConditionsWords
) -> Iterator[tuple[Field, Field]]:
    """Each name with its status; raises ``SiteChanged`` where there are more or fewer statuses than names."""
    if len(names) != len(statuses):
        seen = (f"{len(names)} 个名称", f"{len(statuses)} 个状态")
        raise SiteChanged(PAGE, _columns_named(words), seen)
    return zip(names, _on_their_lines(root, statuses), strict=True)


def _on_their_lines(root: Node, statuses: Sequence[Field]) -> list[Field]:
    """The statuses; where some stand on their label's line, what stands below the line of another is not its status."""
    lines = {id(leaf): line for line in tree.lines(root) for leaf in line.leaves}
    own = [one for one in statuses if lines[id(one.anchor)] is lines.get(id(one.at))]
    if not any(status.value for status in own):
        return list(statuses)
    below = [one for one in statuses if one not in own and one.at.box.y >= one.anchor.box.bottom - 1 > 0]
    return [replace(one, value="", at=one.anchor) if one in below else one for one in statuses]


def _without_captions(found: Sequence[Field], words: ConditionsWords) -> list[Field]:
    """The labels without two on one line that nothing stands beside, one for names and one for statuses: they head a list."""
    captions = [
        one
        for pair in pairwise(found)
        if pair[0].label in words.name and pair[1].label in words.status
        if not any(one.value or one.anchor.own.rstrip().endswith(fields.COLONS) for one in pair)
        if pair[0].anchor.box.overlap_y(pair[1].anchor.box) > 0
        for one in pair
    ]
    return [field for field in found if field not in captions]


def _columns_named(words: ConditionsWords) -> str:
    return f"{words.name[0]}／{words.status[0]}"


def _tables(names: Sequence[Field], words: ConditionsWords) -> list[ColumnTable]:
    """The tables that the labels head, each once, in reading order; there may be one for each group of conditions."""
    pattern = label_pattern(frozenset((*words.name, *words.status)))
    found = [table_under(field.anchor, pattern) for field in names]
    headed = (table for table in found if table and _is_headed(table, words))
    return list({table.headers: table for table in headed}.values())


def _is_headed(table: ColumnTable, words: ConditionsWords) -> bool:
    """True where a header is a label and nothing else; one that goes on with a name is an entry of its own."""
    return any(key(header.text) in map(key, words.name) for header in table.headers)


def _pair(name: Field, status: Field) -> Pair:
    return _name(name), *_status(status)


def _status(status: Field) -> tuple[str, Colour | None]:
    """What a status says, and its colour."""
    mark = None if status.value else _mark_beside(status.anchor)
    text, at = (said_by(mark), mark) if mark else (status.value.rstrip(_MARKS), status.at)
    return text, fields.shown_colour(at) if text else None


def _name(name: Field) -> str:
    return _HELP.sub("", name.value).rstrip(_MARKS + "：:")


def _mark_beside(label: Node) -> Node | None:
    """The one sign beside a label that has no words: a dot or an icon that says in its title what it means."""
    around = takewhile(lambda node: node.leaves == (label,), label.ancestors())
    marks = next((marks for node in around if (marks := signs_in(node))), [])
    return marks[0] if len(marks) == 1 else None


def _rows(
    tables: Sequence[ColumnTable], words: ConditionsWords, shown: Sequence[Field]
) -> list[tuple[Node, Node | None]]:
    """The rows of all tables, each once: frozen columns lie as a copy over those of the whole table."""
    rows: list[tuple[Node, Node | None]] = []
    for name, status in (row for table in tables for row in _columns(table, words, shown)):
        level = (one for one, _ in rows if one.box.overlap_y(name.box) > 0)
        if all(one.text != name.text for one in level):
            rows.append((name, status))
    return fields.without_heads(rows)


def _columns(
    table: ColumnTable, words: ConditionsWords, shown: Sequence[Field]
) -> list[tuple[Node, Node | None]]:
    """Rows under headers, read row by row: each name column with the status column that follows it.

    What stands beside a status that spans several rows explains its condition.

    Raises:
        SiteChanged: A name spans several statuses.
    """
    labels = [key(header.text) for header in table.headers]
    names = [column for column, label in enumerate(labels) if label in map(key, words.name)]
    statuses = [(table, column) for column, label in enumerate(labels) if label in map(key, words.status)]
    statuses = statuses or _statuses_beside(table, shown)
    if len(names) != len(statuses):
        raise SiteChanged(PAGE, _columns_named(words), tuple(labels)[:5])
    columns = list(zip(names, statuses, strict=True))
    cells = [
        (table.cell(row, name), status[0].cell_beside(row, status[1]))
        for row in table.rows
        for name, status in columns
    ]
    rows = [(name, status) for name, status in cells if name and name is not status and name.text]
    said = [status for _, status in rows if status]
    for status in (status for name, status in cells if name is None and status):
        if any(_spans(name, status) for name, _ in rows):
            raise SiteChanged(PAGE, words.status[0], tuple(one.text for one in (*said, status))[:5])
    return [row for row in rows if row[1] or not any(_spans(status, row[0]) for status in said)]


def _spans(cell: Node, other: Node) -> bool:
    """True for a cell that begins above another and goes on beside it."""
    return cell.box.y < other.box.y and cell.box.overlap_y(other.box) > 1


def _statuses_beside(table: ColumnTable, shown: Sequence[Field]) -> list[tuple[ColumnTable, int]]:
    """The status columns that stand in a table of their own beside the names, which stay when it is scrolled."""
    found = ((field.anchor, columns_beside(field.anchor, table)) for field in shown)
    return [(other, other.column(anchor)) for anchor, other in found if other]


def _cells(name: Node, status: Node | None) -> Pair:
    marks = signs_in(status) if status and not status.text else []
    if len(marks) == 1:
        return name.text, said_by(marks[0]), fields.shown_colour(marks[0])
    text = status.text if status else ""
    return name.text, text, fields.shown_colour(status) if status and text else None


def _by_known_names(
    root: Node, known: Sequence[ConditionData], labelled: Sequence[Field], words: ConditionsWords
) -> list[Pair]:
    """Where the page has no labels for names: the notice's own names, each with what stands beside it."""
    names = [name for condition in known for name in (condition.name, *condition.aliases)]
    found = _once(fields.fields(root, names))
    statuses = [field for field in labelled if field.label in words.status]
    if not found:
        return []
    if statuses:
        return [(name.label, *_status(status)) for name, status in _zipped(root, found, statuses, words)]
    return StatusesBesideNames(root, found, words).pairs()


def _once(found: Sequence[Field]) -> list[Field]:
    """The names without those of a copy that lies over frozen columns or beside them."""
    kept: list[Field] = []
    for field in found:
        copies = (one for one in kept if one.label == field.label)
        if not any(one.anchor.box.overlap_y(field.anchor.box) > 0 for one in copies):
            kept.append(field)
    return kept
