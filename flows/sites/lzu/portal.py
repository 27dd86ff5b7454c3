"""兰州大学: the portal's 快速导航, and behind it 注册系统 with 个人信息核对 (notice, 一; dossier ``lzu``, 2 to 4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

from agent.browser.controls.form_controls import Control, FormControls
from agent.browser.handover import Wanted
from agent.browser.locators import Target
from agent.browser.network.request_tracker import RequestTracker, carrying_values, track_request
from agent.browser.site_browser import SiteBrowser
from agent.browser.stability import Settling, wait_stable
from agent.errors import ActionNeeded, EntryRefused, GradsyncError, SiteChanged
from agent.snapshot import fields
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Node, key
from flows.profiles.site_words import LzuSite
from flows.sites.login import Login
from flows.sites.lzu import registration
from flows.sites.lzu.registration import Registration
from flows.sites.navigation.navigator import Navigator, Route
from flows.sites.navigation.walk import Walk
from flows.sites.submission import Submission

PAGE = "个人信息核对"
ENOUGH_LABELS = 4
REMEDY = "请按注册系统的提示处理后再办理一次；看不明白的请联系学院教务老师。"


@dataclass(frozen=True)
class RegistrationShown:
    """The page, in its frame."""

    snapshot: FrameSnapshot
    page: Registration


@dataclass
class Lzu:
    """The signed-in portal.

    Args:
        browser: Its windows.
        data: Its words.
        login: The way in.
    """

    browser: SiteBrowser
    data: LzuSite
    login: Login
    by_person: bool = False
    """True once the person at the window has submitted 个人信息核对."""

    # -- getting there -----------------------------------------------------------------------------------------------------

    def read(self) -> Registration:
        """Open 个人信息核对 anew, by the portal's own tiles and menus, and read it.

        Raises:
            SiteChanged: There is no way to it, and nobody leads there.
            ActionNeeded: 注册系统 says that it is not open.
        """
        self.browser.goto(self.data.login_url)
        Navigator(self.browser, self.login).go(self._route())
        return self._at_rest().page

    def _route(self) -> Route[RegistrationShown]:
        words = self.data.registration
        return Route(
            page=PAGE,
            ways=[words.start, words.words, *((word,) for word in words.via)],
            landmark=self._shown,
            place="registration",
            where=" → ".join([*self.data.hall[:1], *reversed(words.via), words.words[0]]),
            own=words.words,
            target=PAGE,
            late=[(word,) for word in self.data.hall],
            dead_end=self._stop_if_closed,
        )

    def _stop_if_closed(self, snapshots: list[FrameSnapshot], walk: Walk) -> bool:
        pressed = self.data.registration.words in walk.tried
        if pressed and walk.next_way(snapshots) is None and self._is_closed(snapshots):
            raise ActionNeeded("注册系统显示现在不能核对个人信息。", "请按学院通知的时间再办理一次。")
        return False

    def _is_closed(self, snapshots: list[FrameSnapshot]) -> bool:
        words = self.data.registration
        return any(
            fields.says(snapshot.root, *words.closed) and not fields.says(snapshot.root, *self.data.hall[:1])
            for snapshot in snapshots
        )

    def _shown(self, snapshots: list[FrameSnapshot]) -> RegistrationShown | None:
        pages = (
            (snapshot, registration.read(snapshot.root, self.data, ENOUGH_LABELS)) for snapshot in snapshots
        )
        return next((RegistrationShown(item, page) for item, page in pages if page), None)

    def _now(self) -> RegistrationShown:
        return self.browser.wait(self._shown, PAGE, PAGE)

    def _at_rest(self) -> RegistrationShown:
        """The page once it has stood still for a while, so that what comes by script is there too."""

        def look(snapshots: list[FrameSnapshot]) -> Settling[RegistrationShown] | None:
            shown = self._shown(snapshots)
            return Settling(shown, shown.page.read) if shown else None

        return wait_stable(self.browser, look, PAGE, PAGE)

    # -- 提交 --------------------------------------------------------------------------------------------------------------

    def submit(self, remark: str, chosen: Mapping[str, str]) -> GradsyncError | None:
        """On the open page: write 核对备注, tick 我确认, see that both stand there, and press 提交 once.

        Args:
            remark: What to write; nothing is written where it is empty.
            chosen: What to choose in the page's lists, by the profile's names of the fields.

        Returns:
            What 注册系统 said against it, or None.

        Raises:
            SiteChanged: The field, the box or the button is not there, and nobody is at the window; nothing was sent.
            PersonSkipped: The person at the window leaves it out.
        """
        with self._tracked(remark) as tracker:
            try:
                return self._submit(remark, chosen)
            except SiteChanged as stop:
                if tracker.begun or not self._submitted_by_hand(stop, remark, tracker):
                    raise
        self.by_person = True
        return None

    def _tracked(self, remark: str) -> AbstractContextManager[RequestTracker]:
        known = frozenset(self.browser.network.sent_to)
        return track_request(self.browser.context, carrying_values(remark.split(), known))

    def _submitted_by_hand(self, stop: SiteChanged, remark: str, tracker: RequestTracker) -> bool:
        """Let the person at the window finish the page as the program has left it."""
        words = self.data.registration
        told = f"请在打开的浏览器窗口里看一遍，自己勾选“{words.agree[0]}”并提交，程序会自己核对"
        details = (
            f"核对备注应该是：{remark}" if remark else "核对备注不填写",
            f"程序没能自己点「{words.submit[0]}」：{stop.message}",
            "提交一次就好，程序不会再提交",
        )

        def finished(snapshots: list[FrameSnapshot]) -> bool | None:
            shown = self._shown(snapshots)
            return (shown is not None and shown.page.submitted) or tracker.is_over() or None

        with self.browser.dialogs.accepting(any_of=words.question.names, never=words.question.never):
            return self.login.handover.leave_work(Wanted(PAGE, "", told, details), tracker, finished)

    def _submit(self, remark: str, chosen: Mapping[str, str]) -> GradsyncError | None:
        shown = self._now()
        controls = FormControls(self.browser, PAGE)
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

    def _agree(self, shown: RegistrationShown) -> None:
        """Tick the box of 我确认; where the page draws its own over a hidden one, press the words."""
        agree = self.data.registration.agree
        if shown.page.box:
            controls = FormControls(self.browser, PAGE)
            controls.tick(lambda: self._control(lambda page: page.box, agree[0]), agree[0], True)
        elif not self._is_agreed(shown):
            target = Target.of(*agree)
            self.browser.click(self.browser.only_match(target, shown.snapshot, PAGE), target, PAGE)

    def _is_agreed(self, shown: RegistrationShown) -> bool:
        """True when the box is ticked, seen or hidden; of several hidden ones nobody can say which it is."""
        if shown.page.box:
            return bool(shown.page.box.checked)
        boxes = self.browser.inputs.boxes(shown.snapshot.frame)
        with self.browser.translated_errors():
            if boxes.count() != 1:
                raise SiteChanged(PAGE, self.data.registration.agree[0], ())
            return boxes.is_checked(timeout=self.browser.patience * 1000)

    def _control(self, of: Callable[[Registration], Node | None], name: str) -> Control:
        shown = self._now()
        node = of(shown.page)
        if node is None:
            raise SiteChanged(PAGE, name, ())
        return Control(shown.snapshot, node)

    def _press(self, shown: RegistrationShown, remark: str) -> GradsyncError | None:
        words = self.data.registration
        target = Target.of(*words.submit, kind="button")
        button = self.browser.only_match(target, shown.snapshot, PAGE)
        submission = Submission(self.browser, self.data.heard, PAGE, words.question, remark, words.done)
        stop = submission.press(button, target)
        return EntryRefused(stop.message, REMEDY, said=stop.said) if isinstance(stop, EntryRefused) else stop


def _list_of(name: str) -> Callable[[Registration], Node | None]:
    return lambda page: page.lists.get(name)
