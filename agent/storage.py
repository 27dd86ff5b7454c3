"""The one writer: every byte that reaches the case folder goes through here, redacted, in files only their owner can read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from agent.errors import UsageError

FOLDER_MODE = 0o700
FILE_MODE = 0o600


class PrivateFolder:
    """A folder of mode 0700 whose files are 0600.

    Args:
        path: The folder; made with its parents where missing.
        redact: Takes personal data and secrets out of a text before it is written.

    Raises:
        UsageError: The folder cannot be made or written to.
    """

    def __init__(self, path: Path, redact: Callable[[str], str]) -> None:
        self.path = path
        self.redacted = redact
        try:
            path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            path.chmod(FOLDER_MODE)
        except OSError as error:
            raise UsageError(
                f"文件夹 {path} 不能使用：{error.strerror}。", "请用 --out 另选一个可写的文件夹。"
            ) from None

    def write_text(self, name: str, text: str) -> Path:
        """Write a text file, redacted; the old file stays whole until the new one is."""
        return self._replace(name, self.redacted(text).encode())

    def write_photo(self, name: str, data: bytes) -> Path:
        """Write a picture byte for byte; the only thing that is not redacted."""
        return self._replace(name, data)

    def append_line(self, name: str, line: str) -> None:
        """Append one line, redacted, and have it on the disk before returning."""
        handle = os.open(self._file(name), os.O_WRONLY | os.O_CREAT | os.O_APPEND, FILE_MODE)
        try:
            os.write(handle, (self.redacted(line) + "\n").encode())
            os.fsync(handle)
        finally:
            os.close(handle)

    def _replace(self, name: str, data: bytes) -> Path:
        path = self._file(name)
        part = path.with_name(f".{path.name}.part")
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        part.replace(path)
        return path

    def _file(self, name: str) -> Path:
        path = self.path / name
        path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        return path
