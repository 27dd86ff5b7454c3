"""The grade table held against 毕业条件: what agrees, what does not, and what proves nothing."""

from __future__ import annotations

import pytest

from agent.reconcile.compare import Verdict
from flows.checks.grades import checks
from flows.profiles.schema import load
from flows.sites.chaoxing.conditions import Conditions, condition_row
from flows.sites.chaoxing.grade_table import Course, Grades, judged

XJTU = load("xjtu-2024-07")
AVERAGE, FAILED = "平均成绩（除毕业实践成绩）", "最多不及格课程数"


def _grades(*totals: tuple[str, str]) -> Grades:
    return judged(tuple(Course(course, "2021年春", total) for course, total in totals), XJTU.grades)


def _conditions(**words: str) -> Conditions:
    names = {"average": AVERAGE, "failed_courses": FAILED}
    return Conditions(
        None,
        None,
        tuple(
            condition_row(place, names[name], word, None, XJTU)
            for place, (name, word) in enumerate(words.items(), start=1)
        ),
    )


GOOD, BAD = (("英语三", "81"),), (("英语三", "81"), ("土力学", "20"))


@pytest.mark.parametrize(
    ("totals", "condition", "word", "verdict"),
    [
        (GOOD, "average", "已通过", Verdict.MATCH),
        (GOOD, "average", "未通过", Verdict.MISMATCH),
        (BAD, "average", "未通过", Verdict.MATCH),
        (BAD, "average", "已通过", Verdict.MISMATCH),
        ((), "average", "已通过", Verdict.MISSING),
        (GOOD, "failed_courses", "已通过", Verdict.MATCH),
        (GOOD, "failed_courses", "未通过", Verdict.MISMATCH),
        (BAD, "failed_courses", "未通过", Verdict.MATCH),
        (BAD, "failed_courses", "已通过", Verdict.TOLERATED),
    ],
)
def test_the_table_is_held_against_the_conditions(
    totals: tuple[tuple[str, str], ...], condition: str, word: str, verdict: Verdict
) -> None:
    (check,) = checks(_grades(*totals), _conditions(**{condition: word}), XJTU)
    assert (check.id, check.verdict) == (f"grades.{condition}", verdict)
    assert check.right is not None
    assert check.right.value == word
    assert bool(check.note) == (verdict is not Verdict.MATCH)


def test_half_a_table_proves_nothing_and_an_unknown_word_makes_no_check() -> None:
    half = judged((Course("英语三", "2021年春", "20"),), XJTU.grades, 5)
    found = checks(half, _conditions(average="未通过", failed_courses="未通过"), XJTU)
    assert {check.verdict for check in found} == {Verdict.MISSING}
    assert checks(half, _conditions(average="审核中", failed_courses=""), XJTU) == []
