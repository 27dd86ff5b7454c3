"""Asks: questions to the person, one at a time, and whoever is there to answer them.

An answerer returns the answer or ``None`` for "not mine"; a chain of them ends in nobody. Refusals and the absence of an
answer are typed stops, never a hang.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from difflib import SequenceMatcher, get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Protocol, runtime_checkable

from pydantic import AwareDatetime, Base64Bytes, ConfigDict

from agent.ask_registry import ASKS, registered
from agent.errors import AskRefused, NobodyThere, UsageError
from agent.files.text_files import parse_json, read_text

YES = "yes"
NO = "no"
SESSION_SECONDS = 1800
"""How long web servers usually keep a sign-in that is not used (30 minutes: Jakarta Servlet containers); so long an ask waits."""
TAKE_OVER = "take-over."
"""Ids of asks that hand the window over begin so; the site's id follows."""
SKIP = "skip"
"""Leaves out what was to be done in the window."""


MEANT = {"是": YES, "同意": YES, "y": YES, "否": NO, "不同意": NO, "n": NO}


def kept_answer(ask_id: str, value: str) -> str:
    """Return an answer that is given before it is asked for, as it is kept for then.

    Raises:
        UsageError: There is no such ask, it is only answered while it waits, or this is none of its answers.
    """
    entry = registered(ask_id)
    if entry is None:
        raise UsageError(
            f"没有编号是“{ask_id}”的问题，什么都没有记下。", "编号写在 gradsync cohort status 里，请照抄。"
        )
    if entry.now_only:
        raise UsageError("验证码和登录只能当场完成。", "请学生到场，运行 gradsync cohort attend。")
    text = MEANT.get(value.strip().lower(), value.strip())
    if problem := entry.problem(text):
        raise UsageError(f"这不是“{entry.title}”的回答，什么都没有记下。", problem)
    return text.lower() if entry.choices else text


class AskKind(StrEnum):
    """What sort of answer an ask wants."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    SECRET = "secret"  # a captcha or an SMS code: used once, never recorded
    WORDS = "words"  # the exact words, for official and irreversible clicks
    DONE = "done"  # the person has done something in the window
    FORM = "form"  # several fields at once; the answer is a JSON object of them
    FIELDS = "fields"  # each field shown is right or is corrected; the answer is a JSON object of what they should be


@dataclass(frozen=True)
class AskField:
    """One thing to type into a form.

    Args:
        name: Its key in the answer.
        label: What is asked for, in Chinese.
        secret: Not shown while it is typed.
    """

    name: str
    label: str
    secret: bool = False


@dataclass(frozen=True)
class AskPicture:
    """A picture that the person is to look at before answering.

    Args:
        caption: What it is, in Chinese.
        data: A PNG or JPEG; base64 in JSON.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    caption: str
    data: Base64Bytes = field(repr=False)


@dataclass(frozen=True)
class FieldShown:
    """One field that the person is to check, with what another site has for it.

    Args:
        label: Its name on the page.
        value: What the page shows.
        other: What the other site shows; empty where it has no such field.
        verdict: How the two stand to each other, in Chinese; empty where there is nothing to compare.
        differs: Whether that is something to look into.
        name: Its key in the answer, where the person may correct it; empty where they may not.
        right: What the person has said before that it should be.
    """

    label: str
    value: str
    other: str = ""
    verdict: str = ""
    differs: bool = False
    name: str = ""
    right: str = field(default="", repr=False)


