"""The blocks of the READMEs that the program itself prints: `python -m tests.docs.blocks [--write]`.

A block stands between ``<!-- KIND -->`` and ``<!-- end -->``. Without ``--write`` the READMEs are only compared, and
status 1 says that one is out of date. In the tables of errors the column that says what happened is written by hand.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import groupby

from agent import errors
from agent.ask_registry import ASKS
from agent.errors import ExitStatus, GradsyncError
from tests.docs.readme import READMES, rows
from tests.structure.source import ROOT

WIDTH = "100"
UNWRITTEN = "TODO"
"""Stands where a new error still has no sentence; the tests refuse it."""

_MARKED = re.compile(
    r"(?P<head><!-- (?P<kind>[\w-]+)(?P<words>(?: \w+)*) -->\n)(?P<old>.*?)(?P<end><!-- end -->)", re.DOTALL
)


def renewed(text: str) -> str:
    """Return a README's text with every marked block as the program prints it now."""
    return _MARKED.sub(
        lambda found: (
            found["head"] + _MAKERS[found["kind"]](found["words"].split(), found["old"]) + found["end"]
        ),
        text,
    )


def _help(words: list[str], old: str) -> str:
    """What ``--help`` prints."""
    command = shutil.which("gradsync", path=os.path.dirname(sys.executable))
    environ = {**os.environ, "COLUMNS": WIDTH, "PYTHONUTF8": "1"}
    printed = subprocess.run(
        [command or "gradsync", *words, "--help"],
        env=environ,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return f"```text\n$ {' '.join(['gradsync', *words, '--help'])}\n{printed.stdout.strip()}\n```\n"


def _exit_statuses(words: list[str], old: str) -> str:
    """Exit statuses with the codes of the errors that end with them."""
    said = _by_hand(old)
    lines = (
        _row(f"`{status.value}`", said.get(f"`{status.value}`", UNWRITTEN), _codes(status))
        for status in ExitStatus
    )
    return _table(_row("Status", "Meaning", "Codes in `report.json`"), lines)


def _endings(words: list[str], old: str) -> str:
    """Errors with what to do, in the program's own words."""
    said = _by_hand(old)
    lines = (
        _row(
            f"`{kind.code}`",
            said.get(f"`{kind.code}`", UNWRITTEN),
            _spelled(kind.default_remedy),
            str(status.value),
        )
        for status, kinds in groupby(_errors(), lambda kind: kind.exit_status)
        for kind in kinds
    )
    return _table(_row("提示代码", "发生了什么", "怎么办", "结束码"), lines)


def _benches(words: list[str], old: str) -> str:
    """The command of every bench that is run by itself, and what its module says it is."""
    files = sorted((ROOT / "tests" / "bench").glob("*.py"))
    return "".join(_bench(ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "") for file in files)


def _bench(said: str) -> str:
    command = re.search(r"`(python -m [^`]+)`", said)
    what = said.split("\n", 1)[0].split(": `", maxsplit=1)[0].rstrip(".")
    return f"- `{command[1]}`: {what[:1].lower()}{what[1:]}\n" if command else ""


def _asks(words: list[str], old: str) -> str:
    """Every ask that can be raised, with its title and what answers it."""
    lines = (_row(f"`{entry.pattern}`", entry.title, entry.answer) for entry in ASKS)
    return _table(_row("Id", "Title", "Answer"), lines)


_MAKERS: dict[str, Callable[[list[str], str], str]] = {
    "help": _help,
    "exit-statuses": _exit_statuses,
    "endings": _endings,
    "benches": _benches,
    "asks": _asks,
}


def _errors() -> list[type[GradsyncError]]:
    """Every error but the base, in the order of exit statuses and then of the source."""
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, GradsyncError)
    ]
    return sorted((kind for kind in kinds if kind is not GradsyncError), key=lambda kind: kind.exit_status)


def _codes(status: ExitStatus) -> str:
    return ", ".join(f"`{kind.code}`" for kind in _errors() if kind.exit_status is status)


def _spelled(remedy: str) -> str:
    """A remedy with its commands and settings as code."""
    return re.sub(
        r"(?:gradsync|playwright) [a-z]+(?: [a-z]+)*|--\w+|GRADSYNC_\w+(?:<站点>\w+)?", r"`\g<0>`", remedy
    )


def _by_hand(old: str) -> dict[str, str]:
    """The second column of a table by its first."""
    return {cells[0]: cells[1] for cells in rows(old)}


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


def _table(head: str, lines: Iterator[str]) -> str:
    return head + _row(*["---"] * head.count(" | "), "---") + "".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Compare or rewrite the READMEs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="bring the READMEs up to date")
    write = parser.parse_args(arguments).write
    texts = {file: file.read_text("utf-8") for file in READMES}
    changed = {file: new for file, text in texts.items() if (new := renewed(text)) != text}
    for file, text in changed.items():
        sys.stdout.write(f"{file.name}: {'written' if write else 'out of date'}\n")
        if write:
            file.write_text(text, "utf-8")
    return int(bool(changed) and not write)


if __name__ == "__main__":
    sys.exit(main())
