"""成教学生服务平台: 上传毕业照片."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import FilePayload

from agent.browser import image_download
from agent.browser.image_download import DownloadedImage
from agent.browser.locators import word_pattern
from agent.browser.network.request_tracker import RequestTracker, carrying_file, track_request
from agent.browser.stability import TIME_TO_SHOW, Settling, wait_stable
from agent.errors import GradsyncError, SiteChanged
from agent.snapshot import fields, photo_captions, tree
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Box, Node, TextLine, key
from flows.profiles.site_words import ChaoxingSite
from flows.sites.chaoxing.platform import PlatformPage
from flows.sites.chaoxing.upload.answer import UploadAnswer, state_of_review, state_of_upload
from flows.sites.chaoxing.upload.attempt import UploadAttempt
from flows.sites.chaoxing.upload.by_hand import UploadByHand, UploadFile
from flows.sites.chaoxing.upload.controls import ALSO_OPENS, UPLOAD, UploadControls
from flows.sites.submission import words_of

MOST_REVEALS = 4
"""Times that every part of a page is brought into view, where more comes each time."""


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
class UploadPage(PlatformPage):
    """The page 上传毕业照片."""

    answer: UploadAnswer | None = None
    by_person: bool = False
    """True once the person at the window has uploaded it."""

    @property
    def _data(self) -> ChaoxingSite:
        return self.platform.data

    def look_at_photos(self) -> tuple[PlatformPhotos, str]:
        """Open 上传毕业照片 and take the photos it shows, with the page's words for the evidence.

        A photo that is not there is believed last: once every part of the page has been in view and it stands still since.
        """
        self.platform.open(self._data.upload, UPLOAD, self._upload_frame)
        snapshot = self._view.wait(self._begun, UPLOAD, UPLOAD)
        snapshot = self._at_rest() if self._has_come(snapshot) else self._revealed(snapshot)
        photos = self.photos(snapshot.root)
        stored, enrollment = (
            self._picture(snapshot, photos[kind], kind) for kind in ("stored", "enrollment")
        )
        review = state_of_review(self._own_lines(snapshot.root), self._data.upload.enrollment)
        return PlatformPhotos(stored, enrollment, review, self.claimed(snapshot.root)), words_of(snapshot)

    def claimed(self, root: Node) -> str:
        """Return the line by which the page says that the 毕业照片 is there; empty where it does not."""
        return state_of_upload(self._own_lines(root), self._data.upload.enrollment)

    def _own_lines(self, root: Node) -> list[str]:
        """What the page says, without what stands below the 入学照片 beside something below the 毕业照片."""
        lines = list(tree.lines(root))
        own, other = (
            [line for line in lines if key(line.text) in map(key, words)]
            for words in (self._data.upload.stored, self._data.upload.enrollment)
        )
        heads = [line for line in other if any(_overlaps(line, one, Box.overlap_y) for one in own)]
        mine = [line for line in lines if any(_is_below(line, one) for one in own)]
        others = [line for line in lines if line not in mine and any(_is_below(line, one) for one in heads)]
        beside = [line for line in others if any(_overlaps(line, one, Box.overlap_y) for one in mine)]
        return [line.text for line in lines if line not in beside]

    def _revealed(self, snapshot: FrameSnapshot) -> FrameSnapshot:
        """The page once every part of it has been in view; those that came only after that are brought into view too."""
        for _ in range(MOST_REVEALS):
            shown = _shows(snapshot)
            self._view.scrolling.reveal(snapshot.frame)
            snapshot = self._at_rest()
            if self._has_come(snapshot) or _shows(snapshot) == shown:
                break
        return snapshot

    def _begun(self, snapshots: list[FrameSnapshot]) -> FrameSnapshot | None:
        """The page once the stored photo has come, or nothing is under way."""
        snapshot = self._upload_frame(snapshots)
        return snapshot if snapshot and (self._has_come(snapshot) or self._is_idle(snapshot)) else None

    def _is_idle(self, snapshot: FrameSnapshot) -> bool:
        return self._view.network.is_idle() and self._view.is_quiet([snapshot])

    def _at_rest(self) -> FrameSnapshot:
        """The page once the stored photo has come, or it stands still with nothing under way.

        While something is, another picture may stand in its place.
        """

        def look(snapshots: list[FrameSnapshot]) -> Settling[FrameSnapshot] | None:
            snapshot = self._begun(snapshots)
            if snapshot is None:
                return None
            is_whole = self._has_come(snapshot) and self._is_idle(snapshot)
            return Settling(snapshot, _shows(snapshot), is_whole=is_whole, rest=TIME_TO_SHOW)

        return wait_stable(self._view, look, UPLOAD, UPLOAD)

    def _has_come(self, snapshot: FrameSnapshot) -> bool:
        """True once the stored photo is there; a picture without a size is still coming, and may be a logo."""
        stored = self.photos(snapshot.root)["stored"]
        return bool(stored) and all(node.tag != "img" or max(node.natural) for node in stored)

    def photos(self, root: Node) -> dict[str, list[Node]]:
        """Return the photos that the page names, by their kind."""
        words = self._data.upload
        enrollment = [word for word in words.enrollment if word not in words.admission]
        kinds = {"stored": words.stored, "enrollment": enrollment, "admission": words.admission}
        found = photo_captions.captioned(
            root,
            kinds,
            never=(*words.words, *words.landmark),
            about=words.about,
            samples=words.samples,
        )
        shown = {kind: [node for node in _each_once(found[kind]) if not _is_drawn(node)] for kind in kinds}
        others = (*found["enrollment"], *found["admission"])
        stored = [
            node
            for node in shown["stored"]
            if node not in others and not fields.contains(_file_name(node.src), words.nothing_yet)
        ]
        return {"stored": stored, "enrollment": shown["enrollment"] or shown["admission"]}

    def _upload_frame(self, snapshots: list[FrameSnapshot]) -> FrameSnapshot | None:
        return next((snapshot for snapshot in snapshots if self._is_upload(snapshot)), None)

    def _is_upload(self, snapshot: FrameSnapshot) -> bool:
        """True for the page once its pictures have come: a file field, a button that opens one, or the photos.

        The 入学照片 alone may stand beside the personal data too.
        """
        words = self._data.upload
        if snapshot.loading or not fields.says(snapshot.root, *words.landmark, *words.stored):
            return False
        chooser = word_pattern(*words.choose, *words.either, *ALSO_OPENS)
        if snapshot.files or any(chooser.search(name) for name in snapshot.names):
            return True
        photos = self.photos(snapshot.root)
        is_personal = self.platform.shows_own_data(snapshot)
        return bool(photos["stored"] or (photos["enrollment"] and not is_personal))

    def _picture(self, snapshot: FrameSnapshot, found: Sequence[Node], kind: str) -> DownloadedImage | None:
        if len(found) > 1:
            raise SiteChanged(UPLOAD, kind, (f"{len(found)} 张标着同样名称的图片",))
        return image_download.obtain(self._view, snapshot, found[0]) if found else None

    def upload_photo(self, photo: UploadFile) -> None:
        """On the open 上传毕业照片: choose the file and have it sent once; whether it has arrived, only reading back can tell.

        What was said and sent stands in ``answer`` afterwards, however this ends.

        Args:
            photo: Its original bytes, named ``<ID>.jpg``.

        Raises:
            UploadRefused: The page refused the file before anything was sent.
            SiteChanged: The controls are not there; nothing was sent.
            UnforeseenQuestion: Something unforeseen was asked; it was not answered.
        """
        snapshot = self._view.wait(self._upload_frame, UPLOAD, "选择照片")
        with self._tracked(photo) as (tracker, answer):
            controls = UploadControls(self._view, snapshot, self._data.upload)
            handover = self.platform.login.handover
            attempt = UploadAttempt(self._view, controls, handover, self._view.snapshot(), tracker, answer)
            attempt.run(FilePayload(name=photo.name, mimeType="image/jpeg", buffer=photo.data))

    def upload_by_hand(self, photo: UploadFile, stop: GradsyncError) -> bool:
        """On the open 上传毕业照片: let the person at the window upload it, and watch.

        Args:
            photo: What they are to upload.
            stop: Why the program could not.

        Returns:
            Whether something was uploaded, as far as it shows.

        Raises:
            PersonSkipped: The person leaves it out.
        """
        with self._tracked(photo) as (tracker, answer):
            self.by_person = UploadByHand(self.platform.login.handover, photo, tracker, answer).run(stop)
        return self.by_person

    @contextmanager
    def _tracked(self, photo: UploadFile) -> Iterator[tuple[RequestTracker, UploadAnswer]]:
        """Follow one upload, and agree to native confirms that name it."""
        words = self._data.upload
        self._view.dialogs.messages.clear()
        self.answer = UploadAnswer(words, own=photo.name)
        with (
            track_request(self._view.context, carrying_file(photo.data)) as tracker,
            self._view.dialogs.accepting_where(words.question.agrees_to),
        ):
            yield tracker, self.answer


def _shows(snapshot: FrameSnapshot) -> tuple[object, ...]:
    """The words and pictures of a page, which are the same while it stands still."""
    pictures = tuple((node.src, node.natural) for node in snapshot.root.walk() if node.is_picture)
    return frozenset(snapshot.texts), pictures


def _file_name(address: str) -> str:
    return urlsplit(address).path.rpartition("/")[2]


def _is_drawn(node: Node) -> bool:
    """True for lines and areas that a page draws where a photo is to come."""
    return node.src.startswith("data:image/svg")


def _overlaps(line: TextLine, other: TextLine, along: Callable[[Box, Box], float]) -> bool:
    return any(along(leaf.box, one.box) > 0 for leaf in line.leaves for one in other.leaves)


def _is_below(line: TextLine, other: TextLine) -> bool:
    return line.leaves[0].box.y >= other.leaves[0].box.bottom and _overlaps(line, other, Box.overlap_x)


def _each_once(photos: Sequence[Node]) -> list[Node]:
    """A photo that two captions name is one photo."""
    return list({id(photo): photo for photo in photos}.values())
