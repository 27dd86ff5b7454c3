"""A file made ready for comparing: its pixels, and small working copies."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from PIL import Image

from agent.photo.comparison.alignment import shrunk
from agent.photo.file_type import sniff
from agent.photo.image_file import FORMATS, Damaged, TooLarge, load, open_image, upright
from agent.photo.jpeg_structure import bytes_after_end
from agent.photo.model import PhotoUnreadable

# Twice the FINE grid is all the comparison looks at.
WORKING = (240, 320)
KEPT_PIXELS = 480_000


@dataclass(frozen=True, slots=True)
class PreparedImage:
    """A decoded picture: its own size, its pixels, and working copies not much larger than WORKING.

    `pixels` are the RGB bytes, of a picture with more than KEPT_PIXELS their SHA-256.
    """

    size: tuple[int, int]
    pixels: bytes
    colour: Image.Image
    grey: Image.Image


def read(data: bytes, which: str) -> PreparedImage:
    """Decode a file.

    Raises:
        PhotoUnreadable: `which` ("a" or "b") is no readable picture.
    """
    try:
        image = upright(load(open_image(data)))
    except TooLarge as error:
        raise PhotoUnreadable(which, f"图片太大，不能比较（{error}）") from error
    except Damaged as error:
        raise PhotoUnreadable(which, why_damaged(data)) from error
    return picture_of(image)


def why_damaged(data: bytes) -> str:
    """Say of bytes that do not decode whether they are a picture that breaks off, one that is damaged, or none."""
    kind = sniff(data)
    if kind.upper() not in FORMATS:
        return "不是能读取的完整图片"
    if kind == "jpeg" and not lacks_end(data):
        return "不是能读取的完整图片，数据已损坏"
    return "不是能读取的完整图片，后面的部分没有传完（被截断）"


def lacks_end(data: bytes) -> bool:
    """Return whether a JPEG breaks off; decoders pass one whose last bytes are missing."""
    return sniff(data) == "jpeg" and bytes_after_end(data) is None


def picture_of(image: Image.Image) -> PreparedImage:
    """Prepare an upright RGB or L image for comparing."""
    colour = image if image.mode == "RGB" else image.convert("RGB")
    pixels = colour.tobytes()
    if colour.width * colour.height > KEPT_PIXELS:
        pixels = hashlib.sha256(pixels).digest()
    small = shrunk(colour, WORKING)
    return PreparedImage(colour.size, pixels, small, small.convert("L"))
