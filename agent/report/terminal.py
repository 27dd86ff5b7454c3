"""What a terminal can be given: no control characters, so that no page can write escape sequences to it."""

from __future__ import annotations

import os
from typing import TextIO

from agent.plain_text import printable


def clean(text: str) -> str:
    """Return ``text`` on one line, every unprintable character replaced by a space."""
    return printable(text).strip()


def is_terminal(stream: TextIO) -> bool:
    """Return whether ``stream`` is a terminal that can move its cursor."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"
