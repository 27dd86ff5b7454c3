"""Stability of what a page shows: one that is still filling is not yet what it will say."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from agent.browser.times import TIME_TO_REST

if TYPE_CHECKING:
    from agent.browser.site_browser import SiteBrowser
    from agent.snapshot.frame import FrameSnapshot

T = TypeVar("T")


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


@dataclass(frozen=True)
class Settling(Generic[T]):
    """Something on a page that may still be coming.

    Args:
        value: It, as far as it has come.
        shows: What of it has to stay the same.
        is_whole: True where nothing more can come.
        rest: For how long it has to stay the same, in seconds.
    """

    value: T
    shows: object
    is_whole: bool = False
    rest: float = TIME_TO_REST


def wait_stable(
    browser: SiteBrowser, look: Callable[[list[FrameSnapshot]], Settling[T] | None], page: str, what: str
) -> T:
    """Wait for something that is whole, or has stood still for long enough.

    Args:
        browser: The windows it comes in.
        look: Finds it; None while it is not there, after which it is new again.
        page: The page's name, for messages.
        what: Its name, for messages.

    Raises:
        SiteChanged: It has not come in time.
    """
    timer = StabilityTimer()

    def stable(snapshots: list[FrameSnapshot]) -> T | None:
        now = look(snapshots)
        if now is None:
            timer.reset()
            return None
        return now.value if timer.seconds(now.shows) > now.rest or now.is_whole else None

    return browser.wait(stable, page, what)
