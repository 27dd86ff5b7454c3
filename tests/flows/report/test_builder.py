"""From what was found to the report: exit status and outcome, doubts, masks, what is left to do."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PIL import Image

from agent.asks import Answer, Ask, AskKind
from agent.browser.image_download import DownloadedImage
from agent.engine.engine import DutyResult, DutyStatus
from agent.engine.steps import Status, StepRecord
from agent.errors import (
    ActionNeeded,
    Bug,
    CaptchaRequired,
    CredentialsRejected,
    GradsyncError,
    NoBatch,
    OriginBlocked,
    PhotoNotYet,
    PlanStale,
    SiteChanged,
    SiteUnavailable,
    SomebodyElse,
    UploadRefused,
    WriteUnverified,
)
from agent.photo import Comparison, PhotoVerdict, SamePerson
from agent.report.model import Colour, Report
from flows.checks.photo import photo_file
from flows.profiles.schema import load
from flows.report.builder import report
from flows.run.findings import Findings
from flows.run.outcome import RunOutcome
from flows.sites.chaoxing.conditions import Conditions, condition_row
from flows.sites.chaoxing.grade_table import Course, judged
from flows.sites.chaoxing.upload.page import PlatformPhotos
from flows.sites.chsi.record import Record
from tests.flows.checks.test_fields import CHSI, PLATFORM
from tests.harness.notice import NOTICE

XJTU = load("xjtu-2024-07")
NUMBER, NAME = CHSI["id_number"], CHSI["name"]
COLOURS: dict[str, Colour | None] = {"已": "blue", "未": "red", "": None}
TROUBLES: tuple[GradsyncError, ...] = (
    Bug("程序错误。"),
    SomebodyElse("是另一个人。"),
    CredentialsRejected("密码不对。"),
    OriginBlocked("地址不对。"),
    SiteUnavailable("打不开。"),
    SiteChanged("毕业条件", "毕业要求"),
    UploadRefused("平台没有接受照片。"),
    PlanStale("情况变了。"),
    WriteUnverified("看不到结果。"),
    CaptchaRequired("要验证码。"),
)
"""One of each exit status, the graver first (rulings)."""


def _rows(*changed: tuple[int, dict[str, Any]]) -> Conditions:
    """Return the notice's rows with some changed, by position."""
    rows = [
        condition_row(position, name, text, COLOURS[text[:1]], XJTU)
        for position, (name, text) in enumerate(NOTICE, start=1)
    ]
    for position, change in changed:
        rows[position - 1] = rows[position - 1].model_copy(update=change)
    return Conditions("2024年7月", "在籍", tuple(rows))


def _ended(found: Findings | None = None, **parts: Any) -> RunOutcome:
    whole: dict[str, Any] = {
        "profile": XJTU,
        "found": found or Findings(record=Record(CHSI), personal=PLATFORM, conditions=_rows()),
        "results": {duty.id: DutyResult(DutyStatus.DONE) for duty in XJTU.duties},
        "troubles": (),
        "steps": (),
        "asked": (),
        "fallbacks": (),
        "wanted": [duty.id for duty in XJTU.duties],
        "today": date(2024, 6, 3),
        "manifest_sha256": "0" * 64,
        "audit_records": 3,
        "audit_head": "1" * 64,
    }
    whole["found"].check_records(XJTU, whole["today"])
    whole["found"].check_grades(XJTU)
    return RunOutcome(**{**whole, **parts})


def _picture(colour: str = "white") -> DownloadedImage:
    stream = io.BytesIO()
    Image.new("RGB", (480, 640), colour).save(stream, "JPEG")
    return DownloadedImage(stream.getvalue(), "response")


# -- exit status and outcome ---------------------------------------------------------------------------------------------


def test_unmet_conditions_are_a_result_and_the_expected_blank_is_no_doubt() -> None:
    made = report(_ended())
    assert (made.exit_status, made.outcome, made.degraded, made.trouble) == (0, "done", (), None)


