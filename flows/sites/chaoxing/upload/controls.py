"""The controls of 上传毕业照片: the field that takes the file, and the button that sends it, which are never mistaken for each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import ElementHandle, FileChooser, FilePayload, Frame

from agent.browser.file_fields import captioned_field, opens_chooser, shown_fields
from agent.browser.locators import Target, seen_controls, zh
from agent.browser.site_browser import Match, SiteBrowser
from agent.browser.stability import TIME_TO_REST, StabilityTimer
from agent.errors import SiteChanged
from agent.snapshot import tree
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Node
from flows.profiles.site_words import UploadWords

UPLOAD = "上传毕业照片"
ALSO_OPENS = ("上传照片", "上传")
"""What opens the chooser on a page that has no other control and no file field yet."""


@dataclass
class UploadControls:
    """The controls of the open page.

    Args:
        view: The site's windows.
        shown: The frame of the page.
        place: The page's words.
    """

    browser: SiteBrowser
    snapshot: FrameSnapshot
    words: UploadWords
    before_layer: Sequence[FrameSnapshot] = ()
    """The page before a layer with the file field was opened on it; nothing where the field is the page's own."""

    @property
    def _frame(self) -> Frame:
        return self.snapshot.frame

    def choose(self, payload: FilePayload) -> None:
        """Give the file to the page's one field, of several to the one captioned 毕业照片.

        Raises:
            SiteChanged: There is no field and nothing that opens a chooser, or it cannot be told which field is meant.
        """
        if self._count() == 0 and self._chose(payload):
            return
        count, fields = self._count(), shown_fields(self.browser, self._frame)
        words = self.words
        lines = list(tree.lines(self.snapshot.root))
        field = captioned_field(fields, words.stored, words.enrollment, lines) if fields else None
        if field is None:
            raise SiteChanged(UPLOAD, "毕业照片的文件框", (f"{count} 个文件框",))
        self.browser.give_file(field.handle, payload)

    def _count(self) -> int:
        return self.browser.file_fields(self._frame).count()

    def _chose(self, payload: FilePayload) -> bool:
        """Give the file to the chooser that a button brings up; False where it opens a layer with a file field instead."""
        page, choosers, before = self._frame.page, list[FileChooser](), self.browser.snapshot()
        timer = StabilityTimer()  # a field that comes with a chooser is the chooser's
        page.on("filechooser", choosers.append)
        try:
            self._open()
            self.browser.wait(
                lambda _: bool(choosers or (self._count() and timer.seconds(True) > TIME_TO_REST)) or None,
                UPLOAD,
                "选择照片",
            )
        finally:
            page.remove_listener("filechooser", choosers.append)
        if choosers:
            with self.browser.translated_errors():
                choosers[0].set_files(payload)
        else:
            self.before_layer = before
        return bool(choosers)

    def _open(self) -> None:
        for words in (self.words.choose, self.words.either, ALSO_OPENS):
            found = seen_controls(self._frame, zh(*words))
            if found:
                target = Target("选择照片", words, "button")
                self.browser.click(_only(found, target.name), target, UPLOAD)
                return
        raise SiteChanged(UPLOAD, "选择照片", ())

    def sender(self) -> Match | None:
        """Return the button that sends, by the profile's words in their order; None where there is none.

        Raises:
            SiteChanged: Several carry the same word.
        """
        if self.before_layer:
            return self.sender_since(self.before_layer, (*self.words.submit, *self.words.confirm))
        others = self._has_chooser()
        for word in self.words.submit:
            found = [
                control
                for control in seen_controls(self._frame, zh(word))
                if not self._chooses(control, word, others)
            ]
            if found:
                return Match(Target(word, (word,), "button"), _only(found, word))
        return None

    def sender_since(self, before: Sequence[FrameSnapshot], words: Sequence[str]) -> Match | None:
        """Return the one button with one of the words that a layer has brought since; None for none or several."""
        now = next((item for item in self.browser.snapshot() if item.frame is self._frame), None)
        then = [leaf.box for item in before if item.frame is self._frame for leaf in _named(item, words)]
        leaves = _named(now, words) if now else []
        came = [leaf for leaf in leaves if leaf.box not in then]
        if now is None or len(came) != 1 or len(leaves) != len(then) + 1:
            return None  # the page's own must stand where they stood
        target = Target(tree.squash(came[0].words), (tree.squash(came[0].words),), "button")
        found = self.browser.thing_at(now, came[0], target, UPLOAD)
        return Match(target, found) if found else None

    def _has_chooser(self) -> bool:
        """True where a person sees what opens the chooser: the browser's own control, or a button that chooses."""
        native = any(field.native for field in shown_fields(self.browser, self._frame))
        return native or bool(seen_controls(self._frame, zh(*self.words.choose)))

    def _chooses(self, control: ElementHandle, word: str, others: bool) -> bool:
        ambiguous = word in self.words.either or bool(zh(*self.words.either).match(control.inner_text()))
        return (ambiguous and not others) or opens_chooser(self.browser, control, others)


def _named(snapshot: FrameSnapshot, words: Sequence[str]) -> list[Node]:
    pattern = zh(*words)
    return [leaf for leaf in snapshot.root.leaves if pattern.match(leaf.words)]


def _only(found: list[ElementHandle], name: str) -> ElementHandle:
    if len(found) > 1:
        raise SiteChanged(UPLOAD, name, (f"{len(found)} 处同名的“{name}”",))
    return found[0]
