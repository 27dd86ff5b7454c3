"""The report's files in a case folder: what was written is read back, whatever was redacted."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import UsageError
from agent.privacy.private_files import PrivateFolder
from agent.privacy.redaction import Redactor
from agent.report import files
from tests.agent.report.samples import SAMPLES

CANARY = "Kx9#canary"


def _folder(path: Path, secret: str = CANARY) -> PrivateFolder:
    redactor = Redactor()
    redactor.add_secret(secret)
    return PrivateFolder(path, redactor.redact)


def test_four_files_are_written_and_the_report_is_read_back(tmp_path: Path) -> None:
    report = SAMPLES["done"]()
    files.write(_folder(tmp_path), report, {})
    names = ["deadline.ics", "report.html", "report.json", "report.md"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert files.load(tmp_path) == report


def test_no_file_says_a_secret(tmp_path: Path) -> None:
    report = SAMPLES["done"]().model_copy(update={"headline": f"网站说：{CANARY}"})
    files.write(_folder(tmp_path), report, {})
    assert [path.name for path in tmp_path.iterdir() if CANARY in path.read_text("utf-8")] == []


def test_a_cookie_that_is_a_word_of_json_does_not_spoil_the_report(tmp_path: Path) -> None:
    """Sites set such cookies; each is a secret to the redactor, JSON's own words are not."""
    report = SAMPLES["done"]()
    files.write(_folder(tmp_path, "null"), report, {})
    assert files.load(tmp_path) == report


def test_a_text_that_looks_like_a_secret_does_not_spoil_the_report(tmp_path: Path) -> None:
    report = SAMPLES["done"]().model_copy(update={"headline": "token="})
    files.write(_folder(tmp_path), report, {})
    assert files.load(tmp_path) == report


def test_a_folder_without_a_report_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"report\.json"):
        files.load(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": "gradsync/report/2"}'])
def test_another_report_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text(text)
    with pytest.raises(UsageError, match="版本"):
        files.load(tmp_path)


def test_photos_are_told_apart_by_their_names(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    for name in ("610000199603164229", "platform_copy", "enrollment"):
        folder.write_as_is(f"photo/{name}.jpg", name.encode())
    assert files.photos_of(tmp_path) == {
        "chsi": b"610000199603164229",
        "platform_copy": b"platform_copy",
        "enrollment": b"enrollment",
    }
