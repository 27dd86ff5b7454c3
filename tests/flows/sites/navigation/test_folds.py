"""Folded menus: which heading a person opens to look for an entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Browser, Page

from agent.snapshot import tree
from agent.snapshot.frame import FrameSnapshot
from flows.sites.navigation.folds import folded_menu, folded_text

ENTRY = "<li><a>个人信息核对</a></li><li><a>学籍卡片</a></li>"
MENUS = {
    "a list after its heading": f"<ul><li><a>首页</a></li><li><a>学籍管理</a><ul hidden>{ENTRY}</ul></li></ul>",
    "with a count": f"<ul><li><a>学籍管理 <sup>2</sup></a><ul hidden>{ENTRY}</ul></li></ul>",
    "a badge beside the entry": "<ul><li><a>学籍管理</a><ul hidden><li>个人信息核对<sup>new</sup></li></ul></li></ul>",
    "the words of the box itself": f"<div><div style='cursor:pointer'>学籍管理<ul hidden>{ENTRY}</ul></div></div>",
    "and an arrow": f"<ul><li>学籍管理 <i>▼</i><ul hidden>{ENTRY}</ul></li></ul>",
    "a picture alone": "<ul><li><div style='width:40px;height:40px'><svg width=20 height=20></svg>"
    f"<span style='visibility:hidden'>学籍管理</span></div><ul hidden>{ENTRY}</ul></li></ul>",
    "of no height": f"<div><div>学籍管理</div><div style='height:0;overflow:hidden'>{ENTRY}</div></div>",
    "an icon's letter and hidden words": "<p style='cursor:pointer'><b>\ue612</b><span hidden>学籍管理</span></p>"
    "<p hidden><span>个人信息核对</span></p>",
    "not drawn yet": "<ul role=menu><li role=menuitem aria-expanded=false aria-haspopup=true>学籍管理</li></ul>",
}
NONE = {
    "the entry is shown": f"<ul><li><a>学籍管理</a><ul>{ENTRY}</ul></li></ul>",
    "a hidden page": f"<div>首页</div><div hidden><p>{'请各位同学认真核对各项基本信息字段。'}</p>{ENTRY}</div>",
    "a hidden form": f"<div>学籍管理</div><form hidden>{ENTRY}<input></form>",
    "a form is sent by it": f"<form><button>学籍管理</button></form><ul hidden>{ENTRY}</ul>",
    "a word never pressed": f"<ul><li><a>提交学籍</a><ul hidden>{ENTRY}</ul></li></ul>",
    "a drawer beside the window": "<div style='position:fixed;left:-260px;width:240px'><div>学籍管理</div>"
    f"<ul hidden>{ENTRY}</ul></div>",
    "a drawer on the other side": "<div style='position:fixed;right:-260px;width:240px'><div>学籍管理</div>"
    f"<ul hidden>{ENTRY}</ul></div>",
    "long words": f"<ul><li><a>{'学籍管理与学籍异动以及学籍信息的维护操作说明'}</a><ul hidden>{ENTRY}</ul></li></ul>",
}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One window for the whole module."""
    opened = browser.new_page()
    yield opened
    opened.close()


def _heading(page: Page, body: str, passed: Sequence[str] = ()) -> str | None:
    page.set_content(f"<!doctype html><body>{body}</body>")
    snapshots = [FrameSnapshot(page.main_frame, tree.FrameTree(tree.Node("body")))]
    match = folded_menu(snapshots, ["个人信息核对"], passed, ["提交"])
    return match.target.name if match else None


@pytest.mark.parametrize("body", MENUS.values(), ids=MENUS.keys())
def test_the_heading_of_the_folded_menu_is_opened(page: Page, body: str) -> None:
    assert (_heading(page, body) or "").startswith("学籍管理")


@pytest.mark.parametrize("body", NONE.values(), ids=NONE.keys())
def test_nothing_else_is_opened(page: Page, body: str) -> None:
    assert _heading(page, body) is None


