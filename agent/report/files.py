"""The report's files in a case folder: writing them, and reading them back."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from agent.errors import UsageError
from agent.privacy.private_files import PrivateFolder, confined, require_plain_files
from agent.report.changes import is_of_same_student, since
from agent.report.model import Report
from agent.report.reminders import calendar
from agent.report.render import render_html, render_markdown

REPORT = "report.json"
DEADLINE = "deadline.ics"
PAGES = (REPORT, "report.html", "report.md", DEADLINE)
OTHER_PHOTOS = ("platform_copy", "enrollment")


def write(
    folder: PrivateFolder, report: Report, photos: Mapping[str, bytes], cases: Path | None = None
) -> Report:
    """Write report.json, report.html, report.md and deadline.ics.

    Args:
        folder: The case folder; its redactor goes over every text first.
        photos: The pictures by ``chsi``, ``platform_copy``, ``enrollment``.
        cases: The folder in which the same student may have an earlier case.

    Returns:
        The report as it was written.
    """
    clean = _clean(folder, report)
    if (earlier := newest_earlier(folder.path, clean, cases)) is not None:
        clean = clean.model_copy(update={"changes": since(earlier, clean)})
    folder.write_as_is(REPORT, f"{clean.to_json()}\n".encode())
    write_pages(folder, clean, photos)
    return clean


def write_last(folder: PrivateFolder, report: Report) -> Report:
    """Let a report that could not be written take the place of an older one, as far as the disk has room, and return it.

    An older report, or a half of this one, would say something else than the run's end: it is deleted.
    """
    clean = _clean(folder, report)
    with suppress(UsageError):
        for name in PAGES:
            folder.delete(name)
        folder.write_as_is(REPORT, f"{clean.to_json()}\n".encode())
    return clean


def _clean(folder: PrivateFolder, report: Report) -> Report:
    return Report.model_validate(folder.clean(report.model_dump(mode="json", by_alias=True)))


def write_pages(folder: PrivateFolder, report: Report, photos: Mapping[str, bytes]) -> list[Path]:
    """Write report.html, report.md and deadline.ics of a report without secrets, and return their paths."""
    pictures = {**photos, **_evidence(folder.path, report)}
    days = calendar(report)
    if days is None:
        (folder.path / DEADLINE).unlink(missing_ok=True)
    return [
        folder.write_as_is("report.html", render_html(report, pictures).encode()),
        folder.write_as_is("report.md", render_markdown(report).encode()),
        *([folder.write_as_is(DEADLINE, days)] if days else []),
    ]


def newest_earlier(folder: Path, report: Report, cases: Path | None) -> Report | None:
    """Return the newest earlier report of the same student: of the same folder, else of the cases beside it.

    Args:
        folder: The case folder, whose report.json is still the earlier one.
        report: The report about to be written.
        cases: The folder with other cases; None where only this one counts.
    """
    beside = sorted(cases.glob(f"*/{REPORT}")) if cases else []
    others = (path.parent for path in beside if path.parent.resolve() != folder.resolve())
    for folders in ([folder], others):
        found = [
            earlier
            for one in folders
            if (earlier := load_if_readable(one)) is not None and is_of_same_student(earlier, report)
        ]
        if found:
            return max(found, key=lambda earlier: earlier.generated_at)
    return None


def _evidence(folder: Path, report: Report) -> dict[str, bytes]:
    """The crops and the veiled pages that a report names, as far as they are still there."""
    sides = (side for row in report.checks for side in (row.left, row.right) if side)
    pages = (row.picture for row in report.unread if row.picture)
    named = (confined(folder, name) for name in (*(crop for side in sides for crop in side.crops), *pages))
    return {str(path.relative_to(folder)): path.read_bytes() for path in named if path.is_file()}


def load(folder: Path) -> Report:
    """Read a case's report.

    Raises:
        UsageError: There is none, or it is of another version.
    """
    require_plain_files(folder)
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


def load_if_readable(folder: Path) -> Report | None:
    """Return a case's report; None where there is none that can be read."""
    with suppress(UsageError):
        return load(folder)
    return None


def photos_of(folder: Path) -> dict[str, bytes]:
    """Return the photos that a case folder holds, by their names in the report."""
    require_plain_files(folder)
    files = sorted(path for path in (folder / "photo").glob("*.jpg") if path.is_file())
    named = {path.stem if path.stem in OTHER_PHOTOS else "chsi": path for path in files}
    return {name: path.read_bytes() for name, path in named.items()}
