"""``gradsync report``: render a case again from its report.json."""

from __future__ import annotations

from pathlib import Path

from agent.cli.output import print_json, print_result, say
from agent.errors import UsageError
from agent.privacy.private_files import PrivateFolder
from agent.report.files import load, photos_of, write_pages
from agent.report.model import json_schema


def print_schema() -> None:
    """Print the JSON Schema of report.json."""
    print_json(json_schema())


def render_again(folder: Path, pdf: bool, as_json: bool) -> None:
    """Write report.html and report.md, and report.pdf if asked for, from report.json.

    Raises:
        UsageError: The folder holds no report of this version.
        BrowserMissing: The PDF was asked for and no browser was found.
    """
    if not folder.is_dir():
        raise UsageError(f"没有这个文件夹：{folder.absolute()}。", "请给出案例文件夹的路径。")
    report = load(folder)
    written = write_pages(PrivateFolder(folder, lambda text: text), report, photos_of(folder))
    if pdf:
        written.append(print_pdf_of(folder))
    lines = (str(path.absolute()) for path in written)
    print_result(report.model_dump(mode="json", by_alias=True), lines, as_json)


def print_pdf_of(folder: Path) -> Path:
    """Print report.html of a case as report.pdf and return that; raises ``BrowserMissing`` without a browser."""
    from agent.browser.launcher import running
    from agent.report.render import print_pdf
    from agent.settings import load as load_settings

    html = (folder / "report.html").read_text("utf-8")
    with running(load_settings(), headless=True, tell=say) as browser:
        return PrivateFolder(folder, lambda text: text).write_as_is("report.pdf", print_pdf(html, browser))
