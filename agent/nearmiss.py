"""A near miss: what is looked for is not there, but one thing on the page is called almost so. Only the person may say yes.

A search by likeness repairs most renamed controls and picks the wrong one now and then, so it may propose and never decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from playwright.sync_api import Page

from agent.errors import NobodyThere
from agent.finding import Target
from agent.human import YES, Ask, AskKind, Desk
from agent.layout import key
from agent.page import View, Way
from agent.reading import contains
from agent.seen import Seen

ALIKE = 0.6
"""Likeness (0 to 1, twice the shared characters over all) from which something is worth a question."""
CLEARLY = 0.15
"""By so much it must be more alike than anything else that is called otherwise."""
MARGIN = 80
"""CSS pixels shown around it."""


@dataclass(frozen=True)
class Guide:
    """Asks the person whether what is called almost so is what is meant.

    Args:
        view: The site's windows.
        desk: Where the person is asked.
        never: Words of things that are never proposed, e.g. 删除.
    """

    view: View
    desk: Desk
    never: tuple[str, ...]

    def instead(self, target: Target, page: str, known: Sequence[str] = ()) -> Way | None:
        """Return what the person says is meant by something that is missing.

        Args:
            target: What is missing.
            page: The page's name, for the question.
            known: Words that belong to something else, which is not meant.

        Returns:
            What to press in its stead; None when nothing is near, nobody is there or the person says no.
        """
        seen = self.view.look()
        words = nearest_name(target.words, self._names(seen, known))
        way = self.view.way([Target(words, (words,), target.kind)], seen) if words else None
        window = next(
            (item.frame.page for item in seen if way and way.target.name in item.names), self.view.page
        )
        if way is None or not self._is_meant(way, window, target, page):
            return None
        said = f"「{page}」页面没有“{target.name}”，按本人的回答用了“{way.target.name}”"
        self.view.fallbacks.append(said)
        return way

    def _names(self, seen: Sequence[Seen], known: Sequence[str]) -> Iterator[str]:
        others = set(map(key, known))
        for name in set().union(*(item.names for item in seen)):
            if key(name) not in others and not contains(name, self.never):
                yield name.strip()

    def _is_meant(self, way: Way, window: Page, target: Target, page: str) -> bool:
        text = f"「{page}」页面没有“{target.name}”，最接近的是“{way.target.name}”（见图）。要点的是它吗？"
        site = self.view.site
        picture = self.view.picture_around(way.located, window, MARGIN)
        try:
            return self.desk.ask(Ask(f"near-miss.{site}", AskKind.YES_NO, text, site, image=picture)) == YES
        except NobodyThere:
            return False


def nearest_name(words: Sequence[str], names: Iterator[str]) -> str | None:
    """Return the one name that is clearly the most like one of the words; None when none is, or two are."""
    ranked = sorted(((_likeness(words, name), name) for name in names), reverse=True)
    if not ranked or ranked[0][0] < ALIKE:
        return None
    second = next((likeness for likeness, name in ranked if key(name) != key(ranked[0][1])), 0.0)
    return ranked[0][1] if ranked[0][0] - second >= CLEARLY else None


def _likeness(words: Sequence[str], name: str) -> float:
    return max((SequenceMatcher(None, key(word), key(name), False).ratio() for word in words), default=0.0)