def test_a_menu_is_opened_once(page: Page) -> None:
    assert _heading(page, MENUS["a list after its heading"], ["学籍管理"]) is None


PICTURE = "<img alt='' width=40 height=40 style='{}' src=data:image/png;base64,{} onclick='own.hidden = false'>".format(
    "background:blue",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
)
OWN = f"<ul id=own hidden>{ENTRY}<li>退出登录</li></ul>"
NAMED = "<span style='cursor:pointer' onclick='own.hidden = false'>王岚 ▾</span>"
SLIDES = (
    "<div style='width:200px;overflow:hidden'><div id=t style='display:flex;width:400px'>"
    "<p style='width:200px'>课表</p><p style='width:200px'>个人信息核对</p></div></div>"
)
TURNED = "onclick='t.style.marginLeft = \"-200px\"'"
DOT = "<i style='display:inline-block;width:10px;height:10px;background:blue;cursor:pointer' {}></i>"
CORNER = {
    "one's picture": f"<div><a href=/>首页</a> <div>{PICTURE}{OWN}</div></div>",
    "one's name in a bar": f"<div><a href=/>首页</a> <a href=/b>课程</a> {NAMED}</div>{OWN}",
    "an arrow below pages that are turned": f"<div>{SLIDES}<button>‹</button> <button {TURNED}>›</button></div>",
    "a dot below them": f"<div>{SLIDES}<p>{DOT.format('')} {DOT.format(TURNED)}</p></div>",
}
NO_CORNER = {
    "a picture that leads away": f"<div><div><a href=/>{PICTURE}</a>{OWN}</div></div>",
    "two pictures": f"<div><div>{PICTURE}{PICTURE}{OWN}</div></div>",
    "a word without an arrow": f"<div><a href=/>首页</a> <a href=/b>课程</a> {NAMED.replace(' ▾', '')}</div>{OWN}",
    "more dots than pages": f"<div>{SLIDES}<p>{DOT.format('') * 2} {DOT.format(TURNED)}</p></div>",
}


@pytest.mark.parametrize("body", CORNER.values(), ids=CORNER.keys())
def test_a_menu_without_a_heading_of_words_is_opened(page: Page, body: str) -> None:
    page.set_content(f"<!doctype html><body>{body}</body>")
    snapshots = [FrameSnapshot(page.main_frame, tree.FrameTree(tree.Node("body")))]
    match = folded_menu(snapshots, ["个人信息核对"], [], ["退出"])
    assert match is not None
    match.clickable.click()
    place = page.get_by_text("个人信息核对").bounding_box()
    assert place is not None
    assert place["x"] < 200


@pytest.mark.parametrize("body", NO_CORNER.values(), ids=NO_CORNER.keys())
def test_what_may_be_something_else_is_left(page: Page, body: str) -> None:
    page.set_content(f"<!doctype html><body>{body}</body>")
    snapshots = [FrameSnapshot(page.main_frame, tree.FrameTree(tree.Node("body")))]
    assert folded_menu(snapshots, ["个人信息核对"], [], ["退出"]) is None


