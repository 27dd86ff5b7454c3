"""Reading through the browser's own layout: many ways of writing the same page, and what a person would read there."""

from __future__ import annotations

import base64
import html as markup
import io
from collections.abc import Iterator
from functools import cache

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from agent.browser.frames.frame_reader import SNAPSHOT
from agent.browser.locators import handles_at
from agent.snapshot import photo_captions, tree
from agent.snapshot.fields import fields, shown_colour
from agent.snapshot.tree import FrameTree, Node, squash

LABELS = ("姓名", "性别", "民族", "证件号码", "学号")
WOMAN = [("姓名", "王岚"), ("性别", "女"), ("民族", "汉族")]
BLANK = [("姓名", "王岚"), ("性别", ""), ("民族", "汉族")]
DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One window for the whole module: hundreds of pages are read."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


def _see(page: Page, body: str) -> FrameTree:
    page.set_content(f"<!doctype html><body>{body}</body>")
    return tree.parse(page.wait_for_function(SNAPSHOT).json_value())


def _read(page: Page, body: str) -> list[tuple[str, str]]:
    return [(field.label, field.value) for field in fields(_see(page, body).root, LABELS)]


# -- the same three facts ------------------------------------------------------------------------------------------------

SHAPES = {
    "rows of two cells": "<table><tr><td>姓名</td><td>{0}</td></tr><tr><td>性别</td><td>{1}</td></tr>"
    "<tr><td>民族</td><td>{2}</td></tr></table>",
    "rows of a heading and a cell": "<table><tr><th>姓名：</th><td>{0}</td></tr><tr><th>性别：</th><td>{1}</td></tr>"
    "<tr><th>民族：</th><td>{2}</td></tr></table>",
    "headings that end in a no-break blank": "<table><tr><th>姓名：&nbsp;</th><td>{0}</td><th>性别&nbsp;：&nbsp;</th><td>{1}</td></tr>"
    "<tr><th>民族：&nbsp;</th><td>{2}</td></tr></table>",
    "a colon in a cell of its own": "<table><tr><td>姓名</td><td>:</td><td>{0}</td></tr><tr><td>性别</td><td>：</td><td>{1}</td></tr>"
    "<tr><td>民族</td><td>:</td><td>{2}</td></tr></table>",
    "one row of six cells": "<table><tr><td>姓名</td><td>{0}</td><td>性别</td><td>{1}</td><td>民族</td><td>{2}</td></tr></table>",
    "rows of four cells": "<table><tr><td>姓名</td><td>{0}</td><td>性别</td><td>{1}</td></tr>"
    "<tr><td>民族</td><td colspan=3>{2}</td></tr></table>",
    "a photo cell beside": "<table><tr><td>姓名</td><td>{0}</td><td rowspan=3><img src='"
    + DOT
    + "' width=90 height=120></td></tr>"
    "<tr><td>性别</td><td>{1}</td></tr><tr><td>民族</td><td>{2}</td></tr></table>",
    "a group heading cell before": "<table><tr><td rowspan=3>身份信息</td><td>姓名</td><td>{0}</td></tr>"
    "<tr><td>性别</td><td>{1}</td></tr><tr><td>民族</td><td>{2}</td></tr></table>",
    "a header row": "<table><thead><tr><th>姓名</th><th>性别</th><th>民族</th></tr></thead>"
    "<tbody><tr><td>{0}</td><td>{1}</td><td>{2}</td></tr></tbody></table>",
    "a header row of plain cells": "<table><tr><td>姓名</td><td>性别</td><td>民族</td></tr>"
    "<tr><td>{0}</td><td>{1}</td><td>{2}</td></tr></table>",
    "a definition list": "<dl><dt>姓名</dt><dd>{0}</dd><dt>性别</dt><dd>{1}</dd><dt>民族</dt><dd>{2}</dd></dl>",
    "a grouped definition list": "<dl><div><dt>姓名</dt><dd>{0}</dd></div><div><dt>性别</dt><dd>{1}</dd></div>"
    "<div><dt>民族</dt><dd>{2}</dd></div></dl>",
    "a definition grid": "<dl style='display:grid;grid-template-columns:80px 1fr 80px 1fr'><dt>姓名</dt><dd>{0}</dd><dt>性别</dt>"
    "<dd>{1}</dd><dt>民族</dt><dd>{2}</dd></dl>",
    "spans in divs": "<div><span>姓名</span><span>{0}</span></div><div><span>性别</span><span>{1}</span></div>"
    "<div><span>民族</span><span>{2}</span></div>",
    "spans after colons": "<div><span>姓名：</span><span>{0}</span></div><div><span>性别：</span><span>{1}</span></div>"
    "<div><span>民族：</span><span>{2}</span></div>",
    "a colon of its own": "<p><b>姓名</b><i>：</i><span>{0}</span></p><p><b>性别</b><i>：</i><span>{1}</span></p>"
    "<p><b>民族</b><i>：</i><span>{2}</span></p>",
    "flex rows": "<div style='display:flex'><div>姓名</div><div>{0}</div></div><div style='display:flex'><div>性别</div>"
    "<div>{1}</div></div><div style='display:flex'><div>民族</div><div>{2}</div></div>",
    "floats": "<div><div style='float:left;width:80px'>姓名：</div><div style='margin-left:90px'>{0}&nbsp;</div></div>"
    "<div><div style='float:left;width:80px'>性别：</div><div style='margin-left:90px'>{1}&nbsp;</div></div>"
    "<div><div style='float:left;width:80px'>民族：</div><div style='margin-left:90px'>{2}&nbsp;</div></div>",
    "list entries": "<ul><li>姓名：{0}</li><li>性别：{1}</li><li>民族：{2}</li></ul>",
    "list entries with emphasis": "<ul><li>姓名：<em>{0}</em></li><li>性别：<em>{1}</em></li><li>民族：<em>{2}</em></li></ul>",
    "list entries of two blocks": "<ul><li><div>姓名</div><div>{0}</div></li><li><div>性别</div><div>{1}</div></li>"
    "<li><div>民族</div><div>{2}</div></li></ul>",
    "one line": "<p>姓名：{0}　性别：{1}　民族：{2}</p>",
    "one line with pipes": "<p>姓名：{0} | 性别：{1} | 民族：{2}</p>",
    "broken lines": "<p>姓名：{0}<br>性别：{1}<br>民族：{2}</p>",
    "bold labels in one block": "<div><b>姓名：</b>{0}<br><b>性别：</b>{1}<br><b>民族：</b>{2}</div>",
    "spaced labels": "<p>姓&emsp;&emsp;名：{0}</p><p>性 别：{1}</p><p>民&nbsp;&nbsp;族：{2}</p>",
    "required stars": "<p><i style='color:red'>*</i>姓名：{0}</p><p><i>*</i>性别：{1}</p><p>* 民族：{2}</p>",
    "text fields": "<p><label>姓名</label><input readonly value='{0}'></p><p><label>性别</label><input readonly value='{1}'></p>"
    "<p><label>民族</label><input disabled value='{2}'></p>",
    "text fields in cells": "<table><tr><td>姓名</td><td><input value='{0}'></td></tr><tr><td>性别</td><td><input value='{1}'></td></tr>"
    "<tr><td>民族</td><td><input value='{2}'></td></tr></table>",
    "choices": "<p>姓名：<input value='{0}'></p><p>性别：<select><option value=1>{1}</option><option value=2>别的</option></select></p>"
    "<p>民族：<textarea>{2}</textarea></p>",
    "form groups": "<div><label>姓名</label><div><input readonly value='{0}'></div></div><div><label>性别</label><div>"
    "<input readonly value='{1}'></div></div><div><label>民族</label><div><input readonly value='{2}'></div></div>",
    "nested tables": "<table><tr><td><table><tr><td>姓名</td><td>{0}</td></tr></table></td><td><table><tr><td>性别</td>"
    "<td>{1}</td></tr><tr><td>民族</td><td>{2}</td></tr></table></td></tr></table>",
    "cards": "<section><h4>姓名</h4><p>{0}</p></section><section><h4>性别</h4><p>{1}</p></section>"
    "<section><h4>民族</h4><p>{2}</p></section>",
    "wrapped labels": "<div><div><span>姓名</span></div><div><span>{0}</span></div></div><div><div><span>性别</span></div>"
    "<div><span>{1}</span></div></div><div><div><span>民族</span></div><div><span>{2}</span></div></div>",
    "links as values": "<table><tr><td>姓名</td><td><a href='#'>{0}</a></td></tr><tr><td>性别</td><td><a href='#'>{1}</a></td></tr>"
    "<tr><td>民族</td><td><a href='#'>{2}</a></td></tr></table>",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_person_reads_the_same_in_every_shape(shape: str, page: Page) -> None:
    assert _read(page, SHAPES[shape].format("王岚", "女", "汉族")) == WOMAN


@pytest.mark.parametrize("shape", SHAPES)
def test_a_blank_is_blank_in_every_shape(shape: str, page: Page) -> None:
    assert _read(page, SHAPES[shape].format("王岚", "", "汉族")) == BLANK


@pytest.mark.parametrize(
    "shape",
    list(SHAPES),
)
def test_a_blank_at_the_end_is_blank_in_every_shape(shape: str, page: Page) -> None:
    body = SHAPES[shape].format("王岚", "女", "") + "<p>以上信息如有误请联系学校</p>"
    assert _read(page, body) == [*WOMAN[:2], ("民族", "")]


PAINTED_OVER_NOTHING = [
    "<div style='height:0;overflow:hidden'><p>性别：男</p></div>",
    "<div style='height:0;overflow:hidden;position:relative'><p style='position:absolute;top:40px'>性别：男</p></div>",
    "<div style='width:300px;overflow:hidden'><div style='display:flex;width:600px'><i style='width:300px;flex:none'>第一页</i>"
    "<p style='width:300px;flex:none'>性别：男</p></div></div>",
    "<div style='width:300px;overflow-x:clip'><p style='transform:translateX(300px)'>性别：男</p></div>",
    "<div style='opacity:.1'><div style='opacity:.2'><p>性别：男</p></div></div>",
    "<div style='position:fixed;top:0;bottom:0;right:0;width:300px;transform:translateX(100%)'><p>性别：男</p></div>",
    "<div style='overflow:auto;height:50px'><p style='position:absolute;left:-9999px'>性别：男</p></div>",
    "<div style='transform-style:preserve-3d;transform:rotateX(80deg)'>"
    "<p style='transform:rotateX(40deg);backface-visibility:hidden'>性别：男</p></div>",
]
"""Laid out with room of its own, and yet nobody sees it."""
SEEN_AFTER_ALL = [
    "<div style='height:0;overflow:hidden'><div style='position:fixed;top:50px'><p>性别：男</p></div></div>",
    "<div style='height:0;overflow:hidden'><div style='position:absolute;top:50px'><p>性别：男</p></div></div>",
    "<div style='height:60px;overflow:auto'><div style='height:900px'></div><p>性别：男</p></div>",
    "<div style='height:60px;overflow:hidden'><div style='height:100%;overflow:auto'><div style='height:900px'></div><p>性别：男</p>"
    "</div></div>",
    "<div style='height:0'><p>性别：男</p></div>",
    "<div style='display:contents'><p>性别：男</p></div>",
    "<div style='height:30px;overflow:hidden'><p style='margin:0;line-height:40px'>性别：男</p></div>",
    "<div style='opacity:.6'><p>性别：男</p></div>",
    "<div style='transform-style:preserve-3d;transform:rotateX(160deg)'>"
    "<p style='transform:rotateX(-140deg);backface-visibility:hidden'>性别：男</p></div>",
    "<div inert><p>性别：男</p></div>",
    "<div aria-hidden=true><p>性别：男</p></div>",
    "<div style='height:0;overflow:hidden;display:inline'><p>性别：男</p></div>",
]
"""What a person sees, whatever stands around it, or by scrolling there."""


# -- what is not there to be read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hidden",
    [
        "<p style='display:none'>性别：男</p>",
        "<p style='visibility:hidden'>性别：男</p>",
        "<p style='opacity:0'>性别：男</p>",
        "<p style='font-size:0'>性别：男</p>",
        "<p style='position:absolute;left:-9999px'>性别：男</p>",
        "<div style='height:0;overflow:hidden;display:none'><p>性别：男</p></div>",
        "<template><p>性别：男</p></template>",
        "<script>var x = '性别：男'</script>",
        "<noscript>性别：男</noscript>",
        "<!-- 性别：男 -->",
        "<input type=hidden value='性别：男'>",
        "<details><summary>更多</summary><p>性别：男</p></details>",
        "<div hidden>性别：男</div>",
        *PAINTED_OVER_NOTHING,
    ],
)
def test_what_a_person_does_not_see_is_not_read(hidden: str, page: Page) -> None:
    assert _read(page, f"<p>姓名：王岚</p>{hidden}<p>民族：汉族</p>") == [WOMAN[0], WOMAN[2]]


