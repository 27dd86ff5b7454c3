"""A code that a site sends to the person by SMS or e-mail after the password: asked for, and sent once."""

from __future__ import annotations

from dataclasses import dataclass

from agent.asks import TAKE_OVER, YES, Ask, AskKind
from agent.browser.locators import Target, field_at
from agent.browser.site_browser import SiteBrowser
from agent.errors import CodeRequired, SiteChanged, quote
from agent.snapshot.frame import FrameSnapshot
from flows.sites.login_form import LoginForm
from flows.sites.login_outcomes import LoginOutcome, OutcomeKind, OutcomeReader, typed


@dataclass(frozen=True)
class LoginCode:
    """The page that asks for a code.

    Args:
        form: The form that was sent before it.
    """

    form: LoginForm

    @property
    def browser(self) -> SiteBrowser:
        """The site's windows."""
        return self.form.browser

    @property
    def is_for_the_window(self) -> bool:
        """True where somebody is at the window who has no code to tell."""
        site = self.browser.site
        return self.form.asks.expects(f"{TAKE_OVER}{site}") and not self.form.asks.expects(f"code.{site}")

    def send(self, page: FrameSnapshot, said: str) -> LoginOutcome:
        """Have the code sent to the person where they want it, ask for it, and send it once."""
        (near,) = typed(page)
        where = field_at(page.frame, near.box)
        if where is None:
            return LoginOutcome(OutcomeKind.PERSON_WANTED, said)
        self._request(page, said)
        code = self._code(said)
        self.browser.inputs.type_in(where, code)
        reader = OutcomeReader(self.form.words, self.form.shown())
        try:
            self.form.press(page, near, where, Target("确定", self.form.words.confirm_code, "button"))
        except SiteChanged:
            return LoginOutcome(OutcomeKind.PERSON_WANTED, said)  # several buttons: not pressed
        outcome = self.form.outcome(reader)
        again = outcome.kind is OutcomeKind.CODE_WANTED
        return LoginOutcome(OutcomeKind.PERSON_WANTED, outcome.said or said) if again else outcome

    def _request(self, page: FrameSnapshot, said: str) -> None:
        """Press 获取验证码 where the page has it and the person wants it; who has written a code down wants it."""
        site = self.browser.site
        target = Target("获取验证码", self.form.words.send_code, "button")
        button = self.browser.match_or_none(target, [page])
        text = f"{self.form.title}要求验证码：{quote(said)}。现在由程序点「获取验证码」，把验证码发给你吗？"
        ask = Ask(f"send-code.{site}", AskKind.YES_NO, text, site)
        if button is None or not self.form.asks.expects(f"code.{site}"):
            return
        if not self.form.asks.expects(ask.id) or self.form.asks.ask(ask) == YES:
            self.browser.click(button, target, self.form.page)

    def _code(self, said: str) -> str:
        text = f"{self.form.title}要求输入发到你手机或邮箱的验证码：“{said}”"
        ask = Ask(f"code.{self.browser.site}", AskKind.SECRET, text, self.browser.site)
        try:
            return self.form.asks.ask(ask, nobody=CodeRequired)
        except CodeRequired as nobody:
            nobody.said = said
            raise
