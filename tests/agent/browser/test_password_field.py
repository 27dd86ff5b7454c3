"""A text field whose page draws the dots itself: a password's field all the same, and one that takes its time."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from agent.browser.launcher import site_context
from agent.browser.locators import field_at
from agent.browser.site_browser import SiteBrowser
from agent.errors import SiteChanged

DRAWN = """<!doctype html><p>登录</p><input placeholder="学号"><input id="shown" placeholder="请输入密码"><input type="hidden" id="kept">
<script>
const shown = document.querySelector("#shown"), kept = document.querySelector("#kept");
setInterval(() => {
  const typed = shown.value.replaceAll("●", "");
  if (!typed) return;
  kept.value = TAKEN;
  shown.value = "●".repeat(kept.value.length);
}, 200);
</script>"""


def _kept(browser: Browser, body: str, patience: float = 10) -> str:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(body)
        view = SiteBrowser(context, page, "site", patience)
        (snapshot,) = view.snapshot()
        assert snapshot.has_password
        (near,) = (node for node in snapshot.root.walk() if node.type == "password")
        field = field_at(page.main_frame, near.box)
        assert field
        view.inputs.fill_password(field, "Example-1", "登录", "密码")
        return page.locator("#kept").input_value()


def test_a_field_that_draws_its_dots_has_taken_the_password_before_going_on(browser: Browser) -> None:
    assert _kept(browser, DRAWN.replace("TAKEN", "typed")) == "Example-1"


def test_a_field_that_takes_less_than_was_typed_ends_it(browser: Browser) -> None:
    with pytest.raises(SiteChanged, match="密码"):
        _kept(browser, DRAWN.replace("TAKEN", "typed.slice(0, 4)"), patience=2)


KEEP = """<input id="kept" type="hidden"><script>
addEventListener("input", (event) => { if (event.target.type === "password") kept.value = event.target.value })
function turn(field) { if (field.value === field.defaultValue) { field.value = ""; field.type = "password" } }
function swap(one, other) { one.hidden = true; other.hidden = false; other.focus() }
function put(hold) { setTimeout(() => { hold.innerHTML = "<input type=password>"; hold.firstChild.focus() }, 200) }
</script>"""
STAND_INS = {
    "turns into one": "<input value='请输入密码' onfocus='turn(this)'>",
    "gives way to one": "<input value='密 码' onfocus='swap(this, own)'><input type=password id=own hidden>",
    "is taken out for one after a moment": "<span><input value='密码' onfocus='put(this.parentElement)'></span>",
}


@pytest.mark.parametrize("field", STAND_INS.values(), ids=STAND_INS.keys())
def test_what_gives_way_to_a_password_field_is_typed_into_as_that(browser: Browser, field: str) -> None:
    assert _kept(browser, KEEP + field) == "Example-1"


def test_a_field_that_has_its_dots_by_a_style_only_while_it_has_letters(browser: Browser) -> None:
    style = "<p>登录</p><style>.own:not(:placeholder-shown) { -webkit-text-security: disc }</style>"
    field = "<input class=own placeholder=密码 oninput='kept.value = value'><input type=hidden id=kept>"
    assert _kept(browser, style + field) == "Example-1"


def test_a_password_field_in_a_frame_away_from_the_windows_corner(browser: Browser) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        frame = "<p>登录</p><input type=password>"
        page.set_content(f"<iframe style='margin: 300px 0 0 400px' srcdoc='{frame}'></iframe>")
        view = SiteBrowser(context, page, "site", 10)
        (within,) = (one for one in view.snapshot() if one.has_password)
        (near,) = (node for node in within.root.walk() if node.type == "password")
        field = field_at(within.frame, near.box)
        assert field
        view.inputs.fill_password(field, "Example-1", "登录", "密码")
        assert field.input_value() == "Example-1"


def test_no_password_is_typed_where_it_would_be_shown(browser: Browser) -> None:
    body = """<p>登录</p><input placeholder=密码><script>
addEventListener("input", (event) => { document.title += ` ${event.target.value}` })
</script>"""
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(f"<!doctype html>{body}")
        view = SiteBrowser(context, page, "site", 1)
        field = field_at(page.main_frame, next(n for n in view.snapshot()[0].root.walk() if n.type).box)
        assert field
        with pytest.raises(SiteChanged, match="密码"):
            view.inputs.fill_password(field, "Example-1", "登录", "密码")
        assert "E" not in page.title()


@pytest.mark.parametrize(
    ("field", "is_one"),
    [
        ('<input type="password">', True),
        ('<input style="-webkit-text-security: disc">', True),
        ('<input placeholder="密码">', True),
        ("<label>登录密码<input></label>", True),
        ('<input value="密 码">', True),
        ('<input placeholder="短信动态密码">', False),
        ('<input placeholder="密码提示问题">', False),
        ('<input placeholder="用户名">', False),
    ],
)
def test_what_is_a_password_field(browser: Browser, field: str, is_one: bool) -> None:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(f"<!doctype html><body>{field}</body>")
        (snapshot,) = SiteBrowser(context, page, "site", 10).snapshot()
        assert snapshot.has_password == is_one
