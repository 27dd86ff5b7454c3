"""Options that several commands take, each declared once."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

ProfileOption = Annotated[
    str, typer.Option("--profile", metavar="ID|FILE", help="通知配置的名字，或 .toml 文件的路径")
]
HeadlessOption = Annotated[bool | None, typer.Option("--headless/--headed", help="不显示／显示浏览器窗口")]
TodayOption = Annotated[
    datetime | None,
    typer.Option("--today", metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="演练用：当作这一天"),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="案例文件夹；中断后用同一个文件夹再运行会接着做")
]
FolderArgument = Annotated[Path | None, typer.Argument(metavar="DIR", help="案例文件夹")]
OnlyOption = Annotated[
    list[str] | None, typer.Option("--only", metavar="DUTY", help="只做这项任务，可重复；例如 conditions")
]
YesOption = Annotated[bool, typer.Option("--yes", help="同意“按计划操作”；不包括任何不可撤回的点击")]
JsonOption = Annotated[bool, typer.Option("--json", help="在标准输出打印 JSON")]


def day_of(today: datetime | None) -> date | None:
    """Return the day that ``--today`` names."""
    return today.date() if today else None