@pytest.mark.parametrize("error", TROUBLES, ids=lambda error: error.code)
def test_one_trouble_gives_its_status(error: GradsyncError) -> None:
    made = report(_ended(troubles=[error]))
    assert made.exit_status == error.exit_status
    assert made.trouble is not None
    assert (made.trouble.code, made.trouble.message, made.trouble.remedy) == (
        error.code,
        error.message,
        error.remedy,
    )
    assert made.outcome == ("action_needed" if error.exit_status == 10 else "failed")
    assert error.message in made.headline


@pytest.mark.parametrize(("graver", "lesser"), [*itertools.combinations(TROUBLES, 2)])
def test_of_several_troubles_the_graver_is_told(graver: GradsyncError, lesser: GradsyncError) -> None:
    for troubles in ([graver, lesser], [lesser, graver]):
        made = report(_ended(troubles=troubles, fallbacks=["读取方式"]))
        assert made.exit_status == graver.exit_status
        assert made.trouble is not None
        assert made.trouble.code == graver.code
        assert made.next_steps[0].title == graver.remedy


def test_trouble_outranks_doubt_and_doubt_outranks_done() -> None:
    assert report(_ended(fallbacks=["读取方式"])).exit_status == 40
    assert report(_ended(fallbacks=["读取方式"])).outcome == "done"
    assert report(_ended(fallbacks=["读取方式"], troubles=[PhotoNotYet("还没有照片。")])).exit_status == 10


# -- doubts --------------------------------------------------------------------------------------------------------------


def _doubts(*changed: tuple[int, dict[str, Any]]) -> Report:
    return report(_ended(Findings(record=Record(CHSI), personal=PLATFORM, conditions=_rows(*changed))))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((4, {"status_text": "审核退回", "status": "unknown", "colour": None}), "审核退回"),
        ((1, {"status_text": "", "status": "unknown", "colour": None}), "空白"),
        ((1, {"colour": "red"}), "颜色"),
        ((2, {"colour": "blue"}), "颜色"),
        ((2, {"colour": "green"}), "颜色"),
        ((1, {"name": "一项新的要求"}), "一项新的要求"),
        ((14, {"status_text": "比对中", "status": "unknown"}), "比对中"),
    ],
)
def test_each_doubt_is_said_and_degrades(change: tuple[int, dict[str, Any]], said: str) -> None:
    made = _doubts(change)
    assert made.exit_status == 40
    assert len(made.degraded) == 1
    assert said in made.degraded[0]


@pytest.mark.parametrize(
    "change",
    [
        (1, {"colour": "green"}),
        (1, {"colour": None}),
        (2, {"colour": "orange"}),
        (2, {"colour": "black"}),
        (2, {"status_text": "未完成（差2分）"}),
        (7, {"name": "学信网信息校对"}),
        (14, {"status_text": "已通过", "status": "met", "colour": "blue"}),
    ],
)
def test_what_is_no_doubt_does_not_degrade(change: tuple[int, dict[str, Any]]) -> None:
    assert _doubts(change).exit_status == 0


def test_reading_by_names_alone_degrades() -> None:
    found = Findings(record=Record(CHSI), conditions=replace(_rows(), fallback="毕业条件：按条件名称读取"))
    made = report(_ended(found))
    assert made.exit_status == 40
    assert made.degraded == ("毕业条件：按条件名称读取",)


def test_a_fallback_is_told_once() -> None:
    assert report(_ended(fallbacks=["读取方式", "读取方式"])).degraded == ("读取方式",)


# -- masks ---------------------------------------------------------------------------------------------------------------


def test_neither_name_nor_number_stands_in_the_report() -> None:
    found = Findings(
        record=Record(CHSI),
        personal=PLATFORM,
        conditions=_rows(),
        photo=_picture(),
        platform=PlatformPhotos(_picture("grey"), _picture("blue")),
        photo_files={"chsi": photo_file(f"photo/{NUMBER}.jpg", _picture())},
    )
    made = report(_ended(found))
    text = made.to_json()
    for secret in (NUMBER, NAME, CHSI["student_number"]):
        assert secret not in text
    assert made.subject is not None
    assert (made.subject.name, made.subject.id_number) == ("王*", "**************4229")
    assert made.photo is not None
    assert made.photo.chsi is not None
    assert made.photo.chsi.file == "photo/**************4229.jpg"


