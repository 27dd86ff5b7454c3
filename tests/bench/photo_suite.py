"""The pictures and transforms the photo benches run on.

Pictures: drawn portraits, two real faces and natural textures that matplotlib and scikit-image install (public
domain or free by origin, read where they are, never copied), and a folder of one's own.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from tests.agent.photo.pictures import HEIGHT, WIDTH, decode, encode, portrait

Transform = Callable[[Image.Image], bytes]
NATURAL = (
    "brick",
    "camera",
    "chelsea",
    "coffee",
    "grass",
    "gravel",
    "hubble_deep_field",
    "ihc",
    "retina",
    "rocket",
    "motorcycle_left",
    "coins",
)


def _skimage() -> Path:
    import skimage

    return Path(skimage.__file__).parent / "data"


@lru_cache(maxsize=1)
def _faces() -> dict[str, Image.Image]:
    import matplotlib

    hopper = Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"
    return {
        "hopper": Image.open(hopper).convert("RGB").crop((90, 20, 450, 500)),
        "astronaut": Image.open(_skimage() / "astronaut.png").convert("RGB").crop((130, 0, 310, 240)),
    }


def real_faces() -> Iterator[tuple[str, Image.Image]]:
    """The two public-domain faces, each framed in twelve ways like an ID photo."""
    for name, face in _faces().items():
        rng = random.Random(name)
        for number in range(12):
            share = rng.uniform(0.72, 1.0)
            width, height = int(face.width * share), int(face.height * share)
            left, top = rng.randint(0, face.width - width), rng.randint(0, face.height - height)
            part = face.crop((left, top, left + width, top + height))
            yield f"{name}-{number}", part.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def natural() -> Iterator[tuple[str, Image.Image]]:
    """Parts of natural pictures: the noise, blur and texture that no drawing has."""
    for name in NATURAL:
        path = next(_skimage().glob(f"{name}.*"))
        whole = Image.open(path).convert("RGB")
        rng = random.Random(name)
        for number in range(5):
            height = int(min(whole.height, whole.width / 0.75) * rng.uniform(0.6, 0.95))
            width = int(height * 0.75)
            left, top = rng.randint(0, whole.width - width), rng.randint(0, whole.height - height)
            part = whole.crop((left, top, left + width, top + height))
            yield f"{name}-{number}", part.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def small_faces() -> Iterator[tuple[str, Image.Image]]:
    """A hundred real faces of 25x25 pixels that scikit-image installs, enlarged: all alike, nothing fine in them."""
    faces = np.load(_skimage() / "lfw_subset.npy")[:100]
    for number, face in enumerate(faces):
        grey = Image.fromarray((face * 255).astype(np.uint8))
        yield f"lfw-{number}", grey.resize((120, 160), Image.Resampling.BICUBIC).convert("RGB")


def drawn(people: int) -> Iterator[tuple[str, Image.Image]]:
    """Drawn portraits, one per person."""
    for seed in range(people):
        yield f"drawn-{seed}", portrait(seed)


def folder(path: Path) -> Iterator[tuple[str, Image.Image]]:
    """One's own pictures, in any format Pillow reads."""
    for file in sorted(path.iterdir()):
        if file.suffix.lower() in {".jpg", ".jpeg", ".png", ".webp"}:
            yield file.name, ImageOps.exif_transpose(Image.open(file)).convert("RGB")


def _cut(image: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    width, height = image.size
    return image.crop(
        (round(width * left), round(height * top), round(width * (1 - right)), round(height * (1 - bottom)))
    )


def _jpeg(quality: int, **options: Any) -> Transform:
    return lambda image: encode(image, quality=quality, **options)


def _size(
    width: int, height: int, quality: int = 80, how: Image.Resampling = Image.Resampling.LANCZOS
) -> Transform:
    return lambda image: encode(image.resize((width, height), how), quality=quality)


def _crop(
    left: float,
    top: float,
    right: float,
    bottom: float,
    size: tuple[int, int] | None = None,
    quality: int = 80,
) -> Transform:
    def transform(image: Image.Image) -> bytes:
        cut = _cut(image, left, top, right, bottom)
        return encode(cut.resize(size, Image.Resampling.LANCZOS) if size else cut, quality=quality)

    return transform


def _fit(width: int, height: int, quality: int = 80) -> Transform:
    return lambda image: encode(
        ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS), quality=quality
    )


def _then(change: Callable[[Image.Image], Image.Image], quality: int = 88) -> Transform:
    return lambda image: encode(change(image), quality=quality)


def _gamma(value: float) -> Callable[[Image.Image], Image.Image]:
    table = [round(255 * (level / 255) ** value) for level in range(256)]
    return lambda image: image.point(table * 3)


