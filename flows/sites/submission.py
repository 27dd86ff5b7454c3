"""Submission of a form: one press, at most one question back, and the site's answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from agent.browser.locators import Clickable, Target
from agent.browser.network.request_tracker import RequestTracker, carrying_values, track_request
from agent.browser.site_browser import SiteBrowser
from agent.errors import EntryRefused, GradsyncError, SiteChanged, WriteUnverified, quote
from agent.snapshot import tree
from agent.snapshot.frame import FrameSnapshot, all_texts
from agent.snapshot.tree import key
from flows.profiles.site_words import AnswerWords, QuestionWords
from flows.sites.confirm_dialog import ConfirmDialog
from flows.sites.site_messages import accepts, refuses

LONGEST_MESSAGE = 60


@dataclass
class Submission:
    """Submission of one form: presses its button and hears the site's answer.

    Args:
        browser: The site's windows, with the page open.
        heard: The site's words for yes and no.
        page: The page's name, for messages.
        question: What the platform may ask back and be told yes to.
        own: What the student has written, which is never the platform's word.
        done: What the page says once it has been sent, besides the site's usual words.
    """

    browser: SiteBrowser
    heard: AnswerWords
    page: str
    question: QuestionWords
    own: str = ""
    done: tuple[str, ...] = ()
    is_taken: Callable[[Sequence[FrameSnapshot]], bool] = lambda snapshots: False
    """True of a page that shows that it has taken it, whether or not it sends anything."""
    was_sent: bool = field(default=False, init=False)
    """True once something of it may have gone to the site."""
    _acknowledged: str = field(default="", init=False)

    def press(self, clickable: Clickable, target: Target) -> GradsyncError | None:
        """Press once and wait for the platform's word; whether it has arrived, only reading back can tell.

        Returns:
            The stop that holds where reading back does not show it: a refusal, or the platform's yes that nothing bears out;
            None where it said nothing.

        Raises:
            ActionNeeded: It asked something else in a dialog, which was dismissed.
        """
        before = self.browser.snapshot()
        self.browser.dialogs.messages.clear()
        known = frozenset(self.browser.network.sent_to)
        carries = carrying_values(self.own.split(), known)
        with (
            track_request(self.browser.context, carries) as tracker,
            self.browser.dialogs.accepting(any_of=self.question.names, never=self.question.never),
        ):
            self.browser.network.sent_count += 1  # a form may go out in the address of a page
            self.browser.click(clickable, target, self.page)
            said = self._said(before, tracker)
        self.was_sent = tracker.begun or bool(self.browser.network.sent_to - known)
        if said:
            return EntryRefused(f"平台没有接受：{quote(said)}。", said=said)
        return _unproven(self._acknowledged) if self._acknowledged else None

    def _said(self, before: Sequence[FrameSnapshot], tracker: RequestTracker) -> str:
        """The platform's no; empty when it said yes or nothing."""
        known = all_texts(before)
        dialog = ConfirmDialog(self.browser, self.page, self.question, self.heard.refused, before, tracker)

        def answered(snapshots: list[FrameSnapshot]) -> str | None:
            self.browser.dialogs.stop_on_refused()
            fresh = self._fresh(snapshots, known)
            if dialog.asks(fresh, snapshots):
                return None
            if yes := [text for text in fresh if accepts(text, self.heard, self.done)]:
                self._acknowledged = yes[0]
                return ""
            answers = (text for text in fresh if text not in dialog.answered)
            refused = [text for text in answers if refuses(text, self.heard)]
            is_over = tracker.is_over() or (not tracker.begun and self.is_taken(snapshots))
            return refused[0] if refused else "" if is_over else None

        try:
            return self.browser.wait(answered, self.page, "提交结果")
        except SiteChanged:
            return ""

    def _fresh(self, snapshots: Sequence[FrameSnapshot], before: set[str]) -> list[str]:
        """What was said since: new short lines that are not the student's own words."""
        said = (*self.browser.dialogs.messages, *all_texts(snapshots))
        own = key(self.own)
        new = (text for text in said if text not in before and len(text) <= LONGEST_MESSAGE)
        return [text for text in new if key(text) not in own]


def _unproven(said: str) -> WriteUnverified:
    at = datetime.now().astimezone()
    return WriteUnverified(
        f"已提交，但网站上还看不到结果；网站在 {at:%H:%M} 说过：{quote(said)}。", said=said
    )


def words_of(snapshot: FrameSnapshot) -> str:
    """Return everything a frame says, a line each, for the evidence."""
    return "\n".join(line.text for line in tree.lines(snapshot.root))
