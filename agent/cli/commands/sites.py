"""``gradsync sites``: the mock sites."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from agent.cli.output import print_lines, say
from agent.cli.services import services_of

app = typer.Typer(rich_markup_mode=None, help="模拟网站（测试和演练用）。", no_args_is_help=True)


@app.callback()
def sites() -> None:
    """模拟网站（测试和演练用）。"""


@app.command()
def serve(
    context: typer.Context,
    port_base: Annotated[
        int | None, typer.Option("--port-base", min=1024, max=65000, help="第一个端口号")
    ] = None,
    scenario: Annotated[
        str | None, typer.Option("--scenario", help="所有学生都用的情景；写错一个就列出全部")
    ] = None,
) -> None:
    """在前台运行模拟网站；准备好后在标准输出打印一行 JSON 地址，Ctrl-C 结束。"""
    services_of(context).serve(port_base, scenario, _ready)


def _ready(addresses: dict[str, str], usage: list[str]) -> None:
    print_lines([json.dumps(addresses)])
    say(*usage)
