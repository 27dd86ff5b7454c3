"""What the READMEs say is so: their blocks are what the program prints, and whatever they name exists."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer.main

from agent.cli.app import app
from agent.errors import ExitStatus
from agent.report.model import json_schema
from agent.settings import Settings, environment_names
from tests.docs import blocks
from tests.docs.readme import CHINESE, ENGLISH, READMES, code, commands, listed, section
from tests.docs.readme import blocks as fenced
from tests.structure.source import ROOT

DEMO = "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/gradsync demo"
TESTS = "python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]' && .venv/bin/python -m pytest -n 6"
Command = Any  # click's, which newer typers carry within them
KINDS = {ENGLISH: {"asks", "help", "exit-statuses", "benches"}, CHINESE: {"endings"}}


@pytest.fixture(params=READMES, ids=lambda file: file.name)
def readme(request: pytest.FixtureRequest) -> Path:
    file: Path = request.param
    return file


def _text(file: Path) -> str:
    return file.read_text("utf-8")


# -- generated blocks ------------------------------------------------------------------------------------------------------


def test_the_blocks_are_what_the_program_prints(readme: Path) -> None:
    """Repair: `python -m tests.docs.blocks --write`; a new error also needs its sentence there."""
    text = _text(readme)
    assert blocks.renewed(text) == text
    assert blocks.UNWRITTEN not in text
    assert set(re.findall(r"^<!-- (?!end -->)([\w-]+)", text, re.MULTILINE)) == KINDS[readme]


def test_a_stale_block_is_renewed_and_what_was_written_by_hand_is_kept() -> None:
    text = "<!-- exit-statuses -->\n| `30` | a bad picture | `gone.code` |\n| --- | --- | --- |\n| `31` | old | |\n<!-- end -->"
    renewed = blocks.renewed(text)
    assert "| `31` | old | `plan.stale` |" in renewed
    assert "gone.code" not in renewed
    assert f"| `0` | {blocks.UNWRITTEN} |" in renewed


# -- the two commands ------------------------------------------------------------------------------------------------------


def test_the_two_commands_stand_where_they_are_used() -> None:
    shell = fenced(_text(ENGLISH), "sh")
    assert f"{DEMO}\n" in shell
    assert f"{TESTS}\n" in shell
    assert TESTS in _text(ROOT / ".ci" / "run").splitlines()


def test_students_get_the_same_commands_on_every_system() -> None:
    text = _text(CHINESE)
    windows, others = ("".join(fenced(text, language)) for language in ("powershell", "sh"))
    assert others
    same = windows.replace("\\", "/").replace(".venv/Scripts/", ".venv/bin/").replace("py -m", "python3 -m")
    assert same == others


def test_students_get_from_download_to_report_without_a_command() -> None:
    """At most five actions; whoever likes a terminal has a chapter of their own, the last one."""
    text = _text(CHINESE)
    lead, terminal = text.split("\n## 在终端里使用\n")
    assert commands(lead) == []
    assert [word for word in ("终端里输入", "--", ".toml`") if word in re.sub(r"<!--.*?-->", "", lead)] == []
    assert len(re.findall(r"^\d+\. \*\*", section(text, "从下载到报告，五步"), re.MULTILINE)) == 5
    assert "\n## " not in terminal


# -- whatever is named exists ----------------------------------------------------------------------------------------------


def _below(command: Command) -> dict[str, Command]:
    """Return the commands of a group; nothing for a command."""
    found: dict[str, Command] = getattr(command, "commands", {})
    return found


def _walk(command: Command, name: str = "gradsync") -> Iterator[str]:
    """Yield every command that does something by itself."""
    below = _below(command)
    if not below or command.invoke_without_command:
        yield name
    for word, each in below.items():
        yield from _walk(each, f"{name} {word}")


def _options(command: Command) -> set[str]:
    return {"--help", *(name for param in command.params for name in (*param.opts, *param.secondary_opts))}


def _unknown(words: list[str]) -> list[str]:
    """Return the words of a command line that the program would not understand."""
    command, unknown = typer.main.get_command(app), []
    for word in words:
        below = _below(command)
        if word.startswith("-"):
            unknown += [] if word in _options(command) else [word]
        elif below and word not in below:
            return [*unknown, word]
        elif below:
            command = below[word]
    return unknown


@pytest.mark.parametrize(
    "line", ["gradsync dance", "gradsync run --fast", "gradsync photo dance a.jpg", "gradsync --fast"]
)
def test_an_unknown_command_is_found(line: str) -> None:
    assert [_unknown(words) for words in commands(f"`{line}`")] != [[]]


def test_every_command_named_exists(readme: Path) -> None:
    named = commands(_text(readme))
    assert len(named) > 5
    assert [(" ".join(words), unknown) for words in named if (unknown := _unknown(words))] == []


def test_every_command_is_in_the_table() -> None:
    assert set(listed(section(_text(ENGLISH), "Commands"))) == set(_walk(typer.main.get_command(app)))


def test_every_setting_is_in_the_table() -> None:
    names = {re.sub("(?<=_SITES__)[A-Z]+", "<SITE>", name.upper()) for name in environment_names(Settings)}
    assert set(listed(section(_text(ENGLISH), "Settings"))) == names


def test_every_setting_named_exists(readme: Path) -> None:
    known = {name.upper() for name in environment_names(Settings)}
    named = re.findall(r"GRADSYNC_\w+(?:<\w+>\w+)?", _text(readme))
    assert named
    assert {name for name in named if re.sub("<.*>", "CHSI", name) not in known} == set()


def test_every_exit_status_is_in_the_table() -> None:
    assert listed(section(_text(ENGLISH), "Exit status")) == [str(status.value) for status in ExitStatus]


def test_every_key_of_the_report_is_in_the_table() -> None:
    keys = json_schema()["properties"]
    assert isinstance(keys, dict)
    assert sorted(listed(section(_text(ENGLISH), "report.json"))) == sorted(keys)


def test_every_module_that_is_run_exists(readme: Path) -> None:
    modules = {
        words[words.index("-m") + 1]
        for line in code(_text(readme))
        if "python" in line and " -m " in line
        for words in [shlex.split(line.rpartition("&&")[2])]
        if "-m" in words
    }
    assert {name for name in modules if find_spec(name) is None} == set()


def test_every_file_named_exists(readme: Path) -> None:
    text = _text(readme)
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)|<img src=\"([^\"]+)\"", text)
    layers = [
        word
        for body in fenced(text, "text")
        for word in re.findall(r"^(?:agent|flows|fixtures)/\S*", body, re.M)
    ]
    paths = {
        span
        for span in code(text)
        if re.match(r"(?:agent|flows|fixtures|tests|docs)/|\.(?:ci|importlinter)", span)
    }
    named = {"".join(pair) for pair in linked} | paths | set(layers)
    assert named
    assert {name for name in named if not (ROOT / name).exists()} == set()
