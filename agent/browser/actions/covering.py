"""What lies over a thing that is to be clicked, and where on it a click would still hit it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import ElementHandle, Error, FloatRect, Locator, Position

from agent.browser.locators import Clickable
from agent.browser.stability import FADING_SECONDS
from agent.snapshot.scripts import script

COVERED, PRESS_PLACE, PAINTED_OVER = map(script, ("covered", "press_place", "painted_over"))
AROUND, COVERED_THERE = "around", "covered"
OF_THE_ONLY = "(found, given) => (found.length === 1 ? String((\n{script}\n)(found[0], given)) : '')"
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
    return _told(clickable, COVERED, [across, down]) == "true"


@dataclass(frozen=True)
class PressPlace:
    """Place of a press.

    Args:
        thing: What is pressed.
        at: Where on it, in CSS pixels from its corner; None for its middle.
        is_covered: True where something lies over it now.
    """

    thing: Clickable
    at: Position | None = None
    is_covered: bool = False


def press_place(clickable: Clickable, words: Sequence[str]) -> PressPlace:
    """Where to press for a thing, in the window after this.

    It is pressed on its words where another thing to press stands in its middle, and on the strip that shows where a bar covers
    half of it. What holds it is pressed for it where that is painted over it.

    Args:
        clickable: The thing.
        words: What it was found by.
    """
    told = _told(clickable, PRESS_PLACE, list(words))
    if told == AROUND:
        return _around(clickable) or PressPlace(clickable)
    x, _, y = told.partition(",")
    return PressPlace(clickable, {"x": float(x), "y": float(y)} if y else None, told == COVERED_THERE)


def _around(clickable: Clickable) -> PressPlace | None:
    """What takes a press on the middle of a thing in its place, and where: what holds it, and is painted over it; else None."""
    try:
        handle = _handle(clickable)
        found = handle.evaluate_handle(PAINTED_OVER).as_element() if handle else None
        box, inner = (found.bounding_box(), clickable.bounding_box()) if found else (None, None)
    except Error:
        return None
    if found is None or box is None or inner is None:
        return None
    x, y = inner["x"] + inner["width"] / 2, inner["y"] + inner["height"] / 2
    return PressPlace(found, {"x": x - box["x"], "y": y - box["y"]})


def _handle(clickable: Clickable) -> ElementHandle | None:
    """The thing itself, where it is there and the only one now."""
    found = clickable.element_handles() if isinstance(clickable, Locator) else [clickable]
    return found[0] if len(found) == 1 and isinstance(found[0], ElementHandle) else None


def _told(clickable: Clickable, script: str, given: Sequence[float] | Sequence[str]) -> str:
    """What a script says of a thing, in words; empty where it has gone."""
    try:
        if isinstance(clickable, Locator):
            # Found and asked in one message: it is found anew each time.
            return str(clickable.evaluate_all(OF_THE_ONLY.format(script=script), given))
        # The handle of a text is the text itself: to ask for its value would carry it over once more.
        return str(clickable.evaluate_handle(script, given)) if isinstance(clickable, ElementHandle) else ""
    except Error:
        return ""


def _is_free(clickable: Clickable, place: Position) -> bool:
    """True where a click on a place of a thing would hit it; nothing is clicked."""
    try:
        clickable.click(trial=True, position=place, timeout=FADING_SECONDS * 1000)
    except Error:
        return False
    return True
