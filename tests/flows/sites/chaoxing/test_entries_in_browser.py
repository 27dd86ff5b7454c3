"""Entries that show only a few words each and open in a layer which nothing but a cross closes: read, added, read back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, TypeVar, cast

import pytest
from playwright.sync_api import Browser, Route

from agent.browser.launcher import address_pattern, site_context
from agent.browser.site_browser import Match, SiteBrowser
from agent.errors import SiteChanged
from agent.snapshot.frame import FrameSnapshot
from flows.forms.entry_rows import Row
from flows.profiles.schema import load
from flows.profiles.site_words import ChaoxingSite
from flows.sites.chaoxing.entries.page import EntriesPage
from flows.sites.chaoxing.platform import Chaoxing
from flows.sites.chaoxing.register_form_page import RegisterPage
from flows.sites.navigation.walk import Further, Walk, no_further

T = TypeVar("T")
ADDRESS = "http://platform.test/"
PAGE = """<!doctype html><meta charset="utf-8"><style>body{{margin:0;overflow-x:hidden}}.cell{{position:relative;padding:8px}}
.cell i{{position:absolute;right:8px;top:8px;width:16px;height:16px;border:1px solid}}
#layer{{position:fixed;inset:120px 0 0;background:#fff}}</style>
<body><h3>家庭成员信息</h3><div id="list"></div><div><button onclick="show(-1)">添加</button></div>
<div id="layer" hidden><i style="position:absolute;right:8px;width:16px;height:16px;border:1px solid" onclick="crossed()"></i>
<p>关系 <input></p><p>姓名 <input></p><p>联系方式 <input></p><button onclick="save()">保存</button></div><script>
const rows = {rows}, names = ["relation", "name", "phone"], list = document.getElementById("list");
const layer = document.getElementById("layer"), typed = layer.querySelectorAll("input");
let at = -1;
function show(place) {{ at = place; names.forEach((name, n) => {{ typed[n].value = place < 0 ? "" : rows[place][name]; }});
  layer.hidden = false; }}
async function crossed() {{ await fetch("/crossed", {{ method: "POST" }}); layer.hidden = true; }}
async function save() {{
  const row = Object.fromEntries(names.map((name, n) => [name, typed[n].value]));
  await fetch("/save", {{ method: "POST", body: JSON.stringify(row) }});
  rows.push(row); layer.hidden = true; draw(); }}
function draw() {{ list.innerHTML = rows.length ? "" : "暂无记录"; rows.forEach((row, n) => {{
  const cell = document.createElement("div"); cell.className = "cell"; cell.onclick = () => show(n);
  cell.innerHTML = `<span>${{row.name}}（${{row.relation}}）</span><i></i>`; list.append(cell); }}); }}
draw();
</script>"""
WANTED: list[Row] = [
    {"relation": "父亲", "name": "王示例", "phone": "13800000001"},
    {"relation": "母亲", "name": "李示例", "phone": "13800000002"},
]


@dataclass
class OnePage:
    """The platform as far as a group needs it: one page."""

    browser: SiteBrowser
    data: ChaoxingSite

    def shows_own_data(self, snapshot: FrameSnapshot) -> bool:
        """True where the student's own number stands."""
        return "学号" in snapshot.root.text

    def open(
        self,
        place: object,
        title: str,
        shown: Callable[[list[FrameSnapshot]], T | None],
        seconds: float | None = None,
        further: Further = no_further,
    ) -> T:
        """Open it anew, and follow the page's own way on."""
        self.browser.goto(ADDRESS)
        walk = Walk(self.browser, [])
        while isinstance(
            match := self.browser.wait(lambda now: _further(shown, further, walk, now), title, title), Match
        ):
            walk.follow(match, title)
        return self.browser.wait(shown, title, title)


def _further(
    shown: Callable[[list[FrameSnapshot]], object],
    further: Further,
    walk: Walk,
    snapshots: list[FrameSnapshot],
) -> Match | Literal[False] | None:
    """What is to be pressed; False once the page is there."""
    return False if shown(snapshots) is not None else further(snapshots, walk)


@contextmanager
def _family(
    browser: Browser, serve: Callable[[Route], None], patience: float = 10, group: str = "family"
) -> Iterator[EntriesPage]:
    data = load("xjtu-2024-07").sites.chaoxing
    assert data is not None
    with site_context(browser, ["platform.test"]) as context:
        context.route(f"{ADDRESS}**", serve)
        view = SiteBrowser(
            context, context.new_page(), "chaoxing", patience, (), allowed=address_pattern(["platform.test"])
        )
        yield EntriesPage(cast(Chaoxing, OnePage(view, data)), getattr(data, group))


