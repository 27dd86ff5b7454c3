"""The command in a process of its own, forked from a server that has everything imported: a third of the CPU time of a start."""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from flows.main import main

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__, "flows.job", "agent.photo.inspection", "agent.cohort.manager"])


def run(
    args: Sequence[str], folder: Path, environ: Mapping[str, str], seconds: float
) -> tuple[int | None, str, str]:
    """Run ``gradsync`` to the end, with no terminal and an stdin that nobody ever writes to or closes.

    Args:
        args: The arguments.
        folder: The working folder.
        environ: The whole environment.
        seconds: For how long at most; who takes longer is killed.

    Returns:
        The exit status (None: it was killed), standard output and standard error.
    """
    with tempfile.TemporaryDirectory() as kept:
        streams = Path(kept, "out"), Path(kept, "err")
        process = FORKS.Process(target=_work, args=(list(args), str(folder), dict(environ), *streams))
        process.start()
        status = _ended(process, seconds)
        out, err = (stream.read_text("utf-8") if stream.exists() else "" for stream in streams)
    return status, out, err


def _ended(process: ForkServerProcess, seconds: float) -> int | None:
    process.join(seconds)
    hung = process.is_alive()
    process.kill()
    process.join()
    return None if hung else process.exitcode


def _work(args: list[str], folder: str, environ: dict[str, str], out: Path, err: Path) -> None:
    reading, _ = os.pipe()
    os.dup2(reading, 0)
    for path, descriptor in ((out, 1), (err, 2)):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(opened, descriptor)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  for as long as the process runs
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    sys.argv = ["gradsync", *args]
    main()
