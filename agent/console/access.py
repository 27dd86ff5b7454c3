"""Access to the console: for whoever opened its one-time address, and nobody else."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

LONGEST_SECONDS = 12 * 3600
"""A session ends after a working day at the latest, and with the console."""


@dataclass(frozen=True)
class ConsoleSession:
    """One browser that has opened the address; ``csrf`` proves that a change comes from a page of ours."""

    csrf: str = field(repr=False)
    until: float


class LaunchToken:
    """The one-time token and the sessions that came of it, in memory only.

    Args:
        clock: Tells seconds that never go backwards.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._token: str | None = secrets.token_urlsafe(32)
        self._sessions: dict[str, ConsoleSession] = {}

    @property
    def token(self) -> str:
        """The token while it was not used; empty afterwards."""
        return self._token or ""

    def renew(self) -> str:
        """Return a fresh token, which takes the place of one that nobody used; sessions that are there go on."""
        self._token = secrets.token_urlsafe(32)
        return self._token

    def exchange(self, token: str) -> str | None:
        """Return a new session's cookie for the right token, which is thereby used up; None for any other."""
        if self._token is None or not secrets.compare_digest(token.encode(), self._token.encode()):
            return None
        self._token = None
        cookie = secrets.token_urlsafe(32)
        self._sessions[cookie] = ConsoleSession(secrets.token_urlsafe(32), self._clock() + LONGEST_SECONDS)
        return cookie

    def session(self, cookie: str) -> ConsoleSession | None:
        """Return the session of a cookie; None when there is none or its time is over."""
        found = self._sessions.get(cookie)
        return found if found and self._clock() < found.until else None

    def close(self) -> None:
        """End every session, and let nobody in any more."""
        self._token = None
        self._sessions.clear()