TOLD = PAGE.replace(
    "rows.push(row); layer.hidden = true; draw(); }}",
    "tell(() => {{ rows.push(row); layer.hidden = true; draw(); }}); }}\n"
    "function tell(then) {{ const over = document.createElement('div'); over.style = 'position:fixed;inset:0;background:#0003';"
    " over.innerHTML = '<p>保存成功</p><button>确定</button>'; document.body.append(over);"
    " over.querySelector('button').onclick = () => {{ over.remove(); then(); }}; }}",
)


@pytest.mark.parametrize(
    "page_text",
    [
        pytest.param(PAGE, id="at once", marks=pytest.mark.exhaustive),
        pytest.param(TOLD, id="once told that it was saved"),
    ],
)
def test_entries_in_a_layer_without_a_word_for_leaving_it_are_read_and_added_once(
    browser: Browser, page_text: str
) -> None:
    rows: list[Row] = []
    posted: list[str] = []

    def serve(route: Route) -> None:
        if route.request.method == "POST":
            posted.append(route.request.url.removeprefix(ADDRESS))
            rows.extend([json.loads(route.request.post_data or "")] if posted[-1] == "save" else [])
        body = page_text.format(rows=json.dumps(rows))
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    with _family(browser, serve) as page:
        assert page.read()[0] == ()
        page.save(WANTED)
        assert list(page.read()[0]) == WANTED
    assert rows == WANTED
    assert posted == ["save", "save"]


SIGNS = {
    "title": "<b title='编辑'></b><b title='删除'></b>",
    "read out": "<button aria-label='编辑'><b></b></button><button aria-label='删除'><b></b></button>",
}


@pytest.mark.parametrize("signs", SIGNS.values(), ids=SIGNS)
def test_an_entry_is_opened_by_a_sign_that_is_called_so(browser: Browser, signs: str) -> None:
    given = PAGE.replace("<i></i>`", f"{signs}`").replace(
        "cell.onclick = () => show(n);",
        "cell.onclick = (event) => {{ const named = event.target.closest('[title],[aria-label]');"
        " if (named) (named.title || named.ariaLabel) == '编辑' ? show(n) : fetch('/deleted', {{ method: 'POST' }}); }};",
    )
    given = given.replace(
        "</style>", "b{{display:inline-block;width:20px;height:20px;border:1px solid}}</style>"
    )
    posted: list[str] = []

    def serve(route: Route) -> None:
        posted.extend([route.request.url] if route.request.method == "POST" else [])
        route.fulfill(body=given.format(rows=json.dumps(WANTED)), content_type="text/html; charset=utf-8")

    with _family(browser, serve) as page:
        assert list(page.read()[0]) == WANTED
    assert not posted


FOLDED = """<!doctype html><meta charset="utf-8"><h3>家庭成员信息</h3><div {family}>{fields}<button>添加</button></div>
<h3>过往履历信息</h3><div {history}>{fields}<button>添加</button></div><p><button>保存</button></p>"""
FIELDS = "<p>关系 <input value='父亲'> 姓名 <input value='王示例'> 联系方式 <input value='13800000001'></p>"


def test_entries_that_only_the_page_has_until_all_are_saved_are_not_left(browser: Browser) -> None:
    given = PAGE.replace("await fetch", "0 && await fetch").replace(">保存<", ">确定<")
    given = given.replace("添加</button>", '添加</button> <button onclick="send()">修改</button>')
    given = given.replace("<i></i>`", "<b>编辑</b>`").replace(
        "draw();\n</script>",
        "draw(); const send = () => fetch('/save', {{ method: 'POST', body: JSON.stringify(rows) }});\n</script>",
    )
    sent: list[list[Row]] = []

    def serve(route: Route) -> None:
        if route.request.url.endswith("/save"):
            sent.append(json.loads(route.request.post_data or "[]"))
        body = '{"msg": "保存成功"}' if route.request.method == "POST" else given.format(rows="[]")
        kind = "application/json" if route.request.method == "POST" else "text/html"
        route.fulfill(body=body, content_type=kind)

    with _family(browser, serve) as group:
        group.read()
        group.save(WANTED)
        assert sent == [WANTED]


