"""A layer over what is to be pressed: closed by its own control, never by one beside it or one that is not known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from unittest.mock import patch

import pytest
from playwright.sync_api import Browser, Locator

from agent.browser.actions.covering import is_covered, press_place
from agent.browser.launcher import site_context
from agent.browser.locators import Target
from agent.browser.site_browser import SiteBrowser
from agent.errors import Covered
from tests.harness.looking import shown

PAGE = """<!doctype html><body><button id="menu">学生服务</button>{beside}
<div id="layer" style="position:fixed;inset:0;background:#0008">{inside}</div></body>"""
CLOSES = "onclick=\"document.querySelector('#layer').remove()\""
CROSS = "<a href='#' style='position:absolute;right:8px;top:8px;width:16px;height:16px'></a>"
WORDS = ("关闭", "跳过", "下一步")


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[SiteBrowser]:
    """One window for the whole module."""
    with site_context(browser, ["127.0.0.1"]) as context:
        yield SiteBrowser(context, context.new_page(), "site", 5)


def _showing(window: SiteBrowser, html: str, patience: float = 5) -> SiteBrowser:
    """Show a page of which nothing was seen before."""
    window.page.goto("about:blank")
    window.page.set_content(html)
    window.page.mouse.move(0, 0)
    window.patience = patience
    window.invalidate()
    return window


@pytest.mark.parametrize(
    ("inside", "closed"),
    [
        (f"<button {CLOSES}>跳过</button>", True),
        (f"<button {CLOSES} aria-label='关闭'>×</button>", True),
        (f"<span {CLOSES}>关 闭</span><button>下一步</button>", True),
        (f"<x-button {CLOSES}><x-text>跳过</x-text></x-button>", True),
        ("<button>提交</button>", False),
        (f"<button {CLOSES}>跳过</button><button>跳过</button>", False),
        ("<p>正在维护</p>", False),
        (f"<p>本人承诺所填信息真实</p><button {CLOSES}>下一步</button>", False),
        (f"<p>承诺书</p><div style='position:absolute'><button {CLOSES}>下一步</button></div>", False),
    ],
)
def test_a_layer_is_closed_by_the_one_control_that_says_so(
    window: SiteBrowser, inside: str, closed: bool
) -> None:
    view = _showing(window, PAGE.format(inside=inside, beside="<button>关闭</button>"))
    page = view.page
    menu = view.match(Target("学生服务", ("学生服务",)), view.snapshot())
    assert menu is not None
    assert view.close_layer(menu, WORDS, ("承诺",)) is closed
    assert page.locator("#layer").count() == (not closed)


@pytest.mark.parametrize(
    ("inside", "closed"),
    [
        (f"<p>请于6月11日前完成全部事项</p><button {CLOSES}>确定</button>", True),
        (f"<p>请完成全部事项</p><button hidden>取消</button><button {CLOSES}>确定</button>", True),
        (f"<p>请完成全部事项</p><button>取消</button><button {CLOSES}>确定</button>", False),
        (f"<p>请完成全部事项</p>{CROSS}<button {CLOSES}>确定</button>", True),
        (f"<p>请完成全部事项</p>{CROSS.replace('right', 'left')}<button {CLOSES}>确定</button>", False),
        (f"<p>请输入手机号</p><input><button {CLOSES}>确定</button>", False),
        (f"<p>是否删除</p><button {CLOSES}>确定</button>", False),
    ],
)
def test_a_lone_answer_closes_what_asks_nothing(window: SiteBrowser, inside: str, closed: bool) -> None:
    view = _showing(window, PAGE.format(inside=inside, beside=""))
    menu = view.match(Target("学生服务", ("学生服务",)), view.snapshot())
    assert menu is not None
    assert view.close_layer(menu, ("确定",), ("是否",), alone=True) is closed


TOLD = """<div style="position:absolute;left:200px;top:100px;width:400px;height:200px;background:#fff">
<div style="height:24px">系统公告<span style="position:absolute;right:4px;top:2px">{tools}</span></div>{inside}</div>"""
TOOL = "<a href='#' {} style='display:inline-block;width:16px;height:16px'></a>"
NEWS = "<p>请于6月11日前完成全部事项</p>"


@pytest.mark.parametrize(
    ("tools", "inside", "closed"),
    [
        pytest.param(TOOL.format(CLOSES), NEWS, True, id="a cross alone"),
        pytest.param(TOOL.format("") + TOOL.format(CLOSES), NEWS, True, id="the last of the window's signs"),
        pytest.param(
            TOOL.format(CLOSES), f"{NEWS}<label><input type=checkbox>不再提示</label>", True, id="a box"
        ),
        pytest.param(TOOL.format(CLOSES), f"{NEWS}<input>", False, id="something to fill in"),
        pytest.param(TOOL.format(CLOSES), "<p>是否绑定手机号</p>", False, id="a question"),
        pytest.param("", NEWS, False, id="no cross"),
        pytest.param(
            TOOL.format(CLOSES),
            f"<div style='text-align:right'>英语{TOOL.format('')}</div>",
            False,
            id="one on each row",
        ),
    ],
)
def test_what_only_tells_is_closed_by_the_cross_in_its_corner(
    window: SiteBrowser, tools: str, inside: str, closed: bool
) -> None:
    view = _showing(window, PAGE.format(inside=TOLD.format(tools=tools, inside=inside), beside=""))
    page = view.page
    menu = view.match(Target("学生服务", ("学生服务",)), view.snapshot())
    assert menu is not None
    assert view.close_layer(menu, (), ("是否",)) is closed
    assert page.locator("#layer").count() == (not closed)


FOLDED_OUT = """<!doctype html><ul role="menubar"><li role="menuitem" aria-haspopup="true">
<div onclick="pressed = 'own'">学生服务</div><ul role="menu">{entries}</ul></li></ul><script>pressed = ''</script>"""
ENTRY = """<li role="menuitem" onclick="pressed += '{name}'; event.stopPropagation()">{name}</li>"""


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_menu_entry_that_is_folded_out_is_pressed_on_its_own_words(window: SiteBrowser, count: int) -> None:
    names = ("信息变更", "我的成绩", "毕业")[:count]
    entries = "".join(ENTRY.format(name=name) for name in names)
    view = _showing(window, FOLDED_OUT.format(entries=entries))
    page = view.page
    target = Target("学生服务", ("学生服务", "Student services"))
    menu = view.match(target, view.snapshot())
    assert menu is not None
    view.click(menu, target, "首页")
    assert page.evaluate("pressed") == "own"


UNDER = """<!doctype html><style>body {{ margin: 0 }}</style><div><h3>学生服务</h3><a onclick="done = 'under'">成绩查询</a></div>
<div style="position:fixed;inset:0;{ground}"><h3>我的成绩</h3><a onclick="done = 'over'">成绩查询</a></div>
<p style="position:fixed;right:9px;bottom:9px;z-index:9">客服</p>
<p style="position:fixed;left:300px;top:300px;z-index:9;pointer-events:none">保存成功</p>"""


def test_what_lies_under_a_page_over_the_whole_window_is_not_seen(window: SiteBrowser) -> None:
    view = _showing(window, UNDER.format(ground="background:#fff"))
    page = view.page
    seen = {leaf.words for leaf in view.snapshot()[0].root.leaves}
    assert seen == {"我的成绩", "成绩查询", "客服", "保存成功"}
    entry = view.match(Target("成绩查询", ("成绩查询",)), view.snapshot())
    assert entry is not None
    entry.click()
    assert page.evaluate("window.done") == "over"


@pytest.mark.parametrize(
    "ground", ["background:#0008", "", "background:#fff;opacity:.5", "background:#fff;top:60px"]
)
def test_what_shows_through_or_beside_a_layer_is_seen(window: SiteBrowser, ground: str) -> None:
    view = _showing(window, UNDER.format(ground=ground))
    assert "学生服务" in {leaf.words for leaf in view.snapshot()[0].root.leaves}


def test_where_nothing_lies_over_it_nothing_is_closed(window: SiteBrowser) -> None:
    view = _showing(window, "<button>学生服务</button><button onclick='done = 1'>关闭</button>")
    page = view.page
    menu = view.match(Target("学生服务", ("学生服务",)), view.snapshot())
    assert menu is not None
    assert not view.close_layer(menu, WORDS)
    assert not page.evaluate("window.done")


HOVER = """<!doctype html><style>#menu div {{ display: none; position: absolute; background: #fff }} #menu:hover div {{ display: block }}</style>
<body style="margin:0;padding-top:40px"><div id="menu" style="width:90px">学生服务<div style="width:600px;height:300px"><a>信息变更</a></div></div>
<p><a onclick="done = 1">查看/编辑</a></p></body>"""


def test_a_menu_that_stays_open_under_the_mouse_is_left(window: SiteBrowser) -> None:
    view = _showing(window, HOVER.format())
    page = view.page
    for word in ("信息变更", "查看/编辑"):
        page.hover("#menu") if word == "信息变更" else None
        target = Target(word, (word,))
        view.click(shown(view, target), target, "首页")
    assert page.evaluate("window.done") == 1


PAINTED = """<!doctype html><style>.cell {{ position: relative; width: 300px }} body {{ margin: 0; {far} }}
.cell::before {{ content: ""; position: absolute; inset: 0; background: #000; opacity: 0 }}</style><script>pressed = 0</script>
<div class="cell" onclick="pressed++"><span>信息变更</span> <span>查看</span></div>{over}"""


@pytest.mark.parametrize("far", ["", "padding-top: 3000px"])
def test_words_under_the_paint_of_what_holds_them_are_pressed(window: SiteBrowser, far: str) -> None:
    view = _showing(window, PAINTED.format(far=far, over=""), 1)
    page = view.page
    target = Target("查看", ("查看",))
    view.click(shown(view, target), target, "首页")
    assert page.evaluate("pressed") == 1


def test_words_under_the_paint_of_what_holds_them_are_pressed_once_a_veil_has_gone(
    window: SiteBrowser,
) -> None:
    veil = "<p id=veil style='position:fixed;inset:0;margin:0'></p><script>setTimeout(() => veil.remove(), 500)</script>"
    view = _showing(window, PAINTED.format(far="", over=""), 1)
    page = view.page
    target = Target("查看", ("查看",))
    found = shown(view, target)
    page.evaluate("html => document.body.append(document.createRange().createContextualFragment(html))", veil)
    view.click(found, target, "首页")
    assert page.evaluate("pressed") == 1


def test_words_under_a_veil_that_what_holds_them_draws_are_not_pressed(window: SiteBrowser) -> None:
    """A part of a page that is loading may draw its veil so, and takes no press for what stands in it."""
    view = _showing(window, PAINTED.format(far="", over="<style>.cell::before { opacity: 0.6 }</style>"), 1)
    page = view.page
    target = Target("查看", ("查看",))
    with pytest.raises(Covered):
        view.click(shown(view, target), target, "首页")
    assert page.evaluate("pressed") == 0


def test_words_under_the_paint_of_another_thing_are_not_pressed(window: SiteBrowser) -> None:
    over = "<div class='cell' style='position:fixed;inset:0;width:auto'></div>"
    view = _showing(window, PAINTED.format(far="", over=over), 1)
    page = view.page
    target = Target("查看", ("查看",))
    with pytest.raises(Covered):
        view.click(shown(view, target), target, "首页")
    assert page.evaluate("pressed") == 0


BAR = """<!doctype html><body style="margin:0;height:100vh;overflow:hidden"><script>pressed = 0</script>
<button onclick="pressed++" style="position:absolute;left:20px;bottom:20px;width:90px;height:30px">添加</button>
<div style="position:fixed;{bar};background:#eee"></div></body>"""


@pytest.mark.parametrize(
    ("bar", "pressed"),
    [
        pytest.param("left:0;right:0;bottom:0;height:36px", 1, id="a bar at the foot leaves the upper half"),
        pytest.param("left:0;right:0;bottom:0;height:60px", 0, id="all of it is covered"),
        pytest.param("left:40px;right:0;bottom:0;height:200px", 0, id="something over its right end"),
    ],
)
def test_what_a_bar_covers_in_part_is_pressed_where_it_shows(
    window: SiteBrowser, bar: str, pressed: int
) -> None:
    view = _showing(window, BAR.format(bar=bar), 1)
    page = view.page
    target = Target("添加", ("添加",), "button")
    button = view.match(target, view.snapshot())
    assert button is not None
    with nullcontext() if pressed else pytest.raises(Covered):
        view.click(button, target, "过往履历信息")
    assert page.evaluate("pressed") == pressed


FRAMED = """<!doctype html><body style="margin:0"><iframe style="border:0;width:100%;height:900px" srcdoc="<!doctype html><body style='margin:0'>
<div style='height:1200px'></div><button onclick='parent.pressed++' style='height:30px'>添加</button></body>"></iframe>
<script>pressed = 0</script><div style="position:fixed;left:0;right:0;bottom:0;height:22px;background:#eee"></div></body>"""


def test_a_bar_over_the_foot_of_a_frame_is_not_waited_for(window: SiteBrowser) -> None:
    view = _showing(window, FRAMED)
    page = view.page
    target = Target("添加", ("添加",), "button")
    button = view.match(target, view.snapshot())
    assert button is not None
    with patch.object(view, "_close_notice", side_effect=AssertionError("it was taken for covered")):
        view.click(button, target, "过往履历信息")
    assert page.evaluate("pressed") == 1


@pytest.mark.parametrize("gone_after", [0.3, 6.0])
def test_what_lies_over_a_way_with_another_is_not_waited_for(window: SiteBrowser, gone_after: float) -> None:
    """Whole patience is for what has no other way; a click on what lies under an open layer costs little."""
    view = _showing(window, BAR.format(bar="inset:0"))
    page = view.page
    target = Target("添加", ("添加",), "button")
    button = view.match(target, view.snapshot())
    assert button is not None
    page.evaluate(
        "after => setTimeout(() => document.querySelector('div').remove(), after)", gone_after * 1000
    )
    with nullcontext() if gone_after < 1 else pytest.raises(Covered):
        view.click(button, target, "过往履历信息", seconds=1)
    assert page.evaluate("pressed") == (1 if gone_after < 1 else 0)


def test_what_lies_over_a_thing_is_asked_in_the_message_that_finds_it(window: SiteBrowser) -> None:
    _showing(window, PAGE.format(inside="", beside="<button>提交</button><button>提交</button>"))
    once, twice = (window.page.get_by_role("button", name=name) for name in ("学生服务", "提交"))
    with patch.object(Locator, "element_handles", side_effect=AssertionError):
        assert press_place(once, ["学生服务"]).is_covered
        assert is_covered(once, 0.5, 0.5)
        assert not is_covered(twice, 0.5, 0.5)
