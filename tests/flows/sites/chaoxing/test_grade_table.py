"""Grades: columns by their headers, blanks that are not zero, repeated courses, and the two conditions about grades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.snapshot.tree import Box, Node
from flows.duties.grades import describe
from flows.profiles.schema import GradeRules, load
from flows.profiles.site_words import GradesWords
from flows.sites.chaoxing import grade_table
from flows.sites.chaoxing.grade_table import Course, Grades, judged
from tests.harness.trees import COLUMN, ROW, block, inline, table, text

XJTU = load("xjtu-2024-07")
HEADS = ("", "序号", "课程名称", "作业成绩", "考勤成绩", "实验成绩", "考试成绩", "总评成绩", "课程所属学期")
ROWS = (
    ("", "1", "英语三", "", "", "", "", "81.0", "2021年春"),
    ("", "2", "土木工程材料", "90", "", "", "88", "90.0", "2021年春"),
)


def _place() -> GradesWords:
    assert XJTU.sites.chaoxing is not None
    return XJTU.sites.chaoxing.grades


def _read(root: Node) -> tuple[Course, ...] | None:
    return grade_table.read(root, _place())


def _grades(*totals: tuple[str, str]) -> Grades:
    return judged(tuple(Course(course, "2021年春", total) for course, total in totals), XJTU.grades)


@pytest.mark.parametrize(
    ("total", "passed"),
    [
        ("60分", True),
        ("59.5分", False),
        ("补考60", True),
        ("补考：59", False),
        ("重修 85", True),
        ("60*", True),
        ("59.0⚠", False),
        ("85(补考)", True),
        ("补考合格", True),
        ("补考不及格", False),
        ("不通过", False),
        ("免修", True),
        ("取消考试资格", False),
        ("缓考", None),
        ("缓考60", None),
        ("600", None),
        ("60/100", None),
        ("A", None),
        ("85（缺考）", None),
        ("85（作弊，取消成绩）", None),
        ("60【不及格】", None),
        ("合格（待审核）", None),
        ("优秀（作废）", None),
        ("0（缓考）", None),
        ("0（免修）", None),
        ("45（补考及格）", None),
        ("45(补考:75)", None),
        ("85（正考45）", True),
        ("45（作弊）", False),
        ("45（补考50）", False),
    ],
)
def test_what_a_total_means(total: str, passed: bool | None) -> None:
    assert _grades(("英语三", total)).rows[0].passed is passed


@pytest.mark.parametrize("total", ["", "-", "--", "—", "/", "无", "未录入", "待录入"])
def test_a_sign_for_nothing_is_no_unknown_word(total: str) -> None:
    grades = _grades(("英语三", total))
    assert (grades.missing, grades.unknown) == (("英语三",), ())


@pytest.mark.parametrize("again", ["英语三（重修）", "英语三(补考)", "英语三 ", "英语三[重修2]"])
def test_a_course_taken_again_is_one_course(again: str) -> None:
    grades = _grades(("英语三", "45"), (again, "75"))
    assert grades.failed == ()
    assert grades.average == 75


@pytest.mark.parametrize(
    "sums",
    [
        ("", "", "平均", "", "", "", "", "83.8", ""),
        ("", "合计", "共 2 门", "", "", "", "", "171.0", ""),
        ("", "", "平均分：", "", "", "", "", "85.5", ""),
        ("", "", "本学期合计", "", "", "", "", "平均 85.5", ""),
        ("", "", "2021年春小计", "", "", "", "", "", ""),
        ("", "", "本科阶段", "", "", "", "", "平均 85.5", ""),
    ],
)
def test_a_line_of_sums_is_no_course(sums: tuple[str, ...]) -> None:
    found = _read(table(HEADS, *ROWS, sums))
    assert [row.course for row in found or ()] == ["英语三", "土木工程材料"]


def test_courses_that_only_begin_alike_are_two() -> None:
    assert _grades(("高等数学（一）", "45"), ("高等数学（二）", "75")).failed == ("高等数学（一）",)
    assert _grades(("高等数学（一）", "45"), ("高等数学(一)", "75")).failed == ()


# -- reading ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", [True, False])
def test_columns_are_found_by_their_headers(head: bool) -> None:
    heads = HEADS if head else HEADS[1:]
    rows = ROWS if head else tuple(row[1:] for row in ROWS)
    read = _read(block(text("成绩查询"), table(heads, *rows, head=head)))
    assert read == (
        Course("英语三", "2021年春", "81.0", number="1"),
        Course("土木工程材料", "2021年春", "90.0", homework="90", exam="88", number="2"),
    )


def test_columns_in_another_order_are_the_same_rows() -> None:
    turned = [tuple(reversed(row)) for row in (HEADS, *ROWS)]
    assert _read(table(*turned, head=True)) == _read(table(HEADS, *ROWS, head=True))


def test_a_line_over_the_whole_table_is_no_course() -> None:
    sheet = table(HEADS, *ROWS, head=True)
    sheet.children.append(table(("共 2 条",)).children[0])
    sheet.children[-1].parent = sheet
    read = _read(sheet)
    assert read is not None
    assert [row.course for row in read] == ["英语三", "土木工程材料"]


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(("平均分", "85.5", "共 2 门"), id="one cell as wide as many"),
        pytest.param(("", "", "平均分", "", "", "", "", "85.5", ""), id="in the column of the courses"),
        pytest.param(("", "", "小计：2 门", "", "", "", "", "171", ""), id="with a count"),
    ],
)
def test_a_line_that_sums_up_the_table_is_no_course(cells: tuple[str, ...]) -> None:
    sheet = table(HEADS, *ROWS, cells, head=True)
    if len(cells) < len(HEADS):
        for cell, (left, width) in zip(sheet.children[-1].children, ((0, 7), (7, 1), (8, 1)), strict=True):
            cell.box = Box(COLUMN * left, cell.box.y, COLUMN * width, ROW)
    assert [row.course for row in _read(sheet) or ()] == ["英语三", "土木工程材料"]


def test_a_heading_named_like_a_total_is_no_card() -> None:
    cards = [
        block(block(course), block(inline("学期"), inline(term)), block(inline("总评成绩"), inline(total)))
        for _, _, course, *_, total, term in ROWS
    ]
    read = _read(block(block("成绩", tag="h3"), block(*cards)))
    assert read == (Course("英语三", "2021年春", "81.0"), Course("土木工程材料", "2021年春", "90.0"))


@pytest.mark.parametrize("gap", ["\u3000", "   ", " | "])
def test_a_line_for_each_course_is_read_by_its_parts(gap: str) -> None:
    lines = [gap.join((course, "学分：4", f"总评：{total}", term)) for _, _, course, *_, total, term in ROWS]
    read = _read(
        block(block("我的成绩", tag="h3"), block(*(block(line, tag="li") for line in lines), tag="ul"))
    )
    assert read == (Course("英语三", "2021年春", "81.0"), Course("土木工程材料", "2021年春", "90.0"))


@pytest.mark.parametrize("head", ["学期", "参加考试的学期"])
def test_a_course_that_spans_its_attempts_is_that_of_each(head: str) -> None:
    rows = (("结构力学", "2021年春", "56.0"), ("2021年秋", "62.0"), ("英语三", "2021年春", "81.0"))
    sheet = table(("课程名称", head, "成绩"), *rows, head=True)
    spanning, later = sheet.children[1].children[0], sheet.children[2].children
    spanning.box = replace(spanning.box, height=2 * ROW)
    for cell in later:
        cell.box = replace(cell.box, x=cell.box.x + COLUMN)
    terms = ("2021年春", "2021年秋", "2021年春") if head == "学期" else ("", "", "")
    assert [(row.course, row.term, row.total) for row in _read(sheet) or ()] == [
        ("结构力学", terms[0], "56.0"),
        ("结构力学", terms[1], "62.0"),
        ("英语三", terms[2], "81.0"),
    ]


@pytest.mark.parametrize("said", ["2020年秋 - 5 门", "2020年秋（共 5 门）", "▾ 2020年秋"])
def test_a_term_with_its_number_of_courses_heads_them(said: str) -> None:
    read = _read(_sheet([(310, "2019年秋"), (310, said)]))
    assert [row.term for row in read or ()] == ["2020年秋"] * 2


def test_a_table_for_each_term_is_read_to_the_last_one() -> None:
    later = table(HEADS, ("", "1", "结构力学", "", "", "", "", "89.0", "2021年秋"), head=True)
    for node in later.walk():
        node.box = replace(node.box, y=node.box.y + 400)
    sheet = block("2021年春", table(HEADS, *ROWS, head=True), "共 2 门", "2021年秋", later, "共 1 门")
    assert [row.course for row in _read(sheet) or ()] == ["英语三", "土木工程材料", "结构力学"]
    assert grade_table.count(sheet, _place()) == 3


def _sheet(heads: Sequence[tuple[float, str]], columns: int = -1) -> Node:
    """A table at the left edge, 400 pixels down, and terms that stand above it or beside."""
    sheet = table(HEADS[:columns], *(row[:columns] for row in ROWS), head=True)
    for node in sheet.walk():
        node.box = replace(node.box, x=node.box.x + 300, y=node.box.y + 400)
    over = [
        block(
            text(words, box=Box(x, 40.0 * at, 80, 20)), text("共 2 门", box=Box(x + 100, 40.0 * at, 60, 20))
        )
        for at, (x, words) in enumerate(heads)
    ]
    return block(*over, sheet)


def test_the_term_that_heads_a_table_without_such_a_column_is_its_rows() -> None:
    read = _read(_sheet([(310, "2020年秋"), (310, "2021年春")]))
    assert [row.term for row in read or ()] == ["2021年春"] * 2


@pytest.mark.parametrize("heads", [[(310, "2021年秋")], [(10, "2020年秋"), (10, "2021年秋")]])
def test_one_term_over_a_table_or_terms_beside_it_are_not_its_rows(heads: list[tuple[float, str]]) -> None:
    """The one may be the term that is now, and those beside it a menu."""
    assert [row.term for row in _read(_sheet(heads)) or ()] == ["", ""]


def test_a_column_of_terms_counts_whatever_heads_the_table() -> None:
    read = _read(_sheet([(310, "2020年秋"), (310, "2021年秋")], columns=9))
    assert [row.term for row in read or ()] == ["2021年春"] * 2


@pytest.mark.parametrize("said", ["本页合计", "合计：", "平均分", "小计", "本学期平均成绩"])
def test_a_row_that_sums_up_is_no_course(said: str) -> None:
    foot = ("", "", said, "", "", "", "", "85.5", "及格 2 门")
    read = _read(block(text("成绩查询"), table(HEADS, *ROWS, foot, head=True)))
    assert read is not None
    assert [row.course for row in read] == ["英语三", "土木工程材料"]


def test_an_empty_table_has_no_rows_and_another_page_is_none() -> None:
    assert _read(block(table(HEADS, head=True), block("暂无数据"))) == ()
    assert _read(block("成绩查询", "平均总评成绩 88.9")) is None
    assert _read(table(("课程名称", "学分"), ("英语三", "4"), head=True)) is None


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("共 23 条", 23),
        ("共23条记录，每页10条", 23),
        ("显示第1到第10条记录，总共23条记录", 23),
        ("显示1到10,共23记录", 23),
        ("1–10 of 23", 23),
        ("Showing 1 to 10 of 23 entries", 23),
        ("1 - 10　共 23", 23),
        ("2021 of 23", None),
        ("共 3 页", None),
        ("第 1 条", None),
    ],
)
def test_how_many_the_page_says_there_are(words: str, found: int | None) -> None:
    assert grade_table.count(block(words), _place()) == found


def test_how_many_a_term_has_is_not_how_many_there_are() -> None:
    def at(x: float, y: float, words: str) -> Node:
        return text(words, box=Box(x, y, 60, 20))

    head = block(block(at(10, 0, "2021年春")), block(at(300, 2, "共 6 门")))
    assert grade_table.count(block(head), _place()) is None
    assert grade_table.count(block(head, block(at(10, 400, "共 23 门"))), _place()) == 23


def _card(*lines: str) -> Node:
    return block(*(block(line) for line in lines))


def test_cards_are_read_by_their_heading_and_their_labels() -> None:
    cards = block(
        block("成绩查询"),
        block(
            _card("1. 英语三", "2021年春", "总评成绩 81.0"),
            _card("2. 土木工程材料", "2021年秋", "总评成绩 90.0"),
        ),
    )
    assert _read(cards) == (
        Course("英语三", "2021年春", "81.0", number="1"),
        Course("土木工程材料", "2021年秋", "90.0", number="2"),
    )


def test_cards_that_name_the_course_are_read_by_that() -> None:
    cards = block(*(_card("已修", f"课程名称：{name}", "总评成绩：90") for name in ("英语三", "英语四")))
    assert _read(cards) == (Course("英语三", "", "90"), Course("英语四", "", "90"))


def test_entries_of_a_menu_that_are_named_like_a_total_are_no_cards() -> None:
    menu = block(
        block(block("学籍"), block("成绩"), block("毕业", "6")),
        block(block("成绩"), block("成绩查询"), block("重修报名")),
    )
    assert not _read(menu)


def test_a_card_without_a_total_is_a_course_without_one() -> None:
    cards = block(
        _card("英语三", "总评成绩 81.0"),
        _card("英语四", "总评成绩"),
        block(block("英语五"), block("总评成绩"), block("70")),
    )
    read = _read(cards)
    assert read is not None
    assert [(row.course, row.total) for row in read] == [("英语三", "81.0"), ("英语四", ""), ("英语五", "70")]


def _under(term: str, *courses: str) -> list[Node]:
    head = block(inline(term, tag="b"), inline(f"共 {len(courses)} 门"))
    return [head, *(_card(course, "总评成绩 81.0") for course in courses)]


@pytest.mark.parametrize("nested", [True, False])
def test_a_term_that_heads_cards_is_theirs(nested: bool) -> None:
    groups = (_under("2021年春", "英语三", "英语四"), _under("2021年秋", "英语五"))
    parts = [block(*group) for group in groups] if nested else [node for group in groups for node in group]
    read = _read(block(block("2022级"), block(*parts)))
    assert read is not None
    assert [(row.course, row.term) for row in read] == [
        ("英语三", "2021年春"),
        ("英语四", "2021年春"),
        ("英语五", "2021年秋"),
    ]


@pytest.mark.parametrize(
    "over", [("2020年秋", "2021年春"), ("入学", "2021年春"), ("2021年春季学期考试安排",)]
)
def test_other_terms_over_cards_are_not_theirs(over: tuple[str, ...]) -> None:
    leaves = [text(words, box=Box(120.0 * at, 0, 80, 20)) for at, words in enumerate(over)]
    read = _read(
        block(block(*map(block, leaves)), *(_card(name, "总评成绩 81.0") for name in ("英语三", "英语四")))
    )
    assert read is not None
    assert [(row.course, row.term) for row in read] == [("英语三", ""), ("英语四", "")]


def _tile(number: int, course: str, total: str) -> Node:
    """A card whose total stands large above the words for it."""
    top = 100.0 * number
    return block(
        block(text(course, box=Box(0, top, 80, 20)), block(text("2021年春", box=Box(0, top + 24, 80, 16)))),
        block(
            *([text(total, box=Box(400, top, 40, 24))] if total else []),
            block(text("总评成绩", box=Box(390, top + 26, 60, 16))),
        ),
    )


def test_a_total_that_stands_above_its_label_is_read_and_one_that_does_not_is_blank() -> None:
    read = _read(block(_tile(0, "英语三", "81.0"), _tile(1, "英语四", ""), _tile(2, "英语五", "优")))
    assert read is not None
    assert [(row.course, row.total, row.term) for row in read] == [
        ("英语三", "81.0", "2021年春"),
        ("英语四", "", "2021年春"),
        ("英语五", "优", "2021年春"),
    ]


def _corners(number: int, course: str, total: str, size: float = 24) -> Node:
    """A card of two lines, each with words at both ends: the total stands over the words for it, in another line."""
    top = 100.0 * number
    return block(
        block(
            block(text(course, box=Box(0, top, 80, 20))),
            block(text(total, box=Box(400, top, 40, size))),
        ),
        block(
            block(text("2021年春", box=Box(0, top + 30, 80, 16))),
            block(text("总评成绩", box=Box(390, top + 30, 60, 16))),
        ),
    )


def test_a_large_figure_over_its_label_in_another_line_is_the_total() -> None:
    read = _read(block(_corners(0, "1. 英语三", "81.0"), _corners(1, "2. 英语四", "54")))
    assert read is not None
    assert [(row.course, row.total, row.number) for row in read] == [
        ("英语三", "81.0", "1"),
        ("英语四", "54", "2"),
    ]


@pytest.mark.parametrize(("said", "size"), [("必修", 24.0), ("3.0", 16.0)])
def test_other_words_and_small_figures_over_a_blank_total_are_no_total(said: str, size: float) -> None:
    read = _read(block(*(_corners(at, f"{at}. 英语", said, size) for at in (1, 2))))
    assert read is not None
    assert [row.total for row in read] == ["", ""]


TERMS = ("2020年秋", "2021年春", "2021年秋")


@pytest.mark.parametrize(
    ("head", "total"),
    [("2021年春（2门）", "平均 85.5"), ("2021年春(共2门)", "85.5"), ("学位课", "均分:85.5")],
)
def test_a_row_that_sums_up_the_courses_of_a_term_below_it_is_no_course(head: str, total: str) -> None:
    above = ("", "", head, "", "", "", "", total, "")
    assert [row.course for row in _read(table(HEADS, above, *ROWS)) or ()] == ["英语三", "土木工程材料"]


def test_a_term_with_the_number_of_its_courses_heads_them() -> None:
    assert [
        row.term for row in _read(_sheet([(310, "2020年秋（共2门）"), (310, "2021年秋（共2门）")])) or ()
    ] == ["2021年秋"] * 2


def _with_terms(*rows: tuple[str, ...]) -> tuple[Node, tuple[Course, ...]]:
    """The table below terms that stand side by side to choose from."""
    choice = block(*(text(term, box=Box(90.0 * at, -40, 80, 20)) for at, term in enumerate(TERMS)))
    sheet = block(choice, table(HEADS, *rows))
    return sheet, _read(sheet) or ()


def test_terms_beside_the_shown_one_are_not_read_yet() -> None:
    sheet, rows = _with_terms(*ROWS)
    assert [leaf.own for leaf in grade_table.terms_beside(sheet, rows)] == ["2020年秋", "2021年秋"]


def test_terms_that_head_folded_parts_below_the_shown_one_are_not_read_yet() -> None:
    titles = [
        block(text(term, box=Box(24, 400.0 + 50 * n, 70, 20)))
        for n, term in enumerate(("2021年春", "2020年秋", "2020年春"))
    ]
    sheet = block(
        titles[0], table(HEADS, *ROWS), *titles[1:], block(text("2024年秋", box=Box(900, 0, 70, 20)))
    )
    found = grade_table.terms_beside(sheet, _read(sheet) or ())
    assert [leaf.own for leaf in found] == ["2020年秋", "2020年春"]


def test_a_table_of_several_terms_or_without_a_choice_has_none_beside() -> None:
    sheet, rows = _with_terms(*ROWS, (*ROWS[0][:-1], "2021年秋"))
    assert grade_table.terms_beside(sheet, rows) == []
    alone = table(HEADS, *ROWS)
    assert grade_table.terms_beside(alone, _read(alone) or ()) == []


def test_the_cloned_headers_of_a_table_without_rows_are_no_cards() -> None:
    assert (
        _read(
            block(
                block(table(HEADS, head=True)),
                block(table(HEADS[1:3], head=True)),
                "第一页",
                table(HEADS, head=True),
            )
        )
        is None
    )


def test_totals_that_nothing_heads_are_no_courses() -> None:
    assert _read(block(_card("总评成绩：90"), _card("总评成绩：80"))) is None


@pytest.mark.parametrize(
    ("before", "further", "whole"),
    [
        ("", "abc", "abc"),
        ("abc", "def", "abcdef"),
        ("abc", "abcde", "abcde"),
        ("abcd", "cdef", "abcdef"),
        ("abc", "abc", "abc"),
        ("cd", "abcd", "abcd"),
        ("acd", "abcd", "abcd"),
        ("cd", "ab", "cdab"),
    ],
)
def test_a_list_that_grows_or_is_scrolled_gives_each_row_once(before: str, further: str, whole: str) -> None:
    rows = [tuple(Course(name, "", "90") for name in part) for part in (before, further, whole)]
    assert grade_table.joined(rows[0], rows[1]) == rows[2]


# -- judging -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "passed"),
    [
        *(("60", True), ("59.9", False), ("100.0", True), ("0", False), ("60（补考）", True)),
        *(("合格", True), ("不合格", False), ("缺考", False), ("", None), ("缓考", None), ("-", None)),
    ],
)
def test_what_counts_as_passed(total: str, passed: bool | None) -> None:
    (row,) = _grades(("英语三", total)).rows
    assert row.passed is passed


def test_a_total_that_is_no_known_word_is_told_with_its_course() -> None:
    told = describe(_grades(("英语三", "85（作弊）"), ("高等数学", "缓考"), ("体育", "90")))
    assert told.endswith("看不懂的成绩：英语三（85（作弊））、高等数学（缓考）")


def test_failed_missing_unknown_and_average() -> None:
    found = _grades(
        ("英语三", "81.0"), ("土力学", "52.0"), ("线性代数", ""), ("毕业实践", "95"), ("专业英语", "缓考")
    )
    assert (found.failed, found.missing, found.unknown) == (
        ("土力学",),
        ("线性代数",),
        (("专业英语", "缓考"),),
    )
    assert found.average == 66.5


def test_a_repeated_course_counts_once_by_its_best_row() -> None:
    found = _grades(("英语三", "45"), ("英语三", "70"), ("土力学", "50"))
    assert (found.failed, found.average) == (("土力学",), 60.0)


def test_nothing_has_no_average() -> None:
    assert (_grades().average, _grades(("毕业实践", "90")).average) == (None, None)


def test_fewer_rows_than_the_page_speaks_of_is_no_whole_table() -> None:
    row = Course("英语三", "2021年春", "81.0")
    assert judged((row,), XJTU.grades).is_complete
    assert judged((row,), XJTU.grades, 1).is_complete
    assert not judged((row,), XJTU.grades, 2).is_complete
    assert not judged((row, row), XJTU.grades, 1).is_complete
    assert not replace(judged((row,), XJTU.grades), unread_pages=2).is_complete


@given(st.lists(st.decimals(0, 100, places=1), min_size=1, max_size=30))
def test_the_average_lies_between_the_worst_and_the_best(totals: list[object]) -> None:
    found = _grades(*((f"课程{place}", str(total)) for place, total in enumerate(totals)))
    numbers = [float(str(total)) for total in totals]
    assert found.average is not None
    assert min(numbers) - 0.01 <= found.average <= max(numbers) + 0.01
    assert len(found.failed) == sum(number < 60 for number in numbers)


OWN = ("result", "makeup", "retake")
"""Columns that only other platforms have."""


def test_the_notices_words_are_the_profiles() -> None:
    columns = {name: words[0] for name, words in _place().columns.items() if name not in OWN}
    assert list(columns.values()) == list(HEADS[1:])
    assert "《毕业资格复查申请表》" in XJTU.grades.review
    assert GradeRules().pass_mark == XJTU.grades.pass_mark == 60


# -- tables that stand there in parts ----------------------------------------------------------------------------------------


def _part(columns: range, *, only: range) -> Node:
    """A copy of the table with the words of some columns, laid over the table itself."""
    rows = [tuple(row[at] if at in only else "" for at in columns) for row in (HEADS, *ROWS)]
    heads, *others = table(*rows, head=True).children
    return block(block(block(heads, tag="table")), block(block(*others, tag="table")))


EVERY = range(len(HEADS))


def test_a_copy_of_frozen_columns_over_the_table_adds_no_rows() -> None:
    whole, copy = _part(EVERY, only=EVERY), _part(range(4), only=range(4))
    assert _read(block(whole, copy)) == _read(table(HEADS, *ROWS, head=True))


def test_a_wide_table_whose_courses_have_no_known_head_is_no_list_of_cards() -> None:
    rows = ("1", "英语三", "80", "81"), ("2", "物理", "70", "55")
    sheets = [table(("序号", "环节", "平时", "总评成绩"), *rows, head=True) for _ in range(2)]
    assert _read(block(sheets[0], _moved(sheets[1], y=4 * ROW))) is None


def _moved(node: Node, x: float = 0.0, y: float = 0.0) -> Node:
    """The node with everything below it, elsewhere on the page."""
    for one in node.walk():
        one.box = replace(one.box, x=one.box.x + x, y=one.box.y + y)
    return node


TERMLESS = (HEADS[2], HEADS[7])


@pytest.mark.parametrize("x", [0.0, 400.0], ids=["one below another", "side by side"])
def test_a_term_alone_over_a_table_is_that_of_its_rows(x: float) -> None:
    sheets = [table(TERMLESS, (course, "81"), head=True) for course in ("英语三", "英语四")]
    heads = [block(text(words, box=Box(0, -30, 80, 20))) for words in ("2021年春", "学年学期：2021年秋")]
    page = block(heads[0], sheets[0], *(_moved(one, x, 0 if x else 200.0) for one in (heads[1], sheets[1])))
    assert [course.term for course in _read(page) or ()] == ["2021年春", "2021年秋"]


def test_terms_to_choose_from_over_a_table_are_no_heads() -> None:
    choice = block(*(text(term, box=Box(90.0 * at, -40, 80, 20)) for at, term in enumerate(TERMS)))
    page = block(choice, table(TERMLESS, ("英语三", "81"), head=True))
    assert [course.term for course in _read(page) or ()] == [""]


def test_rows_beside_a_term_that_spans_several_are_of_it() -> None:
    sheet = table(
        ("学期", *TERMLESS),
        ("2021年春", "英语三", "81"),
        ("", "物理", "70"),
        ("2021年秋", "化学", "80"),
        head=True,
    )
    first, second = sheet.children[1:3]
    first.children[0].box = replace(first.children[0].box, height=2 * ROW)
    del second.children[0]
    assert [course.term for course in _read(sheet) or ()] == ["2021年春", "2021年春", "2021年秋"]


def test_a_row_that_heads_the_courses_of_a_module_is_no_course() -> None:
    sheet = table(
        (*TERMLESS, "学期"),
        ("公共课", "", ""),
        ("英语三", "81", "2021年春"),
        ("物理", "", "2021年春"),
        head=True,
    )
    for row in sheet.children[2:]:
        _moved(row.children[0].children[0], 20.0)
    assert [course.course for course in _read(sheet) or ()] == ["英语三", "物理"]


@pytest.mark.parametrize(
    ("cells", "passed", "average"),
    [
        (("英语三", "47", "52", "66"), True, 66.0),
        (("英语三", "47", "", "50"), False, 50.0),
        (("英语三", "缓考", "70", ""), None, 70.0),
        (("英语三", "81", "", ""), True, 81.0),
    ],
)
def test_a_column_beside_a_failed_total_says_that_it_was_passed_later(
    cells: tuple[str, ...], passed: bool | None, average: float
) -> None:
    found = judged(
        _read(table(("课程名称", "成绩", "补考成绩", "重修成绩"), cells, head=True)) or (), XJTU.grades
    )
    assert (found.rows[0].total, found.rows[0].passed, found.average) == (cells[1], passed, average)
    assert bool(found.failed) == (passed is False)


def test_the_platforms_own_word_holds_whatever_was_reached_later() -> None:
    assert judged((Course("英语三", "", "47", result="未通过", retake="66"),), XJTU.grades).failed == (
        "英语三",
    )


def test_a_table_that_lies_on_its_side_has_a_course_in_each_column() -> None:
    rows = (
        ("课程名称", "英语三", "物理"),
        ("学分", "3", "4"),
        ("学期", "2021年春", "2021年秋"),
        ("总评成绩", "81", ""),
    )
    assert _read(table(*rows)) == (Course("英语三", "2021年春", "81"), Course("物理", "2021年秋", ""))
    assert not _read(table(*rows[:2], (*rows[2], "2022年春"), rows[3]))


def test_whole_tables_side_by_side_are_all_read() -> None:
    """A sheet has a table for each term, beside one another."""
    first, second = table(HEADS, *ROWS, head=True), table(HEADS, ("", "1", "英语四", *ROWS[0][3:]), head=True)
    _moved(second, COLUMN * len(HEADS) + 20)
    assert [course.course for course in _read(block(first, second)) or ()] == [
        "英语三",
        "土木工程材料",
        "英语四",
    ]


def test_columns_that_stand_in_tables_of_their_own_make_one_row() -> None:
    first, last = range(3), range(7, len(HEADS))
    parts = [_part(EVERY, only=range(3, 7)), _part(EVERY, only=first), _part(EVERY, only=last)]
    assert _read(block(*parts)) == _read(table(HEADS, *ROWS, head=True))


def test_a_frozen_column_without_header_cells_belongs_to_the_rows_beside_it() -> None:
    """One known header alone among cells is a table only beside one that is sure."""
    heads, *others = table(*((row[0], row[2]) for row in (HEADS, *ROWS)), head=False).children
    frozen = block(block(block(heads, tag="table")), block(block(*others, tag="table")))
    rest = [row[1:2] + row[3:] for row in (HEADS, *ROWS)]
    heads, *others = table(*rest, head=False).children
    page = block(frozen, block(block(block(heads, tag="table")), block(block(*others, tag="table"))))
    assert _read(page) == _read(table(HEADS, *ROWS, head=True))


@pytest.mark.parametrize("last", [840.0, 500.0], ids=["in its place", "frozen over columns of the group"])
def test_a_head_of_two_lines_is_one_head(last: float) -> None:
    """One cell names a group of columns, the names of which stand below it; the others are as tall as both lines."""
    heads, *rows = table(HEADS, *ROWS).children
    for row in (heads, *rows):
        row.children[-1].box = replace(row.children[-1].box, x=last)
    for cell in heads.children[:3] + heads.children[6:]:
        cell.box = replace(cell.box, height=50)
    lower = heads.children[3:6]
    for cell in lower:
        cell.box = replace(cell.box, y=25, height=25)
    group = block("平时成绩", tag="td", box=Box(360, 0, 360, 25))
    upper = block(*heads.children[:3], group, *heads.children[6:], tag="tr", box=Box(0, 0, 1080, 25))
    below = block(*lower, tag="tr", box=Box(360, 25, 360, 25))
    for row in rows:
        for cell in row.children:
            cell.box = replace(cell.box, y=cell.box.y + 30)
    page = block(block(block(upper, below, tag="table")), block(block(*rows, tag="table")))
    assert _read(page) == _read(table(HEADS, *ROWS, head=True))


def test_a_head_of_its_own_over_a_table_with_a_wordless_one() -> None:
    heads, *rows = table(HEADS, *ROWS, head=True).children
    for cell in heads.children:
        cell.children.append(block(tag="div"))
        cell.children[-1].parent = cell
    blank = block(block(*(block(tag="th") for _ in HEADS), tag="tr"), tag="thead")
    page = block(
        block(block(block(heads, tag="thead"), tag="table")),
        block(block(blank, block(*rows, tag="tbody"), tag="table")),
    )
    assert _read(page) == _read(table(HEADS, *ROWS, head=True))


def test_a_body_that_comes_before_its_head_in_the_markup_is_read_below_it() -> None:
    heads, *rows = table(HEADS, *ROWS).children
    sheet = block(
        block(*rows, box=Box(0, 30, 1080, 60)), block(heads, box=Box(0, 0, 1080, 30)), box=Box(0, 0, 1080, 90)
    )
    assert _read(block(text("成绩查询"), sheet)) == _read(table(HEADS, *ROWS))


def test_cards_with_blank_labels_side_by_side_are_no_table_without_rows() -> None:
    def card(number: int, course: str, total: str) -> Node:
        said = (
            f"课程名称：{course}",
            "作业成绩：",
            "考勤成绩：",
            f"总评成绩：{total}",
            "课程所属学期：2021年春",
        )
        return block(
            *(
                block(text(words, box=Box(200.0 * place, 100.0 * number, 150, 20)))
                for place, words in enumerate(said)
            )
        )

    read = _read(block(card(0, "英语三", "81.0"), card(1, "土木工程材料", "90.0")))
    assert read == (Course("英语三", "2021年春", "81.0"), Course("土木工程材料", "2021年春", "90.0"))


# -- other vendors' tables -----------------------------------------------------------------------------------------------------


def test_of_several_totals_the_surest_head_is_the_total() -> None:
    rows = _read(table(("课程", "成绩", "总评", "学期"), ("英语三", "50", "81", "2021年春"), head=True))
    assert rows == (Course("英语三", "2021年春", "81"),)


def test_what_the_platform_says_of_a_total_counts() -> None:
    """A course may have a pass mark of its own."""
    rows = _read(
        table(
            ("课程名称", "成绩", "是否合格"), ("英语三", "81", "不合格"), ("英语四", "55", "合格"), head=True
        )
    )
    assert rows
    assert [row.passed for row in judged(rows, XJTU.grades).rows] == [False, True]


def test_a_table_with_two_courses_in_a_row_is_read_whole_or_not_at_all() -> None:
    heads, last = ("课程名称", "成绩"), ("物理", "70", "", "")
    read = _read(table(heads * 2, ("英语三", "81", "英语四", "55"), last, head=True)) or ()
    assert [(one.course, one.total) for one in read] == [("英语三", "81"), ("英语四", "55"), ("物理", "70")]
    assert _read(table(("学期", *heads * 2), ("2021年春", "英语三", "81", *last[:2]), head=True)) is None


def test_words_under_a_menu_are_no_grades() -> None:
    menu = block(table(("课程", "成绩"), ("正在学习的课程", "查看本学期各科情况"), head=True))
    assert _read(menu) is None


def test_a_row_beside_a_term_that_spans_several_is_a_course() -> None:
    root = table(("学期", "课程名称", "成绩"), ("2021年春", "英语三", "81"), ("", "英语四", "55"), head=True)
    row = root.children[2]
    row.children = row.children[1:]
    row.children[0].box = Box(119, 60, 121, 30)  # borders overlap
    rows = _read(root)
    assert rows
    assert [row.course for row in rows] == ["英语三", "英语四"]