@pytest.mark.parametrize("history", ["", "hidden"])
def test_a_group_that_is_folded_away_is_not_told_as_empty(browser: Browser, history: str) -> None:
    body = FOLDED.format(family="hidden", history=history, fields=FIELDS)
    with (
        _family(browser, lambda route: route.fulfill(body=body, content_type="text/html"), 3) as page,
        pytest.raises(SiteChanged, match="家庭成员信息"),
    ):
        page.read()


def test_a_group_of_fields_without_entries_shows_its_button_for_one(browser: Browser) -> None:
    body = FOLDED.format(family="", history="", fields="")
    with _family(browser, lambda route: route.fulfill(body=body, content_type="text/html")) as page:
        assert page.read()[0] == ()


HEADS_ALONE = """<!doctype html><meta charset="utf-8"><section><h3>家庭成员信息</h3><p><button>添加</button><button>修改</button></p>
<table width=600><thead><tr><th>关系</th><th>姓名</th><th>联系方式</th></tr></thead><tbody id="rows"></tbody></table></section>
<p id="says">{says}</p><script>
const [rows, told] = ["rows", "says"].map((id) => document.getElementById(id));
const come = () => {{ told.remove(); rows.innerHTML = "<tr><td>父亲</td><td>王示例</td><td>13800000001</td></tr>"; }};
{script}</script>"""


@pytest.mark.parametrize(
    ("says", "script", "count"),
    [("", "", 0), ("", "setTimeout(come, 1500)", 1), ("正在加载…", "setTimeout(come, 4500)", 1)],
    ids=["empty", "drawn late", "told to come"],
)
def test_a_list_of_heads_alone_is_empty_only_once_it_has_stood_still(
    browser: Browser, says: str, script: str, count: int
) -> None:
    body = HEADS_ALONE.format(says=says, script=script)
    with _family(browser, lambda route: route.fulfill(body=body, content_type="text/html")) as page:
        page.needed = frozenset(WANTED[0])
        assert list(page.read()[0]) == WANTED[:count]


UNFOLDING = """<!doctype html><meta charset="utf-8"><style>body{{margin:0}}.head{{position:relative;padding:8px;cursor:pointer}}
.head i{{position:absolute;right:8px;top:8px;width:16px;height:16px;border:1px solid}}</style>
<div class="head"><b>基本信息</b><i></i></div><div>姓名：王示例 性别：男 民族：汉族</div>
<div class="head" onclick="unfold(this)"><b>家庭成员信息</b><i></i></div><div hidden></div>
<div class="head" onclick="unfold(this)"><b>过往履历信息</b><i></i></div><div hidden></div><p>技术支持：示例软件</p><script>
function unfold(head) {{ head.nextElementSibling.hidden = !head.nextElementSibling.hidden;
  head.nextElementSibling.innerHTML = `<table><tr><th>关系</th><th>姓名</th><th>联系方式</th></tr>
  <tr><td>父亲</td><td>王示例</td><td>13800000001</td></tr></table><button>添加</button>`; }}
{open}</script>"""


@pytest.mark.parametrize("is_open", [False, True])
def test_a_group_that_is_folded_away_is_opened_by_its_heading(browser: Browser, is_open: bool) -> None:
    unfolds = "unfold(document.querySelectorAll('.head')[1])" if is_open else ""
    body = UNFOLDING.format(open=unfolds)
    with _family(browser, lambda route: route.fulfill(body=body, content_type="text/html")) as page:
        page.needed = frozenset(WANTED[0])
        assert list(page.read()[0]) == WANTED[:1]


CALENDAR = """<!doctype html><meta charset="utf-8"><style>#form,#days{{position:absolute;background:#fff;border:1px solid}}
#form{{left:300px;top:60px;width:420px;padding:8px}}td{{vertical-align:top}}#days{{left:400px;width:250px;height:220px}}</style>
<h3>过往履历信息</h3><table><tr><th>学习或工作单位</th><th>开始时间</th><th>结束时间</th></tr>{rows}</table>{none}
<button onclick="document.getElementById('form').hidden = false">添加</button>
<div id="form" hidden><table><tr><td>学习或工作单位</td><td><input></td></tr><tr><td>开始时间</td><td><input class="day"></td></tr>
<tr><td>结束时间</td><td><input class="day"><br><label><input type="checkbox"> 至今</label></td></tr></table>
<button onclick="save()">保存</button></div>
<div id="days" hidden><select><option>2024</option><option>2023</option></select><select><option>1月</option><option>2月</option></select>
<table><tr><td>日</td><td>一</td></tr><tr><td>1</td><td>2</td></tr></table></div><script>
const days = document.getElementById("days");
for (const field of document.querySelectorAll(".day")) {{
  field.addEventListener("focus", () => {{ days.hidden = false; days.style.top = field.getBoundingClientRect().bottom + "px"; }});
  field.addEventListener("keydown", (event) => {{ if (["Tab", "Escape"].includes(event.key)) days.hidden = true; }});
}}
document.addEventListener("mousedown", (event) => {{ if (!event.target.closest(".day, #days")) days.hidden = true; }});
async function save() {{
  const names = ["place", "start", "end"], typed = [...document.querySelectorAll("#form input")];
  const row = Object.fromEntries(names.map((name, n) => [name, typed[n].value]));
  if (typed[3].checked) row.end = "至今";
  await fetch("/save", {{ method: "POST", body: JSON.stringify(row) }}); location.reload(); }}
</script>"""


