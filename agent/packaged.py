"""The packaged program: a folder with a Python of its own, which starts by a double click (docs/packaging.md)."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from agent import paths

CASES = Path("gradsync-cases")
LIBRARIES = "LD_LIBRARY_PATH"
BROWSERS = "PLAYWRIGHT_BROWSERS_PATH"


def is_packaged() -> bool:
    """Return whether this is the packaged program."""
    return bool(getattr(sys, "frozen", False))


def prepare_environment() -> None:
    """Give other programs the environment that the packaged program was started with, and browsers their usual place.

    PyInstaller's start puts its own libraries before the system's and keeps what was there under another name; Playwright
    would put browsers into the program's folder, which may be read-only and goes with the next version.
    """
    if not is_packaged():
        return
    before = os.environ.pop(f"{LIBRARIES}_ORIG", None)
    if before:
        os.environ[LIBRARIES] = before
    else:
        os.environ.pop(LIBRARIES, None)
    os.environ.setdefault(BROWSERS, str(browsers_folder()))


def browsers_folder() -> Path:
    """Return where Playwright puts the browsers that it fetches (its documentation, "Managing browser binaries")."""
    chosen = os.environ.get(BROWSERS)
    if chosen and chosen != "0":
        return Path(chosen)
    cache = paths.browser_cache_folder()
    return cache / "ms-playwright"


def program_folder() -> Path:
    """Return the folder that was unpacked; on macOS the one that the bundle lies in."""
    executable = Path(sys.executable)
    bundle = next((path for path in executable.parents if path.suffix == ".app"), None)
    return bundle.parent if bundle else executable.parent


def enter_working_folder() -> None:
    """After a double click: work where the program lies, so that cases are found beside it, else in the documents."""
    folder = program_folder()
    os.chdir(folder if is_writable(folder) else documents_folder())


def cases_folder() -> Path:
    """Return the folder of cases: in the working folder, or in the documents where that one is read-only."""
    return CASES if is_writable(Path.cwd()) else documents_folder() / CASES


def documents_folder() -> Path:
    """Return the user's documents; made where it is not there yet."""
    folder = paths.documents_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def is_writable(folder: Path) -> bool:
    """Return whether a file can be made in a folder, by making one that is gone at once."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
