"""Controls of a form as a person works them: typed into, or opened and chosen from by words, and read back.

One way for what the browser draws and for what a page draws itself: a control is opened, the option is found by its whole words in
what newly appeared, and what stands in the control afterwards is read back. Nothing here sends anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise

from playwright.sync_api import ElementHandle, Frame

from agent.browser.actions.covering import is_covered
from agent.browser.locators import Target, around_words, control_at, handles_at, one_between
from agent.browser.site_browser import SiteBrowser
from agent.browser.stability import TIME_AT_REST, TIME_TO_OPEN, TIME_TO_TAKE, StabilityTimer
from agent.errors import SiteChanged
from agent.snapshot.fields import asks_for_value
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import CHOICES, PARTS, Box, Node, is_arrow, key, lines, squash

CONFIRM = Target("确定", ("确定", "确认", "完成", "OK"), "button")
"""What closes a list or a calendar that waits for a word."""
KEYED = re.compile(r"[\x21-\x7e]{1,24}")
"""What is typed key by key, since some fields listen to keys only; letters that no key has are put in whole."""
YEAR = re.compile(r"(\d{4})\s*年?")
MONTH = re.compile(r"(\d{4})\D(\d{1,2})")
OF_THE_BROWSER = {"month": "", "date": "-01"}
"""Fields whose calendar is the browser's own, and what is written into them behind a month."""
NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
MOST_TURNS = 60
"""How often a calendar is turned at most."""
MOST_OFFERED = 12
MOST_WHEELS = 4
"""Wheels beside one another; more words on a line are a calendar."""
EVEN = 1.08
"""How much farther apart than others two rows of a wheel may stand."""
LEAST_LINE, MOST_LINE = 0.7, 1.8
"""How high the line of a wheel may be, in rows of it."""
TYPED = ("input", "select", "textarea")
LAST_MONTH = 12
MONTH_NUMBER = re.compile(r"(0?[1-9]|1[0-2])\s*月?")


@dataclass(frozen=True)
class Control:
    """A control as it stands now: its frame, and its node in it."""

    snapshot: FrameSnapshot
    node: Node


Locate = Callable[[], Control]
Same = Callable[[str, str], bool]


def same_words(there: str, wanted: str) -> bool:
    """True for the same words, whatever the spacing and width."""
    return key(there) == key(wanted)


