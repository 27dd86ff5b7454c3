"""What a person sees on a terminal: the steps as they run, and the report in short.

Everything that came from a page is stripped of control characters first, so that no page can write escape
sequences to the terminal. Marks are limited to characters of GBK; without a terminal there are just plain
lines.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TextIO

from agent.plain_text import printable

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from rich.console import Console, Group
    from rich.table import Table
    from rich.text import Text

    from agent.report.model import CheckRow, ConditionRow, NextStep, Report
    from agent.report.render import Tone, Word

_STYLES: Final[dict[Tone, str]] = {"good": "green", "warn": "yellow", "bad": "red", "plain": "default"}


def clean(text: str) -> str:
    """Return ``text`` on one line, every unprintable character replaced by a space."""
    return printable(text).strip()


class PlainProgress:
    """Progress as plain lines, for logs and pipes.

    Args:
        stream: Where the lines go; stderr when left out.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._titles: dict[str, str] = {}

    def step_started(self, step_id: str, title: str) -> None:
        """Write that the step began."""
        self._titles[step_id] = title
        self.say(f"… {title}")

    def step_ended(self, step_id: str, status: str, seconds: float, detail: str) -> None:
        """Write how the step came out."""
        self.say(_ended(self._titles.pop(step_id, step_id), status, seconds, detail).plain)

    def say(self, text: str) -> None:
        """Write one line at once."""
        self._stream.write(f"{clean(text)}\n")
        self._stream.flush()

    def paused(self) -> AbstractContextManager[None]:
        """Return a context for a question to the person; plain lines are never in its way."""
        return nullcontext()


class RichProgress:
    """Progress on a terminal: a spinner for the running step, one line for each ended one.

    Args:
        console: The console to draw on; one on stderr when left out.
    """

    def __init__(self, console: Console | None = None) -> None:
        from rich.console import Console

        self._console = console or Console(stderr=True, highlight=False)
        self._spinner = self._console.status("")
        self._titles: dict[str, str] = {}

    def step_started(self, step_id: str, title: str) -> None:
        """Show the step beside the spinner."""
        self._titles[step_id] = title
        self._spinner.update(_text(title))
        self._spinner.start()

    def step_ended(self, step_id: str, status: str, seconds: float, detail: str) -> None:
        """Take the spinner away and leave the step's line."""
        self._spinner.stop()
        self._console.print(_grid([_ended(self._titles.pop(step_id, step_id), status, seconds, detail)]))

    def say(self, text: str) -> None:
        """Print one line, above the spinner if there is one."""
        self._console.print(_text(text))

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
        yield PlainProgress()
        return
    progress = RichProgress()
    try:
        yield progress
    finally:
        progress.close()


def is_terminal(stream: TextIO) -> bool:
    """Return whether ``stream`` is a terminal that can move its cursor."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


@dataclass(frozen=True, slots=True)
class StepLine:
    """One line of a summary: a mark, which alone carries the tone's colour, and the text."""

    text: str
    mark: str = "·"
    tone: Tone = "plain"

    @property
    def plain(self) -> str:
        """The line without colour."""
        return f"{self.mark} {clean(self.text)}"


def _line(said: Word, text: str) -> StepLine:
    return StepLine(text, said.mark, said.tone)


def _ended(title: str, status: str, seconds: float, detail: str) -> StepLine:
    from agent.report.render import word

    said = word(status, "step")
    told = "" if status == "done" else f"：{said.text}"
    return _line(said, f"{title}{told}（{seconds:.1f} 秒）{detail}")


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under one title."""

    title: str
    lines: tuple[StepLine, ...]


def _headline(report: Report) -> StepLine:
    from agent.report.render import outcome_words

    return _line(outcome_words(report), report.headline)


def _sections(report: Report) -> list[Section]:
    """Return the report in short, in the order of report.html, without sections that have nothing to say."""
    parts = {
        "和上次相比": _changes(report),
        "办理时间": _window(report),
        "发生了什么" if report.trouble else "这次改变了什么": _trouble(report),
        "请注意": _warnings(report),
        "接下来要做的事": (_next_step(step) for step in report.next_steps),
        "照片": _photo(report),
        "毕业条件": (_condition(row) for row in (report.conditions.items if report.conditions else ())),
        "信息核对": _checks(report),
        "请自己再核对一眼": (StepLine(text, "!", "warn") for text in report.degraded),
    }
    return [Section(title, found) for title, lines in parts.items() if (found := tuple(lines))]


def _trouble(report: Report) -> Iterator[StepLine]:
    """The headline names what stopped the run; here stand the site's words, what was changed, and what to type."""
    from agent.report.render import effects_sentence

    trouble = report.trouble
    if trouble and trouble.message not in report.headline:
        yield replace(_headline(report), text=trouble.message)
    if trouble and trouble.said:
        yield StepLine(f"网站说：“{trouble.said}”")
    if sentence := effects_sentence(report):
        yield StepLine(sentence)
    if trouble and not report.next_steps:
        yield StepLine(f"现在怎么做：{_joined(trouble.remedy, trouble.command)}")


