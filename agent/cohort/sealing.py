"""Sealed texts, pseudonyms and the key of a cohort; the key never lies beside the store.

Every sealed text is tied to its place (a student's pseudonym), so that one student's cannot be put in another's place.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from agent.errors import UsageError
from agent.privacy.encryption import KEY_BYTES, decrypt, encrypt, key_as_text, key_from_text, keyring_key
from agent.privacy.private_files import FOLDER_MODE, write_private
from agent.reconcile.document_numbers import document_key

ACCOUNT = "cohort"
"""Under which account the keyring holds the key."""
WRONG_KEY = "密钥不对：存储里的内容不是用这个密钥写的。"
BRING_THE_KEY = "请用 GRADSYNC_COHORT__KEY_FILE 指定导入名单时的密钥文件；没有密钥，里面的内容谁也读不出来。"


class Sealer:
    """Seals and opens texts, and makes pseudonyms.

    Args:
        key: 32 bytes.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._pseudonyms = hmac.digest(key, b"pseudonyms", "sha256")

    def seal(self, text: str, place: str) -> str:
        """Return ``text`` sealed for a place, as ASCII."""
        return base64.b64encode(encrypt(self._key, text.encode(), place.encode())).decode()

    def open(self, sealed: str, place: str) -> str:
        """Return the text that was sealed for this place.

        Raises:
            UsageError: The key is another, or it was sealed for another place.
        """
        try:
            return decrypt(self._key, base64.b64decode(sealed, validate=True), place.encode()).decode()
        except ValueError:
            raise UsageError(WRONG_KEY, BRING_THE_KEY) from None

    def pseudonym(self, *parts: str) -> str:
        """Return 20 hex digits that are always the same for the same parts and tell nothing without the key."""
        text = "\0".join(parts).encode()
        return hmac.new(self._pseudonyms, text, hashlib.sha256).hexdigest()[:20]

    @property
    def fingerprint(self) -> str:
        """20 hex digits that tell this key from another, and nothing of it."""
        return self.pseudonym("key")

    def ref(self, number: str) -> str:
        """Return a student's pseudonym; the same for a renewed document."""
        return self.pseudonym("student", document_key(number))


def sealer(key_file: Path | None, fallback: Path, tell: Callable[[str], None], *, create: bool) -> Sealer:
    """Return the sealer with this computer's key.

    Args:
        key_file: Where the person keeps the key; the system's keyring when left out.
        fallback: Where it is kept on a computer without a keyring.
        tell: Gets a Chinese sentence when a key file was made.
        create: Make a key where there is none: only for a store that is empty, since it would open nothing else.

    Raises:
        UsageError: There is none, it is no key, others can read it, or it cannot be read or written.
    """
    found = _in_file(key_file) if key_file else keyring_key(ACCOUNT, create=False) or _in_file(fallback)
    key = found or (_created(key_file, fallback, tell) if create else None)
    if key is None:
        raise UsageError("没有找到这份名单的密钥。", BRING_THE_KEY)
    return Sealer(key)


def _created(key_file: Path | None, fallback: Path, tell: Callable[[str], None]) -> bytes:
    if key_file is None and (in_keyring := keyring_key(ACCOUNT, create=True)):
        return in_keyring
    path, key = key_file or fallback, secrets.token_bytes(KEY_BYTES)
    path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    write_private(path, f"{key_as_text(key)}\n".encode())
    tell(f"名单已加密，钥匙是文件 {path}：请另存一份到别处，丢了就打不开名单。")
    return key


def _in_file(path: Path) -> bytes | None:
    try:
        if os.name != "nt" and path.stat().st_mode & 0o077:
            raise UsageError(
                f"密钥文件 {path} 别的用户也能读写。", "请把它的权限改为只有本人能读（chmod 600）后再运行。"
            )
        return key_from_text(path.read_text("ascii").strip())
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise UsageError(f"{path} 不是可用的密钥文件。", BRING_THE_KEY) from None
