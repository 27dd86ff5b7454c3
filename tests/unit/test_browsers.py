"""Which browser is tried, in what order: a machine is made of the commands its PATH has."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from agent.browser import candidates, installers
from agent.settings import Settings


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is the whole PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def _command(folder: Path, name: str) -> None:
    (folder / name).touch(0o755)


def _names(headless: bool, settings: Settings | None = None) -> list[str]:
    return [candidate.name for candidate in candidates(settings or Settings(), headless)]


def test_without_a_window_the_shell_comes_before_the_system_s_browsers(machine: Path) -> None:
    for name in ("chromium", "chromium-headless-shell", "google-chrome-stable"):
        _command(machine, name)
    system = ["chromium", "google-chrome-stable"]
    assert _names(headless=True) == ["chrome", "msedge", "chromium-headless-shell", *system, "playwright"]
    assert _names(headless=False) == ["chrome", "msedge", *system, "playwright"]


def test_what_was_set_by_hand_is_the_only_candidate(machine: Path) -> None:
    _command(machine, "chromium")
    assert _names(True, Settings(browser_path=machine / "mine")) == ["GRADSYNC_BROWSER_PATH"]
    assert _names(True, Settings(browser_channel="msedge")) == ["msedge"]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no root here")
def test_root_on_debian_gets_the_shell_and_does_without_it_where_there_is_none(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _command(machine, "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(sys, "platform", "linux")
    _, with_shell, without = (commands[-1] for _, commands in installers())
    assert "chromium-headless-shell" in with_shell
    assert set(with_shell) - set(without) == {"chromium-headless-shell"}
    assert {"chromium", "fonts-noto-cjk"} <= set(without)
