"""Waiting: for what a page shows to stand still, and the table of every fixed wait, in seconds, each with its reason."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from agent.browser.site_browser import SiteBrowser
    from agent.snapshot.frame import FrameSnapshot

T = TypeVar("T")

# -- what has to stay the same before it is believed -----------------------------------------------------------------------

TIME_TO_ECHO = (
    0.15  # a page of which it is known that it will do nothing by itself: for what it has begun to show
)
TIME_TO_REST = 0.8  # what is not known to be complete
TIME_TO_STAND = 2.0  # a page that shows nothing, and on which nothing is under way
TIME_AT_REST = 0.3  # a list or a calendar that opened: it may slide in
TIME_TO_FILL = 0.5  # a record with fewer rows than usual, before it is taken for whole
TIME_TO_SHOW = 3.0  # a quiet page without a stored photo, before there is none
TIME_TO_MISS = 2.0  # a page that says that there is no photo

# -- in which something comes ----------------------------------------------------------------------------------------------

TIME_TO_OPEN = 5.0  # a list or a calendar
TIME_TO_TAKE = 2.0  # a control's own view of what was given to it
TIME_TO_ASK = (
    1.0  # what a script asks for because of a press; what is asked later may be the page's own timers
)
TIME_TO_STIR = 0.15  # a page's going elsewhere, after a press
TIME_TO_SPEAK = 2.0  # the message about a request that has ended
TIME_TO_APPEAR = 1.0  # a sign-in form, by itself, without a link or a tab being pressed
TIME_TO_GREET = 8.0  # the name on a page that greets
TIME_TO_TURN = 3.0  # a further page of a table; the last page's 下一页 leads nowhere
TIME_TO_COME = 4.0  # the rows of a page that says what it is; what a page may still bring that moves and asks for nothing
TIME_TO_DRAW = 4.0  # the picture on a canvas of a page on which nothing is under way: its script may be slow
TIME_TO_POINT = 0.6  # what an icon says that is pointed at
TIME_TO_EXPLAIN = 3.0  # more words of a page that has sent nothing
TIME_TO_FINISH = 20.0  # a page that a person works on, once it has sent something and says nothing of it
TIME_TO_TICK = 1.8  # another number, where one counts down
TIME_FOR_TILES = 1.5  # a page's own menu, before a block of the portal's or a learned word is pressed
TIME_TO_LEAD_ON = (
    2.5  # what a menu word leads to, before one farther from the page or, amid the site, the start is tried
)

# -- at most ---------------------------------------------------------------------------------------------------------------

CLICK_SECONDS = 5.0  # one click
HELD_SECONDS = 0.4  # what was dragged, before it is let go: what is let go sooner runs on
NOTICE_SECONDS = 2.0  # closing a known notice
FADING_SECONDS = 1.0  # a closed notice's fading out
FRESH_SECONDS = 0.1  # what was seen counts, while nothing is done and nothing stirs
TIME_TO_UNCOVER = 1.0  # what lies over a menu word, where the start page is another way
TIME_TO_LEAVE = 3.0  # a page's giving way to the hall
TIME_TO_SIGN_OUT = 3.0  # signing out at the end of a run
LONGEST_FETCH = 10.0  # a script's request, before it counts as one that is kept open for news to come
CLOSING_SECONDS = 5.0  # ending the proxy
INSTALL_SECONDS = 900  # fetching a browser
GRACE_SECONDS = 5.0  # beyond the patience, since a call that has a limit of its own is to end by that
LEAST_SECONDS = 10.0  # a page of a slow machine that answers after this long is not hanging


class StabilityTimer:
    """Timer of how long a value has been the same."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._value: object = None

    def seconds(self, value: object) -> float:
        """Return for how many seconds it has been this value; 0 when it is new."""
        now = time.monotonic()
        if self._since is None or self._value != value:
            self._since, self._value = now, value
        return now - self._since

    def reset(self) -> None:
        """Forget the value: what comes next is new, even if it is the same."""
        self._since = None


@dataclass
class RestTimer:
    """Timer of how long a value has been the same on a page for which nothing is under way.

    A page that is never quiet is believed in the end: one that only moves sooner than one that waits for an answer.

    Args:
        browser: The windows that are looked at.
    """

    browser: SiteBrowser
    _same: StabilityTimer = field(default_factory=StabilityTimer)
    _calm: StabilityTimer = field(default_factory=StabilityTimer)

    def rests(self, snapshots: list[FrameSnapshot], value: object, seconds: float) -> bool:
        """Say whether it has been this value for so many seconds; what was fetched last has a moment to be shown."""
        is_quiet, still = self.browser.is_quiet(snapshots), self._same.seconds(value)
        calm, has_rested = self._calm.seconds(is_quiet), self.browser.has_rested
        longest = LONGEST_FETCH if self.browser.network.is_fetching() else TIME_TO_COME
        rests = is_quiet and has_rested(calm, TIME_AT_REST) and has_rested(still, seconds)
        return rests or still > longest

    def has_settled(self, value: object) -> bool:
        """Say whether it has been drawn since it is this value, and nothing is still leaving that it may be mixed with."""
        return self.browser.has_settled(self._same.seconds(value))

    def reset(self) -> None:
        """Forget the value."""
        self._same.reset()


@dataclass(frozen=True)
class Settling(Generic[T]):
    """Something on a page that may still be coming.

    Args:
        value: It, as far as it has come.
        shows: What of it has to stay the same.
        is_whole: True where nothing more can come: what has come needs only be drawn.
        rest: For how long it has to stay the same, in seconds.
    """

    value: T
    shows: object
    is_whole: bool = False
    rest: float = TIME_TO_REST


def wait_stable(
    browser: SiteBrowser, look: Callable[[list[FrameSnapshot]], Settling[T] | None], page: str, what: str
) -> T:
    """Wait for something that is whole, or has stood still for long enough on a page for which nothing is under way.

    Args:
        browser: The windows it comes in.
        look: Finds it; None while it is not there, after which it is new again.
        page: The page's name, for messages.
        what: Its name, for messages.

    Raises:
        SiteChanged: It has not come in time.
    """
    timer = RestTimer(browser)

    def stable(snapshots: list[FrameSnapshot]) -> T | None:
        now = look(snapshots)
        if now is None:
            timer.reset()
            return None
        rests = timer.rests(snapshots, now.shows, now.rest)
        is_whole = now.is_whole and timer.has_settled(now.shows)
        return now.value if is_whole or rests else None

    return browser.wait(stable, page, what)
