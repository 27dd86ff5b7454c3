"""Auditing: whatever is changed, taken out or put in is named; what a killed run leaves behind is not tampering."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.case import case
from agent.case.audit_check import AuditResult, Level, examine
from agent.errors import UsageError
from agent.privacy.redaction import Redactor
from tests.harness.cases import EVENTS, finished_case, write_report


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole case."""
    return finished_case(tmp_path)


def _said(audited: AuditResult, level: Level) -> dict[str, str]:
    return {row.id: row.note for row in audited.findings if row.level == level}


def _edit(path: Path, change: Callable[[list[str]], list[str]]) -> None:
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(change(lines)), "utf-8")


# -- whole ---------------------------------------------------------------------------------------------------------------


def test_a_case_as_a_run_left_it_is_whole(folder: Path) -> None:
    audited = examine(folder)
    assert audited.level == "ok", audited
    assert audited.head.records == EVENTS
    assert [row.id for row in audited.findings] == [
        "audit.chain",
        "evidence.files",
        "audit.report",
        "evidence.report",
    ]


def test_auditing_changes_nothing(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    examine(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_case_without_evidence_is_whole(tmp_path: Path) -> None:
    assert examine(finished_case(tmp_path, evidence=0)).level == "ok"


def test_what_a_killed_run_added_after_the_report_is_no_tampering(folder: Path) -> None:
    with case.opened(folder, Redactor()) as opened:
        opened.audit.append("run", mode="run")
        opened.evidence.keep("conditions", "又看一次")
    audited = examine(folder)
    assert audited.level == "ok", audited
    assert "还有 1 条" in _said(audited, "ok")["audit.report"]


def test_a_second_whole_run_is_whole(folder: Path) -> None:
    with case.opened(folder, Redactor()) as opened:
        opened.audit.append("run", mode="run")
        opened.evidence.keep("conditions", "又看一次")
        write_report(opened)
    assert examine(folder).level == "ok"


# -- tampering -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(1, EVENTS + 1))
def test_a_changed_record_is_named_by_its_line(number: int, folder: Path) -> None:
    def change(lines: list[str]) -> list[str]:
        lines[number - 1] = lines[number - 1].replace("done", "DONE")
        return lines

    _edit(folder / "audit.jsonl", change)
    assert f"第 {number} 行" in _said(examine(folder), "fail")["audit.chain"]


@pytest.mark.parametrize("cut", range(1, EVENTS + 1))
def test_records_cut_off_the_end_are_missed(cut: int, folder: Path) -> None:
    """The shorter chain is whole in itself; the report knows better."""
    _edit(folder / "audit.jsonl", lambda lines: lines[:-cut])
    audited = examine(folder)
    assert set(_said(audited, "fail")) == {"audit.report"}
    assert f"有 {EVENTS} 条" in _said(audited, "fail")["audit.report"]


def test_a_log_written_anew_is_not_the_reports(folder: Path) -> None:
    (folder / "audit.jsonl").unlink()
    with case.opened(folder, Redactor()) as opened:
        for _ in range(EVENTS):
            opened.audit.append("step", step="other", status="done")
    assert set(_said(examine(folder), "fail")) == {"audit.report"}


@pytest.mark.parametrize(
    ("name", "tamper", "id_", "named"),
    [
        (
            "evidence/01-conditions.txt",
            lambda path: path.write_text("改写"),
            "evidence.files",
            "01-conditions",
        ),
        ("evidence/02-conditions.txt", lambda path: path.unlink(), "evidence.files", "02-conditions"),
        ("evidence/manifest.sha256", lambda path: path.unlink(), "evidence.report", "清单"),
        (
            "evidence/manifest.sha256",
            lambda path: path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n")),
            "evidence.report",
            "清单",
        ),
        (
            "evidence/manifest.sha256",
            lambda path: path.write_text(f"{'0' * 64}  ../report.json\n"),
            "evidence.files",
            "report.json",
        ),
        ("report.json", lambda path: path.write_text("{}"), "audit.report", "report.json"),
    ],
)
def test_what_was_changed_is_named(
    name: str, tamper: Callable[[Path], object], id_: str, named: str, folder: Path
) -> None:
    tamper(folder / name)
    audited = examine(folder)
    assert audited.level == "fail"
    assert named in _said(audited, "fail")[id_]


def test_bytes_that_are_no_text_are_named_and_no_accident(folder: Path) -> None:
    data = (folder / "audit.jsonl").read_bytes()
    (folder / "audit.jsonl").write_bytes(data.replace(b"step-3", b"step-\xff"))
    assert "第 3 行" in _said(examine(folder), "fail")["audit.chain"]


# -- what cannot be told ---------------------------------------------------------------------------------------------------


def test_a_file_beside_the_manifest_is_named(folder: Path) -> None:
    (folder / "evidence" / "03-more.txt").write_text("x")
    audited = examine(folder)
    assert audited.level == "warn"
    assert "03-more.txt" in _said(audited, "warn")["evidence.extra"]


def test_a_torn_last_line_is_told(folder: Path) -> None:
    with (folder / "audit.jsonl").open("a") as stream:
        stream.write('{"n": 6, "ev')
    assert "没有写完" in _said(examine(folder), "warn")["audit.chain"]


def test_without_a_report_nothing_can_be_held_against_it(folder: Path) -> None:
    (folder / "report.json").unlink()
    assert "report.json" in _said(examine(folder), "warn")["audit.report"]


def test_a_report_that_names_no_head_is_told(folder: Path) -> None:
    report = json.loads((folder / "report.json").read_text("utf-8"))
    (folder / "report.json").write_text(json.dumps({**report, "audit": None, "evidence": None}), "utf-8")
    assert set(_said(examine(folder), "warn")) == {"audit.report", "evidence.report"}


def test_a_folder_without_a_log_is_no_case(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"audit\.jsonl"):
        examine(tmp_path)
