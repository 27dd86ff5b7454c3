"""``gradsync profiles``: the notices as data."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated

import typer

from agent.cli.options import JsonOption
from agent.cli.output import print_json, print_lines, print_result
from agent.cli.services import ProfileLine, services_of
from agent.errors import UsageError

app = typer.Typer(rich_markup_mode=None, help="通知配置：列出、查看、检查。", invoke_without_command=True)


@app.callback()
def list_profiles(context: typer.Context, as_json: JsonOption = False) -> None:
    """列出内置的通知配置。"""
    if context.invoked_subcommand is not None:
        return
    rows = services_of(context).profiles()
    today = date.today()  # noqa: DTZ011  the person's own day
    lines = (f"{row.id}  {row.title}（{_days(row, today)}）" for row in rows)
    print_result(list(map(asdict, rows)), lines, as_json)


def _days(row: ProfileLine, today: date) -> str:
    """Say when the notice has to be done, and whether that is over."""
    if row.start is None or row.end is None:
        return "没有统一的办理时间"
    over = "，已结束" if today > row.end else ""
    return f"{row.start} 至 {row.end}{over}"


@app.command()
def show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="通知配置的名字，或 .toml 文件的路径")],
) -> None:
    """打印一份通知配置的全部内容（JSON）。"""
    print_json(services_of(context).profile(name))


@app.command()
def validate(
    context: typer.Context, file: Annotated[str, typer.Argument(metavar="FILE", help=".toml 文件")]
) -> None:
    """检查一份通知配置；有误时说出是哪一项，与内置的同名配置不同时说出影响什么。"""
    data = services_of(context).profile(file)
    counts = f"{len(data['duties'])} 项任务，{len(data['conditions'])} 项毕业条件"
    changed = (f"  · {line}" for line in services_of(context).profile_effects(file))
    print_lines([f"{data['id']}：没有发现问题（{counts}）", *changed])


learned = typer.Typer(
    rich_markup_mode=None,
    help="看本人在窗口里的操作学到的菜单文字：查看、删除、导出。",
    invoke_without_command=True,
)
app.add_typer(learned, name="learned")
ProfileOption = Annotated[str, typer.Option("--profile", metavar="ID", help="通知配置的名字")]
DEFAULT_PROFILE = "xjtu-2024-07"


@learned.callback()
def list_learned(context: typer.Context) -> None:
    """列出默认通知学到的菜单文字。"""
    if context.invoked_subcommand is None:
        show_learned(context)


@learned.command("show")
def show_learned(context: typer.Context, profile: ProfileOption = DEFAULT_PROFILE) -> None:
    """列出学到的菜单文字：哪一页、怎么走、什么时候学到的。"""
    print_lines(services_of(context).learned(profile) or [f"{profile}：没有学到过菜单文字。"])


@learned.command("forget")
def forget_learned(context: typer.Context, profile: ProfileOption = DEFAULT_PROFILE) -> None:
    """删掉学到的菜单文字。"""
    known = services_of(context).forget_learned(profile)
    print_lines([f"{profile}：已删掉学到的菜单文字。" if known else f"{profile}：没有学到过菜单文字。"])


@learned.command("export")
def export_learned(context: typer.Context, profile: ProfileOption = DEFAULT_PROFILE) -> None:
    """打印可以贴进通知配置的 TOML；里面只有菜单文字。"""
    text = services_of(context).export_learned(profile)
    if not text:
        raise UsageError(f"{profile} 还没有学到菜单文字。", "有人在窗口里带过路以后才有。")
    print_lines([text])