RANGE = """<!doctype html><meta charset="utf-8"><style>#form{{position:absolute;left:300px;top:60px;background:#fff;border:1px solid}}
#box{{border:1px solid;height:30px;width:300px}}#box input{{border:0;width:130px}}</style>
<h3>过往履历信息</h3><table><tr><th>学习或工作单位</th><th>开始时间</th><th>结束时间</th></tr>{rows}</table>{none}
<button onclick="layer.hidden = false">添加</button><div id="form" hidden><p>学习或工作单位 <input id="place"></p>
<p>起止时间</p><div id="box"><input placeholder="开始时间"><span>至</span><input placeholder="结束时间"></div>
<p id="one" hidden><input placeholder="开始时间"></p><label><input type="checkbox" id="now"> 至今</label>
<button onclick="save()">保存</button></div><script>
const [layer, box, one, now, place] = ["form", "box", "one", "now", "place"]
  .map((name) => document.getElementById(name));
const ends = box.querySelectorAll("input"), single = one.querySelector("input");
now.onchange = () => {{ box.hidden = now.checked; one.hidden = !now.checked; }};
box.addEventListener("focusout", (event) => {{
  const isWhole = [...ends].every((end) => end.value.length === 7);
  if (!box.contains(event.relatedTarget) && !isWhole) ends.forEach((end) => end.value = ""); }});
async function save() {{
  const row = {{ place: place.value, start: (now.checked ? single : ends[0]).value, end: now.checked ? "至今" : ends[1].value }};
  await fetch("/save", {{ method: "POST", body: JSON.stringify(row) }}); location.reload(); }}
</script>"""


ONE_FIELD = """<!doctype html><meta charset="utf-8"><style>#form{{position:absolute;left:300px;top:60px;background:#fff}}
#days{{position:absolute;left:20px;top:250px;width:400px;background:#fff;border:1px solid}}
.year{{display:inline-block;width:190px}}.year b{{margin:0 50px}}.year i{{display:inline-block;width:12px;height:12px;background:#888}}
.year span{{display:inline-block;width:56px}}</style>
<h3>过往履历信息</h3><table><tr><th>学习或工作单位</th><th>开始时间</th><th>结束时间</th></tr>{rows}</table>{none}
<button onclick="layer.hidden = false">添加</button><div id="form" hidden><p>学习或工作单位 <input id="place"></p>
<p>起止时间 <input id="field" ATTRIBUTES size="24"> <label><input type="checkbox" id="now"> 至今</label></p>
<button onclick="save()">保存</button></div><div id="days" hidden></div><script>
const [layer, place, field, now, days] = ["form", "place", "field", "now", "days"].map((name) => document.getElementById(name));
now.onchange = () => {{ field.placeholder = now.checked ? "yyyy-MM" : ""; field.value = ""; }};
let year = 2013, chosen = [];
const month = (at, number) => `<span onclick="choose(${{at}}, ${{number}})">${{number}}月</span>`;
const panel = (at, arrow, by) => `<div class="year"><div><b>${{at}}年</b><i onclick="year += ${{by}}; draw()"></i></div>`
  .replace(by < 0 ? /(<b>.*?<.b>)(<i.*?<.i>)/ : /$^/, "$2$1")
  + [...Array(12).keys()].map((n) => month(at, n + 1)).join("") + "</div>";
const draw = () => {{ days.hidden = false;
  days.innerHTML = panel(year, 0, -1) + panel(year + 1, 1, 1) + `<button onclick="take()">确定</button>`; }};
const choose = (at, number) => {{ chosen.push(`${{at}}-${{String(number).padStart(2, "0")}}`); }};
const take = () => {{ field.value = chosen.join(" ~ "); chosen = []; days.hidden = true; }};
async function save() {{
  const [start, end] = field.value.split(" ~ ");
  const row = {{ place: place.value, start, end: now.checked ? "至今" : end }};
  await fetch("/save", {{ method: "POST", body: JSON.stringify(row) }}); location.reload(); }}
</script>"""


