"""A control that is drawn anew, and a list that turns: rows half out of the window, and a turn that begins only a moment after the press."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from agent.browser.controls.form_controls import Control, FormControls
from agent.browser.launcher import site_context
from agent.browser.site_browser import SiteBrowser
from agent.errors import SiteChanged

WHEEL = """<!doctype html><style>body { margin: 0 } #sheet { position: fixed; left: 0; right: 0; bottom: 0; text-align: center }
#column { height: 264px; overflow: hidden }
#rows > div { height: 44px; line-height: 44px } #top { display: flex; justify-content: space-between }</style>
<label>政治面貌 <input id="field" readonly placeholder="请选择"></label><div id="sheet" hidden>
<div id="top"><button>取消</button><b>政治面貌</b>
<button id="done">确认</button></div><div id="column"><div id="rows"></div></div></div>
<script>
window.pressed = [];
const field = document.querySelector("#field"), sheet = document.querySelector("#sheet"), rows = document.querySelector("#rows");
const options = ["中共党员", "中共预备党员", "共青团员", "民主党派", "群众"];
let chosen = 0;
const turn = (to) => { chosen = to; rows.style.transform = `translateY(${110 - 44 * to}px)`; };
options.forEach((text, at) => {
  const row = rows.appendChild(document.createElement("div"));
  row.role = "button";
  row.textContent = text;
  row.onclick = () => setTimeout(() => turn(at), 150);
});
turn(0);
field.onclick = () => { sheet.hidden = false; };
document.querySelector("#done").onclick = () => { field.value = options[chosen]; sheet.hidden = true; };
document.querySelector("b").onclick = () => pressed.push("title");
</script>"""


def _chosen(page: Page, view: SiteBrowser, value: str) -> object:
    def control() -> Control:
        (snapshot,) = view.snapshot()
        (node,) = (node for node in snapshot.root.walk() if node.tag == "input")
        return Control(snapshot, node)

    FormControls(view, "信息填写", ("请选择",)).set_value(control, "政治面貌", value)
    return page.evaluate("[field.value, pressed.length]")


def test_a_wheel_is_turned_there_and_back_by_its_rows_alone(browser: Browser) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(WHEEL)
        view = SiteBrowser(context, page, "site", 10)
        assert _chosen(page, view, "群众") == ["群众", 0]
        assert _chosen(page, view, "中共党员") == ["中共党员", 0]


REDRAWN = """<!doctype html><div id="box"><select><option>请选择</option><option>群众</option></select></div><script>
const box = document.querySelector("#box"), field = box.firstChild;
field.onchange = () => { box.replaceChildren(); setTimeout(() => box.replaceChildren(field), 400); };
</script>"""


def test_a_control_that_is_drawn_anew_once_it_was_given_its_value_is_read_then(browser: Browser) -> None:
    def control() -> Control:
        (snapshot,) = view.snapshot()
        found = [node for node in snapshot.root.walk() if node.tag == "select"]
        if not found:
            raise SiteChanged("信息填写", "政治面貌", ())
        return Control(snapshot, found[0])

    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(REDRAWN)
        view = SiteBrowser(context, page, "site", 10)
        FormControls(view, "信息填写", ("请选择",)).set_value(control, "政治面貌", "群众")
        assert control().node.value == "群众"


DRAWN = """<!doctype html><style>body { margin: 0 } #list { height: 200px; overflow: hidden; position: relative }
#list p { position: absolute; margin: 0; height: 40px }</style><div id="list"></div><script>
const list = document.querySelector("#list");
let first = 0;
const draw = () => { list.innerHTML = [0, 1, 2, 3, 4].map((at) => `<p style="top:${at * 40}px">课程${first + at}</p>`).join("") };
list.addEventListener("wheel", (e) => { first = Math.min(20, first + Math.round(e.deltaY / 40)); draw(); });
draw();
</script>"""


def test_a_list_that_draws_its_rows_at_the_wheel_alone_is_turned(browser: Browser) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(DRAWN)
        view = SiteBrowser(context, page, "site", 10)
        view.scrolling.turn_wheel(page, page.get_by_text("课程4"), 120)
        page.get_by_text("课程7").wait_for()
        assert [leaf.words for leaf in view.snapshot()[0].root.leaves] == [f"课程{at}" for at in range(3, 8)]


DRAGGED = (
    WHEEL.replace(
        "#column { height: 264px; overflow: hidden }",
        "#column { height: 220px; overflow: hidden; position: relative; user-select: none }\n"
        "#line { position: absolute; top: 88px; height: 44px; width: 100%; pointer-events: none }",
    )
    .replace(
        '<div id="rows"></div></div>',
        '<div id="rows"></div><div id="line"></div></div>',
    )
    .replace("${110 - 44 * to}px", "${88 - 44 * to}px")
    .replace(
        "row.onclick = () => setTimeout(() => turn(at), 150);",
        "",
    )
    .replace(
        "turn(0);",
        """turn(0);
