"""毕业照片上传: CHSI's 学历照片, named by the document number, uploaded once, read back and compared."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from agent import photo
from agent.asks import TAKE_OVER, Ask, AskKind, AskPicture
from agent.browser.image_download import DownloadedImage
from agent.engine.engine import Duty, DutyResult, DutyStatus
from agent.engine.plan import Change
from agent.engine.steps import By, WriteStep
from agent.errors import ActionNeeded, GradsyncError, SiteChanged, UnderReview
from agent.photo import Comparison, PhotoUnreadable
from agent.privacy.redaction import partly_shown
from flows.run.context import Context
from flows.sites.chaoxing.upload.by_hand import UploadFile
from flows.sites.chaoxing.upload.page import PlatformPhotos, UploadPage
from flows.sites.registry import CHAOXING

STEP = "chaoxing.photo.upload"
TITLE = "上传毕业照片"
NOTHING = "尚未上传"
AFTER = "学信网的学历照片"
COMPARE_FACES = Ask(
    "photo.compare-faces",
    AskKind.YES_NO,
    "要比对学历照片和入学照片上是不是同一个人吗",
    details=(
        "只在这台电脑上比对，照片和人脸特征都不会发出去，特征不保存。",
        "只供参考：是否同一人以学校和学信网的图像比对结果为准。",
        "这要照片上的本人单独同意；不同意不影响别的任何一步。",
    ),
)
"""The separate consent that comparing faces takes (PIPL 29; 人脸识别技术应用安全管理办法)."""


@dataclass
class PhotoUpload(Duty):
    """The duty ``photo``."""

    context: Context
    id: str = "photo"
    _known: dict[bytes, Comparison | None] = field(default_factory=dict, repr=False)
    _page: UploadPage | None = field(default=None, repr=False)
    _chsi: DownloadedImage = field(default=DownloadedImage(b"", "response"), repr=False)

    def look(self) -> DutyResult:
        """Have CHSI's photo, and look at what photo the platform has."""
        found = self.context.findings
        self._chsi = self.context.photo(self.id)
        if found.no_batch:
            return DutyResult(DutyStatus.NOT_RUN, "平台没有毕业批次，先不上传")
        self.context.platform(self.id)
        found.platform = self.context.runner.read(
            "chaoxing.photo.look", self.id, "查看平台上的照片", self._platform_photos, self.tell
        )
        self.context.must_be_own_account()
        self.context.require_document_number()
        self._compare()
        self._advise()
        taken = self._taken(found.platform)
        if isinstance(taken, UnderReview):
            return DutyResult(DutyStatus.WAITING, taken.message, taken.said)
        if taken:
            raise taken
        return self.context.withheld(self.id) or DutyResult(DutyStatus.DONE)

    def _taken(self, photos: PlatformPhotos) -> ActionNeeded | None:
        """The stop for a photo that the platform has, by its own words, and does not show as CHSI's."""
        if self.is_done(photos):
            return None
        # the platform says that it looks at the photo first, now or when this case sent it
        if review := photos.review or self.context.runner.journal.recall(self._review_fact):
            return UnderReview(f"平台还没有审核完毕业照片，没有再上传：“{review}”", said=review)
        if photos.claimed and self._compared(photos.stored) is None:
            told = f"平台显示“{photos.claimed}”，但看不到照片，没有再上传。"
            return ActionNeeded(told, "请自己登录平台看看毕业照片是不是已经在那里。", said=photos.claimed)
        return None

    @property
    def _review_fact(self) -> str:
        return f"review.{self._idempotency_key()}"

    def _platform_photos(self) -> PlatformPhotos:
        site = self.context.platform(self.id)
        photos, words = self.context.on_platform(site, UploadPage(site).look_at_photos)
        self.context.case.evidence.keep("upload-page", words)
        self.context.keep_photo("platform_copy", "platform_copy.jpg", photos.stored)
        self.context.keep_photo("enrollment", "enrollment.jpg", photos.enrollment)
        return photos

    def writes(self) -> Sequence[WriteStep[Any]]:
        """The one upload."""
        found = self.context.findings
        if found.platform is None:
            return ()
        return (
            WriteStep(
                change=Change(
                    step=STEP,
                    duty=self.id,
                    title=TITLE,
                    before=self.tell(found.platform),
                    after=AFTER,
                    before_digest=_digest(found.platform.stored),
                    key=self._idempotency_key(),
                ),
                evidence_of=found.platform,
                observe=self._observe,
                is_done=self.is_done,
                act=self._upload,
                describe=self.tell,
                refusal=self._stop,
                by=self._by,
                sent_count=partial(self.context.sites.sent_count, CHAOXING.id),
                pictures=self._pictures(found.platform),
                notes=self._notes(),
            ),
        )

    def _pictures(self, there: PlatformPhotos) -> list[AskPicture]:
        """What would be sent, and beside it what is there."""
        name = Path(self.context.file_name)
        sent = AskPicture(
            f"要上传的：学信网的学历照片，文件名 {partly_shown(name.stem)}{name.suffix}", self._chsi.data
        )
        stored = [AskPicture("平台上现在的毕业照片", there.stored.data)] if there.stored else []
        return [sent, *stored]

    def _notes(self) -> list[str]:
        says = self.context.profile.photo.notice_says
        return [f"通知写明：{says}"] if says else []

    def _idempotency_key(self) -> str:
        """Subject, site, duty and the photo's content, as one digest."""
        return self.context.key(self.id, hashlib.sha256(self._chsi.data).hexdigest())

    def _observe(self) -> PlatformPhotos:
        """Look at the platform's photos again; before the upload also for one that was sent while the plan was shown."""
        before = self._page is None
        if before:
            self.context.see_own_account_again(self.id)
        self.context.findings.platform = self._platform_photos()
        self._compare()
        if before and (taken := self._taken(self.context.findings.platform)):
            raise taken
        return self.context.findings.platform

    def is_done(self, photos: PlatformPhotos) -> bool:
        """True when the platform's copy is CHSI's picture, re-encoded or not."""
        compared = self._compared(photos.stored)
        return compared is not None and compared.is_same

    def _upload(self) -> None:
        self.context.must_be_own_account()
        site = self.context.platform(self.id)
        self._page = UploadPage(site)
        name = self.context.file_name
        path = self.context.case.folder.path.resolve() / "photo" / name
        photo_file = UploadFile(self._chsi.data, name, path)
        try:
            self._page.upload_photo(photo_file)
        except (SiteChanged, ActionNeeded) as stop:
            sent = self._page.answer is not None and self._page.answer.sent
            if sent or stop.ends_run or not self._uploaded_by_hand(self._page, photo_file, stop):
                raise
            return
        unsent = self._page.answer.unsent() if self._page.answer else None
        if unsent:
            self._uploaded_by_hand(self._page, photo_file, unsent)

    def _uploaded_by_hand(self, page: UploadPage, photo_file: UploadFile, stop: GradsyncError) -> bool:
        """Let the person at the window upload what the program could not, unless it has arrived all the same; false where nobody did."""
        if not self.context.asks.expects(f"{TAKE_OVER}{page.platform.browser.site}"):
            return False
        there = self._observe()
        self.context.must_be_own_account()
        return self.is_done(there) or bool(there.review) or page.upload_by_hand(photo_file, stop)

    def _by(self) -> By:
        return "person" if self._page and self._page.by_person else "program"

    def _stop(self) -> GradsyncError | None:
        """What the platform said to a photo that is not there afterwards; one under review is remembered, and not sent again."""
        answer = self._page.answer if self._page else None
        if answer is None:
            return None
        if answer.sent and (review := answer.review()):
            self.context.runner.journal.remember(self._review_fact, self.context.case.redactor.redact(review))
        return answer.stop()

    def look_again(self) -> DutyResult | None:
        """Say what the platform said to the upload, which was verified by looking already."""
        answer = self._page.answer if self._page else None
        if answer is None:
            return None
        if review := answer.review():
            return DutyResult(DutyStatus.WAITING, f"平台收到了毕业照片：“{review}”", answer.words)
        return DutyResult(DutyStatus.DONE, AFTER, answer.words)

    def tell(self, photos: PlatformPhotos) -> str:
        """Say in Chinese which photo the platform has."""
        if photos.stored is None:
            return NOTHING
        compared = self._compared(photos.stored)
        return photo.verdict_sentence(compared) if compared else "平台上的照片打不开"

    def _compare(self) -> None:
        found = self.context.findings
        if found.platform is None:
            return
        for name, other in (
            ("platform_copy", found.platform.stored),
            ("enrollment", found.platform.enrollment),
        ):
            compared = self._compared(other)
            if compared:
                found.comparisons[name] = compared

    def _advise(self) -> None:
        """Add to the 入学照片, which is another photo, whether it shows the same person: where that is switched on."""
        found = self.context.findings
        compared = found.comparisons.get("enrollment")
        other = found.platform.enrollment if found.platform else None
        if not self.context.compare_faces or compared is None or other is None or compared.is_same:
            return
        if missing := photo.faces_unavailable():
            advised = replace(compared, person_note=missing)
        else:
            pair, names = (self._chsi.data, other.data), ("学历照片", "入学照片")
            advised = photo.advised(compared, *pair, consented=self._consent(), names=names)
        found.comparisons["enrollment"] = self._known[other.data] = advised

    def _consent(self) -> bool:
        """Whether the person there agrees; nobody there is a no."""
        try:
            self.context.asks.confirm(COMPARE_FACES)
        except ActionNeeded:
            return False
        self.context.case.audit.append("faces.agreed")
        return True

    def _compared(self, other: DownloadedImage | None) -> Comparison | None:
        """Compare a picture with CHSI's, once per picture: searching for a crop takes its time."""
        if other is None:
            return None
        if other.data not in self._known:
            try:
                self._known[other.data] = photo.compare(self._chsi.data, other.data)
            except PhotoUnreadable:
                self._known[other.data] = None
        return self._known[other.data]


def _digest(picture: DownloadedImage | None) -> str:
    return hashlib.sha256(picture.data).hexdigest() if picture else ""
