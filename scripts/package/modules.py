"""Names the modules in a packaged program that name a path: ``modules.py PROGRAM PATH...``; run by the build's Python."""

from __future__ import annotations

import sys

from PyInstaller.archive.readers import CArchiveReader


def main(program: str, paths: list[str]) -> None:
    """See that none does; they are packed, so that a search of the folder would not find it."""
    archive = CArchiveReader(program)
    (packed,) = (name for name in archive.toc if name.endswith(".pyz"))
    modules = archive.open_embedded_archive(packed)
    named = [
        name
        for name in modules.toc
        if any(path.encode() in (modules.extract(name, raw=True) or b"") for path in paths)
    ]
    if named:
        raise SystemExit(f"these modules name a path of this machine: {', '.join(named)}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
