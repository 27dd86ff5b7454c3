"""Login: by the person in a visible window, or once with given credentials; and who is signed in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from playwright.sync_api import ElementHandle, Error, Frame, Locator

from agent.asks import Ask, AskKind, AskRouter
from agent.browser.handover import Handover
from agent.browser.locators import Target, candidates, one_of, zh
from agent.browser.site_browser import ENTER, Match, SiteBrowser
from agent.browser.stability import TIME_TO_STAND, StabilityTimer
from agent.errors import (
    CaptchaRequired,
    CredentialsRejected,
    GradsyncError,
    Interstitial,
    LoginByHandNeeded,
    SessionLost,
    SiteChanged,
    SomebodyElse,
)
from agent.snapshot import fields, tree
from agent.snapshot.fields import contains
from agent.snapshot.frame import FrameSnapshot, all_texts
from agent.snapshot.tree import Node, TextLine, key
from flows.profiles.learned import LearnedWords
from flows.profiles.site_words import Site

LONGEST_MESSAGE = 80
"""A message about a failed sign-in is short; longer lines are the page's own text."""


LONGEST_GREETING = 30
TIME_TO_SIGN_OUT = 3.0
"""Seconds that signing out may take at the end of a run."""
TIME_TO_APPEAR = 1.0
"""Seconds in which a form comes by itself, without a link or a tab being pressed."""
MOST_BOXES = 8
"""How far up from the password its button is looked for before the whole frame is."""
TIME_TO_GREET = 8.0
"""Seconds in which a page that greets has the name."""
ROOM_BESIDE = 6
"""CSS pixels between words that go on with each other, at most."""
CONTROLS = ("a", "button")
TYPED = ("text", "tel", "number", "email")
NAME = r"(?:[\u4e00-\u9fff*＊]{2,4}|[\u4e00-\u9fff]+·[\u4e00-\u9fff·]+)"
"""A person's name: two to four characters, or parts joined by a middle dot; stars where the site masks it."""


class LoginState(Enum):
    """What a site shows: its sign-in form, its own pages, or something between."""

    FORM = auto()
    SIGNED_IN = auto()
    SIGNED_OUT = auto()
    PERSON_ONLY = auto()


@dataclass(frozen=True)
class LoginStop:
    """Where the walk to the sign-in form stands: at its end, or before a link or a tab to press."""

    state: LoginState | None = None
    match: Match | None = None


