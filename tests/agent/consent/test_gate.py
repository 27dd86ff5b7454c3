"""No step outside the consent ever runs: whichever ticks, and whenever it is withdrawn or expires."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.asks import YES, Ask, AskKind, AskRouter, Scripted
from agent.case import case
from agent.consent import Action, Gate, Sensitive, Tick
from agent.engine.engine import DutyResult, DutyStatus, Engine, Mode
from agent.engine.steps import Status, StepRunner, WriteStep
from agent.errors import (
    AskRefused,
    ConsentMissing,
    ConsentWithdrawn,
    ExitStatus,
    NotTheirCase,
    OutsideConsent,
    SomebodyElse,
    gravest,
)
from agent.privacy.redaction import Redactor
from flows.run.consents import READS, WRITES, needed
from tests.harness.cases import NUMBER
from tests.harness.consents import EVERYTHING, NOW, WEEK, Clock, gate
from tests.harness.fakes import FakeSite
from tests.harness.program import CONSENTING, Silent
from tests.structure.source import modules

JOB: dict[str, tuple[str, ...]] = {
    "chsi_check": ("chsi.sign_in", "chsi.record.read", "chsi.photo.save", "chsi.photo.check"),
    "conditions": (
        "chaoxing.sign_in",
        "chaoxing.whoami",
        "chaoxing.personal.read",
        "chaoxing.conditions.read",
    ),
    "photo": ("chaoxing.photo.look",),
    "family": ("chaoxing.family.read",),
}
"""The reading steps of each duty, in order."""
FEW = (settings.default.max_examples if settings.default else 40) // 4
"""Examples where each carries a job out, with files that are flushed to the disk."""
WRITING = {"photo": "chaoxing.photo.upload", "family": "chaoxing.family.add"}


@dataclass
class Run:
    """A job over duties in memory, and every step that did anything."""

    runner: StepRunner
    ran: list[tuple[str, Any]] = field(default_factory=list)
    before_each: Callable[[int], None] = lambda count: None

    def did(self, step: str, kind: str) -> None:
        """Keep that a step does something; what the student does meanwhile happens now."""
        self.ran.append((step, kind))
        self.before_each(len(self.ran))

    def execute(self, mode: Mode = Mode.RUN) -> Engine:
        """Carry the job out; a withdrawal ends it."""
        engine = Engine("xjtu", self.runner, AskRouter([CONSENTING]), lambda plan: None)
        with suppress(ConsentMissing):
            engine.execute([InMemory(self, duty) for duty in JOB], mode)
        return engine


@dataclass
class InMemory:
    """A duty that reads its steps and then writes its one."""

    run: Run
    id: str

    def look(self) -> DutyResult:
        """Read every step."""
        for step in JOB[self.id]:
            self.run.runner.read(step, self.id, step, lambda step=step: self.run.did(step, "read"))  # type: ignore[misc]
        return DutyResult(DutyStatus.DONE)

    def writes(self) -> Sequence[WriteStep[Any]]:
        """The one write, if the duty has one."""
        if self.id not in WRITING:
            return ()
        step = WRITING[self.id]
        site = FakeSite(on_act=lambda site, value: self._act(site, value, step))
        return [site.write(self.id, step=step, key=f"key-{step}")]

    def _act(self, site: FakeSite, value: str, step: str) -> None:
        self.run.did(step, "write")
        site.there = value

    def look_again(self) -> None:
        """Nothing."""


def _run(folder: Path, door: Gate, before_each: Callable[[int], None] = lambda count: None) -> Run:
    """Carry the job out with a case that is held to a consent, and the student's number known from the start."""
    with case.opened(folder / "case", Redactor()) as opened:
        opened.bind(door)
        opened.belongs_to(NUMBER)
        run = Run(StepRunner(opened.journal, opened.audit, Silent(), door.check), before_each=before_each)
        run.execute()
    return run


_TICKS = st.sets(st.sampled_from(sorted({*Action, *Sensitive}))).map(
    lambda ticks: frozenset[Tick](
        ticks - {Action.COMPARE_FACES, Sensitive.FACE_COMPARISON} | {Action.CONFIRM}
    )
)


def test_with_everything_ticked_everything_runs(tmp_path: Path) -> None:
    run = _run(tmp_path, gate(tmp_path))
    steps = [step for duty in JOB for step in JOB[duty]]
    assert [step for step, _ in run.ran] == [*steps, *WRITING.values()]


