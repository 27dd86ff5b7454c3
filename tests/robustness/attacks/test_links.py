"""Links put into a case folder, and a case folder that goes away: nothing is followed, and the end says so."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.case import case, retention
from agent.case.audit_check import examine
from agent.case.audit_log import verify
from agent.errors import CaseVanished, LinkInCase, UsageError
from agent.privacy.private_files import CASE_FILES, CASE_FOLDERS, PrivateFolder, confined
from agent.privacy.redaction import Redactor
from agent.report.files import load, photos_of

SECRET = "本人的日记"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder of the person's own, with a file in it."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "diary.txt").write_text(SECRET, "utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A case that was run once."""
    path = tmp_path / "case"
    with case.opened(path, Redactor()) as opened:
        opened.audit.append("run")
        opened.evidence.keep("page", "页面")
        opened.folder.write_as_is("photo/1.jpg", b"photo")
    return path


def _open(path: Path) -> None:
    with case.opened(path, Redactor()):
        pass


def _is_whole(outside: Path) -> None:
    assert {path.name: path.read_text("utf-8") for path in outside.iterdir()} == {"diary.txt": SECRET}


@pytest.mark.parametrize("name", [*CASE_FILES, *CASE_FOLDERS, "photo/1.jpg", "evidence/02-page.txt"])
@pytest.mark.parametrize("look", [_open, load, photos_of, verify, examine], ids=lambda look: look.__name__)
def test_a_case_with_a_link_is_neither_opened_nor_read(
    folder: Path, outside: Path, name: str, look: Callable[[Path], object]
) -> None:
    _replace(folder / name, outside if name in CASE_FOLDERS else outside / "diary.txt")
    with pytest.raises(LinkInCase, match=Path(name).name):
        look(folder)
    _is_whole(outside)


def _replace(path: Path, target: Path) -> None:
    _remove(path)
    path.symlink_to(target)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)


def _socket(path: Path) -> None:
    """A socket's address has some hundred bytes at most, and the tests' folders have long names."""
    with socket.socket(socket.AF_UNIX) as sock, contextlib.chdir(path.parent):
        sock.bind(path.name)


NO_FILES: dict[str, Callable[[Path], None]] = {"pipe": os.mkfifo, "socket": _socket, "folder": Path.mkdir}
LOOKS: tuple[Callable[[Path], object], ...] = (_open, load, photos_of, verify, examine, retention.forget)


@pytest.mark.parametrize("name", [*CASE_FILES, "photo/1.jpg", "evidence/02-page.txt"])
@pytest.mark.parametrize("kind", NO_FILES)
def test_what_is_no_file_is_not_waited_for(folder: Path, kind: str, name: str) -> None:
    """A pipe in the place of a file would be read from without end."""
    _remove(folder / name)
    NO_FILES[kind](folder / name)
    if kind == "folder" and name not in CASE_FILES:
        assert photos_of(folder) == ({} if name.startswith("photo/") else {"chsi": b"photo"})
        return
    for look in LOOKS:
        with pytest.raises(UsageError, match="不是文件"):
            look(folder)


@pytest.mark.parametrize("link", ["photo", "photo/1.jpg", "photo/.1.jpg.part"])
def test_nothing_is_written_where_a_link_leads(folder: Path, outside: Path, link: str) -> None:
    writer = PrivateFolder(folder, str)
    _replace(folder / link, outside if link == "photo" else outside / "diary.txt")
    if link.endswith(".part"):  # what is left of a write is replaced, not followed
        writer.write_as_is("photo/1.jpg", b"new")
    else:
        with pytest.raises(LinkInCase):
            writer.write_as_is("photo/1.jpg", b"new")
    _is_whole(outside)


def test_nothing_is_appended_where_a_link_leads(folder: Path, outside: Path) -> None:
    writer = PrivateFolder(folder, str)
    _replace(folder / "audit.jsonl", outside / "diary.txt")
    with pytest.raises(LinkInCase):
        writer.append_line("audit.jsonl", "x")
    _is_whole(outside)


@pytest.mark.parametrize(
    "name", ["../outside/new.txt", "/tmp/new.txt", "photo/../../outside/new.txt", "", "."]
)
def test_nothing_is_written_beside_the_case(folder: Path, outside: Path, name: str) -> None:
    with pytest.raises(UsageError):
        PrivateFolder(folder, str).write_as_is(name, b"x")
    with pytest.raises(UsageError):
        confined(folder, name)
    _is_whole(outside)


@pytest.mark.parametrize("name", [*CASE_FILES, *CASE_FOLDERS, "photo/1.jpg"])
def test_forgetting_deletes_the_link_and_says_where_it_led(folder: Path, outside: Path, name: str) -> None:
    if name in ("audit.jsonl", "journal.sqlite"):
        _replace(folder / "photo/1.jpg", outside / "diary.txt")
    target = outside if name in CASE_FOLDERS else outside / "diary.txt"
    _replace(folder / name, target)
    forgotten = retention.forget(folder)
    assert name in forgotten.links
    assert "链接" in forgotten.told()
    assert [path.name for path in folder.iterdir() if path.is_symlink()] == []
    assert not (folder / "photo").exists()
    _is_whole(outside)


def test_every_file_of_a_case_but_log_and_journal_is_forgotten() -> None:
    assert {name for name, sort in CASE_FILES.items() if not sort} == {*retention.JOURNAL, "audit.jsonl"}


def test_a_folder_that_vanishes_is_an_end_of_its_own(folder: Path, tmp_path: Path) -> None:
    with case.opened(folder, Redactor()) as opened:
        folder.rename(tmp_path / "elsewhere")
        with pytest.raises(CaseVanished):
            opened.audit.append("end")
        with pytest.raises(CaseVanished):
            opened.evidence.keep("page", "页面")
    assert not folder.exists()


def test_another_folder_in_its_place_is_not_written_to(folder: Path, tmp_path: Path) -> None:
    with case.opened(folder, Redactor()) as opened:
        folder.rename(tmp_path / "elsewhere")
        folder.mkdir()
        with pytest.raises(CaseVanished):
            opened.folder.write_text("report.md", "x")
    assert list(folder.iterdir()) == []


def test_the_folders_on_the_way_are_private_too(tmp_path: Path) -> None:
    before = os.umask(0o000)
    try:
        PrivateFolder(tmp_path / "a" / "b" / "case", str).write_as_is("c/d/e.txt", b"x")
    finally:
        os.umask(before)
    folders = [tmp_path / "a", *(path for path in (tmp_path / "a").rglob("*") if path.is_dir())]
    assert len(folders) == 5
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
