"""成教学生服务平台: the groups of entries on 信息变更 → 查看/编辑: 添加 adds a row, 修改 saves them all (dossier, 1.4)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from playwright.sync_api import ElementHandle

from agent.browser.controls.form_controls import FormControls
from agent.browser.locators import Target, one_between, one_over
from agent.browser.site_browser import Match
from agent.browser.stability import TIME_TO_REST, TIME_TO_STAND, Settling, StabilityTimer, wait_stable
from agent.errors import EntryRefused, GradsyncError, SiteChanged
from agent.snapshot import fields, tree
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.page_steps import PageSteps, offers_next
from agent.snapshot.tree import Box, Node, key, squash
from flows.forms.entry_rows import Row, alike, same_rows, same_values
from flows.profiles.site_words import GroupWords, all_words
from flows.sites.chaoxing.entries import groups, lists
from flows.sites.chaoxing.entries.fields import Entry, entries, shows_labels
from flows.sites.chaoxing.entries.form import EntryFields, EntryForm
from flows.sites.chaoxing.entries.groups import EntryGroup
from flows.sites.chaoxing.entries.lists import ListedEntry
from flows.sites.chaoxing.platform import PlatformPage
from flows.sites.navigation.walk import Walk
from flows.sites.submission import Submission, words_of


@dataclass(frozen=True)
class EntriesShown:
    """The group as it stands now."""

    snapshot: FrameSnapshot
    part: EntryGroup
    entries: tuple[Entry, ...] = ()
    listed: tuple[ListedEntry, ...] | None = None
    """The entries where they are a list that is edited elsewhere, one by one."""
    folded: tuple[Node, ...] = ()
    """The entries where they are a list that shows of each only a few words."""
    above: tuple[ListedEntry, ...] = ()
    """The rows of a table that are plain again, above the one that is edited where it stands."""
    is_sure: bool = True
    """False for a list that shows no entries and does not say so."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """The values of every entry, blank ones too."""
        plain = (*(self.listed or ()), *self.above)
        return (*(item.row for item in plain), *(entry.row(self.part.words) for entry in self.entries))

    @property
    def filled(self) -> tuple[Row, ...]:
        """The values of the entries in which something stands."""
        return tuple(row for row in self.rows if any(row.values()))

    def entry(self, place: int) -> Entry | None:
        """Return the entry to fill in at a place; None where there is none, or it is plain again."""
        at = place - len(self.above)
        return self.entries[at] if 0 <= at < len(self.entries) else None


@dataclass
class EntriesPage(PlatformPage):
    """One group of entries.

    Args:
        words: The group's words.
        needed: The fields that a list has to show to be read; every one when left out. What it does not show is left as it is.
    """

    words: GroupWords
    needed: frozenset[str] | None = None
    _before: frozenset[str] | None = field(default=None, init=False)
    """What the page said before the group's title was pressed among others."""

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
        shown = self._anew()
        self._only_fields(shown)
        rows = tuple(item.row for item in self._opened(shown)) if shown.folded else shown.filled
        return rows, words_of(shown.snapshot)

    def _anew(self) -> EntriesShown:
        self._before = None
        self._steps = PageSteps(self.words.save, self.platform.data.personal.confirmation.words)
        self.platform.open(self.platform.data.personal, self._title, self._seen, further=self._turning)

        def look(snapshots: list[FrameSnapshot]) -> Settling[EntriesShown] | None:
            shown = self._sure(snapshots)
            return shown if shown and self._is_turned_to(shown.value) else None

        return wait_stable(self._view, look, self._title, self._title)

    def _sure(self, snapshots: list[FrameSnapshot]) -> Settling[EntriesShown] | None:
        """The group, and how long it has to stand; a list without entries that does not say so, while nothing may bring them."""
        shown = self._shown(snapshots)
        if shown is None or (not shown.is_sure and self._is_coming(snapshots)):
            return None
        shows = shown.rows, [node.text for node in shown.folded]
        return Settling(shown, shows, rest=TIME_TO_REST if shown.is_sure else TIME_TO_STAND)

    def _is_coming(self, snapshots: list[FrameSnapshot]) -> bool:
        loading = self.platform.data.loading
        said = (line.text for snapshot in snapshots for line in tree.lines(snapshot.root))
        return not self._view.is_quiet(snapshots) or any(fields.contains(text, loading) for text in said)

    def _seen(self, snapshots: list[FrameSnapshot]) -> FrameSnapshot | None:
        shown = self._shown(snapshots)
        return shown.snapshot if shown and self._is_turned_to(shown) else None

    @property
    def _needed(self) -> Collection[str]:
        """The fields that a list has to show, so that its entries need not be opened."""
        return self.words.labels.keys() if self.needed is None else self.needed

    @property
    def _headings(self) -> tuple[str, ...]:
        data = self.platform.data
        return (*data.family.heading, *data.history.heading, *data.personal.until)

    def _is_turned_to(self, shown: EntriesShown) -> bool:
        """False where the group's title is one of several side by side, and what stands below is not seen to be the group."""
        root = shown.snapshot.root
        title = groups.title_in_row(root, self.words, self._headings) or self._step_title(root)
        if title is None:
            return True
        data = self.platform.data
        others = (group for group in (data.family, data.history) if group is not self.words)
        elsewhere = [label for group in others for label in all_words(group.labels)]
        elsewhere += all_words(data.labels)
        if shows_labels(shown.part, elsewhere):
            return True
        if self.platform.shows_own_data(shown.snapshot):
            return False
        if offers_next(root):
            return self._steps.is_reached(title)
        return self._before is not None and shown.snapshot.texts != self._before

    def _step_title(self, root: Node) -> Node | None:
        """The group's title where it is a step's that was not gone to by the title itself, and stands nowhere else."""
        own = groups.heading_lines(root, self.words.heading)
        return own[0].leaves[0] if self._steps.is_begun and len(own) == 1 else None

    def _turning(self, snapshots: list[FrameSnapshot], walk: Walk) -> Match | None:
        """The group's title, to be pressed where it is one of several side by side, or heads a part that is folded away.

        Where that leads nowhere, as with the titles of steps, 下一步 of the step that stands there.
        """
        rests = walk.has_led_nowhere(snapshots)
        for snapshot in snapshots:
            title = groups.title_in_row(snapshot.root, self.words, self._headings)
            if title is None and rests:
                title = groups.bare_title(snapshot.root, self.words, self._headings)
            if title and (match := self._title_of(snapshot, title, walk, self._title)):
                self._before = snapshot.texts
                return match
            if title and rests:
                return self._next_step(snapshot, title, walk, self._title)
        return None

    def _shown(self, snapshots: Sequence[FrameSnapshot]) -> EntriesShown | None:
        for snapshot in snapshots:
            where = groups.find_group(snapshot.root, self.words, self._headings)
            table = lists.listed(where) if where else None
            opened = self._opened_by_buttons(snapshot, where, table) if where else ()
            if where and opened:
                return EntriesShown(snapshot, where, folded=opened)
            if where and table is not None:
                return EntriesShown(snapshot, where, listed=tuple(table))
            if where and lists.shows_heads_alone(where):
                return EntriesShown(snapshot, where, listed=(), is_sure=False)
            if where and (shown := self._fields_or_folded(snapshot, where)):
                return shown
        return None

    def _fields_or_folded(self, snapshot: FrameSnapshot, where: EntryGroup) -> EntriesShown | None:
        """The entries as fields above the group's button for saving, or as a list that shows only a few words of each."""
        saves = fields.says(snapshot.root, *self.words.save)
        found = entries(where) if saves else ()
        more = () if found else lists.folded(where)
        if not found and not more and not (saves and self._is_open(snapshot, where)):
            return None
        above = lists.finished(where, found)
        return EntriesShown(snapshot, where, tuple(found), folded=tuple(more), above=tuple(above))

    def _is_open(self, snapshot: FrameSnapshot, where: EntryGroup) -> bool:
        """True for a group whose button for a further entry is seen; one that is folded away shows no entries either."""
        root = snapshot.root
        others = set(self._headings) - set(self.words.heading)
        alone = not groups.heading_lines(root, tuple(others))
        adds = (leaf for leaf in root.leaves if fields.contains(leaf.words, self.words.add))
        return any(alone or where.holds(leaf.box) for leaf in adds)

    def _opened_by_buttons(
        self, snapshot: FrameSnapshot, where: EntryGroup, table: Sequence[ListedEntry] | None
    ) -> tuple[Node, ...]:
        """The entries of a list that does not show all that each has, where each has a button that opens it."""
        columns = set().union(*(item.row for item in table or ()))
        if table == [] or columns.issuperset(self._needed):
            return ()
        return tuple(lists.edited(where))

    def _opened(self, shown: EntriesShown) -> list[ListedEntry]:
        """Open each entry of a list that shows only a few words of it, read it, and leave it as it was.

        A form without a word for leaving it is left with its page: a cross in its corner might as well take the entry away.
        """
        read, now = [], shown
        for place in range(len(shown.folded)):
            form, node = self._form(), now.folded[place]
            self._open_folded(now, node)
            read.append(ListedEntry(form.row(), node.box))
            if not form.cancel() and len((now := self._anew()).folded) != len(shown.folded):
                raise SiteChanged(self._title, "打开过的条目", (f"{len(now.folded)} 条",))
        return read

    def _open_folded(self, shown: EntriesShown, node: Node) -> None:
        """Press what an entry has to be changed, else its first words."""
        edit = next(iter(lists.edit_buttons(node, self.words)), node.leaves[0])
        target = Target.of(squash(edit.own or edit.title or edit.label or edit.alt))
        found = one_over(shown.snapshot.frame, target, self._title, edit.box)
        if found is None:
            raise SiteChanged(self._title, target.name, ())
        self._view.click(found, target, self._title)

    def _form(self) -> EntryForm:
        return EntryForm(self._view, self.platform.data.heard, self._title, self.words, self._view.snapshot())

    def _there(self) -> Sequence[ListedEntry]:
        shown = self._now()
        return self._opened(shown) if shown.folded else shown.listed or ()

    def _only_fields(self, shown: EntriesShown) -> None:
        """Stop where labels stand over values that are no fields: entries that this could not tell from none.

        Raises:
            SiteChanged: There are more labels than fields for them, or a list that does not show all that an entry has.
        """
        columns = set().union(*(item.row for item in shown.listed or ()))
        unseen = [self.words.labels[name][0] for name in self._needed if columns and name not in columns]
        if unseen:
            raise SiteChanged(self._title, f"列表里的“{unseen[0]}”", ())
        first = next(iter(self.words.labels.values()))
        named = sum(leaf.tag == "#text" and key(leaf.own) in map(key, first) for leaf in shown.part.leaves)
        if shown.listed is not None or shown.entries or shown.folded:
            return
        unopened = lists.arrowed(shown.part)
        if count := named or len(unopened):
            raise SiteChanged(self._title, "可以填写的条目", (f"{count} 条不能填写的条目",))

    # -- writing -----------------------------------------------------------------------------------------------------------

    def save(self, wanted: Sequence[Row]) -> GradsyncError | None:
        """On the open page: make the entries be the wanted ones, see that they are, and press 修改 once.

        Returns:
            What the platform said against it, or None.

        Raises:
            SiteChanged: A field or a button is not there, or does not take its value; nothing was saved.
        """
        shown = self._now()
        if shown.entries or not wanted:
            return self._save_together(wanted)
        return self._save_one_by_one(wanted)

    def _save_together(self, wanted: Sequence[Row]) -> GradsyncError | None:
        for place, row in enumerate(wanted):
            if self._entry(place).entry(place) is not None:
                EntryFields(self._controls, self.words, partial(self._entry_at, place)).fill(row)
        shown = self._now()
        if not same_rows(shown.filled, wanted):
            raise SiteChanged(self._title, "填好的条目", (f"{len(shown.filled)} 条",))
        return self._press_save(shown, wanted)

    def _press_save(self, shown: EntriesShown, wanted: Sequence[Row]) -> GradsyncError | None:
        own = " ".join(value for row in wanted for value in row.values())
        submission = Submission(
            self.platform.browser, self.platform.data.heard, self._title, self.words.question, own
        )
        button = self._button(shown, self._saving)
        self._controls.uncover(button, shown.snapshot)
        return submission.press(button, self._saving)

    @property
    def _saving(self) -> Target:
        return Target.of(*self.words.save, kind="button")

    def _save_one_by_one(self, wanted: Sequence[Row]) -> GradsyncError | None:
        """Add or change each entry that is not there as wanted, read the list again after each, and stop at the first no.

        Where the forms only give their entries to the page, the group's own button saves them at the end.
        """
        answer: GradsyncError | None = None
        sent: list[bool] = []
        there = self._there() if wanted else ()
        for row in wanted:
            if any(same_values(item.row, row) for item in there):
                continue
            mine, before = self._to_change(there, row, wanted), self._now()
            form = self._opened_form(mine)
            if form is None:
                return self._save_together(wanted)
            form.fill(row)
            stands = partial(self._stands_once, row, len(there) + (mine is None))
            answer = form.save(row, self._resting(stands))
            if isinstance(answer, EntryRefused):
                return answer
            self._wait_taken(form, stands)
            form.let_go()
            sent.append(form.was_sent or answer is not None)
            there = self._with_added(row, there, before)
        return answer if any(sent) or not sent else self._save_list(wanted, there)

    def _with_added(
        self, row: Row, there: Sequence[ListedEntry], before: EntriesShown
    ) -> Sequence[ListedEntry]:
        """The entries after one was saved; where it came below all that were known, those need not be opened again.

        Some forms only give their entry to the page, which leaving the page would take away.
        """
        now = self._now()
        *known, last = [node.text for node in now.folded] or [""]
        if not last or known != [node.text for node in before.folded]:
            return self._there()
        entries = [*there, ListedEntry(row, now.folded[-1].box)]
        return [replace(item, box=node.box) for item, node in zip(entries, now.folded, strict=True)]

    def _wait_taken(
        self, form: EntryForm, stands: Callable[[Sequence[FrameSnapshot]], EntriesShown | None]
    ) -> None:
        """Wait until an entry stands in the list; it may come only once a message was closed that it was saved."""

        def taken(snapshots: list[FrameSnapshot]) -> EntriesShown | None:
            form.acknowledge(snapshots)
            return stands(snapshots)

        self._view.wait(taken, self._title, "保存后的这一条")

    def _save_list(self, wanted: Sequence[Row], there: Sequence[ListedEntry]) -> GradsyncError | None:
        """Save the entries that stand in the list and were not sent, by the group's own button where it has one."""
        rows = [item.row for item in there]
        standing = [sum(same_values(row, own) for row in rows) for own in wanted]
        if len(rows) != len(wanted) or set(standing) != {1}:
            raise SiteChanged(self._title, "填好的条目", (f"{len(rows)} 条",))
        shown = self._now()
        has_button = self._own_thing(shown, self._saving) is not None
        return self._press_save(shown, wanted) if has_button else None

    def _stands_once(self, row: Row, count: int, snapshots: Sequence[FrameSnapshot]) -> EntriesShown | None:
        """The list once the entry stands in it, exactly once; one that shows only a few words, once it has so many entries."""
        shown = self._shown(snapshots)
        if shown and shown.folded:
            return shown if len(shown.folded) == count else None
        standing = [item for item in (shown and shown.listed) or () if same_values(item.row, row)]
        return shown if len(standing) == 1 else None

    def _resting(
        self, shows: Callable[[Sequence[FrameSnapshot]], EntriesShown | None]
    ) -> Callable[[Sequence[FrameSnapshot]], bool]:
        """What says that a list has shown something for a while."""
        timer = StabilityTimer()

        def stands(snapshots: Sequence[FrameSnapshot]) -> bool:
            shown = shows(snapshots)
            still = timer.seconds(shown and shown.rows)
            return shown is not None and self._view.has_rested(still, TIME_TO_REST)

        return stands

    def _opened_form(self, mine: ListedEntry | None) -> EntryForm | None:
        """Open the form of an entry, or of a new one; None where its fields came into the page instead."""
        form, timer = self._form(), StabilityTimer()
        self._open(mine)

        def came(snapshots: list[FrameSnapshot]) -> bool | None:
            if form.opened(snapshots):
                return True
            shown = self._shown(snapshots)
            boxes = [node.box for entry in shown.entries for node in entry.controls] if shown else []
            return False if self._view.has_rested(timer.seconds(boxes), TIME_TO_REST) and boxes else None

        return form if self._view.wait(came, self._title, "要填写的条目") else None

    def _open(self, mine: ListedEntry | None) -> None:
        """Press 编辑 of an entry, or the entry itself where that opens it, or 添加 for a new one."""
        shown = self._now()
        if mine is None:
            target = Target.of(*self.words.add, kind="button")
            self._view.click(self._button(shown, target), target, self._title)
            return
        if shown.folded:
            self._open_folded(shown, next(node for node in shown.folded if node.box == mine.box))
            return
        target = Target.of(*self.words.edit, kind="button")
        found = one_between(shown.snapshot.frame, target, self._title, mine.box.covers)
        if found is None:
            raise SiteChanged(self._title, target.name, ())
        self._view.click(found, target, self._title)

    def _to_change(self, there: Sequence[ListedEntry], row: Row, wanted: Sequence[Row]) -> ListedEntry | None:
        """The entry that is to become a row; None where it is a new one."""
        free = [item for item in there if not any(same_values(item.row, other) for other in wanted)]
        mine = [item for item in free if self._likest(item.row, wanted) is row]
        if len(mine) > 1:
            raise SiteChanged(self._title, "要修改的条目", (f"{len(mine)} 条相近的",))
        return mine[0] if mine else None

    def _likest(self, there: Row, wanted: Sequence[Row]) -> Row:
        """Which of the rows an entry is to become; raises ``SiteChanged`` where nobody can say."""
        ranked = sorted(wanted, key=partial(alike, there), reverse=True)
        tied = len(ranked) > 1 and alike(there, ranked[0]) == alike(there, ranked[1])
        if tied or not alike(there, ranked[0]):
            raise SiteChanged(self._title, "要修改的条目", ())
        return ranked[0]

    def _now(self) -> EntriesShown:
        shown = self._view.wait(self._shown, self._title, self._title)
        return shown if shown.is_sure else wait_stable(self._view, self._sure, self._title, self._title)

    def _entry(self, place: int) -> EntriesShown:
        """The group with at least so many entries, another one added where there is none to fill."""
        shown = self._now()
        if len(shown.rows) > place:
            return shown
        target = Target.of(*self.words.add, kind="button")
        self._view.click(self._button(shown, target), target, self._title)

        def added(snapshots: list[FrameSnapshot]) -> EntriesShown | None:
            now = self._shown(snapshots)
            return now if now and now.entry(place) and len(now.rows) == place + 1 else None

        return self._view.wait(added, self._title, "新的一条")

    def _button(self, shown: EntriesShown, target: Target) -> ElementHandle:
        found = self._own_thing(shown, target)
        if found is None:
            raise SiteChanged(self._title, target.name, ())
        return found

    def _own_thing(self, shown: EntriesShown, target: Target) -> ElementHandle | None:
        """What the group has itself under these words; what stands in one of the listed entries is that entry's."""
        listed = [item.box for item in shown.listed or ()]

        def is_own(box: Box) -> bool:
            return shown.part.holds(box) and not any(entry.covers(box) for entry in listed)

        return one_between(shown.snapshot.frame, target, self._title, is_own)

    @property
    def _controls(self) -> FormControls:
        return FormControls(self._view, self._title, self.words.unchosen)

    def _entry_at(self, place: int) -> tuple[FrameSnapshot, Entry]:
        shown = self._now()
        return shown.snapshot, shown.entry(place) or Entry()
