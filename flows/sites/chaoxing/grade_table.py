"""The grade table as a page shows it → rows, what is failed or missing, and the average. Pure: works on the visible tree.

Columns are mapped by their headers, since rows start with a checkbox that has none; a blank component is not zero
(dossier ``chaoxing``, 1.6).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from agent.report.model import GradeRow
from agent.snapshot import fields, tree
from agent.snapshot.fields import Field
from agent.snapshot.tables import (
    OUT_OF_LINE,
    ColumnTable,
    columns_beside,
    label_pattern,
    table_beside,
    table_under,
    top_of,
)
from agent.snapshot.tree import Box, Node, key, squash
from flows.profiles.schema import GradeRules
from flows.profiles.site_words import GradeColumn, GradesWords, all_words, names_by_word
from flows.sites.site_messages import takes_back

_NOTE = re.compile(r"[（(【\[].*$")
_NUMBER = re.compile(r"(?:(?:补考|重修|正考):?|\*)?(\d{1,3}(?:\.\d+)?)(?:分|\*)?")
_TICKS = "✓✔√✗✘×⚠"
"""What stands beside a figure and says that it is enough or not."""
_HIGHEST = 100
_NOTHING = re.compile(r"[-—–/\\_]*|无|暂无|未录入|待录入|未出|未登记|null")
"""What pages write where there is no total yet."""
_REPEATED = re.compile(r"[(\[【](?:重修|补考|重考|重读|再修)[^)\]】]*[)\]】]$")
"""What is written behind a course that was taken again."""

_SUM = re.compile(
    r"(?:(?:19|20)\d\d.*|本页|本表|本?学期|课程|各科|全部|累计|加权|算术|总评?)*(?:合计|总计|小计|共计|汇总|平均|均分)(?:学分|分|值|数|成绩|绩点)*(?:[:(（\d].*)?"
)
"""What a line is called that sums up the courses above it."""


@dataclass(frozen=True)
class Course:
    """One row, every cell as shown, "" where the page shows nothing."""

    course: str
    term: str
    total: str
    homework: str = ""
    attendance: str = ""
    experiment: str = ""
    exam: str = ""
    number: str = ""
    result: str = ""
    """What a column of its own says of the total: 合格, 未通过."""
    makeup: str = ""
    retake: str = ""
    """What was reached later, where columns of their own say it."""

    @property
    def best(self) -> Decimal | None:
        """The highest of its totals in numbers."""
        scores = map(number, (self.total, self.makeup, self.retake))
        return max((score for score in scores if score is not None), default=None)


@dataclass(frozen=True)
class Grades:
    """The table over all its pages, judged.

    Args:
        rows: In the table's order, as the report shows them.
        failed: Courses with a failed row and no passed one: a course that was repeated counts once, by its best row.
        missing: Courses without any total.
        unknown: Courses whose total is a word that the notice does not know, with that word.
        average: The mean of the numeric totals without 毕业实践, to two decimals; of a repeated course the best counts.
        pass_mark: From which total a course is passed.
        shown: How many rows the page says there are; None where it does not say.
        unread_pages: How many pages it speaks of that could not be turned to.
    """

    rows: tuple[GradeRow, ...]
    failed: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[tuple[str, str], ...]
    average: float | None
    pass_mark: float
    shown: int | None = None
    unread_pages: int = 0

    @property
    def is_complete(self) -> bool:
        """False when the page speaks of another number of rows or pages than were read."""
        return not self.unread_pages and self.shown in (None, len(self.rows))


def judged(courses: Sequence[Course], rules: GradeRules, shown: int | None = None) -> Grades:
    """Judge the courses of the whole table.

    Args:
        courses: In the table's order.
        rules: What counts as passed.
        shown: How many rows the page says there are; None where it does not say.
    """
    rows = tuple(_judged(course, rules) for course in courses)
    by_course: dict[str, list[GradeRow]] = defaultdict(list)
    for row in rows:
        by_course[_same(row.course)].append(row)
    by_course = {repeated[0].course: repeated for repeated in by_course.values()}
    verdicts = {name: [row.passed for row in repeated] for name, repeated in by_course.items()}
    return Grades(
        rows,
        failed=tuple(name for name, seen in verdicts.items() if False in seen and True not in seen),
        missing=tuple(
            name for name, repeated in by_course.items() if not any(_said(row) for row in repeated)
        ),
        unknown=tuple((row.course, row.total or "") for row in rows if _said(row) and row.passed is None),
        average=_average(courses, rules),
        pass_mark=rules.pass_mark,
        shown=shown,
    )


def _same(course: str) -> str:
    """A course's name as all its rows have it, whatever brackets and blanks a page uses."""
    return _REPEATED.sub("", key(course))


