"""The READMEs as tests see them: their code, their tables, and the commands they tell people to type."""

from __future__ import annotations

import re

from tests.structure.source import ROOT

ENGLISH = ROOT / "README.md"
CHINESE = ROOT / "README.zh-CN.md"
READMES = (ENGLISH, CHINESE)

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_COMMAND = re.compile(r"(?:^|[\s/\\])gradsync(?: +([^#]*?))?(?: +#.*)?$")
_OUTPUT = "text"


def blocks(text: str, *languages: str) -> list[str]:
    """Return the fenced blocks of the given languages, of all when none is given."""
    return [body for language, body in _FENCE.findall(text) if not languages or language in languages]


def code(text: str) -> list[str]:
    """Return every line of code and every code span; blocks of output are left out."""
    lines = [
        line.strip()
        for language, body in _FENCE.findall(text)
        if language != _OUTPUT
        for line in body.splitlines()
    ]
    return [*lines, *_SPAN.findall(_FENCE.sub("", text))]


def commands(text: str) -> list[list[str]]:
    """Return the words after ``gradsync`` of every command that the code names."""
    found = (_COMMAND.search(line) for line in code(text))
    return [(match[1] or "").split() for match in found if match]


def section(text: str, title: str) -> str:
    """Return what stands under a heading of the second level; raises ``ValueError`` when it is missing."""
    _, after = re.split(rf"^## {re.escape(title)}$", text, flags=re.MULTILINE)
    return re.split(r"^## ", after, maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    """Return the cells of every table row; heads and rules are left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rules = {number for number, line in enumerate(lines) if set(line) <= set("|-: ")}
    body = (line for number, line in enumerate(lines) if number not in rules and number + 1 not in rules)
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in body]


def listed(text: str) -> list[str]:
    """Return the code spans in the first cell of every table row."""
    return [name for cells in rows(text) for name in _SPAN.findall(cells[0])]
