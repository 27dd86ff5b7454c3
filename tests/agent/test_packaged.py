"""The packaged program's folders and environment; a program counts as packaged where PyInstaller's mark is set."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

import pytest

from agent import packaged
from agent.browser import launcher as browser
from agent.cli import optional
from agent.errors import BrowserMissing, UsageError
from agent.settings import Settings


@pytest.fixture
def frozen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Mark this process as the packaged program, which lies in the folder that is returned."""
    folder = tmp_path / "程序 folder"
    folder.mkdir()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(folder / "gradsync"))
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path / "documents"))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no file be made in any folder; root may write wherever there is a mode to refuse it."""

    def refuse(dir: Path) -> NoReturn:
        raise PermissionError(13, "read-only", str(dir))

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)


def test_a_double_click_works_beside_the_program(frozen: Path) -> None:
    packaged.enter_working_folder()
    assert Path.cwd() == frozen
    assert packaged.cases_folder() == Path("gradsync-cases")


@pytest.mark.skipif(sys.platform != "linux", reason="documents are set by the environment there")
@pytest.mark.usefixtures("read_only")
def test_from_a_read_only_folder_a_double_click_works_in_the_documents(frozen: Path, tmp_path: Path) -> None:
    packaged.enter_working_folder()
    assert Path.cwd() == tmp_path / "documents"


@pytest.mark.skipif(sys.platform != "linux", reason="documents are set by the environment there")
@pytest.mark.usefixtures("frozen", "read_only")
def test_cases_of_a_command_in_a_read_only_folder_go_to_the_documents(tmp_path: Path) -> None:
    assert packaged.cases_folder() == tmp_path / "documents/gradsync-cases"
    assert (tmp_path / "documents").is_dir()


def test_a_bundle_counts_as_one_thing(frozen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(frozen / "gradsync.app/Contents/MacOS/gradsync"))
    assert packaged.program_folder() == frozen


@pytest.mark.parametrize("before", [None, "/opt/lib"])
def test_other_programs_get_the_libraries_of_before(
    frozen: Path, monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", str(frozen))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", "here")
    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    if before:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    packaged.prepare_environment()
    assert os.environ.get("LD_LIBRARY_PATH") == before
    assert os.environ["PLAYWRIGHT_BROWSERS_PATH"] == "here"


def test_an_installer_needs_no_python_of_the_systems(frozen: Path) -> None:
    _, ((node, script, *words),) = next(browser.installers())
    assert Path(node).stem == "node"
    assert (Path(script).name, words) == ("cli.js", ["install", "chromium"])


def test_name_size_and_place_are_told_before_anything_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", "/there")
    what, _ = next(browser.installers())
    assert "Chromium" in what
    assert " MB" in what
    assert str(Path("/there")) in what


@pytest.mark.usefixtures("frozen")
@pytest.mark.parametrize("agrees", [None, False])
def test_the_packaged_program_fetches_nothing_that_nobody_agreed_to(
    agrees: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    asked: list[str] = []

    def may_fetch(what: str) -> bool:
        asked.append(what)
        return False

    monkeypatch.setattr(browser, "launch", lambda *_: None)
    with (
        pytest.raises(BrowserMissing) as stop,
        browser.running(Settings(), True, said.append, None if agrees is None else may_fetch),
    ):
        pass
    assert said == []
    assert "下载" in stop.value.remedy
    assert not re.search(
        "playwright|pip|python", stop.value.remedy
    )  # the packaged program has no such commands
    assert len(asked) == (agrees is not None)


@pytest.mark.usefixtures("frozen")
def test_a_missing_part_is_in_the_larger_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optional, "find_spec", lambda name: None)
    with pytest.raises(UsageError) as stop:
        optional.need_cohort()
    assert "full" in stop.value.remedy
    assert "pip" not in stop.value.remedy
