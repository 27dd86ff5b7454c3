"""注册系统个人信息核对: every field is read and checked; 我确认 and 提交 only on the student's exact words (notice, 一)."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from agent.asks import Ask, AskKind, FieldShown
from agent.engine.engine import DutyResult, DutyStatus
from agent.engine.plan import Change
from agent.engine.steps import WriteStep
from agent.errors import GradsyncError, SiteChanged
from agent.snapshot.tree import key
from flows.checks.registration import PARTY, RegistrationComparison, RegistrationDifference
from flows.run.context import Context
from flows.run.corrections import RegistrationCorrections
from flows.run.shown_fields import shown_field
from flows.sites.lzu.registration import Registration

ASK = "confirm.registration_check"
WORDS = "我确认并提交"
STEP = "lzu.registration.submit"
TITLE = "在注册系统勾选“我确认”并点击“提交”"
SIDES = ("注册系统", "学信网")


@dataclass
class RegistrationCheck:
    """The duty ``registration_check``."""

    context: Context
    id: str = "registration_check"
    _there: Registration | None = None
    _remark: str = ""
    _is_sent: bool = False
    _refused: GradsyncError | None = None

    # -- look --------------------------------------------------------------------------------------------------------------

    def look(self) -> DutyResult:
        """Read 个人信息核对, hold it against 学信网 and the student's statement, and draft 核对备注."""
        self.context.record(self.id)
        shown = self.context.runner.read(
            "lzu.registration.read", self.id, "读取注册系统的个人信息核对", self._read, self._tell
        )
        compared = self._compared(shown)
        if not shown.submitted and self.context.takes_corrections:
            compared = replace(compared, stated=self._corrections.taken(compared))
        self.context.findings.registration_comparison = compared
        self._remark = compared.remark()
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
        return self.context.registration(self.id)

    def _compared(self, shown: Registration) -> RegistrationComparison:
        record = self.context.findings.record
        return RegistrationComparison(
            profile=self.context.profile,
            shown=shown,
            chsi=record.readable if record else {},
            stated=self.context.form.registration,
            by_eye={name: value.read_by for name, value in record.by_eye.items()} if record else {},
        )

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

    # -- write -------------------------------------------------------------------------------------------------------------

    def writes(self) -> Sequence[WriteStep[Any]]:
        """The one submission, where it is made already or may be."""
        if self._there is None:
            return ()
        return (
            WriteStep(
                change=self._change(self._there),
                evidence_of=self._there,
                observe=self._observe,
                is_done=self._is_done,
                act=self._submit,
                describe=self._tell,
                agreed=self._agreed,
                refusal=lambda: self._refused,
            ),
        )

    def _change(self, there: Registration) -> Change:
        labels = "、".join(one.label for one in self._differing())
        seen = _digest(there)
        return Change(
            step=STEP,
            duty=self.id,
            title=TITLE,
            before=self._tell(there),
            after=f"已提交，核对备注写明：{labels}" if labels else "已提交，信息无误",
            before_digest=seen,
            key=self.context.key(self.id, seen, self._remark, site="lzu"),
        )

    def _differing(self) -> Sequence[RegistrationDifference]:
        compared = self.context.findings.registration_comparison
        return compared.differences() if compared else ()

    def _observe(self) -> Registration:
        """Open the page anew; before anything is sent it must say what the student was shown."""
        shown = self._read()
        if not shown.submitted and self._there and shown.values != self._there.values:
            raise SiteChanged("个人信息核对", "和刚才一样的基本信息", ())
        return shown

    def _is_done(self, there: Registration) -> bool:
        """What was submitted before stays; what was sent now must stand there, where the page shows it."""
        return there.submitted and (not self._is_sent or not there.remark or _says(there, self._remark))

    def _submit(self) -> None:
        self._is_sent = True
        self._refused = self.context.sites.lzu(self.id).submit(self._remark, self._chosen())

    def _chosen(self) -> dict[str, str]:
        """政治面貌 is changed on the page itself where it can be: 确认后如实进行更改."""
        lists = self._there.lists if self._there else {}
        return {one.name: one.right for one in self._differing() if one.name == PARTY and one.name in lists}

    def _agreed(self) -> None:
        """Show every field and the draft, and ask for the exact words."""
        text = "将在注册系统填好核对备注，勾选“我确认”，点击“提交”。请逐项核对，有错不要确认"
        self.context.asks.confirm(
            Ask(
                ASK,
                AskKind.WORDS,
                text,
                "lzu",
                (WORDS,),
                tuple(self._remark_lines()),
                shown=tuple(self._values()),
                sides=SIDES,
            )
        )
        if self.context.findings.registration_comparison:
            self.context.findings.registration_comparison = (
                self.context.findings.registration_comparison.agreed()
            )

    def _values(self) -> list[FieldShown]:
        labels = self.context.sites.lzu(self.id).data.labels
        shown = self._there.values if self._there else {}
        others = self._there.others if self._there else {}
        compared = self.context.findings.registration_comparison
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

    def look_again(self) -> None:
        """The submission was verified by opening the page again."""


def _says(there: Registration, remark: str) -> bool:
    """True when the page has this remark; what GBK lacks arrives there as a character reference."""
    return key(remark) in key(html.unescape(there.remark))


def _digest(there: Registration) -> str:
    body = "\n".join(f"{name}={value}" for name, value in sorted(there.values.items()))
    return hashlib.sha256(body.encode()).hexdigest()
