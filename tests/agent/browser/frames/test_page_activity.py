"""What a page will still do by itself: where there is nothing, nothing is waited for; where that is not known, the whole time."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from agent.browser.frames.frame_reader import UNKNOWN_ACTIVITY, FrameReader, PageActivity
from agent.browser.launcher import site_context
from agent.browser.site_browser import SiteBrowser
from agent.browser.stability import Settling, StabilityTimer, wait_stable
from agent.snapshot.frame import FrameSnapshot

REST = 1.0
LEFT_OPEN = "<script>fetch('/never')</script>"
MAY_ACT = {
    "a timer": "<script>setTimeout(() => 0, 900)</script>",
    "a timer of words": "<script>setTimeout('0', 900)</script>",
    "an interval": "<script>setInterval(() => 0, 400)</script>",
    "a chain of timers": "<script>(function turn() { setTimeout(turn, 300) })()</script>",
    "a picture being drawn again and again": "<script>(function turn() { requestAnimationFrame(turn) })()</script>",
    "an animation that has not begun": "<style>@keyframes go { to { color: red } } p { animation: go 1s 5s }</style>",
    "a page to come": "<meta http-equiv=refresh content=30>",
    "a worker": "<script>new Worker(URL.createObjectURL(new Blob(['0'])))</script>",
    "an open line": "<script>new EventSource('/never')</script>",
    "a request that is kept open": LEFT_OPEN,
    "a task for later": "<script>scheduler.postTask(() => 0, { delay: 900 })</script>",
    "a page that draws nothing for now": "<script>document.startViewTransition(() => new Promise(() => 0))</script>",
    "a timer of a frame": "<iframe srcdoc='<script>setTimeout(() => 0, 900)</script>'></iframe>",
}
ACTS_NO_MORE = {
    "nothing": "",
    "a timer that has run": "<script>setTimeout(() => 0, 10)</script>",
    "a timer that was taken back": "<script>clearTimeout(setTimeout(() => 0, 900))</script>",
    "an interval that was taken back": "<script>clearTimeout(setInterval(() => 0, 500))</script>",
    "a frame that was taken back": "<script>cancelAnimationFrame(requestAnimationFrame(() => 0))</script>",
    "a timer for much later": "<script>setTimeout(() => 0, 1800000)</script>",
    "an interval of an hour": "<script>setInterval(() => 0, 3600000)</script>",
    "a frame without timers": "<iframe srcdoc='<p>two'></iframe>",
}


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A site's windows; what is asked for is never answered."""
    with site_context(browser, ["127.0.0.1"]) as context:
        context.route("**/never", lambda route: None)
        yield context


def _shown(context: BrowserContext, body: str) -> SiteBrowser:
    context.route("**/page", lambda route: route.fulfill(content_type="text/html", body=f"<p>one</p>{body}"))
    view = SiteBrowser(context, context.new_page(), "site", 10)
    view.page.goto("http://127.0.0.1/page", wait_until="commit")
    return view


def _seconds_to_rest(view: SiteBrowser) -> float:
    timer, started = StabilityTimer(), time.monotonic()
    view.wait(lambda snapshots: view.has_rested(timer.seconds("still"), REST) or None, "页面", "内容")
    return time.monotonic() - started


@pytest.mark.parametrize("what", MAY_ACT)
def test_what_may_still_do_something_is_waited_for(context: BrowserContext, what: str) -> None:
    assert _seconds_to_rest(_shown(context, MAY_ACT[what])) > REST * 0.6


def test_what_moves_for_a_while_is_waited_for_to_its_end(context: BrowserContext) -> None:
    """What leaves by a transition stands beside what has taken its place, and a busy machine draws it late."""
    moves = f"<style>@keyframes go {{ to {{ opacity: 0.5 }} }} p {{ animation: go {REST * 2.5}s }}</style>"
    assert _seconds_to_rest(_shown(context, moves)) > REST * 2


LEAVING = """<output>81.0<span>54.0</span></output><script>
requestAnimationFrame(() => requestAnimationFrame(() => {
  const left = document.querySelector("span");
  left.animate({ opacity: [1, 0.5] }, 400).finished.then(() => left.remove());
}));</script>"""


