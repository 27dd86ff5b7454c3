"""What may stand between a password and the site's own pages: the table of outcomes of a sign-in, told from what is seen.

Pure: it looks at snapshots and presses nothing. What happens then is ``login.py``'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from agent.browser.locators import word_pattern
from agent.browser.stability import TIME_TO_REST, TIME_TO_STAND, StabilityTimer
from agent.snapshot import fields, tree
from agent.snapshot.fields import contains
from agent.snapshot.frame import FrameSnapshot, all_texts
from agent.snapshot.tree import Node
from flows.profiles import site_words

LONGEST_MESSAGE = 80
"""A message about a failed sign-in is short; longer lines are the page's own text."""
LONGEST_SAID = 160
"""Characters of a page's own words that are repeated to the person."""
OF_THE_SITE = re.compile(
    "系统|网络|服务器|服务异常|请求|繁忙|频繁|维护|稍后|稍候|页面|代码|滑块|拼图|人机|安全验证"
)
OF_THE_ACCOUNT = re.compile("用户名|账[号户]|帐[号户]|学号|工号|口令|身份证|密码|凭[证据]|手机号")
"""What a message speaks of that refuses a sign-in, and that does not."""
TYPED = ("text", "tel", "number", "email")
ENTERED = (*TYPED, "password")
LONGEST_ARRIVAL = 5.0
"""Seconds after which a site that shows that somebody is signed in is believed, whatever it still fetches."""


class LoginState(Enum):
    """What a site shows: its sign-in form, its own pages, or something between."""

    FORM = auto()
    SIGNED_IN = auto()
    SIGNED_OUT = auto()
    PERSON_ONLY = auto()


class OutcomeKind(Enum):
    """What may come of a sign-in form that was sent."""

    SIGNED_IN = auto()
    REFUSED = auto()
    """The site did not take the user name or the password."""
    CAPTCHA_WANTED = auto()
    """The site asks for a captcha, and has refused nothing."""
    CAPTCHA_REFUSED = auto()
    CODE_WANTED = auto()
    """A code that was sent to the person by SMS or e-mail, in a field of its own."""
    PERSON_WANTED = auto()
    """A page that only the person may deal with, known or not."""
    AGREEMENT_WANTED = auto()
    """The form still stands there with a box that agrees to something and is not ticked."""


@dataclass(frozen=True)
class LoginOutcome:
    """What came of it, in the site's own words.

    Args:
        kind: The row of the table.
        said: What the site said; empty where it said nothing.
        page: The frame that asks for a code.
    """

    kind: OutcomeKind
    said: str = ""
    page: FrameSnapshot | None = None


def state(snapshots: Sequence[FrameSnapshot], words: site_words.LoginWords) -> LoginState | None:
    """Say what is shown now: the table of outcomes of opening the site."""
    if any(snapshot.has_password for snapshot in snapshots):
        return LoginState.FORM
    if anywhere(snapshots, words.signed_out):
        return LoginState.SIGNED_OUT
    if anywhere(snapshots, words.person_only):
        return LoginState.PERSON_ONLY
    return LoginState.SIGNED_IN if anywhere(snapshots, words.signed_in) else None


@dataclass
class Arrival:
    """Tells whether a site that shows that somebody is signed in is to be believed: a frame of it may still bring a form.

    Args:
        words: What the site's sign-in says.
    """

    words: site_words.LoginWords
    _since: StabilityTimer = field(default_factory=StabilityTimer)
    _still: StabilityTimer = field(default_factory=StabilityTimer)

    def is_believed(self, snapshots: Sequence[FrameSnapshot], settled: bool) -> bool:
        """Say so of what is shown now; a shell that shows nothing but how to sign out has to stand still.

        Args:
            snapshots: The frames now.
            settled: Whether nothing is under way and no frame is missing; waited for, but not longer than ``LONGEST_ARRIVAL``.
        """
        if state(snapshots, self.words) is not LoginState.SIGNED_IN:
            self._since.reset()
            self._still.reset()
            return False
        if self._since.seconds("inside") > LONGEST_ARRIVAL:
            return True
        if not settled:
            self._still.reset()
            return False
        own = [word for word in self.words.signed_in if word not in self.words.sign_out]
        return anywhere(snapshots, own) or self._still.seconds("inside") > TIME_TO_REST


