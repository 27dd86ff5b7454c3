"""The layer by which a page asks back: what is told yes, and what is left to the person."""

from __future__ import annotations

from typing import Any, cast
from unittest.mock import Mock

import pytest

from agent.sending import Sending
from flows.sites.asking import Layer
from flows.wording import Question

QUESTION = Question(names=("上传",), never=(), confirm=("确定",))


def _layer(begun: bool) -> tuple[Layer, Mock]:
    sending = Sending(lambda request: True)
    sending.begun = begun
    view = Mock()
    return Layer(cast("Any", view), "上传毕业照片", QUESTION, ("失败", "错误"), (), sending), view.press


@pytest.mark.parametrize("question", ["确定要上传吗？", "如有错误请点取消，确定上传吗？"])
def test_a_question_before_anything_is_sent_is_told_yes_once(question: str) -> None:
    layer, press = _layer(begun=False)
    assert [layer.asks([question], []) for _ in range(2)] == [True, False]
    assert press.call_count == 1


def test_whether_to_try_again_is_not_told_yes() -> None:
    layer, press = _layer(begun=True)
    assert not layer.asks(["上传失败，是否重新上传？"], [])
    assert not press.called


@pytest.mark.parametrize("said", [["确定要上传吗？", "确定要删除吗？"], ["确定吗？"]])
def test_what_was_not_foreseen_is_not_told_yes(said: list[str]) -> None:
    layer, press = _layer(begun=False)
    assert not layer.asks(said, [])
    assert not press.called
