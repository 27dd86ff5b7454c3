"""Identity numbers: the standard's rules, every measured defect of the libraries, properties over all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.reconcile.document_numbers import (
    DocumentKind,
    Identity,
    Sex,
    compatible,
    cross_check,
    document_key,
    document_kinds,
    has_check_digit,
    is_masked,
    normalise_number,
    parse,
)

TODAY = date(2024, 6, 3)
UNTIMED = settings(deadline=None)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def number_of(area: str, birth: str, order: str) -> str:
    """A number by GB 11643's own weights, so that the tests share no arithmetic with the module."""
    body = area + birth + order
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True))
    return body + "10X98765432"[total % 11]


def read(number: str, document_type: str | None = None, *, today: date = TODAY) -> Identity:
    return parse(number, document_type, today=today)


births = st.dates(date(1901, 1, 1), TODAY)
areas = st.sampled_from(["610102", "110101", "412723", "620102", "810000", "820000", "830000", "915156"])
orders = st.integers(0, 999).map("{:03}".format)
numbers = st.builds(lambda area, born, order: number_of(area, f"{born:%Y%m%d}", order), areas, births, orders)


def ending_in_x() -> str:
    found = (number_of("610102", "19990307", f"{order:03}") for order in range(1000))
    return next(number for number in found if number.endswith("X"))


# The libraries' defects (standards.md §3): what is right where they are wrong.

ACCEPTED = {
    "stdnum rejects 830000 always": ("830000", "20000101", DocumentKind.TAIWAN_RESIDENCE),
    "stdnum rejects 810000 born before 1997": ("810000", "19900101", DocumentKind.HK_MACAO_RESIDENCE),
    "stdnum rejects 820000 born before 1999": ("820000", "19980101", DocumentKind.HK_MACAO_RESIDENCE),
    "stdnum and id-validator reject every 9": ("915156", "19900101", DocumentKind.FOREIGN_PERMANENT_RESIDENT),
    "stdnum rejects an abolished area with a later birth": ("412723", "20030101", DocumentKind.RESIDENT_ID),
}
REFUSED = {
    "stdnum accepts future dates": ("610102", "21000101", "还没有到"),
    "stdnum accepts 710000": ("710000", "20000101", "71 开头"),
}


@pytest.mark.parametrize(("area", "birth", "kind"), ACCEPTED.values(), ids=ACCEPTED)
@pytest.mark.parametrize("stated", [True, False])
def test_valid_numbers_that_a_library_refuses(
    area: str, birth: str, kind: DocumentKind, stated: bool
) -> None:
    identity = read(number_of(area, birth, "123"), kind.value if stated else None)
    assert (identity.valid, identity.checked, identity.kind) == (True, True, kind)
    assert identity.sex is Sex.MALE
    assert f"{identity.birth_date:%Y%m%d}" == birth


@pytest.mark.parametrize(("area", "birth", "why"), REFUSED.values(), ids=REFUSED)
def test_wrong_numbers_that_a_library_accepts(area: str, birth: str, why: str) -> None:
    identity = read(number_of(area, birth, "123"))
    assert not identity.valid
    assert not identity.checked
    assert any(why in problem for problem in identity.problems)
    assert (identity.birth_date, identity.sex) == (None, None)


def test_lower_case_x_is_normalised() -> None:
    number = ending_in_x()
    identity = read(number.lower())
    assert identity.number == number
    assert identity.valid


def test_numbers_built_by_the_standard_all_pass() -> None:
    built = [number_of("610102", "19990307", f"{order:03}") for order in range(300)]
    assert all(read(number).checked for number in built)


# Resident numbers


@UNTIMED
@given(numbers)
def test_every_well_built_number_is_valid_and_tells_sex_and_birth(number: str) -> None:
    identity = read(number)
    assert identity.valid
    assert identity.checked
    assert identity.sex == ("男" if int(number[16]) % 2 else "女")
    assert f"{identity.birth_date:%Y%m%d}" == number[6:14]