@dataclass
class OutcomeReader:
    """Tells what came of a form that was sent.

    Args:
        words: What the site's sign-in says.
        before: The lines that stood there, and the dialogs' messages, before it was sent.
        with_captcha: Whether a captcha was sent with it.
    """

    words: site_words.LoginWords
    before: frozenset[str]
    with_captcha: bool = False
    _timer: StabilityTimer = field(default_factory=StabilityTimer)
    _arrival: Arrival = field(init=False)

    def __post_init__(self) -> None:
        self._arrival = Arrival(self.words)

    def read(
        self, snapshots: Sequence[FrameSnapshot], messages: Sequence[str], quiet: bool, whole: bool = True
    ) -> LoginOutcome | None:
        """Return the outcome; None while there is none.

        Args:
            snapshots: The frames now.
            messages: What the page's own dialogs have said.
            quiet: Whether nothing is under way. What asks for something more is believed only once it stands still: the
                refusal of the password may come a moment after the field of a captcha.
            whole: Whether every frame is among them.
        """
        is_inside = self._arrival.is_believed(snapshots, quiet and whole)
        forms = [snapshot for snapshot in snapshots if snapshot.has_password]
        found = self._on_form(forms, messages) if forms else self._past_form(snapshots)
        if found is None or not quiet:
            self._timer.reset()
        if found is None or found.kind is OutcomeKind.REFUSED:
            return found
        if found.kind is OutcomeKind.SIGNED_IN and state(snapshots, self.words) is LoginState.SIGNED_IN:
            return found if is_inside else None
        seconds = TIME_TO_STAND if found.kind is OutcomeKind.CAPTCHA_WANTED else TIME_TO_REST
        return found if self._timer.seconds((found.kind, found.said)) > seconds else None

    def unforeseen(self, snapshots: Sequence[FrameSnapshot], messages: Sequence[str]) -> LoginOutcome | None:
        """Return what a page that is none of the known ones says; None where nothing new is said, or it is signed out.

        A form that came to nothing although it says nothing wants its box for the terms of use ticked, where it has one.
        """
        if asked := agreement_wanted(snapshots, self.words):
            return LoginOutcome(OutcomeKind.AGREEMENT_WANTED, asked)
        if state(snapshots, self.words) is LoginState.SIGNED_OUT:
            return None
        said = page_words(snapshots, messages, self.before)
        is_inside = not any(one.has_password for one in snapshots) and _offers_menu(snapshots, self.words)
        kind = OutcomeKind.SIGNED_IN if is_inside else OutcomeKind.PERSON_WANTED
        return LoginOutcome(kind, said) if said else None

    def _past_form(self, snapshots: Sequence[FrameSnapshot]) -> LoginOutcome | None:
        if asks := code_wanted(snapshots, self.words, self.before):
            return asks
        landing = state(snapshots, self.words)
        if landing is LoginState.PERSON_ONLY:
            return LoginOutcome(OutcomeKind.PERSON_WANTED, page_words(snapshots, (), self.before))
        inside = landing is LoginState.SIGNED_IN or (landing is None and _offers_menu(snapshots, self.words))
        return LoginOutcome(OutcomeKind.SIGNED_IN) if inside else None

    def _on_form(self, forms: Sequence[FrameSnapshot], messages: Sequence[str]) -> LoginOutcome | None:
        if any(map(asks_new_password, forms)):
            return LoginOutcome(OutcomeKind.PERSON_WANTED, page_words(forms, (), self.before))
        fresh = [text for text in (*all_texts(forms), *messages) if text not in self.before]
        said = [text for text in fresh if len(text) <= LONGEST_MESSAGE]
        closed = [text for text in said if contains(text, (*self.words.person_only, *self.words.locked))]
        if closed:
            return LoginOutcome(OutcomeKind.PERSON_WANTED, min(closed, key=len))
        trouble = [text for text in said if contains(text, self.words.trouble)]
        about_captcha = [text for text in trouble if contains(text, self.words.captcha)]
        rejected = [text for text in trouble if text not in about_captcha or self._is_about_password(text)]
        if refused := [text for text in rejected if not is_of_the_site(text)]:
            return LoginOutcome(OutcomeKind.REFUSED, min(refused, key=len))
        if rejected:
            return LoginOutcome(OutcomeKind.PERSON_WANTED, min(rejected, key=len))
        return self._about_captcha(about_captcha) if about_captcha else self._silent_captcha(forms)

    def _about_captcha(self, said: Sequence[str]) -> LoginOutcome:
        asks_only = not any(self._is_refusal(text) for text in said) and not self.with_captcha
        kind = OutcomeKind.CAPTCHA_WANTED if asks_only else OutcomeKind.CAPTCHA_REFUSED
        return LoginOutcome(kind, max(said, key=len))

    def _silent_captcha(self, forms: Sequence[FrameSnapshot]) -> LoginOutcome | None:
        """The field of a captcha that was not there when the form was sent, and nothing said to it."""
        shown = any(wants_captcha(form, self.words) for form in forms)
        return LoginOutcome(OutcomeKind.CAPTCHA_WANTED) if shown and not self.with_captcha else None

    def _is_about_password(self, text: str) -> bool:
        """True for 用户名或密码有误，请输入验证码: the password was refused as well, and must not be sent again."""
        return self._is_refusal(text) and contains(text, self.words.password)

    def _is_refusal(self, text: str) -> bool:
        """True when the text says that something was wrong, and does not only ask for a captcha."""
        return contains(text, [word for word in self.words.trouble if word not in self.words.captcha])


