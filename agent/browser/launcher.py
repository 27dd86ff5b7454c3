"""The only module that launches a browser: which one, with what flags, and a fresh context per site."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Playwright,
    Route,
    StorageState,
    sync_playwright,
)

from agent.browser.network.origin_proxy import PROBE_HOST, OriginProxy, check_system_proxy
from agent.browser.stability import INSTALL_SECONDS
from agent.errors import BrowserMissing, UsageError
from agent.packaged import browsers_folder, is_packaged
from agent.settings import PREFIX, Settings
from agent.snapshot.scripts import script

CHANNELS = ("chrome", "msedge")
SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable")
# The same engine with no browser's own pages around it: what Playwright's own headless mode runs, at 0.6 of the CPU time.
HEADLESS_SHELL = "chromium-headless-shell"
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    # WebRTC sends over UDP, which goes through no proxy; Chrome and the headless shell read different names of the switch.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
)
TEMPORARY = ("TMPDIR", "TEMP", "TMP")
OWN_SIZE = "估计下载 300 MB 左右，占用 700 MB 左右"
"""An estimate for Chromium and its headless shell: Playwright's list of browsers names no sizes, and nothing is fetched to learn them."""
MOST_SAID = 200
"""Characters of what a program printed that is no browser."""
_PRINTED = re.compile(r"\[pid=\d+\]\[(?:err|out)\] (.+)")
PROBE_MS = 10_000
NOT_HELD = "远程浏览器在另一台电脑上，网站重定向到其他地址时程序拦不住，只能事后发现。"
PROXY_FOR_LOOPBACK_TOO = "<-loopback>"
"""Chromium's word for it: it would go straight to this computer's own ports else."""
PLACES, ACROSS, DOWN = 6, 80, 56
"""How many places windows have on the screen, and how far apart: each leaves the title of the one below it to be seen."""
PAGE_ACTIVITY = script("page_activity")
LABELLED = """(label => {
  if (window.top !== window) return;
  const name = () => { if (!document.title.startsWith(label)) document.title = `${label} ${document.title}`; };
  document.addEventListener("DOMContentLoaded", name);
  window.addEventListener("load", name);
})"""
"""Names a window after the case: a page's title is all that tells two windows of one site apart."""


@dataclass(frozen=True)
class Candidate:
    """One way to start a browser: an executable, a channel that Playwright knows, or Playwright's own (both empty)."""

    name: str
    executable: Path | None = None
    channel: str | None = None


def candidates(settings: Settings, headless: bool) -> Iterator[Candidate]:
    """Yield the browsers to try, in order: the given path, the given or usual channels, the system's, Playwright's own.

    A path or channel that was set by hand is the only candidate: a typo must not start another browser in silence.

    Args:
        settings: Path or channel given by the person.
        headless: Without a window, which the system's headless shell does with the least work.
    """
    if settings.browser_path:
        yield Candidate("GRADSYNC_BROWSER_PATH", executable=settings.browser_path)
        return
    if settings.browser_channel:
        yield Candidate(settings.browser_channel, channel=settings.browser_channel)
        return
    yield from (Candidate(channel, channel=channel) for channel in CHANNELS)
    names = (HEADLESS_SHELL, *SYSTEM_NAMES) if headless else SYSTEM_NAMES
    found = ((name, shutil.which(name)) for name in names)
    yield from (Candidate(name, executable=Path(path)) for name, path in found if path)
    yield Candidate("playwright")


def flags(place: int | None = None) -> list[str]:
    """Return the command line flags; Chromium refuses its sandbox to root on Linux, as on CI machines.

    Args:
        place: Which place on the screen the windows get; None leaves it to the browser.
    """
    as_root = sys.platform == "linux" and os.geteuid() == 0
    at = "" if place is None else f"--window-position={place % PLACES * ACROSS},{place % PLACES * DOWN}"
    return [*FLAGS, *(["--no-sandbox"] if as_root else []), *([at] if at else [])]


def launch(playwright: Playwright, settings: Settings, headless: bool) -> tuple[Browser, Candidate] | None:
    """Start the first candidate that starts; None when none does.

    Raises:
        BrowserMissing: The one that was set by hand does not; it is named with what it said.
    """
    for candidate in candidates(settings, headless):
        try:
            browser = playwright.chromium.launch(
                executable_path=candidate.executable,
                channel=candidate.channel,
                headless=headless,
                args=flags(settings.window.place),
                env=dict(_foreign_environment()),
            )
        except Error as error:
            if settings.browser_path or settings.browser_channel:
                raise _not_startable(candidate, str(error)) from None
            continue  # not installed, or unable to run here: the next one may
        return browser, candidate
    return None


def _not_startable(candidate: Candidate, said: str) -> BrowserMissing:
    """The browser that was set by hand, and why it cannot be used."""
    setting = "GRADSYNC_BROWSER_PATH" if candidate.executable else "GRADSYNC_BROWSER_CHANNEL"
    named = candidate.executable.absolute() if candidate.executable else candidate.channel
    remedy = f"请改正 {setting}，或去掉它，让程序自己找浏览器；再用 gradsync doctor 检查。"
    return BrowserMissing(f"{setting} 指定的浏览器 {named} 不能用：{_why_not(candidate, said)}。", remedy)


