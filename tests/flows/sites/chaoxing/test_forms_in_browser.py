"""Entries, grades and 自我评价 through the browser's own layout: same words, other markup; and the one field that was meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from typing import Any, cast
from unittest.mock import Mock

import pytest
from playwright.sync_api import Browser, Page

from agent.browser.frames.frame_reader import SNAPSHOT
from agent.browser.locators import Target, field_at, one_between
from agent.browser.site_browser import SiteBrowser
from agent.errors import NotSent, SiteChanged, UnforeseenQuestion
from agent.snapshot import tree
from agent.snapshot.tree import Box, Node
from flows.forms.entry_rows import Row
from flows.profiles.schema import load
from flows.profiles.site_words import ChaoxingSite
from flows.sites.chaoxing import evaluation, grade_table
from flows.sites.chaoxing.entries import fields as entry_fields
from flows.sites.chaoxing.entries import groups, lists
from flows.sites.chaoxing.entries.fields import Entry
from flows.sites.chaoxing.entries.groups import EntryGroup
from flows.sites.chaoxing.register_form_page import RegisterPage

FATHER = {"relation": "父亲", "name": "王示例", "phone": "10000009001", "post": ""}
MOTHER = {"relation": "母亲", "name": "李示例", "phone": "", "post": "职员"}
BLANK = {"relation": "", "name": "", "phone": "", "post": ""}
SCHOOL = {"place": "示例高级中学", "post": "学生", "start": "2011-09", "end": "2014-06"}
STUDY = {"place": "西安交通大学", "post": "", "start": "2021-03", "end": "至今"}
BUTTONS = '<button type="button">添加</button><button type="button">修改</button>'
ADD, SAVE = Target("添加", ("添加",), "button"), Target("修改", ("修改",), "button")


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One window for the whole module."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


def _site() -> ChaoxingSite:
    site = load("xjtu-2024-07").sites.chaoxing
    assert site is not None
    return site


def _see(page: Page, body: str) -> Node:
    page.set_content(f"<!doctype html><body>{body}</body>")
    return tree.parse(page.wait_for_function(SNAPSHOT).json_value()).root


# -- entries ---------------------------------------------------------------------------------------------------------------


def _field(name: str, value: str) -> str:
    if name == "relation":
        options = "".join(
            f"<option{' selected' if option == value else ''}>{option}</option>"
            for option in ("父亲", "母亲")
        )
        return f"<select><option value=''>请选择</option>{options}</select>"
    if name == "end":
        now = value == "至今"
        box = f"<label><input type=checkbox{' checked' if now else ''}> 至今</label>"
        return f"<input value='{'' if now else value}'{' disabled' if now else ''}> {box}"
    return f"<input type=text value='{value}'>"


def _pairs(rows: Sequence[Row], labels: dict[str, tuple[str, ...]]) -> list[list[tuple[str, str]]]:
    return [[(labels[name][0], _field(name, value)) for name, value in row.items()] for row in rows]


def _lines(pairs: list[list[tuple[str, str]]]) -> str:
    return "".join(
        "<h4>第几条</h4>" + "".join(f"<p>{label}： {field}</p>" for label, field in row) for row in pairs
    )


def _cells(pairs: list[list[tuple[str, str]]]) -> str:
    rows = (
        "<tr>" + "".join(f"<td>{label}</td><td>{field}</td>" for label, field in row) + "</tr>"
        for row in pairs
    )
    return f"<table>{''.join(rows)}</table>"


def _headers(pairs: list[list[tuple[str, str]]]) -> str:
    head = "".join(f"<th>{label}</th>" for label, _ in pairs[0])
    rows = ("<tr>" + "".join(f"<td>{field}</td>" for _, field in row) + "</tr>" for row in pairs)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _grid(pairs: list[list[tuple[str, str]]]) -> str:
    cells = "".join(
        f"<span><i>*</i>{label}:</span><div>{field}</div>" for row in pairs for label, field in row
    )
    return f"<div style='display:grid;grid-template-columns:140px 240px 140px 240px'>{cells}</div>"


def _stacked(pairs: list[list[tuple[str, str]]]) -> str:
    cells = "".join(f"<div><div>{label}</div>{field}</div>" for row in pairs for label, field in row)
    return f"<div style='display:flex;flex-wrap:wrap;gap:20px'>{cells}</div>"


MARKUPS = {"lines": _lines, "cells": _cells, "headers": _headers, "grid": _grid, "stacked": _stacked}
HEADINGS = [
    "<h3>{}</h3>{}",
    "<fieldset><legend>{}</legend>{}</fieldset>",
    "<div><b>{}</b><div>{}</div></div>",
]


def _body(family: Sequence[Row], history: Sequence[Row], markup: str, heading: str) -> str:
    site, make = _site(), MARKUPS[markup]
    own = "<p>姓名：王岚 民族：汉族 学号：202106980001</p><button>信息无误，确认</button>"
    parts = (
        heading.format("家庭成员信息", make(_pairs(family, site.family.labels)) + BUTTONS),
        heading.format(
            "过往履历信息",
            "<p>(从中学填起, 不要间断, 最后一条填写到至今)</p>"
            + make(_pairs(history, site.history.labels))
            + BUTTONS,
        ),
    )
    return own + "".join(parts)


def _part(root: Node, group: str) -> EntryGroup:
    site = _site()
    words = site.family if group == "family" else site.history
    where = groups.find_group(root, words, (*site.family.heading, *site.history.heading))
    assert where is not None
    return where


def _found(root: Node, group: str) -> list[Entry]:
    return entry_fields.entries(_part(root, group))


def _rows(root: Node, group: str) -> list[Row]:
    words = _site().family if group == "family" else _site().history
    return [entry.row(words) for entry in _found(root, group)]


@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize("markup", MARKUPS)
def test_entries_are_read_in_every_markup(page: Page, markup: str, heading: str) -> None:
    root = _see(page, _body([FATHER, MOTHER, BLANK], [SCHOOL, STUDY], markup, heading))
    assert _rows(root, "family") == [FATHER, MOTHER, BLANK]
    assert _rows(root, "history") == [SCHOOL, STUDY]


@pytest.mark.parametrize("markup", MARKUPS)
def test_the_field_that_was_seen_is_the_one_that_is_filled(page: Page, markup: str) -> None:
    root = _see(page, _body([FATHER, MOTHER], [SCHOOL], markup, HEADINGS[0]))
    node = _found(root, "family")[1].fields["phone"]
    handle = field_at(page.main_frame, node.box)
    assert handle is not None
    handle.fill("10000009003")
    again = tree.parse(page.wait_for_function(SNAPSHOT).json_value()).root
    assert _rows(again, "family") == [FATHER, {**MOTHER, "phone": "10000009003"}]
    assert _rows(again, "history") == [SCHOOL]


@pytest.mark.parametrize("group", ["family", "history"])
@pytest.mark.parametrize("heading", HEADINGS)
def test_the_button_of_the_own_group_is_pressed(page: Page, heading: str, group: str) -> None:
    root = _see(page, _body([FATHER], [SCHOOL], "lines", heading))
    page.evaluate(
        "document.querySelectorAll('button').forEach((b, i) => b.addEventListener('click', () => document.title = i))"
    )
    for target, place in ((ADD, 1), (SAVE, 2)):
        found = one_between(page.main_frame, target, "页面", _part(root, group).holds)
        assert found is not None
        found.click()
        assert page.title() == str(place + (2 if group == "history" else 0))


def test_two_buttons_in_one_group_are_a_stop_and_none_is_none(page: Page) -> None:
    root = _see(page, "<h3>家庭成员信息</h3>" + BUTTONS + BUTTONS)
    where = _part(root, "family")
    with pytest.raises(SiteChanged, match="2 处同名"):
        one_between(page.main_frame, ADD, "页面", where.holds)
    assert one_between(page.main_frame, Target("删除", ("删除",), "button"), "页面", where.holds) is None


def test_a_button_within_another_of_the_same_words_is_one(page: Page) -> None:
    root = _see(page, "<h3>家庭成员信息</h3><div role=button><button type=button>添加</button></div>")
    found = one_between(page.main_frame, ADD, "页面", _part(root, "family").holds)
    assert found is not None
    assert found.evaluate("el => el.tagName") == "BUTTON"


def test_a_field_that_has_moved_is_not_taken_for_another(page: Page) -> None:
    _see(page, "<input><input>")
    assert field_at(page.main_frame, Box(3, 3, 10, 10)) is None


def test_a_read_only_field_is_seen_to_be_one(page: Page) -> None:
    root = _see(page, "<input readonly value=x><input value=y><textarea readonly>z</textarea>")
    assert [(node.value, node.readonly) for node in root.walk() if node.tag in ("input", "textarea")] == [
        ("x", True),
        ("y", False),
        ("z", True),
    ]


# -- grades ----------------------------------------------------------------------------------------------------------------

HEADS = ("序号", "课程名称", "作业成绩", "考勤成绩", "实验成绩", "考试成绩", "总评成绩", "课程所属学期")
SHEET = (
    ("1", "英语三", "", "", "", "", "81.0", "2021年春"),
    ("2", "土木工程材料", "", "", "", "", "90.0", "2021年春"),
    ("3", "马克思主义基本原理", "", "", "", "", "95.0", "2021年春"),
)
BOX = "<input type=checkbox>"


def _table(tag: str, first: str) -> str:
    head = "".join(f"<{tag}>{head}</{tag}>" for head in HEADS)
    rows = "".join(
        f"<tr>{first and f'<td>{BOX}</td>'}{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"
        for row in SHEET
    )
    return f"<table border=1><tr>{first}{head}</tr>{rows}</table>"


TABLES = {
    "a nameless header": _table("th", "<th></th>"),
    "a box in the header": _table("th", f"<th>{BOX}</th>"),
    "plain cells": _table("td", ""),
    "two tables": "<table border=1><thead><tr>"
    + "".join(f"<th style='width:120px'>{head}</th>" for head in HEADS)
    + "</tr></thead></table><table border=1><tbody>"
    + "".join(
        "<tr>" + "".join(f"<td style='width:120px'>{cell}</td>" for cell in row) + "</tr>" for row in SHEET
    )
    + "</tbody></table>",
    "boxes in the first cell": _table("th", "").replace("<td>1</td>", f"<td>{BOX} 1</td>"),
}


@pytest.mark.parametrize("markup", TABLES)
def test_grades_are_read_in_every_markup(page: Page, markup: str) -> None:
    root = _see(page, f"<h2>成绩</h2>{TABLES[markup]}<p>共 3 条</p>")
    read = grade_table.read(root, _site().grades)
    assert read is not None
    assert [(row.course, row.total, row.term, row.exam) for row in read] == [
        (row[1], row[6], row[7], "") for row in SHEET
    ]
    assert grade_table.count(root, _site().grades) == 3


# -- 自我评价 --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "submitted"),
    [
        ("<table><tr><td>自我评价</td><td><textarea>草稿</textarea></td></tr></table><a>提交</a>", False),
        ("<div>自我评价：</div><div><textarea>草稿</textarea></div>", False),
        ("<label>自我评价<textarea>草稿</textarea></label>", False),
        ("<h4>自我评价</h4><p>已提交</p><p>草稿</p>", True),
        ("<h4>自我评价</h4><textarea readonly>草稿</textarea>", True),
    ],
)
def test_whether_it_was_submitted_is_told_in_every_markup(page: Page, body: str, submitted: bool) -> None:
    found = evaluation.read(_see(page, f"<h1>毕业生登记表</h1>{body}"), _site().register_form, 200)
    assert found is not None
    assert (found.is_submitted, found.text) == (submitted, "草稿")


def test_grades_on_cards_of_labels_with_their_values_beside_them(page: Page) -> None:
    row = "<div style='display:flex;justify-content:space-between'><span>{}</span><span>{}</span></div>"
    card = (
        "<div><div>{}. {}</div><div>" + row.format("总评成绩", "{}") + row.format("课程所属学期", "2022年春")
    )
    card += row.format("考试成绩", "--") + "</div></div>"
    body = card.format(1, "英语一", "78.0") + card.format(2, "测量学", "54.0")
    rows = grade_table.read(_see(page, body), _site().grades)
    assert rows is not None
    assert [(row.course, row.total, row.term) for row in rows] == [
        ("英语一", "78.0", "2022年春"),
        ("测量学", "54.0", "2022年春"),
    ]


CELL = "<a style='display:flex;justify-content:space-between;padding:10px'><span>{}</span><span>{}</span></a>"
PUSHED = "<div>" + CELL.format("关系", "请选择") + CELL.format("政治面貌", "群众") + "<p>姓名 <input></p>"
TITLE = "<div><span>取消</span> <b>政治面貌</b> <span>确定</span></div></div>"


def test_rows_that_are_pressed_to_choose_are_fields_of_a_form(page: Page) -> None:
    root = _see(page, PUSHED + TITLE)
    (entry,) = entry_fields.entries(EntryGroup(root, _site().family), with_rows=True)
    assert entry.row(_site().family) == {"relation": "", "party": "群众", "name": ""}
    assert [set(one.fields) for one in entry_fields.entries(EntryGroup(root, _site().family))] == [{"name"}]


NAMED = "<div style='border:1px solid'><p>联系人1　父亲</p><p>姓名：王示例　证件号码：<button>修改</button></p></div>"


def test_a_card_may_be_headed_by_its_first_label_and_the_button_beside_a_blank_is_none(page: Page) -> None:
    root = _see(page, f"<h4>家庭成员信息</h4>{NAMED}<button>添加</button>")
    site = _site()
    where = groups.find_group(root, site.family, site.history.heading)
    assert where is not None
    (entry,) = lists.listed(where) or []
    assert entry.row == {"relation": "父亲", "name": "王示例", "document_number": ""}


@pytest.mark.parametrize(("between", "empty"), [("", True), ("<p>王示例</p>", False)])
def test_a_group_with_nothing_between_its_heading_and_its_button_is_empty(
    page: Page, between: str, empty: bool
) -> None:
    root = _see(page, f"<h4>家庭成员信息</h4>{between}<p><button>添加</button></p>")
    where = groups.find_group(root, _site().family, ())
    assert where is not None
    assert (lists.listed(where) == []) is empty


COLUMNS = "<th>关系</th><th>姓名</th><th>联系方式</th>"
HEADS_ALONE = (
    "<section><h4>家庭成员信息{told}</h4><p><button>添加</button><button>修改</button></p>"
    "<table width=600><tr><th></th>{heads}</tr></table><table width=600>{rows}</table><p>{below}</p></section>"
    "<p>技术支持：示例软件</p>"
)


@pytest.mark.parametrize(
    ("given", "empty"),
    [
        ({}, True),
        ({"rows": "<tr><td>1</td><td>父亲</td><td>王示例</td><td>10000009001</td></tr>"}, False),
        ({"told": "<small>2</small>"}, False),
        ({"below": "共 2 条"}, False),
        ({"below": "加载中"}, False),
        ({"below": "<img width=300 height=40 src='data:image/svg+xml,<svg/>'>"}, False),
        ({"heads": "<th>关系</th>"}, False),
    ],
)
def test_heads_of_columns_with_nothing_under_them_are_an_empty_list(
    page: Page, given: dict[str, str], empty: bool
) -> None:
    blanks = {"told": "", "heads": COLUMNS, "rows": "", "below": ""}
    root = _see(page, HEADS_ALONE.format(**(blanks | given)))
    where = groups.find_group(root, _site().family, _site().history.heading)
    heads_alone = where is not None and lists.shows_heads_alone(where)
    assert heads_alone is empty


CHIPS = (
    "<div style='display:flex'><div style='width:120px'>政治面貌</div><div style='width:300px'>"
    "<span>中共党员</span> <span style='color:blue'>共青团员</span> <span>群众</span></div></div><p>姓名 <input></p>"
)


@pytest.mark.parametrize(("body", "chosen"), [(CHIPS, "共青团员"), (CHIPS.replace("blue", "black"), "")])
def test_words_of_which_one_is_pressed_are_a_field(page: Page, body: str, chosen: str) -> None:
    (entry,) = entry_fields.entries(EntryGroup(_see(page, body), _site().family), with_rows=True)
    assert entry.row(_site().family) == {"party": chosen, "name": ""}


@pytest.mark.parametrize("checked", ["true", "false"])
def test_a_switch_that_says_yes_or_no_is_for_the_label_before_it(page: Page, checked: str) -> None:
    switch = f"<span role=switch aria-checked={checked}>{'是' if checked == 'true' else '否'}</span>"
    body = f"<div>起止时间 <input value=2021-03></div><div>至今 {switch}</div><div>职务 <input></div>"
    (entry,) = entry_fields.entries(EntryGroup(_see(page, body), _site().history))
    end = "至今" if checked == "true" else ""
    assert entry.row(_site().history) == {"start": "2021-03", "end": end, "post": ""}


RADIOS = {
    "in labels": "<label><input type=radio name=r{1}>{0}</label>",
    "beside their words": "<nobr><input type=radio name=r{1}> {0}</nobr> ",
    "drawn": "<input type=radio name=r{1} style='display:none'><div style='display:inline-block'>"
    "<i style='font-family:Marks'>\ue63f</i><div>{0}</div></div>",
}


@pytest.mark.parametrize("checked", ["母亲", ""])
@pytest.mark.parametrize("radio", RADIOS.values(), ids=RADIOS)
def test_radio_buttons_behind_a_label_are_one_field(page: Page, radio: str, checked: str) -> None:
    offered = ("父亲", "母亲", "配偶")
    radios = "".join(radio.format(said, " checked" if said == checked else "") for said in offered)
    body = (
        f"<div>姓名 <input></div><div style='width:160px'><b>*</b> 关系 {radios}</div><div>职务 <input></div>"
    )
    (entry,) = entry_fields.entries(EntryGroup(_see(page, body), _site().family))
    assert entry.row(_site().family) == {"name": "", "relation": checked, "post": ""}


@pytest.mark.parametrize("said", ["我已知晓：提交后不可更改", "我承诺以上内容属实，提交后不可更改"])
@pytest.mark.parametrize(
    "box",
    [
        "<label><input type=checkbox onchange='ready()'> {}</label>",
        "<input type=checkbox onchange='ready()'><span>{}</span>",
    ],
)
def test_a_box_is_ticked_that_says_what_the_student_has_said(page: Page, said: str, box: str) -> None:
    page.set_content(
        "<!doctype html><p>毕业生登记表</p><p>自我评价</p><textarea rows=6 cols=60></textarea>"
        f"<p>{box.format(said)}</p><button id=sb disabled onclick='pressed++'>提交</button>"
        "<script>var pressed = 0; var ready = () => { sb.disabled = !document.querySelector('input').checked; }</script>"
    )
    view = SiteBrowser(page.context, page, "chaoxing", 5)
    register = RegisterPage(cast("Any", Mock(browser=view, data=_site())), 200)
    is_own = "承诺" not in said
    with nullcontext() if is_own else pytest.raises(NotSent, match="提交」还不能按"):
        register.submit("在校期间认真学习。" * 30, "提交后不可更改")
    assert page.evaluate("pressed") == is_own


@pytest.mark.parametrize("enabled", ["", "setTimeout(() => sb.disabled = false, 300)"])
def test_a_button_that_cannot_be_pressed_submits_nothing_and_is_told(page: Page, enabled: str) -> None:
    page.set_content(
        "<!doctype html><p>毕业生登记表</p><p>自我评价</p><textarea rows=6 cols=60 oninput='ready()'></textarea>"
        "<p><label><input type=checkbox> 我承诺内容属实</label></p><button id=sb disabled onclick='pressed++'>提交</button>"
        f"<script>var pressed = 0; function ready() {{ {enabled} }}</script>"
    )
    view = SiteBrowser(page.context, page, "chaoxing", 5)
    register = RegisterPage(cast("Any", Mock(browser=view, data=_site())), 200)
    with nullcontext() if enabled else pytest.raises(NotSent, match="提交」还不能按"):
        register.submit("在校期间认真学习。" * 30, "提交后不可更改")
    assert page.evaluate("pressed") == (1 if enabled else 0)
    assert view.network.sent_count == (1 if enabled else 0)


@pytest.mark.parametrize("more", ["", "提交后原有内容将被删除。" * 8])
def test_a_preview_with_what_the_student_has_written_is_confirmed(page: Page, more: str) -> None:
    page.set_content(
        "<!doctype html><p>毕业生登记表</p><p>自我评价</p><textarea rows=6 cols=60></textarea>"
        "<p><button onclick='said.textContent = document.querySelector(`textarea`).value; box.hidden = false'>预览并提交</button></p>"
        "<div id=box hidden style='position:fixed;inset:20px;background:#fff'><h3>毕业生登记表预览</h3><table><tr><td>自我评价<td id=said>"
        f"</table><p>自我评价作为毕业档案内容，提交后不可更改。</p><p>{more}</p><button onclick='box.hidden = true'>返回修改</button>"
        "<button onclick='pressed++; box.hidden = true'>确认提交</button></div><script>var pressed = 0;</script>"
    )
    view = SiteBrowser(page.context, page, "chaoxing", 5)
    register = RegisterPage(cast("Any", Mock(browser=view, data=_site())), 200)
    with pytest.raises(UnforeseenQuestion) if more else nullcontext():
        register.submit("在校期间认真学习。" * 30, "提交后不可更改")
    assert page.evaluate("pressed") == (0 if more else 1)
