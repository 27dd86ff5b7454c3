"""Controls of the component libraries that real sites are made of, worked by what is painted and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from agent.browser.controls.form_controls import Control, FormControls
from agent.browser.site_browser import SiteBrowser
from agent.errors import SiteChanged
from agent.snapshot.tree import Node, key
from flows.forms.entry_rows import same_value
from tests.robustness.form_controls.libraries import HOST, serve

LIBRARIES = {
    "layui": ("layui",),
    "element-plus": ("vue3", "element-plus"),
    "element-ui": ("vue", "element-ui"),
    "ant-design-vue": ("vue3", "dayjs", "ant-design-vue"),
    "vant": ("vue3", "vant"),
    "easyui": ("jquery-easyui",),
    "iview": ("vue", "view-design"),
    "naive": ("vue3", "naive-ui"),
    "arco": ("vue3", "arco"),
}
every_library = pytest.mark.parametrize("library", LIBRARIES)
PAINTED = ("iview", "naive", "arco")
"""Libraries that are here for their lists of choices, which are painted boxes and no fields."""
of_the_first = pytest.mark.parametrize(
    "library", [name for name in LIBRARIES if name not in ("easyui", *PAINTED)]
)
of_today = pytest.mark.parametrize("library", [name for name in LIBRARIES if name != "easyui"])


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A window's context of its own for each page."""
    opened = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


class Form:
    """One test page on a library, and its controls by their labels."""

    def __init__(self, context: BrowserContext, library: str) -> None:
        serve(context, LIBRARIES[library])
        self.page: Page = context.new_page()
        self.page.goto(f"{HOST}/fields-{library}.html")
        self.page.wait_for_function("'state' in window && document.querySelector('input:not([type=hidden])')")
        self.view = SiteBrowser(context, self.page, "site", 10)
        self.controls = FormControls(self.view, "信息填写", ("请选择", "选择"))

    def control(self, label: str, is_it: Callable[[Node], bool] = lambda node: True) -> Callable[[], Control]:
        """Find the one field on the line of a label."""

        def locate() -> Control:
            (snapshot,) = self.view.snapshot()
            (caption,) = (
                leaf for leaf in snapshot.root.walk() if leaf.tag == "#text" and key(leaf.own) == label
            )
            beside = [
                node
                for node in snapshot.root.walk()
                if node.tag in ("input", "select") and node.box.overlap_y(caption.box) > 4 and is_it(node)
            ]
            (node,) = beside
            return Control(snapshot, node)

        return locate

    def set_month(self, label: str, value: str) -> None:
        """Give a field of months its value."""
        self.controls.set_value(self.control(label), label, value, lambda a, b: same_value("start", a, b))

    def state(self) -> dict[str, Any]:
        """What the page itself would send."""
        return dict(self.page.evaluate("state()"))


@every_library
def test_text_and_lists_are_given_their_values(context: BrowserContext, library: str) -> None:
    form = Form(context, library)
    for label, value in (("姓名", "李示例"), ("关系", "母亲"), ("政治面貌", "群众")):
        form.controls.set_value(form.control(label), label, value)
    state = form.state()
    assert (state["name"], state["relation"], state["party"]) == ("李示例", "母亲", "群众")


@pytest.mark.parametrize("library", [name for name in LIBRARIES if name not in PAINTED[1:]])
def test_an_option_that_is_not_there_is_told_with_those_that_are(
    context: BrowserContext, library: str
) -> None:
    form = Form(context, library)
    with pytest.raises(SiteChanged) as stopped:
        form.controls.set_value(form.control("关系"), "关系", "兄弟")
    assert {"父亲", "母亲", "兄弟姐妹"} <= set(stopped.value.seen)
    assert not form.state()["relation"]


@of_today
def test_a_month_is_chosen_or_typed(context: BrowserContext, library: str) -> None:
    form = Form(context, library)
    form.set_month("开始时间", "2012-09")
    form.set_month("结束时间", "2015-06")
    assert (form.state()["start"], form.state()["end"]) == ("2012-09", "2015-06")


@of_the_first
def test_a_drawn_box_is_ticked_once_and_cleared(context: BrowserContext, library: str) -> None:
    form = Form(context, library)
    box = form.control("状态", lambda node: node.type == "checkbox")
    form.controls.tick(box, "至今", True)
    form.controls.tick(box, "至今", True)
    assert form.state()["now"] is True
    form.controls.tick(box, "至今", False)
    assert form.state()["now"] is False