@pytest.mark.parametrize(
    ("check", "shown"),
    [
        ("identity.name", "王*"),
        ("identity.id_number", "**************4229"),
        ("enrollment.student_number", "**********01"),
    ],
)
def test_masks_are_the_contracts(check: str, shown: str) -> None:
    row = next(row for row in report(_ended()).checks if row.id == check)
    assert row.left.value == shown
    assert row.right is not None
    assert row.right.value == shown


def test_a_secret_answer_is_only_said_to_have_been_given() -> None:
    asked = [
        (Ask("captcha.chsi", AskKind.SECRET, "验证码"), Answer("7352", "terminal")),
        (Ask("apply-plan", AskKind.YES_NO, "执行吗"), Answer("yes", "flag")),
        (Ask("code.lzu", AskKind.SECRET, "短信"), None),
    ]
    rows = [(row.id, row.answer, row.by) for row in report(_ended(asked=asked)).asks]
    assert rows == [
        ("captcha.chsi", "given", "terminal"),
        ("apply-plan", "yes", "flag"),
        ("code.lzu", None, "nobody"),
    ]


# -- what was not read ---------------------------------------------------------------------------------------------------


def test_what_was_not_read_is_null() -> None:
    made = report(_ended(Findings(), results={}, troubles=[SiteUnavailable("打不开。")]))
    assert (made.subject, made.conditions, made.photo, made.grades, made.checks) == (
        None,
        None,
        None,
        None,
        (),
    )
    assert {duty.status for duty in made.duties} == {"not_run"}


def test_a_batch_that_is_not_shown_is_null() -> None:
    made = report(_ended(Findings(conditions=replace(_rows(), batch=None, scope=None))))
    assert made.conditions is not None
    assert (made.conditions.batch, made.conditions.scope) == (None, None)


def test_a_duty_that_nobody_asked_for_is_skipped() -> None:
    made = report(_ended(results={"conditions": DutyResult(DutyStatus.DONE)}, wanted=["conditions"]))
    statuses = {duty.id: duty.status for duty in made.duties}
    assert statuses.pop("conditions") == "done"
    assert set(statuses.values()) == {"skipped"}


@pytest.mark.parametrize("told", ["没有接受密码：“密码有误。”", "没有接受密码"])
def test_what_the_site_said_is_told_once(told: str) -> None:
    stopped = ActionNeeded(told, "请检查密码。", said="密码有误。")
    (why,) = [
        step.why for step in report(_ended(troubles=[stopped])).next_steps if step.title == stopped.remedy
    ]
    assert why.count("密码有误") == 1


def test_what_was_not_checked_is_said() -> None:
    found = Findings(
        record=Record(CHSI), photo=_picture(), platform=PlatformPhotos(None, None), not_checked=["甲"]
    )
    said = "".join(report(_ended(found)).not_checked)
    for words in ("甲", "是不是本人", "入学照片", "正确"):
        assert words in said


# -- the person on the photos --------------------------------------------------------------------------------------------


def _person(compared: Comparison | None, photo: DownloadedImage | None) -> str:
    found = Findings(
        record=Record(CHSI),
        photo=photo,
        platform=PlatformPhotos(None, _picture("blue") if compared else None),
    )
    if compared:
        found.comparisons["enrollment"] = compared
    part = report(_ended(found)).photo
    return part.person_sentence if part else ""


OTHER_PHOTO = Comparison(PhotoVerdict.different_picture, "aligned-correlation", 0.9)


