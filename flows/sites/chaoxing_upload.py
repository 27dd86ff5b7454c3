"""成教学生服务平台: 上传毕业照片."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import FilePayload, Request

from agent import captions, picture, reading
from agent.errors import SiteChanged, UploadRefused
from agent.finding import Target, candidates, one_of, zh
from agent.layout import Node
from agent.page import View, Way
from agent.picture import Picture
from agent.reading import contains
from agent.seen import Seen, all_texts
from agent.sending import Sending, watching
from flows.sites.asking import Layer
from flows.sites.chaoxing import Chaoxing
from flows.sites.sending import LONGEST_MESSAGE, words_of
from flows.wording import ChaoxingSite

UPLOAD = "上传毕业照片"
FILE_KINDS = ("multipart/", "image/", "application/octet-stream")


@dataclass(frozen=True)
class PlatformPhotos:
    """What the platform shows on 上传毕业照片; None where it shows none."""

    stored: Picture | None
    enrollment: Picture | None


def _carries_file(request: Request) -> bool:
    kind = request.headers.get("content-type", "")
    return request.method in ("POST", "PUT") and kind.startswith(FILE_KINDS)


@dataclass
class UploadPage:
    """The page 上传毕业照片.

    Args:
        platform: Signed in.
    """

    platform: Chaoxing

    @property
    def _view(self) -> View:
        return self.platform.view

    @property
    def _data(self) -> ChaoxingSite:
        return self.platform.data

    def look_at_photos(self) -> tuple[PlatformPhotos, str]:
        """Open 上传毕业照片 and take the photos it shows, with the page's words for the evidence."""
        shown = self.platform.open(self._data.upload, UPLOAD, self._upload_frame)
        photos = self._photos(shown)
        stored, enrollment = (self._picture(shown, photos[kind], kind) for kind in ("stored", "enrollment"))
        return PlatformPhotos(stored, enrollment), words_of(shown)

    def _photos(self, item: Seen) -> dict[str, list[Node]]:
        place = self._data.upload
        kinds = {"stored": place.stored, "enrollment": place.enrollment}
        found = captions.captioned(item.root, kinds, never=(*place.words, *place.landmark), about=place.about)
        stored = [node for node in found["stored"] if node not in found["enrollment"]]
        return {"stored": stored, "enrollment": found["enrollment"]}

    def _upload_frame(self, seen: list[Seen]) -> Seen | None:
        return next((item for item in seen if self._is_upload(item)), None)

    def _is_upload(self, item: Seen) -> bool:
        """True for the page once its pictures have come: a file field, a button to choose, or the photos."""
        if item.loading or not reading.says(
            item.root, *self._data.upload.landmark, *self._data.upload.stored
        ):
            return False
        chooser = zh(*self._data.upload.choose)
        return bool(
            item.files or any(self._photos(item).values()) or any(chooser.search(text) for text in item.texts)
        )

    def _picture(self, shown: Seen, found: Sequence[Node], kind: str) -> Picture | None:
        if len(found) > 1:
            raise SiteChanged(UPLOAD, kind, (f"{len(found)} 张标着同样名称的图片",))
        return picture.obtain(self._view, shown, found[0]) if found else None

    def upload_photo(self, data: bytes, file_name: str) -> UploadRefused | None:
        """On the open 上传毕业照片: choose the file and send it once; whether it has arrived, only reading back can tell.

        Args:
            data: The photo's original bytes.
            file_name: ``<ID>.jpg``.

        Returns:
            What the platform said against it, or None.

        Raises:
            UploadRefused: The page refused the file before anything was sent.
            SiteChanged: The controls are not there; nothing was sent.
            ActionNeeded: Something unforeseen was asked; it was not answered.
        """
        shown = self._view.wait(self._upload_frame, UPLOAD, "选择照片")
        self._view.dialogs.messages.clear()
        before = all_texts(self._view.look())
        place = self._data.upload
        with (
            watching(self._view.context, _carries_file) as upload,
            self._view.dialogs.accepting(*place.names_upload, never=place.never),
        ):
            self._choose(shown, FilePayload(name=file_name, mimeType="image/jpeg", buffer=data))
            self._view.settle()
            refused = self._refused_in(self._fresh(self._view.look(), before))
            if refused and not upload.begun:
                raise refused
            chosen = self._view.look()
            if not upload.begun:
                before |= all_texts(chosen)
                self._press_upload(shown)
            said = self._await_answer(before, chosen, upload)
            return None if upload.troubled else said

    def _choose(self, shown: Seen, payload: FilePayload) -> None:
        chooser = Target("选择照片", self._data.upload.choose, "button")
        self._view.choose_file(
            self._view.file_fields(shown.frame), lambda: self._view.click(chooser, UPLOAD), payload
        )

    def _press_upload(self, shown: Seen) -> None:
        """Press the page's button that sends: the profile's words in their order of preference."""

        def button(_: list[Seen]) -> str | None:
            levels = (
                (word, candidates([shown.frame], zh(word), "button")) for word in self._data.upload.submit
            )
            return next((word for word, level in levels if one_of(level, UPLOAD, word)), None)

        try:
            word = self._view.wait(button, UPLOAD, "上传")
            self._view.click(Target(word, (word,), "button"), UPLOAD)
        except SiteChanged:
            way = self._instead_of_upload()
            if way is None:
                raise
            self._view.follow(way, UPLOAD)

    def _instead_of_upload(self) -> Way | None:
        place = self._data.upload
        known = (*place.words, *place.landmark, *place.choose, *place.success, *place.refused)
        return self.platform.entrance.guide.instead(Target("上传", place.submit, "button"), UPLOAD, known)

    def _await_answer(
        self, before: set[str], chosen: Sequence[Seen], upload: Sending
    ) -> UploadRefused | None:
        """Wait for the platform's word, answering one layer about the upload; return what it said against it."""
        layer = Layer(
            self._view, UPLOAD, self._data.upload.question, self._data.upload.refused, chosen, upload
        )

        def answered(seen: list[Seen]) -> list[UploadRefused] | None:
            self._view.dialogs.stop_on_refused()
            fresh = self._fresh(seen, before)
            if layer.asks(fresh, seen):
                return None
            if refused := self._refused_in([text for text in fresh if text not in layer.answered]):
                return [refused]
            done = upload.is_over() or any(contains(text, self._data.upload.success) for text in fresh)
            return [] if done else None

        try:
            return next(iter(self._view.wait(answered, UPLOAD, "上传结果")), None)
        except SiteChanged:
            return None

    def _refused_in(self, fresh: Sequence[str]) -> UploadRefused | None:
        refused = [text for text in fresh if contains(text, self._data.upload.refused)]
        if refused and not any(contains(text, self._data.upload.success) for text in fresh):
            return UploadRefused(f"平台没有接受照片：“{refused[0]}”。")
        return None

    def refusal(self) -> UploadRefused | None:
        """What the platform said in a dialog to a photo that is not there afterwards, or None when it said nothing."""
        said = [text for text in self._view.dialogs.messages if not contains(text, self._data.upload.success)]
        return UploadRefused(f"平台没有接受照片：“{said[-1]}”。") if said else None

    def _fresh(self, seen: Sequence[Seen], before: set[str]) -> list[str]:
        said = [*self._view.dialogs.messages, *all_texts(seen)]
        return [text for text in said if text not in before and len(text) <= LONGEST_MESSAGE]
