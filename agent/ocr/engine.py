"""Reading letters from pictures, on this computer, with the extra ``ocr``; models come with the package, nothing is fetched.

Nothing here decides what may be believed: a reading comes with the confidence of its weakest character.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any, Protocol

from agent.snapshot.tree import Box

if TYPE_CHECKING:
    from numpy import uint8
    from numpy.typing import NDArray
    from PIL.Image import Image

PACKAGES = ("rapidocr", "onnxruntime")
DETECTION, RECOGNITION = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
MARGINS = (0.15, 0.25, 0.35)
"""Ground around a line, as a share of the letters' height: sizes of the letters before the same network, so other readings."""
THREADS = 1
"""More only wait for one another where the browser is at work beside them."""
FAINTEST = 32
"""Levels of 255 by which letters differ from their ground at least."""
SMALLEST_LINE = 48
"""Pixels: lines that are lower are enlarged, which is what the network would do, only worse."""


@dataclass(frozen=True)
class Guess:
    """What a line of a picture seems to say.

    Args:
        text: The letters.
        confidence: Of the weakest letter that is no mark, 0 to 1.
    """

    text: str
    confidence: float


class TextRecognizer(Protocol):
    """Something that reads letters."""

    def line(self, picture: Image) -> Iterable[Guess]:
        """Read a picture of one line again and again, each time seen differently, for as long as more is asked for."""

    def lines(self, picture: Image) -> tuple[Box, ...]:
        """Find where a picture has lines of letters, in its pixels."""


def available() -> bool:
    """Say whether the extra ``ocr`` is installed."""
    return all(find_spec(name) for name in PACKAGES)


def recognizer() -> TextRecognizer | None:
    """Return the reader, or None without the extra ``ocr``."""
    return _rapid_ocr() if available() else None


@cache
def _rapid_ocr() -> _RapidOcr:
    return _RapidOcr()


class _RapidOcr:
    """PP-OCR through rapidocr. Model files are named outright, since left to itself it would fetch missing ones."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        models = resources.files("rapidocr").joinpath("models")
        settings: dict[str, Any] = {
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
            "Det.model_path": str(models.joinpath(DETECTION)),
            "Rec.model_path": str(models.joinpath(RECOGNITION)),
        }
        self._engine: Callable[..., Any] = RapidOCR(params=settings)

    def line(self, picture: Image) -> Iterable[Guess]:
        """Read it with each of the margins."""
        return (self._read(_with_margin(picture, margin)) for margin in MARGINS)

    def lines(self, picture: Image) -> tuple[Box, ...]:
        """Find the lines."""
        found = self._engine(_pixels(picture), use_det=True, use_cls=False, use_rec=False)
        return () if found.boxes is None else tuple(map(_around, found.boxes.tolist()))

    def _read(self, picture: Image) -> Guess:
        found = self._engine(
            _pixels(picture), use_det=False, use_cls=False, use_rec=True, return_word_box=True
        )
        words = found.word_results[0] if found.txts and found.txts[0] else None
        return _guess(found.txts[0], words.confs) if words else Guess("", 0.0)


def _guess(text: str, confidences: Sequence[float]) -> Guess:
    """Leave marks out of the confidence: a bracket is the same whether it is wide or narrow, of which the network is never sure."""
    told = zip(text, confidences, strict=True)
    letters = [sure for char, sure in told if unicodedata.category(char)[0] not in "PZ"]
    return Guess(text, min(letters or confidences, default=0.0))


def image(png: bytes) -> Image:
    """Return a picture's pixels."""
    from PIL import Image as images

    return images.open(BytesIO(png)).convert("RGB")


def png(picture: Image) -> bytes:
    """Return pixels as a PNG file."""
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _pixels(picture: Image) -> NDArray[uint8]:
    """In the order in which OpenCV has colours."""
    import numpy

    return numpy.ascontiguousarray(numpy.asarray(picture)[:, :, ::-1])


def _with_margin(picture: Image, share: float) -> Image:
    """Cut a line down to its letters and lay it on a ground of its own colour."""
    from PIL import Image as images
    from PIL import ImageChops

    ends = (0, picture.width - 1), (0, picture.height - 1)
    corners = [picture.getpixel((x, y)) for x in ends[0] for y in ends[1]]
    ground = images.new("RGB", picture.size, f"rgb{max(corners, key=corners.count)}")
    faint = ImageChops.difference(picture, ground).convert("L").point(lambda level: 255 * (level > FAINTEST))
    picture = picture.crop(faint.getbbox())
    if picture.height < SMALLEST_LINE:
        width = round(picture.width * SMALLEST_LINE / picture.height)
        picture = picture.resize((max(width, 1), SMALLEST_LINE), images.Resampling.BICUBIC)
    margin = round(picture.height * share)
    whole = (picture.width + 2 * margin, picture.height + 2 * margin)
    laid = ground.resize(whole)
    laid.paste(picture, (margin, margin))
    return laid


def _around(corners: Sequence[Sequence[float]]) -> Box:
    across, down = [point[0] for point in corners], [point[1] for point in corners]
    return Box(min(across), min(down), max(across) - min(across), max(down) - min(down))