@pytest.mark.parametrize(
    ("compared", "said"),
    [
        (OTHER_PHOTO, "人脸比对的组件"),
        (
            replace(OTHER_PHOTO, person_note="没有得到本人对人脸比对的单独同意"),
            "：没有得到本人对人脸比对的单独同意。",
        ),
        (replace(OTHER_PHOTO, same_person=SamePerson.likely), "很可能是同一人"),
        (replace(OTHER_PHOTO, verdict=PhotoVerdict.identical), "是同一张照片，不需要比对"),
        (None, "没有读到可以比对的入学照片"),
    ],
)
def test_whether_it_is_one_person_is_said_or_why_nobody_looked(
    compared: Comparison | None, said: str
) -> None:
    told = _person(compared, _picture())
    assert said in told
    assert told.endswith("是否同一人以学校和学信网的图像比对结果为准。")


def test_without_a_photo_nothing_is_said_of_the_person() -> None:
    assert _person(None, None) == ""


# -- rows ----------------------------------------------------------------------------------------------------------------


def test_conditions_stand_as_on_the_site_with_a_next_step_for_each_open_one() -> None:
    part = report(_ended()).conditions
    assert part is not None
    assert [(row.name, row.status_text) for row in part.items] == list(NOTICE)
    assert [row.position for row in part.items if row.next_step is None] == [1, 5, 8, 11, 13]
    assert part.counts.model_dump() == {"met": 5, "unmet": 8, "pending": 0, "not_applicable": 0, "unknown": 1}


def test_next_steps_say_what_why_where_until_when_and_who() -> None:
    steps = report(_ended()).next_steps
    assert len(steps) == 7
    assert all(step.title and step.why and step.where and step.contact for step in steps)
    assert {(step.who, step.deadline) for step in steps} == {
        ("student", date(2024, 6, 11)),
        ("school", None),
    }


def test_a_next_step_says_why_its_duty_has_not_been_done() -> None:
    left = DutyResult(DutyStatus.SKIPPED, "这次没有填写")
    made = report(_ended(results={"self_evaluation": left, "photo": DutyResult(DutyStatus.DONE, "学历照片")}))
    why = {step.why for step in made.next_steps}
    assert "“毕业生登记表已提交”现在是：未完成（这次没有填写）" in why
    assert "“学信网毕业照已上传”现在是：未上传" in why


def test_every_condition_of_the_notice_says_what_it_means_and_who_acts() -> None:
    part = report(_ended()).conditions
    assert part is not None
    assert all(row.meaning for row in part.items)
    duties = {duty.id for duty in XJTU.duties}
    assert {row.duty for row in XJTU.conditions if row.duty} <= duties
    assert [row.duty for row in XJTU.conditions if row.duty == "photo"] == ["photo"]


def test_an_unknown_condition_is_sent_to_the_teaching_point() -> None:
    steps = _doubts((2, {"name": "一项新的要求"})).next_steps
    mine = [step for step in steps if "一项新的要求" in step.title]
    assert [step.where for step in mine] == ["教学点"]


def test_steps_are_told_as_they_ran() -> None:
    ran = [StepRecord("chaoxing.photo.upload", "photo", "write", Status.UNVERIFIED, 1.25, "看不到结果")]
    (row,) = report(_ended(steps=ran)).steps
    assert (row.id, row.kind, row.status, row.seconds) == (
        "chaoxing.photo.upload",
        "write",
        "unverified",
        1.25,
    )


@pytest.mark.parametrize(
    ("status", "steps", "words"),
    [
        (DutyStatus.ALREADY_DONE, (), "之前已上传"),
        (DutyStatus.NOT_RUN, (), "还没有上传"),
        (DutyStatus.DONE, (StepRecord("x", "photo", "write", Status.DONE, 0, ""),), "已上传并核对"),
    ],
)
def test_the_headline_says_how_the_photo_stands(
    status: DutyStatus, steps: tuple[StepRecord, ...], words: str
) -> None:
    made = report(_ended(results={"photo": DutyResult(status)}, steps=steps))
    assert words in made.headline
    assert "5 项已满足、9 项还没有" in made.headline


def test_the_headline_never_says_uploaded_without_a_write_that_was_verified() -> None:
    for step in ((), (StepRecord("x", "photo", "write", Status.UNVERIFIED, 0, ""),)):
        made = report(_ended(results={"photo": DutyResult(DutyStatus.DONE)}, steps=step))
        assert "已上传" not in made.headline


