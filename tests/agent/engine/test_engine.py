"""Look, plan, ask, act once, look again: the engine over duties in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from agent.asks import Answerer, AskRouter, Scripted
from agent.case.audit_log import AuditLog
from agent.case.journal import Journal
from agent.engine.engine import DutyResult, DutyStatus, Engine, Mode
from agent.engine.plan import Plan
from agent.engine.steps import StepRunner, WriteStep
from agent.errors import (
    CredentialsRejected,
    GradsyncError,
    NoBatch,
    PhotoNotYet,
    PlanStale,
    SiteChanged,
    SiteUnavailable,
    UploadRefused,
    WriteUnverified,
)
from agent.privacy.private_files import PrivateFolder
from agent.privacy.redaction import Redactor
from tests.harness.fakes import FakeSite, broken_line, nothing
from tests.harness.program import CONSENTING, Silent


def unread() -> SiteChanged:
    """The stop at a page that was come to and has not what was expected."""
    error = SiteChanged("毕业条件", "毕业要求")
    error.expected = ("毕业要求",)
    return error


@dataclass
class FakeDuty:
    """A duty over a site in memory; what it does is written into the log that all duties share."""

    id: str
    log: list[str]
    make: Callable[[], Sequence[WriteStep[Any]]] = tuple
    looks: Callable[[], DutyResult] = lambda: DutyResult(DutyStatus.DONE, "看过了")
    again: Callable[[], DutyResult | None] = nothing

    def look(self) -> DutyResult:
        """Look."""
        self.log.append(f"look {self.id}")
        return self.looks()

    def writes(self) -> Sequence[WriteStep[Any]]:
        """Say what would change."""
        return self.make()

    def look_again(self) -> DutyResult | None:
        """Look again."""
        self.log.append(f"again {self.id}")
        return self.again()


@dataclass
class Bench:
    """An engine with everything around it."""

    runner: StepRunner
    log: list[str] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)

    def run(
        self,
        duties: Sequence[FakeDuty],
        mode: Mode = Mode.RUN,
        answerers: Sequence[Answerer] = (CONSENTING,),
        promised: Plan | None = None,
    ) -> Engine:
        """Execute the duties and return the engine."""
        engine = self.engine(answerers)
        engine.execute(duties, mode, promised)
        return engine

    def engine(self, answerers: Sequence[Answerer] = (CONSENTING,)) -> Engine:
        """Return an engine that writes into the log when the plan is kept and when somebody is asked."""
        asks = AskRouter(answerers, lambda ask: self.log.append(f"ask {ask.id}"))
        return Engine("xjtu-2024-07", self.runner, asks, self._keep)

    def duty(self, name: str, **parts: Any) -> FakeDuty:
        """Return a duty that writes into the shared log."""
        return FakeDuty(name, self.log, **parts)

    def upload(self, site: FakeSite, name: str = "photo", **parts: Any) -> FakeDuty:
        """Return a duty with one write to a site in memory."""
        return self.duty(name, make=lambda: [site.write(name, key=f"key-{name}")], **parts)

    def _keep(self, plan: Plan) -> None:
        self.log.append("plan")
        self.plans.append(plan)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """An engine's surroundings."""
    journal = Journal(tmp_path)
    yield Bench(StepRunner(journal, AuditLog(PrivateFolder(tmp_path, Redactor().redact)), Silent()))
    journal.close()


def _raising(error: GradsyncError) -> Callable[[], Any]:
    def work() -> Any:
        raise error

    return work


def _statuses(engine: Engine) -> dict[str, DutyStatus]:
    return {duty: result.status for duty, result in engine.results.items()}


# -- order ---------------------------------------------------------------------------------------------------------------


def test_everything_is_looked_at_then_planned_then_asked_then_done_then_looked_at_again(bench: Bench) -> None:
    site = FakeSite(log=bench.log)
    engine = bench.run([bench.duty("chsi_check"), bench.upload(site), bench.duty("conditions")])
    assert bench.log == [
        "look chsi_check",
        "look photo",
        "look conditions",
        "plan",
        "ask apply-plan",
        "observe 旧",
        "act 新",
        "observe 新",
        "again chsi_check",
        "again photo",
        "again conditions",
    ]
    assert set(_statuses(engine).values()) == {DutyStatus.DONE}
    assert engine.troubles == []


def test_what_is_read_again_counts(bench: Bench) -> None:
    """The conditions before the upload are not what the report says of them."""
    now = DutyResult(DutyStatus.DONE, "已满足 6 项")
    engine = bench.run([bench.upload(FakeSite()), bench.duty("conditions", again=lambda: now)])
    assert engine.results["conditions"] == now


