"""学信网 (CHSI): the 学历照片 on the record, or on the page that the record leads to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from agent.browser import image_download
from agent.browser.image_download import DownloadedImage
from agent.browser.locators import Target
from agent.browser.site_browser import Match, SiteBrowser
from agent.browser.stability import TIME_TO_MISS, TIME_TO_REST, RestTimer, StabilityTimer
from agent.errors import PhotoNotYet, SiteChanged, SiteUnavailable
from agent.snapshot import fields, photo_captions
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Node
from flows.profiles.site_words import Photos

PAGE = "学信网学籍信息"
Spot = tuple[FrameSnapshot, Node]
"""A picture, and the frame that it stands in."""


@dataclass
class RecordPhoto:
    """The 学历照片 of the open record.

    Args:
        browser: The site's windows.
        words: What captions and links say.
        record: Waits for the record; its frame, and the card of the wanted 学籍.
    """

    browser: SiteBrowser
    words: Photos
    record: Callable[[], Spot]
    _missing: StabilityTimer = field(default_factory=StabilityTimer)
    _stands: RestTimer = field(init=False)
    _is_coming: bool = False

    def __post_init__(self) -> None:
        self._stands = RestTimer(self.browser)

    def save(self) -> DownloadedImage:
        """Return its original bytes.

        Raises:
            PhotoNotYet: There is none yet.
            SiteChanged: The picture cannot be told from others.
            SiteUnavailable: It has its place, and does not come.
        """
        try:
            spots = self.browser.wait(lambda _: self._on_record(), PAGE, "学历照片")
        except SiteChanged:
            if not self._is_coming:
                raise
            raise SiteUnavailable(f"学信网的学历照片在 {self.browser.patience:g} 秒内没有传完。") from None
        obtained = image_download.obtain(self.browser, *(spots[0] if spots else self._elsewhere()))
        if obtained is None:
            raise SiteChanged(PAGE, "学历照片的原图", ())
        return obtained

    def _on_record(self) -> list[Spot] | None:
        """The photo once it has come to stay; none where the record has no place for it.

        A missing one is believed when it stays missing for a while: without a photo the mobile page may still be looking for
        an older one (dossier ``chsi``, 4).
        """
        snapshot, card = self.record()
        mine = self._mine(card)
        if mine and not self._is_placeholder(mine[0]):
            self._is_coming = True
            return [(snapshot, mine[0])] if self._has_come(snapshot, mine[0]) else None
        self._bring_place_into_view(snapshot, card)
        if not self.browser.is_quiet([snapshot]):
            self._missing.reset()
        if self._missing.seconds("missing") < TIME_TO_MISS:
            return None
        if mine or fields.says(card, *self.words.none):
            raise PhotoNotYet("学信网上还没有学历照片。")
        return [] if self._link_to_photos([snapshot]) else None

    def _bring_place_into_view(self, snapshot: FrameSnapshot, card: Node) -> None:
        """Some pages put the picture above its caption only once it is seen."""
        captions = [leaf for leaf in card.leaves if fields.contains(leaf.own, self.words.graduation)]
        if captions:
            barest = min(captions, key=lambda leaf: len(leaf.own))
            self.browser.scrolling.bring_into_view(snapshot.frame, barest.box)

    def _link_to_photos(self, snapshots: Sequence[FrameSnapshot]) -> Match | None:
        return self.browser.first_match(map(Target.of, self.words.links), snapshots)

    def _elsewhere(self) -> Spot:
        """Follow the link to the page with the photos; of that page only the photo is wanted.

        Raises:
            PhotoNotYet: It shows that there is none yet.
            SiteChanged: It shows none, or several 学历照片.
        """
        match = self.browser.wait(self._link_to_photos, PAGE, self.words.links[0])
        self.browser.click_match(match, PAGE)
        self._missing.reset()
        return self.browser.wait(self._on_own_page, match.target.name, "学历照片")

    def _on_own_page(self, snapshots: list[FrameSnapshot]) -> Spot | None:
        shown = next(((item, mine[0]) for item in snapshots if (mine := self._mine(item.root))), None)
        if shown and not self._is_placeholder(shown[1]):
            return shown if self._has_come(*shown) else None
        says_none = any(fields.says(item.root, *self.words.none) for item in snapshots)
        if (shown or says_none) and self._missing.seconds("missing") > TIME_TO_MISS:
            raise PhotoNotYet("学信网上还没有学历照片。")
        return None

    def _is_placeholder(self, photo: Node) -> bool:
        return any(word in photo.src for word in self.words.none)

    def _mine(self, root: Node) -> list[Node]:
        """The 学历照片, told from the 录取照片 by its caption; raises ``SiteChanged`` where several carry it."""
        mine = captioned(root, self.words)
        if len(mine) > 1:
            raise SiteChanged(PAGE, "学历照片", (f"{len(mine)} 张都标着学历照片的图片",))
        return mine

    def _has_come(self, snapshot: FrameSnapshot, node: Node) -> bool:
        """True once the browser has the picture, or has given up on it, and nothing is under way that could replace it."""
        network = self.browser.network
        answered = node.src in network.broken or node.src in network.images
        is_empty = node.tag == "img" and not node.src  # its address is put in only once it is seen
        given = bool(node.src) and not node.src.startswith("http")
        if not (max(node.natural) or given or answered or not (node.src or is_empty)):
            self.browser.scrolling.bring_into_view(snapshot.frame, node.box)
            return False
        return self.browser.is_quiet([snapshot]) or self._stands.rests([snapshot], node.src, TIME_TO_REST)


def captioned(root: Node, words: Photos) -> list[Node]:
    """Return the photos whose caption says that they are the 学历照片, and no other."""
    kinds = {"mine": words.graduation, "other": words.other}
    found = photo_captions.captioned(root, kinds, never=words.links)
    return [node for node in found["mine"] if node not in found["other"]]
