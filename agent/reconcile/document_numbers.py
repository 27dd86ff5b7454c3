"""Identity document numbers: which document, is the number sound, what does it say, is it the same document.

Sources: GB 11643-1999 (resident number), 国办发〔2018〕81号 (residence permits), the layout of the foreign
permanent resident card in use since 2023-12-01. Only the MOD 11-2 arithmetic comes from python-stdnum: its
resident-number module refuses valid areas and accepts future birth dates, so the rules around the check
digit are this module's own.

Numbers are text. Nothing here puts one into a message, an exception or a ``repr``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from stdnum.iso7064 import mod_11_2


class DocumentKind(StrEnum):
    """A kind of identity document, by the word the platforms use for it."""

    RESIDENT_ID = "居民身份证"
    HK_MACAO_RESIDENCE = "港澳居民居住证"
    TAIWAN_RESIDENCE = "台湾居民居住证"
    HK_MACAO_PERMIT = "港澳居民来往内地通行证"
    TAIWAN_PERMIT = "台胞证"
    HK_MACAO_ID = "港澳身份证"
    PASSPORT = "护照"
    FOREIGN_PERMANENT_RESIDENT = "外国人永久居留身份证"
    OFFICER_CARD = "军官证"
    OTHER = "其他证件"


class Sex(StrEnum):
    """Sex as the records write it."""

    MALE = "男"
    FEMALE = "女"


@dataclass(frozen=True, slots=True)
class Identity:
    """What one document number says about itself.

    ``problems`` make the number wrong: Chinese sentences without the number. ``sex`` and ``birth_date`` are given
    only where the document encodes them and the number has no problem. ``area`` is the province's name; empty where
    none is known, which is no problem, since codes come and go. ``checked`` is true when a check digit vouches for
    every character: a number read by OCR may be believed only then.
    """

    kind: DocumentKind
    number: str = field(repr=False)
    problems: tuple[str, ...] = ()
    sex: Sex | None = field(default=None, repr=False)
    birth_date: date | None = field(default=None, repr=False)
    area: str = ""
    checked: bool = False

    @property
    def valid(self) -> bool:
        """Nothing speaks against the number; ``checked`` tells whether a check digit speaks for it."""
        return not self.problems


_CITIZEN = re.compile(r"[0-9]{17}[0-9X]")
_OLD_RESIDENT = re.compile(r"[0-9]{15}")
_HK_MACAO_PERMIT = re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?")
_TAIWAN_PERMIT = re.compile(r"[0-9]{8}(?:[0-9]{2}(?:\([A-Z]\))?)?")
"""The older ones may end in a letter in brackets, as they are printed: 0123456789(B)."""
_HKID = re.compile(r"(?P<letters>[A-Z]{1,2})(?P<digits>[0-9]{6})(?:\((?P<inside>[0-9A])\)|(?P<bare>[0-9A]))?")
_PRC_PASSPORT = re.compile(r"E[0-9]{8}|E[A-Z][0-9]{7}|G[0-9]{8}")
_OLD_PERMANENT_RESIDENT = re.compile(r"[A-Z]{3}[0-9]{12}")
_WHOLE = re.compile(r"(?=.*[0-9])[0-9A-Z\u4e00-\u9fff()-]{5,30}")
"""Every kind of number, those without rules among them (军字第1234567号)."""
_MASK = "*"
_MASK_CHARACTERS = str.maketrans(dict.fromkeys("●•×∗○◯■█▇", _MASK))
_MASK_RUN = re.compile(r"X{3,}|([^0-9A-Z\u4e00-\u9fff()*])\1{2,}")
"""What else pages hide characters behind: a run of X or of any sign that no number has more than one of."""

_LIKE_X = re.compile(
    r"(?<=^[0-9]{17})[\N{MULTIPLICATION SIGN}\N{MULTIPLICATION X}\N{CYRILLIC CAPITAL LETTER HA}\N{GREEK CAPITAL LETTER CHI}]$"
)
_PREFIXES: Mapping[DocumentKind, tuple[str, ...]] = {
    DocumentKind.HK_MACAO_RESIDENCE: ("810000", "820000"),
    DocumentKind.TAIWAN_RESIDENCE: ("830000",),
    DocumentKind.FOREIGN_PERMANENT_RESIDENT: ("9",),
}

# Tried in this order when no type is stated; the last row is a resident number of a wrong length.
_FORMS: tuple[tuple[re.Pattern[str], DocumentKind], ...] = (
    (re.compile(r"8[12]0000[0-9]{11}[0-9X]"), DocumentKind.HK_MACAO_RESIDENCE),
    (re.compile(r"830000[0-9]{11}[0-9X]"), DocumentKind.TAIWAN_RESIDENCE),
    (re.compile(r"9[0-9]{16}[0-9X]"), DocumentKind.FOREIGN_PERMANENT_RESIDENT),
    (_CITIZEN, DocumentKind.RESIDENT_ID),
    (_OLD_PERMANENT_RESIDENT, DocumentKind.FOREIGN_PERMANENT_RESIDENT),
    (_HK_MACAO_PERMIT, DocumentKind.HK_MACAO_PERMIT),
    (_PRC_PASSPORT, DocumentKind.PASSPORT),
    (_HKID, DocumentKind.HK_MACAO_ID),
    (_TAIWAN_PERMIT, DocumentKind.TAIWAN_PERMIT),
    (re.compile(r"[0-9]{14,20}X?"), DocumentKind.RESIDENT_ID),
)

# What platforms write under 证件类型, by the parts that it is made of (中国居民身份证, 01-居民身份证, 因私护照); the first that fits.
# Some words cover two documents.
_TYPE_PARTS: tuple[tuple[re.Pattern[str], tuple[DocumentKind, ...]], ...] = (
    (re.compile("^军官证$"), (DocumentKind.OFFICER_CARD,)),
    (re.compile("军|武警|警官|士兵|士官"), (DocumentKind.OTHER,)),
    (re.compile("永久居留|永居"), (DocumentKind.FOREIGN_PERMANENT_RESIDENT,)),
    (re.compile("港澳台.*居住证"), (DocumentKind.HK_MACAO_RESIDENCE, DocumentKind.TAIWAN_RESIDENCE)),
    (re.compile("(?:港澳|香港|澳门).*居住证"), (DocumentKind.HK_MACAO_RESIDENCE,)),
    (re.compile("台湾.*居住证"), (DocumentKind.TAIWAN_RESIDENCE,)),
    (re.compile("港澳台.*通行证"), (DocumentKind.HK_MACAO_PERMIT, DocumentKind.TAIWAN_PERMIT)),
    (
        re.compile("(?:港澳|香港|澳门)居民.*通行证|内地.*通行证|回乡证|^港澳通行证$"),
        (DocumentKind.HK_MACAO_PERMIT,),
    ),
    (re.compile("台湾居民.*通行证|来往大陆.*通行证|台胞证|^台湾通行证$"), (DocumentKind.TAIWAN_PERMIT,)),
    (re.compile("(?:港澳|香港|澳门).*身份证"), (DocumentKind.HK_MACAO_ID,)),
    (re.compile("台湾.*身[份分]证"), (DocumentKind.OTHER,)),
    (re.compile("护照|passport", re.IGNORECASE), (DocumentKind.PASSPORT,)),
    (re.compile("身份证(?!明)"), (DocumentKind.RESIDENT_ID,)),
)

# First two digits, GB/T 2260. County codes come and go, so a county is never looked up.
_PROVINCES: Mapping[str, str] = dict(
    re.findall(
        r"(\d\d)(\D+)",
        "11北京12天津13河北14山西15内蒙古21辽宁22吉林23黑龙江31上海32江苏33浙江34安徽35福建36江西37山东"
        "41河南42湖北43湖南44广东45广西46海南50重庆51四川52贵州53云南54西藏61陕西62甘肃63青海64宁夏65新疆"
        "81香港82澳门83台湾",
    )
)


def plain_text(text: str) -> str:
    """``text`` as values are compared: NFKC, without spaces and invisible characters."""
    folded = unicodedata.normalize("NFKC", text)
    kept = (char for char in folded if not char.isspace() and unicodedata.category(char) not in {"Cc", "Cf"})
    # Once more, since the characters around a removed one may compose.
    return unicodedata.normalize("NFKC", "".join(kept))


def normalise_number(text: str) -> str:
    """``text`` as numbers are compared: :func:`plain_text` in upper case.

    Brackets stay (in their ASCII form), since they belong to the number as its holder writes it. After seventeen digits
    stands the check digit: what looks like an X there is one.
    """
    return _LIKE_X.sub("X", plain_text(plain_text(text).upper()))


def has_check_digit(number: str) -> bool:
    """Whether a normalised 18-character number ends in the right MOD 11-2 check character (GB 11643-1999)."""
    return bool(_CITIZEN.fullmatch(number)) and mod_11_2.is_valid(number)


def is_masked(number: str) -> bool:
    """Whether some characters of ``number`` are hidden, as pages show them (``6101**********4229``)."""
    return _MASK in _mask_form(number)


def is_hidden(number: str) -> bool:
    """Whether no character of ``number`` is shown."""
    return set(_mask_form(number)) <= {_MASK}


def document_kinds(document_type: str) -> tuple[DocumentKind, ...]:
    """The kinds a platform's 证件类型 can mean, by what the word is made of; ``(OTHER,)`` for a word without a rule."""
    word = re.sub(r"\(.*\)$", "", plain_text(document_type))
    made_of = (kinds for parts, kinds in _TYPE_PARTS if parts.search(word))
    return next(made_of, (DocumentKind.OTHER,))


