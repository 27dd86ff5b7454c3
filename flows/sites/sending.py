"""Sending something to a site: one press, at most one question back, and the site's own word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Request

from agent import layout
from agent.errors import EntryRefused, SiteChanged
from agent.finding import Found, Target
from agent.layout import key
from agent.page import View
from agent.reading import contains
from agent.seen import Seen, all_texts
from agent.sending import Sending, watching
from flows.wording import Heard, Question

QUESTION_MARKS = ("?", "？")
LONGEST_MESSAGE = 60
TIME_TO_REST = 0.8
"""Seconds for which what is not known to be complete must stay the same before it is believed."""


@dataclass
class Sender:
    """Presses a button that sends, and hears what the site says to it.

    Args:
        view: The site's windows, with the page open.
        heard: The site's words for yes and no.
        page: The page's name, for messages.
        question: What the platform may ask back and be told yes to.
        own: What the student has written, which is never the platform's word.
        done: What the page says once it has been sent, besides the site's usual words.
    """

    view: View
    heard: Heard
    page: str
    question: Question
    own: str = ""
    done: tuple[str, ...] = ()

    def press(self, located: Found, target: Target) -> EntryRefused | None:
        """Press once and wait for the platform's word; whether it has arrived, only reading back can tell.

        Returns:
            What the platform said against it, or None.

        Raises:
            ActionNeeded: It asked something else in a dialog, which was dismissed.
        """
        before = all_texts(self.view.look())
        self.view.dialogs.messages.clear()
        with (
            watching(self.view.context, _posts) as sending,
            self.view.dialogs.accepting(any_of=self.question.names, never=self.question.never),
        ):
            self.view.press(located, target, self.page)
            said = self._said(before, sending)
        return EntryRefused(f"平台没有接受：“{said}”。") if said else None

    def _said(self, before: set[str], sending: Sending) -> str:
        """The platform's no; empty when it said yes or nothing."""
        unanswered = [True]

        def answered(seen: list[Seen]) -> str | None:
            self.view.dialogs.stop_on_refused()
            fresh = self._fresh(seen, before)
            asked = self._asked(fresh, seen)
            if unanswered and asked:
                unanswered.clear()
                self.view.press(asked, self._yes, self.page)
                return None
            if any(contains(text, (*self.heard.success, *self.done)) for text in fresh):
                return ""
            refused = [text for text in fresh if contains(text, self.heard.refused)]
            if refused and not asked:
                return refused[0]
            return "" if sending.is_over() else None

        try:
            return self.view.wait(answered, self.page, "提交结果")
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
        return self.view.only_shown(self._yes, seen) if fits else None

    def _fresh(self, seen: Sequence[Seen], before: set[str]) -> list[str]:
        """What was said since: new short lines that are not the student's own words."""
        said = (*self.view.dialogs.messages, *all_texts(seen))
        own = key(self.own)
        new = (text for text in said if text not in before and len(text) <= LONGEST_MESSAGE)
        return [text for text in new if key(text) not in own]


def _posts(request: Request) -> bool:
    return request.method in ("POST", "PUT")


def words_of(shown: Seen) -> str:
    """Return everything a frame says, a line each, for the evidence."""
    return "\n".join(line.text for line in layout.lines(shown.root))
