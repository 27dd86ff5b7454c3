"""What lies over a thing that is to be clicked, and where on it a click would still hit it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from playwright.sync_api import ElementHandle, Error, FloatRect, Locator, Position

from agent.browser.locators import Clickable
from agent.browser.stability import FADING_SECONDS

COVERED, OWN_PLACE = (
    files("agent.snapshot").joinpath("js", f"{name}.js").read_text("utf-8")
    for name in ("covered", "own_place")
)
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
    return bool(_told(clickable, COVERED, [across, down]))


def own_place(clickable: Clickable, words: Sequence[str]) -> Position | None:
    """Where a thing shows its words, where its middle is another thing to press; None where its middle is its own."""
    place: Position | None = _told(clickable, OWN_PLACE, list(words))
    return place


def _told(clickable: Clickable, script: str, given: object) -> Any:  # noqa: ANN401 - JSON of a script
    """What a script says of a thing; None where it has gone."""
    try:
        longest = FADING_SECONDS * 1000
        handle = clickable.element_handle(timeout=longest) if isinstance(clickable, Locator) else clickable
        return (
            handle.evaluate_handle(script, given).json_value() if isinstance(handle, ElementHandle) else None
        )
    except Error:
        return None


def _is_free(clickable: Clickable, place: Position) -> bool:
    """True where a click on a place of a thing would hit it; nothing is clicked."""
    try:
        clickable.click(trial=True, position=place, timeout=FADING_SECONDS * 1000)
    except Error:
        return False
    return True
