"""毕业条件核对: read the platform's conditions, before and after the other duties."""

from __future__ import annotations

from dataclasses import dataclass

from agent.engine.engine import Duty, DutyResult, DutyStatus
from agent.errors import NoBatch
from flows.run.context import Context
from flows.sites.chaoxing.conditions import Conditions, unseen


@dataclass
class ConditionsCheck(Duty):
    """The duty ``conditions``."""

    context: Context
    id: str = "conditions"

    def look(self) -> DutyResult:
        """Read the page as it is now."""
        return self._read("chaoxing.conditions.read", "读取毕业条件")

    def look_again(self) -> DutyResult:
        """Read the page once more after something was changed."""
        return self._read("chaoxing.conditions.read_again", "再次读取毕业条件")

    def _read(self, step: str, title: str) -> DutyResult:
        found = self.context.findings
        self.context.platform(self.id)
        try:
            found.conditions = self.context.runner.read(
                step, self.id, title, lambda: self.context.read_conditions(self.id), self._described
            )
        except NoBatch:
            found.no_batch = True
            raise
        return DutyResult(DutyStatus.DONE, self._described(found.conditions))

    def _described(self, rows: Conditions) -> str:
        missing = len(unseen(rows, self.context.profile))
        return f"{describe(rows)}，没有看到 {missing} 项" if missing else describe(rows)


def describe(rows: Conditions) -> str:
    """Say in one Chinese phrase how many conditions are met."""
    rest = {"未满足": "unmet", "处理中": "pending", "不适用": "not_applicable", "未知": "unknown"}
    counts = [f"{word} {rows.count(status)} 项" for word, status in rest.items() if rows.count(status)]  # type: ignore[arg-type]
    return "，".join([f"已满足 {rows.count('met')} 项", *counts])
