"""Digests of a case's files at the end of a run, tied to the audit log, and the log's head signed with a key of the user's.

``files.sha256`` lists every file that the run left and the journal's content; the log's last event holds the digest of that
list. ``audit.signature`` is an HMAC over the log's length and head, under a key in the system's keyring.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from agent.case.audit_log import AuditLog, Head
from agent.case.journal import FILE_NAME as JOURNAL
from agent.case.journal import Journal
from agent.privacy.encryption import keyring_key
from agent.privacy.private_files import PrivateFolder

EVENT = "files"
FILES, SIGNATURE = "files.sha256", "audit.signature"
COVERED = ("report.json", "report.html", "report.md", "plan.json", "photo/*")
PHOTO = "photo"
ACCOUNT = "audit"
"""Under which account the keyring holds the key."""
Signed = Literal["signed", "unsigned", "no key", "wrong"]


def record(folder: PrivateFolder, journal: Journal, log: AuditLog) -> None:
    """Write the digests of what a run leaves, let the log hold them, and sign its head where there is a keyring.

    Raises:
        UsageError: They cannot be written.
    """
    digests = {**_digests(folder.path), JOURNAL: journal.digest()}
    data = "".join(f"{digest}  {name}\n" for name, digest in digests.items()).encode()
    folder.write_as_is(FILES, data)
    key = keyring_key(ACCOUNT, create=True)
    log.append(EVENT, digest=hashlib.sha256(data).hexdigest(), signed=int(key is not None))
    if key is not None:
        folder.write_as_is(SIGNATURE, f"{log.head.records} {log.head.hash} {_mac(key, log.head)}\n".encode())


def changed(folder: Path, listed: bytes) -> Iterator[str]:
    """Yield the names of files that are not as the list says: changed, missing or added."""
    lines = listed.decode("utf-8", "backslashreplace").splitlines()
    then = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    now = dict(_digests(folder))
    if (folder / JOURNAL).is_file():
        now[JOURNAL] = Journal.digest_of(folder)
    yield from sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))


def signature(folder: Path, heads: list[Head]) -> Signed:
    """Hold the signature of a case's log against the heads that the log has had."""
    path = folder / SIGNATURE
    if not path.is_file():
        return "unsigned"
    key = keyring_key(ACCOUNT, create=False)
    if key is None:
        return "no key"
    fitting = (f"{head.records} {head.hash} {_mac(key, head)}\n".encode() for head in heads)
    return "signed" if path.read_bytes() in fitting else "wrong"


def _digests(folder: Path) -> dict[str, str]:
    found = sorted(path for pattern in COVERED for path in folder.glob(pattern) if path.is_file())
    digests = [(path, hashlib.sha256(path.read_bytes()).hexdigest()) for path in found]
    return {_name(path, digest): digest for path, digest in digests}


def _name(path: Path, digest: str) -> str:
    """Return what a file is called in the list: a photo's own name is the document number."""
    return f"{PHOTO}/{digest[:12]}" if path.parent.name == PHOTO else path.name


def _mac(key: bytes, head: Head) -> str:
    return hmac.new(key, f"gradsync/audit/1 {head.records} {head.hash}".encode(), hashlib.sha256).hexdigest()