def _window(report: Report) -> Iterator[StepLine]:
    from agent.report.render import day, window_words

    if report.window:
        said = window_words(report.window)
        end = day(report.window.end, year=report.window.state == "after")
        yield _line(said, f"截止 {end}，{said.text}")


def _warnings(report: Report) -> Iterator[StepLine]:
    yield from (StepLine(text, "!", "warn") for text in report.warnings)


def _next_step(step: NextStep) -> StepLine:
    from agent.report.render import day

    who = "学校办理" if step.who == "school" else ""
    until = f"截止 {day(step.deadline)}" if step.deadline else ""
    typed = f"命令：{step.command}" if step.command else ""
    return StepLine(_joined(step.title, who, until, step.where, typed))


def _changes(report: Report) -> Iterator[StepLine]:
    from agent.report.render import change_words

    yield from (StepLine(change_words(row)) for row in report.changes or ())


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _photo(report: Report) -> Iterator[StepLine]:
    from agent.report.render import PHOTOS, comparison_sentence, comparison_words

    for row in report.photo.comparisons if report.photo else ():
        both = " 与 ".join(PHOTOS.get(name, (name,))[0] for name in (row.a, row.b))
        yield _line(comparison_words(row), f"{both}：{comparison_sentence(row)}")


def _condition(row: ConditionRow) -> StepLine:
    from agent.report.render import BLANK, word

    return _line(word(row.status, "condition"), f"{row.name}：{row.status_text or BLANK}")


def _checks(report: Report) -> Iterator[StepLine]:
    """Yield what needs a look, row by row, and then how many rows are fine."""
    from agent.report.render import record_checks, tally, word

    rows = record_checks(report)
    fine = [row.verdict for row in rows if word(row.verdict, "check").tone == "good"]
    yield from (_check(row) for row in rows[: len(rows) - len(fine)])
    if fine:
        yield StepLine(tally(fine, "check"), "√", "good")


def _check(row: CheckRow) -> StepLine:
    from agent.report.render import side_words, word

    said = word(row.verdict, "check")
    right = side_words(row.right) if row.right else ""
    return _line(said, _joined(f"{row.label}{said.text}", side_words(row.left), right, row.note))


def _text(text: str, style: str = "") -> Text:
    """Return rich text in which nothing of ``text`` is markup."""
    from rich.text import Text

    return Text(clean(text), style=style)


def _grid(lines: Iterable[StepLine]) -> Table:
    """Return lines as a grid, so that a long text wraps beside its mark and not under it."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 1))
    grid.add_column(overflow="fold")
    grid.add_column(overflow="fold")
    for line in lines:
        grid.add_row(_text(line.mark, f"bold {_STYLES[line.tone]}"), _text(line.text))
    return grid


def summary(report: Report) -> Group:
    """Return the report in short for a terminal, as a rich renderable."""
    from rich.console import Group
    from rich.panel import Panel

    head = _headline(report)
    panel = Panel(_grid([head]), border_style=_STYLES[head.tone], expand=False)
    return Group(panel, *(_shown(section) for section in _sections(report)))


def _shown(section: Section) -> Group:
    from rich.console import Group

    return Group(_text(section.title, "bold"), _grid(section.lines), _text(""))


def summary_lines(report: Report) -> list[str]:
    """Return the report in short as plain lines, for a stream that is no terminal."""
    return [_headline(report).plain, *_plain(_sections(report))]


def _plain(sections: Iterable[Section]) -> Iterator[str]:
    for section in sections:
        yield f"{section.title}："
        yield from (f"  {line.plain}" for line in section.lines)


def write_summary(report: Report, stream: TextIO) -> None:
    """Write the report in short to ``stream``, with colours if that is a terminal."""
    if is_terminal(stream):
        from rich.console import Console

        Console(file=stream, highlight=False).print(summary(report))
    else:
        stream.writelines(f"{line}\n" for line in summary_lines(report))
