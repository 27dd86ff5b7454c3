"""Is it the same picture? Bytes, then pixels, then hashes as a quick yes, then aligned correlation, which decides.

Nothing here says anything about the person: two photos of one student are different pictures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import imagehash
import numpy as np
from PIL import Image, ImageChops

from agent.photo.aligning import (
    COARSE,
    FINE,
    WHOLE,
    Blocks,
    Fit,
    Levels,
    Window,
    band,
    blocks_of,
    correlation,
    fit_at,
    refine,
    sample,
    search,
    shrunk,
    within,
)
from agent.photo.decoding import Damaged, TooLarge, load, open_image, upright
from agent.photo.model import Comparison, PhotoUnreadable, Verdict

# Twice the FINE grid is all the comparison looks at.
WORKING = (240, 320)
KEPT_PIXELS = 480_000
HASH_SIZE = 16
HASH_BITS = HASH_SIZE * HASH_SIZE
# Quick yes: in 97,384 pairs of different pictures none was this close on both; it still has to hold block by
# block, because a watermark or a pasted feature moves few bits.
HASH_NEAR = 48

SAME_NCC, SAME_SHARE, SAME_P10, SAME_WORST = 0.95, 0.97, 0.88, 0.6
BLOCK_AGREES = 0.8
ALTERED_NCC, ALTERED_SHARE = 0.80, 0.5
UNSURE_NCC = 0.60
TURNED_NCC = 0.75
# With so many blocks agreeing in place the framing is equal, whatever was changed elsewhere.
SURELY_ALIGNED = 0.75
# Not worth refining: the right window scored at least 0.62 in the coarse search and 0.97 after coarse refinement.
FAINT, HOPELESS = 0.4, 0.5
TILTS, TILT_STEP = (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5), 0.5
FEWEST_BLOCKS = 12
TRIM_TOLERANCE, TRIM_LEAST, TRIM_BELOW, SMALLEST_CONTENT = 12, 0.02, 0.9, 0.2
# The part compared when a border may have bled over the edge.
INNER = Window(0.015, 0.015, 0.97, 0.97)
CENTRE = Window(0.08, 0.08, 0.84, 0.84)

TURNS: dict[str, Image.Transpose] = {
    "左右镜像": Image.Transpose.FLIP_LEFT_RIGHT,
    "上下颠倒": Image.Transpose.ROTATE_180,
    "向左转了 90°": Image.Transpose.ROTATE_90,
    "向右转了 90°": Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture: its own size, its pixels, and working copies not much larger than WORKING.

    `pixels` are the RGB bytes, of a picture with more than KEPT_PIXELS their SHA-256.
    """

    size: tuple[int, int]
    pixels: bytes
    colour: Image.Image
    grey: Image.Image


@dataclass(frozen=True, slots=True)
class Match:
    """The best alignment found: the part of each picture that shows the same, and how well it agrees.

    `turn` is how b had to be turned first, empty if not.
    """

    fit: Fit
    blocks: Blocks
    part_a: Window
    part_b: Window
    turn: str = ""

    @property
    def share(self) -> float:
        """Share of the textured blocks that agree."""
        said = self.blocks.said
        return float((said >= BLOCK_AGREES).mean()) if said.size >= FEWEST_BLOCKS else 0.0

    @property
    def whole(self) -> bool:
        """The framing is equal: nothing was cut off or added."""
        return self.part_a == WHOLE == self.part_b

    @property
    def same(self) -> bool:
        """Everything agrees, everywhere."""
        said = self.blocks.said
        if self.turn or self.fit.ncc < SAME_NCC or self.share < SAME_SHARE:
            return False
        return float(np.percentile(said, 10)) >= SAME_P10 and float(said.min()) >= SAME_WORST


def compare(a: bytes, b: bytes) -> Comparison:
    """See `agent.photo.compare`."""
    first, second = _read(a, "a"), _read(b, "b")
    if a == b:
        return Comparison(Verdict.identical, "sha256", 0.0)
    if first.size == second.size and first.pixels == second.pixels:
        return Comparison(Verdict.identical, "pixels", 0.0, ("文件不同，但每个像素都相同",))
    return _compare_pictures(first, second)


