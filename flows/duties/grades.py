"""成绩核对: the whole table, what is failed or missing, the average; nothing is changed (notice, 二（二）3)."""

from __future__ import annotations

from dataclasses import dataclass

from agent.engine.engine import Duty, DutyResult, DutyStatus
from agent.errors import SiteChanged
from flows.run.context import Context
from flows.sites.chaoxing.grade_table import Grades
from flows.sites.chaoxing.grades_page import GradesPage

SECONDS_FOR_GRADES = 5.0
"""How long a menu word is looked for: the notice names none, so a platform may have no such page."""
NOT_FOUND = "没有找到成绩页面，请自己在平台上核对各门课程成绩"


@dataclass
class GradesCheck(Duty):
    """The duty ``grades``."""

    context: Context
    id: str = "grades"

    def look(self) -> DutyResult:
        """Read the table over all its pages; a platform without one is told, unless this duty was asked for by name."""
        found = self.context.findings
        try:
            found.grades = self.context.runner.read(
                "chaoxing.grades.read", self.id, "读取各门课程成绩", self._read, describe
            )
        except SiteChanged:
            if self.context.is_asked_for(self.id):
                raise
            found.not_checked.append(f"成绩（{NOT_FOUND}）")
            return DutyResult(DutyStatus.SKIPPED, NOT_FOUND)
        found.check_grades(self.context.profile)
        return DutyResult(DutyStatus.DONE, describe(found.grades))

    def _read(self) -> Grades:
        site = self.context.platform(self.id)
        page = GradesPage(site, site.data.grades, self.context.profile.grades)
        seconds = None if self.context.is_asked_for(self.id) else SECONDS_FOR_GRADES
        grades, words = self.context.on_platform(site, lambda: page.read(seconds))
        self.context.case.evidence.keep("grades", words)
        return grades


def describe(grades: Grades) -> str:
    """Say in one Chinese phrase how many courses there are, which are failed or missing, and the average."""
    parts = [f"共 {len(grades.rows)} 门课程"]
    if grades.unread_pages:
        parts.append(f"还有 {grades.unread_pages} 页没有读到")
    elif not grades.is_complete:
        parts.append(f"页面说共 {grades.shown} 门，没有读全")
    if grades.average is not None:
        parts.append(f"平均总评成绩 {grades.average:g}")
    if grades.failed:
        parts.append(f"不合格：{'、'.join(grades.failed)}")
    if grades.missing:
        parts.append(f"还没有成绩：{'、'.join(grades.missing)}")
    if grades.unknown:
        parts.append(f"看不懂的成绩：{'、'.join(f'{course}（{total}）' for course, total in grades.unknown)}")
    return "，".join(parts)
