"""Is it the same picture? Bytes, then pixels, then hashes as a quick yes, then aligned correlation, which decides.

Nothing here says anything about the person: two photos of one student are different pictures.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from agent.photo.comparison.alignment import Levels
from agent.photo.comparison.framing import ALTERED_NCC, ALTERED_SHARE, UNSURE_NCC, Alignment, align, in_place
from agent.photo.comparison.prepared_image import PreparedImage, lacks_end, read
from agent.photo.comparison.reasons import explain
from agent.photo.model import Comparison, PhotoVerdict

HASH_SIZE = 16
HASH_BITS = HASH_SIZE * HASH_SIZE
# Quick yes: in 97,384 pairs of different pictures none was this close on both; it still has to hold block by
# block, because a watermark or a pasted feature moves few bits.
HASH_NEAR = 48


def compare(a: bytes, b: bytes) -> Comparison:
    """See `agent.photo.compare`."""
    first, second = read(a, "a"), read(b, "b")
    if a == b:
        return Comparison(PhotoVerdict.identical, "sha256", 0.0)
    cut = tuple(
        f"{which}文件缺少结尾，被截断了" for which, data in (("第一个", a), ("第二个", b)) if lacks_end(data)
    )
    if first.size == second.size and first.pixels == second.pixels:
        return Comparison(PhotoVerdict.identical, "pixels", 0.0, ("文件不同，但每个像素都相同", *cut))
    found = _compare_pictures(first, second)
    return replace(found, reasons=(*found.reasons, *cut))


def _compare_pictures(a: PreparedImage, b: PreparedImage) -> Comparison:
    levels_a, levels_b = Levels(a.grey), Levels(b.grey)
    match = in_place(levels_a, levels_b)
    # The hashes are asked only where the framing is equal: elsewhere they cannot say yes.
    if match.same and (bits := hash_bits(a.grey, b.grey)) <= HASH_NEAR:
        return explain(a, b, match, Comparison(PhotoVerdict.same_picture, "phash+dhash", bits / HASH_BITS))
    match = align(levels_a, levels_b, match)
    distance = min(max(1 - match.fit.ncc, 0.0), 1.0)
    return explain(a, b, match, Comparison(verdict_of(match), "aligned-correlation", round(distance, 4)))


def verdict_of(match: Alignment) -> PhotoVerdict:
    """Put an alignment into words; the limits are measured in `tests/bench/photo_accuracy.py`."""
    if match.same:
        return PhotoVerdict.same_picture
    if match.fit.ncc >= ALTERED_NCC or match.share >= ALTERED_SHARE:
        return PhotoVerdict.altered
    return PhotoVerdict.unsure if match.fit.ncc >= UNSURE_NCC else PhotoVerdict.different_picture


def hash_bits(a: Image.Image, b: Image.Image) -> int:
    """The larger of the phash and the dhash distance, in bits of 256."""
    return max(int(phash(a) - phash(b)), int(imagehash.dhash(a, HASH_SIZE) - imagehash.dhash(b, HASH_SIZE)))


def phash(picture: Image.Image) -> imagehash.ImageHash:
    """`imagehash.phash` of a grey picture, bit for bit: the library's own loads scipy (0.25 s) for one transform."""
    side = 4 * HASH_SIZE
    pixels = np.asarray(picture.resize((side, side), Image.Resampling.LANCZOS), np.float64)
    low = _cosines(side) @ pixels @ _cosines(side).T
    return imagehash.ImageHash(low > np.median(low))


@lru_cache(maxsize=1)
def _cosines(side: int) -> NDArray[np.float64]:
    """The first HASH_SIZE rows of the discrete cosine transform (type II)."""
    at, row = np.arange(side) + 0.5, np.arange(HASH_SIZE)
    return np.cos(np.pi / side * row[:, None] * at[None, :])
