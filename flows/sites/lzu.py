"""兰州大学: the portal's 快速导航, and behind it 注册系统 with 个人信息核对 (notice, 一; dossier ``lzu``, 2 to 4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from agent import reading
from agent.errors import ActionNeeded, EntryRefused, GradsyncError, SiteChanged
from agent.finding import Target
from agent.form_controls import Control, FormControls
from agent.layout import Node, key
from agent.page import View, Way
from agent.seen import Seen
from agent.still import TIME_TO_REST, Still
from flows import registration
from flows.registration import Registration
from flows.sites.entrance import Entrance
from flows.sites.sending import Sender
from flows.wording import LzuSite, Words

PAGE = "个人信息核对"
ENOUGH_LABELS = 4
TIME_FOR_TILES = 1.5
"""Seconds in which the portal's tiles come, before the block they stand in is pressed."""
REMEDY = "请按注册系统的提示处理后再运行一次；看不明白的请联系学院教务老师。"


@dataclass(frozen=True)
class Shown:
    """The page, in its frame."""

    seen: Seen
    page: Registration


@dataclass(frozen=True)
class Stop:
    """Where the walk stands: before something to press, or at its end."""

    way: Way | None = None
    end: Shown | None = None


@dataclass
class Lzu:
    """The signed-in portal.

    Args:
        view: Its windows.
        data: Its words.
        entrance: The way in.
    """

    view: View
    data: LzuSite
    entrance: Entrance

    # -- getting there -----------------------------------------------------------------------------------------------------

    def read(self) -> Registration:
        """Open 个人信息核对 anew, by the portal's own tiles and menus, and read it.

        Raises:
            SiteChanged: There is no way to it.
            ActionNeeded: 注册系统 says that it is not open.
        """
        self.view.goto(self.data.login_url)
        tried: list[Words] = []
        still = Still()
        while True:
            stop = self.view.wait(lambda seen: self._next(seen, tried, still), PAGE, PAGE)
            if stop.way is None:
                break
            tried.append(stop.way.target.words)
            still.reset()
            self.view.follow(stop.way, PAGE)
        return self._at_rest().page

    def _next(self, seen: list[Seen], tried: Sequence[Words], still: Still) -> Stop | None:
        """The page where it shows; else what leads on and was not pressed yet, the nearest to it first."""
        shown = self._shown(seen)
        if shown:
            return Stop(end=shown)
        place = self.data.registration
        way = self._way(seen, self._ahead(tried))
        if way is None and place.words in tried and self._is_closed(seen):
            raise ActionNeeded("注册系统显示现在不能核对个人信息。", "请按学院通知的时间再运行一次。")
        hall = [(word,) for word in self.data.hall]
        if way is None and set(tried) <= set(hall) and still.seconds("no way") > TIME_FOR_TILES:
            way = self._way(seen, [words for words in hall if words not in tried])
        return Stop(way) if way else None

    def _ahead(self, tried: Sequence[Words]) -> list[Words]:
        """What may still be pressed, the nearest to the page first; never what lies behind, while the page is still filling."""
        place = self.data.registration
        if place.start in tried:
            return []
        if place.words in tried:
            return [place.start]
        via = ((word,) for word in place.via)
        return [place.start, place.words, *(words for words in via if words not in tried)]

    def _way(self, seen: list[Seen], ways: Sequence[Words]) -> Way | None:
        return self.view.way((Target(words[0], words) for words in ways), seen)

    def _is_closed(self, seen: list[Seen]) -> bool:
        place = self.data.registration
        return any(
            reading.says(item.root, *place.closed) and not reading.says(item.root, *self.data.hall[:1])
            for item in seen
        )

    def _shown(self, seen: list[Seen]) -> Shown | None:
        pages = ((item, registration.read(item.root, self.data, ENOUGH_LABELS)) for item in seen)
        return next((Shown(item, page) for item, page in pages if page), None)

    def _now(self) -> Shown:
        return self.view.wait(self._shown, PAGE, PAGE)

    def _at_rest(self) -> Shown:
        """The page once it has stood still for a while, so that what comes by script is there too."""
        still = Still()

        def rested(seen: list[Seen]) -> Shown | None:
            shown = self._shown(seen)
            if shown is None:
                still.reset()
                return None
            return shown if still.seconds(shown.page.read) > TIME_TO_REST else None

        return self.view.wait(rested, PAGE, PAGE)

    # -- 提交 --------------------------------------------------------------------------------------------------------------

    def submit(self, remark: str, chosen: Mapping[str, str]) -> GradsyncError | None:
        """On the open page: write 核对备注, tick 我确认, see that both stand there, and press 提交 once.

        Args:
            remark: What to write; nothing is written where it is empty.
            chosen: What to choose in the page's lists, by the profile's names of the fields.

        Returns:
            What 注册系统 said against it, or None.

        Raises:
            SiteChanged: The field, the box or the button is not there; nothing was sent.
        """
        shown = self._now()
        controls = FormControls(self.view, PAGE)
        if remark:
            controls.set_value(
                lambda: self._control(lambda page: page.remark_field, "核对备注"), "核对备注", remark
            )
        for name, option in chosen.items():
            controls.set_value(partial(self._control, _list_of(name), name), name, option)
        self._agree(shown)
        ready = self._now()
        if key(ready.page.remark) != key(remark) or not self._is_agreed(ready):
            raise SiteChanged(PAGE, "填好的核对备注和已勾选的“我确认”", ())
        return self._press(ready, remark)

    def _agree(self, shown: Shown) -> None:
        """Tick the box of 我确认; where the page draws its own over a hidden one, press the words."""
        agree = self.data.registration.agree
        if shown.page.box:
            controls = FormControls(self.view, PAGE)
            controls.tick(lambda: self._control(lambda page: page.box, agree[0]), agree[0], True)
        elif not self._is_agreed(shown):
            target = Target(agree[0], agree)
            located = self.view.shown(target, [shown.seen], PAGE)
            if located is None:
                raise SiteChanged(PAGE, agree[0], ())
            self.view.press(located, target, PAGE)

    def _is_agreed(self, shown: Shown) -> bool:
        """True when the box is ticked, seen or hidden; of several hidden ones nobody can say which it is."""
        if shown.page.box:
            return bool(shown.page.box.checked)
        boxes = self.view.boxes(shown.seen.frame)
        with self.view.trouble():
            if boxes.count() != 1:
                raise SiteChanged(PAGE, self.data.registration.agree[0], ())
            return boxes.is_checked(timeout=self.view.patience * 1000)

    def _control(self, of: Callable[[Registration], Node | None], name: str) -> Control:
        """A control of the page as it stands now."""
        shown = self._now()
        node = of(shown.page)
        if node is None:
            raise SiteChanged(PAGE, name, ())
        return Control(shown.seen, node)

    def _press(self, shown: Shown, remark: str) -> GradsyncError | None:
        place = self.data.registration
        target = Target(place.submit[0], place.submit, "button")
        button = self.view.shown(target, [shown.seen], PAGE)
        if button is None:
            raise SiteChanged(PAGE, target.name, ())
        sender = Sender(self.view, self.data.heard, PAGE, place.question, remark, place.done)
        stop = sender.press(button, target)
        return EntryRefused(stop.message, REMEDY, said=stop.said) if isinstance(stop, EntryRefused) else stop


def _list_of(name: str) -> Callable[[Registration], Node | None]:
    return lambda page: page.lists.get(name)
