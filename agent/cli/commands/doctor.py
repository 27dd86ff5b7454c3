"""``gradsync doctor``: what this computer has and what is missing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.options import JsonOption
from agent.cli.output import print_result, say
from agent.cli.services import services_of
from agent.errors import ExitStatus, UsageError
from agent.files.system_errors import os_errors_told, os_reason

if TYPE_CHECKING:
    from agent.settings import Settings

REACH_SECONDS = 10


@dataclass(frozen=True)
class Item:
    """One thing that was looked at.

    Args:
        name: What it is, in Chinese.
        ok: Nothing is to be done about it.
        found: What was found.
        remedy: What to do about it.
        needed: Not ok, it keeps the program from running.
        shared: The part of ``found`` that names no person, folder or address, for a maintainer.
    """

    name: str
    ok: bool
    found: str
    remedy: str = ""
    needed: bool = False
    shared: str = ""


def doctor(
    context: typer.Context,
    reach: Annotated[bool, typer.Option("--reach", help="也试着打开网站（默认不联网）")] = False,
    report_file: Annotated[
        Path | None, typer.Option("--report", help="另外写一个不含个人信息的文件，可以发给维护者")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """检查这台电脑：浏览器、字体、显示、文件夹、密钥环、时钟。"""
    items = _examined(services_of(context).site_addresses() if reach else {})
    if report_file:
        _write_report(items, report_file)
    data = [{key: value for key, value in asdict(item).items() if key != "shared"} for item in items]
    print_result(data, (line for item in items for line in _lines(item)), as_json)
    if any(item.needed and not item.ok for item in items):
        raise typer.Exit(ExitStatus.USAGE)


def _examined(addresses: Mapping[str, str]) -> list[Item]:
    settings, item = _settings()
    return [
        item,
        _browser(settings),
        _fonts(),
        _letters(),
        _display(),
        _folder(),
        _keyring(),
        _clock(),
        *_reach(addresses),
    ]


def version_lines() -> list[str]:
    """Return what ``--version`` prints: the program's version first, then what it was built from and runs on."""
    from agent.settings import Settings
    from agent.version_info import version_info

    info = version_info()
    return [
        f"gradsync {info['gradsync']}",
        f"commit {info['commit']}",
        f"Python {info['python']}",
        f"Playwright {info['playwright']}",
        f"浏览器 {_browser(Settings()).shared}",
    ]


def _write_report(items: list[Item], path: Path) -> None:
    """Write what was found, but for what says who or where the person is: no folder, no user's or computer's name."""
    from agent.version_info import version_info

    found = [{"name": item.name, "ok": item.ok, "found": item.shared} for item in items]
    text = json.dumps({"versions": version_info(), "items": found}, ensure_ascii=False, indent=2)
    with os_errors_told(f"{path} 写不进去", "请换一个文件名或文件夹。"):
        path.write_text(f"{text}\n", "utf-8")
    say(f"已写入 {path.resolve()}，里面没有个人信息，可以发给维护者。")


def _lines(item: Item) -> Iterator[str]:
    yield f"{'√' if item.ok else '!'} {item.name}：{item.found}"
    if not item.ok and item.remedy:
        yield f"    怎么办：{item.remedy}"


def _settings() -> tuple[Settings, Item]:
    """The settings, or the defaults where they cannot be used: the rest can be looked at all the same."""
    from agent.settings import Settings, config_files, load

    try:
        settings = load()
    except UsageError as error:
        return Settings.model_construct(), Item("设置", False, error.message, error.remedy, True, "写得不对")
    read = [str(path.resolve()) for path in config_files() if path.is_file()]
    found = "、".join(read) or "没有设置文件，用默认值"
    return settings, Item("设置", True, found, shared=f"{len(read)} 个设置文件")


def _browser(settings: Settings) -> Item:
    from playwright.sync_api import sync_playwright

    from agent.browser.launcher import launch
    from agent.errors import BrowserMissing

    with sync_playwright() as playwright:
        try:
            started = launch(playwright, settings, headless=True)
        except BrowserMissing as error:
            return Item(
                "浏览器", False, error.message.rstrip("。"), error.remedy, True, "设置的浏览器不能启动"
            )
        if started is None:
            return Item("浏览器", False, "没有找到", BrowserMissing.default_remedy, True, "没有找到")
        browser, candidate = started
        version = browser.version
        browser.close()
    shared = f"{candidate.name} {version}"
    found = f"{shared}（{candidate.executable or 'Playwright 找到的位置'}）"
    return Item("浏览器", True, found, needed=True, shared=shared)


def _fonts() -> Item:
    if sys.platform != "linux":
        return Item("中文字体", True, "系统自带", shared="系统自带")
    listed = ""
    if command := shutil.which("fc-list"):
        told = subprocess.run([command, ":lang=zh", "family"], capture_output=True, text=True, check=False)
        listed = told.stdout
    families = sorted({line.split(",")[0] for line in listed.splitlines() if line.strip()})
    found = "、".join(families[:3]) or "没有找到，报告和截图里的中文会显示成方块"
    return Item("中文字体", bool(families), found, "请安装 fonts-noto-cjk 或其他中文字体。", shared=found)


def _letters() -> Item:
    from agent.ocr.engine import available

    found = "可以识图" if available() else "没有安装识图组件"
    return Item(
        "识图", available(), found, "不影响使用；网站用图片显示信息时，程序会请你照着填。", shared=found
    )


def _display() -> Item:
    from agent.browser.launcher import has_display

    found = "可以显示浏览器窗口" if has_display() else "没有图形界面，只能用 --headless"
    remedy = "自己登录需要能看到窗口，请在有桌面的电脑上运行。"
    return Item("显示", has_display(), found, remedy, shared=found)


def _folder() -> Item:
    try:
        with tempfile.TemporaryFile(dir=Path.cwd()):
            return Item("当前文件夹", True, f"可以写入（{Path.cwd()}）", shared="可以写入")
    except OSError as error:
        found = f"不能写入：{os_reason(error)}"
        return Item("当前文件夹", False, found, "请换一个文件夹运行，或用 --out 指定。", shared=found)


def _keyring() -> Item:
    import keyring
    from keyring.backends.fail import Keyring as NoKeyring

    backend = keyring.get_keyring()
    there = not isinstance(backend, NoKeyring)
    found = type(backend).__module__ if there else "没有可用的密钥环，登录状态只留在内存里"
    return Item("密钥环", there, found, "不影响使用。", shared=found)


def _clock() -> Item:
    found = f"{time.strftime('%Y-%m-%d %H:%M')} {time.tzname[time.localtime().tm_isdst > 0]}"
    return Item("时钟", True, found, shared=found)


def _reach(addresses: Mapping[str, str]) -> Iterator[Item]:
    import urllib.request  # slow to load, and only for --reach

    for site, address in addresses.items():
        try:
            with urllib.request.urlopen(address, timeout=REACH_SECONDS) as answer:
                found = f"能打开（HTTP {answer.status}）"
                yield Item(f"网站 {site}", True, found, shared=found)
        except OSError as error:
            found = f"打不开（{type(error).__name__}）"
            yield Item(f"网站 {site}", False, found, "请检查网络，或稍后再试。", shared=found)
