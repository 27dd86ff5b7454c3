"""Helping: the whole job under a student's consent, without one of its ticks, withdrawn in the middle, and another's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from agent.case.audit_check import examine
from agent.consent import Action, Gate, Register, Sensitive, Tick, issue
from agent.consent.gate import local_now
from fixtures.people.students import STUDENTS
from fixtures.server import MockSites
from flows.run.consents import needed
from tests.harness.consents import EVERYTHING, HELPER, WEEK
from tests.harness.program import Silent, run_job, site_settings


def _gate(folder: Path, ticks: frozenset[Tick] = EVERYTHING, student: int = 0) -> Gate:
    who = STUDENTS[student]
    given = issue(who.name, who.id_number, HELPER, ticks, local_now(), WEEK, WEEK)
    return Gate(given, needed, Register(folder / "register"))


def _effects(sites: MockSites) -> list[dict[str, Any]]:
    effects: list[dict[str, Any]] = sites.world.state()["effects"]
    return effects


def test_with_the_students_consent_it_is_done(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    report = run_job(browser, site_settings(sites), tmp_path / "case", gate=_gate(tmp_path))
    assert report.exit_status == 0, report.trouble
    assert [effect["kind"] for effect in _effects(sites)] == ["photo_upload"]
    assert examine(tmp_path / "case").level == "ok"
    words = (tmp_path / "case" / "audit.jsonl").read_text("utf-8")
    assert words.isascii(), (
        "the log stays when everything else is deleted, so it may say nothing of the student"
    )


def test_without_the_tick_nothing_is_uploaded_and_the_rest_is_done(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    door, only = _gate(tmp_path, EVERYTHING - {Action.UPLOAD_PHOTO}), ["photo", "conditions"]
    report = run_job(browser, site_settings(sites), tmp_path / "case", gate=door, only=only)
    assert report.exit_status == 13
    assert report.trouble is not None
    assert report.trouble.code == "consent.outside"
    assert "上传照片" in report.trouble.message
    assert {duty.id: duty.status for duty in report.duties if duty.id in ("photo", "conditions")} == {
        "photo": "skipped",
        "conditions": "done",
    }
    assert report.asks == ()
    assert _effects(sites) == []


def test_without_the_number_nobody_is_read(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    door = _gate(tmp_path, EVERYTHING - {Sensitive.ID_NUMBER})
    report = run_job(browser, site_settings(sites), tmp_path / "case", gate=door)
    assert (report.exit_status, report.subject, report.checks) == (13, None, ())
    assert _effects(sites) == []


def test_a_withdrawal_in_the_middle_stops_and_deletes(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    door = _gate(tmp_path)

    class Withdrawing(Silent):
        """A student who withdraws once the platform's photos were looked at."""

        def step_ended(self, step_id: str, status: str, seconds: float, detail: str) -> None:
            """Withdraw."""
            if step_id == "chaoxing.photo.look":
                door.register.withdraw(door.receipt.receipt_id)

    report = run_job(browser, site_settings(sites), tmp_path / "case", gate=door, progress=Withdrawing())
    assert report.exit_status == 13
    assert report.trouble is not None
    assert report.trouble.code == "consent.withdrawn"
    assert (report.subject, report.checks, report.photo, report.conditions) == (None, (), None, None)
    assert _effects(sites) == []
    assert not (tmp_path / "case" / "photo").exists()
    number = STUDENTS[0].id_number
    files = [path for path in (tmp_path / "case").rglob("*") if path.is_file()]
    assert [path for path in files if number[-4:].encode() in path.read_bytes()] == []


def test_the_consent_of_another_student_opens_nothing(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    report = run_job(browser, site_settings(sites), tmp_path / "case", gate=_gate(tmp_path, student=1))
    assert report.exit_status == 12
    assert _effects(sites) == []
    assert (report.subject, report.checks, report.photo) == (None, (), None)
    files = [path for path in (tmp_path / "case").rglob("*") if path.is_file()]
    assert [path for path in files if STUDENTS[0].id_number[-4:].encode() in path.read_bytes()] == []
