"""个人信息核对 of LZU: read whole, held against 学信网 and the student, submitted once and only on the exact words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from agent.asks import Answer, Answerer, Ask, FieldShown, Scripted
from agent.engine.engine import Mode
from agent.report.model import Report
from fixtures.people.everybody import BY_ID
from fixtures.people.portraits import Kind, portrait
from fixtures.server import MockSites
from fixtures.world import Registered
from flows.forms.model import Form
from flows.forms.registration import RegistrationStatement
from flows.profiles.schema import load
from tests.harness.program import CONSENTING, run_job, site_settings

ASK = "confirm.registration_check"
SAYING = Scripted({ASK: "我确认并提交"})
ONLY = ["registration_check"]
LZU = load("lzu-2024")


class Reader:
    """Somebody who keeps what was shown and types the words."""

    def __init__(self) -> None:
        self.shown: tuple[str, ...] = ()
        self.fields: dict[str, FieldShown] = {}
        self.text = ""

    def answer(self, ask: Ask) -> Answer | None:
        """Read, then agree."""
        if ask.id != ASK:
            return None
        self.fields = {field.label: field for field in ask.shown}
        values = [f"{field.label}：{field.value}" for field in ask.shown]
        self.shown, self.text = (*values, *ask.details), ask.text
        return Answer(ask.options[0], "test")

    def expects(self, ask_id: str) -> bool:
        """Somebody is there."""
        return ask_id == ASK


def run(
    browser: Browser,
    sites: MockSites,
    out: Path,
    student: str = "l01",
    answerers: Sequence[Answerer] = (CONSENTING, SAYING),
    today: date = date(2024, 4, 2),
    **more: Any,
) -> Report:
    """Run the notice's job for one student, on a day of its window."""
    settings = site_settings(sites, BY_ID[student])
    return run_job(browser, settings, out, profile=LZU, answerers=answerers, today=today, **more)


def submitted(sites: MockSites, student: str) -> str:
    """What stands in 核对备注 of the one submission."""
    (effect,) = sites.world.state()["effects"]
    assert (effect["site"], effect["kind"], effect["student"]) == ("lzu", "registration_submit", student)
    registration = sites.world.record(BY_ID[student]).registration
    assert registration is not None
    return registration.remark


def duty(report: Report, name: str = "registration_check") -> tuple[str, str]:
    """Status and note of a duty."""
    found = next(duty for duty in report.duties if duty.id == name)
    return found.status, found.note


def verdicts(report: Report) -> dict[str, str]:
    """Every check's verdict."""
    return {check.id: check.verdict for check in report.checks}


@pytest.mark.parametrize(
    "scenario",
    [
        "ordinary",
        "in_place",
        "tile_frame",
        "tile_behind_more",
        "notice_overlay",
        "session_lost",
        "registration_layer",
        "registration_bare",
    ],
)
def test_what_differs_is_written_as_before_and_after_and_submitted_once(
    browser: Browser, sites: MockSites, tmp_path: Path, scenario: str
) -> None:
    sites.world.set_scenario(scenario)
    reader = Reader()
    first = run(browser, sites, tmp_path / "one", "l02", [CONSENTING, reader])
    assert (first.exit_status, duty(first)[0]) == (0, "done"), first.trouble
    remark = "出生日期：原：2001-11-03 改：2001-11-23；专业：原：应用气象学 改：大气科学"
    assert submitted(sites, "l02") == remark
    assert f"核对备注：{remark}" in reader.shown
    assert not reader.fields["姓名"].differs
    major = reader.fields["专业"]
    assert (major.value, major.other, major.differs) == ("应用气象学", "大气科学", True)
    assert "我确认" in reader.text
    assert "提交" in reader.text
    found = verdicts(first)
    assert (found["identity.birth_date"], found["enrollment.major"]) == ("mismatch", "mismatch")
    assert (found["identity.name"], found["enrollment.college"]) == ("match", "match")
    assert any("学院教务老师" in step.contact for step in first.next_steps)
    second = run(browser, sites, tmp_path / "two", "l02", [CONSENTING, reader])
    assert (second.exit_status, duty(second)[0]) == (0, "already_done")
    assert "应用气象学" in duty(second)[1]
    submitted(sites, "l02")
    assert {ask.id for ask in second.asks} == set()


