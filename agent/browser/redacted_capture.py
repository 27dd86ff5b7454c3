"""Redacted capture of a site's windows, for the evidence: an outline, and a picture in which only known words can be read.

Nothing is shown because it looks harmless. A word is readable where it is one of those that the caller knows (the notice's
labels, buttons and status words, the platform's own messages); every other word, every field's value and every picture is
veiled, and so is whatever appears while the picture is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page

from agent.browser.frames.frame_reader import POLLING_MS
from agent.browser.site_browser import SiteBrowser
from agent.errors import GradsyncError
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.scripts import script
from agent.snapshot.tree import Node, squash

KNOWN_WORDS = script("known_words")
VEIL = files("agent.snapshot").joinpath("js", "veil.css").read_text("utf-8")
LONGEST_MS = 3000
"""A page that does not let itself be pictured is only outlined."""
QUALITY = 55
HIDDEN = "***"
ROLES = {
    "a": "link",
    "button": "button",
    "select": "combobox",
    "textarea": "textbox",
    **dict.fromkeys(("img", "canvas", "svg"), "img"),
    "th": "columnheader",
    "td": "cell",
    "li": "listitem",
    **{f"h{level}": "heading" for level in range(1, 7)},
}
INPUTS = {
    **dict.fromkeys(("submit", "button", "reset", "image"), "button"),
    **{kind: kind for kind in ("checkbox", "radio", "file")},
}

IsKnown = Callable[[str], bool]
"""Says of a text whether anybody may read it."""


@dataclass(frozen=True)
class RedactedCapture:
    """An outline of the windows, and a JPEG of the newest one where it could be taken."""

    outline: str
    picture: bytes | None


def capture(browser: SiteBrowser, is_known: IsKnown) -> RedactedCapture | None:
    """Take down what a site's windows show now, veiled; None where there is no window any more.

    Args:
        browser: The windows.
        is_known: Says of a text with its white space folded whether it may be read.
    """
    try:
        snapshots = browser.last_snapshot()
        newest = browser.context.pages[-1]
    except (GradsyncError, Error, IndexError):
        return None
    outline = "\n".join(line for snapshot in snapshots for line in _outline(snapshot, is_known))
    return RedactedCapture(outline, _picture(newest, snapshots, is_known))


# -- the picture ---------------------------------------------------------------------------------------------------------


def _picture(page: Page, snapshots: Sequence[FrameSnapshot], is_known: IsKnown) -> bytes | None:
    with suppress(Error):
        for snapshot in snapshots:
            readable = sorted(
                {part for leaf in snapshot.root.leaves if (part := _readable(leaf.own, is_known))}
            )
            if readable:
                snapshot.frame.wait_for_function(
                    KNOWN_WORDS, arg=readable, timeout=LONGEST_MS, polling=POLLING_MS
                )
        return page.screenshot(
            type="jpeg", quality=QUALITY, scale="css", caret="initial", style=VEIL, timeout=LONGEST_MS
        )
    return None


def _readable(text: str, is_known: IsKnown) -> str:
    """The text, or its part up to a colon, that may be read; nothing where neither may."""
    whole = squash(text)
    label = re.match(r"[^:：]*[:：]", whole)
    return next((part for part in (whole, label[0] if label else "") if part and is_known(part)), "")


# -- the outline ---------------------------------------------------------------------------------------------------------


def _outline(snapshot: FrameSnapshot, is_known: IsKnown) -> Iterator[str]:
    """One line per thing in reading order: its role, what may be read of it, its state and never its value."""
    yield f"page {re.sub(r'[0-9]{4,}', HIDDEN, urlsplit(snapshot.frame.url).path)}"
    yield from (f"  {line}" for line in _lines(snapshot.root, is_known))


def _lines(node: Node, is_known: IsKnown) -> Iterator[str]:
    role = _role(node)
    if role and not _holds_others(node):
        yield " ".join(filter(None, (role, _name(node, is_known), *_states(node))))
        return
    for child in node.children:
        yield from _lines(child, is_known)


def _role(node: Node) -> str:
    if node.tag == "#text":
        return "text" if node.own.strip() else ""
    if node.tag == "input":
        return INPUTS.get(node.type, "textbox")
    return node.role or ROLES.get(node.tag, "img" if node.is_picture else "")


def _holds_others(node: Node) -> bool:
    return any(below is not node and _role(below) not in ("", "text") for below in node.walk())


def _name(node: Node, is_known: IsKnown) -> str:
    said = squash("".join(leaf.own for leaf in node.leaves)) or node.label or node.placeholder or node.alt
    readable = _readable(said, is_known)
    hidden = HIDDEN if len(readable) < len(squash(said)) else ""
    return f'"{readable}{hidden}"' if said else ""


def _states(node: Node) -> Iterator[str]:
    if node.disabled:
        yield "[disabled]"
    if node.checked:
        yield "[checked]"
    if node.value is not None:
        yield "[filled]" if node.value.strip() else "[empty]"
