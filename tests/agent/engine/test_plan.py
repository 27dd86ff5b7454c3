"""A plan is a value: its digest covers every part, and a stale one says what has changed."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent.engine.plan import SCHEMA_ID, Change, Plan, load
from agent.errors import PlanStale, UsageError
from agent.plain_text import without_steering
from agent.privacy.private_files import PrivateFolder

PHOTO = Change("chaoxing.photo.upload", "photo", "上传毕业照片", "尚未上传", "学信网的学历照片", "d0", "k1")
FAMILY = Change("chaoxing.family.save", "family", "保存家庭成员信息", "没有", "父亲", "d1", "k2")
PLAN = Plan("xjtu-2024-07", (PHOTO, FAMILY))

WORDS = st.text(st.characters(exclude_categories=["Cs"])).map(without_steering)
"""What a case's writer leaves as it is."""
changes = st.builds(Change, *[WORDS] * len(fields(Change)))
plans = st.builds(Plan, WORDS, st.lists(changes, max_size=3).map(tuple))


def _write(path: Path, **parts: object) -> Path:
    file = path / "plan.json"
    file.write_text(json.dumps({**PLAN.to_data(), **parts}), "utf-8")
    return file


# -- digest --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", [field.name for field in fields(Change)])
def test_the_digest_covers_every_part_of_a_change(part: str) -> None:
    changed = Plan(PLAN.profile, (replace(PHOTO, **{part: "other"}), FAMILY))
    assert changed.digest != PLAN.digest


@pytest.mark.parametrize(
    "other",
    [
        Plan("lzu-2024", PLAN.changes),
        Plan(PLAN.profile, (FAMILY, PHOTO)),
        Plan(PLAN.profile, (PHOTO,)),
        Plan(PLAN.profile, ()),
    ],
)
def test_the_digest_covers_profile_order_and_number(other: Plan) -> None:
    assert other.digest != PLAN.digest


@given(plans, plans)
@example(PLAN, PLAN)
def test_only_equal_plans_have_equal_digests(one: Plan, other: Plan) -> None:
    assert (one.digest == other.digest) == (one == other)


# -- plan.json -----------------------------------------------------------------------------------------------------------


@given(plans)
def test_a_plan_is_read_back_as_it_was_written(plan: Plan) -> None:
    with TemporaryDirectory() as name:
        written = PrivateFolder(Path(name), str).write_json("plan.json", plan.to_data())
        assert json.loads(written.read_text("utf-8"))["schema"] == SCHEMA_ID
        assert load(written) == plan


def test_a_plan_from_another_disk_is_loaded(tmp_path: Path) -> None:
    assert load(_write(tmp_path)) == PLAN


@pytest.mark.parametrize(
    "text", ["", "{", "null", "[]", "5", '"plan"', "{}", '{"changes": 5, "profile": "x"}']
)
def test_what_is_no_plan_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(text)
    with pytest.raises(UsageError, match=r"plan\.json") as caught:
        load(tmp_path / "plan.json")
    assert "gradsync plan" in caught.value.remedy


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x00" * 10])
def test_what_is_no_text_is_named(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(data)
    with pytest.raises(UsageError, match=r"plan\.json"):
        load(tmp_path / "plan.json")


def test_a_missing_plan_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "plan.json", tmp_path):
        with pytest.raises(UsageError, match=path.name):
            load(path)


@pytest.mark.parametrize(
    "parts",
    [
        {"schema": "gradsync/plan/2"},
        {"digest": "0" * 64},
        {"profile": "lzu-2024"},
        {"changes": []},
        {"changes": [{"step": "x"}]},
        {"changes": ["x"]},
        {"changes": [{**asdict(PHOTO), "title": "删除照片"}]},
        {"changes": [{**asdict(PHOTO), "more": 1}]},
    ],
)
def test_an_edited_plan_is_refused(parts: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"plan\.json"):
        load(_write(tmp_path, **parts))


# -- for the person ------------------------------------------------------------------------------------------------------


def test_each_change_is_told_with_before_and_after() -> None:
    first, second = PLAN.describe()
    for word in ("上传毕业照片", "尚未上传", "学信网的学历照片"):
        assert word in first
    assert "保存家庭成员信息" in second


# -- staleness -----------------------------------------------------------------------------------------------------------


def test_a_plan_that_is_still_true_passes() -> None:
    PLAN.check_still_true(Plan("xjtu-2024-07", (PHOTO, FAMILY)))


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (Plan("xjtu-2024-07", (FAMILY,)), "「上传毕业照片」已不需要"),
        (Plan("xjtu-2024-07", ()), "「保存家庭成员信息」已不需要"),
        (Plan("xjtu-2024-07", (PHOTO, FAMILY, replace(FAMILY, key="k3", title="再传"))), "多了「再传」"),
        (
            Plan("xjtu-2024-07", (replace(PHOTO, before="别的照片", before_digest="d9"), FAMILY)),
            "「上传毕业照片」原来是「尚未上传」，现在是「别的照片」",
        ),
        (Plan("xjtu-2024-07", (FAMILY, PHOTO)), "计划的顺序变了"),
        (Plan("lzu-2024", (PHOTO, FAMILY)), "lzu-2024"),
    ],
)
def test_a_stale_plan_says_what_has_changed(now: Plan, said: str) -> None:
    with pytest.raises(PlanStale) as caught:
        PLAN.check_still_true(now)
    assert said in caught.value.message


@given(plans, plans)
@example(PLAN, PLAN)
def test_staleness_is_inequality(one: Plan, other: Plan) -> None:
    if one == other:
        one.check_still_true(other)
    else:
        with pytest.raises(PlanStale):
            one.check_still_true(other)
