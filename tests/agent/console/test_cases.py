"""Cases on the console's pages: asks and answers, stopping, going on, withdrawing, deleting, and the desk over them all."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import escape, unescape
from pathlib import Path
from threading import Event, Thread

import pytest
from openpyxl import load_workbook

from agent.asks import Answer, Ask, AskKind
from agent.consent import Action, Sensitive, receipt_page
from agent.consent.gate import local_now
from agent.console.cases.live_case import CaseState, LiveCase
from agent.console.cases.messages import Answered
from agent.console.cases.registry import window_label
from agent.console.cases.worker import ConsoleClient
from agent.console.conditions_table import conditions_table
from agent.console.forms import receipt
from agent.console.views import STEPS_USUALLY, digest, steps_expected
from agent.privacy.private_files import PrivateFolder
from agent.report import files
from agent.report.model import ChangeRow, NextStep
from agent.report.render import record_checks
from agent.report.words import change_words, tally
from tests.agent.console.fakework import ASKS
from tests.agent.console.house import NOTICE, Visit, shelve, visiting
from tests.agent.report import samples
from tests.harness.cases import NUMBER

CHANGE = ChangeRow(
    what="condition",
    id="学信网毕业图像比对结果合格",
    label="学信网毕业图像比对结果合格",
    before="",
    after="已通过",
    since=datetime(2024, 6, 3, 10, tzinfo=UTC),
)
CONSENT = {
    "profile": NOTICE.id,
    "student": "yes_no",
    "helper": "李老师（教学点）",
    "contact": "029-00000000",
    "name": "王岚",
    "id_number": NUMBER,
    "valid_days": "1",
    "keep_days": "7",
    "read": "yes",
    **{f"tick.{tick}": "yes" for tick in (Action.READ_CHSI, Action.SAVE_PHOTO, Sensitive.ID_NUMBER)},
}


@pytest.fixture
def visit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """A browser that has opened the address; consents are registered in a folder of the test's."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with visiting(tmp_path / "cases") as visit:
        visit.enter()
        yield visit


@pytest.fixture
def ended(tmp_path: Path) -> Iterator[Visit]:
    """The same, of a console with one case that has ended."""
    shelve(tmp_path)
    with visiting(tmp_path) as visit:
        visit.enter()
        yield visit


def _asking(visit: Visit, kind: str = "yes_no") -> LiveCase:
    case = visit.begin(kind)
    visit.wait_for(case, CaseState.ASKING)
    return case


def _answer(visit: Visit, case: LiveCase, **form: str) -> None:
    assert case.asked
    page = visit.post(f"/cases/{case.name}/answer", number=str(case.asked.number), **form)
    assert page.status_code == 200


def _home(visit: Visit) -> str:
    visit.enter()
    text: str = visit.client.get("/").text
    return text


def _said(visit: Visit, case: LiveCase) -> str:
    """What the case's process got for an answer."""
    visit.wait_for(case, CaseState.ENDED)
    (step,) = case.steps
    return step.detail


# -- asks ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "shown", "form", "answer"),
    [
        ("yes_no", "要按下面的计划在网站上操作吗？", {"value": "yes"}, "yes"),
        ("choice", "乙校", {"value": "乙校"}, "乙校"),
        ("secret", "输入图片里的验证码", {"value": " 7352 "}, "7352"),
        ("words", "信息无误", {"value": "信息无误"}, "信息无误"),
        ("words", "不同意", {"value": "信息无误", "refuse": "yes"}, "no"),
        ("form", "年龄", {"field.name": "王示例", "field.age": "30"}, {"name": "王示例", "age": "30"}),
        (
            "fields",
            "不对，应为…",
            {"is.name": "right", "is.major": "wrong", "right.major": " 大气科学 ", "right.name": "x"},
            {"major": "大气科学"},
        ),
        ("fields", "核对好了", {"is.name": "right", "is.major": "right"}, {"major": None}),
        ("proofread", "我做好了", {"value": "done"}, "done"),
        ("proofread", "这次跳过", {"value": "skip"}, "skip"),
    ],
)
def test_every_sort_of_ask_is_answered(
    visit: Visit, kind: str, shown: str, form: dict[str, str], answer: object
) -> None:
    case = _asking(visit, kind)
    assert shown in visit.client.get(f"/cases/{case.name}").text
    _answer(visit, case, **form)
    said = _said(visit, case)
    assert (json.loads(said) if isinstance(answer, dict) else said) == answer


