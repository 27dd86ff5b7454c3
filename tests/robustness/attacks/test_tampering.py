"""A case's files changed after the run: each is named; what only a key can tell is told by the signature or a noted head."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from agent.case import case, file_digests
from agent.case.audit_check import AuditResult, examine
from agent.case.audit_log import FILE_NAME, verify
from agent.errors import UsageError
from agent.privacy.redaction import Redactor
from tests.harness.cases import NUMBER, finished_case, write_report


class Ring(KeyringBackend):
    """A keyring in memory."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """Give back what was set."""
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        self.held[service, username] = password


@pytest.fixture
def ring() -> Iterator[Ring]:
    """A keyring of its own for the test."""
    before, mine = keyring.get_keyring(), Ring()
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole case with a plan."""
    return _end(finished_case(tmp_path / "case"))


def _end(folder: Path) -> Path:
    """Let a run end in the case."""
    with case.opened(folder, Redactor()) as opened:
        opened.folder.write_as_is("plan.json", b"{}")
        write_report(opened)
        file_digests.record(opened.folder, opened.journal, opened.audit)
    return folder


def _levels(audited: AuditResult) -> dict[str, str]:
    return {row.id: row.level for row in audited.findings}


def _edit(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\n", b" \n", 1) + b" ")


def _edit_journal(path: Path) -> None:
    with closing(sqlite3.connect(path)) as journal, journal:
        journal.execute("UPDATE writes SET state = 'intended'")


PHOTO = f"photo/{NUMBER}.jpg"
CHANGES: list[tuple[str, Callable[[Path], object]]] = [
    *((name, _edit) for name in ("report.json", "report.html", "report.md", "plan.json", PHOTO)),
    *((name, Path.unlink) for name in ("report.html", PHOTO, "files.sha256")),
    ("photo/another.jpg", lambda path: path.write_bytes(b"x")),
    ("files.sha256", _edit),
    ("journal.sqlite", _edit_journal),
]


def test_a_case_as_a_run_left_it(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert NUMBER not in (folder / "files.sha256").read_text("utf-8")
    audited = examine(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert (audited.level, _levels(audited)["audit.files"]) == ("ok", "ok"), audited


@pytest.mark.parametrize(("name", "change"), CHANGES, ids=lambda value: getattr(value, "__name__", value))
def test_what_is_changed_after_the_run_is_named(
    folder: Path, name: str, change: Callable[[Path], object]
) -> None:
    change(folder / name)
    notes = {row.id: row.note for row in examine(folder).findings if row.level == "fail"}
    assert (name if not name.startswith("photo/") else "photo/") in notes["audit.files"]
    assert NUMBER not in notes["audit.files"]


def test_a_run_that_was_killed_later_is_no_tampering(folder: Path) -> None:
    with case.opened(folder, Redactor()) as opened:
        opened.audit.append("run")
        opened.folder.write_as_is("plan.json", b"[]")
    assert _levels(examine(folder))["audit.files"] == "warn"


# -- what nobody without the key can do -----------------------------------------------------------------------------------


def _made_anew(folder: Path) -> None:
    """Write the whole case anew, as somebody would who has the program and not the keyring."""
    before = keyring.get_keyring()
    keyring.set_keyring(Ring())
    shutil.rmtree(folder)
    _end(finished_case(folder, evidence=1))
    keyring.set_keyring(before)


def _cut(folder: Path) -> None:
    lines = (folder / FILE_NAME).read_text("utf-8").splitlines(keepends=True)
    (folder / FILE_NAME).write_text("".join(lines[:-1]), "utf-8")


@pytest.mark.parametrize("forge", [_made_anew, _cut])
def test_a_signed_log_is_neither_made_anew_nor_cut(
    tmp_path: Path, ring: Ring, forge: Callable[[Path], None]
) -> None:
    folder = _end(_end(finished_case(tmp_path / "case")))
    assert _levels(examine(folder))["audit.signature"] == "ok"
    forge(folder)
    assert _levels(examine(folder))["audit.signature"] == "fail"


def test_a_signature_that_is_taken_away_is_missed(tmp_path: Path, ring: Ring) -> None:
    folder = _end(finished_case(tmp_path / "case"))
    (folder / file_digests.SIGNATURE).unlink()
    assert _levels(examine(folder))["audit.signature"] == "fail"


@pytest.mark.parametrize("forge", [_made_anew, _cut])
def test_a_head_that_was_written_down_tells_it_without_a_keyring(
    folder: Path, forge: Callable[[Path], None]
) -> None:
    anchor = verify(folder).hash
    assert anchor in str(examine(folder).findings)
    assert _levels(examine(folder, anchor))["audit.anchor"] == "ok"
    forge(folder)
    assert _levels(examine(folder, anchor))["audit.anchor"] == "fail"


# -- a disk that takes a part ----------------------------------------------------------------------------------------------


def test_a_short_write_never_breaks_the_chain(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, full = os.write, False

    def short(handle: int, data: bytes) -> int:
        if full and len(data) < 20:
            raise OSError(28, "No space left on device")
        return whole(handle, data[: max(1, len(data) // 2)])

    with case.opened(folder, Redactor()) as opened:
        monkeypatch.setattr(os, "write", short)
        opened.audit.append("step", step="in parts")
        full = True
        with pytest.raises(UsageError):
            opened.audit.append("step", step="cut off")
        full = False
        opened.audit.append("step", step="after")
    monkeypatch.undo()
    assert verify(folder) == opened.audit.head
    assert "cut off" not in (folder / FILE_NAME).read_text("utf-8")
