"""The layer by which a page asks back: what is told yes, and what is left to the person."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any, cast
from unittest.mock import Mock

import pytest
from playwright.sync_api import Page

from agent.browser.network.request_tracker import RequestTracker
from agent.browser.site_browser import SiteBrowser
from agent.browser.stability import TIME_TO_REST
from agent.errors import ActionNeeded
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Box, FrameTree, Node
from flows.profiles.schema import load
from flows.profiles.site_words import QuestionWords
from flows.sites.confirm_dialog import ConfirmDialog

QUESTION = QuestionWords(names=("上传",), never=(), confirm=("确定",))


def _page(*words: str) -> list[FrameSnapshot]:
    leaves = [
        Node("button", Box(0, 30 * line, 90, 20), own=said, children=[]) for line, said in enumerate(words)
    ]
    return [FrameSnapshot(cast("Any", Mock()), FrameTree(Node("body", Box(0, 0, 900, 900), children=leaves)))]


def _windows() -> Mock:
    """Windows of which it is not known what they may still do."""
    return Mock(has_rested=lambda still, rest: still >= rest)


def _layer(begun: bool, before: list[FrameSnapshot]) -> tuple[ConfirmDialog, Mock]:
    tracker = RequestTracker(lambda request: True)
    tracker.begun = begun
    view = _windows()
    return ConfirmDialog(
        cast("Any", view), "上传毕业照片", QUESTION, ("失败", "错误"), before, tracker
    ), view.click


@pytest.mark.parametrize("question", ["确定要上传吗？", "如有错误请点取消，确定上传吗？"])
def test_a_question_before_anything_is_sent_is_told_yes_once(question: str) -> None:
    dialog, click = _layer(begun=False, before=_page("上传"))
    snapshots = _page("上传", question, "确定", "取消")
    assert [dialog.asks([question], snapshots) for _ in range(2)] == [True, False]
    assert click.call_count == 1


@pytest.mark.parametrize(
    ("question", "yes", "presses"),
    [
        ("确定提交吗？", "是的，确定！", 1),
        ("确定提交吗？", "是的", 1),
        ("确定重新填写吗？", "是的，确定！", 0),
    ],
)
def test_a_yes_in_other_words_counts_beside_a_question_that_was_foreseen(
    question: str, yes: str, presses: int
) -> None:
    site = load("xjtu-2024-07").sites.chaoxing
    assert site is not None
    words, view, before = site.register_form.submission.question, _windows(), _page("提交")
    tracker = RequestTracker(lambda request: True)
    dialog = ConfirmDialog(cast("Any", view), "毕业生登记表", words, site.heard.refused, before, tracker)
    said = [question, "自我评价提交后不可更改！"]
    assert dialog.asks(said, _page("提交", *said, yes, "取消")) == bool(presses)
    assert view.click.call_count == presses


def test_a_layer_whose_buttons_nobody_translated_is_told_yes() -> None:
    site = load("xjtu-2024-07").sites.chaoxing
    assert site is not None
    asked = "自我评价提交后不可更改，是否确认提交？"
    tracker, view = RequestTracker(lambda request: True), _windows()
    question = site.register_form.submission.question
    dialog = ConfirmDialog(cast("Any", view), "毕业生登记表", question, ("不可",), _page("提交"), tracker)
    assert dialog.asks([asked], _page("提交", asked, "Cancel", "OK"))
    assert view.click.call_count == 1


def test_a_button_that_stood_there_before_belongs_to_the_page_and_not_to_the_question() -> None:
    """The layer has a word of its own for yes; the page's 确定 would send once more, or something else."""
    dialog, click = _layer(begun=False, before=_page("确定"))
    assert not dialog.asks(["确定要上传吗？"], _page("确定", "确定要上传吗？", "好的", "再想想"))
    assert not click.called


def test_another_word_for_yes_on_the_page_does_not_hide_the_one_of_the_question() -> None:
    """The page's own 确认上传 sends, and is also a word that some questions have for yes."""
    question = QuestionWords(names=("上传",), never=(), confirm=("确认", "确认上传"))
    view = _windows()
    before, said = _page("确认上传"), "确定上传吗？"
    dialog = ConfirmDialog(
        cast("Any", view), "上传毕业照片", question, (), before, RequestTracker(lambda request: True)
    )
    snapshots = _page("确认上传", said, "取消", "确认")
    assert dialog.asks([said], snapshots)
    (target, _), _ = view.match_or_none.call_args
    assert target.words == ("确认",)
    assert view.click.call_count == 1


BOX = (
    "<div style='position:fixed;inset:0;background:#0008'><div style='margin:200px;background:#fff'>"
    "确定要上传吗？<button onclick='said=\"yes\"'>确定</button><button>取消</button></div></div>"
)


