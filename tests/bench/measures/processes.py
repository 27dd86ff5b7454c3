"""What a process and all below it have spent, read from /proc (Linux)."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
TICKS = os.sysconf("SC_CLK_TCK")


def family(root: int) -> list[int]:
    """Return a process and all below it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int(stat(int(entry.name))[1])
            except OSError:
                continue
            parents.setdefault(parent, []).append(int(entry.name))
    found, left = [], [root]
    while left:
        found.append(left.pop())
        left += parents.get(found[-1], [])
    return found


def asked_all(processes: Sequence[int], ask: Callable[[int], T]) -> dict[int, T]:
    """Return the answer for each process that is still there."""
    answers = {}
    for pid in processes:
        with suppress(OSError):  # it has ended meanwhile
            answers[pid] = ask(pid)
    return answers


def stat(pid: int) -> list[str]:
    """Return the columns of proc(5)'s ``stat`` after the program's name: state, parent, …"""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def cpu_of(pid: int) -> float:
    """Return the CPU seconds of one process."""
    columns = stat(pid)
    return (int(columns[11]) + int(columns[12])) / TICKS


def cpu_milliseconds(root: int, but: int) -> Counter[str]:
    """Return the CPU milliseconds of a process and all below it by their names, with those that ended and were waited for.

    Args:
        root: The process.
        but: One below it that is not counted.
    """

    def spent(pid: int) -> tuple[str, int]:
        name = Path(f"/proc/{pid}/comm").read_text().strip()
        return name, sum(map(int, stat(pid)[11:15])) * 1000 // TICKS

    total: Counter[str] = Counter()
    for name, milliseconds in asked_all([pid for pid in family(root) if pid != but], spent).values():
        total[name] += milliseconds
    return total
