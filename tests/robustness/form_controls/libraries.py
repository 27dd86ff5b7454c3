"""The component libraries that real sites are made of: fetched by name with npm into a cache, never kept in the project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Route

from tests.harness import npm_packages

PAGES = Path(__file__).parent / "pages"
HOST = "http://components.test"
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
    "view-design": "view-design@4",
    "naive-ui": "naive-ui@2",
    "arco": "@arco-design/web-vue@2",
}


def fetch(names: Sequence[str]) -> Path:
    """Return the folder with the libraries, fetched if need be; skips the test where they cannot be."""
    try:
        return npm_packages.fetch([PACKAGES[name] for name in names])
    except npm_packages.PackagesMissingError as error:
        pytest.skip(f"pages need component libraries: {error}")


def serve(context: BrowserContext, names: Sequence[str]) -> None:
    """Answer a context's requests with the pages beside this file and with the libraries of the cache."""
    fetch(names)
    context.route(f"{HOST}/**", _answer)


def _answer(route: Route) -> None:
    path = route.request.url.removeprefix(f"{HOST}/").split("?")[0]
    file = npm_packages.MODULES / path.removeprefix("lib/") if path.startswith("lib/") else PAGES / path
    if file.is_file():
        route.fulfill(path=file)
    else:
        route.fulfill(status=404, body="")
