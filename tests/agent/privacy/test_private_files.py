"""The one writer: private, redacted, whole."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.errors import UsageError
from agent.privacy.private_files import PrivateFolder
from agent.privacy.redaction import Redactor

CANARY = "Kx9#canary"


@pytest.fixture(params=[0o022, 0o000, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """A process umask, put back afterwards."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def _modes(root: Path) -> dict[str, int]:
    return {
        path.relative_to(root).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in (root, *root.rglob("*"))
    }


def _folder(path: Path, *secrets: str) -> PrivateFolder:
    redactor = Redactor()
    for secret in secrets:
        redactor.add_secret(secret)
    return PrivateFolder(path, redactor.redact)


# -- private -------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_folders_are_0700_and_files_0600_whatever_the_umask(umask: int, tmp_path: Path) -> None:
    folder = _folder(tmp_path / "new" / "case")
    folder.write_text("report.md", "x")
    folder.write_as_is("photo/1.jpg", b"x")
    folder.write_text("evidence/01.txt", "x")
    folder.append_line("audit.jsonl", "x")
    assert _modes(folder.path) == {
        ".": 0o700,
        "report.md": 0o600,
        "photo": 0o700,
        "photo/1.jpg": 0o600,
        "evidence": 0o700,
        "evidence/01.txt": 0o600,
        "audit.jsonl": 0o600,
    }


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_a_folder_and_file_that_were_open_to_others_are_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "report.md").write_text("old")
    (tmp_path / "report.md").chmod(0o644)
    _folder(tmp_path).write_text("report.md", "new")
    assert _modes(tmp_path) == {".": 0o700, "report.md": 0o600}


# -- redacted ------------------------------------------------------------------------------------------------------------


def test_texts_and_lines_are_redacted_and_pictures_are_not(tmp_path: Path) -> None:
    folder = _folder(tmp_path, CANARY)
    text = folder.write_text("a.txt", f"密码 {CANARY}")
    data = folder.write_json("b.json", {"密码": [CANARY, {"x": CANARY}], "n": None})
    picture = folder.write_as_is("c.jpg", CANARY.encode())
    assert CANARY not in text.read_text("utf-8") + data.read_text("utf-8")
    assert picture.read_bytes() == CANARY.encode()


def test_what_is_learnt_later_is_redacted_from_then_on(tmp_path: Path) -> None:
    redactor = Redactor()
    folder = PrivateFolder(tmp_path, redactor.redact)
    redactor.add_secret(CANARY)
    assert CANARY not in folder.write_text("a.txt", CANARY).read_text("utf-8")


# -- whole ---------------------------------------------------------------------------------------------------------------


def test_a_file_is_replaced_and_no_part_is_left(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    folder.write_text("report.md", "a long old text")
    folder.write_text("report.md", "新")
    assert [(path.name, path.read_text("utf-8")) for path in tmp_path.iterdir()] == [("report.md", "新")]


def test_the_old_file_stays_whole_when_the_new_one_cannot_be_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _folder(tmp_path)
    folder.write_text("report.md", "old")

    def fails(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(KeyboardInterrupt):
        folder.write_text("report.md", "new")
    assert (tmp_path / "report.md").read_text() == "old"


def test_the_part_of_a_killed_run_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / ".report.md.part").write_text("half")
    assert _folder(tmp_path).write_text("report.md", "new").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["report.md"]


def test_lines_are_added_at_the_end(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    folder.append_line("audit.jsonl", "一")
    folder.append_line("audit.jsonl", "二")
    assert (tmp_path / "audit.jsonl").read_bytes() == "一\n二\n".encode()


# -- errors --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("below", [".", "below", "below/it"])
def test_a_file_in_the_folders_place_is_a_usage_error(below: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="file") as caught:
        _folder(tmp_path / "file" / below)
    assert "--out" in caught.value.remedy


@pytest.mark.parametrize("name", ["report.json", "photo/1.jpg"])
def test_a_file_that_cannot_be_written_is_a_usage_error(name: str, tmp_path: Path) -> None:
    (tmp_path / "report.json").mkdir()
    (tmp_path / "photo").write_text("in the way")
    with pytest.raises(UsageError, match=name.partition("/")[0]):
        _folder(tmp_path).write_text(name, "x")
