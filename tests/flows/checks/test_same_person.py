"""Who is signed in: another person is a stop, a wrong digit of the same person a mismatch."""

from __future__ import annotations

import pytest

from agent.reconcile.compare import Verdict
from flows.checks.fields import checks
from flows.checks.same_person import Sameness, sameness
from flows.profiles.schema import load
from tests.flows.checks.test_fields import CHSI, PLATFORM

XJTU = load("xjtu-2024-07")
NUMBER = CHSI["id_number"]
DIGIT = f"{NUMBER[:15]}9{NUMBER[16:]}"
OLD = NUMBER[:6] + NUMBER[8:17]
BORN = {"id_number": "610000199205080027", "birth_date": "1992-05-08", "student_number": "202106980777"}
SAME, OTHER, UNKNOWN = Sameness.SAME, Sameness.OTHER, Sameness.UNKNOWN


def _without(values: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if name not in names}


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        (PLATFORM, SAME),
        (PLATFORM | {"id_number": DIGIT}, SAME),
        (PLATFORM | {"id_number": OLD}, SAME),
        (PLATFORM | {"birth_date": "1996-03-17"}, SAME),
        (PLATFORM | {"name": "王兰"}, SAME),
        (_without(PLATFORM | {"id_number": DIGIT}, "student_number"), SAME),
        (_without(PLATFORM | {"id_number": DIGIT}, "student_number", "birth_date"), OTHER),
        (PLATFORM | {"id_number": "**************4229"}, SAME),
        (PLATFORM | {"name": "李四", **BORN}, OTHER),
        (PLATFORM | BORN, OTHER),
        (_without(PLATFORM | BORN, "student_number"), OTHER),
        (PLATFORM | {"name": "李四", "id_number": DIGIT}, OTHER),
        (PLATFORM | {"student_number": "1", "id_number": DIGIT}, OTHER),
        (_without(PLATFORM, "id_number"), SAME),
        (_without(PLATFORM | {"name": "李四"}, "id_number", "student_number"), OTHER),
        ({"sex": "女"}, UNKNOWN),
    ],
)
def test_who_it_is_is_told_from_everything_that_is_shown(theirs: dict[str, str], expected: Sameness) -> None:
    assert sameness(CHSI, theirs) is expected


MINORITY = CHSI | {"name": "买买提·艾力"}


@pytest.mark.parametrize(
    "mask",
    [
        "**************",
        "＊＊＊＊＊＊＊＊＊＊＊＊＊＊",
        "##############",
        "■■■■■■■■■■■■■■",
        "……",
        "----------",
        "6100xxxxxxxxxx",
    ],
)
def test_a_masked_number_is_of_whoever_it_fits(mask: str) -> None:
    shown = _without(PLATFORM | {"id_number": f"{mask}4229"}, "student_number")
    assert sameness(CHSI, shown) is SAME
    assert sameness(CHSI, shown | {"id_number": f"{mask}4228"}) is OTHER


MASKED = f"**************{NUMBER[-4:]}"


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        (PLATFORM | {"id_number": MASKED, "name": "李四"}, SAME),
        (PLATFORM | {"id_number": MASKED, "student_number": "1"}, SAME),
        (PLATFORM | {"id_number": MASKED, "student_number": "1", "name": "李四"}, OTHER),
        (_without(PLATFORM | {"id_number": MASKED, "name": "李四"}, "student_number"), OTHER),
        (PLATFORM | {"id_number": "*" * 18, "student_number": "1", "name": "李四"}, OTHER),
        (_without(PLATFORM | {"id_number": "*" * 18, "name": "李四"}, "student_number"), OTHER),
        ({"id_number": MASKED}, SAME),
    ],
)
def test_a_masked_number_alone_makes_nobody_of_another_name_the_same(
    theirs: dict[str, str], expected: Sameness
) -> None:
    assert sameness(CHSI, theirs) is expected


@pytest.mark.parametrize(
    "nothing", ["*", "**", "******************", "-", "--", "——", "/", "无", "暂无", "null"]
)
def test_what_shows_nothing_says_nothing(nothing: str) -> None:
    fields = ("name", "id_number", "student_number", "birth_date")
    for field in fields:
        assert sameness(CHSI, {field: nothing}) is UNKNOWN
        assert sameness(CHSI | {field: nothing}, {field: nothing}) is UNKNOWN
        assert sameness(CHSI, PLATFORM | {field: nothing}) is SAME


@pytest.mark.parametrize("name", ["*岚", "王*", "＊岚", "王○"])
def test_a_masked_name_is_of_whoever_it_fits(name: str) -> None:
    shown = {"name": name}
    assert sameness(CHSI, shown) is SAME
    assert sameness(CHSI | {"name": "李四六七"}, {"name": "*岚"}) is OTHER


@pytest.mark.parametrize(
    "name", ["买买提•艾力", "买买提.艾力", "买买提 · 艾力", "买买提‧艾力", "买买提･艾力"]
)
def test_every_dot_of_a_name_is_one(name: str) -> None:
    shown = _without(PLATFORM | {"name": name, "id_number": DIGIT}, "student_number")
    assert sameness(MINORITY, shown) is SAME


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        (NUMBER, NUMBER, Verdict.MATCH),
        (NUMBER, DIGIT, Verdict.MISMATCH),
        (NUMBER, OLD, Verdict.TOLERATED),
        (OLD, NUMBER, Verdict.TOLERATED),
        ("H0000012700", "H0000012701", Verdict.TOLERATED),
        ("H00000127", "H0000012701", Verdict.TOLERATED),
        (NUMBER, f"{OLD[:-1]}{(int(OLD[-1]) + 1) % 10}", Verdict.MISMATCH),
    ],
)
def test_a_number_is_matched_tolerated_or_a_mismatch(ours: str, theirs: str, verdict: Verdict) -> None:
    rows = checks(XJTU, CHSI | {"id_number": ours}, PLATFORM | {"id_number": theirs})
    (row,) = [row for row in rows if row.id == "identity.id_number"]
    assert row.verdict is verdict


def test_an_old_number_is_said_to_be_one() -> None:
    rows = checks(XJTU, CHSI, PLATFORM | {"id_number": OLD})
    (row,) = [row for row in rows if row.id == "identity.id_number"]
    assert "15 位" in row.note
