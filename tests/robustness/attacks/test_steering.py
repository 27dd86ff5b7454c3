"""Escape sequences and direction marks in what sites and files say: shown as text on the terminal, in files and pages."""

from __future__ import annotations

import io
from contextlib import nullcontext
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.asks import Ask, AskKind
from agent.cli.boundary import tell
from agent.cli.prompts import Terminal
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