def test_words_that_do_not_fit_are_typed_again_as_often_as_needed(visit: Visit) -> None:
    """One wrong character is told beside the field; the case, with both sign-ins, goes on waiting."""
    case = _asking(visit, "words")
    for typed, told in (("信息无误。", "多了“。”"), ("信息无", "少了“误”"), ("", "还没有输入")):
        assert case.asked
        page = visit.post(f"/cases/{case.name}/answer", number=str(case.asked.number), value=typed)
        assert told in page.text
        assert 'aria-invalid="true"' in page.text
        assert case.state is CaseState.ASKING
    _answer(visit, case, value=" 信息无误 ")
    assert _said(visit, case) == "信息无误"


def test_a_field_said_to_be_wrong_is_asked_for_until_it_is_put_right(visit: Visit) -> None:
    case = _asking(visit, "fields")
    assert 'value="大气科学"' in visit.client.get(f"/cases/{case.name}").text  # what the other site has
    assert case.asked
    wrong = {"is.name": "wrong", "right.name": "", "is.major": "wrong", "right.major": "别的"}
    page = visit.post(f"/cases/{case.name}/answer", number=str(case.asked.number), **wrong)
    assert "要写上正确的内容：姓名" in page.text
    assert 'value="别的"' in page.text
    _answer(visit, case, **{**wrong, "right.name": "王岚岚"})
    assert json.loads(_said(visit, case)) == {"name": "王岚岚", "major": "别的"}


def test_the_picture_of_an_ask_is_there_while_it_is_asked(visit: Visit) -> None:
    case = _asking(visit, "secret")
    address = f"/cases/{case.name}/ask/1/image"
    assert visit.client.get(address).headers["content-type"] == "image/png"
    assert visit.client.get(address.replace("/1/", "/2/")).status_code == 404
    _answer(visit, case, value="7352")
    assert visit.client.get(address).status_code == 404


def test_both_pictures_of_an_upload_stand_beside_its_ask(visit: Visit) -> None:
    case = _asking(visit, "pictures")
    page = visit.client.get(f"/cases/{case.name}").text
    address = f"/cases/{case.name}/ask/1/pictures"
    kinds = [visit.client.get(f"{address}/{index}").headers["content-type"] for index in (0, 1)]
    assert kinds == ["image/jpeg", "image/png"]
    assert all(f'src="{address}/{index}"' in page for index in (0, 1))
    for other in ("2", "-1"):
        assert visit.client.get(f"{address}/{other}").status_code == 404
    _answer(visit, case, value="yes")
    assert visit.client.get(f"{address}/0").status_code == 404


def test_the_photo_to_upload_by_hand_is_shown_and_its_folder_opens(visit: Visit) -> None:
    case = _asking(visit, "upload")
    page = visit.client.get(f"/cases/{case.name}").text
    assert "照片文件：/tmp/case/photo/610000.jpg" in page
    assert "等你在窗口里操作" in page
    assert "演练用的账号" not in page
    picture = f"/cases/{case.name}/ask/1/pictures/0"
    assert f'src="{picture}"' in page
    assert visit.client.get(picture).headers["content-type"] == "image/jpeg"
    assert "打开照片所在的文件夹" in page
    opening = f"/cases/{case.name}/open-photo"
    assert visit.post(opening).status_code != 200  # nothing was saved yet
    (case.folder / "photo").mkdir()
    assert visit.post(opening).status_code == 200


