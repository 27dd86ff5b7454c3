"""The one writer: every byte that reaches the case folder goes through here, redacted, in files only their owner can read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from agent.errors import UsageError
from agent.file_names import is_own_name
from agent.system_errors import os_reason

Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None
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
                f"文件夹 {path} 不能使用：{os_reason(error)}。", "请用 --out 另选一个可写的文件夹。"
            ) from None

    def clean(self, value: Json) -> Json:
        """Return a JSON value with every text in it redacted; redacting finished JSON could break it."""
        if isinstance(value, str):
            return self.redacted(value)
        if isinstance(value, Mapping):
            return {name: self.clean(below) for name, below in value.items()}
        return [self.clean(below) for below in value] if isinstance(value, list | tuple) else value

    def write_text(self, name: str, text: str) -> Path:
        """Write a text file, redacted; the old file stays whole until the new one is."""
        return self.write_as_is(name, self.redacted(text).encode())

    def write_json(self, name: str, value: Json) -> Path:
        """Write a JSON file, its texts redacted."""
        return self.write_as_is(name, dumps(self.clean(value), indent=2).encode() + b"\n")

    def write_as_is(self, name: str, data: bytes) -> Path:
        """Write bytes that must stay as they are: pictures, and pages made of what was redacted before.

        Raises:
            UsageError: The file cannot be written.
        """
        return write_private(self._file(name), data)

    def append_line(self, name: str, line: str) -> None:
        """Append one line that was redacted before, and have it on the disk before returning."""
        path = self._file(name)
        with _usable(path):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, FILE_MODE)
            try:
                os.write(handle, (line + "\n").encode())
                os.fsync(handle)
            finally:
                os.close(handle)

    def _file(self, name: str) -> Path:
        if not is_own_name(name):
            raise ValueError(
                "a name that leads out of its folder, or that another system takes for something else"
            )
        path = self.path / name
        with _usable(path.parent):
            path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        return path


def write_private(path: Path, data: bytes) -> Path:
    """Write a file that only its owner can read; the old one stays whole until the new one is.

    Raises:
        UsageError: The file cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    with _usable(path):
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        part.replace(path)
    return path


def dumps(value: Json, indent: int | None = None) -> str:
    """Return JSON text with Chinese kept readable."""
    return json.dumps(value, ensure_ascii=False, indent=indent)


@contextmanager
def _usable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        remedy = "请关闭正在打开它的程序，检查磁盘空间，或用 --out 另选一个文件夹。"
        raise UsageError(f"写不了 {path}：{os_reason(error)}。", remedy) from None
