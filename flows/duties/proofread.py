"""图像校对: the person clicks 正确 or 有误 on 学信网 themselves, in the window that is signed in; nothing is clicked for them."""

from __future__ import annotations

from dataclasses import dataclass

from agent.asks import Ask, AskKind
from agent.engine.engine import DutyResult, DutyStatus
from agent.errors import NobodyThere
from agent.snapshot.frame import all_texts
from flows.run.context import Context
from flows.sites.registry import CHSI

ASK = "chsi.proofread"
STEP = "chsi.proofread"
DUTY = "chsi_check"
DONE, SKIP = "done", "skip"
LONGEST_SAID = 60
"""Longer texts that are new on the page are no answer to a click."""
LEFT = "图像校对这次没有做；“正确／有误”请本人在学信网上自己点"


@dataclass
class Proofreading:
    """Stops in front of 图像校对 once everything else has been shown and compared, so that nobody signs in twice."""

    context: Context

    def offer(self) -> DutyResult | None:
        """Let the person do it where somebody is there and it is not done; return how the duty stands then.

        Returns:
            None where nobody was asked.
        """
        if self.context.findings.record is None or self.context.condition_met(DUTY):
            return None
        if not self.context.asks.expects(ASK):
            return None
        return self.context.runner.read(
            STEP, DUTY, "等本人在学信网做图像校对", self._offer, lambda it: it.note
        )

    def _offer(self) -> DutyResult:
        chsi = self.context.sites.open(CHSI, DUTY)
        self.context.sites.reading(chsi.login, chsi.open_record)
        before = all_texts(chsi.browser.snapshot())
        if self._answer() != DONE:
            return DutyResult(DutyStatus.NEEDS_PERSON, LEFT)
        now = all_texts(chsi.browser.snapshot())
        said = "；".join(sorted(text for text in now - before if len(text) <= LONGEST_SAID))
        shown = self.context.case.redactor.redact(said)
        told = f"学信网现在显示：{shown}" if said else "学信网的页面上看不出变化"
        return DutyResult(DutyStatus.DONE, f"图像校对由本人自己做了；{told}")

    def _answer(self) -> str:
        text = "请在打开的窗口里核对照片和学籍信息，自己点“正确”或“有误”，程序不会替你点"
        details = (
            "点完以后回到这里说一声；这次不想做，可以跳过，以后自己登录学信网做。",
            "有疑问先不要点，联系学校或教学点。",
        )
        try:
            return self.context.asks.ask(Ask(ASK, AskKind.DONE, text, "chsi", (DONE, SKIP), details))
        except NobodyThere:
            return SKIP
