"""学信网信息自查核对: read 身份信息, 学籍信息 and the 学历照片; nothing is ever clicked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from agent.engine.engine import Duty, DutyResult, DutyStatus
from flows.checks.photo import latest_photo
from flows.run.context import Context


@dataclass
class ChsiCheck(Duty):
    """The duty ``chsi_check``."""

    context: Context
    id: str = "chsi_check"

    def look(self) -> DutyResult:
        """Read the record and save the photo's bytes."""
        found, form = self.context.findings, self.context.form.registration
        self.context.record(self.id)
        found.stated = form
        self.context.photo(self.id)
        # A replaced photo must be the one that was taken last (LZU notice, 二（三）), where the student has that file.
        if form.latest_photo and found.photo:
            found.checks["photo"] = (latest_photo(found.photo.data, Path(form.latest_photo)),)
        return DutyResult(DutyStatus.DONE, "学籍信息和学历照片已读取；“正确／有误”请本人在学信网上自己点")
