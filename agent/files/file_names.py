"""Names of files: what a person typed as a path, and what may name a file of ours."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

MOST_NAME_BYTES = 200
"""Of one name: file systems take 255, and a writer adds a few of its own."""
QUOTES = {'"': '"', "“": "”", "'": "'"}
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|COM\d|LPT\d)(?:\..*)?", re.IGNORECASE)
"""What Windows takes for a device, whatever comes after the dot (Naming Files, Paths, and Namespaces)."""
_FORBIDDEN = re.compile(r'[<>:"\\|?*]')


def typed_path(text: str) -> str:
    """Return a path as the person meant it: without the marks that come along when it is copied.

    Windows' properties put U+202A before a path, "copy as path" quotes around it.
    """
    plain = "".join(char for char in text if unicodedata.category(char) != "Cf").strip()
    if len(plain) > 1 and QUOTES.get(plain[0]) == plain[-1]:
        return plain[1:-1].strip()
    return plain


def is_own_name(name: str) -> bool:
    """Return whether a name, of folders and a file divided by ``/``, stays inside the folder it is put into.

    Everything else is no name of ours: absolute or with a drive, upwards, empty, hidden by a control character, too long, or
    something that another system would take for a device, a stream or another name.
    """
    parts = name.split("/")
    return str(PurePosixPath(name)) == name and all(map(_is_own_part, parts))


def _is_own_part(part: str) -> bool:
    return (
        part not in {"", ".", ".."}
        and part == part.rstrip(". ")
        and len(part.encode("utf-8", "surrogatepass")) <= MOST_NAME_BYTES
        and not _FORBIDDEN.search(part)
        and not _RESERVED.fullmatch(part)
        and not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in part)
    )
