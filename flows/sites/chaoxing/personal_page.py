"""成教学生服务平台: 信息变更 → 查看/编辑, confirmed by the student."""

from __future__ import annotations

from dataclasses import dataclass

from agent.errors import GradsyncError
from flows.sites.chaoxing.platform import PERSONAL, PlatformPage
from flows.sites.submission import Submission


@dataclass
class PersonalPage(PlatformPage):
    """The page of the personal data."""

    def confirm(self) -> GradsyncError | None:
        """Press the one button by which the student says that the data are right.

        Returns:
            What the platform said against it, or None.

        Raises:
            SiteChanged: There is no such button, or more than one; nothing was pressed.
        """
        sent = self.platform.data.personal.confirmation
        clickable, target = self.platform.confirmation_button()
        return Submission(
            self.platform.browser, self.platform.data.heard, PERSONAL, sent.question, done=sent.done
        ).press(clickable, target)
