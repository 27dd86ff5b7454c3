"""The sign-in form: found, filled in with given credentials, sent, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import ElementHandle, Frame, Locator

from agent.asks import Ask, AskKind, AskRouter
from agent.browser.locators import Target, candidates, one_of, zh
from agent.browser.site_browser import SiteBrowser
from agent.errors import CaptchaRequired, SessionLost, SiteChanged
from agent.snapshot.frame import FrameSnapshot, all_texts
from flows.profiles.site_words import LoginWords
from flows.sites import login_outcomes
from flows.sites.login_outcomes import LoginOutcome, OutcomeReader

MOST_BOXES = 8
"""How far up from the password its button is looked for before the whole frame is."""
MOST_SENT = 2
"""How often a password is sent in one run, at most."""


@dataclass(frozen=True)
class Credentials:
    """User name and password of one site, given by the person."""

    username: str
    password: str = field(repr=False)


@dataclass
class LoginForm:
    """The sign-in form of one site.

    Args:
        browser: The site's windows.
        words: What the form says.
        title: The site's name for the person, e.g. 学信网.
        asks: Where the person is asked.
        sent: How often a password was sent in this run.
    """

    browser: SiteBrowser
    words: LoginWords
    title: str
    asks: AskRouter
    sent: int = 0

    @property
    def page(self) -> str:
        """What the page is called in messages."""
        return f"{self.title}登录"

    def send(self, credentials: Credentials, asked: LoginOutcome | None = None) -> LoginOutcome:
        """Fill the form in and send it once.

        Args:
            credentials: What to fill in.
            asked: The outcome by which the site has asked for a captcha after a first try; returned where the form has
                no place for one.
        """
        if self.sent >= MOST_SENT:
            raise SessionLost(f"{self.title}又要求登录；密码已经提交过 {self.sent} 次，不再提交。")
        form = self.browser.wait(_form, self.page, "密码")
        wants_captcha = login_outcomes.wants_captcha(form, self.words)
        if asked and not wants_captcha:
            return asked
        password = self.browser.inputs.password_field(form.frame, self.words.password)
        user = self.browser.inputs.field_beside(password, -1)
        if user is None:
            raise SiteChanged(self.page, "用户名", tuple(self.words.username[:3]))
        self.browser.inputs.fill(user, credentials.username)
        self.browser.inputs.fill_password(password, credentials.password, self.page, "密码")
        if wants_captcha:
            self.browser.inputs.fill(*self._captcha(form, password, asked.said if asked else ""))
        reader = OutcomeReader(self.words, self.shown(), wants_captcha)
        self.sent += 1
        self.press(form, password, Target("登录", self.words.submit, "button"))
        return self.outcome(reader)

    def press(self, page: FrameSnapshot, known: Locator, target: Target) -> None:
        """Press the button that is nearest to a field, in the smallest box that holds both; Enter where there is none."""
        words = zh(*target.words)
        alone = sum(bool(words.match(leaf.words)) for leaf in page.root.leaves) == 1
        around = [] if alone else self.browser.inputs.boxes_around(known, MOST_BOXES)
        holders: list[Frame | Locator] = [*around, page.frame]
        buttons = (
            one_of(candidates([holder], words, "button"), self.page, target.name) for holder in holders
        )
        button = next((button for button in buttons if button), None)
        if button:
            self.browser.click(button, target, self.page)
            return
        with self.browser.translated_errors(f"{self.page}的「{target.name}」"):
            known.press("Enter", timeout=self.browser.patience * 1000)

    def shown(self) -> frozenset[str]:
        """Return the lines that stand there, and the dialogs' messages."""
        return frozenset(all_texts(self.browser.snapshot()) | set(self.browser.dialogs.messages))

    def outcome(self, reader: OutcomeReader) -> LoginOutcome:
        """Wait for the outcome; a page with words that none of the known ones is stands for itself after the patience."""

        def told(snapshots: list[FrameSnapshot]) -> LoginOutcome | None:
            quiet, whole = self.browser.is_quiet(snapshots), not self.browser.lacks_a_frame(snapshots)
            return reader.read(snapshots, self.browser.dialogs.messages, quiet, whole)

        try:
            return self.browser.wait(told, self.page, "登录后的页面")
        except SiteChanged:
            unforeseen = reader.unforeseen(self.browser.snapshot(), self.browser.dialogs.messages)
            if unforeseen is None:
                raise
            return unforeseen

    # -- captcha: shown to the person, never solved ----------------------------------------------------------------------

    def _captcha(
        self, form: FrameSnapshot, password: Locator, said: str
    ) -> tuple[Locator | ElementHandle, str]:
        where = self.browser.inputs.named_field(
            form.frame, self.words.captcha
        ) or self.browser.inputs.field_beside(password, 1)
        if where is None:
            raise SiteChanged(self.page, "验证码", ())
        text = f"{self.title}要求输入图片里的验证码" + (f"：“{said}”" if said else "")
        picture = self._captcha_picture(form)
        ask = Ask(f"captcha.{self.browser.site}", AskKind.SECRET, text, self.browser.site, image=picture)
        return where, self.asks.ask(ask, nobody=CaptchaRequired)

    def _captcha_picture(self, form: FrameSnapshot) -> bytes:
        """A picture of the one image in the sign-in form, or of the whole form."""
        holder = form.frame.locator("form").filter(has=form.frame.locator("input[type=password]"))
        image = holder.locator("img").filter(visible=True)
        with self.browser.translated_errors("验证码"):
            shown = image if image.count() == 1 else form.frame.locator("body")
            return shown.screenshot(timeout=self.browser.patience * 1000)


def _form(snapshots: list[FrameSnapshot]) -> FrameSnapshot | None:
    forms = [snapshot for snapshot in snapshots if snapshot.has_password]
    return forms[0] if len(forms) == 1 else None
