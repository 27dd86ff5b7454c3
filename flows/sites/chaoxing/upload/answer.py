"""What a page and the network told of one upload, and what that means. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from agent.browser.locators import word_pattern
from agent.errors import GradsyncError, NotSent, UnderReview, UploadRefused, WriteUnverified, quote
from agent.snapshot.fields import contains
from agent.snapshot.tree import key
from flows.profiles.site_words import UploadWords, Words
from flows.sites.site_messages import says_success, without_advice

MOST_QUOTED = 3
FILE_STATUSES = {400: "请求无效", 413: "照片文件太大", 415: "不接受这种文件", 422: "照片内容不能处理"}
"""HTTP statuses that speak about the file (RFC 9110, 15.5)."""
TIMING_STATUSES = {408: "照片没有在规定时间内传完", 429: "请求太频繁"}
"""HTTP statuses that speak about the time (RFC 9110, 15.5.9; RFC 6585, 4)."""
LATER = "请过一段时间再办理一次，不要接连重试；仍不行请联系教学点。"
REVIEW_STATE = re.compile(
    r"^(?:.{0,8}[:：])?(?:已上传|已提交|上传成功|提交成功)?[,，、;；。(（]*"
    r"(?:(?:等待|待|正在)[^请]{0,6}审核?中?|审核中|待审)[)）。!！]*$"
)
"""A line that is nothing but the state of what was uploaded, with or without its label."""
EXAMINED = r"(?:审核|审批|复核|核验|初审|终审|比对结果)"
AWAITS_REVIEW = re.compile(
    rf"(?:待|需|须|正在)[^请提,。;:!]{{0,8}}{EXAMINED}|(?:审核|审批|复核|核验)中|审核结果[将会]"
    r"|已提交至?[^,。;:!未]{0,6}审核|(?:提交审核|送审)成功|(?:进入|进行)[^,。;:!]{0,4}审核"
    r"|等待[^,。;:!]{0,8}(?:老师|管理员|教学点|学校|学院|教务|人工)[^,。;:!]{0,4}(?:处理|确认)"
)
"""Whoever it is that looks at it: 待学院审核, 需班主任审批, 等待管理员处理."""
OF_ANOTHER = re.compile(
    r"(?:学籍|信息|报名|注册|学费|缴费|成绩|账号|身份|资格|异动|申请|登记表|论文|材料|承诺书|凭证)[^照图]{0,6}$|身份证照片?$"
)
"""What else a platform examines, before the words: 学籍信息待审核."""
FIRST_EXAMINED = re.compile(r"[^,。;!]{0,4}(?:后|才|再|方可)[^,。;!]{0,4}(?:上传|提交)")
"""What makes it a condition, after the words: 需审核通过后才能上传."""
UPLOADED_STATE = re.compile(
    r"^(?:.{1,8}[:：])?(?:毕业照片?|照片|图片)?(?:状态)?(?:已经?(?:成功)?(?:上传|提交)(?:成功)?|(?:上传|提交)成功)[)）。!！]*$"
)
"""The same of a photo of which nothing is said but that it is there."""
COUNTED_DOWN = re.compile(r"[0-9]+(?=\s*(?:s\b|秒))", re.IGNORECASE)


class Meaning(Enum):
    """What one text says of the upload."""

    ACCEPTED = auto()
    REVIEW = auto()
    REFUSED = auto()
    PROGRESS = auto()
    UNKNOWN = auto()


def meaning(text: str, words: UploadWords) -> Meaning:
    """Return what a text says of the upload; a word that the profile does not list decides nothing."""
    accepted = says_success(text, words.success)
    refused = contains(without_advice(text) if accepted else text, words.refused)
    awaits = _awaits_review(text, words.review)
    if awaits and (accepted or not refused or "重复" in text):
        return Meaning.REVIEW
    if accepted and not refused:
        return Meaning.PROGRESS if asked_to_press(text, words.submit) else Meaning.ACCEPTED
    if refused:
        return Meaning.REFUSED
    return Meaning.PROGRESS if contains(text, words.progress) else Meaning.UNKNOWN


def asked_to_press(text: str, buttons: Words) -> Words:
    """Return the button by which a text asks to submit what was uploaded; none where it asks for none, or to upload again."""
    asked = "|".join(re.escape(key(word)) for word in buttons if "上传" not in word)
    found = re.search(
        rf"请(?:您|再|继续)*(?:点击|单击|点|按)(?:下方|下面)?的?[“\"「【\[『']?({asked})(?!\w*上传)",
        key(text),
    )
    return tuple(word for word in buttons if found and key(word) == found[1])


def _awaits_review(text: str, words: Words) -> bool:
    """True for a text that says of the photo, and of nothing else, that somebody is to look at it."""
    whole = key(text)
    patterns = (AWAITS_REVIEW, *(re.compile(re.escape(key(word))) for word in words))
    return any(
        not OF_ANOTHER.search(whole[: found.start()]) and not FIRST_EXAMINED.match(whole[found.end() :])
        for pattern in patterns
        for found in pattern.finditer(whole)
    )


def state_of_review(texts: Iterable[str], other: Words) -> str:
    """Return the line by which a page says that the photo is being looked at; empty where none does.

    Args:
        texts: The page's lines.
        other: Words of the other photo, in the line or in the one before it.
    """
    return _state(REVIEW_STATE, texts, other)


def state_of_upload(texts: Iterable[str], other: Words) -> str:
    """Return the line by which a page says that the photo is there; empty where none does. Args as of ``state_of_review``."""
    return _state(UPLOADED_STATE, texts, other)


def _state(form: re.Pattern[str], texts: Iterable[str], other: Words) -> str:
    """The first line of a form that is neither of another photo nor of anything else, by its label or the line before it."""
    about = ""
    for text in texts:
        label, _, _ = key(text).rpartition(":")
        over = "" if "毕业照" in text else about  # what names the photo itself needs no heading
        if (
            form.match(key(text))
            and not contains(over + text, other)
            and not _is_of_another(label or key(over))
        ):
            return text
        about = text
    return ""


def _is_of_another(label: str) -> bool:
    return OF_ANOTHER.search(label) is not None and not re.search("(?<!身份证)[照图]", label)


def without_countdown(text: str) -> str:
    """Return a text without the number that counts down in it."""
    return COUNTED_DOWN.sub("", text)


@dataclass
class UploadAnswer:
    """What a page and the network told of one upload.

    Args:
        place: The words of the page.
        sent: Whether the file has left.
        status: The HTTP status of the answer; None where there was none.
        broken: Whether the line broke.
        said: Every new text, in the order in which it came.
        answered: The messages of the answer itself.
        own: The file's name, which the page may show back.
    """

    place: UploadWords
    own: str = ""
    sent: bool = False
    status: int | None = None
    broken: bool = False
    said: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)

    def hear(self, texts: Iterable[str]) -> None:
        """Keep what is new; a countdown is one text, whatever it has come to, and the file's name in its field is none."""
        known = {without_countdown(text) for text in self.said}
        for text in texts:
            if without_countdown(text) not in known and not self._is_name(text):
                known.add(without_countdown(text))
                self.said.append(text)

    def _is_name(self, text: str) -> bool:
        """True for the file's name alone, or behind the path that a file field shows."""
        return bool(self.own) and text.strip().rpartition("\\")[2] == self.own

    def saying(self, what: Meaning, texts: Sequence[str] | None = None) -> str:
        """Return the first text that means this, the site's own answer before the page; empty where none does."""
        heard = [*self.answered, *self.said] if texts is None else texts
        return next((text for text in heard if meaning(text, self.place) is what), "")

    @property
    def words(self) -> str:
        """Everything that was said, a line each."""
        return "\n".join(dict.fromkeys([*self.answered, *self.said]))

    def accepted(self) -> bool:
        """True where the page says that the photo was taken."""
        return bool(self.saying(Meaning.ACCEPTED)) or bool(self.review())

    def review(self) -> str:
        """Return the words by which the platform says that the photo is being looked at; empty where it says no such thing."""
        return self.saying(Meaning.REVIEW)

    def refused(self) -> str:
        """Return the words against the photo; empty where there are none, or others say that it was taken."""
        return "" if self.saying(Meaning.ACCEPTED) else self.saying(Meaning.REFUSED)

    def asks_to_press(self) -> Words:
        """Return the button by which the platform wants what it has taken to be submitted; none where it asks for none."""
        texts = [text for text in [*self.answered, *self.said] if says_success(text, self.place.success)]
        asked = (asked_to_press(text, self.place.submit) for text in texts if not self.accepted())
        return next(filter(None, asked), ())

    def unsent(self) -> GradsyncError | None:
        """Return why nothing has left where the page has neither taken nor refused the photo; None where it has."""
        return None if self.sent or self.accepted() or self.refused() else self.stop()

    def quoted(self) -> str:
        """Return what was said as a part of a sentence: the text that decides, else the first few; empty for nothing."""
        telling = self.review() or self.refused() or self.saying(Meaning.ACCEPTED)
        texts = [telling] if telling else sorted(self.words.splitlines(), key=self._is_own)[:MOST_QUOTED]
        return "、".join(map(quote, texts))

    def _is_own(self, text: str) -> bool:
        """True for what the page shows of the file or of its buttons, which is no answer."""
        buttons = word_pattern(*self.place.choose, *self.place.submit, *self.place.confirm)
        return bool(self.own and self.own in text) or bool(buttons.match(text))

    def stop(self) -> GradsyncError:
        """Return the stop for a photo that is not there afterwards, by what was said and what has left."""
        if self.sent and self.review():
            return UnderReview(f"平台收到了毕业照片，还没有显示出来：{self.quoted()}。", said=self.words)
        if refused := self._refusal():
            return refused
        if not self.sent:
            told = f"页面显示{self.quoted()}" if self.quoted() else "页面没有说明原因"
            return NotSent(f"照片没有发出去，平台上也没有看到：{told}。", said=self.words)
        told = f"，平台显示{self.quoted()}" if self.quoted() else ""
        return WriteUnverified(
            f"「上传毕业照片」已提交{self._trouble()}，但网站上还看不到结果{told}。", said=self.words
        )

    def _refusal(self) -> UploadRefused | NotSent | None:
        """The platform's no: its words, or a status that is one; an error page's words are not the platform's."""
        failed = self.broken or (self.status or 0) >= 500
        words = self.saying(Meaning.REFUSED, self.answered) if failed else self.refused()
        if words:
            status = f"（HTTP {self.status}）" if (self.status or 0) >= 400 else ""
            return UploadRefused(f"平台没有接受照片{status}：{quote(words)}。", said=self.words)
        if failed or (self.status or 0) < 400:
            return None
        told = f"，页面显示{self.quoted()}" if self.quoted() else ""
        if self.status in FILE_STATUSES:
            reason = FILE_STATUSES[self.status]
            return UploadRefused(f"平台没有接受照片：{reason}（HTTP {self.status}）{told}。", said=self.words)
        if self.status in TIMING_STATUSES:
            reason = TIMING_STATUSES[self.status]
            return NotSent(
                f"平台没有接受上传：{reason}（HTTP {self.status}）{told}。", LATER, said=self.words
            )
        return NotSent(f"平台没有接受上传（HTTP {self.status}）{told}。", said=self.words)

    def _trouble(self) -> str:
        if self.broken:
            return "（发送时连接中断）"
        return f"（网站回答 HTTP {self.status}）" if (self.status or 0) >= 400 else ""
