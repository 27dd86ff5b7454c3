"""The component libraries that real sites are made of: fetched by name with npm into a cache, never kept in the project."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Route

CACHE = Path(os.environ.get("COMPONENTS_CACHE") or Path.home() / ".cache" / "gradsync-components")
PAGES = Path(__file__).parent / "pages"
HOST = "http://components.test"
SECONDS_TO_FETCH = 300
PACKAGES = {
    "layui": "layui@2",
    "vue3": "vue3@npm:vue@3",
    "vue": "vue@2",
    "vant": "vant@4",
    "element-plus": "element-plus@2",
    "element-ui": "element-ui@2",
    "ant-design-vue": "ant-design-vue@4",
    "dayjs": "dayjs@1",
    "jquery-easyui": "jquery-easyui@1",
}


def fetch(names: Sequence[str]) -> None:
    """Fetch the libraries that the cache lacks; skip the test where npm is not there or has no way out."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        missing = [PACKAGES[name] for name in names if not (CACHE / "node_modules" / name).is_dir()]
        if missing:
            _install(missing)


def _install(packages: Sequence[str]) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"npm is not there to fetch {', '.join(packages)}")
    if not (CACHE / "package.json").exists():
        (CACHE / "package.json").write_text('{"name": "components-cache", "private": true}\n', "utf-8")
    options = ("--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps", "--loglevel=error")
    done = subprocess.run(
        [npm, "install", *options, *packages],
        cwd=CACHE,
        timeout=SECONDS_TO_FETCH,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"npm could not fetch {', '.join(packages)}")


def serve(context: BrowserContext, names: Sequence[str]) -> None:
    """Answer a context's requests with the pages beside this file and with the libraries of the cache."""
    fetch(names)
    context.route(f"{HOST}/**", _answer)


def _answer(route: Route) -> None:
    path = route.request.url.removeprefix(f"{HOST}/").split("?")[0]
    file = CACHE / "node_modules" / path.removeprefix("lib/") if path.startswith("lib/") else PAGES / path
    if file.is_file():
        route.fulfill(path=file)
    else:
        route.fulfill(status=404, body="")