@UNTIMED
@given(numbers, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_changed_character_is_noticed(number: str, place: int, char: str) -> None:
    changed = number[:place] + char + number[place + 1 :]
    assert read(changed, "居民身份证").valid == (changed == number)


@UNTIMED
@given(numbers, st.integers(0, 16))
def test_two_swapped_neighbours_are_noticed(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert read(swapped, "居民身份证").valid == (swapped == number)


@UNTIMED
@given(births, st.integers(0, 3000))
def test_birth_must_not_be_after_today(born: date, days: int) -> None:
    identity = read(number_of("610102", f"{born:%Y%m%d}", "120"), today=born + timedelta(days=days))
    assert identity.valid
    early = read(number_of("610102", f"{born:%Y%m%d}", "120"), today=born - timedelta(days=1 + days))
    assert early.problems == ("号码里的出生日期还没有到。",)


@pytest.mark.parametrize("birth", ["19990229", "19991301", "19990100", "19000101", "18991231", "00000101"])
def test_impossible_birth_dates(birth: str) -> None:
    identity = read(number_of("610102", birth, "120"))
    assert len(identity.problems) == 1
    assert "出生日期" in identity.problems[0]


def test_leap_day_is_a_day() -> None:
    assert read(number_of("610102", "20000229", "120")).birth_date == date(2000, 2, 29)


def test_unknown_area_is_no_problem() -> None:
    identity = read(number_of("990102", "19990307", "120"), "居民身份证")
    assert identity.valid
    assert identity.area == ""
    assert read(number_of("610102", "19990307", "120")).area == "陕西"
    assert read(number_of("931156", "19990307", "120")).area == "上海"


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("610102990307120", "居民身份证号码应为 18 位；15 位的旧号码已停用。"),
        ("61010219990307120", "居民身份证号码应为 18 位，现在是 17 位。"),
        ("6101021999030712000", "居民身份证号码应为 18 位，现在是 19 位。"),
        ("61010219990307X200", "居民身份证号码应为 17 位数字加一位数字或 X。"),
        ("六10102199903071200", "居民身份证号码应为 17 位数字加一位数字或 X。"),
    ],
)
def test_form_of_resident_numbers(number: str, problem: str) -> None:
    assert read(number, "身份证").problems == (problem,)


@UNTIMED
@given(numbers, st.sampled_from([" ", "\u3000", "\u00a0", "\u200b", "\t", "\ufeff"]), st.integers(1, 17))
def test_spaces_width_and_case_do_not_matter(number: str, gap: str, place: int) -> None:
    spaced = number[:place] + gap + number[place:]
    wide = "".join(chr(ord(char) + 0xFEE0) for char in number)
    assert normalise_number(spaced) == normalise_number(wide) == normalise_number(number.lower()) == number
    assert read(spaced).number == number
    assert read(wide).valid


def test_roman_numeral_ten_stands_for_x() -> None:
    assert read(ending_in_x()[:-1] + "Ⅹ").valid


# Document types


@pytest.mark.parametrize(
    ("document_type", "kinds"),
    [
        ("居民身份证", (DocumentKind.RESIDENT_ID,)),
        (" 身份 证 ", (DocumentKind.RESIDENT_ID,)),
        ("台湾居民来往大陆通行证（台胞证）", (DocumentKind.TAIWAN_PERMIT,)),
        ("港澳通行证", (DocumentKind.HK_MACAO_PERMIT,)),
        ("港澳台居民居住证", (DocumentKind.HK_MACAO_RESIDENCE, DocumentKind.TAIWAN_RESIDENCE)),
        ("士兵证", (DocumentKind.OTHER,)),
        ("往来港澳通行证", (DocumentKind.OTHER,)),
    ],
)
def test_document_type_words(document_type: str, kinds: tuple[DocumentKind, ...]) -> None:
    assert document_kinds(document_type) == kinds


