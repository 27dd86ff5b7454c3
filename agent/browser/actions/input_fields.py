"""The fields of a page that are typed into, chosen from, ticked or given a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from playwright.sync_api import ElementHandle, FilePayload, Frame, Locator

from agent.browser.locators import only
from agent.browser.stability import TIME_TO_APPEAR, Settling, wait_stable
from agent.errors import SiteChanged
from agent.snapshot import tree
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.scripts import script

if TYPE_CHECKING:
    from agent.browser.site_browser import SiteBrowser

ADJACENT_FIELD, LEAVE, MASKED, PLACE = map(script, ("adjacent_field", "leave", "masked", "place"))
PROBE = "x"
"""Typed into a field that may show what is typed, before a password is."""


@dataclass(frozen=True)
class InputFields:
    """The input fields in a site's windows.

    Args:
        browser: The windows.
    """

    browser: SiteBrowser

    def type_in(self, where: Locator | ElementHandle, value: str) -> None:
        """Type into a field as a person does: it has the focus, and the page hears a key."""
        with self.browser.translated_errors():
            where.focus()
            where.fill(value, timeout=self.browser.patience * 1000)
            where.press("End")

    def fill_password(self, where: ElementHandle, value: str, page: str, name: str) -> ElementHandle:
        """Type into a password field, or into the one that it gives way to once it has the focus; return that.

        A page that draws the dots itself takes what was typed only after a moment.

        Raises:
            SiteChanged: The field would show the password, or does not come to show as many letters as were typed.
        """
        field = self._masked(where, page, name)
        self.type_in(field, value)
        with self.browser.translated_errors():
            if field.get_attribute("type") == "password":
                return field

        def look(snapshots: list[FrameSnapshot]) -> Settling[str] | None:
            with self.browser.translated_errors():
                shown = field.input_value(timeout=self.browser.patience * 1000)
            return Settling(shown, shown) if len(shown) == len(value) else None

        wait_stable(self.browser, look, page, name)
        return field

    def _masked(self, where: ElementHandle, page: str, name: str) -> ElementHandle:
        """What has the focus once a field was given it, and hides what is typed: a letter is, where only that can tell."""
        with self.browser.translated_errors():
            place = where.evaluate_handle(PLACE).json_value()
            where.focus()

        def look(snapshots: list[FrameSnapshot]) -> ElementHandle | None:
            with self.browser.translated_errors():
                return where.evaluate_handle(MASKED, [PROBE, *place]).as_element()

        with suppress(SiteChanged):
            return self.browser.wait(look, page, name, TIME_TO_APPEAR)
        self.type_in(where, PROBE)
        return self.browser.wait(look, page, name)

    def field_beside(self, known: ElementHandle, step: Literal[-1, 1]) -> ElementHandle | None:
        """Return the visible text field just before (-1) or after (1) a known field, or None."""
        with self.browser.translated_errors():
            return known.evaluate_handle(ADJACENT_FIELD, step).as_element()

    def named_field(self, frame: Frame, words: Sequence[str]) -> Locator | None:
        """Return the one visible field of a frame whose label or placeholder contains one of the words, or None."""
        pattern = re.compile("|".join(map(re.escape, words)))
        return only(frame.get_by_placeholder(pattern).or_(frame.get_by_label(pattern)))

    def fill(self, where: Locator | ElementHandle, value: str) -> None:
        """Type into a field."""
        with self.browser.translated_errors():
            where.fill(value, timeout=self.browser.patience * 1000)

    def leave_field(self, frame: Frame) -> None:
        """Go out of the field that is being typed into, so that its page takes what stands there."""
        with self.browser.translated_errors():
            frame.wait_for_function(LEAVE, timeout=self.browser.patience * 1000)

    def choose(self, where: ElementHandle, spelled: Sequence[str], page: str) -> None:
        """Choose the one option of a list that says what is wanted, however it is spelled.

        Raises:
            SiteChanged: The list has no such option; the message has those it has.
        """
        with self.browser.translated_errors():
            options = where.query_selector_all("option")
            said = [tree.squash(one.inner_text() or one.text_content() or "") for one in options]
            fitting = [text for text in said if tree.key(text) in map(tree.key, spelled)]
            if len(set(fitting)) != 1:
                raise SiteChanged(page, spelled[0], tuple(said))
            where.select_option(label=fitting[0], timeout=self.browser.patience * 1000)

    def set_checked(self, where: ElementHandle, ticked: bool) -> None:
        """Set or clear a box."""
        with self.browser.translated_errors():
            where.set_checked(ticked, timeout=self.browser.patience * 1000)

    def file_fields(self, frame: Frame) -> Locator:
        """Return the file fields of a frame; they are usually hidden behind a button."""
        return frame.locator("input[type=file]:not([disabled])")

    def boxes(self, frame: Frame) -> Locator:
        """Return the boxes to tick of a frame; a page that draws its own hides them."""
        return frame.locator("input[type=checkbox], [role=checkbox]")

    def give_file(self, where: ElementHandle, payload: FilePayload) -> None:
        """Give a file to a file field."""
        with self.browser.translated_errors():
            where.set_input_files(payload, timeout=self.browser.patience * 1000)
