"""``gradsync forget``: cases deleted, and what is said of them and of those that could not be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.options import FolderArgument, JsonOption
from agent.cli.output import print_lines, print_result
from agent.errors import CaseBusy, ExitStatus, UsageError

if TYPE_CHECKING:
    from agent.case.retention import Forgotten


def forget(
    folder: FolderArgument = None,
    expired: Annotated[
        bool, typer.Option("--expired", help="删除所有过了同意书里的期限、或已撤回同意的案例")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """删除案例里的个人信息（照片、留证、报告、记录），只留不含个人信息的审计记录。"""
    if (folder is None) != expired:
        raise typer.BadParameter("请给出一个案例文件夹，或者用 --expired")
    from agent.case import retention
    from agent.consent import Register
    from agent.consent.gate import local_now
    from agent.privacy.saved_logins import forget_saved_logins

    now = local_now()
    done, stuck = (
        ([retention.forget(folder)], dict[Path, UsageError]())
        if folder
        else retention.forget_all(retention.due(Register(), now))
    )
    sessions = forget_saved_logins(now if folder is None else None)
    if sessions and not as_json:
        print_lines([f"保留的登录：已删除 {sessions} 个。"])
    print_forgotten({"sessions": sessions}, done, stuck, as_json)
    raise typer.Exit(ExitStatus.USAGE if stuck else ExitStatus.DONE)


def print_forgotten(
    head: Mapping[str, str | int], done: list[Forgotten], stuck: Mapping[Path, UsageError], as_json: bool
) -> None:
    """Print what was deleted and what was not; ``head`` goes before it in the JSON."""
    data = {**head, "forgotten": [asdict(gone) for gone in done], "stuck": list(stuck)}
    lines = [*(gone.describe() for gone in done), *(_stuck(*row) for row in stuck.items())]
    print_result(data, lines or ["没有需要删除的案例。"], as_json)


def _stuck(folder: Path, error: UsageError) -> str:
    if isinstance(error, CaseBusy):
        return f"{folder}：正在运行；撤回了同意的，会在下一步之前停下并删除，其他的请等它结束后再删除。"
    return f"{folder}：{error.told}"
