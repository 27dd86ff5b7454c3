"""The real command, in a process of its own, in an empty folder, with nobody at the terminal."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from agent.settings import PREFIX
from fixtures.people.everybody import BY_ID
from fixtures.server import MockSites
from tests.harness import forked

PATIENCE = 90
"""Seconds after which a command counts as hanging."""
TODAY = ("--today", "2024-06-03")
PROFILE = ("--profile", "xjtu-2024-07")


def gradsync_command() -> list[str]:
    """Return the installed command beside this Python, or what it does where it is not installed."""
    installed = shutil.which("gradsync", path=str(Path(sys.executable).parent))
    return [installed] if installed else [sys.executable, "-c", "from flows.main import main; main()"]


@dataclass(frozen=True)
class Ran:
    """A command that has ended: its status and what it printed."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What stands on stdout, which must be one JSON document and nothing else."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Gradsync:
    """Runs ``gradsync``.

    Args:
        folder: The working folder.
        environ: The environment.
    """

    folder: Path
    environ: Mapping[str, str]
    command: Sequence[str] = field(default_factory=gradsync_command)

    def __call__(self, *args: str | Path, **settings: str) -> Ran:
        """Run to the end, with no terminal and an stdin that nobody ever writes to or closes."""
        environ = {**self.environ, **settings}
        status, out, err = forked.run([*map(str, args)], self.folder, environ, PATIENCE)
        assert status is not None, f"gradsync {' '.join(map(str, args))} was still running after {PATIENCE} s"
        return Ran(status, out, err)

    def started(self, *args: str | Path, **streams: Any) -> subprocess.Popen[str]:
        """Start and return the process; the caller ends it."""
        return subprocess.Popen(
            [*self.command, *map(str, args)], cwd=self.folder, env=self.environ, encoding="utf-8", **streams
        )

    def at(self, sites: MockSites, student: str = "s01") -> Gradsync:
        """Return the same command with settings that point at mock sites."""
        return Gradsync(self.folder, {**self.environ, **settings_for(sites, student)})


def settings_for(sites: MockSites, student: str) -> dict[str, str]:
    """Return the environment that signs a student in at the mock sites."""
    addresses = sites.addresses
    urls = {
        "CHSI__LOGIN_URL": addresses.chsi_login,
        "CHSI__ARCHIVE_URL": addresses.chsi_archive,
        "CHAOXING__LOGIN_URL": addresses.chaoxing_login,
    }
    given = {
        f"{site.upper()}__{name}": value
        for site, pair in BY_ID[student].credentials.items()
        for name, value in (("USERNAME", pair.username), ("PASSWORD", pair.password))
        if site != "lzu"
    }
    return {f"{PREFIX}SITES__{name}": value for name, value in {**urls, **given}.items()}


def at_lzu(sites: MockSites, student: str) -> dict[str, str]:
    """Return the environment that signs a student of Lanzhou University in, on a day of its notice."""
    accounts = BY_ID[student].credentials
    signs_in = {
        f"{site.upper()}__{name}": value
        for site in ("chsi", "lzu")
        for name, value in (("USERNAME", accounts[site].username), ("PASSWORD", accounts[site].password))
    }
    addresses = {
        "CHSI__LOGIN_URL": sites.addresses.chsi_login,
        "CHSI__ARCHIVE_URL": sites.addresses.chsi_archive,
        "LZU__PORTAL_URL": sites.addresses.lzu_portal,
    }
    given = {f"{PREFIX}SITES__{name}": value for name, value in {**addresses, **signs_in}.items()}
    return {**given, f"{PREFIX}TODAY": "2024-04-02"}


@pytest.fixture(scope="session")
def browser_settings(browser_type_launch_args: Mapping[str, Any]) -> dict[str, str]:
    """The browser that the tests use, so that a command never installs one."""
    chosen = {
        "BROWSER_PATH": browser_type_launch_args.get("executable_path"),
        "BROWSER_CHANNEL": browser_type_launch_args.get("channel"),
    }
    return {f"{PREFIX}{name}": str(value) for name, value in chosen.items() if value}


@pytest.fixture
def plain(tmp_path: Path) -> Gradsync:
    """The command without a browser of its choice: for what needs none."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    quiet = {
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "PYTHONUTF8": "1",
        "NO_COLOR": "1",
        "COLUMNS": "100",
    }
    folder = tmp_path / "here"
    folder.mkdir()
    return Gradsync(folder, {**mine, **quiet})


@pytest.fixture
def gradsync(plain: Gradsync, browser_settings: dict[str, str]) -> Gradsync:
    """The command with the tests' browser, without a window."""
    return Gradsync(plain.folder, {**plain.environ, **browser_settings, f"{PREFIX}HEADLESS": "true"})