PLATFORM: dict[str, Transform] = {
    **{f"jpeg q{quality}": _jpeg(quality) for quality in (95, 85, 75, 60, 50, 40)},
    "jpeg q75 4:4:4": _jpeg(75, subsampling=0),
    "jpeg q75 progressive": _jpeg(75, progressive=True),
    "png": lambda image: encode(image, "PNG"),
    "webp q75": lambda image: encode(image, "WEBP", quality=75),
    "jpeg q90 then q60": lambda image: encode(decode(encode(image, quality=90)), quality=60),
    "resize 358x478": _size(358, 478),
    "resize 240x320": _size(240, 320),
    "resize 150x200 q70": _size(150, 200, 70),
    "resize 120x160 q75": _size(120, 160, 75),
    "resize 240x320 box": _size(240, 320, 80, Image.Resampling.BOX),
    "resize 90x120 q75": _size(90, 120, 75),
    "resize 960x1280": _size(960, 1280),
    "squeeze 358x441": _size(358, 441),
    "squeeze 150x210": _size(150, 210),
    "squeeze 480x480": _size(480, 480),
    "fit 358x441": _fit(358, 441),
    "fit 413x531": _fit(413, 531),
    "fit 150x210": _fit(150, 210),
    "fit 390x567": _fit(390, 567),
    **{
        f"crop {share:.0%}": _crop(share, share, share, share)
        for share in (0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08)
    },
    "crop 8% to 358x441": _crop(0.08, 0.08, 0.08, 0.08, (358, 441)),
    "crop 8% to 150x200 q60": _crop(0.08, 0.08, 0.08, 0.08, (150, 200), 60),
    "crop 4% to 120x160 q75": _crop(0.04, 0.04, 0.04, 0.04, (120, 160), 75),
    "crop left 8%": _crop(0.08, 0, 0, 0),
    "crop top 8%": _crop(0, 0.08, 0, 0),
    "crop bottom 8% to 480x640": _crop(0, 0, 0, 0.08, (480, 640)),
    "crop 1/7/5/3%": _crop(0.01, 0.07, 0.05, 0.03, (480, 640)),
}


def _watermark(image: Image.Image) -> Image.Image:
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    for y in range(10, image.height, 80):
        for x in range(-20 + y % 60, image.width, 120):
            draw.text((x, y), "SAMPLE", fill=(255, 255, 255, 110), font_size=26)
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


def _bar(image: Image.Image) -> Image.Image:
    marked = image.copy()
    draw = ImageDraw.Draw(marked)
    draw.rectangle((0, image.height * 0.92, image.width, image.height), fill=(20, 20, 20))
    draw.text((40, image.height * 0.93), "2024-06-03", fill="white", font_size=28)
    return marked


def _tilt(degrees: float) -> Callable[[Image.Image], Image.Image]:
    return lambda image: image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=image.getpixel((4, 4)))


def _patch(image: Image.Image) -> Image.Image:
    """A strip across the eyes taken from lower down: what a pasted feature looks like to the comparison."""
    marked = image.copy()
    width, height = image.size
    marked.paste(
        image.crop((int(width * 0.3), int(height * 0.55), int(width * 0.7), int(height * 0.63))),
        (int(width * 0.3), int(height * 0.36)),
    )
    return marked


def _enlarged_eyes(image: Image.Image) -> Image.Image:
    """The middle of the face a tenth larger, as a beauty filter does."""
    retouched = image.copy()
    width, height = image.size
    box = (int(width * 0.3), int(height * 0.33), int(width * 0.7), int(height * 0.47))
    part = image.crop(box)
    larger = part.resize((int(part.width * 1.1), int(part.height * 1.1)), Image.Resampling.BICUBIC)
    left, top = (larger.width - part.width) // 2, (larger.height - part.height) // 2
    retouched.paste(larger.crop((left, top, left + part.width, top + part.height)), box[:2])
    return retouched


def _border(image: Image.Image) -> Image.Image:
    return ImageOps.expand(image, (24, 32), (255, 255, 255))


TONE: dict[str, Transform] = {
    "resize 120x160 nearest": _size(120, 160, 80, Image.Resampling.NEAREST),
    "brightness +15%": _then(lambda image: ImageEnhance.Brightness(image).enhance(1.15)),
    "brightness -15%": _then(lambda image: ImageEnhance.Brightness(image).enhance(0.85)),
    "contrast +15%": _then(lambda image: ImageEnhance.Contrast(image).enhance(1.15)),
    "contrast -15%": _then(lambda image: ImageEnhance.Contrast(image).enhance(0.85)),
    "gamma 0.85": _then(_gamma(0.85)),
    "gamma 1.15": _then(_gamma(1.15)),
    "greyscale": _then(lambda image: image.convert("L").convert("RGB")),
    "sharpen": _then(lambda image: image.filter(ImageFilter.SHARPEN)),
    "blur 1px": _then(lambda image: image.filter(ImageFilter.GaussianBlur(1))),
    "border 5%": _then(_border),
    "letterbox square": _then(lambda image: ImageOps.pad(image, (640, 640), color=(255, 255, 255))),
}


def _recolour(target: tuple[int, int, int]) -> Callable[[Image.Image], Image.Image]:
    """Another background, as a photo shop does: everything near the corner's colour."""

    def change(image: Image.Image) -> Image.Image:
        pixels = np.asarray(image, np.int16)
        near = np.abs(pixels - pixels[6, 6]).sum(2, keepdims=True) < 60
        return Image.fromarray(np.where(near, np.array(target), pixels).astype(np.uint8))

    return change


CHANGED: dict[str, Transform] = {
    "background to red": _then(_recolour((190, 40, 50))),
    "background to white": _then(_recolour((255, 255, 255))),
    "background to green": _then(_recolour((90, 215, 110))),
    "watermark": _then(_watermark),
    "bottom bar": _then(_bar),
    "pasted strip": _then(_patch),
    "eyes enlarged": _then(_enlarged_eyes),
    "tilt 1": _then(_tilt(1)),
    "tilt 3": _then(_tilt(3)),
    "mirrored": _then(ImageOps.mirror),
    "upside down": _then(lambda image: image.rotate(180)),
    "quarter turn": _then(lambda image: image.transpose(Image.Transpose.ROTATE_90)),
    "crop 12%": _crop(0.12, 0.12, 0.12, 0.12),
}
