"""Notification of open pages that something changed."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Changes:
    """Counts changes, so that one which happens while a page is being sent is not missed."""

    def __init__(self) -> None:
        self.count = 0
        self.closed = False
        self._event = asyncio.Event()

    def tell(self) -> None:
        """Say that something changed."""
        self.count += 1
        self._event.set()
        self._event = asyncio.Event()

    def close(self) -> None:
        """Say that nothing will change any more."""
        self.closed = True
        self.tell()

    async def after(self, count: int, seconds: float | None = None) -> None:
        """Wait until more has changed than so much, and ``seconds`` at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.count == count and not self.closed:
                    await self._event.wait()
