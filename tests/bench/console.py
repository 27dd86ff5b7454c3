"""How soon the console's first page is there, and how soon an ask that was raised stands on the page.

``python -m tests.bench.console [--rounds N]`` starts consoles with mock sites of their own. The first time runs from the start
of the process until the first page is in the browser; the second from the moment in the case's audit log at which the ask was
raised, until the open page shows it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser

from agent.browser.launcher import running
from agent.case.audit_log import FILE_NAME as AUDIT
from agent.settings import PREFIX, Settings
from tests.agent.console.conftest import console, environment
from tests.agent.console.people import Person

STUDENT, ASK = "s05", "要按下面的计划在网站上操作吗？"
NOTICED = """
new MutationObserver(() => {
  if (document.querySelector("[data-focus]")) window.noticed ??= Date.now() / 1000;
}).observe(document, {childList: true, subtree: true});
"""


def first_page(browser: Browser, started: float, address: str) -> float:
    """Return the seconds from the start until the first page is there."""
    page = browser.new_page()
    page.goto(address)
    page.get_by_role("button", name="开始", exact=True).wait_for()
    taken = time.monotonic() - started
    page.close()
    return taken


def ask_delay(browser: Browser, address: str, folder: Path) -> float:
    """Return the seconds between raising an ask and its standing on the page."""
    page = browser.new_page()
    page.add_init_script(NOTICED)
    me = Person(page)
    me.opens(address)
    me.begins(student=STUDENT)
    me.asked(ASK)
    noticed = float(page.evaluate("window.noticed"))
    me.presses("停下")
    page.close()
    return noticed - _raised(folder)


def _raised(folder: Path) -> float:
    (log,) = folder.rglob(AUDIT)
    records = (json.loads(line) for line in log.read_text("utf-8").splitlines())
    (at,) = (record["at"] for record in records if record["event"] == "ask")
    return datetime.fromisoformat(at).timestamp()


def one_round(browser: Browser) -> tuple[float, float]:
    """Start a console anew and return both times."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        environ = environment(folder, {"executable_path": os.environ.get(f"{PREFIX}BROWSER_PATH")})
        started = time.monotonic()
        with console(folder, environ) as plain:
            page = first_page(browser, started, plain.address)
        with console(folder, environ, "--demo") as rehearsing:
            return page, ask_delay(browser, rehearsing.address, folder)


def _told(name: str, values: Sequence[float]) -> str:
    shown = " ".join(f"{value:.3f}" for value in sorted(values))
    return f"{name}: median {statistics.median(values):.3f} s, worst {max(values):.3f} s ({shown})\n"


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with running(Settings(), headless=True, tell=print) as browser:
        pages, asks = zip(*(one_round(browser) for _ in range(rounds)), strict=True)
    sys.stdout.write(_told("console's start to its first page", pages))
    sys.stdout.write(_told("ask raised to ask on the page", asks))


if __name__ == "__main__":
    main()
