"""成教学生服务平台: the groups of entries on 信息变更 → 查看/编辑: 添加 adds a row, 修改 saves them all (dossier, 1.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from playwright.sync_api import ElementHandle

from agent.browser.form_controls import Control, FormControls
from agent.browser.locators import Target, one_between
from agent.browser.stability import Settling, wait_stable
from agent.errors import EntryRefused, GradsyncError, SiteChanged
from agent.snapshot import fields
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import key
from flows.forms.model import NOW
from flows.profiles.site_words import GroupWords
from flows.sites.chaoxing import entry_groups
from flows.sites.chaoxing.entry_form import EntryForm
from flows.sites.chaoxing.entry_groups import (
    Entry,
    EntryGroup,
    ListedEntry,
    Row,
    alike,
    same_rows,
    same_values,
)
from flows.sites.chaoxing.platform import PlatformPage
from flows.sites.submission import Submission, words_of


@dataclass(frozen=True)
class EntriesShown:
    """The group as it stands now."""

    snapshot: FrameSnapshot
    part: EntryGroup
    entries: tuple[Entry, ...]
    words: GroupWords
    listed: tuple[ListedEntry, ...] | None = None
    """The entries where they are a list that is edited elsewhere, one by one."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """The values of every entry, blank ones too."""
        if self.listed is not None:
            return tuple(item.row for item in self.listed)
        return tuple(entry.row(self.words) for entry in self.entries)

    @property
    def filled(self) -> tuple[Row, ...]:
        """The values of the entries in which something stands."""
        if self.listed is not None:
            return self.rows
        return tuple(entry.row(self.words) for entry in self.entries if not entry.is_blank(self.words))


@dataclass
class EntriesPage(PlatformPage):
    """One group of entries.

    Args:
        words: The group's words.
    """

    words: GroupWords

    @property
    def _title(self) -> str:
        return self.words.heading[0]

    # -- reading -----------------------------------------------------------------------------------------------------------

    def read(self) -> tuple[tuple[Row, ...], str]:
        """Open the page anew and read the group once it stands still.

        Returns:
            The rows that are saved, and the page's labels for the evidence.

        Raises:
            SiteChanged: The page or the group is not there, or its entries cannot be told.
        """
        self.platform.open(self.platform.data.personal, self._title, self._seen)

        def look(snapshots: list[FrameSnapshot]) -> Settling[EntriesShown] | None:
            shown = self._shown(snapshots)
            return Settling(shown, shown.rows) if shown else None

        shown = wait_stable(self._view, look, self._title, self._title)
        self._only_fields(shown)
        return shown.filled, words_of(shown.snapshot)

    def _seen(self, snapshots: list[FrameSnapshot]) -> FrameSnapshot | None:
        shown = self._shown(snapshots)
        return shown.snapshot if shown else None

    def _shown(self, snapshots: Sequence[FrameSnapshot]) -> EntriesShown | None:
        data = self.platform.data
        others = (*data.family.heading, *data.history.heading, *data.personal.until)
        for snapshot in snapshots:
            where = entry_groups.part(snapshot.root, self.words, others)
            table = entry_groups.listed(snapshot.root, self.words, where) if where else None
            if where and table is not None:
                return EntriesShown(snapshot, where, (), self.words, tuple(table))
            if where and fields.says(snapshot.root, *self.words.save):
                found = entry_groups.entries(snapshot.root, self.words, where)
                return EntriesShown(snapshot, where, tuple(found), self.words)
        return None

    def _only_fields(self, shown: EntriesShown) -> None:
        """Stop where labels stand over values that are no fields: entries that this could not tell from none.

        Raises:
            SiteChanged: There are more labels than fields for them, or a list that does not show all that an entry has.
        """
        columns = set().union(*(item.row for item in shown.listed or ()))
        unseen = [labels[0] for name, labels in self.words.labels.items() if columns and name not in columns]
        if unseen:
            raise SiteChanged(self._title, f"列表里的“{unseen[0]}”", ())
        first = next(iter(self.words.labels.values()))
        inside = [leaf for leaf in shown.snapshot.root.leaves if shown.part.holds(leaf.box)]
        named = sum(leaf.tag == "#text" and key(leaf.own) in map(key, first) for leaf in inside)
        if named and shown.listed is None and not shown.entries:
            raise SiteChanged(self._title, "可以填写的条目", (f"{named} 条不能填写的条目",))

    # -- writing -----------------------------------------------------------------------------------------------------------

    def save(self, wanted: Sequence[Row]) -> GradsyncError | None:
        """On the open page: make the entries be the wanted ones, see that they are, and press 修改 once.

        Returns:
            What the platform said against it, or None.

        Raises:
            SiteChanged: A field or a button is not there, or does not take its value; nothing was saved.
        """
        if self._now().listed is not None:
            return self._save_one_by_one(wanted)
        for place, row in enumerate(wanted):
            self._entry(place)
            for name, value in row.items():
                self._set(place, name, value)
        shown = self._now()
        if not same_rows(shown.filled, wanted):
            raise SiteChanged(self._title, "填好的条目", (f"{len(shown.filled)} 条",))
        button = Target(self.words.save[0], self.words.save, "button")
        own = " ".join(value for row in wanted for value in row.values())
        submission = Submission(
            self.platform.browser, self.platform.data.heard, self._title, self.words.question, own
        )
        return submission.press(self._button(shown, button), button)

    def _save_one_by_one(self, wanted: Sequence[Row]) -> GradsyncError | None:
        """Add or change each entry that is not there as wanted, read the list again after each, and stop at the first no."""
        answer: GradsyncError | None = None
        for row in wanted:
            there = self._now().listed or ()
            if any(same_values(item.row, row) for item in there):
                continue
            before = self._view.snapshot()
            self._open_form(there, row, wanted)
            form = EntryForm(self._view, self.platform.data.heard, self._title, self.words, before)
            form.fill(row)
            answer = form.save(row)
            if isinstance(answer, EntryRefused):
                return answer
            self._view.wait(partial(self._stands_once, row), self._title, "保存后的这一条")
        return answer

    def _stands_once(self, row: Row, snapshots: list[FrameSnapshot]) -> EntriesShown | None:
        """The list once the entry stands in it, exactly once."""
        shown = self._shown(snapshots)
        standing = [item for item in (shown and shown.listed) or () if same_values(item.row, row)]
        return shown if len(standing) == 1 else None

    def _open_form(self, there: Sequence[ListedEntry], row: Row, wanted: Sequence[Row]) -> None:
        """Press 编辑 of the entry that this one is to be, or 添加 where it is a new one."""
        free = [item for item in there if not any(same_values(item.row, other) for other in wanted)]
        mine = [item for item in free if self._likest(item.row, wanted) is row]
        if len(mine) > 1:
            raise SiteChanged(self._title, "要修改的条目", (f"{len(mine)} 条相近的",))
        if not mine:
            target = Target(self.words.add[0], self.words.add, "button")
            self._view.click(self._button(self._now(), target), target, self._title)
            return
        target = Target(self.words.edit[0], self.words.edit, "button")
        box = mine[0].box
        found = one_between(self._now().snapshot.frame, target, self._title, box.covers)
        if found is None:
            raise SiteChanged(self._title, target.name, ())
        self._view.click(found, target, self._title)

    def _likest(self, there: Row, wanted: Sequence[Row]) -> Row:
        """Which of the rows an entry is to become.

        Raises:
            SiteChanged: Nobody can say.
        """
        ranked = sorted(wanted, key=partial(alike, there), reverse=True)
        tied = len(ranked) > 1 and alike(there, ranked[0]) == alike(there, ranked[1])
        if tied or not alike(there, ranked[0]):
            raise SiteChanged(self._title, "要修改的条目", ())
        return ranked[0]

    def _now(self) -> EntriesShown:
        return self._view.wait(self._shown, self._title, self._title)

    def _entry(self, place: int) -> EntriesShown:
        """The group with at least so many entries, another one added where there is none to fill."""
        shown = self._now()
        if len(shown.entries) > place:
            return shown
        target = Target(self.words.add[0], self.words.add, "button")
        self._view.click(self._button(shown, target), target, self._title)

        def added(snapshots: list[FrameSnapshot]) -> EntriesShown | None:
            now = self._shown(snapshots)
            return now if now and len(now.entries) == place + 1 else None

        return self._view.wait(added, self._title, "新的一条")

    def _button(self, shown: EntriesShown, target: Target) -> ElementHandle:
        found = one_between(shown.snapshot.frame, target, self._title, shown.part.holds)
        if found is None:
            raise SiteChanged(self._title, target.name, ())
        return found

    def _set(self, place: int, name: str, value: str) -> None:
        """Give one field its value where it has another."""
        entry = self._now().entries[place]
        if entry_groups.same_value(name, entry.row(self.words).get(name, ""), value):
            return
        if name == entry.open_field and entry.now is not None:
            ticked = key(value) == NOW
            self._controls.tick(lambda: self._control(place, None), NOW, ticked)
            if ticked:
                return
        label = self.words.labels[name][0]
        if name in self._now().entries[place].fields:
            self._controls.set_value(
                lambda: self._control(place, name), label, value, partial(entry_groups.same_value, name)
            )
        elif value:
            raise SiteChanged(self._title, label, ())

    @property
    def _controls(self) -> FormControls:
        return FormControls(self._view, self._title, self.words.unchosen)

    def _control(self, place: int, name: str | None) -> Control:
        """The control of one field as it stands now; that of 至今 where no name is given."""
        shown = self._now()
        entry = shown.entries[place] if place < len(shown.entries) else Entry()
        node = entry.now if name is None else entry.fields.get(name)
        if node is None:
            raise SiteChanged(self._title, self.words.labels[name][0] if name else NOW, ())
        return Control(shown.snapshot, node)
