"""What is stored of students is sealed: AES-256-GCM under a key that never lies beside the store.

Every sealed text is tied to its place (a student's pseudonym), so that one student's cannot be put in another's place.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from agent.errors import UsageError
from agent.privacy.private_files import FOLDER_MODE, write_private
from agent.reconcile.document_numbers import document_key

KEY_BYTES = 32
NONCE_BYTES = 12
SERVICE, USER = "gradsync", "cohort"
WRONG_KEY = "密钥不对：存储里的内容不是用这个密钥写的。"
BRING_THE_KEY = "请用 GRADSYNC_COHORT__KEY_FILE 指定导入名单时的密钥文件；没有密钥，里面的内容谁也读不出来。"


class Sealer:
    """Seals and opens texts, and makes pseudonyms.

    Args:
        key: 32 bytes.
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._pseudonyms = hmac.digest(key, b"pseudonyms", "sha256")

    def seal(self, text: str, place: str) -> str:
        """Return ``text`` sealed for a place, as ASCII."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, text.encode(), place.encode())).decode()

    def open(self, sealed: str, place: str) -> str:
        """Return the text that was sealed for this place.

        Raises:
            UsageError: The key is another, or it was sealed for another place.
        """
        try:
            data = base64.b64decode(sealed, validate=True)
            return self._cipher.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], place.encode()).decode()
        except (InvalidTag, binascii.Error, ValueError):
            raise UsageError(WRONG_KEY, BRING_THE_KEY) from None

    def pseudonym(self, *parts: str) -> str:
        """Return 20 hex digits that are always the same for the same parts and tell nothing without the key."""
        text = "\0".join(parts).encode()
        return hmac.new(self._pseudonyms, text, hashlib.sha256).hexdigest()[:20]

    def ref(self, number: str) -> str:
        """Return a student's pseudonym; the same for a renewed document."""
        return self.pseudonym("student", document_key(number))


def sealer(key_file: Path | None, fallback: Path, tell: Callable[[str], None]) -> Sealer:
    """Return the sealer with this computer's key, which is made when there is none.

    Args:
        key_file: Where the person keeps the key; the system's keyring when left out.
        fallback: Where it is kept on a computer without a keyring.
        tell: Gets a Chinese sentence when a key file was made.

    Raises:
        UsageError: The file is no key, or cannot be read or written.
    """
    if key_file:
        return Sealer(_from_file(key_file, tell))
    return Sealer(_from_keyring() or _from_file(fallback, tell))


def known(key_file: Path | None, fallback: Path) -> Sealer:
    """Return the sealer with the key that there is, for whoever only reads: a new one would open nothing.

    Args:
        key_file: Where the person keeps the key; the system's keyring when left out.
        fallback: Where it is kept on a computer without a keyring.

    Raises:
        UsageError: There is none, or it cannot be read.
    """
    key = _in_file(key_file) if key_file else (_in_keyring() or _in_file(fallback))
    if key is None:
        raise UsageError("没有找到这份名单的密钥。", BRING_THE_KEY)
    return Sealer(key)


def _from_file(path: Path, tell: Callable[[str], None]) -> bytes:
    kept = _in_file(path)
    if kept is not None:
        return kept
    key = secrets.token_bytes(KEY_BYTES)
    path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    write_private(path, base64.b64encode(key) + b"\n")
    tell(f"新的密钥写在 {path}。请另外备份；不要和存储放在一起。")
    return key


def _in_file(path: Path) -> bytes | None:
    try:
        return _decoded(path.read_text("ascii").strip())
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise UsageError(f"{path} 不是可用的密钥文件。", BRING_THE_KEY) from None


def _from_keyring() -> bytes | None:
    """Return the key in the system's keyring, put there when it is new; None where there is no keyring."""
    import keyring
    from keyring.errors import KeyringError

    try:
        if keyring.get_password(SERVICE, USER) is None:
            made = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
            keyring.set_password(SERVICE, USER, made)
    except KeyringError:
        return None
    return _in_keyring()


def _in_keyring() -> bytes | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        kept = keyring.get_password(SERVICE, USER)
    except KeyringError:
        return None
    return _decoded(kept) if kept else None


def _decoded(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return key