def parse(number: str, document_type: str | None = None, *, today: date) -> Identity:
    """Read a document number by the rules of its document.

    Args:
        number: as written on a page; spaces, full-width digits and a lower-case x are normalised.
        document_type: the page's 证件类型; ``None`` or blank means "judge by the number's form".
        today: the last day on which the holder can have been born.

    Returns:
        The identity. A masked number, or a document without known rules, has no problems and is not checked.
    """
    text = normalise_number(number)
    stated = document_kinds(document_type) if document_type and document_type.strip() else ()
    inferred = _infer(text)
    kind = inferred if not stated or inferred in stated else stated[0]
    if not text:
        return Identity(kind, text, problems=("没有证件号码。",))
    return Identity(kind, text) if is_masked(text) else _apply_rules(kind, text, today, stated=bool(stated))


def cross_check(
    identity: Identity, *, sex: str | None = None, birth_date: date | None = None
) -> tuple[str, ...]:
    """Compare what the number encodes with the record beside it.

    Args:
        identity: from :func:`parse`; one without encoded facts contradicts nothing.
        sex: the record's 性别; a word other than 男 / 女 is not compared.
        birth_date: the record's 出生日期.

    Returns:
        One Chinese sentence per contradiction.
    """
    found = []
    stated_sex = (sex or "").strip().removesuffix("性")
    if identity.sex and stated_sex in set(Sex) and stated_sex != identity.sex:
        found.append(f"证件号码表示性别为{identity.sex}，与登记的性别不符。")
    if identity.birth_date and birth_date and identity.birth_date != birth_date:
        found.append("证件号码里的出生日期与登记的出生日期不符。")
    return tuple(found)


