"""Escape sequences and direction marks in what sites and files say: shown as text on the terminal, in files and pages."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from rich.console import Console

from agent.asks import Ask, AskKind
from agent.cli.boundary import tell
from agent.cli.output import print_json, print_lines, say
from agent.cli.prompts import Terminal
from agent.cohort.status import PlainWatching, RichWatching
from agent.errors import SiteUnavailable
from agent.plain_text import STEERING
from fixtures.server import MockSites
from tests.harness.program import run_job, site_settings

EVIL = "\x1b]0;主人\x07\x1b[2J\u202e人坏\u2066\x9b31m"


def test_an_error_is_told_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    tell(SiteUnavailable(f"网站显示：“{EVIL}”。", f"请看{EVIL}"))
    said = capsys.readouterr().err
    assert "人坏" in said
    assert STEERING.search(said) is None


@pytest.mark.parametrize(
    "told", [say, lambda text: print_lines([text]), lambda text: PlainWatching(sys.stdout).say(text)]
)
def test_a_line_is_printed_as_text(told: Callable[[str], None], capsys: pytest.CaptureFixture[str]) -> None:
    told(EVIL)
    said = "".join(capsys.readouterr())
    assert "人坏" in said
    assert said.count("\n") == 1
    assert STEERING.search(said) is None


def test_a_line_above_the_bar_is_printed_as_text() -> None:
    screen = io.StringIO()
    RichWatching(Console(file=screen, force_terminal=False)).say(f"{EVIL}[red]")
    assert "人坏" in screen.getvalue()
    assert "[red]" in screen.getvalue()
    assert STEERING.search(screen.getvalue()) is None


@pytest.mark.parametrize("page", ["utf-8", "gbk", "ascii"])
def test_data_are_printed_as_text_and_stay_what_they_are(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.TextIOWrapper(io.BytesIO(), encoding=page, errors="replace")
    monkeypatch.setattr("sys.stdout", shown)
    print_json({"said": EVIL, EVIL: ["\x7f\u2028\\\x9b"]})
    shown.flush()
    said = shown.buffer.getvalue().decode(page)
    assert STEERING.search(said) is None
    assert json.loads(said) == {"said": EVIL, EVIL: ["\x7f\u2028\\\x9b"]}


def test_a_question_is_put_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n"))
    monkeypatch.setattr("agent.cli.prompts.there_is_somebody", lambda: True)
    ask = Ask("choose-enrollment", AskKind.CHOICE, EVIL, details=(EVIL,), options=(EVIL, "另一项"))
    answer = Terminal(nullcontext).answer(ask)
    assert answer is not None
    assert answer.value == EVIL
    assert screen.getvalue().count("人坏") == 3
    assert STEERING.search(screen.getvalue()) is None


def test_what_a_site_says_is_text_in_every_file_of_the_case(browser: Browser, tmp_path: Path) -> None:
    spoiled = EVIL.replace("\x1b", "&#x1b;").replace("\x07", "&#x7;").replace("\x9b", "&#x9b;")
    with MockSites(
        scenario="wrong_password",
        mutate=lambda site, path, html: html.replace("密码有误", f"密码有误{spoiled}"),
    ) as sites:
        run_job(browser, site_settings(sites), tmp_path / "case", patience=5)
    files = [
        path
        for path in (tmp_path / "case").rglob("*")
        if path.suffix in (".json", ".jsonl", ".html", ".md", ".txt")
    ]
    steered = {path.name: STEERING.findall(path.read_text("utf-8")) for path in files}
    assert "人坏" in (tmp_path / "case" / "report.json").read_text("utf-8")
    assert {name: marks for name, marks in steered.items() if marks} == {}
