"""One thing among copies of itself that nobody sees: transparent, clipped to nothing, or beside the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from agent.browser.frames.frame_reader import SNAPSHOT
from agent.browser.locators import (
    Clickable,
    Target,
    around_words,
    by_own_words,
    candidates,
    one_of,
    word_pattern,
)
from agent.errors import SiteChanged
from agent.snapshot import tree
from agent.snapshot.frame import FrameSnapshot

COPY = '<button style="{}" onclick="document.title=\'copy\'">上传</button>'
REAL = "<button onclick=\"document.title='real'\">上传</button>"
HIDDEN = [
    "opacity:0",
    "position:absolute;left:-9999px",
    "position:absolute;clip:rect(0 0 0 0)",
    "position:absolute;clip-path:inset(50%)",
    "position:absolute;width:1px;height:1px;padding:0;border:0;overflow:hidden",
    "visibility:hidden",
    "display:none",
    "position:fixed;top:0;right:0;transform:translateX(100%)",
]
SHUT = [
    "height:0;overflow:hidden",
    "height:0;overflow:hidden;position:relative",
    "width:0;overflow:hidden;white-space:nowrap",
    "opacity:.1;filter:opacity(1)",
]
OPEN = ["height:0;overflow:hidden", "width:0;overflow:hidden"]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One window for the whole module."""
    opened = browser.new_page()
    yield opened
    opened.close()


def _find(page: Page, body: str) -> Clickable | None:
    page.set_content(f"<!doctype html><title></title><body>{body}</body>")
    return one_of(candidates([page.main_frame], word_pattern("上传"), "button"), "上传", "上传")


@pytest.mark.parametrize("style", HIDDEN)
@pytest.mark.parametrize("first", [True, False])
def test_the_copy_that_nobody_sees_is_not_pressed(page: Page, style: str, first: bool) -> None:
    copy = COPY.format(style)
    found = _find(page, copy + REAL if first else REAL + copy)
    assert found is not None
    found.click()
    assert page.title() == "real"


@pytest.mark.parametrize("style", HIDDEN)
def test_a_copy_of_a_surer_kind_does_not_come_before_what_is_seen(page: Page, style: str) -> None:
    found = _find(page, COPY.format(style) + "<div onclick=\"document.title='real'\">上传</div>")
    assert found is not None
    found.click()
    assert page.title() == "real"


@pytest.mark.parametrize("style", HIDDEN)
def test_inside_a_box_that_nobody_sees_there_is_nothing(page: Page, style: str) -> None:
    assert _find(page, f'<div style="{style}">{REAL}</div>') is None


@pytest.mark.parametrize("style", SHUT)
def test_what_a_box_cuts_off_is_not_pressed(page: Page, style: str) -> None:
    copy = f'<div style="{style}"><div style="opacity:.3">{COPY.format("")}</div></div>'
    found = _find(page, copy + REAL)
    assert found is not None
    found.click()
    assert page.title() == "real"


@pytest.mark.parametrize("style", OPEN)
@pytest.mark.parametrize("position", ["fixed", "absolute"])
def test_what_stands_in_such_a_box_and_is_not_held_by_it_is_pressed(
    page: Page, style: str, position: str
) -> None:
    assert _find(page, f'<div style="{style}"><p style="position:{position};top:60px">{REAL}</p></div>')


def test_what_a_box_scrolls_is_pressed_wherever_it_stands_scrolled(page: Page) -> None:
    body = f'<div style="height:60px;overflow:auto"><p style="height:900px"></p>{REAL}</div>'
    found = _find(page, body)
    assert found is not None
    found.click()
    assert page.title() == "real"


@pytest.mark.parametrize("off", ["aria-disabled=true", "style='pointer-events:none'", "inert"])
def test_what_is_switched_off_is_not_what_is_meant(page: Page, off: str) -> None:
    found = _find(
        page, f"<p><span {off}>上传</span></p><p><span onclick=\"document.title='real'\">上传</span></p>"
    )
    assert found is not None
    found.click()
    assert page.title() == "real"


