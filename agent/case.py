"""A case: one student's run in one folder, with its journal, audit log, evidence and photos."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from agent.audit import AuditLog
from agent.errors import SomebodyElse
from agent.journal import Journal
from agent.masking import Redactor
from agent.storage import PrivateFolder

MANIFEST = "evidence/manifest.sha256"


@dataclass
class Evidence:
    """Redacted texts of what was on the page at each decision, with a manifest of their hashes."""

    folder: PrivateFolder
    _hashes: dict[str, str] = field(default_factory=dict)

    def keep(self, name: str, text: str) -> None:
        """Keep what was seen under a running number."""
        file = f"evidence/{len(self._hashes) + 1:02d}-{name}.txt"
        path = self.folder.write_text(file, text)
        self._hashes[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()

    def close(self) -> str:
        """Write the manifest and return its SHA-256, as hex."""
        lines = "".join(f"{digest}  {name}\n" for name, digest in self._hashes.items())
        path = self.folder.write_text(MANIFEST, lines)
        return hashlib.sha256(path.read_bytes()).hexdigest()


@dataclass
class Case:
    """An open case."""

    folder: PrivateFolder
    redactor: Redactor
    journal: Journal
    audit: AuditLog
    evidence: Evidence

    @property
    def path(self) -> Path:
        """The case folder."""
        return self.folder.path

    def belongs_to(self, number: str) -> None:
        """Tie the case to a person by a salted digest of the document number, or see that it is theirs.

        Raises:
            SomebodyElse: The case was begun for another person.
        """
        salt = self.journal.remember("salt", secrets.token_hex(16))
        digest = hashlib.sha256(f"{salt}{number}".encode()).hexdigest()
        if self.journal.remember("subject", digest) != digest:
            raise SomebodyElse("这个文件夹里是另一名学生的记录。", "请用 --out 为每名学生另选一个文件夹。")


@contextmanager
def opened(path: Path, redactor: Redactor) -> Iterator[Case]:
    """Open a case folder, new or interrupted; the lock is let go on the way out.

    Raises:
        UsageError: The folder cannot be used.
        CaseBusy: Another process works on it.
    """
    folder = PrivateFolder(path, redactor.redact)
    journal = Journal(path)
    try:
        yield Case(folder, redactor, journal, AuditLog(folder), Evidence(folder))
    finally:
        journal.close()