def _judged(course: Course, rules: GradeRules) -> GradeRow:
    return GradeRow(
        course=course.course,
        term=course.term,
        total=course.total or None,
        passed=_passed_course(course, rules),
        homework=course.homework or None,
        attendance=course.attendance or None,
        experiment=course.experiment or None,
        exam=course.exam or None,
    )


def _passed_course(course: Course, rules: GradeRules) -> bool | None:
    """What the platform itself says of a total, where it has one and says it in known words; else the total and what came later."""
    said = _passed(course.result, rules) if _NOTHING.fullmatch(_word(course.total)) is None else None
    if said is not None:
        return said
    verdict = _passed(course.total, rules)
    later = (_passed(score, rules) for score in (course.makeup, course.retake))
    return True if verdict is False and True in later else verdict


def _passed(total: str, rules: GradeRules) -> bool | None:
    """Say whether a total is passed; None for a blank one, a word that the notice does not know, or a note that says otherwise."""
    verdict, found = _verdict(total, rules), _NOTE.search(total)
    note = found[0].strip("（）()【】[]") if found else ""
    is_doubtful = takes_back(note) if verdict else "缓" in note or _verdict(note, rules)
    return None if is_doubtful else verdict


def _verdict(total: str, rules: GradeRules) -> bool | None:
    """The same by the total alone, whatever note follows it."""
    score, word = number(total), _word(total)
    if score is not None:
        return score >= rules.pass_mark
    known = {True: rules.passed, False: rules.failed}
    return next((verdict for verdict, words in known.items() if word in map(key, words)), None)


def _said(row: GradeRow) -> str:
    word = _word(row.total or "")
    return "" if _NOTHING.fullmatch(word) else word


def _average(courses: Sequence[Course], rules: GradeRules) -> float | None:
    best: dict[str, Decimal] = {}
    for course in courses:
        name, score = _same(course.course), course.best
        if score is not None and not any(key(word) in name for word in rules.practice):
            best[name] = max(score, best.get(name, score))
    return float(round(sum(best.values(), Decimal()) / len(best), 2)) if best else None


def number(total: str) -> Decimal | None:
    """Return a total such as 81.0, 81分, 补考81 or 81（补考） as a number, None for a word, a blank or more than a hundred."""
    found = _NUMBER.fullmatch(_word(total))
    score = Decimal(found[1]) if found else None
    return score if score is not None and score <= _HIGHEST else None


def _word(total: str) -> str:
    return key(_NOTE.sub("", total)).rstrip(_TICKS)


# -- reading ---------------------------------------------------------------------------------------------------------------

_Places = Mapping[GradeColumn, tuple[ColumnTable, int]]
"""Where each column is: in which table, and which of its columns."""


