"""The way to the student's sign-in form: by a tab, a role or a link, and never by sending a form that nothing was typed into."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Route

from agent.asks import AskRouter
from agent.browser.launcher import address_pattern, site_context
from agent.browser.site_browser import SiteBrowser
from agent.errors import Interstitial, SiteChanged
from flows.profiles.schema import load
from flows.sites.login import Login
from flows.sites.login_form import Credentials

CREDENTIALS = Credentials("2203110417", "Example-1")
SENT = """<!doctype html><meta charset=utf-8><script>
function sent(who, password) { document.title = who; document.body.innerHTML = password ? "学生服务" : "请输入密码" }
function show(n) { [staff, own].forEach((one, at) => { one.hidden = at !== n }) }
function chosen() { return [...document.querySelectorAll("[name=r]")].find((one) => one.checked).value }
</script>"""
FORMS = """<div id=staff><input placeholder={0}><input id=a type=password placeholder=密码>
<button onclick='sent("staff", a.value)'>登录</button></div>
<div id=own hidden><input placeholder={1}><input id=b type=password placeholder=密码><button onclick='sent("student", b.value)'>登录</button></div>"""
TABS = "<a href='javascript:show(0)'>教师登录</a> <a href='javascript:show(1)'>学生登录</a>"
ROLES = """<label><input type=radio name=r value=staff checked>教师</label><label><input type=radio name=r value=student>学生</label>
<input placeholder=账号><input id=p type=password placeholder=密码><button onclick='sent(chosen(), p.value)'>登录</button>"""
LIST = """<select id=s><option value="">请选择</option><option value=student>学生</option><option value=staff>教师</option></select>
<select><option>中文</option><option>English</option></select>
<input placeholder=账号><input id=p type=password placeholder=密码><button onclick='s.value && sent(s.value, p.value)'>登录</button>"""
OVERLAID = """<form action="javascript:sent('nobody', '')">
<input value="学号/身份证号"><input value="请填入密码"><input type=submit value=登录></form>"""


def _signed_in_as(browser: Browser, body: str) -> str:
    """Sign in at a site of one page; who the page says was sent."""
    data = load("xjtu-2024-07").sites.chaoxing
    assert data
    data = data.model_copy(update={"login_url": "http://platform.test/"})

    def serve(route: Route) -> None:
        route.fulfill(body=SENT + f"<body>{body}</body>", content_type="text/html; charset=utf-8")

    with site_context(browser, ["platform.test"]) as context:
        context.route("http://platform.test/**", serve)
        allowed = address_pattern(["platform.test"])
        view = SiteBrowser(context, context.new_page(), "chaoxing", 4, (), allowed=allowed)
        login = Login(view, data, "平台", AskRouter([]), CREDENTIALS)
        try:
            login.sign_in()
        except SiteChanged:
            return f"stop {view.page.title()}"
        return view.page.title()


NAVIGATION = "<a href=/students>学生</a> <a href=/staff>教师</a>"
SEARCH = """<input placeholder="证书查询：请输入身份证号"> <a href="javascript:own.hidden = false">登录</a>
<div id=own hidden><input placeholder=学号><input id=b type=password placeholder=密码>
<button onclick='sent("student", b.value)'>登 录</button></div>"""


@pytest.mark.parametrize(
    "body",
    [TABS + FORMS.format("工号", "学号"), TABS + FORMS.format("账号", "账号"), ROLES, LIST],
    ids=["tabs", "tabs over forms that look alike", "roles", "a list of roles"],
)
def test_where_others_sign_in_too_the_student_s_way_is_taken(browser: Browser, body: str) -> None:
    assert _signed_in_as(browser, body) == "student"


@pytest.mark.parametrize(
    "body",
    [
        NAVIGATION
        + FORMS.format("工号", "学号")
        + "<script>show(1); if (location.pathname !== '/') document.body.innerHTML = '学生之家'</script>",
        SEARCH,
    ],
    ids=["a navigation for everybody", "a search by number beside a link"],
)
def test_what_stands_beside_the_form_does_not_lead_away(browser: Browser, body: str) -> None:
    assert _signed_in_as(browser, body) == "student"


def test_a_form_in_a_window_of_its_own_leaves_that_window_open(browser: Browser) -> None:
    body = f"""<div id=portal><a target=_blank href=/form>学生登录</a> 图书馆</div><div id=form hidden>{FORMS.format("工号", "学号")}</div>
<script>if (location.pathname === "/form") {{ portal.remove(); form.hidden = false; show(1) }}</script>"""
    assert _signed_in_as(browser, body) == "student"


def test_a_form_that_has_no_password_field_yet_is_not_sent(browser: Browser) -> None:
    assert _signed_in_as(browser, OVERLAID) == "stop "


STEPS = """<div id=one><h3>{0}</h3><input id=u {1}><button onclick='if (u.value) setTimeout(on, 300)'>{2}</button></div>
<div id=two hidden><p id=who></p><input id=b type=password><button onclick='sent(whose(), b.value)'>登录</button></div>
<script>function whose() {{ return u.value === "2203110417" ? "student" : "?" }}
function on() {{ one.hidden = true; two.hidden = false; who.textContent = u.value }}</script>"""


@pytest.mark.parametrize(
    "body",
    [
        STEPS.format("统一身份认证", "placeholder='学号/手机号'", "继 续"),
        STEPS.format("第一步 请输入账号", "", "下一步"),
        STEPS.format("登录", "type=email placeholder='账号'", "下一步").replace(
            "one.hidden = true", "one.style = 'height:0;overflow:hidden'"
        ),
    ],
    ids=["named in the field", "named above it", "behind which the account's field stays"],
)
def test_an_account_that_is_asked_for_first_is_given_first(browser: Browser, body: str) -> None:
    assert _signed_in_as(browser, body) == "student"


@pytest.mark.parametrize(
    "body",
    [
        STEPS.format("", "placeholder='请输入短信验证码'", "下一步"),
        STEPS.format("", "placeholder='搜索课程'", "下一步"),
        STEPS.format("登录", "placeholder='账号'", "查询"),
    ],
    ids=["a code", "something else", "what does not lead on"],
)
def test_nothing_else_is_taken_for_the_account_s_step(browser: Browser, body: str) -> None:
    assert _signed_in_as(browser, body) == "stop "


RAIL = "<nav><svg width=20 height=20></svg></nav>"
ENTERED = """<input placeholder=学号><input id=p type=password placeholder=密码><button onclick='go()'>登录</button>
<template id=t>{0}</template><script>function go() {{ document.title = "student"; document.body.innerHTML = t.innerHTML }}</script>"""


@pytest.mark.parametrize(
    "body",
    [
        f"{RAIL}<p>您好，王岚</p>",
        f"{RAIL}<p>最近学习：无</p><ul hidden><li>退出登录</li></ul>",
        "<a title=成绩查询><svg width=20 height=20></svg></a><p>最近学习：无</p>",
    ],
    ids=["a greeting", "signing out put away", "a menu of icons with titles"],
)
def test_a_page_without_words_of_a_menu_is_the_inside(browser: Browser, body: str) -> None:
    assert _signed_in_as(browser, ENTERED.format(body)) == "student"


@pytest.mark.parametrize(
    "body",
    [f"{RAIL}<p>您好，王岚</p><button>同意</button>", f"{RAIL}<p>最近学习：无</p>"],
    ids=["which asks", "which greets nobody"],
)
def test_any_other_page_is_the_person_s(browser: Browser, body: str) -> None:
    with pytest.raises(Interstitial):
        _signed_in_as(browser, ENTERED.format(body))
