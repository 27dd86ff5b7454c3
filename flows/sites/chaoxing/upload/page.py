"""成教学生服务平台: 上传毕业照片."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import FilePayload

from agent.browser import image_download
from agent.browser.image_download import DownloadedImage
from agent.browser.locators import zh
from agent.browser.network.request_tracker import carrying_file, track_request
from agent.browser.site_browser import SiteBrowser
from agent.browser.stability import StabilityTimer
from agent.errors import SiteChanged
from agent.snapshot import fields, photo_captions, tree
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Node
from flows.profiles.site_words import ChaoxingSite
from flows.sites.chaoxing.platform import Chaoxing
from flows.sites.chaoxing.upload.answer import UploadAnswer, state_of_review, state_of_upload
from flows.sites.chaoxing.upload.attempt import UploadAttempt
from flows.sites.chaoxing.upload.controls import UPLOAD, UploadControls
from flows.sites.submission import words_of

TIME_TO_SHOW = 1.5
"""Seconds for which a quiet page without a stored photo must stay the same before there is none."""


@dataclass(frozen=True)
class PlatformPhotos:
    """What the platform shows on 上传毕业照片; None where it shows none.

    ``review`` is the line by which it says that the photo is being looked at, ``claimed`` the one by which it says that there
    is one; empty where it does not.
    """

    stored: DownloadedImage | None
    enrollment: DownloadedImage | None
    review: str = ""
    claimed: str = ""


@dataclass
class UploadPage:
    """The page 上传毕业照片.

    Args:
        platform: Signed in.
    """

    platform: Chaoxing
    answer: UploadAnswer | None = None

    @property
    def _view(self) -> SiteBrowser:
        return self.platform.view

    @property
    def _data(self) -> ChaoxingSite:
        return self.platform.data

    def look_at_photos(self) -> tuple[PlatformPhotos, str]:
        """Open 上传毕业照片 and take the photos it shows, with the page's words for the evidence.

        A photo that is not there is believed last: once the page is quiet and every part of it has been in view.
        """
        shown = self.platform.open(self._data.upload, UPLOAD, self._upload_frame)
        if not self._has_come(shown):
            self._view.reveal(self._at_rest().frame)
            shown = self._at_rest()
        photos = self._photos(shown)
        stored, enrollment = (self._picture(shown, photos[kind], kind) for kind in ("stored", "enrollment"))
        texts = [line.text for line in tree.lines(shown.root)]
        claimed = state_of_upload(texts, self._data.upload.enrollment)
        return PlatformPhotos(stored, enrollment, state_of_review(texts), claimed), words_of(shown)

    def _at_rest(self) -> FrameSnapshot:
        """The page once the stored photo has come, or it stands still with nothing under way."""
        still = StabilityTimer()

        def at_rest(seen: list[FrameSnapshot]) -> FrameSnapshot | None:
            shown = self._upload_frame(seen)
            if shown is not None and self._has_come(shown):
                return shown
            if shown is None or not self._view.network.is_idle() or not self._view.is_quiet([shown]):
                still.reset()
                return None
            pictures = tuple((node.src, node.natural) for node in shown.root.walk() if node.is_picture)
            return shown if still.seconds((frozenset(shown.texts), pictures)) > TIME_TO_SHOW else None

        return self._view.wait(at_rest, UPLOAD, UPLOAD)

    def _has_come(self, shown: FrameSnapshot) -> bool:
        """True once the stored photo is there; a picture without a size is still coming, and may be a logo."""
        stored = self._photos(shown)["stored"]
        return bool(stored) and all(node.tag != "img" or max(node.natural) for node in stored)

    def _photos(self, item: FrameSnapshot) -> dict[str, list[Node]]:
        place = self._data.upload
        kinds = {"stored": place.stored, "enrollment": place.enrollment}
        found = photo_captions.captioned(
            item.root, kinds, never=(*place.words, *place.landmark), about=place.about
        )
        stored = [node for node in _each_once(found["stored"]) if node not in found["enrollment"]]
        return {"stored": stored, "enrollment": _each_once(found["enrollment"])}

    def _upload_frame(self, seen: list[FrameSnapshot]) -> FrameSnapshot | None:
        return next((item for item in seen if self._is_upload(item)), None)

    def _is_upload(self, item: FrameSnapshot) -> bool:
        """True for the page once its pictures have come: a file field, a button to choose, or the photos."""
        if item.loading or not fields.says(item.root, *self._data.upload.landmark, *self._data.upload.stored):
            return False
        chooser = zh(*self._data.upload.choose)
        return bool(
            item.files or any(self._photos(item).values()) or any(chooser.search(text) for text in item.texts)
        )

    def _picture(self, shown: FrameSnapshot, found: Sequence[Node], kind: str) -> DownloadedImage | None:
        if len(found) > 1:
            raise SiteChanged(UPLOAD, kind, (f"{len(found)} 张标着同样名称的图片",))
        return image_download.obtain(self._view, shown, found[0]) if found else None

    def upload_photo(self, data: bytes, file_name: str) -> None:
        """On the open 上传毕业照片: choose the file and have it sent once; whether it has arrived, only reading back can tell.

        What was said and sent stands in ``answer`` afterwards, however this ends.

        Args:
            data: The photo's original bytes.
            file_name: ``<ID>.jpg``.

        Raises:
            UploadRefused: The page refused the file before anything was sent.
            SiteChanged: The controls are not there; nothing was sent.
            ActionNeeded: Something unforeseen was asked; it was not answered.
        """
        place = self._data.upload
        shown = self._view.wait(self._upload_frame, UPLOAD, "选择照片")
        self._view.dialogs.messages.clear()
        answer = self.answer = UploadAnswer(place, own=file_name)
        with (
            track_request(self._view.context, carrying_file(len(data))) as tracker,
            self._view.dialogs.accepting(*place.names_upload, never=place.never),
        ):
            controls = UploadControls(self._view, shown, place)
            guide = self.platform.login.handover
            attempt = UploadAttempt(self._view, controls, guide, self._view.snapshot(), tracker, answer)
            attempt.run(FilePayload(name=file_name, mimeType="image/jpeg", buffer=data))


def _each_once(photos: Sequence[Node]) -> list[Node]:
    """A photo that two captions name is one photo."""
    return list({id(photo): photo for photo in photos}.values())
