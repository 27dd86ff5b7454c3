"""Which part of one picture is which part of the other: from equal framing to crops, borders, tilts and turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageChops

from agent.photo.comparison.alignment import (
    COARSE,
    FINE,
    WHOLE,
    Blocks,
    CropWindow,
    Fit,
    Levels,
    band,
    blocks_of,
    correlation,
    fit_at,
    refine,
    sample,
    search,
    within,
)

# The same picture: correlation of the whole, share of blocks that agree, their 10th percentile, and their worst,
# which thumbnails narrower than SHARP pixels cannot keep as high. Platform transforms of 234 pictures stayed above
# 0.97 / 1.0 / 0.88 / 0.94 (thumbnails 0.8); pasted, written or moved things do not.
SAME_NCC, SAME_SHARE, SAME_P10 = 0.95, 0.97, 0.88
SHARP, SAME_WORST_SHARP, SAME_WORST = 200, 0.8, 0.6
BLOCK_AGREES, FEWEST_BLOCKS = 0.8, 12
ALTERED_NCC, ALTERED_SHARE, UNSURE_NCC = 0.80, 0.5, 0.60
TURNED_NCC, MIRRORED_BELOW = 0.75, 0.9
# With so many blocks agreeing in place the framing is equal, whatever was changed elsewhere.
SURELY_ALIGNED = 0.75
# Not worth refining: the right window scored at least 0.6 in the coarse search and 0.97 after coarse refinement.
FAINT, HOPELESS = 0.4, 0.5
# Degrees tried for a slight tilt, and the step to either side of the best.
TILTS, TILT_STEP = (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5), 0.5
# Uniform borders: grey levels that still count as one colour, the least share of a side worth taking off, and the
# least share that must be left.
TRIM_TOLERANCE, TRIM_LEAST, TRIM_LEAVES = 12, 0.02, 0.2
TRIM_BELOW = 0.9
# The part compared where a border may have bled over the edge, and where tilting has emptied the corners.
INNER, CENTRE = CropWindow(0.015, 0.015, 0.97, 0.97), CropWindow(0.08, 0.08, 0.84, 0.84)


class Turn(NamedTuple):
    """How the second picture was turned, in words, and the transposition that undoes it; a tilt has none."""

    words: str
    undo: Image.Transpose | None = None

    @property
    def sideways(self) -> bool:
        """Width and height have changed places."""
        return self.undo in {Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270}


MIRROR = (Turn("左右镜像", Image.Transpose.FLIP_LEFT_RIGHT),)
ROTATIONS = (
    Turn("上下颠倒", Image.Transpose.ROTATE_180),
    Turn("向右转了 90°", Image.Transpose.ROTATE_90),
    Turn("向左转了 90°", Image.Transpose.ROTATE_270),
)


@dataclass(frozen=True, slots=True)
class Alignment:
    """The best alignment found: the part of each picture that shows the same, and how well it agrees.

    `sharp` says that neither is a thumbnail. `turn` is how b was turned; `part_b` is then a part of b turned back.
    """

    fit: Fit
    blocks: Blocks
    part_a: CropWindow
    part_b: CropWindow
    sharp: bool
    turn: Turn | None = None

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
        worst = SAME_WORST_SHARP if self.sharp else SAME_WORST
        return float(np.percentile(said, 10)) >= SAME_P10 and float(said.min()) >= worst


def align(a: Levels, b: Levels, start: Alignment) -> Alignment:
    """The best alignment of two pictures; cheap attempts first, each only where it can still help."""
    best = start
    for attempt, pointless in _ATTEMPTS:
        if not pointless(best):
            best = max([best, *attempt(a, b)], key=_quality)
    return best


def _quality(match: Alignment) -> float:
    """Blocks count as much as the whole, which a foreign bar spoils; a turn must be clearly better to be believed."""
    return (match.fit.ncc + match.share) / 2 + float(match.same) - (0.05 if match.turn else 0.0)


def in_place(a: Levels, b: Levels) -> Alignment:
    """How well the two agree as they are, whole on whole."""
    return _match(Fit(WHOLE, correlation(a.fine, b.fine), a.fine, b.fine), a, b)


def _match(fit: Fit, moving: Levels, still: Levels, *, swapped: bool = False) -> Alignment:
    """Put a fit into terms of a and b; `swapped` if b was the moving one."""
    part_a, part_b = (WHOLE, fit.window) if swapped else (fit.window, WHOLE)
    sharp = min(moving.grey.width, still.grey.width) >= SHARP
    return Alignment(fit, blocks_of(fit), part_a, part_b, sharp)


def _both_ways(a: Levels, b: Levels) -> Iterator[tuple[Levels, Levels, bool]]:
    yield a, b, False
    yield b, a, True


def _climbed(a: Levels, b: Levels) -> Iterator[Alignment]:
    """Nearly equal framing needs no search."""
    for moving, still, swapped in _both_ways(a, b):
        yield _match(refine(moving.grey, WHOLE, still.fine), moving, still, swapped=swapped)


def _searched(a: Levels, b: Levels) -> Iterator[Alignment]:
    for moving, still, swapped in _both_ways(a, b):
        fit = _find(moving, still)
        match = _match(fit, moving, still, swapped=swapped)
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


def _tilted(a: Levels, b: Levels) -> Iterator[Alignment]:
    """The same picture turned by a few degrees, as a scan or a photo of a print is."""
    angle = _best_angle(a.small, b.small, TILTS, COARSE)
    if _agreement(a.small, b.small, angle, COARSE) < UNSURE_NCC:
        return
    angle = _best_angle(a.grey, b.grey, (angle - TILT_STEP, angle, angle + TILT_STEP), FINE)
    upright_b = Levels(b.grey.rotate(angle, Image.Resampling.BICUBIC))
    match = _match(_inset(refine(a.grey, WHOLE, upright_b.fine), a, upright_b), a, upright_b)
    yield replace(match, turn=Turn(f"转动了约 {abs(angle):g}°"))


def _best_angle(a: Image.Image, b: Image.Image, angles: tuple[float, ...], size: tuple[int, int]) -> float:
    return max(angles, key=lambda angle: _agreement(a, b, angle, size))


def _agreement(a: Image.Image, b: Image.Image, angle: float, size: tuple[int, int]) -> float:
    """How well a agrees with b turned by some degrees, away from the corners that turning leaves empty."""
    turned = b.rotate(angle, Image.Resampling.BILINEAR)
    return correlation(band(sample(turned, CENTRE, size)), band(sample(a, CENTRE, size)))


def _trimmed(a: Levels, b: Levels) -> Iterator[Alignment]:
    """A wide uniform border hides the window from the search; take it off first."""
    inner_a, inner_b = _content(a.grey), _content(b.grey)
    if (inner_a, inner_b) == (WHOLE, WHOLE):
        return
    cut_a, cut_b = Levels(_cut(a.grey, inner_a)), Levels(_cut(b.grey, inner_b))
    for match in (in_place(cut_a, cut_b), *_searched(cut_a, cut_b)):
        if match.fit.ncc < TRIM_BELOW:
            continue
        part_a, part_b = within(inner_a, match.part_a), within(inner_b, match.part_b)
        yield replace(match, part_a=part_a, part_b=part_b)


def _content(picture: Image.Image) -> CropWindow:
    """What is left after taking uniform borders off; the whole where none lie on two opposite sides."""
    width, height = picture.size
    corner = Image.new("L", picture.size, picture.tobytes()[0])
    differs = ImageChops.difference(picture, corner).point(
        [0] * TRIM_TOLERANCE + [255] * (256 - TRIM_TOLERANCE)
    )
    left, top, right, bottom = differs.getbbox() or (0, 0, width, height)
    inner = CropWindow(left / width, top / height, (right - left) / width, (bottom - top) / height)
    across = min(inner.left, 1 - inner.left - inner.width)
    down = min(inner.top, 1 - inner.top - inner.height)
    enough = min(inner.width, inner.height) > TRIM_LEAVES
    return inner if enough and max(across, down) > TRIM_LEAST else WHOLE


def _cut(picture: Image.Image, part: CropWindow) -> Image.Image:
    width, height = picture.size
    left, top = round(part.left * width), round(part.top * height)
    return picture.crop((left, top, left + round(part.width * width), top + round(part.height * height)))


def _turned(turns: tuple[Turn, ...], a: Levels, b: Levels) -> Iterator[Alignment]:
    for turn in turns:
        if turn.undo is not None:
            turned = b.turned(turn.undo)
            match = _match(_find(a, turned, keep=1), a, turned)
            if match.fit.ncc > TURNED_NCC:
                yield replace(match, turn=turn)


_Attempt = Callable[[Levels, Levels], Iterator[Alignment]]
_ATTEMPTS: tuple[tuple[_Attempt, Callable[[Alignment], bool]], ...] = (
    (_climbed, lambda match: match.same or match.fit.ncc < HOPELESS),
    (_searched, lambda match: match.same or (match.whole and match.share >= SURELY_ALIGNED)),
    (_tilted, lambda match: match.same or match.fit.ncc < FAINT / 2),
    (_trimmed, lambda match: match.same or (match.whole and match.share >= ALTERED_SHARE)),
    # A face is much like its own mirror image, so that half of the blocks may agree in place.
    (
        partial(_turned, MIRROR),
        lambda match: match.fit.ncc >= MIRRORED_BELOW or match.share >= SURELY_ALIGNED,
    ),
    (partial(_turned, ROTATIONS), lambda match: match.fit.ncc >= ALTERED_NCC or match.share >= ALTERED_SHARE),
)
