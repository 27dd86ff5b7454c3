"""What the person is shown before an upload, and 图像校对, which they do themselves in the signed-in window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.asks import Answer, Ask
from agent.engine.engine import Mode
from agent.report.model import Report
from fixtures.people.students import BY_ID
from fixtures.server import MockSites
from tests.harness.program import run_job, site_settings

ONLY = ["chsi_check", "photo", "conditions"]


@dataclass
class Played:
    """A person who agrees to the plan, and at 图像校对 clicks 正确 in the window or leaves it."""

    browser: Browser
    says: str = "done"
    asks: dict[str, Ask] = field(default_factory=dict)

    def answer(self, ask: Ask) -> Answer | None:
        """Look at what is shown, and do it."""
        self.asks[ask.id] = ask
        if ask.id == "apply-plan":
            return Answer("yes", "test")
        if ask.id != "chsi.proofread":
            return None
        if self.says == "done":
            self.browser.contexts[0].pages[-1].get_by_text("正确", exact=True).click()
        return Answer(self.says, "test")

    def expects(self, ask_id: str) -> bool:
        """They are there."""
        return ask_id in ("apply-plan", "chsi.proofread")


def _run(
    browser: Browser,
    sites: MockSites,
    out: Path,
    played: Played,
    mode: Mode = Mode.RUN,
    only: Sequence[str] = ONLY,
) -> Report:
    settings = site_settings(sites, BY_ID["s01"])
    seen = {"headless": False}  # as far as the job knows
    return run_job(browser, settings, out, only=only, answerers=[played], mode=mode, settings=seen)


def _kinds(sites: MockSites) -> list[str]:
    return [effect["kind"] for effect in sites.world.state()["effects"]]


def test_the_upload_ask_shows_both_pictures_the_name_and_the_notice(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    played = Played(browser, "skip")
    report = _run(browser, sites, tmp_path, played)
    ask = played.asks["apply-plan"]
    assert [picture.caption for picture in ask.pictures] == [
        "要上传的：学信网的学历照片，文件名 610000********4229.jpg"
    ]
    assert report.photo
    assert report.photo.chsi
    assert len(ask.pictures[0].data) == report.photo.chsi.bytes
    assert ask.details[-1].endswith("学生本人对所上传毕业照片的真实性负责。")
    assert _kinds(sites) == ["photo_upload"]


@pytest.mark.presses_forbidden
def test_the_person_clicks_and_the_platform_follows(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    played = Played(browser)
    report = _run(browser, sites, tmp_path, played)
    assert list(played.asks) == ["apply-plan", "chsi.proofread"]
    assert "程序不会替你点" in played.asks["chsi.proofread"].text
    assert _kinds(sites) == ["photo_upload", "forbidden:正确"]  # by the person; sites count every press
    duty = next(row for row in report.duties if row.id == "chsi_check")
    assert "由本人自己做了" in duty.note
    assert report.conditions
    shown = {row.name: row.status for row in report.conditions.items}
    assert shown["学信网信息已校对"] == "met"
    again = Played(browser)
    _run(browser, sites, tmp_path, again, only=["chsi_check", "conditions"])
    assert "chsi.proofread" not in again.asks  # which the platform shows as done


def test_whoever_skips_it_is_told_that_it_is_left(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    report = _run(browser, sites, tmp_path, Played(browser, "skip"))
    duty = next(row for row in report.duties if row.id == "chsi_check")
    assert duty.status == "needs_person"
    assert "没有做" in duty.note


def test_who_only_looks_is_not_asked(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    played = Played(browser)
    _run(browser, sites, tmp_path, played, Mode.CHECK)
    assert played.asks == {}
