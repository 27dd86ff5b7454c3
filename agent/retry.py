"""Retries of reads, after a jittered wait that a site may lengthen, within one deadline for all attempts.

A write is never tried again. Whoever sends something to a site does so inside ``no_retries``, where every read is attempted
once: what a write needs to read it either gets at once or stops without having sent anything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import count
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, stop_before_delay
from tenacity.wait import wait_exponential, wait_random

from agent.errors import SessionLost, SiteUnavailable

T = TypeVar("T")
MOST_ATTEMPTS = 3
PASSING = (408, 425, 429, 500, 502, 503, 504)
"""HTTP statuses that may be gone in a moment; a refusal (403) or a missing page (404) stays."""

_sending: ContextVar[bool] = ContextVar("sending", default=False)
_jittered = wait_exponential(multiplier=0.3, max=4) + wait_random(0, 0.3)


@contextmanager
def no_retries() -> Iterator[None]:
    """Let nothing be tried again while inside: something is being sent."""
    token = _sending.set(True)
    try:
        yield
    finally:
        _sending.reset(token)


def retry_read(look: Callable[[float | None], T], seconds: float) -> T:
    """Read, and read again where the site was unavailable for a moment.

    Args:
        look: Reads from the beginning. It gets the seconds that are left; None at the first attempt, which takes the time
            that each of its pages is given.
        seconds: In which the last attempt has ended; none begins that would have to wait until then.

    Raises:
        SiteUnavailable: It stayed so, or the site wants to be left alone for longer.
    """
    if _sending.get():
        return look(None)
    policy = Retrying(
        retry=retry_if_exception(_may_pass),
        wait=_wait,
        stop=stop_after_attempt(MOST_ATTEMPTS) | stop_before_delay(seconds),
        reraise=True,
    )
    started = time.monotonic()
    attempts = count(1)

    def attempt() -> T:
        first = next(attempts) == 1
        return look(None if first else seconds - (time.monotonic() - started))

    return policy(attempt)


def _may_pass(error: BaseException) -> bool:
    if not isinstance(error, SiteUnavailable) or isinstance(error, SessionLost):
        return False
    return error.status is None or error.status in PASSING


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    wanted = error.retry_after if isinstance(error, SiteUnavailable) else None
    return _jittered(state) + (wanted or 0.0)


def seconds_of(retry_after: str) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks for, as a number or as a date; None where it says neither."""
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        return max((parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None
