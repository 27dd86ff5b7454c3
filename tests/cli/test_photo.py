"""``gradsync photo``: files in, verdicts out, no browser."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from fixtures.portraits import portrait
from tests.cli.conftest import Gradsync

HTML = b"<!DOCTYPE html><html><head><title>x</title></head><body></body></html>"
NUMBER = "610000199603164229"


@pytest.fixture
def photo(plain: Gradsync) -> Path:
    """A portrait under the name that the notice wants."""
    file = plain.folder / f"{NUMBER}.jpg"
    file.write_bytes(portrait("s01"))
    return file


def test_a_good_photo_as_data(plain: Gradsync, photo: Path) -> None:
    ran = plain("photo", "check", photo.name, "--json")
    assert (ran.status, ran.err) == (0, "")
    assert (ran.json["ok"], ran.json["width"], ran.json["height"], ran.json["format"]) == (
        True,
        480,
        640,
        "JPEG",
    )
    assert {finding["level"] for finding in ran.json["findings"]} <= {"ok", "warn"}


def test_a_page_of_html_named_jpg_is_no_photo(plain: Gradsync) -> None:
    (plain.folder / "photo.jpg").write_bytes(HTML)
    ran = plain("photo", "check", "photo.jpg", "--json")
    assert ran.status == 30
    assert ran.json["ok"] is False
    assert "fail" in {finding["level"] for finding in ran.json["findings"]}


def test_several_files_are_told_in_lines_and_one_bad_one_counts(plain: Gradsync, photo: Path) -> None:
    (plain.folder / "page.jpg").write_bytes(HTML)
    ran = plain("photo", "check", photo.name, "page.jpg")
    assert (ran.status, ran.err) == (30, "")
    assert f"{photo.name}：可以用" in ran.out
    assert "page.jpg：不能用" in ran.out


def test_a_picture_that_was_stored_again_is_the_same_picture(plain: Gradsync, photo: Path) -> None:
    _store_again(photo, plain.folder / "copy.jpg")
    ran = plain("photo", "compare", photo.name, "copy.jpg", "--json")
    assert (ran.status, ran.err) == (0, "")
    assert ran.json["verdict"] == "same_picture"
    assert isinstance(ran.json["reasons"], list)


def test_two_people_are_told_in_words(plain: Gradsync, photo: Path) -> None:
    (plain.folder / "other.jpg").write_bytes(portrait("s02"))
    ran = plain("photo", "compare", photo.name, "other.jpg")
    assert (ran.status, ran.err) == (0, "")
    assert "不是同一张" in ran.out


def test_what_is_no_picture_cannot_be_compared(plain: Gradsync, photo: Path) -> None:
    (plain.folder / "page.jpg").write_bytes(HTML)
    ran = plain("photo", "compare", photo.name, "page.jpg", "--json")
    assert (ran.status, ran.out) == (30, "")
    assert "page.jpg" in ran.err


def _store_again(photo: Path, copy: Path) -> None:
    with Image.open(io.BytesIO(photo.read_bytes())) as picture:
        picture.resize((358, 478)).save(copy, "JPEG", quality=80)
