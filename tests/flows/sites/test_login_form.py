"""The sign-in form among others and behind what pages do to keep it from being filled in: which fields get what."""

from __future__ import annotations

from typing import Any, cast

import pytest
from playwright.sync_api import Browser

from agent.browser.launcher import site_context
from agent.browser.site_browser import SiteBrowser
from agent.errors import SiteChanged
from flows.profiles.schema import load
from flows.sites.login_form import Credentials, LoginForm
from flows.sites.login_outcomes import OutcomeKind

CREDENTIALS = Credentials("2203110417", "Example-1")
SENT = """<script>
function sent(user, password) {
  const all = [...document.querySelectorAll("input[type=password]")].filter((one) => one.value)
  const right = user === "2203110417" && password === "Example-1" && all.length === 1
  document.body.innerHTML = right ? "学生服务" : "用户名或密码错误<input type=password>"
}
</script>"""
FORM = "<input id=u placeholder=学号><input id=p type=password placeholder=密码>"
BUTTON = "<button onclick='sent(u.value, p.value)'>登录</button>"


def _send(browser: Browser, body: str, patience: float = 10, *, student: bool = True) -> OutcomeKind:
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content(f"<!doctype html>{SENT}<body>{body}</body>")
        words = load("xjtu-2024-07").sites.chaoxing
        assert words
        login = words.login if student else words.login.model_copy(update={"student": ()})
        view = SiteBrowser(context, page, "chaoxing", patience)
        return LoginForm(view, login, "平台", cast("Any", None)).send(CREDENTIALS).kind


@pytest.mark.parametrize(
    "body",
    [
        f"<div style='height:0;overflow:hidden'><input><input type=password></div><div>{FORM}{BUTTON}</div>",
        f"<input type=password style='opacity:0;position:absolute'><div>{FORM}{BUTTON}</div>",
        f"<div>{FORM}{BUTTON}</div><div>新用户注册<input placeholder=手机号><input type=password placeholder=设置密码>"
        "<input type=password placeholder=确认密码><button>立即注册</button></div>",
        "<div><h4>管理人员登录</h4>帐号<input>密码<input type=password><button>登录</button></div>"
        f"<div><h4>学生登录</h4>{FORM}{BUTTON}</div>",
    ],
    ids=["clipped decoys", "a decoy that cannot be seen", "beside a registration", "beside the staff's"],
)
def test_of_several_forms_the_student_s_own_is_sent(browser: Browser, body: str) -> None:
    assert _send(browser, body) is OutcomeKind.SIGNED_IN


def test_of_two_forms_that_cannot_be_told_apart_none_is_filled_in(browser: Browser) -> None:
    other = "<div>账号<input>密码<input type=password><button>登录</button></div>"
    with pytest.raises(SiteChanged, match="密码"):
        _send(browser, other * 2, patience=1)


@pytest.mark.parametrize(
    "body",
    [
        FORM.replace("<input ", "<input readonly onfocus='this.readOnly = false' ") + BUTTON,
        FORM.replace("<input ", "<input onkeyup='g.className = \"ready\"' ")
        + "<a id=g onclick='if (g.className) sent(u.value, p.value)'>登录</a>",
    ],
    ids=["read-only until it is typed into", "a button that listens to keys"],
)
def test_fields_are_typed_into_as_a_person_types(browser: Browser, body: str) -> None:
    assert _send(browser, body, patience=5) is OutcomeKind.SIGNED_IN


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        (("教师", "学生"), "学生"),
        (("身份证号", "学号"), "身份证号"),
        (("继续教育学院", "教师教育学院"), "继续教育学院"),
    ],
    ids=["roles", "kinds of accounts", "something else"],
)
def test_only_in_a_list_of_roles_the_student_s_is_chosen(
    browser: Browser, options: tuple[str, ...], chosen: str
) -> None:
    offered = "".join(f"<option>{one}</option>" for one in options)
    sent = f"if (s.value === '{chosen}') sent(u.value, p.value)"
    body = f'<select id=s>{offered}</select>{FORM}<button onclick="{sent}">登录</button>'
    assert _send(browser, body, patience=5) is OutcomeKind.SIGNED_IN


def test_where_a_site_has_one_role_its_lists_are_left_alone(browser: Browser) -> None:
    """学信网 has a list of countries' dialling codes and no role."""
    body = f"<select><option>+86</option><option>+852</option></select>{FORM}{BUTTON}"
    assert _send(browser, body, student=False) is OutcomeKind.SIGNED_IN
