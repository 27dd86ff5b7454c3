"""How far the way to a page of a site has been gone: which of its words to press next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from agent.browser.locators import Target, may_show, word_pattern
from agent.browser.site_browser import Match, SiteBrowser
from agent.browser.stability import (
    TIME_AT_REST,
    TIME_FOR_TILES,
    TIME_TO_LEAD_ON,
    StabilityTimer,
)
from agent.snapshot.cards import card_buttons
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Box, Node
from flows.profiles.site_words import Words
from flows.sites.navigation.folds import folded_menu, pointed_out
from flows.sites.navigation.words import FURTHER_OPENERS, MENU_OPENERS, PERSONAL

MOST_UNDER = 80
"""How far below its heading the first entry of a menu begins, and how far it is moved in, at most (CSS pixels)."""
MOST_FOLDS = 6
"""Folded menus that a walk opens to look for its words, at most."""


@dataclass
class Walk:
    """How far the way to one page has been gone. A menu stays where it is while a script fetches what was chosen from it.

    Args:
        browser: The site's windows.
        ways: The words that lead to the page, the nearest to it first.
        late: Words pressed only while nothing nearer was pressed, and none has come for ``TIME_FOR_TILES``.
        learned: Words that a person was seen to press on this way, the nearest to the page first.
        tried: Those that were pressed; one that is not among the others counts as the nearest.
        amid: True while it has not been at the site's start.
        never: Words that no heading of a folded menu may hold.
        known: What was pressed when the page was reached before in this run, in that order.
    """

    browser: SiteBrowser
    ways: Sequence[Words]
    late: Sequence[Words] = ()
    learned: Sequence[Words] = ()
    tried: list[Words] = field(default_factory=list)
    amid: bool = False
    never: Sequence[str] = ()
    known: Sequence[Words] = ()
    _opened: list[str] = field(default_factory=list)
    _hidden: list[str] = field(default_factory=list)
    """Other words of what was pressed, which did not stand there then."""
    _fold: Match | None = None
    _entry: Match | None = None
    _headed: list[Words] = field(default_factory=list)
    """Words whose card or layer was entered."""
    _timer: StabilityTimer = field(default_factory=StabilityTimer)
    _passed: set[Words] = field(default_factory=set)
    """Words of the way that stood there when another was pressed."""
    _stood: list[Box] = field(default_factory=list)
    """Where the words pressed last stood then."""
    _left: tuple[list[str], int] | None = None
    """Where the last press was made: the windows' addresses, and how many pages had come by then."""
    _repeated: bool = False
    _pointed: bool = False
    """Whether the icons of this page were pointed at."""

    def follow(self, match: Match, page: str, seconds: float | None = None) -> None:
        """Press what leads on; arguments and errors as in ``SiteBrowser.click``."""
        words, is_fold = match.target.words, match is self._fold
        hidden = [] if is_fold else self._left_behind(words)
        self._left = (self.browser.addresses, self.browser.network.arrivals)
        self.browser.click_match(match, page, seconds)
        if is_fold:
            self._opened.append(match.target.name)
            self._timer.reset()
        else:
            self._hidden = [word for word in self._hidden if (word,) != words] + hidden
            self._headed += [words] if match is self._entry else []
            self.pressed(words)

    def _left_behind(self, words: Words) -> list[str]:
        """Note what stands there beside what is pressed; return those of several words for one thing that do not."""
        looked = self.browser.snapshot()

        def shown(*names: str) -> bool:
            return any(may_show(item, Target.of(*names)) for item in looked)

        self._passed.update(other for other in self.ways if other != words and shown(*other))
        self._stood = [leaf.box for item in looked for leaf in _leaves(item, words)]
        return [word for word in words if len(words) > 1 and not shown(word)]

    def pressed(self, words: Words) -> None:
        """Remember what has been pressed: where it leads may show only after a while."""
        self.tried.append(words)
        self._timer.reset()
        self._pointed = False

    def start_anew(self) -> None:
        """Forget what has been pressed, since the site was opened anew."""
        self.tried.clear()
        self._opened.clear()
        self._hidden.clear()
        self._headed.clear()
        self._passed.clear()
        self.amid = False
        self._timer.reset()

    def turn_back(self) -> None:
        """Begin anew without what was pressed last, which has led nowhere."""
        last = self.tried[-1]
        self.ways = [words for words in self.ways if words != last]
        self.start_anew()

    def next_way(self, snapshots: Sequence[FrameSnapshot]) -> Match | None:
        """Return the nearest word not tried yet that lies ahead; any, once the last one has led nowhere for a while.

        What was pressed next when the page was reached before need not wait for that.
        """
        waited = self._timer.seconds("nowhere")
        if waited > TIME_AT_REST and (match := self._known_way(snapshots)):
            return match
        nowhere = self._leads_nowhere(waited) and not self.browser.network.is_answering()
        match = (self._led_to(snapshots) or self._entered(self.tried[-1:], snapshots)) if nowhere else None
        if match is None and self.is_lost(snapshots):
            return None  # the start shows every way; another word amid the site may lead anywhere
        match = match or self._way(self.ways if nowhere else self._ahead, snapshots)
        if match is None and waited > TIME_FOR_TILES:
            match = self._way([*self._late_ahead, *self._learned_ahead(nowhere)], snapshots)
        if match is None and nowhere:
            untried = [words for words in self.ways if words not in self.tried]
            match = self._once_more(snapshots) or self._entered(untried, snapshots)
        if match is None and nowhere and self.browser.is_quiet(snapshots):
            match = self._put_away(snapshots)
        return match

    def _put_away(self, snapshots: Sequence[FrameSnapshot]) -> Match | None:
        """What a person looks into where no word of the way shows: folded menus, icons that say what they are, one's own pages."""
        untried = [words for words in self.ways if words not in self.tried]
        if not untried:
            return None
        self._fold = self._unfolding(untried, MENU_OPENERS, snapshots)
        if self._fold or self.is_dead_end(snapshots):
            return self._fold
        own = (PERSONAL, (self.browser.name,))  # a portal calls a site by its name
        if match := self._explained(untried, snapshots) or self._way(own, snapshots):
            return match
        self._fold = self._unfolding([PERSONAL], FURTHER_OPENERS, snapshots)
        return self._fold

    def _unfolding(
        self, ways: Sequence[Words], openers: Words, snapshots: Sequence[FrameSnapshot]
    ) -> Match | None:
        """The heading of a folded menu that may hold a word of the ways, or what brings up a menu."""
        if len(self._opened) >= MOST_FOLDS:
            return None
        wanted = [word for words in ways if words not in self.tried for word in words]
        fold = folded_menu(snapshots, wanted, self._opened, self.never) if wanted else None
        untried = (Target.of(word, kind="button") for word in openers if word not in self._opened)
        return fold or self.browser.first_match(untried, snapshots)

    def _explained(self, ways: Sequence[Words], snapshots: Sequence[FrameSnapshot]) -> Match | None:
        """What icons say that are pointed at, once on each page."""
        if self._pointed:
            return None
        self._pointed = True
        return pointed_out(self.browser, snapshots, [Target.of(*words) for words in ways])

    def _known_way(self, snapshots: Sequence[FrameSnapshot]) -> Match | None:
        """What followed the last word when the page was reached before, on a page at rest."""
        last = self.tried[-1] if self.tried else None
        if last not in self.known or not self.browser.is_quiet(snapshots):
            return None
        after = self.known.index(last) + 1
        return self._way(self.known[after : after + 1], snapshots)

    def _once_more(self, snapshots: Sequence[FrameSnapshot]) -> Match | None:
        """What was pressed last, where that led back to the same page: a site may sign the student in on the way."""
        if self._repeated or self._left is None or not self.tried:
            return None
        addresses, arrivals = self._left
        if self.browser.network.arrivals == arrivals or self.browser.addresses != addresses:
            return None
        self._repeated = True
        return self._way([self.tried.pop()], snapshots)

    def _led_to(self, snapshots: Sequence[FrameSnapshot]) -> Match | None:
        """What has come of a press for the same page: 成绩 may unfold 我的成绩, or 成绩 right below it."""
        match = self.browser.first_match(map(Target.of, self._hidden), snapshots)
        return match or self._unfolded(snapshots)

    def _unfolded(self, snapshots: Sequence[FrameSnapshot]) -> Match | None:
        words = self.tried[-1] if self.tried else ()
        come = [
            (item, leaf)
            for item in snapshots
            for leaf in _leaves(item, words)
            if leaf.box not in self._stood and any(_is_below(leaf.box, head) for head in self._stood)
        ]
        if len(come) != 1:
            return None
        return self.browser.match_at(*come[0], Target.of(*words), words[0])

    def _entered(self, ways: Sequence[Words], snapshots: Sequence[FrameSnapshot]) -> Match | None:
        """What enters the card or layer that one of the words heads, where pressing them does not; each once."""
        for words in (words for words in ways if words not in self._headed):
            target = Target.of(*words)
            doors = [
                (item, door) for item in snapshots for door in card_buttons(item.root, word_pattern(*words))
            ]
            if len(doors) == 1:
                snapshot, door = doors[0]
                enters = Target(target.name, (door.text,), "button")
                match = self.browser.match_at(snapshot, door.leaves[0], enters, target.name)
                self._entry = match and replace(match, target=target)
                return self._entry
        return None

    def is_lost(self, snapshots: Sequence[FrameSnapshot]) -> bool:
        """True once what was pressed amid the site has led nowhere and nothing is on its way any more."""
        return self.amid and self.has_led_nowhere(snapshots)

    def is_dead_end(self, snapshots: Sequence[FrameSnapshot]) -> bool:
        """True once what was pressed has led nowhere, where another word of the way was passed by before."""
        passed = any(words not in self.tried for words in self._passed)
        is_own = bool(self.tried) and self.tried[-1] in self.ways
        return passed and is_own and self.has_led_nowhere(snapshots)

    def has_led_nowhere(self, snapshots: Sequence[FrameSnapshot]) -> bool:
        """True once nothing has come of the last press for a while, and nothing is on its way any more."""
        return self._leads_nowhere(self._timer.seconds("nowhere")) and self.browser.is_quiet(snapshots)

    def _leads_nowhere(self, waited: float) -> bool:
        """True once nothing has come of what was pressed for long enough, where the page may still do something."""
        return self.browser.has_rested(waited, TIME_TO_LEAD_ON)

    def leads_on(self, snapshots: Sequence[FrameSnapshot]) -> bool:
        """True while the page shows a word that was not tried yet, ahead or behind."""
        return self._way([*self.ways, *self.learned], snapshots) is not None

    def trail(self) -> tuple[Words, ...]:
        """Return the way's own words that were pressed; an arrow or a record's entry is chosen anew each time."""
        own = (*self.ways, *self.late, *self.learned)
        return tuple(words for words in self.tried if words in own)

    def used(self) -> list[Words]:
        """Return the learned words that were pressed."""
        return [words for words in self.tried if words in self.learned]

    @property
    def _ahead(self) -> Sequence[Words]:
        last = self.tried[-1] if self.tried else None
        if last is None or last == PERSONAL or last in self.late or last in self.learned:
            return self.ways
        return self.ways[: self.ways.index(last)] if last in self.ways else ()

    @property
    def _late_ahead(self) -> Sequence[Words]:
        return self.late if set(self.tried) <= set(self.late) else ()

    def _learned_ahead(self, nowhere: bool) -> Sequence[Words]:
        last = self.tried[-1] if self.tried else None
        if nowhere or last is None or last in self.late:
            return self.learned
        return self.learned[: self.learned.index(last)] if last in self.learned else ()

    def _way(self, ways: Sequence[Words], snapshots: Sequence[FrameSnapshot]) -> Match | None:
        return self.browser.first_match(
            (Target.of(*words) for words in ways if words not in self.tried), snapshots
        )


def _leaves(snapshot: FrameSnapshot, words: Words) -> list[Node]:
    pattern = word_pattern(*words)
    return [leaf for leaf in snapshot.root.leaves if pattern.match(leaf.words.strip())]


def _is_below(entry: Box, head: Box) -> bool:
    """True for the first entry of what a heading has unfolded: right below it, no farther left."""
    return 0 < entry.y - head.y < MOST_UNDER and 0 <= entry.x - head.x < MOST_UNDER


Further = Callable[[list[FrameSnapshot], Walk], Match | None]
"""A page's own way on, where no word of the way shows."""


def no_further(snapshots: list[FrameSnapshot], walk: Walk) -> Match | None:
    """Return None: there is no way on but the words."""
    return None
