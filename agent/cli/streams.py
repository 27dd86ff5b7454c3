"""Standard output and error of the command, such that no run is lost by them.

A terminal may be of any code page, a pipe's reader may go away, a disk may be full: what was done on the sites stays done, so
the run goes on, and the exit status tells how it ended and not how printing went.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO, cast


class LossyFile(io.FileIO):
    """A file that takes everything; what the system does not take is dropped."""

    lost = False
    """Something could not be written."""

    def write(self, data: bytes | bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Write, or count as written what cannot be."""
        if not self.lost:
            try:
                return super().write(data) or 0
            except BlockingIOError:
                raise
            except OSError:
                self.lost = True
        return len(data)


@contextmanager
def lasting_streams() -> Iterator[None]:
    """Within, nothing that is printed can stop the program; says on stderr afterwards where stdout was not taken."""
    _occupy_closed_descriptors()
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115  for as long as the program runs
    out, err = _lasting(sys.stdout, 1), _lasting(sys.stderr, 2)
    sys.stdout, sys.stderr = out, err
    try:
        yield
    finally:
        out.flush()
        if is_lost(out):
            err.write("标准输出写不进去（对方已关闭或磁盘已满），一部分内容没有显示；报告文件是完整的。\n")
        err.flush()


def _occupy_closed_descriptors() -> None:
    """A file that is opened later must not become standard output; descriptors are given from the lowest."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _lasting(stream: TextIO | None, descriptor: int) -> TextIO:
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")
    if type(_raw(stream)) is not io.FileIO:  # a console of Windows, which takes every letter
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
        return stream
    with suppress(OSError):
        stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(cast(io.RawIOBase, LossyFile(descriptor, "w", closefd=False))),
        encoding=stream.encoding,
        errors="replace",
        line_buffering=stream.isatty() or descriptor == 2 or getattr(stream, "write_through", False),
    )


def _raw(stream: TextIO) -> object:
    """The file below a stream, which Python leaves without a buffer where it is told so."""
    buffer = getattr(stream, "buffer", None)
    return getattr(buffer, "raw", buffer)


def is_lost(stream: TextIO) -> bool:
    """Return whether something that was written to a stream was not taken."""
    raw = _raw(stream)
    return isinstance(raw, LossyFile) and raw.lost


def takes(stream: TextIO, text: str) -> bool:
    """Return whether a stream can show every letter of a text."""
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
