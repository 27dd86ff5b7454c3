"""The name that a site shows of who is signed in: masked, rare, or joined by any dot."""

from __future__ import annotations

from typing import Any, cast
from unittest.mock import Mock

import pytest

from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import FrameTree
from flows.profiles.schema import load
from flows.sites.signed_in_name import may_be, name_shown
from tests.harness.trees import block, text


def _shown(line: str, expected: str | None = None) -> str | None:
    site = load("xjtu-2024-07").sites.chsi
    tree = FrameTree(block(text(line)))
    return name_shown([FrameSnapshot(cast("Any", Mock()), tree)], site, expected)


@pytest.mark.parametrize("name", ["王岚", "*岚", "王*", "＊岚", "王●", "王○", "* 岚", "**", "王 岚"])
def test_a_masked_name_may_be_the_students(name: str) -> None:
    assert may_be(name, "王岚")


@pytest.mark.parametrize("name", ["*兰", "李*", "李岚", "王岚岚", "*岚芳", "岚"])
def test_a_name_that_does_not_fit_is_somebody_elses(name: str) -> None:
    assert not may_be(name, "王岚")


@pytest.mark.parametrize("dot", "·•‧・･⦁ㆍ．.")
def test_a_name_of_two_parts_is_known_by_any_dot(dot: str) -> None:
    name = f"买买提{dot}艾力"
    assert may_be(name, "买买提·艾力")
    assert _shown(f"您好，{name}", "买买提·艾力") == "买买提·艾力"
    assert _shown(f"您好，{name}") == "买买提·艾力"


@pytest.mark.parametrize("name", ["王䶮", "李𠮷", "𠮷田", "王䶮芳", "*岚", "欧阳娜娜"])
def test_a_rare_name_is_told(name: str) -> None:
    assert _shown(f"您好，{name}同学") == name
    assert _shown(f"姓名：{name}") == name


@pytest.mark.parametrize("line", ["您好。王岚同学", "欢迎您，王岚", "姓名：王岚", "王岚（202206980001）"])
def test_the_expected_name_stands_as_a_word(line: str) -> None:
    assert _shown(line, "王岚") == "王岚"


@pytest.mark.parametrize("line", ["您好，王岚䶮同学", "您好，小王岚芳"])
def test_a_longer_name_is_another(line: str) -> None:
    assert _shown(line, "王岚") != "王岚"


@pytest.mark.parametrize(
    "said",
    [
        *(
            "同学",
            "学生",
            "新同学",
            "学员",
            "考生",
            "毕业生",
            "新生",
            "用户",
            "游客",
            "访客",
            "管理员",
            "客服",
        ),
        *("早上好", "上午好！", "中午好", "下午好，祝您愉快", "晚上好", "请选择", "尊敬的用户", "亲爱的同学"),
        *("未填写", "未知", "暂无", "**", "***同学"),
    ],
)
def test_what_names_nobody_is_no_name(said: str) -> None:
    assert _shown(f"您好，{said}") is None
    assert _shown(f"姓名：{said}") is None
