"""``gradsync audit``: whether a case's records are whole."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import JsonOption
from agent.cli.output import print_result
from agent.errors import ExitStatus

app = typer.Typer(rich_markup_mode=None, help="审计记录：查验有没有被改动。", no_args_is_help=True)
MARKS = {"ok": "√", "warn": "!", "fail": "×"}
STATUSES = {"ok": ExitStatus.DONE, "warn": ExitStatus.DEGRADED, "fail": ExitStatus.USAGE}
"""A log that was tampered with is a usage error wherever it is met; what cannot be told is degraded."""


@app.callback()
def audit() -> None:
    """审计记录：查验有没有被改动。"""


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="案例文件夹")],
    head: Annotated[
        str, typer.Option("--head", metavar="HASH", help="以前记下的审计记录末尾，看它还在不在")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """查验审计记录、留证文件和报告是否互相吻合；不吻合时说出是哪一行、哪个文件。

    结束码：0 都对；40 有一处无从对照；2 有一处不对。
    """
    from agent.case.audit_check import REMEDY, examine

    audited = examine(folder, head)
    last = {"records": audited.head.records, "head": audited.head.hash}
    data = {"verdict": audited.level, **last, "findings": [asdict(row) for row in audited.findings]}
    lines = [f"{MARKS[row.level]} {row.note}" for row in audited.findings]
    print_result(data, [*lines, REMEDY] if audited.level == "fail" else lines, as_json)
    if audited.level != "ok":
        raise typer.Exit(STATUSES[audited.level])
