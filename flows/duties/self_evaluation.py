"""自我评价: shown in full, submitted once and only on the exact words, since it cannot be changed (notice, 二（二）2（2）)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from agent.asks import Ask, AskKind
from agent.engine.engine import DutyResult, DutyStatus
from agent.errors import ActionNeeded, GradsyncError
from flows.forms.model import FORM_COMMAND, characters
from flows.forms.rules import rules_of
from flows.run.submission_duty import SubmissionDuty
from flows.sites.chaoxing.evaluation import Evaluation
from flows.sites.chaoxing.register_form_page import RegisterPage

ASK = "confirm.self_evaluation"
WORDS = "提交后不可更改"
NOT_GIVEN = "这次没有填写"


@dataclass
class SelfEvaluation(SubmissionDuty[Evaluation]):
    """The duty ``self_evaluation``."""

    STEP = "chaoxing.self_evaluation.submit"
    TITLE = "提交自我评价（提交后不可更改）"

    id: str = "self_evaluation"

    @property
    def _text(self) -> str:
        return self.context.form.self_evaluation

    def look(self) -> DutyResult:
        """See whether it has been submitted, where the student has written one."""
        if not self._text:
            if self.context.condition_met(self.id):
                return DutyResult(DutyStatus.ALREADY_DONE, "平台显示已提交")
            if self.context.is_asked_for(self.id):
                raise ActionNeeded(
                    "没有可以提交的自我评价。", "请先写好自我评价，再办理一次。", command=FORM_COMMAND
                )
            return DutyResult(DutyStatus.SKIPPED, NOT_GIVEN)
        self.context.record(self.id)
        self.context.platform(self.id)
        title = "查看毕业生登记表里的自我评价"
        self._there = self.context.runner.read(
            "chaoxing.self_evaluation.read", self.id, title, self._observe, self._tell
        )
        self.context.must_be_own_account()
        if withheld := self.context.withheld(self.id):
            return withheld
        if self._there.is_submitted and not self._there.says(self._text):
            self.context.findings.warnings.append("平台上已提交的自我评价和这次写的不一样；提交后不可更改。")
        return DutyResult(DutyStatus.DONE)

    def _page(self) -> RegisterPage:
        least = rules_of(self.context.profile).self_evaluation.least_characters
        return RegisterPage(self.context.platform(self.id), least)

    def _observe(self) -> Evaluation:
        if self._there and not self._is_sent:
            self.context.see_own_account_again(self.id)
        page = self._page()
        found, words = self.context.on_platform(page.platform, page.read)
        self.context.case.evidence.keep("register", words)
        return found

    def _after(self) -> str:
        return f"已提交（{characters(self._text)} 字）"

    def _digests(self, there: Evaluation) -> tuple[str, tuple[str, ...]]:
        there_now, content = (hashlib.sha256(text.encode()).hexdigest() for text in (there.text, self._text))
        return there_now, (content,)

    def _is_done(self, there: Evaluation) -> bool:
        """What was submitted before stays; what was sent now must stand there."""
        return there.is_submitted and (not self._is_sent or there.says(self._text))

    def _send(self) -> GradsyncError | None:
        return self._page().submit(self._text, WORDS)

    def _ask(self) -> Ask:
        count = characters(self._text)
        text = f"将提交下面的自我评价（{count} 字），进入毕业档案，提交后不可更改"
        details = tuple(line for line in self._text.splitlines() if line.strip())
        return Ask(ASK, AskKind.WORDS, text, self.SITE, (WORDS,), details)

    def _tell(self, there: Evaluation) -> str:
        if there.is_submitted:
            return f"已提交（{characters(there.text)} 字）：{there.text}"
        return f"没有提交，有 {characters(there.text)} 字草稿" if there.text.strip() else "没有填写"
