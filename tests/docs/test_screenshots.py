"""The pictures of README.zh-CN.md, taken of a real run; and what README.md says such a run prints and leaves behind.

`python -m tests.docs.images` puts new pictures in docs/images; here they go to a temporary folder.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from fixtures.server import MockSites
from tests.docs.readme import CHINESE, ENGLISH, blocks, listed, section
from tests.structure.source import ROOT

if sys.platform == "win32":
    pytest.skip("a terminal of one's own is POSIX", allow_module_level=True)

from tests.docs.images import APPLY, DESKTOP, IMAGES, LARGEST, PHONE, Run, run, take
from tests.docs.terminal import settled, terminal

LEFT_OUT = "⋮"


def _said(line: str) -> str:
    """A line without what differs from run to run or terminal to terminal: seconds, spaces, frames."""
    return re.sub(r"（[\d.]+ 秒）|[\s│]", "", line)


def _in_order(wanted: list[str], shown: str) -> list[str]:
    """Return the lines that do not stand in the text after those before them."""
    missing, at = [], 0
    for line in wanted:
        found = shown.find(line, at)
        at = found + len(line) if found >= 0 else at
        missing += [line] if found < 0 else []
    return missing


def test_a_run_is_as_the_readmes_say(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    done = run(browser, sites, tmp_path / "case")
    assert done.report.exit_status == 0, done.report.trouble
    _check_what_was_printed(done)
    _check_case_folder(done.folder)
    pictures = take(browser, done, tmp_path)
    assert {file.name for file in pictures} == {file.name for file in IMAGES.glob("*.png")}
    for file in pictures:
        _check_picture(file)


def _check_what_was_printed(done: Run) -> None:
    (example,) = [body for body in blocks(ENGLISH.read_text("utf-8"), "text") if LEFT_OUT in body]
    first, *lines, last = [line for line in example.splitlines() if line != LEFT_OUT]
    assert first in (ROOT / "flows" / "main.py").read_text("utf-8")
    assert last.startswith("报告：")
    shown = "".join(map(_said, done.plain))
    assert _in_order([_said(line) for line in lines], shown) == []
    assert f"{APPLY}y" in shown
    assert shown.count("【需要你】") == 3  # two sites to sign in to, one plan


def _check_case_folder(folder: Path) -> None:
    """What the table lists is there, and what is there is listed."""
    patterns = [
        name.replace("<ID>", "[0-9]*") for name in listed(section(ENGLISH.read_text("utf-8"), "Case folder"))
    ]
    listed_files = {file for pattern in patterns for file in folder.glob(pattern)}
    gone = [pattern for pattern in patterns if not list(folder.glob(pattern))]
    assert gone == ["consent.json", "evidence/*.png"]  # this run is for oneself, and all was text
    assert {file for file in folder.rglob("*") if file.is_file()} == listed_files


def _check_picture(file: Path) -> None:
    """It is neither empty nor one colour: no colour fills nearly all of it, and it has the shades of drawn text."""
    assert file.stat().st_size < LARGEST
    with Image.open(file) as picture:
        colours = picture.convert("RGB").getcolors(maxcolors=picture.width * picture.height)
    assert colours is not None
    assert len(colours) > 100
    assert max(count for count, _ in colours) < 0.97 * picture.width * picture.height
    assert picture.width in (2 * PHONE, DESKTOP) or picture.width > DESKTOP // 2


def test_the_pictures_of_the_readme_are_there_and_small() -> None:
    text = CHINESE.read_text("utf-8")
    shown = set(re.findall(r"docs/images/([\w-]+\.png)", text))
    assert shown == {file.name for file in IMAGES.glob("*.png")}
    for name in shown:
        _check_picture(IMAGES / name)


@pytest.mark.parametrize(
    ("shown", "lines"),
    [
        ("a\r\nb", ["a", "b"]),
        ("\x1b[?25l⠋ 登录\r\x1b[2K⠙ 登录\r\n\r\x1b[1A\x1b[2K\x1b[?25h√ 登录\r\n", ["√ 登录", ""]),
        ("\x1b[32m√\x1b[0m", ["\x1b[32m√\x1b[0m"]),
    ],
)
def test_only_what_stays_on_the_screen_is_kept(shown: str, lines: list[str]) -> None:
    assert settled(shown) == lines


def test_the_terminal_types_what_is_asked_for() -> None:
    with terminal({"名字？": "abc"}) as screen:
        assert sys.stdin.isatty()
        assert sys.stderr.isatty()
        sys.stderr.write("名字？")
        sys.stderr.flush()
        answer = sys.stdin.readline()
    assert answer == "abc\n"
    assert screen.lines == ["名字？abc", ""]
