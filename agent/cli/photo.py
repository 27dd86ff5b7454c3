"""``gradsync photo``: the pure photo functions on files, without a browser."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.output import print_json, print_lines
from agent.errors import ExitStatus, PhotoNotAcceptable, UsageError

if TYPE_CHECKING:
    from agent.photo import Inspection

app = typer.Typer(rich_markup_mode=None, help="照片：检查一张，或比较两张。", no_args_is_help=True)
JsonOption = Annotated[bool, typer.Option("--json", help="在标准输出打印 JSON")]
MARKS = {"ok": "√", "warn": "!", "fail": "×"}


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="照片文件")],
    as_json: JsonOption = False,
) -> None:
    """检查照片文件是不是可用的学历照片。"""
    from agent.photo import inspect

    results = {file: inspect(read(file), file_name=file.name) for file in files}
    if as_json:
        rows = [_as_data(file, result) for file, result in results.items()]
        print_json(rows[0] if len(rows) == 1 else rows)
    else:
        print_lines(line for file, result in results.items() for line in _as_lines(file, result))
    if not all(result.ok for result in results.values()):
        raise typer.Exit(ExitStatus.PHOTO)


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(metavar="A")],
    b: Annotated[Path, typer.Argument(metavar="B")],
    as_json: JsonOption = False,
) -> None:
    """比较两张照片是不是同一张图片（不判断是不是同一个人）。"""
    from agent.photo import PhotoUnreadable, verdict_sentence
    from agent.photo import compare as compare_photos

    try:
        result = compare_photos(read(a), read(b))
    except PhotoUnreadable as error:
        broken = a if error.which == "a" else b
        raise PhotoNotAcceptable(
            f"{broken} 不是可以打开的照片：{error.why}", "请换一个照片文件再比较。"
        ) from None
    if as_json:
        print_json({**asdict(result), "sentence": verdict_sentence(result)})
    else:
        print_lines([verdict_sentence(result), *(f"  · {reason}" for reason in result.reasons)])


def read(file: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        UsageError: It cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"文件 {file} 读不出来：{error.strerror}。", "请检查路径。") from None


def _as_data(file: Path, result: Inspection) -> dict[str, object]:
    return {
        "file": str(file),
        **asdict(result.facts),
        "ok": result.ok,
        "findings": [asdict(row) for row in result.findings],
    }


def _as_lines(file: Path, result: Inspection) -> list[str]:
    verdict = "可以用" if result.ok else "不能用"
    return [
        f"{file}：{verdict}",
        *(f"  {MARKS[row.level]} {row.note}" for row in result.findings if row.note),
    ]
