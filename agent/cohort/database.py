"""The database of a cohort, SQLite or PostgreSQL: its tables, its address, and connections to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from agent.errors import UsageError

READER_SECONDS = 5
"""For how long somebody who only looks waits for the database."""

TABLES = sa.MetaData()
students = sa.Table(
    "cohort_students",
    TABLES,
    sa.Column("ref", sa.String(20), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("round", sa.Integer, nullable=False, default=0),
    sa.Column("tries", sa.Integer, nullable=False, default=0),
    sa.Column("worker", sa.String(64)),
    sa.Column("lease_until", sa.Float, nullable=False, default=0.0),
    sa.Column("exit_status", sa.Integer),
    sa.Column("needs", sa.String(64), nullable=False, default=""),
    sa.Column("result", sa.Text),
)
workers = sa.Table(
    "cohort_workers",
    TABLES,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("seen", sa.Float, nullable=False),
    sa.Column("state", sa.String(8), nullable=False, index=True),
)
turns = sa.Table(
    "cohort_turns",
    TABLES,
    sa.Column("site", sa.String(32), primary_key=True),
    sa.Column("free_at", sa.Float, nullable=False),
)
keys = sa.Table(
    "cohort_key",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("fingerprint", sa.String(20), nullable=False),
)
sign_ins = sa.Table(
    "cohort_sign_ins",
    TABLES,
    sa.Column("account", sa.String(20), primary_key=True),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("rejected", sa.Boolean, nullable=False),
)


def engine_of(address: str) -> sa.Engine:
    """Return the engine of a database, SQLite or PostgreSQL."""
    url = sa.make_url(address)
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url.set(drivername="postgresql+psycopg"), pool_size=3, pool_pre_ping=True)
    engine = sa.create_engine(url)
    sa.event.listen(engine, "connect", _set_up_sqlite)
    return engine


def reading_engine(address: str) -> sa.Engine:
    """Return an engine whose connections cannot change anything, and are closed after each use."""
    url = sa.make_url(address)
    if url.get_backend_name() != "sqlite":
        given = {"options": "-c default_transaction_read_only=on", "connect_timeout": READER_SECONDS}
        plain = url.set(drivername="postgresql+psycopg")
        return sa.create_engine(plain, poolclass=sa.NullPool, connect_args=given)
    file = f"{Path(url.database or '').resolve().as_uri()}?mode=ro"
    return sa.create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(file, uri=True, timeout=READER_SECONDS),
        poolclass=sa.NullPool,
    )


@contextmanager
def reached() -> Iterator[None]:
    """Say in words of our own that a database cannot be used: the library's would hold the address with its password.

    Raises:
        UsageError: It cannot.
    """
    try:
        yield
    except DBAPIError as error:
        if (
            type(error.orig) is sqlite3.DatabaseError
        ):  # SQLITE_CORRUPT and SQLITE_NOTADB; the rest have classes of their own
            raise UsageError(
                "名单的数据库文件 cohort.sqlite 损坏了，或不是名单。",
                "请换回备份的文件，或用 --folder 另选一个文件夹重新导入名单。",
            ) from None
        raise UsageError(
            f"连不上名单的数据库（{type(error.orig).__name__}）。",
            "请检查 GRADSYNC_COHORT__DATABASE 的地址，以及数据库是否在运行。",
        ) from None


def _set_up_sqlite(connection: sqlite3.Connection, _: object) -> None:
    """Let readers and one writer at a time share the file, and writers wait for each other."""
    connection.isolation_level = "IMMEDIATE"
    connection.execute("PRAGMA busy_timeout=30000")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA secure_delete=ON")


def holds_nobody(address: str) -> bool:
    """Return whether a database holds no student yet, so that a key may be made for it.

    Raises:
        UsageError: It cannot be asked.
    """
    engine = engine_of(address)
    try:
        with reached():
            if not sa.inspect(engine).has_table(students.name):
                return True
            with engine.begin() as connection:
                return not connection.execute(sa.select(sa.exists().select_from(students))).scalar_one()
    finally:
        engine.dispose()


def file_in(folder: Path) -> Path:
    """Return the SQLite file of a cohort's folder."""
    return folder.resolve() / "cohort.sqlite"


def address_in(folder: Path) -> str:
    """Return the address of the SQLite file of a cohort's folder."""
    return sa.URL.create("sqlite", database=str(file_in(folder))).render_as_string()