def test_two_that_are_seen_are_a_stop(page: Page) -> None:
    with pytest.raises(SiteChanged, match="2 处同名"):
        _find(page, REAL + REAL + COPY.format("opacity:0"))


@pytest.mark.parametrize(
    "words",
    [
        "<p>尚未<span>上传</span></p>",
        "<p><span>上传</span>毕业照片</p>",
        "<p><b>尚未</b><span><i>上传</i></span></p>",
        "<p>尚未<!-- --><span>上传</span></p>",
        "<div style='display:flex'>尚未<span>上传</span></div>",
        "<div role=dialog tabindex=-1>尚未<span>上传</span></div>",
    ],
)
def test_a_piece_of_longer_words_is_nothing_to_press(page: Page, words: str) -> None:
    assert _find(page, words) is None


@pytest.mark.parametrize(
    "words",
    [
        "<p>尚未 <span>上传</span></p>",
        "<p>[<span>上传</span>]</p>",
        "<p>照片：<span>上传</span></p>",
        "<p>删除<span style='margin-left:9px'>上传</span></p>",
        "<p><span>上传</span><b>3</b></p>",
        "<p><span>上传</span><span style='opacity:0'>照片</span></p>",
        "<p>请先<a href='#'>上传</a>照片</p>",
        "<p>请先<span role=button><span>上传</span></span>照片</p>",
        "<div>尚未</div><div>上<span>传</span></div>",
    ],
)
def test_what_stands_by_itself_is_something_to_press(page: Page, words: str) -> None:
    assert _find(page, words) is not None


@pytest.mark.parametrize(
    "mark", ["<sup>3</sup>", "<span>99+</span>", "<b>新</b>", "<i>NEW</i>", "<em> 4 </em>▾"]
)
@pytest.mark.parametrize("thing", ["<a href='#'>{}</a>", "<button>{}</button>", "<li onclick='1'>{}</li>"])
def test_a_badge_in_an_element_of_its_own_is_no_part_of_the_word(page: Page, mark: str, thing: str) -> None:
    assert _find(page, thing.format(f"\ue66f 上传{mark}")) is not None


@pytest.mark.parametrize("thing", ["<a href='#'>{}</a>", "<button>{}</button>", "<li onclick='1'>{}</li>"])
def test_the_first_letter_drawn_as_an_icon_before_the_word_is_no_part_of_it(page: Page, thing: str) -> None:
    assert _find(page, thing.format("<i style='display:block'>上</i>上传")) is not None
    assert _find(page, thing.format("<i style='display:block'>未</i>上传")) is None
    assert _find(page, thing.format("上上传")) is None


@pytest.mark.parametrize(
    "words", ["上传3", "上传新", "上传<b>照片</b>", "尚未上传<b>3</b>", "上传新<b>3</b>"]
)
def test_words_that_are_joined_are_another_word(page: Page, words: str) -> None:
    assert _find(page, f"<a href='#'>{words}</a>") is None


SIDE = "<ul><li><a onclick=\"document.title='home'\">首页</a></li><li><a onclick=\"document.title='menu'\">上传</a></li></ul>"
CRUMB = "<div><span role=link>首页</span><span>/</span><span role=link>上传</span></div>"
NAMED_CRUMB = "<nav aria-label=breadcrumb><span role=link>上传</span></nav>"
TABS = "<div style='display:flex'><a>首页</a><a>上传</a></div>"
CLICKED = (
    "<ul><li onclick=\"document.title='home'\">首页</li><li onclick=\"document.title='menu'\">上传</li></ul>"
)


def _menu(page: Page, body: str) -> Clickable | None:
    page.set_content(f"<!doctype html><title></title><body>{body}</body>")
    return one_of(candidates([page.main_frame], word_pattern("上传"), "menu"), "上传", "上传", "menu")


