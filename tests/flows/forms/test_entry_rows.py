"""Rows of entries: merged without a double or a loss."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.forms.entry_rows import (
    SAME_RELATIVE,
    SAME_STAY,
    Row,
    in_order,
    merge,
    month_of,
    row_of_history_entry,
    same_rows,
    same_value,
)
from flows.forms.model import HistoryEntry

FATHER = {"relation": "父亲", "name": "王示例", "phone": "10000009001", "age": ""}
MOTHER = {"relation": "母亲", "name": "李示例", "phone": "10000009003", "age": "54"}
SCHOOL = {"place": "示例高级中学", "start": "2011-09", "end": "2014-06"}
WORK = {"place": "示例公司", "start": "2014-09", "end": "2021-02"}
STUDY = {"place": "西安交通大学", "start": "2021-03", "end": "至今"}


def test_what_is_missing_is_added_and_what_is_there_is_not_doubled() -> None:
    merged = merge([FATHER], [FATHER, MOTHER], SAME_RELATIVE)
    assert (merged.filled, merged.added, merged.differences) == ((FATHER, MOTHER), (1,), ())
    assert merge(merged.filled, [FATHER, MOTHER], SAME_RELATIVE).lacks_nothing


def test_blanks_are_filled_and_differences_are_left() -> None:
    stated = {**FATHER, "phone": "10000009009", "age": "60"}
    merged = merge([FATHER], [stated], SAME_RELATIVE)
    assert merged.filled == ({**FATHER, "age": "60"},)
    assert [(found.field, found.there, found.stated) for found in merged.differences] == [
        ("phone", "10000009001", "10000009009")
    ]
    assert merged.changed() == (stated,)
    assert not merged.lacks_nothing


def test_a_blank_of_the_student_takes_nothing_away() -> None:
    merged = merge([MOTHER], [{**MOTHER, "age": "", "phone": ""}], SAME_RELATIVE)
    assert merged.lacks_nothing
    assert merged.differences == ()


def test_another_name_beside_the_same_relation_is_a_difference_and_nobody_new() -> None:
    merged = merge([MOTHER], [{**MOTHER, "name": "李样例"}], SAME_RELATIVE)
    assert merged.added == ()
    assert [found.field for found in merged.differences] == ["name"]


def test_the_same_school_with_other_times_is_one_entry() -> None:
    stated = {**SCHOOL, "start": "2011-08", "end": "2014-07"}
    merged = merge([SCHOOL], [stated], SAME_STAY)
    assert merged.added == ()
    assert {found.field for found in merged.differences} == {"start", "end"}
    again = {**SCHOOL, "start": "2019-09", "end": "2020-06"}
    assert merge([SCHOOL], [SCHOOL, again], SAME_STAY).added == (1,)


def test_a_missing_stay_goes_where_its_time_is() -> None:
    merged = merge([SCHOOL, STUDY], [SCHOOL, WORK, STUDY], SAME_STAY)
    assert [row["place"] for row in in_order(merged.filled)] == [
        row["place"] for row in (SCHOOL, WORK, STUDY)
    ]


@pytest.mark.parametrize(
    "shown", ["2011-09", "2011.9", "2011年9月", "2011-09-01", "2011年09月01日", "201109"]
)
def test_a_time_is_the_same_however_it_is_written(shown: str) -> None:
    assert same_value("start", shown, "2011-09")
    assert not same_value("start", shown, "2011-10")


def test_until_now_is_no_month() -> None:
    assert month_of("至今") is None
    assert same_value("end", "至今", "至今")
    assert not same_value("end", "2024-06", "至今")


def test_a_stay_of_the_form_is_a_row_of_the_page() -> None:
    entry = HistoryEntry(place="示例学校", start="2014.9", end="至 今", stage="高中")
    assert entry.months is not None
    assert row_of_history_entry(entry) == {
        "place": "示例学校",
        "post": "",
        "start": "2014-09",
        "end": "至今",
        "witness": "",
        "witness_phone": "",
    }


ROWS = st.fixed_dictionaries(
    {
        "place": st.sampled_from("甲乙丙"),
        "start": st.integers(2008 * 12, 2012 * 12).map(lambda number: f"{number // 12}-{number % 12 + 1:02}"),
        "end": st.sampled_from(["", "2014-06", "至今"]),
        "post": st.sampled_from(["", "学生"]),
    }
)


@given(st.lists(ROWS, max_size=5), st.lists(ROWS, max_size=5))
def test_merging_never_loses_or_doubles_a_row(there: list[Row], stated: list[Row]) -> None:
    merged = merge(there, stated, SAME_STAY)
    assert len(merged.filled) == len(there) + len(merged.added)
    for before, after in zip(there, merged.filled, strict=False):
        assert all(after[name] == value for name, value in before.items() if value)
    added = Counter(str(merged.filled[place]) for place in merged.added)
    assert added <= Counter(map(str, stated))
    assert len(merged.added) >= len(stated) - len(there)
    again = merge(merged.changed(), stated, SAME_STAY)
    assert again.added == ()
    assert len(again.filled) == len(merged.filled)


@given(st.lists(ROWS, max_size=6))
def test_order_is_only_order(rows: list[Row]) -> None:
    ordered = in_order(rows)
    starts = [month_of(row.get("start", "")) or 0 for row in ordered]
    assert starts == sorted(starts)
    assert sorted(map(str, ordered)) == sorted(map(str, rows))
    assert same_rows(ordered, in_order(ordered))