def test_where_all_is_right_nothing_is_written_beside_it(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    report = run(browser, sites, tmp_path / "case")
    assert (report.exit_status, duty(report)[0]) == (0, "done"), report.trouble
    assert submitted(sites, "l01") == ""
    assert set(verdicts(report).values()) == {"match"}
    assert len({check.id for check in report.checks}) == len(report.checks)


@pytest.mark.parametrize(
    "answerers",
    [[CONSENTING], [CONSENTING, Scripted({ASK: "yes"})], [SAYING]],
    ids=["nobody", "other words", "plan not agreed to"],
)
def test_nothing_but_plan_and_words_submits(
    browser: Browser, sites: MockSites, tmp_path: Path, answerers: list[Answerer]
) -> None:
    report = run(browser, sites, tmp_path / "case", answerers=answerers, only=ONLY)
    assert (report.exit_status, duty(report)[0]) == (10, "needs_person")
    assert sites.world.state()["effects"] == []


@pytest.mark.parametrize("mode", [Mode.CHECK, Mode.RUN])
def test_with_nobody_there_it_is_read_and_the_draft_is_told(
    browser: Browser, sites: MockSites, tmp_path: Path, mode: Mode
) -> None:
    report = run(browser, sites, tmp_path / "case", "l08", [CONSENTING], mode=mode)
    assert (report.exit_status, duty(report)[0]) == (0, "skipped")
    assert verdicts(report)["stated.party"] == "waiting"
    assert "民族：原：汉族 改：回族；专业：原：环境科学 改：资源循环科学与工程" in duty(report)[1]
    assert any("变更证明" in step.title for step in report.next_steps)
    assert sites.world.state()["effects"] == []


def test_a_party_that_the_committee_confirmed_is_written_down(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    form = Form(registration=RegistrationStatement(party="中共预备党员", party_confirmed=True))
    report = run(browser, sites, tmp_path / "case", "l03", form=form)
    assert (report.exit_status, duty(report)[0]) == (0, "done"), report.trouble
    assert submitted(sites, "l03") == "政治面貌：原：共青团员 改：中共预备党员（已向学院党委确认）"
    assert verdicts(report)["stated.party"] == "mismatch"
    assert any("教秘老师" in step.contact for step in report.next_steps)


@pytest.mark.parametrize(
    ("student", "remark"),
    [
        (
            "l04",
            "证件号码：原：H00000127 改：A123456(3)；证件类型：原：港澳居民来往内地通行证 改：港澳身份证",
        ),
        ("l05", "姓名：原：林台安 改：林臺安"),
        ("l06", "证件类型：原：居民身份证 改：护照"),
    ],
)
def test_holders_of_other_documents(
    browser: Browser, sites: MockSites, tmp_path: Path, student: str, remark: str
) -> None:
    report = run(browser, sites, tmp_path / "case", student)
    assert (report.exit_status, duty(report)[0]) == (0, "done"), report.trouble
    assert submitted(sites, student) == remark
    assert verdicts(report)["document.rule"] == ("match" if student == "l05" else "mismatch")
    numbers = {BY_ID[student].id_number, dict(BY_ID[student].misregistered).get("证件号码", "H00000127")}
    files = [path for path in (tmp_path / "case").rglob("*") if path.is_file()]
    assert [
        path.name for path in files if any(number.encode() in path.read_bytes() for number in numbers)
    ] == []


@pytest.mark.parametrize(
    ("scenario", "status", "said"),
    [
        ("registration_refused", 10, "系统维护中，请稍后再提交"),
        ("registration_ignored", 32, "已提交，但网站上还看不到结果"),
        ("registration_closed", 10, "现在不能核对"),
        ("face_check", 10, "人脸核验"),
        ("other_person", 12, "另一个人"),
        ("lzu_down", 21, "503"),
        ("wrong_password", 11, "有误"),
    ],
)
def test_trouble_is_told_and_nothing_is_submitted(
    browser: Browser, sites: MockSites, tmp_path: Path, scenario: str, status: int, said: str
) -> None:
    sites.world.set_scenario(scenario)
    report = run(browser, sites, tmp_path / "case")
    assert report.exit_status == status, report.trouble
    assert report.trouble is not None
    assert said in report.trouble.message
    assert bool(report.trouble.said) == (
        scenario in ("registration_refused", "registration_ignored", "face_check")
    )
    assert report.trouble.said in report.trouble.message
    assert sites.world.state()["effects"] == []


@pytest.mark.parametrize("fault", ["reset_before", "reset_after"])
def test_a_line_that_breaks_is_looked_at_and_never_submitted_twice(
    browser: Browser, sites: MockSites, tmp_path: Path, fault: str
) -> None:
    sites.world.add_fault("lzu", "submit.do", fault)
    report = run(browser, sites, tmp_path / "case", only=ONLY)
    arrived = len(sites.world.state()["effects"])
    assert arrived <= 1  # a browser may send again by itself what was cut off before
    assert report.exit_status == (0 if arrived else 32), report.trouble
    again = run(browser, sites, tmp_path / "again", only=ONLY)
    assert (again.exit_status, duty(again)[0]) == (0, "already_done" if arrived else "done")
    assert len(sites.world.state()["effects"]) == 1


@pytest.mark.parametrize("scenario", ["captcha_lzu", "qr_lzu"])
def test_ways_in(browser: Browser, sites: MockSites, tmp_path: Path, scenario: str) -> None:
    sites.world.set_scenario(scenario)
    report = run(browser, sites, tmp_path / "nobody", only=ONLY, answerers=[CONSENTING])
    assert (report.exit_status, "captcha.lzu" in {ask.id for ask in report.asks}) == (
        (10, True) if scenario == "captcha_lzu" else (10, False)
    )
    answers = Scripted({"captcha.lzu": "5093", ASK: "我确认并提交"})
    report = run(browser, sites, tmp_path / "case", answerers=[CONSENTING, answers])
    assert (report.exit_status, duty(report)[0]) == (0, "done"), report.trouble


def test_what_was_submitted_without_a_word_about_it_is_told(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    sites.world.record(BY_ID["l03"]).registration = Registered("", "", "2024-04-01 10:00")
    form = Form(registration=RegistrationStatement(party="中共预备党员", party_confirmed=True))
    report = run(browser, sites, tmp_path / "case", "l03", form=form)
    assert (report.exit_status, duty(report)[0]) == (0, "already_done")
    assert any("没有写明现在发现的不一致" in line for line in report.warnings)


def test_a_list_on_the_page_is_chosen_from_as_the_committee_confirmed(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    sites.world.set_scenario("registration_editable")
    reader = Reader()
    form = Form(registration=RegistrationStatement(party="中共预备党员", party_confirmed=True))
    report = run(browser, sites, tmp_path / "case", "l03", [CONSENTING, reader], form=form)
    assert (report.exit_status, duty(report)[0]) == (0, "done"), report.trouble
    assert "政治面貌：在页面上改选为“中共预备党员”" in reader.shown
    assert submitted(sites, "l03").startswith("政治面貌：原：共青团员 改：中共预备党员")
    registration = sites.world.record(BY_ID["l03"]).registration
    assert registration is not None
    assert registration.party == "中共预备党员"


def test_what_is_hidden_is_not_judged_and_what_is_unknown_is_told(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    sites.world.set_scenario("registration_masked+registration_extra")
    reader = Reader()
    report = run(browser, sites, tmp_path / "case", "l01", [CONSENTING, reader])
    assert (report.exit_status, duty(report)[0]) == (40, "done"), report.trouble
    assert verdicts(report)["identity.id_number"] == "unreadable"
    assert any("生源地" in line for line in report.degraded)
    assert "生源地：甘肃省兰州市" in reader.shown
    assert submitted(sites, "l01") == ""


@pytest.mark.parametrize(("today", "verdict"), [("2024-04-30", "waiting"), ("2024-05-01", "mismatch")])
def test_a_missing_photo_leads_to_the_office_and_keeps_nothing_else_back(
    browser: Browser, sites: MockSites, tmp_path: Path, today: str, verdict: str
) -> None:
    report = run(browser, sites, tmp_path / "case", "l07", today=date.fromisoformat(today))
    assert report.exit_status == 10
    assert duty(report, "chsi_check")[0] == "waiting"
    assert duty(report)[0] == "done"
    assert verdicts(report)["photo.present"] == verdict
    step = next(step for step in report.next_steps if "采集学历照片" in step.title)
    assert (step.where, step.deadline) == ("教务处", date(2024, 4, 30))
    assert "0931-8912031" in step.contact
    assert any("已于 2024-04-30 结束" in line for line in report.warnings) is (verdict == "mismatch")


@pytest.mark.parametrize(("kind", "verdict"), [(Kind.GRADUATION, "match"), (Kind.ADMISSION, "mismatch")])
def test_a_replaced_photo_must_be_the_latest(
    browser: Browser, sites: MockSites, tmp_path: Path, kind: Kind, verdict: str
) -> None:
    file = tmp_path / "mine.jpg"
    file.write_bytes(portrait(BY_ID["l01"].face, kind=kind))
    form = Form(registration=RegistrationStatement(photo_replaced=True, latest_photo=str(file)))
    report = run(browser, sites, tmp_path / "case", only=["chsi_check"], form=form)
    assert (report.exit_status, duty(report, "chsi_check")[0]) == (0, "done"), report.trouble
    assert verdicts(report)["photo.latest"] == verdict
    assert any("教学秘书手中的纸质照片" in step.title for step in report.next_steps)
