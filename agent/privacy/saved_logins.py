"""Kept sign-ins: only where asked for, encrypted, for one site and one person, and for hours.

Each is a file of its own in the user's data folder (never in a case folder), readable by its owner only, sealed with AES-256-GCM.
The key stands in the system's keyring, or comes from a passphrase (scrypt, RFC 7914); where there is neither nothing is kept.
Site and login are part of what is sealed (as associated data), so that a file put in another's place does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from agent.paths import saved_logins_folder
from agent.privacy.encryption import KEY_BYTES, decrypt, encrypt, keyring_key
from agent.privacy.private_files import PrivateFolder

ACCOUNT = "kept sessions"
"""Under which account the keyring holds the key."""
SALT_BYTES = 16
SALT = "salt"
ENDING = ".session"
SCRYPT = {"n": 2**15, "r": 8, "p": 1, "maxmem": 2**26}


@dataclass(frozen=True)
class SavedLogin:
    """A sign-in as it is kept.

    Args:
        site: The site's id.
        login: The user name that the person gave; empty where they signed in by hand.
        number: Whose it is: the document number that the site has shown.
        state: The browser's storage state (cookies and local storage).
        expires_at: With its zone; not used after.
    """

    site: str
    login: str
    number: str = field(repr=False)
    state: dict[str, Any] = field(repr=False)
    expires_at: datetime


class SavedLogins:
    """The kept sign-ins of this computer's user.

    Args:
        passphrase: Given by the person; None for the key in the keyring.
        folder: Where they are kept; the user's data folder when left out.
    """

    def __init__(self, passphrase: str | None = None, folder: Path | None = None) -> None:
        self._passphrase = passphrase
        self._folder = folder or saved_logins_folder()

    def keep(self, saved: SavedLogin) -> bool:
        """Keep a sign-in in the place of an older one; False where there is no key to seal it with.

        Raises:
            UsageError: The folder cannot be written to.
        """
        if self._key is None:
            return False
        head = saved.expires_at.isoformat().encode()
        body = json.dumps({**asdict(saved), "expires_at": head.decode()}).encode()
        sealed = encrypt(self._key, body, _bound(head, saved.site, saved.login))
        name = self._path(self._key, saved.site, saved.login).name
        PrivateFolder(self._folder, str).write_as_is(name, head + b"\n" + sealed)
        return True

    def find(self, site: str, login: str, now: datetime) -> SavedLogin | None:
        """Return the sign-in that is kept for a site and a login; None where there is none, it is over or does not open.

        Args:
            site: The site's id.
            login: The user name, or empty.
            now: The time with its zone.
        """
        if not any(self._folder.glob(f"*{ENDING}")) or self._key is None:
            return None
        path = self._path(self._key, site, login)
        if not path.is_file():
            return None
        head, _, sealed = path.read_bytes().partition(b"\n")
        with suppress(ValueError, KeyError):
            data = json.loads(decrypt(self._key, sealed, _bound(head, site, login)))
            saved = SavedLogin(**{**data, "expires_at": datetime.fromisoformat(data["expires_at"])})
            if saved.expires_at > now:
                return saved
        path.unlink(missing_ok=True)
        return None

    def forget(self, site: str, login: str) -> None:
        """Delete what is kept for a site and a login."""
        if self._key is not None:
            self._path(self._key, site, login).unlink(missing_ok=True)

    def _path(self, key: bytes, site: str, login: str) -> Path:
        """The file's name says neither site nor login."""
        name = hmac.new(key, f"{site}\n{login}".encode(), hashlib.sha256).hexdigest()[:32]
        return self._folder / f"{name}{ENDING}"

    @cached_property
    def _key(self) -> bytes | None:
        if not self._passphrase:
            return keyring_key(ACCOUNT, create=True)
        path = self._folder / SALT
        if not path.is_file():
            PrivateFolder(self._folder, str).write_as_is(SALT, secrets.token_bytes(SALT_BYTES))
        return hashlib.scrypt(self._passphrase.encode(), salt=path.read_bytes(), dklen=KEY_BYTES, **SCRYPT)


def _bound(head: bytes, site: str, login: str) -> bytes:
    return b"\n".join((b"gradsync/session/1", head, site.encode(), login.encode()))


def forget_saved_logins(now: datetime | None = None, folder: Path | None = None) -> int:
    """Delete every kept sign-in, or only those that are over; what cannot be read is over.

    Args:
        now: The time with its zone, to delete only what is over then; None for all.
        folder: Where they are kept; the user's data folder when left out.

    Returns:
        How many were deleted.
    """
    found = sorted((folder or saved_logins_folder()).glob(f"*{ENDING}"))
    due = [path for path in found if now is None or _is_over(path, now)]
    for path in due:
        path.unlink(missing_ok=True)
    return len(due)


def _is_over(path: Path, now: datetime) -> bool:
    try:
        return datetime.fromisoformat(path.read_bytes().partition(b"\n")[0].decode()) <= now
    except (ValueError, TypeError):
        return True
