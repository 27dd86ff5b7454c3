"""Each kind of trouble ends in its own exit status, with a Chinese sentence and a remedy, and nothing done twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.asks import Answerer, Scripted
from fixtures.server import MockSites
from tests.harness.program import CONSENTING, run_job, site_settings
from tests.robustness.faults.secrets import leaks, secrets_of

STOPS = [
    ("wrong_password", 11, "login.rejected", "您输入的用户名或密码有误", 0),
    ("captcha_chsi", 10, "login.captcha", "验证码", 0),
    ("captcha_chaoxing", 10, "login.captcha", "验证码", 0),
    ("no_photo", 10, "photo.not_yet", "还没有学历照片", 0),
    ("photo_html", 30, "photo.not_acceptable", "网页", 0),
    ("photo_png_named_jpg", 30, "photo.not_acceptable", "PNG", 0),
    ("photo_truncated", 30, "photo.not_acceptable", "不完整", 0),
    ("other_person", 12, "login.somebody_else", "另一个人", 0),
    ("upload_refused", 30, "photo.upload_refused", "照片未通过审核，请联系教学点", 0),
    ("no_batch", 10, "platform.no_batch", "暂无毕业批次", 0),
    ("site_down", 21, "site.unavailable", "503", 0),
    ("chaoxing_down", 21, "site.unavailable", "（成教学生服务平台）返回了错误页面（HTTP 503）", 0),
    ("page_changed", 20, "site.changed", "上传", 0),
]
WAYS_ROUND = [
    "passport_skin",
    "session_lost",
    "upload_confirm",
    "auto_upload",
    "new_window",
    "in_place",
    "notice_overlay",
]


@pytest.mark.parametrize(
    ("scenario", "status", "code", "words", "uploads"), STOPS, ids=[row[0] for row in STOPS]
)
def test_trouble_has_its_own_end(
    browser: Browser,
    sites: MockSites,
    tmp_path: Path,
    scenario: str,
    status: int,
    code: str,
    words: str,
    uploads: int,
) -> None:
    sites.world.set_scenario(scenario)
    only = ["chsi_check", "photo", "conditions"]
    report = run_job(browser, site_settings(sites), tmp_path / "case", patience=20, only=only)
    assert report.trouble is not None
    assert (report.exit_status, report.trouble.code) == (status, code), report.trouble
    assert words in report.trouble.message
    assert report.trouble.remedy
    assert len(uploads_of(sites)) == uploads
    assert (tmp_path / "case" / "report.json").is_file()
    assert list(leaks(tmp_path / "case", secrets_of(sites.world))) == []


@pytest.mark.parametrize("scenario", WAYS_ROUND)
def test_what_is_only_different_is_done_all_the_same(
    browser: Browser, sites: MockSites, tmp_path: Path, scenario: str
) -> None:
    sites.world.set_scenario(scenario)
    report = run_job(browser, site_settings(sites), tmp_path / "case", only=["photo", "conditions"])
    assert report.exit_status == 0, report.trouble
    assert len(uploads_of(sites)) == 1
    assert report.conditions is not None
    assert report.conditions.counts.met == 6
    assert list(leaks(tmp_path / "case", secrets_of(sites.world))) == []


def test_rejected_password_is_submitted_once(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    sites.world.set_scenario("wrong_password")
    run_job(browser, site_settings(sites), tmp_path / "case")
    logins = sites.world.state()["logins"]
    assert logins["chsi"]["s01"]["attempted"] == 1
    assert logins.get("chaoxing", {}).get("s01", {}).get("attempted", 0) == 0


def test_unknown_status_word_is_quoted_and_degrades(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    sites.world.set_scenario("unknown_status")
    report = run_job(browser, site_settings(sites), tmp_path / "case", only=["conditions"])
    assert (report.exit_status, report.outcome) == (40, "done")
    assert report.conditions is not None
    row = next(row for row in report.conditions.items if row.name == "毕业生登记表已提交")
    assert (row.status_text, row.status) == ("审核退回", "unknown")
    assert any("审核退回" in line for line in report.degraded)


def test_captcha_is_answered_by_the_person(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    sites.world.set_scenario("captcha_chsi+captcha_chaoxing")
    person = Scripted({"captcha.chsi": "7352", "captcha.chaoxing": "4816"})
    report = run_job(browser, site_settings(sites), tmp_path / "case", answerers=[CONSENTING, person])
    assert report.exit_status == 0, report.trouble
    assert {row.id: row.answer for row in report.asks}["captcha.chsi"] == "given"
    assert list(leaks(tmp_path / "case", secrets_of(sites.world))) == []


@pytest.mark.parametrize("answerers", [[], [Scripted({"apply-plan": "no"})]], ids=["nobody", "refused"])
def test_nothing_is_uploaded_without_a_yes(
    browser: Browser, sites: MockSites, tmp_path: Path, answerers: list[Answerer]
) -> None:
    report = run_job(browser, site_settings(sites), tmp_path / "case", answerers=answerers)
    assert (report.exit_status, report.outcome) == (10, "action_needed")
    assert uploads_of(sites) == []
    assert report.conditions is not None
    assert {duty.id: duty.status for duty in report.duties}["photo"] == "needs_person"


def uploads_of(sites: MockSites) -> list[dict[str, object]]:
    """The effective uploads that the platform counted."""
    return [effect for effect in sites.world.state()["effects"] if effect["kind"] == "photo_upload"]
