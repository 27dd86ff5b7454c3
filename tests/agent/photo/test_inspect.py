"""Acceptability: every kind of bad file ends in the finding that names it, and CHSI's small copies pass."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from agent.photo import DEFAULT_RULES, Inspection, Level, PhotoRules, inspect
from agent.photo.model import COLLECTION
from tests.agent.photo import badfiles
from tests.agent.photo.badfiles import doubtful, unacceptable
from tests.agent.photo.pictures import encode, portrait

ID_NUMBER = "110101199003070118"


def level(result: Inspection, rule: str) -> Level | None:
    return next((finding.level for finding in result.findings if finding.id == rule), None)


def test_a_good_photo_passes_every_rule() -> None:
    result = inspect(badfiles.good(), file_name=f"{ID_NUMBER}.jpg", id_number=ID_NUMBER)
    assert {finding.level for finding in result.findings} == {Level.OK}
    assert (result.facts.width, result.facts.height, result.facts.format) == (480, 640, "JPEG")
    assert result.ok
    assert result.worst is Level.OK


def test_there_are_forty_kinds_of_bad_file() -> None:
    assert len(unacceptable()) >= 40


def test_bad_content_fails_with_the_finding_that_says_so() -> None:
    for name, (data, rule) in unacceptable().items():
        result = inspect(data)
        assert level(result, rule) is Level.FAIL, name
        assert not result.ok, name
        assert result.facts.size_bytes == len(data), name
        assert _said_once(result), name


def test_doubtful_content_warns_and_does_not_fail() -> None:
    for name, (data, rule) in doubtful().items():
        result = inspect(data)
        assert level(result, rule) is Level.WARN, name
        assert result.ok, name
        assert _said_once(result), name


def _said_once(result: Inspection) -> bool:
    """Every finding is there once, and every deviation says something in Chinese."""
    ids = [finding.id for finding in result.findings]
    notes = [finding.note for finding in result.findings if finding.level is not Level.OK]
    return len(ids) == len(set(ids)) and all(note.endswith("。") and note.isprintable() for note in notes)


def test_what_a_bad_file_really_is_is_named() -> None:
    assert inspect(unacceptable()["html"][0]).facts.format == "HTML"
    assert inspect(unacceptable()["png"][0]).facts.format == "PNG"
    assert "PNG" in inspect(unacceptable()["png"][0]).findings[0].note
    assert inspect(b"").facts.format is None
    assert inspect(unacceptable()["1 bytes short"][0]).facts.width == 480


def test_a_placeholder_under_a_png_name_gets_both_findings() -> None:
    result = inspect(unacceptable()["placeholder png"][0])
    assert level(result, "content.not_jpeg") is Level.FAIL
    assert level(result, "content.placeholder") is Level.FAIL


def test_a_small_chsi_copy_is_not_held_against_the_collection_standard() -> None:
    copy = encode(portrait(1).resize((120, 160)), quality=55)
    assert len(copy) < 8_000
    result = inspect(copy)
    assert result.worst is Level.OK
    notes = {finding.id: finding.note for finding in result.findings}
    assert "120×160" in notes["size.pixels"]
    assert notes["size.bytes"]
    assert notes["print.quality"]


def test_a_black_and_white_photo_is_no_placeholder() -> None:
    assert level(inspect(encode(portrait(1).convert("L"))), "content.placeholder") is Level.OK


def test_a_photographers_original_can_be_held_to_the_standard() -> None:
    strict = replace(DEFAULT_RULES, hints=(*DEFAULT_RULES.hints, *COLLECTION))
    result = inspect(encode(portrait(1).resize((240, 320)), quality=40, dpi=(72, 72)), strict)
    for rule in COLLECTION:
        assert level(result, rule) is Level.WARN


def test_hard_rules_are_data() -> None:
    landscape = encode(portrait(1).resize((640, 480)))
    assert not inspect(landscape, PhotoRules(hard=("shape.portrait",))).ok
    assert inspect(encode(portrait(1), "PNG"), PhotoRules(formats=("JPEG", "PNG"))).ok


@pytest.mark.parametrize(
    ("limits", "ok"),
    [((None, None), True), ((1000, 90_000), True), ((90_000, None), False), ((None, 9_000), False)],
)
def test_the_channels_own_byte_limits_are_hard(limits: tuple[int | None, int | None], ok: bool) -> None:
    assert inspect(badfiles.good(), PhotoRules(upload_bytes=limits)).ok is ok


def test_a_profile_can_name_its_own_source() -> None:
    rules = PhotoRules(sources={"content.empty": "某通知第 3 条"})
    assert inspect(b"", rules).findings[0].source == "某通知第 3 条"
    assert "西安交通大学" in inspect(unacceptable()["png"][0]).findings[0].source


@pytest.mark.parametrize(
    ("name", "ok"),
    [
        (f"{ID_NUMBER}.jpg", True),
        (f"{ID_NUMBER}.JPG", True),
        (f"{ID_NUMBER}.jpeg", False),
        (f"{ID_NUMBER}.png", False),
        (f"{ID_NUMBER[:6]} {ID_NUMBER[6:]}.jpg", False),
        ("11010119900307012X.jpg", False),
        ("照片.jpg", False),
        (ID_NUMBER, False),
    ],
)
def test_the_upload_name_is_the_document_number(name: str, ok: bool) -> None:
    result = inspect(badfiles.good(), file_name=name, id_number=ID_NUMBER)
    assert result.ok is ok
    assert all(ID_NUMBER not in finding.note for finding in result.findings)


def test_without_the_number_the_form_of_the_name_is_checked() -> None:
    assert inspect(badfiles.good(), file_name="11010519491231002x.jpg").ok
    assert not inspect(badfiles.good(), file_name="毕业照.jpg").ok
    assert inspect(badfiles.good(), PhotoRules(file_name=None), file_name="毕业照.jpg").ok


def _on_screen(pitch: float, angle: float) -> bytes:
    """A portrait with the pixel grid of a photographed screen over it."""
    pixels = np.asarray(portrait(1), np.float32)
    y, x = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    u, v = x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)
    grid = 1 + 0.1 * np.cos(2 * math.pi * u / pitch) * np.cos(2 * math.pi * v / pitch)
    return encode(Image.fromarray(np.clip(pixels * grid[..., None], 0, 255).astype(np.uint8)), quality=85)


@pytest.mark.parametrize(("pitch", "angle"), [(3.3, 0.15), (4.1, 0.4), (5.2, 0.7)])
def test_a_photographed_screen_is_hinted_at(pitch: float, angle: float) -> None:
    assert level(inspect(_on_screen(pitch, angle)), "source.recapture") is Level.WARN


@pytest.mark.parametrize("seed", range(6))
def test_ordinary_photos_show_no_grid(seed: int) -> None:
    for quality in (40, 75, 95):
        assert level(inspect(encode(portrait(seed), quality=quality)), "source.recapture") is Level.OK


def test_flipped_bits_end_in_findings() -> None:
    for step in range(100):
        result = inspect(badfiles.flipped(step / 99))
        assert result.findings


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_memory_stays_bounded_at_the_largest_size_accepted() -> None:
    program = (
        "import io, re, agent.photo as photo; from PIL import Image; from pathlib import Path;"
        "buffer = io.BytesIO(); Image.new('RGBA', (4000, 4000), (9, 8, 7, 6)).save(buffer, 'PNG');"
        "data = buffer.getvalue(); photo.inspect(data); photo.compare(data, data);"
        "print(re.search(r'VmHWM:\\s+([0-9]+) kB', Path('/proc/self/status').read_text())[1])"
    )  # not getrusage: a process begins with the peak of the one that started it
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(run.stdout) * 1024 < 600_000_000


def test_the_largest_size_accepted_is_the_rules() -> None:
    assert level(inspect(badfiles.good(), PhotoRules(max_pixels=1000)), "content.bomb") is Level.FAIL
    assert level(inspect(badfiles.good(), PhotoRules(max_bytes=1000)), "content.bomb") is Level.FAIL


@pytest.mark.parametrize(
    "name",
    ["download.jpg", "IMG20240603.jpg", "110101199003070120.jpg", "mmexport1717400000000.jpg", "20240603.jpg", "2024060312.jpg",
     "DSC00012345.jpg", "证件照.jpg", "11010119900307.jpg", "110101900307012.jpg", "110101199013070121.jpg", "IMG202406031200.jpg",
     "A123456(0).jpg", "123456789.jpg", "微信图片_20240603.jpg", "710101199003070125.jpg", "110105210012310021.jpg"],
)  # fmt: skip
def test_a_name_that_is_no_document_number_is_not_usable(name: str) -> None:
    result = inspect(badfiles.good(), file_name=name)
    (said,) = [finding.note for finding in result.findings if finding.id == "name.template"]
    assert not result.ok
    assert "文件名" in said


def test_a_black_and_white_photo_is_called_so() -> None:
    data, rule = badfiles.doubtful()["greyscale"]
    (said,) = [finding.note for finding in inspect(data).findings if finding.id == rule]
    assert said == "照片是黑白的，不是 24 位彩色。"


@pytest.mark.parametrize(
    "name",
    [
        "11010519491231002X.jpg",
        "11010519491231002x.JPG",
        "H12345678.jpg",
        "01234567.jpg",
        "E12345678.jpg",
        "A123456(3).jpg",
    ],
)
def test_numbers_of_every_document_name_a_photo(name: str) -> None:
    assert inspect(badfiles.good(), file_name=name).ok


@pytest.mark.parametrize(
    "before",
    [
        b"\r\n",
        b"\xef\xbb\xbf",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"--x\r\nContent-Disposition: form-data\r\n\r\n",
        bytes(16),
    ],
)
def test_a_photo_behind_something_else_is_told_by_what_is_wrong(before: bytes) -> None:
    found = {finding.id: finding for finding in inspect(before + badfiles.good()).findings}
    assert f"前面多了 {len(before)} 字节" in found["content.not_jpeg"].note
    assert found["content.not_jpeg"].level is Level.FAIL


def test_a_small_copy_of_the_platform_is_no_thumbnail() -> None:
    small = encode(portrait(1).resize((90, 120)))
    assert inspect(small).ok