@settings(max_examples=FEW)
@given(ticks=_TICKS)
def test_whatever_is_ticked_no_other_step_runs(ticks: frozenset[Tick]) -> None:
    with TemporaryDirectory() as name:
        run = _run(Path(name), gate(Path(name), ticks))
        for step, kind in run.ran:
            wanted = needed(step, kind)
            assert wanted is not None
            assert wanted <= ticks


@settings(max_examples=FEW)
@given(ticks=_TICKS)
def test_a_refused_step_is_skipped_with_status_13_and_others_go_on(ticks: frozenset[Tick]) -> None:
    with TemporaryDirectory() as name, case.opened(Path(name) / "case", Redactor()) as opened:
        door = gate(Path(name), ticks)
        opened.bind(door)
        opened.belongs_to(NUMBER)
        run = Run(StepRunner(opened.journal, opened.audit, Silent(), door.check))
        engine = run.execute()
        refused = [record.id for record in run.runner.records if record.status is Status.SKIPPED]
        wanted = gravest(error.exit_status for error in engine.troubles)
        assert (wanted is ExitStatus.CONSENT) == bool(engine.troubles)
        assert all(isinstance(error, OutsideConsent) for error in engine.troubles)
        assert set(refused).isdisjoint(step for step, _ in run.ran)
        assert set(engine.results) == set(JOB)


@settings(max_examples=FEW)
@given(at=st.integers(1, 12), how=st.sampled_from(["withdrawn", "expired"]))
def test_after_the_withdrawal_or_the_end_no_step_runs(at: int, how: str) -> None:
    with TemporaryDirectory() as name:
        clock = Clock()
        door = gate(Path(name), clock=clock)

        def stop(count: int) -> None:
            if count == at and how == "withdrawn":
                door.register.withdraw(door.receipt.receipt_id)
            elif count == at:
                clock.now = NOW + WEEK

        run = _run(Path(name), door, stop)
        assert len(run.ran) == min(at, 12)


def test_a_withdrawal_while_the_write_looks_keeps_it_from_acting(tmp_path: Path) -> None:
    door = gate(tmp_path)
    door.belongs_to(NUMBER)
    with case.opened(tmp_path / "case", Redactor()) as opened:
        opened.bind(door)
        runner = StepRunner(opened.journal, opened.audit, Silent(), door.check)
        site = FakeSite()
        write = site.write(step="chaoxing.photo.upload")
        looked = site.observe

        def look() -> str:
            door.register.withdraw(door.receipt.receipt_id)
            return looked()

        object.__setattr__(write, "observe", look)
        with pytest.raises(ConsentWithdrawn):
            runner.write(write)
        assert site.acts == 0
        assert opened.journal.state(write.change.key) is None


def test_what_is_already_there_is_told_without_the_consent_to_upload(tmp_path: Path) -> None:
    door = gate(tmp_path, EVERYTHING - {Action.UPLOAD_PHOTO})
    with case.opened(tmp_path / "case", Redactor()) as opened:
        opened.bind(door)
        runner = StepRunner(opened.journal, opened.audit, Silent(), door.check)
        runner.already(FakeSite("新").write(step="chaoxing.photo.upload"))
    assert runner.records[-1].status is Status.ALREADY_DONE


def test_nobody_is_asked_to_agree_to_what_was_not_consented_to(tmp_path: Path) -> None:
    door = gate(tmp_path, EVERYTHING - {Action.UPLOAD_PHOTO})
    with case.opened(tmp_path / "case", Redactor()) as opened:
        opened.bind(door)
        opened.belongs_to(NUMBER)
        run = Run(StepRunner(opened.journal, opened.audit, Silent(), door.check))
        engine = run.execute()
    (ask, _), *_ = engine.asks.asked
    assert len(ask.details) == 1
    assert engine.results["photo"].status is DutyStatus.SKIPPED
    assert engine.results["family"].status is DutyStatus.DONE


@pytest.mark.parametrize("mode", [Mode.CHECK, Mode.PLAN])
def test_looking_takes_no_consent_to_write(mode: Mode, tmp_path: Path) -> None:
    door = gate(tmp_path, EVERYTHING - {Action.UPLOAD_PHOTO, Action.FILL_FORMS})
    with case.opened(tmp_path / "case", Redactor()) as opened:
        opened.bind(door)
        engine = Run(StepRunner(opened.journal, opened.audit, Silent(), door.check)).execute(mode)
    assert engine.troubles == []
    assert engine.results["photo"].status is DutyStatus.NOT_RUN


