"""The journal: what a killed run left behind, and one process at a time."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.case.journal import FILE_NAME, Journal, StepState
from agent.errors import CaseBusy, UsageError

OTHER_PROCESS = """
import sys
from pathlib import Path
from agent.errors import CaseBusy
from agent.case.journal import Journal
try:
    Journal(Path(sys.argv[1])).close()
except CaseBusy:
    sys.exit(7)
"""


def _other_process(folder: Path) -> int:
    return subprocess.run([sys.executable, "-c", OTHER_PROCESS, str(folder)], check=False).returncode


# -- states --------------------------------------------------------------------------------------------------------------


def test_an_unknown_write_has_no_state(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert journal.state("key") is None
    journal.close()


def test_a_write_is_remembered_as_far_as_it_came(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for state in StepState:
        journal.record("key", "chaoxing.photo.upload", state)
        assert journal.state("key") is state
    assert journal.state("other") is None
    journal.close()


@pytest.mark.parametrize("state", StepState)
def test_the_next_run_knows_how_far_a_killed_one_came(state: StepState, tmp_path: Path) -> None:
    """``os._exit`` closes nothing: what was recorded must already be on the disk."""
    code = (
        "import os; from pathlib import Path; from agent.case.journal import Journal, StepState\n"
        f"Journal(Path({str(tmp_path)!r})).record('key', 'step', StepState({state.value!r}), 'before')\n"
        "os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    journal = Journal(tmp_path)
    assert journal.state("key") is state
    journal.close()


def test_the_older_fact_stays(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert journal.remember("subject", "one") == "one"
    assert journal.remember("subject", "two") == "one"
    journal.close()


# -- the lock ------------------------------------------------------------------------------------------------------------


def test_a_second_process_is_kept_out_until_the_first_lets_go(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert _other_process(tmp_path) == 7
    journal.close()
    assert _other_process(tmp_path) == 0


def test_a_second_run_of_the_same_process_is_kept_out(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    with pytest.raises(CaseBusy, match=tmp_path.name):
        Journal(tmp_path)
    journal.record("key", "step", StepState.SENT)
    journal.close()


def test_what_stopped_before_anything_left_was_not_sent(tmp_path: Path) -> None:
    start = datetime.now(UTC)
    journal = Journal(tmp_path)
    for step, state in zip("abcd", StepState, strict=True):
        journal.record(step, step, state)
    assert list(journal.sent_since(start)) == ["a", "c", "d"]
    assert journal.state("b") is StepState.NOT_SENT
    journal.close()


def test_the_lock_is_there_before_anything_was_recorded_and_after_an_earlier_run(tmp_path: Path) -> None:
    Journal(tmp_path).close()
    journal = Journal(tmp_path)
    assert _other_process(tmp_path) == 7
    journal.close()


# -- the file ------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_the_file_and_what_sqlite_lays_beside_it_are_private(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.record("key", "step", StepState.INTENDED)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    journal.close()
    assert FILE_NAME in modes
    assert set(modes.values()) == {0o600}


def test_another_kind_of_file_is_no_journal(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database at all" * 100)
    with pytest.raises(UsageError, match=r"journal\.sqlite") as caught:
        Journal(tmp_path)
    assert not isinstance(caught.value, CaseBusy)


def test_a_folder_in_its_place_is_no_journal(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(UsageError):
        Journal(tmp_path)


def test_a_database_of_another_program_is_no_journal(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / FILE_NAME)
    other.execute("CREATE TABLE writes (title TEXT)")
    other.close()
    with pytest.raises(UsageError):
        Journal(tmp_path).record("key", "step", StepState.INTENDED)
