"""A console in a process of its own, as people have it, and a browser page that has opened its address."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.settings import PREFIX
from fixtures.server import MockSites
from tests.agent.cli.conftest import gradsync_command, settings_for
from tests.structure.source import ROOT

Start = Callable[..., "Running"]


@dataclass
class Running:
    """A console that runs: the process, and the address with its token."""

    process: subprocess.Popen[str]
    address: str

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self.process.kill()
        self.process.wait()


@contextmanager
def console(
    folder: Path, environ: Mapping[str, str], *args: str, stdin: int = subprocess.DEVNULL
) -> Iterator[Running]:
    """Run a console until the block ends; ``stdin`` is a terminal's, where somebody sits at one."""
    process = subprocess.Popen(
        [*gradsync_command(), "console", "--no-open", "--json", *args],
        cwd=folder,
        env=environ,
        stdin=stdin,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        yield Running(process, json.loads(process.stdout.readline())["address"])
    finally:
        process.terminate()
        process.wait(30)


def environment(folder: Path, browser_launch: Mapping[str, Any]) -> dict[str, str]:
    """Return an environment without settings of the developer's, with the tests' browser, without a window."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    chosen = {
        f"{PREFIX}{name}": str(value)
        for name, value in (
            ("BROWSER_PATH", browser_launch.get("executable_path")),
            ("BROWSER_CHANNEL", browser_launch.get("channel")),
        )
        if value
    }
    data = {name: str(folder / name.lower()) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**mine, **chosen, **data, f"{PREFIX}HEADLESS": "true", "PYTHONPATH": path, "PYTHONUTF8": "1"}


@pytest.fixture
def environ(tmp_path: Path, browser_type_launch_args: Mapping[str, Any]) -> dict[str, str]:
    """The environment of a console, which knows no site."""
    return environment(tmp_path, browser_type_launch_args)


@pytest.fixture
def start(tmp_path: Path, environ: dict[str, str], sites: MockSites) -> Iterator[Start]:
    """Start consoles that know the mock sites' addresses and a student's accounts; they share their cases."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def starting(*args: str, student: str | None = "s01", **settings: str) -> Running:
            known = settings_for(sites, student or "s01")
            addresses = {name: value for name, value in known.items() if name.endswith("URL")}
            places = known if student else addresses  # whose passwords nobody knows sign in by hand
            given = {**environ, **places, f"{PREFIX}TODAY": "2024-06-03", **settings}
            return stack.enter_context(console(tmp_path, given, *args))

        yield starting
