"""What ``scripts/package`` does to the files of a folder before it packs them."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from tests.structure.source import ROOT

HERE, PYTHON = Path("/home/someone/build"), Path("/opt/python/3.11")


@pytest.fixture(scope="module")
def contents() -> ModuleType:
    spec = spec_from_file_location("contents", ROOT / "scripts/package/contents.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_library_keeps_its_places_and_loses_the_paths(contents: ModuleType, tmp_path: Path) -> None:
    data = b"\x7fELF\0/opt/python/3.11/lib\0/home/someone/build/core.cpp\0/opt/python/3.11\0end"
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/a.so").write_bytes(data)
    contents.blot_paths(tmp_path, [HERE, PYTHON])
    blotted = (tmp_path / "lib/a.so").read_bytes()
    assert len(blotted) == len(data)
    python, here = b"/" * 12 + b"3.11", b"/" * 14 + b"build"
    assert blotted == b"\x7fELF\0" + python + b"/lib\0" + here + b"/core.cpp\0" + python + b"\0end"
    contents.check_paths(tmp_path, [HERE, PYTHON])


@pytest.mark.parametrize("name", ["a.txt", "b.py", "c.pyc", "d.json", "deep/e"])
def test_a_path_in_another_file_stops_the_build(contents: ModuleType, tmp_path: Path, name: str) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / name).write_bytes(b"prefix = '/opt/python/3.11'")
    contents.blot_paths(tmp_path, [HERE, PYTHON])
    with pytest.raises(SystemExit, match=name):
        contents.check_paths(tmp_path, [HERE, PYTHON])
