"""A worker whose browser another machine runs: Playwright's own server, here in a process beside the test."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error

from agent.browser.launcher import NOT_HELD, running, site_context
from agent.browser.network.origin_proxy import OriginProxy
from agent.errors import BrowserMissing
from agent.settings import Settings, load
from tests.robustness.attacks.redirects.hosts import ALLOWED, AllowedHost, allowed_host, foreign_host


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


def test_a_redirect_in_a_browser_that_reaches_the_proxy_is_refused(endpoint: str) -> None:
    said: list[str] = []
    with foreign_host() as foreign, allowed_host(foreign) as site, ThreadPoolExecutor(1) as thread:
        refused = thread.submit(_redirected, load({"browser_endpoint": endpoint}), site, said.append).result()
        assert foreign.heard == []
        assert refused == [foreign.netloc]
    assert said == []


def test_a_browser_that_cannot_reach_the_proxy_is_said_to_be_unheld(
    endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(OriginProxy, "address", "http://127.0.0.1:9")
    with foreign_host() as foreign, allowed_host(foreign) as site, ThreadPoolExecutor(1) as thread:
        thread.submit(_redirected, load({"browser_endpoint": endpoint}), site, said.append).result()
    assert said == [NOT_HELD]


def _redirected(settings: Settings, site: AllowedHost, tell: Callable[[str], None]) -> list[str]:
    """Let a page be redirected to the foreign host; returns what was refused."""
    refused: list[str] = []
    with (
        running(settings, headless=True, tell=print) as browser,
        site_context(browser, [ALLOWED], refused=refused, tell=tell) as context,
    ):
        page = context.new_page()
        with suppress(Error):
            page.goto(site.address("/hop/302"))
    return refused


def test_a_browser_that_is_not_there_is_said_without_its_address() -> None:
    with pytest.raises(BrowserMissing) as stopped:
        _elsewhere(load({"browser_endpoint": "ws://127.0.0.1:9/token-kz7"}))
    assert "kz7" not in str(stopped.value)
