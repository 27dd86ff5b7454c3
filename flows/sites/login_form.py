"""The sign-in form: found, filled in with given credentials, sent, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from playwright.sync_api import ElementHandle, Locator

from agent.asks import Ask, AskKind, AskRouter
from agent.browser.locators import Target, field_at, one_between, word_pattern
from agent.browser.site_browser import SiteBrowser
from agent.errors import CaptchaRequired, SessionLost, SiteChanged
from agent.snapshot.fields import contains
from agent.snapshot.frame import FrameSnapshot, all_texts
from agent.snapshot.tree import Node
from flows.profiles.site_words import LoginWords
from flows.sites import login_outcomes
from flows.sites.login_outcomes import LoginOutcome, OutcomeReader, entry_name, typed

AccountStep = tuple[FrameSnapshot, Node]
"""The field for the account in a step of its own, and its frame."""
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
        has_account: True once the site was given the account by itself, before it asks for its password.
    """

    browser: SiteBrowser
    words: LoginWords
    title: str
    asks: AskRouter
    sent: int = 0
    has_account: bool = False

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
        form, near, password = self.browser.wait(self._found, self.page, "密码")
        wants_captcha = login_outcomes.wants_captcha(form, self.words)
        if asked and not wants_captcha:
            return asked
        if not self.has_account:
            self._give_account(password, credentials)
        password = self.browser.inputs.fill_password(password, credentials.password, self.page, "密码")
        if wants_captcha:
            self.browser.inputs.type_in(*self._captcha(form, password, asked.said if asked else ""))
        self._choose_role(form)
        reader = OutcomeReader(self.words, self.shown(), wants_captcha)
        self.sent += 1
        self.press(form, near, password, Target("登录", self.words.submit, "button"))
        return self.outcome(reader)

    def give_account(self, step: AccountStep, credentials: Credentials) -> None:
        """Give the account where the site asks for it alone, and go on to its password."""
        field = field_at(step[0].frame, step[1].box)
        if field:
            self.browser.inputs.type_in(field, credentials.username)
            self.press(*step, field, Target("下一步", self.words.following, "button"))
            self.has_account = True

    def _give_account(self, password: ElementHandle, credentials: Credentials) -> None:
        user = self.browser.inputs.field_beside(password, -1)
        if user is None:
            raise SiteChanged(self.page, "用户名", tuple(self.words.username[:3]))
        self.browser.inputs.type_in(user, credentials.username)

    def _found(self, snapshots: list[FrameSnapshot]) -> tuple[FrameSnapshot, Node, ElementHandle] | None:
        """The frame of the student's own form, its password field as it was seen, and that field."""
        forms = [(one, node) for one in snapshots for node in own_passwords(one, self.words)]
        if len(forms) != 1:
            return None
        form, near = forms[0]
        field = field_at(form.frame, near.box)
        return (form, near, field) if field else None

    def _choose_role(self, form: FrameSnapshot) -> None:
        """Choose the student's role in a list of roles that shows another, or none; what an account is called is no role."""
        roles = [word for word in self.words.student if word not in self.words.username]
        lists = (node for node in form.root.walk() if node.tag == "select" and node.value is not None)
        for node in lists if roles else ():
            field = None if contains(node.value or "", roles) else field_at(form.frame, node.box)
            with suppress(SiteChanged):  # a list of something else
                self.browser.inputs.choose(field, roles, self.page) if field else None

    def press(self, page: FrameSnapshot, near: Node, field: ElementHandle, target: Target) -> None:
        """Press the button that is nearest to a field, in the smallest box that holds both; Enter where there is none."""
        around = [box for box in near.ancestors() if box.parent and _says(box, target.words)]
        places = [*(node.box.covers for node in around), lambda box: True]
        buttons = (one_between(page.frame, target, self.page, holds) for holds in places)
        button = next((button for button in buttons if button), None)
        if button:
            self.browser.click(button, target, self.page)
            return
        with self.browser.translated_errors(f"{self.page}的「{target.name}」"):
            field.press("Enter", timeout=self.browser.patience * 1000)

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

    def _captcha(
        self, form: FrameSnapshot, password: ElementHandle, said: str
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
        holder = form.frame.locator("form").filter(has=form.frame.locator("input[type=password]"))
        image = holder.locator("img").filter(visible=True)
        with self.browser.translated_errors("验证码"):
            shown = image if image.count() == 1 else form.frame.locator("body")
            return shown.screenshot(timeout=self.browser.patience * 1000)


def account_step(snapshots: Sequence[FrameSnapshot], words: LoginWords) -> AccountStep | None:
    """Return where a site asks for the account alone before its password: the one field, and its frame; None elsewhere."""
    lone = [(one, fields[0]) for one in snapshots if len(fields := typed(one)) == 1]
    steps = [(one, node) for one, node in lone if _says(one.root, words.following) and not node.value]
    if len(steps) != 1 or any(one.has_password for one in snapshots):
        return None
    name = entry_name(steps[0][1])
    named = contains(name if name.strip() else steps[0][0].root.text, words.username)
    return steps[0] if named and not contains(name, (*words.captcha, *words.code)) else None


def own_passwords(shown: FrameSnapshot, words: LoginWords) -> list[Node]:
    """The password fields that may be the student's: of several, those with a button of their own, and of these the student's.

    Two in one form belong together, as where a password is set.
    """
    every = [node for node in shown.root.walk() if node.type == "password"]
    forms = [node for node in shown.root.walk() if node.tag == "form"]
    paired = [
        one for one in every if any(form.holds(one) and sum(map(form.holds, every)) > 1 for form in forms)
    ]
    fields = [node for node in every if node not in paired]
    parts = [(node, _part(node, every)) for node in fields]
    sending = [(node, part) for node, part in parts if _says(part, words.submit)]
    students = [node for node, part in sending if contains(_told(part), words.student)]
    return (students if len(sending) > 1 else []) or [node for node, _ in sending] or fields or every


def _part(field: Node, others: Sequence[Node]) -> Node:
    """The widest part of the page around a field that holds none of the others."""
    return field.widest(lambda node: not any(node.holds(one) for one in others if one is not field))


def _says(part: Node, words: Sequence[str]) -> bool:
    pattern = word_pattern(*words)
    return any(pattern.match(name) for node in part.walk() for name in (node.words, node.text, node.title))


def _told(part: Node) -> str:
    """The words of a part of a page, with those that stand in its fields until something is typed."""
    return " ".join((part.text, *(f"{node.placeholder} {node.label}" for node in part.walk())))
