"""docs/architecture.md names what is there: every path in it stands in the tree, and every folder of the tree in it."""

from __future__ import annotations

import re

from tests.structure.source import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
PATHS = re.findall(r"`((?:agent|flows|fixtures|tests|docs)/[\w./-]*)`", PAGE)
MOST_MODULES = 12


def test_every_path_is_there() -> None:
    assert len(PATHS) > 50
    assert [path for path in PATHS if not (ROOT / path).exists()] == []


def test_every_package_of_the_product_is_named() -> None:
    named = {path.rstrip("/") for path in PATHS}
    packages = (
        found.parent.relative_to(ROOT).as_posix()
        for top in ("agent", "flows")
        for found in (ROOT / top).rglob("__init__.py")
    )
    inner = ("flows/sites/", "agent/cli/commands", "agent/console/cases")
    missing = [
        path for path in packages if path not in (*named, "agent", "flows") and not path.startswith(inner)
    ]
    assert missing == []


def test_no_folder_is_a_long_corridor() -> None:
    crowded = {
        folder.relative_to(ROOT).as_posix(): count
        for top in ("agent", "flows", "fixtures", "tests")
        for folder in {path.parent for path in (ROOT / top).rglob("*.py")}
        if (count := len([path for path in folder.glob("*.py") if path.name != "__init__.py"])) > MOST_MODULES
    }
    assert crowded == {}


def test_every_fixed_wait_stands_in_the_table_of_times() -> None:
    named = re.compile(r"^(?:TIME_\w+|\w+_SECONDS)\s*(?::[^=\n]+)?= *[\d.]", re.MULTILINE)
    files = [path for top in ("agent/browser", "flows/sites") for path in (ROOT / top).rglob("*.py")]
    found = [path.relative_to(ROOT).as_posix() for path in files if named.search(path.read_text("utf-8"))]
    assert found == ["agent/browser/times.py"]
