"""The table of outcomes of a sign-in, row by row, on pages built by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.snapshot.frame import FrameSnapshot, all_texts
from agent.snapshot.tree import FrameTree, Node
from flows.profiles.schema import load
from flows.sites.login_outcomes import (
    LoginOutcome,
    LoginState,
    OutcomeKind,
    OutcomeReader,
    code_page,
    page_words,
    state,
    wants_captcha,
)
from tests.harness.trees import block

_SITE = load("xjtu-2024-07").sites.chaoxing
assert _SITE is not None
WORDS = _SITE.login
LONG = 30.0
"""Seconds after which every page has stood still for long enough."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("agent.browser.stability.time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def page(*children: Node | str) -> FrameSnapshot:
    """A frame with these blocks, one below the other."""
    blocks = [block(child) if isinstance(child, str) else child for child in children]
    return FrameSnapshot(cast("Any", None), FrameTree(block(*blocks, tag="body")))


def field(kind: str = "text", placeholder: str = "", value: str = "") -> Node:
    """A field to type into."""
    return Node("input", type=kind, placeholder=placeholder, value=value)


def form(*more: Node | str) -> FrameSnapshot:
    """The sign-in form, with more below it."""
    return page(field(placeholder="学号"), field("password"), "登录", *more)


CAPTCHA = field(placeholder="验证码")
SMS = page("为了账号安全，请输入发到 138****0000 的短信验证码", field(placeholder="短信验证码"), "确定")


def outcome(
    clock: list[float],
    shown: FrameSnapshot,
    *,
    before: FrameSnapshot | None = None,
    with_captcha: bool = False,
    messages: tuple[str, ...] = (),
) -> LoginOutcome | None:
    """What came of a form that was sent, once the page has stood still."""
    reader = OutcomeReader(WORDS, frozenset(all_texts([before or form()])), with_captcha)
    first = reader.read([shown], messages, True)
    clock[0] += LONG
    return first or reader.read([shown], messages, True)


# -- after the form was sent -------------------------------------------------------------------------------------------------

ROWS = {
    "signed in": (page("首页", "学生服务", "退出"), OutcomeKind.SIGNED_IN, ""),
    "refused": (form("用户名或密码有误"), OutcomeKind.REFUSED, "用户名或密码有误"),
    "refused, and a captcha is wanted now": (
        form("用户名或密码有误，请输入验证码", CAPTCHA),
        OutcomeKind.REFUSED,
        "用户名或密码有误，请输入验证码",
    ),
    "a captcha is asked for": (form("请输入验证码", CAPTCHA), OutcomeKind.CAPTCHA_WANTED, "请输入验证码"),
    "the field of a captcha comes, and nothing is said": (form(CAPTCHA), OutcomeKind.CAPTCHA_WANTED, ""),
    "a captcha was wrong": (form("验证码错误", CAPTCHA), OutcomeKind.CAPTCHA_REFUSED, "验证码错误"),
    "a code by SMS": (
        SMS,
        OutcomeKind.CODE_WANTED,
        "为了账号安全，请输入发到 138****0000 的短信验证码 确定",
    ),
    "something in an app": (
        page("请在学习通上点击确认"),
        OutcomeKind.PERSON_WANTED,
        "请在学习通上点击确认",
    ),
    "the account behaves oddly": (page("操作出现异常"), OutcomeKind.PERSON_WANTED, "操作出现异常"),
    "the account is locked": (form("该账号已被锁定"), OutcomeKind.PERSON_WANTED, "该账号已被锁定"),
    "a new password is to be chosen": (
        page("请设置新密码", field("password"), field("password")),
        OutcomeKind.PERSON_WANTED,
        "请设置新密码",
    ),
}


@pytest.mark.parametrize(("shown", "kind", "said"), ROWS.values(), ids=ROWS)
def test_every_row_is_told_in_the_pages_own_words(
    clock: list[float], shown: FrameSnapshot, kind: OutcomeKind, said: str
) -> None:
    found = outcome(clock, shown)
    assert found is not None
    assert (found.kind, found.said) == (kind, said)