def read(root: Node, place: GradesWords) -> tuple[Course, ...] | None:
    """Return the rows of the grade table, none of them for an empty one; None where there is no such table."""
    names = names_by_word(place.columns)
    heads = _heads(root, names)
    shown = [_unfolded(table, names) for table in _tables(heads, place)]
    tables = [table for table in shown if table]
    if len(tables) < len(shown):
        return None
    if not tables:
        is_empty = any(names[key(leaf.words)] == "course" for leaf in heads) and fields.says(
            root, *place.empty
        )
        return _cards(root, place) or (() if is_empty else None)
    parts = [(table, _places(table, heads, names)) for table in tables]
    whole = [(table, places) for table, places in parts if {"course", "total"} <= places.keys()]
    if parts[0] not in whole:
        # Labels one below another, each with its value beside it; a wide table heads its courses with a word that is not known.
        is_wide = "total" in parts[0][1] and len(parts[0][0].headers) > 2
        return None if is_wide else _cards(root, place)
    shown_rows = (_row(cells, places) for table, places in whole for cells in table.rows)
    rows = _without_heads([row for row in shown_rows if row])
    own = (max((row["course"], *row.values()), key=lambda cell: cell.box.y) for row in rows)
    places_of_rows = [cell.parent or cell for cell in own]
    is_headed = _is_headed(root, [table for table, _ in whole])
    terms = _terms_over(root, places_of_rows) if is_headed else [""] * len(rows)
    courses = tuple(_of_row(row, term) for row, term in zip(rows, terms, strict=True))
    return courses if not courses or any(len(_word(row.total)) <= LONGEST_TOTAL for row in courses) else None


def _is_headed(root: Node, tables: Iterable[ColumnTable]) -> bool:
    """True where terms stand among the rows, or several in the columns: one over a table may be the term that is now."""
    terms = [leaf for leaf in root.leaves if _TERM_ALONE.fullmatch(squash(leaf.words))]
    inside = [
        (leaf, table)
        for table in tables
        for leaf in terms
        if any(leaf.box.overlap_x(cell.box) > 0 for cell in table.headers)
    ]
    among = any(top_of(table.headers) < leaf.box.y < _bottom(table) for leaf, table in inside)
    return among or len({key(leaf.words) for leaf, _ in inside}) > 1


def _heads(root: Node, names: Mapping[str, GradeColumn]) -> list[Node]:
    """What may head a column, the courses' first."""
    heads = [leaf for leaf in root.leaves if key(leaf.words) in names]
    return sorted(heads, key=lambda leaf: names[key(leaf.words)] != "course")


def _tables(heads: Sequence[Node], place: GradesWords) -> list[ColumnTable]:
    """The table that they head, and those that begin below the ones before or are whole beside them, as of further terms."""
    pattern = label_pattern(frozenset(all_words(place.columns)))
    found: list[ColumnTable] = []
    for table in (table_under(leaf, pattern) for leaf in heads):
        if table and all(_is_further(table, one, place) for one in found):
            found.append(table)
    return found or [table for leaf in heads[:1] if (table := table_beside(leaf, pattern))]


def _is_further(table: ColumnTable, before: ColumnTable, place: GradesWords) -> bool:
    """True below a table, or beside it with names and totals of its own: a column that stays where it is has not both."""
    if top_of(table.headers) >= _bottom(before) - 1:
        return True
    heads = {key(cell.text) for cell in table.headers}
    is_whole = all(heads & set(map(key, place.columns[name])) for name in ("course", "total"))
    return is_whole and all(
        one.box.overlap_x(other.box) <= 1 for one in table.headers for other in before.headers
    )


def _bottom(table: ColumnTable) -> float:
    return max(cell.box.bottom for row in table.rows for cell in row)


def _places(
    table: ColumnTable, heads: Sequence[Node], names: Mapping[str, GradeColumn]
) -> dict[GradeColumn, tuple[ColumnTable, int]]:
    """Where each column of a table is: in it, or in one beside it."""
    places = {name: (table, at) for name, at in _columns(table, names).items()}
    for leaf in heads:
        name = names[key(leaf.words)]
        other = columns_beside(leaf, table) if name not in places else None
        if other:
            places[name] = (other, _columns(other, names).get(name, other.column(leaf)))
    return places


def _unfolded(table: ColumnTable, names: Mapping[str, GradeColumn]) -> ColumnTable | None:
    """A table with several courses in a row as one with a row for each; None where its columns do not repeat alike."""
    heads = [key(cell.text) for cell in table.headers]
    times = max((heads.count(head) for head in heads if names.get(head) == "course"), default=1)
    width = len(heads) // times
    if times == 1:
        return table
    if heads != heads[:width] * times or not all(len(row) in (1, len(heads)) for row in table.rows):
        return None
    parts = (row[at : at + width] for row in table.rows for at in range(0, len(row), width))
    return ColumnTable(table.headers[:width], tuple(parts))