def test_what_is_whole_is_believed_once_what_leaves_has_gone(context: BrowserContext) -> None:
    def figure(snapshots: list[FrameSnapshot]) -> Settling[str] | None:
        said = "".join(leaf.own.strip() for snapshot in snapshots for leaf in snapshot.root.leaves)
        return Settling(said, said, is_whole=True) if "81.0" in said else None

    assert wait_stable(_shown(context, LEAVING), figure, "成绩", "总评成绩") == "one81.0"


@pytest.mark.parametrize("what", ACTS_NO_MORE)
def test_what_does_nothing_more_is_believed(context: BrowserContext, what: str) -> None:
    view = _shown(context, ACTS_NO_MORE[what])
    timer = StabilityTimer()
    patience = 60.0  # a machine may be slow: what counts is that the time to rest is not what ends it
    assert view.wait(
        lambda snapshots: view.has_rested(timer.seconds("still"), patience) or None,
        "页面",
        "内容",
        patience / 2,
    )


def test_what_a_timer_brings_is_seen_before_anything_is_believed(context: BrowserContext) -> None:
    late = "<script>setTimeout(() => { document.querySelector('p').textContent = 'two' }, 1200)</script>"
    view, timer = _shown(context, late), StabilityTimer()

    def rested(snapshots: list[FrameSnapshot]) -> bool | None:
        return view.has_rested(timer.seconds(tuple(map(id, snapshots))), 4.0) or None

    view.wait(rested, "页面", "内容")
    assert [sorted(snapshot.texts) for snapshot in view.snapshot()] == [["two"]]


def test_what_a_page_told_before_it_fell_silent_counts_no_more(
    context: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, timer, patience = _shown(context, ""), StabilityTimer(), 60.0
    view.wait(lambda snapshots: view.has_rested(timer.seconds("still"), patience) or None, "页面", "内容")

    def silent(*given: object) -> None:
        raise PlaywrightTimeout("no answer")

    monkeypatch.setattr(FrameReader, "_ask_again", silent)
    view.invalidate()
    assert view.snapshot() == []
    assert not view.has_rested(timer.seconds("still"), patience)


TIMERS = """
<output></output><script>
  const said = [], say = (word) => said.push(word);
  setTimeout(say, 1, "given");
  setTimeout("say('words')", 2);
  setTimeout(function () { say(this === window) }, 3);
  const again = setInterval((word) => { say(word); if (new Set(said).size === 5) { clearInterval(again); done() } }, 4, "again");
  requestAnimationFrame((at) => say(typeof at));
  const kinds = [typeof setTimeout(() => 0), setTimeout.name, new Worker(URL.createObjectURL(new Blob([""]))) instanceof Worker];
  function done() { document.querySelector("output").textContent = [...[...new Set(said)].sort(), ...kinds].join(" ") }
</script>"""


def test_a_page_s_own_timers_work_as_ever(context: BrowserContext) -> None:
    view = _shown(context, TIMERS)
    told = view.page.locator("output", has_text="number")
    told.wait_for()
    assert told.inner_text() == "again given number true words number setTimeout true"


def test_bringing_a_page_into_view_counts_as_nothing_that_it_does(context: BrowserContext) -> None:
    view = _shown(context, "<p style='height: 3000px'>two</p>")
    view.wait(lambda snapshots: snapshots or None, "页面", "内容")
    view.scrolling.reveal(view.page.main_frame)
    view.snapshot()
    activity = view._reader.activity(view.page.main_frame)
    assert activity.acts > time.monotonic() + REST


def test_a_site_whose_pages_are_left_alone_is_waited_for(browser: Browser) -> None:
    with site_context(browser, ["127.0.0.1"], follows=False) as context:
        assert _seconds_to_rest(_shown(context, "")) > REST - 0.1


def test_what_a_page_tells_is_a_time_before_and_after_now() -> None:
    before = time.monotonic()
    told = PageActivity.told("250,1500,100,2")
    after = time.monotonic()
    assert before - 0.25 <= told.acted <= after - 0.25
    assert before + 1.5 <= told.acts <= after + 1.5
    assert before - 0.1 <= told.drawn <= after - 0.1
    assert told.ending == 2
    assert PageActivity.told("?") == PageActivity.told("") == PageActivity.told("1,2") == UNKNOWN_ACTIVITY
