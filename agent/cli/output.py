"""Printing: data on stdout, as JSON or as plain lines; talk on stderr. What a site or a file says steers no terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

from agent.cli.streams import takes
from agent.plain_text import STEERING, printable


def print_json(value: object) -> None:
    """Print data on stdout as JSON, Chinese kept readable."""
    print_json_text(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_json_text(text: str) -> None:
    """Print a JSON document on stdout; its letters are escaped where the stream has not all of them."""
    if not takes(sys.stdout, text):
        text = json.dumps(json.loads(text), indent=2)
    text = STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)  # such stand in strings only
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def print_result(data: object, lines: Iterable[str], as_json: bool) -> None:
    """Print a result on stdout: as JSON where it was asked for, else as lines."""
    if as_json:
        print_json(data)
    else:
        print_lines(lines)


def print_lines(lines: Iterable[str]) -> None:
    """Print lines on stdout."""
    sys.stdout.write("".join(f"{printable(line)}\n" for line in lines))
    sys.stdout.flush()


def say(*lines: str) -> None:
    """Print lines of talk on stderr."""
    sys.stderr.write("".join(f"{printable(line)}\n" for line in lines))
    sys.stderr.flush()