PARTS = """<!doctype html><meta charset="utf-8"><h3>过往履历信息</h3>
<table><tr><th>学习或工作单位</th><th>开始时间</th><th>结束时间</th></tr>{rows}</table>{none}
<button onclick="layer.hidden = false">添加</button><div id="form" hidden><p>学习或工作单位 <input id="place"></p>
<p>开始时间 <span class="time"></span></p><p>结束时间 <span class="time"></span> <label><input type="checkbox" id="now"> 至今</label></p>
<button onclick="save()">保存</button></div><script>
const [layer, place, now] = ["form", "place", "now"].map((name) => document.getElementById(name));
const options = (first, all) => `<option value="">${{first}}</option>` + all.map((one) => `<option>${{one}}</option>`).join("");
const years = [...Array(20).keys()].map((n) => 2024 - n), months = [...Array(12).keys()].map((n) => n + 1);
const drop = (field, all, unit) => {{
  const list = document.body.appendChild(document.createElement("ul")), at = field.getBoundingClientRect();
  list.style.cssText = `position:absolute;top:${{at.bottom}}px;left:${{at.x}}px;margin:0;padding:0;background:#fff;border:1px solid`;
  for (const one of all) list.appendChild(document.createElement("li")).textContent = one + unit;
  list.onclick = (event) => {{ field.value = event.target.textContent; list.remove(); }}; }};
const times = [...document.querySelectorAll(".time")].map((box) => {{ box.innerHTML = `PARTS`; return [...box.children]; }});
now.onchange = () => times[1].forEach((part) => {{ part.value = ""; part.disabled = now.checked; }});
const said = (parts) => parts.slice(0, 2).map((part) => part.value.replace(/\\D/, "").padStart(2, "0")).join("-");
async function save() {{
  const row = {{ place: place.value, start: said(times[0]), end: now.checked ? "至今" : said(times[1]) }};
  await fetch("/save", {{ method: "POST", body: JSON.stringify(row) }}); location.reload(); }}
</script>"""
TYPED_STAY = ONE_FIELD.replace("ATTRIBUTES", 'placeholder="yyyy-MM ~ yyyy-MM"')
CHOSEN_STAY = ONE_FIELD.replace("ATTRIBUTES", 'readonly onclick="draw()"')
LISTS = '<select>${{options("年", years)}}</select>-<select>${{options("月", months)}}</select>'
TYPED = '<input size="5">年 <select>${{options("请选择", months)}}</select>月'
DRAWN = (
    '<input readonly size="6" placeholder="年份" onclick="drop(this, years, &quot;年&quot;)"> '
    '<input readonly size="6" placeholder="月份" onclick="drop(this, months, &quot;月&quot;)">'
)
DAYS = '<select>${{options("请选择", years)}}</select>年<select>${{options("", months)}}</select>月<select>${{options("", months)}}</select>日'

ASKED = PARTS.replace(
    ' <label><input type="checkbox" id="now"> 至今</label>',
    '</p><p>是否至今 <label><input type="radio" name="n" id="now"> 是</label> <label><input type="radio" name="n" checked> 否</label>',
).replace(
    "now.onchange =",
    "document.querySelectorAll('[name=n]').forEach((one) => {{ one.onchange = () => change() }}); const change =",
)
SWITCHED = PARTS.replace(
    ' <label><input type="checkbox" id="now"> 至今</label>',
    '</p><p>是否至今 <span onclick="if (event.target !== now) now.click()" style="display:inline-block;width:40px;height:20px;background:#ccc">'
    '<input type="checkbox" role="switch" id="now" style="position:absolute;width:0;height:0;opacity:0;margin:0">'
    '<span id="said" style="margin-left:20px">否</span></span></p>',
).replace(
    "now.onchange = () =>",
    "now.onchange = () => {{ said.textContent = '否是'[+now.checked] }}; now.oninput = () =>",
)
HIDDEN = "<style>[type=radio] {{ position: absolute; opacity: 0 }} label {{ display: inline-block; border: 1px solid; padding: 4px 12px }}</style>"