@pytest.mark.parametrize(
    ("document_type", "kinds"),
    [
        ("中国居民身份证", (DocumentKind.RESIDENT_ID,)),
        ("01-居民身份证", (DocumentKind.RESIDENT_ID,)),
        ("大陆身份证", (DocumentKind.RESIDENT_ID,)),
        ("身份证件", (DocumentKind.RESIDENT_ID,)),
        ("临时居民身份证", (DocumentKind.RESIDENT_ID,)),
        ("港澳居民往来内地通行证", (DocumentKind.HK_MACAO_PERMIT,)),
        ("来往内地通行证", (DocumentKind.HK_MACAO_PERMIT,)),
        ("台湾居民来往大陆通行证（5年有效）", (DocumentKind.TAIWAN_PERMIT,)),
        ("港澳台居民来往大陆通行证", (DocumentKind.HK_MACAO_PERMIT, DocumentKind.TAIWAN_PERMIT)),
        ("香港特别行政区居民居住证", (DocumentKind.HK_MACAO_RESIDENCE,)),
        ("香港特别行政区护照", (DocumentKind.PASSPORT,)),
        ("中国公民因私护照", (DocumentKind.PASSPORT,)),
        ("Passport", (DocumentKind.PASSPORT,)),
        ("外国人永久居留身份证（五星卡）", (DocumentKind.FOREIGN_PERMANENT_RESIDENT,)),
        ("往来台湾通行证", (DocumentKind.OTHER,)),
        ("大陆居民往来台湾通行证", (DocumentKind.OTHER,)),
        ("军人身份证件", (DocumentKind.OTHER,)),
        ("台湾身份证", (DocumentKind.OTHER,)),
        ("户口簿", (DocumentKind.OTHER,)),
        ("身份证明", (DocumentKind.OTHER,)),
    ],
)
def test_document_type_words_by_what_they_are_made_of(
    document_type: str, kinds: tuple[DocumentKind, ...]
) -> None:
    assert document_kinds(document_type) == kinds


def test_a_wrong_number_stays_wrong_whatever_the_platform_calls_its_document() -> None:
    wrong = number_of("610102", "19990307", "120")[:-1] + "-"
    for word in ("身份证件", "中国居民身份证", "1.身份证", "二代居民身份证（正反面）"):
        assert read(wrong, word).problems


@pytest.mark.parametrize("number", ["0123456789(B)", "0123456789（b）", "0123456789", "01234567"])
def test_permits_of_taiwan_as_they_are_printed(number: str) -> None:
    assert read(number, "台胞证").valid
    assert document_key(number) == "01234567"


def test_every_kind_is_named_by_its_own_word() -> None:
    assert all(document_kinds(kind.value) == (kind,) for kind in DocumentKind)


def test_one_type_word_for_two_residence_permits() -> None:
    number = number_of("830000", "20000101", "121")
    assert read(number, "港澳台居民居住证").kind is DocumentKind.TAIWAN_RESIDENCE
    assert read(number, "港澳居民居住证").problems == ("港澳居民居住证号码应以 810000 或 820000 开头。",)
    assert read(number_of("710000", "20000101", "121"), "台湾居民居住证").problems == (
        "台湾居民居住证号码应以 830000 开头。",
    )


@pytest.mark.parametrize(
    ("number", "document_type", "kind", "valid", "checked"),
    [
        ("H12345678", "港澳居民来往内地通行证", DocumentKind.HK_MACAO_PERMIT, True, False),
        ("m1234567801", None, DocumentKind.HK_MACAO_PERMIT, True, False),
        ("A12345678", "港澳居民来往内地通行证", DocumentKind.HK_MACAO_PERMIT, False, False),
        ("12345678", "台胞证", DocumentKind.TAIWAN_PERMIT, True, False),
        ("1234567890", None, DocumentKind.TAIWAN_PERMIT, True, False),
        ("123456789", "台胞证", DocumentKind.TAIWAN_PERMIT, False, False),
        ("A123456(3)", "港澳身份证", DocumentKind.HK_MACAO_ID, True, True),
        ("A123456（3）", None, DocumentKind.HK_MACAO_ID, True, True),
        ("A1234563", None, DocumentKind.HK_MACAO_ID, True, True),
        ("A123456(4)", "香港身份证", DocumentKind.HK_MACAO_ID, False, False),
        ("A123456", "港澳身份证", DocumentKind.HK_MACAO_ID, True, False),
        ("AB987654(3)", None, DocumentKind.HK_MACAO_ID, True, True),
        ("1234567(8)", "澳门身份证", DocumentKind.HK_MACAO_ID, True, False),
        ("ABC1", "香港身份证", DocumentKind.HK_MACAO_ID, False, False),
        ("E12345678", None, DocumentKind.PASSPORT, True, False),
        ("EA1234567", "护照", DocumentKind.PASSPORT, True, False),
        ("X9Y8", "护照", DocumentKind.PASSPORT, True, False),
        ("FRA110012345678", None, DocumentKind.FOREIGN_PERMANENT_RESIDENT, True, False),
        ("军字第1234567号", "军官证", DocumentKind.OFFICER_CARD, True, False),
        ("12-34", "士兵证", DocumentKind.OTHER, True, False),
        ("12-34", None, DocumentKind.OTHER, False, False),
        ("  ", None, DocumentKind.OTHER, False, False),
    ],
)
def test_other_documents(
    number: str, document_type: str | None, kind: DocumentKind, valid: bool, checked: bool
) -> None:
    identity = read(number, document_type)
    assert (identity.kind, identity.valid, identity.checked) == (kind, valid, checked)


