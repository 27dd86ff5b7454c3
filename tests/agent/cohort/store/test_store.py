"""The sealed store: nobody is worked on twice, nobody is forgotten, everybody has their turn, nothing can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa

from agent.cohort.database import address_in
from agent.cohort.durable_queue import SealedJson
from agent.cohort.manager import AGAIN, ALL
from agent.cohort.model import CohortOrder, Pair, Person, Result, Task, TaskState
from agent.cohort.sealing import Sealer, sealer
from agent.cohort.store import Store
from agent.errors import UsageError
from agent.privacy.private_files import write_private

T = TypeVar("T")
KEY = bytes(range(32))
SECRETS = ("王岚", "610000199603164229", "Kz7#密", "202106980001", "10000000001")
WANG = Person(
    position=2,
    name=SECRETS[0],
    number=SECRETS[1],
    credentials={"chsi": Pair(username="w", password=SECRETS[2])},
    student_number=SECRETS[3],
    phone=SECRETS[4],
)
LI = Person(position=3, name="李知远", number="61000019940518531X")


def _result(exit_status: int, code: str | None = None) -> Result:
    return Result(
        exit_status=exit_status, headline="王岚", code=code, message="610000199603164229", remedy="", asks=(),
        duties=(), conditions=(), todo=(),
    )  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(address_in(tmp_path), Sealer(KEY))) as opened:
        opened.put([WANG, LI])
        yield opened


def _ref(store: Store, person: Person = WANG) -> str:
    return store.sealer.ref(person.number)


def _until(look: Callable[[], T]) -> T:
    while not (found := look()):
        pass
    return found


def test_a_case_has_one_worker_at_a_time(store: Store) -> None:
    ref = _ref(store)
    assert not store.claim(ref, 1, "a", 60)  # not queued
    store.to_queue(AGAIN)
    assert store.claim(ref, 1, "a", 60)
    assert not store.claim(ref, 1, "b", 60)
    assert store.holds(ref, "a")
    assert not store.holds(ref, "b")
    assert not store.finish(ref, "b", _result(0))
    assert store.finish(ref, "a", _result(0))
    assert store.row(ref).state is TaskState.DONE
    assert not store.claim(ref, 1, "b", 60)
    assert not store.waits(ref, 1)


def test_a_silent_workers_case_goes_to_another_and_it_may_not_go_on(store: Store) -> None:
    ref = _ref(store)
    store.to_queue(AGAIN)
    assert store.claim(ref, 1, "a", 0.01)
    _until(lambda: store.claim(ref, 1, "b", 60))
    assert not store.holds(ref, "a")
    assert not store.finish(ref, "a", _result(0))
    assert store.row(ref).tries == 2


def test_a_beat_renews_the_hold_and_a_dead_worker_has_one_heir(store: Store) -> None:
    ref = _ref(store)
    store.to_queue(AGAIN)
    store.claim(ref, 1, "a", 0.5)
    store.heartbeat("a", ref, 60)
    store.heartbeat("b", None, 60)
    assert list(store.stalled(30)) == []
    assert store.counts(30).workers == 2
    assert store.holds(ref, "a")
    heirs = _until(lambda: list(store.stalled(0.01)))
    assert set(heirs) <= {"a", "b"}
    assert list(store.stalled(30)) == []  # while the heir works on it, nobody else is told


def test_a_case_whose_worker_left_nothing_behind_is_queued_by_the_next_run(store: Store) -> None:
    ref = _ref(store)
    store.to_queue(AGAIN, [ref])
    store.claim(ref, 1, "a", 0.01)

    def queued() -> list[tuple[str, int]]:
        store.to_queue((), [ref])
        return store.queued()

    assert _until(queued) == [(ref, 2)]


def test_who_needs_a_person_is_queued_again_when_answered_and_not_before(store: Store) -> None:
    ref = _ref(store)
    store.to_queue(AGAIN)
    store.claim(ref, 1, "a", 60)
    store.finish(ref, "a", _result(10, "ask.nobody_there"))
    assert store.counts(60).needs == {"ask.nobody_there": 1}
    store.to_queue(AGAIN)
    assert store.row(ref).state is TaskState.NEEDS_PERSON
    store.answer(ref, "choose-enrollment", "专升本")
    store.to_queue(AGAIN)
    row = store.row(ref)
    assert (row.state, row.round, row.person.answers) == (
        TaskState.QUEUED,
        2,
        {"choose-enrollment": "专升本"},
    )


def test_importing_again_keeps_what_was_done_and_what_was_answered(store: Store) -> None:
    ref = _ref(store)
    store.to_queue(ALL)
    store.claim(ref, 1, "a", 60)
    store.finish(ref, "a", _result(0))
    store.answer(ref, "x", "y")
    assert store.put([WANG]) == (0, 0)
    moved = WANG.model_copy(update={"phone": "10000000002", "credentials": {}})
    assert store.put([moved]) == (0, 1)
    row = store.row(ref)
    assert (row.state, row.person.phone, row.person.answers) == (TaskState.DONE, "10000000002", {"x": "y"})
    assert row.person.credentials == WANG.credentials


def test_a_consent_that_came_later_queues_the_student_again(store: Store, tmp_path: Path) -> None:
    ref = _ref(store)
    store.to_queue(AGAIN)
    store.claim(ref, 1, "a", 60)
    store.finish(ref, "a", _result(13, "consent.missing"))
    store.put([WANG.model_copy(update={"consent": tmp_path / "consent.json"})])
    assert store.row(ref).state is TaskState.IMPORTED


def test_turns_at_a_site_lie_apart_whoever_takes_them(store: Store, tmp_path: Path) -> None:
    with closing(Store(address_in(tmp_path), Sealer(KEY))) as other:
        waits = [store.turn("chsi", 100), other.turn("chsi", 100), store.turn("chsi", 100)]
    assert waits[0] == 0
    assert 190 < waits[2] <= 200
    assert store.turn("chaoxing", 100) == 0


def test_a_password_is_not_sent_again_once_refused_or_unclear(store: Store) -> None:
    assert store.may_sign_in("account", 1)
    store.signed_in("account", rejected=False)
    assert store.may_sign_in("account", 1)
    assert store.may_sign_in("account", 1)
    assert not store.may_sign_in("account", 1)  # twice nobody saw how it ended
    assert store.may_sign_in("account", 2)  # somebody has started another run
    assert store.may_sign_in("other", 1)
    store.signed_in("other", rejected=True)
    assert not store.may_sign_in("other", 1)
    assert not store.may_sign_in("other", 2)


def test_forgetting_leaves_nothing_but_what_is_being_worked_on(store: Store) -> None:
    store.to_queue(AGAIN)
    store.claim(_ref(store, LI), 1, "a", 60)
    assert store.forget([row.ref for row in store.rows()]) == 1
    assert [row.person.name for row in store.rows()] == ["李知远"]


# -- sealed ------------------------------------------------------------------------------------------------------------------


def test_nothing_about_a_person_can_be_read(store: Store, tmp_path: Path) -> None:
    ref = _ref(store)
    store.to_queue(AGAIN)
    store.claim(ref, 1, "a", 60)
    store.finish(ref, "a", _result(0))
    store.engine.dispose()
    data = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert ref.encode() in data
    assert [secret for secret in SECRETS if secret.encode() in data] == []


def test_one_students_row_cannot_stand_in_anothers_place(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(
            sa.text(
                "UPDATE cohort_students SET sealed = (SELECT sealed FROM cohort_students WHERE position = 3)"
            )
        )
    row = store.row(_ref(store))
    assert (row.readable, row.person.number) == (False, "")


def test_another_key_opens_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="密钥不对"):
        Store(address_in(tmp_path), Sealer(bytes(32)))


def test_what_the_queue_keeps_is_sealed_and_an_exception_only_by_its_name() -> None:
    serializer = SealedJson(Sealer(KEY))
    task = Task(ref="r", round=1, order=CohortOrder(profile="p")).model_dump(mode="json")
    kept = serializer.serialize({"args": [task], "kwargs": {}})
    assert "profile" not in kept
    assert serializer.deserialize(kept) == {"args": [task], "kwargs": {}}
    assert serializer.deserialize(serializer.serialize(ValueError("王岚"))) == {"exception": "ValueError"}


def test_the_key_file_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    told: list[str] = []
    path = tmp_path / "keys" / "key"
    first = sealer(path, tmp_path / "unused", told.append, create=True)
    again = sealer(path, tmp_path / "unused", told.append, create=False)
    assert again.open(first.seal("x", "place"), "place") == "x"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(told) == 1


@pytest.mark.parametrize("text", ["", "no base64!", "AAAA"])
def test_what_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    write_private(tmp_path / "key", text.encode())
    with pytest.raises(UsageError, match="密钥文件"):
        sealer(tmp_path / "key", tmp_path / "unused", print, create=True)
