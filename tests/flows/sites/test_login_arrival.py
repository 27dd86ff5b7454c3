"""Whether a site that shows how to sign out is believed to be signed in: a frame of it may still bring the form."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.browser.stability import TIME_TO_REST
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import FrameTree, Node
from flows.profiles.site_words import LoginWords
from flows.sites.login_outcomes import LONGEST_ARRIVAL, Arrival, OutcomeKind, OutcomeReader
from tests.harness.trees import block

WORDS = LoginWords(
    username=("学号",),
    password=("密码",),
    submit=("登录",),
    captcha=("验证码",),
    code=(),
    trouble=("有误",),
    signed_in=("学生服务", "退出"),
    signed_out=(),
    person_only=(),
    ways=("请登录",),
)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("agent.browser.stability.time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def _frame(*children: Node | str) -> FrameSnapshot:
    return FrameSnapshot(cast("Any", None), FrameTree(block(*children, tag="body")))


SHELL = _frame(block("退出"))
OWN_PAGE = _frame(block("退出"), block("学生服务"))
FORM = _frame(block("用户名或密码有误"), Node("input", type="text"), Node("input", type="password"))


def test_a_page_of_the_site_itself_is_believed_at_once(clock: list[float]) -> None:
    assert Arrival(WORDS).is_believed([OWN_PAGE], settled=True)


def test_a_shell_with_nothing_but_how_to_sign_out_has_to_stand_still(clock: list[float]) -> None:
    arrival = Arrival(WORDS)
    assert not arrival.is_believed([SHELL], settled=True)
    clock[0] = TIME_TO_REST + 0.1
    assert arrival.is_believed([SHELL], settled=True)


def test_what_is_under_way_is_waited_for_but_not_for_ever(clock: list[float]) -> None:
    arrival = Arrival(WORDS)
    assert not arrival.is_believed([OWN_PAGE], settled=False)
    clock[0] = LONGEST_ARRIVAL - 0.1
    assert not arrival.is_believed([OWN_PAGE], settled=False)
    clock[0] = LONGEST_ARRIVAL + 0.1
    assert arrival.is_believed([OWN_PAGE], settled=False)


def test_a_refusal_in_a_frame_that_comes_late_is_a_refusal(clock: list[float]) -> None:
    reader = OutcomeReader(WORDS, frozenset({"退出"}))
    assert reader.read([SHELL], (), quiet=True, whole=False) is None
    clock[0] = 1.5
    assert reader.read([SHELL], (), quiet=True, whole=False) is None
    outcome = reader.read([SHELL, FORM], (), quiet=True, whole=True)
    assert outcome is not None
    assert outcome.kind is OutcomeKind.REFUSED


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (_frame(block("菜单", tag="button"), block("课程")), OutcomeKind.SIGNED_IN),
        (_frame(block("☰ 菜单", tag="button"), block("欢迎")), OutcomeKind.SIGNED_IN),
        (_frame(block("张同学"), block("菜单"), block("缴费")), OutcomeKind.SIGNED_IN),
        (_frame(block("菜单"), block("请登录", tag="a")), OutcomeKind.PERSON_WANTED),
        (_frame(block("菜单权限确认", tag="button"), block("欢迎")), OutcomeKind.PERSON_WANTED),
        (_frame(block("请先完成问卷")), OutcomeKind.PERSON_WANTED),
        (
            _frame(block("菜单", tag="button"), block("新密码"), Node("input", type="text")),
            OutcomeKind.PERSON_WANTED,
        ),
        (_frame(block("请从菜单进入")), OutcomeKind.PERSON_WANTED),
    ],
)
def test_a_page_that_shows_nothing_of_its_own_but_a_menu_is_inside(
    page: FrameSnapshot, kind: OutcomeKind
) -> None:
    outcome = OutcomeReader(WORDS, frozenset()).unforeseen([page], ())
    assert outcome is not None
    assert outcome.kind is kind


def test_a_menu_without_a_way_out_is_inside_once_it_stands_still(clock: list[float]) -> None:
    reader, page = OutcomeReader(WORDS, frozenset()), _frame(block("张同学"), block("菜单"), block("缴费"))
    assert reader.read([page], (), quiet=True) is None
    clock[0] = TIME_TO_REST + 0.1
    outcome = reader.read([page], (), quiet=True)
    assert outcome is not None
    assert outcome.kind is OutcomeKind.SIGNED_IN