def is_of_the_site(text: str) -> bool:
    """True for trouble that says nothing of who signs in: 系统错误, 网络错误, 操作频繁, 滑块验证失败."""
    return OF_THE_SITE.search(text) is not None and OF_THE_ACCOUNT.search(text) is None


def wants_captcha(form: FrameSnapshot, words: site_words.LoginWords) -> bool:
    """True when there is a second text field and the form speaks of a captcha; 验证码登录 is another way in."""
    nodes = typed(form)
    named = any(contains(node.placeholder + node.label, words.captcha) for node in nodes)
    spoken = any(contains(text, words.captcha) and not contains(text, words.submit) for text in form.texts)
    return named or (len(nodes) > 1 and spoken)


def code_page(snapshots: Sequence[FrameSnapshot], words: site_words.LoginWords) -> FrameSnapshot | None:
    """Return the one frame that has nothing to be typed but a code, still empty; None where there is none, or a way in beside it."""
    known = [word for word in words.signed_in if word not in words.sign_out]
    if anywhere(snapshots, known):
        return None
    spoken = (*words.code, *words.captcha)
    pages = [one for one in snapshots if _is_lone_field(one) and _speaks(one, spoken)]
    return pages[0] if len(pages) == 1 else None


def code_wanted(
    snapshots: Sequence[FrameSnapshot], words: site_words.LoginWords, before: frozenset[str] = frozenset()
) -> LoginOutcome | None:
    """Return what asks for a code that was sent to the person; None where nothing does."""
    page = code_page(snapshots, words)
    return LoginOutcome(OutcomeKind.CODE_WANTED, page_words(snapshots, (), before), page) if page else None


@dataclass
class GateReader:
    """Tells whether a page stands before the site's own although the sign-in was taken: asked for when a page is opened.

    A sign-in may be one host's, and what it wants of the person (a code, a new password, a survey) come with the first page of
    another.

    Args:
        words: What the site's sign-in says.
    """

    words: site_words.LoginWords
    _timer: StabilityTimer = field(default_factory=StabilityTimer)

    def read(
        self, snapshots: Sequence[FrameSnapshot], quiet: bool, leads_on: Callable[[], bool]
    ) -> LoginOutcome | None:
        """Return what asks for the person, once it stands still.

        Args:
            snapshots: The frames now.
            quiet: Whether nothing is under way.
            leads_on: Says whether the page has a way on: what only the person may deal with is a banner there.
        """
        found = code_wanted(snapshots, self.words) or self._persons(snapshots, leads_on)
        if found is None or not quiet:
            self._timer.reset()
        return found if found and self._timer.seconds(found.said) > TIME_TO_REST else None

    def _persons(
        self, snapshots: Sequence[FrameSnapshot], leads_on: Callable[[], bool]
    ) -> LoginOutcome | None:
        is_persons = state(snapshots, self.words) is LoginState.PERSON_ONLY and not leads_on()
        is_persons = is_persons or any(map(asks_new_password, snapshots))
        return LoginOutcome(OutcomeKind.PERSON_WANTED, page_words(snapshots)) if is_persons else None

    def unforeseen(self, snapshots: Sequence[FrameSnapshot]) -> LoginOutcome | None:
        """Return what a page says that has led nowhere; None on one that is the site's own, signed out, or says nothing."""
        own = (*self.words.signed_in, *self.words.signed_out, *self.words.menus)
        said = page_words(snapshots)
        is_other = not any(one.has_password for one in snapshots) and not anywhere(snapshots, own)
        return LoginOutcome(OutcomeKind.PERSON_WANTED, said) if said and is_other else None


