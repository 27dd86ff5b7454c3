"""Drawn portraits for the photo tests: nobody's face, asymmetric and textured, the same for a seed everywhere.

They have what the comparison looks at (outlines, features, hair and cloth texture, sensor noise) and nothing
that would make a face comparison meaningful.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 480, 640
BACKGROUNDS = ((100, 197, 255), (255, 255, 255), (240, 240, 240), (67, 142, 219), (214, 233, 248))
Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]


class _Person:
    """What stays the same from shot to shot."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng([seed, 7])
        self.rng = rng
        tone = rng.uniform(0.55, 1.0)
        self.skin: Colour = (int(238 * tone + 8), int(205 * tone), int(175 * tone))
        shade = int(rng.integers(10, 75))
        self.hair: Colour = (shade + 12, shade + 4, shade)
        self.face = (rng.uniform(86, 132), rng.uniform(115, 165))
        self.centre = (240 + rng.uniform(-14, 14), rng.uniform(255, 300))
        self.eye_gap, self.eye_size = rng.uniform(36, 58), rng.uniform(10, 19)
        self.eye_drop, self.eye_slant = rng.uniform(-34, -4), rng.uniform(-9, 9)
        self.brow = (rng.uniform(14, 30), rng.uniform(4, 12), rng.uniform(-8, 8))
        self.nose = (rng.uniform(8, 24), rng.uniform(30, 62))
        self.mouth = (rng.uniform(22, 48), rng.uniform(5, 17), rng.uniform(60, 90))
        self.parting = rng.uniform(-0.8, 0.8)
        self.fringe, self.volume = rng.uniform(0.15, 0.62), rng.uniform(8, 46)
        self.long_hair = bool(rng.random() < 0.45)
        self.glasses = bool(rng.random() < 0.3)
        self.moles = [(rng.uniform(-0.7, 0.7), rng.uniform(-0.5, 0.8), rng.uniform(2, 6)) for _ in range(3)]


class _Shot:
    """What changes when the photographer presses again: pose, clothes, light."""

    def __init__(self, seed: int, shot: int, background: Colour | None) -> None:
        rng = np.random.default_rng([seed, shot, 11])
        self.rng = rng
        self.shift = (rng.uniform(-9, 9), rng.uniform(-12, 12))
        self.zoom = rng.uniform(0.94, 1.06)
        self.tilt = rng.uniform(-2.5, 2.5)
        self.smile = rng.uniform(-6, 10)
        self.background = background or BACKGROUNDS[int(rng.integers(len(BACKGROUNDS)))]
        red, green, blue = rng.integers(15, 220, 3)
        self.cloth: Colour = (int(red), int(green), int(blue))
        self.collar, self.stripes = rng.uniform(25, 95), int(rng.integers(0, 9))
        self.slope = rng.uniform(30, 110)
        self.light = rng.uniform(-0.28, 0.28)


@lru_cache(maxsize=512)
def portrait(seed: int, shot: int = 0, *, background: Colour | None = None) -> Image.Image:
    """Draw person `seed` as photographed in `shot`: 480x640 RGB. The picture is cached: copy before drawing on it."""
    person, taken = _Person(seed), _Shot(seed, shot, background)
    image = Image.new("RGB", (WIDTH, HEIGHT), taken.background)
    draw = ImageDraw.Draw(image)
    _clothes(draw, person, taken)
    _head(draw, person, taken)
    _features(draw, person, taken)
    _fringe(draw, person, taken)
    soft = image.filter(ImageFilter.GaussianBlur(1.1))
    posed = soft.rotate(taken.tilt, Image.Resampling.BICUBIC, fillcolor=taken.background)
    framed = posed.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC, box=(18, 24, 462, 616))
    return _lit(framed, taken)


def _place(person: _Person, taken: _Shot) -> tuple[float, float, float, float]:
    (x, y), (w, h) = person.centre, person.face
    return x + taken.shift[0], y + taken.shift[1], w * taken.zoom, h * taken.zoom


def _around(x: float, y: float, rx: float, ry: float) -> Box:
    return (x - rx, y - ry, x + rx, y + ry)


def _clothes(draw: ImageDraw.ImageDraw, person: _Person, taken: _Shot) -> None:
    x, y, w, h = _place(person, taken)
    top = y + h + 38
    draw.polygon(
        [
            (x - w * 0.5, top - 30),
            (0, top + taken.slope),
            (0, 640),
            (480, 640),
            (480, top + taken.slope * 0.8),
            (x + w * 0.5, top - 30),
        ],
        fill=taken.cloth,
    )
    dark = _darker(taken.cloth, 0.5)
    for stripe in range(taken.stripes):
        left = stripe * 480 / taken.stripes + 17
        draw.line([(left, top + 30), (left + taken.collar - 40, 640)], fill=dark, width=7)
    draw.polygon([(x - 52, top - 30), (x + 52, top - 30), (x + 6, top + taken.collar)], fill=(236, 236, 240))
    draw.line([(x + 6, top + taken.collar), (x - 8, 640)], fill=dark, width=5)


def _darker(colour: Colour, share: float) -> Colour:
    red, green, blue = colour
    return int(red * share), int(green * share), int(blue * share)


