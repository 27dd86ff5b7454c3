"""What goes into the packaged program beside what PyInstaller found, and what does not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path


def strip_node(folder: Path) -> None:
    """Drop the names of its own functions from Playwright's node, 33 MB; elsewhere that would break its signature."""
    for node in folder.glob("**/playwright/driver/node"):
        subprocess.run(["strip", str(node)], check=True)


def write_notes(folder: Path, notes: Path, source: Path) -> None:
    """Add what people read and click, for the system this runs on."""
    for path in sorted(notes.joinpath(sys.platform).iterdir()):
        shutil.copy(path, folder)
    shutil.copy(source / "LICENSE", folder)


def check_text(text: str, forbidden: Iterable[Path]) -> None:
    """See that a text names no path of the building machine.

    Raises:
        SystemExit: It does.
    """
    if any(str(path) in text for path in forbidden):
        raise SystemExit("the list of components names a path of this machine")


def check_paths(folder: Path, forbidden: Iterable[Path]) -> None:
    """See that no file names a path of the building machine.

    Raises:
        SystemExit: One does; says which.
    """
    words = [str(path).encode() for path in forbidden]
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    named = [path for path in files if any(word in path.read_bytes() for word in words)]
    if named:
        raise SystemExit("these name a path of this machine: " + ", ".join(map(str, named)))