@dataclass
class FormControls:
    """Gives controls their values.

    Args:
        browser: The site's windows.
        page: The page's name, for messages.
        unchosen: Words that stand in a control in which nothing was chosen.
    """

    browser: SiteBrowser
    page: str
    unchosen: tuple[str, ...] = ()
    _offered: tuple[str, ...] = field(default=(), repr=False)

    def set_value(self, locate: Locate, label: str, value: str, same: Same = same_words) -> None:
        """Give a control a value where it has another, and see that it stands there.

        Args:
            locate: Finds the control as it stands now.
            label: What it is called, for messages.
            value: What is to stand there; a month as ``YYYY-MM``.
            same: Says whether two texts say the same.

        Raises:
            SiteChanged: The control does not take it; the message has the options that were offered.
        """
        self._offered = ()
        if same(self._value(locate), value):
            return
        for work in self._ways(locate().node):
            if work(locate, label, value, same):
                return
        raise SiteChanged(self.page, f"{label}”里的“{value}", self._offered)

    def type_through(self, parts: Sequence[tuple[Locate, str, str]]) -> None:
        """Type into the fields of one box one after the other, and leave it only then: some keep nothing of one end alone.

        Args:
            parts: Of each field how it is found, what it is called, and its value. Whether they stand there is for the caller to see.
        """
        for locate, label, value in parts:
            where = self._handle(locate, label)
            with self.browser.translated_errors():
                where.fill("")
                where.type(value)
        self.browser.inputs.leave_field(parts[-1][0]().snapshot.frame)

    def tick(self, locate: Locate, label: str, ticked: bool) -> None:
        """Set or clear a box, drawn by the browser or by the page, and see that it is.

        Raises:
            SiteChanged: It does not take it.
        """
        node = locate().node
        if bool(node.checked) == ticked:
            return
        where = self._handle(locate, label)
        self.uncover(where, locate().snapshot)
        if node.drawn:
            self.browser.click(where, Target(label, (label,)), self.page)
        else:
            self.browser.inputs.set_checked(where, ticked)
        self._wait(lambda: bool(locate().node.checked) == ticked or None, label)

    def uncover(self, thing: ElementHandle, snapshot: FrameSnapshot) -> None:
        """Press into a field that was filled in where something lies over a thing: a calendar left open closes by that.

        Args:
            thing: What is to be pressed next.
            snapshot: Its frame as it stands now.
        """
        if not is_covered(thing, 0.5, 0.5):
            return
        for node in filter(self._is_plain, snapshot.root.walk()):
            where = control_at(snapshot.frame, node.box, False)
            if where is not None and not is_covered(where, 0.5, 0.5):
                self.browser.click(where, Target("空白处", ("空白处",)), self.page)
                return

    def _is_plain(self, node: Node) -> bool:
        """True for a field of text in which something stands, and with which nothing opens."""
        is_text = node.tag == "input" and node.type in ("text", "") and bool(node.value)
        opens = MONTH.search(node.value or "") or node.role == "combobox" or _has_arrow(node)
        return is_text and not (node.readonly or node.disabled or node.drawn or opens)

    def shown_value(self, node: Node) -> str:
        """Return what stands in a control; empty where nothing was chosen."""
        shown = squash(node.value or "")
        return "" if asks_for_value(shown, self.unchosen) else shown

    # -- the ways of giving a value ----------------------------------------------------------------------------------------

    def _ways(self, node: Node) -> Iterator[Callable[[Locate, str, str, Same], bool]]:
        """How a person would try it: choosing where it says so, typing where it can be typed into, then choosing after all."""
        ways = {CHOICES: self._press_choice, PARTS: self._fill_parts}
        if node.tag == "select" or node.role in ways:
            yield self._choose if node.tag == "select" else ways[node.role]
            return
        can_type = not (node.readonly or node.disabled or node.drawn)
        if not can_type or self._asks_to_choose(node):
            yield self._pick
        if can_type:
            yield self._type
            yield self._pick

    def _asks_to_choose(self, node: Node) -> bool:
        said = key(node.placeholder)
        return node.role == "combobox" or any(said.startswith(key(word)) for word in self.unchosen)

    def _choose(self, locate: Locate, label: str, value: str, same: Same) -> bool:
        option = value or (self.unchosen[0] if self.unchosen else "")
        self.browser.inputs.choose(self._handle(locate, label), _spelled(option), f"{self.page}的“{label}”")
        return self._takes(locate, value, same)

    def _fill_parts(self, locate: Locate, label: str, value: str, same: Same) -> bool:
        """Give the year, the month and the day of a time each to the field it has; of a month, the first day."""
        time = MONTH.fullmatch(value)
        if time is None:
            return False
        for place, said in enumerate((*time.groups(), "01")[: len(locate().node.children)]):

            def part(place: int = place) -> Control:
                control = locate()
                return Control(control.snapshot, control.node.children[place])

            self.set_value(part, label, said, _same_number)
        return self._takes(locate, value, same)

    def _press_choice(self, locate: Locate, label: str, value: str, same: Same) -> bool:
        """Press the one of several words that stand there to be chosen from."""
        control = locate()
        self._offered = tuple(squash(leaf.own) for leaf in control.node.children)
        wanted = [leaf for leaf in control.node.children if same(squash(leaf.own), value)]
        if len(wanted) != 1:
            return False
        frame, box = control.snapshot.frame, wanted[0].box
        thing = one_between(frame, _target(wanted[0]), self.page, lambda place: place.covers(box))
        if thing is None:
            return False
        self.browser.click(thing, _target(wanted[0]), self.page)
        return self._takes(locate, value, same)

    def _type(self, locate: Locate, label: str, value: str, same: Same) -> bool:
        """Type as by hand: key by key where there are keys for it, and leave the field, so that it hears of it in any way."""
        where = self._handle(locate, label)
        control = locate()
        popup = Popup(self.browser, self.page, control.snapshot)
        with self.browser.translated_errors():
            if control.node.type in OF_THE_BROWSER:
                where.fill(value + OF_THE_BROWSER[control.node.type] if MONTH.fullmatch(value) else "")
            elif KEYED.fullmatch(value):
                where.fill("")
                where.type(value)
            else:
                where.fill(value)
                where.press("End")
        if _has_arrow(control.node) and popup.is_open() and (option := self._option(popup, value, label)):
            self.press_words(popup, option)
        elif popup.leaves() and not self._chose_month(popup, value):
            self._go_on(where)
        self.browser.inputs.leave_field(locate().snapshot.frame)
        taken = self._takes(locate, value, same)
        if taken and MONTH.fullmatch(value) and popup.leaves() and popup.is_open():
            self._go_on(where)  # a calendar that stays open would lie over what stands below it
        return taken

    def _chose_month(self, popup: Popup, value: str) -> bool:
        """True once a month was chosen in the calendar that came with typing it, which closes by that and not by leaving the field."""
        month = MONTH.fullmatch(value)
        if month is None or not popup.is_open() or not popup.shows_years():
            return False
        return Calendar(self, popup, int(month[1]), int(month[2])).choose()

    def _go_on(self, where: ElementHandle) -> None:
        """Go on to the next field by its key, so that what opened with this one closes."""
        with self.browser.translated_errors():
            where.press("Tab")

    def _pick(self, locate: Locate, label: str, value: str, same: Same) -> bool:
        opened = self._open(locate, label)
        if opened is None:
            return False
        option = self._option(opened, value, label) or self._turned(opened, value, label)
        option = option or self._unfolded(opened, value, label, set())
        option = option or self._searched(opened, locate, value, label)
        if option is not None:
            self._take_option(opened, option)
        elif (month := MONTH.fullmatch(value)) is None or not Calendar(
            self, opened, int(month[1]), int(month[2])
        ).choose():
            return False
        return self._takes(locate, value, same, opened)

    # -- what opens --------------------------------------------------------------------------------------------------------

    def _open(self, locate: Locate, label: str) -> Popup | None:
        """Press the control, and return what came with it once that stands still; None where nothing came."""
        where = self._handle(locate, label)
        with self.browser.translated_errors():
            where.scroll_into_view_if_needed()
        control = locate()
        popup = Popup(self.browser, self.page, control.snapshot)
        self.browser.click(self._handle(locate, label), Target(label, (label,)), self.page)
        return popup if popup.is_open() else None

    def _option(self, popup: Popup, value: str, label: str) -> Node | None:
        """The one thing that came and says the value.

        Raises:
            SiteChanged: Several say it.
        """
        said = popup.words()
        self._offered = tuple(dict.fromkeys(text for text, _ in said))[:MOST_OFFERED]
        found = [leaf for text, leaf in said if key(text) in map(key, _spelled(value))]
        if len(found) > 1:
            raise SiteChanged(self.page, f"{label}”里的“{value}", (f"{len(found)} 处“{value}”",))
        return found[0] if found else None

    def _turned(self, popup: Popup, value: str, label: str) -> Node | None:
        """The option of a wheel, which shows a few at a time, once it was turned to: to its one end, then to the other."""
        offered = self._offered
        wheel = [] if MONTH.fullmatch(value) else popup.wheel()
        for outermost in (max, min):
            for _ in range(MOST_TURNS if wheel else 0):
                self.press_words(popup, outermost(wheel, key=lambda leaf: leaf.box.y))
                popup.is_open()
                if option := self._option(popup, value, label):
                    return option
                offered = (*offered, *self._offered)
                before, wheel = wheel, popup.wheel()
                if [leaf.own for leaf in before] == [leaf.own for leaf in wheel]:
                    break
        self._offered = tuple(dict.fromkeys(offered))[:MOST_OFFERED]
        return None

    def _unfolded(self, popup: Popup, value: str, label: str, tried: set[str]) -> Node | None:
        """The option of lists that open one another: looked for behind each entry that leads on, one after the other."""
        offered = self._offered
        for leaf in [] if popup.shows_years() else popup.leading_on():
            if leaf.own in tried:
                continue
            tried.add(leaf.own)
            self.press_words(popup, leaf)
            popup.is_open()
            if option := self._option(popup, value, label) or self._unfolded(popup, value, label, tried):
                return option
            offered = (*offered, *self._offered)
        self._offered = tuple(dict.fromkeys(offered))[:MOST_OFFERED]
        return None

    def _take_option(self, popup: Popup, option: Node) -> None:
        """Press an option; one that has a box or a switch on its line is taken by that."""
        box = popup.box_beside(option)
        if box is None:
            self.press_words(popup, option)
            return

        def locate() -> Control:
            now = popup.box_beside(option)  # a list that closes with the choice takes its boxes along
            return Control(popup.frame_seen, now or replace(box, checked=True))

        self.tick(locate, squash(option.own), True)
        popup.pressed()

    def _searched(self, popup: Popup, locate: Locate, value: str, label: str) -> Node | None:
        """The option once it was looked for by typing: into a field that came with it, or into the control itself."""
        if MONTH.fullmatch(value):
            return None
        control = locate()
        typed = [node for node in popup.fields() if not node.readonly]
        own = control.node
        if len(typed) > 1 or (not typed and own.readonly):
            return None
        where = self._handle((lambda: Control(control.snapshot, typed[0])) if typed else locate, label)
        with self.browser.translated_errors():
            where.type(value)
        offered = self._offered
        found: list[Node] = []

        def appeared() -> bool | None:
            option = self._option(popup, value, label)
            found[:] = [option] if option else []
            return bool(option) or None

        self._waits(appeared)
        self._offered = offered if not found else self._offered
        return found[0] if found else None

    def press_words(self, popup: Popup, leaf: Node) -> None:
        """Press the one thing that says a leaf's words where it stands in a popup, turned or scrolled to first.

        Raises:
            SiteChanged: It is not there any more.
        """
        thing = self._on_top(popup, leaf)
        if (
            thing is None
            and popup.line_of(leaf)
            and not any(self._on_top(popup, one) for one in popup.rows(leaf))
        ):
            self._drag_to_line(popup, leaf, 0)
            return
        if thing is None:
            leaf = self._brought(popup, leaf)
            thing = self._found(popup, _target(leaf), leaf)
        self.browser.click(thing, _target(leaf), self.page)
        popup.pressed()
        self._drag_to_line(popup, leaf)

    def _drag_to_line(self, popup: Popup, leaf: Node, seconds: float = TIME_TO_TAKE) -> None:
        """Turn a wheel by hand where a press on one of its words does not bring that to the wheel's line in so many seconds."""
        if popup.line_of(leaf) is None:
            return
        waits(self.browser, self.page, lambda: popup.is_at_line(leaf) or None, seconds)
        now = popup.now(leaf)
        line = popup.line_of(now) if now and not popup.is_at_line(leaf) else None
        if now is None or line is None:
            return
        thing = self._found(popup, _target(now), now)
        self.browser.scrolling.drag(popup.frame.page, thing, line.middle[1] - now.box.middle[1])
        popup.pressed()

    def _on_top(self, popup: Popup, leaf: Node) -> ElementHandle | None:
        """What says a leaf's words where it stands, where a person would hit them; None where they lie under something."""
        thing = self._thing(popup, _target(leaf), leaf)
        return thing if thing is not None and self.browser.is_on_top(thing, leaf.own) else None

    def _thing(self, popup: Popup, target: Target, leaf: Node) -> ElementHandle | None:
        """What says a leaf's words where it stands; the head of a calendar too, whose year is pressed."""
        found = one_between(popup.frame, target, self.page, lambda box: box.covers(leaf.box))
        return found or around_words(popup.frame, leaf, target)

    def _found(self, popup: Popup, target: Target, leaf: Node) -> ElementHandle:
        found: list[ElementHandle] = []

        def look() -> bool | None:
            one = self._thing(popup, target, leaf)
            found[:] = [one] if one else []
            return bool(found) or None

        if not self._waits(look):
            raise SiteChanged(self.page, target.name, self._offered)
        return found[0]

    def _brought(self, popup: Popup, leaf: Node) -> Node:
        """Bring a leaf of a list to where it can be pressed: scrolled to; else, in a wheel that waits for a word, turned to."""
        with self.browser.translated_errors():
            self._found(popup, _target(leaf), leaf).scroll_into_view_if_needed()
        popup.is_open()
        for _ in range(MOST_TURNS):
            leaf = popup.same_words(leaf)
            if popup.confirm() is None or self._on_top(popup, leaf):
                break
            near = next((one for one in popup.column(leaf) if self._on_top(popup, one)), None)
            if near is None:
                break
            self.browser.click(self._found(popup, _target(near), near), _target(near), self.page)
            popup.pressed()
            popup.is_open()
        return leaf

    # -- reading back ------------------------------------------------------------------------------------------------------

    def _value(self, locate: Locate) -> str:
        return self.shown_value(locate().node)

    def _takes(self, locate: Locate, value: str, same: Same, popup: Popup | None = None) -> bool:
        """True once the value stands in the control; what waits for a word first is told it, once."""
        confirmed: list[Node] = []

        def stands() -> bool | None:
            if same(self._value(locate), value) and not (popup and popup.confirm() and not confirmed):
                return True
            button = popup.confirm() if popup and not confirmed and popup.is_at_rest() else None
            if popup and button:
                confirmed.append(button)
                self._press_confirm(popup, button)
            return None

        return self._waits(stands)

    def _press_confirm(self, popup: Popup, leaf: Node) -> None:
        found = one_between(popup.frame, CONFIRM, self.page, lambda box: box.covers(leaf.box))
        if found is not None:
            self.browser.click(found, CONFIRM, self.page)

    def _waits(self, what: Callable[[], bool | None]) -> bool:
        return waits(self.browser, self.page, what, TIME_TO_TAKE)

    def _wait(self, what: Callable[[], bool | None], label: str) -> None:
        if not self._waits(what):
            raise SiteChanged(self.page, label, ())

    def _handle(self, locate: Locate, label: str) -> ElementHandle:
        """The control itself, once it stands where a look has seen it."""
        found: list[ElementHandle] = []

        def look() -> bool | None:
            control = locate()
            one = control_at(control.snapshot.frame, control.node.box, control.node.drawn)
            found[:] = [one] if one else []
            return bool(found) or None

        self._wait(look, label)
        return found[0]


