"""个人信息确认: official, so only with the exact words, exactly once, and never over a difference."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.asks import Answerer, Scripted
from agent.engine.engine import Mode
from agent.report.model import Report
from fixtures.people.students import BY_ID
from fixtures.server import MockSites
from tests.harness.program import CONSENTING, run_job, run_on_platform, site_settings

ASK = "confirm.profile_check"
SAYING = Scripted({ASK: "信息无误"})
ONLY = ["profile_check", "conditions"]


def _kinds(sites: MockSites) -> list[str]:
    return [effect["kind"] for effect in sites.world.state()["effects"]]


def _duty(report: Report) -> tuple[str, str]:
    duty = next(duty for duty in report.duties if duty.id == "profile_check")
    return duty.status, duty.note


def _condition(report: Report) -> str:
    assert report.conditions is not None
    return next(row.status_text for row in report.conditions.items if row.name == "平台信息已确认")


@pytest.mark.parametrize("scenario", ["ordinary", "submit_confirm", "in_place", "new_window"])
def test_the_exact_words_confirm_once_and_a_second_run_changes_nothing(
    browser: Browser, sites: MockSites, tmp_path: Path, scenario: str
) -> None:
    sites.world.set_scenario(scenario)
    first = run_on_platform(browser, sites, tmp_path / "one", answerers=[CONSENTING, SAYING], only=ONLY)
    assert first.exit_status == 0, first.trouble
    assert _duty(first)[0] == "done"
    assert _condition(first) == "已确认"
    assert _kinds(sites) == ["profile_confirm"]
    assert (ASK, "信息无误") in {(ask.id, ask.answer) for ask in first.asks}
    second = run_on_platform(browser, sites, tmp_path / "two", only=ONLY)
    assert (second.exit_status, _duty(second)[0]) == (0, "already_done")
    assert _kinds(sites) == ["profile_confirm"]


@pytest.mark.parametrize(
    "answerers",
    [[CONSENTING], [CONSENTING, Scripted({ASK: "yes"})], [CONSENTING, Scripted({ASK: "信息无误。"})]],
    ids=["nobody", "yes", "other words"],
)
def test_nothing_but_the_exact_words_confirms(
    browser: Browser, sites: MockSites, tmp_path: Path, answerers: list[Answerer]
) -> None:
    report = run_on_platform(browser, sites, tmp_path / "case", answerers=answerers, only=ONLY)
    assert (report.exit_status, _duty(report)[0]) == (10, "needs_person")
    assert _kinds(sites) == []


def test_where_nobody_is_there_it_is_left_and_said(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    report = run_job(browser, site_settings(sites), tmp_path / "case")
    assert (report.exit_status, _duty(report)[0]) == (0, "skipped")
    assert "只有本人在场" in _duty(report)[1]
    assert _kinds(sites) == ["photo_upload"]
    assert ASK not in {ask.id for ask in report.asks}


def test_a_check_confirms_nothing(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    report = run_job(
        browser, site_settings(sites), tmp_path / "case", mode=Mode.CHECK, answerers=[CONSENTING, SAYING]
    )
    assert (report.exit_status, _duty(report)[0]) == (0, "not_run")
    assert _kinds(sites) == []


def test_what_differs_from_chsi_is_not_confirmed(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    report = run_job(
        browser, site_settings(sites, BY_ID["s15"]), tmp_path / "case", answerers=[CONSENTING, SAYING]
    )
    assert _duty(report)[0] == "skipped"
    assert "出生日期" in _duty(report)[1]
    assert "profile_confirm" not in _kinds(sites)


def test_a_later_class_is_for_the_student_to_judge(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    report = run_job(
        browser,
        site_settings(sites, BY_ID["s16"]),
        tmp_path / "case",
        answerers=[CONSENTING, SAYING],
        only=ONLY,
    )
    assert (report.exit_status, _duty(report)[0]) == (0, "done"), report.trouble
    assert _kinds(sites) == ["profile_confirm"]


def test_a_line_that_breaks_after_the_click_is_looked_at_and_not_clicked_again(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    sites.world.add_fault("chaoxing", "profile/confirm", "reset_after")
    report = run_on_platform(browser, sites, tmp_path / "case", answerers=[CONSENTING, SAYING], only=ONLY)
    assert (report.exit_status, _duty(report)[0]) == (0, "done"), report.trouble
    assert _kinds(sites) == ["profile_confirm"]
