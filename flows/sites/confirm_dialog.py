"""Confirm dialogs drawn by a page: answered where the question was foreseen, told to the person where not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from agent.browser.dialogs import unforeseen
from agent.browser.locators import Clickable, Target, may_show, one_over, word_pattern
from agent.browser.network.request_tracker import RequestTracker
from agent.browser.site_browser import SiteBrowser
from agent.browser.stability import TIME_TO_REST, StabilityTimer
from agent.snapshot.fields import contains
from agent.snapshot.frame import FrameSnapshot, all_texts
from agent.snapshot.tree import Box
from flows.profiles.site_words import QuestionWords, Words

QUESTION_MARKS = ("?", "？")
LONGEST_QUESTION = 60
"""What is longer is for the person to read."""
AFTERWARDS = re.compile(r"(?:提交|保存|确认)后[将就便]?(?:不可|不能|无法|不得|不允许)再?(?:更改|修改|变更)")
"""What will be so once it has been sent is no refusal; whether it may be told yes is for the question's own words to say."""


@dataclass
class ConfirmDialog:
    """Confirm dialog of a page that is about to send something.

    Args:
        browser: The site's windows.
        page: The page's name, for messages.
        question: What may be asked and told yes to.
        refused: The site's words for no; a layer with one of them asks nothing unless it can be cancelled.
        before: The page as it was when its button was pressed.
        tracker: What has become of the request since.
    """

    browser: SiteBrowser
    page: str
    question: QuestionWords
    refused: Words
    before: Sequence[FrameSnapshot]
    tracker: RequestTracker
    answered: frozenset[str] = frozenset()
    """The lines that stood there when it was told yes: they may stay for a moment, and are no answer."""
    _timer: StabilityTimer = field(default_factory=StabilityTimer)

    def asks(self, fresh: Sequence[str], snapshots: Sequence[FrameSnapshot]) -> bool:
        """Say whether a question stands there that was not answered yet; one that was foreseen is told yes.

        Args:
            fresh: The lines that were not there before.
            snapshots: The page now.

        Raises:
            ActionNeeded: It asks something else; it was not answered.
        """
        if self.answered:
            return False
        known = self._known_question(fresh, snapshots)
        button = known or self._fresh_button(fresh, snapshots)
        if button is None:
            self._timer.reset()
        elif known or self._may_be_answered(fresh, snapshots):
            self.answered = frozenset(fresh)
            self.browser.click(button, self._yes, self.page)
        return button is not None

    @property
    def _yes(self) -> Target:
        return Target("确定", (*self.question.confirm, *self.question.confirm_named), "button")

    @property
    def _no(self) -> Target:
        return Target("取消", self.question.cancel, "button")

    def _known_question(self, fresh: Sequence[str], snapshots: Sequence[FrameSnapshot]) -> Clickable | None:
        """The button for yes to the one question that was foreseen; one about what went wrong is another."""
        asked = _questions(fresh)
        went_wrong = self.tracker.begun and self._says_no(fresh)
        foreseen = len(asked) == 1 and not went_wrong and self._is_foreseen(asked, snapshots)
        yes = (*self.question.confirm, *self.question.confirm_named)
        return self._fresh_yes(snapshots, yes) if foreseen else None

    def _may_be_answered(self, fresh: Sequence[str], snapshots: Sequence[FrameSnapshot]) -> bool:
        """True for words that were foreseen, once they stay the same; raises ``ActionNeeded`` for others, long ones, and what is not to be."""
        new = self._new(snapshots)
        if not self.browser.has_rested(self._timer.seconds(new), TIME_TO_REST):
            return False
        asked = _questions(fresh)
        unclear = any(len(text) > LONGEST_QUESTION for text in new) or self._says_no(fresh)
        if asked or unclear or not self._is_foreseen(fresh, snapshots):
            forbidden = [text for text in self._told(new) if contains(text, self.question.never)]
            raise unforeseen(max(asked or forbidden or self._told(new) or new or fresh, key=_weight))
        return True

    def _told(self, new: Iterable[str]) -> list[str]:
        buttons = word_pattern(*(first + second for first in self._words for second in ("", *self._words)))
        return [text for text in new if not buttons.match(text)]

    @property
    def _words(self) -> tuple[str, ...]:
        return (*self.question.confirm, *self.question.confirm_named, *self.question.cancel)

    def _new(self, snapshots: Sequence[FrameSnapshot]) -> set[str]:
        return all_texts(snapshots) - all_texts(self.before)

    def _is_foreseen(self, said: Sequence[str], snapshots: Sequence[FrameSnapshot]) -> bool:
        """True for words that name what is sent, where nothing new on the page, however long, is forbidden."""
        forbidden = any(contains(text, self.question.never) for text in self._new(snapshots))
        cancelled = self._came(self._no, snapshots)
        return not forbidden and any(self.question.names_it(text, cancelled) for text in said)

    def _fresh_button(self, fresh: Sequence[str], snapshots: Sequence[FrameSnapshot]) -> Clickable | None:
        """The button for yes where it came after the press and nothing has been sent: a question without its mark."""
        told = (
            self.tracker.begun or not fresh or (self._says_no(fresh) and not self._came(self._no, snapshots))
        )
        return None if told else self._fresh_yes(snapshots, self.question.confirm)

    def _fresh_yes(self, snapshots: Sequence[FrameSnapshot], yes: Words) -> Clickable | None:
        """The button for yes that came with the question; one that stood there before does something of the page's."""
        words = (Target.of(word, kind="button") for word in yes)
        came = tuple(target.name for target in words if self._came(target, snapshots))
        if came:
            found = self.browser.match_or_none(Target.of(*came, kind="button"), snapshots)
            return found or self._beside_no(snapshots, came)
        return self._added_yes(snapshots, yes)

    def _beside_no(self, snapshots: Sequence[FrameSnapshot], yes: Words) -> Clickable | None:
        """The one button for yes that stands beside the one for no: the title of the question may say the same."""
        for item in snapshots:
            answers = _places(item, self.question.cancel)
            beside = [box for box in _places(item, yes) if any(box.overlap_y(other) > 0 for other in answers)]
            if len(answers) == len(beside) == 1:
                return self._yes_at(item, yes, beside[0])
        return None

    def _added_yes(self, snapshots: Sequence[FrameSnapshot], yes: Words) -> Clickable | None:
        """The one button for yes that there is more than before, where those of the page still stand where they stood."""
        before = {item.frame: _places(item, yes) for item in self.before}
        for item in snapshots:
            now, then = _places(item, yes), before.get(item.frame, set())
            added = now - then
            if then and then <= now and len(added) == 1:
                return self._yes_at(item, yes, *added)
        return None

    def _yes_at(self, snapshot: FrameSnapshot, yes: Words, place: Box) -> Clickable | None:
        target = Target("确定", yes, "button")
        return one_over(snapshot.frame, target, self.page, place)

    def _says_no(self, fresh: Sequence[str]) -> bool:
        said = fresh if self.tracker.begun else [AFTERWARDS.sub("", text) for text in fresh]
        return any(contains(text, self.refused) for text in said)

    def _came(self, button: Target, snapshots: Sequence[FrameSnapshot]) -> bool:
        shows, showed = (
            any(may_show(snapshot, button) for snapshot in looked) for looked in (snapshots, self.before)
        )
        return shows and not showed


def _places(snapshot: FrameSnapshot, words: Words) -> set[Box]:
    pattern = word_pattern(*words)
    return {leaf.box for leaf in snapshot.root.leaves if pattern.match(leaf.words)}


def _questions(fresh: Sequence[str]) -> list[str]:
    return [text for text in fresh if text.rstrip().endswith(QUESTION_MARKS)]


def _weight(text: str) -> tuple[bool, int]:
    """Sentences before a row of buttons, longer ones before shorter ones."""
    return any(mark in text for mark in "，。！？；,!?"), len(text)
