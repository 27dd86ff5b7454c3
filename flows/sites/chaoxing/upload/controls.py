"""The controls of 上传毕业照片: the field that takes the file, and the button that sends it, which are never mistaken for each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from playwright.sync_api import ElementHandle, FilePayload, Frame

from agent.browser.dialogs import unforeseen
from agent.browser.file_fields import (
    FileField,
    OpenedFileInput,
    captioned_field,
    opened_by_press,
    opens_chooser,
    shown_fields,
)
from agent.browser.locators import Target, looks_pressed, may_show, one_over, seen_controls, word_pattern
from agent.browser.site_browser import Match, SiteBrowser
from agent.browser.stability import TIME_TO_OPEN
from agent.errors import SiteChanged
from agent.snapshot import tree
from agent.snapshot.fields import contains, holders
from agent.snapshot.frame import FrameSnapshot, all_texts
from agent.snapshot.scripts import script
from agent.snapshot.tree import Box, Node, key
from flows.profiles.site_words import UploadWords, Words

SAME_ELEMENT = script("same_element")
UPLOAD = "上传毕业照片"
LONGEST_LEAD = 12
"""Letters before 去上传 and the like on a button that leads to choosing, as in 我知道了，去上传."""
LEADS = "(?:去|前往|继续)"
"""Without it a button may do what it says, as in 用入学照片上传, or undo it: 取消上传."""
ALSO_OPENS = ("上传照片", "上传")
"""What opens the chooser, or a layer with a file field, on a page that shows no other control."""


@dataclass
class UploadControls:
    """The controls of the open page.

    Args:
        browser: The site's windows.
        snapshot: The frame of the page.
        words: The page's words.
    """

    browser: SiteBrowser
    snapshot: FrameSnapshot
    words: UploadWords
    _opener: ElementHandle | None = field(default=None, init=False, repr=False)
    _came_with_layer: Words = field(default=(), init=False)
    _tile: Box | None = field(default=None, init=False)
    """The place of a clear field that was given the file: what stands elsewhere does not choose."""
    _apart: list[ElementHandle] = field(default_factory=list, init=False, repr=False)
    """What stood elsewhere when the file was given: it may move into the tile's place once that has gone."""
    _chose: bool = field(default=False, init=False)
    """True once something that chooses was seen, even where it gives way to the photo that was chosen."""
    has_layer: bool = field(default=False, init=False)
    """True once a layer with the file field was brought up."""

    @property
    def _frame(self) -> Frame:
        return self.snapshot.frame

    def bring_up(self, payload: FilePayload) -> bool:
        """Press what brings up the page's file field, where that is put away in a layer or not there yet.

        Returns:
            True where a chooser came instead, and was given the file.

        Raises:
            SiteChanged: There is no field, and nothing or more than one thing that may bring it up, or it does not come.
        """
        count = self._count
        fields = shown_fields(self.browser, self._frame)
        if any(not one.away for one in fields):
            return False
        opener = self._opener_of(fields) if count else self._lone_opener()
        if opener is None:
            return False
        came = self._opened_by(opener, TIME_TO_OPEN if count else None)
        if came and came.chooser:
            with self.browser.translated_errors():
                came.chooser.set_files(payload)
        elif came and came.snapshot:
            self._opener = opener if came.snapshot.frame is self._frame else None
            self._came_with_layer = self._closing_words(came.snapshot)
            self.snapshot, self.has_layer = came.snapshot, True
        return came is not None and came.chooser is not None

    def _opened_by(self, opener: ElementHandle, seconds: float | None) -> OpenedFileInput | None:
        """What a press brings up, where it first says what is required behind a press on what alone leads from there to choosing.

        Raises:
            ActionNeeded: It speaks of what only the person may agree to.
        """
        before, known = self._leading_on(), all_texts(self.browser.snapshot())

        def led() -> list[ElementHandle]:
            return [one for one in self._leading_on() if not any(_is_same(one, other) for other in before)]

        def press(control: ElementHandle) -> None:
            self.browser.click(control, Target("选择照片", ALSO_OPENS, "button"), UPLOAD)

        page = self._frame.page
        came = opened_by_press(
            self.browser, page, partial(press, opener), seconds, leads_on=lambda: bool(led())
        )
        if came is None or came.chooser or came.snapshot:
            return came
        self.see_none_forbidden(all_texts(self.browser.snapshot()) - known)
        return opened_by_press(self.browser, page, partial(press, _only(led(), "选择照片")), seconds)

    def _leading_on(self) -> list[ElementHandle]:
        """What says at its end that one goes on to choosing or uploading there."""
        words = "|".join(map(re.escape, (*self.words.choose, *self.words.either, *ALSO_OPENS)))
        return seen_controls(
            self._frame, re.compile(rf"^\s*[^。；;]{{0,{LONGEST_LEAD}}}{LEADS}(?:{words})\s*$")
        )

    def see_none_forbidden(self, came: Iterable[str]) -> None:
        """See that nothing among lines that came is for the person alone.

        Raises:
            ActionNeeded: One is.
        """
        forbidden = [text for text in sorted(came) if contains(text, self.words.never)]
        if forbidden:
            raise unforeseen(forbidden[0])

    def choose(self, payload: FilePayload) -> None:
        """Give the file to the page's one field, of several to the one captioned 毕业照片, or that a press on their place opens.

        Raises:
            SiteChanged: There is no field, or it cannot be told which field is meant.
        """
        fields = shown_fields(self.browser, self._frame)
        self._chose = self._has_chooser()
        words = self.words
        lines = list(tree.lines(self.snapshot.root))
        meant = captioned_field(fields, words.stored, words.enrollment, lines) if fields else None
        if meant is not None:
            self._tile = _box_of(meant.handle) if meant.clear else None
            self._apart = self._off_tile() if self._tile else []
            self.browser.inputs.give_file(meant.handle, payload)
        elif not self._opened_chooser(fields, payload):
            raise SiteChanged(UPLOAD, "毕业照片的文件框", (f"{self._count} 个文件框",))

    def _opened_chooser(self, fields: Sequence[FileField], payload: FilePayload) -> bool:
        """Press the words by which hidden fields that stand in one place are opened; False where no chooser comes of it."""
        leaf = self._choosing_words(fields)
        target = Target.of(leaf.words if leaf else "", kind="button")
        match = self.browser.match_at(self.snapshot, leaf, target, UPLOAD) if leaf else None
        if match is None:
            return False
        press = partial(self.browser.click_match, match, UPLOAD)
        came = opened_by_press(self.browser, self._frame.page, press, TIME_TO_OPEN, fields=False)
        if came is None or came.chooser is None:
            return False
        with self.browser.translated_errors():
            came.chooser.set_files(payload)
        return True

    def _choosing_words(self, fields: Sequence[FileField]) -> Node | None:
        """The first words in the one place of several hidden fields that speak of choosing or uploading; None for several places."""
        places = {one.place for one in fields}
        if len(places) != 1 or any(one.native for one in fields):
            return None
        (place,) = places
        words = (*self.words.choose, *self.words.either, *ALSO_OPENS)
        inside = (leaf for leaf in self.snapshot.root.leaves if place.covers(leaf.box))
        return next((leaf for leaf in inside if contains(leaf.words, words)), None)

    def _closing_words(self, layer: FrameSnapshot) -> Words:
        """The words for yes that came with a layer, which may send what is chosen in it."""
        targets = (Target.of(word, kind="button") for word in self.words.confirm)
        came = (target for target in targets if not may_show(self.snapshot, target))
        return tuple(target.name for target in came if may_show(layer, target))

    @property
    def _count(self) -> int:
        return self.browser.inputs.file_fields(self._frame).count()

    def _lone_opener(self) -> ElementHandle:
        """What opens the chooser or a layer on a page without a file field."""
        for words in (self.words.choose, self.words.either, ALSO_OPENS):
            found = seen_controls(self._frame, word_pattern(*words))
            if found:
                return _only(found, "选择照片")
        if (named := self._named_as_page()) is not None:
            return named
        raise SiteChanged(UPLOAD, "选择照片", ())

    def _named_as_page(self) -> ElementHandle | None:
        """The one thing called as the page that shares a part of it with the stored photo's caption, unlike an entry of the menu."""
        names, captions = set(map(key, self.words.words)), set(map(key, self.words.stored))
        named = [leaf for leaf in self.snapshot.root.leaves if key(leaf.words) in names]
        anchors = {id(leaf) for leaf in named}
        parts = holders(self.snapshot.root, lambda leaf: id(leaf) in anchors)
        beside = [
            leaf
            for leaf, part in zip(named, parts, strict=True)
            if any(key(other.words) in captions for other in part.leaves)
        ]
        if len(beside) != 1:
            return None
        target = Target.of(beside[0].words, kind="button")
        return one_over(self._frame, target, UPLOAD, beside[0].box)

    def _opener_of(self, fields: Sequence[FileField]) -> ElementHandle | None:
        """The one button that may bring up fields that are put away; None where something that is shown chooses by itself."""
        if seen_controls(self._frame, word_pattern(*self.words.choose)):
            return None
        for words in (self.words.either, ALSO_OPENS):
            found = seen_controls(self._frame, word_pattern(*words))
            if found:
                belongs = not fields or opens_chooser(self.browser, found[0], others=False)
                return found[0] if len(found) == 1 and belongs else None
        return None

    def sender(self, asked: Words = ()) -> Match | None:
        """Return the button that sends, by the profile's words in their order, in a layer also its yes; None where there is none.

        What the page asks to be pressed is pressed by that word alone.

        Words that do not look as if they could be pressed, as the title of a step, come after all that do.

        Raises:
            SiteChanged: Several carry the same word.
        """
        others, plain = self._has_chooser(), None
        for word in asked or (*self.words.submit, *self._came_with_layer):
            found = [
                control
                for control in seen_controls(self._frame, word_pattern(word))
                if not self._chooses(control, word, others) and not self._opened_by_press(control)
            ]
            named = Target.of(word, kind="button")
            if any(map(looks_pressed, found)):
                return Match(named, _only(found, word))
            plain = plain or ((named, found) if found else None)
        return Match(plain[0], _only(plain[1], plain[0].name)) if plain else None

    def _has_chooser(self) -> bool:
        """True where a person sees what opens the chooser: the browser's own control, or a button that chooses."""
        native = any(field.native for field in shown_fields(self.browser, self._frame))
        return self._chose or native or bool(seen_controls(self._frame, word_pattern(*self.words.choose)))

    def _opened_by_press(self, control: ElementHandle) -> bool:
        """True for the button that has brought up the layer with the file field: it sends nothing."""
        return self._opener is not None and _is_same(control, self._opener)

    def _chooses(self, control: ElementHandle, word: str, others: bool) -> bool:
        ambiguous = word in self.words.either or bool(
            word_pattern(*self.words.either).match(control.inner_text())
        )
        return (ambiguous and not others) or opens_chooser(
            self.browser, control, others or self._is_off_tile(control)
        )

    def _off_tile(self) -> list[ElementHandle]:
        """What may send and stands apart from the tile now."""
        seen = seen_controls(self._frame, word_pattern(*self.words.submit))
        return [control for control in seen if self._is_off_tile(control)]

    def _is_off_tile(self, control: ElementHandle) -> bool:
        """True for what stands apart from the place where the file was chosen, or did before."""
        own = _box_of(control)
        if any(_is_same(control, one) for one in self._apart):
            return True
        if self._tile is None or own is None:
            return False
        return own.overlap_x(self._tile) <= 0 or own.overlap_y(self._tile) <= 0


def _box_of(handle: ElementHandle) -> Box | None:
    place = handle.bounding_box()
    return Box(place["x"], place["y"], place["width"], place["height"]) if place else None


def _is_same(one: ElementHandle, other: ElementHandle) -> bool:
    return bool(one.evaluate_handle(SAME_ELEMENT, other).json_value())


def _only(found: list[ElementHandle], name: str) -> ElementHandle:
    if len(found) > 1:
        raise SiteChanged(UPLOAD, name, (f"{len(found)} 处同名的“{name}”",))
    return found[0]
