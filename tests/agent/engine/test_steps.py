"""The protocol of a writing step: observe, act at most once, verify by observing again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.case.audit_log import AuditLog, verify
from agent.case.journal import Journal, StepState
from agent.engine.steps import Status, StepRunner
from agent.errors import (
    ActionNeeded,
    AskRefused,
    ConsentMissing,
    GradsyncError,
    PageUnreadable,
    PersonSkipped,
    SiteChanged,
    SiteUnavailable,
    SomebodyElse,
    UploadRefused,
    WindowClosed,
    WriteUnverified,
)
from agent.privacy.private_files import PrivateFolder
from agent.privacy.redaction import Redactor
from tests.harness.fakes import FakeSite, broken_line, nothing
from tests.harness.program import Silent


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[StepRunner]:
    """A runner with a journal and an audit log of its own."""
    journal = Journal(tmp_path)
    yield StepRunner(journal, AuditLog(PrivateFolder(tmp_path, Redactor().redact)), Silent())
    journal.close()


def _events(path: Path) -> str:
    verify(path)
    return (path / "audit.jsonl").read_text("utf-8")


def _said(runner: StepRunner) -> str:
    assert isinstance(runner.progress, Silent)
    return "\n".join(runner.progress.said)


# -- writing -------------------------------------------------------------------------------------------------------------


def test_a_write_is_observed_acted_once_and_observed_again(runner: StepRunner, tmp_path: Path) -> None:
    site = FakeSite()
    assert runner.write(site.write()) is Status.DONE
    assert site.log == ["observe 旧", "act 新", "observe 新"]
    assert runner.journal.state("k1") is StepState.VERIFIED
    (record,) = runner.records
    assert (record.status, record.detail, record.kind, record.duty) == (
        Status.DONE,
        "现在是新",
        "write",
        "photo",
    )
    assert _events(tmp_path).index("write.intended") < _events(tmp_path).index("write.sent")


def test_a_change_that_a_person_made_is_theirs_in_journal_log_and_record(
    runner: StepRunner, tmp_path: Path
) -> None:
    by_hand = replace(FakeSite().write(), by=lambda: "person")
    assert runner.write(by_hand) is Status.DONE
    (record,) = runner.records
    assert (record.by, record.detail) == ("person", "现在是新（本人在窗口里操作）")
    lines = (tmp_path / "audit.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["by"] for line in lines if "write.sent" in line] == ["person"]


def test_what_is_already_so_is_not_done_again(runner: StepRunner) -> None:
    site = FakeSite("新")
    assert runner.write(site.write()) is Status.ALREADY_DONE
    assert site.acts == 0
    assert runner.records[-1].status is Status.ALREADY_DONE


def test_twice_is_once(runner: StepRunner) -> None:
    site = FakeSite()
    runner.write(site.write())
    assert runner.write(site.write()) is Status.ALREADY_DONE
    assert site.acts == 1


def test_somebody_was_quicker_between_plan_and_act(runner: StepRunner) -> None:
    site = FakeSite()
    write = site.write()
    site.there = "新"
    assert runner.write(write) is Status.ALREADY_DONE
    assert site.acts == 0


def test_an_official_click_is_asked_for_and_looked_at_again_before_it(runner: StepRunner) -> None:
    site = FakeSite()
    write = replace(site.write(), agreed=lambda: site.log.append("asked"))
    assert runner.write(write) is Status.DONE
    assert site.log == ["observe 旧", "asked", "observe 旧", "act 新", "observe 新"]
    assert runner.write(write) is Status.ALREADY_DONE
    assert site.log.count("asked") == 1


def test_what_was_not_agreed_to_is_not_even_intended(runner: StepRunner) -> None:
    def refuse() -> None:
        raise AskRefused("没有同意。")

    site = FakeSite()
    with pytest.raises(AskRefused):
        runner.write(replace(site.write(), agreed=refuse))
    assert site.acts == 0
    assert runner.journal.state("k1") is None
    assert runner.records[-1].status is Status.NEEDS_PERSON


def test_somebody_did_it_by_hand_while_being_asked(runner: StepRunner) -> None:
    site = FakeSite()

    def by_hand() -> None:
        site.there = "新"

    assert runner.write(replace(site.write(), agreed=by_hand)) is Status.ALREADY_DONE
    assert site.acts == 0


def test_the_intention_is_on_the_disk_before_anything_is_sent(runner: StepRunner) -> None:
    states: list[StepState | None] = []

    def watch(site: FakeSite, value: str) -> None:
        states.append(runner.journal.state("k1"))
        site.there = value

    runner.write(FakeSite(on_act=watch).write())
    assert states == [StepState.INTENDED]


def test_a_broken_line_whose_effect_arrived_is_verified_by_looking(runner: StepRunner) -> None:
    site = FakeSite(on_act=broken_line(SiteUnavailable("断线。"), arrives=True))
    assert runner.write(site.write()) is Status.DONE
    assert site.acts == 1
    assert runner.journal.state("k1") is StepState.VERIFIED
    assert "正在查看是否生效" in _said(runner)


def test_a_broken_line_whose_effect_did_not_arrive_is_unverified_and_not_repeated(runner: StepRunner) -> None:
    site = FakeSite(on_act=broken_line(SiteUnavailable("断线。"), arrives=False))
    with pytest.raises(WriteUnverified, match="上传毕业照片"):
        runner.write(site.write())
    assert site.acts == 1
    assert runner.journal.state("k1") is StepState.SENT
    assert runner.records[-1].status is Status.UNVERIFIED


def test_a_submission_that_is_not_there_afterwards_is_unverified(runner: StepRunner) -> None:
    site = FakeSite(on_act=nothing)
    with pytest.raises(WriteUnverified, match="现在是旧"):
        runner.write(site.write())
    assert site.acts == 1


def test_a_submission_that_left_something_else_is_unverified(runner: StepRunner) -> None:
    def other(site: FakeSite, value: str) -> None:
        site.there = "别的"

    with pytest.raises(WriteUnverified, match="现在是别的"):
        runner.write(FakeSite(on_act=other).write())


@pytest.mark.parametrize(
    "stop",
    [
        PersonSkipped("本人跳过了。"),
        SiteChanged("上传毕业照片", "照片", ()),
        PageUnreadable("上传毕业照片", ("照片",)),
    ],
)
def test_a_page_that_is_not_come_to_or_read_afterwards_is_no_proof_that_nothing_was_sent(
    runner: StepRunner, stop: GradsyncError
) -> None:
    site = FakeSite()

    def observe() -> str:
        if site.acts:
            raise stop
        return site.there

    with pytest.raises(WriteUnverified) as raised:
        runner.write(replace(site.write(), observe=observe))
    assert stop.message in raised.value.message
    assert runner.journal.state("k1") is StepState.SENT
    assert runner.records[-1].status is Status.UNVERIFIED


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UploadRefused("平台没有接受照片。"), Status.FAILED),
        (ActionNeeded("要本人处理。"), Status.NEEDS_PERSON),
        (WindowClosed("窗口关了。"), Status.NEEDS_PERSON),
        (KeyboardInterrupt(), Status.FAILED),
    ],
)
def test_what_stops_an_act_stops_the_step_and_nothing_is_tried_again(
    error: BaseException, status: Status, runner: StepRunner
) -> None:
    site = FakeSite(on_act=broken_line(error, arrives=False))
    with pytest.raises(type(error)):
        runner.write(site.write())
    assert site.acts == 1
    assert runner.records[-1].status is status
    assert runner.journal.state("k1") is StepState.INTENDED


@pytest.mark.parametrize(
    ("counts", "error", "state"),
    [
        ((3, 3), SiteChanged("上传毕业照片", "上传", ()), StepState.NOT_SENT),
        ((3, 3), ActionNeeded("要本人处理。"), StepState.NOT_SENT),
        ((3, 4), SiteChanged("上传毕业照片", "上传", ()), StepState.INTENDED),
        ((3, 3), WindowClosed("窗口关了。"), StepState.INTENDED),  # the browser may have had no time to tell
        ((None, None), SiteChanged("上传毕业照片", "上传", ()), StepState.INTENDED),
        ((None, 3), SiteChanged("上传毕业照片", "上传", ()), StepState.INTENDED),
    ],
)
def test_an_act_that_stopped_before_anything_left_is_not_called_sent(
    counts: tuple[int | None, int | None], error: GradsyncError, state: StepState, runner: StepRunner
) -> None:
    site = FakeSite(on_act=broken_line(error, arrives=False))
    with pytest.raises(type(error)):
        runner.write(replace(site.write(), sent_count=iter(counts).__next__))
    assert runner.journal.state("k1") is state


def test_a_look_that_fails_sends_nothing(runner: StepRunner) -> None:
    site = FakeSite()

    def fails() -> str:
        raise SiteUnavailable("打不开。")

    with pytest.raises(SiteUnavailable):
        runner.write(replace(site.write(), observe=fails))
    assert site.acts == 0
    assert runner.journal.state("k1") is None


def test_the_next_run_looks_before_it_acts_on_what_a_killed_one_left(runner: StepRunner) -> None:
    """Killed after the click: the effect is there, the journal says only ``intended``."""
    site = FakeSite(on_act=broken_line(KeyboardInterrupt(), arrives=True))
    with pytest.raises(KeyboardInterrupt):
        runner.write(site.write())
    assert runner.write(site.write()) is Status.ALREADY_DONE
    assert site.acts == 1
    assert runner.journal.state("k1") is StepState.VERIFIED


def test_what_the_look_has_shown_to_be_done_is_recorded(runner: StepRunner) -> None:
    site = FakeSite("新")
    runner.already(site.write())
    assert site.log == []
    assert runner.journal.state("k1") is StepState.VERIFIED
    assert (runner.records[-1].status, runner.records[-1].detail) == (Status.ALREADY_DONE, "现在是新")


# -- reading -------------------------------------------------------------------------------------------------------------


def test_a_reading_step_returns_what_it_read_and_tells_of_it(runner: StepRunner, tmp_path: Path) -> None:
    read = runner.read(
        "chaoxing.conditions.read", "conditions", "读取毕业条件", lambda: 14, lambda n: f"{n} 项"
    )
    assert read == 14
    (record,) = runner.records
    assert (record.id, record.kind, record.status, record.detail) == (
        "chaoxing.conditions.read",
        "read",
        Status.DONE,
        "14 项",
    )
    assert record.seconds >= 0
    assert "读取毕业条件" in _said(runner)
    assert "chaoxing.conditions.read" in _events(tmp_path)


@pytest.mark.parametrize(
    ("error", "status", "detail"),
    [
        (SiteUnavailable("打不开。"), Status.FAILED, "打不开。"),
        (ActionNeeded("要本人处理。"), Status.NEEDS_PERSON, "要本人处理。"),
        (ValueError("secret text of a page"), Status.FAILED, ""),
        (KeyboardInterrupt(), Status.FAILED, ""),
    ],
)
def test_a_reading_step_that_stops_is_recorded_and_stops(
    error: BaseException, status: Status, detail: str, runner: StepRunner
) -> None:
    def look() -> int:
        raise error

    with pytest.raises(type(error)):
        runner.read("chsi.record.read", "chsi_check", "读取", look)
    assert (runner.records[-1].status, runner.records[-1].detail) == (status, detail)
    assert f"chsi.record.read {status}" in _said(runner)


def test_steps_are_recorded_in_the_order_in_which_they_ended(runner: StepRunner) -> None:
    runner.read("outer", "photo", "外", lambda: runner.read("inner", "photo", "内", lambda: None))
    assert [record.id for record in runner.records] == ["inner", "outer"]


# -- evidence ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def witnessed(runner: StepRunner) -> list[str]:
    """What was kept, each with how far the write had come."""
    kept: list[str] = []
    runner.evidence = lambda step, moment: kept.append(f"{moment} {step} {runner.journal.state('k1')}")
    return kept


def test_a_write_is_kept_before_it_is_made_and_once_it_is_verified(
    runner: StepRunner, witnessed: list[str]
) -> None:
    runner.write(FakeSite().write())
    assert witnessed == ["before chaoxing.photo.upload None", "after chaoxing.photo.upload verified"]


def test_what_is_already_so_needs_no_evidence(runner: StepRunner, witnessed: list[str]) -> None:
    runner.write(FakeSite("新").write())
    assert witnessed == []


def test_a_stop_is_kept(runner: StepRunner, witnessed: list[str]) -> None:
    def look() -> str:
        raise SiteUnavailable("没有回应。")

    with pytest.raises(SiteUnavailable):
        runner.read("chsi.record.read", "chsi_check", "读取", look)
    assert witnessed == ["stop chsi.record.read None"]


@pytest.mark.parametrize("error", [SomebodyElse("别人。"), ConsentMissing("没有同意。")])
def test_of_what_is_not_ours_nothing_is_kept(
    runner: StepRunner, witnessed: list[str], error: GradsyncError
) -> None:
    def look() -> str:
        raise error

    with pytest.raises(type(error)):
        runner.read("chaoxing.whoami", "photo", "确认", look)
    assert witnessed == []
