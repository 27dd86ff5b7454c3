"""A page's tree with words in place of what only the eye can read: letters of the page's own font, pictures, canvases.

Whatever reads the tree afterwards needs to know nothing of it; the nodes keep what they were read from.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from playwright.sync_api import Frame

from agent.browser.site_browser import SiteBrowser
from agent.ocr import engine as text_recognition
from agent.ocr import font_decoding
from agent.ocr.crops import CropTaker
from agent.ocr.engine import TextRecognizer
from agent.snapshot import fields
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Box, Node, OcrText

if TYPE_CHECKING:
    from PIL.Image import Image

UNREAD = "\ufffd"
"""Stands where nobody could read."""
LEAST_RECORD = (300.0, 120.0)
"""Width and height (CSS pixels) from which on a picture may be a record as a whole."""
LOWEST_LETTERS = 10.0
RECORD_SCALE = 2

Place = int
"""A picture: which one of the frame's, since canvases have no addresses."""


@dataclass(frozen=True)
class _Looked:
    """What a page's codes and pictures say; a record's lines have their places in its picture (CSS pixels)."""

    runs: Mapping[str, OcrText]
    values: Mapping[Place, OcrText]
    records: Mapping[Place, Sequence[tuple[Box, OcrText]]]


@dataclass
class OcrPageReader:
    """Reads one site's pages by eye where their text says nothing.

    Args:
        browser: The site's windows.
        labels: The labels whose values may be pictures.
        landmarks: Words without one of which a page may have its record in a picture.
        recognizer: Gives the reader of letters, or None; then everything is left unread, with its picture.
    """

    browser: SiteBrowser
    labels: Collection[str]
    landmarks: Collection[str]
    recognizer: Callable[[], TextRecognizer | None] = text_recognition.recognizer
    _known: dict[Frame, tuple[object, _Looked]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._crops = CropTaker(self.browser)

    def read(self, snapshot: FrameSnapshot) -> FrameSnapshot:
        """Return a frame with words in place of what its text doesn't say; looked at once while that stays the same."""
        signature = _signature(snapshot.root)
        if not signature:
            return snapshot
        known = self._known.get(snapshot.frame)
        if known is None or known[0] != signature:
            started = time.monotonic()
            self._known[snapshot.frame] = known = signature, self._looked(snapshot.frame, snapshot.root)
            self.browser.ocr_seconds += time.monotonic() - started
        return FrameSnapshot(snapshot.frame, replace(snapshot.tree, root=_rewritten(snapshot.root, known[1])))

    def _looked(self, frame: Frame, root: Node) -> _Looked:
        runs = self._runs(frame, root)
        root = _rewritten(root, _Looked(runs, {}, {}))
        places = _places(root)
        blank = (found for found in fields.fields(root, self.labels) if not found.value)
        values = [node for found in blank if (node := _only_picture(found.at))]
        whole = [] if fields.says(root, *self.landmarks) else large_pictures(root)
        return _Looked(
            runs,
            {places[node]: self._value(frame, node) for node in values},
            {places[node]: self._record(frame, node) for node in whole},
        )

    # -- letters of the page's own font ------------------------------------------------------------------------------------

    def _runs(self, frame: Frame, root: Node) -> dict[str, OcrText]:
        found = dict.fromkeys(run for leaf in root.leaves for run in font_decoding.runs(leaf.own))
        crops = {run: tuple(self._crops.of_run(frame, run)) for run in found}
        said = font_decoding.settled({run: self._line_by_line(shown) for run, shown in crops.items()})
        return {run: OcrText(said[run] or UNREAD, shown, len(run)) for run, shown in crops.items()}

    def _line_by_line(self, crops: Sequence[bytes]) -> str | None:
        read = [self._line(text_recognition.image(crop)) for crop in crops]
        return "".join(filter(None, read)) if read and all(read) else None

    def _line(self, picture: Image) -> str | None:
        recognizer = self.recognizer()
        return font_decoding.agreed(recognizer.line(picture)) if recognizer else None

    # -- pictures ------------------------------------------------------------------------------------------------------------

    def _value(self, frame: Frame, node: Node) -> OcrText:
        crop = self._crops.of_picture(frame, node.box)
        text = self._line(text_recognition.image(crop)) if crop else None
        return OcrText(text or UNREAD, (crop,) if crop else (), len(text) if text else None)

    def _record(self, frame: Frame, node: Node) -> list[tuple[Box, OcrText]]:
        """Read a picture that may hold a record as a whole, labels and all, line by line."""
        recognizer = self.recognizer()
        crop = self._crops.of_picture(frame, node.box, RECORD_SCALE)
        if crop is None:
            return []
        if recognizer is None:
            return [(Box(0, 0, node.box.width, node.box.height), OcrText(UNREAD, (crop,)))]
        picture = text_recognition.image(crop)
        scale = picture.width / node.box.width
        return [(_scaled(place, scale), self._cut(picture, place)) for place in recognizer.lines(picture)]

    def _cut(self, picture: Image, place: Box) -> OcrText:
        line = picture.crop((round(place.x), round(place.y), round(place.right), round(place.bottom)))
        text = self._line(line)
        return OcrText(text or UNREAD, (text_recognition.png(line),), len(text) if text else None)


def ocr_texts(node: Node) -> tuple[OcrText, ...]:
    """Return everything below a node that was read by eye."""
    return tuple(ocr_text for below in node.walk() for ocr_text in below.ocr_texts)


def large_pictures(root: Node) -> list[Node]:
    """Return the pictures that may hold a record as a whole."""
    width, height = LEAST_RECORD
    return [
        node
        for node in root.walk()
        if node.is_picture and node.box.width >= width and node.box.height >= height
    ]


def _signature(root: Node) -> tuple[object, ...]:
    """What of a frame only the eye can read; empty where there's nothing."""
    return tuple(
        (node.tag, node.src, node.box.width, node.box.height) if _may_have_letters(node) else node.own
        for node in root.walk()
        if _may_have_letters(node) or font_decoding.runs(node.own)
    )


def _places(root: Node) -> dict[Node, Place]:
    return {node: place for place, node in enumerate(node for node in root.walk() if _may_have_letters(node))}


def _may_have_letters(node: Node) -> bool:
    return node.is_picture and node.box.height >= LOWEST_LETTERS


def _only_picture(node: Node) -> Node | None:
    """The one picture below a node that may be a line of letters."""
    found = [below for below in node.walk() if _may_have_letters(below)]
    return found[0] if len(found) == 1 and found[0].box.width > found[0].box.height / 2 else None


def _scaled(place: Box, scale: float) -> Box:
    return Box(place.x / scale, place.y / scale, place.width / scale, place.height / scale)


# -- rewriting ---------------------------------------------------------------------------------------------------------------


def _rewritten(root: Node, looked: _Looked) -> Node:
    places = _places(root)

    def copied(node: Node) -> Node:
        copy = _reworded(node, looked, places.get(node, -1))
        copy.children = copy.children or [copied(child) for child in node.children]
        for child in copy.children:
            child.parent = copy
        return copy

    return copied(root)


def _reworded(node: Node, looked: _Looked, place: Place) -> Node:
    found = font_decoding.runs(node.own)
    if found:
        text = font_decoding.RUN.sub(lambda run: looked.runs[run[0]].text, node.own)
        return replace(node, own=text, ocr_texts=tuple(looked.runs[run] for run in found), children=[])
    if value := looked.values.get(place):
        return replace(node, own=value.text, ocr_texts=(value,))
    if lines := looked.records.get(place):
        return Node("table", node.box, children=_rows(lines, node.box))
    return replace(node, children=[])


def _rows(lines: Sequence[tuple[Box, OcrText]], at: Box) -> list[Node]:
    """Rows of cells, as the lines stand in the picture."""
    bands: list[list[tuple[Box, OcrText]]] = []
    for line in sorted(lines, key=lambda line: line[0].middle[1]):
        if bands and bands[-1][0][0].overlap_y(line[0]) > line[0].height / 2:
            bands[-1].append(line)
        else:
            bands.append([line])
    return [_row(sorted(band, key=lambda line: line[0].x), at) for band in bands]


def _row(band: Sequence[tuple[Box, OcrText]], at: Box) -> Node:
    row = Node("tr", Box(at.x, at.y + band[0][0].y, at.width, band[0][0].height))
    row.children = [_cell(place, ocr_text, at) for place, ocr_text in band]
    for cell in row.children:
        cell.parent = row
    return row


def _cell(place: Box, ocr_text: OcrText, at: Box) -> Node:
    box = replace(place, x=at.x + place.x, y=at.y + place.y)
    cell = Node(
        "td", box, children=[Node("#text", box, own=ocr_text.text, inline=True, ocr_texts=(ocr_text,))]
    )
    cell.children[0].parent = cell
    return cell
