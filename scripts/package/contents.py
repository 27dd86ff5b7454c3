"""What goes into the packaged program beside what PyInstaller found, and what does not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

UNSTRIPPED = ("**/playwright/driver/node", "**/libpython3.*.so*", "**/_rust.abi3.so", "**/cv2/*.so")
"""Programs that come with the names of their own functions: 33 MB of node's, 17 of Python's."""


def strip_symbols(folder: Path) -> None:
    """Drop the names of their own functions from programs; elsewhere than on Linux that would break signatures."""
    for pattern in UNSTRIPPED:
        for program in folder.glob(pattern):
            subprocess.run(["strip", str(program)], check=True)


def blot_paths(folder: Path, forbidden: Iterable[Path]) -> None:
    """Write slashes over the paths of the building machine in Linux' programs and libraries.

    They stand where Python and OpenCV were built, and where the first looks for libraries: slashes lead nowhere. A path's last part
    stays, since linkers let a shorter text be the end of a longer one: Python's version may be that of its place.
    """
    ends = {str(path).encode(): path.name.encode() for path in forbidden}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        data = path.read_bytes()
        if data.startswith(b"\x7fELF") and any(word in data for word in ends):
            for word, end in ends.items():
                data = data.replace(word, end.rjust(len(word), b"/"))
            path.write_bytes(data)


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
