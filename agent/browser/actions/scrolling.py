"""Scrolling, the mouse's wheel and dragging, as a person sees what a window does not show at once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import Frame, Page

from agent.browser.frames.frame_reader import POLLING_MS
from agent.browser.locators import Clickable
from agent.browser.stability import HELD_SECONDS
from agent.snapshot.scripts import script
from agent.snapshot.tree import Box

if TYPE_CHECKING:
    from agent.browser.site_browser import SiteBrowser

SCROLL_TO, SCROLL_THROUGH, FURTHER, REVEAL = map(script, ("scroll_to", "scroll_through", "further", "reveal"))
SCROLLING_MS = 100
DRAG_STEPS = 12


@dataclass(frozen=True)
class Scrolling:
    """Scrolling in a site's windows.

    Args:
        browser: The windows.
    """

    browser: SiteBrowser

    def bring_into_view(self, frame: Frame, box: Box) -> None:
        """Scroll a frame to a place on its page, as a person does to see more."""
        with self.browser.translated_errors():
            frame.wait_for_function(SCROLL_TO, arg=box.y, timeout=self.browser.patience * 1000)

    def scroll_through(self, frame: Frame) -> None:
        """Scroll a frame to its end a window at a time, as a person does to see what comes only then."""
        with self.browser.translated_errors():
            frame.wait_for_function(
                SCROLL_THROUGH, timeout=self.browser.patience * 1000, polling=SCROLLING_MS
            )

    def scroll_further(self, frame: Frame) -> bool:
        """Scroll a frame on by most of a window, and what scrolls inside it; False where all stands at its end."""
        with self.browser.translated_errors():
            moved = frame.wait_for_function(FURTHER, timeout=self.browser.patience * 1000)
            return bool(moved.json_value() == "moved")

    def turn_wheel(self, page: Page, over: Clickable, pixels: float) -> None:
        """Turn the mouse's wheel down over a thing, by so many CSS pixels: some lists draw further rows at that alone."""
        with self.browser.translated_errors():
            over.scroll_into_view_if_needed(timeout=self.browser.patience * 1000)
            place = over.bounding_box()
            if place:
                page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
                page.mouse.wheel(0, pixels)
        self.browser.invalidate()

    def drag(self, page: Page, thing: Clickable, pixels: float) -> None:
        """Take a thing by its middle, move it down by so many CSS pixels, and let it go at rest."""
        with self.browser.translated_errors():
            place = thing.bounding_box()
            if place is None:
                return
            x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(x, y + pixels, steps=DRAG_STEPS)
            held = time.monotonic() + HELD_SECONDS
            while time.monotonic() < held:
                self.browser.wait_mutation()
            page.mouse.up()
        self.browser.invalidate()

    def reveal(self, frame: Frame) -> None:
        """Bring every part of a frame into view once: of what scrolls inside it, and of the pages that it stands in."""
        around: Frame | None = frame
        with self.browser.translated_errors():
            while around is not None:
                around.wait_for_function(REVEAL, timeout=self.browser.patience * 1000, polling=POLLING_MS)
                around = around.parent_frame
