"""The command line, ended by SIGKILL at one of its boundaries: ``python -m tests.agent.cli.killed run ...``.

A boundary is the moment before and the moment after something is put on the disk: a journal record, an audit record, a
file of the case. ``KILL_LOG`` gets a line for each that was reached; at the one that ``KILL_AT`` names the process ends.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent.case.audit_log import AuditLog
from agent.case.journal import Journal
from agent.privacy import private_files
from flows.main import main

LOG, AT = "KILL_LOG", "KILL_AT"
_seen: Counter[str] = Counter()


def _reached(name: str) -> None:
    _seen[name] += 1
    point = f"{name} {_seen[name]}"
    with Path(os.environ[LOG]).open("a", encoding="utf-8") as log:
        log.write(f"{point}\n")
    if point == os.environ.get(AT):
        os.kill(os.getpid(), signal.SIGKILL)


def _around(owner: Any, method: str, name_of: Callable[..., str]) -> None:
    """Let a method's calls be boundaries."""
    real = getattr(owner, method)

    def call(*args: Any, **named: Any) -> Any:
        name = name_of(*args, **named)
        _reached(f"before {name}")
        result = real(*args, **named)
        _reached(f"after {name}")
        return result

    setattr(owner, method, call)


def _file(path: Path, data: bytes) -> str:
    """Name a file without what may be in its name."""
    return f"file {path.parent.name}/{path.suffix}"


def _event(log: AuditLog, event: str, **details: object) -> str:
    return f"audit {event} {details.get('step', '')}".strip()


def install() -> None:
    """Make every write of this process to the disk a boundary."""
    _around(Journal, "record", lambda journal, key, step, state, *_: f"journal {state}")
    _around(AuditLog, "append", _event)
    _around(private_files, "write_private", _file)


if __name__ == "__main__":
    install()
    main()
