"""Every student and every scenario of the mock sites: no report contradicts itself, and a second run tells what changed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.report.model import Report
from fixtures.people.everybody import BY_ID, EVERYBODY
from fixtures.people.students import Student
from fixtures.scenarios import SCENARIOS
from fixtures.server import MockSites
from flows.profiles.schema import load
from tests.agent.report.test_truth_shown import SHELL
from tests.harness.program import run_job, site_settings
from tests.harness.truth import untruths

SAMPLE = ("s01", "s04", "s06", "s12", "s15", "s16", "l02", "l04", "l07")
PATIENCE = 30.0


def _profile(student: Student) -> str:
    return "lzu-2024" if student.student.startswith("l") else "xjtu-2024-07"


def _walk(browser: Browser, sites: MockSites, student: Student, out: Path) -> Report:
    profile = load(_profile(student))
    return run_job(browser, site_settings(sites, student), out, profile=profile, patience=PATIENCE)


def _assert_true(report: Report, out: Path) -> None:
    assert untruths(report) == []
    for name in ("report.html", "report.md"):
        page = re.sub(r"<style>.*?</style>|data:[^\"]*", "", (out / name).read_text("utf-8"), flags=re.S)
        assert not SHELL.search(page), SHELL.search(page)


@pytest.mark.parametrize("name", SAMPLE)
def test_a_sample_of_students(browser: Browser, sites: MockSites, tmp_path: Path, name: str) -> None:
    _assert_true(_walk(browser, sites, BY_ID[name], tmp_path), tmp_path)


@pytest.mark.exhaustive
@pytest.mark.parametrize("student", EVERYBODY, ids=lambda student: student.student)
def test_every_student(browser: Browser, sites: MockSites, tmp_path: Path, student: Student) -> None:
    _assert_true(_walk(browser, sites, student, tmp_path), tmp_path)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", ["s01", "l01"])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario(browser: Browser, sites: MockSites, tmp_path: Path, scenario: str, name: str) -> None:
    sites.world.set_scenario(scenario)
    _assert_true(_walk(browser, sites, BY_ID[name], tmp_path), tmp_path)


def test_a_second_run_tells_what_the_school_has_decided_since(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    first = _walk(browser, sites, BY_ID["s02"], tmp_path)
    assert first.changes is None
    sites.world.record(BY_ID["s02"]).proofread = True
    second = _walk(browser, sites, BY_ID["s02"], tmp_path)
    told = {(row.what, row.label): (row.before, row.after) for row in second.changes or ()}
    assert told["condition", "学信网信息已校对"] == ("未校对", "已校对")
    assert told["duty", "学信网信息自查核对"] == ("needs_person", "done")
    assert {row.id: row.status for row in second.duties}["chsi_check"] == "done"
    page = (tmp_path / "report.html").read_text("utf-8")
    assert page.index("学信网信息已校对：未校对 → 已校对") < page.index("接下来要做的事")
