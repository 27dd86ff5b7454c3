"""A person at the window, played by a second client on the same browser: what it presses is real, trusted input.

Run as a process of its own: reads tasks from stdin, a JSON object a line, and does what they say where the words show.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Dialog,
    Error,
    Frame,
    Locator,
    Page,
    Playwright,
    sync_playwright,
)

from agent.asks import Answer, Ask
from agent.browser.launcher import flags

FILE = "file:"
"""Begins what is no word to press but a file to choose."""
SEES = "sees:"
"""Begins what is no word to press but one to wait for: what was pressed before has led there."""
OPEN, OPEN_BESIDE, BACK, CLOSE, SIGN_IN = "open:", "open beside:", "back:", "close:", "sign in:"
"""Begin what is done with the site's own window itself: an address to open there or in a window beside it, going back, closing it;
and what is typed into a sign-in form, user name and password with a blank between.
"""
PATIENCE = 90
"""Seconds for which a word is looked for: a program that starts on a busy machine takes its time."""
GIVES_UP = 120
"""Seconds after which they leave a page out: a test that fails says more than one that hangs."""
A_MOMENT_MS = 1500
"""Milliseconds after which they look where a press has led them."""


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
        trails: The words to press for each page, by a word of the ask's text; ``|`` stands between those of which one is there.
        works: What to do on a page, by words of the ask's text: words to press in order, and ``FILE`` to choose the file that
            the ask shows.
        seconds: How long they try before they leave a page out.
        asked: The asks so far.
    """

    hands: IO[str]
    trails: Mapping[str, Sequence[str]]
    works: Mapping[str, Sequence[str]] = field(default_factory=dict)
    seconds: float = GIVES_UP
    asked: list[Ask] = field(default_factory=list)
    _began: float = 0.0

    def answer(self, ask: Ask) -> Answer | None:
        """Begin to press."""
        if not self.expects(ask.id):
            return None
        self.asked.append(ask)
        self._began = time.monotonic()
        work = next((words for told, words in self.works.items() if told in ask.text), None)
        trail = next((words for page, words in self.trails.items() if f"「{page}」" in ask.text), None)
        words = trail if work is None else [_file(ask) if word == "FILE" else word for word in work]
        if words is None:
            return Answer("skip", "test")
        task = {"in_order": work is not None, "words": [word.split("|") for word in words]}
        print(json.dumps(task), file=self.hands, flush=True)
        return Answer("done", "test")

    def skipped(self, ask: Ask) -> bool:
        """True once they have tried for long enough."""
        return self.expects(ask.id) and time.monotonic() - self._began > self.seconds

    def expects(self, ask_id: str) -> bool:
        """Leading is all that this person does."""
        return ask_id.startswith("take-over.")


def _file(ask: Ask) -> str:
    """The file that an ask shows."""
    [path] = [line.partition("：")[2] for line in ask.details if line.startswith("照片文件：")]
    return f"{FILE}{path}"


@contextmanager
def hands(port: int) -> Iterator[IO[str]]:
    """Start the process that presses; yields its stdin. Whatever it still looks for in the end is not wanted any more."""
    command = [sys.executable, "-m", "tests.person", str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        try:
            yield process.stdin
        finally:
            process.terminate()


def _lead(context: BrowserContext, trail: Sequence[Sequence[str]]) -> None:
    """Press what shows of the trail, always the word that is nearest to its end, until that was pressed.

    Where the last press ends on the page on which it was made, as at a site that signs them in meanwhile, they press once more.
    """
    left, deadline, again = trail, time.monotonic() + PATIENCE, True
    while left and time.monotonic() < deadline:
        with _journeys(context) as came_back:
            done = next((place for place in reversed(range(len(left))) if _press(context, left[place])), None)
            left = left if done is None else left[done + 1 :]
            if not left and again and came_back():
                left, again = trail, False


@contextmanager
def _journeys(context: BrowserContext) -> Iterator[Callable[[], bool]]:
    """Yield what waits a moment and tells whether the windows went somewhere meanwhile and are where they were."""
    before, pages = _addresses(context), context.pages
    went: list[Frame] = []

    def note(frame: Frame) -> None:
        went.append(frame)

    def came_back() -> bool:
        pages[0].wait_for_timeout(A_MOMENT_MS)
        return bool(went) and _addresses(context) == before

    for page in pages:
        page.on("framenavigated", note)
    try:
        yield came_back
    finally:
        for page in pages:
            page.remove_listener("framenavigated", note)


def _addresses(context: BrowserContext) -> list[str]:
    return [frame.url for page in context.pages for frame in page.frames]


def _work(context: BrowserContext, words: Sequence[Sequence[str]]) -> None:
    """Do one thing after the other, each as soon as it shows."""
    deadline = time.monotonic() + PATIENCE
    while words and time.monotonic() < deadline:
        words = words[1:] if _press(context, words[0]) else words


def _press(context: BrowserContext, words: Sequence[str]) -> bool:
    if words[0].startswith((OPEN, OPEN_BESIDE, BACK, CLOSE)):
        context.pages[-1].wait_for_timeout(
            A_MOMENT_MS
        )  # windows that have come since are told only meanwhile
        return _turned([page for page in context.pages if page.opener() is None][-1], words[0])
    frames = [frame for page in context.pages for frame in page.frames]
    if any(_done(frame, word) for frame in frames for word in words):
        return True
    with suppress(Error):  # a window that has just gone
        for page in context.pages[:1]:
            page.wait_for_timeout(50)
    return False


def _turned(window: Page, what: str) -> bool:
    with suppress(Error):  # an address to which the browser is not let
        if what.startswith(OPEN):
            window.goto(what.removeprefix(OPEN))
        elif what.startswith(OPEN_BESIDE):
            window.evaluate("address => void window.open(address)", what.removeprefix(OPEN_BESIDE))
            window.wait_for_timeout(A_MOMENT_MS)
        elif what == BACK:
            window.go_back(timeout=A_MOMENT_MS)  # where only a frame goes back, no page of its own comes
        else:
            window.close()
    return True


def _signed_in(frame: Frame, who: str) -> bool:
    username, password = who.split()
    fields = frame.locator("input[type=text]"), frame.locator("input[type=password]")
    try:
        if fields[1].count() != 1:
            return False
        fields[0].fill(username)
        fields[1].fill(password)
        fields[1].press("Enter")
    except Error:
        return False  # its frame has just gone
    return True


def _seen(frame: Frame, text: str) -> bool:
    try:
        return frame.get_by_text(text, exact=True).filter(visible=True).count() > 0
    except Error:
        return False  # its frame has just gone


def _done(frame: Frame, word: str) -> bool:
    if word.startswith(SEES):
        return _seen(frame, word.removeprefix(SEES))
    if word.startswith(SIGN_IN):
        return _signed_in(frame, word.removeprefix(SIGN_IN))
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
        found.click(timeout=1000, no_wait_after=True)  # it was pressed, however long the page then takes
    except Error:
        return False  # its frame has just gone
    return True


def _leave(dialog: Dialog) -> None:
    """Leave a native dialog to the program: Playwright dismisses one that nobody listens to."""


def main() -> None:
    """Press what is told."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{sys.argv[1]}")
        browser.contexts[0].on("dialog", _leave)
        for line in sys.stdin:
            task = json.loads(line)
            (_work if task["in_order"] else _lead)(browser.contexts[0], task["words"])


if __name__ == "__main__":
    main()