@pytest.mark.parametrize("shown", SEEN_AFTER_ALL)
def test_what_is_painted_or_can_be_scrolled_to_is_read(shown: str, page: Page) -> None:
    assert ("性别", "男") in _read(page, f"<p>姓名：王岚</p>{shown}<p>民族：汉族</p>")


@pytest.mark.parametrize("html", ["", "<style>html{overflow:hidden}</style>"])
def test_a_body_without_height_is_the_window_and_clips_nothing(html: str, page: Page) -> None:
    body = f"{html}<style>body{{overflow:hidden;height:0}}</style><div style='position:fixed;inset:0'><p>性别：男</p></div>"
    assert _read(page, body) == [("性别", "男")]


def test_what_is_scrolled_past_keeps_its_place_and_is_read(page: Page) -> None:
    body = (
        "<div id=s style='height:100px;overflow:auto;position:relative'><p style='margin:0;height:30px'>姓名：王岚</p>"
        "<div style='height:900px'></div><button>上传</button></div>"
    )
    before = [leaf.box for leaf in _see(page, body).root.leaves]
    page.evaluate("document.getElementById('s').scrollTo(0, 600)")
    after = tree.parse(page.wait_for_function(SNAPSHOT).json_value()).root
    assert [leaf.box for leaf in after.leaves] == before
    button = next(node for node in after.walk() if node.tag == "button")
    assert len(handles_at(page.main_frame, "button", button.box)) == 1


