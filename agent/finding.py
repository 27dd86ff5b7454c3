"""Finding what a person would press: by its words, among independent candidates, exactly one or a typed stop.

Nothing here knows any site: words come from the profile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal, Protocol

from playwright.sync_api import ElementHandle, Error, FloatRect, Frame, Locator

from agent.errors import SiteChanged
from agent.layout import Box

CHAIN, _SEEN, _PLACES = (
    files("agent").joinpath("js", f"{name}.js").read_text("utf-8") for name in ("chain", "seen", "places")
)
SEEN, PLACES = (f"(() => {{ {CHAIN}\nreturn (\n{script}\n); }})()" for script in (_SEEN, _PLACES))


class Found(Protocol):
    """One thing on a page: a locator, or a handle where only a look could tell it from hidden copies of itself."""

    def click(self, *, timeout: float | None = None, no_wait_after: bool | None = None) -> None:
        """Press it; ``timeout`` in milliseconds."""

    def scroll_into_view_if_needed(self, *, timeout: float | None = None) -> None:
        """Bring it into the window; ``timeout`` in milliseconds."""

    def bounding_box(self) -> FloatRect | None:
        """Its place in the window, in CSS pixels; None where it is not shown."""


Role = Literal["button", "link", "menuitem", "tab", "treeitem", "img"]
ROLES: dict[str, tuple[tuple[Role, ...], ...]] = {
    "menu": (("link", "menuitem", "treeitem", "tab"), ("button",)),
    "button": (("button",), ("link", "menuitem")),
}
_PUNCTUATION = {
    "(": "[(（]",
    "（": "[(（]",
    ")": "[)）]",
    "）": "[)）]",
    ":": "[:：]",
    "：": "[:：]",
    "/": r"\s*[/／]\s*",
}
_BEFORE = r"[\s>»›·•*＊\ue000-\uf8ff]*(?:点击)?\s*(?:进入)?\s*"
_AFTER = r"[\s<>»›→＞·•*:：\ue000-\uf8ff]*(?:[（(]\s*\d+\s*[)）])?\s*"


@dataclass(frozen=True)
class Target:
    """Something to click or fill, by what it is called.

    Args:
        name: What it is called in messages.
        words: Every text it may carry; spacing, width of punctuation and arrows around it do not matter.
        kind: ``menu`` looks among links first, ``button`` among buttons first.
    """

    name: str
    words: tuple[str, ...]
    kind: Literal["menu", "button"] = "menu"


@lru_cache(maxsize=512)
def zh(*words: str) -> re.Pattern[str]:
    """Return a pattern for exactly one of the words, spaced anyhow, with arrows, icons or a count around it.

    ``登录`` finds 登 录 and ``登录 >`` but never 登录帮助 (browser facts 2 and 3).
    """
    if not all(word.strip() for word in words):
        raise ValueError("an empty word would match every nameless control")
    if not words:
        return re.compile(r"(?!)")
    spaced = (
        r"\s*".join(_PUNCTUATION.get(char, re.escape(char)) for char in re.sub(r"\s+", "", word))
        for word in words
    )
    return re.compile(f"^{_BEFORE}(?:{'|'.join(spaced)}){_AFTER}$", re.IGNORECASE)


def candidates(
    scopes: Sequence[Frame | Locator], pattern: re.Pattern[str], kind: str
) -> Iterator[list[Locator]]:
    """Yield the independent candidates in order, each as one locator per scope: roles first, then words, then alt and title."""
    for roles in ROLES[kind]:
        yield [_by_roles(scope, roles, pattern) for scope in scopes]
    yield [
        scope.get_by_text(pattern).and_(scope.locator(":not(h1,h2,h3,h4,h5,h6,th,legend,caption,option)"))
        for scope in scopes
    ]
    yield [scope.get_by_alt_text(pattern).or_(scope.get_by_title(pattern)) for scope in scopes]


def _by_roles(scope: Frame | Locator, roles: Sequence[Role], pattern: re.Pattern[str]) -> Locator:
    first, *others = (scope.get_by_role(role, name=pattern, disabled=False) for role in roles)
    for other in others:
        first = first.or_(other)
    return first


def one_of(levels: Iterator[list[Locator]], page: str, name: str) -> Found | None:
    """Return the one match of the first candidate that a person sees; None when none is seen.

    Raises:
        SiteChanged: Several are seen.
    """
    for level in levels:
        looked = [(located, _looked_at(located)) for located in level]
        total = sum(sum(seen) for _, seen in looked)
        if total > 1:
            raise SiteChanged(page, name, (f"{total} 处同名的“{name}”",))
        if total:
            return next(_the_seen(located, seen) for located, seen in looked if any(seen))
    return None


def _looked_at(located: Locator) -> list[bool]:
    """For each match, whether a person sees it."""
    try:
        seen: list[bool] = located.filter(visible=True).evaluate_all(SEEN)
    except Error:
        return []  # its frame has just gone
    return seen


def _the_seen(located: Locator, seen: Sequence[bool]) -> Found:
    shown = located.filter(visible=True)
    return shown if len(seen) == 1 else shown.element_handles()[seen.index(True)]


def one_between(
    frame: Frame, target: Target, page: str, holds: Callable[[Box], bool]
) -> ElementHandle | None:
    """Return the one thing in a part of a page that carries the target's words; None when none is seen there.

    Args:
        frame: Where to look.
        target: What to find.
        page: The page's name, for the message.
        holds: Says of a place (CSS pixels on the page) whether it is in that part.

    Raises:
        SiteChanged: Several are seen.
    """
    for level in candidates([frame], zh(*target.words), target.kind):
        for located in level:
            found = _seen_where(located, holds)
            if len(found) > 1:
                raise SiteChanged(page, target.name, (f"{len(found)} 处同名的“{target.name}”",))
            if found:
                return found[0]
    return None


def field_at(frame: Frame, box: Box) -> ElementHandle | None:
    """Return the one field of a frame that stands exactly where a look has seen it; None when it has moved."""
    found = handles_at(frame.locator("input, select, textarea"), box)
    return found[0] if len(found) == 1 else None


def handles_at(located: Locator, box: Box) -> list[ElementHandle]:
    """Return what a person sees of what was located exactly where a look has seen it."""
    return _seen_where(located, box.__eq__)


def _seen_where(located: Locator, holds: Callable[[Box], bool]) -> list[ElementHandle]:
    """What a person sees of it in the places wanted."""
    shown = located.filter(visible=True)
    try:
        seen: list[bool] = shown.evaluate_all(SEEN)
        places = [Box(*place) for place in shown.evaluate_all(PLACES)]
        handles = shown.element_handles()
    except Error:
        return []  # its frame has just gone
    if not len(seen) == len(places) == len(handles):
        return []  # the page is just changing
    return [
        handle
        for handle, is_seen, place in zip(handles, seen, places, strict=True)
        if is_seen and holds(place)
    ]


def only(located: Locator) -> Locator | None:
    """Return what was located where exactly one of it is visible."""
    shown = located.filter(visible=True)
    try:
        return shown if shown.count() == 1 else None
    except Error:
        return None  # its frame has just gone
