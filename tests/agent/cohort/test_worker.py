"""A worker without processes: what it lets pass, whom it turns away, and the case that waits for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from threading import Event
from typing import TypeVar

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser
from typer.testing import CliRunner

from agent.asks import Answerer, Scripted
from agent.cli.app import app
from agent.cohort import receipts, roster
from agent.cohort.database import address_in, students
from agent.cohort.manager import AGAIN
from agent.cohort.model import AT_THE_DESK, CohortOrder, Person, Result, Task, TaskState
from agent.cohort.sealing import Sealer
from agent.cohort.store import Store
from agent.cohort.worker import (
    MOST_TRIES,
    Assignment,
    RemoteWorkerBrowser,
    StepGuard,
    Work,
    Worker,
    WorkerBrowser,
    requeue_stalled,
)
from agent.consent import Action, Receipt
from agent.errors import (
    CaseTaken,
    ConsentMissing,
    ConsentWithdrawn,
    LoginByHandNeeded,
    NotTheirCase,
    OutsideConsent,
    SignInUnclear,
    UsageError,
)
from agent.report.model import Report
from agent.settings import Settings
from agent.settings import load as load_settings
from fixtures.people.crowd import crowd
from fixtures.server import MockSites
from flows.cohort_case import CohortCaseRunner
from tests.agent.cohort import crew
from tests.agent.cohort.desk import Desk
from tests.harness.program import INSIDE_THE_WINDOW, site_settings

T = TypeVar("T")
ORDER = CohortOrder(profile="xjtu-2024-07", yes=True, only=("photo",), today=INSIDE_THE_WINDOW)


class Here(WorkerBrowser):
    """A seat in this very thread, at the test's browser."""

    def __init__(self, browser: Browser | None = None) -> None:
        self._browser = browser

    def use(self, work: Callable[[Browser], T]) -> T:
        """Do it now."""
        return work(self._browser)  # type: ignore[arg-type]

    def close(self) -> None:
        """The test's browser stays."""


class NoQueue:
    """A queue that remembers whose cases were given back."""

    def __init__(self) -> None:
        self.given_back: list[str] = []

    def put(self, tasks: Iterable[Task]) -> None:
        """Nothing is queued."""

    def serve(self, worker: str, work: Work) -> AbstractContextManager[None]:
        """Nothing is served."""
        return nullcontext()

    def is_waiting(self) -> bool:
        """Nothing waits."""
        return False

    def give_back(self, worker: str) -> int:
        """Remember it."""
        self.given_back.append(worker)
        return 1


@pytest.fixture
def store(desk: Desk, tmp_path: Path) -> Iterator[Store]:
    with closing(Store(address_in(tmp_path), Sealer(crew.KEY))) as opened:
        yield opened


def _people(desk: Desk, number: int = 1) -> list[Person]:
    """Two invented students with their receipts and accounts, as an import makes them."""
    desk.fill(crowd(number))
    people = roster.load(desk.roster, INSIDE_THE_WINDOW).people
    return receipts.with_belongings(
        people, receipts.receipts(desk.consents), receipts.accounts(desk.accounts)
    )


def _settings(sites: MockSites) -> Settings:
    addresses = {
        site: {**given, "username": None, "password": None} for site, given in site_settings(sites).items()
    }
    return load_settings({"sites": addresses, "cohort": {"sign_ins_per_minute": 60000}})


def _worker(
    store: Store, sites: MockSites, folder: Path, browser: Browser, answerers: Sequence[Answerer] = ()
) -> Worker:
    settings = _settings(sites)
    carry_out = CohortCaseRunner(settings, answerers)
    return Worker(
        store, NoQueue(), Here(browser), carry_out, settings.cohort, folder / "cases", lambda said: None
    )


def _queued(store: Store, person: Person) -> Task:
    store.to_queue(AGAIN)
    ref = store.sealer.ref(person.number)
    return Task(ref=ref, round=store.row(ref).round, order=ORDER)