@pytest.mark.parametrize("repeated", [CRUMB, NAMED_CRUMB, TABS, CRUMB + TABS])
@pytest.mark.parametrize("first", [True, False])
def test_a_menu_word_that_tabs_and_the_trail_repeat_is_the_menus(
    page: Page, repeated: str, first: bool
) -> None:
    found = _menu(page, SIDE + repeated if first else repeated + SIDE)
    assert found is not None
    found.click()
    assert page.title() == "menu"


@pytest.mark.parametrize("crumb", [CRUMB, NAMED_CRUMB])
def test_a_surer_kind_of_the_trail_does_not_come_before_the_menu(page: Page, crumb: str) -> None:
    found = _menu(page, crumb + CLICKED)
    assert found is not None
    found.click()
    assert page.title() == "menu"


def test_the_trail_is_pressed_where_nothing_else_carries_the_word(page: Page) -> None:
    assert _menu(page, CRUMB) is not None


TILES = "<div style='display:flex'>{}</div>".format(
    "".join(f"<p style='width:25%;cursor:pointer'>{word}</p>" for word in ("课程", "上传", "缴费"))
)
BOTTOM = "<div style='position:fixed;display:flex;left:0;right:0;bottom:{}px'>{}</div>".format(
    "{}",
    "".join(
        f"<div style='flex:1;cursor:pointer' onclick=\"document.title='{title}'\"><i></i><div>{word}</div><b>4</b></div>"
        for word, title in (("首页", "home"), ("上传", "menu"), ("我的", "mine"))
    ),
)


@pytest.mark.parametrize("first", [True, False])
def test_a_word_in_the_bar_at_the_lower_edge_comes_before_a_tile(page: Page, first: bool) -> None:
    bar = BOTTOM.format(0)
    found = _menu(page, bar + TILES if first else TILES + bar)
    assert found is not None
    found.click()
    assert page.title() == "menu"


@pytest.mark.parametrize("other", [BOTTOM.format(300), TILES])
def test_a_row_of_words_elsewhere_is_no_such_bar(page: Page, other: str) -> None:
    with pytest.raises(SiteChanged):
        _menu(page, TILES + other)


@pytest.mark.parametrize("body", [SIDE + SIDE, TABS + TABS])
def test_a_menu_word_that_cannot_be_told_apart_stops(page: Page, body: str) -> None:
    with pytest.raises(SiteChanged):
        _menu(page, body)


def _register(page: Page, body: str) -> Clickable | None:
    page.set_content(f"<!doctype html><title></title><body>{body}</body>")
    return one_of(candidates([page.main_frame], word_pattern("登记表"), "menu"), "登记表", "登记表", "menu")


def test_two_words_in_one_thing_to_press_are_one(page: Page) -> None:
    row = "<div role=button onclick=\"document.title='row'\"><p>登记表</p><p>自我评价</p><p>点击进入登记表</p></div>"
    found = _register(page, row)
    assert found is not None
    found.click()
    assert page.title() == "row"


@pytest.mark.parametrize(
    "link",
    [
        "<a onclick=\"document.title='form'\">点击进入登记表</a>",
        "<span style='cursor:pointer' onclick=\"document.title='form'\">点击进入登记表</span>",
    ],
)
def test_of_two_words_the_one_that_looks_pressed(page: Page, link: str) -> None:
    found = _register(page, f"<div><b>登记表</b><p>自我评价</p>{link}</div>")
    assert found is not None
    found.click()
    assert page.title() == "form"


def test_two_words_in_two_things_to_press_are_two(page: Page) -> None:
    row = "<div role=button><p>登记表</p><p>自我评价</p></div>"
    with pytest.raises(SiteChanged):
        _register(page, row + row)


def test_a_thing_of_its_own_within_another_is_not_that_other(page: Page) -> None:
    with pytest.raises(SiteChanged):
        _register(
            page,
            "<div role=button><p>登记表</p><p>自我评价</p><b role=button>点击进入登记表 <i>▸</i>详</b></div>"
            * 2,
        )


