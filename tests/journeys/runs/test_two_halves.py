"""``plan`` and ``apply``: what nobody was there for when the plan was made does not make it stale."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from agent.asks import Scripted
from agent.engine.engine import Mode
from agent.engine.plan import load
from fixtures.server import MockSites
from tests.harness.program import CONSENTING, run_job, site_settings

PERSON = Scripted({"confirm.profile_check": "信息无误"})


def test_a_plan_made_alone_is_carried_out_by_a_person(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    settings = site_settings(sites)
    run_job(browser, settings, tmp_path / "case", mode=Mode.PLAN, only=["photo"])
    promised = load(tmp_path / "case" / "plan.json")
    report = run_job(
        browser,
        settings,
        tmp_path / "case",
        mode=Mode.APPLY,
        promised=promised,
        answerers=[CONSENTING, PERSON],
    )
    assert report.exit_status == 0, report.trouble
    assert [effect["kind"] for effect in sites.world.state()["effects"]] == ["photo_upload"]
    assert {duty.id: duty.status for duty in report.duties}["profile_check"] == "skipped"
