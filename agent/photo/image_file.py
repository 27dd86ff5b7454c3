"""From bytes to pixels, within fixed bounds of memory, whatever the bytes are."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import ExifTags, Image

# TIFF is left out: no portrait comes as one, and libtiff talks to stderr.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
MAX_BYTES = 20_000_000
MAX_PIXELS = 16_000_000
# What Pillow's decoders raise on damaged input, as seen under fuzzing; anything else is a bug worth seeing.
DAMAGE = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, struct.error)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Damaged(Exception):
    """The bytes do not decode; the text says what the decoder said."""


class TooLarge(Exception):
    """More bytes or pixels than will be decoded."""


@contextmanager
def decoder_errors() -> Iterator[None]:
    """Turn what a decoder raises on bad bytes into `Damaged` or `TooLarge`; keep its warnings off the screen."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except Image.DecompressionBombError as error:
            raise TooLarge(str(error)) from error
        except DAMAGE as error:
            raise Damaged(f"{type(error).__name__}: {error}") from error


def open_image(
    data: bytes, formats: tuple[str, ...] = FORMATS, *, max_pixels: int = MAX_PIXELS
) -> Image.Image:
    """Read the header only.

    Raises:
        TooLarge: more bytes or pixels than allowed; nothing was decoded.
        Damaged: not one of `formats`, or a broken header.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(f"{len(data)} bytes")
    with decoder_errors():
        image = Image.open(io.BytesIO(data), formats=formats)
    if image.width * image.height > max_pixels:
        raise TooLarge(f"{image.width}x{image.height}")
    return image


def load(image: Image.Image) -> Image.Image:
    """Decode all pixels (`verify()` would pass truncated files).

    Raises:
        Damaged: truncated or broken data.
    """
    with decoder_errors():
        image.load()
    return image


def orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 where the tag is missing or damaged."""
    try:
        with decoder_errors():
            value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Damaged:
        return 1
    return value if isinstance(value, int) and value in _TURNS else 1


def upright(image: Image.Image) -> Image.Image:
    """Apply the EXIF orientation and put transparency on white; RGB or L.

    Raises:
        Damaged: the pixels cannot be read.
    """
    turn = _TURNS.get(orientation(image))
    with decoder_errors():
        return _opaque(image if turn is None else image.transpose(turn))


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode in {"RGB", "L"}:
        return image
    if not image.has_transparency_data:
        return _without_high_bits(image).convert("RGB")
    layer = image.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")


def _without_high_bits(image: Image.Image) -> Image.Image:
    """16-bit grey clips when converted; bring it into 0-255 first."""
    if image.mode not in {"I", "F"} and not image.mode.startswith("I;16"):
        return image
    numbers = image.convert("F")
    low, high = numbers.getextrema()
    if not (isinstance(low, float) and isinstance(high, float)) or high <= 255:
        return numbers.convert("L")
    return numbers.point(lambda value: value * (255 / high)).convert("L")