def _by_own_words(page: Page, body: str) -> Clickable | None:
    page.set_content(f"<!doctype html><title></title><body>{body}</body>")
    root = tree.parse(page.wait_for_function(SNAPSHOT).json_value()).root
    snapshots = [FrameSnapshot(page.main_frame, tree.FrameTree(root))]
    return by_own_words(snapshots, Target("查看/编辑", ("查看/编辑",)))


def test_an_entry_of_a_menu_may_say_more_in_small_letters(page: Page) -> None:
    entry = "<div onclick=\"document.title='real'\">点击进入查看/编辑<div>身份信息、学籍信息</div></div>"
    found = _by_own_words(page, entry)
    assert found is not None
    found.click()
    assert page.title() == "real"
    assert _by_own_words(page, entry + entry) is None
    assert _by_own_words(page, "<div>查看/编辑的说明<div>新</div></div>") is None
    assert _by_own_words(page, "<h4>查看/编辑<div>身份信息</div></h4>") is None
    assert _by_own_words(page, "<div>查看/编辑<i>说明</i></div>") is None


@pytest.mark.parametrize(
    "card",
    [
        "<h4>示例大学<span>专升本</span></h4>",
        "<h4 style='display:flex'>示例大学 <i>专升本</i></h4>",
        "<div>示例大学<em>专升本</em></div>",
    ],
)
def test_words_beside_others_in_a_heading_are_pressed_with_it(page: Page, card: str) -> None:
    page.set_content(f"<title></title><section onclick='document.title=1'>{card}<p>土木工程</p></section>")
    root = tree.parse(page.wait_for_function(SNAPSHOT).json_value()).root
    leaf = next(leaf for leaf in root.leaves if leaf.own.strip() == "示例大学")
    found = around_words(page.main_frame, leaf, Target("示例大学", ("示例大学",)))
    assert found is not None
    found.click()
    assert page.title() == "1"
    assert around_words(page.main_frame, leaf, Target("示例", ("示例",))) is None
    page.set_content(f"<button disabled>{card}</button>")
    root = tree.parse(page.wait_for_function(SNAPSHOT).json_value()).root
    leaf = next(leaf for leaf in root.leaves if leaf.own.strip() == "示例大学")
    assert around_words(page.main_frame, leaf, Target("示例大学", ("示例大学",))) is None


def test_words_in_a_button_that_is_switched_off_are_no_button(page: Page) -> None:
    assert _find(page, "<button disabled><label>上传</label></button>") is None
    assert _find(page, "<button><label>上传</label></button>") is not None


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ('href="/archive/show"', 'href="/archive/show"', True),
        ('href="/archive/show"', 'href="/archive/other"', False),
        ('href="/archive/show"', 'href="/archive/show" target="_blank"', False),
        ('href="#"', 'href="#"', False),
        ('href="javascript:;"', 'href="javascript:;"', False),
        ('href="" onclick="pick(1)"', 'href="" onclick="pick(2)"', False),
        ('href="/?a#one"', 'href="/?a#one"', True),
        ('href="/#one"', 'href="/#one"', False),
        ('href="/archive/show" onclick="pick(1)"', 'href="/archive/show" onclick="pick(2)"', False),
    ],
)
def test_links_with_the_same_words_to_one_page_are_one_thing(
    page: Page, first: str, second: str, is_one: bool
) -> None:
    page.route(
        "https://archive.test/",
        lambda route: route.fulfill(
            content_type="text/html; charset=utf-8",
            body=f"<nav><a {first}>高等教育信息</a></nav><div><a {second}><i></i><p>高等教育信息</p></a></div>",
        ),
    )
    page.goto("https://archive.test/")
    levels = candidates([page.main_frame], word_pattern("高等教育信息"), "menu")
    if is_one:
        assert one_of(levels, "学信网", "高等教育信息", "menu") is not None
    else:
        with pytest.raises(SiteChanged, match="2 处同名"):
            one_of(levels, "学信网", "高等教育信息", "menu")