def _same_number(there: str, wanted: str) -> bool:
    """True for a year, a month or a day that says the same number."""
    return there.rstrip("年月日").strip().lstrip("0") == wanted.lstrip("0")


def _spelled(value: str) -> tuple[str, ...]:
    """How a list may spell a value: a year with its word, a month or day with its word or without its zero."""
    if re.fullmatch(r"(?:19|20)\d\d", value):
        return value, f"{value}年"
    if re.fullmatch(r"0\d|1[0-2]", value):
        return tuple(
            number + word for number in dict.fromkeys((value, value.lstrip("0"))) for word in ("", "月", "日")
        )
    return (value,)


def in_one_box(one: Node, other: Node) -> bool:
    """True for two fields to type into that stand in one box a line high, and nothing else to fill in with them."""
    box = next((node for node in one.ancestors() if node.holds(other)), one)
    fields = [node for node in box.walk() if node.tag in TYPED]
    fixed = any(node.readonly or node.disabled or node.drawn for node in fields)
    return fields == [one, other] and not fixed and box.box.height < 2 * one.box.height + 4


def waits(browser: SiteBrowser, page: str, what: Callable[[], bool | None], seconds: float) -> bool:
    """Return True as soon as it is so, False when it is not within so many seconds; what is not found may be drawn anew."""

    def look(snapshots: list[FrameSnapshot]) -> bool | None:
        with suppress(SiteChanged):
            return what()
        return None

    try:
        return browser.wait(look, page, "", seconds)
    except SiteChanged:
        return False


