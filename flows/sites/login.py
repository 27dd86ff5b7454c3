"""Login: by the person in a visible window, or once with given credentials; and who is signed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from playwright.sync_api import Error

from agent.asks import AskRouter
from agent.browser.handover import Handover
from agent.browser.locators import Target, may_show, word_pattern
from agent.browser.site_browser import Match, SiteBrowser
from agent.browser.stability import (
    TIME_TO_APPEAR,
    TIME_TO_GREET,
    TIME_TO_SIGN_OUT,
    TIME_TO_STAND,
    StabilityTimer,
)
from agent.errors import (
    CaptchaRequired,
    CredentialsRejected,
    GradsyncError,
    SessionLost,
    SiteChanged,
    SomebodyElse,
    quote,
)
from agent.snapshot.fields import contains
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Node
from flows.profiles.learned import LearnedWords
from flows.profiles.site_words import Site
from flows.sites import login_outcomes, signed_in_name
from flows.sites.login_by_hand import LoginByHand
from flows.sites.login_code import LoginCode
from flows.sites.login_form import AccountStep, Credentials, LoginForm, account_step
from flows.sites.login_outcomes import (
    Arrival,
    LoginOutcome,
    LoginState,
    OutcomeKind,
    anywhere,
    entry_name,
    page_words,
    typed,
)
from flows.sites.navigation.folds import holds

ASKING = ("input", "select", "textarea", "button")


@dataclass(frozen=True)
class LoginStop:
    """Where the walk to the sign-in form stands: at its end, before a link or a tab to press, or before the account's own step."""

    state: LoginState | None = None
    match: Match | None = None
    step: AccountStep | None = None


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
    _form: LoginForm = field(init=False, repr=False)
    _leaving: ExitStack = field(default_factory=ExitStack, repr=False)
    """What holds from the press that signs out until the site shows that we are out."""

    def __post_init__(self) -> None:
        self._form = LoginForm(self.browser, self.data.login, self.title, self.asks)

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
            self._by_hand.wait() if self.credentials is None else self._submit(self.credentials)
        if landed is LoginState.PERSON_ONLY or self.state(self.browser.snapshot()) is LoginState.PERSON_ONLY:
            self._by_hand.leave_to_person(page_words(self.browser.snapshot()))
        self._stay_inside()
        return landed is not LoginState.SIGNED_IN

    def _stay_inside(self) -> None:
        """Go on in the window that is signed in, where the site has opened one and the first still shows the way in."""
        looked = self.browser.snapshot()
        windows = [
            (page, [one for one in looked if one.frame.page is page]) for page in self.browser.context.pages
        ]
        inside = [page for page, shown in windows if self.state(shown) is LoginState.SIGNED_IN]
        if inside and self.browser.page not in inside:
            self.browser.page = inside[-1]

    @property
    def _page(self) -> str:
        return self._form.page

    @property
    def _by_hand(self) -> LoginByHand:
        return LoginByHand(self.handover, self.data.login, self.title)

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
            if stop.step and self.credentials:
                timer.reset()
                self._form.give_account(stop.step, self.credentials)
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
        if landing is LoginState.FORM and (role := self._role(snapshots, pressed)):
            return LoginStop(match=role)
        if landing not in (None, LoginState.SIGNED_OUT):
            return LoginStop(landing)
        words = (*self.data.login.signed_out, *self._ways(snapshots))
        match = self.browser.first_match(
            (Target.of(word) for word in words if word not in pressed), snapshots
        )
        step = None if match or self._form.has_account else account_step(snapshots, self.data.login)
        if not (match or step) or (landing is None and timer.seconds("a way") < TIME_TO_APPEAR):
            return None
        found_by_person = self.credentials is None and landing is None
        return LoginStop(LoginState.FORM) if found_by_person else LoginStop(match=match, step=step)

    def _ways(self, snapshots: Sequence[FrameSnapshot]) -> list[str]:
        """The words that lead to the form; where something of it stands there, the button that sends it is none."""
        words = self.data.login
        named = (*words.username, *words.captcha, *words.code)
        begun = any(contains(entry_name(node), named) for one in snapshots for node in typed(one))
        sending = [_called(node) for node in _nodes(snapshots) if begun and node.tag in ("button", "input")]
        own = [word for word in words.submit if any(map(word_pattern(word).match, sending))]
        return [word for word in words.ways if word not in own]

    def _role(self, snapshots: Sequence[FrameSnapshot], pressed: Sequence[str]) -> Match | None:
        """What makes the form the student's, once, where others sign in by it too: a tab, a role, no link to another page."""
        words = self.data.login
        others = any(may_show(one, Target.of(word)) for one in snapshots for word in words.others)
        if self.credentials is None or not others or any(word in pressed for word in words.student):
            return None
        away = [_called(node) for node in _nodes(snapshots) if node.leads_away]
        roles = [
            word
            for word in words.student
            if word in words.ways or not any(map(word_pattern(word).match, away))
        ]
        return self.browser.first_match(map(Target.of, roles), snapshots)

    def guard(self, snapshots: Sequence[FrameSnapshot]) -> None:
        """Raise ``SessionLost`` when a sign-in form stands anywhere although we were signed in."""
        forms = [one for one in snapshots if one.has_password and not login_outcomes.asks_new_password(one)]
        if forms:
            raise SessionLost(f"{self.title}中途要求重新登录。")

    def press_sign_out(self) -> bool:
        """Press what signs out, where exactly one thing on the page does; True when it was pressed."""
        self.browser.guards.clear()  # the sign-in form is what is wanted now
        words = self.data.login.sign_out
        target = Target.of(*words)
        try:
            with self.browser.with_timeout(TIME_TO_SIGN_OUT):
                self._leaving.enter_context(self.browser.dialogs.accepting(any_of=words))
                clickable = self.browser.match_or_none(target, self.browser.snapshot())
                if clickable is None:
                    return False
                self.browser.click(clickable, target, self.title)
        except (GradsyncError, Error):
            return False  # the context, with the session in it, is closed all the same
        return True

    def is_signed_out(self) -> bool:
        """Wait after the press; True when the site then shows that we are out."""
        try:
            with self._leaving, self.browser.with_timeout(TIME_TO_SIGN_OUT):
                return self.browser.wait(self._is_out, self.title, "退出后的页面")
        except (GradsyncError, Error):
            return False

    def _is_out(self, snapshots: list[FrameSnapshot]) -> bool | None:
        return self.state(snapshots) in (LoginState.FORM, LoginState.SIGNED_OUT) or None

    # -- with credentials ----------------------------------------------------------------------------------------------

    def _submit(self, credentials: Credentials) -> None:
        """Send them and go on as the table of outcomes says."""
        outcome = self._form.send(credentials)
        if outcome.kind is OutcomeKind.CAPTCHA_WANTED:
            outcome = self._form.send(credentials, outcome)
        outcome = self._with_code(self._or_inside(outcome))
        said = f"：{quote(outcome.said)}。"
        if outcome.kind is OutcomeKind.REFUSED:
            raise CredentialsRejected(f"{self.title}没有接受用户名或密码{said}", said=outcome.said)
        if outcome.kind in (OutcomeKind.CAPTCHA_WANTED, OutcomeKind.CAPTCHA_REFUSED):
            raise CaptchaRequired(f"{self.title}要求验证码{said}", said=outcome.said)
        if outcome.kind in (OutcomeKind.CODE_WANTED, OutcomeKind.PERSON_WANTED):
            self._by_hand.leave_to_person(outcome.said)
        if outcome.kind is OutcomeKind.AGREEMENT_WANTED:
            self._by_hand.leave_agreement(outcome.said)

    def _or_inside(self, outcome: LoginOutcome) -> LoginOutcome:
        """The outcome; a sign-in where an unknown page asks nothing, and greets by name or has signing out put away."""
        looked = self.browser.snapshot()
        asks = any(node.tag in ASKING for node in _nodes(looked)) or self.state(looked) is not None
        if outcome.kind is not OutcomeKind.PERSON_WANTED or asks:
            return outcome
        is_inside = self.who(looked) or holds(looked, self.data.login.sign_out)
        return LoginOutcome(OutcomeKind.SIGNED_IN) if is_inside else outcome

    def _with_code(self, outcome: LoginOutcome) -> LoginOutcome:
        """What comes of a code that is asked for, where the person has one to tell; any other outcome as it is."""
        code = LoginCode(self._form)
        if outcome.kind is OutcomeKind.CODE_WANTED and outcome.page and not code.is_for_the_window:
            return code.send(outcome.page, outcome.said)
        return outcome

    def pass_gate(self, outcome: LoginOutcome) -> None:
        """Deal with a page that stands before the site's own after the sign-in; as ``sign_in`` does with one in it.

        Args:
            outcome: What it wants.

        Raises:
            CodeRequired: A code was sent to the person and nobody is there.
            Interstitial: Only the person may deal with it, and nobody is there.
            PersonSkipped: The person does not want to deal with it.
        """
        after = self._with_code(outcome)
        if after.kind is not OutcomeKind.SIGNED_IN:
            self._by_hand.leave_to_person(after.said)

    def who(self, snapshots: Sequence[FrameSnapshot], expected: str | None = None) -> str | None:
        """Return the name that the site shows as signed in, or None when it shows none that can be told.

        Args:
            snapshots: The frames now.
            expected: A name that counts wherever it stands as a word of its own; any other only after 姓名 or a greeting.
        """
        return signed_in_name.name_shown(snapshots, self.data, expected)

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

    def require(self, name: str, expected: str) -> None:
        """Stop when the site's name for who is signed in is not the student's; a masked name must fit.

        Raises:
            SomebodyElse: It is another name.
        """
        if not signed_in_name.may_be(name, expected):
            raise SomebodyElse(f"{self.title}上登录的是另一个人，不是学信网上的这名学生。")


def _nodes(snapshots: Sequence[FrameSnapshot]) -> Iterator[Node]:
    return (node for one in snapshots for node in one.root.walk())


def _called(node: Node) -> str:
    return node.words or node.text
