"""Text of others as text: characters that steer a terminal, or turn the direction of what follows, become blanks."""

from __future__ import annotations

import os
import re
from typing import TextIO

STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters but tab and line feed, and the marks of the bidirectional algorithm (UAX #9, 2)."""

WIDE_BLANK = "\u3000"


def printable(text: str) -> str:
    """Return a text on one line, every unprintable character a blank; the wide blank of Chinese text stays."""
    return "".join(char if char.isprintable() or char == WIDE_BLANK else " " for char in text)


def without_steering(text: str) -> str:
    """Return a text with its lines, every control character and direction mark a blank."""
    return STEERING.sub(" ", text)


def clean(text: str) -> str:
    """Return a text on one line without blanks around it, every unprintable character a blank."""
    return printable(text).strip()


def is_terminal(stream: TextIO) -> bool:
    """Return whether a stream is a terminal that can move its cursor."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"