IN_STEP = [
    "<div style='display:flex'><div style='height:80px;overflow:hidden'>{0}</div><div style='height:80px;overflow:auto'>{1}</div></div>",
    "<div><div style='width:80px;overflow:hidden'><div style='display:flex;width:400px'>{0}</div></div>"
    "<div style='width:80px;overflow:auto'><div style='display:flex;width:400px'>{1}</div></div></div>",
    "<div style='width:80px;overflow:hidden'><div style='display:flex;width:9000px'>{0}<i style='margin-left:400px'>没有</i></div></div>"
    "<div style='width:80px;overflow:auto'><div style='display:flex;width:400px'>{1}</div></div>",
]


@pytest.mark.parametrize("shape", IN_STEP)
def test_what_is_kept_in_step_with_a_part_that_scrolls_is_seen_whole(shape: str, page: Page) -> None:
    one, other = (
        "".join(f"<div style='height:40px;width:40px;flex:none'>{word}{at}</div>" for at in range(10))
        for word in "甲乙"
    )
    shown = {leaf.own for leaf in _see(page, shape.format(one, other)).root.leaves}
    assert shown == {f"{word}{at}" for word in "甲乙" for at in range(10)}


def test_what_is_longer_than_a_part_that_scrolls_is_not_in_step_with_it_elsewhere(page: Page) -> None:
    slides = "<div style='width:80px;overflow:hidden'><div style='display:flex;width:900px'><i style='width:80px'>甲</i><i>乙</i></div></div>"
    table = "<div style='width:80px;overflow:auto'><div style='width:400px'>丙</div></div>"
    assert {leaf.own for leaf in _see(page, f"{slides}<p>丁</p>{table}").root.leaves} == {"甲", "丙", "丁"}


