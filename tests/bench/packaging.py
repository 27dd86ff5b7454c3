"""How large the packaged program is, and how soon its first page is there, beside the installed one.

``python -m tests.bench.packaging ARCHIVE [--rounds N]``. The time runs from the start of the process until the console's first
page has its button; the page is opened by a browser that runs already.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser

from agent.browser.launcher import running
from agent.settings import PREFIX, Settings
from tests.agent.console.conftest import environment
from tests.bench.console import first_page


def page_delay(browser: Browser, command: Sequence[str | Path]) -> float:
    """Return the seconds from starting a console until its first page is there."""
    with tempfile.TemporaryDirectory() as place:
        environ = environment(Path(place), {"executable_path": os.environ.get(f"{PREFIX}BROWSER_PATH")})
        started = time.monotonic()
        process = subprocess.Popen(
            [*command, "console", "--no-open"],
            cwd=place,
            env=environ,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        assert process.stdout is not None
        taken = first_page(browser, started, process.stdout.readline().strip())
        process.terminate()
        process.communicate(timeout=30)
        return taken


def size(folder: Path) -> float:
    """Return the size of everything in a folder, in MB."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def largest(folder: Path) -> list[tuple[float, str]]:
    """Return the largest of the things in the program's folder of libraries, in MB."""
    inside = next(folder.rglob("_internal"))
    sizes = [
        (size(path) if path.is_dir() else path.lstat().st_size / 1e6, path.name) for path in inside.iterdir()
    ]
    return sorted(sizes, reverse=True)[:12]


def main() -> None:
    """Print sizes and times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, running(Settings(), headless=True, tell=print) as browser:
        shutil.unpack_archive(asked.archive, place)
        folder = Path(place, "gradsync")
        print(f"archive {asked.archive.stat().st_size / 1e6:.1f} MB, unpacked {size(folder):.1f} MB")
        print(*(f"  {megabytes:6.1f} MB  {name}" for megabytes, name in largest(folder)), sep="\n")
        module = [sys.executable, "-c", "from flows.main import main; main()"]
        for name, command in (("packaged", [folder / "gradsync"]), ("python", module)):
            times = [page_delay(browser, command) for _ in range(asked.rounds)]
            shown = " ".join(f"{taken:.2f}" for taken in times)
            print(f"{name}: first page after {statistics.median(times):.2f} s ({shown})")


if __name__ == "__main__":
    main()
