"""Login: by the person in a visible window, or once with given credentials; and who is signed in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from playwright.sync_api import ElementHandle, Error, Frame, Locator

from agent.asks import TAKE_OVER, YES, Ask, AskKind, AskRouter
from agent.browser.handover import Handover, Wanted
from agent.browser.locators import Target, candidates, one_of, zh
from agent.browser.site_browser import ENTER, Match, SiteBrowser
from agent.browser.stability import (
    TIME_TO_APPEAR,
    TIME_TO_GREET,
    TIME_TO_SIGN_OUT,
    TIME_TO_STAND,
    StabilityTimer,
)
from agent.errors import (
    CaptchaRequired,
    CodeRequired,
    CredentialsRejected,
    GradsyncError,
    Interstitial,
    LoginByHandNeeded,
    SessionLost,
    SiteChanged,
    SomebodyElse,
)
from agent.snapshot import tree
from agent.snapshot.fields import contains
from agent.snapshot.frame import FrameSnapshot, all_texts
from agent.snapshot.tree import Node, TextLine, key
from flows.profiles.learned import LearnedWords
from flows.profiles.site_words import Site
from flows.sites import login_outcomes
from flows.sites.login_outcomes import (
    Arrival,
    LoginOutcome,
    LoginState,
    OutcomeKind,
    OutcomeReader,
    anywhere,
    page_words,
)

LONGEST_GREETING = 30
MOST_BOXES = 8
"""How far up from the password its button is looked for before the whole frame is."""
ROOM_BESIDE = 6
"""CSS pixels between words that go on with each other, at most."""
CONTROLS = ("a", "button")
MOST_SENT = 2
"""How often a password is sent in one run, at most."""
NAME = r"(?:[\u4e00-\u9fff*＊]{2,4}|[\u4e00-\u9fff]+·[\u4e00-\u9fff·]+)"
"""A person's name: two to four characters, or parts joined by a middle dot; stars where the site masks it."""


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


