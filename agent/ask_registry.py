"""Registry of asks: every id that can be raised, with its title, what answers it, and whether it takes a consent."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

LONGEST_ANSWER = 1000


@dataclass(frozen=True)
class AskEntry:
    """What is known of all asks of one id, or of one pattern of ids.

    Args:
        pattern: The id; ``<site>``, ``<duty>`` and ``<tick>`` stand for one of these.
        title: What it is called in reports, in Chinese.
        answer: What answers it, in English, for whoever writes answers down.
        takes_consent: Whether whoever helps the student may raise it only where the student has consented to more than the run.
        in_window: Whether it can only be done in the browser's window.
        now_only: Whether an answer is of use only while the run waits for it.
    """

    pattern: str
    title: str
    answer: str = "`yes` or `no`"
    takes_consent: bool = False
    in_window: bool = False
    now_only: bool = False

    @property
    def glob(self) -> str:
        """The pattern for ``fnmatch``."""
        return re.sub(r"<\w+>", "*", self.pattern)

    @property
    def choices(self) -> list[str]:
        """The words of which one answers it; none where it is answered freely."""
        return re.findall(r"`(\w+)`", self.answer)

    def problem(self, value: str) -> str:
        """Return in Chinese why no such ask takes this for an answer; empty where one may."""
        if self.choices:
            return "" if value.lower() in self.choices else f"请回答 {' 或 '.join(self.choices)}。"
        if not 0 < len(value) <= LONGEST_ANSWER or not value.isprintable():
            return f"请写一行文字，不超过 {LONGEST_ANSWER} 个字，不带控制字符。"
        return "" if "object" not in self.answer or _is_object(value) else "请写一个 JSON 对象。"

    def about(self, ask_id: str) -> str:
        """Return what stands in an id for the pattern's ``<…>``; empty for an id without."""
        found = re.fullmatch(re.escape(self.glob).replace(r"\*", "(.+)"), ask_id)
        return found[1] if found and found.re.groups else ""


ASKS = (
    AskEntry("apply-plan", "是否按计划办理"),
    AskEntry("choose-enrollment", "选择学籍", "the option's text"),
    AskEntry("captcha.<site>", "验证码", "the letters of the picture", now_only=True),
    AskEntry("send-code.<site>", "是否获取短信验证码"),
    AskEntry("code.<site>", "短信验证码", "the code", now_only=True),
    AskEntry("signed-in.<site>", "本人登录", "`yes`", in_window=True, now_only=True),
    AskEntry("take-over.<site>", "本人在窗口里操作", "`done` or `skip`", in_window=True),
    AskEntry("dialog.<site>", "网站的确认框"),
    AskEntry("near-miss.<site>", "是否就是要找的这一项"),
    AskEntry("chsi.proofread", "本人在学信网做图像校对", "`done` or `skip`", in_window=True),
    AskEntry("registration_check.fields", "逐项核对注册系统的信息", "an object of the fields"),
    AskEntry("chsi_check.values", "抄写没能识读的信息", "an object of the fields"),
    AskEntry("photo.compare-faces", "同意人脸比对", takes_consent=True),
    AskEntry("confirm.<duty>", "确认", "the exact words that it shows", takes_consent=True),
    AskEntry("<duty>.change", "是否修改已有的内容"),
    AskEntry("browser.fetch", "下载浏览器"),
    AskEntry("consent.student", "学生本人的姓名和证件号码", "an object of the fields"),
    AskEntry("consent.sign", "签署同意书", "the exact words that it shows"),
    AskEntry("consent.<tick>", "是否同意"),
    AskEntry("cohort.forget", "是否删除整个名单"),
)
"""Every ask that can be raised."""


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def registered(ask_id: str) -> AskEntry | None:
    """Return what is known of an ask; None for an id that nobody registered."""
    return next((entry for entry in ASKS if fnmatchcase(ask_id, entry.glob)), None)


def is_in_window(ask_id: str) -> bool:
    """True for an ask about something that only a person at the browser's window can do."""
    entry = registered(ask_id)
    return entry is not None and entry.in_window
