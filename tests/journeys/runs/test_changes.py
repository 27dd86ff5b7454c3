"""What has changed since the last time stands at the top of everything that a second run writes and prints."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from agent.engine.engine import Mode
from agent.report.summary import summary_lines
from fixtures.server import MockSites
from tests.harness.program import run_on_platform

RESULT = "学信网毕业图像比对结果合格"
FIRST_SCREEN = 800
"""Pixels of the screen on which the change must be seen without scrolling."""


def test_a_result_that_the_school_has_filled_in_is_told_first(
    browser: Browser, page: Page, sites: MockSites, tmp_path: Path
) -> None:
    only = ("chsi_check", "conditions")
    case = tmp_path / "case"
    first = run_on_platform(browser, sites, case, mode=Mode.CHECK, only=only)
    assert first.changes is None
    sites.world.set_scenario("compared")
    second = run_on_platform(browser, sites, case, mode=Mode.CHECK, only=only)
    assert second.changes is not None
    (row,) = second.changes
    assert (row.what, row.label, row.before, row.after) == ("condition", RESULT, "", "已通过")
    told = f"{RESULT}：（空白） → 已通过"
    printed = "\n".join(summary_lines(second))
    assert printed.index(told) < printed.index("信息核对")
    written = (case / "report.md").read_text("utf-8")
    assert written.index(told) < min(
        place for place in map(written.find, ("## 接下来", "## 毕业条件")) if place > 0
    )
    page.set_viewport_size({"width": 1280, "height": FIRST_SCREEN})
    page.goto((case / "report.html").as_uri())
    expect(page.get_by_text(told)).to_be_in_viewport()
