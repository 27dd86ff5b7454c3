"""How often a page is looked at: not while it gives way to another, rarely while it stands still, at once when it changes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Frame

from agent.browser.frames.frame_reader import FrameReader
from agent.browser.launcher import site_context
from agent.browser.network.monitor import NetworkMonitor
from agent.browser.site_browser import MOMENT_MS, RESTING_MS, SiteBrowser
from agent.browser.stability import StabilityTimer
from agent.snapshot.frame import FrameSnapshot

LATE = "<p>one</p><script>setTimeout(() => { document.querySelector('p').textContent = 'two' }, 450)</script>"


@pytest.fixture
def view(browser: Browser) -> Iterator[SiteBrowser]:
    """The windows of a site."""
    with site_context(browser, ["127.0.0.1"]) as context:
        yield SiteBrowser(context, context.new_page(), "site", 10)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[Frame]:
    """The frames that were looked at, in order."""
    seen: list[Frame] = []
    read = FrameReader.read

    def counted(reader: FrameReader, frame: Frame, timeout: float) -> FrameSnapshot | None:
        seen.append(frame)
        return read(reader, frame, timeout)

    monkeypatch.setattr(FrameReader, "read", counted)
    return seen


def test_a_page_that_gives_way_to_another_is_not_looked_at(
    view: SiteBrowser, looks: list[Frame], monkeypatch: pytest.MonkeyPatch
) -> None:
    view.page.set_content("<p>one</p>")
    answers = iter([True, True, True])
    monkeypatch.setattr(NetworkMonitor, "is_on_its_way", lambda monitor: next(answers, False))
    view.wait(lambda snapshots: snapshots or None, "页面", "内容")
    assert len(looks) == 1


def test_a_page_that_stands_still_is_looked_at_rarely(view: SiteBrowser, looks: list[Frame]) -> None:
    view.page.set_content("<p>one</p>")
    timer, seconds = StabilityTimer(), 1.5
    view.wait(lambda snapshots: timer.seconds("still") > seconds or None, "页面", "内容")
    assert len(looks) < seconds * 1000 / RESTING_MS + 5 < seconds * 1000 / MOMENT_MS


def test_a_page_that_stood_still_and_changes_is_seen_to(view: SiteBrowser) -> None:
    view.page.set_content(LATE)
    view.wait(
        lambda snapshots: any("two" in item.texts for item in snapshots) or None, "页面", "内容", seconds=5
    )
