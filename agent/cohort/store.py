"""The store: every student's sealed row, who works on it, who is alive, and whose turn it is at a site.

Four small tables beside the durable queue's own, in SQLite or PostgreSQL. What is readable in them is pseudonyms, states,
counts and times; everything about a person is sealed. Times are the database's, so that machines' clocks need not agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InterfaceError, OperationalError
from tenacity import RetryCallState, retry, retry_if_exception_type, wait_random_exponential

from agent.cohort.database import (
    TABLES,
    engine_of,
    keys,
    reached,
    reading_engine,
    sign_ins,
    students,
    turns,
    workers,
)
from agent.cohort.model import HELD, OPEN, Person, Result, TaskState, state_after
from agent.cohort.sealing import BRING_THE_KEY, WRONG_KEY, Sealer
from agent.errors import RowUnreadable, UsageError

DATABASE_PATIENCE = 90
"""Seconds for which a database may be away, being restarted, before a worker gives up."""
CONSENT = "consent."
NOBODY = "（无法解开）"
UNREADABLE = "存储里的这名学生无法解开，可能被改动或损坏。"
SIGN_IN_TRIES = 2
"""Sign-ins whose end nobody saw (the worker was killed) after which a person has to look."""
SHOWN = 8
"""Digits of the pseudonym that are shown: among 100,000 students two are alike with a chance of one in a few hundred
thousand each, and then ``find`` asks for more."""


def _was_patient(state: RetryCallState) -> bool:
    store: Store = state.args[0]
    return (state.seconds_since_start or 0) >= store.patience


patient = retry(
    retry=retry_if_exception_type((OperationalError, InterfaceError)),
    wait=wait_random_exponential(multiplier=0.2, max=5),
    stop=_was_patient,
    reraise=True,
)
"""Does a transaction again when the database went away under it; each of them may be done twice."""


@dataclass(frozen=True)
class StoredRow:
    """A student as stored, opened.

    Args:
        readable: Whether it could be opened; if not, ``person`` is nobody and ``result`` says so.
    """

    ref: str
    person: Person
    state: TaskState
    round: int
    tries: int
    exit_status: int | None
    needs: str
    result: Result | None
    readable: bool = True

    @property
    def code(self) -> str:
        """The beginning of the pseudonym, which is shown and which the commands take."""
        return self.ref[:SHOWN]

    @property
    def asks(self) -> tuple[str, ...]:
        """What was asked in the last case and nobody answered."""
        return self.result.asks if self.result else ()

    @property
    def profile(self) -> str:
        """The notice of the last case; empty where there was none, or it was not kept."""
        return self.result.profile if self.result else ""


@dataclass(frozen=True)
class Counts:
    """How many students are in each state, how many of those need what, and how many workers are alive."""

    states: Mapping[TaskState, int]
    needs: Mapping[str, int]
    workers: int

    @property
    def total(self) -> int:
        """How many students there are."""
        return sum(self.states.values())

    @property
    def open(self) -> int:
        """How many are queued or being worked on."""
        return sum(self.states.get(state, 0) for state in OPEN)


class Store:
    """The tables of one cohort.

    Args:
        address: A SQLAlchemy address of SQLite or PostgreSQL.
        sealer: Seals and opens what is about persons.
        to_read: Only to look: the database itself refuses every change, nothing is kept open between two readings, and
            one that is away is an error at once.

    Raises:
        UsageError: There is no such database, or it was written with another key.
    """

    def __init__(self, address: str, sealer: Sealer, *, to_read: bool = False) -> None:
        self.sealer = sealer
        self.patience = 0 if to_read else DATABASE_PATIENCE
        self.engine = (reading_engine if to_read else engine_of)(address)
        if not to_read:
            with reached():
                TABLES.create_all(self.engine)
        self._check_key(to_read)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    @patient
    def _check_key(self, to_read: bool) -> None:
        """Hold the key's fingerprint against the store's, which the first key leaves there."""
        with reached():
            if to_read and not sa.inspect(self.engine).has_table(keys.name):
                return
            with self.engine.begin() as connection:
                kept = connection.execute(sa.select(keys.c.fingerprint)).scalar()
                if kept is None and not to_read and self._opens_any(connection):
                    mine = self._insert(keys).values(id=1, fingerprint=self.sealer.fingerprint)
                    connection.execute(mine.on_conflict_do_nothing())
                    kept = connection.execute(sa.select(keys.c.fingerprint)).scalar()
        if kept is None and to_read:
            return
        if kept != self.sealer.fingerprint:
            raise UsageError(WRONG_KEY, BRING_THE_KEY)

    def _opens_any(self, connection: sa.Connection) -> bool:
        """Return whether the key opens a row of a store that holds no fingerprint yet, or there is none to open."""
        found = list(connection.execute(sa.select(students.c.ref, students.c.sealed).limit(100)))
        return not found or any(self._person(row.ref, row.sealed) for row in found)

    # -- the roster ------------------------------------------------------------------------------------------------------

    @patient
    def put(self, people: Iterable[Person]) -> tuple[int, int]:
        """Take people in, and return how many are new and how many were changed.

        A receipt, accounts or answers that stand in the store and not in the import stay. A student whose row has changed,
        or who lacked a consent that is there now, is to be worked on again unless all was done.
        """
        new = changed = 0
        with self.engine.begin() as connection:
            for person in people:
                ref = self.sealer.ref(person.number)
                row = connection.execute(sa.select(students).where(students.c.ref == ref)).one_or_none()
                if row is None:
                    new += 1
                    connection.execute(sa.insert(students).values(ref=ref, **self._sealed(ref, person)))
                    continue
                before = self._person(ref, row.sealed)
                now = _kept(before, person) if before else person
                if now != before or (now.consent and row.needs.startswith(CONSENT)):
                    changed += 1
                    self._change(connection, ref, now)
        return new, changed

    @patient
    def answer(self, ref: str, ask: str, value: str) -> None:
        """Keep an answer for a student's next round, who may then be queued again."""
        with self.engine.begin() as connection:
            row = connection.execute(sa.select(students).where(students.c.ref == ref)).one()
            person = self._person(ref, row.sealed)
            if person is None:
                raise RowUnreadable(UNREADABLE)
            self._change(
                connection, ref, person.model_copy(update={"answers": {**person.answers, ask: value}})
            )

    @patient
    def forget(self, refs: Sequence[str]) -> int:
        """Delete students, and return how many were left since they are being worked on; the file keeps nothing of them."""
        left = 0
        with self.engine.begin() as connection:
            for ref in refs:
                mine = sa.delete(students).where(students.c.ref == ref, students.c.state != TaskState.RUNNING)
                left += not connection.execute(mine).rowcount
        return left

    def _change(self, connection: sa.Connection, ref: str, person: Person) -> None:
        again = sa.case(
            (students.c.state == TaskState.NEEDS_PERSON, TaskState.IMPORTED), else_=students.c.state
        )
        values = {**self._sealed(ref, person), "state": again}
        connection.execute(sa.update(students).where(students.c.ref == ref).values(values))

    def _sealed(self, ref: str, person: Person) -> dict[str, Any]:
        sealed = self.sealer.seal(person.model_dump_json(), f"{ref}.person")
        return {"sealed": sealed, "position": person.position, "state": TaskState.IMPORTED}

    def _person(self, ref: str, sealed: str) -> Person | None:
        """Return what is stored of a student; None where it cannot be opened."""
        opened = self._text(sealed, f"{ref}.person")
        return Person.model_validate_json(opened) if opened else None

    def _text(self, sealed: str, place: str) -> str | None:
        try:
            return self.sealer.open(sealed, place)
        except UsageError:
            return None

    # -- reading ---------------------------------------------------------------------------------------------------------

    @patient
    def row(self, ref: str) -> StoredRow:
        """Return one student; raises ``KeyError`` for none of the cohort's."""
        with self.engine.begin() as connection:
            found = connection.execute(sa.select(students).where(students.c.ref == ref)).one_or_none()
        if found is None:
            raise KeyError(ref)
        return self._opened(found)

    def is_there(self) -> bool:
        """Return whether the database holds a cohort at all; raises ``UsageError`` when it cannot be asked."""
        with reached():
            return sa.inspect(self.engine).has_table(students.name)

    def rows(self) -> Iterator[StoredRow]:
        """Yield every student in the roster's order, a bounded number held at a time."""
        return self._read(sa.select(students))

    def held(self, most: int | None = None) -> Iterator[StoredRow]:
        """Yield those whose case has ended and is not done, first those who wait for a person; ``most`` of them at most."""
        query = sa.select(students).where(students.c.state.in_(HELD))
        return self._read(query.order_by(students.c.state == TaskState.FAILED).limit(most))

    def to_come(self, most: int) -> Iterator[StoredRow]:
        """Yield those whose case has yet to begin or to end, in the roster's order; ``most`` of them at most."""
        return self._read(
            sa.select(students).where(students.c.state.in_((TaskState.IMPORTED, *OPEN))).limit(most)
        )

    def _read(self, query: sa.Select[Any]) -> Iterator[StoredRow]:
        with self.engine.begin() as connection:
            found = connection.execute(query.order_by(students.c.position, students.c.ref)).yield_per(500)
            yield from map(self._opened, found)

    def _opened(self, row: sa.Row[Any]) -> StoredRow:
        person = self._person(row.ref, row.sealed)
        return StoredRow(
            row.ref,
            person or Person(position=row.position, name=NOBODY, number=""),
            TaskState(row.state),
            row.round,
            row.tries,
            row.exit_status,
            row.needs,
            self._result(row) if person else Result.of_error(RowUnreadable(UNREADABLE)),
            person is not None,
        )

    def _result(self, row: sa.Row[Any]) -> Result | None:
        if not row.result:
            return None
        opened = self._text(row.result, f"{row.ref}.result")
        return Result.model_validate_json(opened) if opened else Result.of_error(RowUnreadable(UNREADABLE))

    @patient
    def counts(self, silent: float) -> Counts:
        """Return how it stands; a worker that is silent for longer than ``silent`` seconds is not alive."""
        by_state = sa.select(students.c.state, sa.func.count()).group_by(students.c.state)
        held = sa.select(students.c.needs, sa.func.count()).where(students.c.state.in_(HELD))
        by_need = held.group_by(students.c.needs)
        working = workers.c.state == "working", workers.c.seen > self._now - silent
        alive = sa.select(sa.func.count()).select_from(workers).where(*working)
        with self.engine.begin() as connection:
            states = {TaskState(state): number for state, number in connection.execute(by_state)}
            needs = {str(code): int(number) for code, number in connection.execute(by_need)}
            return Counts(states, needs, connection.execute(alive).scalar_one())

    def is_open(self) -> bool:
        """Return whether anybody is queued or being worked on."""
        return self._is_any(students.c.state.in_(OPEN))

    @patient
    def _is_any(self, *where: sa.ColumnElement[bool]) -> bool:
        with self.engine.begin() as connection:
            return bool(connection.execute(sa.select(sa.exists().where(*where))).scalar_one())

    # -- queueing and working ----------------------------------------------------------------------------------------------

    def to_queue(self, states: Sequence[TaskState], refs: Sequence[str] | None = None) -> None:
        """Queue the students of these states, and those whose worker has died and left nobody to give them back.

        Args:
            states: Which are to be queued; those that are being worked on are never among them.
            refs: Only these students; everybody when left out.
        """
        left = sa.and_(students.c.state == TaskState.RUNNING, students.c.lease_until < self._now)
        chosen = sa.or_(students.c.state.in_(states), left)
        where = chosen if refs is None else sa.and_(chosen, students.c.ref.in_(refs))
        values = {"state": TaskState.QUEUED, "round": students.c.round + 1, "tries": 0, "worker": None}
        self._written(sa.update(students).where(where).values(values))

    @patient
    def queued(self) -> list[tuple[str, int]]:
        """Return all that are queued, in the roster's order: put again after a run that died before it had put them all."""
        query = sa.select(students.c.ref, students.c.round).where(students.c.state == TaskState.QUEUED)
        with self.engine.begin() as connection:
            return [(row.ref, row.round) for row in connection.execute(query.order_by(students.c.position))]

    def claim(self, ref: str, round_: int, worker: str, seconds: float) -> bool:
        """Take a case for ``seconds``, renewed by ``heartbeat``; false when it is over, or another holds it."""
        free = sa.or_(
            students.c.state == TaskState.QUEUED,
            sa.and_(students.c.state == TaskState.RUNNING, students.c.lease_until < self._now),
            sa.and_(students.c.state == TaskState.RUNNING, students.c.worker == worker),
        )
        taken = {
            "state": TaskState.RUNNING,
            "worker": worker,
            "tries": students.c.tries + 1,
            "lease_until": self._now + seconds,
        }
        where = (students.c.ref == ref, students.c.round == round_, free)
        return self._written(sa.update(students).where(*where).values(taken)) == 1

    def waits(self, ref: str, round_: int) -> bool:
        """Return whether a case is still to be ended, by whomever."""
        return self._is_any(students.c.ref == ref, students.c.round == round_, students.c.state.in_(OPEN))

    def holds(self, ref: str, worker: str) -> bool:
        """Return whether the worker still holds the case."""
        return self._is_any(*_held(ref, worker), students.c.lease_until > self._now)

    def finish(self, ref: str, worker: str, result: Result) -> bool:
        """Keep how a case ended, if the worker still holds it."""
        values = {
            "state": state_after(result.exit_status),
            "exit_status": result.exit_status,
            "needs": result.needs,
            "result": self.sealer.seal(result.model_dump_json(), f"{ref}.result"),
            "worker": None,
            "lease_until": 0.0,
        }
        return self._written(sa.update(students).where(*_held(ref, worker)).values(values)) == 1

    # -- who is alive --------------------------------------------------------------------------------------------------------

    @patient
    def heartbeat(self, worker: str, ref: str | None, seconds: float) -> None:
        """Say that a worker is alive, and renew its hold on the case it works on."""
        alive = {"seen": self._now, "state": "working"}
        mine = self._insert(workers).values(id=worker, **alive)
        with self.engine.begin() as connection:
            connection.execute(mine.on_conflict_do_update(index_elements=["id"], set_=alive))
            if ref:
                lease = sa.update(students).where(*_held(ref, worker), students.c.lease_until > self._now)
                connection.execute(lease.values(lease_until=self._now + seconds))

    def leave(self, worker: str) -> None:
        """Say that a worker has ended, or that its cases were given to others."""
        self._written(sa.delete(workers).where(workers.c.id == worker))

    def stalled(self, seconds: float) -> Iterator[str]:
        """Yield the workers that are dead, each to one caller: should that one die too, to another after ``seconds``."""
        dead = workers.c.seen < self._now - seconds
        with self.engine.begin() as connection:
            found = list(connection.execute(sa.select(workers.c.id).where(dead)).scalars())
        for worker in found:
            mine = sa.update(workers).where(workers.c.id == worker, dead)
            if self._written(mine.values(seen=self._now, state="dead")):
                yield worker

    # -- gentleness ------------------------------------------------------------------------------------------------------------

    @patient
    def turn(self, site: str, interval: float) -> float:
        """Take the next turn at a site, ``interval`` seconds after the one before, and return the seconds until then."""
        free = sa.case((turns.c.free_at > self._now, turns.c.free_at), else_=self._now) + interval
        taken = sa.update(turns).where(turns.c.site == site).values(free_at=free)
        with self.engine.begin() as connection:
            connection.execute(self._insert(turns).values(site=site, free_at=0).on_conflict_do_nothing())
            wait = connection.execute(taken.returning(turns.c.free_at - interval - self._now)).scalar_one()
        return max(0.0, float(wait))

    @patient
    def may_sign_in(self, account: str, round_: int) -> bool:
        """Count a sign-in with a password, unless that password was refused, or too many of this round had no known end."""
        new = self._insert(sign_ins).values(account=account, round=round_, tries=0, rejected=False)
        this_round = sign_ins.c.round == round_
        good = (
            sign_ins.c.account == account,
            sa.not_(sign_ins.c.rejected),
            sa.or_(sa.not_(this_round), sign_ins.c.tries < SIGN_IN_TRIES),
        )
        tries = sa.case((this_round, sign_ins.c.tries + 1), else_=1)
        with self.engine.begin() as connection:
            connection.execute(new.on_conflict_do_nothing())
            counted = sa.update(sign_ins).where(*good).values(tries=tries, round=round_)
            return connection.execute(counted).rowcount == 1

    def signed_in(self, account: str, rejected: bool) -> None:
        """Keep that it is known how a sign-in ended."""
        ended = sa.update(sign_ins).where(sign_ins.c.account == account)
        self._written(ended.values(tries=0, rejected=rejected))

    # -- the database ----------------------------------------------------------------------------------------------------------

    @property
    def _now(self) -> sa.ColumnElement[float]:
        if self.engine.dialect.name == "sqlite":
            return (sa.func.julianday("now") - 2440587.5) * 86400.0
        return sa.cast(sa.extract("epoch", sa.func.clock_timestamp()), sa.Float)

    def _insert(self, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
        """Return an insertion that can say what to do when the row is there: both databases say it alike."""
        return sqlite.insert(table) if self.engine.dialect.name == "sqlite" else postgresql.insert(table)

    @patient
    def _written(self, statement: sa.Update | sa.Delete) -> int:
        """Carry out a statement in a transaction of its own, and return how many rows it was about."""
        with self.engine.begin() as connection:
            return connection.execute(statement).rowcount


def _kept(before: Person, now: Person) -> Person:
    consent, credentials = now.consent or before.consent, now.credentials or before.credentials
    return now.model_copy(update={"consent": consent, "credentials": credentials, "answers": before.answers})


def _held(ref: str, worker: str) -> tuple[sa.ColumnElement[bool], ...]:
    return students.c.ref == ref, students.c.worker == worker, students.c.state == TaskState.RUNNING
