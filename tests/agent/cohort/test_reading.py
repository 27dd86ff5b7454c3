"""Whoever only looks at a cohort: sees how it stands, changes nothing, makes nothing, and does not wait for long."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from agent.cohort.database import address_in
from agent.cohort.manager import AGAIN, Cohort, looked_at, opened
from agent.cohort.model import Person, Result, TaskState
from agent.cohort.sealing import Sealer
from agent.cohort.store import Store
from agent.errors import ConsentMissing, GradsyncError, LoginByHandNeeded, SiteUnavailable, UsageError
from agent.privacy.private_files import write_private
from agent.settings import CohortSettings
from tests.agent.cohort.crew import KEY

ENDS = (LoginByHandNeeded("要由学生本人登录。"), ConsentMissing("没有同意书。"), SiteUnavailable("打不开。"))


@pytest.fixture
def settings(tmp_path: Path) -> CohortSettings:
    """Settings with a key file of the test's."""
    write_private(tmp_path / "key", base64.b64encode(KEY))
    return CohortSettings(key_file=tmp_path / "key")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Three students, all queued."""
    (tmp_path / "cohort").mkdir()
    with closing(Store(address_in(tmp_path / "cohort"), Sealer(KEY))) as made:
        made.put(Person(position=number, name="王岚", number=f"P{number}") for number in range(3))
        made.to_queue(AGAIN)
        yield made


@pytest.fixture
def cohort(store: Store, settings: CohortSettings, tmp_path: Path) -> Cohort:
    """The same cohort, only to read."""
    return looked_at(tmp_path / "cohort", settings)


def _end(store: Store, position: int, error: GradsyncError) -> str:
    ref = store.sealer.ref(f"P{position}")
    assert store.claim(ref, 1, "w", 60)
    assert store.finish(ref, "w", Result.of_error(error))
    return ref


def test_whoever_is_held_is_told_persons_first(store: Store, cohort: Cohort) -> None:
    """And no more once the case is queued again, though what it needed before still stands in the store."""
    assert cohort.standing()[1] == []
    by_hand, consent, failed = (_end(store, 2 - number, end) for number, end in enumerate(ENDS))
    counts, held = cohort.standing()
    assert counts.states == {TaskState.NEEDS_PERSON: 2, TaskState.FAILED: 1}
    assert [row.ref for row in held] == [consent, by_hand, failed]
    assert [row.ref for row in cohort.standing(1)[1]] == [consent]
    store.answer(by_hand, "ask", "answer")
    store.to_queue(AGAIN)
    assert [row.ref for row in cohort.standing()[1]] == [consent]


def test_looking_changes_nothing(store: Store, cohort: Cohort, tmp_path: Path) -> None:
    file = tmp_path / "cohort" / "cohort.sqlite"
    store.close()
    before = file.read_bytes()
    assert cohort.standing()[0].total == 3
    with pytest.raises(OperationalError, match="readonly"):
        cohort.store.to_queue(AGAIN)
    assert file.read_bytes() == before


def test_looking_makes_nothing(tmp_path: Path, settings: CohortSettings) -> None:
    with pytest.raises(UsageError, match="没有成批办理的名单") as refused:
        looked_at(tmp_path / "missing", settings)
    assert "cohort import" in refused.value.remedy
    assert not (tmp_path / "missing").exists()
    (tmp_path / "cohort.sqlite").touch()  # another program's, or an import that was cut off
    with pytest.raises(UsageError, match="没有成批办理的名单"):
        looked_at(tmp_path, settings)
    assert (tmp_path / "cohort.sqlite").read_bytes() == b""


@pytest.mark.skipif(os.name == "nt", reason="every name is text there")
def test_a_folder_whose_name_is_no_text_is_told(tmp_path: Path, settings: CohortSettings) -> None:
    folder = tmp_path / os.fsdecode("文件".encode("gbk"))
    with (
        pytest.raises(UsageError, match="名字") as stop,
        opened(folder, settings, lambda said: None, may_be_new=True),
    ):
        pass
    assert "--folder" in stop.value.remedy
    assert not folder.exists()


def test_looking_makes_no_key(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有找到这份名单的密钥"):
        looked_at(tmp_path / "cohort", CohortSettings(key_file=tmp_path / "other"))
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda good: b"hello, world\n" * 100,
        lambda good: good[: len(good) // 2],
        lambda good: good[:100] + bytes(255 for _ in good[100:]),
        lambda good: bytes(100) + good[100:],
        lambda good: good[:16] + b"\xff" * 84 + good[100:],
    ],
    ids=["text", "half", "noise behind the head", "no head", "noise in the head"],
)
def test_a_store_that_is_damaged_is_said_to_be(
    store: Store, settings: CohortSettings, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    store.close()
    file = tmp_path / "cohort" / "cohort.sqlite"
    for beside in file.parent.glob("cohort.sqlite-*"):
        beside.unlink()
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(UsageError, match="损坏") as stop:
        looked_at(tmp_path / "cohort", settings).standing()
    assert "备份" in stop.value.remedy


def test_a_database_that_goes_away_is_said_at_once(store: Store, cohort: Cohort, tmp_path: Path) -> None:
    """Workers wait for it a minute and a half; somebody who looks is told, and sees it again when it is back."""
    store.close()
    folder = tmp_path / "cohort"
    folder.rename(tmp_path / "away")
    with pytest.raises(UsageError, match="连不上名单的数据库"):
        cohort.standing()
    (tmp_path / "away").rename(folder)
    assert cohort.standing()[0].total == 3
