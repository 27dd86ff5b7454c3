"""Pictures of single things on a page, sharp enough to read letters from: what a person would look at with a magnifying glass."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from playwright.sync_api import CDPSession, ElementHandle, Frame, Page

from agent.browser.frames.frame_reader import POLLING_MS
from agent.browser.locators import handles_at
from agent.browser.site_browser import SiteBrowser
from agent.ocr.engine import image, png
from agent.snapshot.scripts import script
from agent.snapshot.tree import Box

TEXT_RUN = script("text_run")
SCALE = 4
"""Device pixels per CSS pixel: the browser draws the letters anew at that size."""


class CropTaker:
    """Takes crops in one site's windows."""

    def __init__(self, browser: SiteBrowser) -> None:
        self._browser = browser
        self._sessions: dict[Page, CDPSession] = {}

    def of_run(self, frame: Frame, run: str) -> list[bytes]:
        """Return PNGs of a run of characters, one per line it takes up; none where it isn't shown any more."""
        with self._browser.translated_errors("页面上的文字"):
            found = frame.wait_for_function(
                f"async (run) => ({{ it: await ({TEXT_RUN})(run) }})",
                arg=run,
                timeout=self._browser.patience * 1000,
                polling=POLLING_MS,
            ).get_property("it")
            element = found.get_property("element").as_element() if found.json_value() else None
            if element is None:
                return []
            places = [Box(*place) for place in found.get_property("places").json_value()]
            return [self._taken(frame, element, place) for place in places]

    def of_picture(self, frame: Frame, box: Box, scale: int = SCALE) -> bytes | None:
        """Return a PNG of the picture that was seen at a place; None where it isn't there any more."""
        with self._browser.translated_errors("页面上的图片"):
            found = handles_at(frame, "img, canvas, svg", box)
            if len(found) != 1:
                return None
            found[0].scroll_into_view_if_needed(timeout=self._browser.patience * 1000)
            return self._taken(frame, found[0], Box(0, 0, box.width, box.height), scale)

    def _taken(self, frame: Frame, element: ElementHandle, place: Box, scale: int = SCALE) -> bytes:
        """Take a part of an element, by its place in the element (CSS pixels)."""
        corner = element.bounding_box() or {"x": 0.0, "y": 0.0}
        session = self._session(frame)
        window = session.send("Page.getLayoutMetrics")["cssVisualViewport"]
        clip = {
            "x": corner["x"] + window["pageX"] + place.x,
            "y": corner["y"] + window["pageY"] + place.y,
            "width": place.width,
            "height": place.height,
            "scale": scale,
        }
        answer = session.send(
            "Page.captureScreenshot", {"format": "png", "clip": clip, "captureBeyondViewport": True}
        )
        return base64.b64decode(answer["data"])

    def _session(self, frame: Frame) -> CDPSession:
        page = frame.page
        if page not in self._sessions:
            self._sessions[page] = page.context.new_cdp_session(page)
        return self._sessions[page]


GAP = 12
"""Pixels between two crops of a stack."""


def stacked(crops: Sequence[bytes]) -> bytes:
    """Return one PNG with several crops, one below the other."""
    from PIL import Image

    rows = [image(crop) for crop in crops]
    width = max((row.width for row in rows), default=1)
    height = sum(row.height + GAP for row in rows) or 1
    whole = Image.new("RGB", (width, height), "white")
    top = 0
    for row in rows:
        whole.paste(row, (0, top))
        top += row.height + GAP
    return png(whole)


def masked(crop: bytes, letters: int, first: int, last: int) -> bytes:
    """Return a crop of one line in which only the first and the last letters can be seen.

    Where the letters stand is reckoned from their number, as if they were equally wide, and a third of a letter more is covered on
    either side, so that none shows that must not.

    Args:
        crop: The PNG.
        letters: How many letters it shows.
        first: How many stay at its beginning.
        last: How many stay at its end.
    """
    from PIL import ImageDraw

    picture = image(crop)
    wide = picture.width / max(letters, 1)
    left = (first - COVER) * wide if first else 0
    right = picture.width - (last - COVER) * wide if last else picture.width
    ImageDraw.Draw(picture).rectangle((left, 0, right, picture.height), fill="#888")
    return png(picture)


COVER = 1 / 3
