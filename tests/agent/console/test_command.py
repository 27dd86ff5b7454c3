"""The command ``gradsync console`` itself: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.agent.cli.conftest import gradsync_command
from tests.agent.console.conftest import console

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d{4,5}/start\?token=[\w-]{43}")


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")
def test_it_prints_one_address_and_ends_by_ctrl_c(tmp_path: Path, environ: dict[str, str]) -> None:
    with console(tmp_path, environ) as running:
        assert ADDRESS.fullmatch(running.address)
        port = str(urlsplit(running.address).port)
        command = [*gradsync_command(), "console", "--no-open", "--port", port]
        second = subprocess.run(
            command, cwd=tmp_path, env=environ, capture_output=True, encoding="utf-8", timeout=60, check=False
        )
        assert second.returncode == 2
        assert f"端口 {port} 不能用" in second.stderr
        assert second.stdout == ""
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(60) == 0
        assert running.process.stdout
        assert running.process.stdout.read() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is Unix's")
def test_enter_in_the_terminal_gives_a_fresh_address(tmp_path: Path, environ: dict[str, str]) -> None:
    """The address is used up, the browser is closed: one key, and the running case can be seen again."""
    ours, theirs = os.openpty()
    with (
        console(tmp_path, environ, stdin=theirs) as running,
        httpx.Client() as closed,
        httpx.Client() as other,
    ):
        assert closed.get(running.address).status_code == 303
        assert other.get(running.address).status_code == 403
        os.write(ours, b"\n")
        assert running.process.stdout
        fresh = json.loads(running.process.stdout.readline())["address"]
        assert ADDRESS.fullmatch(fresh)
        assert fresh != running.address
        assert other.get(fresh).status_code == 303
    for end in (ours, theirs):
        os.close(end)
