"""The grade table in a browser: one that brings its rows only once it is asked for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import pytest
from playwright.sync_api import Browser, Page

from agent.browser.launcher import site_context
from agent.browser.site_browser import SiteBrowser
from agent.errors import SiteChanged
from agent.snapshot.frame import FrameSnapshot
from flows.profiles.schema import load
from flows.profiles.site_words import ChaoxingSite
from flows.sites.chaoxing.grades_page import GradesPage
from flows.sites.chaoxing.platform import Chaoxing
from flows.sites.navigation.walk import Further, Walk

T = TypeVar("T")
PROFILE = load("xjtu-2024-07")
ASKED = """<!doctype html><meta charset="utf-8"><h3>学生成绩</h3><p>学期 <select><option>全部</option></select>
<button onclick="asked++; setTimeout(draw, 300)">查询</button> <button onclick="asked = 9">导出</button></p>
<table><thead><tr><th>课程名称</th><th>总评成绩</th><th>课程所属学期</th></tr></thead><tbody id="list">{none}</tbody></table><script>
let asked = 0;
const draw = () => {{ list.innerHTML = {rows} }};
</script>"""
ROWS = "'<tr><td>英语三</td><td>81.0</td><td>2021年春</td></tr><tr><td>英语四</td><td>54</td><td>2021年秋</td></tr>'"
NONE = "<tr><td colspan=3>{}</td></tr>"


@dataclass
class OnePage:
    """The platform as far as the grades need it: one page, on which the walk stands."""

    browser: SiteBrowser
    data: ChaoxingSite

    def open(
        self,
        place: object,
        title: str,
        shown: Callable[[list[FrameSnapshot]], T | None],
        seconds: float | None,
        further: Further,
    ) -> T:
        """Follow the page's own way on until it shows what is looked for."""
        walk = Walk(self.browser, [])

        def landmark(snapshots: list[FrameSnapshot]) -> T | None:
            found = shown(snapshots)
            match = None if found else further(snapshots, walk)
            walk.follow(match, title) if match else None
            return found

        return self.browser.wait(landmark, title, title)


def _page(context: Any, html: str) -> tuple[Page, GradesPage]:
    page = context.new_page()
    page.set_content(html)
    data = PROFILE.sites.chaoxing
    assert data is not None
    view = SiteBrowser(context, page, "chaoxing", 10)
    return page, GradesPage(cast(Chaoxing, OnePage(view, data)), data.grades, PROFILE.grades)


@pytest.mark.parametrize("none", ["", NONE.format("没有符合条件的记录"), NONE.format("暂无数据")])
def test_a_table_that_waits_to_be_asked_is_asked_once(browser: Browser, none: str) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page, grades = _page(context, ASKED.format(none=none, rows=ROWS))
        read, _ = grades.read()
        assert [(row.course, row.total) for row in read.rows] == [("英语三", "81.0"), ("英语四", "54")]
        assert page.evaluate("asked") == 1


def test_a_table_that_stays_without_rows_once_it_was_asked_has_none(browser: Browser) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        none = NONE.format("暂无数据")
        page, grades = _page(context, ASKED.format(none=none, rows=f"'{none}'"))
        assert grades.read()[0].rows == ()
        assert page.evaluate("asked") == 1


def test_a_table_without_rows_and_words_is_not_told_as_empty(browser: Browser) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        _, grades = _page(context, ASKED.format(none="", rows="''"))
        with pytest.raises(SiteChanged):
            grades.read()
