"""The controls of 上传毕业照片: the field that takes the file, and the button that sends it, which are never mistaken for each other."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import ElementHandle, FilePayload, Frame

from agent.browser.file_fields import captioned_field, opens_chooser, shown_fields
from agent.browser.locators import Target, seen_controls, zh
from agent.browser.site_browser import Match, SiteBrowser
from agent.errors import SiteChanged
from agent.snapshot import tree
from agent.snapshot.frame import FrameSnapshot
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

    @property
    def _frame(self) -> Frame:
        return self.snapshot.frame

    def choose(self, payload: FilePayload) -> None:
        """Give the file to the page's one field, of several to the one captioned 毕业照片.

        Raises:
            SiteChanged: There is no field and nothing that opens a chooser, or it cannot be told which field is meant.
        """
        count = self.browser.file_fields(self._frame).count()
        fields = shown_fields(self.browser, self._frame)
        if count == 0:
            self.browser.choose_file(self._frame.page, self._open, payload)
            return
        words = self.words
        lines = list(tree.lines(self.snapshot.root))
        field = captioned_field(fields, words.stored, words.enrollment, lines) if fields else None
        if field is None:
            raise SiteChanged(UPLOAD, "毕业照片的文件框", (f"{count} 个文件框",))
        self.browser.give_file(field.handle, payload)

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

    def _has_chooser(self) -> bool:
        """True where a person sees what opens the chooser: the browser's own control, or a button that chooses."""
        native = any(field.native for field in shown_fields(self.browser, self._frame))
        return native or bool(seen_controls(self._frame, zh(*self.words.choose)))

    def _chooses(self, control: ElementHandle, word: str, others: bool) -> bool:
        ambiguous = word in self.words.either or bool(zh(*self.words.either).match(control.inner_text()))
        return (ambiguous and not others) or opens_chooser(self.browser, control, others)


def _only(found: list[ElementHandle], name: str) -> ElementHandle:
    if len(found) > 1:
        raise SiteChanged(UPLOAD, name, (f"{len(found)} 处同名的“{name}”",))
    return found[0]
