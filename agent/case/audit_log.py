"""The audit log: JSON lines, each carrying the hash of the one before, whose head stands in the report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.errors import UsageError
from agent.privacy.private_files import Json, PrivateFolder, confined, dumps, require_plain_files

FILE_NAME = "audit.jsonl"
GENESIS = "0" * 64
FORGOTTEN = "forgotten"
"""The event after which a case holds nothing of anybody but this log."""


@dataclass(frozen=True)
class Head:
    """Length and last hash of a log."""

    records: int
    hash: str


def record_hash(previous: str, record: Mapping[str, Json]) -> str:
    """Return the SHA-256 over the previous hash and the record's canonical JSON, as hex."""
    body = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


class AuditLog:
    """Appends events to the case's log; goes on from an earlier run's head.

    Events name steps, asks and outcomes by their ids and never in words: the log stays when the person's data is deleted.
    Every text is redacted besides.
    """

    def __init__(self, folder: PrivateFolder) -> None:
        self._folder = folder
        _drop_torn_line(folder.path / FILE_NAME)
        self.head = verify(folder.path)

    def append(self, event: str, **details: str | int | float | None) -> None:
        """Append one event with the time and its details."""
        number = self.head.records + 1
        at = datetime.now().astimezone().isoformat(timespec="milliseconds")
        told = {name: self._folder.clean(value) for name, value in details.items()}
        record = {"n": number, "at": at, "event": event, **told}
        digest = record_hash(self.head.hash, record)
        self._folder.append_line(FILE_NAME, dumps({**record, "hash": digest}))
        self.head = Head(number, digest)


def _drop_torn_line(path: Path) -> None:
    """Cut off a last line that a killed process left half written: it was never part of the chain."""
    if not path.exists():
        return
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        with path.open("r+b") as stream:
            stream.truncate(len(whole))


def verify(folder: Path) -> Head:
    """Check a case's audit log from its first line to its last.

    Returns:
        The head; zero records when there is no log yet.

    Raises:
        UsageError: A record was changed, taken out or put in; the message names the line.
        LinkInCase: Something in the folder is a link.
    """
    require_plain_files(folder)
    return [Head(0, GENESIS), *heads(folder)][-1]


def heads(folder: Path) -> Iterator[Head]:
    """Yield the head that the log had after each of its records; raises as ``verify`` does."""
    previous = GENESIS
    path = confined(folder, FILE_NAME)
    text = path.read_text("utf-8", "backslashreplace") if path.exists() else ""
    for number, line in enumerate(text.split("\n")[:-1], start=1):
        record = _record(line, number)
        claimed = record.pop("hash", None)
        if record.get("n") != number or claimed != record_hash(previous, record):
            raise UsageError(
                f"审计记录第 {number} 行与前文对不上，记录可能被改动过。", "请保留这个文件夹并联系维护者。"
            )
        previous = str(claimed)
        yield Head(number, previous)


def events(folder: Path, most: int) -> list[dict[str, Json]]:
    """Return the first ``most`` records of a log, which must be whole so far."""
    lines = (folder / FILE_NAME).read_text("utf-8", "backslashreplace").split("\n")[:most]
    return [_record(line, number) for number, line in enumerate(lines, start=1)]


def last_event(folder: Path) -> str:
    """Return the name of a whole log's last event; nothing when there is none."""
    lines = (folder / FILE_NAME).read_text("utf-8", "backslashreplace").split("\n")[:-1]
    with suppress(UsageError):
        return str(_record(lines[-1], len(lines))["event"]) if lines else ""
    return ""


def _record(line: str, number: int) -> dict[str, Json]:
    """Read a line; one that is no event, or would not be written so (a doubled key, other blanks), was tampered with."""
    try:
        found = json.loads(line)
        record: dict[str, Json] = found if isinstance(found, dict) else {}
        as_we_write = dumps(record) == line and isinstance(record.get("event"), str)
    except (ValueError, RecursionError):
        as_we_write = False
    if not as_we_write:
        raise UsageError(f"审计记录第 {number} 行不是一条记录。", "请保留这个文件夹并联系维护者。")
    return record
