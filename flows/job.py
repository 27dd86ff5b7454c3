"""One run of one profile for one person: the duties wired to the engine, and the report at its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from playwright.sync_api import Browser

from agent.asks import Answerer, AskRouter
from agent.browser.launcher import has_display
from agent.browser.site_browser import window_closed
from agent.case import file_digests
from agent.case.case import Case
from agent.case.retention import forget_open
from agent.engine.engine import Duty, DutyStatus, Engine, Mode
from agent.engine.plan import FILE_NAME, Plan
from agent.engine.steps import Progress, StepRunner
from agent.errors import ConsentWithdrawn, GradsyncError, JournalUnusable, NotTheirCase, UsageError
from agent.report import files
from agent.report.model import Report
from agent.settings import Settings
from flows.duties.chsi_check import ChsiCheck
from flows.duties.conditions import ConditionsCheck
from flows.duties.entries import family, history
from flows.duties.grades import GradesCheck
from flows.duties.photo import PhotoUpload
from flows.duties.profile_check import ProfileCheck
from flows.duties.proofread import DUTY, Proofreading
from flows.duties.registration_check import RegistrationCheck
from flows.duties.self_evaluation import SelfEvaluation
from flows.forms.model import Form
from flows.profiles import learned
from flows.profiles.schema import Profile
from flows.report.builder import report
from flows.run.context import Context
from flows.run.evidence import EvidenceRecorder
from flows.run.findings import Findings
from flows.run.outcome import RunOutcome
from flows.run.saved_logins import LoginReuse
from flows.run.sites import SiteSessions

DUTIES: dict[str, Callable[[Context], Duty]] = {
    "chsi_check": ChsiCheck,
    "registration_check": RegistrationCheck,
    "conditions": ConditionsCheck,
    "grades": GradesCheck,
    "photo": PhotoUpload,
    "profile_check": ProfileCheck,
    "family": family,
    "history": history,
    "self_evaluation": SelfEvaluation,
}
"""In the order in which they are looked at: who it is first, what the platform says of them, then what is to change."""

NEED_SOMEBODY = ("registration_check", "profile_check", "family", "history", "self_evaluation")
"""Duties that write only where a person or a form is there: a plan that has none of them is carried out without them."""


@dataclass
class Job:
    """One run.

    Args:
        settings: Addresses, credentials, patience.
        case: The open case folder.
        answerers: Who may answer asks.
        only: Duty ids; all of the profile's when empty.
        today: A rehearsed day.
        form: What the student has filled in; None when no form was given.
        demo: It is a demonstration with an invented student.
        cases: The folder in which the same student may have an earlier case.
        keeps_entries: The platform's own entries are read and kept, to be filled in further.
    """

    profile: Profile
    settings: Settings
    case: Case
    progress: Progress
    answerers: Sequence[Answerer]
    only: Sequence[str] = ()
    today: date | None = None
    form: Form | None = None
    demo: bool = False
    cases: Path | None = None
    keeps_entries: bool = False
    found: Findings = field(default_factory=Findings)
    troubles: list[GradsyncError] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.form:
            self.form.register_secrets(self.case.redactor)
        audit = self.case.audit
        self.asks = AskRouter(self.answerers, lambda ask: audit.append("ask", id=ask.id), self.case.may_ask)
        self.runner = StepRunner(self.case.journal, audit, self.progress, self.case.permit)
        self.engine = Engine(self.profile.id, self.runner, self.asks, self._keep_plan, troubles=self.troubles)
        self._fallbacks: list[str] = []
        self._stops: dict[str, str] = {}
        redacted = self.case.redactor.redact
        tell = self.progress.say
        self.learned = learned.of_profile(self.profile.id, redacted, tell, self.found.warnings.append)
        self._not_promised: set[str] = set()
        self._began = datetime.now(UTC)
        self._carries_out = False

    @property
    def wanted(self) -> list[str]:
        """The duties to be done, in order."""
        offered = [duty.id for duty in self.profile.duties]
        chosen = [duty for duty in DUTIES if duty in offered and (not self.only or duty in self.only)]
        return [duty for duty in chosen if duty not in self._not_promised]

    def carry_out(self, browser: Browser, mode: Mode, promised: Plan | None = None) -> None:
        """Do it, in a browser of ours or a test's.

        Raises:
            GradsyncError: A stop after which no duty could go on.
        """
        self.case.audit.append("run", mode=mode, profile=self.profile.id)
        self._carries_out = mode in (Mode.RUN, Mode.APPLY)
        if promised is not None:
            self._not_promised = set(NEED_SOMEBODY) - {change.duty for change in promised.changes}
        with self._sessions(browser) as sites:
            self.runner.evidence = EvidenceRecorder(self.case, sites.browsers, self.profile, self._stops)
            context = self._context(sites, mode)
            try:
                with window_closed():
                    self.engine.execute([DUTIES[duty](context) for duty in self.wanted], mode, promised)
                    if mode is Mode.RUN and DUTY in self.wanted and self._shows_windows:
                        self._offer_proofreading(context)
            finally:
                self._fallbacks = sites.fallbacks

    def _sessions(self, browser: Browser) -> SiteSessions:
        settings, redactor = self.settings, self.case.redactor
        reuse = LoginReuse.of(settings, self.case)
        return SiteSessions(
            browser, settings, self.profile, self.asks, self.runner, redactor, reuse, self.learned
        )

    def _context(self, sites: SiteSessions, mode: Mode) -> Context:
        return Context(
            self.profile,
            self.case,
            self.asks,
            self.runner,
            sites,
            self.found,
            self.form or Form(),
            frozenset(self.only),
            self.settings.compare_faces,
            mode is Mode.RUN,
            self.keeps_entries,
            self.profile.now(self.today).date(),
        )

    @property
    def _shows_windows(self) -> bool:
        """Whether the person sees the browser, as set, else where there is a display."""
        return has_display() if self.settings.headless is None else not self.settings.headless

    def _offer_proofreading(self, context: Context) -> None:
        """Last of all; the conditions are read once more, since they may follow 学信网 at once."""
        result = Proofreading(context).offer()
        if result is None:
            return
        self.engine.results[DUTY] = result
        if result.status is DutyStatus.DONE and "conditions" in self.wanted:
            ConditionsCheck(context).look_again()

    def finish(self, stopped_by: GradsyncError | None) -> Report:
        """Write the report, whatever stopped the run, and return it; after a withdrawal nothing of the student is left."""
        if isinstance(stopped_by, NotTheirCase):
            self._drop_findings()
        written = self._report(stopped_by)
        if self.case.gate is None or not self.case.gate.withdrawn:
            return written
        forget_open(self.case)
        self.troubles.clear()
        self._drop_findings()
        return self._report(ConsentWithdrawn("学生本人已撤回同意。"))

    def _drop_findings(self) -> None:
        self.found = Findings()
        self.engine.results.clear()
        self._fallbacks.clear()
        self._stops.clear()
        self.asks.asked.clear()
        self.runner.records[:] = [replace(record, detail="") for record in self.runner.records]

    def _report(self, stopped_by: GradsyncError | None) -> Report:
        """Write the report; one that cannot be written is returned all the same, with what was done and why it is not there."""
        if stopped_by is not None and stopped_by not in self.troubles:
            self.troubles.append(stopped_by)
        try:
            self.case.audit.append("end", trouble=stopped_by.code if stopped_by else None)
            built = report(self._ended(self.case.evidence.close()))
            written = files.write(self.case.folder, built, self._photos(), self.cases)
            file_digests.record(self.case.folder, self.case.journal, self.case.audit)
            return written
        except UsageError as error:
            self.troubles.append(error)
            return files.write_last(self.case.folder, report(self._ended("")))

    def _ended(self, manifest_sha256: str) -> RunOutcome:
        head = self.case.audit.head
        return RunOutcome(
            profile=self.profile,
            found=self.found,
            results=self.engine.results,
            troubles=self.troubles,
            steps=self.runner.records,
            asked=self.asks.asked,
            fallbacks=self._fallbacks,
            wanted=self.wanted,
            today=self.today,
            manifest_sha256=manifest_sha256,
            audit_records=head.records,
            audit_head=head.hash,
            sent=self._sent(),
            demo=self.demo,
            must_end=self.only if self._carries_out else (),
            learned=self.learned.in_use,
            stops=self._stops,
        )

    def _sent(self) -> dict[str, datetime]:
        """What went out; nothing is known of it where the journal cannot be read any more."""
        try:
            return self.case.journal.sent_since(self._began)
        except JournalUnusable as error:
            if not any(isinstance(one, JournalUnusable) for one in self.troubles):
                self.troubles.append(error)
            return {}

    def _photos(self) -> dict[str, bytes]:
        platform = self.found.platform
        shown = {
            "chsi": self.found.photo,
            "platform_copy": platform.stored if platform else None,
            "enrollment": platform.enrollment if platform else None,
        }
        return {name: picture.data for name, picture in shown.items() if picture}

    def _keep_plan(self, plan: Plan) -> None:
        self.case.folder.write_json(FILE_NAME, plan.to_data())


def check_duties(profile: Profile, only: Sequence[str]) -> None:
    """See that every wanted duty is one of the profile's that this version can do.

    Raises:
        UsageError: It is not; the message lists those that are.
    """
    offered = [duty.id for duty in profile.duties if duty.id in DUTIES]
    unknown = [duty for duty in only if duty not in offered]
    if unknown:
        raise UsageError(
            f"通知 {profile.id} 里没有任务 {'、'.join(unknown)}。", f"可以选：{'、'.join(offered)}。"
        )
