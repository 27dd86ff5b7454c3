"""注册系统个人信息核对: every field is read and checked; 我确认 and 提交 only on the student's exact words (notice, 一)."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.asks import Ask, AskKind, FieldShown
from agent.engine.engine import DutyResult, DutyStatus
from agent.engine.steps import By
from agent.errors import GradsyncError, SiteChanged
from agent.snapshot.tree import key
from flows.checks.registration import (
    PARTY,
    RegistrationComparison,
    RegistrationDifference,
    RegistrationResult,
)
from flows.run.corrections import RegistrationCorrections
from flows.run.shown_fields import shown_field
from flows.run.submission_duty import SubmissionDuty, digest_of
from flows.sites.lzu.registration import Registration
from flows.sites.registry import LZU

ASK = "confirm.registration_check"
WORDS = "我确认并提交"
SIDES = ("注册系统", "学信网")


@dataclass
class RegistrationCheck(SubmissionDuty[Registration]):
    """The duty ``registration_check``."""

    STEP = "lzu.registration.submit"
    TITLE = "在注册系统勾选“我确认”并点击“提交”"
    SITE = LZU.id

    id: str = "registration_check"
    _comparison: RegistrationComparison | None = None
    _remark: str = ""

    def look(self) -> DutyResult:
        """Read 个人信息核对, hold it against 学信网 and the student's statement, and draft 核对备注."""
        self.context.record(self.id)
        shown = self.context.runner.read(
            "lzu.registration.read", self.id, "读取注册系统的个人信息核对", self._read, self._tell
        )
        compared = self._compared(shown)
        if not shown.submitted and self.context.takes_corrections:
            compared = replace(compared, stated=self._corrections.taken(compared))
        self._remark = self._hold(compared).remark
        if shown.submitted:
            self._there = shown
            self._warn_of_difference(shown)
            return DutyResult(DutyStatus.ALREADY_DONE, self._tell(shown))
        if not (self.context.asks.expects(ASK) or self.context.is_asked_for(self.id)):
            return DutyResult(
                DutyStatus.SKIPPED, f"信息已核对；只有本人在场才能确认并提交，这次没有点击{self._drafted()}"
            )
        self._there = shown
        return DutyResult(DutyStatus.DONE)

    @property
    def _corrections(self) -> RegistrationCorrections:
        context = self.context
        return RegistrationCorrections(context.asks, context.profile, context.today, context.case.redactor)

    def _read(self) -> Registration:
        """Open 个人信息核对 anew and read it; it must be the student's own."""
        site = self.context.sites.open(LZU, self.id)
        page = self.context.sites.reading(site.login, site.read)
        self.context.require_own(LZU, page.values)
        self.context.case.evidence.keep("registration", "\n".join([*page.values, *page.others]))
        return page

    def _compared(self, shown: Registration) -> RegistrationComparison:
        record = self.context.findings.record
        return RegistrationComparison(
            profile=self.context.profile,
            shown=shown,
            chsi=record.readable if record else {},
            stated=self.context.form.registration,
            by_eye={name: value.read_by for name, value in record.by_eye.items()} if record else {},
        )

    def _hold(self, comparison: RegistrationComparison) -> RegistrationResult:
        """Keep the comparison, and what it comes to in the findings."""
        self._comparison, result = comparison, comparison.result()
        self.context.findings.registered = result
        return result

    def _drafted(self) -> str:
        return f"；核对备注可以写：{self._remark}" if self._remark else ""

    def _warn_of_difference(self, shown: Registration) -> None:
        if self._remark and not _says(shown, self._remark):
            self.context.findings.warnings.append(
                f"个人信息核对之前已提交，其中没有写明现在发现的不一致，请联系学院教务老师{self._drafted()}。"
            )

    def _tell(self, there: Registration) -> str:
        """Say how it stands; what is told goes into the journal too, so without name and number."""
        if not there.submitted:
            return "还没有提交"
        remark = self.context.case.redactor.redact(there.remark)
        return f"已提交，核对备注：{remark}" if remark else "已提交"

    def _after(self) -> str:
        labels = "、".join(one.label for one in self._differing())
        return f"已提交，核对备注写明：{labels}" if labels else "已提交，信息无误"

    def _digests(self, there: Registration) -> tuple[str, tuple[str, ...]]:
        seen = digest_of(there.values)
        return seen, (seen, self._remark)

    def _differing(self) -> Sequence[RegistrationDifference]:
        registered = self.context.findings.registered
        return registered.differences if registered else ()

    def _observe(self) -> Registration:
        """Open the page anew; before anything is sent it must say what the student was shown."""
        shown = self._read()
        if not shown.submitted and self._there and shown.values != self._there.values:
            raise SiteChanged("个人信息核对", "和刚才一样的基本信息", ())
        return shown

    def _is_done(self, there: Registration) -> bool:
        """What was submitted before stays; what was sent now must stand there, where the page shows it."""
        return there.submitted and (not self._is_sent or not there.remark or _says(there, self._remark))

    def _send(self) -> GradsyncError | None:
        return self.context.sites.open(LZU, self.id).submit(self._remark, self._chosen())

    def _by(self) -> By:
        return "person" if self.context.sites.open(LZU, self.id).by_person else "program"

    def _chosen(self) -> dict[str, str]:
        """政治面貌 is changed on the page itself where it can be: 确认后如实进行更改."""
        lists = self._there.lists if self._there else {}
        return {one.name: one.right for one in self._differing() if one.name == PARTY and one.name in lists}

    def _ask(self) -> Ask:
        text = "将在注册系统填好核对备注，勾选“我确认”，点击“提交”。请逐项核对，有错不要确认"
        details, shown = tuple(self._remark_lines()), tuple(self._values())
        return Ask(ASK, AskKind.WORDS, text, self.SITE, (WORDS,), details, shown=shown, sides=SIDES)

    def _agree(self) -> None:
        super()._agree()
        if self._comparison:
            self._hold(self._comparison.agreed())

    def _values(self) -> list[FieldShown]:
        labels = self.context.sites.open(LZU, self.id).data.labels
        shown = self._there.values if self._there else {}
        others = self._there.others if self._there else {}
        compared = self._comparison
        return [
            *(
                shown_field(name, labels[name][0], value, compared.with_chsi(name) if compared else None)
                for name, value in shown.items()
            ),
            *(FieldShown(label, value) for label, value in others.items()),
        ]

    def _remark_lines(self) -> list[str]:
        party = "政治面貌：确认即表示已向学院党委确认过是否已成为“预备党员”或“正式党员”"
        chosen = [f"政治面貌：在页面上改选为“{option}”" for option in self._chosen().values()]
        remark = f"核对备注：{self._remark}" if self._remark else "核对备注：不填写（没有发现不一致）"
        return [*chosen, remark, party]


def _says(there: Registration, remark: str) -> bool:
    """True when the page has this remark; what GBK lacks arrives there as a character reference."""
    return key(remark) in key(html.unescape(there.remark))