def test_a_box_that_a_script_scrolls_shows_its_lower_rows(page: Page) -> None:
    rows = "".join(f"<div style='height:40px'>第{row}行</div>" for row in range(1, 11))
    body = f"<div id=s style='height:80px;overflow:hidden'>{rows}</div>"
    assert [leaf.own for leaf in _see(page, body).root.leaves] == ["第1行", "第2行"]
    page.evaluate("document.getElementById('s').scrollTop = 120")
    shown = tree.parse(page.wait_for_function(SNAPSHOT).json_value()).root
    assert [leaf.own for leaf in shown.leaves] == ["第4行", "第5行"]


def test_a_password_never_leaves_the_page(page: Page) -> None:
    page.set_content("<p>密码：<input type=password value=canary></p><input type=file>")
    raw = page.wait_for_function(SNAPSHOT).json_value()
    assert "canary" not in raw
    assert tree.parse(raw).files == 1


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("<div style='display:none'><p>上传</p><input type=file></div>", 0),
        ("<div style='visibility:hidden'><input type=file></div>", 0),
        ("<button>选择<input type=file style='display:none'></button>", 1),
        ("<span hidden><input type=file id=f></span><label for=f>选择</label>", 1),
        ("<div style='display:contents'><input type=file hidden></div>", 1),
        ("<input type=file hidden>", 1),
        ("<input type=file disabled>", 0),
    ],
)
def test_a_file_field_of_a_page_that_is_kept_out_of_sight_does_not_count(
    page: Page, body: str, count: int
) -> None:
    assert _see(page, body).files == count


