"""A terminal of its own for the program, and somebody who types at it. POSIX only."""

from __future__ import annotations

import codecs
import os
import re
import sys
import termios
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from threading import Thread
from unittest.mock import patch

COLUMNS = 96
_ROWS = 60
_MOVE = re.compile(r"(\r|\n|\x1b\[1A|\x1b\[2K|\x1b\[\?25[hl])")


@dataclass
class Screen:
    """What the program writes to its terminal, and what is typed when a text appears.

    Args:
        typed: What to type (Enter comes after it), by the text that asks for it; each is typed once.
        shown: Everything written so far, control sequences included.
    """

    typed: dict[str, str]
    shown: str = field(default="", init=False)

    def watch(self, end: int) -> None:
        """Read the terminal's other end and type what is asked for, until the program has closed its own."""
        decoder = codecs.getincrementaldecoder("utf-8")()
        while chunk := _read(end):
            self.shown += decoder.decode(chunk)
            for text in [text for text in self.typed if text in self.shown]:
                os.write(end, f"{self.typed.pop(text)}\n".encode())

    @property
    def lines(self) -> list[str]:
        """What stays on the screen, with its colours."""
        return settled(self.shown)


@contextmanager
def terminal(typed: dict[str, str]) -> Iterator[Screen]:
    """Put a terminal in the place of the standard streams; the screen is whole once the context is left."""
    end, own = os.openpty()
    termios.tcsetwinsize(own, (_ROWS, COLUMNS))
    screen = Screen(typed)
    watcher = Thread(target=screen.watch, args=(end,))
    watcher.start()
    try:
        with _standard_streams(own):
            yield screen
    finally:
        os.close(own)
        watcher.join()
        os.close(end)


@contextmanager
def _standard_streams(own: int) -> Iterator[None]:
    environ = {"TERM": "xterm-256color", "COLUMNS": str(COLUMNS), "LINES": str(_ROWS)}
    with ExitStack() as stack:
        for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
            stream = stack.enter_context(open(own, mode, encoding="utf-8", closefd=False))
            stack.enter_context(patch.object(sys, name, stream))
        stack.enter_context(patch.dict(os.environ, environ))
        os.environ.pop("NO_COLOR", None)
        yield


def settled(shown: str) -> list[str]:
    """Return the lines that stay: a spinner is redrawn by erasing its line, and taken away by going up one."""
    lines, at = [""], 0
    for part in _MOVE.split(shown):
        if part == "\n":
            at += 1
            lines[at:] = lines[at:] or [""]
        elif part == "\x1b[1A":
            at -= 1
        elif part == "\x1b[2K":
            lines[at] = ""
        elif not _MOVE.fullmatch(part):
            lines[at] += part
    return lines


def _read(end: int) -> bytes:
    """Return what has been written; nothing once the program's end is closed, which Linux calls an error."""
    try:
        return os.read(end, 65536)
    except OSError:
        return b""
