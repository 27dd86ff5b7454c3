"""``gradsync report``: a case rendered again from its report.json."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import jsonschema
import pytest

from tests.agent.cli.conftest import Gradsync
from tests.agent.report.samples import SAMPLES


@pytest.fixture
def case(plain: Gradsync) -> Path:
    """A case folder with nothing but its report.json."""
    folder = plain.folder / "case"
    folder.mkdir()
    (folder / "report.json").write_text(SAMPLES["done"]().to_json(), "utf-8")
    return folder


def test_a_case_is_rendered_again(plain: Gradsync, case: Path) -> None:
    ran = plain("report", "case", "--no-pdf")
    assert (ran.status, ran.err) == (0, "")
    assert [Path(line).name for line in ran.out.splitlines()] == ["report.html", "report.md", "deadline.ics"]
    assert "学信网毕业照已上传" in (case / "report.html").read_text("utf-8")
    assert stat.S_IMODE((case / "report.md").stat().st_mode) == 0o600


def test_a_case_as_data_fits_the_published_schema(plain: Gradsync, case: Path) -> None:
    published = plain("report", "--schema")
    assert (published.status, published.err) == (0, "")
    ran = plain("report", "case", "--no-pdf", "--json")
    jsonschema.validate(ran.json, published.json)
    assert ran.json == json.loads((case / "report.json").read_text("utf-8"))


def test_a_case_is_printed(gradsync: Gradsync, case: Path) -> None:
    ran = gradsync("report", "case")
    assert ran.status == 0, ran.err
    assert (case / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert stat.S_IMODE((case / "report.pdf").stat().st_mode) == 0o600


def test_a_folder_without_a_report_is_a_mistake(plain: Gradsync) -> None:
    (plain.folder / "empty").mkdir()
    ran = plain("report", "empty", "--no-pdf")
    assert (ran.status, ran.out) == (2, "")
    assert "report.json" in ran.err
