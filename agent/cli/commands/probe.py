"""``gradsync probe``: whether the sites' pages still have the words of a profile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from agent.cli.boundary import tell
from agent.cli.options import HeadlessOption, JsonOption, OutOption, ProfileOption
from agent.cli.output import print_result, say
from agent.cli.services import RunRequest, services_of


def probe(
    context: typer.Context,
    profile: ProfileOption,
    headless: HeadlessOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """只查看：网站页面上的用词与通知配置是否还一致；结果不含任何个人信息，可以发给维护者。"""
    from agent.cli.prompts import Terminal
    from agent.engine.engine import Mode
    from agent.report.progress import open_progress

    with open_progress() as progress:
        request = RunRequest(profile, Mode.CHECK, out, headless=headless)
        found = services_of(context).probe(request, progress, [Terminal(progress.paused)])
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
