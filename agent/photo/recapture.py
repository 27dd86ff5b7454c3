"""A hint that a screen or a halftone print was photographed: the regular grid shows as a peak in the spectrum.

A print on photo paper has no such grid and is rarely found; a normal photo hardly ever has one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SIDE, _SMALLEST = 512, 200
_NEIGHBOURHOOD = 15
# Cycles per pixel: slower is the picture itself, and the two axes carry edges and JPEG's 8x8 blocks.
_SLOWEST, _AXIS, _BLOCK = 0.12, 0.02, 0.006


def grid_peak(picture: Image.Image) -> float:
    """The strongest off-axis peak of the middle of the picture, over the mean of its surroundings.

    Returns:
        The ratio; 0 for pictures too small to tell.
    """
    side = min(_SIDE, *picture.size)
    if side < _SMALLEST:
        return 0.0
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    grey = np.asarray(picture.crop((left, top, left + side, top + side)).convert("L"), np.float32)
    window = np.hanning(side).astype(np.float32)
    spectrum = np.abs(np.fft.rfft2((grey - grey.mean()) * window[:, None] * window))
    ratio = spectrum / np.maximum(_local_mean(spectrum), 1e-3 * side)
    return float(ratio[_searched(side)].max())


def _local_mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean of a square neighbourhood, the frequency plane continued by its edge values."""
    reach = _NEIGHBOURHOOD // 2
    table = np.pad(values, reach + 1, mode="edge").astype(np.float64).cumsum(0).cumsum(1)[:-1, :-1]
    size = _NEIGHBOURHOOD
    sums = table[size:, size:] - table[:-size, size:] - table[size:, :-size] + table[:-size, :-size]
    return np.asarray(sums / size**2, np.float32)


def _searched(side: int) -> NDArray[np.bool_]:
    down, across = np.abs(np.fft.fftfreq(side))[:, None], np.fft.rfftfreq(side)[None, :]
    off_axis = (down > _AXIS) & (across > _AXIS)
    return np.asarray(
        off_axis & (np.hypot(down, across) > _SLOWEST) & ~(_on_blocks(down) & _on_blocks(across))
    )


def _on_blocks(frequency: NDArray[np.floating[Any]]) -> NDArray[np.bool_]:
    return np.asarray(np.abs(frequency * 8 - np.round(frequency * 8)) < _BLOCK * 8)
