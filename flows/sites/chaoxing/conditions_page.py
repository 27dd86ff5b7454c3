"""成教学生服务平台: the page 毕业条件, over all the parts in which it shows its list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from agent.browser.site_browser import SiteBrowser
from agent.browser.stability import TIME_TO_COME, TIME_TO_REST, TIME_TO_STAND, TIME_TO_TURN, StabilityTimer
from agent.errors import NoBatch, SiteChanged
from agent.snapshot import fields
from agent.snapshot.frame import FrameSnapshot
from flows.profiles.site_words import ChaoxingSite
from flows.sites.chaoxing import conditions
from flows.sites.chaoxing.condition_status import PAGE
from flows.sites.chaoxing.conditions import Conditions
from flows.sites.chaoxing.list_pager import ListPager, ListParts
from flows.sites.chaoxing.platform import Chaoxing
from flows.sites.submission import words_of

MOST_PARTS = 30


@dataclass(frozen=True)
class _Part:
    """What one look at the list gave: the conditions and the page's words."""

    read: Conditions
    words: str

    def with_further(self, part: _Part) -> _Part:
        return _Part(self.read.joined(part.read), f"{self.words}\n{part.words}")


@dataclass
class ConditionsPage:
    """The page 毕业条件.

    Args:
        platform: Signed in.
    """

    platform: Chaoxing
    _folds: bool = field(default=False, init=False)
    """True once the page could not be read as it came: each entry may fold its status away."""

    @property
    def _browser(self) -> SiteBrowser:
        return self.platform.browser

    @property
    def _data(self) -> ChaoxingSite:
        return self.platform.data

    def read(self) -> tuple[Conditions, str]:
        """Open 毕业条件 and read it: further pages and folded parts too, until all that the notice names are there.

        Returns:
            The conditions, and the page's words for the evidence.

        Raises:
            NoBatch: The platform has no batch for this student.
            SiteChanged: The page does not show names and statuses.
        """
        self.platform.open(self._data.conditions, PAGE, self._frame)
        whole, stop = self._first()
        for part in () if whole and self._is_whole(whole.read) else self._further(whole):
            whole = whole.with_further(part) if whole else part
            if self._is_whole(whole.read):
                break
        if whole is None or (stop and self._lacks(whole.read)):
            raise stop or SiteChanged(PAGE, self._data.conditions.name[0], ())
        return whole.read, whole.words

    def _lacks(self, read: Conditions) -> bool:
        """True where a name stands on the page whose status was never seen."""
        snapshot = self._frame(self._browser.snapshot())
        shown = conditions.names(snapshot.root, self._data.conditions) if snapshot else frozenset()
        return not shown <= {row.name for row in read.rows}

    def _first(self) -> tuple[_Part | None, SiteChanged | None]:
        """What the page shows as it comes; what is open or nothing, and why, where all may be folded away."""
        timer, doubted = StabilityTimer(), StabilityTimer()
        try:
            part = self._browser.wait(
                lambda snapshots: self._settled(snapshots, timer, doubted),
                PAGE,
                self._data.conditions.name[0],
            )
        except SiteChanged as stop:
            self._folds = True
            return self._open_entries(self._frame(self._browser.snapshot())), stop
        return part, None

    def _open_entries(self, snapshot: FrameSnapshot | None) -> _Part | None:
        """What stands there of entries that fold their status away; None where none is open."""
        words = self._data.conditions
        read = conditions.read_open(snapshot.root, words, self.platform.profile) if snapshot else None
        return _Part(read, words_of(snapshot)) if snapshot and read else None

    def _further(self, first: _Part | None) -> Iterator[_Part]:
        """What the list shows once its further parts are opened one after the other, and at last scrolled to."""
        data = self._data
        labels = (*data.conditions.name, *data.conditions.status)
        parts = ListParts(
            ListPager(self._browser, PAGE, data.grades.next),
            labels,
            data.conditions.batch,
            data.never_instead,
            [row.name for row in first.read.rows] if first else (),
        )
        last = first.read if first else None
        for _ in range(MOST_PARTS):
            snapshot = self._frame(self._browser.snapshot())
            match = parts.next(snapshot) if snapshot else None
            if match is None:
                break
            self._browser.click_match(match, PAGE)
            if part := self._changed(last):
                last = part.read
                yield part
        yield from self._scrolled(last)

    def _scrolled(self, last: Conditions | None) -> Iterator[_Part]:
        snapshot = self._frame(self._browser.snapshot())
        frames = [snapshot.frame] * MOST_PARTS if snapshot else []
        for _ in takewhile(self._browser.scrolling.scroll_further, frames):
            if part := self._changed(last):
                last = part.read
                yield part

    def _changed(self, last: Conditions | None) -> _Part | None:
        """The list once it stands still and shows something else than before; None where it does not in time."""
        timer, doubted = StabilityTimer(), StabilityTimer()

        def changed(snapshots: list[FrameSnapshot]) -> _Part | None:
            part = self._settled(snapshots, timer, doubted)
            return part if part and part.read != last else None

        try:
            return self._browser.wait(changed, PAGE, self._data.conditions.name[0], TIME_TO_TURN)
        except SiteChanged:
            return None

    def _is_whole(self, read: Conditions) -> bool:
        named = sum(self.platform.profile.condition(row.name) is not None for row in read.rows)
        return named >= len(self.platform.profile.conditions)

    def _settled(
        self, snapshots: list[FrameSnapshot], timer: StabilityTimer, doubted: StabilityTimer
    ) -> _Part | None:
        """The conditions once they stand still: at once when all that the notice names are there and nothing is under way."""
        snapshot = self._frame(snapshots)
        if snapshot is None or fields.says(snapshot.root, *self._data.loading):
            timer.reset()
            return None
        quiet = self._browser.is_quiet([snapshot])
        if fields.says(snapshot.root, *self._data.no_batch):
            if not quiet or not self._browser.has_rested(timer.seconds("no batch"), TIME_TO_STAND):
                return None
            raise NoBatch("平台显示“暂无毕业批次”，现在看不到毕业条件。")
        read = self._read(snapshot, doubted)
        if read is None:
            return None
        blank = not all(row.status_text for row in read.rows)
        if blank and not quiet:
            timer.reset()
            return None
        at_rest = self._browser.has_rested(timer.seconds(read), TIME_TO_REST if quiet else TIME_TO_STAND)
        whole = quiet and self._is_whole(read) and not blank
        return _Part(read, words_of(snapshot)) if at_rest or whole else None

    def _read(self, snapshot: FrameSnapshot, doubted: StabilityTimer) -> Conditions | None:
        """Read the page; one whose rows have not come yet cannot be read, and is given a while."""
        try:
            return conditions.read(snapshot.root, self._data.conditions, self.platform.profile)
        except SiteChanged:
            entries = self._open_entries(snapshot) if self._folds else None
            if entries is None and doubted.seconds("unreadable") > TIME_TO_COME:
                raise
            return entries.read if entries else None

    def _frame(self, snapshots: list[FrameSnapshot]) -> FrameSnapshot | None:
        place, none = self._data.conditions, self._data.no_batch
        shows = (item for item in snapshots if conditions.is_shown(item.root, place))
        return next(shows, None) or next((item for item in snapshots if fields.says(item.root, *none)), None)
