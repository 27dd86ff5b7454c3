"""A worker whose browser another machine runs: Playwright's own server, here in a process beside the test."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from agent.browser import running
from agent.errors import BrowserMissing
from agent.settings import Settings, load


@pytest.fixture
def endpoint(tmp_path: Path, browser_type_launch_args: Mapping[str, Any]) -> Iterator[str]:
    """The address of a browser that waits to be connected to."""
    chosen = {
        "executablePath": str(browser_type_launch_args["executable_path"] or "") or None,
        "channel": browser_type_launch_args["channel"],
        "args": browser_type_launch_args["args"],
        "headless": True,
        "host": "127.0.0.1",
    }
    config = tmp_path / "server.json"
    config.write_text(json.dumps({name: value for name, value in chosen.items() if value}), "utf-8")
    command = [
        sys.executable,
        "-m",
        "playwright",
        "launch-server",
        "--browser",
        "chromium",
        "--config",
        str(config),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            os.killpg(server.pid, signal.SIGTERM)  # the command leaves the server itself running


def _title(settings: Settings) -> str:
    with running(settings, headless=True, tell=print) as browser:
        page = browser.new_page()
        page.set_content("<title>远程</title>")
        return page.title()


def _elsewhere(settings: Settings) -> str:
    """Look in a thread of its own: the test's thread has a Playwright already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_title, settings).result()


def test_a_worker_uses_the_browser_of_another_machine(endpoint: str) -> None:
    assert _elsewhere(load({"browser_endpoint": endpoint})) == "远程"


def test_a_browser_that_is_not_there_is_said_without_its_address() -> None:
    with pytest.raises(BrowserMissing) as stopped:
        _elsewhere(load({"browser_endpoint": "ws://127.0.0.1:9/token-kz7"}))
    assert "kz7" not in str(stopped.value)
