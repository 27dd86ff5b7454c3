"""Two platforms' readings of one field, compared: verdicts and the words a student reads.

Values are normalised for the comparison only; a :class:`Check` keeps what the pages showed. 简 and 繁 are
never folded into one another: such a difference is a mismatch whose note says what it may be.

A note never quotes a name, a number or a birth date, so that it may stand in a masked report.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple

from agent.files.text_files import is_in_gb2312
from agent.reconcile.document_numbers import (
    compatible,
    document_key,
    has_check_digit,
    is_masked,
    normalise_number,
    plain_text,
)
from agent.reconcile.normalise import HAN, FieldKind, is_blank, is_unreadable, normalise

ReadBy = Literal["text", "ocr", "person"]


class Verdict(StrEnum):
    """How two readings stand to each other (contract, checks). Only the photo duty gives ``WAITING``."""

    MATCH = "match"
    MISMATCH = "mismatch"
    TOLERATED = "tolerated"
    WAITING = "waiting"
    MISSING = "missing"
    UNREADABLE = "unreadable"


class Tolerance(StrEnum):
    """A difference known to be harmless."""

    ETHNICITY_SUFFIX = "ethnicity_suffix"
    """汉 and 汉族."""
    MAJOR_DIRECTION = "major_direction"
    """土木工程 and 土木工程（道路方向）."""
    PERMIT_RENEWAL = "permit_renewal"
    """Numbers of a travel permit and of its renewal; a Hong Kong number without its check character."""
    OLD_NUMBER = "old_number"
    """A resident number of 15 digits and the same with 18."""
    MASKED = "masked"
    """A number of which one page hides a part, the visible part being equal."""
    INTERRUPTED_STUDY = "interrupted_study"
    """当前所在级 later than 入学年份, after 休学 or 留级."""


HARMLESS = frozenset(
    {Tolerance.ETHNICITY_SUFFIX, Tolerance.MAJOR_DIRECTION, Tolerance.PERMIT_RENEWAL, Tolerance.OLD_NUMBER}
)
"""Tolerated unless a rule says otherwise."""
NORMAL_STATUS = ("在籍", "注册学籍", "在籍（注册学籍）")
"""学籍状态 of somebody who is about to graduate (XJTU notice: 正常应为：在籍<或注册学籍>)."""
REFUSED_STATUS = ("休学", "保留学籍", "暂缓注册", "退学", "转学", "不在籍", "已离校", "毕业")
"""学籍状态 of somebody who is not graduating now or already has."""
UNREAD = "\ufffd"
"""The value of a reading that is on the page but that nobody could read, such as a picture without OCR."""


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What a notice says about one field.

    Attributes:
        id: the check's id, as ``identity.name``.
        label: the field's name on the pages, as 姓名.
        kind: how values are normalised.
        tolerated: differences that make the verdict ``tolerated``.
        expected: allowed words or values; for a 学籍状态 without any, :data:`NORMAL_STATUS`.
        note: the notice's advice, added to every verdict that needs somebody to act.
        contact: whom to turn to then.
        refused: words of 学籍状态 that are a mismatch; without any, :data:`REFUSED_STATUS`.
        equivalents: groups of words the platforms use for the same thing; a difference within a group is
            ``tolerated``.
    """

    id: str
    label: str
    kind: FieldKind
    tolerated: frozenset[Tolerance] = HARMLESS
    expected: tuple[str, ...] = ()
    note: str = ""
    contact: str = ""
    refused: tuple[str, ...] = ()
    equivalents: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class FieldReading:
    """A field's value as a site showed it, and who read it.

    The value is ``None`` when the page has no such field, :data:`UNREAD` when it has one nobody could read.
    """

    site: str
    value: str | None = field(repr=False)
    read_by: ReadBy = "text"


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison. ``right`` is ``None`` when one reading was held against a rule that names no values."""

    id: str
    label: str
    left: FieldReading
    right: FieldReading | None
    verdict: Verdict
    note: str = ""


class _Ruling(NamedTuple):
    verdict: Verdict
    sentence: str = ""


def compare(rule: FieldRule, left: FieldReading, right: FieldReading) -> Check:
    """Compare what two sites say about one field.

    A value in private-use code points, a masked one whose visible part agrees, and one outside its field's
    form or vocabulary are ``unreadable``: neither a pass nor a fail. That holds for an unknown 学籍状态 too,
    since the contract's verdicts have no word "unknown"; the note quotes it. Two readings of 学籍状态 match
    when both are allowed, whichever word each uses.

    A number read by OCR that differs and has no right check digit may be misread: ``unreadable`` as well.
    """
    ruling = _obstacle(rule, (left, right)) or _compare_values(rule, left, right)
    return _check(rule, left, right, ruling)


def expect(rule: FieldRule, reading: FieldReading) -> Check:
    """Hold one reading against the rule's allowed values.

    A 学籍状态 the rule neither allows nor refuses is ``unreadable`` and quoted; any other value that is not
    allowed is a mismatch. The check's ``right`` is what the notice allows; ``None`` where it names nothing.

    Raises:
        ValueError: the rule allows nothing in particular and is not about 学籍状态.
    """
    if not rule.expected and rule.kind is not FieldKind.STATUS:
        raise ValueError(f"rule {rule.id} has no expected values")
    ruling = _obstacle(rule, (reading,)) or _hold_against(rule, reading)
    allowed = FieldReading("notice", "、".join(rule.expected)) if rule.expected else None
    return _check(rule, reading, allowed, ruling)


def compare_entry_year(rule: FieldRule, entry: FieldReading, current: FieldReading) -> Check:
    """Compare 入学年份 with 当前所在级, which are equal unless there was 休学 or 留级 (XJTU notice).

    A later 当前所在级 is ``tolerated`` when the rule lists :attr:`Tolerance.INTERRUPTED_STUDY`, for instance
    because the student said so; otherwise it is a mismatch that asks. An earlier one is always a mismatch.
    """
    ruling = _obstacle(rule, (entry, current)) or _compare_years(rule, entry, current)
    return _check(rule, entry, current, ruling)


_MASKABLE = frozenset({FieldKind.NAME, FieldKind.NUMBER, FieldKind.TEXT})
_QUOTABLE = frozenset({FieldKind.SEX, FieldKind.DURATION, FieldKind.YEAR, FieldKind.STATUS})
_FROM_BEST = (Verdict.MATCH, Verdict.TOLERATED, Verdict.UNREADABLE, Verdict.MISMATCH)
_NEEDS_SOMEBODY = frozenset({Verdict.MISMATCH, Verdict.MISSING, Verdict.UNREADABLE})


def _check(rule: FieldRule, left: FieldReading, right: FieldReading | None, ruling: _Ruling) -> Check:
    note = ruling.sentence
    if ruling.verdict is Verdict.MISMATCH and "ocr" in {left.read_by, right.read_by if right else ""}:
        note += "有一边的文字是从图片识别的，请对照截图确认。"
    if ruling.verdict in _NEEDS_SOMEBODY:
        note += rule.note + (f"请联系{rule.contact}。" if rule.contact else "")
    return Check(rule.id, rule.label, left, right, ruling.verdict, note)


def _obstacle(rule: FieldRule, readings: tuple[FieldReading, ...]) -> _Ruling | None:
    """What keeps the readings from being compared at all."""
    texts = [reading.value or "" for reading in readings]
    blank = [text for text in texts if is_blank(text)]
    if len(blank) == len(texts):
        return _Ruling(Verdict.MISSING, f"页面上没有显示{rule.label}。")
    if blank:
        return _Ruling(Verdict.MISSING, f"只有一边显示了{rule.label}，无法比对。")
    if any(is_unreadable(text) for text in texts):
        return _Ruling(Verdict.UNREADABLE, f"{rule.label}没能从页面上读出来，请本人对照页面核对。")
    return None


def _compare_values(rule: FieldRule, left: FieldReading, right: FieldReading) -> _Ruling:
    if rule.kind is FieldKind.STATUS:
        return _judge_status(rule, (left, right))
    ruling = _compare_texts(rule, left.value or "", right.value or "")
    return _doubt_ocr(rule, (left, right), ruling)


def _hold_against(rule: FieldRule, reading: FieldReading) -> _Ruling:
    if rule.kind is FieldKind.STATUS:
        return _judge_status(rule, (reading,))
    rulings = [_compare_texts(rule, reading.value or "", word) for word in rule.expected]
    best = min(rulings, key=lambda ruling: _FROM_BEST.index(ruling.verdict))
    if best.verdict is Verdict.MISMATCH:
        best = _Ruling(Verdict.MISMATCH, f"{rule.label}与应有的内容不一致。{_expected_words(rule)}")
    return _doubt_ocr(rule, (reading,), best)


def _expected_words(rule: FieldRule) -> str:
    if rule.kind in _MASKABLE or rule.kind is FieldKind.DATE:
        return ""
    return f"应为{_either(rule.expected)}。"


def _either(words: tuple[str, ...]) -> str:
    return "或".join(f"“{word}”" for word in words)


def _doubt_ocr(rule: FieldRule, readings: tuple[FieldReading, ...], ruling: _Ruling) -> _Ruling:
    if rule.kind is not FieldKind.NUMBER or ruling.verdict is not Verdict.MISMATCH:
        return ruling
    by_ocr = (reading.value or "" for reading in readings if reading.read_by == "ocr")
    if all(has_check_digit(normalise_number(text)) for text in by_ocr):
        return ruling
    return _Ruling(Verdict.UNREADABLE, "从图片识别的号码没有通过校验，可能识别有误，请本人对照页面核对。")


def _compare_texts(rule: FieldRule, left: str, right: str) -> _Ruling:
    a, b = normalise(rule.kind, left), normalise(rule.kind, right)
    if a is None or b is None:
        return _Ruling(Verdict.UNREADABLE, _unknown(rule, left if a is None else right))
    if rule.kind in _MASKABLE and (is_masked(a) or is_masked(b)):
        return _compare_masked(rule, a, b)
    if a == b:
        return _Ruling(Verdict.MATCH)
    return _harmless(rule, a, b) or _Ruling(Verdict.MISMATCH, f"两边的{rule.label}不一致。{_hint(a, b)}")


def _unknown(rule: FieldRule, text: str) -> str:
    quoted = f"写的是“{text.strip()}”，" if rule.kind in _QUOTABLE else "的写法"
    return f"{rule.label}{quoted}程序认不出，请本人核对。"


def _compare_masked(rule: FieldRule, a: str, b: str) -> _Ruling:
    if is_masked(a) and is_masked(b):
        return _Ruling(Verdict.UNREADABLE, f"两边的{rule.label}都遮住了一部分，无法比对，请本人核对。")
    masked, full = (a, b) if is_masked(a) else (b, a)
    if not compatible(masked, full):
        return _Ruling(Verdict.MISMATCH, f"两边的{rule.label}不一致：没有遮住的部分已经不同。")
    seen = f"有一边的{rule.label}遮住了一部分；看得到的部分一致"
    if Tolerance.MASKED in rule.tolerated:
        return _Ruling(Verdict.TOLERATED, f"{seen}，视为一致。")
    return _Ruling(Verdict.UNREADABLE, f"{seen}，其余请本人核对。")


class _Difference(NamedTuple):
    tolerance: Tolerance
    kind: FieldKind
    explains: Callable[[str, str], bool]
    sentence: str


_DIRECTION = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]$")


def _one_direction(a: str, b: str) -> bool:
    """Whether only one of two majors names a direction in brackets, and they agree without it."""
    bare = _DIRECTION.sub("", a), _DIRECTION.sub("", b)
    return bare[0] == bare[1] and (a in bare or b in bare)


_DIFFERENCES = (
    _Difference(
        Tolerance.ETHNICITY_SUFFIX,
        FieldKind.ETHNICITY,
        lambda a, b: a.removesuffix("族") == b.removesuffix("族"),
        "两边只差一个“族”字",
    ),
    _Difference(Tolerance.MAJOR_DIRECTION, FieldKind.MAJOR, _one_direction, "两边只差括号里的专业方向"),
    _Difference(
        Tolerance.OLD_NUMBER,
        FieldKind.NUMBER,
        lambda a, b: {len(a), len(b)} == {15, 18} and document_key(a) == document_key(b),
        "一边是 15 位的旧号码，另一边是同一个号码的 18 位",
    ),
    _Difference(
        Tolerance.PERMIT_RENEWAL,
        FieldKind.NUMBER,
        lambda a, b: document_key(a) == document_key(b),
        "两边是同一证件的号码，只差换证次数或校验码",
    ),
)


def _harmless(rule: FieldRule, a: str, b: str) -> _Ruling | None:
    groups = ({normalise(rule.kind, word) for word in group} for group in rule.equivalents)
    if any(a in group and b in group for group in groups):
        return _Ruling(Verdict.TOLERATED, "两边用词不同，意思相同，视为一致。")
    for difference in _DIFFERENCES:
        if difference.kind is rule.kind and difference.explains(a, b):
            if difference.tolerance in rule.tolerated:
                return _Ruling(Verdict.TOLERATED, f"{difference.sentence}，视为一致。")
            return _Ruling(Verdict.MISMATCH, f"{difference.sentence}，但通知要求完全一致。")
    return None


def _hint(a: str, b: str) -> str:
    """What the difference between two texts may be, where that can be told."""
    if a.replace("·", "") == b.replace("·", ""):
        return "差别只在间隔号。"
    if a.casefold() == b.casefold():
        return "差别只在字母大小写。"
    if _may_be_variants(a, b):
        return "可能是简体、繁体或异体字的差别，也可能是不同的字，请与证件逐字核对。"
    return ""


def _may_be_variants(a: str, b: str) -> bool:
    """Whether each differing place has one character of the simplified standard set and one outside it.

    A guess for a note, from the repertoire of GB 2312: telling variants for certain takes a dictionary.
    """
    a, b = _VARIATION_SELECTORS.sub("", a), _VARIATION_SELECTORS.sub("", b)
    if len(a) != len(b):
        return False
    pairs = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    return all(_are_variants(x, y) for x, y in pairs)


def _are_variants(x: str, y: str) -> bool:
    if frozenset((x, y)) in _CONFUSED_WITHIN_GB2312:
        return True
    return _is_han(x) and _is_han(y) and is_in_gb2312(x) != is_in_gb2312(y)


# Variants and surnames written for one another of which GB 2312 has both.
_CONFUSED_WITHIN_GB2312 = frozenset(
    map(frozenset, ("于於", "后後", "干乾", "征徵", "余馀", "肖萧", "付傅", "闫阎", "代戴", "兰蓝", "丘邱"))
)
_VARIATION_SELECTORS = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def _is_han(char: str) -> bool:
    return re.fullmatch(f"[{HAN}]", char) is not None


def _judge_status(rule: FieldRule, readings: tuple[FieldReading, ...]) -> _Ruling:
    texts = [reading.value or "" for reading in readings]
    standings = [_standing(rule, text) for text in texts]
    if False in standings:
        word = texts[standings.index(False)].strip()
        normal = _either(rule.expected or NORMAL_STATUS)
        return _Ruling(Verdict.MISMATCH, f"{rule.label}是“{word}”，正常应为{normal}。")
    if None in standings:
        return _Ruling(Verdict.UNREADABLE, _unknown(rule, texts[standings.index(None)]))
    return _Ruling(Verdict.MATCH)


def _standing(rule: FieldRule, text: str) -> bool | None:
    """Whether a 学籍状态 is allowed (true), refused (false) or in no list.

    在籍（注册学籍） is read word by word, so that 不在籍（毕业） is not taken for 在籍.
    """
    allowed = {plain_text(word) for word in rule.expected or NORMAL_STATUS}
    refused = {plain_text(word) for word in rule.refused or REFUSED_STATUS} - allowed
    if plain_text(text) in allowed:
        return True
    words = _status_words(text)
    if words & refused:
        return False
    return True if words and words <= {part for word in allowed for part in _status_words(word)} else None


def _status_words(text: str) -> set[str]:
    words = re.split(r"[()\[\]<>〈〉/、,;，；\s|·—-]+", unicodedata.normalize("NFKC", text))
    return set(filter(None, map(plain_text, words)))


def _compare_years(rule: FieldRule, entry: FieldReading, current: FieldReading) -> _Ruling:
    entered, present = (normalise(FieldKind.YEAR, reading.value or "") for reading in (entry, current))
    if entered is None or present is None:
        return _Ruling(Verdict.UNREADABLE, f"{rule.label}里的年份程序认不出，请本人核对。")
    if entered == present:
        return _Ruling(Verdict.MATCH)
    if present < entered:
        return _Ruling(Verdict.MISMATCH, "当前所在级早于入学年份。")
    if Tolerance.INTERRUPTED_STUDY in rule.tolerated:
        return _Ruling(Verdict.TOLERATED, "当前所在级晚于入学年份，因休学或留级，属正常。")
    return _Ruling(Verdict.MISMATCH, "当前所在级晚于入学年份：有休学或留级的属正常，没有的应更正。")