def _has_arrow(node: Node) -> bool:
    """True for a field at whose right end something without words stands, as where a list can be opened."""
    around = node.parent.walk() if node.parent else ()
    return any(
        is_arrow(one) and one.box.overlap_y(node.box) > 0 and one.box.x > node.box.middle[0]
        for one in around
        if one is not node
    )


def _target(leaf: Node) -> Target:
    words = squash(leaf.own)
    return Target(words, (words,))


class Popup:
    """What came with a press on a control: the words and fields that were not there before.

    Args:
        browser: The site's windows.
        page: The page's name, for messages.
        before: The control's frame before the press.
    """

    def __init__(self, browser: SiteBrowser, page: str, before: FrameSnapshot) -> None:
        self.view = browser
        self.page = page
        self.frame_seen = before
        self._before = {_mark(node) for node in before.root.walk()}
        self._still = StabilityTimer()

    @property
    def frame(self) -> Frame:
        """The frame it came in."""
        return self.frame_seen.frame

    def same_words(self, leaf: Node) -> Node:
        """Return a leaf as it stands now, by its words and its column.

        Raises:
            SiteChanged: It is not there, or more than once.
        """
        found = [one for one in self.column(leaf) if one.own == leaf.own]
        if len(found) != 1:
            raise SiteChanged(self.page, squash(leaf.own), ())
        return found[0]

    def column(self, leaf: Node) -> list[Node]:
        """Return the leaves over and under one, the nearest first."""
        near = [one for one in self.leaves() if one.box.overlap_x(leaf.box) > 0]
        return sorted(near, key=lambda one: abs(one.box.y - leaf.box.y))

    def wheel(self) -> list[Node]:
        """Return the words of the longest column where a word closes what came, from the top; empty where none does."""
        closing = self.confirm()
        if closing is None:
            return []
        free = [leaf for leaf in self.leaves() if leaf.box.overlap_y(closing.box) <= 0]
        columns = [[one for one in free if one.box.overlap_x(leaf.box) > 0] for leaf in free]
        longest: list[Node] = max(columns, key=len) if columns else []
        return sorted(longest, key=lambda leaf: leaf.box.y)

    def line_of(self, leaf: Node) -> Box | None:
        """Return the line of a wheel at which its choice stands; None where a leaf stands in no wheel that shows one.

        It is an empty thing across the wheel, a row high, among the rows and nearest to their middle; and a word closes what came.
        Where there is none, it is the middle of an empty thing that lies over the whole wheel, below that word.
        """
        rows, closing = self._rows_around(leaf), self.confirm()
        if closing is None or len(rows) < 2 or len(self._beside(leaf)) > MOST_WHEELS:
            return None
        pitch, middle = (rows[-1] - rows[0]) / (len(rows) - 1), (rows[0] + rows[-1]) / 2
        empty = [node.box for node in self.nodes() if not node.children and node.tag not in ("#text", *TYPED)]
        across = [box for box in empty if box.x < leaf.box.x and box.right > leaf.box.right]
        lines = [
            box
            for box in across
            if LEAST_LINE * pitch <= box.height <= MOST_LINE * pitch
            and rows[0] - pitch / 2 < box.middle[1] < rows[-1] + pitch / 2
        ]
        lines = lines or [
            Box(box.x, box.middle[1] - pitch / 2, box.width, pitch)
            for box in across
            if box.height > 2 * MOST_LINE * pitch and box.y >= closing.box.bottom - 1
        ]
        return min(lines, key=lambda box: abs(box.middle[1] - middle), default=None)

    def now(self, leaf: Node) -> Node | None:
        """Return a leaf as it stands now, by its words and its column; None where it is not seen."""
        return next((one for one in self.column(leaf) if one.own == leaf.own), None)

    def is_at_line(self, leaf: Node) -> bool:
        """True once a leaf stands at the line of its wheel, or is no more to be seen."""
        now = self.now(leaf)
        line = self.line_of(now) if now else None
        return now is None or line is None or now.box.overlap_y(line) > now.box.height / 2

    def rows(self, leaf: Node) -> list[Node]:
        """Return the words of the wheel in which a leaf stands, without a title or a button over or under it."""
        places = self._rows_around(leaf)
        return [one for one in self.column(leaf) if one.box.middle[1] in places]

    def _rows_around(self, leaf: Node) -> list[float]:
        """Where the rows of the wheel stand in which a leaf does, evenly apart, from the top; a title over them is none."""
        closing = self.confirm()
        free = [one for one in self.column(leaf) if closing and one.box.overlap_y(closing.box) <= 0]
        rows = sorted({one.box.middle[1] for one in free})
        pitch = min((after - before for before, after in pairwise(rows)), default=0)
        uneven = [place for place, gap in enumerate(pairwise(rows), 1) if gap[1] - gap[0] > EVEN * pitch]
        parts = [rows[start:end] for start, end in pairwise([0, *uneven, len(rows)])]
        return next((part for part in parts if leaf.box.middle[1] in part), [])

    def _beside(self, leaf: Node) -> list[Node]:
        return [one for one in self.leaves() if one.box.overlap_y(leaf.box) > leaf.box.height / 2]

    def nodes(self) -> list[Node]:
        """Return everything in the frame now that was not there before."""
        now = next((one for one in self.view.snapshot() if one.frame is self.frame_seen.frame), None)
        self.frame_seen = now or self.frame_seen
        return [node for node in now.root.walk() if _mark(node) not in self._before] if now else []

    def leaves(self) -> list[Node]:
        """Return the words that came."""
        return [node for node in self.nodes() if node.tag == "#text" and node.own.strip()]

    def fields(self) -> list[Node]:
        """Return the fields to type into that came."""
        return [
            node
            for node in self.nodes()
            if node.tag == "input" and node.type in ("text", "search", "") and not node.disabled
        ]

    def leading_on(self) -> list[Node]:
        """Return the words that came behind which, on their line, an arrow stands: they open further ones."""
        nodes = self.nodes()
        leaves = [node for node in nodes if node.tag == "#text" and node.own.strip()]
        arrows = [node for node in nodes if is_arrow(node)]
        behind = (
            max(
                (leaf for leaf in leaves if _stands_before(leaf, arrow)),
                key=lambda leaf: leaf.box.x,
                default=None,
            )
            for arrow in arrows
        )
        return list({id(leaf): leaf for leaf in behind if leaf is not None}.values())

    def years(self) -> list[tuple[int, Node]]:
        """Return the years that came, each with its words or with the field in which it stands."""
        said = [(squash(leaf.own), leaf) for leaf in self.leaves()]
        said += [(squash(node.value or ""), node) for node in self.nodes() if node.tag == "input"]
        found = ((YEAR.fullmatch(text), node) for text, node in said)
        return [(int(match[1]), node) for match, node in found if match]

    def shows_years(self) -> bool:
        """True for a calendar."""
        return bool(self.years())

    def box_beside(self, leaf: Node) -> Node | None:
        """Return the one box or switch that came on the line of a leaf; None where there is none, or more than one."""
        boxes = [node for node in self.nodes() if node.type in ("checkbox", "radio")]
        beside = [node for node in boxes if node.box.overlap_y(leaf.box) > 0]
        return beside[0] if len(beside) == 1 else None

    def words(self) -> list[tuple[str, Node]]:
        """Return what came, a line each with its first leaf; what stands apart on a line is a word of its own."""
        fresh = {id(leaf) for leaf in self.leaves()}
        said = (
            line for line in lines(self.frame_seen.root) if all(id(leaf) in fresh for leaf in line.leaves)
        )
        return [pair for line in said for pair in _words(line.leaves)]

    def is_open(self) -> bool:
        """True once something has come and stands still; False when nothing does."""

        def rested() -> bool | None:
            return (bool(self.leaves()) and self.is_at_rest()) or None

        return waits(self.view, self.page, rested, TIME_TO_OPEN)

    def pressed(self) -> None:
        """Something in it was pressed: what it shows may be about to move, and is not at rest yet."""
        self._still.reset()

    def is_at_rest(self) -> bool:
        """True once what came has stood still for a moment."""
        now = tuple(_mark(node) for node in self.leaves())
        return self.view.has_rested(self._still.seconds(now), TIME_AT_REST)

    def confirm(self) -> Node | None:
        """Return the one word that closes it, if it has one."""
        wanted = {key(word) for word in CONFIRM.words}
        found = [leaf for text, leaf in self.words() if key(text) in wanted]
        return found[0] if len(found) == 1 else None