LIST = "<p>当前毕业批次：2024年7月</p>"
GROUP = (
    "<table><tr><th>毕业要求</th><th>当前状态</th></tr><tr><td colspan=2>已达成</td></tr>"
    "<tr {}><td>学费已缴清</td><td>已完成</td></tr></table>"
)
PLUS = "<i style='display:inline-block;width:16px;height:16px;cursor:pointer;background:blue'></i>"
PARTS = {
    "behind a tab": f"{LIST}<b role=tab aria-selected=true>未达成</b><b role=tab aria-selected=false>已达成</b>",
    "behind a tab that says nothing of itself": f"{LIST}<b role=tab aria-selected=true>未达成</b><b role=tab>已达成</b>",
    "behind a word beside one that is marked": f"{LIST}<p><span style='cursor:pointer;color:blue'>全部待办</span> "
    "<span style='cursor:pointer'>已达成</span> <span style='cursor:pointer'>不适用</span></p><p>毕业要求：学费已缴清</p>",
    "folded": f"{LIST}<h4>已达成</h4><div hidden><p>毕业要求：最多不及格课程数不超过教学计划规定</p></div>",
    "not drawn yet": f"{LIST}<div role=button aria-expanded=false>已达成</div>",
    "rows below a row that names them": f"{LIST}{GROUP.format('hidden')}",
    "rows below a row with an arrow": f"{LIST}{GROUP.format('hidden').replace('<td colspan=2>', '<td colspan=2>' + PLUS)}",
}
ROWS = {
    "links without an address, over rows without a label": f"{LIST}<p><a style='color:blue'>未达成</a> <a>已达成</a> <a>不适用</a></p>"
    "<p>学费已缴清</p>",
}
ARROW = "<svg width=12 height=12></svg>"
LINE = "<div style='display:flex;justify-content:space-between;height:40px'><span>{}</span>{}</div>"
OPENING = {
    "lines that end in an arrow": LIST + LINE.format("已达成", ARROW) + LINE.format("未达成", ARROW),
    "lines of elements that have names of their own": f"{LIST}{LINE.format('已达成', ARROW)}{LINE.format('未达成', ARROW)}".replace(
        "div", "view"
    ),
}
NOT_OPENING = {
    "buttons": f"{LIST}{LINE.format('已达成', ARROW)}{LINE.format('未达成', ARROW)}".replace("div", "button"),
    "one line alone": LIST + LINE.format("已达成", ARROW),
    "lines over rows that are shown": f"{LIST}{LINE.format('已达成', ARROW)}{LINE.format('未达成', ARROW)}<p>毕业要求：学费已缴清</p>",
    "lines without an arrow": LIST + LINE.format("已达成", "") + LINE.format("未达成", ""),
    "lines under something": LIST
    + LINE.format("已达成", ARROW)
    + LINE.format("未达成", ARROW)
    + "<div style='position:fixed;inset:0;background:#fff'>通知</div>",
}
OTHERS = {
    "a tab of the site": f"<b role=tab aria-selected=false>已达成</b>{LIST}",
    "a menu": f"<li role=menuitem aria-expanded=false>已达成</li>{LIST}",
    "words to be pressed that all look the same": f"{LIST}<p><span style='cursor:pointer'>已达成</span> "
    "<span style='cursor:pointer'>打印本页</span></p><p>毕业要求：学费已缴清</p>",
    "what does something, beside what is marked": f"{LIST}<p><span style='cursor:pointer;color:blue'>查询</span> "
    "<span style='cursor:pointer'>申请学位</span></p><p>毕业要求：学费已缴清</p>",
    "a row whose rows are shown": f"{LIST}{GROUP.format('')}",
    "something else that is folded": f"{LIST}<h4>已达成</h4><div hidden><p>操作说明</p></div>",
}


def _part(page: Page, body: str, rows: Sequence[str] = ()) -> str | None:
    page.set_content(f"<!doctype html><body>{body}</body>")
    snapshot = FrameSnapshot(page.main_frame, tree.FrameTree(tree.Node("body")))
    match = folded_text(snapshot, ["毕业要求"], ["当前毕业批次"], [], ["提交"], rows)
    return match.target.name if match else None


@pytest.mark.parametrize("body", OPENING.values(), ids=OPENING.keys())
def test_a_list_that_is_all_put_away_is_opened(page: Page, body: str) -> None:
    assert _part(page, body) == "已达成"


def test_the_last_of_such_lines_is_opened_too(page: Page) -> None:
    page.set_content(f"<!doctype html><body>{OPENING['lines that end in an arrow']}</body>")
    snapshot = FrameSnapshot(page.main_frame, tree.FrameTree(tree.Node("body")))
    match = folded_text(snapshot, ["毕业要求"], ["当前毕业批次"], ["已达成"], ["提交"])
    assert match is not None
    assert match.target.name == "未达成"


