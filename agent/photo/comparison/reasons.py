"""Why the verdict is what it is, in phrases a person understands, and what correlation cannot see: colour."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from agent.photo.comparison.alignment import WHOLE, CropWindow
from agent.photo.comparison.framing import Alignment, Turn
from agent.photo.comparison.prepared_image import PreparedImage
from agent.photo.model import Comparison, PhotoVerdict

CELLS = (12, 16)
CROP_LEAST = 0.007
EVEN_CROP = 0.015
STRETCH_LEAST = 0.02
GAIN_RANGE, OFFSET_LEAST = (0.92, 1.08), 10
GREY_BELOW, COLOURLESS, COLOURED_ABOVE = 0.15, 1.5, 4.0
CHROMA_CHANGED, LIGHT_CHANGED, CELLS_CHANGED = 20, 34, 0.08
BAD_BLOCK = 0.6
SPREAD_SHARE, LOCAL_SHARE = 0.45, 0.35
# With less agreement than this it cannot be told what was done to the picture, if it is the same one at all.
VAGUE_SHARE, VAGUE_NCC = 0.5, 0.9
FLAT_BORDER, BORDER_STEP, BORDER_REACH = 8.0, 10.0, 0.02

_NOTHING_ELSE = {PhotoVerdict.same_picture: "重新压缩过", PhotoVerdict.altered: "细节有改动，位置分散"}

Cells = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Colours:
    """How light and colour of the second picture differ from the first's, over CELLS of the common part.

    `gain` and `offset` map the lightness; `saturation` is the ratio of colourfulness; `light` and `chroma` are
    the shares of cells that differ although the whole change is accounted for.
    """

    gain: float
    offset: float
    saturation: float
    light: float
    chroma: float

    @property
    def changed_in_places(self) -> bool:
        """Something was recoloured or relit, rather than the whole picture."""
        return self.light >= CELLS_CHANGED or self.chroma >= CELLS_CHANGED


def explain(a: PreparedImage, b: PreparedImage, match: Alignment, comparison: Comparison) -> Comparison:
    """Add the reasons; a picture whose colours were changed in places is no longer the same but altered."""
    if comparison.verdict is PhotoVerdict.different_picture:
        return comparison
    if comparison.verdict is PhotoVerdict.unsure or (match.share < VAGUE_SHARE and match.fit.ncc < VAGUE_NCC):
        return replace(comparison, reasons=("大体相像，但许多细节对不上",))
    colours = _colours(a, b, match)
    reasons = [*_framing(a, b, match), *_tone(colours)]
    if comparison.verdict is PhotoVerdict.same_picture and colours.changed_in_places:
        distance = round(max(1 - match.fit.ncc, 0.0), 4)
        comparison = Comparison(PhotoVerdict.altered, "aligned-correlation", distance)
    if comparison.verdict is PhotoVerdict.altered:
        reasons += _changes(match, colours)
    return replace(comparison, reasons=tuple(reasons or [_NOTHING_ELSE[comparison.verdict]]))


def _framing(a: PreparedImage, b: PreparedImage, match: Alignment) -> list[str]:
    reasons = [match.turn.words] if match.turn else []
    cut = _sides(match.part_a)
    added = _sides(match.part_b)
    if cut:
        reasons.append(f"裁剪了约 {cut}")
    if added:
        reasons.append(
            f"四周加了边（约 {added}）" if _bordered(b, match.part_b) else f"第一张裁剪了约 {added}"
        )
    if a.size != b.size and _rescaled(a, b, match):
        reasons.append(f"尺寸从 {a.size[0]}×{a.size[1]} 变为 {b.size[0]}×{b.size[1]}")
    if abs(_stretch(a, b, match) - 1) > STRETCH_LEAST:
        reasons.append("宽高比例变了")
    return reasons


def _sides(part: CropWindow) -> str:
    """How much is missing on each side, as "4%" or "8%（上边）"; empty where nothing is."""
    right, bottom = 1 - part.left - part.width, 1 - part.top - part.height
    lost = {"左边": part.left, "右边": right, "上边": part.top, "下边": bottom}
    named = {side: share for side, share in lost.items() if share > CROP_LEAST}
    if not named:
        return ""
    if len(named) == 4 and max(named.values()) - min(named.values()) < EVEN_CROP:
        return f"{sum(named.values()) / 4:.0%}"
    return f"{max(named.values()):.0%}（{'、'.join(named)}）"


def _stretch(a: PreparedImage, b: PreparedImage, match: Alignment) -> float:
    """The factor by which the common part got wider in relation to its height."""
    width, height = b.size[::-1] if match.turn and match.turn.sideways else b.size
    shape_a = match.part_a.width * a.size[0] / (match.part_a.height * a.size[1])
    return match.part_b.width * width / (match.part_b.height * height) / shape_a


def _rescaled(a: PreparedImage, b: PreparedImage, match: Alignment) -> bool:
    """Whether the common part itself has another size, and not only the picture around it."""
    if match.part_a == WHOLE == match.part_b:
        return True
    scales = [
        (match.part_b.width * b.size[0]) / (match.part_a.width * a.size[0]),
        (match.part_b.height * b.size[1]) / (match.part_a.height * a.size[1]),
    ]
    return any(abs(scale - 1) > STRETCH_LEAST for scale in scales)


def _bordered(picture: PreparedImage, part: CropWindow) -> bool:
    """Whether what lies outside the part is one colour that does not simply go on inside."""
    grey = np.asarray(picture.grey, np.float32)
    outside, inside = ~_mask(grey.shape, part, BORDER_REACH / 2), _mask(grey.shape, part, -BORDER_REACH)
    rim = ~inside & ~outside
    if not outside.any() or not rim.any() or float(grey[outside].std()) >= FLAT_BORDER:
        return False
    return float(np.abs(grey[rim] - grey[outside].mean()).mean()) > BORDER_STEP


def _mask(shape: tuple[int, ...], part: CropWindow, more: float) -> NDArray[np.bool_]:
    """True inside the part, widened by a share of the picture on the sides where something lies outside."""
    rows, columns = shape[:2]
    inside = np.zeros((rows, columns), np.bool_)
    down = _widened(part.top, part.top + part.height, more, rows)
    across = _widened(part.left, part.left + part.width, more, columns)
    inside[down, across] = True
    return inside


def _widened(start: float, end: float, more: float, length: int) -> slice:
    first = start - more if start > CROP_LEAST else 0.0
    last = end + more if end < 1 - CROP_LEAST else 1.0
    return slice(max(round(first * length), 0), max(round(last * length), 0))


def _colours(a: PreparedImage, b: PreparedImage, match: Alignment) -> Colours:
    first, second = _cells(a.colour, match.part_a), _cells(_turned(b.colour, match.turn), match.part_b)
    light_a, light_b = first[..., 0].ravel(), second[..., 0].ravel()
    gain, offset = _line(light_a, light_b)
    relit = np.abs(light_b - gain * light_a - offset) > LIGHT_CHANGED
    saturation, strange = _chroma(first[..., 1:] - 128, second[..., 1:] - 128)
    return Colours(gain, offset, saturation, float(relit.mean()), strange)


def _chroma(a: Cells, b: Cells) -> tuple[float, float]:
    """The ratio of colourfulness, and the share of cells whose colour it does not explain.

    Black-and-white on either side explains everything: the ratio is then 0, or infinite.
    """
    strength_a, strength_b = float(np.abs(a).mean()), float(np.abs(b).mean())
    if min(strength_a, strength_b) < max(COLOURLESS, GREY_BELOW * max(strength_a, strength_b)):
        plain = max(strength_a, strength_b) < COLOURED_ABOVE
        return (1.0 if plain else math.inf if strength_a < strength_b else 0.0), 0.0
    ratio = strength_b / strength_a
    rest = b - a * ratio
    shift = np.median(rest, axis=(0, 1))
    return ratio, float((np.abs(rest - shift).max(2) > CHROMA_CHANGED).mean())


def _cells(picture: Image.Image, part: CropWindow) -> Cells:
    width, height = picture.size
    box = (
        part.left * width,
        part.top * height,
        min((part.left + part.width) * width, width),
        min((part.top + part.height) * height, height),
    )
    return np.asarray(picture.resize(CELLS, Image.Resampling.BOX, box=box).convert("YCbCr"), np.float32)


def _turned(picture: Image.Image, turn: Turn | None) -> Image.Image:
    return picture if turn is None or turn.undo is None else picture.transpose(turn.undo)


def _line(x: Cells, y: Cells) -> tuple[float, float]:
    """y as gain * x + offset, by least squares, then again without the cells that fit worst."""
    gain, offset = _least_squares(x, y)
    error = np.abs(y - gain * x - offset)
    kept = error <= np.quantile(error, 0.8)
    return _least_squares(x[kept], y[kept])


def _least_squares(x: Cells, y: Cells) -> tuple[float, float]:
    spread = float(x.var())
    gain = float(((x - x.mean()) * (y - y.mean())).mean()) / spread if spread > 1 else 1.0
    return gain, float(y.mean() - gain * x.mean())


def _tone(colours: Colours) -> list[str]:
    reasons = []
    middle = colours.gain * 128 + colours.offset - 128
    if not GAIN_RANGE[0] <= colours.gain <= GAIN_RANGE[1] or abs(middle) > OFFSET_LEAST:
        darker = "整体变暗了" if middle < -OFFSET_LEAST else "对比度变了"
        reasons.append("整体变亮了" if middle > OFFSET_LEAST else darker)
    if colours.saturation in {0.0, math.inf}:
        reasons.append("第一张是黑白的" if colours.saturation else "变成了黑白")
    return reasons


def _changes(match: Alignment, colours: Colours) -> list[str]:
    places = [] if match.turn else _where(match)
    if colours.changed_in_places and not any("部" in place for place in places):
        return ["局部颜色或明暗被改动（例如换了背景）"]
    return places


def _where(match: Alignment) -> list[str]:
    """Say where the blocks disagree: everywhere (a watermark), at the foot (a bar), or in one place."""
    bad = match.blocks.textured & (match.blocks.scores < BAD_BLOCK)
    if not bad.any():
        return []
    rows, columns = np.nonzero(bad)
    height, width = bad.shape
    if rows.min() >= height * 0.75 and np.ptp(columns) >= width / 2:
        return ["下部被改动（可能加了横条或文字）"]
    area = (np.ptp(rows) + 1) * (np.ptp(columns) + 1) / bad.size
    if area <= LOCAL_SHARE:
        return [f"局部被改动（{_place(float(rows.mean()) / height, float(columns.mean()) / width)}）"]
    return ["整幅有叠加的图案或文字（可能加了水印）"] if area >= SPREAD_SHARE else ["多处被改动"]


def _place(down: float, across: float) -> str:
    vertical = "上部" if down < 1 / 3 else "下部" if down > 2 / 3 else "中部"
    return vertical + ("偏左" if across < 1 / 3 else "偏右" if across > 2 / 3 else "")