def _compare_pictures(a: Picture, b: Picture) -> Comparison:
    from agent.photo.explaining import explain

    levels_a, levels_b = Levels(a.grey), Levels(b.grey)
    match = _in_place(levels_a, levels_b)
    # The hashes are asked only where the framing is equal: elsewhere they cannot say yes, and scipy loads slowly.
    if match.same and (bits := hash_bits(a.grey, b.grey)) <= HASH_NEAR:
        return explain(a, b, match, Comparison(Verdict.same_picture, "phash+dhash", bits / HASH_BITS))
    match = align(levels_a, levels_b, match)
    distance = min(max(1 - match.fit.ncc, 0.0), 1.0)
    return explain(a, b, match, Comparison(verdict_of(match), "aligned-correlation", round(distance, 4)))


def verdict_of(match: Match) -> Verdict:
    """Put an alignment into words; the limits are measured in `tests/bench/photo_accuracy.py`."""
    if match.same:
        return Verdict.same_picture
    if match.fit.ncc >= ALTERED_NCC or match.share >= ALTERED_SHARE:
        return Verdict.altered
    return Verdict.unsure if match.fit.ncc >= UNSURE_NCC else Verdict.different_picture


def hash_bits(a: Image.Image, b: Image.Image) -> int:
    """The larger of the phash and the dhash distance, in bits of 256."""
    return max(
        int(imagehash.phash(a, HASH_SIZE) - imagehash.phash(b, HASH_SIZE)),
        int(imagehash.dhash(a, HASH_SIZE) - imagehash.dhash(b, HASH_SIZE)),
    )


def _read(data: bytes, which: str) -> Picture:
    try:
        image = upright(load(open_image(data)))
    except TooLarge as error:
        raise PhotoUnreadable(which, f"图片太大，不能比较（{error}）") from error
    except Damaged as error:
        raise PhotoUnreadable(which, "不是能读取的完整图片") from error
    return picture_of(image)


def picture_of(image: Image.Image) -> Picture:
    """Prepare an upright RGB or L image for comparing."""
    colour = image if image.mode == "RGB" else image.convert("RGB")
    pixels = colour.tobytes()
    if colour.width * colour.height > KEPT_PIXELS:
        pixels = hashlib.sha256(pixels).digest()
    small = shrunk(colour, WORKING)
    return Picture(colour.size, pixels, small, small.convert("L"))


def align(a: Levels, b: Levels, start: Match | None = None) -> Match:
    """The best alignment of two pictures; cheap attempts first, each only where it can still help."""
    best = start or _in_place(a, b)
    for attempt, pointless in _ATTEMPTS:
        if not pointless(best):
            best = max([best, *attempt(a, b)], key=_quality)
    return best


def _quality(match: Match) -> float:
    """Blocks count as much as the whole, which a foreign bar spoils; a turn must be clearly better to be believed."""
    return (match.fit.ncc + match.share) / 2 + float(match.same) - (0.05 if match.turn else 0.0)


def _in_place(a: Levels, b: Levels) -> Match:
    return _match(Fit(WHOLE, correlation(a.fine, b.fine), a.fine, b.fine), swapped=False)


def _match(fit: Fit, *, swapped: bool) -> Match:
    part_a, part_b = (WHOLE, fit.window) if swapped else (fit.window, WHOLE)
    return Match(fit, blocks_of(fit), part_a, part_b)


def _both_ways(a: Levels, b: Levels) -> Iterator[tuple[Levels, Levels, bool]]:
    yield a, b, False
    yield b, a, True


def _climbed(a: Levels, b: Levels) -> Iterator[Match]:
    """Nearly equal framing needs no search."""
    for moving, still, swapped in _both_ways(a, b):
        yield _match(refine(moving.grey, WHOLE, still.fine), swapped=swapped)


def _searched(a: Levels, b: Levels) -> Iterator[Match]:
    for moving, still, swapped in _both_ways(a, b):
        fit = _find(moving, still)
        match = _match(fit, swapped=swapped)
        if fit.ncc >= UNSURE_NCC and not match.same:
            match = replace(match, fit=(inner := _inset(fit, moving, still)), blocks=blocks_of(inner))
        yield match
        if match.same:
            return


def _inset(fit: Fit, moving: Levels, still: Levels) -> Fit:
    """The same alignment a little off the edges, where a border has bled into the picture."""
    inner = within(fit.window, INNER)
    fixed = band(sample(still.grey, INNER, FINE))
    return replace(fit_at(moving.grey, inner, fixed), window=fit.window)


