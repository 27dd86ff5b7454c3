"""Builds the packaged program's OpenCV from its makers' source: what rapidocr calls of it, without video and without OpenBLAS.

The published wheel is linked to both, 150 MB of which nothing is called; there is no published one without.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

NAME = "opencv-python-headless"
MODULES = "core,imgproc,imgcodecs,python3"
"""What rapidocr calls: pictures resized, turned, warped and laid out, contours, and files of PNG and JPEG."""
WITHOUT = (
    "ADE AVIF FFMPEG GSTREAMER GTK IPP ITT JASPER LAPACK OPENCL OPENEXR OPENJPEG PROTOBUF QT TIFF V4L WEBP"
)
OPTIONS = (
    f"-DBUILD_LIST={MODULES}",
    *(f"-DWITH_{name}=OFF" for name in WITHOUT.split()),
    "-DBUILD_TESTS=OFF",
    "-DBUILD_PERF_TESTS=OFF",
    "-DBUILD_opencv_apps=OFF",
    "-DCPU_DISPATCH=",  # no second and third copy for newer processors: the networks are what takes time
    "-DBUILD_INFO_SKIP_TIMESTAMP=ON",
    "-DBUILD_INFO_SKIP_SYSTEM_VERSION=ON",
)
VERSION = f"from importlib.metadata import version; print(version('{NAME}'))"
DEMANDED = '"gapi" not in relpath_re', 'not any(word in relpath_re for word in ("gapi", "typ"))'
"""What setup.py demands to be there, before and after: stubs for type checkers come to nothing where modules are left out."""
TOOLS = ("cmake>=3.26,<4", "ninja")


def check_compiler() -> None:
    """See that there is what OpenCV is built with, before minutes are spent.

    Raises:
        SystemExit: There is no C++ compiler; says what to do.
    """
    compiler = os.environ.get("CXX", "c++")
    if not shutil.which(compiler):
        raise SystemExit(
            f"{compiler} is not there, which OpenCV is built with: install a C++ compiler (Debian: g++),"
            " or name the wheel of an earlier build: --opencv WHEEL"
        )


def replace_opencv(python: Path, work: Path, environ: dict[str, str], built: Path | None) -> None:
    """Put an OpenCV of few modules in the place of the published one; needs a C++ compiler, and takes minutes.

    Args:
        python: Of the environment that has the published one, whose version is built.
        work: Gets the source, its tools and the wheel: fixed folders, so that two builds give the same.
        environ: The build's environment.
        built: One that was built before; None builds it.
    """
    wheel = built or _build(python, work, environ)
    _run(python, "-m", "pip", "install", "-q", "--no-deps", "--force-reinstall", wheel)


def _build(python: Path, work: Path, environ: dict[str, str]) -> Path:
    source = _source(python, work)
    tools = _tools(source, work / "opencv-tools")
    building = {
        **environ,
        "PATH": f"{tools.parent}{os.pathsep}{os.environ['PATH']}",
        "CMAKE_ARGS": " ".join(OPTIONS),
        "CMAKE_BUILD_PARALLEL_LEVEL": str(os.cpu_count()),
        "ENABLE_HEADLESS": "1",
    }
    wheel = ("-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", work / "opencv-wheel")
    _run(tools, *wheel, source, env=building)
    (built,) = (work / "opencv-wheel").glob("*.whl")
    return built


def _source(python: Path, work: Path) -> Path:
    """Fetch and unpack the source of the installed version."""
    version = subprocess.run(
        [python, "-c", VERSION], check=True, capture_output=True, text=True
    ).stdout.strip()
    fetch = ("-m", "pip", "download", "-q", "--no-deps", f"--no-binary={NAME}", "-d", work / "opencv-source")
    _run(python, *fetch, f"{NAME}=={version}")
    (archive,) = (work / "opencv-source").glob("*.tar.gz")
    shutil.unpack_archive(archive, work / "opencv-source")
    folder = next(path for path in (work / "opencv-source").iterdir() if path.is_dir())
    setup = folder / "setup.py"
    setup.write_text(setup.read_text("utf-8").replace(*DEMANDED), "utf-8")
    return folder


def _tools(source: Path, folder: Path) -> Path:
    """Install what the source says it is built with; returns that environment's Python."""
    wanted = tomllib.loads((source / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    _run(Path(sys.executable), "-m", "venv", folder)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    _run(python, "-m", "pip", "install", "-q", *wanted, *TOOLS)
    return python


def _run(python: Path, *rest: object, env: dict[str, str] | None = None) -> None:
    subprocess.run([str(python), *map(str, rest)], check=True, env=env)
