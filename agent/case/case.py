"""A case: one student's run in one folder, with its journal, audit log, evidence and photos."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from agent.case.audit_log import AuditLog
from agent.case.journal import Journal
from agent.case.person_lock import PersonLocks
from agent.consent.receipt import FILE_NAME as CONSENT
from agent.consent.receipt import load
from agent.consent.registry import to_bytes
from agent.errors import NotTheirCase, UsageError
from agent.privacy.private_files import CASE_FILES, CASE_FOLDERS, PrivateFolder, require_plain_files
from agent.privacy.redaction import Redactor

if TYPE_CHECKING:
    from agent.consent.gate import Gate

MANIFEST = "evidence/manifest.sha256"
BEGUN = (*(name for name, sort in CASE_FILES.items() if not sort), "console.json")
"""What every case has from its beginning on."""
RESULTS = (*CASE_FOLDERS, *(name for name, sort in CASE_FILES.items() if sort == "报告"))
"""What only a run writes there; it is overwritten by the next, and deleted when the case is forgotten."""
OTHER_FOLDER = "请用 --out 为每名学生另选一个文件夹。"


class EvidenceFiles:
    """Redacted texts and veiled pictures of what was on the pages, with a manifest of their hashes.

    A second run in the same case goes on after the first one's pieces.
    """

    def __init__(self, folder: PrivateFolder) -> None:
        self._folder = folder
        manifest = folder.path / MANIFEST
        self._lines = manifest.read_text("utf-8").splitlines() if manifest.exists() else []

    def keep(self, name: str, text: str) -> None:
        """Keep what was seen under a running number."""
        self._list(self._folder.write_text(self._numbered(f"{name}.txt"), text))

    def keep_picture(self, name: str, picture: bytes, kind: Literal["jpg", "png"] = "jpg") -> str:
        """Keep a picture in which everything personal is veiled or covered, and return its file."""
        file = self._numbered(f"{name}.{kind}")
        self._list(self._folder.write_as_is(file, picture))
        return file

    def _numbered(self, name: str) -> str:
        return f"evidence/{len(self._lines) + 1:02d}-{name}"

    def _list(self, path: Path) -> None:
        self._lines.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}")
        self.close()

    def forget(self) -> None:
        """Begin anew, after the pieces were deleted."""
        self._lines.clear()

    def close(self) -> str:
        """Write the manifest and return its SHA-256, as hex."""
        data = "".join(f"{line}\n" for line in self._lines).encode()
        self._folder.write_as_is(MANIFEST, data)
        return hashlib.sha256(data).hexdigest()


@dataclass
class Case:
    """An open case."""

    folder: PrivateFolder
    redactor: Redactor
    journal: Journal
    audit: AuditLog
    evidence: EvidenceFiles
    locks: PersonLocks
    gate: Gate | None = None
    watch: Callable[[str], None] = lambda step: None
    """Told of each step before it does anything; may wait, or raise to stop it."""

    @property
    def path(self) -> Path:
        """The case folder."""
        return self.folder.path

    def bind(self, gate: Gate) -> None:
        """Let the case be held to a student's consent, of which it keeps a copy.

        Raises:
            NotTheirCase: It was held to another student's before.
            UsageError: The copy that it holds cannot be read.
        """
        held = self.path / CONSENT
        if held.exists() and load(held).pii_principal.id_number != gate.receipt.pii_principal.id_number:
            raise NotTheirCase("这个文件夹里是另一名学生的同意书。", OTHER_FOLDER)
        self.folder.write_as_is(CONSENT, to_bytes(gate.receipt))
        gate.copy = self.path
        gate.register.add_case(self.path)
        self.audit.append("consent", receipt=gate.receipt.receipt_id, digest=gate.receipt.digest)
        self.gate = gate

    def permit(self, step: str, kind: Literal["read", "write"]) -> None:
        """Let a step pass; what a person does for themselves needs no consent (PIPL art. 72).

        Raises:
            ConsentMissing: The case is held to a consent, which is over or does not include the step.
        """
        self.watch(step)
        if self.gate:
            self.gate.check(step, kind)

    def may_ask(self, ask: str) -> bool:
        """Return whether an ask of this id may be put to anybody."""
        return self.gate is None or self.gate.may_ask(ask)

    def belongs_to(self, number: str) -> None:
        """Tie the case to a person by a salted digest of the document number, or see that it is theirs.

        Raises:
            NotTheirCase: The case was begun for another person, or the consent is another's.
        """
        if self.gate:
            self.gate.belongs_to(number)
        digest = _salted(self.journal.remember("salt", secrets.token_hex(16)), number)
        if self.journal.remember("subject", digest) != digest:
            raise NotTheirCase("这个文件夹里是另一名学生的记录。", OTHER_FOLDER)

    def is_of(self, number: str) -> bool:
        """Return whether the case is already tied to the person with this document number."""
        salt, subject = self.journal.recall("salt"), self.journal.recall("subject")
        return salt is not None and _salted(salt, number) == subject


def _salted(salt: str, number: str) -> str:
    return hashlib.sha256(f"{salt}{number}".encode()).hexdigest()


@contextmanager
def opened(path: Path, redactor: Redactor) -> Iterator[Case]:
    """Open a case folder, new or interrupted; its locks are let go on the way out.

    Raises:
        UsageError: The folder cannot be used.
        LinkInCase: Something in it is a link.
        CaseBusy: Another process works on it.
    """
    folder = PrivateFolder(path, redactor.redact)
    require_plain_files(path)
    _refuse_things_of_others(path)
    journal, locks = Journal(path), PersonLocks()
    try:
        yield Case(folder, redactor, journal, AuditLog(folder), EvidenceFiles(folder), locks)
    finally:
        locks.close()
        journal.close()


def _refuse_things_of_others(folder: Path) -> None:
    """See that the results in a folder are those of a case: whoever gave their own folder would lose what is theirs.

    Raises:
        UsageError: There are some, and no case.
    """
    found = [name for name in RESULTS if (folder / name).exists()]
    if found and not any((folder / name).exists() for name in BEGUN):
        told = f"文件夹 {folder.absolute()} 不是案例文件夹，里面已经有别的 {'、'.join(found)}，没有动它们。"
        raise UsageError(told, "请用 --out 另选一个新文件夹。")
