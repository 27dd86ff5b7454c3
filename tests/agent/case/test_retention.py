"""Forgetting: nothing of the person is left but the log, which holds nothing of them; and nothing else is touched."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from agent import consent
from agent.case import case
from agent.case.audit_check import examine
from agent.case.audit_log import verify
from agent.case.journal import Journal
from agent.case.retention import due, forget, forget_all, of_receipt
from agent.consent import Gate, Register
from agent.errors import CaseBusy, UsageError
from agent.privacy.private_files import PrivateFolder
from agent.privacy.redaction import Redactor
from agent.report.files import load
from agent.settings import Settings
from flows.forms.shown_entries import keep_entries
from flows.job import Job
from flows.profiles.schema import load as load_profile
from flows.run.consents import needed
from tests.harness.cases import NUMBER, finished_case
from tests.harness.consents import NOW, WEEK, gate, receipt
from tests.harness.program import Silent

TRACES = (NUMBER, NUMBER[-4:], "王", "是同一张照片", "毕业")


def _left(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def _traces(folder: Path) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [trace for path in files for trace in TRACES if trace.encode() in path.read_bytes()]


def _consented(folder: Path, register: Register, keep: timedelta = WEEK) -> Path:
    """Leave a whole case that was made with a consent."""
    with case.opened(folder, Redactor()) as opened:
        opened.bind(Gate(receipt(keep=keep), needed, register))
    return finished_case(folder)


# -- one case ------------------------------------------------------------------------------------------------------------


def test_only_the_log_is_left_and_it_holds_nothing_of_anybody(tmp_path: Path) -> None:
    finished_case(tmp_path)
    assert _traces(tmp_path)
    gone = forget(tmp_path)
    assert _left(tmp_path) == {"audit.jsonl"}
    assert _traces(tmp_path) == []
    assert dict(gone.deleted) == {"照片": 1, "留证": 3, "报告": 3, "日历提醒": 1}
    assert gone.left == ()
    assert NUMBER not in gone.describe()


def test_the_log_stays_whole_and_says_so(tmp_path: Path) -> None:
    before = verify(finished_case(tmp_path)).records
    forget(tmp_path)
    assert verify(tmp_path).records == before + 1
    audited = examine(tmp_path)
    assert audited.level == "ok", audited


def test_forgetting_again_deletes_nothing_more(tmp_path: Path) -> None:
    forget(finished_case(tmp_path))
    assert "没有可删除" in forget(tmp_path).describe()
    assert _left(tmp_path) == {"audit.jsonl"}


def test_what_a_kill_left_half_written_goes_too(tmp_path: Path) -> None:
    finished_case(tmp_path)
    (tmp_path / ".report.json.part").write_text(NUMBER)
    (tmp_path / "photo" / ".x.jpg.part").write_text(NUMBER)
    forget(tmp_path)
    assert _left(tmp_path) == {"audit.jsonl"}


def test_what_the_platform_has_shown_of_the_family_goes_too(tmp_path: Path) -> None:
    finished_case(tmp_path)
    keep_entries(PrivateFolder(tmp_path, str), "family", [{"name": "王岚"}])
    gone = forget(tmp_path)
    assert _left(tmp_path) == {"audit.jsonl"}
    assert gone.left == ()


def test_what_is_not_the_programs_is_left_and_named(tmp_path: Path) -> None:
    finished_case(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    gone = forget(tmp_path)
    assert gone.left == ("notes.txt",)
    assert "notes.txt" in gone.describe()
    assert _left(tmp_path) == {"audit.jsonl", "notes.txt"}


def test_a_link_is_cut_and_what_it_leads_to_is_left(tmp_path: Path) -> None:
    album = tmp_path / "album"
    album.mkdir()
    (album / "mine.jpg").write_text("mine")
    folder = finished_case(tmp_path / "case", evidence=0)
    (folder / "photo").rename(tmp_path / "moved")
    (folder / "photo").symlink_to(album)
    forget(folder)
    assert not (folder / "photo").exists()
    assert (album / "mine.jpg").read_text() == "mine"


def test_a_log_that_was_tampered_with_keeps_nobody_from_forgetting(tmp_path: Path) -> None:
    finished_case(tmp_path)
    text = (tmp_path / "audit.jsonl").read_text("utf-8").replace("step-2", "step-9")
    (tmp_path / "audit.jsonl").write_text(text, "utf-8")
    forget(tmp_path)
    assert (tmp_path / "audit.jsonl").read_text("utf-8") == text
    assert _left(tmp_path) == {"audit.jsonl"}


def test_a_case_that_a_run_works_on_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    finished_case(tmp_path)
    before = _left(tmp_path)
    with case.opened(tmp_path, Redactor()), pytest.raises(CaseBusy):
        forget(tmp_path)
    assert _left(tmp_path) == before


@pytest.mark.parametrize(
    "content", [{}, {"report.json": "{}", "photo/me.jpg": "me"}, {"audit.jsonl": "hello\n"}]
)
def test_a_folder_that_is_no_case_is_refused_and_left_as_it_is(
    content: dict[str, str], tmp_path: Path
) -> None:
    for name, text in content.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    before = _left(tmp_path)
    with pytest.raises(UsageError):
        forget(tmp_path)
    assert _left(tmp_path) == before


def test_another_programs_journal_makes_no_case(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").write_bytes(b"another program's" * 100)
    (tmp_path / "report.json").write_text("{}")
    with pytest.raises(UsageError):
        forget(tmp_path)
    assert _left(tmp_path) == {"journal.sqlite", "report.json"}


def test_an_emptied_journal_holds_nothing_on_the_disk(tmp_path: Path) -> None:
    finished_case(tmp_path)
    journal = Journal(tmp_path)
    journal.forget()
    journal.close()
    assert b"\xe5\x90\x8c" not in (tmp_path / "journal.sqlite").read_bytes()
    assert Journal(tmp_path).state("key") is None


# -- many cases ----------------------------------------------------------------------------------------------------------


def test_what_was_agreed_to_be_deleted_is_due_and_nothing_before(tmp_path: Path) -> None:
    register = Register(tmp_path / "register")
    week = _consented(tmp_path / "week", register)
    longer = _consented(tmp_path / "longer", register, keep=2 * WEEK)
    finished_case(tmp_path / "own")
    assert list(due(register, NOW + WEEK - timedelta(seconds=1))) == []
    assert list(due(register, NOW + WEEK)) == [week]
    assert set(due(register, NOW + 2 * WEEK)) == {longer, week}


def test_a_withdrawn_consent_is_due_at_once_and_its_cases_are_found_wherever_they_lie(tmp_path: Path) -> None:
    register = Register(tmp_path / "register")
    folder = _consented(tmp_path / "somewhere" / "else", register)
    other = _consented(tmp_path / "other", register)
    receipt_id = consent.load(folder).receipt_id
    assert list(of_receipt(register, receipt_id)) == [folder]
    register.withdraw(receipt_id)
    done, stuck = forget_all(due(register, NOW))
    assert [gone.folder for gone in done] == [folder]
    assert stuck == {}
    assert _left(folder) == {"audit.jsonl"}
    assert "report.json" in _left(other)


def test_a_case_in_use_is_told_and_the_others_are_forgotten(tmp_path: Path) -> None:
    one, other = finished_case(tmp_path / "one"), finished_case(tmp_path / "other")
    with case.opened(one, Redactor()):
        done, stuck = forget_all([one, other])
    assert [gone.folder for gone in done] == [other]
    assert isinstance(stuck[one], CaseBusy)


# -- a withdrawal while the run goes on ------------------------------------------------------------------------------------


def test_a_run_whose_student_withdraws_leaves_a_report_of_nothing(tmp_path: Path) -> None:
    folder = finished_case(tmp_path / "case")
    door = gate(tmp_path)
    redactor = Redactor()
    with case.opened(folder, redactor) as opened:
        opened.bind(door)
        job = Job(load_profile("xjtu-2024-07"), Settings(), opened, Silent(), [], today=date(2024, 6, 3))
        job.found.personal = {"name": "王岚", "id_number": NUMBER}
        job.runner.read("chsi.record.read", "chsi_check", "读取", lambda: None, lambda _: "王岚的学籍")
        door.register.withdraw(door.receipt.receipt_id)
        report = job.finish(None)
    assert (report.exit_status, report.subject) == (13, None)
    assert report.trouble is not None
    assert report.trouble.code == "consent.withdrawn"
    assert report == load(folder)
    assert [step.detail for step in report.steps] == [""]
    assert _left(folder) == {
        *("audit.jsonl", "journal.sqlite", "report.json", "report.html", "report.md"),
        *("evidence", "evidence/manifest.sha256", "files.sha256", "deadline.ics"),
    }
    found = (folder / "report.json").read_text("utf-8") + (folder / "report.html").read_text("utf-8")
    assert [trace for trace in (NUMBER[-4:], "王岚", "王*") if trace in found] == []
    assert examine(folder).level == "ok"