@UNTIMED
@given(st.text("ABCHMEG0123456789X()* ", max_size=20), st.sampled_from([None, *DocumentKind]))
def test_any_text_gives_an_answer_that_never_quotes_it(text: str, document_type: str | None) -> None:
    identity = read(text, document_type)
    assert not (identity.checked and identity.problems)
    digits = normalise_number(text)
    if len(digits) >= 7:
        assert digits not in repr(identity)


# Which document


def test_a_permit_is_identified_without_its_renewals() -> None:
    assert document_key("1234567801") == "12345678"


# The record beside the number


def test_cross_check_names_each_contradiction() -> None:
    identity = read(number_of("610102", "19990307", "120"))
    assert cross_check(identity, sex="女", birth_date=date(1999, 3, 7)) == ()
    assert cross_check(identity, sex="女性") == ()
    assert cross_check(identity, sex="未说明", birth_date=None) == ()
    assert len(cross_check(identity, sex="男", birth_date=date(1999, 3, 8))) == 2
    assert cross_check(identity, sex="男") == ("证件号码表示性别为女，与登记的性别不符。",)


def test_a_wrong_number_contradicts_nothing() -> None:
    wrong = read(number_of("610102", "19990307", "120")[:-1] + "-")
    assert cross_check(wrong, sex="男", birth_date=date(1980, 1, 1)) == ()


# Masked numbers


@pytest.mark.parametrize(
    ("masked", "full", "fits"),
    [
        ("6101**********4229", "610102199003074229", True),
        ("6101＊＊＊＊＊＊＊＊＊＊4229", "610102199003074229", True),
        ("6101××××××××××4229", "610102199003074229", True),
        ("6101XXXXXXXXXX4229", "610102199003074229", True),
        ("6101****4229", "610102199003074229", True),
        ("6101**********4229", "610102199003074228", False),
        ("6201**********4229", "610102199003074229", False),
        ("6101***********4229", "610102199003074229", False),
        ("**************422X", "61010219900307422x", True),
        ("610102199003074229", "610102199003074229", True),
        ("610102199003074229", "6101**********4229", False),
        ("6101**********4229", "6101**********4229", True),
        ("", "610102199003074229", False),
        ("6101##########4229", "610102199003074229", True),
        ("6101＃＃＃＃＃＃＃＃＃＃4229", "610102199003074229", True),
        ("6101----------4229", "610102199003074229", True),
        ("6101……4229", "610102199003074229", True),
        ("6101○○○○○○○○○○4229", "610102199003074229", True),
        ("6101■■■■■■■■■■4229", "610102199003074229", True),
        ("6101????????4229", "610102199003074229", True),
        ("6101__________4229", "610102199003074229", True),
        ("6101##########4228", "610102199003074229", False),
        ("6101-0219-9003-0742-29", "610102199003074229", False),
    ],
)
def test_compatible(masked: str, full: str, fits: bool) -> None:
    assert compatible(masked, full) is fits


@UNTIMED
@given(numbers, st.integers(0, 18), st.integers(0, 18))
def test_every_mask_of_a_number_is_compatible_with_it(number: str, start: int, length: int) -> None:
    hidden = number[start : start + length]
    masked = number[:start] + "*" * len(hidden) + number[start + length :]
    assert compatible(masked, number)
    assert is_masked(masked) == bool(hidden)


@UNTIMED
@given(numbers, numbers)
def test_a_mask_that_shows_a_difference_is_not_compatible(a: str, b: str) -> None:
    assert compatible(a[:6] + "*" * 8 + a[14:], b) == ((a[:6], a[14:]) == (b[:6], b[14:]))


def test_masked_number_is_neither_right_nor_wrong() -> None:
    identity = read("6101**********4229", "居民身份证")
    assert (identity.valid, identity.checked, identity.birth_date) == (True, False, None)


@UNTIMED
@given(st.text("0123456789X", min_size=18, max_size=18))
def test_check_digit_agrees_with_the_standards_table(text: str) -> None:
    if "X" in text[:-1]:
        assert not has_check_digit(text)
    else:
        assert has_check_digit(text) == (text == number_of(text[:6], text[6:14], text[14:17]))