def _find(moving: Levels, still: Levels, *, keep: int = 2) -> Fit:
    """Search all windows coarsely, refine the best of them, and the best of these finely."""
    starts = search(moving.coarse, still.coarse, keep)
    if starts[0][0] < FAINT:
        return fit_at(moving.small, starts[0][1], still.coarse)
    best = max((refine(moving.small, window, still.coarse) for _, window in starts), key=lambda fit: fit.ncc)
    return best if best.ncc < HOPELESS else refine(moving.grey, best.window, still.fine)


def _tilted(a: Levels, b: Levels) -> Iterator[Match]:
    """The same picture turned by a few degrees, as a scan or a photo of a print is."""
    angle = _best_angle(a.small, b.small, TILTS, COARSE)
    if _agreement(a.small, b.small, angle, COARSE) < UNSURE_NCC:
        return
    angle = _best_angle(a.grey, b.grey, (angle - TILT_STEP, angle, angle + TILT_STEP), FINE)
    upright_b = Levels(b.grey.rotate(angle, Image.Resampling.BICUBIC))
    match = _match(_inset(refine(a.grey, WHOLE, upright_b.fine), a, upright_b), swapped=False)
    yield replace(match, turn=f"转动了约 {abs(angle):g}°")


def _best_angle(a: Image.Image, b: Image.Image, angles: tuple[float, ...], size: tuple[int, int]) -> float:
    return max(angles, key=lambda angle: _agreement(a, b, angle, size))


def _agreement(a: Image.Image, b: Image.Image, angle: float, size: tuple[int, int]) -> float:
    """How well a agrees with b turned by some degrees, away from the corners that turning leaves empty."""
    turned = b.rotate(angle, Image.Resampling.BILINEAR)
    return correlation(band(sample(turned, CENTRE, size)), band(sample(a, CENTRE, size)))


def _trimmed(a: Levels, b: Levels) -> Iterator[Match]:
    """A wide uniform border hides the window from the search; take it off first."""
    inner_a, inner_b = _content(a.grey), _content(b.grey)
    if (inner_a, inner_b) == (WHOLE, WHOLE):
        return
    cut_a, cut_b = Levels(_cut(a.grey, inner_a)), Levels(_cut(b.grey, inner_b))
    for match in (_in_place(cut_a, cut_b), *_searched(cut_a, cut_b)):
        if match.fit.ncc < TRIM_BELOW:
            continue
        part_a, part_b = within(inner_a, match.part_a), within(inner_b, match.part_b)
        yield replace(match, part_a=part_a, part_b=part_b)


def _content(picture: Image.Image) -> Window:
    """What is left after taking uniform borders off; the whole where none lie on two opposite sides."""
    width, height = picture.size
    corner = Image.new("L", picture.size, picture.tobytes()[0])
    differs = ImageChops.difference(picture, corner).point(
        [0] * TRIM_TOLERANCE + [255] * (256 - TRIM_TOLERANCE)
    )
    left, top, right, bottom = differs.getbbox() or (0, 0, width, height)
    inner = Window(left / width, top / height, (right - left) / width, (bottom - top) / height)
    across = min(inner.left, 1 - inner.left - inner.width)
    down = min(inner.top, 1 - inner.top - inner.height)
    enough = min(inner.width, inner.height) > SMALLEST_CONTENT
    return inner if enough and max(across, down) > TRIM_LEAST else WHOLE


def _cut(picture: Image.Image, part: Window) -> Image.Image:
    width, height = picture.size
    left, top = round(part.left * width), round(part.top * height)
    return picture.crop((left, top, left + round(part.width * width), top + round(part.height * height)))


def _turned(a: Levels, b: Levels) -> Iterator[Match]:
    for name, turn in TURNS.items():
        match = _match(_find(a, b.turned(turn), keep=1), swapped=False)
        if match.fit.ncc > TURNED_NCC:
            yield replace(match, turn=name)


_Attempt = Callable[[Levels, Levels], Iterator[Match]]
_ATTEMPTS: tuple[tuple[_Attempt, Callable[[Match], bool]], ...] = (
    (_climbed, lambda match: match.same or match.fit.ncc < HOPELESS),
    (_searched, lambda match: match.same or (match.whole and match.share >= SURELY_ALIGNED)),
    (_tilted, lambda match: match.same or match.fit.ncc < FAINT / 2),
    (_trimmed, lambda match: match.same or (match.whole and match.share >= ALTERED_SHARE)),
    (_turned, lambda match: match.fit.ncc >= ALTERED_NCC or match.share >= ALTERED_SHARE),
)