def test_a_case_that_needs_a_person_is_ended_by_attending(
    desk: Desk, store: Store, tmp_path: Path, browser: Browser
) -> None:
    (person,) = _people(desk)
    store.put([person])
    task = _queued(store, person)
    with MockSites(scenario="captcha_chsi", students=crowd(1)) as sites:
        _worker(store, sites, tmp_path, browser)._work(task)
        row = store.row(task.ref)
        assert (row.state, row.needs) == (TaskState.NEEDS_PERSON, "login.captcha")
        assert row.result is not None
        assert row.result.asks == ("captcha.chsi",)
        assert (row.result.remedy, row.result.profile) == (AT_THE_DESK, ORDER.profile)
        store.to_queue(AGAIN)
        assert store.queued() == []  # nobody but a person gets on here
        present = [Scripted({"captcha.chsi": "7352"}, by="terminal")]
        row = _worker(store, sites, tmp_path, browser, present).attend(task.ref, ORDER)
        assert (row.state, row.needs) == (TaskState.DONE, "")
        (effect,) = sites.world.state()["effects"]
        assert effect["file_name"] == f"{person.number}.jpg"


# -- before every step -----------------------------------------------------------------------------------------------------


def _watch(store: Store, person: Person) -> StepGuard:
    task = _queued(store, person)
    assert store.claim(task.ref, task.round, "w", 60)
    gentle = load_settings({"cohort": {"sign_ins_per_minute": 60000}}).cohort
    return StepGuard(store, gentle, "w", store.row(task.ref), Event())


def test_a_worker_whose_case_was_taken_may_do_nothing_more(desk: Desk, store: Store) -> None:
    (person,) = _people(desk)
    store.put([person])
    guard = _watch(store, person)
    guard.before("chsi.photo.save")
    store.finish(guard.row.ref, "w", Result.of_error(UsageError("x")))
    with pytest.raises(CaseTaken):
        guard.before("platform.upload")
    assert guard.taken


def test_a_password_without_a_known_end_is_sent_once_more_and_then_a_person_looks(
    desk: Desk, store: Store
) -> None:
    (person,) = _people(desk)
    store.put([person])
    guard = _watch(store, person)
    guard.before("chsi.sign_in")
    guard.before("chsi.sign_in")  # as after the death of the worker that was at it
    with pytest.raises(SignInUnclear):
        guard.before("chsi.sign_in")
    guard.before("chaoxing.sign_in")


def test_a_refused_password_stays_refused(desk: Desk, store: Store) -> None:
    (person,) = _people(desk)
    store.put([person])
    guard = _watch(store, person)
    pair = person.credentials["chsi"]
    account = store.sealer.pseudonym("account", "chsi", pair.username, pair.password)
    assert store.may_sign_in(account, 1)
    store.signed_in(account, rejected=True)
    for _ in range(2):
        with pytest.raises(SignInUnclear):
            guard.before("chsi.sign_in")
        guard.after("chsi.sign_in", "needs_person")  # which is how that stop ends the step


def test_a_hold_that_ran_out_while_the_database_was_away_is_taken_again(
    desk: Desk, store: Store, tmp_path: Path
) -> None:
    """Nobody else took the case: the job must not end with a case that nobody works on."""
    (person,) = _people(desk)
    store.put([person])
    task = _queued(store, person)
    times: list[str] = []

    def carry_out(browser: Browser, assignment: Assignment) -> Report:
        times.append("again")
        if len(times) == 1:
            with store.engine.begin() as connection:
                connection.execute(sa.update(students).values(lease_until=0.0))
        assignment.watch("chsi.photo.save")
        raise LoginByHandNeeded("x")

    Worker(store, NoQueue(), Here(), carry_out, load_settings().cohort, tmp_path, lambda said: None)._work(
        task
    )
    assert len(times) == 2
    assert store.row(task.ref).needs == "login.by_hand"


def test_a_case_over_which_worker_after_worker_dies_is_given_up(
    desk: Desk, store: Store, tmp_path: Path, sites: MockSites
) -> None:
    (person,) = _people(desk)
    store.put([person])
    task = _queued(store, person)
    for life in range(MOST_TRIES):
        assert store.claim(task.ref, task.round, f"dead-{life}", -1.0)
    worker = _worker(store, sites, tmp_path, None)  # type: ignore[arg-type]
    worker._work(task)
    assert store.row(task.ref).needs == "cohort.workers_died"


