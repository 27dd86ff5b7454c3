"""Which browser is tried, in what order: a machine is made of the commands its PATH has."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agent.browser.launcher import PLACES, candidates, flags, installers, running
from agent.errors import BrowserMissing
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


def _program(folder: Path, text: str, mode: int = 0o755) -> Path:
    path = folder / "browser"
    path.write_text(text)
    path.chmod(mode)
    return path


def _start(path: Path) -> None:
    with running(Settings(browser_path=path), True, print):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="programs of a POSIX shell")
@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        (None, 0, "没有这个文件"),
        ("", 0, "文件夹"),
        ("#!/bin/sh\necho please install the snap >&2\nexit 1\n", 0o755, "please install the snap"),
        ("#!/bin/sh\necho 请先安装\nexit 10\n", 0o755, "请先安装"),
        ("#!/bin/sh\nexit 1\n", 0o755, "马上结束"),
        ("no program", 0o644, "权限"),
    ],
)
def test_a_browser_set_by_hand_is_named_with_what_it_said(
    tmp_path: Path, text: str | None, mode: int, said: str
) -> None:
    path = tmp_path / "browser"
    if text:
        _program(tmp_path, text, mode)
    elif text == "":
        path.mkdir()
    if mode == 0o644 and os.geteuid() == 0:
        pytest.skip("root may run everything that one may run")
    with pytest.raises(BrowserMissing) as stop, ThreadPoolExecutor(1) as pool:
        pool.submit(_start, path).result()  # in a thread that no browser of another test is driven from
    assert str(path) in stop.value.message
    assert said in stop.value.message
    assert "GRADSYNC_BROWSER_PATH" in stop.value.remedy


def test_every_place_on_the_screen_is_another() -> None:
    places = [flags(place)[-1] for place in range(PLACES)]
    assert len(set(places)) == PLACES
    assert places[0] == "--window-position=0,0"
    assert flags(PLACES)[-1] == places[0]
    assert not any(flag.startswith("--window-position") for flag in flags())
