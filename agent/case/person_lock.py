"""Locks that keep two runs for one person apart, whatever their case folders.

A lock is an empty SQLite file in the user's data folder, held open in an exclusive transaction: the system lets go of it when
the process ends, however it ends. The file's name is an HMAC of whom it stands for, under a key of this installation, so that
nobody who sees the folder can try numbers out against the names.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from agent.errors import PersonBusy, UsageError
from agent.paths import locks_folder
from agent.privacy.private_files import FILE_MODE, PrivateFolder

KEY_FILE, KEY_BYTES = "key.sqlite", 32
KEY_PATIENCE = 10
"""Seconds for which a run waits while another makes the installation's key."""
BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class PersonLocks:
    """The locks that one run holds.

    Args:
        folder: Where the locks of all runs lie; the user's data folder when left out.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or locks_folder()
        self._held: dict[str, sqlite3.Connection] = {}

    def hold(self, *whom: str) -> None:
        """Hold a person's lock (where, and a document number or a user name) until ``close``; nothing happens when it is held.

        Raises:
            PersonBusy: Another run holds it.
            UsageError: The folder of the locks cannot be used.
        """
        with self._usable():
            PrivateFolder(self._folder, str)
            name = hmac.new(self._key(), "\0".join(whom).encode(), hashlib.sha256).hexdigest()[:32]
            if name not in self._held:
                self._held[name] = _locked(self._folder / f"{name}.lock")

    def close(self) -> None:
        """Let go of all."""
        while self._held:
            self._held.popitem()[1].close()

    def _key(self) -> bytes:
        """Return the installation's key, made by whichever run is first."""
        with closing(_database(self._folder / KEY_FILE, KEY_PATIENCE)) as database, database:
            database.execute("CREATE TABLE IF NOT EXISTS key (id INTEGER PRIMARY KEY, value BLOB NOT NULL)")
            database.execute("INSERT OR IGNORE INTO key VALUES (1, ?)", (secrets.token_bytes(KEY_BYTES),))
            (key,) = database.execute("SELECT value FROM key").fetchone()
        return bytes(key)

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.DatabaseError, UsageError) as error:
            if isinstance(error, PersonBusy):
                raise
            raise UsageError(
                f"文件夹 {self._folder} 不能使用，无法确认同一个人没有在别处办理。",
                "请检查这个文件夹的权限和磁盘空间后再办理。",
            ) from None


def _locked(path: Path) -> sqlite3.Connection:
    database = _database(path, 0)
    try:
        database.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        database.close()
        if error.sqlite_errorcode in BUSY:
            raise PersonBusy("同一个人正在另一个 gradsync 运行里办理。") from None
        raise
    return database


def _database(path: Path, patience: float) -> sqlite3.Connection:
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, FILE_MODE))
    return sqlite3.connect(path, isolation_level=None if patience == 0 else "IMMEDIATE", timeout=patience)
