"""Locators: what a person would press, found by its words; exactly one, or a typed stop.

Nothing here knows any site: words come from the profile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import Literal, Protocol

from playwright.sync_api import ElementHandle, Error, FloatRect, Frame, Locator, Position

from agent.errors import SiteChanged
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.scripts import script
from agent.snapshot.tree import Box, Node, squash

CHAIN, COVER, _SEEN, _PLACES, _STANDING = map(
    script, ("chain", "cover", "is_visible", "bounding_boxes", "standing")
)
_THINGS_AT, _HOLDER_AT, SAME_THING, HOLDS_ANY, LOOKS_PRESSED = map(
    script, ("things_at", "holder_at", "same_thing", "holds_any", "looks_pressed")
)
IS_VISIBLE, BOUNDING_BOXES = (
    f"(() => {{ {CHAIN}\n{COVER}\nreturn (\n{text}\n); }})()" for text in (_SEEN, _PLACES)
)
STANDING = f"""(elements) => {{
  const [seen, where] = [{IS_VISIBLE}(elements), (\n{_STANDING}\n)(elements)];
  return seen.map((isSeen, at) => [isSeen, where[at]]);
}}"""
"""For each element whether a person sees it, and where it stands among other words."""
SEEN_PLACES = f"""(elements) => {{
  const [seen, places] = [{IS_VISIBLE}(elements), {BOUNDING_BOXES}(elements)];
  return seen.map((isSeen, at) => [isSeen, places[at]]);
}}"""
"""For each element whether a person sees it, and its place on the page."""
HOLDER_AT = f"(place) => (\n{_HOLDER_AT}\n)(place, {BOUNDING_BOXES})"
THINGS_AT = f"([selector, place]) => (\n{_THINGS_AT}\n)(selector, place, {IS_VISIBLE}, {BOUNDING_BOXES})"


class Clickable(Protocol):
    """A thing to click: a locator, or a handle where only a look could tell it from hidden copies of itself."""

    def click(
        self,
        *,
        timeout: float | None = None,
        no_wait_after: bool | None = None,
        position: Position | None = None,
        trial: bool | None = None,
    ) -> None:
        """Press it, its middle or a place in it, or only see whether it could be; ``timeout`` in milliseconds."""

    def scroll_into_view_if_needed(self, *, timeout: float | None = None) -> None:
        """Bring it into the window; ``timeout`` in milliseconds."""

    def bounding_box(self) -> FloatRect | None:
        """Its place in the window, in CSS pixels; None where it is not shown."""


Places = Sequence[tuple[bool, str]]
"""For each of several things whether a person sees it, and where it stands among other words."""

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
_NOTHING = r"(?!)"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "th", "legend", "caption")
_ORNAMENTS = (
    r"\s<>＜＞»«›‹·•*＊+＋\-−"
    r"\u2190-\u21ff\u2303\u2304\u2460-\u24ff\u25a0-\u27bf\u2b00-\u2bff\ue000-\uf8ff\ufe0f"
)
"""Arrows, marks that fold and unfold, stars, numbers in circles, small pictures and the private-use letters of icon fonts."""
_BEFORE = rf"[{_ORNAMENTS}]*(?:点击)?\s*(?:进入)?\s*"
_AFTER = rf"[{_ORNAMENTS}:：]*(?:[（(]\s*\d+\s*[)）][{_ORNAMENTS}]*)?"
_BADGE = r"\s*(?:\d{1,3}\s*\+?|新|热|荐|NEW|HOT|待办|待处理|待核对|待确认|待完成|未读|未完成|必办|进行中)\s*"
"""What a badge says: how many there are, that it is new, or that it waits. It counts as one only in an element of its own."""


Kind = Literal["menu", "button"]


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
    kind: Kind = "menu"

    @classmethod
    def of(cls, *words: str, kind: Kind = "menu") -> Target:
        """Return what carries one of the words and is called by the first."""
        return cls(words[0], words, kind)


@lru_cache(maxsize=512)
def word_pattern(*words: str) -> re.Pattern[str]:
    """Return a pattern for exactly one of the words, spaced anyhow, with arrows, icons or a count around it.

    ``登录`` finds 登 录 and ``登录 >`` but never 登录帮助 (browser facts 2 and 3).
    """
    if not all(word.strip() for word in words):
        raise ValueError("an empty word would match every nameless control")
    if not words:
        return re.compile(_NOTHING)
    spaced = (
        r"\s*".join(_PUNCTUATION.get(char, re.escape(char)) for char in re.sub(r"\s+", "", word))
        for word in words
    )
    return re.compile(f"^{_BEFORE}(?:{'|'.join(spaced)}){_AFTER}$", re.IGNORECASE)


def may_show(snapshot: FrameSnapshot, target: Target) -> bool:
    """A quick look at what was seen; only the browser can say whether it is one thing and can be pressed."""
    pattern = word_pattern(*target.words)
    return any(pattern.match(name) for name in snapshot.names)


def candidates(
    scopes: Sequence[Frame | Locator], pattern: re.Pattern[str], kind: str
) -> Iterator[list[Locator]]:
    """Yield the independent candidates in order, each as one locator per scope: roles first, then words, then alt and title."""
    for roles in ROLES[kind]:
        yield [_by_roles(scope, roles, pattern) for scope in scopes]
    yield [_by_words(scope, pattern) for scope in scopes]
    yield [scope.get_by_alt_text(pattern).or_(scope.get_by_title(pattern)) for scope in scopes]


def _by_words(scope: Frame | Locator, pattern: re.Pattern[str]) -> Locator:
    no_heading = scope.locator(":not(h1,h2,h3,h4,h5,h6,th,legend,caption,option,:disabled *)")
    plain = scope.get_by_text(pattern)

    def called(name: re.Pattern[str]) -> Locator:
        return plain if name == pattern else scope.get_by_text(name).filter(has_not=plain)

    return _or_badged(scope, pattern, called).and_(no_heading)


def _by_roles(scope: Frame | Locator, roles: Sequence[Role], pattern: re.Pattern[str]) -> Locator:
    def named(name: re.Pattern[str]) -> Locator:
        first, *others = (scope.get_by_role(role, name=name, disabled=False) for role in roles)
        for other in others:
            first = first.or_(other)
        return first

    return _or_badged(scope, pattern, named)


def _or_badged(
    scope: Frame | Locator, pattern: re.Pattern[str], named: Callable[[re.Pattern[str]], Locator]
) -> Locator:
    """What is called so, or is so but for a badge inside it, or for an icon before the word that is its first letter."""
    if isinstance(scope, Locator) or pattern.pattern == _NOTHING:
        return named(pattern)
    with_badge = re.compile(f"{pattern.pattern.removesuffix('$')}{_BADGE}[{_ORNAMENTS}]*$", pattern.flags)
    badge = scope.get_by_text(re.compile(f"^{_BADGE}$", re.IGNORECASE))
    with_initial = re.compile(rf"^(\S)\s*(?=\1){pattern.pattern.removeprefix('^')}", pattern.flags)
    initial = scope.get_by_text(re.compile(r"^\s*\S\s*$"))
    called = named(pattern).or_(named(with_badge).filter(has=badge))
    return called.or_(named(with_initial).filter(has=initial))


def one_of(levels: Iterator[list[Locator]], page: str, name: str, kind: str = "") -> Clickable | None:
    """Return the one match of the first candidate that a person sees; None when none is seen.

    A menu word that is repeated is the menu's own: what only says where one is (首页 / 学生服务) is pressed where nothing else
    carries the words, and an entry among others below one another, or in the bar at the window's lower edge, comes before a tab or
    a card of the same name. Of words that are a title and what leads to it, the one that looks as if it could be pressed.

    Raises:
        SiteChanged: Several are seen.
    """
    crumbs: list[Clickable] = []
    for level in levels:
        looked = [(located, _visibility(located, kind)) for located in level]
        total = sum(is_seen for _, places in looked for is_seen, _ in places)
        if not total:
            continue
        if kind != "menu":
            return _single([_visible_one(*one) for one in looked if _is_any_seen(one[1])], total, page, name)
        standing = [pair for one in looked if _is_any_seen(one[1]) for pair in _standing(*one)]
        if not standing:
            return None  # the page is just changing
        crumbs = crumbs or [handle for where, handle in standing if where == "crumb"]
        others = [pair for pair in standing if pair[0] != "crumb"]
        listed = [pair for pair in others if pair[0] == "list"]
        chosen = [handle for _, handle in (listed if len(listed) == 1 else others)]
        if chosen and not _is_one_thing(chosen):
            pressed = [one for one in chosen if len(chosen) > 1 and looks_pressed(one)]
            chosen = pressed if len(pressed) == 1 else chosen
            return _single(chosen, len(chosen), page, name)
        if chosen:
            return chosen[0]
    return _single(crumbs, len(crumbs), page, name)


def _single(found: Sequence[Clickable], total: int, page: str, name: str) -> Clickable | None:
    if total > 1:
        raise SiteChanged(page, name, (f"{total} 处同名的“{name}”",))
    return found[0] if found else None


def _is_one_thing(found: Sequence[Clickable]) -> bool:
    """True for several words within one thing to press, as its title and what it says at its end, or in links to one page."""
    handles = [one for one in found if isinstance(one, ElementHandle)]
    try:
        return len(handles) > 1 and all(
            handles[0].evaluate_handle(SAME_THING, other).json_value() for other in handles[1:]
        )
    except Error:
        return False  # the page is just changing


def looks_pressed(thing: Clickable) -> bool:
    """True for a control, and for what the pointer says can be pressed."""
    try:
        return isinstance(thing, ElementHandle) and bool(thing.evaluate_handle(LOOKS_PRESSED).json_value())
    except Error:
        return False  # the page is just changing


def _is_any_seen(places: Places) -> bool:
    return any(is_seen for is_seen, _ in places)


def _standing(located: Locator, places: Places) -> list[tuple[str, Clickable]]:
    """What a person sees of it, each with where it stands among other words."""
    shown = located.filter(visible=True)
    try:
        handles: Sequence[Clickable] = [shown] if len(places) == 1 else shown.element_handles()
    except Error:
        return []  # its frame has just gone
    if len(handles) != len(places):
        return []  # the page is just changing
    return [(where, handle) for (is_seen, where), handle in zip(places, handles, strict=True) if is_seen]


def _visibility(located: Locator, kind: str) -> Places:
    """For each match, whether a person sees it, and where it stands where that matters."""
    shown = located.filter(visible=True)
    try:
        if kind == "menu":
            return [(is_seen, where) for is_seen, where in shown.evaluate_all(STANDING)]
        return [(is_seen, "") for is_seen in shown.evaluate_all(IS_VISIBLE)]
    except Error:
        return []  # its frame has just gone


def _visible_one(located: Locator, places: Places) -> Clickable:
    shown = located.filter(visible=True)
    if len(places) == 1:
        return shown
    return shown.element_handles()[[is_seen for is_seen, _ in places].index(True)]


def by_own_words(snapshots: Sequence[FrameSnapshot], target: Target) -> ElementHandle | None:
    """Return the one entry that begins with the target's words and says more in a block below them; None where there is none."""
    pattern = word_pattern(*target.words)
    said = [
        (snapshot, leaf.parent)
        for snapshot in snapshots
        for leaf in snapshot.root.leaves
        if leaf.parent and pattern.match(leaf.own.strip()) and _says_more(leaf, leaf.parent)
    ]
    if len(said) != 1:
        return None
    snapshot, entry = said[0]
    return _innermost_at(snapshot.frame, entry.box)