def document_key(number: str) -> str:
    """The part of a number that stays the same when the document is renewed.

    A 15-digit resident number is written with 18, as its holder's is today (GB 11643-1999).

    The first 9 characters of a 港澳居民来往内地通行证, the first 8 of a 台胞证, a Hong Kong identity card
    without its check character (some systems drop it); of everything else, and of anything malformed, the
    whole number.
    """
    text = normalise_number(number)
    kind = _infer(text)
    if kind is DocumentKind.HK_MACAO_PERMIT:
        return text[:9]
    if kind is DocumentKind.TAIWAN_PERMIT:
        return text[:8]
    if kind is DocumentKind.RESIDENT_ID and _OLD_RESIDENT.fullmatch(text):
        longer = f"{text[:6]}19{text[6:]}"
        return longer + mod_11_2.calc_check_digit(longer)
    match = _HKID.fullmatch(text) if kind is DocumentKind.HK_MACAO_ID else None
    if match and _hkid_check(match) in {None, _hkid_expected(match)}:
        return match["letters"] + match["digits"]
    return text


def compatible(masked: str, full: str) -> bool:
    """Whether ``masked``, as a page shows it, can stand for ``full``.

    True says that nothing contradicts, not that the numbers are equal. A run of mask characters hides at
    least as many characters as it has, since some pages shorten the run. Two masked numbers cannot be judged:
    false unless they are the same text.
    """
    pattern, text = _mask_form(masked), _mask_form(full)
    if _MASK in text:
        return text == pattern
    parts = re.split(r"(\*+)", pattern)
    expression = (f".{{{len(part)},}}" if part.startswith(_MASK) else re.escape(part) for part in parts)
    return re.fullmatch("".join(expression), text) is not None


def is_document_number(number: str, document_type: str | None = None, *, today: date) -> bool:
    """Whether a text is a whole document number, by the rules of its document, and nothing else.

    Asked before a number from a page is used for anything: no path, no name and no key is made of what is none. Args as of
    :func:`parse`.
    """
    identity = parse(number, document_type, today=today)
    return identity.valid and not is_masked(number) and bool(_WHOLE.fullmatch(identity.number))


def _mask_form(number: str) -> str:
    """``number`` normalised, with every hidden character as an asterisk."""
    text = normalise_number(number).translate(_MASK_CHARACTERS)
    return _MASK_RUN.sub(lambda run: _MASK * len(run[0]), text)


def _infer(text: str) -> DocumentKind:
    return next((kind for form, kind in _FORMS if form.fullmatch(text)), DocumentKind.OTHER)


