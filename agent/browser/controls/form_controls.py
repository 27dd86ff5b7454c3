"""Controls of a form as a person works them: typed into, or opened and chosen from by words, and read back.

One way for what the browser draws and for what a page draws itself: a control is opened, the option is found by its whole words in
what newly appeared, and what stands in the control afterwards is read back. Nothing here sends anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from playwright.sync_api import ElementHandle

from agent.browser.actions.covering import is_covered
from agent.browser.controls.calendar import Calendar
from agent.browser.controls.popup import CONFIRM, MONTH, MOST_OFFERED, Popup, waits
from agent.browser.controls.popup_words import MOST_TURNS, PopupWords, target_of
from agent.browser.controls.wheel import Wheel
from agent.browser.locators import Target, control_at, one_over
from agent.browser.site_browser import SiteBrowser
from agent.browser.stability import TIME_TO_TAKE
from agent.errors import SiteChanged
from agent.snapshot.fields import asks_for_value
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import CHOICES, PARTS, Node, is_arrow, key, squash

KEYED = re.compile(r"[\x21-\x7e]{1,24}")
"""What is typed key by key, since some fields listen to keys only; letters that no key has are put in whole."""
OF_THE_BROWSER = {"month": "", "date": "-01"}
"""Fields whose calendar is the browser's own, and what is written into them behind a month."""


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

    def set_value(
        self, locate: Locate, label: str, value: str, same: Same = same_words, *, can_type: bool = True
    ) -> None:
        """Give a control a value where it has another, and see that it stands there.

        Args:
            locate: Finds the control as it stands now.
            label: What it is called, for messages.
            value: What is to stand there; a month as ``YYYY-MM``, a stay as two of them.
            same: Says whether two texts say the same.
            can_type: Whether the value is known as it is to be typed.

        Raises:
            SiteChanged: The control does not take it; the message has the options that were offered.
        """
        self._offered = ()
        if same(self._value(locate), value):
            return
        for work in self._ways(locate().node, can_type):
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
        """Set or clear a box, drawn by the browser or by the page, and see that it is; of yes and no, the other one is set.

        Raises:
            SiteChanged: It does not take it.
        """
        node = locate().node
        if bool(node.checked) == ticked:
            return
        where = self._handle(locate, label)
        self.uncover(where, locate().snapshot)
        if node.drawn:
            self.browser.click(where, Target.of(label), self.page)
        else:
            self.browser.inputs.set_checked(where, ticked or node.role == CHOICES)
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
                self.browser.click(where, Target.of("空白处"), self.page)
                return

    def _is_plain(self, node: Node) -> bool:
        """True for a field of text in which something stands, and with which nothing opens."""
        is_text = node.tag == "input" and node.type in ("text", "") and bool(node.value)
        opens = MONTH.search(node.value or "") or node.role == "combobox" or _has_arrow(node)
        return is_text and not (node.is_fixed or node.drawn or opens)

    def shown_value(self, node: Node) -> str:
        """Return what stands in a control; empty where nothing was chosen."""
        shown = squash(node.value or "")
        return "" if asks_for_value(shown, self.unchosen) else shown

    # -- the ways of giving a value ----------------------------------------------------------------------------------------

    def _ways(self, node: Node, can_type: bool) -> Iterator[Callable[[Locate, str, str, Same], bool]]:
        """How a person would try it: choosing where it says so, typing where it can be typed into, then choosing after all."""
        ways = {CHOICES: self._press_choice, PARTS: self._fill_parts}
        if node.tag == "select" or node.role in ways:
            yield self._choose if node.tag == "select" else ways[node.role]
            return
        can_type = can_type and not (node.is_fixed or node.drawn)
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
        """Press the one of several words, or radio buttons, that stand there to be chosen from."""
        control = locate()
        self._offered = tuple(map(_said, control.node.children))
        wanted = [one for one in control.node.children if same(_said(one), value)]
        if len(wanted) != 1:
            return False
        if wanted[0].type == "radio":
            at = control.node.children.index(wanted[0])
            self.tick(lambda: Control(locate().snapshot, locate().node.children[at]), value, True)
            return self._takes(locate, value, same)
        thing = one_over(control.snapshot.frame, target_of(wanted[0]), self.page, wanted[0].box)
        if thing is None:
            return False
        self.browser.click(thing, target_of(wanted[0]), self.page)
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
            PopupWords(popup).press(option)
        elif popup.leaves() and not self._chose_month(popup, value):
            self._go_on(where)
        self.browser.inputs.leave_field(locate().snapshot.frame)
        taken = self._takes(locate, value, same)
        if taken and _is_time(value) and popup.leaves() and popup.is_open():
            self._go_on(where)  # a calendar that stays open would lie over what stands below it
        return taken

    def _chose_month(self, popup: Popup, value: str) -> bool:
        """True once a month was chosen in the calendar that came with typing it, which closes by that and not by leaving the field."""
        is_calendar = MONTH.fullmatch(value) and popup.is_open() and popup.shows_years()
        return bool(is_calendar) and self._chose_months(popup, value)

    def _chose_months(self, popup: Popup, value: str) -> bool:
        """Choose the month that a value is, or both ends of a stay, in a calendar."""
        months = MONTH.findall(value) if _is_time(value) else []
        return bool(months) and all(Calendar(popup, int(year), int(month)).choose() for year, month in months)

    def _go_on(self, where: ElementHandle) -> None:
        """Go on to the next field by its key, so that what opened with this one closes."""
        with self.browser.translated_errors():
            where.press("Tab")

    def _pick(self, locate: Locate, label: str, value: str, same: Same) -> bool:
        opened = self._open(locate, label)
        if opened is None:
            return False
        option = self._option(opened, value, label) or self._turned(opened, value, label)
        if not _is_time(value):
            option = option or self._unfolded(opened, value, label, set())
        option = option or self._searched(opened, locate, value, label)
        if option is not None:
            self._take_option(opened, option)
        elif not self._chose_months(opened, value):
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
        self.browser.click(self._handle(locate, label), Target.of(label), self.page)
        return popup if popup.is_open() else None

    def _option(self, popup: Popup, value: str, label: str) -> Node | None:
        """The one thing that came and says the value; raises ``SiteChanged`` where several say it."""
        said = popup.words()
        self._offered = popup.offered()
        found = [leaf for text, leaf in said if key(text) in map(key, _spelled(value))]
        if len(found) > 1:
            raise SiteChanged(self.page, f"{label}”里的“{value}", (f"{len(found)} 处“{value}”",))
        return found[0] if found else None

    def _turned(self, popup: Popup, value: str, label: str) -> Node | None:
        """The option of a wheel, which shows a few at a time, once it was turned to: to its one end, then to the other."""
        offered = self._offered
        wheel = [] if _is_time(value) else Wheel(popup).longest()
        for outermost in (max, min):
            for _ in range(MOST_TURNS if wheel else 0):
                PopupWords(popup).press(outermost(wheel, key=lambda leaf: leaf.box.y))
                popup.is_open()
                if option := self._option(popup, value, label):
                    return option
                offered = (*offered, *self._offered)
                before, wheel = wheel, Wheel(popup).longest()
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
            PopupWords(popup).press(leaf)
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
            PopupWords(popup).press(option)
            return

        def locate() -> Control:
            now = popup.box_beside(option)  # a list that closes with the choice takes its boxes along
            return Control(popup.frame_seen, now or replace(box, checked=True))

        self.tick(locate, squash(option.own), True)
        popup.pressed()

    def _searched(self, popup: Popup, locate: Locate, value: str, label: str) -> Node | None:
        """The option once it was looked for by typing: into a field that came with it, or into the control itself."""
        if _is_time(value):
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
        found = one_over(popup.frame, CONFIRM, self.page, leaf.box)
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


def _said(choice: Node) -> str:
    """What one of several things to choose from says: a radio button by its label."""
    return squash(choice.own or choice.label)


def _is_time(value: str) -> bool:
    """True for a month, and for two of them: the ends of a stay."""
    return re.fullmatch(rf"{MONTH.pattern}(?:\D+{MONTH.pattern})?", value) is not None


def _same_number(there: str, wanted: str) -> bool:
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
    box = one.shared_with(other)
    fields = [node for node in box.walk() if node.is_field]
    fixed = any(node.is_fixed or node.drawn for node in fields)
    return fields == [one, other] and not fixed and box.box.height < 2 * one.box.height + 4


def _has_arrow(node: Node) -> bool:
    """True for a field at whose right end something without words stands, as where a list can be opened."""
    around = node.parent.walk() if node.parent else ()
    return any(
        is_arrow(one) and one.box.overlap_y(node.box) > 0 and one.box.x > node.box.middle[0]
        for one in around
        if one is not node
    )