def _columns(table: ColumnTable, names: Mapping[str, GradeColumn]) -> dict[GradeColumn, int]:
    """Where the columns are, each under the surest of its words."""
    heads = [key(cell.text) for cell in table.headers]
    return {name: heads.index(word) for word, name in reversed(list(names.items())) if word in heads}


_Row = dict[GradeColumn, Node]


def _row(cells: Sequence[Node], places: _Places) -> _Row | None:
    """The cells of one course; None for a line that names none or a term, or whose name runs over further columns or sums them up."""
    if any(_SUM.fullmatch(key(cell.text)) for cell in cells):
        return None
    beside = {name: table.cell_beside(cells, at) for name, (table, at) in places.items()}
    # What begins in a row before may span further attempts, or a term's courses.
    if beside["course"] or beside["total"]:
        for name in (name for name in ("course", "term") if name in places and beside[name] is None):
            table, at = places[name]
            beside[name] = table.cell_over(cells, at)
    found = {name: cell for name, cell in beside.items() if cell}
    course = found.get("course")
    runs_on = any(cell is course for name, cell in found.items() if name not in ("course", "number"))
    names_course = course and course.text and not _TERM_ALONE.fullmatch(squash(course.text))
    return found if names_course and not runs_on else None


def _without_heads(rows: Sequence[_Row]) -> list[_Row]:
    """The rows without those that head others, as the modules of a plan: nothing is said of them but their name."""
    said = [
        next((cell for name, cell in row.items() if name not in ("course", "number") and cell.text), None)
        for row in rows
    ]
    kept = fields.without_heads([(row["course"], value) for row, value in zip(rows, said, strict=True)])
    names = [name for name, _ in kept]
    return [row for row in rows if row["course"] in names]


def _of_row(row: _Row, term: str) -> Course:
    """The course of a row; the term that stands over it is its own where it has no column of terms."""
    said = {"term": term, "total": ""} | {str(name): cell.text for name, cell in row.items()}
    return Course(**said)


_NUMBERED = re.compile(r"(?:(\d{1,3})\s*[.、．]\s*)?(.+)")
_CHOSEN = re.compile(r"(?:19|20)\d\d(?:.*(?:春|秋|学期|学年)|[-—~至](?:19|20)\d\d)")
"""A term or a year of study in a field, and no date."""
_TERM = re.compile(r"(?:19|20)\d\d.*(?:春|秋|学期|学年|[-—至]\s*(?:19|20)?\d\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TERM_ALONE = re.compile(
    r"\W*(?:(?:学年)?学期[:：])?((?:19|20)\d\d[^，。、：:]{0,14}(?:春|秋|学期|学年)季?)(?:[^\w：:]*共?\s?\d+\s?[门科条](?:[^)）]*[)）])?\W*)?"
)
"""A term and nothing else, but perhaps how many courses it has."""


def _cards(root: Node, words: GradesWords) -> tuple[Course, ...] | None:
    """The courses of a list of cards, each headed by its course and with a labelled total; None for anything else."""
    if has_headers(root, words):
        return None
    totals = _totals(root, words)
    cards = _on_one_level(root, lambda leaf: id(leaf) in totals) if totals else []
    courses = [_on_card(card, words) for card in cards]
    terms = _terms_over(root, cards)
    found = [
        course if course.term else replace(course, term=term)
        for course, term in zip(courses, terms, strict=True)
        if course
    ]
    has_scores = any(_SCORE.fullmatch(course.total) for course in found)
    return tuple(found) if has_scores and len(found) == len(cards) else None


_SCORE = re.compile(r"\d.*|[^\d\s]{0,3}")
"""A figure, a short word such as 优秀 or nothing yet, as at least one card has where they are courses; entries of a menu have more."""


def _totals(root: Node, words: GradesWords) -> set[int]:
    """The lines of several totals under the surest of their words; a page is named like a total, too."""
    for word in words.columns["total"]:
        pattern = _labelled([word])
        found = {id(line.leaves[0]) for line in tree.lines(root) if pattern.search(line.seamed)}
        if len(found) > 1:
            return found
    return set()


