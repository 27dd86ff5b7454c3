"""Registry of consents on this computer: which were withdrawn, and which cases were made with one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from agent.consent.receipt import FILE_NAME, Receipt, load
from agent.paths import consents_folder
from agent.privacy.private_files import PrivateFolder, dumps, write_private

WITHDRAWN, CASES = "withdrawn", "cases"


class Register:
    """Small files in the user's data folder, so that a withdrawal reaches every copy and every case, wherever they lie.

    Args:
        folder: Where they are kept; the user's data folder when left out.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or consents_folder()

    def withdraw(self, receipt_id: str) -> None:
        """Keep a withdrawal; a running case sees it at its next step."""
        PrivateFolder(self._folder, str).write_as_is(f"{WITHDRAWN}/{receipt_id}", b"")

    def is_withdrawn(self, receipt: Receipt) -> bool:
        """Return whether a receipt was withdrawn, by what stands in it or on this computer."""
        return bool(receipt.withdrawn_at) or (self._folder / WITHDRAWN / receipt.receipt_id).exists()

    def add_case(self, folder: Path) -> None:
        """Keep where a case lies that was made with a consent."""
        place = str(folder.resolve())
        name = hashlib.sha256(place.encode()).hexdigest()
        PrivateFolder(self._folder, str).write_as_is(f"{CASES}/{name}", place.encode())

    def cases(self) -> Iterator[Path]:
        """Yield the cases that still hold a consent; the others are struck off."""
        for entry in sorted((self._folder / CASES).glob("*")):
            folder = Path(entry.read_text("utf-8"))
            if (folder / FILE_NAME).is_file():
                yield folder
            else:
                entry.unlink(missing_ok=True)


def withdraw(path: Path, register: Register, now: datetime) -> Receipt:
    """Withdraw a consent: first for every copy, then in the receipt itself.

    Args:
        path: The receipt, or the case folder with its copy.
        now: When, with its zone.

    Returns:
        The receipt with the withdrawal in it.

    Raises:
        UsageError: It is no receipt, or it cannot be written.
    """
    receipt = load(path)
    register.withdraw(receipt.receipt_id)
    gone = receipt.withdrawn(now)
    write_private(path / FILE_NAME if path.is_dir() else path, to_bytes(gone))
    return gone


def to_bytes(receipt: Receipt) -> bytes:
    """Return the file of a receipt."""
    return f"{dumps(receipt.to_data(), indent=2)}\n".encode()