def test_the_dead_are_buried_once(store: Store) -> None:
    queue = NoQueue()
    store.heartbeat("dead", None, 60)
    while not queue.given_back:
        requeue_stalled(store, queue, 0.01)
    requeue_stalled(store, queue, 0.01)
    assert queue.given_back == ["dead"]


def test_a_browser_is_renewed_after_its_cases() -> None:
    opened: list[int] = []

    class Opened:
        """Stands for a browser."""

        def is_connected(self) -> bool:
            """It is never lost."""
            return True

    def open_one() -> AbstractContextManager[Browser]:
        opened.append(len(opened))
        return nullcontext(Opened())  # type: ignore[arg-type]

    seat = RemoteWorkerBrowser(open_one, cases=2)
    for _ in range(5):
        seat.use(lambda browser: None)
    seat.close()
    assert len(opened) == 3


# -- before anything is opened ---------------------------------------------------------------------------------------------


def _refused(person: Person, sites: MockSites, folder: Path, settings: Settings | None = None) -> None:
    """Carry a case out that may not even open a browser: there is none."""
    ignored = Assignment(person, ORDER, folder, lambda step: None, lambda step, status: None)
    CohortCaseRunner(settings or _settings(sites))(None, ignored)  # type: ignore[arg-type]


def test_whom_the_job_turns_away(desk: Desk, sites: MockSites, tmp_path: Path) -> None:
    person, other = _people(desk, 2)
    assert person.consent is not None
    with pytest.raises(ConsentMissing):
        _refused(person.model_copy(update={"consent": None}), sites, tmp_path)
    with pytest.raises(NotTheirCase):
        _refused(person.model_copy(update={"consent": other.consent}), sites, tmp_path)
    with pytest.raises(LoginByHandNeeded):
        _refused(person.model_copy(update={"credentials": {}}), sites, tmp_path)
    with pytest.raises(UsageError, match="只能用于本机的模拟网站"):
        _refused(person, sites, tmp_path, load_settings({}))
    assert not any(tmp_path.glob("report.json"))
    assert sites.world.state()["requests"] == 0


def test_nobody_signs_in_who_does_not_consent_to_what_every_case_begins_with(
    desk: Desk, sites: MockSites, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (person,) = _people(desk)
    monkeypatch.setattr(Receipt, "ticks", frozenset(Action))
    monkeypatch.setattr(f"{__name__}.ORDER", ORDER.model_copy(update={"only": ()}))
    with pytest.raises(OutsideConsent, match="使用身份证件号码"):
        _refused(person, sites, tmp_path)


def test_a_consent_is_read_anew_for_each_case(
    desk: Desk, sites: MockSites, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (person,) = _people(desk)
    assert person.consent is not None
    assert not receipts.is_over(person)
    assert CliRunner().invoke(app, ["consent", "withdraw", str(person.consent)]).exit_code == 0
    assert receipts.is_over(person)
    with pytest.raises(ConsentWithdrawn):
        _refused(person, sites, tmp_path)


def test_a_roster_with_mistakes_is_not_imported(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    desk.fill(crowd(2), without_consent=["c000000", "c000001"])
    monkeypatch.setenv("GRADSYNC_COHORT__KEY_FILE", str(desk.key))
    desk.roster.write_text(desk.roster.read_text("utf-8-sig") + "王岚,123,,,\n李,,,,\n", "utf-8")
    refused = CliRunner().invoke(app, ["cohort", "import", str(desk.roster)])
    assert isinstance(refused.exception, UsageError)
    assert "第 4 行，证件号码" in refused.output
    with closing(Store(address_in(tmp_path / "gradsync-cohort"), Sealer(crew.KEY))) as left:
        assert list(left.rows()) == []


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.cli.optional.find_spec", lambda name: None)
    refused = CliRunner().invoke(app, ["cohort", "status"])
    assert isinstance(refused.exception, UsageError)
    assert ".[cohort]" in refused.exception.remedy
