"""Printing data: on stdout, as JSON or as plain lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable


def print_json(value: object) -> None:
    """Print data on stdout as JSON, Chinese kept readable."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def print_lines(lines: Iterable[str]) -> None:
    """Print lines on stdout."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