def page_words(
    snapshots: Iterable[FrameSnapshot], messages: Iterable[str] = (), before: frozenset[str] = frozenset()
) -> str:
    """Return what a page says, verbatim and in reading order, without what was typed into it or stood there before."""
    shown = (line for snapshot in snapshots for line in _said(snapshot.root))
    fresh = dict.fromkeys(line for line in (*messages, *shown) if line and line not in before)
    said = " ".join(fresh)
    return said if len(said) <= LONGEST_SAID else f"{said[:LONGEST_SAID]}…"


def _offers_menu(snapshots: Sequence[FrameSnapshot], words: site_words.LoginWords) -> bool:
    """True where something that is no sentence names the site's menu or an entry of it, and no way in is left.

    What is to be typed asks for something.
    """
    menus = word_pattern(*words.menus)
    quiet = (snapshot for snapshot in snapshots if not typed(snapshot))
    nodes = (node for one in quiet for node in one.root.walk())
    named = any(
        menus.match(name) for node in nodes for name in (node.words, node.text, node.title, node.label)
    )
    return named and not anywhere(snapshots, words.ways)


def anywhere(snapshots: Sequence[FrameSnapshot], words: Sequence[str]) -> bool:
    """True when any frame says one of the words."""
    return bool(words) and any(fields.says(snapshot.root, *words) for snapshot in snapshots)


def _said(root: Node) -> Iterator[str]:
    for line in tree.lines(root):
        if not any(leaf.type in ENTERED or leaf.tag in ("textarea", "select") for leaf in line.leaves):
            yield line.text


def typed(page: FrameSnapshot) -> list[Node]:
    """Return the fields of a frame into which text is typed."""
    return [node for node in page.root.walk() if node.type in TYPED]


def entry_name(node: Node) -> str:
    """What a field is called: beside it, or in it until something is typed."""
    return f"{node.label} {node.placeholder} {node.value or ''}"


def asks_new_password(page: FrameSnapshot) -> bool:
    """True where a password is to be typed more than once: a new one is to be chosen."""
    return sum(node.type == "password" for node in page.root.walk()) > 1


def agreement_wanted(snapshots: Sequence[FrameSnapshot], words: site_words.LoginWords) -> str:
    """Return what the one box of a sign-in form says that agrees to something and is not ticked; empty where there is none."""
    said = [
        _box_words(node, form.root)
        for form in snapshots
        if form.has_password
        for node in form.root.walk()
        if node.type == "checkbox" and not node.checked
    ]
    agreeing = [text for text in said if contains(text, words.agreement)]
    return agreeing[0] if len(agreeing) == 1 else ""


def _box_words(box: Node, root: Node) -> str:
    """The words behind a box on its line, else its own label."""
    line = (leaf for leaf in root.leaves if leaf.tag == "#text" and leaf.box.overlap_y(box.box) > 0)
    behind = sorted((leaf for leaf in line if leaf.box.x >= box.box.x), key=lambda leaf: leaf.box.x)
    return tree.squash("".join(leaf.own for leaf in behind)) or box.label


def _is_lone_field(page: FrameSnapshot) -> bool:
    nodes = typed(page)
    return len(nodes) == 1 and not (nodes[0].value or nodes[0].disabled or nodes[0].readonly)


def _speaks(page: FrameSnapshot, words: Sequence[str]) -> bool:
    node = typed(page)[0]
    return contains(" ".join((page.root.text, node.placeholder, node.label)), words)
