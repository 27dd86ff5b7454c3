"""Encryption of what is stored of persons: AES-256-GCM, and the keys in the system's keyring.

Everything encrypted is bound to its place (as associated data), so that it does not open in another's.
"""

from __future__ import annotations

import base64
import secrets

KEY_BYTES, NONCE_BYTES = 32, 12
SERVICE = "gradsync"
"""The service under which the keyring holds the program's keys, each under an account of its own."""


def encrypt(key: bytes, data: bytes, place: bytes) -> bytes:
    """Return nonce and ciphertext.

    Args:
        key: 32 bytes.
        place: What it is bound to.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data, place)


def decrypt(key: bytes, encrypted: bytes, place: bytes) -> bytes:
    """Return what was encrypted for this place.

    Raises:
        ValueError: The key is another, the bytes were changed, or they were encrypted for another place.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(encrypted[:NONCE_BYTES], encrypted[NONCE_BYTES:], place)
    except InvalidTag:
        raise ValueError("it does not open") from None


def key_as_text(key: bytes) -> str:
    """Return a key as it stands in a file or a keyring: base64."""
    return base64.b64encode(key).decode()


def key_from_text(text: str) -> bytes:
    """Return the key that a text holds.

    Raises:
        ValueError: It holds none.
    """
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    return key


def keyring_key(account: str, *, create: bool) -> bytes | None:
    """Return a key of the system's keyring; None where there is none that can be read.

    Args:
        account: Which of the program's keys.
        create: Make the key where the keyring has none; only in a keyring that is safe to use.
    """
    import keyring
    from keyring.core import recommended
    from keyring.errors import KeyringError

    try:
        if create and not recommended(keyring.get_keyring()):
            return None
        if keyring.get_password(SERVICE, account) is None and create:
            keyring.set_password(SERVICE, account, key_as_text(secrets.token_bytes(KEY_BYTES)))
        kept = keyring.get_password(SERVICE, account)
        return key_from_text(kept) if kept else None
    except (KeyringError, ValueError):
        return None
