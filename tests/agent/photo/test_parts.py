"""The parts on their own: sniffing, the JPEG walk, the folder matching, and that looking costs no imports."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, JpegImagePlugin

from agent.photo import DEFAULT_RULES, PhotoVerdict, inspect, sniff
from agent.photo.batch import (
    Pairing,
    compare_row,
    contents,
    document_number,
    match_files,
    numbers_in,
    pictures_in,
)
from agent.photo.jpeg_structure import bytes_after_end, estimate_quality
from tests.agent.photo import badfiles
from tests.agent.photo.pictures import encode, portrait

ID_A, ID_B, ID_C = "110101199003070118", "11010119900307012X", "440308199901010016"


def test_importing_the_package_loads_no_imaging_library() -> None:
    program = (
        "import sys, agent.photo, agent.photo.batch;"
        "agent.photo.sniff(b''); agent.photo.DEFAULT_RULES;"
        "print([name for name in ('PIL', 'numpy', 'scipy', 'imagehash', 'cv2') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "unknown"),
        (b"\0\0\0\x18ftypheic", "heic"),
        (b"\0\0\0\x18ftypavif", "avif"),
        (b"  <HTML>", "html"),
        ("\ufeff<!doctype html>".encode("utf-16-be"), "html"),
        (b"<?xml version='1.0'?><a/>", "xml"),
        (b'{"a": 1}', "json"),
        ("没有照片".encode(), "text"),
        (b"\x00\x01\x02", "unknown"),
    ],
)
def test_sniff(data: bytes, kind: str) -> None:
    assert sniff(data) == kind


def test_the_jpeg_walk_finds_the_end_whatever_the_encoding() -> None:
    for options in (
        {},
        {"progressive": True},
        {"restart_marker_blocks": 4},
        {"comment": b"\xff\xd9 in a comment"},
    ):
        data = encode(portrait(1).resize((90, 120)), **options)
        assert bytes_after_end(data) == 0
        assert bytes_after_end(data + b"tail") == 4
        assert bytes_after_end(data[:-1]) is None


@given(st.binary(max_size=200))
def test_the_jpeg_walk_ends_on_anything(data: bytes) -> None:
    trailing = bytes_after_end(b"\xff\xd8" + data)
    assert trailing is None or 0 <= trailing <= len(data)


@pytest.mark.parametrize("quality", [30, 60, 75, 92])
def test_libjpegs_quality_is_recovered(quality: int) -> None:
    image = Image.open(io.BytesIO(encode(portrait(1), quality=quality)))
    assert isinstance(image, JpegImagePlugin.JpegImageFile)
    assert estimate_quality(image.quantization) == pytest.approx(quality, abs=1)
    assert estimate_quality({}) is None


@pytest.mark.parametrize(
    ("name", "number"),
    [
        (f"{ID_A}.jpg", ID_A),
        ("11010119900307012x.JPG", ID_B),
        ("110101 19900307 0118.jpg", ID_A),
        (f"张三_{ID_A}_毕业照.jpg", ID_A),
        ("１１０１０１１９９００３０７０１１８.jpg", ID_A),
        ("H12345678.jpg", "H12345678"),
        ("12345678.jpg", "12345678"),
        ("0123456789(B).jpg", "0123456789(B)"),
        ("IMG_20240603.jpg", None),
        (f"{ID_A}和{ID_B}.jpg", None),
        ("毕业照.jpg", None),
        ("1101011990030701180.jpg", None),
    ],
)
def test_the_document_number_in_a_file_name(name: str, number: str | None) -> None:
    assert document_number(name) == number


def test_matching_names_every_file_once() -> None:
    photos = [Path("a") / f"{number}.jpg" for number in (ID_A, ID_B)] + [Path("a/班级合影.jpg")]
    copies = [Path("b") / f"{ID_A}.png", Path("b") / f"{ID_C}.jpg", Path("b") / f"{ID_C} (1).jpg"]
    rows = match_files(photos, copies)
    assert [(row.id_number, row.pairing) for row in rows] == [
        (ID_A, Pairing.paired),
        (ID_B, Pairing.no_copy),
        (ID_C, Pairing.ambiguous),
        ("", Pairing.unnamed),
    ]
    named = [path for row in rows for path in (row.photo, row.copy, *row.others) if path]
    assert sorted(named) == sorted([*photos, *copies])
    assert all(row.problem for row in rows if row.pairing is not Pairing.paired)


def test_a_pair_is_compared_and_an_unreadable_file_is_its_rows_problem(tmp_path: Path) -> None:
    photos, copies = tmp_path / "photos", tmp_path / "copies"
    for folder in (photos, copies):
        folder.mkdir()
    for seed, number in enumerate((ID_A, ID_B, ID_C)):
        (photos / f"{number}.jpg").write_bytes(encode(portrait(seed)))
    (copies / f"{ID_A}.jpg").write_bytes(encode(portrait(0).resize((358, 478))))
    (copies / f"{ID_B}.jpg").write_bytes(encode(portrait(7)))
    (copies / f"{ID_C}.jpg").write_bytes(badfiles.PAGE.encode())
    (copies / "notes.txt").write_text("x")
    (copies / ".hidden.jpg").write_bytes(b"x")
    (files, others), (chsi, _) = pictures_in(copies), pictures_in(photos)
    assert ([file.name for file in others], len(files)) == (["notes.txt"], 3)
    first, second, third = map(compare_row, match_files(chsi, files))
    assert first.comparison is not None
    assert first.comparison.verdict is PhotoVerdict.same_picture
    assert second.comparison is not None
    assert not second.comparison.is_same
    assert third.comparison is None
    assert third.problem.startswith("平台照片")
    gone = compare_row(replace(first, comparison=None, copy=copies / "gone.jpg"))
    assert gone.problem.startswith("文件读不出来")


def test_of_a_huge_file_only_as_much_is_read_as_refuses_it(tmp_path: Path) -> None:
    huge = tmp_path / "huge.jpg"
    huge.write_bytes(badfiles.good())
    os.truncate(huge, 3_000_000_000)
    data = contents(huge)
    assert len(data) == DEFAULT_RULES.max_bytes + 1
    assert "content.bomb" in {finding.id for finding in inspect(data).findings}


@pytest.mark.parametrize(
    ("path", "numbers"),
    [
        (f"{ID_A}.jpg", {ID_A}),
        (f"班级/{ID_A}abc{ID_B.lower()}.jpg", {ID_A, ID_B}),
        (f"{ID_A}/12345678.jpg", {ID_A, "12345678"}),
        ("20240603/IMG_20240603.jpg", set()),
    ],
)
def test_the_numbers_in_a_path(path: str, numbers: set[str]) -> None:
    assert numbers_in(Path(path)) == numbers
