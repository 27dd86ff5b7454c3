"""The form of one entry that opens beside a list, in a dialog, a drawer or the entry's own row, and is saved by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from playwright.sync_api import ElementHandle, Frame

from agent.browser.controls.form_controls import Control, FormControls, in_one_box
from agent.browser.locators import Target, one_over, word_pattern
from agent.browser.site_browser import SiteBrowser
from agent.browser.stability import TIME_TO_LEAVE, TIME_TO_REST, Settling, wait_stable
from agent.errors import GradsyncError, SiteChanged
from agent.snapshot.frame import FrameSnapshot, all_texts
from agent.snapshot.tree import Box, Node, key
from flows.forms.entry_rows import MONTHS, Row, same_value, same_values
from flows.forms.model import NOW
from flows.profiles.site_words import AnswerWords, GroupWords
from flows.sites.chaoxing.entries.fields import Entry, between_ends, ends_of, entries
from flows.sites.chaoxing.entries.groups import EntryGroup, heading_lines
from flows.sites.navigation.words import AGREEMENTS, LONE_ANSWERS, QUESTIONS
from flows.sites.site_messages import accepts
from flows.sites.submission import Submission

Mark = tuple[str, Box]


@dataclass(frozen=True)
class EntryFields:
    """The fields of an entry, whether it stands on the group's page or in a form of its own.

    Args:
        controls: Gives a control its value.
        words: The group's words.
        now: Finds the entry as it stands now, and its frame.
    """

    controls: FormControls
    words: GroupWords
    now: Callable[[], tuple[FrameSnapshot, Entry]]

    def fill(self, row: Row) -> None:
        """Give every field that has another value its own.

        Raises:
            SiteChanged: A field is not there, or does not take its value.
        """
        self._set_stay(row)
        for name, value in row.items():
            self._set(name, value)

    def _set_stay(self, row: Row) -> None:
        """Say whether a stay has ended, which may change the fields; then its beginning and end where one control has both."""
        self._tick_now(row)
        entry, there = self._entry_and_row()
        if entry.stay:
            self._set_both(entry.stay, row)
            return
        ends = ("start", entry.open_field)
        names = [name for name in ends if name in entry.fields and key(row.get(name, "")) not in ("", NOW)]
        if len(names) < 2 or all(same_value(name, there.get(name, ""), row[name]) for name in names):
            return
        if in_one_box(*(entry.fields[name] for name in names)):
            self.controls.type_through(
                [(partial(self._control, name), self.words.labels[name][0], row[name]) for name in names]
            )

    def _set_both(self, stay: Node, row: Row) -> None:
        """Give one field the beginning, and the end where the stay has one."""
        ends = [value for name in MONTHS if key(value := row.get(name, "")) not in ("", NOW)]
        between = between_ends(stay)
        wanted = (between or "~").join(ends)
        self.controls.set_value(
            self._stay, self.words.stay[0], wanted, _same_stay, can_type=len(ends) < 2 or between is not None
        )

    def _stay(self) -> Control:
        snapshot, entry = self.now()
        if entry.stay is None:
            raise SiteChanged(self.controls.page, self.words.stay[0], ())
        return Control(snapshot, entry.stay)

    def _tick_now(self, row: Row) -> None:
        entry = self._entry_and_row()[0]
        if entry.now is not None and entry.open_field in row:
            self.controls.tick(partial(self._control, None), NOW, key(row[entry.open_field]) == NOW)

    def _set(self, name: str, value: str) -> None:
        entry, there = self._entry_and_row()
        if same_value(name, there.get(name, ""), value):
            return
        label = self.words.labels[name][0]
        if name in entry.fields:
            self.controls.set_value(partial(self._control, name), label, value, partial(same_value, name))
        elif value:
            raise SiteChanged(self.controls.page, label, ())

    def _entry_and_row(self) -> tuple[Entry, Row]:
        entry = self.now()[1]
        return entry, entry.row(self.words)

    def _control(self, name: str | None) -> Control:
        """The control of a field as it stands now; that of 至今 where no name is given."""
        snapshot, entry = self.now()
        node = entry.now if name is None else entry.fields.get(name)
        if node is None:
            raise SiteChanged(self.controls.page, self.words.labels[name][0] if name else NOW, ())
        return Control(snapshot, node)


def _same_stay(there: str, wanted: str) -> bool:
    return same_values(ends_of(there), ends_of(wanted))


@dataclass(frozen=True)
class Opened:
    """The form as it stands: its frame, the part of the page that is it, and the entry in it."""

    snapshot: FrameSnapshot
    region: Node
    entry: Entry
    around: FrameSnapshot | None = None
    """The frame around the form's own, where that is the one with its buttons."""
    came: tuple[Node, ...] = ()
    """What came around the form with it."""

    @property
    def buttons_frame(self) -> Frame:
        """The frame with the form's buttons."""
        return (self.around or self.snapshot).frame

    @property
    def buttons(self) -> tuple[Node, ...]:
        """What may be one of the form's buttons."""
        return self.came if self.around else self.region.leaves


