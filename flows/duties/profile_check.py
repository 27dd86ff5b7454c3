"""个人信息确认: all fields are read and checked; that they are right is confirmed only by the student (notice, 二（二）1)."""

from __future__ import annotations

from dataclasses import dataclass

from agent.asks import Ask, AskKind, FieldShown
from agent.engine.engine import DutyResult, DutyStatus
from agent.errors import ActionNeeded, GradsyncError, SiteChanged
from agent.reconcile.compare import Check, Verdict
from flows.checks.fields import FIELD_NAMES, checks
from flows.run.shown_fields import shown_field
from flows.run.submission_duty import SubmissionDuty, digest_of
from flows.sites.chaoxing.personal_page import PersonalPage
from flows.sites.chaoxing.platform import PERSONAL, Confirmation

ASK = "confirm.profile_check"
WORDS = "信息无误"
MAY_DIFFER = ("enrollment.entry_year",)
"""A difference that only the student can judge: 休学 or 留级 (notice, 二（二）1)."""
SIDES = ("平台", "学信网")
TOLD = {
    Confirmation.DONE: "平台信息已确认",
    Confirmation.OFFERED: "还没有确认",
    Confirmation.NOT_SHOWN: "页面上看不出有没有确认",
}


@dataclass
class ProfileCheck(SubmissionDuty[Confirmation]):
    """The duty ``profile_check``."""

    STEP = "chaoxing.profile.confirm"
    TITLE = "确认平台上的个人信息无误"

    id: str = "profile_check"

    def look(self) -> DutyResult:
        """Hold the fields against 学信网, and see whether they may be confirmed here and now."""
        self.context.record(self.id)
        self.context.platform(self.id)
        if not self.context.findings.personal:
            return self._left("没有找到“查看/编辑”页面，请自己在平台上核对个人信息")
        if self._state is Confirmation.DONE:
            self._there = self._state
            return DutyResult(DutyStatus.ALREADY_DONE, TOLD[Confirmation.DONE])
        wrong = [check for check in self._checks() if check.verdict is Verdict.MISMATCH]
        if grave := [check.label for check in wrong if check.id not in MAY_DIFFER]:
            return self._left(f"{'、'.join(grave)}和学信网不一致，先联系教学点更正，没有确认")
        if self._state is Confirmation.NOT_SHOWN:
            return self._left("信息已核对，页面上没有找到确认的按钮")
        if not (self.context.asks.expects(ASK) or self.context.is_asked_for(self.id)):
            return DutyResult(DutyStatus.SKIPPED, "信息已核对；只有本人在场才能确认无误，这次没有点击")
        self.context.must_be_own_account()
        self._there = self._state
        return DutyResult(DutyStatus.DONE)

    def _left(self, note: str) -> DutyResult:
        """What only the person can do; a stop where this duty was asked for by name."""
        if self.context.is_asked_for(self.id):
            raise ActionNeeded(
                f"{note}。", f"请先自己处理，再办理一次；有疑问请联系{self.context.profile.contact}。"
            )
        return DutyResult(DutyStatus.SKIPPED, note)

    @property
    def _state(self) -> Confirmation:
        """What the page shows; where it shows nothing, 毕业条件 may."""
        found = self.context.findings
        if found.confirmation is Confirmation.NOT_SHOWN and self.context.condition_met(self.id):
            return Confirmation.DONE
        return found.confirmation

    def _checks(self) -> list[Check]:
        found = self.context.findings
        values = found.record.values if found.record else None
        return checks(self.context.profile, values, found.personal)

    def _is_done(self, there: Confirmation) -> bool:
        return there is Confirmation.DONE

    def _tell(self, there: Confirmation) -> str:
        return TOLD[there]

    def _after(self) -> str:
        return TOLD[Confirmation.DONE]

    def _digests(self, there: Confirmation) -> tuple[str, tuple[str, ...]]:
        """Over the values that are confirmed."""
        seen = digest_of(self.context.findings.personal or {})
        return seen, (seen,)

    def _send(self) -> GradsyncError | None:
        return PersonalPage(self.context.platform(self.id)).confirm()

    def _observe(self) -> Confirmation:
        before = self.context.findings.personal
        self.context.read_personal_again(self.id)
        if self.context.findings.personal != before:
            raise SiteChanged(PERSONAL, "和刚才一样的个人信息", ())
        if self.context.findings.confirmation is Confirmation.NOT_SHOWN:
            self.context.read_conditions(self.id)
        return self._state

    def _ask(self) -> Ask:
        text = "将在平台上确认：下面的个人信息都正确。请逐项核对，有错不要确认"
        doubtful = (row for row in self._checks() if row.verdict not in (Verdict.MATCH, Verdict.TOLERATED))
        details = tuple(f"请留意：{check.label}，{check.note}" for check in doubtful)
        shown = tuple(self._values())
        return Ask(ASK, AskKind.WORDS, text, self.SITE, (WORDS,), details, shown=shown, sides=SIDES)

    def _values(self) -> list[FieldShown]:
        site = self.context.platform(self.id)
        held = {FIELD_NAMES.get(check.id, ""): check for check in self._checks()}
        shown = self.context.findings.personal or {}
        return [
            shown_field(name, site.data.labels[name][0], value, held.get(name))
            for name, value in shown.items()
        ]