def _apply_rules(kind: DocumentKind, text: str, today: date, *, stated: bool) -> Identity:
    if kind is DocumentKind.FOREIGN_PERMANENT_RESIDENT and _OLD_PERMANENT_RESIDENT.fullmatch(text):
        return Identity(kind, text)
    if kind in _PREFIXES or kind is DocumentKind.RESIDENT_ID:
        return _citizen(kind, text, today)
    if kind is DocumentKind.OTHER and not stated:
        return Identity(kind, text, problems=("认不出这是哪种证件的号码，请检查位数和字符。",))
    if kind is DocumentKind.HK_MACAO_ID:
        return _hk_macao_id(kind, text)
    known = _PERMIT_FORMS.get(kind)
    if known and not known[0].fullmatch(text):
        return Identity(kind, text, problems=(f"{kind}号码应为{known[1]}。",))
    return Identity(kind, text)


def _citizen(kind: DocumentKind, text: str, today: date) -> Identity:
    """The 18-character family: resident ID, residence permits and the new permanent resident card."""
    if not _CITIZEN.fullmatch(text):
        return Identity(kind, text, problems=(_length_problem(kind, text),))
    birth_date = _date_of(text[6:14])
    problems = (
        *_prefix_problems(kind, text),
        *_birth_problems(birth_date, today),
        *(() if has_check_digit(text) else ("号码最后一位校验码不对，号码中有抄错的字符。",)),
    )
    area = _PROVINCES.get(text[1:3] if kind is DocumentKind.FOREIGN_PERMANENT_RESIDENT else text[:2], "")
    if problems:
        return Identity(kind, text, problems, area=area)
    sex = Sex.MALE if int(text[16]) % 2 else Sex.FEMALE
    return Identity(kind, text, (), sex, birth_date, area, checked=True)


def _length_problem(kind: DocumentKind, text: str) -> str:
    if re.fullmatch(r"[0-9]{15}", text):
        return f"{kind}号码应为 18 位；15 位的旧号码已停用。"
    if len(text) != 18:
        return f"{kind}号码应为 18 位，现在是 {len(text)} 位。"
    return f"{kind}号码应为 17 位数字加一位数字或 X。"


def _prefix_problems(kind: DocumentKind, text: str) -> tuple[str, ...]:
    prefixes = _PREFIXES.get(kind)
    if prefixes and not text.startswith(prefixes):
        return (f"{kind}号码应以 {' 或 '.join(prefixes)} 开头。",)
    # 71 is Taiwan's code in GB/T 2260, but documents for Taiwan residents carry 83.
    if kind is DocumentKind.RESIDENT_ID and text.startswith("71"):
        return ("没有以 71 开头的身份证号码；台湾居民居住证以 830000 开头。",)
    return ()


def _birth_problems(birth_date: date | None, today: date) -> tuple[str, ...]:
    if birth_date is None:
        return ("号码里的出生日期不是真实的日期。",)
    if birth_date.year <= 1900:
        return ("号码里的出生日期过早。",)
    return ("号码里的出生日期还没有到。",) if birth_date > today else ()


def _date_of(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _hk_macao_id(kind: DocumentKind, text: str) -> Identity:
    if text[0] in "0123456789":
        return Identity(kind, text, area="澳门")
    match = _HKID.fullmatch(text)
    if not match:
        return Identity(kind, text, problems=("香港身份证号码应为 1 至 2 个字母、6 位数字和校验码。",))
    check = _hkid_check(match)
    if check is None:
        return Identity(kind, text, area="香港")
    if check != _hkid_expected(match):
        return Identity(kind, text, problems=("括号里的校验码不对，号码中有抄错的字符。",), area="香港")
    return Identity(kind, text, area="香港", checked=True)


def _hkid_check(match: re.Match[str]) -> str | None:
    return match["inside"] or match["bare"]


def _hkid_expected(match: re.Match[str]) -> str:
    """The check character: weights 9 to 2 over two letters (blank 36, A 10 … Z 35) and six digits, mod 11."""
    letters = [36] * (2 - len(match["letters"])) + [ord(char) - ord("A") + 10 for char in match["letters"]]
    values = letters + [int(char) for char in match["digits"]]
    remainder = -sum(weight * value for weight, value in zip(range(9, 1, -1), values, strict=True)) % 11
    return "A" if remainder == 10 else str(remainder)


_PERMIT_FORMS: Mapping[DocumentKind, tuple[re.Pattern[str], str]] = {
    DocumentKind.HK_MACAO_PERMIT: (_HK_MACAO_PERMIT, " H 或 M 加 8 位数字（后面可有 2 位换证次数）"),
    DocumentKind.TAIWAN_PERMIT: (_TAIWAN_PERMIT, " 8 位数字（旧版 10 位）"),
}
"""What these numbers look like, and in words; passports, officers' cards and others have no form that all keep."""