@dataclass(frozen=True)
class Ask:
    """A question to the person, as a value that can be sent to a page and come back the same.

    Args:
        id: Fixed id of the contract, e.g. ``apply-plan``.
        kind: The sort of answer.
        text: What will happen, in Chinese.
        site: The site's id, if the ask is about one.
        options: For a choice: the options' texts; for words: the one text to type.
        details: Lines to show, e.g. the changes of a plan.
        image: A PNG or JPEG to show (a captcha, a crop), or None; base64 in JSON.
        seconds: How long an answer is waited for: as long as the site's own session usually lasts.
        fields: For a form: what is to be typed.
        shown: The fields that are to be checked, for whoever can show a table.
        pictures: What is to be looked at side by side, e.g. what would be sent and what is there.
        sides: What the two columns of ``shown`` are called.
        has_file: Whether the person is to use a file of the case's ``photo`` folder, which can be opened for them.
        expires_at: When the waiting ends, once the ask was raised; says nothing of whether two asks are the same.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: str
    kind: AskKind
    text: str
    site: str | None = None
    options: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    image: Base64Bytes | None = field(default=None, repr=False)
    seconds: float = SESSION_SECONDS
    fields: tuple[AskField, ...] = ()
    shown: tuple[FieldShown, ...] = ()
    sides: tuple[str, ...] = ()
    pictures: tuple[AskPicture, ...] = ()
    has_file: bool = False
    expires_at: AwareDatetime | None = field(default=None, compare=False)

    @property
    def secret(self) -> bool:
        """Whether the answer may be kept nowhere."""
        return self.kind in (AskKind.SECRET, AskKind.FORM, AskKind.FIELDS)

    def problem(self, answer: str) -> str:
        """Return in Chinese why an answer is to be typed again: for words, how they differ; empty where nothing is wrong."""
        if self.kind is AskKind.FIELDS:
            return self._uncorrected(answer)
        if self.kind is not AskKind.WORDS or answer.strip() in (self.options[0], NO):
            return ""
        return words_problem(self.options[0], answer.strip())

    def corrections(self, answer: str) -> dict[str, str | None]:
        """Return what an answer to fields says that they should be, by their names: None for just what is shown.

        A field that is not named was not questioned. Empty for an answer that is none.
        """
        with suppress(ValueError):
            given = json.loads(answer)
            if isinstance(given, dict) and set(given) <= {row.name for row in self.shown if row.name}:
                return {
                    str(name): None if text is None else str(text).strip() for name, text in given.items()
                }
        return {}

    def _uncorrected(self, answer: str) -> str:
        given = self.corrections(answer)
        labels = [row.label for row in self.shown if given.get(row.name) == ""]
        return f"选了“不对”的要写上正确的内容：{'、'.join(labels)}。" if labels else ""

    def raised(self, now: datetime) -> Ask:
        """Return the ask as it is put to somebody now."""
        return replace(self, expires_at=now + timedelta(seconds=self.seconds))


def words_problem(wanted: str, typed: str) -> str:
    """Say in Chinese how typed words differ from the wanted ones, so that they can be typed again."""
    if not typed:
        return f"还没有输入。请原样输入“{wanted}”。"
    steps = SequenceMatcher(None, wanted, typed, autojunk=False).get_opcodes()
    more = "".join(typed[start:end] for kind, _, _, start, end in steps if kind in ("insert", "replace"))
    less = "".join(wanted[start:end] for kind, start, end, _, _ in steps if kind in ("delete", "replace"))
    parts = (f"多了{_named(more)}" if more else "", f"少了{_named(less)}" if less else "")
    return f"和要求的不一样：{'，'.join(filter(None, parts))}。请原样输入“{wanted}”，还没有执行任何操作。"


def _named(characters: str) -> str:
    """Characters in quotes, and the blanks among them, which nobody sees, by name."""
    seen = "".join(characters.split())
    blank = "空格" if seen != characters else ""
    return "和".join(filter(None, (f"“{seen}”" if seen else "", blank)))


@dataclass(frozen=True)
class Answer:
    """What was answered, and by which way (``flag``, ``script``, ``terminal``, ``console``)."""

    value: str = field(repr=False)
    by: str


class Answerer(Protocol):
    """Somebody who may answer asks."""

    def answer(self, ask: Ask) -> Answer | None:
        """Return the answer, or None when this answerer has none for this ask."""

    def expects(self, ask_id: str) -> bool:
        """Say, without asking, whether an answer to such an ask can be hoped for."""


@runtime_checkable
class Skipping(Protocol):
    """An answerer who can still leave something out while it is waited for in the window."""

    def skipped(self, ask: Ask) -> bool:
        """Say, without waiting, whether the person has left it out."""


@dataclass(frozen=True)
class Scripted:
    """Answerer with answers written down before: command line flags, or the file in ``GRADSYNC_ANSWERS``."""

    answers: Mapping[str, str]
    by: str = "script"

    def answer(self, ask: Ask) -> Answer | None:
        """Return the written answer of this ask id."""
        value = self.answers.get(ask.id)
        return None if value is None else Answer(value, self.by)

    def expects(self, ask_id: str) -> bool:
        """True for an ask whose answer was written down."""
        return ask_id in self.answers

    @property
    def unknown(self) -> list[str]:
        """What is never asked, a Chinese sentence each: a mistyped id would wait for its answer in vain."""
        return [
            f"回答里的“{ask_id}”不是程序会问的问题，没有用到{_meant(ask_id)}。"
            for ask_id in self.answers
            if not registered(ask_id)
        ]

    def skipped(self, ask: Ask) -> bool:
        """True where that was written down."""
        return self.answers.get(ask.id) == SKIP


@dataclass(frozen=True)
class WithoutWindow:
    """Somebody who sees no browser window, and so can lead nowhere in it."""

    answerer: Answerer

    def answer(self, ask: Ask) -> Answer | None:
        """Return what they answer."""
        return self.answerer.answer(ask)

    def expects(self, ask_id: str) -> bool:
        """True for what needs no window to lead in."""
        return not ask_id.startswith(TAKE_OVER) and self.answerer.expects(ask_id)


def _meant(ask_id: str) -> str:
    near = get_close_matches(ask_id, [entry.pattern for entry in ASKS], 1)
    return f"；是不是 {near[0]}" if near else "；编号要和报告里写的一样"


def scripted_from_file(path: Path) -> Scripted:
    """Read ``{"<ask id>": <answer>}``; true and false stand for yes and no, an object fills a form in.

    Raises:
        UsageError: The file cannot be read or is not such an object.
    """
    raw = parse_json(read_text(path, "回答文件"), f"回答文件 {path.name}")
    if not isinstance(raw, dict):
        raise UsageError(f'回答文件 {path.name} 应该是一个 JSON 对象，例如 {{"apply-plan": "yes"}}。')
    return Scripted({str(key): _as_text(value) for key, value in raw.items()})


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


@dataclass
class AskRouter:
    """Router of a run's asks: puts each to the answerers in turn and keeps what was asked.

    Args:
        answerers: Who may answer, in order.
        on_ask: Called with each ask before it is answered, for the log.
        permitted: Whether an ask of this id may be put to anybody; one that may not is as good as refused.
    """

    answerers: Sequence[Answerer]
    on_ask: Callable[[Ask], None] = lambda ask: None
    permitted: Callable[[str], bool] = lambda ask_id: True
    asked: list[tuple[Ask, Answer | None]] = field(default_factory=list)

    def ask(self, ask: Ask, nobody: type[NobodyThere] = NobodyThere) -> str:
        """Return the answer; what is none of the options to choose from is none.

        Raises:
            NobodyThere: Nobody answered (``nobody`` chooses the subclass).
            AskRefused: It may not be asked.
        """
        if not self.permitted(ask.id):
            raise AskRefused(f"学生本人的同意书没有包括：{ask.text}。")
        ask = ask.raised(datetime.now().astimezone())
        self.on_ask(ask)
        answer = next(self._answers(ask), None)
        self.asked.append((ask, answer))
        if answer is None:
            options = f"（可以选的有：{'；'.join(ask.options)}）" if ask.kind is AskKind.CHOICE else ""
            raise nobody(
                f"需要本人回答：{ask.text}{options}；现在没有人可以回答。",
                command=f"{nobody.default_command}；或在 GRADSYNC_ANSWERS 的文件里回答 {ask.id}",
            )
        return answer.value

    def fill_in(self, ask: Ask) -> dict[str, str]:
        """Return what was typed into a form, by the names of its fields.

        Raises:
            UsageError: The answer is not an object of just these texts.
            NobodyThere: Nobody answered.
        """
        try:
            given = json.loads(self.ask(ask))
        except ValueError:
            given = None
        names = [wanted.name for wanted in ask.fields]
        if not isinstance(given, dict) or set(given) != set(names):
            raise UsageError(f"对“{ask.text}”（{ask.id}）的回答应该有这几项：{'、'.join(names)}。")
        return {name: str(given[name]).strip() for name in names}

    def corrected(self, ask: Ask) -> dict[str, str | None]:
        """Return what the person says that the fields shown should be, by their names: None for just what is shown.

        Raises:
            UsageError: The answer is not an object of texts for just such fields.
            NobodyThere: Nobody answered.
        """
        answer = self.ask(ask)
        given = ask.corrections(answer)
        if ask.problem(answer) or (not given and answer.strip() != "{}"):
            names = [row.name for row in ask.shown if row.name]
            raise UsageError(f"对“{ask.text}”（{ask.id}）的回答只能有这几项：{'、'.join(names)}。")
        return given

    def confirm(self, ask: Ask) -> None:
        """Ask and return only on consent: yes, or the exact words of the ask.

        Raises:
            AskRefused: The answer was another.
            NobodyThere: Nobody answered.
        """
        wanted = ask.options[0] if ask.kind is AskKind.WORDS else YES
        if self.ask(ask).strip() != wanted:
            raise AskRefused(f"没有同意：{ask.text}。", command=f"这个问题是 {ask.id}")

    def expects(self, ask_id: str) -> bool:
        """True when somebody may answer such an ask: what needs it can be planned."""
        return any(answerer.expects(ask_id) for answerer in self.answerers)

    def skipped(self, ask: Ask) -> bool:
        """Say, without waiting, whether somebody has left out what is waited for in the window."""
        return any(isinstance(one, Skipping) and one.skipped(ask) for one in self.answerers)

    def _answers(self, ask: Ask) -> Iterator[Answer]:
        for answerer in self.answerers:
            found = answerer.answer(ask)
            is_choice = ask.kind is not AskKind.CHOICE or (found and found.value in ask.options)
            if found is not None and is_choice:
                yield found
