"""A calendar for a span of time: two years side by side, each over its own twelve months."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from agent.browser.form_controls import Control, FormControls
from agent.browser.launcher import site_context
from agent.browser.site_browser import SiteBrowser

PAGE = """<!doctype html><style>.year { display: inline-block; width: 240px; vertical-align: top }
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
        page.set_content(PAGE)
        view = SiteBrowser(context, page, "site", 5)

        def locate() -> Control:
            (snapshot,) = view.snapshot()
            return Control(snapshot, next(node for node in snapshot.root.walk() if node.tag == "input"))

        FormControls(view, "信息填写").set_value(locate, "开始时间", month)
        assert page.locator("input").input_value() == month