PRESSED = """<!doctype html><meta charset="utf-8"><h3>过往履历信息</h3>
<table><tr><th>学习或工作单位</th><th>开始时间</th><th>结束时间</th></tr>{rows}</table>{none}
<button onclick="layer.hidden = false">添加</button><div id="form" hidden><p>学习或工作单位 <input id="place"></p>
<p>开始时间 <input id="start"></p><p>结束时间 <input id="end" readonly placeholder="请选择" onclick="months.hidden = false"> <span
onclick="end.value = end.value ? '' : '至今'"><svg width="16" height="16"></svg> <view>至今</view></span></p>
<ul id="months" hidden onclick="end.value = event.target.textContent; months.hidden = true"><li>2014-06</li><li>2014-07</li></ul>
<button onclick="save()">保存</button></div><script>
const [layer, place, start, end, months] = ["form", "place", "start", "end", "months"].map((name) => document.getElementById(name));
async function save() {{
  const row = {{ place: place.value, start: start.value, end: end.value }};
  await fetch("/save", {{ method: "POST", body: JSON.stringify(row) }}); location.reload(); }}
</script>"""


SHAPES = {
    "calendar": CALENDAR,
    "range": RANGE,
    "one field": TYPED_STAY,
    "a field to choose both in": CHOSEN_STAY,
    "two lists": PARTS.replace("PARTS", LISTS),
    "a field and a list": PARTS.replace("PARTS", TYPED),
    "drawn": PARTS.replace("PARTS", DRAWN),
    "three lists": PARTS.replace("PARTS", DAYS),
    "yes or no": ASKED.replace("PARTS", LISTS),
    "yes or no that are drawn": HIDDEN + ASKED.replace("PARTS", LISTS),
    "a switch behind the question": SWITCHED.replace("PARTS", LISTS),
    "a word to press": PRESSED,
}
ONE_OF_EACH = ("drawn", "a switch behind the question", "yes or no that are drawn", "a word to press")
"""What the suite fills in: the calendars and wheels of the others are worked in ``tests/agent/browser/controls`` too."""


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(shape, id=name, marks=() if name in ONE_OF_EACH else pytest.mark.exhaustive)
        for name, shape in SHAPES.items()
    ],
)
def test_a_stay_is_given_its_beginning_and_end_whatever_control_has_them(
    browser: Browser, shape: str
) -> None:
    rows: list[Row] = []
    wanted: list[Row] = [
        {"place": "示例高级中学", "start": "2011-09", "end": "2014-06"},
        {"place": "示例工程公司", "start": "2014-07", "end": "至今"},
    ]

    def serve(route: Route) -> None:
        rows.extend([json.loads(route.request.post_data or "")] if route.request.method == "POST" else [])
        cells = "".join(f"<tr>{''.join(f'<td>{value}</td>' for value in row.values())}</tr>" for row in rows)
        body = shape.format(rows=cells, none="" if rows else "暂无记录")
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    with _family(browser, serve, group="history") as page:
        page.needed = frozenset(wanted[0])
        assert page.read()[0] == ()
        page.save(wanted)
    assert rows == wanted


RANGE_ON_PAGE = """<!doctype html><meta charset="utf-8"><style>.box{border:1px solid;height:30px;width:300px}
.box input{border:0;width:130px}</style><h3>过往履历信息</h3><div id="list"></div>
<button onclick="add()">添加</button> <button onclick="save()">修改</button><script>
const list = document.getElementById("list");
const add = () => {
  const item = list.appendChild(document.createElement("div"));
  item.innerHTML = `<p>学习或工作单位 <input></p><p>起止时间</p><div class="box"><input placeholder="开始时间"><span>至</span>`
    + `<input placeholder="结束时间"></div><label><input type="checkbox"> 至今</label>`;
  const [place, start, end, now] = item.querySelectorAll("input"), box = item.querySelector(".box");
  now.onchange = () => { end.disabled = now.checked; end.value = ""; };
  box.addEventListener("focusout", (event) => {
    const isWhole = [start, end].every((one) => one.disabled || one.value.length === 7);
    if (!box.contains(event.relatedTarget) && !isWhole) [start, end].forEach((one) => one.value = ""); }); };
async function save() {
  const rows = [...list.children].map((item) => {
    const [place, start, end, now] = item.querySelectorAll("input");
    return { place: place.value, start: start.value, end: now.checked ? "至今" : end.value }; });
  await fetch("/save", { method: "POST", body: JSON.stringify(rows) }); }
add();
</script>"""
STAYS: list[Row] = [
    {"place": "示例高级中学", "start": "2011-09", "end": "2014-06"},
    {"place": "示例工程公司", "start": "2014-07", "end": "至今"},
]


