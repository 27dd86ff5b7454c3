"""What opens with a control, read from trees: entries that open further ones, and the box or switch of an option."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import cast

import pytest
from playwright.sync_api import Browser, Frame

from agent.browser.controls.form_controls import Control, FormControls
from agent.browser.controls.popup import Popup
from agent.browser.controls.wheel import Wheel, is_column
from agent.browser.launcher import site_context
from agent.browser.locators import control_at
from agent.browser.site_browser import SiteBrowser
from agent.errors import SiteChanged
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import CHOICES, Box, FrameTree, Node, squash
from tests.harness.trees import block, inline, text

FRAME = cast(Frame, object())


@dataclass
class Window:
    """A window that shows one tree."""

    shown: list[FrameSnapshot] = field(default_factory=list)

    def snapshot(self) -> list[FrameSnapshot]:
        """Return the frames as seen."""
        return self.shown


def _opened(*came: Node) -> Popup:
    """What came with a press on the one field of a page."""
    page = block(
        text("政治面貌", box=Box(10, 10, 60, 20)), Node("input", box=Box(80, 5, 200, 30), readonly=True)
    )
    before = FrameSnapshot(FRAME, FrameTree(page))
    window = Window([FrameSnapshot(FRAME, FrameTree(block(page, *came)))])
    return Popup(cast(SiteBrowser, window), "信息填写", before)


def _row(words: str, top: float, *more: Node, left: float = 100) -> Node:
    said = inline(text(words, box=Box(left, top, 14.0 * len(words), 20)))
    return block(said, *more, tag="li", box=Box(left - 20, top - 7, 180, 34))


def _arrow(top: float, left: float = 240) -> Node:
    return inline(tag="i", box=Box(left, top + 3, 14, 14))


def test_entries_with_an_arrow_behind_their_words_open_further_ones() -> None:
    first = block(_row("党员", 50, _arrow(50)), _row("团员", 84, _arrow(84)), _row("其他", 118, _arrow(118)))
    second = block(_row("民主党派", 50, left=300), _row("群众", 84, left=300))
    assert [leaf.own for leaf in _opened(first, second).leading_on()] == ["党员", "团员", "其他"]


def test_a_mark_before_an_option_opens_nothing() -> None:
    chosen = _row("父亲", 50, inline(tag="i", box=Box(82, 53, 14, 14)))
    assert _opened(chosen, _row("母亲", 84)).leading_on() == []


def test_the_switch_on_an_options_line_is_its_own() -> None:
    switch = Node("input", box=Box(1200, 50, 36, 20), type="checkbox", checked=False, drawn=True)
    popup = _opened(_row("至今", 50, switch), _row("2015", 120), _row("2016", 160))
    leaves = {leaf.own: leaf for leaf in popup.leaves()}
    assert popup.box_beside(leaves["至今"]) is switch
    assert popup.box_beside(leaves["2015"]) is None


@pytest.mark.parametrize(("words", "is_one"), [("2015 年", True), ("2015", True), ("党员", False)])
def test_a_calendar_shows_years(words: str, is_one: bool) -> None:
    assert _opened(_row(words, 50, _arrow(50))).shows_years() is is_one


def test_words_below_one_another_are_a_column_and_a_list_with_several_on_a_line_is_none() -> None:
    """A list of years that arrows turn is not turned by its words: pressed, one of them is chosen and the list is gone."""
    wheel = [text(str(2019 + at), box=Box(40, 30.0 * at, 36, 16)) for at in range(5)]
    years = [text(str(2019 + at), box=Box(40 + 90 * (at % 3), 30.0 * (at // 3), 36, 16)) for at in range(15)]
    assert is_column(wheel)
    assert not is_column(years)
    assert not is_column([])


def test_the_lowest_rows_of_a_round_wheel_belong_to_it_though_they_are_but_a_few_whole_pixels_high() -> None:
    boxes = [(670, 3), (680, 8), (701, 11), (731, 14), (766, 16), (803, 14), (836, 11), (860, 8), (876, 3)]
    years = [text(f"{2016 + at}年", box=Box(299, place[0], 42, place[1])) for at, place in enumerate(boxes)]
    popup = _opened(text("确认", box=Box(1226, 615, 28, 20)), *years)
    (lowest,) = (leaf for leaf in popup.leaves() if leaf.own == "2016年")
    assert len(Wheel(popup).rows(lowest)) == len(years)


CHIPS = """<!doctype html><p>政治面貌 <span onclick="choose(this)">中共党员</span> <span onclick="choose(this)">群众</span></p>
<script>window.pressed = 0; const choose = (el) => { pressed++; el.style.color = "rgb(0, 0, 255)"; }</script>"""


def test_of_words_that_are_a_field_the_wanted_one_is_pressed_once(browser: Browser) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(CHIPS)
        view = SiteBrowser(context, page, "site", 5)

        def control() -> Control:
            (snapshot,) = view.snapshot()
            words = [leaf for leaf in snapshot.root.leaves if leaf.words.strip() in ("中共党员", "群众")]
            chosen = next((leaf.own for leaf in words if leaf.colour == "rgb(0, 0, 255)"), "")
            return Control(snapshot, Node("input", words[0].box, role=CHOICES, value=chosen, children=words))

        FormControls(view, "信息填写").set_value(control, "政治面貌", "群众")
        assert page.evaluate("pressed") == 1
        with pytest.raises(SiteChanged, match="共青团员"):
            FormControls(view, "信息填写").set_value(control, "政治面貌", "共青团员")
        assert page.evaluate("pressed") == 1


RADIO = "<input type=radio name=r onclick='pressed++'>"


@pytest.mark.parametrize("drawn", [True, False])
def test_a_radio_button_is_chosen_by_its_label(browser: Browser, drawn: bool) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        hidden = "<style>input { position: absolute; opacity: 0 }</style>" if drawn else ""
        said = "".join(f"<label>{RADIO}<i>o</i> {one}</label>" for one in ("中共党员", "群众"))
        page.set_content(f"<!doctype html><script>pressed = 0</script>{hidden}<p>政治面貌 {said}</p>")
        view = SiteBrowser(context, page, "site", 5)

        def control() -> Control:
            (snapshot,) = view.snapshot()
            radios = [
                replace(node, label=squash(node.label)[2:])
                for node in snapshot.root.walk()
                if node.type == "radio"
            ]
            chosen = next((node.label for node in radios if node.checked), "")
            return Control(
                snapshot, Node("input", radios[0].box, role=CHOICES, value=chosen, children=radios)
            )

        FormControls(view, "信息填写").set_value(control, "政治面貌", "群众")
        assert (page.evaluate("pressed"), control().node.value) == (1, "群众")


MONTHS_BY_NAME = """<!doctype html><meta charset=utf-8><style>#cal span, #cal i { display: inline-block; width: 60px }
#cal i { width: 14px; height: 14px; background: #ccc }</style>
<p>开始时间 <input id=field readonly onclick="cal.hidden = false"></p>
<div id=cal hidden><div style="display: flex; width: 260px; justify-content: space-between"><i onclick="year.value--"></i>
<input id=year type=number value=2024 style="width: 70px">
<i onclick="year.value++"></i></div><div id=months style="width: 260px"></div></div>
<script>"一二三四五六七八九十".split("").concat("十一", "十二").forEach((name, at) => {
  const month = document.createElement("span"); month.textContent = name + "月"; months.append(month)
  month.onclick = () => { field.value = year.value + "-" + String(at + 1).padStart(2, "0"); cal.hidden = true }
})</script>"""


@pytest.mark.parametrize("value", ["2019-11", "2024-02", "2026-10"])
def test_a_calendar_whose_year_stands_in_a_field_is_turned_by_its_arrows(
    browser: Browser, value: str
) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(MONTHS_BY_NAME)
        view = SiteBrowser(context, page, "site", 5)

        def control() -> Control:
            (snapshot,) = view.snapshot()
            return Control(snapshot, next(node for node in snapshot.root.walk() if node.tag == "input"))

        FormControls(view, "信息填写").set_value(control, "开始时间", value)
        assert page.evaluate("field.value") == value


SPAN = """<!doctype html><style>.year { display: inline-block; width: 240px; vertical-align: top }
.year b { display: inline-block; width: 60px; height: 30px } .back, .on { display: inline-block; width: 16px; height: 16px }
.on { position: absolute; left: 460px }</style>
<label>开始时间</label> <input readonly onclick="show()"><div id=panels></div><script>
let year = 2024;
const months = (of) => Array.from({ length: 12 }, (_, at) => `<b onclick="choose(${of}, ${at + 1})">${at + 1}月</b>`).join("");
const panel = (of) => `<div class=year><p>${of}年</p>${months(of)}</div>`;
const arrows = `<i class=back onclick="year--; show()"></i><i class=on onclick="year++; show()"></i><br>`;
const show = () => { panels.innerHTML = `${arrows}${panel(year)}${panel(year + 1)}`; };
const choose = (of, month) => {
  document.querySelector("input").value = `${of}-${String(month).padStart(2, "0")}`;
  panels.innerHTML = "";
};
</script>"""


@pytest.mark.parametrize("month", ["2024-09", "2025-03", "2022-12"])
def test_a_month_is_chosen_under_its_own_year(browser: Browser, month: str) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(SPAN)
        view = SiteBrowser(context, page, "site", 5)

        def locate() -> Control:
            (snapshot,) = view.snapshot()
            return Control(snapshot, next(node for node in snapshot.root.walk() if node.tag == "input"))

        FormControls(view, "信息填写").set_value(locate, "开始时间", month)
        assert page.locator("input").input_value() == month


APART = """<!doctype html><style>.year { display: inline-block; width: 240px; vertical-align: top }
b { display: inline-block; width: 60px; height: 30px } i { display: inline-block; width: 16px; height: 16px } p { text-align: center }</style>
<label>起止时间</label> <input readonly onclick="show()" style="width:240px"><div id=panels></div><script>
const years = [2026, 2027], ends = [];
const turn = (at, by) => { years[at] += by; show(); };
const months = (of) => Array.from({ length: 12 }, (_, at) => `<b onclick="choose(${of}, ${at + 1})">${at + 1}月</b>`).join("");
const panel = (of, at) => `<div class=year><p><i onclick="turn(${at}, -1)"></i> <span>${of}年</span> <i onclick="turn(${at}, 1)"></i></p>
${months(of)}</div>`;
const show = () => { panels.innerHTML = years.map(panel).join(""); };
const choose = (of, month) => {
  ends.push(`${of}-${String(month).padStart(2, "0")}`);
  if (ends.length < 2) return;
  document.querySelector("input").value = ends.join(" ~ ");
  panels.innerHTML = "";
};
</script>"""


@pytest.mark.parametrize(
    "stay", ["2020-09 ~ 2023-06", "2026-03 ~ 2027-01", "2027-02 ~ 2029-11", "2024-02 ~ 2024-12"]
)
def test_a_stay_is_chosen_in_two_years_that_turn_apart(browser: Browser, stay: str) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(APART)
        view = SiteBrowser(context, page, "site", 5)

        def locate() -> Control:
            (snapshot,) = view.snapshot()
            return Control(snapshot, next(node for node in snapshot.root.walk() if node.tag == "input"))

        FormControls(view, "信息填写").set_value(locate, "起止时间", stay)
        assert page.locator("input").input_value() == stay


HEADED = """<!doctype html><meta charset=utf-8><style>#cal { width: 200px } #cal span { display: inline-block; width: 44px; height: 40px }
#cal th { height: 30px } #cal i { display: inline-block; width: 12px; height: 12px; background: #888 }</style>
<p>开始时间 <input id=field readonly onclick="months()"></p><table id=cal></table><script>
let year = 2026;
const draw = (title, above, back, on, cells) => {
  cal.innerHTML = `<thead><tr><th onclick="${back}"><i></i></th><th colspan=5 onclick="${above}">${title}</th><th onclick="${on}"><i></i></th>`
    + `</tr></thead><tbody><tr><td colspan=7>${cells}</td></tr></tbody>`; };
