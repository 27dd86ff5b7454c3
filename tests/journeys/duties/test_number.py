"""A document number that differs: of the same person it is told and nothing is written, of another it is a stop."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.engine.engine import Mode
from agent.report.model import Report
from fixtures.people.students import BY_ID, Student
from fixtures.server import MockSites
from tests.harness.program import run_job, site_settings
from tests.harness.truth import untruths

NUMBER = BY_ID["s02"].id_number


def _with(number: str, document: str = "居民身份证", ours: str = NUMBER) -> Student:
    student = BY_ID["s02"]
    platform = replace(student.platform, id_number=number)
    return replace(student, platform=platform, id_number=ours, document_type=document)


def _run(browser: Browser, student: Student, out: Path, mode: Mode = Mode.RUN) -> tuple[Report, MockSites]:
    with MockSites(students=[student]) as sites:
        return run_job(browser, site_settings(sites, student), out, mode=mode), sites


@pytest.mark.parametrize("mode", [Mode.RUN, Mode.CHECK])
def test_one_wrong_digit_is_a_mismatch_and_nothing_is_written(
    browser: Browser, tmp_path: Path, mode: Mode
) -> None:
    wrong = f"{NUMBER[:15]}{(int(NUMBER[15]) + 2) % 10}{NUMBER[16:]}"
    report, sites = _run(browser, _with(wrong), tmp_path / "case", mode)
    assert report.exit_status == 0, report.headline
    assert {row.id: row.verdict for row in report.checks}["identity.id_number"] == "mismatch"
    assert sites.world.state()["effects"] == []
    assert "身份证号" in report.next_steps[0].title
    assert "不写入平台" in {row.id: row.note for row in report.duties}["photo"]
    assert untruths(report) == []


@pytest.mark.parametrize(
    ("student", "verdict"),
    [
        (_with(NUMBER[:6] + NUMBER[8:17]), "tolerated"),
        (_with("H0000012701", "港澳居民来往内地通行证", "H0000012700"), "tolerated"),
    ],
    ids=["15 digits", "a renewed permit"],
)
def test_the_same_document_written_otherwise_is_tolerated(
    browser: Browser, tmp_path: Path, student: Student, verdict: str
) -> None:
    report, _ = _run(browser, student, tmp_path / "case", Mode.CHECK)
    assert report.exit_status == 0, report.headline
    assert {row.id: row.verdict for row in report.checks}["identity.id_number"] == verdict
    assert {row.id: row.status for row in report.duties}["photo"] == "not_run"
    assert untruths(report) == []
