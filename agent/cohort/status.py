"""Status of a cohort on a terminal, masked."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, TextIO

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from agent.cohort.model import TaskState
from agent.cohort.store import Counts, StoredRow
from agent.plain_text import clean, is_terminal
from agent.privacy.redaction import mask_name
from agent.report.words import Word

WORDS: Final[Mapping[TaskState, Word]] = {
    TaskState.DONE: Word("程序已办完", "good", "√"),
    TaskState.NEEDS_PERSON: Word("需要本人或同意书", "warn", "!"),
    TaskState.FAILED: Word("没有办成，下次再试", "bad", "×"),
    TaskState.RUNNING: Word("正在办", "plain", "…"),
    TaskState.QUEUED: Word("在排队", "plain", ""),
    TaskState.IMPORTED: Word("还没有开始", "plain", ""),
}
"""How a case stands, in the order in which it is told."""
MOST_LINES = 200


def lines(counts: Counts, waiting: Sequence[StoredRow]) -> list[str]:
    """Return how it stands, and who needs what."""
    said = [f"{WORDS[state].text}：{counts.states[state]} 名" for state in WORDS if counts.states.get(state)]
    more = len(waiting) - MOST_LINES
    return [
        f"共 {counts.total} 名学生，正在工作的进程 {counts.workers} 个",
        *said,
        *(["需要处理的学生（代号、学号、姓名、原因）："] if waiting else []),
        *map(row_line, waiting[:MOST_LINES]),
        *([f"……还有 {more} 名，请看 gradsync cohort report"] if more > 0 else []),
        *remedies(waiting),
    ]


def remedies(rows: Iterable[StoredRow]) -> list[str]:
    """Return what to do about students' cases, each remedy once with how many it is for."""
    told = Counter(row.result.remedy for row in rows if row.result and row.result.remedy)
    return [
        clean(f"怎么办：{remedy}{f'（{count} 名）' if told.total() > 1 else ''}")
        for remedy, count in told.items()
    ]


def row_line(row: StoredRow) -> str:
    """Return one student in one line."""
    asked = f"（{'、'.join(row.asks)}）" if row.asks else ""
    who = f"{row.code}  {row.person.student_number or '—'}  {mask_name(row.person.name)}"
    return clean(f"  {who}  {why(row)}{asked}")


def why(row: StoredRow) -> str:
    """Return why a student's case has ended as it did."""
    return (row.result.message or row.result.headline) if row.result else WORDS[row.state].text


def data(counts: Counts, waiting: Iterable[StoredRow]) -> dict[str, Any]:
    """Return the same as JSON data."""
    return {
        "students": counts.total,
        "workers": counts.workers,
        "states": {state.value: counts.states.get(state, 0) for state in TaskState},
        "needs": dict(counts.needs),
        "waiting": [row_data(row) for row in waiting],
    }


def row_data(row: StoredRow) -> dict[str, Any]:
    """Return one student as JSON data."""
    return {
        "ref": row.ref,
        "student_number": row.person.student_number,
        "name": mask_name(row.person.name),
        "state": row.state.value,
        "needs": row.needs,
        "exit_status": row.exit_status,
        "asks": list(row.asks),
    }


class PlainWatching:
    """Lines for logs and pipes: one each time that something has changed."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._last = stream, ""

    def counts(self, counts: Counts) -> None:
        """Write a line, unless it stands as before."""
        said = "，".join(f"{WORDS[state].text} {number}" for state, number in counts.states.items())
        if said != self._last:
            self._last = said
            self.say(f"{counts.total - counts.open}/{counts.total}：{said}")

    def say(self, text: str) -> None:
        """Write one line at once."""
        self._stream.write(f"{clean(text)}\n")
        self._stream.flush()


class RichWatching:
    """A bar with the counts under it, drawn anew in place."""

    def __init__(self, console: Console) -> None:
        self.live = Live(console=console, refresh_per_second=4, transient=True)

    def counts(self, counts: Counts) -> None:
        """Draw how it stands."""
        self.live.update(_drawn(counts))

    def say(self, text: str) -> None:
        """Print one line above the bar."""
        self.live.console.print(Text(clean(text)))


def _drawn(counts: Counts) -> Table:
    over = counts.total - counts.open
    states = (f"{WORDS[state].text} {counts.states[state]}" for state in WORDS if counts.states.get(state))
    said = f"{over}/{counts.total} 名　工作进程 {counts.workers} 个　{'　'.join(states)}"
    grid = Table.grid()
    grid.add_row(ProgressBar(total=max(counts.total, 1), completed=over, width=60))
    grid.add_row(Text(said))
    return grid


@contextmanager
def open_watching() -> Iterator[PlainWatching | RichWatching]:
    """Yield what fits stderr: drawn in place on a terminal, lines elsewhere."""
    if not is_terminal(sys.stderr):
        yield PlainWatching(sys.stderr)
        return
    watching = RichWatching(Console(stderr=True, highlight=False))
    with watching.live:
        yield watching