const months = () => draw(year, "years()", "year--; months()", "year++; months()",
  Array.from({ length: 12 }, (_, at) => `<span onclick="choose(${at + 1})">${at + 1}月</span>`).join(""));
const years = () => { const from = year - year % 10;
  draw(`${from}-${from + 9}`, "", "year -= 10; years()", "year += 10; years()",
    Array.from({ length: 12 }, (_, at) => `<span onclick="year = ${from - 1 + at}; months()">${from - 1 + at}</span>`).join("")); };
const choose = (month) => { field.value = `${year}-${String(month).padStart(2, "0")}`; cal.innerHTML = ""; };
</script>"""


ENGLISH = '${"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ")[at]}'


@pytest.mark.parametrize(
    ("month", "called"), [("2026-09", "${at + 1}月"), ("2011-09", ENGLISH), ("2014-06", "${at + 1}月")]
)
def test_a_calendar_is_turned_by_the_head_of_its_table(browser: Browser, month: str, called: str) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(HEADED.replace("${at + 1}月", called))
        view = SiteBrowser(context, page, "site", 5)

        def locate() -> Control:
            (snapshot,) = view.snapshot()
            return Control(snapshot, next(node for node in snapshot.root.walk() if node.tag == "input"))

        FormControls(view, "信息填写").set_value(locate, "开始时间", month)
        assert page.locator("input").input_value() == month


DATED = """<!doctype html><meta charset=utf-8><style>#cal { position: relative; width: 210px } #cal i { width: 14px; height: 14px; background: #888 }
#menu { position: absolute; left: 0; top: 24px; width: 210px; height: 160px; background: #fff } #menu input { width: 60px }
#days b, #menu u { display: inline-block; width: 28px; height: 24px; font-weight: 400; text-decoration: none } #menu u { width: 60px }
.bar { display: flex; justify-content: space-between }</style>
<p>开始时间 <input id=field readonly onclick="cal.hidden = false; draw()"></p><div id=cal hidden>
<div class=bar><i onclick="turn(-12)"></i><i onclick="turn(-1)"></i><span id=title onclick="menu.hidden = false; typed.value = year"></span>
<i onclick="turn(1)"></i><i onclick="turn(12)"></i></div><div id=days></div><div id=menu hidden><div class=bar><i onclick="typed.value--"></i>
<input id=typed><i onclick="typed.value++"></i></div><div id=months></div></div></div><script>
const names = [..."一二三四五六七八九十", "十一", "十二"].map((name) => name + "月");
let year = 2026, month = 11;
const turn = (by) => { const at = 12 * year + month + by; year = Math.floor(at / 12); month = at % 12; typed.value = year; draw() };
const draw = () => {
  title.textContent = HEAD; days.innerHTML = "";
  for (let n = 1 - new Date(year, month, 1).getDay(); n <= 35; n += 1) {
    const at = new Date(year, month, n), day = document.createElement("b"); day.textContent = at.getDate(); days.append(day);
    day.onclick = () => {
      field.value = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((one) => String(one).padStart(2, "0")).join("-"); cal.hidden = true };
  } };
