"""The notice decides what a photo is held to: the rules are data in its profile."""

from __future__ import annotations

from importlib.resources import files

import pytest

from agent.errors import UsageError
from agent.photo import DEFAULT_RULES, Level, inspect
from agent.photo.model import COLLECTION, HARD, HINTS, NO_PICTURE
from flows.profiles.schema import load, parse
from tests.agent.photo import badfiles
from tests.agent.photo.pictures import encode, portrait

XJTU = files("flows").joinpath("profiles", "xjtu-2024-07.toml").read_text("utf-8")
HINTS_IN_XJTU = '"exif.camera", '


def level(text: str, data: bytes, rule: str) -> Level:
    """What a profile's rules say of a file."""
    found = inspect(data, parse(text, "my.toml").photo.rules()).findings
    return next(finding.level for finding in found if finding.id == rule)


def test_the_built_in_notice_says_what_the_default_says() -> None:
    rules = load("xjtu-2024-07").photo.rules()
    assert set(rules.hard) == set(HARD)
    assert rules.hints == HINTS
    assert {
        name: getattr(rules, name) for name in ("formats", "pixels", "bytes_range", "dpi", "quality_min")
    } == {
        name: getattr(DEFAULT_RULES, name)
        for name in ("formats", "pixels", "bytes_range", "dpi", "quality_min")
    }


def test_what_the_collection_standard_describes_is_only_stated_of_chsis_photo() -> None:
    small = encode(portrait(1).resize((120, 160)), quality=55)
    for rule in ("size.pixels", "size.bytes", "print.quality"):
        assert level(XJTU, small, rule) is Level.OK
    strict = XJTU.replace(HINTS_IN_XJTU, f'{HINTS_IN_XJTU}"size.pixels", "size.bytes", "print.quality", ')
    for rule in ("size.pixels", "size.bytes", "print.quality"):
        assert level(strict, small, rule) is Level.WARN


def test_a_hint_becomes_a_hard_rule_and_back() -> None:
    camera = badfiles.doubtful()["camera"][0]
    assert level(XJTU, camera, "exif.camera") is Level.WARN
    hard = XJTU.replace(HINTS_IN_XJTU, "").replace('"size.limit"', '"size.limit", "exif.camera"')
    assert level(hard, camera, "exif.camera") is Level.FAIL
    assert level(XJTU.replace(HINTS_IN_XJTU, ""), camera, "exif.camera") is Level.OK


def test_limits_formats_and_sources_are_the_notices() -> None:
    limited = XJTU.replace('formats = ["JPEG"]', 'formats = ["JPEG", "PNG"]\nmax_bytes = 9000')
    assert level(limited, badfiles.good(), "size.limit") is Level.FAIL
    assert level(limited, encode(portrait(1), "PNG"), "content.not_jpeg") is Level.OK
    sources = {
        finding.id: finding.source for finding in inspect(b"", load("xjtu-2024-07").photo.rules()).findings
    }
    assert sources == {"content.empty": ""}
    named = inspect(encode(portrait(1), "PNG"), load("xjtu-2024-07").photo.rules()).findings[0]
    assert named.source.startswith("通知 4（1）")


@pytest.mark.parametrize("name", ["html", "cut to 50%", "png bomb", "empty", "no frame header"])
def test_what_is_no_picture_is_refused_whatever_the_notice_says(name: str) -> None:
    lax = XJTU.replace(
        'hard = ["content.not_jpeg", "content.mpo", "content.placeholder", "size.limit", "name.template"]',
        "hard = []",
    )
    assert lax != XJTU
    data, rule = badfiles.unacceptable()[name]
    assert rule in NO_PICTURE
    assert level(lax, data, rule) is Level.FAIL


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (HINTS_IN_XJTU, '"exif.kamera", ', "exif.kamera"),
        (HINTS_IN_XJTU, '"size.limit", ', "size.limit"),
        (HINTS_IN_XJTU, '"content.html", ', "content.html"),
        ('"exif.camera" = ', '"exif.kamera" = ', "exif.kamera"),
        ("pixels = [480, 640]", "pixels = [480]", "photo.standard.pixels"),
        ("quality_min = 60", "quality_min = 600", "photo.standard.quality_min"),
        ("dpi = 300", "dpis = 300", "photo.standard.dpis"),
        ('formats = ["JPEG"]', "formats = []", "photo.formats"),
        ('formats = ["JPEG"]', 'formats = ["JPEG"]\nmin_bytes = -1', "photo.min_bytes"),
    ],
)
def test_a_rule_that_cannot_be_is_named_on_load(old: str, new: str, said: str) -> None:
    assert old in XJTU
    with pytest.raises(UsageError, match=said.replace(".", r"\.")):
        parse(XJTU.replace(old, new, 1), "my.toml")


def test_every_finding_has_a_weight_of_its_own() -> None:
    assert not {*HARD} & {*HINTS}
    assert not {*HARD, *HINTS} & {*COLLECTION}
    stated = {finding.id for finding in inspect(badfiles.good(), file_name="x.jpg").findings}
    assert stated <= {*HARD, *HINTS, *COLLECTION}