def _stands_before(leaf: Node, arrow: Node) -> bool:
    """True for words that end left of an arrow, on its line."""
    return leaf.box.right <= arrow.box.x + 1 and leaf.box.overlap_y(arrow.box) > leaf.box.height / 2


def is_column(leaves: Sequence[Node]) -> bool:
    """True for words one below another, as in a wheel; a list that is turned by arrows has several on a line."""
    return bool(leaves) and all(one.box.overlap_y(other.box) <= 0 for one, other in combinations(leaves, 2))


def _mark(node: Node) -> tuple[str, str, Box]:
    """What tells a thing of one look from the things of another."""
    return node.tag, node.own, node.box


def _words(leaves: Sequence[Node]) -> Iterator[tuple[str, Node]]:
    if len(leaves) > 1:
        yield from ((leaf.own, leaf) for leaf in leaves)
    else:
        yield leaves[0].own, leaves[0]


@dataclass
class Calendar:
    """A calendar of months that came with a field, or columns of years and months: turned by its words and arrows."""

    controls: FormControls
    popup: Popup
    year: int
    month: int
    _pressed: bool = False
    _chosen: bool = False

    def choose(self) -> bool:
        """Turn it to the year, and choose the month; False where it has neither."""
        for _ in range(MOST_TURNS):
            years = self.popup.years()
            right = [leaf for number, leaf in years if number == self.year]
            if not years or len(right) > 1:
                return False
            if right and (len(years) == 1 or self._chosen or _is_pair(years)):
                return self._choose_month()
            if right:
                self._turn(right[0])
                self._chosen = True
            elif not self._towards(years):
                return False
        return False

    def _choose_month(self) -> bool:
        words = {f"{self.month}月", f"{self.month:02}月", f"{NUMERALS[self.month - 1]}月"}
        leaves = self.popup.leaves()
        found = [leaf for leaf in leaves if key(leaf.own) in words]
        found = found or [leaf for leaf in leaves if key(leaf.own) == f"{self.month:02}"]
        months = self._months()
        if not found and is_column([leaf for _, leaf in months]) and self.popup.confirm():
            found = [leaf for number, leaf in months if number == self.month]
        if not found and self._turn_nearer(self._months(), self.month):
            return self._choose_month()
        found = self._under_year(found)
        if len(found) != 1:
            return False
        self.controls.press_words(self.popup, found[0])
        return True

    def _under_year(self, found: list[Node]) -> list[Node]:
        """Of a month that stands under two years side by side the one under the wanted year; all of them elsewhere."""
        years = self.popup.years()
        if len(found) != len(years) or not _is_pair(years):
            return found
        pairs = zip(sorted(years, key=lambda year: _left(year[1])), sorted(found, key=_left), strict=True)
        return [leaf for (year, _), leaf in pairs if year == self.year]

    def _months(self) -> list[tuple[int, Node]]:
        found = ((MONTH_NUMBER.fullmatch(squash(leaf.own)), leaf) for leaf in self.popup.leaves())
        return [(int(match[1]), leaf) for match, leaf in found if match]

    def _turn_nearer(self, shown: Sequence[tuple[int, Node]], wanted: int) -> bool:
        """Turn a wheel to the shown number that is nearest; False where that brings it no nearer, or it is no wheel."""
        if not is_column([leaf for _, leaf in shown]) or self.popup.confirm() is None:
            return False
        number, leaf = min(shown, key=lambda pair: abs(pair[0] - wanted))
        before = {number for number, _ in shown}
        if wanted in before:
            return False
        self._turn(leaf)
        after = {number for number, _ in (self.popup.years() if number > LAST_MONTH else self._months())}
        return min((abs(one - wanted) for one in after), default=number) < abs(number - wanted)

    def _towards(self, years: Sequence[tuple[int, Node]]) -> bool:
        """Come nearer: by the list that the year itself opens, else by an arrow beside it."""
        if len(years) == 1 and not self._pressed and years[0][1].tag not in TYPED:
            self._pressed = True
            self._turn(years[0][1])
            return True
        if len(years) > 1 and self._turn_nearer(years, self.year):
            return True
        numbers = [number for number, _ in years]
        arrow = self._arrow(years, back=self.year < min(numbers))
        if arrow is None:
            return False
        handles = handles_at(self.popup.frame, "button, a, i, span, svg, div, th, td, li", arrow.box)
        if not handles:
            return False
        self.controls.browser.click(handles[-1], Target("翻页", ("翻页",)), self.controls.page)
        self.popup.pressed()
        self.popup.is_open()
        after = [number for number, _ in self.popup.years()]
        return after != numbers

    def _arrow(self, years: Sequence[tuple[int, Node]], back: bool) -> Node | None:
        """The outermost small thing without words, left or right of the calendar's middle, in the line over or beside its years."""
        nodes = self.popup.nodes()
        words = [leaf.box for leaf in self.popup.leaves()]
        middle = (min(box.x for box in words) + max(box.right for box in words)) / 2
        lowest = min(leaf.box.bottom for _, leaf in years)
        found = [
            node
            for node in nodes
            if is_arrow(node) and node.box.y < lowest and (node.box.middle[0] < middle) == back
        ]
        outermost = min if back else max
        return outermost(found, key=lambda node: node.box.middle[0], default=None)

    def _turn(self, leaf: Node) -> None:
        self.controls.press_words(self.popup, leaf)
        self.popup.is_open()


def _is_pair(years: Sequence[tuple[int, Node]]) -> bool:
    """True for two years side by side, one after the other, as a calendar for a span of time has."""
    return (
        len(years) == 2
        and abs(years[0][0] - years[1][0]) == 1
        and years[0][1].box.overlap_y(years[1][1].box) > 0
    )


def _left(leaf: Node) -> float:
    return leaf.box.x
