"""成教学生服务平台: the grade table, page by page. The notice gives no path to it (dossier ``chaoxing``, 1.6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import takewhile

from agent.browser.locators import Target
from agent.browser.site_browser import Match
from agent.browser.stability import (
    TIME_TO_REST,
    TIME_TO_STAND,
    TIME_TO_TURN,
    Settling,
    StabilityTimer,
    wait_stable,
)
from agent.errors import SiteChanged
from agent.snapshot import fields, tree
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.paging import pages_shown
from agent.snapshot.tree import Node, TextLine, squash
from flows.profiles.schema import GradeRules
from flows.profiles.site_words import GradesWords
from flows.sites.chaoxing import grade_table
from flows.sites.chaoxing.grade_table import Course, Grades
from flows.sites.chaoxing.list_pager import ListPager
from flows.sites.chaoxing.platform import PlatformPage
from flows.sites.navigation.folds import folded_text
from flows.sites.navigation.walk import Walk
from flows.sites.submission import words_of

TITLE = "成绩"
MOST_PAGES = 50
WHEELED = 0.6
"""How much of the rows that stand there the wheel moves on by: some stay, so that none is passed over."""
FEWEST_WHEELED = 5
"""Rows of a list that can be expected to have further ones below."""


@dataclass(frozen=True)
class _Sheet:
    snapshot: FrameSnapshot
    shown: tuple[Course, ...]
    """The rows as they stand in the table: where what is chosen has come first, these are still of another term."""
    rows: tuple[Course, ...]
    count: int | None


@dataclass
class GradesPage(PlatformPage):
    """The grade table of the signed-in platform.

    Args:
        words: The table's words.
        rules: What counts as passed.
    """

    words: GradesWords
    rules: GradeRules
    _terms: list[str] = field(default_factory=list, init=False)
    """The terms that were turned to."""
    _since: int = field(default=0, init=False)
    """The first sheet of the term that is shown."""
    _unread: int = field(default=0, init=False)
    """The terms of which fewer courses were read than the page spoke of."""
    _asked: bool = field(default=False, init=False)
    """True once a table without rows was asked for them."""

    def read(self, seconds: float | None = None) -> tuple[Grades, str]:
        """Open the table and read it over all its pages.

        Args:
            seconds: How long each menu word on the way is looked for; the site's patience when left out.

        Returns:
            The grades, and the pages' words for the evidence.

        Raises:
            SiteChanged: There is no way to it.
        """
        self._terms, self._since, self._unread, self._asked = [], 0, 0, False
        self.platform.open(self.words, TITLE, self._frame, seconds, further=self._asking)
        sheets = [self._next([])]
        while len(sheets) < MOST_PAGES and self._turned(sheets):
            sheets.append(self._next(sheets))
        words = "\n".join(words_of(sheet.snapshot) for sheet in sheets)
        self._unread += self._is_short(sheets) if self._terms else 0
        self._unread += grade_table.is_of_chosen_term(sheets[-1].snapshot.root, _rows(sheets))
        grades = grade_table.judged(_rows(sheets), self.rules, None if self._terms else sheets[-1].count)
        unread = (pages_shown(sheets[-1].snapshot.root) or 0) - len(sheets)
        terms = len(self._other_terms(sheets)) + len(list(self._folded_terms(sheets)))
        return replace(grades, unread_pages=max(unread, terms, self._unread)), words

    def _frame(self, snapshots: list[FrameSnapshot]) -> FrameSnapshot | None:
        return next((snapshot for snapshot in snapshots if self._is_there(snapshot)), None)

    def _is_there(self, snapshot: FrameSnapshot) -> bool:
        """True for the table; one without rows may wait to be asked for them."""
        rows = grade_table.read(snapshot.root, self.words)
        return bool(rows) or (
            rows == () and (self._asked or not self._view.is_shown(self._query, [snapshot]))
        )

    @property
    def _query(self) -> Target:
        return Target("查询", self.words.query, "button")

    def _asking(self, snapshots: list[FrameSnapshot], walk: Walk) -> Match | None:
        """What asks for the rows of a table that stays without them, to be pressed once."""
        self._asked = self._query.words in walk.tried
        if self._asked or not walk.has_led_nowhere(snapshots):
            return None
        bare = [
            snapshot
            for snapshot in snapshots
            if grade_table.has_headers(snapshot.root, self.words)
            and not grade_table.read(snapshot.root, self.words)
        ]
        return self._view.first_match([self._query], bare) if bare else None

    def _sheet(self, snapshots: Sequence[FrameSnapshot]) -> _Sheet | None:
        for snapshot in snapshots:
            rows = grade_table.read(snapshot.root, self.words)
            if rows is not None and not self._is_coming(snapshot.root, rows):
                mine = grade_table.of_chosen_term(snapshot.root, rows)
                return _Sheet(snapshot, rows, mine, grade_table.count(snapshot.root, self.words))
        return None

    def _is_coming(self, root: Node, rows: Sequence[Course]) -> bool:
        """True where the page says that it is loading; below the last row that is said of what comes only when it is scrolled to."""
        said = [line for line in tree.lines(root) if fields.contains(line.text, self.platform.data.loading)]
        named = {row.course for row in rows[-1:]}
        last = [line for line in tree.lines(root) if any(name in line.text for name in named)]
        return bool(said) and not (last and all(_is_below(line, last[-1]) for line in said))

    def _next(self, before: Sequence[_Sheet]) -> _Sheet:
        """The page that follows, once its rows stand still."""

        def look(snapshots: list[FrameSnapshot]) -> Settling[_Sheet] | None:
            sheet = self._sheet(snapshots)
            if sheet is None or (before and _courses(sheet) == _courses(before[-1])):
                return None
            quiet = self._view.is_quiet(snapshots)
            if not sheet.rows and not quiet:
                return None
            rest = TIME_TO_REST if sheet.rows and quiet else TIME_TO_STAND
            return Settling(sheet, sheet.rows, quiet and _is_whole(sheet, before), rest)

        return wait_stable(self._view, look, TITLE, self.words.columns["course"][0])

    def _turned(self, sheets: Sequence[_Sheet]) -> bool:
        """Go on to further rows: of the term that is shown, then of another one; False at the end."""
        to_term = (self._turned_by(match, sheets) for match in self._terms_to_press(sheets))
        return self._continued(sheets) or any(to_term)

    def _other_terms(self, sheets: Sequence[_Sheet]) -> list[Node]:
        shown = next((sheet.rows for sheet in reversed(sheets) if sheet.rows), ())
        read = {row.term for row in _rows(sheets)} | set(self._terms)
        read |= {grade_table.chosen_term(sheet.snapshot.root) for sheet in sheets}
        beside = grade_table.terms_beside(sheets[-1].snapshot.root, shown)
        return [leaf for leaf in beside if squash(leaf.words) not in read]

    def _terms_to_press(self, sheets: Sequence[_Sheet]) -> Iterator[Match]:
        """The terms side by side that were not read, else those whose courses are folded away, one after the other."""
        leaves = self._other_terms(sheets)
        if not leaves:
            yield from self._folded_terms(sheets)
        for leaf in leaves:
            match = self._view.match_at(sheets[-1].snapshot, leaf, Target.of(squash(leaf.words)), TITLE)
            if match:
                yield match

    def _folded_terms(self, sheets: Sequence[_Sheet]) -> Iterator[Match]:
        """The headings of the terms whose courses are folded away and were not read."""
        labels, never = (*self.words.columns["course"], *self.words.columns["total"]), ()
        read = {row.term for row in _rows(sheets) if row.term}
        passed = list(self._terms)
        while match := folded_text(sheets[-1].snapshot, labels, (), passed, never):
            if match.target.name in passed:
                return
            passed.append(match.target.name)
            if grade_table.names_term(match.target.name) and not match.target.name.startswith(tuple(read)):
                yield match

    def _turned_by(self, match: Match, sheets: Sequence[_Sheet]) -> bool:
        short = self._is_short(sheets)
        self._view.click_match(match, TITLE)
        if not self._changed(sheets[-1]):
            return False
        self._terms.append(match.target.name)
        self._unread += short
        self._since = len(sheets)
        return True

    def _is_short(self, sheets: Sequence[_Sheet]) -> bool:
        """True where the page speaks of more courses of the term that is shown than were read."""
        count = sheets[-1].count
        return count is not None and len(_rows(sheets[self._since :])) < count

    def _continued(self, sheets: Sequence[_Sheet]) -> bool:
        """Go on to further rows: the next page, or what comes when the list is scrolled; False at the end."""
        sheet = sheets[-1]
        if sheet.count is not None and len(_rows(sheets)) >= sheet.count:
            return False
        pager = ListPager(self._view, TITLE, self.words.next)
        match = pager.way(sheet.snapshot, len(sheets) + 1)
        if match is None:
            return self._scrolled(sheet)
        self._view.click_match(match, TITLE)
        return self._changed(sheet)

    def _scrolled(self, sheet: _Sheet) -> bool:
        """Scroll on until other rows stand there; False at the end of all that scrolls."""
        frame = sheet.snapshot.frame
        return any(
            self._changed(sheet, at_rest=True)
            for _ in takewhile(lambda _: self._view.scrolling.scroll_further(frame), range(MOST_PAGES))
        ) or self._wheeled(sheet)

    def _wheeled(self, sheet: _Sheet) -> bool:
        """Turn the wheel over the rows until others stand there; False where that changes nothing."""
        named = {row.course for row in (sheet.rows[:1] + sheet.rows[-1:])}
        leaves = [leaf for leaf in sheet.snapshot.root.leaves if leaf.words.strip() in named]
        if len(sheet.rows) < FEWEST_WHEELED or len(leaves) < 2:
            return False
        first, last = leaves[0], leaves[-1]
        row = self._view.match_at(sheet.snapshot, last, Target.of(last.words.strip()), TITLE)
        if row is None:
            return False
        far = WHEELED * (last.box.bottom - first.box.y)
        self._view.scrolling.turn_wheel(sheet.snapshot.frame.page, row.clickable, far)
        return self._changed(sheet, at_rest=True)

    def _changed(self, sheet: _Sheet, at_rest: bool = False) -> bool:
        """True once other rows stand there; False when they have not come in time, or (``at_rest``) the page is quiet."""
        timer = StabilityTimer()

        def changed(snapshots: list[FrameSnapshot]) -> bool | None:
            now = self._sheet(snapshots)
            if now is not None and _courses(now) != _courses(sheet):
                return True
            quiet = now is not None and self._view.is_quiet(snapshots)
            if not quiet:
                timer.reset()
            rest = TIME_TO_REST if at_rest else TIME_TO_TURN
            return False if quiet and self._view.has_rested(timer.seconds(True), rest) else None

        try:
            return self._view.wait(changed, TITLE, "下一页", TIME_TO_TURN)
        except SiteChanged:
            return False


def _is_below(one: TextLine, other: TextLine) -> bool:
    return one.leaves[0].box.y >= other.leaves[0].box.bottom


def _rows(sheets: Sequence[_Sheet]) -> tuple[Course, ...]:
    return reduce(grade_table.joined, (sheet.rows for sheet in sheets), ())


def _courses(sheet: _Sheet) -> list[Course]:
    """The rows without their numbers, which may turn with the pager while the rows of the page before still stand there."""
    return [replace(row, number="") for row in sheet.shown]


def _is_whole(sheet: _Sheet, before: Sequence[_Sheet]) -> bool:
    """True when no further row can come, where there are rows: as many as the page speaks of, or as many as on the page before."""
    if not sheet.rows:
        return False
    read = len(_rows([*before, sheet]))
    return read == sheet.count or bool(before and len(sheet.rows) == len(before[0].rows))
