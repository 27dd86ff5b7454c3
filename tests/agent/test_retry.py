"""Reads are tried again within one deadline; what is being sent is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent import retry
from agent.errors import SessionLost, SiteChanged, SiteUnavailable


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that only waiting moves; its one item is the time."""
    now = [0.0]

    def wait(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr("tenacity.nap.time.sleep", wait)
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


def _failing(
    times: int, error: Exception, clock: list[float] | None = None, each: float = 0
) -> tuple[Callable[[float | None], str], list[float | None]]:
    """A read that fails so many times, each attempt taking so long; and what it was told to be left."""
    told: list[float | None] = []

    def look(left: float | None) -> str:
        told.append(left)
        if clock:
            clock[0] += each
        if len(told) <= times:
            raise error
        return "read"

    return look, told


def test_what_was_unavailable_for_a_moment_is_read_again(clock: list[float]) -> None:
    look, told = _failing(2, SiteUnavailable("", status=502))
    assert retry.retry_read(look, 30) == "read"
    assert told[0] is None
    assert [left for left in told[1:] if left] == sorted((left for left in told[1:] if left), reverse=True)
    assert all(left and 0 < left < 30 for left in told[1:])


def test_it_is_not_tried_for_ever(clock: list[float]) -> None:
    look, told = _failing(99, SiteUnavailable("", status=503))
    with pytest.raises(SiteUnavailable):
        retry.retry_read(look, 30)
    assert len(told) == retry.MOST_ATTEMPTS


def test_a_page_that_never_answers_uses_up_the_patience(clock: list[float]) -> None:
    look, told = _failing(99, SiteUnavailable(""), clock, each=30)
    with pytest.raises(SiteUnavailable):
        retry.retry_read(look, 30)
    assert (told, clock[0]) == ([None], 30)


def test_what_the_site_asks_for_is_waited_for_or_not_tried(clock: list[float]) -> None:
    look, told = _failing(1, SiteUnavailable("", status=429, retry_after=5))
    assert retry.retry_read(look, 30) == "read"
    assert clock[0] >= 5
    look, told = _failing(1, SiteUnavailable("", status=429, retry_after=60))
    with pytest.raises(SiteUnavailable):
        retry.retry_read(look, 30)
    assert len(told) == 1


@pytest.mark.parametrize(
    "error",
    [
        SiteUnavailable("", status=403),
        SiteUnavailable("", status=404),
        SessionLost(""),
        SiteChanged("p", "t"),
    ],
)
def test_what_will_not_pass_is_not_tried_again(clock: list[float], error: Exception) -> None:
    look, told = _failing(1, error)
    with pytest.raises(type(error)):
        retry.retry_read(look, 30)
    assert len(told) == 1


def test_nothing_is_tried_again_while_something_is_sent(clock: list[float]) -> None:
    look, told = _failing(1, SiteUnavailable("", status=502))
    with retry.no_retries(), pytest.raises(SiteUnavailable):
        retry.retry_read(look, 30)
    assert len(told) == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("", None), ("soon", None), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), ("-1", None)],
)
def test_retry_after_in_both_its_forms(header: str, seconds: float | None) -> None:
    assert retry.seconds_of(header) == seconds