# -- the case ------------------------------------------------------------------------------------------------------------


def test_the_case_keeps_a_copy_and_its_log_the_terms(tmp_path: Path) -> None:
    door = gate(tmp_path)
    with case.opened(tmp_path / "case", Redactor()) as opened:
        opened.bind(door)
    copy = (tmp_path / "case" / "consent.json").read_text("utf-8")
    assert door.receipt.receipt_id in copy
    assert door.receipt.digest in (tmp_path / "case" / "audit.jsonl").read_text("utf-8")
    assert list(door.register.cases()) == [tmp_path / "case"]


def test_a_case_of_somebody_else_is_refused_before_it_is_tied_to_them(tmp_path: Path) -> None:
    with case.opened(tmp_path / "case", Redactor()) as opened:
        opened.bind(gate(tmp_path))
        with pytest.raises(SomebodyElse):
            opened.belongs_to("61000019940518531X")
        opened.belongs_to(NUMBER)


def test_a_withdrawal_in_the_cases_own_copy_counts(tmp_path: Path) -> None:
    door = gate(tmp_path)
    with case.opened(tmp_path / "case", Redactor()) as opened:
        opened.bind(door)
        opened.folder.write_json("consent.json", door.receipt.withdrawn(NOW).to_data())
        with pytest.raises(ConsentWithdrawn):
            door.check("chsi.sign_in", "read")


def test_a_case_is_not_held_to_another_students_consent(tmp_path: Path) -> None:
    other = gate(tmp_path)
    principal = other.receipt.pii_principal.model_copy(update={"id_number": "*" * 14 + "531X"})
    other.receipt = other.receipt.model_copy(update={"pii_principal": principal})
    with case.opened(tmp_path / "case", Redactor()) as opened:
        opened.bind(gate(tmp_path))
        before = (tmp_path / "case" / "consent.json").read_bytes()
        with pytest.raises(NotTheirCase):
            opened.bind(other)
        opened.bind(gate(tmp_path))
    assert before != (tmp_path / "case" / "consent.json").read_bytes()


@pytest.mark.parametrize(
    ("ask", "tick"),
    [("photo.compare-faces", Action.COMPARE_FACES), ("confirm.profile_check", Action.CONFIRM)],
)
def test_nobody_is_asked_for_what_was_not_consented_to(ask: str, tick: Action, tmp_path: Path) -> None:
    asked = Ask(ask, AskKind.YES_NO, "?")
    willing = Scripted({ask: YES})
    ticks = EVERYTHING - {tick, Sensitive.FACE_COMPARISON, Action.COMPARE_FACES}
    for door, fits in ((gate(tmp_path), True), (gate(tmp_path, ticks), False)):
        with case.opened(tmp_path / str(fits), Redactor()) as opened:
            opened.bind(door)
            asks = AskRouter([willing], permitted=opened.may_ask)
            with nullcontext() if fits else pytest.raises(AskRefused, match="同意书"):
                asks.confirm(asked)
            assert bool(asks.asked) == fits


# -- every step has its place -----------------------------------------------------------------------------------------------


def _text(node: ast.AST) -> str:
    """A text as it stands, whatever is put into it at run time as an x."""
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_text, node.values))
    return str(node.value) if isinstance(node, ast.Constant) else "x"


def _step_ids() -> tuple[set[str], set[str]]:
    """Every id that stands in the duties, and those of them that a reading step is given."""
    found, reads = set(), set()
    for module in modules("flows/duties"):
        nodes = [node for node in ast.walk(module.tree) if isinstance(node, ast.Constant | ast.JoinedStr)]
        found |= {text for text in map(_text, nodes) if re.fullmatch(r"(chsi|chaoxing|lzu)\.\w+\.\w+", text)}
        reads |= {_text(call.args[0]) for name, call in module.calls() if name.endswith("read") and call.args}
    return found, found & reads


def test_every_step_of_the_duties_has_its_place() -> None:
    found, reads = _step_ids()
    assert {"chaoxing.photo.upload", "chaoxing.x.add"} <= found - reads
    assert [step for step in reads if needed(step, "read") is None] == []
    assert [step for step in found - reads if needed(step, "write") is None] == []


def test_a_reading_step_takes_the_site_and_a_writing_one_is_named() -> None:
    assert needed("chsi.anything", "read")
    assert needed("elsewhere.record.read", "read") is None
    assert needed("chaoxing.anything", "write") is None
    assert {kind for _, ticks in (*READS, *WRITES) for kind in ticks} <= EVERYTHING