def _on_one_level(root: Node, is_total: Callable[[Node], bool]) -> list[Node]:
    """The cards of totals, each as deep in the page as most are: one alone under its heading would have that in it."""
    cards = fields.holders(root, is_total)
    depths = [sum(1 for _ in card.ancestors()) for card in cards]
    usual = max(depths, key=depths.count, default=0)
    for place, depth in enumerate(depths):
        for _ in range(usual - depth):
            parts = (child for child in cards[place].children if any(map(is_total, child.leaves)))
            cards[place] = next(parts, cards[place])
    return cards


def _terms_over(root: Node, parts: Sequence[Node]) -> list[str]:
    """The term under which each part of a list stands, where one heads it alone on its line; "" elsewhere."""
    inside = {id(leaf) for part in parts for leaf in part.leaves}
    others = [leaf for leaf in root.leaves if id(leaf) not in inside]
    heads = {
        id(leaf): (leaf, term[1]) for leaf in others if (term := _TERM_ALONE.fullmatch(squash(leaf.words)))
    }
    before: list[tuple[Node, str]] = []
    over = {}
    for leaf in root.leaves:
        before += [heads[id(leaf)]] if id(leaf) in heads else []
        over[id(leaf)] = len(before)
    return [_term_over(part.box, before[: over[id(part.leaves[0])]], others) for part in parts]


def _term_over(box: Box, heads: Sequence[tuple[Node, str]], others: Sequence[Node]) -> str:
    """The last of several terms that is a head among what stands over a place, or beside nothing that does."""
    for leaf, term in reversed(heads):
        over = [one for one in others if one.box.overlap_x(box) > 0 or leaf.box.overlap_x(box) <= 0]
        if _is_head(leaf, over):
            return term
    return ""


def _is_head(leaf: Node, others: Sequence[Node]) -> bool:
    """True for a term that begins its line, but perhaps for a sign, and has no other beside it."""
    level = [one for one in others if _is_level(one, leaf) and any(map(str.isalnum, one.words))]
    begins = all(one.box.x > leaf.box.x and not _TERM.match(squash(one.words)) for one in level)
    return begins and _TERM_ALONE.fullmatch(squash(leaf.words)) is not None


def has_headers(root: Node, place: GradesWords) -> bool:
    """True for a table whose rows have not come: labels without colons stand side by side, and no value between them."""
    labels = names_by_word(place.columns).keys()
    return any(
        {key(one.words), key(other.words)} <= labels
        and one.box.overlap_y(other.box) > 0
        and not one.words.rstrip().endswith(fields.COLONS)
        for one, other in pairwise(root.leaves)
    )


