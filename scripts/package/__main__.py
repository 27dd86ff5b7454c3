"""Builds the archive of the packaged program for the system this runs on: ``python scripts/package``.

Builds what is committed, in an environment of its own, and writes the archive, its SHA-256 and its bill of materials.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from archive import pack, write_digest  # noqa: E402
from contents import blot_paths, check_paths, check_text, strip_symbols, write_notes  # noqa: E402
from opencv import check_compiler, replace_opencv  # noqa: E402

ROOT = HERE.parents[1]
BUILDER, LISTER = "pyinstaller>=6.16,<7", "cyclonedx-bom>=7,<8"
NOT_IN = {"pip", "pywavelets", "scipy", "setuptools"}
"""Installed, and left out of the folder (``gradsync.spec``)."""
EXTRAS = {"gradsync": "ocr", "gradsync-full": "ocr,face,cohort"}


def main() -> None:
    """Build one archive, and say where it lies and how large it is."""
    asked = _arguments()
    work, out = asked.work.resolve(), asked.out.resolve()
    name = "gradsync-full" if asked.full else "gradsync"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    out.mkdir(parents=True, exist_ok=True)
    source, stamp = _export(work / "source")
    version = tomllib.loads(Path(source, "pyproject.toml").read_text("utf-8"))["project"]["version"]
    python = _environment(work / "venv", f"{source}[{EXTRAS[name]}]")
    components = _components(_environment(work / "lister", LISTER), python, source)
    environ = {
        **os.environ,
        "SOURCE_DATE_EPOCH": str(stamp),
        "PYTHONHASHSEED": "1",
        "GRADSYNC_PACKAGE_WORK": str(work),
        "GRADSYNC_PACKAGE_VERSION": version,
    }
    if asked.small_opencv or asked.opencv:
        replace_opencv(python, work, environ, asked.opencv)
    _freeze(python, work, source, environ)
    forbidden = [
        *_paths_of_this_machine(work),
        *(asked.opencv.resolve().parents[1:2] if asked.opencv else []),
    ]
    program = work / "dist/gradsync" / ("gradsync.exe" if sys.platform == "win32" else "gradsync")
    _run(python, source / "scripts/package/modules.py", program, *forbidden)
    folder = _finish(work, source, forbidden)
    archive = pack(folder, out, f"{name}-{version}", stamp)
    archive.with_name(f"{archive.name}.cdx.json").write_text(components, "utf-8")
    write_digest(archive)
    print(f"{archive} {archive.stat().st_size / 1e6:.1f} MB")  # noqa: T201  what the command is for


def _freeze(python: Path, work: Path, source: Path, environ: dict[str, str]) -> None:
    """Leave the program as a folder in ``dist`` of the work folder."""
    _run(python, "-m", "pip", "install", "-q", BUILDER)
    _run(python, source / "scripts/package/icons.py", work, environ["GRADSYNC_PACKAGE_VERSION"], env=environ)
    options = [
        "--noconfirm",
        "--log-level=WARN",
        f"--distpath={work / 'dist'}",
        f"--workpath={work / 'build'}",
    ]
    spec = source / "scripts/package/gradsync.spec"
    # away from the checkout, which would be found first
    _run(python, "-m", "PyInstaller", *options, spec, env=environ, cwd=work)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="where the archive goes")
    parser.add_argument("--work", type=Path, default=ROOT / "build/package", help="emptied first")
    parser.add_argument(
        "--small-opencv",
        action="store_true",
        help="build OpenCV without video and linear algebra, on Linux; needs a C++ compiler and minutes",
    )
    parser.add_argument(
        "--opencv", type=Path, help="the wheel an earlier --small-opencv left in opencv-wheel, not built anew"
    )
    parser.add_argument("--full", action="store_true", help="with the extras face and cohort")
    asked = parser.parse_args()
    _check_opencv(parser, asked)
    return asked


def _check_opencv(parser: argparse.ArgumentParser, asked: argparse.Namespace) -> None:
    """Refuse a small OpenCV where it cannot be: faces need more of it, and signed libraries keep the build's paths."""
    if not (asked.small_opencv or asked.opencv):
        return
    if asked.full or sys.platform != "linux":
        parser.error("--small-opencv and --opencv are for Linux, and not for --full")
    if not asked.opencv:
        check_compiler()


def _run(*command: object, env: dict[str, str] | None = None, cwd: Path | None = None) -> None:
    subprocess.run([str(part) for part in command], check=True, env=env, cwd=cwd)


def _export(folder: Path) -> tuple[Path, int]:
    """Copy what is committed to a folder, with a note of the commit; returns the folder and the commit's time."""
    git = ["git", "-C", str(ROOT)]
    told = subprocess.run([*git, "log", "-1", "--format=%H %ct"], check=True, capture_output=True, text=True)
    commit, stamp = told.stdout.split()
    tar = folder.with_suffix(".tar")
    _run(*git, "archive", "--format=tar", "-o", tar, commit)
    shutil.unpack_archive(tar, folder)
    (folder / "agent/commit.txt").write_text(f"{commit}\n", "ascii")
    return folder, int(stamp)


def _environment(folder: Path, what: str) -> Path:
    """Install something into an environment of its own; returns its Python."""
    _run(sys.executable, "-m", "venv", folder)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    _run(python, "-m", "pip", "install", "-q", what)
    return python


def _components(lister: Path, python: Path, source: Path) -> str:
    """List what the program consists of, as CycloneDX, without what is not in the folder."""
    file = python.parents[2] / "components.json"
    options = ["environment", python, "--output-reproducible", "--pyproject", source / "pyproject.toml"]
    _run(lister, "-m", "cyclonedx_py", *options, "-o", file)
    listed = json.loads(file.read_text("utf-8"))
    listed["components"] = [row for row in listed["components"] if row["name"].lower() not in NOT_IN]
    kept = {listed["metadata"]["component"]["bom-ref"], *(row["bom-ref"] for row in listed["components"])}
    listed["dependencies"] = [
        {**row, "dependsOn": [ref for ref in row.get("dependsOn", []) if ref in kept]}
        for row in listed["dependencies"]
        if row["ref"] in kept
    ]
    text = json.dumps(listed, ensure_ascii=False, indent=2)
    check_text(text, [python.parents[2], ROOT])
    return text


def _paths_of_this_machine(work: Path) -> list[Path]:
    """The build's folder and the checkout; on Linux Python's own place too, where it is not the system's."""
    python = Path(sys.base_prefix)
    return [work, ROOT, *([python] if sys.platform == "linux" and python != Path("/usr") else [])]


def _finish(work: Path, source: Path, forbidden: list[Path]) -> Path:
    """Add the notes for people, and see that no path of this machine is left; returns the folder to pack."""
    folder = work / "dist/gradsync"
    if sys.platform == "darwin":  # the bundle and the notes lie beside each other
        shutil.rmtree(folder)
        folder.mkdir()
        shutil.move(work / "dist/gradsync.app", folder)
    elif sys.platform == "linux":
        strip_symbols(folder)
        blot_paths(folder, forbidden)
    write_notes(folder, source / "scripts/package/notes", source)
    check_paths(folder, forbidden)
    return folder


if __name__ == "__main__":
    main()
