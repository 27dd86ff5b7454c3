"""What leads to the rest of a list that a page shows in parts: pages, folded parts, tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.browser.locators import Target, handles_at
from agent.browser.site_browser import Match, SiteBrowser
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.paging import next_button, page_number
from flows.profiles.site_words import Words
from flows.sites.navigation.folds import folded_text


@dataclass(frozen=True)
class ListPager:
    """The pager of a list.

    Args:
        browser: The site's windows.
        page: The page's name, for messages.
        words: What turns to the next page: words, and arrows.
    """

    browser: SiteBrowser
    page: str
    words: Words

    def way(self, snapshot: FrameSnapshot, number: int) -> Match | None:
        """Return what turns to the page with this number (the first is 1): its words, else its number, else an arrow."""
        named = [word for word in self.words if any(map(str.isalpha, word))]
        arrows = [word for word in self.words if word not in named]
        return (
            self._named(named, snapshot)
            or self._numbered(snapshot, number)
            or self._named(arrows, snapshot)
            or self._bare(snapshot, number)
        )

    def _bare(self, snapshot: FrameSnapshot, number: int) -> Match | None:
        """The button or the arrow without words behind the number of the page."""
        button = next_button(snapshot.root, number)
        if button is None:
            return None
        frame, box = snapshot.frame, button.box
        found = handles_at(frame, "a, button, [role=button]", box)
        found = found or handles_at(frame, "span, div, i, li", box)
        return Match(Target(f"第 {number} 页", ()), found[0]) if len(found) == 1 else None

    def _named(self, words: Sequence[str], snapshot: FrameSnapshot) -> Match | None:
        return self.browser.first_match((Target.of(word, kind="button") for word in words), [snapshot])

    def _numbered(self, snapshot: FrameSnapshot, number: int) -> Match | None:
        leaf = page_number(snapshot.root, number)
        target = Target(f"第 {number} 页", (str(number),), "button")
        return self.browser.match_at(snapshot, leaf, target, self.page) if leaf else None


@dataclass
class ListParts:
    """The parts of a list, each opened once.

    Args:
        pager: Its pager.
        labels: What its rows are labelled with.
        head: Labels of what stands above it.
        never: Words of things that are never opened.
        rows: What its rows begin with that has no label.
    """

    pager: ListPager
    labels: Sequence[str]
    head: Sequence[str]
    never: Sequence[str]
    rows: Sequence[str] = ()
    _opened: list[str] = field(default_factory=list)
    _number: int = 1

    def next(self, snapshot: FrameSnapshot) -> Match | None:
        """Return what opens the next part; None where no more is offered."""
        fold = folded_text(snapshot, self.labels, self.head, self._opened, self.never, self.rows)
        if fold:
            self._opened.append(fold.target.name)
            return fold
        self._number += 1
        return self.pager.way(snapshot, self._number)
