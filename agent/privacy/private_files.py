"""The one writer: every byte that reaches the case folder goes through here, redacted, in files only their owner can read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from agent.errors import CaseVanished, LinkInCase, UsageError
from agent.files.file_names import is_own_name
from agent.files.system_errors import os_errors_told
from agent.plain_text import without_steering

Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None
FOLDER_MODE = 0o700
FILE_MODE = 0o600
CASE_FOLDERS = {"photo": "照片", "evidence": "留证"}
CASE_FILES = {
    **dict.fromkeys(("report.json", "report.html", "report.md", "report.pdf"), "报告"),
    "deadline.ics": "日历提醒",
    "plan.json": "计划",
    "probe.json": "页面用词",
    **dict.fromkeys(("files.sha256", "audit.signature"), "摘要"),
    "console.json": "办理事项",
    **dict.fromkeys(("form.toml", "entries.json"), "填写的内容"),
    **dict.fromkeys(("consent.json", "consent.html"), "同意书副本"),
    **dict.fromkeys(("journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm", "audit.jsonl"), ""),
}
"""What the program writes into a case folder, and what people call it; nothing for what is not deleted as a file of a person.

The person may have other things there, links too.
"""
NO_FOLLOWING = getattr(os, "O_NOFOLLOW", 0)


class PrivateFolder:
    """A folder of mode 0700 whose files are 0600.

    Args:
        path: The folder; made with its parents where missing.
        redact: Takes personal data and secrets out of a text before it is written.

    Raises:
        UsageError: The folder cannot be made or written to.

    Every write raises ``CaseVanished`` when the folder is no longer the one that was opened, and ``LinkInCase`` when its way
    leads over a link.
    """

    def __init__(self, path: Path, redact: Callable[[str], str]) -> None:
        self.path = path
        self.redacted = redact
        with os_errors_told(f"文件夹 {path} 不能使用", "请用 --out 另选一个可写的文件夹。"):
            _make_private(path)
            path.chmod(FOLDER_MODE)
            self._identity = _identity(path)

    def clean(self, value: Json) -> Json:
        """Return a JSON value with every text in it redacted and plain; redacting finished JSON could break it."""
        if isinstance(value, str):
            return without_steering(self.redacted(value))
        if isinstance(value, Mapping):
            return {name: self.clean(below) for name, below in value.items()}
        return [self.clean(below) for below in value] if isinstance(value, list | tuple) else value

    def write_text(self, name: str, text: str) -> Path:
        """Write a text file, redacted and plain; the old file stays whole until the new one is."""
        return self.write_as_is(name, without_steering(self.redacted(text)).encode())

    def write_json(self, name: str, value: Json) -> Path:
        """Write a JSON file, its texts redacted."""
        return self.write_as_is(name, dumps(self.clean(value), indent=2).encode() + b"\n")

    def write_as_is(self, name: str, data: bytes) -> Path:
        """Write bytes that must stay as they are: pictures, and pages made of what was redacted before.

        Raises:
            UsageError: The file cannot be written.
        """
        return write_private(self._file(name), data)

    def delete(self, name: str) -> None:
        """Delete a file, if it is there; raises as a write does."""
        self._check_still_there()
        path = confined(self.path, name)
        with _usable(path):
            path.unlink(missing_ok=True)

    def append_line(self, name: str, line: str) -> None:
        """Append one line that was redacted before, and have it on the disk before returning."""
        path = self._file(name)
        with _usable(path):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | NO_FOLLOWING, FILE_MODE)
            try:
                _write_whole(handle, (line + "\n").encode())
            finally:
                os.close(handle)

    def _file(self, name: str) -> Path:
        self._check_still_there()
        path = confined(self.path, name)
        with _usable(path.parent):
            _make_private(path.parent)
        return path

    def _check_still_there(self) -> None:
        try:
            same = _identity(self.path) == self._identity
        except OSError:
            same = False
        if not same:
            raise CaseVanished(f"文件夹 {self.path} 在运行中被移走或删除了。")


def _write_whole(handle: int, data: bytes) -> None:
    """Append all of it and have it on the disk, or leave the file as it was: a full disk takes a part."""
    before = os.fstat(handle).st_size
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(handle, left) :]
        os.fsync(handle)
    except OSError:
        os.ftruncate(handle, before)
        raise


def _identity(path: Path) -> tuple[int, int]:
    """Return what tells a folder from another that has come into its place."""
    found = path.stat()
    return found.st_dev, found.st_ino


def _make_private(path: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner only."""
    if not path.is_dir():
        _make_private(path.parent)
        path.mkdir(mode=FOLDER_MODE, exist_ok=True)


def confined(folder: Path, name: str) -> Path:
    """Return the path of a file in a folder, which no part of the name leads out of.

    Args:
        folder: The folder; it may itself be reached over links.
        name: The file's name, with folders.

    Raises:
        UsageError: The name leads elsewhere.
        LinkInCase: A part of it is a link.
    """
    parts = Path(name).parts
    if not is_own_name(name):
        raise UsageError(f"{name!r} 不是 {folder} 里面的文件名。", "请把这段提示发给维护者。")
    path = folder
    for part in parts:
        path = path / part
        if path.is_symlink():
            raise _link(folder, path)
    return path


def links_in_case(folder: Path) -> list[Path]:
    """Return the links that stand in a case folder where something of the program's belongs."""
    return [path for path in _places(folder) if path.is_symlink()]


def require_plain_files(folder: Path) -> None:
    """See that everything of a case lies in its folder and is a file: a pipe would be waited for without end.

    Raises:
        LinkInCase: There is a link.
        UsageError: There is a pipe, a socket, a device, or a folder where a file belongs.
    """
    if links := links_in_case(folder):
        raise _link(folder, links[0])
    refuse_no_files(folder)


def refuse_no_files(folder: Path) -> None:
    """See that where a file of a case belongs there is one, or nothing, or a link.

    Raises:
        UsageError: There is a pipe, a socket, a device, or a folder where a file belongs.
    """
    files = {folder / name for name in CASE_FILES}
    odd = (
        path
        for path in _places(folder)
        if path.exists() and not (path.is_file() or (path.is_dir() and path not in files))
    )
    if found := next(odd, None):
        raise UsageError(
            f"文件夹 {folder} 里的 {found.relative_to(folder)} 不是文件，程序没有打开它。",
            "请把它移走，再运行一次。",
        )


def _places(folder: Path) -> Iterator[Path]:
    """Where something of the program's belongs, and everything in its folders."""
    yield from (folder / name for name in (*CASE_FILES, *CASE_FOLDERS))
    for name in CASE_FOLDERS:
        if not (folder / name).is_symlink():
            yield from (folder / name).rglob("*")


def _link(folder: Path, path: Path) -> LinkInCase:
    return LinkInCase(f"文件夹 {folder} 里的 {path.relative_to(folder)} 是一个链接，程序没有跟随它。")


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


def _usable(path: Path) -> AbstractContextManager[None]:
    return os_errors_told(
        f"写不了 {path}", "请关闭正在打开它的程序，检查磁盘空间，或用 --out 另选一个文件夹。"
    )