let from = null, begun = 0;
document.querySelector("#column").onmousedown = (e) => { [from, begun] = [e.clientY, Date.now()]; };
document.onmouseup = (e) => {
  if (from === null) return;
  const rows = Math.round((from - e.clientY) / 44) * (Date.now() - begun < 300 ? 4 : 1);
  turn(Math.max(0, Math.min(options.length - 1, chosen + rows)));
  from = null;
};""",
    )
)


def test_a_wheel_that_hears_no_press_is_turned_by_hand_and_let_go_at_rest(browser: Browser) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(DRAGGED)
        view = SiteBrowser(context, page, "site", 10)
        assert _chosen(page, view, "群众") == ["群众", 0]
        assert _chosen(page, view, "中共预备党员") == ["中共预备党员", 0]


def test_a_list_that_closes_with_the_choice_takes_its_boxes_along(browser: Browser) -> None:
    options = "".join(
        f"<p><label onclick=\"field.value='{text}';sheet.hidden=true\"><input type=radio name=r> {text}</label></p>"
        for text in ("父亲", "母亲")
    )
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(
            "<label>政治面貌 <input id=field readonly placeholder='请选择' onclick='sheet.hidden=false'></label>"
            f"<div id=sheet hidden>{options}</div><script>window.pressed = []</script>"
        )
        view = SiteBrowser(context, page, "site", 10)
        assert _chosen(page, view, "母亲") == ["母亲", 0]


@pytest.mark.parametrize("line", ['<div id="line"></div>', ""])
def test_a_wheel_under_a_mask_is_turned_by_hand_though_its_title_is_free(browser: Browser, line: str) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        mask = '<i style="position:absolute;inset:0"></i>'
        page.set_content(DRAGGED.replace('<div id="line"></div>', f"{line}{mask}"))
        view = SiteBrowser(context, page, "site", 10)
        assert _chosen(page, view, "群众") == ["群众", 0]


ROUND = (
    DRAGGED.replace('<div id="line"></div>', '<i style="position:absolute;inset:0"></i>')
    .replace("translateY(${88 - 44 * to}px)", "rotateX(${20 * to}deg)")
    .replace('row.role = "button";', 'row.style.setProperty("--at", at);')
    .replace(
        "</style>",
        """#rows { position: absolute; inset: 88px 0 auto; height: 44px; transform-style: preserve-3d }
#rows > div { position: absolute; inset: 0; backface-visibility: hidden;
transform: rotateX(calc(var(--at) * -20deg)) translateZ(125px) }</style>""",
    )
)


def test_a_round_wheel_is_turned_until_the_word_stands_at_its_line(browser: Browser) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(ROUND)
        view = SiteBrowser(context, page, "site", 10)
        assert _chosen(page, view, "群众") == ["群众", 0]
        assert _chosen(page, view, "中共预备党员") == ["中共预备党员", 0]


def test_a_wheel_that_hears_only_of_a_drag_between_its_rows_is_turned(browser: Browser) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        between = "if (from === null || (from - e.clientY) % 44 === 0) return;"
        page.set_content(DRAGGED.replace("if (from === null) return;", between))
        view = SiteBrowser(context, page, "site", 10)
        assert _chosen(page, view, "群众") == ["群众", 0]
        assert _chosen(page, view, "中共预备党员") == ["中共预备党员", 0]
