"""Normalisers: a field's value in the form in which two platforms' readings of it are compared.

简 and 繁 are never folded into one another. Whoever prints a value prints the original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agent.reconcile.document_numbers import Sex, is_masked, normalise_number, plain_text


class FieldKind(StrEnum):
    """What a field holds, and so how its values are normalised.

    ``NUMBER`` is an identity document's number; a 学号 is ``TEXT``.
    """

    NAME = "name"
    SEX = "sex"
    NUMBER = "number"
    DATE = "date"
    ETHNICITY = "ethnicity"
    TEXT = "text"
    SCHOOL = "school"
    LEVEL = "level"
    MAJOR = "major"
    DURATION = "duration"
    STUDY_FORM = "study_form"
    STATUS = "status"
    YEAR = "year"


def is_unreadable(text: str) -> bool:
    """Whether ``text`` has characters without a meaning: private-use ones, replacement marks, tofu."""
    return any(unicodedata.category(char) in {"Co", "Cs"} or char in "\ufffd□〓" for char in text)


def is_blank(text: str) -> bool:
    """Whether ``text`` says that there is no value: nothing, a dash, 暂无."""
    return _NO_VALUE.fullmatch(plain_text(text)) is not None


def normalise(kind: FieldKind, text: str) -> str | None:
    """``text`` in the form in which values of ``kind`` are compared, or ``None`` if it is none of them.

    Dates become ``YYYY-MM-DD``, years ``YYYY``, durations a number of years, the rest NFKC without spaces.
    """
    return _NORMALISERS.get(kind, plain_text)(text)


def one_dot(text: str) -> str:
    """``text`` without spaces, and with one dot for all that stand between the parts of a name."""
    return _DOTS.sub("·", plain_text(text.translate(_ODD_DOTS)))


def parse_date(text: str) -> date | None:
    """The date in ``text``, or ``None`` when there is none such day.

    Forms: 2024年06月03日, 2024-06-03, 2024/6/3, 2024.6.3, 2024 6 3, 20240603, 二〇二四年六月三日. A weekday and a time of day are
    ignored, unless the time names its zone: 2024-06-02T16:00:00Z is the third of June in China, as pages show a day that a
    program keeps as a moment.
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    if _MOMENT.fullmatch(folded):
        return _day_in_china(folded)
    match = _DATE.fullmatch(folded) or _COMPACT_DATE.fullmatch(folded)
    if not match:
        return None
    year, month, day = (_integer(part) for part in match.group("year", "month", "day"))
    try:
        return date(year or 0, month or 0, day or 0)
    except ValueError:
        return None


def _day_in_china(moment: str) -> date | None:
    try:
        return datetime.fromisoformat(moment).astimezone(ZoneInfo(CHINA)).date()
    except (ValueError, OverflowError, ZoneInfoNotFoundError):
        return None


_NO_VALUE = re.compile(r"[-—–−_/\\]*|无|暂无|未填写?|(?i:null|undefined|none)")
_CHINESE_DIGITS = "〇一二三四五六七八九"
HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_DOTS = re.compile(rf"[•‧・∙⋅⦁▪]|(?<=[{HAN}])[.。](?=[{HAN}])")
_ODD_DOTS = str.maketrans("ㆍ˙", "··")
"""Dots that are no dots any more once they are folded."""
_APOSTROPHES = re.compile("[‘’ʼ`]")
_PART = rf"[0-9{_CHINESE_DIGITS}零十]"
_TIME = r"(?:[\sT]\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_WEEKDAY = r"(?:\s*\(?(?:星期|周)[一二三四五六日天]\)?)?"
_DATE = re.compile(
    rf"(?P<year>{_PART}{{4}})\s*(?:年|[-/.—–−]|\s)\s*(?P<month>{_PART}{{1,3}})\s*(?:月|[-/.—–−]|\s)\s*"
    rf"(?P<day>{_PART}{{1,3}})\s*[日号]?{_WEEKDAY}{_TIME}"
)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:]{5,8}(?:\.[0-9]+)?(?:Z|[-+][0-9]{2}:?[0-9]{2})")
CHINA = "Asia/Shanghai"
_COMPACT_DATE = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
_YEAR = re.compile(rf"({_PART}{{4}})(?:年?[春秋]季?|年|级|届|学年|[-年/.][0-9]{{1,2}}月?)?")
_SHORT_YEAR = re.compile(r"((?:19|20)[0-9]{2})(?:0[1-9]|1[0-2])|([0-9]{2})[级届]")
"""202203 and 22级."""
_SEX_WORDS = {"MALE": Sex.MALE, "M": Sex.MALE, "FEMALE": Sex.FEMALE, "F": Sex.FEMALE}
_SEX = re.compile(r"[0-9.\-]*(男|女)[性生]?(?:\([0-9A-Z]+\))?|(MALE|M|FEMALE|F)")
_LISTED = re.compile(r"^[0-9]+[.\-:]?|\([A-Za-z0-9]+\)$")
_DURATION = re.compile(rf"(?:学制)?([0-9]+(?:\.[0-9]+)?|[{_CHINESE_DIGITS}两十]+)?年?(半)?年?制?")


def _name(text: str) -> str | None:
    """A name with one dot for all; None for one with a question mark, which programs write for a letter that they lost."""
    folded = _APOSTROPHES.sub("'", one_dot(text))
    return None if "?" in folded and not is_masked(folded) else folded


def _sex(text: str) -> str | None:
    word = _SEX.fullmatch(plain_text(text).upper())
    return (word[1] or _SEX_WORDS[word[2]]) if word else None


def _ethnicity(text: str) -> str | None:
    """A 民族 without the number that lists it (01汉族); None for the number alone."""
    return _LISTED.sub("", plain_text(text)) or None


def _date(text: str) -> str | None:
    found = parse_date(text)
    return found.isoformat() if found else None


def _year(text: str) -> str | None:
    if short := _SHORT_YEAR.fullmatch(plain_text(text)):
        return short[1] or f"20{short[2]}"
    match = _YEAR.fullmatch(plain_text(text))
    year = _integer(match[1]) if match else None
    whole = parse_date(text)
    if whole:
        return str(whole.year)
    return str(year) if year and 1900 <= year < 2100 else None


def _duration(text: str) -> str | None:
    match = _DURATION.fullmatch(plain_text(text))
    if not match or not (match[1] or match[2]):
        return None
    number = match[1] or "0"
    years = Decimal(number) if number[0].isdecimal() else Decimal(_integer(number.replace("两", "二")) or 0)
    years += Decimal("0.5") if match[2] else 0
    return f"{years.normalize():f}"


def _integer(text: str) -> int | None:
    """A number in Arabic digits, or in Chinese ones below 100 or written digit by digit (二〇二四)."""
    if text.isdecimal():
        return int(text)
    digits = {char: str(value) for value, char in enumerate(_CHINESE_DIGITS)} | {"零": "0"}
    tens, ten, ones = text.partition("十")
    if not ten:
        return int("".join(digits.get(char, char) for char in text))
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return None
    return int(digits.get(tens, tens) or 1) * 10 + int(digits.get(ones, ones) or 0)


_NORMALISERS: Mapping[FieldKind, Callable[[str], str | None]] = {
    FieldKind.NAME: _name,
    FieldKind.SEX: _sex,
    FieldKind.NUMBER: normalise_number,
    FieldKind.ETHNICITY: _ethnicity,
    FieldKind.DATE: _date,
    FieldKind.DURATION: _duration,
    FieldKind.YEAR: _year,
}
