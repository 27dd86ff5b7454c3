"""What a person opens or points at to look for a menu's entry, or for the rest of a list, that is not shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

from playwright.sync_api import ElementHandle, Error, Frame

from agent.browser.locators import Target, handles_at, word_pattern
from agent.browser.site_browser import Match, SiteBrowser
from agent.browser.stability import TIME_TO_POINT
from agent.errors import SiteChanged
from agent.snapshot import tree
from agent.snapshot.frame import FrameSnapshot, all_texts
from agent.snapshot.icons import icons_alone
from agent.snapshot.scripts import script

FOLDED, WITH_WORDS = map(script, ("folded", "with_words"))
LOOK_MS = 2000
MOST_ICONS = 12
"""Icons that are pointed at."""


def folded_menu(
    snapshots: Sequence[FrameSnapshot], wanted: Sequence[str], passed: Sequence[str], never: Sequence[str]
) -> Match | None:
    """Return the heading of a folded menu that may hold one of the wanted words, or what turns to its page; None where there is none.

    Args:
        snapshots: The frames now.
        wanted: The words looked for.
        passed: The headings that were opened before.
        never: Words that no heading may hold.
    """
    sought: list[object] = [word_pattern(*wanted).pattern, list(passed), list(never), False, "", ""]
    return next((match for snapshot in snapshots if (match := _heading(snapshot.frame, sought))), None)


def folded_text(
    snapshot: FrameSnapshot,
    labels: Sequence[str],
    head: Sequence[str],
    passed: Sequence[str],
    never: Sequence[str],
    rows: Sequence[str] = (),
) -> Match | None:
    """Return what opens a part of a list that is folded away or behind a tab; None where nothing does.

    Args:
        snapshot: The list's frame now.
        labels: What the rows of the list are labelled with.
        head: Labels of what stands above the list; tabs that stand higher belong to the site, all of them where there are none.
        passed: The headings that were opened before.
        never: Words that no heading may hold.
        rows: What its rows begin with that has no label.
    """
    parts = (_starting_with(head) if head else "", _starting_with((*labels, *rows)))
    sought: list[object] = [_starting_with(labels), list(passed), list(never), True, *parts]
    return _heading(snapshot.frame, sought)


def _starting_with(words: Sequence[str]) -> str:
    return rf"^\s*(?:{'|'.join(map(re.escape, words))})"


def holds(snapshots: Sequence[FrameSnapshot], words: Sequence[str]) -> bool:
    """True where a frame has one of the words, shown or put away."""
    try:
        return any(snapshot.frame.get_by_text(word_pattern(*words)).count() for snapshot in snapshots)
    except Error:
        return False  # its page is just going


def _bare(words: str) -> str:
    """The words of a heading without the letters by which a font paints icons."""
    return tree.squash(re.sub("[\ue000-\uf8ff]", " ", words))


def _heading(frame: Frame, sought: list[object]) -> Match | None:
    try:
        heading = frame.locator(":root").evaluate_handle(FOLDED, sought, timeout=LOOK_MS).as_element()
        said = heading.evaluate_handle(WITH_WORDS).as_element() if heading else None
        words = (_bare(said.inner_text()) or _bare(said.text_content() or "")) if said else ""
    except Error:
        return None  # its page is just going
    return Match(Target.of(words), heading) if heading and words else None


def pointed_out(
    browser: SiteBrowser, snapshots: Sequence[FrameSnapshot], targets: Sequence[Target]
) -> Match | None:
    """Point at icons that stand alone until one of the targets shows; return it, or the icon where nothing else came with it."""
    for snapshot in snapshots:
        for icon in _icons(snapshot):
            browser.point_at(icon, snapshot.frame.page)
            with suppress(SiteChanged):
                match = browser.wait(lambda seen: browser.first_match(targets, seen), "", "", TIME_TO_POINT)
                come = all_texts(browser.snapshot()) - all_texts(snapshots)
                return Match(match.target, icon) if len(come) == 1 else match
    return None


def _icons(snapshot: FrameSnapshot) -> Iterator[ElementHandle]:
    for box in icons_alone(snapshot.root)[:MOST_ICONS]:
        yield from handles_at(snapshot.frame, ":not(html, body)", box)[-1:]
