"""The report tells the whole truth: every invented student, every way in which a run ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from agent.engine.engine import DutyResult, DutyStatus
from agent.engine.steps import Status, StepRecord
from agent.errors import (
    AskRefused,
    CaptchaRequired,
    GradsyncError,
    NobodyThere,
    NotSent,
    PhotoNotYet,
    SiteUnavailable,
    UploadRefused,
    WriteUnverified,
)
from agent.report.model import Report
from fixtures.people.students import STUDENTS, Student
from fixtures.sites import conditions as mock
from fixtures.world import World, chsi_photo
from flows.profiles.schema import load
from flows.report.builder import report
from flows.run.findings import Findings
from flows.run.outcome import RunOutcome
from flows.sites.chaoxing.conditions import Conditions, condition_row
from flows.sites.chaoxing.grade_table import Course, judged
from flows.sites.chsi.record import Record
from tests.harness.truth import advised, untruths

XJTU = load("xjtu-2024-07")
UPLOAD = "chaoxing.photo.upload"
AT = datetime(2024, 6, 3, 2, tzinfo=UTC)
READ = StepRecord("chaoxing.conditions.read", "conditions", "read", Status.DONE, 0, "")
AGAIN = replace(READ, id="chaoxing.conditions.read_again")
UPLOADED = StepRecord(UPLOAD, "photo", "write", Status.DONE, 0, "")


# -- what the sites show of a student --------------------------------------------------------------------------------------


def _record(student: Student) -> Record:
    shown = student.chsi[0]
    return Record(
        {
            "name": student.name,
            "sex": student.sex,
            "id_number": student.id_number,
            "birth_date": f"{student.birth_date:%Y年%m月%d日}",
            "ethnicity": student.ethnicity,
            "document_type": student.document_type,
            **{
                name: getattr(shown, name)
                for name in ("school", "level", "major", "duration", "study_form", "student_number", "status")
            },
        }
    )


def _personal(student: Student) -> dict[str, str]:
    names = ("name", "sex", "id_number", "birth_date", "ethnicity", "level", "major", "student_number")
    more = ("entry_year", "current_year", "study_form", "status")
    return {name: getattr(student.platform, name) for name in (*names, *more)}


def _conditions(world: World, student: Student) -> Conditions:
    rows = [
        condition_row(place, row.name, row.status, row.colour or None, XJTU)  # type: ignore[arg-type]
        for place, row in enumerate(mock.conditions(world, student), start=1)
    ]
    return Conditions(mock.BATCH, mock.SCOPE, tuple(rows))


def _found(student: Student, world: World | None = None) -> Findings:
    courses = tuple(Course(row.name, row.term, row.total) for row in student.courses)
    return Findings(
        record=_record(student),
        personal=_personal(student),
        conditions=_conditions(world or World(), student),
        grades=judged(courses, XJTU.grades),
    )


def _ended(found: Findings, **parts: object) -> RunOutcome:
    whole: dict[str, object] = {
        "profile": XJTU,
        "found": found,
        "results": _standings(),
        "troubles": (),
        "steps": (READ,),
        "asked": (),
        "fallbacks": (),
        "wanted": [duty.id for duty in XJTU.duties],
        "today": date(2024, 6, 3),
        "manifest_sha256": "0" * 64,
        "audit_records": 3,
        "audit_head": "1" * 64,
    }
    found.check_records(XJTU, date(2024, 6, 3))
    found.check_grades(XJTU)
    for stop in parts.get("troubles", ()):  # type: ignore[attr-defined]
        if isinstance(stop, PhotoNotYet):
            found.check_missing_photo(XJTU, stop, date(2024, 6, 3))
    return RunOutcome(**{**whole, **parts})  # type: ignore[arg-type]


def _standings(**changed: DutyResult) -> dict[str, DutyResult]:
    """As the engine leaves them where nobody is there and nothing is given."""
    left = {
        "chsi_check": DutyResult(DutyStatus.DONE, "已读取"),
        "conditions": DutyResult(DutyStatus.DONE),
        "grades": DutyResult(DutyStatus.DONE, "共 8 门课程"),
        "photo": DutyResult(DutyStatus.NOT_RUN, "还没有做：上传毕业照片"),
        "profile_check": DutyResult(DutyStatus.SKIPPED, "只有本人在场才能确认无误"),
        **{
            name: DutyResult(DutyStatus.SKIPPED, "这次没有填写")
            for name in ("family", "history", "self_evaluation")
        },
    }
    return {**left, **changed}


def _stopped(found: Findings, error: GradsyncError, *steps: StepRecord, **parts: object) -> RunOutcome:
    result = DutyResult(DutyStatus.FAILED, error.message)
    return _ended(found, troubles=[error], results=_standings(photo=result), steps=(READ, *steps), **parts)


# -- how a run ends --------------------------------------------------------------------------------------------------------


def _uploaded(student: Student, *, read_again: bool) -> RunOutcome:
    world = World()
    found = _found(student, world)
    if read_again:
        world.record(student).photo = chsi_photo(student)
        found.conditions = _conditions(world, student)
    done = _standings(photo=DutyResult(DutyStatus.DONE, "学信网的学历照片"))
    steps = (READ, UPLOADED, *([AGAIN] if read_again else []))
    return _ended(found, results=done, steps=steps, sent={UPLOAD: AT})


def _without_photo(student: Student) -> RunOutcome:
    found = _found(student)
    found.no_photo = True
    error = PhotoNotYet("学信网上还没有学历照片。")
    waiting = DutyResult(DutyStatus.WAITING, error.message)
    return _ended(found, troubles=[error], results=_standings(photo=waiting, chsi_check=waiting))


def _interrupted(student: Student) -> RunOutcome:
    """The upload was made, then the site went away before anything was read again."""
    outcome = _uploaded(student, read_again=False)
    return replace(outcome, troubles=[SiteUnavailable("平台没有回应。")])


def _refused_after_upload(student: Student) -> RunOutcome:
    outcome = _uploaded(student, read_again=True)
    error = AskRefused("没有同意：将在平台上确认。")
    mine = {"profile_check": DutyResult(DutyStatus.NEEDS_PERSON, error.message)}
    return replace(outcome, troubles=[error], results={**outcome.results, **mine})


def _unverified(student: Student) -> RunOutcome:
    error = WriteUnverified("「上传毕业照片」已提交，但网站上还看不到结果。", said="上传成功，等待审核")
    step = StepRecord(UPLOAD, "photo", "write", Status.UNVERIFIED, 0, error.message)
    return _stopped(_found(student), error, step, sent={UPLOAD: AT})


def _turned_down(student: Student) -> RunOutcome:
    error = UploadRefused("平台没有接受照片：“照片未通过审核”。")
    step = StepRecord(UPLOAD, "photo", "write", Status.FAILED, 0, error.message)
    return _stopped(_found(student), error, step, sent={UPLOAD: AT})


ENDS: dict[str, Callable[[Student], RunOutcome]] = {
    "checked": lambda student: _ended(_found(student)),
    "uploaded": lambda student: _uploaded(student, read_again=True),
    "uploaded and not read again": lambda student: _uploaded(student, read_again=False),
    "stopped after the upload": _interrupted,
    "a confirmation refused after the upload": _refused_after_upload,
    "the upload refused": _turned_down,
    "the upload not seen": _unverified,
    "no photo yet": _without_photo,
    "nobody there": lambda student: _ended(_found(student), troubles=[NobodyThere("需要本人回答。")]),
    "a captcha": lambda _: _ended(
        Findings(), results={}, steps=(), troubles=[CaptchaRequired("学信网要验证码。")]
    ),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("student", STUDENTS, ids=lambda student: student.student)
def test_no_report_contradicts_itself(student: Student, end: str) -> None:
    assert untruths(report(ENDS[end](student))) == []


# -- the single lines ------------------------------------------------------------------------------------------------------

BY_ID = {student.student: student for student in STUDENTS}


def _duty(made: Report, name: str) -> str:
    return {row.id: row.status for row in made.duties}[name]


def test_a_mismatch_is_the_first_step_with_both_values_whom_to_ask_and_with_what_proof() -> None:
    made = report(ENDS["uploaded"](BY_ID["s15"]))
    first = made.next_steps[0]
    for words in ("出生日期", "学信网 1993年11月11日", "平台 1993-11-12"):
        assert words in first.title
    for words in ("身份证件为准", "身份证", "不要在学信网点“正确”", "不要在平台上确认“信息无误”"):
        assert words in first.why
    assert first.contact == XJTU.contact
    assert made.headline.startswith("出生日期不一致")
    assert not any("点“正确”" in text or "自己确认" in text for text in advised(made))


def test_nothing_is_advised_about_a_site_of_which_nothing_was_read() -> None:
    stop = SiteUnavailable("平台返回了错误页面。")
    unread = _ended(Findings(record=_record(BY_ID["s01"])), troubles=[stop], steps=())
    assert not any("过往履历" in row.title for row in report(unread).next_steps)
    read = replace(unread, steps=(READ,))
    assert any("过往履历" in row.title for row in report(read).next_steps)


def test_reading_is_not_doing() -> None:
    made = report(ENDS["uploaded"](BY_ID["s01"]))
    assert (_duty(made, "chsi_check"), _duty(made, "grades"), _duty(made, "photo")) == (
        "needs_person",
        "needs_person",
        "done",
    )
    (chsi,) = [row for row in made.duties if row.id == "chsi_check"]
    assert "只能由本人点击" in chsi.note


def test_a_duty_is_done_once_the_platform_says_so() -> None:
    world = World()
    student = BY_ID["s02"]
    world.record(student).proofread = True
    made = report(_ended(_found(student, world)))
    assert (_duty(made, "chsi_check"), _duty(made, "grades")) == ("done", "done")


def test_what_was_changed_is_said_whatever_stopped_the_run() -> None:
    made = report(ENDS["a confirmation refused after the upload"](BY_ID["s02"]))
    assert "毕业照片上传已经办好" in made.headline
    assert "什么都没有改变" not in made.to_json()
    assert [(row.title, row.state, row.at) for row in made.effects] == [("毕业照片上传", "done", AT)]


def test_what_was_sent_before_the_window_was_closed_is_not_said_to_be_nothing() -> None:
    step = StepRecord(UPLOAD, "photo", "write", Status.NEEDS_PERSON, 0, "窗口被关闭。")
    outcome = _stopped(_found(BY_ID["s02"]), NobodyThere("窗口被关闭。"), step, sent={UPLOAD: AT})
    assert [row.state for row in report(outcome).effects] == ["unverified"]
    assert "已发出，没有核实" in report(outcome).headline


@pytest.mark.parametrize(
    "message",
    [
        "照片没有发出去，平台上也没有看到：页面显示“E1003”。",
        "照片没有发出去，平台上也没有看到：页面没有说明原因。",
        "照片没有发出去，平台上也没有看到：页面显示“上传成功”。",
        "平台没有接受上传：请求太频繁（HTTP 429）。",
        "平台没有接受上传（HTTP 403），页面显示“您无权操作”。",
    ],
)
def test_what_did_not_leave_is_not_said_to_have_been_sent(message: str) -> None:
    step = StepRecord(UPLOAD, "photo", "write", Status.NEEDS_PERSON, 0, message)
    made = report(_stopped(_found(BY_ID["s02"]), NotSent(message), step, sent={UPLOAD: AT}))
    assert "已发出" not in made.headline
    assert [row.state for row in made.effects] == ["refused"]


def test_conditions_read_before_the_upload_are_told_as_stale() -> None:
    made = report(ENDS["stopped after the upload"](BY_ID["s02"]))
    assert made.conditions is not None
    assert [row.name for row in made.conditions.items if row.stale] == ["学信网毕业照已上传"]
    assert any(step.title == "再看一次毕业条件" for step in made.next_steps)
    assert not any(
        row.stale
        for row in report(ENDS["uploaded"](BY_ID["s02"])).conditions.items  # type: ignore[union-attr]
    )


def test_what_decides_comes_first_and_grades_are_one_step() -> None:
    made = report(ENDS["checked"](BY_ID["s01"]))
    titles = [step.title for step in made.next_steps]
    order = ["点“正确”", "自己确认", "后上传", "登记表", "过往履历", "补考或重修", "鉴定", "图像比对"]
    assert [next(i for i, title in enumerate(titles) if words in title) for words in order] == list(
        range(len(order))
    )
    courses = titles[5]
    assert "土力学与地基基础" in courses
    assert "概率论与数理统计" in courses
    assert "平台学生管理部分鉴定" in titles[6]


def test_a_refusal_quotes_the_site() -> None:
    made = report(ENDS["the upload not seen"](BY_ID["s02"]))
    assert made.trouble is not None
    assert made.trouble.said == "上传成功，等待审核"
    (photo,) = [row for row in made.duties if row.id == "photo"]
    assert photo.said == "上传成功，等待审核"
    assert "上传成功，等待审核" in made.next_steps[0].why


def test_each_step_leads_to_its_site_except_in_a_demonstration() -> None:
    outcome = ENDS["checked"](BY_ID["s01"])
    links = {step.title: step.link for step in report(outcome).next_steps}
    (upload,) = [link for title, link in links.items() if "后上传" in title]
    assert XJTU.sites.chaoxing
    assert upload == XJTU.sites.chaoxing.login_url
    assert not any(step.link for step in report(replace(outcome, demo=True)).next_steps)


def test_a_notice_without_a_window_gives_no_day() -> None:
    lzu = load("lzu-2024")
    found = Findings(no_photo=True)
    outcome = _ended(found, profile=lzu, results={}, wanted=[duty.id for duty in lzu.duties])
    made = report(outcome)
    assert made.window is None
    assert {row.deadline for row in made.duties} == {None}
    assert [(step.deadline, step.where) for step in made.next_steps] == [(date(2024, 4, 30), "教务处")]


def test_that_the_window_is_over_is_said_once_with_the_year() -> None:
    made = report(_ended(_found(BY_ID["s01"]), today=date(2026, 11, 29)))
    said = [line for line in made.warnings if "逾期" in line]
    assert len(said) == 1
    assert "2024年6月11日" in said[0]


def test_one_that_was_to_make_the_click_and_left_it_to_a_person_is_not_done() -> None:
    outcome = replace(ENDS["checked"](BY_ID["s02"]), must_end=["chsi_check"])
    assert (report(outcome).exit_status, report(outcome).outcome) == (10, "action_needed")
    assert report(replace(outcome, must_end=["grades"])).exit_status == 0


# -- the table can fail ----------------------------------------------------------------------------------------------------


def _spoilt(made: Report, **parts: object) -> list[str]:
    return untruths(made.model_copy(update=parts))


def test_each_kind_of_untruth_is_found() -> None:
    differs, plain = report(ENDS["checked"](BY_ID["s15"])), report(ENDS["uploaded"](BY_ID["s02"]))
    click = plain.next_steps[0]
    assert "点“正确”" in click.title
    done = tuple(row.model_copy(update={"status": "done"}) for row in plain.duties)
    assert _spoilt(differs, next_steps=(*differs.next_steps, click))
    assert _spoilt(differs, next_steps=differs.next_steps[1:])
    assert _spoilt(differs, headline="本次已完成")
    assert _spoilt(plain, duties=done)
    assert _spoilt(plain, next_steps=(*plain.next_steps, click))
    assert _spoilt(plain, next_steps=plain.next_steps[1:])
    assert _spoilt(plain, next_steps=(click.model_copy(update={"title": "命名后上传"}),))
    assert _spoilt(plain, warnings=("网站上什么都没有改变",))
