"""Folded parts of a page: what a person opens to look for a menu's entry, or for the rest of a list, that is not shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.sync_api import Error, Frame

from agent.browser.locators import Target, zh
from agent.browser.site_browser import Match
from agent.snapshot import tree
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.scripts import script

FOLDED, WITH_WORDS = map(script, ("folded", "with_words"))
LOOK_MS = 2000


def folded_menu(
    snapshots: Sequence[FrameSnapshot], wanted: Sequence[str], passed: Sequence[str], never: Sequence[str]
) -> Match | None:
    """Return the heading of a folded menu that may hold one of the wanted words; None where there is none.

    Args:
        snapshots: The frames now.
        wanted: The words looked for.
        passed: The headings that were opened before.
        never: Words that no heading may hold.
    """
    sought: list[object] = [zh(*wanted).pattern, list(passed), list(never), False, "", ""]
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


def _heading(frame: Frame, sought: list[object]) -> Match | None:
    try:
        heading = frame.locator(":root").evaluate_handle(FOLDED, sought, timeout=LOOK_MS).as_element()
        said = heading.evaluate_handle(WITH_WORDS).as_element() if heading else None
        words = tree.squash(said.inner_text() or said.text_content() or "") if said else ""
    except Error:
        return None  # its page is just going
    return Match(Target.of(words), heading) if heading and words else None
