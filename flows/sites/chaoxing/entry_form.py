"""The form of one entry that opens beside a list, in a dialog, a drawer or the entry's own row, and is saved by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from agent.browser.form_controls import Control, FormControls
from agent.browser.locators import Target, one_between
from agent.browser.site_browser import SiteBrowser
from agent.browser.stability import Settling, wait_stable
from agent.browser.times import TIME_TO_REST
from agent.errors import GradsyncError, SiteChanged
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Box, Node, key
from flows.forms.model import NOW
from flows.profiles.site_words import AnswerWords, GroupWords
from flows.sites.chaoxing import entry_groups
from flows.sites.chaoxing.entry_groups import TYPED, Entry, EntryGroup, Row
from flows.sites.submission import Submission

EVERYWHERE = EntryGroup(float("-inf"), float("inf"))
Mark = tuple[str, Box]


@dataclass(frozen=True)
class Opened:
    """The form as it stands: its frame, the part of the page that is it, and the entry in it."""

    snapshot: FrameSnapshot
    region: Node
    entry: Entry


@dataclass
class EntryForm:
    """The fields that came with a press, and the one button that saves them.

    Args:
        view: The site's windows.
        heard: The site's words for yes and no.
        title: The group's name, for messages.
        place: The group's words.
        before: What was seen before the press.
    """

    browser: SiteBrowser
    heard: AnswerWords
    title: str
    words: GroupWords
    before: Sequence[FrameSnapshot]

    def fill(self, row: Row) -> None:
        """Give every field that has another value its own, and see that all of them stand there.

        Raises:
            SiteChanged: No form came, it lacks a field, or does not take a value; nothing was sent.
        """
        self._rested()
        for name, value in row.items():
            self._set(name, value)
        if not entry_groups.same_values(
            self._now().entry.row(self.words), {k: v for k, v in row.items() if v}
        ):
            raise SiteChanged(self.title, "填好的条目", ())

    def save(self, row: Row) -> GradsyncError | None:
        """Press the form's one button for saving, once.

        Returns:
            What the platform said against it, or None.

        Raises:
            SiteChanged: There is no such button, or more than one; nothing was sent.
        """
        now = self._now()
        target = Target(self.words.save_entry[0], (*self.words.save_entry, *self.words.save), "button")
        button = one_between(now.snapshot.frame, target, self.title, lambda box: _inside(box, now.region.box))
        if button is None:
            raise SiteChanged(self.title, target.name, ())
        own = " ".join(row.values())
        return Submission(self.browser, self.heard, self.title, self.words.question, own).press(
            button, target
        )

    def _set(self, name: str, value: str) -> None:
        entry = self._now().entry
        if entry_groups.same_value(name, entry.row(self.words).get(name, ""), value):
            return
        controls = FormControls(self.browser, self.title, self.words.unchosen)
        if name == entry.open_field and entry.now is not None:
            controls.tick(lambda: self._control(None), NOW, key(value) == NOW)
            if key(value) == NOW:
                return
        label = self.words.labels[name][0]
        if name in self._now().entry.fields:
            controls.set_value(
                lambda: self._control(name), label, value, partial(entry_groups.same_value, name)
            )
        elif value:
            raise SiteChanged(self.title, label, ())

    def _control(self, name: str | None) -> Control:
        now = self._now()
        node = now.entry.fields.get(name) if name else now.entry.now
        if node is None:
            raise SiteChanged(self.title, self.words.labels[name][0] if name else NOW, ())
        return Control(now.snapshot, node)

    def _now(self) -> Opened:
        return self.browser.wait(self._opened, self.title, "要填写的条目")

    def _rested(self) -> None:
        """Wait until the form has slid in."""

        def look(snapshots: list[FrameSnapshot]) -> Settling[Opened] | None:
            opened = self._opened(snapshots)
            boxes = tuple(node.box for node in opened.entry.fields.values()) if opened else ()
            return Settling(opened, boxes, rest=TIME_TO_REST / 2) if opened else None

        wait_stable(self.browser, look, self.title, "要填写的条目")

    def _opened(self, snapshots: list[FrameSnapshot]) -> Opened | None:
        """The part of a frame around the fields that came, as far as its button for saving, with the one entry in it."""
        known = {
            _mark(node) for snapshot in self.before for node in snapshot.root.walk() if node.tag in TYPED
        }
        words = {key(word) for word in (*self.words.save_entry, *self.words.save)}
        for item in snapshots:
            fresh = [node for node in item.root.walk() if node.tag in TYPED and _mark(node) not in known]
            region = _around(fresh, words)
            found = entry_groups.entries(region, self.words, EVERYWHERE) if region else []
            if region and len(found) == 1 and len(found[0].fields) > 1:
                return Opened(item, region, found[0])
        return None


def _mark(node: Node) -> Mark:
    return node.type, node.box


def _around(fresh: Sequence[Node], words: set[str]) -> Node | None:
    """The smallest part of the page that holds all of these and something to press that says one of the words."""
    if not fresh:
        return None
    for node in (fresh[0], *fresh[0].ancestors()):
        if all(node.holds(one) for one in fresh) and any(key(leaf.own) in words for leaf in node.leaves):
            return node
    return None


def _inside(box: Box, region: Box) -> bool:
    return region.covers(box)
