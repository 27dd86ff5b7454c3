"""Journal of a case's writes: what was about to be sent to a site, and what was read back. SQLite, WAL, one process at a time."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from agent.errors import CaseBusy, JournalUnusable, UsageError
from agent.privacy.private_files import FILE_MODE

FILE_NAME = "journal.sqlite"
APPLICATION_ID = 0x67726164
SCHEMA = (
    f"PRAGMA application_id = {APPLICATION_ID}",
    "CREATE TABLE IF NOT EXISTS writes (key TEXT PRIMARY KEY, step TEXT NOT NULL, state TEXT NOT NULL,"
    " before TEXT NOT NULL, seen TEXT NOT NULL DEFAULT '', at TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
)


class StepState(StrEnum):
    """How far a write has come."""

    INTENDED = "intended"  # recorded before the click; it may or may not have reached the site
    NOT_SENT = "not_sent"  # it stopped before anything had left
    SENT = "sent"  # the click was made; not yet read back
    VERIFIED = "verified"  # read back and found


class Journal:
    """The journal of one case; holds the case's lock until closed.

    Raises:
        CaseBusy: Another process has the case open.
        UsageError: The file is not a journal.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / FILE_NAME
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, FILE_MODE))
            self._db = sqlite3.connect(path, isolation_level=None, timeout=0)
            self._prepare()
        except (OSError, sqlite3.DatabaseError) as error:
            if getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise CaseBusy(f"文件夹 {folder} 正被另一个 gradsync 使用。") from None
            raise UsageError(
                f"{path} 不是 gradsync 的记录文件，或不能读写。", "请另选一个案例文件夹。"
            ) from None

    def _prepare(self) -> None:
        self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("BEGIN EXCLUSIVE")
        (owner,) = self._db.execute("PRAGMA application_id").fetchone()
        (tables,) = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables and owner != APPLICATION_ID:
            raise sqlite3.DatabaseError("another program's database")
        for statement in SCHEMA:
            self._db.execute(statement)
        self._db.execute("COMMIT")

    @contextmanager
    def _usable(self) -> Iterator[None]:
        """Say in words of our own that the file, or what stands in it, cannot be used."""
        try:
            yield
        except (sqlite3.Error, ValueError, TypeError) as error:
            what = getattr(error, "sqlite_errorname", "内容不对")
            raise JournalUnusable(f"案例的操作记录 {FILE_NAME} 不能读写（{what}）。") from None

    def record(self, key: str, step: str, state: StepState, before: str = "", seen: str = "") -> None:
        """Write down how far a write has come, on the disk before returning."""
        with self._usable():
            at = datetime.now(UTC).isoformat()
            self._db.execute(
                "INSERT INTO writes VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT(key) DO UPDATE SET state = excluded.state, seen = excluded.seen, at = excluded.at",
                (key, step, state, before, seen, at),
            )

    def state(self, key: str) -> StepState | None:
        """Return how far a write had come, in this run or an earlier one."""
        with self._usable():
            row = self._db.execute("SELECT state FROM writes WHERE key = ?", (key,)).fetchone()
            return StepState(row[0]) if row else None

    def sent_since(self, start: datetime) -> dict[str, datetime]:
        """Return the steps whose write has gone out, or may have, since a moment, with the time of its last entry."""
        with self._usable():
            rows = self._db.execute(
                "SELECT step, at FROM writes WHERE at >= ? AND state <> ? ORDER BY at",
                (start.astimezone(UTC).isoformat(), StepState.NOT_SENT),
            )
            return {step: datetime.fromisoformat(at) for step, at in rows}

    def remember(self, name: str, value: str) -> str:
        """Keep a fact of the case; returns what is kept, the older value where there is one."""
        with self._usable():
            self._db.execute("INSERT OR IGNORE INTO facts VALUES (?, ?)", (name, value))
            row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
            return str(row[0])

    def recall(self, name: str) -> str | None:
        """Return a fact of the case, or None where it is not known."""
        with self._usable():
            row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
            return str(row[0]) if row else None

    def digest(self) -> str:
        """Return the SHA-256 over everything in it, as hex; the file's bytes differ for the same content."""
        with self._usable():
            return _digest(self._db)

    @staticmethod
    def digest_of(folder: Path) -> str:
        """Return the digest of a closed journal, and change nothing; nothing where it is none, or a run was cut off in it."""
        path = (folder / FILE_NAME).resolve()
        if path.with_name(f"{FILE_NAME}-wal").exists():
            return ""
        try:
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
                return _digest(database)
        except sqlite3.Error:
            return ""

    def forget(self) -> None:
        """Delete everything, on the disk too; the lock stays."""
        with self._usable():
            self._db.execute("PRAGMA secure_delete=ON")
            self._db.execute("DELETE FROM writes")
            self._db.execute("DELETE FROM facts")
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of the case."""
        self._db.close()


def _digest(database: sqlite3.Connection) -> str:
    rows = [
        [list(row) for row in database.execute(f"SELECT * FROM {table} ORDER BY 1")]
        for table in ("writes", "facts")
    ]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, default=repr).encode()).hexdigest()
