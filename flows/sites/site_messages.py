"""What a site's message says that is more than its words: a success that is denied, demanded or still to come. Pure."""

from __future__ import annotations

import re

from agent.snapshot.fields import contains
from agent.snapshot.tree import key
from flows.profiles.site_words import AnswerWords, Words

CLAUSE_ENDS = re.compile(r"[,，。;；!！?？、]")
NEGATED = re.compile(
    r"(?:[未不没无]|是否|能否)[^,，。;；!！?？]{0,4}$"
    r"|(?:我|本人|(?:[待至到]|页面)提示|显示|出现|看到|等待?|直[至到]|确保|务必|[须需])[“「]?\w{0,2}$"
    r"|(?:^|[,，。;；!！])(?:请|如|若|只有|直到|待)[^,，。;；!！?？]*$"
)
"""What denies a success, asks for it or makes it a condition, before its word: 未能…, 等待提示…, 请确认…, 我已…."""
DENIED = re.compile(r"(?:^|[,，。;；!！])(?![如若])[^,，。;；!！?？]*[未没不][^,，。;；!！?？]{0,4}$")
"""What denies it, and makes no condition of it."""
AFTER_NEGATED = re.compile(
    r"[以之]?[后前]|与否|了?吗|[?？]|率|[再才时的方]|即可|(?:[个张条]?数量?)?[:(]?(?:否|0(?![\d.])|\d{1,2}(?:\.\d+)?%)"
)
"""The same after its word: …才能, …率, …0 张, …50%."""
ADVICE = re.compile(
    r"^(?:如|若|一旦|请勿|切勿|勿)|(?:不|无法|无需)[^,，。;；]{0,4}(?:更改|修改|变更|撤|再次|重复)|[前内][^,，。;；]{0,3}可"
)
"""A part of a message that says what may be done later, whatever words it is made of: 如有错误请重新上传."""


def accepts(text: str, words: AnswerWords, done: Words = ()) -> bool:
    """Return whether a message says yes: it tells of a success, and of nothing that went wrong besides.

    Args:
        text: The message.
        words: The site's words for yes and no.
        done: Further words for yes.
    """
    return says_success(text, (*words.success, *done)) and not contains(without_advice(text), words.refused)


def refuses(text: str, words: AnswerWords) -> bool:
    """Return whether a message says no: by a word for it, or by a success that it denies."""
    whole = key(text)
    starts = (
        found.start() for word in map(key, words.success) for found in re.finditer(re.escape(word), whole)
    )
    return contains(text, words.refused) or any(DENIED.search(whole[:start]) for start in starts)


def says_success(text: str, words: Words) -> bool:
    """True for a text with one of the words that neither denies it nor speaks of the time after it."""
    whole = key(text)
    return any(
        not NEGATED.search(whole[: found.start()]) and not AFTER_NEGATED.match(whole[found.end() :])
        for word in map(key, words)
        for found in re.finditer(re.escape(word), whole)
    )


def without_advice(text: str) -> str:
    """Return a message without what it advises for later."""
    return "，".join(part for part in CLAUSE_ENDS.split(key(text)) if not ADVICE.search(part))


TAKEN_BACK = re.compile(
    r"(?<!无)(?:待|审核中|退回|驳回|作废|失效|无效|过期|撤销|取消|有误|存疑|部分|作弊|舞弊|违[纪规]|[缺旷缓]考|×"
    r"|未[^,，。;；]{0,2}(?:审|通过|提交|完成|达|校对|确认|上传|填写)|不[^,，。;；]{0,2}(?:通过|合|及|符|足|全)"
    r"|(?<![\d.])\d{1,2}(?:\.\d+)?%)"
)
"""What a note says that leaves little of the word before it: 已上传（审核不通过）, 85（作弊）."""


def takes_back(note: str) -> bool:
    """Return whether the note after a good word says that it does not hold, or not yet."""
    return TAKEN_BACK.search(key(note)) is not None