def test_nothing_to_change_asks_nobody(bench: Bench) -> None:
    site = FakeSite("新")
    engine = bench.run([bench.upload(site)], answerers=())
    assert "ask apply-plan" not in bench.log
    assert site.acts == 0
    assert engine.results["photo"] == DutyResult(DutyStatus.ALREADY_DONE, "现在是新")
    assert [plan.changes for plan in bench.plans] == [()]


def test_only_what_is_open_is_planned(bench: Bench) -> None:
    done, still_open = FakeSite("新"), FakeSite()
    engine = bench.run([bench.upload(done, "photo"), bench.upload(still_open, "family")])
    assert [change.duty for change in bench.plans[0].changes] == ["family"]
    assert (done.acts, still_open.acts) == (0, 1)
    assert _statuses(engine) == {"photo": DutyStatus.ALREADY_DONE, "family": DutyStatus.DONE}


def test_a_second_run_changes_nothing(bench: Bench) -> None:
    site = FakeSite()
    bench.run([bench.upload(site)])
    engine = bench.run([bench.upload(site)])
    assert site.acts == 1
    assert _statuses(engine) == {"photo": DutyStatus.ALREADY_DONE}


# -- how far -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [Mode.CHECK, Mode.PLAN])
def test_looking_changes_nothing_and_asks_nobody_though_the_plan_is_kept(mode: Mode, bench: Bench) -> None:
    site = FakeSite()
    bench.run([bench.upload(site)], mode)
    assert site.log == []
    assert bench.log == ["look photo", "plan"]
    assert len(bench.plans[0].changes) == 1


@pytest.mark.parametrize("mode", [Mode.CHECK, Mode.PLAN])
def test_a_duty_that_was_only_planned_is_not_done(mode: Mode, bench: Bench) -> None:
    engine = bench.run([bench.upload(FakeSite())], mode)
    assert engine.results["photo"].status is DutyStatus.NOT_RUN


def test_a_promised_plan_that_is_still_true_is_carried_out(bench: Bench) -> None:
    site = FakeSite()
    bench.run([bench.upload(site)], Mode.PLAN)
    bench.run([bench.upload(site)], Mode.APPLY, promised=bench.plans[0])
    assert site.acts == 1


@pytest.mark.parametrize("now", ["新", "别的"])
def test_a_stale_plan_stops_before_anybody_is_asked(now: str, bench: Bench) -> None:
    site = FakeSite()
    bench.run([bench.upload(site)], Mode.PLAN)
    site.there = now
    with pytest.raises(PlanStale):
        bench.run([bench.upload(site)], Mode.APPLY, promised=bench.plans[0])
    assert site.acts == 0
    assert "ask apply-plan" not in bench.log


def test_a_stale_plan_leaves_its_duty_not_done(bench: Bench) -> None:
    site = FakeSite()
    bench.run([bench.upload(site)], Mode.PLAN)
    site.there = "别的"
    engine = bench.engine()
    with pytest.raises(PlanStale):
        engine.execute([bench.upload(site)], Mode.APPLY, bench.plans[0])
    assert engine.results["photo"].status is not DutyStatus.DONE


# -- the person ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answerers", [(), (Scripted({"apply-plan": "no"}),), (Scripted({"apply-plan": "y"}),)]
)
def test_without_a_yes_nothing_is_changed(answerers: Sequence[Answerer], bench: Bench) -> None:
    site = FakeSite()
    engine = bench.run([bench.duty("conditions"), bench.upload(site)], answerers=answerers)
    assert site.log == []
    assert _statuses(engine) == {"conditions": DutyStatus.DONE, "photo": DutyStatus.NEEDS_PERSON}
    assert [trouble.exit_status for trouble in engine.troubles] == [10]
    assert "again conditions" not in bench.log


def test_the_ask_shows_the_plan_line_by_line(bench: Bench) -> None:
    engine = bench.engine()
    engine.execute([bench.upload(FakeSite())], Mode.RUN)
    ask, answer = engine.asks.asked[0]
    assert ask.details == bench.plans[0].describe()
    assert answer is not None
    assert answer.by == "flag"


