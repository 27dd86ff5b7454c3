"""What lies over a thing that is to be clicked, and where on it a click would still hit it."""

from __future__ import annotations

from importlib.resources import files

from playwright.sync_api import ElementHandle, Error, FloatRect, Locator, Position

from agent.browser.locators import Clickable
from agent.browser.stability import FADING_SECONDS

COVERED = files("agent.snapshot").joinpath("js", "covered.js").read_text("utf-8")
STRIPS = (0.2, 0.8)
"""Where a strip along an edge of a thing has its middle, as a part of its length."""


def free_place(clickable: Clickable) -> Position | None:
    """The middle of a thing's upper or lower strip, where that is free over its whole width; None where neither is."""
    box = clickable.bounding_box()
    for down in STRIPS if box else ():
        if any(is_covered(clickable, across, down) for across in STRIPS):
            continue
        ends = [_place(box, across, down) for across in STRIPS] if box else []
        if box and all(_is_free(clickable, place) for place in ends):
            return _place(box, 0.5, down)
    return None


def _place(box: FloatRect, across: float, down: float) -> Position:
    return {"x": box["width"] * across, "y": box["height"] * down}


def is_covered(clickable: Clickable, across: float, down: float) -> bool:
    """True where something else of its own frame lies over a place of a thing now; False where it has gone."""
    try:
        longest = FADING_SECONDS * 1000
        handle = clickable.element_handle(timeout=longest) if isinstance(clickable, Locator) else clickable
        return isinstance(handle, ElementHandle) and bool(
            handle.evaluate_handle(COVERED, [across, down]).json_value()
        )
    except Error:
        return False


def _is_free(clickable: Clickable, place: Position) -> bool:
    """True where a click on a place of a thing would hit it; nothing is clicked."""
    try:
        clickable.click(trial=True, position=place, timeout=FADING_SECONDS * 1000)
    except Error:
        return False
    return True
