"""What may be proposed in place of something missing: one thing that is clearly the nearest, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.browser.handover import nearest_name

CONDITIONS = ("毕业条件",)


@pytest.mark.parametrize(
    ("names", "nearest"),
    [
        (["毕业资格条件", "个人信息", "成绩查询"], "毕业资格条件"),
        (["毕业 条件查看", "学生服务"], "毕业 条件查看"),
        (["毕业照片", "毕业论文", "学位条件"], None),  # each shares half of the characters with it
        (["毕业资格条件", "毕业审核条件"], None),  # two are as near
        (["毕业资格条件", "毕业资格 条件"], "毕业资格条件"),  # the same words twice are no second thing
        ([], None),
    ],
)
def test_only_what_is_clearly_the_nearest_is_proposed(names: list[str], nearest: str | None) -> None:
    proposed = nearest_name(CONDITIONS, iter(names))
    assert (proposed or "").replace(" ", "") == (nearest or "").replace(" ", "")


@given(st.lists(st.text(max_size=8), max_size=6))
def test_what_is_proposed_stands_on_the_page(names: list[str]) -> None:
    assert nearest_name(CONDITIONS, iter(names)) in (None, *names)