# -- trouble -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (PhotoNotYet("还没有照片。"), DutyStatus.WAITING),
        (NoBatch("没有批次。"), DutyStatus.NEEDS_PERSON),
        (SiteChanged("毕业条件", "毕业要求"), DutyStatus.FAILED),
        (SiteUnavailable("打不开。"), DutyStatus.FAILED),
        (unread(), DutyStatus.NEEDS_PERSON),
    ],
)
def test_one_dutys_trouble_does_not_stop_the_others(
    error: GradsyncError, status: DutyStatus, bench: Bench
) -> None:
    site = FakeSite()
    engine = bench.run(
        [bench.duty("conditions", looks=_raising(error)), bench.upload(site), bench.duty("chsi_check")]
    )
    assert site.acts == 1
    assert engine.results["conditions"] == DutyResult(status, error.message)
    assert engine.results["photo"].status is DutyStatus.DONE
    assert engine.troubles == [error]
    assert "again conditions" not in bench.log


def test_a_duty_that_could_not_look_writes_nothing(bench: Bench) -> None:
    site = FakeSite()
    bench.run([bench.upload(site, looks=_raising(PhotoNotYet("还没有照片。")))])
    assert site.log == []
    assert bench.plans[0].changes == ()


def test_a_duty_that_says_it_is_not_run_writes_nothing(bench: Bench) -> None:
    site = FakeSite()
    engine = bench.run([bench.upload(site, looks=lambda: DutyResult(DutyStatus.NOT_RUN, "没有批次"))])
    assert site.log == []
    assert engine.results["photo"].note == "没有批次"


def test_what_stops_everybody_stops_at_once(bench: Bench) -> None:
    error = CredentialsRejected("密码不对。")
    site, engine = FakeSite(), bench.engine()
    with pytest.raises(CredentialsRejected):
        engine.execute([bench.duty("chsi_check", looks=_raising(error)), bench.upload(site)], Mode.RUN)
    assert bench.log == ["look chsi_check"]
    assert engine.troubles == [error]
    assert _statuses(engine) == {"chsi_check": DutyStatus.FAILED}


def test_the_same_trouble_of_two_duties_is_told_once(bench: Bench) -> None:
    error = SiteUnavailable("打不开。")
    engine = bench.run(
        [bench.duty("conditions", looks=_raising(error)), bench.duty("photo", looks=_raising(error))]
    )
    assert engine.troubles == [error]
    assert _statuses(engine) == {"conditions": DutyStatus.FAILED, "photo": DutyStatus.FAILED}


def test_a_write_that_fails_stops_neither_the_next_nor_the_looking_again(bench: Bench) -> None:
    refusing = FakeSite(on_act=broken_line(UploadRefused("平台没有接受照片。"), arrives=False))
    other = FakeSite()
    engine = bench.run(
        [bench.upload(refusing, "photo"), bench.upload(other, "family"), bench.duty("conditions")]
    )
    assert (refusing.acts, other.acts) == (1, 1)
    assert _statuses(engine)["photo"] is DutyStatus.FAILED
    assert [line for line in bench.log if line.startswith("again")] == ["again family", "again conditions"]


def test_an_unverified_write_fails_its_duty_and_is_not_repeated(bench: Bench) -> None:
    site = FakeSite(on_act=nothing)
    engine = bench.run([bench.upload(site)])
    assert site.acts == 1
    assert isinstance(engine.troubles[0], WriteUnverified)
    assert engine.results["photo"].status is DutyStatus.FAILED


def test_after_a_failed_write_the_rest_of_its_duty_waits(bench: Bench) -> None:
    refusing = FakeSite(on_act=broken_line(UploadRefused("平台没有接受照片。"), arrives=False))
    second = FakeSite()
    duty = bench.duty(
        "family", make=lambda: [refusing.write("family", key="1"), second.write("family", key="2")]
    )
    engine = bench.run([duty])
    assert second.acts == 0
    assert engine.results["family"].status is DutyStatus.FAILED


def test_what_fails_while_looking_again_is_told(bench: Bench) -> None:
    error = SiteUnavailable("打不开。")
    engine = bench.run([bench.upload(FakeSite()), bench.duty("conditions", again=_raising(error))])
    assert engine.troubles == [error]
    assert engine.results["photo"].status is DutyStatus.DONE


def test_a_bug_is_not_kept_but_raised(bench: Bench) -> None:
    def bug() -> DutyResult:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        bench.run([bench.duty("conditions", looks=bug)])


def test_what_may_have_been_sent_before_is_told_to_whoever_is_asked(bench: Bench) -> None:
    lost, engines = FakeSite(on_act=nothing), []
    for _ in range(2):
        engines.append(bench.run([bench.upload(lost)]))
    first, second = (engine.asks.asked[0][0].details for engine in engines)
    assert not any("上次运行" in line for line in first)
    assert any("上次运行可能已经发出过「上传毕业照片」" in line for line in second)
