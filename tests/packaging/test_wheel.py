"""The wheel and the sdist, installed into a clean environment: all that a command needs has come along."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.structure.source import ROOT

pytestmark = [pytest.mark.packaging, pytest.mark.timeout(1800)]


def _run(*command: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, env=env, check=False, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build both from what is committed; the wheel is made from the sdist, as an index would have it."""
    place = tmp_path_factory.mktemp("built")
    _run("git", "-C", ROOT, "archive", "-o", place / "source.tar", "HEAD", cwd=place)
    (place / "source").mkdir()
    _run("tar", "-xf", place / "source.tar", "-C", place / "source", cwd=place)
    _run(sys.executable, "-m", "venv", place / "venv", cwd=place)
    python = _python(place / "venv")
    _run(python, "-m", "pip", "install", "-q", "build", cwd=place)
    _run(python, "-m", "build", "--outdir", place / "dist", place / "source", cwd=place)
    return place / "dist"


def _python(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


@pytest.mark.parametrize("pattern", ["*.whl", "*.tar.gz"])
def test_what_was_built_runs_the_demo(
    pattern: str, built: Path, tmp_path: Path, browser_settings: dict[str, str]
) -> None:
    (package,) = built.glob(pattern)
    _run(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    _run(_python(tmp_path / "venv"), "-m", "pip", "install", "-q", package, cwd=tmp_path)
    command = _python(tmp_path / "venv").with_name("gradsync.exe" if sys.platform == "win32" else "gradsync")
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    _run(command, "demo", cwd=tmp_path, env={**environ, **browser_settings})
    assert len(list(tmp_path.glob("gradsync-cases/demo-*/report.html"))) == 1