def test_an_ask_that_nobody_answers_is_over(visit: Visit) -> None:
    case = visit.begin("late")
    visit.wait_for(case, CaseState.ENDED)
    assert case.refused is not None
    assert "没有人可以回答" in case.refused.message
    assert case.refused.message in visit.client.get(f"/cases/{case.name}").text


def test_without_a_window_nobody_is_sent_to_one() -> None:
    """The run stops at once and says so; it does not wait for a sign-in that cannot be."""
    said = io.BytesIO()
    assert ConsoleClient(said, windows=False).answer(ASKS["done"]) is None
    assert ConsoleClient(said, windows=True).answer(ASKS["done"]) == Answer("yes", "console")
    assert said.getvalue().count(b"asked") == 1
    assert not ConsoleClient(said, windows=False).expects("chsi.proofread")
    assert ConsoleClient(said, windows=False).expects("apply-plan")


def test_an_answer_to_another_ask_is_dropped(visit: Visit) -> None:
    case = _asking(visit)
    for number in ("2", "0", "x", ""):
        visit.post(f"/cases/{case.name}/answer", number=number, value="yes")
    assert case.state is CaseState.ASKING
    _answer(visit, case, value="no")
    visit.post(f"/cases/{case.name}/answer", number="1", value="yes")  # pressed twice
    assert _said(visit, case) == "no"


def test_two_cases_at_once_stay_apart(visit: Visit) -> None:
    one, two = _asking(visit), _asking(visit, "choice")
    assert (one.request.number, two.request.number) == (1, 2)
    assert one.folder != two.folder
    _answer(visit, two, value="甲校")
    assert _said(visit, two) == "甲校"
    assert one.state is CaseState.ASKING
    assert "甲校" not in visit.client.get(f"/cases/{one.name}").text
    assert "乙校" not in visit.client.get(f"/cases/{one.name}").text


def test_two_cases_windows_stand_apart_and_are_named(visit: Visit) -> None:
    one = _asking(visit)
    two = visit.of(visit.post("/consent", **CONSENT))
    visit.wait_for(two, CaseState.ASKING)
    assert (one.place, two.place) == (0, 1)
    assert (window_label(one), window_label(two)) == ("1号", "2号 王*")
    _answer(visit, one, value="yes")
    visit.wait_for(one, CaseState.ENDED)
    assert _asking(visit).place == 0  # which is free again


def test_the_first_page_offers_no_file_to_fill_in_elsewhere(visit: Visit) -> None:
    page = visit.client.get("/").text
    assert "先在网页上填写" in page
    assert "form.toml" not in page


def test_who_does_it_for_themselves_has_no_number(visit: Visit) -> None:
    case = _asking(visit)
    assert f"<h1>{NOTICE.title}</h1>" in visit.client.get(f"/cases/{case.name}").text


def test_a_number_is_never_used_twice(visit: Visit, tmp_path: Path) -> None:
    """Neither after the case was deleted, nor by another console at the same folder, nor on another day."""
    first = _asking(visit)
    _answer(visit, first, value="yes")
    visit.wait_for(first, CaseState.ENDED)
    visit.post(f"/cases/{first.name}/forget")
    shutil.rmtree(first.folder)
    with visiting(tmp_path / "cases") as other:
        other.enter()
        assert [_asking(other).request.number, _asking(visit).request.number] == [2, 3]
    shelve(tmp_path / "cases", datetime(2024, 6, 3, 10, tzinfo=UTC), number=7)
    with visiting(tmp_path / "cases") as later:
        later.enter()
        assert _asking(later).request.number == 8


# -- stopping and going on -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["yes_no", "done"])
def test_a_case_is_stopped_while_it_waits(visit: Visit, kind: str) -> None:
    """Also while somebody is to sign in by hand, when there is no step to stop before."""
    case = _asking(visit, kind)
    visit.post(f"/cases/{case.name}/stop")
    visit.wait_for(case, CaseState.ENDED)
    assert case.refused is not None
    assert "Ctrl-C" not in case.refused.message  # nobody pressed that
    assert not case.asked


