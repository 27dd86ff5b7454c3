"""A case: one person's folder, its evidence, and the lock that is let go at every end."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from agent.case import case
from agent.case.retention import forget
from agent.errors import CaseBusy, SomebodyElse, UsageError
from agent.privacy.redaction import Redactor

NUMBER = "610000199603164229"
OTHER = "61000019940518531X"


def _begin(path: Path, number: str) -> None:
    with case.opened(path, Redactor()) as opened:
        opened.belongs_to(number)


# -- whose it is ---------------------------------------------------------------------------------------------------------


def test_a_case_stays_the_same_persons(tmp_path: Path) -> None:
    _begin(tmp_path, NUMBER)
    _begin(tmp_path, NUMBER)


def test_another_persons_case_is_refused(tmp_path: Path) -> None:
    _begin(tmp_path, NUMBER)
    with pytest.raises(SomebodyElse) as caught:
        _begin(tmp_path, OTHER)
    assert OTHER not in caught.value.message
    assert "--out" in caught.value.remedy


def test_a_refusal_does_not_take_the_case_over(tmp_path: Path) -> None:
    _begin(tmp_path, NUMBER)
    with pytest.raises(SomebodyElse):
        _begin(tmp_path, OTHER)
    _begin(tmp_path, NUMBER)


def test_two_people_in_one_run_are_refused(tmp_path: Path) -> None:
    with case.opened(tmp_path, Redactor()) as opened:
        opened.belongs_to(NUMBER)
        with pytest.raises(SomebodyElse):
            opened.belongs_to(OTHER)


def test_the_folder_tells_neither_the_number_nor_its_plain_digest(tmp_path: Path) -> None:
    """There are few enough numbers to try them all, so that an unsalted digest would be the number."""
    _begin(tmp_path / "one", NUMBER)
    _begin(tmp_path / "two", NUMBER)
    stored = [path.read_bytes() for path in sorted(tmp_path.rglob("journal.sqlite*"))]
    assert stored
    for secret in (NUMBER, hashlib.sha256(NUMBER.encode()).hexdigest()):
        assert not any(secret.encode() in data for data in stored)
    assert len(set(stored)) == len(stored)


# -- opening and closing -------------------------------------------------------------------------------------------------


def test_one_process_at_a_time(tmp_path: Path) -> None:
    with case.opened(tmp_path, Redactor()), pytest.raises(CaseBusy), case.opened(tmp_path, Redactor()):
        pytest.fail("two runs had the same case open")


def test_the_lock_is_let_go_when_the_run_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), case.opened(tmp_path, Redactor()):
        raise KeyboardInterrupt
    _begin(tmp_path, NUMBER)


def test_the_lock_is_let_go_when_the_audit_log_was_tampered_with(tmp_path: Path) -> None:
    (tmp_path / "audit.jsonl").write_text("{}\n")
    with pytest.raises(UsageError, match="审计"):
        _begin(tmp_path, NUMBER)
    (tmp_path / "audit.jsonl").unlink()
    _begin(tmp_path, NUMBER)


@pytest.mark.parametrize("name", ["photo/mine.jpg", "evidence/letter.txt", "report.md"])
def test_what_somebody_has_in_the_place_of_a_case_is_neither_overwritten_nor_forgotten(
    tmp_path: Path, name: str
) -> None:
    """A folder of their own work, given as that of the case: ``--out .``, or ``--out ""`` of an empty variable."""
    theirs = tmp_path / name
    theirs.parent.mkdir(exist_ok=True)
    theirs.write_text("mine")
    with pytest.raises(UsageError, match=name.partition("/")[0]) as stop:
        _begin(tmp_path, NUMBER)
    assert "--out" in stop.value.remedy
    with pytest.raises(UsageError):
        forget(tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [theirs]


def test_the_form_and_the_consent_may_lie_there_before_the_case(tmp_path: Path) -> None:
    for name in ("form.toml", "consent.json", "notes.txt"):
        (tmp_path / name).write_text("")
    _begin(tmp_path, NUMBER)


def test_an_unusable_folder_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError):
        _begin(tmp_path / "file", NUMBER)


# -- evidence ------------------------------------------------------------------------------------------------------------


def _manifest(path: Path) -> dict[str, str]:
    lines = (path / case.MANIFEST).read_text("utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _digests(path: Path) -> dict[str, str]:
    kept = [file for file in (path / "evidence").iterdir() if file.suffix == ".txt"]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in kept}


def test_the_manifest_has_every_piece_and_the_report_has_the_manifests_digest(tmp_path: Path) -> None:
    redactor = Redactor()
    redactor.add_number(NUMBER)
    with case.opened(tmp_path, redactor) as opened:
        opened.evidence.keep("conditions", f"证件号码：{NUMBER}")
        opened.evidence.keep("conditions", "再看一次")
        digest = opened.evidence.close()
    assert _manifest(tmp_path) == _digests(tmp_path)
    assert list(_manifest(tmp_path)) == ["01-conditions.txt", "02-conditions.txt"]
    assert digest == hashlib.sha256((tmp_path / case.MANIFEST).read_bytes()).hexdigest()
    assert NUMBER not in (tmp_path / "evidence" / "01-conditions.txt").read_text("utf-8")


def test_a_second_run_keeps_the_evidence_of_the_first(tmp_path: Path) -> None:
    with case.opened(tmp_path, Redactor()) as opened:
        opened.evidence.keep("conditions", "第一次")
        opened.evidence.keep("upload-page", "第一次")
        opened.evidence.close()
    with case.opened(tmp_path, Redactor()) as opened:
        opened.evidence.keep("conditions", "第二次")
        opened.evidence.close()
    assert _manifest(tmp_path) == _digests(tmp_path)
    assert len(_manifest(tmp_path)) == 3