LIST_BOX = """<div style="visibility:{}"><div tabindex=0 style="position:relative;width:120px;height:32px;border:1px solid #999">
<input readonly style="width:100px;height:28px;border:0"><i style="position:absolute;right:4px;top:8px;width:14px;height:14px"></i></div></div>"""


@pytest.mark.parametrize(("visibility", "count"), [("visible", 1), ("hidden", 0)])
def test_a_list_in_the_hidden_copy_of_a_frozen_column_is_no_field(
    page: Page, visibility: str, count: int
) -> None:
    seen = _see(page, LIST_BOX.format(visibility)).root.walk()
    assert sum(node.tag == "input" for node in seen) == count


def test_tabs_side_by_side_on_one_line_are_lines_of_their_own(page: Page) -> None:
    tabs = "<div>{}</div>".format("".join(f"<span role=tab>{name}</span>" for name in ("家庭", "履历")))
    assert [line.text for line in tree.lines(_see(page, tabs).root)] == ["家庭", "履历"]


def test_ids_and_classes_never_leave_the_page(page: Page) -> None:
    page.set_content("<p id=canary1 class=canary2 name=canary3 data-x=canary4>姓名：王岚</p>")
    assert "canary" not in page.wait_for_function(SNAPSHOT).json_value()


# -- where it stands -----------------------------------------------------------------------------------------------------


@cache
def _ligatures(*words: str) -> str:
    """A font as a data URL that paints each of some words as one picture, as wide as high."""
    letters = sorted(set("".join(words)))
    names = {letter: f"uni{ord(letter):04X}" for letter in letters}
    glyphs = [".notdef", *names.values(), *words]
    builder = FontBuilder(1000)
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap({ord(letter): name for letter, name in names.items()})
    pen = TTGlyphPen(None)
    for place in ((0, 0), (0, 800), (800, 800), (800, 0)):
        (pen.lineTo if place != (0, 0) else pen.moveTo)(place)
    pen.closePath()
    square = pen.glyph()
    builder.setupGlyf(dict.fromkeys(glyphs, square))
    builder.setupHorizontalMetrics({name: (1000 if name in words else 550, 0) for name in glyphs})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Marks", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    rules = "".join(f"sub {' '.join(names[letter] for letter in word)} by {word};" for word in words)
    builder.addOpenTypeFeatures(f"feature liga {{ {rules} }} liga;")
    saved = io.BytesIO()
    builder.save(saved)
    return "data:font/ttf;base64," + base64.b64encode(saved.getvalue()).decode()


def test_a_word_that_its_font_paints_as_one_picture_is_a_picture(page: Page) -> None:
    style = f"<style>@font-face{{font-family:Marks;src:url({_ligatures('add', 'check_circle')})}}i{{font:normal 24px Marks}}</style>"
    page.set_content(f"<!doctype html>{style}<i>add</i><i>dad</i><i>check_circle</i><b>add</b>")
    page.evaluate("document.fonts.ready")
    root = tree.parse(page.wait_for_function(SNAPSHOT).json_value()).root
    assert [leaf.own for leaf in root.leaves] == ["dad", "add"]
    assert [node.box.width for node in root.walk() if node.is_picture] == [24, 24]


@pytest.mark.parametrize("letter", ["\ue605", "\u1006"], ids=["of no script", "of another script"])
def test_a_letter_that_a_font_paints_as_an_icon_before_words_is_a_picture(page: Page, letter: str) -> None:
    badge = f"<b><i style='font-family:Marks'>{letter}</i> 已完成</b>"
    root = _see(page, f"<p>当前状态：{badge}</p>").root
    assert [leaf.own.strip() for leaf in root.leaves] == ["当前状态：", "已完成"]
    assert sum(node.is_picture for node in root.walk()) == 1


def test_a_lone_letter_coded_by_its_font_is_a_value(page: Page) -> None:
    coded = "<span style='font-family:Coded'>\U00100041</span>"
    for body in (
        f"<p>性别：{coded} 民族：{coded}</p>",
        f"<dl><dt>性别</dt><dd>{coded}</dd><dt>民族</dt></dl>",
    ):
        assert "\U00100041" in _see(page, body).root.text


def test_open_shadow_roots_are_read(page: Page) -> None:
    body = "<x-card><span>王岚</span></x-card><script>document.querySelector('x-card').attachShadow({mode: 'open'})"
    assert _read(page, f"{body}.innerHTML = '<p>姓名：<slot></slot></p>'</script>") == [("姓名", "王岚")]