@pytest.mark.skipif(os.name == "nt", reason="no signal is passed on to a process on Windows")
def test_a_case_is_stopped_where_the_console_runs_in_the_background(
    visit: Visit, request: pytest.FixtureRequest
) -> None:
    """A shell lets what it starts with ``&`` ignore Ctrl-C, and so would everything started from there."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    case = _asking(visit, "done")
    visit.post(f"/cases/{case.name}/stop")
    visit.wait_for(case, CaseState.ENDED)
    assert case.refused is not None


def test_a_case_whose_process_dies_can_go_on(visit: Visit) -> None:
    case = visit.begin("crash")
    visit.wait_for(case, CaseState.BROKEN)
    assert "继续办理" in visit.client.get(f"/cases/{case.name}").text
    visit.post(f"/cases/{case.name}/again")
    visit.wait_for(case, CaseState.BROKEN)
    assert case.folder.is_dir()


def test_the_report_of_a_run_before_is_not_taken_for_this_ones(tmp_path: Path) -> None:
    shelve(tmp_path, student="crash")
    with visiting(tmp_path) as visit:
        visit.enter()
        (case,) = visit.cases
        assert case.state is CaseState.ENDED
        visit.post(f"/cases/{case.name}/again")
        visit.wait_for(case, CaseState.BROKEN)


def test_another_console_finds_the_cases_again(visit: Visit, tmp_path: Path) -> None:
    """The one before went away in the middle: its cases stop, and go on in the next one."""
    case = _asking(visit)
    assert visit.client.portal
    visit.client.portal.call(visit.cases.close)
    with visiting(tmp_path / "cases") as again:
        again.enter()
        (found,) = again.cases
        assert found.name == case.name
        assert found.request == case.request
        assert "1号" in again.client.get("/desk").text
        again.post(f"/cases/{found.name}/again")
        again.wait_for(found, CaseState.ASKING)
        _answer(again, found, value="yes")
        assert _said(again, found) == "yes"


def test_a_case_that_is_gone_is_not_run_again(ended: Visit) -> None:
    (case,) = ended.cases
    page = ended.post(f"/cases/{case.name}/forget")
    assert "照片 3 个文件" in page.text
    assert [path.name for path in case.folder.iterdir()] == ["audit.jsonl"]
    ended.post(f"/cases/{case.name}/again")
    assert case.state is CaseState.FORGOTTEN
    assert "王*" not in ended.client.get("/desk").text


def test_a_running_case_is_not_deleted(visit: Visit) -> None:
    case = _asking(visit)
    page = visit.post(f"/cases/{case.name}/forget")
    assert page.status_code == 409
    assert "正被另一个 gradsync 使用" in page.text


# -- helping -------------------------------------------------------------------------------------------------------------


def test_helping_takes_a_consent_first(visit: Visit) -> None:
    page = visit.post("/cases", profile=NOTICE.id, who="assisted", student="yes_no")
    assert page.url.path == "/consent"
    assert list(visit.cases) == []
    for tick in (*Action, *Sensitive):
        asked = tick is not Action.COMPARE_FACES  # asked once, as the separate consent
        assert (f'name="tick.{tick}" value="yes"' in page.text) is asked
        assert f'name="tick.{tick}" value="yes" checked' not in page.text


def test_the_receipt_is_written_before_anything_runs(visit: Visit) -> None:
    case = visit.of(visit.post("/consent", **CONSENT))
    visit.wait_for(case, CaseState.ASKING)
    assert case.receipt is not None
    assert case.receipt.ticks == {Action.READ_CHSI, Action.SAVE_PHOTO, Sensitive.ID_NUMBER}
    assert case.is_assisted
    page = visit.client.get(f"/cases/{case.name}")
    assert "王*" in page.text
    assert "王岚" not in page.text
    assert NUMBER not in page.text
    assert "本人" in visit.client.get(f"/cases/{case.name}/consent").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"id_number": "610000199603164220"}, "证件号码不能用"),
        ({"helper": ""}, "没有写办理人员"),
        ({"read": ""}, "还没有确认已阅读"),
        ({"name": ""}, "没有姓名"),
        ({"valid_days": "0"}, "天数不能用"),
        ({"keep_days": "1000"}, "天数不能用"),
        (dict.fromkeys((f"tick.{Action.READ_CHSI}", f"tick.{Action.SAVE_PHOTO}"), ""), "没有同意任何一项"),
    ],
)
def test_a_consent_that_cannot_be_is_said_on_the_page(
    visit: Visit, changed: dict[str, str], said: str
) -> None:
    page = visit.post("/consent", **{**CONSENT, **changed})
    assert page.status_code == 422
    assert said in page.text
    assert "李老师" in page.text or "helper" in changed
    assert NUMBER not in page.text  # what was typed in secret does not come back
    assert list(visit.cases) == []


def _without(tick: Sensitive | Action) -> dict[str, str]:
    return {name: value for name, value in CONSENT.items() if name != f"tick.{tick}"}


def test_a_consent_that_cannot_carry_the_case_begins_nothing(visit: Visit) -> None:
    """Both sign-ins would be for nothing."""
    page = visit.post("/consent", **_without(Sensitive.ID_NUMBER))
    assert page.status_code == 422
    assert "没有同意“使用身份证件号码”，这样办不成" in page.text
    assert 'name="tick.read_chsi" value="yes" checked' in page.text
    assert list(visit.cases) == []


def test_a_consent_is_added_to_with_the_student_there(visit: Visit) -> None:
    """A case of before, whose consent was not enough, does not start again until it is."""
    case = visit.of(visit.post("/consent", **CONSENT))
    visit.wait_for(case, CaseState.ASKING)
    assert visit.client.get(f"/cases/{case.name}/consent/amend").status_code == 404  # while it runs
    visit.post(f"/cases/{case.name}/stop")
    visit.wait_for(case, CaseState.ENDED)
    less = receipt(_without(Sensitive.ID_NUMBER), local_now(), frozenset())
    receipt_page.write(less, case.folder)
    page = visit.post(f"/cases/{case.name}/again")
    assert page.url.path.endswith("/consent/amend")
    assert "还没有同意“使用身份证件号码”" in page.text
    assert "李老师" in page.text
    assert case.state is CaseState.ENDED
    other = visit.post(page.url.path, **{**CONSENT, "id_number": "610000199002022225"})
    assert "不是同一名学生" in other.text
    visit.post(page.url.path, **CONSENT, **{f"tick.{Action.UPLOAD_PHOTO}": "yes"})
    visit.wait_for(case, CaseState.ASKING)
    assert case.receipt is not None
    assert case.receipt.ticks > less.ticks
    assert case.receipt.receipt_id != less.receipt_id


def test_for_oneself_there_is_no_consent_to_add_to(ended: Visit) -> None:
    (case,) = ended.cases
    assert ended.client.get(f"/cases/{case.name}/consent/amend").status_code == 404


def test_withdrawing_stops_and_deletes(visit: Visit) -> None:
    case = visit.of(visit.post("/consent", **CONSENT))
    visit.wait_for(case, CaseState.ASKING)
    visit.post(f"/cases/{case.name}/withdraw")
    visit.wait_for(case, CaseState.WITHDRAWN)
    assert sorted(path.name for path in case.folder.iterdir()) == ["audit.jsonl"]
    page = visit.client.get(f"/cases/{case.name}").text
    assert "同意已撤回" in page
    visit.post(f"/cases/{case.name}/again")
    assert case.state is CaseState.WITHDRAWN


def test_for_oneself_there_is_nothing_to_withdraw(visit: Visit) -> None:
    case = _asking(visit)
    assert "撤回同意" not in visit.client.get(f"/cases/{case.name}").text
    visit.post(f"/cases/{case.name}/withdraw")
    assert case.state is CaseState.ASKING


# -- the desk ------------------------------------------------------------------------------------------------------------


def test_the_desk_lists_what_each_case_waits_for(visit: Visit) -> None:
    one, two = _asking(visit), _asking(visit, "secret")
    page = visit.client.get("/desk").text
    assert page.index("2号") < page.index("1号")
    assert page.count("等你回答") == 3  # among the numbers of the day, and at each case
    for case in (one, two):
        assert case.asked
        assert case.asked.ask.text in page


def test_an_empty_desk_offers_nothing_to_filter(visit: Visit, ended: Visit) -> None:
    page = visit.client.get("/desk").text
    assert "今天还没有案例" in page
    assert "导出" not in page
    assert "导出 CSV" in ended.client.get("/desk").text


def test_the_summary_is_filtered_by_what_is_not_met(ended: Visit) -> None:
    whole = conditions_table(ended.cases)
    (row,) = whole.rows
    met = next(name for name, found in row.conditions.items() if found.status == "met")
    assert whole.lacking(row.unmet[0]).rows == (row,)
    assert whole.lacking(met).rows == ()
    assert "1 名学生没有达到" in ended.client.get("/desk", params={"unmet": row.unmet[0]}).text
    assert "0 名学生没有达到" in ended.client.get("/desk", params={"unmet": met}).text
    assert len(_rows(ended, {"unmet": met})) == 1
    assert len(_rows(ended, {})) == 2
    assert ended.client.get("/desk/summary.exe").status_code == 404
    book = load_workbook(io.BytesIO(ended.client.get("/desk/summary.xlsx").content))
    assert [[cell.value or "" for cell in row] for row in book.worksheets[0]] == whole.cells()


def test_the_desk_is_of_today_and_keeps_the_rest_apart(tmp_path: Path) -> None:
    shelve(tmp_path, datetime(2024, 6, 3, 10, tzinfo=UTC))
    with visiting(tmp_path) as visit:
        visit.enter()
        page = visit.client.get("/desk").text
        assert "今天还没有案例" in page
        assert "以前的案例（1）" in page
        assert len(_rows(visit, {})) == 1
        assert len(_rows(visit, {"days": "all"})) == 2


def _rows(visit: Visit, query: dict[str, str]) -> list[list[str]]:
    answer = visit.client.get("/desk/summary.csv", params=query)
    assert "attachment" in answer.headers["content-disposition"]
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_broken_report_is_no_report(ended: Visit) -> None:
    (case,) = ended.cases
    (case.folder / files.REPORT).write_text("{")
    assert case.state is CaseState.BROKEN
    assert "继续办理" in ended.client.get(f"/cases/{case.name}").text


def test_an_ended_case_shows_photos_conditions_and_what_is_kept(ended: Visit) -> None:
    (case,) = ended.cases
    page = ended.client.get(f"/cases/{case.name}").text
    for name in ("chsi", "platform_copy", "enrollment"):
        assert f'src="/cases/{case.name}/photos/{name}"' in page
    assert 'class="state red"' in page
    assert "立即删除" in page
    assert str(case.folder) in page


# -- the end page --------------------------------------------------------------------------------------------------------


def test_the_end_page_is_the_report(ended: Visit) -> None:
    """Reasons, places, contacts, what does not agree, grades, and everything that can be done with the files."""
    (case,) = ended.cases
    assert case.report
    page = ended.client.get(f"/cases/{case.name}").text
    for step in case.report.next_steps:
        assert all(escape(text) in page for text in (step.title, step.why, step.where, step.contact) if text)
    for row in case.report.checks:
        assert (f"<strong>{row.label}</strong>" in page) is (row.verdict not in ("match", "tolerated"))
    assert ("平均总评成绩" in page) is bool(case.report.grades)
    for button in ("打开文件夹", "保存 PDF", "立即删除", "再看一遍（不改动）"):
        assert button in page
    assert ended.client.get(f"/cases/{case.name}/report.pdf").content == b"%PDF-1.7"
    assert ended.post(f"/cases/{case.name}/open").status_code == 200
    assert ended.client.get(f"/cases/{case.name}/deadline.ics").status_code == 404
    (case.folder / "deadline.ics").write_text("BEGIN:VCALENDAR", "utf-8")
    assert "日历提醒" in ended.client.get(f"/cases/{case.name}").text
    assert ended.client.get(f"/cases/{case.name}/deadline.ics").text == "BEGIN:VCALENDAR"


def test_what_the_grades_are_held_against_is_not_counted_among_the_records(ended: Visit) -> None:
    """The page and the report count the same."""
    (case,) = ended.cases
    report = files.load(case.folder)
    of_grades = report.checks[0].model_copy(update={"id": "grades.average", "verdict": "match"})
    report = report.model_copy(update={"checks": (*report.checks, of_grades)})
    (case.folder / files.REPORT).write_text(report.model_dump_json(), "utf-8")
    counted = tally((row.verdict for row in record_checks(report)), "check")
    assert f">{escape(counted)}<" in ended.client.get(f"/cases/{case.name}").text


def test_whoever_did_not_come_through_goes_on_where_it_is_said(ended: Visit) -> None:
    """What happened, what to do now and the button that does it stand together; for oneself there is no next student."""
    (case,) = ended.cases
    report = samples.wrong_password()
    assert report.trouble
    errand = NextStep(title=report.trouble.remedy, why=report.trouble.message, where="", who="student")
    others = samples.done().next_steps
    failed = report.model_copy(update={"next_steps": (errand, *others)})
    PrivateFolder(case.folder, str).write_as_is("report.json", failed.to_json().encode())
    page = ended.client.get(f"/cases/{case.name}").text
    note = page.partition('id="trouble-title"')[2].partition("</section>")[0]
    assert report.trouble.remedy in note
    assert "继续办理</button>" in note
    assert page.count("继续办理</button>") == page.count(report.trouble.remedy) == 1
    assert all(escape(step.title) in page for step in others)
    assert "办理下一位" not in page


def test_a_run_that_was_stopped_early_says_nothing_of_how_many_steps_there_are(ended: Visit) -> None:
    """第 1 步，共约 1 步 would count on the one step after which somebody pressed 停下."""
    (case,) = ended.cases
    for report, about in ((samples.wrong_password(), STEPS_USUALLY), (samples.done(), len(samples.steps()))):
        case.before = report
        PrivateFolder(case.folder, str).write_as_is("report.json", report.to_json().encode())
        case._was_read = False
        assert steps_expected(case, ended.cases) == about


def test_what_was_ticked_off_stays_ticked(ended: Visit, tmp_path: Path) -> None:
    (case,) = ended.cases
    assert case.report
    step = digest(case.report.next_steps[0].title)
    ended.post(f"/cases/{case.name}/tick", step="of no report")
    assert not case.request.ticked
    ended.post(f"/cases/{case.name}/tick", step=step)
    with visiting(tmp_path) as later:
        later.enter()
        (found,) = later.cases
        assert found.request.ticked == {step}
        assert later.client.get(f"/cases/{found.name}").text.count('aria-pressed="true"') == 1
        later.post(f"/cases/{found.name}/tick", step=step)
        assert not found.request.ticked


def test_who_looks_again_sees_what_changed(ended: Visit) -> None:
    (case,) = ended.cases
    page = ended.client.get(f"/cases/{case.name}").text
    assert "相比" not in page  # a first report has nothing before it
    report = files.load(case.folder)
    for changes, told in (((CHANGE,), change_words(CHANGE)), ((), "没有变化")):
        now = report.model_copy(update={"changes": changes})
        PrivateFolder(case.folder, str).write_as_is("report.json", now.to_json().encode())
        with visiting(case.folder.parent) as later:
            later.enter()
            assert told in unescape(later.client.get(f"/cases/{case.name}").text)
            assert ("→ 已通过" in later.client.get("/desk").text) == bool(changes)


def test_looking_again_is_told_to_the_process(ended: Visit) -> None:
    (case,) = ended.cases
    ended.post(f"/cases/{case.name}/again", mode="look")
    ended.wait_for(case, CaseState.ASKING)
    _answer(ended, case, value="yes")
    ended.wait(lambda: not case.is_running)
    assert case.told[-1] == "only_looks=True, demo=True"


def test_a_notice_whose_days_are_over_is_offered_as_such(tmp_path: Path) -> None:
    for today, is_over in ((date(2024, 6, 11), False), (date(2024, 6, 12), True)):
        with visiting(tmp_path, rehearsal=(), today=lambda day=today: day) as visit:
            assert ("已结束" in _home(visit)) is is_over


def test_only_looking_can_be_chosen_before_the_start(visit: Visit) -> None:
    page = visit.post("/cases", profile=NOTICE.id, who="self", student="yes_no", mode="look", keep="yes")
    case = visit.of(page)
    visit.wait_for(case, CaseState.ASKING)
    _answer(visit, case, value="yes")
    visit.wait_for(case, CaseState.ENDED)
    assert case.told[-1] == "only_looks=True, demo=True"
    assert case.request.keeps_sign_ins
    assert "登录已加密保存" in visit.client.get(f"/cases/{case.name}").text


# -- the next one --------------------------------------------------------------------------------------------------------


def test_the_helper_is_remembered_and_the_next_one_is_begun_alike(visit: Visit, tmp_path: Path) -> None:
    assert 'value="李老师' not in visit.client.get(f"/consent?profile={NOTICE.id}&student=form").text
    case = visit.of(visit.post("/consent", **CONSENT))
    visit.wait_for(case, CaseState.ASKING)
    visit.post(f"/cases/{case.name}/withdraw")
    visit.wait_for(case, CaseState.WITHDRAWN)
    link = f"/?who=assisted&amp;profile={NOTICE.id}"
    assert link in visit.client.get(f"/cases/{case.name}").text
    assert 'value="assisted" checked' in visit.client.get(link.replace("&amp;", "&")).text
    with visiting(tmp_path / "cases") as later:
        later.enter()
        page = later.client.get(f"/consent?profile={NOTICE.id}&student=form").text
        assert 'value="李老师（教学点）"' in page
        assert 'value="029-00000000"' in page
        assert "王岚" not in page


def test_a_number_is_checked_while_it_is_typed(visit: Visit) -> None:
    assert visit.post("/consent/number", id_number=NUMBER).json() == {"problem": ""}
    assert visit.post("/consent/number", id_number="610000199603164220").json()["problem"]
    assert visit.post("/consent/number", id_number="").json() == {"problem": ""}


def test_the_desk_counts_the_day(visit: Visit) -> None:
    _asking(visit)
    _asking(visit, "secret")
    ended = _asking(visit)
    visit.post(f"/cases/{ended.name}/forget")  # which runs, and stays
    visit.post(f"/cases/{ended.name}/stop")
    visit.wait_for(ended, CaseState.ENDED)
    page = visit.client.get("/desk").text
    assert "等你回答</dt><dd>2" in page
    assert "没有开始</dt><dd>1" in page


class OneLine(io.RawIOBase):
    """A console that says one thing, and then stays."""

    def __init__(self, line: bytes) -> None:
        self.line, self.heard = line, Event()

    def readline(self, size: int | None = -1, /) -> bytes:
        """Return the line; then say that it was taken, and wait."""
        if line := self.line:
            self.line = b""
            return line
        self.heard.set()
        Event().wait()
        return b""


@pytest.mark.parametrize(("number", "left_out"), [(1, True), (7, False)])
def test_what_is_waited_for_in_the_window_can_be_left_out(number: int, left_out: bool) -> None:
    ask = Ask("take-over.chaoxing", AskKind.DONE, "请在打开的窗口里自己点到这一页", "chaoxing")
    caller = ConsoleClient(io.BytesIO(), windows=True)
    assert caller.answer(ask) == Answer("yes", "console")
    assert not caller.skipped(ask)
    console = OneLine(Answered(number=number, value="skip").line())
    Thread(target=caller.listen, args=(console,), daemon=True).start()
    assert console.heard.wait(10)
    assert caller.skipped(ask) is left_out
