"""Prompts of asks on the terminal."""

from __future__ import annotations

import json
import sys
import tempfile
import unicodedata
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path

from agent.asks import NO, TAKE_OVER, YES, Answer, Ask, AskField, AskKind, FieldShown
from agent.cli.output import say
from agent.plain_text import printable

BY = "terminal"
_YES = ("y", "yes", "是", "好", "同意")
_SKIP = ("s", "skip", "跳过")


def there_is_somebody() -> bool:
    """True when a person can read a question and answer it."""
    return bool(sys.stdin) and sys.stdin.isatty() and sys.stderr.isatty()


@dataclass(frozen=True)
class Terminal:
    """Puts asks to the person at the terminal; questions go to stderr, like all talk.

    Args:
        paused: Keeps a running spinner out of the way while somebody types.
    """

    paused: Callable[[], AbstractContextManager[None]]

    def answer(self, ask: Ask) -> Answer | None:
        """Return what the person typed; None when nobody is there."""
        if not there_is_somebody():
            return None
        with self.paused():
            lines = (*map(_shown, ask.shown), *ask.details)
            say("", f"【需要你】{ask.text}", *(f"  · {line}" for line in lines))
            return Answer(WAYS[ask.kind](ask), BY)

    def expects(self, ask_id: str) -> bool:
        """True when a person sits at the terminal."""
        return there_is_somebody()

    def skipped(self, ask: Ask) -> bool:
        """True when the person has typed that what is waited for in the window is to be left out."""
        return ask.id.startswith(TAKE_OVER) and there_is_somebody() and _typed_meanwhile() in _SKIP


def _shown(field: FieldShown) -> str:
    """A field to check, with the other site's value where that is another or may be."""
    beside = f"（{field.verdict}{f'：{field.other}' if field.differs else ''}）" if field.verdict else ""
    return f"{field.label}：{field.value}{beside}"


def _yes_no(ask: Ask) -> str:
    typed = _prompt("输入 y 同意，直接回车不同意：")
    wide_as_narrow = unicodedata.normalize("NFKC", typed)  # as an input method types them
    return YES if wide_as_narrow.lower() in _YES else NO


def _choice(ask: Ask) -> str:
    say(*(f"  {number}. {option}" for number, option in enumerate(ask.options, start=1)))
    while (typed := _prompt("输入序号：")) and typed not in ask.options:
        if place := _place(typed, len(ask.options)):
            return ask.options[place - 1]
        say(f"  请输入 1 到 {len(ask.options)} 的序号。")
    return typed


def _place(typed: str, most: int) -> int:
    """The number that was typed, from 1 to ``most``; 0 for anything else."""
    number = int(typed) if typed.isdecimal() and len(typed) <= len(str(most)) else 0
    return number if number <= most else 0


def _secret(ask: Ask) -> str:
    if ask.image is None:
        return getpass("输入（不会显示）：", sys.stderr).strip()
    with tempfile.TemporaryDirectory(prefix="gradsync-") as folder:
        picture = Path(folder, "captcha.png")
        picture.write_bytes(ask.image)
        say(f"  图片在：{picture}（也可以直接看打开的窗口）")
        return _prompt("输入图片里的验证码：")


def _form(ask: Ask) -> str:
    return json.dumps({row.name: _typed(row) for row in ask.fields}, ensure_ascii=False)


def _typed(row: AskField) -> str:
    if row.secret:
        return getpass(f"{printable(row.label)}（输入时不会显示）：", sys.stderr).strip()
    return _prompt(f"{row.label}：")


def _fields(ask: Ask) -> str:
    """Take corrections one by one, by the numbers of the fields, until an empty line says that the rest is right."""
    rows = [row for row in ask.shown if row.name]
    given = {row.name: row.right for row in rows if row.right}
    say(*(f"  {number}. {row.label}：{row.value}" for number, row in enumerate(rows, start=1)))
    while (typed := _prompt("哪一项不对就输入它的序号（都对了请直接按回车）：")).isdecimal():
        if (place := _place(typed, len(rows))) and (right := _prompt("应为：")):
            given[rows[place - 1].name] = right
    return json.dumps(given, ensure_ascii=False)


def ask_words(ask: Ask) -> str:
    """Ask until the words fit; an empty line, as the end of the input gives it too, is a no."""
    typed = _prompt(f"确认请原样输入“{ask.options[0]}”（不同意请直接按回车）：")
    while typed and (problem := ask.problem(typed)):
        say(f"  {problem}")
        typed = _prompt("再输入一次（不同意请直接按回车）：")
    return typed or NO


def _done(ask: Ask) -> str:
    if ask.options:
        skips = _prompt("做好以后按回车；这次跳过请输入 s：").lower() == "s"
        return ask.options[-1 if skips else 0]
    skip = "输入 s 回车跳过这一项；" if ask.id.startswith(TAKE_OVER) else ""
    say(f"  （最多等 {ask.seconds / 60:.0f} 分钟；{skip}Ctrl-C 可以中断）")
    return YES


WAYS: dict[AskKind, Callable[[Ask], str]] = {
    AskKind.YES_NO: _yes_no,
    AskKind.CHOICE: _choice,
    AskKind.SECRET: _secret,
    AskKind.WORDS: ask_words,
    AskKind.DONE: _done,
    AskKind.FORM: _form,
    AskKind.FIELDS: _fields,
}


def _typed_meanwhile() -> str:
    """What was typed at the terminal since, without waiting; Windows' consoles tell single keys only."""
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.getwch().lower() if msvcrt.kbhit() else ""
    import select

    ready, _, _ = select.select([sys.stdin], [], [], 0)
    return sys.stdin.readline().strip().lower() if ready else ""


def _prompt(text: str) -> str:
    sys.stderr.write(printable(text))
    sys.stderr.flush()
    return sys.stdin.readline().strip()
