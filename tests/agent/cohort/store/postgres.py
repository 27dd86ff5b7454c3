"""A PostgreSQL server of a test's own, from the system's package, run by an ordinary user in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

USERS = ("postgres", "nobody")
"""Whose account is borrowed where we are root: the server refuses to run as root."""
DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Server:
    """A server that can be stopped and started in the middle of something."""

    programs: Path
    folder: Path
    port: int
    user: str | None

    @property
    def address(self) -> str:
        """The address of its database."""
        return f"postgresql://gradsync@127.0.0.1:{self.port}/postgres"

    def run(self, program: str, *args: str) -> bytes:
        """Run one of the server's programs and return what it printed."""
        done = subprocess.run(
            [self.programs / program, *args],
            cwd=self.folder,
            user=self.user,
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=120,
        )
        return done.stdout

    def control(self, *args: str) -> None:
        """Start, stop or restart it; its output goes to a file, since it outlives the command."""
        log = str(self.folder / "log")
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-l", log, "-o", options, "-w", *args)

    def dump(self) -> bytes:
        """Return everything that stands in the database."""
        return self.run("pg_dump", "-h", "127.0.0.1", "-p", str(self.port), "-U", "gradsync", "postgres")


def programs() -> Path | None:
    """Return the folder of the server's programs; None where it is not installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    return max(DEBIAN.glob("*/bin"), default=None, key=lambda path: int(path.parent.name))


@contextmanager
def running() -> Iterator[Server]:
    """Run a server; ``programs`` must have found it."""
    where = programs()
    assert where is not None
    user = next((name for name in USERS if _exists(name)), None) if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="gradsync-pg-"))
    if user:
        shutil.chown(folder, user)
    server = Server(where, folder, _free_port(), user)
    try:
        server.run("initdb", "-D", str(folder / "data"), "-U", "gradsync", "--auth=trust", "-E", "UTF8")
        server.control("start")
        yield server
        server.control("stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder)


def _exists(name: str) -> bool:
    return any(entry.pw_name == name for entry in pwd.getpwall())


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
    return port
