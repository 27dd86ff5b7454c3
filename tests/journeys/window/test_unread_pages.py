"""A page that was come to and cannot be read is the person's: veiled in the report, and the other duties go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from agent.asks import Answerer, Scripted
from fixtures.server import MockSites
from tests.harness.program import CONSENTING, run_on_platform

SOMEBODY = Scripted({"take-over.chaoxing": "done"})
GARBLED = "毕业情况 A-3：通过第二轮"


def garbled(site: str, path: str, html: str) -> str:
    """毕业条件 under its own heading, with rows that nobody can read."""
    if not path.startswith("/studyApp/graduation/conditions"):
        return html
    return f"<!doctype html><meta charset=utf-8><h2>当前毕业批次：2024年7月</h2><h3>毕业条件</h3><p>{GARBLED}</p>"


@pytest.mark.parametrize(
    ("answerers", "status", "code"), [([SOMEBODY], 10, "page.unreadable"), ([], 20, "site.changed")]
)
def test_it_is_shown_veiled_and_the_other_duties_go_on(
    browser: Browser, tmp_path: Path, answerers: list[Answerer], status: int, code: str
) -> None:
    with MockSites(mutate=garbled) as sites:
        how: dict[str, Any] = {"answerers": [*answerers, CONSENTING], "only": ["conditions", "photo"]}
        report = run_on_platform(browser, sites, tmp_path, patience=12, **how)
        effects: Any = sites.world.state()["effects"]
    assert report.trouble is not None
    assert (report.exit_status, report.trouble.code) == (status, code)
    duties = {duty.id: duty.status for duty in report.duties}
    assert (duties["conditions"], duties["photo"]) == ("needs_person", "done")
    assert [effect["kind"] for effect in effects] == ["photo_upload"]
    [page] = report.unread
    assert (page.duty, page.page) == ("conditions", "毕业条件")
    assert page.expected
    assert page.picture is not None
    assert (tmp_path / page.picture).is_file()
    html = (tmp_path / "report.html").read_text("utf-8")
    assert "请自己看的页面" in html
    assert 'class="page" src="data:image/jpeg' in html
    assert GARBLED not in html
    assert "请自己看的页面" in (tmp_path / "report.md").read_text("utf-8")
