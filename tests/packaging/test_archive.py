"""The packaged program as somebody has it who unpacked it: ``ARCHIVE=FILE python -m pytest -m packaging tests/packaging``.

The environment has no Python on its PATH and a home of its own; the folder has blanks and Chinese letters in its name.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.agent.console.people import WORDS, Person

pytestmark = [
    pytest.mark.packaging,
    pytest.mark.skipif("ARCHIVE" not in os.environ, reason="ARCHIVE names no archive of scripts/package"),
    pytest.mark.timeout(600),
]


read_only = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="mounts the folder read-only"
)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the archive, and return what is clicked."""
    place = tmp_path_factory.mktemp("unpacked") / "我的 程序 (1)"
    if sys.platform == "darwin":
        subprocess.run(["ditto", "-x", "-k", os.environ["ARCHIVE"], str(place)], check=True)
        return place / "gradsync/gradsync.app/Contents/MacOS/gradsync"
    shutil.unpack_archive(os.environ["ARCHIVE"], place)
    return place / "gradsync" / ("gradsync.exe" if sys.platform == "win32" else "gradsync")


@pytest.fixture
def bare(tmp_path: Path, browser_settings: dict[str, str]) -> dict[str, str]:
    """Return an environment with a clean home, and no Python on its PATH."""
    commands = tmp_path / "bin"
    commands.mkdir()
    for folder in map(Path, ("/usr/bin", "/bin") if os.name == "posix" else ()):
        for command in folder.iterdir():
            if not command.name.startswith("python") and not (commands / command.name).exists():
                (commands / command.name).symlink_to(command)
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "DISPLAY") if name in os.environ}
    home = {name: str(tmp_path / "home") for name in ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA")}
    (tmp_path / "home").mkdir()
    return {
        **kept,
        **home,
        **browser_settings,
        "PATH": str(commands),
        "BROWSER": "true",
        "GRADSYNC_HEADLESS": "true",
    }


@contextmanager
def _started(*command: str | Path, env: dict[str, str], cwd: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*map(str, command)],
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _mounted_read_only(program: Path, place: str | Path, *arguments: str) -> list[str]:
    """Return what starts the program in a place, with its own folder mounted so that nobody writes to it."""
    mount = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && cd "$2" && shift 2 && exec "$@"'
    folder = str(program.parent)
    return ["unshare", "-m", "sh", "-c", mount, "sh", folder, str(place), str(program), *arguments]


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_the_demo_runs_to_its_end(program: Path, bare: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(
        [program, "demo", "--json"],
        env=bare,
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcome"] == "done"
    assert len(list(tmp_path.glob("gradsync-cases/demo-*/report.html"))) == 1


def test_a_double_click_opens_the_console(
    program: Path, bare: dict[str, str], tmp_path: Path, page: Page
) -> None:
    with _started(program, env=bare, cwd=tmp_path) as process:
        Person(page).opens(_line(process))


def test_the_rehearsal_runs_to_its_end(
    program: Path, bare: dict[str, str], tmp_path: Path, page: Page
) -> None:
    with _started(program, "console", "--demo", "--no-open", "--json", env=bare, cwd=tmp_path) as process:
        me = Person(page)
        me.opens(json.loads(_line(process))["address"])
        me.begins(student="s01")
        me.asked("要按下面的计划在网站上操作吗？")
        me.presses("同意")
        me.asked("将在平台上确认")
        me.types("请原样输入", WORDS, "确认")
        me.sees_the_end()


def test_the_version_says_what_it_was_built_from(program: Path, bare: dict[str, str], tmp_path: Path) -> None:
    said = subprocess.run(
        [program, "--version"], env=bare, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True
    ).stdout.splitlines()
    assert [line.split()[0] for line in said] == ["gradsync", "commit", "Python", "Playwright", "浏览器"]
    assert len(said[1].removeprefix("commit ")) == 40
    assert len(said[4].split()) == 3  # the browser's name and its version


def test_letters_in_pictures_can_be_read(program: Path, bare: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run([program, "doctor", "--report", "found.json"], env=bare, cwd=tmp_path, check=False)
    assert done.returncode == 0
    found = json.loads((tmp_path / "found.json").read_text("utf-8"))
    assert {item["name"]: item["ok"] for item in found["items"]}["识图"]
    assert len(found["versions"]["commit"]) == 40
    assert str(tmp_path) not in json.dumps(found, ensure_ascii=False)


@read_only
def test_from_a_read_only_folder_cases_go_to_the_documents(
    program: Path, bare: dict[str, str], tmp_path: Path
) -> None:
    with _started(*_mounted_read_only(program, "."), env=bare, cwd=tmp_path) as process:
        assert _line(process).startswith("http://127.0.0.1:")
        process.terminate()
        _, said = process.communicate(timeout=60)
    assert "不能写入" in said
    assert str(tmp_path / "home/Documents/gradsync-cases") in said
    assert (tmp_path / "home/Documents").is_dir()


@read_only
def test_the_demo_runs_to_its_end_in_a_read_only_folder(
    program: Path, bare: dict[str, str], tmp_path: Path
) -> None:
    command = _mounted_read_only(program, program.parent, "demo")
    done = subprocess.run(command, env=bare, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "home/Documents/gradsync-cases").glob("demo-*/report.html"))) == 1
