"""A browser that a person, played by a second client, can join."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright

from tests.person import open_window


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def window(
    playwright: Playwright, browser_type_launch_args: dict[str, Any], port: int, tmp_path: Path
) -> Iterator[Browser]:
    with open_window(playwright, str(browser_type_launch_args["executable_path"]), port, tmp_path) as browser:
        yield browser