names.forEach((name, at) => { const one = document.createElement("u"); one.textContent = name; months.append(one);
  one.onclick = () => { [year, month] = [+typed.value, at]; menu.hidden = true; draw() } });
</script>"""


@pytest.mark.parametrize("head", ["`${names[month]} ${year}`", "`${year}年${month + 1}月`"])
@pytest.mark.parametrize("value", ["2026-12", "2023-09"])
def test_in_a_calendar_of_days_the_first_day_of_the_month_is_chosen(
    browser: Browser, head: str, value: str
) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(DATED.replace("HEAD", head))
        view = SiteBrowser(context, page, "site", 5)

        def locate() -> Control:
            (snapshot,) = view.snapshot()
            return Control(snapshot, next(node for node in snapshot.root.walk() if node.tag == "input"))

        FormControls(view, "信息填写").set_value(
            locate, "开始时间", value, lambda there, wanted: there[:7] == wanted
        )
        assert page.locator("#field").input_value() == f"{value}-01"


LOCKED = """<!doctype html><p id=row onclick="list.hidden = false" style="cursor: pointer">关系
<span><input disabled placeholder="请选择" style="pointer-events: none"></span> ›</p>
<ul id=list hidden><li onclick="take(this)">父亲</li><li onclick="take(this)">母亲</li></ul>
<script>function take(one) { document.querySelector("input").value = one.innerText; list.hidden = true; }</script>"""


def test_a_field_that_only_a_list_fills_in_is_chosen_from_it_though_it_is_disabled(browser: Browser) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(LOCKED)
        view = SiteBrowser(context, page, "site", 5)

        def control() -> Control:
            (snapshot,) = view.snapshot()
            return Control(snapshot, next(node for node in snapshot.root.walk() if node.tag == "input"))

        FormControls(view, "信息填写").set_value(control, "关系", "母亲")
        assert page.locator("input").input_value() == "母亲"


def test_a_form_that_takes_no_press_is_not_pressed_beside_its_fields(browser: Browser) -> None:
    """A form that was locked: what takes a press is far around the field, and its middle is anything."""
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(
            "<!doctype html><body onclick='document.title = 1'><form style='pointer-events: none'>关系 "
            "<input disabled placeholder=请选择><p>姓名 <input disabled></form>"
        )
        (snapshot,) = SiteBrowser(context, page, "site", 5).snapshot()
        field = next(node for node in snapshot.root.walk() if node.role == "combobox")
        assert control_at(snapshot.frame, field.box, field.drawn) is None