@pytest.mark.parametrize(
    ("last", "opened"), [("照片审核 2/4", True), ("照片审核", False), ("确认提交 1/2", False)]
)
def test_a_line_that_counts_its_entries_heads_them_whatever_it_is_called(
    page: Page, last: str, opened: bool
) -> None:
    page.set_content(f"<!doctype html><body>{LIST}{LINE.format('已达成', ARROW)}{LINE.format(last, ARROW)}")
    snapshot = FrameSnapshot(page.main_frame, tree.FrameTree(tree.Node("body")))
    match = folded_text(snapshot, ["毕业要求"], ["当前毕业批次"], ["已达成"], ["审核", "提交"])
    assert (match.target.name if match else None) == (last if opened else None)


@pytest.mark.parametrize("body", NOT_OPENING.values(), ids=NOT_OPENING.keys())
def test_lines_that_may_lead_elsewhere_are_left(page: Page, body: str) -> None:
    assert _part(page, body) is None


@pytest.mark.parametrize("body", PARTS.values(), ids=PARTS.keys())
def test_a_further_part_of_a_list_is_opened(page: Page, body: str) -> None:
    assert _part(page, body) == "已达成"


@pytest.mark.parametrize("body", ROWS.values(), ids=ROWS.keys())
def test_a_tab_stands_over_rows_that_have_no_label(page: Page, body: str) -> None:
    assert _part(page, body, ["学费已缴清"]) == "已达成"
    assert _part(page, body) is None


@pytest.mark.parametrize("body", OTHERS.values(), ids=OTHERS.keys())
def test_what_is_no_part_of_the_list_is_left(page: Page, body: str) -> None:
    assert _part(page, body) is None


@pytest.mark.parametrize(("heading", "opened"), [("毕业要求：登记表已提交", True), ("提交登记表", False)])
def test_an_entry_of_the_list_may_be_named_like_something_that_is_never_pressed(
    page: Page, heading: str, opened: bool
) -> None:
    body = f"{LIST}<h4>{heading}</h4><div hidden><p>当前状态：未完成</p></div>"
    page.set_content(f"<!doctype html><body>{body}</body>")
    snapshot = FrameSnapshot(page.main_frame, tree.FrameTree(tree.Node("body")))
    match = folded_text(snapshot, ["毕业要求", "当前状态"], ["当前毕业批次"], [], ["提交"])
    assert (match.target.name if match else None) == (heading if opened else None)


def test_a_heading_is_pressed_on_the_link_that_says_it(page: Page) -> None:
    opens = "this.parentElement.nextElementSibling.hidden = false"
    body = f"{LIST}<h4><a href='#' onclick='{opens}'>已达成</a></h4><div hidden><p>毕业要求：学费已缴清</p></div>"
    page.set_content(f"<!doctype html><body>{body}</body>")
    snapshot = FrameSnapshot(page.main_frame, tree.FrameTree(tree.Node("body")))
    match = folded_text(snapshot, ["毕业要求"], ["当前毕业批次"], [], ["提交"])
    assert match is not None
    match.clickable.click()
    assert page.get_by_text("学费已缴清").is_visible()


def test_a_wide_heading_of_a_menu_is_pressed_on_its_words(page: Page) -> None:
    opens = "this.parentElement.nextElementSibling.hidden = false"
    said = f"<div style='display:inline-block' onclick='{opens}'><i>+</i> <span>学籍管理</span></div>"
    page.set_content(f"<!doctype html><body><div>{said}</div><ul hidden>{ENTRY}</ul></body>")
    snapshots = [FrameSnapshot(page.main_frame, tree.FrameTree(tree.Node("body")))]
    match = folded_menu(snapshots, ["个人信息核对"], [], ["提交"])
    assert match is not None
    match.clickable.click()
    assert page.get_by_text("个人信息核对").is_visible()
