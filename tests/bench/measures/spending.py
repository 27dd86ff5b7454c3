"""Where a run's time goes: seconds and calls by what is done, each part without what it calls of the others.

Looks, presses, searches for words, waits by what they are for (and whether anything was still under way), evidence, report,
signing out; beside them the messages that were sent to the browser's driver.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from unittest.mock import patch

from playwright._impl.connection import Connection

from agent import photo
from agent.browser import launcher
from agent.browser.actions.input_fields import InputFields
from agent.browser.site_browser import SiteBrowser
from flows.job import Job
from flows.run.evidence import EvidenceRecorder
from flows.run.saved_logins import LoginReuse

PARTS: Mapping[str, tuple[tuple[Any, str], ...]] = {
    "looks": ((SiteBrowser, "_frame_snapshot"),),
    "searches for words": ((SiteBrowser, "match"),),
    "presses": ((SiteBrowser, "click"), (SiteBrowser, "_close_by")),
    "fields filled": ((InputFields, "fill"), (InputFields, "give_file")),
    "addresses opened": ((SiteBrowser, "goto"),),
    "evidence": ((EvidenceRecorder, "__call__"),),
    "report": ((Job, "finish"),),
    "signing out": ((LoginReuse, "leave"),),
    "contexts": ((launcher, "_new_context"), (launcher, "_close")),
    "photo": ((photo, "inspect"), (photo, "compare")),
}
"""What is measured, and what does it."""
WAITS = ("wait_mutation", "_let_leave")
UNDER_WAY, AT_REST = "waiting for", "waiting at rest for"


@dataclass
class Spending:
    """Seconds and calls by part, and messages by kind."""

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    calls: Counter[str] = field(default_factory=Counter)
    messages: Counter[str] = field(default_factory=Counter)
    _inside: list[float] = field(default_factory=list)
    """What the parts inside each part that is under way have taken."""
    _waits: list[str] = field(default_factory=list)

    def lines(self, whole: float) -> Iterator[str]:
        """Yield the table, the dearest first.

        Args:
            whole: Seconds of the whole run.
        """
        dearest = sorted(self.seconds.items(), key=lambda row: -row[1])
        rows = [*dearest, ("all else", whole - sum(self.seconds.values()))]
        for name, seconds in rows:
            yield f"{seconds:7.3f} s {100 * seconds / whole:5.1f} %  {self.calls[name] or '':>4} {name}"
        rest = sum(seconds for name, seconds in self.seconds.items() if name.startswith(AT_REST))
        yield f"{rest:7.3f} s {100 * rest / whole:5.1f} %  of it at rest: nothing was under way, and only time was waited for"
        told = ", ".join(f"{name} {count}" for name, count in self.messages.most_common(8))
        yield f"{self.messages.total()} messages to the driver: {told}"

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count what is done inside as a part, without the parts inside it."""
        self._inside.append(0.0)
        started = time.perf_counter()
        try:
            yield
        finally:
            taken = time.perf_counter() - started
            self.seconds[name] += taken - self._inside.pop()
            self.calls[name] += 1
            if self._inside:
                self._inside[-1] += taken

    def measured(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that counts as a part."""

        def call(*args: Any, **named: Any) -> Any:
            with self.part(name):
                return real(*args, **named)

        return call

    def named_wait(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``SiteBrowser.wait``, by which waits get their name."""

        def call(browser: SiteBrowser, what: Any, page: str, target: str, *rest: Any) -> Any:
            self._waits.append(f"{page}: {target}")
            try:
                return real(browser, what, page, target, *rest)
            finally:
                self._waits.pop()

        return call

    def wait(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """Return what lets a moment pass: at rest where nothing was under way any more, so that only time was waited for."""

        def call(browser: SiteBrowser, *rest: Any) -> Any:
            under_way = not browser.is_quiet(browser._last)
            name = self._waits[-1] if self._waits else "another"
            with self.part(f"{UNDER_WAY if under_way else AT_REST} {name}"):
                return real(browser, *rest)

        return call

    def counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """Return what sends a message to the driver."""

        def call(connection: Connection, object_: Any, method: str, *rest: Any, **named: Any) -> Any:
            self.messages[method] += 1
            return real(connection, object_, method, *rest, **named)

        return call


@contextmanager
def spending() -> Iterator[Spending]:
    """Yield what is spent inside."""
    spent = Spending()
    with ExitStack() as stack:

        def replace(owner: Any, name: str, by: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
            stack.enter_context(patch.object(owner, name, by(getattr(owner, name))))

        for part, places in PARTS.items():
            for owner, name in places:
                replace(owner, name, partial(spent.measured, part))
        for name in WAITS:
            replace(SiteBrowser, name, spent.wait)
        replace(SiteBrowser, "wait", spent.named_wait)
        replace(Connection, "send_message_to_server", spent.counted)
        yield spent