@dataclass
class Login:
    """Login to one site.

    Args:
        browser: The site's windows.
        data: The site's words.
        title: The site's name for the person, e.g. 学信网.
        asks: Where the person is asked.
        credentials: Submitted once per sign-in, and once more where the site asks for a captcha only then; None when the
            person signs in by hand.
        learned: Menu words that persons were seen to press on the site's pages.
    """

    browser: SiteBrowser
    data: Site
    title: str
    asks: AskRouter
    credentials: Credentials | None
    learned: LearnedWords = field(default_factory=LearnedWords)
    _sent: int = 0

    @property
    def handover(self) -> Handover:
        """Who is asked about a near miss."""
        return Handover(self.browser, self.asks, self.data.never_instead)

    def sign_in(self) -> bool:
        """Sign in and return on a page that shows it; True where the form had to be filled in, by whomever.

        Raises:
            CredentialsRejected: The site refused them, in its own words.
            CaptchaRequired: A captcha is asked for and nobody is there.
            CodeRequired: A code was sent to the person and nobody is there.
            LoginByHandNeeded: There are no credentials and nobody is there.
            Interstitial: A page that only the person may deal with, and nobody is there.
            PersonSkipped: The person does not want to deal with it.
        """
        self.browser.with_retries(lambda: self.browser.goto(self.data.login_url))
        landed = self._landed()
        if landed is LoginState.FORM:
            self._wait_for_manual_login() if self.credentials is None else self._submit(self.credentials)
        if landed is LoginState.PERSON_ONLY or self.state(self.browser.snapshot()) is LoginState.PERSON_ONLY:
            self._leave_to_person(page_words(self.browser.snapshot()))
        return landed is not LoginState.SIGNED_IN

    @property
    def _page(self) -> str:
        return f"{self.title}登录"

    def state(self, snapshots: Sequence[FrameSnapshot]) -> LoginState | None:
        """Say what is shown now: the table of outcomes of opening the site."""
        return login_outcomes.state(snapshots, self.data.login)

    def _landed(self) -> LoginState:
        """Walk on to the form, through a link or a tab where there is one before it, or see that it is not needed."""
        pressed: list[str] = []
        timer, arrival = StabilityTimer(), Arrival(self.data.login)
        while True:
            stop = self._next_stop(pressed, timer, arrival)
            if stop.state:
                return stop.state
            if stop.match:
                pressed.append(stop.match.target.name)
                timer.reset()
                self.browser.click_match(stop.match, self._page)

    def _next_stop(self, pressed: Sequence[str], timer: StabilityTimer, arrival: Arrival) -> LoginStop:
        """Wait for it; a page that has nothing but a code to be scanned is the person's."""
        try:
            return self.browser.wait(
                lambda snapshots: self._stop(snapshots, pressed, timer, arrival), self._page, "登录表单"
            )
        except SiteChanged:
            if not anywhere(self.browser.snapshot(), self.data.login.scan):
                raise
            return LoginStop(LoginState.FORM if self.credentials is None else LoginState.PERSON_ONLY)

    def _stop(
        self,
        snapshots: Sequence[FrameSnapshot],
        pressed: Sequence[str],
        timer: StabilityTimer,
        arrival: Arrival,
    ) -> LoginStop | None:
        """Where it stands now; a way to the form is believed when the form does not come by itself for a while."""
        landing = self.state(snapshots)
        settled = self.browser.is_quiet(snapshots) and not self.browser.lacks_a_frame(snapshots)
        if not arrival.is_believed(snapshots, settled) and landing is LoginState.SIGNED_IN:
            return None
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
        """Send them and go on as the table of outcomes says."""
        outcome = self._send(credentials)
        if outcome.kind is OutcomeKind.CAPTCHA_WANTED:
            outcome = self._send(credentials, outcome)
        if outcome.kind is OutcomeKind.CODE_WANTED and outcome.page and not self._person_leads_only:
            outcome = self._send_code(outcome.page, outcome.said)
        said = f"：“{outcome.said}”。"
        if outcome.kind is OutcomeKind.REFUSED:
            raise CredentialsRejected(f"{self.title}没有接受用户名或密码{said}", said=outcome.said)
        if outcome.kind in (OutcomeKind.CAPTCHA_WANTED, OutcomeKind.CAPTCHA_REFUSED):
            raise CaptchaRequired(f"{self.title}要求验证码{said}", said=outcome.said)
        if outcome.kind in (OutcomeKind.CODE_WANTED, OutcomeKind.PERSON_WANTED):
            self._leave_to_person(outcome.said)

    def _send(self, credentials: Credentials, asked: LoginOutcome | None = None) -> LoginOutcome:
        """Fill the form in and send it once.

        Args:
            credentials: What to fill in.
            asked: The outcome by which the site has asked for a captcha after a first try; returned where the form has
                no place for one.
        """
        if self._sent >= MOST_SENT:
            raise SessionLost(f"{self.title}又要求登录；密码已经提交过 {self._sent} 次，不再提交。")
        form = self.browser.wait(_form, self._page, "密码")
        wants_captcha = login_outcomes.wants_captcha(form, self.data.login)
        if asked and not wants_captcha:
            return asked
        password = self.browser.password_field(form.frame, self.data.login.password)
        user = self.browser.field_beside(password, -1)
        if user is None:
            raise SiteChanged(self._page, "用户名", tuple(self.data.login.username[:3]))
        self.browser.fill(user, credentials.username)
        self.browser.fill_password(password, credentials.password, self._page, "密码")
        if wants_captcha:
            self.browser.fill(*self._captcha(form, password, asked.said if asked else ""))
        reader = OutcomeReader(self.data.login, self._shown(), wants_captcha)
        self._sent += 1
        self._press(form, password, Target("登录", self.data.login.submit, "button"))
        return self._outcome(reader)

    def _press(self, page: FrameSnapshot, known: Locator, target: Target) -> None:
        """Press the button that is nearest to a field, in the smallest box that holds both; Enter where there is none."""
        words = zh(*target.words)
        alone = sum(bool(words.match(leaf.words)) for leaf in page.root.leaves) == 1
        around = [] if alone else self.browser.boxes_around(known, MOST_BOXES)
        holders: list[Frame | Locator] = [*around, page.frame]
        buttons = (
            one_of(candidates([holder], words, "button"), self._page, target.name) for holder in holders
        )
        button = next((button for button in buttons if button), None)
        if button:
            self.browser.click(button, target, self._page)
            return
        with self.browser.translated_errors(f"{self._page}的「{target.name}」"):
            known.press(ENTER, timeout=self.browser.patience * 1000)

    def _shown(self) -> frozenset[str]:
        return frozenset(all_texts(self.browser.snapshot()) | set(self.browser.dialogs.messages))

    def _outcome(self, reader: OutcomeReader) -> LoginOutcome:
        """Wait for the outcome; a page with words that none of the known ones is stands for itself after the patience."""

        def told(snapshots: list[FrameSnapshot]) -> LoginOutcome | None:
            quiet, whole = self.browser.is_quiet(snapshots), not self.browser.lacks_a_frame(snapshots)
            return reader.read(snapshots, self.browser.dialogs.messages, quiet, whole)

        try:
            return self.browser.wait(told, self._page, "登录后的页面")
        except SiteChanged:
            unforeseen = reader.unforeseen(self.browser.snapshot(), self.browser.dialogs.messages)
            if unforeseen is None:
                raise
            return unforeseen

    # -- a code by SMS or e-mail: the person has it ----------------------------------------------------------------------

    @property
    def _person_leads_only(self) -> bool:
        """True where somebody is at the window who has no code to tell."""
        site = self.browser.site
        return self.asks.expects(f"{TAKE_OVER}{site}") and not self.asks.expects(f"code.{site}")

    def _send_code(self, page: FrameSnapshot, said: str) -> LoginOutcome:
        """Have the code sent to the person where they want it, ask for it, and send it once."""
        where = self.browser.lone_field(page.frame)
        if where is None:
            return LoginOutcome(OutcomeKind.PERSON_WANTED, said)
        self._request_code(page, said)
        code = self._code(said)
        self.browser.fill(where, code)
        reader = OutcomeReader(self.data.login, self._shown())
        try:
            self._press(page, where, Target("确定", self.data.login.confirm_code, "button"))
        except SiteChanged:
            return LoginOutcome(OutcomeKind.PERSON_WANTED, said)  # several buttons: not pressed
        outcome = self._outcome(reader)
        again = outcome.kind is OutcomeKind.CODE_WANTED
        return LoginOutcome(OutcomeKind.PERSON_WANTED, outcome.said or said) if again else outcome

    def _request_code(self, page: FrameSnapshot, said: str) -> None:
        """Press 获取验证码 where the page has it and the person wants it; who has written a code down wants it."""
        site = self.browser.site
        target = Target("获取验证码", self.data.login.send_code, "button")
        button = self.browser.match_or_none(target, [page])
        text = f"{self.title}要求验证码：“{said}”。现在由程序点「获取验证码」，把验证码发给你吗？"
        ask = Ask(f"send-code.{site}", AskKind.YES_NO, text, site)
        if button is None or not self.asks.expects(f"code.{site}"):
            return
        if not self.asks.expects(ask.id) or self.asks.ask(ask) == YES:
            self.browser.click(button, target, self._page)

    def _code(self, said: str) -> str:
        text = f"{self.title}要求输入发到你手机或邮箱的验证码：“{said}”"
        ask = Ask(f"code.{self.browser.site}", AskKind.SECRET, text, self.browser.site)
        try:
            return self.asks.ask(ask, nobody=CodeRequired)
        except CodeRequired as nobody:
            nobody.said = said
            raise

    # -- captcha: shown to the person, never solved ----------------------------------------------------------------------

    def _captcha(
        self, form: FrameSnapshot, password: Locator, said: str
    ) -> tuple[Locator | ElementHandle, str]:
        where = self.browser.named_field(form.frame, self.data.login.captcha) or self.browser.field_beside(
            password, 1
        )
        if where is None:
            raise SiteChanged(self._page, "验证码", ())
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

    # -- interstitials and who it is -----------------------------------------------------------------------------------

    def _leave_to_person(self, said: str) -> None:
        """Wait at the window until the person has dealt with a page.

        Raises:
            Interstitial: Nobody is there, or it is not dealt with in time.
            PersonSkipped: They leave it.
        """
        told = f"{self.title}登录时显示：“{said}”。请在打开的窗口里自己处理，进入网站后程序会自动继续"
        if self.handover.take_over(Wanted(self._page, "", told), self._is_inside) is None:
            raise Interstitial(f"{self.title}显示了需要本人处理的页面：“{said}”。", said=said)

    def _is_inside(self, snapshots: Sequence[FrameSnapshot]) -> bool | None:
        """True once the site's own page stands there, and nothing that asks for a code."""
        inside = self.state(snapshots) is LoginState.SIGNED_IN
        return (inside and login_outcomes.code_page(snapshots, self.data.login) is None) or None

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