def test_long_pages_are_read_to_the_end(page: Page) -> None:
    assert _read(page, "<div style='height:5000px'></div><p>姓名：王岚</p>") == [("姓名", "王岚")]


def test_a_value_over_several_lines_is_one_value(page: Page) -> None:
    assert _read(page, "<table><tr><td>学号</td><td>2021\n  0698 <b>0001</b></td></tr></table>") == [
        ("学号", "2021 0698 0001")
    ]


def test_places_are_those_of_the_layout(page: Page) -> None:
    root = _see(
        page, "<p style='position:absolute;left:100px;top:2000px;width:300px;margin:0'>姓名：王岚</p>"
    ).root
    (block,) = root.children
    (leaf,) = root.leaves
    assert (block.box.x, block.box.y, block.box.width) == (100, 2000, 300)
    assert block.box.y <= leaf.box.y
    assert leaf.box.bottom <= block.box.bottom
    assert leaf.box.x == block.box.x
    assert leaf.box.right < block.box.right


# -- colours -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "colour"),
    [
        ("<span style='color:blue'>已完成</span>", "blue"),
        ("<font color=red>已完成</font>", "red"),
        ("<a href='#'>已完成</a>", "blue"),
        ("<span style='color:#1890ff'>已完成</span>", "blue"),
        ("<span style='color:#fff;background:#f56c6c'>已完成</span>", "red"),
        ("<span style='color:#ffffff;background:green'><b>已完成</b></span>", "green"),
        ("<b style='color:#999'>已完成</b>", "grey"),
        ("已完成", "black"),
        ("<span style='color:orange'>已完成</span>", "orange"),
        ("<span style='color:rgba(255,0,0,.8)'>已完成</span>", "red"),
    ],
)
def test_the_colour_of_a_value_is_that_of_its_own_words(status: str, colour: str, page: Page) -> None:
    for body in (
        f"<p>学号：{status}</p>",
        f"<table style='color:#f0f'><tr><td>学号</td><td style='color:#000'>{status}</td></tr></table>",
    ):
        (found,) = fields(_see(page, body).root, LABELS)
        assert (found.value, shown_colour(found.at)) == ("已完成", colour)


# -- captions ------------------------------------------------------------------------------------------------------------


PHOTO = (
    "data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 width=%22120%22 height=%22160%22/%3E"
)
KINDS = {"录取照片": ["录取照片"], "学历照片": ["学历照片"]}


def _image(name: str, alt: str = "") -> str:
    return f"<img src='{PHOTO}#{name}' alt='{alt}'>"


CAPTIONS = {
    "figures": "<figure>{lq}<figcaption>录取照片</figcaption></figure><figure>{xj}<figcaption>学历照片</figcaption></figure>",
    "captions above": "<div><p>录取照片</p>{lq}</div><div><p>学历照片</p>{xj}</div>",
    "a row of pictures over a row of captions": "<table><tr><td>{lq}</td><td>{xj}</td></tr><tr><td>录取照片</td><td>学历照片</td></tr></table>",
    "a row of captions over a row of pictures": "<table><tr><th>录取照片</th><th>学历照片</th></tr><tr><td>{lq}</td><td>{xj}</td></tr></table>",
    "pictures in one line": "<div style='float:left;width:130px'>{lq}<br>录取照片</div><div style='float:left;width:130px'>{xj}<br>学历照片</div>",
    "columns of a grid": "<div style='display:grid;grid-template-columns:140px 140px'>{lq}{xj}<p>录取照片</p><p>学历照片</p></div>",
    "linked pictures": "<div><a href='#'>{lq}</a><p>录取照片</p></div><div><a href='#'>{xj}</a><p>学历照片</p></div>",
    "one under the other, captions below": "{lq}<p>录取照片</p>{xj}<p>学历照片</p>",
    "one under the other, captions above": "<p>录取照片</p>{lq}<p>学历照片</p>{xj}",
    "a line of captions over a line of pictures": "<p>录取照片　　学历照片</p><p>{lq}{xj}</p>",
    "table cells": "<table><tr><td>录取照片</td><td>{lq}</td></tr><tr><td>学历照片</td><td>{xj}</td></tr></table>",
    "captions with a colon": "<div>录取照片：{lq}</div><div>学历照片：{xj}</div>",
    "captions beside a button": "<div>{lq}<p>录取照片 <button>查看</button></p></div><div>{xj}<p>学历照片 <button>查看</button></p></div>",
}