def _labelled(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern for one of the labels and what stands behind it on its line, "" for nothing."""
    gap = rf"[\s{tree.SEAM}]"
    label = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"(?:^|{gap})(?:{label})(?:{gap}*[:：]|{gap}|$){gap}*([^\s{tree.SEAM}]*)")


_APART = re.compile(r"[\u3000\xa0]+| {2,}| ?[|｜] ?")
"""What parts a line into what might as well stand on several."""


def _on_card(card: Node, place: GradesWords) -> Course | None:
    """One card's course: what is labelled, else its first line and the line that is a term; None where nothing heads it."""
    said = [line.seamed.rstrip(tree.SEAM) for line in tree.lines(card)]
    parts = [part.strip(tree.SEAM) for line in said for part in _APART.split(line)]
    every = all_words(place.columns)
    found = fields.fields(card, every)
    values = {name: _value(said, found, words) for name, words in place.columns.items()}
    taken = {field.value for field in found}
    plain = [line for line in map(_plain, parts) if line not in taken and not _labelled(every).search(line)]
    for name in (name for name, value in values.items() if not value):
        above = _above(card, place.columns[name])
        if above in plain[1:]:  # the first line heads the card
            values[name] = above
            plain.remove(above)
    return _course({name: value for name, value in values.items() if value}, plain)


LONGEST_TOTAL = 6
"""Letters of a total, at most: what stands under a menu's words is no grade."""
LONGEST_ABOVE = 4
"""Letters of a value that stands above its label: a figure, 优, 合格."""


def _above(card: Node, words: Collection[str]) -> str:
    """What stands above a label that has a corner of the card alone with it, or as a large figure over it; "" for nothing."""
    names = set(map(key, words))
    for label in (leaf for leaf in card.leaves if key(leaf.words) in names):
        corner = next((node for node in label.ancestors() if len(node.leaves) > 1), card)
        over = [leaf for leaf in card.leaves if _is_over(leaf, label)]
        nearest = max(over, key=lambda leaf: leaf.box.bottom, default=None)
        value = _plain(nearest.words) if nearest else ""
        alone = len(corner.leaves) == 2 and nearest in corner.leaves
        if nearest and len(value) <= LONGEST_ABOVE and (alone or _is_figure(nearest, label)):
            return value
    return ""


def _is_over(leaf: Node, label: Node) -> bool:
    return leaf.box.bottom <= label.box.y + 1 and leaf.box.overlap_x(label.box) > 0


def _is_figure(leaf: Node, label: Node) -> bool:
    return number(leaf.words) is not None and leaf.box.height > label.box.height


def _value(said: Sequence[str], found: Sequence[Field], words: Sequence[str]) -> str:
    """What stands behind a label on its line, else beside it."""
    hits = (hit[1] for line in said if (hit := _labelled(words).search(line)))
    field = fields.first_value(found, words)
    return next(filter(None, hits), field.value if field else "")


def _plain(line: str) -> str:
    return squash(line.replace(tree.SEAM, " ").replace(tree.GLUE, ""))


def _course(values: dict[GradeColumn, str], plain: Sequence[str]) -> Course | None:
    """A course by its labelled values and, where one is missing, by the card's other lines."""
    headed = _NUMBERED.fullmatch(plain[0]) if plain else None
    if headed and "course" not in values:
        values = {"number": headed[1] or "", **values, "course": headed[2]}
    if "course" not in values:
        return None
    term = next((line for line in plain if _TERM.search(line)), "")
    blank: dict[str, str] = {"term": term, "total": ""}
    return Course(**blank | {str(name): value for name, value in values.items()})


def terms_beside(root: Node, rows: Sequence[Course]) -> list[Node]:
    """Return the words of other terms in a row or column with the one term whose courses are shown; none elsewhere."""
    shown = {key(row.term) for row in rows}
    terms = [leaf for leaf in root.leaves if _TERM.match(squash(leaf.words))]
    own = [leaf for leaf in terms if key(leaf.words) in shown]
    beside = {key(leaf.words): leaf for leaf in terms if any(_is_in_line(leaf.box, one.box) for one in own)}
    others = [leaf for name, leaf in beside.items() if name not in shown] if len(shown) == 1 else []
    return others or _other_years(root, shown)


def _other_years(root: Node, shown: Collection[str]) -> list[Node]:
    """What stands beside a chosen year of study; of two that look different either may be chosen."""
    choice = _years_to_choose(root, shown)
    chosen = fields.drawn_apart(choice)
    either = len(choice) == 2 and len(set(map(fields.look_of, choice))) == 2
    is_told = either or (chosen is not None and names_term(chosen.words))
    return [leaf for leaf in choice if leaf is not chosen and names_term(leaf.words)] if is_told else []


def _years_to_choose(root: Node, shown: Collection[str]) -> list[Node]:
    """Terms side by side to choose from, where the rows say others: those of which they are parts."""
    choice = _terms_to_choose(root)
    is_of_rows = any(key(leaf.words) in shown for leaf in choice)
    return [] if is_of_rows or "" in shown else choice


def chosen_term(root: Node) -> str:
    """The one of several terms side by side that is drawn otherwise, as what is chosen is; "" where none is."""
    chosen = fields.drawn_apart(_terms_to_choose(root))
    return squash(chosen.words) if chosen else ""


def _is_in_line(one: Box, other: Box) -> bool:
    return one.overlap_y(other) > 0 or abs(one.x - other.x) <= OUT_OF_LINE


def is_of_chosen_term(root: Node, rows: Sequence[Course]) -> bool:
    """True where a field above the table says a term, and no course is of another: the others are not shown.

    So it is where one of several terms side by side is chosen, and nobody can tell which.
    """
    chosen = [key(node.value) for node in root.walk() if node.value and _CHOSEN.match(key(node.value))]
    shown = {key(row.term) for row in rows}
    beside = _terms_to_choose(root) if "" in shown else []
    nobody_can_tell = bool(beside) and fields.drawn_apart(beside) is None
    years = _years_to_choose(root, shown) if rows else []
    all_alike = len(set(map(fields.look_of, years))) == 1
    return nobody_can_tell or all_alike or any(all(_may_be_of(term, one) for term in shown) for one in chosen)


def _may_be_of(term: str, chosen: str) -> bool:
    """True for a term that begins like the chosen one, or in one of the two years that it spans."""
    years = _YEAR.findall(chosen)
    return not term or term.startswith(chosen) or (len(years) > 1 and term.startswith(tuple(years)))


def of_chosen_term(root: Node, rows: tuple[Course, ...]) -> tuple[Course, ...]:
    """Return rows that say no term with the one of several side by side that is chosen."""
    term = chosen_term(root) if not any(row.term for row in rows) else ""
    return tuple(replace(row, term=term) for row in rows) if names_term(term) else rows


_EVERY = ("全部", "所有", "不限")


def _terms_to_choose(root: Node) -> list[Node]:
    """Several terms side by side, and what stands among them for all."""
    terms = [leaf for leaf in root.leaves if _TERM_ALONE.fullmatch(squash(leaf.words))]
    row = [leaf for leaf in terms if any(_is_level(leaf, other) for other in terms)]
    every = (leaf for leaf in root.leaves if key(leaf.words).startswith(_EVERY))
    return [*(leaf for leaf in every if any(_is_level(leaf, other) for other in row)), *row]


def _is_level(one: Node, other: Node) -> bool:
    return one is not other and one.box.overlap_y(other.box) > 0


def joined(before: tuple[Course, ...], further: tuple[Course, ...]) -> tuple[Course, ...]:
    """Return the rows read so far and further ones, which may begin with some of them, or be them and more between them."""
    shorter, longer = sorted((before, further), key=len)
    if _is_within(shorter, longer):
        return longer
    most = min(len(before), len(further))
    shared = next((size for size in range(most, 0, -1) if before[-size:] == further[:size]), 0)
    return before + further[shared:]


def _is_within(some: Sequence[Course], rows: Sequence[Course]) -> bool:
    left = iter(rows)
    return all(row in left for row in some)


def names_term(words: str) -> bool:
    """True for words that begin with a term."""
    return _TERM.match(squash(words)) is not None


_OF_ALL = re.compile(r"\d+(?:[-–—~至到]|to)\d+(?:of|/|条?[,，]?共)(\d+)")
"""Which rows of how many a list shows, as in 1-10 of 23."""


def count(root: Node, place: GradesWords) -> int | None:
    """Return how many rows the page says there are, or None where it does not say.

    Of several tables it is the sum of what it says of each; what it says beside a term is of that term alone, and does not count.
    """
    patterns = [
        re.compile(r"(\d+)".join(map(re.escape, key(words).split("{count}")))) for words in place.count
    ]
    heads = [leaf.box for leaf in root.leaves if _is_head(leaf, root.leaves)]
    lines = [
        key(line.text)
        for line in tree.lines(root)
        if all(line.leaves[0].box.overlap_y(head) <= 0 for head in heads)
    ]
    hits = ([int(hit[1]) for line in lines if (hit := one.search(line))] for one in (*patterns, _OF_ALL))
    found = next(filter(None, hits), [])
    names = names_by_word(place.columns)
    each = len(found) > 1 and len(found) == len(_tables(_heads(root, names), place))
    return sum(found) if each else next(iter(found), None)