def _why_not(candidate: Candidate, said: str) -> str:
    path = candidate.executable
    if path is None:
        return "这台电脑上没有安装它" if "not found" in said or "not supported" in said else _own_words(said)
    if not os.path.lexists(path):
        return "没有这个文件"
    if path.is_dir():
        return "这是文件夹，不是程序"
    return _own_words(said) if os.access(path, os.X_OK) else "它没有运行的权限"


def _own_words(said: str) -> str:
    """What a program that did not start has printed, in short; else that it ended, or is none."""
    printed = [line.strip() for line in _PRINTED.findall(said) if line.strip()]
    if printed:
        return f"它说“{' '.join(printed)[:MOST_SAID]}”"
    if "ENOEXEC" in said or "EACCES" in said or "Exec format" in said:
        return "它不是这台电脑能运行的程序"
    return "它启动后马上结束了，或不是能这样使用的浏览器"


def has_display() -> bool:
    """True when a window can be shown."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def wants_window(settings: Settings) -> bool:
    """Decide whether the person sees the browser: as set, else where there is a display.

    Raises:
        UsageError: A window was asked for and there is no display.
    """
    if settings.headless is None:
        return has_display()
    if not settings.headless and not has_display():
        raise UsageError(
            "这里没有图形界面，不能显示浏览器窗口。", "请在有桌面的电脑上运行，或改用 --headless。"
        )
    return not settings.headless


@contextmanager
def running(
    settings: Settings,
    headless: bool,
    tell: Callable[[str], None],
    may_fetch: Callable[[str], bool] | None = None,
) -> Iterator[Browser]:
    """Run a browser, installing one if there is none.

    Args:
        settings: Path or channel given by the person.
        headless: Without a window.
        tell: Gets Chinese lines about what is being installed.
        may_fetch: Says whether a browser of this name, size and place may be fetched; left out, the packaged program fetches
            none, since whoever clicked it has agreed to nothing.

    Raises:
        BrowserMissing: None was found and none could be installed, or the remote one does not answer.
    """
    with _driver() as playwright:
        if settings.browser_endpoint:
            yield from _connected(playwright, settings.browser_endpoint.get_secret_value())
            return
        started = launch(playwright, settings, headless) or install_and_launch(
            playwright, settings, headless, tell, may_fetch or (lambda what: not is_packaged())
        )
        if started is None:
            raise BrowserMissing("没有找到可用的浏览器，也没能自动安装。")
        browser, _ = started
        try:
            yield browser
        finally:
            _close(browser)


def _foreign_environment() -> Iterator[tuple[str, str]]:
    """Yield the environment for other programs: ours without the settings, of which some are secrets.

    A temporary folder that is not there, which Python passes over and a browser does not, is replaced by one that is.

    Raises:
        UsageError: There is none.
    """
    for name, value in os.environ.items():
        if name in TEMPORARY and not os.path.isdir(value):
            yield name, _temporary_folder()
        elif not name.upper().startswith(PREFIX):
            yield name, value


def _temporary_folder() -> str:
    try:
        return tempfile.gettempdir()
    except OSError:
        raise UsageError("没有可用的临时文件夹。", "请建好 TMPDIR 指定的文件夹，或检查磁盘空间。") from None


@contextmanager
def _driver() -> Iterator[Playwright]:
    """Run Playwright's driver, which takes the environment as it is at its start."""
    with ExitStack() as stack:
        whole, foreign = dict(os.environ), dict(_foreign_environment())
        for name in whole.keys() - foreign.keys():
            del os.environ[name]
        os.environ.update(foreign)
        try:
            playwright = stack.enter_context(sync_playwright())
        finally:
            os.environ.update(whole)
        yield playwright


def _connected(playwright: Playwright, endpoint: str) -> Iterator[Browser]:
    """Yield a browser that another machine runs; its address may hold a token and is not repeated.

    Client and server must be of the same minor version of Playwright.
    """
    try:
        browser = playwright.chromium.connect(endpoint)
    except Error:
        raise BrowserMissing(
            "连不上 GRADSYNC_BROWSER_ENDPOINT 指定的远程浏览器。",
            "请检查地址，以及两边的 playwright 版本是否一致。",
        ) from None
    try:
        yield browser
    finally:
        _close(browser)


def install_and_launch(
    playwright: Playwright,
    settings: Settings,
    headless: bool,
    tell: Callable[[str], None],
    may_fetch: Callable[[str], bool],
) -> tuple[Browser, Candidate] | None:
    """Install a browser by each way this machine offers and ``may_fetch`` agrees to, until one starts."""
    if settings.browser_path or settings.browser_channel:
        return None
    for what, commands in installers():
        if not may_fetch(what):
            return None
        tell(f"没有找到浏览器，正在安装：{what}，只需一次，可能要几分钟……")
        if all(_succeeds(command) for command in commands):
            started = launch(playwright, settings, headless)
            if started:
                return started
        tell("这种办法没有装成。")
    return None