@pytest.mark.parametrize("shape", CAPTIONS)
def test_each_picture_is_found_by_its_caption(shape: str, page: Page) -> None:
    root = _see(page, CAPTIONS[shape].format(lq=_image("lq"), xj=_image("xj"))).root
    assert _names(root, "学历照片") == ["xj"]
    assert _names(root, "录取照片") == ["lq"]


def test_each_picture_is_found_by_its_alternative_text(page: Page) -> None:
    root = _see(page, _image("lq", "录取照片") + _image("xj", "学历照片")).root
    assert _names(root, "学历照片") == ["xj"]


BROKEN = ("", "alt=''", "alt='x'", "width=120 height=160")


@pytest.mark.parametrize("attributes", BROKEN)
def test_a_picture_that_did_not_load_may_be_the_photo(attributes: str, page: Page) -> None:
    """Such as an address that gives a page of HTML: that is said of the photo, not that there is none."""
    root = _see(page, f"<div><img src='data:text/html,x#xj' {attributes}><p>学历照片</p></div>").root
    assert _names(root, "学历照片") == ["xj"]


def test_a_background_picture_is_a_picture(page: Page) -> None:
    box = f"width:120px;height:160px;background-image:url({DOT}#xj)"
    assert _names(_see(page, f"<div><div style='{box}'></div><p>学历照片</p></div>").root, "学历照片") == [
        "xj"
    ]


def _names(root: Node, word: str) -> list[str]:
    return [node.src.rpartition("#")[2] for node in photo_captions.captioned(root, KINDS)[word]]


# -- any value -----------------------------------------------------------------------------------------------------------

SHOWN = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp", "Mn", "Me", "Mc")),
    min_size=1,
    max_size=20,
).filter(lambda value: value[0].isalnum() and not any(label[0] in value for label in LABELS))


@pytest.mark.parametrize(
    "shape", ["rows of two cells", "a definition list", "spans after colons", "text fields"]
)
@given(values=st.tuples(SHOWN, SHOWN, SHOWN))
def test_any_value_is_read_as_it_is_shown(shape: str, values: tuple[str, str, str], page: Page) -> None:
    body = SHAPES[shape].format(*(markup.escape(value) for value in values))
    read = dict(_read(page, body))
    assert read == {
        label: squash(value) for label, value in zip(("姓名", "性别", "民族"), values, strict=True)
    }


def test_a_drawn_box_is_its_own_label_and_not_that_of_its_row(page: Page) -> None:
    row = (
        "<label for=now style='display:inline-block;width:150px'>结束时间</label>"
        "<label><input id=now type=checkbox checked style='opacity:0;position:absolute'><i>☑</i> <span>至今</span></label>"
    )
    (box,) = (node for node in _see(page, row).root.walk() if node.type == "checkbox")
    assert box.checked
    assert box.label.endswith("至今")
    assert box.box.x > 150


ARROW = "<i style='position:absolute;right:8px;top:8px;width:14px;height:14px;background:#999'></i>"
EDGE = "position:relative;width:240px;height:30px;border:1px solid #ccc"
GROUND = "position:relative;display:block;width:240px;height:30px;background:#f2f3f5"
HIDDEN_FIELD = "<input readonly style='position:absolute;width:0;border:0;padding:0'>"
LISTS = {
    "takes the focus": f"<div tabindex=0 style='{EDGE}'><span>%s</span>{ARROW}</div>",
    "holds a hidden value": f"<div><div tabindex=0 style='{EDGE}'><input type=hidden><span>%s</span>{ARROW}</div></div>",
    "edge drawn over it": f"<div style='position:relative;width:242px'><div tabindex=0 style='position:relative;height:32px'><span>%s</span>"
    f"{ARROW}</div><div style='position:absolute;inset:0;border:1px solid #ccc;pointer-events:none'></div></div>",
    "a ground and a field without width": f"<span style='{GROUND}'>{HIDDEN_FIELD}<span>%s</span>{ARROW}</span>",
    "a field under the words": f"<div tabindex=0 style='{EDGE}'><input style='position:absolute;left:0;width:200px;border:0'>"
    f"<div style='position:absolute'>%s</div>{ARROW}</div>",
    "a role and an arrow of the style sheet": "<style>.c::after{content:'';position:absolute;right:9px;top:12px;border:5px solid}</style>"
    f"<span class=c role=combobox tabindex=0 style='display:block;{EDGE}'><span>%s</span></span>",
}
NO_LISTS = {
    "an entry that leads on": f"<div role=button tabindex=0 style='{EDGE}'>成绩查询{ARROW}</div>",
    "a tile": f"<div style='{EDGE};cursor:pointer'>成绩查询{ARROW}</div>",
    "an entry with something hidden in it": f"<div style='{EDGE}'>照片{ARROW}<input type=hidden><input type=file hidden></div>",
    "a link": f"<a href=/x tabindex=0 style='display:block;{EDGE}'>成绩查询{ARROW}</a>",
    "no arrow": f"<div tabindex=0 style='{EDGE}'>成绩查询</div>",
    "no edge": f"<div tabindex=0 style='position:relative;width:240px;height:30px'>成绩查询{ARROW}</div>",
    "several words": f"<div tabindex=0 style='{EDGE}'><b>成绩</b><span>查询</span>{ARROW}</div>",
    "a button in it": f"<div tabindex=0 style='{EDGE}'>成绩<button>x</button>{ARROW}</div>",
    "a row of a label and a field": "<style>.r::after{content:'';position:absolute;inset:0;border-bottom:1px solid #ccc}</style>"
    f"<div class=r style='display:flex;{GROUND}'><span style='width:90px'>姓名</span><input placeholder=请输入>{ARROW}</div>",
    "a field to type into": f"<div tabindex=0 style='{EDGE}'><input placeholder=选择月份>{ARROW}</div>",
}