@pytest.mark.parametrize(
    "said",
    [
        "系统错误，请稍后重试",
        "网络错误",
        "网络请求失败",
        "服务器内部错误",
        "登录失败，系统维护中",
        "登录失败，请稍后再试",
        "操作频繁，请稍后再试",
        "页面已过期，请刷新",
        "错误代码：500",
        "滑块验证失败",
        "密码已过期，请修改密码",
    ],
)
def test_trouble_of_the_site_refuses_no_password(clock: list[float], said: str) -> None:
    assert outcome(clock, form(said)) == LoginOutcome(OutcomeKind.PERSON_WANTED, said)


@pytest.mark.parametrize(
    "said",
    [
        "账号或密码错误！",
        "登录失败",
        "登录失败：用户名或密码错误，请稍后重试",
        "认证失败",
        "密码错误次数过多，请稍后再试",
        "系统中不存在该账号",
        "学号不存在",
        "身份证号或密码不匹配",
        "帐号或口令错误",
    ],
)
def test_trouble_of_the_account_does(clock: list[float], said: str) -> None:
    assert outcome(clock, form(said)) == LoginOutcome(OutcomeKind.REFUSED, said)


def test_what_a_native_dialog_says_counts(clock: list[float]) -> None:
    found = outcome(clock, form(), messages=("密码错误",))
    assert found == LoginOutcome(OutcomeKind.REFUSED, "密码错误")


def test_what_stood_there_before_is_no_outcome(clock: list[float]) -> None:
    standing = form("密码错误五次将锁定")
    assert outcome(clock, standing, before=standing) is None


def test_a_captcha_that_was_sent_and_is_asked_for_again_was_wrong(clock: list[float]) -> None:
    found = outcome(clock, form("请输入验证码", CAPTCHA), with_captcha=True)
    assert found is not None
    assert found.kind is OutcomeKind.CAPTCHA_REFUSED


def test_a_captcha_is_believed_only_once_the_page_stands_still(clock: list[float]) -> None:
    """The refusal of the password may come a moment after the field of a captcha."""
    reader = OutcomeReader(WORDS, frozenset(all_texts([form()])))
    assert reader.read([form(CAPTCHA)], (), True) is None
    clock[0] += LONG
    assert reader.read([form(CAPTCHA)], (), False) is None  # something is under way
    found = reader.read([form("密码错误", CAPTCHA)], (), True)
    assert found is not None
    assert found.kind is OutcomeKind.REFUSED


# -- a page that is none of the known ones -------------------------------------------------------------------------------------


def test_a_page_that_nobody_foresaw_is_the_persons_with_its_words() -> None:
    reader = OutcomeReader(WORDS, frozenset(all_texts([form()])))
    survey = page("毕业生就业意向调查", "请先填写")
    assert reader.read([survey], (), True) is None
    assert reader.unforeseen([survey], ()) == LoginOutcome(
        OutcomeKind.PERSON_WANTED, "毕业生就业意向调查 请先填写"
    )


def test_a_form_that_says_nothing_new_is_no_such_page() -> None:
    reader = OutcomeReader(WORDS, frozenset(all_texts([form()])))
    assert reader.unforeseen([form()], ()) is None


# -- on opening the site -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "landing"),
    [
        (form(), LoginState.FORM),
        (page("学生服务"), LoginState.SIGNED_IN),
        (page("操作出现异常", "退出"), LoginState.PERSON_ONLY),
        (page("正在跳转"), None),
    ],
)
def test_what_the_site_shows_at_first(shown: FrameSnapshot, landing: LoginState | None) -> None:
    assert state([shown], WORDS) is landing


def test_another_way_in_is_no_captcha() -> None:
    assert not wants_captcha(form("短信验证码登录"), WORDS)
    assert wants_captcha(form(CAPTCHA), WORDS)


@pytest.mark.parametrize(
    "shown",
    [
        page("学生服务", "短信验证码", field()),
        page("短信验证码", field(), field()),
        page("短信验证码", field(value="1234")),
        page("请填写邮箱", field()),
    ],
    ids=["inside", "two fields", "filled in", "no code"],
)
def test_what_asks_for_no_code(shown: FrameSnapshot) -> None:
    assert code_page([shown], WORDS) is None


def test_a_pages_words_are_cut_and_hold_nothing_that_was_typed() -> None:
    said = page_words([page("长" * 200, field(value="secret"))])
    assert said == "长" * 160 + "…"
