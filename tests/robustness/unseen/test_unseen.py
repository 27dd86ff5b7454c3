"""The whole job on sites that nobody who wrote the flows has seen (issue 3)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from agent.asks import YES, Scripted
from agent.engine.engine import APPLY_PLAN
from agent.report.model import Report
from fixtures.people.portraits import Kind, resized
from fixtures.people.students import BY_ID
from tests.harness.notice import BATCH, SCOPE
from tests.harness.program import run_job
from tests.robustness.unseen.gate import WRONG
from tests.robustness.unseen.sites import CHSI, PLATFORM, unseen
from tests.robustness.unseen.world import Effect, World

PAIRS = [
    ("lists", "frames"),
    ("cards", "spa"),
    ("mobile", "windows"),
    ("pairs", "nested"),
    ("tabs", "buttons"),
    ("table", "json"),
    ("blob", "plain"),
    ("background", "grid"),
    ("lazy", "cells"),
    ("late", "late"),
    ("spaced", "late"),
    ("split", "buttons"),
    ("app", "plain"),
    ("lists", "layers"),
    ("lists", "tabs"),
    ("lists", "hover"),
]
IDENTITY = {"name", "sex", "id_number", "birth_date", "ethnicity"}


def conditions_of(report: Report) -> list[tuple[str, str]]:
    """Names and texts as the report has them."""
    assert report.conditions is not None, report.headline
    return [(row.name, row.status_text) for row in report.conditions.items]


def shown(world: World) -> list[tuple[str, str]]:
    """Names and texts as the platform shows them now."""
    return [(name, status) for name, status, _ in world.conditions]


def the_upload(world: World) -> list[Effect]:
    """The one effect that was planned."""
    digest = hashlib.sha256(world.graduation).hexdigest()
    return [Effect("photo_upload", digest, f"{world.student.id_number}.jpg")]


def run(browser: Browser, settings: Mapping[str, Any], out: Path, only: Sequence[str] = ()) -> Report:
    """Run the whole job, or what of it is wanted."""
    return run_job(browser, settings, out, patience=30, only=only)


@pytest.mark.parametrize(("chsi", "platform"), PAIRS)
def test_the_whole_job(
    browser: Browser, tmp_path: Path, caplog: pytest.LogCaptureFixture, chsi: str, platform: str
) -> None:
    world = World()
    with unseen(world, CHSI[chsi], PLATFORM[platform]) as site:
        first = run(browser, site.settings, tmp_path / "first")
        assert (first.exit_status, first.degraded) == (0, ()), first.headline
        assert world.effects == the_upload(world)
        assert conditions_of(first) == shown(world)
        assert first.conditions is not None
        assert (first.conditions.batch, first.conditions.scope) == (BATCH, SCOPE)
        matched = {check.id for check in first.checks if check.verdict == "match"}
        assert {f"identity.{name}" for name in IDENTITY} <= matched, first.not_checked
    assert world.logins == {"chsi.ok": 1, "chaoxing.ok": 1}
    assert not [record.message for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize(("chsi", "platform"), PAIRS)
def test_a_second_run_changes_nothing(browser: Browser, tmp_path: Path, chsi: str, platform: str) -> None:
    world = World()
    with unseen(world, CHSI[chsi], PLATFORM[platform]) as site:
        for name, status in (("first", "done"), ("second", "already_done")):
            report = run(browser, site.settings, tmp_path / name, ["photo"])
            assert report.exit_status == 0, report.headline
            assert {duty.id: duty.status for duty in report.duties}["photo"] == status
            assert world.effects == the_upload(world)
    assert world.logins == {"chsi.ok": 2, "chaoxing.ok": 2}


# -- signing in --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["block", "qr", "door"])
def test_ways_to_the_form(browser: Browser, tmp_path: Path, login: str) -> None:
    world = World()
    with unseen(world, replace(CHSI["cards"], login=login), PLATFORM["windows"]) as site:
        report = run_job(browser, site.settings, tmp_path / "case", only=["chsi_check"], patience=30)
    assert report.exit_status == 0, report.headline
    assert (world.logins, world.effects) == ({"chsi.ok": 1}, [])


@pytest.mark.parametrize("chsi", ["lists", "cards", "mobile", "pairs"])
def test_wrong_password_is_sent_once(browser: Browser, tmp_path: Path, chsi: str) -> None:
    world = World()
    with unseen(world, CHSI[chsi], PLATFORM["windows"]) as site:
        report = run(browser, site.with_password("chsi", "not-the-one"), tmp_path / "case")
    assert report.exit_status == 11, report.headline
    assert WRONG.rstrip("。") in report.headline
    assert world.logins == {"chsi.rejected": 1}
    assert world.effects == []


@pytest.mark.parametrize("platform", ["frames", "json", "windows", "nested"])
def test_wrong_password_at_the_platform(browser: Browser, tmp_path: Path, platform: str) -> None:
    world = World()
    with unseen(world, CHSI["lists"], PLATFORM[platform]) as site:
        report = run(browser, site.with_password("chaoxing", "not-the-one"), tmp_path / "case")
    assert report.exit_status == 11, report.headline
    assert world.logins == {"chsi.ok": 1, "chaoxing.rejected": 1}
    assert world.effects == []


@pytest.mark.parametrize("chsi", ["lists", "cards", "mobile", "pairs"])
def test_captcha_is_left_to_the_person(browser: Browser, tmp_path: Path, chsi: str) -> None:
    world = World(trouble=frozenset({"chsi_captcha"}))
    with unseen(world, CHSI[chsi], PLATFORM["windows"]) as site:
        report = run(browser, site.settings, tmp_path / "case")
    assert report.exit_status == 10, report.headline
    assert "captcha.chsi" in {ask.id for ask in report.asks}
    assert (world.logins, world.effects) == ({}, [])


@pytest.mark.parametrize("chsi", ["lists", "mobile"])
def test_captcha_after_the_password(browser: Browser, tmp_path: Path, chsi: str) -> None:
    world = World(trouble=frozenset({"chsi_captcha_after"}))
    with unseen(world, CHSI[chsi], PLATFORM["windows"]) as site:
        report = run(browser, site.settings, tmp_path / "case")
    assert report.exit_status == 10, report.headline
    assert (world.logins, world.effects) == ({"chsi.captcha": 1}, [])


def test_questionnaire_is_left_to_the_person(browser: Browser, tmp_path: Path) -> None:
    world = World(trouble=frozenset({"interstitial"}))
    with unseen(world, CHSI["lists"], PLATFORM["windows"]) as site:
        report = run(browser, site.settings, tmp_path / "case")
    assert report.exit_status == 10, report.headline
    assert world.effects == []


@pytest.mark.parametrize("platform", ["frames", "windows"])
def test_somebody_else_at_the_platform(browser: Browser, tmp_path: Path, platform: str) -> None:
    world = World(trouble=frozenset({"somebody_else"}))
    with unseen(world, CHSI["lists"], PLATFORM[platform]) as site:
        report = run(browser, site.settings, tmp_path / "case")
    assert report.exit_status == 12, report.headline
    assert world.effects == []


# -- 学信网 ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chsi", ["lists", "cards", "mobile", "pairs"])
def test_no_photo_yet(browser: Browser, tmp_path: Path, chsi: str) -> None:
    world = World(trouble=frozenset({"no_photo"}))
    with unseen(world, CHSI[chsi], PLATFORM["windows"]) as site:
        report = run(browser, site.settings, tmp_path / "case")
    assert report.exit_status == 10, report.headline
    assert {duty.id: duty.status for duty in report.duties}["photo"] == "waiting"
    assert conditions_of(report) == shown(world)
    assert world.effects == []


@pytest.mark.parametrize(("trouble", "status"), [("photo_is_html", 30), ("no_record", 10), ("down", 21)])
def test_trouble_at_chsi(browser: Browser, tmp_path: Path, trouble: str, status: int) -> None:
    world = World(trouble=frozenset({trouble}))
    with unseen(world, CHSI["cards"], PLATFORM["windows"]) as site:
        report = run(browser, site.settings, tmp_path / "case")
    assert report.exit_status == status, report.headline
    assert world.effects == []


# -- the platform ------------------------------------------------------------------------------------------------------------

REFUSALS = [
    ("buttons", "照片大小不符合要求，应在20KB到40KB之间"),
    ("windows", "图片文件名与本人身份证号码不一致！"),
    ("json", "人像比对未通过，请联系教学点老师"),
    ("cells", "本批次毕业照片上传时间已截止"),
]


@pytest.mark.parametrize(("platform", "said"), REFUSALS)
def test_refusal_is_told_in_the_platforms_words(
    browser: Browser, tmp_path: Path, platform: str, said: str
) -> None:
    world = World(refusal=said)
    with unseen(world, CHSI["lists"], PLATFORM[platform]) as site:
        report = run(browser, site.settings, tmp_path / "case")
    assert report.exit_status == 30, report.headline
    assert said in report.headline
    assert world.effects == []


def test_no_batch(browser: Browser, tmp_path: Path) -> None:
    world = World(trouble=frozenset({"no_batch"}))
    with unseen(world, CHSI["lists"], PLATFORM["windows"]) as site:
        report = run(browser, site.settings, tmp_path / "case")
    assert report.exit_status == 10, report.headline
    assert report.conditions is None
    assert world.effects == []


@pytest.mark.parametrize("platform", ["windows", "json", "buttons"])
def test_session_lost_is_taken_up_again(browser: Browser, tmp_path: Path, platform: str) -> None:
    world = World(trouble=frozenset({"session_lost"}))
    with unseen(world, CHSI["lists"], PLATFORM[platform]) as site:
        report = run(browser, site.settings, tmp_path / "case")
    assert report.exit_status == 0, report.headline
    assert world.effects == the_upload(world)
    assert world.logins["chaoxing.ok"] == 2


@pytest.mark.parametrize("platform", ["windows", "buttons", "cells"])
def test_unknown_words_are_kept(browser: Browser, tmp_path: Path, platform: str) -> None:
    other = {"毕业生登记表已提交": "审核退回", "学费已缴清": "已完成（欠费 0 元）", "入学图像比对结果": ""}
    world = World(statuses=other)
    with unseen(world, CHSI["lists"], PLATFORM[platform]) as site:
        report = run(browser, site.settings, tmp_path / "case")
    assert report.exit_status == 40, report.headline
    assert conditions_of(report) == shown(world)
    assert report.conditions is not None
    status = {row.name: row.status for row in report.conditions.items}
    assert [status[name] for name in other] == ["unknown", "met", "unknown"]
    assert world.effects == the_upload(world)


@pytest.mark.parametrize("platform", ["nested", "spa"])
@pytest.mark.parametrize(
    "question",
    [
        "上传后不可修改，是否确认上传？",
        "确认上传该照片，上传后不能再换",
        "每人只能上传一次，确定上传吗？",
        "该操作将删除已有照片，确定上传吗？",
        "确定提交该毕业照片？提交后不能再换",
        f"{'本人确认所选照片符合毕业证书电子注册的要求，' * 3}上传后不可修改",
    ],
)
def test_a_question_about_something_irreversible_is_not_answered(
    browser: Browser, tmp_path: Path, platform: str, question: str
) -> None:
    world = World(question=question)
    with unseen(world, CHSI["lists"], PLATFORM[platform]) as site:
        report = run(browser, site.settings, tmp_path / "case", ["photo"])
    assert report.exit_status == 10, report.headline
    assert question in report.headline
    assert "已发出" not in report.headline
    assert world.effects == []


@pytest.mark.parametrize("platform", ["nested", "spa"])
@pytest.mark.parametrize(
    "question", ["确认上传该照片", "您选择的照片将提交到平台，请核对无误后上传。", "确定提交该毕业照片？"]
)
def test_a_question_about_the_upload_is_answered(
    browser: Browser, tmp_path: Path, platform: str, question: str
) -> None:
    world = World(question=question)
    with unseen(world, CHSI["lists"], PLATFORM[platform]) as site:
        report = run(browser, site.settings, tmp_path / "case")
    assert report.exit_status == 0, report.headline
    assert world.effects == the_upload(world)


@pytest.mark.parametrize("platform", ["frames", "windows", "nested", "buttons"])
def test_a_photo_that_is_there_already_is_left_alone(browser: Browser, tmp_path: Path, platform: str) -> None:
    world = World()
    world.stored = resized(world.graduation, 150, 200, 80)
    with unseen(world, CHSI["lists"], PLATFORM[platform]) as site:
        report = run(browser, site.settings, tmp_path / "case")
    assert report.exit_status == 0, report.headline
    assert {duty.id: duty.status for duty in report.duties}["photo"] == "already_done"
    assert world.effects == []


@pytest.mark.parametrize("platform", ["frames", "windows"])
def test_another_photo_that_is_there_is_told_and_replaced(
    browser: Browser, tmp_path: Path, platform: str
) -> None:
    world = World()
    world.stored = resized(world.other_photo(Kind.ADMISSION), 150, 200, 80)
    with unseen(world, CHSI["lists"], PLATFORM[platform]) as site:
        report = run(browser, site.settings, tmp_path / "case")
    assert report.exit_status == 0, report.headline
    assert world.effects == the_upload(world)


def test_without_a_link_to_the_upload_nothing_else_is_clicked(browser: Browser, tmp_path: Path) -> None:
    world = World(trouble=frozenset({"no_upload_link"}))
    with unseen(world, CHSI["lists"], PLATFORM["windows"]) as site:
        report = run(browser, site.settings, tmp_path / "case")
    assert report.exit_status == 20, report.headline
    assert "上传毕业照片" in report.headline
    assert conditions_of(report) == shown(world)
    assert world.effects == []


def test_an_unknown_layer_is_left_to_the_person(browser: Browser, tmp_path: Path) -> None:
    world = World(trouble=frozenset({"unknown_layer"}))
    with unseen(world, CHSI["lists"], PLATFORM["windows"]) as site:
        report = run(browser, site.settings, tmp_path / "case")
    assert report.exit_status == 10, report.headline
    assert world.effects == []


def test_of_two_alike_the_other_is_left_alone_while_the_chosen_one_is_fetched(
    browser: Browser, tmp_path: Path
) -> None:
    mine = World().student.chsi[0]
    world = World(student=replace(World().student, chsi=(mine, replace(mine, major="机械工程"))))
    options = [f"{record.school} {record.level} {record.major}" for record in world.student.chsi]
    chosen = Scripted({APPLY_PLAN: YES, "choose-enrollment": options[0]}, by="flag")
    with unseen(world, CHSI["app"], PLATFORM["windows"]) as site:
        report = run_job(browser, site.settings, tmp_path / "case", answerers=[chosen], only=["chsi_check"])
    assert report.exit_status == 0, report.headline
    assert world.asked == ["list", "record 0"]


@pytest.mark.parametrize("chsi", ["lists", "cards", "mobile", "pairs", "table"])
def test_of_two_records_the_schools_own_is_taken(browser: Browser, tmp_path: Path, chsi: str) -> None:
    student = BY_ID["s14"]
    world = World(student=replace(student, chsi=student.chsi[::-1]))
    with unseen(world, CHSI[chsi], PLATFORM["windows"]) as site:
        report = run(browser, site.settings, tmp_path / "case")
    assert report.exit_status == 0, report.headline
    assert world.effects == the_upload(world)
    verdicts = {check.id: check.verdict for check in report.checks}
    assert (verdicts["enrollment.student_number"], verdicts["enrollment.school"]) == ("match", "match")
