"""Packs a folder so that the same content always gives the same bytes."""

from __future__ import annotations

import hashlib
import lzma
import platform
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

ARCHITECTURES = {"x86_64": "x64", "amd64": "x64", "arm64": "arm64", "aarch64": "arm64"}
FILTERS = [{"id": lzma.FILTER_X86}, {"id": lzma.FILTER_LZMA2, "preset": 9}]
"""Machine code packs better with its jumps made absolute; every xz undoes it. Unpacking takes 65 MB of memory."""
SYSTEMS = {"win32": "windows", "darwin": "macos", "linux": "linux"}


def pack(folder: Path, out: Path, name: str, stamp: int) -> Path:
    """Write ``name`` with system and architecture: .tar.xz on Linux, .zip elsewhere, which opens by a double click there.

    Args:
        folder: Becomes the archive's one folder.
        out: Where the archive goes.
        name: The beginning of its name.
        stamp: The time of everything in it, in seconds since 1970.
    """
    machine = ARCHITECTURES[platform.machine().lower()]
    whole = out / f"{name}-{SYSTEMS[sys.platform]}-{machine}"
    if sys.platform == "win32":
        return _zip(folder, whole.with_name(whole.name + ".zip"), stamp)
    if sys.platform == "darwin":  # knows the links and the signature of a bundle
        archive = whole.with_name(whole.name + ".zip")
        subprocess.run(["ditto", "-c", "-k", "--keepParent", str(folder), str(archive)], check=True)
        return archive
    return _tar(folder, whole.with_name(whole.name + ".tar.xz"), stamp)


def _tar(folder: Path, archive: Path, stamp: int) -> Path:
    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = stamp, 0, 0, "", ""
        entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
        return entry

    with lzma.open(archive, "wb", filters=FILTERS) as packed, tarfile.open(fileobj=packed, mode="w") as tar:
        tar.add(folder, folder.name, filter=plain)  # in the order of the names
    return archive


def _zip(folder: Path, archive: Path, stamp: int) -> Path:
    when = time.gmtime(stamp)[:6]
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix(), when)
            packed.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    return archive


def write_digest(archive: Path) -> None:
    """Write the SHA-256 beside an archive, as ``sha256sum -c`` reads it."""
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    archive.with_name(archive.name + ".sha256").write_text(f"{digest}  {archive.name}\n", "ascii")
