"""The job where 学信网 writes its values in letters of its own: what the report says and shows of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.asks import YES, Scripted
from agent.ocr import engine as text_recognition
from agent.report.model import CheckRow, Report
from fixtures.people.students import STUDENTS
from fixtures.server import MockSites
from flows.sites.chsi.person_reading import ASK
from tests.harness.program import needs_font, needs_ocr, run_job, site_settings

COVERED = ("identity.name", "identity.id_number", "enrollment.student_number")
pytestmark = needs_font


def run(browser: Browser, sites: MockSites, out: Path, answers: dict[str, str], only: list[str]) -> Report:
    """Run with CHSI's values in private-use code points."""
    sites.world.set_scenario("chsi_mobile+chsi_font", STUDENTS[0].student)
    scripted = [Scripted(answers)]
    return run_job(browser, site_settings(sites), out, answerers=scripted, only=only)


def verdicts(report: Report) -> dict[str, str]:
    """Each check's verdict."""
    return {row.id: row.verdict for row in report.checks}


def crops(rows: tuple[CheckRow, ...]) -> list[str]:
    """The files of all crops."""
    return [crop for row in rows for crop in row.left.crops]


def test_without_ocr_and_with_nobody_there_it_is_unreadable_with_its_pictures(
    browser: Browser, sites: MockSites, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_recognition, "available", lambda: False)
    report = run(browser, sites, tmp_path / "case", {}, ["chsi_check"])
    assert (report.exit_status, report.outcome) == (40, "done")
    assert set(verdicts(report).values()) == {"unreadable"}
    files = crops(report.checks)
    assert files
    assert all((tmp_path / "case" / file).read_bytes().startswith(b"\x89PNG") for file in files)
    listed = (tmp_path / "case" / "evidence" / "manifest.sha256").read_text()
    assert all(Path(file).name in listed for file in files)
    assert any("没能读出" in line for line in report.degraded)


def test_without_ocr_nothing_is_uploaded_for_somebody_unknown(
    browser: Browser, sites: MockSites, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_recognition, "available", lambda: False)
    report = run(browser, sites, tmp_path / "case", {"apply-plan": YES}, ["photo"])
    assert report.exit_status == 10
    assert report.trouble
    assert report.trouble.code == "chsi.identity_unread"
    assert sites.world.state()["effects"] == []


@pytest.mark.exhaustive
def test_without_ocr_the_person_copies_it_and_the_job_goes_on(
    browser: Browser, sites: MockSites, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_recognition, "available", lambda: False)
    monkeypatch.setattr(
        "flows.sites.chsi.person_reading.AskRouter.fill_in", lambda self, ask: _copied(ask.fields)
    )
    report = run(browser, sites, tmp_path / "case", {ASK: "", "apply-plan": YES}, ["photo"])
    assert report.exit_status == 40, report.headline
    assert [effect["kind"] for effect in sites.world.state()["effects"]] == ["photo_upload"]
    assert {row.left.read_by for row in report.checks if row.id == "identity.id_number"} == {"person"}


def _copied(fields: tuple[object, ...]) -> dict[str, str]:
    student, record = STUDENTS[0], STUDENTS[0].chsi[0]
    known = {
        "name": student.name,
        "id_number": student.id_number,
        "sex": student.sex,
        "school": record.school,
    }
    return {name: known.get(name, "") for name in (str(getattr(field, "name", "")) for field in fields)}


@needs_ocr
@pytest.mark.exhaustive
def test_with_ocr_the_whole_job_is_done_and_the_report_shows_what_was_read(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    report = run(browser, sites, tmp_path / "case", {"apply-plan": YES}, ["chsi_check", "photo"])
    assert report.exit_status == 40, report.headline
    assert [effect["kind"] for effect in sites.world.state()["effects"]] == ["photo_upload"]
    assert set(verdicts(report).values()) == {"match"}
    assert {row.left.read_by for row in report.checks if row.left.site == "chsi"} == {"ocr"}
    html = (tmp_path / "case" / "report.html").read_text("utf-8")
    assert html.count('<img class="crop" src="data:image/png;base64,') == len(crops(report.checks))
    assert not re.search(r'src="(?!data:)|<link\b', html)
    assert STUDENTS[0].id_number not in html
