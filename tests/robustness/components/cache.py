"""The component libraries, fetched by name with npm into a cache outside the project."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

VARIABLE = "COMPONENTS_CACHE"
PACKAGES = (
    "layui@2",
    "vue3@npm:vue@3",
    "vue@npm:vue@2",
    "element-plus@2",
    "@element-plus/icons-vue@2",
    "element-ui@2",
    "vant@4",
    "vant2@npm:vant@2",
    "ant-design-vue@4",
    "dayjs@1",
    "jquery3@npm:jquery@3",
    "jquery-easyui@1",
    "bootstrap@5",
    "bootstrap-icons@1",
    "bootstrap-table@1",
    "webuploader@0.1.8",
    "tdesign-vue-next@1",
    "@arco-design/web-vue@2",
    "react@18",
    "react-dom@18",
    "antd@5",
    "naive-ui@2",
    "view-design@4",
    "bootstrap3@npm:bootstrap@3",
)


class LibrariesMissingError(Exception):
    """The libraries are not in the cache and npm is not on this machine."""


def folder() -> Path:
    """Where the libraries are kept: `COMPONENTS_CACHE`, or a folder of the user's cache."""
    return Path(os.environ.get(VARIABLE) or Path.home() / ".cache" / "gradsync-components")


def _installed_as(package: str) -> str:
    """The folder of a package: `vue3@npm:vue@3` is in `vue3`, `@a/b@2` in `@a/b`."""
    return package[0] + package[1:].split("@", maxsplit=1)[0]


def _missing(modules: Path) -> list[str]:
    return [p for p in PACKAGES if not (modules / _installed_as(p) / "package.json").exists()]


def libraries() -> Path:
    """The folder with the libraries, filled if need be; one process at a time fills it.

    Raises:
        LibrariesMissingError: something is missing and there is no npm.
        subprocess.CalledProcessError: npm could not fetch it.
    """
    root = folder()
    root.mkdir(parents=True, exist_ok=True)
    modules = root / "node_modules"
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if missing := _missing(modules):
            _install(root, missing)
    return modules


def _install(root: Path, packages: list[str]) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise LibrariesMissingError(f"npm is not on this machine, and {root} lacks {', '.join(packages)}")
    if not (root / "package.json").exists():
        (root / "package.json").write_text('{"name": "components-cache", "private": true}\n', "utf-8")
    flags = ("--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps", "--loglevel=error")
    subprocess.run(
        [npm, "install", *flags, *packages], cwd=root, check=True, capture_output=True, timeout=600
    )
