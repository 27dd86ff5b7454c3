"""A person at the window, played by a second client on the same browser: what it presses is real, trusted input.

Run as a process of its own: reads lines of words from stdin and presses each word, one after the other, where it shows.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from playwright.sync_api import Browser, BrowserContext, Error, Frame, Locator, Playwright, sync_playwright

from agent.asks import Answer, Ask
from agent.browser.launcher import flags

FILE = "file:"
"""Begins what is no word to press but a file to choose."""
PATIENCE = 30
"""Seconds for which a word is looked for."""


@contextmanager
def open_window(playwright: Playwright, executable: str, port: int, folder: Path) -> Iterator[Browser]:
    """Start a browser that a second client can join at ``port``."""
    wrapper = folder / "browser"
    wrapper.write_text(f'#!/bin/sh\nexec "{executable}" --remote-debugging-port={port} "$@"\n')
    wrapper.chmod(0o700)
    browser = playwright.chromium.launch(executable_path=wrapper, args=flags())
    try:
        yield browser
    finally:
        browser.close()


@dataclass
class Leading:
    """Somebody who leads to every page that is asked for.

    Args:
        hands: The stdin of the process that presses.
        trails: The words to press for each page, by a word of the ask's text.
        uploads: What to do for an upload by hand: words to press, and ``FILE`` to choose the file that the ask shows.
        asked: The asks so far.
    """

    hands: IO[str]
    trails: Mapping[str, Sequence[str]]
    uploads: Sequence[str] = ()
    asked: list[Ask] = field(default_factory=list)

    def answer(self, ask: Ask) -> Answer | None:
        """Begin to press."""
        if not self.expects(ask.id):
            return None
        self.asked.append(ask)
        words = self._words(ask)
        if words is None:
            return Answer("skip", "test")
        print(*words, file=self.hands, flush=True)
        return Answer("done", "test")

    def _words(self, ask: Ask) -> Sequence[str] | None:
        if ask.has_file:
            [path] = [line.partition("：")[2] for line in ask.details if line.startswith("照片文件：")]
            return [f"{FILE}{path}" if word == "FILE" else word for word in self.uploads]
        return next((trail for page, trail in self.trails.items() if f"「{page}」" in ask.text), None)

    def expects(self, ask_id: str) -> bool:
        """Leading is all that this person does."""
        return ask_id.startswith("take-over.")


@contextmanager
def hands(port: int) -> Iterator[IO[str]]:
    """Start the process that presses; yields its stdin."""
    command = [sys.executable, "-m", "tests.person", str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        try:
            yield process.stdin
        finally:
            process.stdin.close()
            process.wait(timeout=PATIENCE)


def _press(context: BrowserContext, word: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        frames = [frame for page in context.pages for frame in page.frames]
        for frame in frames:
            if _done(frame, word):
                return
        context.pages[0].wait_for_timeout(50)
    raise LookupError(word)


def _done(frame: Frame, word: str) -> bool:
    if not word.startswith(FILE):
        return _pressed(frame.get_by_text(word, exact=True).filter(visible=True))
    field = frame.locator("input[type=file]")
    try:
        if field.count() != 1:
            return False
        field.set_input_files(word.removeprefix(FILE))
    except Error:
        return False  # its frame has just gone
    return True


def _pressed(found: Locator) -> bool:
    try:
        if found.count() != 1:
            return False
        found.click(timeout=1000)
    except Error:
        return False  # its frame has just gone
    return True


def main() -> None:
    """Press what is told."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{sys.argv[1]}")
        for line in sys.stdin:
            for word in line.split():
                _press(browser.contexts[0], word)


if __name__ == "__main__":
    main()