@dataclass
class EntryForm:
    """The fields that came with a press, and the one button that saves them.

    Args:
        browser: The site's windows.
        heard: The site's words for yes and no.
        title: The group's name, for messages.
        words: The group's words.
        before: What was seen before the press.
    """

    browser: SiteBrowser
    heard: AnswerWords
    title: str
    words: GroupWords
    before: Sequence[FrameSnapshot]
    was_sent: bool = field(default=False, init=False)
    """True once the platform may have been sent something of it: some forms only give their entry to the page."""
    _pressed: ElementHandle | None = field(default=None, init=False)
    """Its button for saving, once that was looked for."""

    def fill(self, row: Row) -> None:
        """Give every field that has another value its own, and see that all of them stand there.

        Raises:
            SiteChanged: No form came, it lacks a field, or does not take a value; nothing was sent.
        """
        self._rested()
        EntryFields(self._controls, self.words, self._entry).fill(row)
        if not same_values(self._now().entry.row(self.words), {k: v for k, v in row.items() if v}):
            raise SiteChanged(self.title, "填好的条目", ())

    def row(self) -> Row:
        """Return what stands in the form once it has slid in."""
        self._rested()
        return self._now().entry.row(self.words)

    def cancel(self) -> bool:
        """Leave the form as it was, by its one word for that; False where it has none, as with a cross in its corner.

        Raises:
            SiteChanged: It has more than one.
        """
        words = self.words.question.cancel
        if not any(key(leaf.words) in map(key, words) for leaf in self._now().buttons):
            return False
        button, target = self._button(words)
        self.browser.click(button, target, self.title)
        return self.browser.wait(self._is_gone, self.title, target.name)

    def _is_gone(self, snapshots: list[FrameSnapshot]) -> bool | None:
        return self.opened(snapshots) is None or None

    def let_go(self) -> None:
        """Wait until the form that was saved is gone, for a while: the next one comes where it stood."""
        with suppress(SiteChanged):
            self.browser.wait(self._is_gone, self.title, "保存后的页面", TIME_TO_LEAVE)

    def save(self, row: Row, is_taken: Callable[[Sequence[FrameSnapshot]], bool]) -> GradsyncError | None:
        """Press the form's one button for saving, once.

        Args:
            row: What stands in it.
            is_taken: True of a page that shows the entry as saved.

        Returns:
            What the platform said against it, or None.

        Raises:
            SiteChanged: There is no such button, or more than one; nothing was sent.
        """
        self._pressed, target = self._button(self._save_words)
        self._controls.uncover(self._pressed, self._now().snapshot)
        own = " ".join(row.values())
        submission = Submission(
            self.browser, self.heard, self.title, self.words.question, own, is_taken=is_taken
        )
        answer = submission.press(self._pressed, target)
        self.was_sent = submission.was_sent
        return answer

    def acknowledge(self, snapshots: Sequence[FrameSnapshot]) -> None:
        """Close a message over the form that only says that it was saved, by the one word to press that it has."""
        fresh = all_texts(snapshots) - all_texts(self.before)
        if self._pressed and any(accepts(text, self.heard) for text in fresh):
            never = (*AGREEMENTS, *QUESTIONS, *self.heard.refused)
            self.browser.close_layer(self._pressed, LONE_ANSWERS, never, alone=True)

    @property
    def _controls(self) -> FormControls:
        return FormControls(self.browser, self.title, self.words.unchosen)

    @property
    def _save_words(self) -> tuple[str, ...]:
        return (*self.words.save_entry, *self.words.save)

    def _button(self, words: Sequence[str]) -> tuple[ElementHandle, Target]:
        """The one thing of the form that says one of the words: what lies under the form may say it too."""
        now = self._now()
        leaves = self.buttons(now, words)
        target = Target.of(*words, kind="button")
        found = one_over(now.buttons_frame, target, self.title, leaves[0].box) if len(leaves) == 1 else None
        if found is None:
            raise SiteChanged(self.title, target.name, (f"{len(leaves)} 处",) if leaves else ())
        return found, target

    def buttons(self, now: Opened, words: Sequence[str]) -> list[Node]:
        """What of the form says one of the words; of several, the one on the line of all its fields, where the others were there before."""
        wanted = set(map(key, words))
        found = [leaf for leaf in now.buttons if key(leaf.words) in wanted]
        typed = [node.box for node in now.entry.controls]
        beside = [leaf for leaf in found if all(leaf.box.overlap_y(box) > 0 for box in typed)]
        others = Counter(key(leaf.words) for leaf in found if leaf not in beside)
        before = Counter(key(leaf.words) for item in self.before for leaf in item.root.leaves)
        return beside if len(beside) == 1 and others <= before else found

    def _entry(self) -> tuple[FrameSnapshot, Entry]:
        now = self._now()
        return now.snapshot, now.entry

    def _now(self) -> Opened:
        return self.browser.wait(self.opened, self.title, "要填写的条目")

    def _rested(self) -> None:
        """Wait until the form has slid in."""

        def look(snapshots: list[FrameSnapshot]) -> Settling[Opened] | None:
            opened = self.opened(snapshots)
            boxes = tuple(node.box for node in opened.entry.controls) if opened else ()
            return Settling(opened, boxes, rest=TIME_TO_REST / 2) if opened else None

        wait_stable(self.browser, look, self.title, "要填写的条目")

    def opened(self, snapshots: Sequence[FrameSnapshot]) -> Opened | None:
        """Return the part of a frame around the fields that came, as far as its button for saving, with the one entry in it.

        None where that is the group itself, heading and all: then its fields came into the page, and its button saves them all.
        """
        known = {_mark(node) for snapshot in self.before for node in snapshot.root.walk() if node.is_field}
        for item in snapshots:
            fresh = [node for node in item.root.walk() if node.is_field and _mark(node) not in known]
            opened = self._opened_around(item, fresh) or self._opened_alone(item, fresh)
            if opened := opened or self._opened_as_frame(item, snapshots):
                return opened
        return None

    def _opened_as_frame(self, item: FrameSnapshot, snapshots: Sequence[FrameSnapshot]) -> Opened | None:
        """The form that is a frame of its own and came with it, where its button for saving came in the frame around it."""
        if any(one.frame is item.frame for one in self.before):
            return None
        around = next((one for one in snapshots if one.frame is item.frame.parent_frame), None)
        came = self._came(around) if around else ()
        saves = any(key(leaf.words) in map(key, self._save_words) for leaf in came)
        found = self._entries(item.root, item.root) if saves else []
        one = len(found) == 1 and len(found[0].controls) > 1
        return Opened(item, item.root, found[0], around, came) if one else None

    def _came(self, now: FrameSnapshot) -> tuple[Node, ...]:
        """What a frame shows that stood nowhere in it before."""
        before = {
            (leaf.words, leaf.box)
            for one in self.before
            if one.frame is now.frame
            for leaf in one.root.leaves
        }
        return tuple(leaf for leaf in now.root.leaves if (leaf.words, leaf.box) not in before)

    def _opened_alone(self, item: FrameSnapshot, fresh: Sequence[Node]) -> Opened | None:
        """The one form around some of the fields that came: a calendar with fields of its own may stand open beside it."""
        forms = {opened.region: opened for one in fresh if (opened := self._opened_around(item, [one]))}
        return next(iter(forms.values())) if len(forms) == 1 else None

    def _opened_around(self, item: FrameSnapshot, fresh: Sequence[Node]) -> Opened | None:
        region = _around(fresh, set(map(key, self._save_words)))
        found = self._entries(item.root, region) if region else []
        one = len(found) == 1 and len(found[0].controls) > 1
        return Opened(item, region, found[0]) if region and one and not self._is_group(item, region) else None

    def _is_group(self, now: FrameSnapshot, region: Node) -> bool:
        """True for a part of the page that holds the group's heading where it stood, or one of the buttons that add an entry.

        A form that lies over the page may be called the same, but leaves what is under it as it was.
        """
        before = next((item.root for item in self.before if item.frame is now.frame), None)
        if before is None or not self._headings(now.root):
            return False  # a form that is a page of its own has taken the group's place
        adding = len(self._adding(now.root)) - len(self._adding(region)) < len(self._adding(before))
        return adding or bool(self._headings(region) & self._headings(before))

    def _adding(self, root: Node) -> list[Node]:
        pattern = word_pattern(*self.words.add)
        return [leaf for leaf in root.leaves if pattern.match(leaf.words)]

    def _entries(self, root: Node, region: Node) -> list[Entry]:
        """The entries of a form; the labels of a row that is edited where it stands are over its columns.

        Some of its fields may say themselves what goes into them: what names more of them counts.
        """
        own = entries(EntryGroup(region, self.words), with_rows=True)
        if own and not (len(own) == 1 and _is_line(own[0])):
            return own
        below = entries(EntryGroup(root, self.words), region)
        return max(own, below, key=lambda found: sum(len(entry.controls) for entry in found))

    def _headings(self, root: Node) -> set[Box]:
        """Where the group's heading stands: a form may be called the same, and stands elsewhere."""
        return {line.leaves[0].box for line in heading_lines(root, self.words.heading)}


def _is_line(entry: Entry) -> bool:
    boxes = [node.box for node in entry.controls]
    return all(boxes[0].overlap_y(other) > 0 for other in boxes[1:])


def _mark(node: Node) -> Mark:
    return node.type, node.box


def _around(fresh: Sequence[Node], words: set[str]) -> Node | None:
    """The smallest part of the page that holds all of these and something to press that says one of the words."""

    def fits(node: Node) -> bool:
        return all(map(node.holds, fresh)) and any(key(leaf.own) in words for leaf in node.leaves)

    return next(filter(fits, fresh[0].upwards()), None) if fresh else None
