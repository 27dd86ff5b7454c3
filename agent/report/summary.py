"""The report in short for a terminal, in the order of report.html.

Everything that came from a page is stripped of control characters first. Each line is a ``Word`` whose mark alone carries the
tone's colour; without a terminal there are just plain lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, TextIO

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from agent.plain_text import clean, is_terminal
from agent.report import words
from agent.report.model import CheckRow, NextStep, Report
from agent.report.render import record_checks
from agent.report.words import Tone, Word, word

_STYLES: Final[dict[Tone, str]] = {"good": "green", "warn": "yellow", "bad": "red", "plain": "default"}


def write_summary(report: Report, stream: TextIO) -> None:
    """Write the report in short to ``stream``, with colours if that is a terminal."""
    if is_terminal(stream):
        Console(file=stream, highlight=False).print(summary(report))
    else:
        stream.writelines(f"{line}\n" for line in summary_lines(report))


def summary(report: Report) -> Group:
    """Return the report in short for a terminal, as a rich renderable."""
    head = _headline(report)
    panel = Panel(as_grid([head]), border_style=_STYLES[head.tone], expand=False)
    sections = (
        part
        for title, lines in _sections(report).items()
        for part in (as_text(title, "bold"), as_grid(lines), as_text(""))
    )
    return Group(panel, *sections)


def summary_lines(report: Report) -> list[str]:
    """Return the report in short as plain lines, for a stream that is no terminal."""
    told = [as_line(_headline(report))]
    for title, lines in _sections(report).items():
        told += [f"{title}：", *(f"  {as_line(line)}" for line in lines)]
    return told


def as_line(line: Word) -> str:
    """Return a line without colour."""
    return f"{line.mark} {clean(line.text)}"


def as_text(text: str, style: str = "") -> Text:
    """Return rich text in which nothing of ``text`` is markup."""
    return Text(clean(text), style=style)


def as_grid(lines: Iterable[Word]) -> Table:
    """Return lines as a grid, so that a long text wraps beside its mark and not under it."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(overflow="fold")
    grid.add_column(overflow="fold")
    for line in lines:
        grid.add_row(as_text(line.mark, f"bold {_STYLES[line.tone]}"), as_text(line.text))
    return grid


def _headline(report: Report) -> Word:
    return replace(words.outcome_words(report), text=report.headline)


def _sections(report: Report) -> dict[str, list[Word]]:
    """Return the lines by their titles, without sections that have nothing to say."""
    conditions = report.conditions.items if report.conditions else ()
    parts: dict[str, Iterable[Word]] = {
        "和上次相比": (Word(words.change_words(row)) for row in report.changes or ()),
        "办理时间": _window(report),
        "发生了什么" if report.trouble else "这次改变了什么": _trouble(report),
        "请注意": (Word(text, "warn", "!") for text in report.warnings),
        "接下来要做的事": map(_next_step, report.next_steps),
        "照片": _photo(report),
        "毕业条件": (
            replace(word(row.status, "condition"), text=f"{row.name}：{row.status_text or words.BLANK}")
            for row in conditions
        ),
        "信息核对": _checks(report),
        "请自己再核对一眼": (Word(text, "warn", "!") for text in report.degraded),
    }
    return {title: found for title, lines in parts.items() if (found := list(lines))}


def _trouble(report: Report) -> Iterator[Word]:
    """The headline names what stopped the run; here stand the site's words, what was changed, and what to type."""
    trouble = report.trouble
    if trouble and trouble.message not in report.headline:
        yield replace(words.outcome_words(report), text=trouble.message)
    if trouble and trouble.said:
        yield Word(f"网站说：“{trouble.said}”")
    if sentence := words.effects_sentence(report):
        yield Word(sentence)
    if trouble and not report.next_steps:
        yield Word(f"现在怎么做：{_joined(trouble.remedy, trouble.command)}")


def _window(report: Report) -> Iterator[Word]:
    if report.window:
        said = words.window_words(report.window)
        end = words.day(report.window.end, year=report.window.state == "after")
        yield replace(said, text=f"截止 {end}，{said.text}")


def _next_step(step: NextStep) -> Word:
    who = "学校办理" if step.who == "school" else ""
    until = f"截止 {words.day(step.deadline)}" if step.deadline else ""
    typed = f"命令：{step.command}" if step.command else ""
    return Word(_joined(step.title, who, until, step.where, typed))


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _photo(report: Report) -> Iterator[Word]:
    for row in report.photo.comparisons if report.photo else ():
        both = " 与 ".join(words.PHOTOS.get(name, (name,))[0] for name in (row.a, row.b))
        yield replace(words.comparison_words(row), text=f"{both}：{row.sentence}")


def _checks(report: Report) -> Iterator[Word]:
    """Yield what needs a look, row by row, and then how many rows are fine."""
    rows = record_checks(report)
    fine = [row.verdict for row in rows if word(row.verdict, "check").tone == "good"]
    yield from (_check(row) for row in rows[: len(rows) - len(fine)])
    if fine:
        yield Word(words.tally(fine, "check"), "good", "√")


def _check(row: CheckRow) -> Word:
    said = word(row.verdict, "check")
    right = words.side_words(row.right) if row.right else ""
    return replace(said, text=_joined(f"{row.label}{said.text}", words.side_words(row.left), right, row.note))
