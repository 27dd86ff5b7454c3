"""Letters of a page's own font: what their readings may be taken to say."""

from __future__ import annotations

import random
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from agent.ocr import font_decoding
from agent.ocr.engine import Guess
from fixtures.people.students import resident_id

DIGITS = "0123456789X"
VALUES = st.lists(
    st.text(f"{DIGITS}王岚土木工程年月日", min_size=1, max_size=18), min_size=1, max_size=8, unique=True
)


def code_of(values: list[str], seed: int) -> dict[str, str]:
    """A font's mapping: each letter's code point."""
    letters = sorted(set("".join(values)))
    points = random.Random(seed).sample(range(0x100000, 0x10FFFE), len(letters))
    return dict(zip(letters, map(chr, points), strict=True))


def written(value: str, code: dict[str, str]) -> str:
    """A value in the font's code points."""
    return "".join(code[char] for char in value)


def test_words_with_private_characters_are_runs() -> None:
    assert font_decoding.runs("女　\U0010f001\U0010f002") == ["\U0010f001\U0010f002"]
    assert font_decoding.runs("\ue001（\ue002） | \uf8ff") == ["\ue001（\ue002）", "\uf8ff"]
    assert font_decoding.runs("在籍（注册学籍） | 函授") == []


@given(VALUES, st.integers(0, 9))
def test_readings_that_nothing_speaks_against_stand(values: list[str], seed: int) -> None:
    code = code_of(values, seed)
    assert font_decoding.settled({written(value, code): value for value in values}) == {
        written(value, code): value for value in values
    }


@given(VALUES, st.integers(0, 9), st.data())
def test_a_letter_read_in_two_ways_is_read_in_none(values: list[str], seed: int, data: st.DataObject) -> None:
    code = code_of(values, seed)
    number = resident_id("610000", data.draw(st.dates(*_YEARS)), 422)
    code |= {char: code.get(char, chr(0xE000 + ord(char))) for char in DIGITS}
    place = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from([char for char in DIGITS if char != number[place]]))
    misread = number[:place] + other + number[place + 1 :]
    twice = {written(number, code): misread, written(number[place], code): number[place]}
    assert font_decoding.settled(twice)[written(number, code)] is None


_YEARS = (date(1970, 1, 1), date(2005, 1, 1))


def test_where_the_font_did_not_come_nothing_is_read() -> None:
    runs = {"\U0010f001\U0010f002": "口口", "\U0010f003": "口"}
    assert font_decoding.settled(dict.fromkeys(runs)) == dict.fromkeys(runs)
    assert set(font_decoding.settled(runs).values()) == {None}


def test_a_letter_too_many_or_another_plain_one_is_unread() -> None:
    run = "\U0010f001（\U0010f002）"
    assert font_decoding.settled({run: "在(籍)"}) == {run: "在（籍）"}
    assert font_decoding.settled({run: "在籍）"}) == {run: None}
    assert font_decoding.settled({run: "在[籍]"}) == {run: None}
    assert font_decoding.settled({run: None}) == {run: None}


def test_a_line_counts_when_it_was_read_alike_and_surely() -> None:
    sure, unsure = font_decoding.SURE, font_decoding.SURE - 0.1
    assert font_decoding.agreed([Guess("王岚", sure), Guess("王 岚", 1)]) == "王岚"
    assert font_decoding.agreed([Guess("古丽・阿依夏", 1), Guess("古丽·阿依夏", 1)]) == "古丽·阿依夏"
    assert font_decoding.agreed([Guess("王岚", sure), Guess("王岗", 1)]) is None
    assert font_decoding.agreed([Guess("王岚", unsure), Guess("王岚", 1)]) is None
    assert font_decoding.agreed([Guess("王岚", 1), Guess("王岚", unsure), Guess("王岚", sure)]) == "王岚"
    assert font_decoding.agreed([Guess("王岚", 1), Guess("王岚", unsure), Guess("王岗", sure)]) is None
    assert font_decoding.agreed([Guess("王岚", unsure), Guess("王岚", unsure), Guess("王岚", 1)]) is None
    assert font_decoding.agreed([Guess("", 1), Guess("", 1)]) is None


def test_a_line_that_was_read_surely_is_looked_at_no_more() -> None:
    looks = iter([Guess("王岚", 1), Guess("王岚", 1), Guess("王岚", 1)])
    assert font_decoding.agreed(looks) == "王岚"
    assert len(list(looks)) == 1
