"""A disk that is full at some moment: the run says what it did on the sites, and its exit status is the report's."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agent.case import case
from agent.cli.boundary import stopped
from agent.engine.plan import Change
from agent.engine.steps import WriteStep
from agent.privacy.redaction import Redactor
from agent.report.files import REPORT, load
from agent.report.model import Report
from agent.settings import Settings
from flows.job import Job
from flows.profiles.schema import load as load_profile
from tests.harness.program import Silent

STEP = "chaoxing.photo.upload"
CHANGE = Change(STEP, "photo", "上传学历照片", "没有照片", "有照片", "0", "key")
MOMENTS = ("while it is sent", "after it was sent", "at the end")


@dataclass
class Disk:
    """A disk that takes ``room`` more files or lines; more than it ever gets when left out.

    What is deleted makes room again where ``gives_back`` is set, as on most disks.
    """

    room: int = 1_000_000
    gives_back: bool = False
    _open: Any = field(default=os.open)
    _unlink: Any = field(default=os.unlink)

    def open(self, path: Any, flags: int, mode: int = 0o777, **more: Any) -> int:
        """Open as the system does, while there is room."""
        if flags & (os.O_WRONLY | os.O_RDWR):
            self.room -= 1
            if self.room < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return int(self._open(path, flags, mode, **more))

    def unlink(self, path: Any, **more: Any) -> None:
        """Delete, and have room again."""
        self._unlink(path, **more)
        self.room = 1 if self.gives_back else self.room


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """The disk under everything that is written."""
    made = Disk()
    monkeypatch.setattr(os, "open", made.open)
    monkeypatch.setattr(os, "unlink", made.unlink)
    return made


def _run(folder: Path, disk: Disk, moment: str) -> Report:
    """Let a run send something, with the disk full from some moment on."""
    done: list[str] = []

    def act() -> None:
        done.append("sent")
        disk.room = 0 if moment == MOMENTS[0] else disk.room

    def observe() -> str:
        if done and moment == MOMENTS[1]:
            disk.room = 0
        return "有照片" if done else "没有照片"

    write = WriteStep(CHANGE, "没有照片", observe, lambda there: there == "有照片", act, str)
    with case.opened(folder, Redactor()) as opened:
        job = Job(load_profile("xjtu-2024-07"), Settings(), opened, Silent(), [], today=date(2024, 6, 3))
        error = stopped(lambda: _written(job, write))
        disk.room = 0 if moment == MOMENTS[2] else disk.room
        return job.finish(error)


def _written(job: Job, write: WriteStep[str]) -> None:
    job.runner.write(write)


@pytest.mark.parametrize("gives_back", [True, False], ids=["room by deleting", "no room at all"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_full_disk_is_told_with_what_was_done(
    tmp_path: Path, disk: Disk, moment: str, gives_back: bool
) -> None:
    folder = tmp_path / "case"
    before = _run(folder, disk, "never")
    assert load(folder) == before
    (folder / "journal.sqlite").unlink()
    disk.room, disk.gives_back = 1_000_000, gives_back
    report = _run(folder, disk, moment)
    assert report.trouble is not None
    assert (report.exit_status, report.trouble.code) == (2, "usage"), report.trouble
    assert [(row.step, row.state in ("done", "unverified")) for row in report.effects] == [(STEP, True)]
    if (folder / REPORT).is_file():
        assert load(folder) == report
    assert (folder / REPORT).is_file() == gives_back


def test_a_journal_that_is_full_stops_the_run_before_anything_is_sent(tmp_path: Path) -> None:
    sent: list[str] = []
    write = WriteStep(CHANGE, "", lambda: "", bool, lambda: sent.append("sent"), str)
    with case.opened(tmp_path / "case", Redactor()) as opened:
        job = Job(load_profile("xjtu-2024-07"), Settings(), opened, Silent(), [], today=date(2024, 6, 3))
        opened.journal.remember("filler", "x" * 3000)
        database = opened.journal._db
        database.execute(f"PRAGMA max_page_count={database.execute('PRAGMA page_count').fetchone()[0]}")
        change = Change(STEP, "photo", "上传", "", "", "0" * 9000, "key")
        error = stopped(lambda: _written(job, WriteStep(change, *_rest(write))))
        report = job.finish(error)
    assert sent == []
    assert (report.exit_status, report.trouble and report.trouble.code) == (2, "case.journal")


def _rest(write: WriteStep[str]) -> tuple[Any, ...]:
    return write.evidence_of, write.observe, write.is_done, write.act, write.describe
