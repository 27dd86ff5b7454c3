"""npm packages that tests use: fetched by name into a cache of the user's, never kept in the project."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

VARIABLE = "COMPONENTS_CACHE"
CACHE = Path(os.environ.get(VARIABLE) or Path.home() / ".cache" / "gradsync-components")
MODULES = CACHE / "node_modules"
SECONDS_TO_FETCH = 600
FLAGS = ("--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps", "--loglevel=error")


class PackagesMissingError(Exception):
    """Packages are not in the cache, and npm is not there or cannot fetch them."""


def fetch(packages: Sequence[str]) -> Path:
    """Return the folder of the cache's packages, filled if need be; one process at a time fills it.

    Args:
        packages: As npm names them: ``layui@2``, or ``vue3@npm:vue@3`` for a second version, in the folder ``vue3``.

    Raises:
        PackagesMissingError: Something is missing and cannot be fetched.
    """
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if missing := [one for one in packages if not (MODULES / _folder(one) / "package.json").exists()]:
            _install(missing)
    return MODULES


def _folder(package: str) -> str:
    return package[0] + package[1:].split("@", maxsplit=1)[0]


def _install(packages: Sequence[str]) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise PackagesMissingError(f"npm is not there to fetch {', '.join(packages)}")
    if not (CACHE / "package.json").exists():
        (CACHE / "package.json").write_text('{"name": "components-cache", "private": true}\n', "utf-8")
    done = subprocess.run(
        [npm, "install", *FLAGS, *packages],
        cwd=CACHE,
        timeout=SECONDS_TO_FETCH,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise PackagesMissingError(f"npm could not fetch {', '.join(packages)}")