def test_a_stay_on_the_groups_page_is_given_both_its_ends_before_their_box_is_left(browser: Browser) -> None:
    rows: list[Row] = []

    def serve(route: Route) -> None:
        rows.extend(json.loads(route.request.post_data or "") if route.request.method == "POST" else [])
        route.fulfill(body=RANGE_ON_PAGE, content_type="text/html; charset=utf-8")

    with _family(browser, serve, group="history") as page:
        assert page.read()[0] == ()
        page.save(STAYS)
    assert rows == STAYS


EDITED_IN_PLACE = """<!doctype html><meta charset="utf-8"><style>td,th{{width:160px;height:30px}}</style>
<body><h3>家庭成员信息</h3><p><a href="javascript:add()">添加</a> <a href="javascript:save()">保存</a></p>
<table><tr><th>关系</th><th>姓名</th><th>联系方式</th></tr><tbody id="list"></tbody></table><h3>过往履历信息</h3><script>
const rows = {rows}, names = ["relation", "name", "phone"], list = document.getElementById("list");
let at = -1;
function end() {{ if (at >= 0) [...list.rows[at].querySelectorAll("input")].forEach((input, n) => {{ rows[at][names[n]] = input.value; }});
  at = -1; draw(); }}
function add() {{ end(); rows.push({{}}); at = rows.length - 1; draw(); }}
async function save() {{ end(); await fetch("/save", {{ method: "POST", body: JSON.stringify(rows) }}); }}
function draw() {{ list.innerHTML = ""; rows.forEach((row, n) => {{ const line = list.insertRow();
  names.forEach((name) => {{ const cell = line.insertCell();
    if (n === at) cell.append(document.createElement("input")); else cell.textContent = row[name] || ""; }}); }}); }}
draw();
</script>"""


def test_rows_that_are_plain_again_once_the_next_is_edited_are_saved_together(browser: Browser) -> None:
    rows: list[Row] = []
    posted: list[list[Row]] = []

    def serve(route: Route) -> None:
        if route.request.method == "POST":
            posted.append(json.loads(route.request.post_data or ""))
            rows[:] = posted[-1]
        route.fulfill(body=EDITED_IN_PLACE.format(rows=json.dumps(rows)), content_type="text/html")

    with _family(browser, serve) as group:
        group.needed = frozenset(("relation", "name", "phone"))
        assert group.read()[0] == ()
        assert group.save(WANTED) is None
        assert group.read()[0] == tuple(WANTED)
    assert posted == [WANTED]


TABS = """<!doctype html><meta charset="utf-8"><body><h3>毕业生登记表</h3><p>填写自我评价</p>
<div role=tablist><span role=tab aria-selected=true>基本信息</span> <span role=tab onclick="turn()">自我评价</span></div>
<div id=base>姓名：王示例</div><div id=own hidden>自我评价<br><textarea></textarea><button>提交</button></div>
<script>function turn() { base.hidden = true; own.hidden = false; }</script>"""


def test_the_self_evaluation_behind_a_tab_of_its_page_is_turned_to(browser: Browser) -> None:
    with _family(browser, lambda route: route.fulfill(body=TABS, content_type="text/html")) as page:
        shown, _ = RegisterPage(page.platform, 200).read()
    assert (shown.is_submitted, shown.text) == (False, "")


