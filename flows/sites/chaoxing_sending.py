"""成教学生服务平台: sending what is not a photo: one press, at most one question back, and the platform's own word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Request

from agent.errors import EntryRefused, SiteChanged
from agent.finding import Found, Target
from agent.page import Seen, View, all_texts
from agent.reading import contains, key
from agent.sending import Sending, watching
from flows.profile import Question
from flows.sites.chaoxing import LONGEST_MESSAGE, Chaoxing

QUESTION_MARKS = ("?", "？")


@dataclass
class Sender:
    """Presses a button that sends, and hears what the platform says to it.

    Args:
        platform: Signed in, with the page open.
        page: The page's name, for messages.
        question: What the platform may ask back and be told yes to.
        own: What the student has written, which is never the platform's word.
        done: What the page says once it has been sent, besides the platform's usual words.
    """

    platform: Chaoxing
    page: str
    question: Question
    own: str = ""
    done: tuple[str, ...] = ()

    @property
    def _view(self) -> View:
        return self.platform.view

    def press(self, located: Found, target: Target) -> EntryRefused | None:
        """Press once and wait for the platform's word; whether it has arrived, only reading back can tell.

        Returns:
            What the platform said against it, or None.

        Raises:
            ActionNeeded: It asked something else in a dialog, which was dismissed.
        """
        before = all_texts(self._view.look())
        self._view.messages.clear()
        with (
            watching(self._view.context, _posts) as sending,
            self._view.accepting(any_of=self.question.names, never=self.question.never),
        ):
            self._view.press(located, target, self.page)
            said = self._said(before, sending)
        return EntryRefused(f"平台没有接受：“{said}”。") if said else None

    def _said(self, before: set[str], sending: Sending) -> str:
        """The platform's no; empty when it said yes or nothing."""
        unanswered = [True]

        def answered(seen: list[Seen]) -> str | None:
            self._view.stop_on_refused_dialog()
            fresh = self._fresh(seen, before)
            asked = self._asked(fresh, seen)
            if unanswered and asked:
                unanswered.clear()
                self._view.press(asked, self._yes, self.page)
                return None
            if any(contains(text, (*self.platform.data.heard.success, *self.done)) for text in fresh):
                return ""
            refused = [text for text in fresh if contains(text, self.platform.data.heard.refused)]
            if refused and not asked:
                return refused[0]
            return "" if sending.is_over() else None

        try:
            return self._view.wait(answered, self.page, "提交结果")
        except SiteChanged:
            return ""

    @property
    def _yes(self) -> Target:
        return Target("确定", self.question.confirm, "button")

    def _asked(self, fresh: Sequence[str], seen: Sequence[Seen]) -> Found | None:
        """The button for yes in a layer with one question that names what is sent and nothing forbidden."""
        asks = [text for text in fresh if text.rstrip().endswith(QUESTION_MARKS)]
        fits = (
            len(asks) == 1
            and contains(asks[0], self.question.names)
            and not contains(asks[0], self.question.never)
        )
        return self._view.only_shown(self._yes, seen) if fits else None

    def _fresh(self, seen: Sequence[Seen], before: set[str]) -> list[str]:
        """What was said since: new short lines that are not the student's own words."""
        said = (*self._view.messages, *all_texts(seen))
        own = key(self.own)
        new = (text for text in said if text not in before and len(text) <= LONGEST_MESSAGE)
        return [text for text in new if key(text) not in own]


def _posts(request: Request) -> bool:
    return request.method in ("POST", "PUT")
