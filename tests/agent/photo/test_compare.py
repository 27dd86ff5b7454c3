"""Same picture or not: what platforms do to a photo, what people do to it, and other photos."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable

import imagehash
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from agent.photo import PhotoUnreadable, PhotoVerdict, SamePerson, compare, verdict_sentence
from agent.photo.comparison.verdict import phash
from fixtures.people.portraits import portrait as symmetric_portrait
from tests.agent.photo import badfiles
from tests.agent.photo.pictures import decode, encode, portrait, silhouette
from tests.structure.source import ROOT

PEOPLE = (0, 4, pytest.param(11, marks=pytest.mark.exhaustive))
SAME = {PhotoVerdict.identical, PhotoVerdict.same_picture}
Change = Callable[[Image.Image], Image.Image]


def crop(left: float, top: float, right: float, bottom: float) -> Change:
    def change(image: Image.Image) -> Image.Image:
        w, h = image.size
        return image.crop((round(w * left), round(h * top), round(w * (1 - right)), round(h * (1 - bottom))))

    return change


def resize(width: int, height: int) -> Change:
    return lambda image: image.resize((width, height), Image.Resampling.LANCZOS)


def chain(*changes: Change) -> Change:
    def change(image: Image.Image) -> Image.Image:
        for step in changes:
            image = step(image)
        return image

    return change


def watermark(image: Image.Image) -> Image.Image:
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    for y in range(10, image.height, 80):
        for x in range(-20 + y % 60, image.width, 120):
            draw.text((x, y), "SAMPLE", fill=(255, 255, 255, 120), font_size=26)
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


def bar(image: Image.Image) -> Image.Image:
    marked = image.copy()
    ImageDraw.Draw(marked).rectangle((0, image.height * 0.92, *image.size), fill=(20, 20, 20))
    return marked


def pasted(image: Image.Image) -> Image.Image:
    marked = image.copy()
    width, height = image.size
    strip = image.crop((int(width * 0.3), int(height * 0.55), int(width * 0.7), int(height * 0.63)))
    marked.paste(strip, (int(width * 0.3), int(height * 0.36)))
    return marked


def enlarged_eyes(image: Image.Image) -> Image.Image:
    retouched = image.copy()
    part = image.crop((150, 215, 330, 300))
    larger = part.resize((198, 94), Image.Resampling.BICUBIC)
    retouched.paste(larger.crop((9, 4, 189, 89)), (150, 215))
    return retouched


def background(colour: tuple[int, int, int]) -> Change:
    def change(image: Image.Image) -> Image.Image:
        pixels = np.asarray(image, np.int16)
        near = np.abs(pixels - pixels[6, 6]).sum(2, keepdims=True) < 60
        return Image.fromarray(np.where(near, np.array(colour), pixels).astype(np.uint8))

    return change


PLATFORM: dict[str, tuple[Change, int]] = {
    "re-encoded": (lambda image: image, 40),
    "resized": (resize(358, 478), 80),
    "thumbnail": (resize(120, 160), 75),
    "squeezed": (resize(358, 441), 80),
    "fitted": (lambda image: ImageOps.fit(image, (358, 441)), 80),
    "cropped 1%": (crop(0.01, 0.01, 0.01, 0.01), 80),
    "cropped 4%": (crop(0.04, 0.04, 0.04, 0.04), 80),
    "cropped 8% to a thumbnail": (chain(crop(0.08, 0.08, 0.08, 0.08), resize(150, 200)), 60),
    "cropped at the top": (chain(crop(0, 0.08, 0, 0), resize(480, 640)), 80),
    "cropped unevenly": (chain(crop(0.01, 0.07, 0.05, 0.03), resize(480, 640)), 80),
    "bordered": (lambda image: ImageOps.expand(image, (24, 32), "white"), 85),
    "wide borders": (lambda image: ImageOps.pad(image, (1200, 700), color="white"), 85),
    "letterboxed": (lambda image: ImageOps.pad(image, (640, 640), color="white"), 85),
    "black and white": (lambda image: image.convert("L"), 85),
    "darker": (lambda image: ImageEnhance.Brightness(image).enhance(0.88), 85),
}


@pytest.mark.parametrize("seed", PEOPLE)
@pytest.mark.parametrize("name", PLATFORM)
def test_what_a_platform_does_stays_the_same_picture(name: str, seed: int) -> None:
    change, quality = PLATFORM[name]
    original = encode(portrait(seed))
    changed = encode(change(portrait(seed)), quality=quality)
    for pair in ((original, changed), (changed, original)):
        assert compare(*pair).verdict in SAME


CHANGED: dict[str, tuple[Change, str]] = {
    "watermark": (watermark, "水印"),
    "bar": (bar, "下部"),
    "pasted strip": (pasted, "局部被改动（中部"),
    "eyes enlarged": (enlarged_eyes, "改动"),
    "red background": (background((190, 40, 50)), "背景"),
    "same lightness, other hue": (background((231, 157, 165)), "背景"),
    "tilted": (lambda image: image.rotate(2, fillcolor=image.getpixel((4, 4))), "转动了约 2°"),
    "mirrored": (ImageOps.mirror, "左右镜像"),
    "upside down": (lambda image: image.rotate(180), "上下颠倒"),
    "quarter turn": (lambda image: image.transpose(Image.Transpose.ROTATE_90), "向左转了 90°"),
}


@pytest.mark.parametrize("seed", PEOPLE)
@pytest.mark.parametrize("name", CHANGED)
def test_what_people_do_is_altered_and_said(name: str, seed: int) -> None:
    change, reason = CHANGED[name]
    original = portrait(seed, background=(100, 197, 255))
    result = compare(encode(original), encode(change(original)))
    assert result.verdict is PhotoVerdict.altered
    assert reason in "；".join(result.reasons)


@pytest.mark.parametrize("seed", range(12))
def test_other_people_and_other_shots_are_never_the_same_picture(seed: int) -> None:
    original = encode(portrait(seed))
    assert compare(original, encode(portrait(seed + 1))).verdict not in SAME
    assert compare(original, encode(portrait(seed, 1))).verdict not in SAME


def test_identical_bytes_and_identical_pixels() -> None:
    data = encode(portrait(1))
    assert compare(data, data).method == "sha256"
    again = compare(data, encode(decode(data), "PNG"))
    assert (again.verdict, again.method, again.distance) == (PhotoVerdict.identical, "pixels", 0.0)


def test_large_pictures_are_compared_pixel_by_pixel_too() -> None:
    large = portrait(1).resize((1200, 1600))
    a, b = encode(large, "PNG"), encode(large, "PNG", compress_level=1)
    assert a != b
    assert compare(a, b).method == "pixels"
    touched = large.copy()
    touched.putpixel((3, 3), (0, 0, 0))
    assert compare(a, encode(touched, "PNG")).verdict is PhotoVerdict.same_picture


def test_orientation_and_transparency_are_what_a_person_sees() -> None:
    picture = portrait(1)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = encode(picture.transpose(Image.Transpose.ROTATE_90), exif=exif)
    assert compare(encode(picture), turned).verdict in SAME
    with_alpha = picture.copy()
    with_alpha.putalpha(255)
    assert compare(encode(picture, "PNG"), encode(with_alpha, "PNG")).verdict is PhotoVerdict.identical


def test_a_quick_yes_comes_from_the_hashes_and_a_crop_from_the_correlation() -> None:
    picture = portrait(2)
    quick = compare(encode(picture), encode(picture, quality=60))
    assert quick.method == "phash+dhash"
    cropped = compare(encode(picture), encode(crop(0.04, 0.04, 0.04, 0.04)(picture)))
    assert cropped.method == "aligned-correlation"
    assert "裁剪了约 4%" in cropped.reasons
    assert cropped.distance < 0.05


def test_the_crop_is_told_whichever_of_the_two_was_cropped() -> None:
    picture = portrait(2)
    cut = encode(crop(0, 0.08, 0, 0)(picture))
    assert "裁剪了约 8%（上边）" in compare(encode(picture), cut).reasons
    assert "第一张裁剪了约 8%（上边）" in compare(cut, encode(picture)).reasons


@pytest.mark.parametrize(
    "name", ["empty", "html", "cut to 50%", "25 MB", "jpeg claiming 65000x65000", "heic"]
)
def test_the_unreadable_one_is_named(name: str) -> None:
    bad = badfiles.unacceptable()[name][0]
    for pair, which in (((bad, badfiles.good()), "a"), ((badfiles.good(), bad), "b"), ((bad, bad), "a")):
        with pytest.raises(PhotoUnreadable) as caught:
            compare(*pair)
        assert caught.value.which == which
        assert caught.value.why


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (300, 2), (7, 9), (48, 64)])
def test_tiny_and_extreme_shapes_get_a_verdict(size: tuple[int, int]) -> None:
    small = encode(portrait(1).resize(size), "PNG")
    assert compare(small, badfiles.good()).verdict in PhotoVerdict
    assert compare(badfiles.good(), small).verdict in PhotoVerdict


def test_blank_pictures_are_never_called_the_same() -> None:
    white = encode(Image.new("RGB", (480, 640), "white"))
    grey = encode(Image.new("RGB", (480, 640), (200, 200, 200)))
    for pair in ((white, grey), (white, encode(portrait(1))), (encode(portrait(1)), encode(silhouette()))):
        assert compare(*pair).verdict not in SAME


def test_nothing_is_said_about_the_person() -> None:
    result = compare(encode(portrait(1)), encode(portrait(9, 1)))
    assert result.verdict is PhotoVerdict.different_picture
    assert result.same_person is SamePerson.not_checked
    assert "不作判断" in verdict_sentence(result)


def test_sentences_carry_the_reasons() -> None:
    picture = portrait(2)
    sentence = verdict_sentence(compare(encode(picture), encode(crop(0.04, 0.04, 0.04, 0.04)(picture))))
    assert sentence == "两张是同一张照片（裁剪了约 4%）。"


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 40),
    st.tuples(*[st.floats(0, 0.08)] * 4),
    st.sampled_from([(480, 640), (358, 441), (240, 320), (150, 200), (413, 531)]),
    st.integers(60, 95),
)
def test_any_crop_up_to_eight_percent_in_any_size_is_the_same_picture(
    seed: int, sides: tuple[float, float, float, float], size: tuple[int, int], quality: int
) -> None:
    changed = chain(crop(*sides), resize(*size))(portrait(seed))
    assert compare(encode(portrait(seed)), encode(changed, quality=quality)).verdict in SAME


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 1), st.integers(40, 95))
def test_different_people_are_never_the_same_picture(a: int, b: int, shot: int, quality: int) -> None:
    if a != b:
        assert compare(encode(portrait(a)), encode(portrait(b, shot), quality=quality)).verdict not in SAME


def test_comparing_is_symmetric_for_equal_framing() -> None:
    a, b = encode(portrait(5)), encode(portrait(5), quality=50)
    assert compare(a, b).verdict is compare(b, a).verdict


def test_an_animation_is_compared_by_its_first_picture() -> None:
    buffer = io.BytesIO()
    portrait(1).save(buffer, "GIF", save_all=True, append_images=[portrait(2)])
    assert compare(buffer.getvalue(), encode(portrait(1))).verdict in {*SAME, PhotoVerdict.altered}


@pytest.mark.parametrize("seed", PEOPLE)
def test_brightening_until_white_is_told_even_where_it_alters(seed: int) -> None:
    brighter = ImageEnhance.Brightness(portrait(seed)).enhance(1.2)
    result = compare(encode(portrait(seed)), encode(brighter))
    assert result.verdict in {PhotoVerdict.same_picture, PhotoVerdict.altered}
    assert "整体变亮了" in result.reasons


def test_the_hash_is_imagehashs_own_bit_for_bit() -> None:
    for seed in range(12):
        for picture in (portrait(seed), decode(encode(portrait(seed, 1).resize((240, 320)), quality=40))):
            grey = picture.convert("L")
            assert phash(grey) - imagehash.phash(grey, 16) == 0


def test_a_quick_yes_does_not_pay_for_scipy() -> None:
    program = (
        "import sys; from agent.photo import compare; from tests.agent.photo.pictures import encode, portrait;"
        "picture = portrait(1); print(compare(encode(picture), encode(picture, quality=60)).method,"
        "[name for name in ('scipy', 'pywt', 'cv2', 'pydantic') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert run.stdout.strip() == "phash+dhash []"


@pytest.mark.parametrize("seed", ["s01", "s02", "s05"])
def test_a_mirrored_face_that_is_almost_symmetric_is_told_as_mirrored(seed: str) -> None:
    """Half of its blocks agree in place: a face is much like its own mirror image."""
    original = symmetric_portrait(seed)
    for turned, words in (
        (ImageOps.mirror(decode(original)), "左右镜像"),
        (decode(original).rotate(180), "上下颠倒"),
    ):
        result = compare(original, encode(turned))
        assert result.verdict is PhotoVerdict.altered
        assert words in result.reasons
