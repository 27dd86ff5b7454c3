"""Mistakes on the command line, as Typer and its Click find them, told in Chinese with what to type instead."""

from __future__ import annotations

import re

import typer

from agent.errors import UsageError

# Typer brings a Click of its own in newer versions, so the class is taken from where Typer has it.
CLICK_ERROR: type[typer.BadParameter] = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_QUOTED = re.compile(r"'[^']*'")
_WANTED = {
    r"valid integer|valid int\b": "应该是整数",
    r"valid number|valid float": "应该是数字",
    r"greater than or equal to (\S+)": "最小是 {0}",
    r"less than or equal to (\S+)": "最大是 {0}",
    r"not in the range (\S+)": "应该在 {0} 之间",
    r"does not match the format": "应该是日期，例如 2024-06-03",
    r"not one of (.+?)\.?$": "只能是 {0} 之一",
    r"valid boolean": "应该是 true 或 false",
}
"""What is said for each thing that a value should have been, by what Click or pydantic say of it."""


def explained(error: typer.BadParameter) -> UsageError:
    """Return a mistake on the command line in words of our own."""
    context = getattr(error, "ctx", None)
    path = context.command_path.partition(" ")[2] if context else ""
    command = f"gradsync {path}".strip()
    return UsageError(f"{_what(error).rstrip()}。", f"{_instead(error, command)}。")


def _what(error: typer.BadParameter) -> str:
    kind, said = type(error).__name__, error.message or ""
    option = getattr(error, "option_name", "")
    if kind == "NoSuchOption":
        return f"没有选项 {option}"
    if kind == "BadOptionUsage":
        return f"选项 {option} {'不带值' if 'not take' in said else '后面缺少它的值'}"
    if kind == "MissingParameter":
        return f"缺少{_named(error)}"
    if unknown := re.match(r"No such command '(.*?)'", said):
        return f"没有命令 {unknown[1]}"
    if extra := re.search(r"unexpected extra arguments?(?:\(s\))? \((.*)\)", said):
        return f"多出了 {extra[1]}"
    if _CHINESE.search(_QUOTED.sub("", said)):  # in quotes stands what was typed
        return said.rstrip("。")
    return f"{_named(error)}的值{_value(said)}不能用{_wanted(said)}"


def _named(error: typer.BadParameter) -> str:
    param = error.param
    if param is None:
        return "命令"
    if param.param_type_name == "option":
        return f"选项 {param.opts[0]} "
    return f"参数 {getattr(param, 'metavar', None) or str(param.name).upper()} "


def _value(said: str) -> str:
    quoted = re.search(r"'([^']*)' (?:does not|is not)", said)
    return f" {quoted[1]} " if quoted else ""


def _wanted(said: str) -> str:
    for pattern, wanted in _WANTED.items():
        if found := re.search(pattern, said):
            return f"，{wanted.format(*found.groups())}"
    return ""


def _instead(error: typer.BadParameter, command: str) -> str:
    meant = list(getattr(error, "possibilities", None) or ()) or re.findall(
        r"Did you mean '(.*?)'", error.message or ""
    )
    if meant:
        return f"是不是要写 {' 或 '.join(meant)}？运行 {command} --help 可以看到全部写法"
    return f"运行 {command} --help 可以看到全部写法"
