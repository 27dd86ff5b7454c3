"""个人信息核对 on pages that nobody who wrote the flow has seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.asks import Scripted
from agent.report.model import Report
from flows.profiles.schema import load
from tests.harness.program import CONSENTING, run_job
from tests.robustness.unseen.lzu import LZU, Unseen, unseen_lzu
from tests.robustness.unseen.world import Effect

SAYING = Scripted({"confirm.registration_check": "我确认并提交"})
REMARK = "出生日期：原：2001-11-03 改：2001-11-23；专业：原：应用气象学 改：大气科学"


def run(browser: Browser, site: Unseen, out: Path) -> Report:
    """Run the whole notice with little patience."""
    return run_job(
        browser, site.settings, out, patience=30, profile=load("lzu-2024"), answerers=[CONSENTING, SAYING]
    )


@pytest.mark.parametrize("dialect", LZU)
def test_it_is_submitted_once_with_the_remark(browser: Browser, tmp_path: Path, dialect: str) -> None:
    with unseen_lzu(LZU[dialect]) as site:
        first = run(browser, site, tmp_path / "first")
        assert (first.exit_status, first.degraded) == (0, ()), first.trouble
        assert site.pages.remark == REMARK
        verdicts = {check.id: check.verdict for check in first.checks}
        assert (verdicts["identity.name"], verdicts["enrollment.major"]) == ("match", "mismatch")
        second = run(browser, site, tmp_path / "second")
    assert second.exit_status == 0, second.trouble
    assert {duty.id: duty.status for duty in second.duties}["registration_check"] == "already_done"
    effects = site.world.effects
    assert effects == [Effect("registration_submit")]
