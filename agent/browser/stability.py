"""Stability of what a page shows: one that is still filling is not yet what it will say."""

from __future__ import annotations

import time

TIME_TO_REST = 0.8
"""Seconds for which what is not known to be complete must stay the same before it is believed."""
TIME_TO_STAND = 2.0
"""Seconds for which a page that shows nothing, and on which nothing is under way, must stay so before that is believed."""


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
