"""The pictures of README.zh-CN.md, taken of a real run at the mock sites: `python -m tests.docs.images` renews them."""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page
from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME
from rich.text import Text

from agent.asks import Answer, Ask
from agent.browser.launcher import running
from agent.cli.prompts import Terminal
from agent.report.model import Report
from agent.report.progress import open_progress
from agent.report.summary import write_summary
from agent.settings import Settings
from fixtures.people.students import STUDENTS
from fixtures.server import MockSites
from tests.docs.terminal import COLUMNS, terminal
from tests.harness.program import run_job, site_settings
from tests.structure.source import ROOT

IMAGES = ROOT / "docs" / "images"
LARGEST = 400 * 1024
DESKTOP, PHONE = 1100, 390
PATIENCE = 30.0
"""Seconds per page, as people have it by default: pictures are not taken against the clock."""
APPLY = "直接回车不同意："
_TERMINAL = """<meta charset="utf-8"><style>
@font-face {{ font-family: narrow; src: local("DejaVu Sans Mono"); size-adjust: 83.06%; unicode-range: U+0-2BFF }}
body {{ margin: 0; background: {background}; color: {foreground} }}
pre {{ margin: 0; padding: 20px 24px; width: max-content; font: 16px/1.5 narrow, "Noto Sans Mono CJK SC", monospace }}
</style><pre>{code}</pre>"""
"""Half as wide as a Chinese character: letters, and the marks and frames that a Chinese font would draw twice as wide."""


@dataclass
class Student:
    """Reads each question on the terminal, signs in by hand in the window when it is about that, and answers.

    Args:
        browser: Where the windows are.
        terminal: Puts the questions.
    """

    browser: Browser
    terminal: Terminal

    def answer(self, ask: Ask) -> Answer | None:
        """Do what the question wants."""
        answer = self.terminal.answer(ask)
        if ask.id.startswith("signed-in."):
            self._sign_in(self.browser.contexts[-1].pages[0], ask.id.removeprefix("signed-in."))
        return answer

    def expects(self, ask_id: str) -> bool:
        """The pictures are of the main job; nothing official is clicked in them."""
        return ask_id.startswith("signed-in.")

    def _sign_in(self, page: Page, site: str) -> None:
        given = STUDENTS[0].credentials[site]
        page.locator("input[type=text]").fill(given.username)
        password = page.locator("input[type=password]")
        password.fill(given.password)
        password.press("Enter")


@dataclass(frozen=True)
class Run:
    """A run that has ended: its report, its case folder, and the terminal's lines with their colours."""

    report: Report
    folder: Path
    lines: list[str]

    @property
    def plain(self) -> list[str]:
        """The terminal's lines without their colours."""
        return Text.from_ansi("\n".join(self.lines)).plain.split("\n")


def run(browser: Browser, sites: MockSites, folder: Path) -> Run:
    """Let the first student go through a whole run: signing in by hand, and agreeing to the plan."""
    addresses = {
        site: {name: value for name, value in given.items() if name.endswith("_url")}
        for site, given in site_settings(sites).items()
    }
    with terminal({APPLY: "y"}) as screen, open_progress() as progress:
        student = Student(browser, Terminal(progress.paused))
        report = run_job(
            browser, addresses, folder, answerers=[student], progress=progress, patience=PATIENCE
        )
        write_summary(report, sys.stdout)
    return Run(report, folder, screen.lines)


def take(browser: Browser, done: Run, folder: Path) -> list[Path]:
    """Take every picture and return their files."""
    return [*_of_report(browser, done, folder), _of_terminal(browser, done, folder)]


def _of_report(browser: Browser, done: Run, folder: Path) -> Iterator[Path]:
    """The page in parts as wide as on a computer, and its beginning on a phone."""
    address = (done.folder / "report.html").as_uri()
    for name, shoot in _PARTS.items():
        width, height, scale = (PHONE, 844, 2) if name == "report-phone" else (DESKTOP, 900, 1)
        page = browser.new_page(
            viewport={"width": width, "height": height}, device_scale_factor=scale, locale="zh-CN"
        )
        page.goto(address)
        yield _kept(folder, name, shoot(page))
        page.close()


def _part(heading: str) -> Callable[[Page], bytes]:
    return lambda page: page.locator(f"section[aria-labelledby={heading}]").screenshot()


_PARTS: dict[str, Callable[[Page], bytes]] = {
    "report-top": Page.screenshot,
    "report-photos": _part("photos"),
    "report-conditions": _part("conditions"),
    "report-phone": Page.screenshot,
}


def _of_terminal(browser: Browser, done: Run, folder: Path) -> Path:
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    console.print(Text.from_ansi("\n".join(done.lines).strip()))
    page = browser.new_page(viewport={"width": DESKTOP, "height": 900})
    page.set_content(console.export_html(theme=SVG_EXPORT_THEME, code_format=_TERMINAL, inline_styles=True))
    picture = page.locator("pre").screenshot()
    page.close()
    return _kept(folder, "terminal", picture)


def _kept(folder: Path, name: str, picture: bytes) -> Path:
    file = folder / f"{name}.png"
    file.write_bytes(picture)
    return file


def main() -> None:
    """Renew ``docs/images``, all of them or none."""
    with (
        running(Settings(), headless=True, tell=print) as browser,
        MockSites() as sites,
        tempfile.TemporaryDirectory() as folder,
    ):
        done = run(browser, sites, Path(folder, "case"))
        if done.report.exit_status:
            sys.exit(
                f"the run ended with {done.report.exit_status}: {done.report.trouble or done.report.degraded}"
            )
        for file in take(browser, done, Path(folder)):
            sys.stdout.write(f"{shutil.copy(file, IMAGES)}  {file.stat().st_size // 1024} KB\n")


if __name__ == "__main__":
    main()