def _says_more(leaf: Node, entry: Node) -> bool:
    return entry.tag not in HEADINGS and any(
        child is not leaf and not child.inline and child.text for child in entry.children
    )


def around_words(frame: Frame, leaf: Node, target: Target) -> ElementHandle | None:
    """Return the thing that holds a leaf as words of its own beside others, as a heading with a tag in it; None for other words."""
    named = leaf.parent is not None and word_pattern(*target.words).match(squash(leaf.own))
    return _innermost_at(frame, leaf.parent.box) if named and leaf.parent else None


def _innermost_at(frame: Frame, box: Box) -> ElementHandle | None:
    things = ":is(a, button, li, div, span, p, td, label, b, strong, h1, h2, h3, h4, h5, h6, th)"
    found = handles_at(frame, f"{things}:not(:disabled, :disabled *)", box)
    return found[-1] if found else None


def one_over(frame: Frame, target: Target, page: str, place: Box) -> ElementHandle | None:
    """Return the one thing with the target's words that covers a place; arguments and errors as in ``one_between``."""
    return one_between(frame, target, page, lambda box: box.covers(place))


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
    for level in candidates([frame], word_pattern(*target.words), target.kind):
        for located in level:
            found = _innermost(_visible_where(located, holds))
            if len(found) > 1:
                raise SiteChanged(page, target.name, (f"{len(found)} 处同名的“{target.name}”",))
            if found:
                return found[0]
    return None


