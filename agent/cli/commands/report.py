"""``gradsync report``: render a case again from its report.json."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import FolderArgument, JsonOption
from agent.cli.output import print_json, print_result, say
from agent.errors import UsageError
from agent.privacy.private_files import PrivateFolder


def report(
    folder: FolderArgument = None,
    schema: Annotated[bool, typer.Option("--schema", help="打印 report.json 的 JSON Schema")] = False,
    pdf: Annotated[bool, typer.Option("--pdf/--no-pdf", help="同时生成 report.pdf")] = True,
    as_json: JsonOption = False,
) -> None:
    """由案例文件夹里的 report.json 重新生成报告（html、md、pdf）。"""
    from agent.report.files import load, photos_of, write_pages
    from agent.report.model import json_schema

    if schema:
        print_json(json_schema())
        return
    if folder is None:
        raise typer.BadParameter("请给出案例文件夹")
    if not folder.is_dir():
        raise UsageError(f"没有这个文件夹：{folder.absolute()}。", "请给出案例文件夹的路径。")
    found = load(folder)
    written = write_pages(PrivateFolder(folder, str), found, photos_of(folder))
    if pdf:
        written.append(print_pdf_of(folder))
    lines = (str(path.absolute()) for path in written)
    print_result(found.model_dump(mode="json", by_alias=True), lines, as_json)


def print_pdf_of(folder: Path) -> Path:
    """Print report.html of a case as report.pdf and return that; raises ``BrowserMissing`` without a browser."""
    from agent.browser.launcher import running
    from agent.report.render import print_pdf
    from agent.settings import load as load_settings

    html = (folder / "report.html").read_text("utf-8")
    with running(load_settings(), headless=True, tell=say) as browser:
        return PrivateFolder(folder, str).write_as_is("report.pdf", print_pdf(html, browser))
