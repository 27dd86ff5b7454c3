"""Find the part of one picture that shows the same as the other, and how well the two then agree.

A platform re-encodes, resizes, squeezes and crops. All of that is a window (left, top, width, height) of the
one picture shown on the whole of the other, so four numbers are looked for. Both pictures are band-passed, so
that light and tone do not count; every window of a grid of sizes is tried at once by normalised
cross-correlation in the frequency domain, and the best is refined to a fraction of a pixel by Gauss-Newton
steps on the correlation itself. Arrays are (row, column), windows and sizes (x, y).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Array = NDArray[np.float32]
Doubles = NDArray[np.float64]
Indices = NDArray[np.intp]

FINE = (120, 160)
COARSE = (36, 48)
# Window sizes tried, as shares of the whole; steps small enough for the refinement to climb from any of them.
SCALES = (1.0, 0.957, 0.914, 0.871, 0.828, 0.785, 0.742)
# Band kept, in pixels of the FINE grid: below is codec noise, above is shading.
FINE_SIGMA, SLOW_SIGMA = 0.8, 6.0
MAX_STEPS = 24
# A step this small, in shares of the picture, is a fifth of a pixel of the FINE grid.
SETTLED = 0.0015
SMALLEST = 0.5
BLOCK = 8
# A block says something when its spread is above this share of the picture's mean spread and above this many
# grey levels; flat background under JPEG noise correlates with nothing.
TEXTURE_SHARE, TEXTURE_FLOOR = 0.35, 2.0


class CropWindow(NamedTuple):
    """A part of a picture, in shares of its width and height."""

    left: float
    top: float
    width: float
    height: float


WHOLE = CropWindow(0.0, 0.0, 1.0, 1.0)


def within(outer: CropWindow, inner: CropWindow) -> CropWindow:
    """A part of a part, in shares of the whole picture."""
    return CropWindow(
        outer.left + inner.left * outer.width,
        outer.top + inner.top * outer.height,
        inner.width * outer.width,
        inner.height * outer.height,
    )


@dataclass(frozen=True, slots=True)
class Fit:
    """Where `window` of the moving picture lies on the whole fixed one, and how well they agree there.

    `ncc` is their normalised correlation, `moving` and `fixed` the band-passed grids it was taken from.
    """

    window: CropWindow
    ncc: float
    moving: Array
    fixed: Array


@dataclass(frozen=True, slots=True)
class Blocks:
    """Agreement block by block: `scores` are correlations, `textured` marks the blocks that say anything."""

    scores: Array
    textured: NDArray[np.bool_]

    @property
    def said(self) -> Array:
        """The scores of the textured blocks."""
        return self.scores[self.textured]


@lru_cache(maxsize=64)
def _gauss(size: int, sigma: float) -> Array:
    """A Gaussian along one axis as a matrix whose rows sum to 1, so that edges are not darkened."""
    at = np.arange(size, dtype=np.float32)
    weights = np.exp(-((at[:, None] - at[None, :]) ** 2) / (2 * sigma**2))
    weights[weights < 1e-6] = 0  # denormal numbers would make the products ten times slower
    return np.asarray(weights / weights.sum(1, keepdims=True), np.float32)


def band(grid: Array) -> Array:
    """Keep what lies between pixel noise and slow shading."""
    height, width = grid.shape
    unit = height / FINE[1]
    fine, slow = FINE_SIGMA * math.sqrt(unit), SLOW_SIGMA * unit
    kept = _gauss(height, fine) @ grid @ _gauss(width, fine).T
    return np.asarray(kept - _gauss(height, slow) @ grid @ _gauss(width, slow).T, np.float32)


def sample(picture: Image.Image, window: CropWindow, size: tuple[int, int]) -> Array:
    """The window's content averaged onto a grid of `size` (width, height)."""
    width, height = picture.size
    left, top = max(0.0, window.left * width), max(0.0, window.top * height)
    right = min(float(width), (window.left + window.width) * width)
    bottom = min(float(height), (window.top + window.height) * height)
    x, y = int(left), int(top)
    # Cut first: Pillow's filter would reach over the edge of the box, into a border or a bar.
    part = picture if window == WHOLE else picture.crop((x, y, math.ceil(right), math.ceil(bottom)))
    box = (left - x, top - y, right - x, bottom - y)
    return np.asarray(part.resize(size, Image.Resampling.BILINEAR, box=box), np.float32)


