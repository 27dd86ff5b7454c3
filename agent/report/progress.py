"""The steps as they run: with a spinner on a terminal, as plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from typing import TextIO

from rich.console import Console

from agent.plain_text import clean, is_terminal
from agent.report.summary import as_grid, as_line, as_text
from agent.report.words import Word, word


class PlainProgress:
    """Progress as plain lines, for logs and pipes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._titles: dict[str, str] = {}

    def step_started(self, step_id: str, title: str) -> None:
        """Write that the step began."""
        self._titles[step_id] = title
        self.say(f"… {title}")

    def step_ended(self, step_id: str, status: str, seconds: float, detail: str) -> None:
        """Write how the step came out."""
        self.say(as_line(_ended(self._titles.pop(step_id, step_id), status, seconds, detail)))

    def say(self, text: str) -> None:
        """Write one line at once."""
        self._stream.write(f"{clean(text)}\n")
        self._stream.flush()

    def paused(self) -> AbstractContextManager[None]:
        """Return a context for a question to the person; plain lines are never in its way."""
        return nullcontext()


class RichProgress:
    """Progress on a terminal: a spinner for the running step, one line for each ended one."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._spinner = self._console.status("")
        self._titles: dict[str, str] = {}

    def step_started(self, step_id: str, title: str) -> None:
        """Show the step beside the spinner."""
        self._titles[step_id] = title
        self._spinner.update(as_text(title))
        self._spinner.start()

    def step_ended(self, step_id: str, status: str, seconds: float, detail: str) -> None:
        """Take the spinner away and leave the step's line."""
        self._spinner.stop()
        self._console.print(as_grid([_ended(self._titles.pop(step_id, step_id), status, seconds, detail)]))

    def say(self, text: str) -> None:
        """Print one line, above the spinner if there is one."""
        self._console.print(as_text(text))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Keep the spinner away while a person is asked; a step that was running gets it back."""
        self._spinner.stop()
        yield
        if self._titles:
            self._spinner.start()

    def close(self) -> None:
        """Take the spinner away for good, also when a step never ended."""
        self._titles.clear()
        self._spinner.stop()


@contextmanager
def open_progress() -> Iterator[PlainProgress | RichProgress]:
    """Yield the progress that fits stderr: rich on a terminal, plain lines elsewhere."""
    if not is_terminal(sys.stderr):
        yield PlainProgress(sys.stderr)
        return
    progress = RichProgress(Console(stderr=True, highlight=False))
    try:
        yield progress
    finally:
        progress.close()


def _ended(title: str, status: str, seconds: float, detail: str) -> Word:
    said = word(status, "step")
    told = "" if status == "done" else f"：{said.text}"
    return replace(said, text=f"{title}{told}（{seconds:.1f} 秒）{detail}")
