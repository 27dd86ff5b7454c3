"""Reader of a site's frames: what a person sees in them now; what has not changed since the last look is not fetched again."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Error, Frame, JSHandle, Page, Response

from agent.snapshot import tree
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.scripts import script

COVER, _SNAPSHOT, WAIT_MUTATION = map(script, ("cover", "snapshot", "wait_mutation"))
SNAPSHOT = f"(() => {{ {COVER}\nreturn (\n{_SNAPSHOT}\n); }})()"
READY, CALLED = f"() => {SNAPSHOT}", "(look, mark) => look(mark)"
POLLING_MS = 1000
"""By interval, because a window in the background draws no animation frames."""
LONGEST_STIR_MS = 1000
TOLD = re.compile(r"\d+,\d+,\d+,\d+")
PAGES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True)
class PageActivity:
    """What a frame's page has done by itself, and will do next, by its timers, animations and open lines.

    Args:
        acted: When it last did something (``time.monotonic``).
        acts: When it will next, at the earliest; the past where that is not known.
        drawn: Until when what was there has been drawn.
        ending: How many things move that will end by themselves.
    """

    acted: float
    acts: float
    drawn: float
    ending: int = 0

    @classmethod
    def told(cls, text: str) -> PageActivity:
        """Return what a page tells now: milliseconds since, until and since then, and a count; ``?`` where it tells nothing."""
        if not TOLD.fullmatch(text):
            return UNKNOWN_ACTIVITY
        now = time.monotonic()
        acted, acts, drawn, ending = map(int, text.split(","))
        return cls(now - acted / 1000, now + acts / 1000, now - drawn / 1000, ending)


UNKNOWN_ACTIVITY = PageActivity(float("inf"), float("-inf"), float("-inf"))


@dataclass(frozen=True)
class _LastLook:
    """What a frame showed, and the mark by which its page tells that this has not changed."""

    mark: str
    snapshot: FrameSnapshot


@dataclass
class FrameReader:
    """Reader of the frames of one browser context.

    A frame that has answered once is asked straight out after that, on its further pages too. Before, it is asked with a time
    limit, and so is one that was given something else than a page: a viewer of the browser's own may never answer.
    """

    context: BrowserContext
    _last: dict[Frame, _LastLook] = field(default_factory=dict, repr=False)
    _activities: dict[Frame, PageActivity] = field(default_factory=dict, repr=False)
    _ready: dict[Frame, JSHandle] = field(default_factory=dict, repr=False)
    """The script of a look as it stands ready in a frame's page: to send it anew costs more than most looks."""
    _changed: Frame | None = field(default=None, repr=False)
    """The frame that changed last: what changes next is likely in it."""

    def __post_init__(self) -> None:
        self.context.on("response", self._on_response)
        self.context.on("page", self._on_page)
        for page in self.context.pages:
            self._on_page(page)

    def _on_page(self, page: Page) -> None:
        page.on("framedetached", self._forget)

    def _on_response(self, response: Response) -> None:
        kind = response.headers.get("content-type", "")
        if response.request.is_navigation_request() and kind and not kind.startswith(PAGES):
            with suppress(Error):  # a new window has no frame yet
                self._forget(response.request.frame)

    def _forget(self, frame: Frame) -> None:
        self._last.pop(frame, None)
        self._activities.pop(frame, None)
        self._ready.pop(frame, None)

    def read(self, frame: Frame, timeout: float) -> FrameSnapshot | None:
        """Return what a person sees in a frame; None where its page has just gone.

        Args:
            frame: The frame.
            timeout: Milliseconds that a page which has not answered yet is given.

        Raises:
            Error: It did not answer, or goes to another page.
            RecursionError: Its things stand in one another too deep.
        """
        last = self._last.get(frame)
        self._activities.pop(frame, None)  # what is told next may never come
        # The handle of a text is the text itself: to ask for its value would carry it over once more.
        said = str(self._ask_again(frame, last.mark) if last else self._ask(frame, SNAPSHOT, timeout, None))
        mark, told, text = (*said.split(" ", 2), "", "")[:3]
        self._activities[frame] = PageActivity.told(told)
        if last and mark == last.mark:
            return last.snapshot
        if not text.startswith("{"):
            return None
        snapshot = FrameSnapshot(frame, tree.parse(text))
        self._last[frame], self._changed = _LastLook(mark, snapshot), frame
        return snapshot

    def activity(self, frame: Frame) -> PageActivity:
        """Return what a frame's page told of itself at the last look."""
        return self._activities.get(frame, UNKNOWN_ACTIVITY)

    def wait_mutation(self, frame: Frame, longest: float) -> None:
        """Wait until the frame changes that changed last, or a moment; errors as in ``read``.

        Args:
            frame: The frame that is watched where that one has gone.
            longest: The moment, in milliseconds.
        """
        changed, self._changed = self._changed, None
        watched = changed if changed in self._last else frame
        self._ask(watched, WAIT_MUTATION, LONGEST_STIR_MS, longest)
        self._changed = watched

    def _ask_again(self, frame: Frame, mark: str) -> JSHandle:
        """Ask a frame that has answered what it shows now, by the script that stands ready in its page."""
        ready = self._ready.pop(frame, None)
        said = None
        if ready is not None:
            with suppress(Error):  # another page may have come
                said = ready.evaluate_handle(CALLED, mark)
        if ready is None or said is None:
            ready = frame.evaluate_handle(READY)
            said = ready.evaluate_handle(CALLED, mark)
        self._ready[frame] = ready
        return said

    def _ask(self, frame: Frame, script: str, timeout: float, given: str | float | None) -> JSHandle:
        if frame in self._last:
            return frame.evaluate_handle(script, given)
        return frame.wait_for_function(script, arg=given, timeout=timeout, polling=POLLING_MS)