@dataclass(frozen=True)
class Credentials:
    """User name and password of one site, given by the person."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class LoginRefusal:
    """What the site said when it did not let the person in."""

    text: str
    captcha: bool


@dataclass
class Login:
    """Login to one site.

    Args:
        browser: The site's windows.
        data: The site's words.
        title: The site's name for the person, e.g. 学信网.
        asks: Where the person is asked.
        credentials: Submitted at most once per sign-in; None when the person signs in by hand.
        learned: Menu words that persons were seen to press on the site's pages.
    """

    browser: SiteBrowser
    data: Site
    title: str
    asks: AskRouter
    credentials: Credentials | None
    learned: LearnedWords = field(default_factory=LearnedWords)

    @property
    def handover(self) -> Handover:
        """Who is asked about a near miss."""
        return Handover(self.browser, self.asks, self.data.never_instead)

    def sign_in(self) -> bool:
        """Sign in and return on a page that shows it; True where the form had to be filled in, by whomever.

        Raises:
            CredentialsRejected: The site refused them, in its own words.
            CaptchaRequired: A captcha is asked for and nobody is there.
            LoginByHandNeeded: There are no credentials and nobody is there.
            Interstitial: A page that only the person may deal with.
        """
        self.browser.with_retries(lambda: self.browser.goto(self.data.login_url))
        asked = self._landed() is LoginState.FORM
        if asked:
            self._wait_for_manual_login() if self.credentials is None else self._submit(self.credentials)
        self._stop_on_person_only(self.browser.snapshot())
        return asked

    @property
    def _page(self) -> str:
        return f"{self.title}登录"

    def state(self, snapshots: Sequence[FrameSnapshot]) -> LoginState | None:
        """Say what is shown now: the table of outcomes of opening the site."""
        words = self.data.login
        if any(snapshot.has_password for snapshot in snapshots):
            return LoginState.FORM
        if _anywhere(snapshots, words.signed_out):
            return LoginState.SIGNED_OUT
        if _anywhere(snapshots, words.person_only):
            return LoginState.PERSON_ONLY
        return LoginState.SIGNED_IN if _anywhere(snapshots, words.signed_in) else None

    def _landed(self) -> LoginState:
        """Walk on to the form, through a link or a tab where there is one before it, or see that it is not needed."""
        pressed: list[str] = []
        timer = StabilityTimer()
        while True:
            stop = self.browser.wait(
                lambda snapshots: self._stop(snapshots, pressed, timer), self._page, "登录表单"
            )
            if stop.state:
                return stop.state
            if stop.match:
                pressed.append(stop.match.target.name)
                timer.reset()
                self.browser.click_match(stop.match, self._page)

    def _stop(
        self, snapshots: Sequence[FrameSnapshot], pressed: Sequence[str], timer: StabilityTimer
    ) -> LoginStop | None:
        """Where it stands now; a way to the form is believed when the form does not come by itself for a while."""
        landing = self.state(snapshots)
        if landing not in (None, LoginState.SIGNED_OUT):
            return LoginStop(landing)
        words = (*self.data.login.signed_out, *self.data.login.ways)
        match = self.browser.first_match(
            (Target(word, (word,)) for word in words if word not in pressed), snapshots
        )
        if match is None or (landing is None and timer.seconds("a way") < TIME_TO_APPEAR):
            return None
        found_by_person = self.credentials is None and landing is None
        return LoginStop(LoginState.FORM) if found_by_person else LoginStop(match=match)

    def guard(self, snapshots: Sequence[FrameSnapshot]) -> None:
        """Raise ``SessionLost`` when a sign-in form stands anywhere although we were signed in."""
        if any(snapshot.has_password for snapshot in snapshots):
            raise SessionLost(f"{self.title}中途要求重新登录。")

    def sign_out(self) -> bool:
        """Press what signs out, where exactly one thing on the page does; True when the site then shows that we are out."""
        self.browser.guards.clear()  # the sign-in form is what is wanted now
        words = self.data.login.sign_out
        target = Target(words[0], words)
        try:
            with self.browser.with_timeout(TIME_TO_SIGN_OUT), self.browser.dialogs.accepting(any_of=words):
                clickable = self.browser.match_or_none(target, self.browser.snapshot())
                if clickable is None:
                    return False
                self.browser.click(clickable, target, self.title)
                return self.browser.wait(self._is_out, self.title, "退出后的页面")
        except (GradsyncError, Error):
            return False  # the context, with the session in it, is closed all the same

    def _is_out(self, snapshots: list[FrameSnapshot]) -> bool | None:
        return self.state(snapshots) in (LoginState.FORM, LoginState.SIGNED_OUT) or None

    # -- by hand -----------------------------------------------------------------------------------------------------

    def _wait_for_manual_login(self) -> None:
        text = f"请在打开的窗口里自己登录{self.title}，登录后程序会自动继续"
        ask = Ask(f"signed-in.{self.browser.site}", AskKind.DONE, text, self.browser.site)
        self.asks.ask(ask, nobody=LoginByHandNeeded)

        def inside(snapshots: list[FrameSnapshot]) -> bool | None:
            return self.state(snapshots) in (LoginState.SIGNED_IN, LoginState.PERSON_ONLY) or None

        try:
            with self.browser.with_at_least(ask.seconds):
                self.browser.wait(inside, self._page, "登录后的页面")
        except SiteChanged:
            said = f"等了 {ask.seconds / 60:.0f} 分钟，{self.title}还没有登录。"
            raise LoginByHandNeeded(said, "请再运行一次，在打开的窗口里登录。") from None

    # -- with credentials ----------------------------------------------------------------------------------------------

    def _submit(self, credentials: Credentials) -> None:
        form = self.browser.wait(_form, self._page, "密码")
        password = self.browser.password_field(form.frame)
        user = self.browser.field_beside(password, -1)
        if user is None:
            raise SiteChanged(self._page, "用户名", tuple(self.data.login.username[:3]))
        self.browser.fill(user, credentials.username)
        self.browser.fill(password, credentials.password)
        if self._wants_captcha(form):
            self.browser.fill(*self._captcha(form, password))
        before = all_texts(self.browser.snapshot()) | set(self.browser.dialogs.messages)
        self._press(form, password)
        refusal = self.browser.wait(
            lambda snapshots: self._outcome(snapshots, before), self._page, "登录后的页面"
        )
        if isinstance(refusal, LoginRefusal):
            self._refused(refusal)

    def _press(self, form: FrameSnapshot, password: Locator) -> None:
        """Press the 登录 that is nearest to the password, in the smallest box that holds both; Enter where there is none."""
        words = zh(*self.data.login.submit)
        alone = sum(bool(words.match(leaf.words)) for leaf in form.root.leaves) == 1
        around = [] if alone else self.browser.boxes_around(password, MOST_BOXES)
        holders: list[Frame | Locator] = [*around, form.frame]
        buttons = (one_of(candidates([holder], words, "button"), self._page, "登录") for holder in holders)
        button = next((button for button in buttons if button), None)
        if button:
            self.browser.click(button, Target("登录", self.data.login.submit, "button"), self._page)
            return
        with self.browser.translated_errors(f"{self._page}的「登录」"):
            password.press(ENTER, timeout=self.browser.patience * 1000)

    def _outcome(self, snapshots: list[FrameSnapshot], before: set[str]) -> LoginRefusal | LoginState | None:
        landing = self.state(snapshots)
        if landing in (LoginState.SIGNED_IN, LoginState.PERSON_ONLY):
            return landing
        forms = [snapshot for snapshot in snapshots if snapshot.has_password]
        fresh = [text for text in (*all_texts(forms), *self.browser.dialogs.messages) if text not in before]
        said = [
            text for text in fresh if len(text) <= LONGEST_MESSAGE and contains(text, self.data.login.trouble)
        ]
        about_captcha = [text for text in said if contains(text, self.data.login.captcha)]
        rejected = [text for text in said if text not in about_captcha]
        if rejected:
            return LoginRefusal(min(rejected, key=len), captcha=False)
        return LoginRefusal(max(about_captcha, key=len), captcha=True) if about_captcha else None

    def _refused(self, refusal: LoginRefusal) -> None:
        if refusal.captcha:
            raise CaptchaRequired(f"{self.title}要求验证码：“{refusal.text}”。")
        raise CredentialsRejected(f"{self.title}没有接受用户名或密码：“{refusal.text}”。")

    # -- captcha: shown to the person, never solved ----------------------------------------------------------------------

    def _wants_captcha(self, form: FrameSnapshot) -> bool:
        """True when there is a second text field and the form speaks of a captcha; 验证码登录 is another way in."""
        words = self.data.login.captcha
        typed = [node for node in form.root.walk() if node.type in TYPED]
        named = any(contains(node.placeholder + node.label, words) for node in typed)
        spoken = any(
            contains(text, words) and not contains(text, self.data.login.submit) for text in form.texts
        )
        return named or (len(typed) > 1 and spoken)

    def _captcha(self, form: FrameSnapshot, password: Locator) -> tuple[Locator | ElementHandle, str]:
        where = self.browser.named_field(form.frame, self.data.login.captcha) or self.browser.field_beside(
            password, 1
        )
        if where is None:
            raise SiteChanged(self._page, "验证码", ())
        text = f"{self.title}要求输入图片里的验证码"
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

    # -- interstitials and who it is -----------------------------------------------------------------------------------

    def _stop_on_person_only(self, snapshots: Sequence[FrameSnapshot]) -> None:
        if self.state(snapshots) is LoginState.PERSON_ONLY:
            shown = next(word for word in self.data.login.person_only if _anywhere(snapshots, [word]))
            raise Interstitial(f"{self.title}显示了需要本人处理的页面：“{shown}”。")

    def who(self, snapshots: Sequence[FrameSnapshot], expected: str | None = None) -> str | None:
        """Return the name that the site shows as signed in, or None when it shows none that can be told.

        Args:
            snapshots: The frames now.
            expected: A name that counts wherever it stands as a word of its own; any other only after 姓名 or a greeting.
        """
        lines = [line for snapshot in snapshots for line in tree.lines(snapshot.root)]
        texts = [line.text for line in lines if len(line.text) <= LONGEST_GREETING]
        if expected and any(_is_named(text, expected) for text in texts):
            return expected
        plain = (_without_controls(line) for line in lines)
        return next(
            (name for text in plain if len(text) <= LONGEST_GREETING and (name := self._greeted(text))), None
        )

    def wait_who(self, expected: str | None = None) -> str | None:
        """Return the name as ``who`` does, given the time in which it comes: a greeting may stand there before it.

        None, or another name than the expected one, is believed once nothing is under way and it has stood still.
        """
        timer = StabilityTimer()

        def told(snapshots: list[FrameSnapshot]) -> list[str | None] | None:
            name = self.who(snapshots, expected)
            if not self.browser.is_quiet(snapshots):
                timer.reset()
            at_rest = timer.seconds(name) > TIME_TO_STAND
            return [name] if at_rest or (name and name == expected) else None

        try:
            return self.browser.wait(told, self.title, "登录者的姓名", TIME_TO_GREET)[0]
        except SiteChanged:
            return self.who(self.browser.snapshot(), expected)

    def _greeted(self, text: str) -> str | None:
        """The name in 姓名：王岚, 您好，王岚 or 欢迎您，王岚同学; 欢迎使用 greets nobody."""
        words = self.data.whoami
        label = rf"(?:^|\s)(?:{'|'.join(words.labels)})\s*[：:]\s*"
        greeting = rf"(?:{'|'.join(words.greetings)})[\s，,：:！!]*"
        found = re.search(rf"(?:{label}|{greeting})({NAME}?)(?:同学|老师|[\s，,！!。（(]|$)", text)
        no_names = (*words.no_names, *self.data.login.sign_out)
        return found[1] if found and not contains(found[1], no_names) else None

    def require(self, name: str, expected: str) -> None:
        """Stop when the site's name for who is signed in is not the student's; a masked name must fit.

        Raises:
            SomebodyElse: It is another name.
        """
        pattern = re.sub(r"(\\\*|＊)+", ".*", re.escape(key(name)))
        if not re.fullmatch(pattern, key(expected)):
            raise SomebodyElse(f"{self.title}上登录的是另一个人，不是学信网上的这名学生。")


def _without_controls(line: TextLine) -> str:
    """A line's words without those of several things to press, which are a menu; a single one may be the name itself."""
    pressed = [leaf for leaf in line.leaves if any(node.tag in CONTROLS for node in leaf.ancestors())]
    among = pressed if len({leaf.words for leaf in pressed}) > 1 or _lacks_room(line, pressed) else []
    return tree.squash("".join(leaf.words for leaf in line.leaves if leaf not in among))


def _lacks_room(line: TextLine, pressed: Sequence[Node]) -> bool:
    """True where what is pressed stands apart from the words before it: an own thing, and not what they go on with."""
    before = [leaf for leaf in line.leaves if leaf not in pressed]
    return bool(pressed and before) and pressed[0].box.x - before[-1].box.right > ROOM_BESIDE


def _form(snapshots: list[FrameSnapshot]) -> FrameSnapshot | None:
    forms = [snapshot for snapshot in snapshots if snapshot.has_password]
    return forms[0] if len(forms) == 1 else None


def _is_named(text: str, name: str) -> bool:
    """True when the name stands in the text as a word of its own, alone or before 同学, （学号） and the like."""
    end = r"(?=同学|老师|您好|你好|[^\u4e00-\u9fff·]|$)"
    start = r"(?:^|(?<=[^\u4e00-\u9fff·])|(?<=您好)|(?<=你好)|(?<=欢迎)|(?<=欢迎您)|(?<=欢迎你))"
    return bool(re.search(start + re.escape(key(name)) + end, key(text)))


def _anywhere(snapshots: Sequence[FrameSnapshot], words: Sequence[str]) -> bool:
    return bool(words) and any(fields.says(snapshot.root, *words) for snapshot in snapshots)
