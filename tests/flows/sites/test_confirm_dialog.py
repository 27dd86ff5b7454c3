"""The layer by which a page asks back: what is told yes, and what is left to the person."""

from __future__ import annotations

from typing import Any, cast
from unittest.mock import Mock

import pytest

from agent.browser.network.request_tracker import RequestTracker
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Box, FrameTree, Node
from flows.profiles.site_words import QuestionWords
from flows.sites.confirm_dialog import ConfirmDialog

QUESTION = QuestionWords(names=("上传",), never=(), confirm=("确定",))


def _page(*words: str) -> list[FrameSnapshot]:
    leaves = [
        Node("button", Box(0, 30 * line, 90, 20), own=said, children=[]) for line, said in enumerate(words)
    ]
    return [FrameSnapshot(cast("Any", Mock()), FrameTree(Node("body", Box(0, 0, 900, 900), children=leaves)))]


def _layer(begun: bool, before: list[FrameSnapshot]) -> tuple[ConfirmDialog, Mock]:
    tracker = RequestTracker(lambda request: True)
    tracker.begun = begun
    view = Mock()
    return ConfirmDialog(
        cast("Any", view), "上传毕业照片", QUESTION, ("失败", "错误"), before, tracker
    ), view.click


@pytest.mark.parametrize("question", ["确定要上传吗？", "如有错误请点取消，确定上传吗？"])
def test_a_question_before_anything_is_sent_is_told_yes_once(question: str) -> None:
    dialog, click = _layer(begun=False, before=_page("上传"))
    snapshots = _page("上传", question, "确定", "取消")
    assert [dialog.asks([question], snapshots) for _ in range(2)] == [True, False]
    assert click.call_count == 1


def test_a_button_that_stood_there_before_belongs_to_the_page_and_not_to_the_question() -> None:
    """The layer has a word of its own for yes; the page's 确定 would send once more, or something else."""
    dialog, click = _layer(begun=False, before=_page("确定"))
    assert not dialog.asks(["确定要上传吗？"], _page("确定", "确定要上传吗？", "好的", "再想想"))
    assert not click.called


def test_whether_to_try_again_is_not_told_yes() -> None:
    dialog, click = _layer(begun=True, before=_page("上传"))
    question = "上传失败，是否重新上传？"
    assert not dialog.asks([question], _page("上传", question, "确定", "取消"))
    assert not click.called


@pytest.mark.parametrize("said", [["确定要上传吗？", "确定要删除吗？"], ["确定吗？"]])
def test_what_was_not_foreseen_is_not_told_yes(said: list[str]) -> None:
    dialog, click = _layer(begun=False, before=_page("确定"))
    assert not dialog.asks(said, _page(*said, "确定"))
    assert not click.called
