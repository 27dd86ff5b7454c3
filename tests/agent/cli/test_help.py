"""Every command explains itself, and a mistake on the command line is status 2 with a word on what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from agent.cli.app import app
from tests.agent.cli.conftest import PROFILE, Gradsync

CONTRACT = {
    *("demo", "run", "plan", "apply", "check", "report", "doctor", "photo check", "photo compare"),
    *("profiles", "profiles show", "profiles validate", "sites serve", "audit verify"),
    *("consent new", "consent show", "consent withdraw", "forget"),
    *("form new", "form check"),
}


def _commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from _commands(below, (*path, name))


COMMANDS = dict(_commands(get_command(app)))


def test_the_commands_of_the_contract_are_there() -> None:
    assert {" ".join(path) for path in COMMANDS} >= CONTRACT


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(path) or "gradsync")
def test_every_command_explains_itself(path: tuple[str, ...], plain: Gradsync) -> None:
    ran = plain(*path, "-h")
    assert (ran.status, ran.err) == (0, "")
    assert f"Usage: gradsync {' '.join(path)}".strip() in ran.out
    assert re.search(r"[\u4e00-\u9fff]{4}", ran.out)
    assert not re.search(r"<list\[str|<%Y|Show this message", ran.out)


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(path) or "gradsync")
def test_every_option_and_argument_explains_itself(path: tuple[str, ...]) -> None:
    assert [param.name for param in COMMANDS[path].params if not param.help] == []


@pytest.mark.parametrize(
    ("args", "named"),
    [
        pytest.param(("fly",), "fly"),
        pytest.param(("run",), "--profile"),
        pytest.param(("run", *PROFILE, "--fast"), "--fast"),
        pytest.param(("run", *PROFILE, "--today", "heute"), "heute"),
        (("run", "--profile", "xjtu-2025"), "xjtu-2025"),
        (("run", "--profile", "missing.toml"), "missing.toml"),
        (("run", *PROFILE, "--only", "foto"), "foto"),
        (("check", *PROFILE, "--only", "photo", "--only", "dancing"), "dancing"),
        (("apply", "missing/plan.json"), "plan.json"),
        (("run", *PROFILE, "--form", "missing.toml"), "missing.toml"),
        (("form", "check", "missing.toml"), "missing.toml"),
        pytest.param(("report",), "DIR|文件夹"),
        pytest.param(("cohort", "answer", "1", "chose-enrollment", "x"), "chose-enrollment"),
        pytest.param(("forget",), "--expired"),
        pytest.param(("forget", "case", "--expired"), "--expired"),
        (("forget", "missing"), "missing"),
        (("consent", "show", "missing.json"), "missing"),
        (("run", *PROFILE, "--consent", "missing.json"), "missing"),
        (("report", "missing"), "missing"),
        (("sites", "serve", "--scenario", "sunshine"), "没有叫“sunshine”的情景。\n.*ordinary"),
        (("photo", "check", "missing.jpg"), "missing.jpg"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
def test_a_mistake_is_named_and_nothing_is_left_behind(
    args: tuple[str, ...], named: str, plain: Gradsync
) -> None:
    ran = plain(*args)
    assert ran.status == 2, ran.err
    assert re.search(named, ran.err), ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert list(plain.folder.iterdir()) == []


@pytest.mark.parametrize("command", ["run", "check", "plan"])
def test_an_unknown_variable_is_named(command: str, plain: Gradsync) -> None:
    ran = plain(command, *PROFILE, GRADSYNC_SITES__CHSI__LOGINURL="http://127.0.0.1")
    assert ran.status == 2
    assert "GRADSYNC_SITES__CHSI__LOGINURL" in ran.err
    assert list(plain.folder.iterdir()) == []


def test_a_bad_value_is_named_and_not_shown(plain: Gradsync) -> None:
    (plain.folder / "gradsync.toml").write_text("[sites.chsi]\npassword = ['canary']\n")
    ran = plain("run", *PROFILE)
    assert ran.status == 2
    assert "sites.chsi.password" in ran.err
    assert "canary" not in ran.err


def test_a_window_where_none_can_be_shown_is_a_mistake(plain: Gradsync) -> None:
    ran = plain("run", *PROFILE, "--headed", "--out", "case", DISPLAY="", WAYLAND_DISPLAY="")
    if "图形界面" not in ran.err:
        pytest.skip("this machine can always show a window")
    assert ran.status == 2


def test_a_browser_that_is_not_where_it_was_said_to_be_is_a_mistake(plain: Gradsync) -> None:
    ran = plain("run", *PROFILE, "--headless", "--out", "case", GRADSYNC_BROWSER_PATH="/nowhere/chromium")
    assert ran.status == 2
    assert "浏览器" in ran.err + ran.out
    assert (plain.folder / "case" / "report.json").is_file()
