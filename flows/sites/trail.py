"""The menu words on the way to a page: which of them may be pressed next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.finding import Target
from agent.page import View, Way
from agent.seen import Seen
from agent.still import Still
from flows.wording import Words

TIME_TO_LEAD_ON = 2.5
"""Seconds in which a menu word that was pressed leads on, before one that is farther from the page is pressed."""


@dataclass
class Trail:
    """The way to one page. A menu stays where it is while a script fetches what was chosen from it.

    Args:
        view: The site's windows.
        ways: The words that lead to the page, the nearest to it first.
        tried: Those that were pressed; one that is not among ``ways`` counts as the nearest.
    """

    view: View
    ways: Sequence[Words]
    tried: list[Words] = field(default_factory=list)
    _still: Still = field(default_factory=Still)

    def follow(self, way: Way, page: str) -> None:
        """Press what leads on; errors as in ``View.press``."""
        self.pressed(way.target.words)
        self.view.follow(way, page)

    def pressed(self, words: Words) -> None:
        """Remember what has been pressed: where it leads may show only after a while."""
        self.tried.append(words)
        self._still.reset()

    def start_anew(self) -> None:
        """Forget what has been pressed, since the site was opened anew."""
        self.tried.clear()

    def next_way(self, seen: Sequence[Seen]) -> Way | None:
        """Return the nearest word not tried yet that lies ahead; any, once the last one has led nowhere for a while."""
        nowhere = self._still.seconds("nowhere") > TIME_TO_LEAD_ON and not self.view.traffic.is_answering()
        return self._way(self.ways if nowhere else self._ahead, seen)

    def leads_on(self, seen: Sequence[Seen]) -> bool:
        """True while the page shows a word that was not tried yet, ahead or behind."""
        return self._way(self.ways, seen) is not None

    @property
    def _ahead(self) -> Sequence[Words]:
        if not self.tried:
            return self.ways
        last = self.tried[-1]
        return self.ways[: self.ways.index(last)] if last in self.ways else ()

    def _way(self, ways: Sequence[Words], seen: Sequence[Seen]) -> Way | None:
        return self.view.way((Target(words[0], words) for words in ways if words not in self.tried), seen)