def _innermost(found: Sequence[ElementHandle]) -> list[ElementHandle]:
    """What was found but for what is only around another of the same words."""
    try:
        return [
            one
            for one in found
            if len(found) == 1 or not one.evaluate_handle(HOLDS_ANY, list(found)).json_value()
        ]
    except Error:
        return []  # the page is just changing


def field_at(frame: Frame, box: Box) -> ElementHandle | None:
    """Return the one field of a frame that stands exactly where a look has seen it; None when it has moved."""
    found = handles_at(frame, "input, select, textarea", box)
    return found[0] if len(found) == 1 else None


def control_at(frame: Frame, box: Box, drawn: bool) -> ElementHandle | None:
    """Return the control of a frame that stands exactly where a look has seen it; None when it has moved.

    Args:
        frame: Where it is.
        box: Its place.
        drawn: True where the page draws it: then the innermost thing of that place is pressed for it.
    """
    if not drawn:
        return field_at(frame, box)
    found = handles_at(frame, ":not(input, select, textarea)", box)
    return found[-1] if found else _holder(frame, box)


def _holder(frame: Frame, box: Box) -> ElementHandle | None:
    """What takes a press for a disabled field of that place."""
    try:
        return frame.evaluate_handle(HOLDER_AT, [box.x, box.y, box.width, box.height]).as_element()
    except Error:
        return None  # its frame has just gone


