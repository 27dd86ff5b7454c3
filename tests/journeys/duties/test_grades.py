"""成绩核对: the table over all its pages, however often it is turned, and a platform that has none."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from fixtures.people.students import BY_ID, STUDENTS
from fixtures.server import MockSites
from flows.profiles.schema import load
from tests.harness.program import run_job, site_settings

NOTICES_ROWS = [
    ("英语三", "2021年春", "81.0"),
    ("土木工程材料", "2021年春", "90.0"),
    ("马克思主义基本原理", "2021年春", "95.0"),
    ("结构力学", "2021年春", "89.0"),
    ("高等数学一", "2021年春", "79.0"),
    ("英语四", "2021年秋", "81.0"),
    ("计算机应用基础二", "2021年秋", "95.0"),
    ("中国近现代史纲要", "2021年秋", "95.0"),
    ("建设法规", "2021年秋", "92.0"),
    ("建筑工程力学", "2021年秋", "96.0"),
]


def test_every_page_is_read_and_held_against_the_conditions(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    report = run_job(browser, site_settings(sites), tmp_path / "case", only=["grades", "conditions"])
    assert report.exit_status == 0, report.trouble
    assert report.grades is not None
    courses = STUDENTS[0].courses
    assert [(row.course, row.term, row.total) for row in report.grades.rows][:10] == NOTICES_ROWS
    assert len(report.grades.rows) == len(courses) == 23
    assert report.grades.failed == ("土力学与地基基础", "概率论与数理统计")
    assert report.grades.average == round(sum(float(row.total) for row in courses) / len(courses), 2)
    assert {row.homework for row in report.grades.rows} == {None}
    checks = {check.id: check.verdict for check in report.checks if check.id.startswith("grades.")}
    assert checks == {"grades.average": "match", "grades.failed_courses": "match"}
    assert any("《毕业资格复查申请表》" in step.title for step in report.next_steps)
    assert sites.world.state()["effects"] == []


def test_rows_that_come_by_script_are_read_to_the_last(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    sites.world.set_scenario("grades_by_script")
    report = run_job(browser, site_settings(sites), tmp_path / "case", only=["grades"])
    assert report.exit_status == 0, report.trouble
    assert report.grades is not None
    assert [row.course for row in report.grades.rows] == [it.name for it in STUDENTS[0].courses]


def test_grades_without_a_failed_course_need_no_review(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    report = run_job(browser, site_settings(sites, BY_ID["s02"]), tmp_path / "case", only=["grades"])
    assert report.grades is not None
    assert (len(report.grades.rows), report.grades.failed) == (14, ())
    assert not any("复查" in step.title for step in report.next_steps)
    duty = next(duty for duty in report.duties if duty.id == "grades")
    assert (duty.status, duty.note.split("，")[0]) == ("done", "共 14 门课程")


def test_an_expired_session_on_a_further_page_is_opened_again(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    sites.world.add_fault("chaoxing", r"grades\?page=2", "logout")
    report = run_job(browser, site_settings(sites), tmp_path / "case", only=["grades"])
    assert report.exit_status == 0, report.trouble
    assert report.grades is not None
    assert len(report.grades.rows) == 23


@pytest.mark.parametrize("asked_for", [True, False])
def test_a_platform_without_a_grade_page(
    browser: Browser, sites: MockSites, tmp_path: Path, asked_for: bool
) -> None:
    profile = load("xjtu-2024-07")
    assert profile.sites.chaoxing is not None
    elsewhere = profile.sites.chaoxing.grades.model_copy(update={"words": ("绩点",), "via": ()})
    chaoxing = profile.sites.chaoxing.model_copy(update={"grades": elsewhere})
    other = profile.model_copy(update={"sites": profile.sites.model_copy(update={"chaoxing": chaoxing})})
    report = run_job(
        browser,
        site_settings(sites),
        tmp_path / "case",
        only=["grades"] if asked_for else [],
        patience=5,
        profile=other,
    )
    duty = next(duty for duty in report.duties if duty.id == "grades")
    assert (report.exit_status, duty.status) == ((20, "failed") if asked_for else (0, "skipped"))
    assert report.grades is None