def _drawn_lists(page: Page, body: str) -> list[Node]:
    return [node for node in _see(page, body).root.walk() if node.tag == "input" and node.drawn]


@pytest.mark.parametrize("shape", LISTS.values(), ids=LISTS)
def test_a_box_that_a_person_takes_for_a_list_of_choices_is_a_field(shape: str, page: Page) -> None:
    row = "<div style='display:flex;gap:16px;align-items:center;background:#eef;height:50px'><b>关系</b>%s</div>"
    (chosen,) = _drawn_lists(page, row % (shape % "母亲"))
    assert (chosen.value, chosen.placeholder, chosen.role) == ("母亲", "", "combobox")
    (blank,) = _drawn_lists(page, row % (shape % "请选择关系"))
    assert (blank.value, blank.placeholder, blank.box) == ("", "请选择关系", chosen.box)
    assert handles_at(page.main_frame, "div, span", blank.box)


@pytest.mark.parametrize("shape", NO_LISTS.values(), ids=NO_LISTS)
def test_what_leads_on_or_can_be_typed_into_is_no_list_of_choices(shape: str, page: Page) -> None:
    assert not _drawn_lists(page, shape)


@pytest.mark.parametrize(
    "order", ["<i>关系</i><span>{0}</span>", "<span>{0}</span><i>关系</i>"], ids=["before", "behind"]
)
@pytest.mark.parametrize("value", ["", "父亲"])
def test_the_label_inside_a_drawn_list_is_no_part_of_its_value(order: str, value: str, page: Page) -> None:
    inside = order.format(value)
    field = "<input role=combobox aria-label=关系 readonly style='width:0;height:0;opacity:0'>"
    (drawn,) = _drawn_lists(page, f"<label style='display:block;{EDGE}'>{inside}{field}</label>")
    assert (drawn.label, drawn.value) == ("关系", value)


# -- words of a style sheet ----------------------------------------------------------------------------------------------

BY_SHEET = {
    "behind, at the right edge": ".v::after{content:'已完成';float:right}",
    "before": "@media screen{.x, li.v:before{content:'已完成'}}",
    "a sign in an element without words": ".v b::after{content:'✔'}",
    "a tip that is shown under the mouse alone": ".v:hover::after{content:'已完成'}",
    "a sign beside words": ".v::before{content:'✔'}",
    "not painted": ".v::after{content:'已完成';display:none}",
    "no Han": ".v::after{content:'›'}",
}


@pytest.mark.parametrize(
    ("sheet", "read"),
    list(
        zip(
            BY_SHEET.values(),
            (["学费", "已完成"], ["已完成", "学费"], ["学费", "✔"], *[["学费"]] * 4),
            strict=True,
        )
    ),
    ids=BY_SHEET,
)
def test_words_that_a_style_sheet_writes_are_seen(page: Page, sheet: str, read: list[str]) -> None:
    root = _see(
        page, f"<style>{sheet}</style><ul><li class=v><span>学费</span><b></b></li><li>地址</li></ul>"
    ).root
    assert [leaf.own for leaf in root.leaves] == [*read, "地址"]
