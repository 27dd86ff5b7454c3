"""An upload that the person makes in the window: they are shown the file, the program watches and presses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent.asks import AskPicture
from agent.browser.handover import Handover, Wanted
from agent.browser.network.request_tracker import LONGEST_MESSAGE, RequestTracker
from agent.browser.stability import TIME_TO_FINISH, TIME_TO_REST, StabilityTimer
from agent.errors import GradsyncError
from agent.snapshot import tree
from agent.snapshot.frame import FrameSnapshot, all_texts
from flows.sites.chaoxing.upload.answer import UploadAnswer, without_countdown
from flows.sites.chaoxing.upload.controls import UPLOAD


@dataclass(frozen=True)
class UploadFile:
    """The photo as it is uploaded: its bytes, its name, and where a person finds it."""

    data: bytes = field(repr=False)
    name: str
    path: Path


@dataclass
class UploadByHand:
    """One upload by the person at the window, on the page as the program has left it.

    Args:
        handover: Asks the person and watches.
        photo: What they are to upload.
        tracker: Of the request that carries a file.
        answer: Gets what is said.
    """

    handover: Handover
    photo: UploadFile
    tracker: RequestTracker
    answer: UploadAnswer
    _timer: StabilityTimer = field(default_factory=StabilityTimer)
    _known: set[str] = field(default_factory=set)

    def run(self, stop: GradsyncError) -> bool:
        """Let the person upload the photo; return when something has left, or the page says that it was taken.

        Args:
            stop: Why the program could not.

        Returns:
            False where nobody is there, or nothing is uploaded in the time the ask has.

        Raises:
            PersonSkipped: The person leaves it out, and nothing has left.
        """
        browser = self.handover.browser
        self._known = all_texts(browser.snapshot())
        try:
            return self.handover.leave_work(self._wanted(stop), self.tracker, self._finished)
        finally:
            self.answer.sent, self.answer.status = self.tracker.begun, self.tracker.status
            self.answer.broken = self.tracker.broken

    def _wanted(self, stop: GradsyncError) -> Wanted:
        told = "请在打开的浏览器窗口里自己上传下面这张毕业照片，按页面的提示做完，程序会自己核对"
        details = (
            f"照片文件：{self.photo.path}",
            "请选这个文件原样上传；页面要裁剪的话，请保留整张照片",
            f"程序没能自己上传：{stop.message}",
            "传一次就好，程序不会再传",
        )
        pictures = (AskPicture("要上传的照片", self.photo.data),)
        return Wanted(UPLOAD, "", told, details, pictures, has_file=True)

    def _finished(self, snapshots: Sequence[FrameSnapshot]) -> bool | None:
        """True once it has been sent and answered; a page that says nothing is given time for a further step."""
        fresh = self._listen(snapshots)
        if not self.handover.browser.is_quiet(snapshots):
            self._timer.reset()
            return None
        over = self.tracker.begun and self.tracker.is_over()
        told = self.answer.accepted() or (over and self.answer.refused())
        seconds = TIME_TO_REST if told else TIME_TO_FINISH
        said = () if told else tuple(map(without_countdown, fresh))
        stood = self._timer.seconds((bool(told), over, said))
        return True if (told or over) and stood > seconds else None

    def _listen(self, snapshots: Sequence[FrameSnapshot]) -> list[str]:
        messages = self.handover.browser.dialogs.messages
        lines = [line.text for snapshot in snapshots for line in tree.lines(snapshot.root)]
        fresh = [
            text
            for text in dict.fromkeys([*messages, *lines])
            if text not in self._known and 0 < len(text) <= LONGEST_MESSAGE
        ]
        self.answer.hear(fresh)
        self.answer.answered = self.answer.answered or self.tracker.messages()
        return fresh