def handles_at(frame: Frame, selector: str, box: Box) -> list[ElementHandle]:
    """Return what a person sees exactly where a look has seen it, in the page's order.

    Args:
        frame: Where to look.
        selector: What may stand there, as in a style sheet.
        box: The place on its page, in CSS pixels.
    """
    place = [box.x, box.y, box.width, box.height]
    try:
        things = frame.evaluate_handle(THINGS_AT, [selector, place]).get_properties()
    except Error:
        return []  # its frame has just gone
    return [thing for thing in things.values() if isinstance(thing, ElementHandle)]


def seen_controls(frame: Frame, pattern: re.Pattern[str]) -> list[ElementHandle]:
    """Return what a person sees of the first candidate for a button of this name: any number of them."""
    for level in candidates([frame], pattern, "button"):
        found = [handle for located in level for handle in _visible_where(located, lambda place: True)]
        if found:
            return found
    return []


def _visible_where(located: Locator, holds: Callable[[Box], bool]) -> list[ElementHandle]:
    shown = located.filter(visible=True)
    try:
        wanted = [is_seen and holds(Box(*place)) for is_seen, place in shown.evaluate_all(SEEN_PLACES)]
        handles = shown.element_handles() if any(wanted) else []
    except Error:
        return []  # its frame has just gone
    if len(handles) != len(wanted):
        return []  # the page is just changing, or nothing is there
    return list(compress(handles, wanted))


def only(located: Locator) -> Locator | None:
    """Return what was located where exactly one of it is visible."""
    shown = located.filter(visible=True)
    try:
        return shown if shown.count() == 1 else None
    except Error:
        return None  # its frame has just gone