def test_everything_met_is_said_as_such() -> None:
    rows = Conditions(
        "2024年7月",
        None,
        tuple(
            row.model_copy(update={"status": "met", "status_text": "已完成", "colour": "blue"})
            for row in _rows().rows
        ),
    )
    made = report(_ended(Findings(conditions=rows), results={}))
    assert "14 项毕业条件全部满足" in made.headline
    assert made.next_steps == ()


# -- the window ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "state", "warns"),
    [
        (date(2024, 5, 1), "before", "还没有开始"),
        (date(2024, 6, 3), "open", None),
        (date(2024, 6, 9), "closing", "离截止只剩 2 天。逾期将影响毕业资格审核"),
        (date(2024, 6, 11), "closing", "今天截止"),
        (date(2024, 6, 12), "after", "自动放弃"),
    ],
)
def test_outside_the_window_and_near_its_end_the_report_begins_with_a_warning(
    today: date, state: str, warns: str | None
) -> None:
    made = report(_ended(today=today))
    assert made.window is not None
    assert (made.window.state, made.window.today) == (state, today)
    assert made.exit_status == 0
    assert bool(made.warnings) == bool(warns)
    assert warns is None or warns in made.warnings[0]


def test_a_duty_waits_with_the_notices_own_advice() -> None:
    error = NoBatch("平台显示暂无毕业批次。")
    made = report(
        _ended(troubles=[error], results={"conditions": DutyResult(DutyStatus.NEEDS_PERSON, error.message)})
    )
    (duty,) = [duty for duty in made.duties if duty.id == "conditions"]
    assert (duty.status, duty.note, duty.deadline) == ("needs_person", error.message, date(2024, 6, 11))


# -- grades ----------------------------------------------------------------------------------------------------------------


def _with_grades(*totals: str, shown: int | None = None) -> Report:
    rows = tuple(Course(f"课程{place}", "2021年春", total) for place, total in enumerate(totals, start=1))
    return report(_ended(Findings(conditions=_rows(), grades=judged(rows, XJTU.grades, shown))))


def test_grades_are_told_as_they_stand() -> None:
    built = _with_grades("81.0", "52.0", "")
    assert built.grades is not None
    assert [(row.course, row.total, row.passed) for row in built.grades.rows] == [
        ("课程1", "81.0", True),
        ("课程2", "52.0", False),
        ("课程3", None, None),
    ]
    assert (built.grades.failed, built.grades.average) == (("课程2",), 66.5)
    assert built.grades.rows[0].exam is None
    assert built.exit_status == 0
    (review,) = [step for step in built.next_steps if "课程" in step.title]
    assert "《毕业资格复查申请表》" in review.title
    assert "课程2" in review.title
    assert review.why.startswith("不合格或还没有成绩的课程：课程2、课程3")


def test_grades_that_were_not_read_are_null() -> None:
    assert report(_ended()).grades is None


@pytest.mark.parametrize(
    ("totals", "shown", "words"),
    [
        (("81.0", "缓考"), None, "课程“课程2”的总评成绩“缓考”不在已知的词里"),
        (("81.0",), 3, "共 3 条，只读到 1 条"),
    ],
)
def test_what_is_doubtful_about_grades_degrades(
    totals: tuple[str, ...], shown: int | None, words: str
) -> None:
    built = _with_grades(*totals, shown=shown)
    assert built.exit_status == 40
    assert any(words in line for line in built.degraded)


def test_a_list_that_lacks_a_part_is_not_told_as_complete() -> None:
    met = {"status": "met", "status_text": "已完成", "colour": "blue"}
    rows = tuple(row.model_copy(update=met) for row in _rows().rows[:10])
    made = report(_ended(Findings(conditions=Conditions("2024年7月", None, rows)), results={}))
    assert made.exit_status == 40
    assert "全部满足" not in made.headline
    assert "另有 4 项没有看到" in made.headline
    assert "通知里的 4 项毕业条件没有在页面上看到" in made.degraded[0]
