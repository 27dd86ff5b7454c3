"""The report's files in a case folder: writing them, and reading them back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from agent.errors import UsageError
from agent.report.model import Report
from agent.report.render import render_html, render_markdown
from agent.storage import PrivateFolder, confined, refuse_links

REPORT = "report.json"
OTHER_PHOTOS = ("platform_copy", "enrollment")


def write(folder: PrivateFolder, report: Report, photos: Mapping[str, bytes]) -> Report:
    """Write report.json, report.html and report.md.

    Args:
        folder: The case folder; its redactor goes over every text first.
        report: The report.
        photos: The pictures by ``chsi``, ``platform_copy``, ``enrollment``.

    Returns:
        The report as it was written.
    """
    clean = Report.model_validate(folder.clean(report.model_dump(mode="json", by_alias=True)))
    folder.write_as_is(REPORT, f"{clean.to_json()}\n".encode())
    write_pages(folder, clean, photos)
    return clean


def write_pages(folder: PrivateFolder, report: Report, photos: Mapping[str, bytes]) -> list[Path]:
    """Write report.html and report.md of a report without secrets, and return their paths."""
    pictures = {**photos, **_crops(folder.path, report)}
    return [
        folder.write_as_is("report.html", render_html(report, pictures).encode()),
        folder.write_as_is("report.md", render_markdown(report).encode()),
    ]


def _crops(folder: Path, report: Report) -> dict[str, bytes]:
    """The crops that a report names, as far as they are still there."""
    sides = (side for row in report.checks for side in (row.left, row.right) if side)
    named = (confined(folder, crop) for side in sides for crop in side.crops)
    return {str(path.relative_to(folder)): path.read_bytes() for path in named if path.is_file()}


def load(folder: Path) -> Report:
    """Read a case's report.

    Raises:
        UsageError: There is none, or it is of another version.
    """
    refuse_links(folder)
    try:
        return Report.model_validate_json((folder / REPORT).read_bytes())
    except OSError:
        raise UsageError(
            f"文件夹 {folder} 里没有 {REPORT}。", "请给出 gradsync run 写出的案例文件夹。"
        ) from None
    except ValidationError:
        raise UsageError(
            f"{folder / REPORT} 不是这个版本的报告。", "请用写出它的那个版本，或重新运行一次。"
        ) from None


def photos_of(folder: Path) -> dict[str, bytes]:
    """Return the photos that a case folder holds, by their names in the report."""
    refuse_links(folder)
    files = sorted((folder / "photo").glob("*.jpg"))
    named = {path.stem if path.stem in OTHER_PHOTOS else "chsi": path for path in files}
    return {name: path.read_bytes() for name, path in named.items()}
