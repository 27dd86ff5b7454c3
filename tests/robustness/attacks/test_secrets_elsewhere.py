"""Secrets of the program where other programs look: the environment of the browser and of its driver."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agent.browser.launcher import running
from agent.settings import Settings

CANARY = "canary-kz7"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def _children(pid: int) -> list[int]:
    """Return every process below one."""
    found = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for listing in found for child in listing.read_text("ascii").split()]
    return [*children, *(below for child in children for below in _children(child))]


def _environments() -> dict[str, bytes]:
    """Return the environment of every process that a running browser is made of, by command line."""
    before = set(_children(os.getpid()))
    with running(Settings(), headless=True, tell=print):
        started = [Path(f"/proc/{pid}") for pid in _children(os.getpid()) if pid not in before]
        return {(place / "cmdline").read_text(): (place / "environ").read_bytes() for place in started}


def test_the_browser_and_its_driver_are_given_none_of_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADSYNC_SITES__CHSI__PASSWORD", CANARY)
    monkeypatch.setenv("gradsync_session_passphrase", CANARY)
    with ThreadPoolExecutor(1) as thread:  # the test's thread has a Playwright already
        found = thread.submit(_environments).result()
    assert any("chrom" in command for command in found)
    assert any("driver" in command for command in found)
    assert [command for command, environ in found.items() if CANARY.encode() in environ] == []
    assert os.environ["GRADSYNC_SITES__CHSI__PASSWORD"] == CANARY
