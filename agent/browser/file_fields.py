"""The file fields of a page: which one carries a caption, and whether a control only opens the chooser of one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from playwright.sync_api import ElementHandle, FileChooser, Frame, Page

from agent.browser.site_browser import SiteBrowser
from agent.errors import SiteChanged
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.photo_captions import MAX_CAPTION
from agent.snapshot.scripts import script
from agent.snapshot.tree import Box, TextLine, key

FILE_FIELDS, OPENS_FILE = map(script, ("file_fields", "opens_file"))
REACH = 400.0
"""How far a caption may stand from its field (CSS pixels)."""


@dataclass(frozen=True)
class FileField:
    """What a person sees of a file field.

    Args:
        handle: The field.
        words: The words around it that belong to no other file field; empty where it is the only one.
        place: Where it, or what opens it, stands (CSS pixels on the page).
        native: Whether the browser's own control is shown, which opens the chooser itself.
        away: Whether it stands in what is not shown, as in a layer that was not opened.
        clear: Whether it lies there unseen, and a press on its place opens the chooser.
    """

    handle: ElementHandle
    words: str
    place: Box
    native: bool
    away: bool = False
    clear: bool = False


@dataclass(frozen=True)
class OpenedFileInput:
    """What a press has brought up: a chooser, else the frame in which a file field has come; neither where something else has."""

    chooser: FileChooser | None = None
    snapshot: FrameSnapshot | None = None


def shown_fields(browser: SiteBrowser, frame: Frame) -> list[FileField]:
    """Return the file fields of which a person sees anything, in the order of the page."""
    located = browser.inputs.file_fields(frame)
    with browser.translated_errors():
        told = located.evaluate_all(FILE_FIELDS)
        handles = located.element_handles()
    if len(told) != len(handles):
        return []  # the page is just changing
    return [
        FileField(handle, one["words"], Box(*one["place"]), one["native"], one["away"], one["clear"])
        for handle, one in zip(handles, told, strict=True)
        if one is not None
    ]


def opened_by_press(
    browser: SiteBrowser,
    page: Page,
    press: Callable[[], None],
    seconds: float | None,
    fields: bool = True,
    leads_on: Callable[[], bool] = lambda: False,
) -> OpenedFileInput | None:
    """Press something, and return what that brings up: a chooser or a file field; None where neither comes.

    Args:
        browser: The site's windows.
        page: The window in which it is pressed.
        press: Presses it.
        seconds: How long is waited; the site's patience when None.
        fields: Whether a file field counts; there may be some already.
        leads_on: Whether something else has come instead, asked on a quiet page.
    """
    choosers: list[FileChooser] = []

    def note(chooser: FileChooser) -> None:
        choosers.append(chooser)

    def came(snapshots: list[FrameSnapshot]) -> OpenedFileInput | None:
        if choosers:
            return OpenedFileInput(chooser=choosers[0])
        quiet = fields and browser.is_quiet(snapshots)
        found = (one for one in snapshots if quiet and one.files)
        shown = (one for one in found if any(not field.away for field in shown_fields(browser, one.frame)))
        field = next((OpenedFileInput(snapshot=one) for one in shown), None)
        return field or (OpenedFileInput() if quiet and leads_on() else None)

    page.on("filechooser", note)
    try:
        press()
        return browser.wait(came, browser.name, "文件框", seconds)
    except SiteChanged:
        return None
    finally:
        page.remove_listener("filechooser", note)


def opens_chooser(browser: SiteBrowser, control: ElementHandle, others: bool) -> bool:
    """True for a control that opens the chooser of a hidden file field.

    Args:
        browser: The windows it was found in.
        control: What would be pressed.
        others: Whether something else is there that opens one.
    """
    with browser.translated_errors():
        return bool(control.evaluate_handle(OPENS_FILE, others).json_value())


def captioned_field(
    fields: Sequence[FileField],
    wanted: Collection[str],
    others: Collection[str],
    lines: Sequence[TextLine],
) -> FileField | None:
    """Return the one field that a person would say carries the wanted caption; None where that cannot be told.

    Args:
        fields: The page's fields.
        wanted: Words of the caption.
        others: Words of captions of other fields.
        lines: The page's lines, for captions that stand beside or above the fields.
    """
    if len(fields) == 1:
        return fields[0]
    named = [one for one in fields if _names(one.words, wanted) and not _names(one.words, others)]
    if not named:
        named = [one for one in fields if _nearest_is(one, wanted, others, lines)]
    if len(named) > 1:
        named = [one for one in named if not one.away]
    return named[0] if len(named) == 1 else None


def _names(text: str, words: Collection[str]) -> bool:
    return any(key(word) in key(text) for word in words)


def _nearest_is(
    one: FileField, wanted: Collection[str], others: Collection[str], lines: Sequence[TextLine]
) -> bool:
    captions = [
        line for line in lines if len(key(line.text)) <= MAX_CAPTION and _names(line.text, (*wanted, *others))
    ]
    away = {_distance(one.place, line.leaves[0].box): line.text for line in captions}
    nearest = min(away, default=REACH)
    return nearest < REACH and _names(away[nearest], wanted) and not _names(away[nearest], others)


def _distance(one: Box, other: Box) -> float:
    return max(0.0, -one.overlap_x(other)) + max(0.0, -one.overlap_y(other))
