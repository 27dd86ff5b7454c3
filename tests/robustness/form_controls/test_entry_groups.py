"""家庭成员信息 and 过往履历信息 as lists whose entries are edited in a dialog or a drawer and saved one by one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from agent.browser.site_browser import SiteBrowser
from agent.errors import EntryRefused, SiteChanged
from agent.snapshot.frame import FrameSnapshot
from flows.forms.entry_rows import Row
from flows.profiles.schema import load
from flows.profiles.site_words import ChaoxingSite
from flows.sites.chaoxing.entries.page import EntriesPage
from flows.sites.chaoxing.platform import Chaoxing
from tests.robustness.form_controls.libraries import HOST, serve
from tests.robustness.form_controls.test_form_controls import LIBRARIES

T = TypeVar("T")
PAGES = (
    ("element-plus", "groups-element-plus-dialog"),
    ("element-ui", "groups-element-ui-dialog"),
    ("element-plus", "groups-element-plus-drawer"),
)
on_every_page = pytest.mark.parametrize(("library", "page_name"), PAGES, ids=[name for _, name in PAGES])
FATHER = {"relation": "父亲", "name": "王示例", "phone": "10000009001", "party": "群众", "post": "工人"}
MOTHER = {"relation": "母亲", "name": "李示例", "document_type": "居民身份证", "age": "54"}
SCHOOL = {"place": "示例高级中学", "post": "学生", "start": "2011-09", "end": "2014-06"}
STUDY = {"place": "西安交通大学", "post": "学生", "start": "2021-03", "end": "至今"}


@dataclass
class Platform:
    """The signed-in platform as far as a group of entries needs it."""

    browser: SiteBrowser
    data: ChaoxingSite
    address: str

    def open(
        self, place: object, title: str, shown: Callable[[list[FrameSnapshot]], T | None], **_: object
    ) -> T:
        """Open the page anew, and wait for what it is recognised by."""
        self.browser.goto(self.address)
        return self.browser.wait(shown, title, title)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A context of its own for each page."""
    opened = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


class Groups:
    """One test page with both groups."""

    def __init__(self, context: BrowserContext, library: str, name: str) -> None:
        serve(context, LIBRARIES[library])
        site = load("xjtu-2024-07").sites.chaoxing
        assert site is not None
        self.page: Page = context.new_page()
        self.platform = Platform(SiteBrowser(context, self.page, "chaoxing", 10), site, f"{HOST}/{name}.html")
        self.family = EntriesPage(cast(Chaoxing, self.platform), site.family)
        self.history = EntriesPage(cast(Chaoxing, self.platform), site.history)

    def state(self) -> dict[str, Any]:
        """What the site has stored."""
        return dict(self.page.evaluate("state()"))


def _filled(rows: Sequence[Row]) -> list[dict[str, str]]:
    return [{name: value for name, value in row.items() if value} for row in rows]


@on_every_page
@pytest.mark.parametrize(
    ("group", "entries"),
    [("family", [FATHER, MOTHER]), ("history", [SCHOOL, STUDY])],
    ids=["family", "history"],
)
def test_entries_are_saved_one_by_one_and_read_back(
    context: BrowserContext, library: str, page_name: str, group: str, entries: list[Row]
) -> None:
    groups = Groups(context, library, page_name)
    page: EntriesPage = getattr(groups, group)
    assert page.read()[0] == ()
    assert not isinstance(page.save(entries), EntryRefused)
    assert _filled(page.read()[0]) == entries
    assert groups.state()["saved"] == len(entries)


def test_what_is_there_is_saved_no_second_time_and_a_blank_is_filled_where_it_stands(
    context: BrowserContext,
) -> None:
    groups = Groups(context, *PAGES[0])
    groups.family.read()
    groups.family.save([MOTHER])
    grown = {**MOTHER, "phone": "10000009003"}
    groups.family.read()
    assert not isinstance(groups.family.save([grown, FATHER]), EntryRefused)
    assert not isinstance(groups.family.save([grown, FATHER]), EntryRefused)
    assert _filled(groups.family.read()[0]) == [grown, FATHER]
    assert groups.state()["saved"] == 3


def test_a_value_that_is_not_offered_saves_nothing(context: BrowserContext) -> None:
    groups = Groups(context, *PAGES[0])
    groups.family.read()
    with pytest.raises(SiteChanged) as stopped:
        groups.family.save([{**FATHER, "party": "无党派"}])
    assert "群众" in stopped.value.seen
    assert groups.state()["saved"] == 0


FADING = """<!doctype html><meta charset=utf-8>
<style>p { height: 26px; margin: 4px } input { vertical-align: top }</style>
<body style="margin:0"><div style="height:100vh;overflow:auto"><div style=height:620px></div><h3>家庭成员信息</h3><button onclick=add()>添加</button>
<table border=1><thead><tr id=head></tr></thead><tbody id=rows></tbody></table></div>
<div id=form hidden style="position:fixed;left:300px;top:5px;width:700px;background:#fff;border:1px solid">
<div id=fields></div><button onclick=save()>保存</button> <button onclick="form.hidden = true">取消</button></div>
<script>
const labels = LABELS, stored = [];
let leaving;
head.innerHTML = labels.map((label) => `<th>${label}</th>`).join("") + "<th>操作</th>";
fields.innerHTML = labels.map((label, n) => `<p><label for=f${n}>${label}</label> <input id=f${n}></p>`).join("");
function add() {
  clearTimeout(leaving);
  fields.querySelectorAll("input").forEach((input) => { input.value = ""; });
  [form.hidden, form.style.pointerEvents] = [false, ""];
}
function save() {
  stored.push([...fields.querySelectorAll("input")].map((input) => input.value));
  rows.innerHTML = stored.map((row) => `<tr>${row.map((value) => `<td>${value}</td>`).join("")}<td>编辑</td></tr>`).join("");
  form.style.pointerEvents = "none";
  leaving = setTimeout(() => { form.hidden = true; }, 3500);
}
function state() { return { family: stored }; }
</script>"""


def test_a_form_that_is_still_leaving_is_not_taken_for_the_next_one(context: BrowserContext) -> None:
    groups = Groups(context, "element-plus", "fading")
    labels = [names[0] for names in groups.platform.data.family.labels.values()]
    body = FADING.replace("LABELS", json.dumps(labels))
    context.route(f"{HOST}/fading.html", lambda route: route.fulfill(body=body, content_type="text/html"))
    assert groups.family.read()[0] == ()
    assert groups.family.save([FATHER, MOTHER]) is None
    assert [row[1] for row in groups.state()["family"]] == ["王示例", "李示例"]