def installers() -> Iterator[tuple[str, Sequence[Sequence[str]]]]:
    """Yield what can be tried here: Playwright's download, and Debian's packages where we are root."""
    yield (
        f"Playwright Chromium（{OWN_SIZE}，放在 {browsers_folder()}）",
        [[*compute_driver_executable(), "install", "chromium"]],
    )
    if sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get"):
        for packages in (("chromium", HEADLESS_SHELL, "fonts-noto-cjk"), ("chromium", "fonts-noto-cjk")):
            install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
            yield f"{'、'.join(packages)}（apt）", [["apt-get", "update"], install]


def _succeeds(command: Sequence[str]) -> bool:
    """Run an installer without its talk: one that fails is followed by the next, and what matters is the end."""
    environ = {**dict(_foreign_environment()), "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, capture_output=True, timeout=INSTALL_SECONDS, check=False, env=environ)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def address_pattern(hosts: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern for every http(s) address of the hosts, on every port; ``*.chsi.com.cn`` includes chsi.com.cn."""
    alternatives = (
        rf"(?:[^/\\@:?#\s]+\.)?{re.escape(host[2:])}" if host.startswith("*.") else re.escape(host)
        for host in hosts
    )
    return re.compile(
        rf"^(?:https?|wss?)://(?:{'|'.join(alternatives)})(?::\d+)?(?:[/?#]|$)|^(?:about|data|blob):",
        re.IGNORECASE,
    )


@contextmanager
def site_context(
    browser: Browser,
    hosts: Sequence[str],
    state: dict[str, Any] | None = None,
    refused: list[str] | None = None,
    tell: Callable[[str], None] | None = None,
    label: str = "",
    failed: dict[str, str] | None = None,
    follows: bool = True,
    encrypted: frozenset[str] = frozenset(),
) -> Iterator[BrowserContext]:
    """Open a fresh context for one site and one person; closed, with everything in it, on the way out.

    Args:
        browser: A running browser, ours or a test's.
        hosts: The only hosts the context may reach, see ``address_pattern``.
        state: The storage state of a sign-in of this person at this site, to begin with.
        refused: Gets every host that the context was held back from by its proxy, see ``agent.browser.network.origin_proxy``.
        tell: For a browser that another machine may run: gets a Chinese line when the proxy cannot be reached from there,
            so that redirects to foreign hosts are not held back.
        label: Stands before every page's title, see ``WindowSettings``.
        failed: Gets why the proxy could not connect, by host and port.
        follows: Keep count of what the pages have still to do by themselves (``page_activity.js``); what is waited for takes longer else.
        encrypted: The hosts that are never spoken to in the clear, see ``agent.browser.network.origin_proxy``.

    Raises:
        UsageError: The system's own proxy is of a kind that cannot be gone through.
    """
    check_system_proxy(hosts)
    allowed = address_pattern(hosts)
    noted = ([] if refused is None else refused, {} if failed is None else failed)
    with OriginProxy(allowed, *noted, encrypted) as proxy:
        context = _new_context(browser, proxy, state)
        if tell and not _comes_through(context, proxy):
            _close(context)
            tell(NOT_HELD)
            context = _new_context(browser, None, state)
        try:
            _hold_to(context, allowed)
            if follows:
                context.add_init_script(PAGE_ACTIVITY)
            if label:
                context.add_init_script(f"{LABELLED}({json.dumps(label)})")
            yield context
        finally:
            _close(context)


def _hold_to(context: BrowserContext, allowed: re.Pattern[str]) -> None:
    """Stop in silence what pages want of other addresses: a counter's picture is nobody's harm."""
    foreign = re.compile(f"^(?!{allowed.pattern})", re.IGNORECASE)
    context.route(foreign, _refuse)
    context.route_web_socket(foreign, lambda socket: socket.close())


def _comes_through(context: BrowserContext, proxy: OriginProxy) -> bool:
    """True when what the context asks for comes to the proxy, which another machine's browser may be unable to reach."""
    page = context.new_page()
    with suppress(Error):
        page.goto(f"http://{PROBE_HOST}/", timeout=PROBE_MS)
    page.close()
    return proxy.reached


def _new_context(browser: Browser, proxy: OriginProxy | None, state: dict[str, Any] | None) -> BrowserContext:
    return browser.new_context(
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        accept_downloads=True,
        service_workers="block",
        viewport={"width": 1280, "height": 900},
        storage_state=cast(StorageState, state) if state else None,
        proxy={"server": proxy.address, "bypass": PROXY_FOR_LOOPBACK_TOO} if proxy else None,
    )


def _close(opened: Browser | BrowserContext) -> None:
    """Close what may have gone already: the person closed the window, or Ctrl-C ended the browser with us."""
    with suppress(Error):
        opened.close()


def _refuse(route: Route) -> None:
    route.abort("blockedbyclient")