@dataclass(frozen=True)
class Levels:
    """A grey picture at the sizes it is looked at in, each made when first asked for."""

    grey: Image.Image

    @cached_property
    def small(self) -> Image.Image:
        """Just large enough to sample COARSE grids from any window."""
        return shrunk(self.grey, (2 * COARSE[0], 2 * COARSE[1]))

    @cached_property
    def fine(self) -> Array:
        """The whole picture band-passed on the FINE grid."""
        return band(sample(self.grey, WHOLE, FINE))

    @cached_property
    def coarse(self) -> Array:
        """The whole picture band-passed on the COARSE grid."""
        return band(sample(self.small, WHOLE, COARSE))

    def turned(self, turn: Image.Transpose) -> Levels:
        """The picture mirrored or rotated."""
        return Levels(self.grey.transpose(turn))


def shrunk(picture: Image.Image, least: tuple[int, int]) -> Image.Image:
    """The picture reduced by the largest whole factor that leaves at least this (width, height)."""
    factor = min(picture.width // least[0], picture.height // least[1])
    return picture.reduce(factor) if factor > 1 else picture


def correlation(a: Array, b: Array) -> float:
    """Pearson's correlation of two grids; 0 where one is flat."""
    a0, b0 = a - a.mean(), b - b.mean()
    norm = math.sqrt(float((a0 * a0).sum()) * float((b0 * b0).sum()))
    return float((a0 * b0).sum()) / norm if norm > 1e-6 else 0.0


def fit_at(moving: Image.Image, window: CropWindow, fixed: Array) -> Fit:
    """Agreement of one window, as it is, with a band-passed grid."""
    grid = band(sample(moving, window, (fixed.shape[1], fixed.shape[0])))
    return Fit(window, correlation(grid, fixed), grid, fixed)


def refine(moving: Image.Image, start: CropWindow, fixed: Array) -> Fit:
    """Climb from a window near the right one to the best one."""
    best = fit_at(moving, start, fixed)
    for _ in range(MAX_STEPS):
        step = _newton(best)
        large = float(np.abs(step).max()) >= SETTLED
        better = fit_at(moving, _moved(best.window, step), fixed)
        if large and better.ncc <= best.ncc:
            better = fit_at(moving, _moved(best.window, step / 2), fixed)
        if better.ncc > best.ncc:
            best = better
        if not large or better is not best:
            break
    return best


def _newton(fit: Fit) -> Doubles:
    """The change of (left, top, width, height) that would explain what is left of the difference."""
    rows, columns = fit.moving.shape
    slope_y, slope_x = np.gradient(fit.moving)
    by_x, by_y = slope_x * (columns / fit.window.width), slope_y * (rows / fit.window.height)
    across = (np.arange(columns, dtype=np.float32) + 0.5) / columns
    down = ((np.arange(rows, dtype=np.float32) + 0.5) / rows)[:, None]
    basis = np.stack([fit.moving, by_x, by_y, by_x * across, by_y * down, np.ones_like(by_x)]).reshape(6, -1)
    normal = (basis @ basis.T).astype(np.float64)
    weights = np.linalg.lstsq(normal, (basis @ fit.fixed.ravel()).astype(np.float64), rcond=None)[0]
    gain = math.copysign(max(abs(float(weights[0])), 1e-3), float(weights[0]))
    return np.asarray(np.clip(weights[1:5] / gain, -0.06, 0.06), np.float64)


def _moved(window: CropWindow, move: Doubles) -> CropWindow:
    """The moved window, kept within the picture and above half its size."""
    left, top, width, height = (float(a + b) for a, b in zip(window, move, strict=True))
    left, top = min(max(left, 0.0), 1 - SMALLEST), min(max(top, 0.0), 1 - SMALLEST)
    return CropWindow(left, top, min(max(width, SMALLEST), 1 - left), min(max(height, SMALLEST), 1 - top))


@dataclass(frozen=True, slots=True)
class _Plan:
    """Everything about the coarse search that does not depend on the pictures.

    `down` and `across` shrink a template to every height and every width at once; `spans` cut one size out of
    the result, and `rows` and `columns` are where the sizes begin. For each window, `size` is the number of its
    template, `surface` its place in the stack of correlation surfaces, `corners` its four corners in an integral
    image and `areas` its number of samples.
    """

    down: Array
    across: Array
    spans: tuple[tuple[slice, slice], ...]
    rows: Indices
    columns: Indices
    size: Indices
    surface: Indices
    corners: tuple[Indices, Indices, Indices, Indices]
    areas: Doubles
    windows: Doubles


@lru_cache(maxsize=1)
def _plan() -> _Plan:
    columns, rows = COARSE
    heights, widths = ([round(side * scale) for scale in SCALES] for side in (rows, columns))
    sizes = np.array([(h, w) for h in heights for w in widths])
    places = [
        (k, y, x)
        for k, (h, w) in enumerate(sizes)
        for y in range(rows - h + 1)
        for x in range(columns - w + 1)
    ]
    k, y, x = np.array(places).T
    h, w = sizes[k].T
    stride = columns + 1
    return _Plan(
        down=np.concatenate([_shrinking(rows, n) for n in heights]),
        across=np.concatenate([_shrinking(columns, n) for n in widths]),
        spans=tuple((down, across) for down in _cuts(heights) for across in _cuts(widths)),
        rows=np.cumsum([0, *heights[:-1]]),
        columns=np.cumsum([0, *widths[:-1]]),
        size=k,
        surface=(k * rows + y) * columns + x,
        corners=((y + h) * stride + x + w, y * stride + x + w, (y + h) * stride + x, y * stride + x),
        areas=(h * w).astype(np.float64),
        windows=np.stack([x / columns, y / rows, w / columns, h / rows], axis=1),
    )


def _cuts(lengths: list[int]) -> list[slice]:
    ends = np.cumsum(lengths)
    return [slice(int(end) - length, int(end)) for end, length in zip(ends, lengths, strict=True)]


def _shrinking(size: int, smaller: int) -> Array:
    """Averaging from `size` samples down to `smaller`, as a matrix."""
    identity = Image.fromarray(np.eye(size, dtype=np.float32))
    return np.asarray(identity.resize((size, smaller), Image.Resampling.BILINEAR), np.float32)


def search(within: Array, template: Array, keep: int = 2) -> list[tuple[float, CropWindow]]:
    """Try every window of `within` (sizes `SCALES`, every position) against the whole of `template`.

    Both are band-passed COARSE grids. Returns the `keep` best that are not neighbours, with their normalised
    correlation, best first.
    """
    plan = _plan()
    shrunken = np.asarray(plan.down @ template @ plan.across.T, np.float32)
    stack = np.zeros((len(plan.spans), *template.shape), np.float32)
    for layer, span in zip(stack, plan.spans, strict=True):
        part = shrunken[span]
        layer[: part.shape[0], : part.shape[1]] = part
    spectrum = np.fft.rfft2(within) * np.conj(np.fft.rfft2(stack))
    products = np.asarray(np.fft.irfft2(spectrum, s=within.shape), np.float32).ravel()[plan.surface]
    return _peaks(_normalised(products, within, shrunken, plan), plan.windows, keep)


def _normalised(products: Array, within: Array, shrunken: Array, plan: _Plan) -> Doubles:
    """Pearson's correlation of every window with its template, from their plain products."""
    sums, squares = _window_sums(within, plan), _window_sums(within * within, plan)
    template_sums, template_squares = (
        np.add.reduceat(np.add.reduceat(values, plan.rows, 0), plan.columns, 1).ravel()[plan.size]
        for values in (shrunken, shrunken * shrunken)
    )
    spread = (squares - sums**2 / plan.areas) * (template_squares - template_sums**2 / plan.areas)
    return np.asarray((products - sums * template_sums / plan.areas) / np.sqrt(np.maximum(spread, 1e-3)))


def _window_sums(values: Array, plan: _Plan) -> Doubles:
    table = np.zeros((values.shape[0] + 1, values.shape[1] + 1))
    table[1:, 1:] = values.cumsum(0, dtype=np.float64).cumsum(1)
    flat = table.ravel()
    low_right, high_right, low_left, high_left = (flat[corner] for corner in plan.corners)
    return np.asarray(low_right - high_right - low_left + high_left)


def _peaks(scores: Doubles, windows: Doubles, keep: int) -> list[tuple[float, CropWindow]]:
    peaks: list[tuple[float, CropWindow]] = []
    left = scores.copy()
    for _ in range(keep):
        best = int(left.argmax())
        peaks.append((float(scores[best]), CropWindow(*(float(share) for share in windows[best]))))
        left[np.abs(windows - windows[best]).max(1) < 0.07] = -1
    return peaks


def blocks_of(fit: Fit) -> Blocks:
    """Compare the two grids block by block, so that a change in one place is not averaged away."""
    a, b = _blocks(fit.moving), _blocks(fit.fixed)
    spread_a, spread_b = np.sqrt((a * a).mean(2)), np.sqrt((b * b).mean(2))
    scores = (a * b).mean(2) / np.maximum(spread_a * spread_b, 1e-6)
    typical = float(spread_b.mean())
    gain = typical / max(float(spread_a.mean()), 1e-6)
    textured = np.maximum(spread_a * gain, spread_b) > max(TEXTURE_SHARE * typical, TEXTURE_FLOOR)
    return Blocks(np.asarray(scores, np.float32), np.asarray(textured, np.bool_))


def _blocks(grid: Array) -> Array:
    rows, columns = grid.shape[0] // BLOCK, grid.shape[1] // BLOCK
    tiles = grid[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK).swapaxes(1, 2)
    blocks = tiles.reshape(rows, columns, BLOCK * BLOCK)
    return np.asarray(blocks - blocks.mean(2, keepdims=True), np.float32)
