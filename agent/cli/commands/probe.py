"""``gradsync probe``: what it prints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from agent.cli.boundary import tell
from agent.cli.output import print_result, say
from agent.cli.services import ProbeResult


def show(found: ProbeResult, as_json: bool) -> None:
    """Print what was found and exit with its status."""
    print_result(found.data, _lines(found.data), as_json)
    say(f"结果文件（不含个人信息）：{found.file.resolve()}")
    if found.trouble:
        raise typer.Exit(tell(found.trouble))


def _lines(data: dict[str, Any]) -> Iterator[str]:
    for page in data["pages"]:
        rows = page["rows"]
        there = sum(row["found"] is not None for row in rows)
        gone = [row for row in rows if row["found"] is None and row["needed"]] if there else []
        said = page["trouble"] or f"{len(rows)} 项里找到 {there} 项"
        yield f"{'×' if page['trouble'] or gone else '√'} {page['page']}：{said}"
        yield from (f"  × 没有「{row['expected'][0]}」（配置项 {row['key']}）" for row in gone)
        yield from (
            f"  ! 用的是「{row['found']}」，不是「{row['expected'][0]}」（配置项 {row['key']}）"
            for row in rows
            if row["found"] not in (None, row["expected"][0])
        )
