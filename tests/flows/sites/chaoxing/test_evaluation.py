"""自我评价: a field to fill, a text that was submitted, or neither, in several layouts."""

from __future__ import annotations

from typing import Any

import pytest

from agent.snapshot.tree import Box, Node
from flows.profiles.schema import load
from flows.profiles.site_words import RegisterFormWords
from flows.sites.chaoxing import evaluation
from flows.sites.chaoxing.evaluation import Evaluation
from tests.harness.trees import block, inline, text

TEXT = "在校期间认真学习。" * 30
RULE = block(inline("自我评价", tag="b"), "（不少于200字） 已输入 ", inline("0"), " 字")


HINTED = block(
    inline(text("自我评价", box=Box(0, 0, 64, 20))), inline(text("提交后不可更改", box=Box(70, 4, 84, 14)))
)


def _place() -> RegisterFormWords:
    site = load("xjtu-2024-07").sites.chaoxing
    assert site is not None
    return site.register_form


def _read(*parts: Node | str) -> Evaluation | None:
    lines = (part if isinstance(part, Node) else block(part) for part in parts)
    return evaluation.read(block(*lines, tag="body"), _place(), 200)


def _field(value: str = "", **parts: Any) -> Node:
    return Node("textarea", value=value, **parts)


@pytest.mark.parametrize(
    "parts",
    [
        ("毕业生登记表", "自我评价：", _field("草稿")),
        ("自我评价", "不少于200字，提交后不可更改。", _field("草稿"), "提交"),
        ("家庭情况", _field("别的"), "自我评价", _field("草稿"), "备注", _field("还有")),
        ("家庭情况", _field("别的"), _field("草稿", label="自我评价")),
        ("毕业生登记表", RULE, _field("草稿"), "提交"),
        (HINTED, _field("草稿"), "提交"),
    ],
)
def test_a_field_is_not_yet_submitted(parts: tuple[Node | str, ...]) -> None:
    found = _read(*parts)
    assert found is not None
    assert (found.is_submitted, found.text) == (False, "草稿")
    assert found.field is not None


@pytest.mark.parametrize(
    "parts",
    [
        ("自我评价", "已提交", TEXT),
        ("自我评价：", TEXT),
        (block("自我评价", inline(" ", inline("已提交"), tag="span")), TEXT),
        (RULE, TEXT, "已提交，不可修改"),
        ("自我评价", TEXT[:90], TEXT[90:]),
        ("自我评价", _field(TEXT, readonly=True)),
        ("自我评价", _field(TEXT, disabled=True), "已提交"),
    ],
)
def test_a_text_without_a_field_is_submitted(parts: tuple[Node | str, ...]) -> None:
    found = _read(*parts)
    assert found is not None
    assert found.is_submitted
    assert found.says(TEXT)
    assert not found.says(TEXT + "还有")
    assert not found.says("")


def test_a_short_text_counts_where_the_page_says_it_was_submitted() -> None:
    assert _read("自我评价", "认真学习。") is None
    found = _read("自我评价", "已提交", "认真学习。")
    assert found == Evaluation("认真学习。")


@pytest.mark.parametrize("card", [("自我评价", TEXT), (block(block("自我评价"), block("已提交")), TEXT)])
def test_what_stands_at_the_foot_of_the_page_is_none_of_the_text(card: tuple[Node | str, ...]) -> None:
    lines = (part if isinstance(part, Node) else block(part) for part in card)
    assert _read(block(*lines), "在线预览 · 帮助文档") == Evaluation(TEXT)


@pytest.mark.parametrize(
    "parts",
    [
        ("毕业生登记表", "姓名：王岚"),
        ("自我评价",),
        ("意见", _field("")),
        ("甲", _field(""), "乙", _field("")),
        ("毕业生登记表", "自我评价", "点击进入毕业生登记表 ›", "提交成功"),
        ("毕业生登记表", "自我评价", "开放中", "点击进入毕业生登记表", "提交成功"),
        (block(inline("自我评价"), "（不少于200字）", inline("去填写", tag="a")), TEXT),
    ],
)
def test_neither_is_none(parts: tuple[Node | str, ...]) -> None:
    assert _read(*parts) is None


def test_a_message_under_the_tab_of_another_part_is_no_text() -> None:
    tab = block(inline("自我评价"), role="tab")
    assert _read("毕业生登记表", tab, "姓名：王示例", "提交成功") is None
    found = _read("毕业生登记表", tab, TEXT, "提交成功")
    assert found is not None
    assert found.text == TEXT
