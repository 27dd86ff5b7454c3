"""Reading letters from pictures: what is known without any page."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from agent.ocr import engine as text_recognition
from agent.ocr import font_decoding
from fixtures.drawing import web_font
from tests.harness.program import needs_font, needs_ocr

NUMBER = "61000019940518531X"
pytestmark = needs_font


def line(words: str, ink: str = "#333", ground: str = "white", size: int = 56) -> Image.Image:
    """A picture of one line, with room around it."""
    face = web_font.face()
    letters = ImageFont.truetype(face.path, size, index=face.index)
    picture = Image.new("RGB", (round(letters.getlength(words)) + 60, size * 2), ground)
    ImageDraw.Draw(picture).text((30, 10), words, ink, letters)
    return picture


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be fetched."""

    def refuse(*args: Any) -> None:
        raise AssertionError(args)

    monkeypatch.setattr(socket.socket, "connect", refuse)


@needs_ocr
@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(
    "draw", [line, lambda words: line(words, "white", "#1f9e8f"), lambda words: line(words, size=24)]
)
def test_a_line_is_read_several_times_and_nothing_is_fetched(draw: Callable[[str], Image.Image]) -> None:
    recognizer = text_recognition.recognizer()
    assert recognizer is not None
    guesses = list(recognizer.line(draw(NUMBER)))
    assert len(guesses) == len(text_recognition.MARGINS) > font_decoding.READINGS
    assert {guess.text for guess in guesses} == {NUMBER}


@needs_ocr
def test_an_empty_picture_says_nothing() -> None:
    recognizer = text_recognition.recognizer()
    assert recognizer is not None
    assert {guess.text for guess in recognizer.line(Image.new("RGB", (200, 40), "white"))} == {""}


def test_without_the_extra_there_is_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_recognition, "PACKAGES", ("rapidocr", "no_such_package"))
    assert not text_recognition.available()
    assert text_recognition.recognizer() is None


def test_a_picture_comes_back_as_it_was() -> None:
    picture = line(NUMBER)
    assert text_recognition.image(text_recognition.png(picture)).tobytes() == picture.tobytes()
