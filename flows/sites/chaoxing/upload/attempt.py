"""One upload: the file is chosen, the layers that come are dealt with, the button is pressed once, and all that is said is kept."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import takewhile

from playwright.sync_api import FileChooser, FilePayload

from agent.browser.dialogs import unforeseen
from agent.browser.handover import Handover
from agent.browser.locators import Target
from agent.browser.network.request_tracker import (
    LONGEST_MESSAGE,
    RequestTracker,
    carrying_values,
    track_request,
)
from agent.browser.site_browser import Match, SiteBrowser
from agent.browser.stability import TIME_TO_EXPLAIN, TIME_TO_REST, TIME_TO_TICK, StabilityTimer
from agent.errors import Covered, NotSent, SiteChanged, UnforeseenQuestion
from agent.snapshot import tree
from agent.snapshot.fields import contains
from agent.snapshot.frame import FrameSnapshot, all_texts
from agent.snapshot.tree import Node, TextLine
from flows.profiles.site_words import QuestionWords, Words
from flows.sites.chaoxing.upload.answer import COUNTED_DOWN, Meaning, UploadAnswer, without_countdown
from flows.sites.chaoxing.upload.controls import UPLOAD, UploadControls
from flows.sites.confirm_dialog import LONGEST_QUESTION, ConfirmDialog

TAKES_AWAY = ("删除", "移除")
"""What takes a chosen file away before it is sent; a question has more words."""
CROPS = ("裁剪", "剪裁", "裁切", "截取", "选框")
WHOLE = "请在窗口里自己上传：页面要裁剪时保留整张照片、不要旋转，再按页面的按钮。"


@dataclass
class UploadAttempt:
    """One upload on the open page.

    Args:
        browser: The site's windows.
        controls: Of the page.
        handover: Asks the person about a button that is almost the one that sends.
        before: The page before the file is chosen.
        tracker: Of the request that carries the file.
        answer: Gets what is said.
    """

    browser: SiteBrowser
    controls: UploadControls
    handover: Handover
    before: Sequence[FrameSnapshot]
    tracker: RequestTracker
    answer: UploadAnswer
    _timer: StabilityTimer = field(default_factory=StabilityTimer)
    _ticking: StabilityTimer = field(default_factory=StabilityTimer)
    _choosers: list[FileChooser] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)
    _sent_to: frozenset[str] = frozenset()
    """Where the page had sent something before the file was chosen."""
    _chosen: Sequence[FrameSnapshot] = ()
    """The page right before the button was pressed."""

    def run(self, payload: FilePayload) -> None:
        """Choose the file and have it sent, at most once.

        Raises:
            GradsyncError: The page said no before anything was sent, or there is no button that sends.
            NotSent: It asks something that nobody foresaw, and nothing has left.
            UnforeseenQuestion: The same, and something has left or may have.
        """
        self._known = all_texts(self.before)
        self._sent_to = frozenset(self.browser.network.sent_to)
        try:
            self._carry_out(payload)
        except UnforeseenQuestion as stop:
            if self.tracker.begun or self.tracker.may_have_begun:
                raise
            if contains(stop.said, CROPS):
                told = f"页面要先裁剪照片（“{stop.said}”），程序不改照片，没有上传。"
                raise NotSent(told, WHOLE, said=stop.said) from None
            raise NotSent(stop.message, stop.remedy, said=stop.said) from None
        finally:
            self._take_over()

    def _carry_out(self, payload: FilePayload) -> None:
        if not self.controls.bring_up(payload):
            self._look_again()
            self.controls.choose(payload)
        self._let_it_settle()
        if not self._is_decided():
            self._press_and_await()
        else:
            self._await_answer()
        if self.answer.sent and (asked := self.answer.asks_to_press()):
            self._submit_taken(asked)

    def _press_and_await(self, asked: Words = ()) -> None:
        with self._no_chooser():
            self._press(asked)
            self._await_answer()

    def _submit_taken(self, asked: Words) -> None:
        """Press the button by which the page asks for what it has taken to be submitted, once."""
        with track_request(self.browser.context, carrying_values((), self._sent_to)) as self.tracker:
            self._press_and_await(asked)
            self._take_over()

    def _look_again(self) -> None:
        """Take what was brought up for what stands there before the file is chosen; raises ``ActionNeeded`` for what only the person may agree to."""
        self.before = self.browser.snapshot()
        texts = all_texts(self.before)
        if self.controls.has_layer:
            self.controls.see_none_forbidden(texts - self._known)
        self._known = texts

    # -- listening -----------------------------------------------------------------------------------------------------------

    def _listen(self, snapshots: Sequence[FrameSnapshot]) -> list[str]:
        """Keep what is new; return the new lines that stand there now."""
        lines = [line.text for snapshot in snapshots for line in tree.lines(snapshot.root)]
        fresh = [text for text in [*self.browser.dialogs.messages, *lines] if text not in self._known]
        fresh = [text for text in dict.fromkeys(fresh) if 0 < len(text) <= LONGEST_MESSAGE]
        self.answer.hear(fresh)
        self._take_over()
        self.browser.dialogs.stop_on_refused()
        return fresh

    def _take_over(self) -> None:
        """Note what the network has told."""
        tracker, answer = self.tracker, self.answer
        answer.hear(text for text in self.browser.dialogs.messages)
        answer.sent = answer.sent or tracker.begun
        answer.status, answer.broken = tracker.status, tracker.broken
        answer.answered = (
            tracker.messages() or answer.answered
        )  # of a file in pieces, what the last one was answered

    def _is_decided(self) -> bool:
        """True where nothing is to be pressed any more: something has left, or the page says that the photo was taken."""
        return self.tracker.begun or self.answer.accepted()

    def _counts_down(self, fresh: Sequence[str]) -> bool:
        """True while a number counts down that has come since."""
        counted = tuple(
            text for text in fresh if COUNTED_DOWN.search(text) and not text.rstrip().endswith("%")
        )
        return bool(counted) and self._ticking.seconds(counted) < TIME_TO_TICK

    # -- after choosing --------------------------------------------------------------------------------------------------------

    def _let_it_settle(self) -> None:
        """Wait until the page has said what it says to a chosen file, answering a layer about the upload; raises ``UploadRefused`` at a no."""
        dialog = self._layer(self.before, self.controls.words.first_question)

        def settled(snapshots: list[FrameSnapshot]) -> bool | None:
            fresh = self._listen(snapshots)
            if self._is_decided():
                return True
            if self.tracker.may_have_begun or self._counts_down(fresh):
                return None
            if dialog.asks(_short(fresh), snapshots):
                return None
            texts = tuple(without_countdown(text) for text in fresh)
            return True if self.browser.has_rested(self._timer.seconds(texts), TIME_TO_REST) else None

        self.browser.wait(settled, UPLOAD, "选择照片")
        if not self._is_decided() and self.answer.refused():
            raise self.answer.stop()

    def _layer(self, before: Sequence[FrameSnapshot], question: QuestionWords) -> ConfirmDialog:
        refused = self.controls.words.refused
        return ConfirmDialog(self.browser, UPLOAD, question, refused, before, self.tracker)

    # -- sending ---------------------------------------------------------------------------------------------------------------

    def _press(self, asked: Words) -> None:
        """Press the button that sends, unless the page has begun to send by itself meanwhile."""
        self._stop_before_forbidden(self.browser.snapshot())
        match = self._sender(asked)
        if match is None:
            return
        self._chosen = self.browser.snapshot()
        self._known |= all_texts(self._chosen)
        try:
            self.browser.click_match(match, UPLOAD)
        except Covered as covered:
            said = self.answer.words
            told = f"页面显示{self.answer.quoted()}。" if said else ""
            raise Covered(covered.message + told, covered.remedy, said=said) from None

    def _stop_before_forbidden(self, snapshots: Sequence[FrameSnapshot]) -> None:
        """Stop before what came after choosing and speaks of what only the person may agree to."""
        lines = [line for snapshot in snapshots for line in tree.lines(snapshot.root)]
        rows = {line.text: _without_buttons(line) for line in lines if self._is_of_the_file(line)}
        rows |= {
            line.text: "" for card in self._cards(lines) for line in tree.lines(card) if _takes_away(line)
        }
        never = self.controls.words.never
        new = [text for text in self._listen(snapshots) if contains(rows.get(text, text), never)]
        if new:
            raise unforeseen(new[0])

    def _is_of_the_file(self, line: TextLine) -> bool:
        """True for the row that shows the chosen file, where a button to take it away may stand."""
        return bool(self.answer.own) and self.answer.own in line.text

    def _cards(self, lines: Sequence[TextLine]) -> Iterator[Node]:
        """What came with the file's name and nothing else: the widest thing around it without a line that was there before."""
        for line in filter(self._is_of_the_file, lines):
            came = takewhile(
                lambda node: not any(one.text in self._known for one in tree.lines(node)),
                line.block.upwards(),
            )
            yield from list(came)[-1:]

    def _sender(self, asked: Words) -> Match | None:
        """The button that sends, or that the page asks for; None once the page sends by itself."""
        started = time.monotonic()

        def found(snapshots: list[FrameSnapshot]) -> Match | bool | None:
            self._listen(snapshots)
            if self._is_decided():
                return True
            if self.tracker.may_have_begun:
                return None
            match = self.controls.sender(asked)
            if match is None and self.answer.said and time.monotonic() - started > TIME_TO_EXPLAIN:
                raise self.answer.stop()
            return match

        try:
            way = self.browser.wait(found, UPLOAD, "上传")
        except SiteChanged:
            instead = None if asked else self._instead()
            if instead is None:
                raise
            return instead
        return way if isinstance(way, Match) else None

    def _instead(self) -> Match | None:
        words = self.controls.words
        known = (*words.choose, *words.either, *words.success, *words.refused)
        return self.handover.propose(Target("上传", words.submit, "button"), UPLOAD, known)

    @contextmanager
    def _no_chooser(self) -> Iterator[None]:
        """Notice a chooser that the button opens: it was no button that sends. Nothing is given to it."""
        page = self.controls.snapshot.frame.page
        page.on("filechooser", self._note_chooser)
        try:
            yield
        finally:
            page.remove_listener("filechooser", self._note_chooser)

    def _note_chooser(self, chooser: FileChooser) -> None:
        self._choosers.append(chooser)

    # -- the answer --------------------------------------------------------------------------------------------------------------

    def _await_answer(self) -> None:
        """Wait for the platform's word, answering one layer about the upload."""
        words = self.controls.words
        question = words.question if self._chosen else words.first_question
        dialog = self._layer(self._chosen or self.browser.snapshot(), question)
        since = StabilityTimer()

        def answered(snapshots: list[FrameSnapshot]) -> bool | None:
            fresh = self._listen(snapshots)
            if self.answer.accepted():
                return True
            if not self.tracker.begun and self._counts_down(fresh):
                return None
            if dialog.asks(_short(fresh), snapshots):
                return None
            if self._says_no(fresh, dialog) or self.tracker.is_over() or self._choosers:
                return True
            if self.tracker.begun or self.tracker.may_have_begun or not self.answer.said:
                return None
            return True if since.seconds(tuple(self.answer.said)) > TIME_TO_EXPLAIN else None

        try:
            self.browser.wait(answered, UPLOAD, "上传结果")
        except SiteChanged:
            return

    def _says_no(self, fresh: Sequence[str], dialog: ConfirmDialog) -> bool:
        texts = [*self.answer.answered, *(text for text in fresh if text not in dialog.answered)]
        return bool(self.answer.saying(Meaning.REFUSED, texts))


def _without_buttons(line: TextLine) -> str:
    return "".join(leaf.words for leaf in line.leaves if not leaf.is_pressed)


def _takes_away(line: TextLine) -> bool:
    """True for a line that is nothing but a button which takes the chosen file away again."""
    return line.text in TAKES_AWAY and all(leaf.is_pressed for leaf in line.leaves)


def _short(fresh: Sequence[str]) -> list[str]:
    return [text for text in fresh if len(text) <= LONGEST_QUESTION]