def _head(draw: ImageDraw.ImageDraw, person: _Person, taken: _Shot) -> None:
    x, y, w, h = _place(person, taken)
    volume = person.volume
    draw.ellipse(_around(x + person.parting * 12, y - 26, w + volume, h + volume * 0.7), fill=person.hair)
    if person.long_hair:
        draw.rectangle((x - w - volume * 0.8, y, x + w + volume * 0.6, y + h + 75), fill=person.hair)
    shadow = _darker(person.skin, 0.78)
    draw.rectangle((x - 44, y + h * 0.6, x + 46, y + h + 42), fill=shadow)
    draw.ellipse(_around(x - w, y + 4, 15, 30), fill=shadow)
    draw.ellipse(_around(x + w, y + 8, 14, 28), fill=shadow)
    draw.ellipse(_around(x, y, w, h), fill=person.skin)


def _features(draw: ImageDraw.ImageDraw, person: _Person, taken: _Shot) -> None:
    x, y, w, h = _place(person, taken)
    for side in (-1, 1):
        _eye(
            draw, person, x + side * person.eye_gap, y + person.eye_drop + side * person.eye_slant * 0.4, side
        )
    nose_w, nose_h = person.nose
    shadow = _darker(person.skin, 0.72)
    draw.line(
        [(x - 3, y - 10), (x - nose_w * 0.7, y + nose_h - 8), (x + nose_w, y + nose_h)], fill=shadow, width=5
    )
    mouth_w, mouth_h, drop = person.mouth
    draw.ellipse(_around(x + 3, y + drop, mouth_w, mouth_h), fill=(165, 70, 72))
    draw.line(
        [
            (x - mouth_w, y + drop - taken.smile),
            (x + 3, y + drop),
            (x + mouth_w, y + drop - taken.smile * 0.6),
        ],
        fill=(96, 38, 42),
        width=3,
    )
    for dx, dy, radius in person.moles:
        draw.ellipse(_around(x + dx * w, y + dy * h, radius, radius), fill=(92, 60, 48))


def _eye(draw: ImageDraw.ImageDraw, person: _Person, x: float, y: float, side: int) -> None:
    size = person.eye_size
    draw.ellipse(_around(x, y, size * 1.5, size * 0.7), fill=(246, 246, 244))
    draw.ellipse(_around(x + 2, y, size * 0.62, size * 0.62), fill=(38, 24, 20))
    length, weight, slant = person.brow
    draw.line(
        [(x - length, y - size - 12 + side * slant), (x + length, y - size - 12 - side * slant)],
        fill=person.hair,
        width=int(weight),
    )
    if person.glasses:
        draw.ellipse(_around(x, y, size * 2.1, size * 1.7), outline=(22, 22, 26), width=4)


def _fringe(draw: ImageDraw.ImageDraw, person: _Person, taken: _Shot) -> None:
    x, y, w, h = _place(person, taken)
    brow = y - h + h * person.fringe
    part = x + person.parting * w * 0.7
    draw.polygon(
        [(x - w * 1.04, y - h * 0.1), (x - w * 0.9, y - h * 0.8), (part, y - h * 1.05), (part - 6, brow)],
        fill=person.hair,
    )
    draw.polygon(
        [
            (x + w * 1.04, y - h * 0.2),
            (x + w * 0.9, y - h * 0.8),
            (part, y - h * 1.05),
            (part + 10, brow - 14),
        ],
        fill=person.hair,
    )


def _lit(image: Image.Image, taken: _Shot) -> Image.Image:
    """Side light, hair and cloth grain, and sensor noise; the background stays nearly flat as in a studio."""
    pixels = np.asarray(image, np.float32)
    rng = taken.rng
    flat = np.abs(pixels - np.asarray(taken.background, np.float32)).sum(2, keepdims=True) < 12
    ramp = 1 + taken.light * np.linspace(-1, 1, WIDTH, dtype=np.float32)[None, :, None]
    grain = sum(_noise(rng, cell) * weight for cell, weight in ((40, 9.0), (12, 8.0), (4, 6.0)))
    subject = pixels * ramp + np.asarray(grain, np.float32)[:, :, None]
    lit = np.where(flat, pixels, subject) + rng.normal(0, 1.6, (HEIGHT, WIDTH, 3)).astype(np.float32)
    return Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))


def _noise(rng: np.random.Generator, cell: int) -> NDArray[np.float32]:
    coarse = rng.normal(0, 1, (HEIGHT // cell + 2, WIDTH // cell + 2)).astype(np.float32)
    return np.asarray(Image.fromarray(coarse).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC), np.float32)


def encode(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """Encode as a file; JPEG at quality 90 unless told otherwise."""
    buffer = io.BytesIO()
    defaults = {"quality": 90} if kind in {"JPEG", "WEBP", "MPO"} else {}
    image.save(buffer, kind, **{**defaults, **options})
    return buffer.getvalue()


def decode(data: bytes) -> Image.Image:
    """Decode to RGB as a browser would show it, EXIF orientation apart."""
    return Image.open(io.BytesIO(data)).convert("RGB")


def silhouette(size: tuple[int, int] = (120, 160)) -> Image.Image:
    """The grey figure a site shows where there is no photo."""
    image = Image.new("RGB", (480, 640), (238, 238, 238))
    draw = ImageDraw.Draw(image)
    draw.ellipse((150, 120, 330, 330), fill=(200, 200, 200))
    draw.ellipse((60, 360, 420, 800), fill=(200, 200, 200))
    return image.resize(size, Image.Resampling.LANCZOS)
