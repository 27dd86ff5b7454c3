"""A 学历照片 that isn't there yet: waited for as long as the notice says, then asked about."""

from __future__ import annotations

from datetime import date

import pytest

from agent.reconcile.compare import Verdict
from flows.checks.photo import check, not_yet
from flows.profiles.schema import Profile, load
from flows.sites.chsi.record import Record


@pytest.fixture(scope="module")
def xjtu() -> Profile:
    """The notice: up to 40 days, until 2024-06-11."""
    return load("xjtu-2024-07")


@pytest.mark.parametrize(
    ("collected", "today", "said", "late"),
    [
        ("2024年05月20日", date(2024, 6, 3), "14 天", False),
        ("2024-04-25", date(2024, 6, 3), "39 天", False),
        ("2024-04-24", date(2024, 6, 3), "40 天", True),
        ("", date(2024, 6, 3), "还没有学历照片。", False),
        ("", date(2024, 6, 11), "还没有学历照片。", False),
        ("", date(2024, 6, 12), "还没有学历照片。", True),
        ("看不清", date(2024, 6, 3), "还没有学历照片。", False),
    ],
)
def test_it_is_waited_for_until_it_is_late(
    collected: str, today: date, said: str, late: bool, xjtu: Profile
) -> None:
    stop = not_yet(xjtu, Record({"collected": collected}), today)
    assert said in stop.message
    assert (xjtu.contact in stop.remedy) == late
    assert (xjtu.photo.waiting_advice in stop.remedy) != late
    assert check(stop).verdict is Verdict.WAITING


def test_the_code_with_which_it_is_taken_is_named_where_it_is_offered(xjtu: Profile) -> None:
    offered, not_offered = (
        not_yet(xjtu, Record({}, {}, code), date(2024, 6, 3)).remedy for code in (True, False)
    )
    assert "查看图像采集码" in offered
    assert "查看图像采集码" not in not_offered


def test_without_a_record_it_is_waited_for(xjtu: Profile) -> None:
    assert "还没有学历照片" in not_yet(xjtu, None, date(2024, 6, 3)).message
