"""Signing in by the person at the window, and pages between password and site that only they may deal with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agent.asks import Ask, AskKind
from agent.browser.handover import Handover, Wanted
from agent.browser.site_browser import SiteBrowser
from agent.errors import Interstitial, LoginByHandNeeded, SiteChanged, quote
from agent.snapshot.frame import FrameSnapshot
from flows.profiles.site_words import LoginWords
from flows.sites import login_outcomes
from flows.sites.login_outcomes import LoginState


@dataclass(frozen=True)
class LoginByHand:
    """What the person does themselves to be signed in.

    Args:
        handover: Asks them, and watches the site's windows.
        words: What the sign-in says.
        title: The site's name for the person, e.g. 学信网.
    """

    handover: Handover
    words: LoginWords
    title: str

    @property
    def browser(self) -> SiteBrowser:
        """The site's windows."""
        return self.handover.browser

    @property
    def _page(self) -> str:
        return f"{self.title}登录"

    def wait(self) -> None:
        """Have the person sign in, and wait until the site shows that they have.

        Raises:
            LoginByHandNeeded: Nobody is there, or it is not done in time.
        """
        text = f"请在打开的窗口里自己登录{self.title}，登录后程序会自动继续"
        ask = Ask(f"signed-in.{self.browser.site}", AskKind.DONE, text, self.browser.site)
        self.handover.asks.ask(ask, nobody=LoginByHandNeeded)

        def inside(snapshots: list[FrameSnapshot]) -> bool | None:
            return (
                login_outcomes.state(snapshots, self.words) in (LoginState.SIGNED_IN, LoginState.PERSON_ONLY)
                or None
            )

        try:
            with self.browser.with_at_least(ask.seconds):
                self.browser.wait(inside, self._page, "登录后的页面")
        except SiteChanged:
            said = f"等了 {ask.seconds / 60:.0f} 分钟，{self.title}还没有登录。"
            raise LoginByHandNeeded(said, "请再办理一次，在打开的窗口里登录。") from None

    def leave_to_person(self, said: str) -> None:
        """Wait at the window until the person has dealt with a page.

        Raises:
            Interstitial: Nobody is there, or it is not dealt with in time.
            PersonSkipped: They leave it.
        """
        told = f"{self.title}登录时显示：{quote(said)}。请在打开的窗口里自己处理，进入网站后程序会自动继续"
        if self.handover.take_over(Wanted(self._page, "", told), self._is_inside) is None:
            raise Interstitial(f"{self.title}显示了需要本人处理的页面：{quote(said)}。", said=said)

    def leave_agreement(self, box: str) -> None:
        """Wait at the window until the person has agreed to the terms of use, if they want to, and has signed in.

        Args:
            box: What the box says.

        Raises:
            Interstitial: Nobody is there, or it is not done in time.
            PersonSkipped: They leave it.
        """
        told = (
            f"登录{self.title}要先勾选“{box}”，是否同意由本人决定。请在打开的窗口里看过后自己勾选，再按“{self.words.submit[0]}”，"
            "进入网站后程序会自动继续"
        )
        if self.handover.take_over(Wanted(self._page, "", told), self._is_inside) is None:
            raise Interstitial(
                f"{self.title}的登录页面上“{box}”前面的方框还没有勾选，网站没有让登录；是否同意由本人决定，程序没有勾选。",
                "请本人在场时再办理一次，在打开的窗口里看过后自己勾选并登录。",
                command="再运行一次，加 --headed；或用 gradsync console",
                said=box,
            )

    def _is_inside(self, snapshots: Sequence[FrameSnapshot]) -> bool | None:
        """True once the site's own page stands there, and nothing that asks for a code."""
        inside = login_outcomes.state(snapshots, self.words) is LoginState.SIGNED_IN
        return (inside and login_outcomes.code_page(snapshots, self.words) is None) or None