WIZARD = """<!doctype html><meta charset="utf-8"><style>.s{{color:#999}}.on{{color:#00a}}span{{margin:0 30px}}</style><body>
<nav>毕业条件</nav><main><p id=steps></p><div id=at></div><hr><button id=back hidden onclick="turn(-1)">上一步</button>
<button id=next onclick="turn(1)">下一步</button></main><script>
const names = ["基本信息", "家庭成员信息", "过往履历信息", "完成"], saved = {rows};
let step = {start}, rows = [[], []];
const fields = [["关系", "姓名", "联系方式"], ["学习或工作单位", "开始时间", "结束时间"]];
const name = (n) => n ? ["place", "start", "end"] : ["relation", "name", "phone"];
function form(n) {{ return rows[n].map((row, k) => `<p>${{fields[n].map((label, j) => `${{label}} <input value="${{row[j] || ""}}"
  oninput="rows[${{n}}][${{k}}][${{j}}] = this.value">`).join(" ")}}</p>`).join("") +
  `<button onclick="rows[${{n}}].push([]); draw()">添加</button> <button onclick="save(${{n}})">修改</button>`; }}
async function save(n) {{ const own = rows[n].map((row) => Object.fromEntries(row.map((value, j) => [name(n)[j], value])));
  await fetch("/save/" + n, {{ method: "POST", body: JSON.stringify(own) }}); at.innerHTML += "<p>保存成功</p>"; }}
function turn(by) {{ fetch("/next", {{ method: "POST" }}); step += by; rows = saved.map((own, n) => own.map((row) => name(n).map((k) => row[k])));
  draw(); }}
function draw() {{ steps.innerHTML = names.map((word, n) => `<span class="s ${{n <= step ? "on" : ""}}">${{word}}</span>`).join("");
  at.innerHTML = step == 0 ? `<p>学号：S24070101</p>{first}` : step < 3 ? form(step - 1) : "信息已保存";
  back.hidden = step == 0; document.getElementById("next").hidden = step == 3; }}
draw();</script>"""
OWN_STAY: list[Row] = [{"place": "示例中学", "start": "2012-09", "end": "2015-06"}]


@pytest.mark.parametrize("group", ["family", "history"])
def test_a_group_that_is_a_step_is_come_to_by_the_steps_before(browser: Browser, group: str) -> None:
    saved: list[list[Row]] = [[], []]
    pressed: list[str] = []

    def serve(route: Route) -> None:
        if route.request.method == "POST":
            pressed.append(route.request.url.removeprefix(ADDRESS))
            if pressed[-1] != "next":
                saved[int(pressed[-1][-1])] = json.loads(route.request.post_data or "")
        first = "<button>信息无误，确认</button>"
        body = WIZARD.format(rows=json.dumps(saved), start=0, first=first)
        route.fulfill(body=body, content_type="text/html")

    number, wanted = (0, WANTED) if group == "family" else (1, OWN_STAY)
    with _family(browser, serve, group=group) as page:
        assert page.read()[0] == ()
        page.save(wanted)
        assert list(page.read()[0]) == wanted
    assert (saved[number], saved[1 - number]) == (wanted, [])
    assert [press for press in pressed if press != "next"] == [f"save/{number}"]
    assert pressed.count("next") == 2 * (number + 1)


@pytest.mark.parametrize(
    ("start", "first"),
    [
        (0, "<p>姓名 <input></p>"),
        (0, "<p>籍贯 <select><option>请选择</option></select></p>"),
        (0, "<p><input type=checkbox> 我已阅读</p>"),
        (0, "<p>请核对以上信息，无误后点击下一步</p>"),
        (0, "<p>进入下一步即表示本人承诺信息属实</p>"),
        (0, "<button>提交</button>"),
        (1, ""),
        (1, "a message comes"),
    ],
    ids=["field", "list", "box", "said to confirm", "promise", "submits", "amid", "amid and told something"],
)
def test_a_step_in_which_something_is_left_to_the_person_is_not_passed(
    browser: Browser, start: int, first: str
) -> None:
    pressed: list[str] = []

    def serve(route: Route) -> None:
        pressed.extend([route.request.url] if route.request.method == "POST" else [])
        body = WIZARD.format(rows="[[], []]", start=start, first=first)
        if start and first:
            body = body.replace(
                "draw();</script>", "draw(); setTimeout(() => at.append('请及时填写'), 3000);</script>"
            )
        route.fulfill(body=body, content_type="text/html")

    with (
        _family(browser, serve, 6, group="history") as page,
        pytest.raises(SiteChanged, match="过往履历"),
    ):
        page.read()
    assert not pressed


def test_the_self_evaluation_that_is_a_step_is_come_to_by_the_steps_before(browser: Browser) -> None:
    own = "<p>自我评价</p><p>字数不少于200字，提交后不可更改</p><textarea></textarea><button>提交</button>"
    body = WIZARD.format(rows="[[], []]", start=0, first="<p>填写者对评价内容负责。" + "说明" * 120 + "</p>")
    body = body.replace('"家庭成员信息"', '"自我评价"').replace("form(step - 1)", f"'{own}'")
    with _family(browser, lambda route: route.fulfill(body=body, content_type="text/html")) as page:
        shown, _ = RegisterPage(page.platform, 200).read()
    assert (shown.is_submitted, shown.text) == (False, "")