@pytest.mark.parametrize(
    ("moved", "answer"), [("", "yes"), ("document.body.style.paddingTop = '90px'", "nothing")]
)
def test_the_question_has_the_same_word_for_yes_as_the_page(page: Page, moved: str, answer: str) -> None:
    """The one that came is pressed while the page's own stands where it stood; where that moved, nobody can say."""
    page.set_content(
        "<!doctype html><body><script>said='nothing'</script><button onclick='said=\"page\"'>确定</button>"
    )
    view = SiteBrowser(page.context, page, "chaoxing", 5)
    before = view.snapshot()
    page.evaluate(f"document.body.insertAdjacentHTML('beforeend', `{BOX}`); {moved}")
    view.invalidate()
    dialog = ConfirmDialog(view, "上传毕业照片", QUESTION, (), before, RequestTracker(lambda request: True))
    assert dialog.asks(["确定要上传吗？"], view.snapshot()) == (answer == "yes")
    assert page.evaluate("said") == answer


TITLED = (
    "<div style='position:fixed;inset:0;background:#0008'><div style='margin:200px;background:#fff'><div>确认上传</div>"
    "<div>确定要上传吗？</div>{}</div></div>"
)
ANSWERS = "<span onclick='said=\"no\"'>取消</span> <span onclick='said=\"yes\"'>确定</span>"


@pytest.mark.parametrize(("answers", "answer"), [(ANSWERS, "yes"), (ANSWERS + ANSWERS, "nothing")])
def test_a_title_in_the_words_for_yes_does_not_hide_the_one_beside_no(
    page: Page, answers: str, answer: str
) -> None:
    page.set_content("<!doctype html><body><script>said='nothing'</script>照片")
    view = SiteBrowser(page.context, page, "site", 2)
    before = view.snapshot()
    page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", TITLED.format(answers))
    view.invalidate()
    question = QuestionWords(names=("上传",), never=(), confirm=("确定", "确认上传"), cancel=("取消",))
    tracker = RequestTracker(lambda request: True)
    dialog = ConfirmDialog(view, "上传毕业照片", question, (), before, tracker)
    dialog.asks(["确定要上传吗？"], view.snapshot())
    assert page.evaluate("said") == answer


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


@pytest.mark.parametrize(
    ("said", "never", "agreed"),
    [
        ("自我评价提交后不可更改", (), True),
        ("自我评价提交后不可更改", ("不可更改",), False),
        ("自我评价不可提交", (), False),
        ("截止后不可更改自我评价", (), False),
    ],
)
def test_what_will_be_so_afterwards_is_no_refusal_and_told_yes_where_it_was_not_forbidden(
    said: str, never: tuple[str, ...], agreed: bool
) -> None:
    question = QUESTION.model_copy(update={"names": ("自我评价",), "never": never})
    view, before = _windows(), _page("提交")
    tracker = RequestTracker(lambda request: True)
    dialog = ConfirmDialog(cast("Any", view), "登记表", question, ("不可",), before, tracker)
    dialog._timer = Mock(seconds=lambda stood: TIME_TO_REST)  # it has stood there for long enough
    with nullcontext() if agreed else pytest.raises(ActionNeeded):
        assert dialog.asks(["提示", said], _page("提交", "提示", said, "取消", "确定"))
    assert view.click.called == agreed


SYNONYMS = QUESTION.model_copy(update={"verbs": ("提交", "保存"), "things": ("照片",), "never": ("不能再",)})


@pytest.mark.parametrize(
    ("question", "words", "sent"),
    [
        ("确定提交该毕业照片？", ("确定", "取消"), True),
        ("是否保存所选照片？", ("确定", "取消"), True),
        ("确定提交该毕业照片？", ("确定",), False),
        ("确定提交该毕业照片，提交后不能再换？", ("确定", "取消"), False),
        ("确定提交学籍信息？", ("确定", "取消"), False),
    ],
)
def test_a_photo_that_is_called_otherwise_is_sent_where_the_question_can_be_told_no(
    question: str, words: tuple[str, ...], sent: bool
) -> None:
    view = _windows()
    tracker = RequestTracker(lambda request: True)
    dialog = ConfirmDialog(cast("Any", view), "上传毕业照片", SYNONYMS, (), _page("提交照片"), tracker)
    assert dialog.asks([question], _page("提交照片", question, *words))
    assert view.click.called == sent


@pytest.mark.parametrize(
    ("text", "agreed"),
    [
        ("确定提交该照片？", True),
        ("上传？", True),
        ("提交照片，提交后不能再换？", False),
        ("确定提交？", False),
    ],
)
def test_a_dialog_of_the_browser_is_agreed_to_by_the_same_words(text: str, agreed: bool) -> None:
    assert SYNONYMS.agrees_to(text) == agreed
