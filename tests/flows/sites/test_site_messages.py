"""What a site's message to a sent form means: a yes, a no, or neither."""

from __future__ import annotations

import pytest

from flows.profiles.schema import load
from flows.profiles.site_words import AnswerWords
from flows.sites.site_messages import accepts, refuses


def _heard() -> AnswerWords:
    platform = load("xjtu-2024-07").sites.chaoxing
    assert platform is not None
    return platform.heard


HEARD = _heard()


@pytest.mark.parametrize(
    "text",
    [
        "保存成功",
        "提交成功！",
        "修改成功，请勿重复提交",
        "操作成功，如有错误请重新修改",
        "自我评价提交成功，提交后不可更改",
        "恭喜您，信息确认成功",
        "【系统提示】添加成功",
        "系统提示 提交成功",
        "提交成功 100%",
        "提交成功10条",
        "响应成功",
        "本人信息保存成功",
    ],
)
def test_a_yes(text: str) -> None:
    assert accepts(text, HEARD)


@pytest.mark.parametrize(
    "text",
    [
        "保存未成功，请重试",
        "提交没有成功",
        "未能成功提交，请联系管理员",
        "提交不成功：字数不足",
        "您尚未成功缴费，不能提交",
        "保存成功，但履历时间有误",
        "操作成功0条，失败1条",
        "提交失败：未能成功保存到服务器",
        "系统异常，没有保存成功",
    ],
)
def test_a_no_whatever_word_for_success_it_has(text: str) -> None:
    assert not accepts(text, HEARD)
    assert refuses(text, HEARD)


@pytest.mark.parametrize(
    "text",
    [
        "请在提交成功后截图保存",
        "是否提交成功？",
        "只有提交成功的同学才能参加审核",
        "如未提交成功，可联系老师",
        "请等待提交成功再离开本页",
        "提交成功与否以系统为准",
        "正在提交，等待提示提交成功",
        "显示“提交成功”表示完成",
        "提交成功以后才能打印",
        "提交成功方可打印",
        "以确保提交成功",
        "提交成功数：0",
        "提交成功 45%",
        "提交成功了吗",
    ],
)
def test_neither(text: str) -> None:
    assert not accepts(text, HEARD)
    assert not refuses(text, HEARD)


def test_further_words_for_yes_are_read_the_same_way() -> None:
    assert accepts("平台信息已确认", HEARD, ("已确认",))
    assert not accepts("已确认的内容将进入档案", HEARD, ("已确认",))
