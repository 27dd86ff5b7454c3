"""学信网 (CHSI): the 学籍 record and the 学历照片. Nothing official is ever clicked here: no 正确, no 有误."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from agent.asks import Ask, AskKind
from agent.browser import image_download
from agent.browser.image_download import DownloadedImage
from agent.browser.locators import Target
from agent.browser.site_browser import Match, SiteBrowser
from agent.browser.stability import StabilityTimer
from agent.errors import ActionNeeded, Interstitial, PhotoNotYet, SiteChanged, SiteUnavailable
from agent.ocr.page_reader import UNREAD, OcrPageReader, ocr_texts
from agent.snapshot import fields, photo_captions, tree
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Node, OcrText, key
from flows.profiles.site_words import ChsiSite
from flows.sites.chsi import record
from flows.sites.chsi.person_reading import read_by_person
from flows.sites.chsi.record import Record, RecordValue
from flows.sites.login import Login
from flows.sites.navigation import Navigator, Route, Walk

PAGE, TARGET = "学信网学籍信息", "学籍信息"
ENOUGH_LABELS = 4
"""This many known labels with values make a page the record and not a link to it."""
TIME_TO_APPEAR = 2.0
"""Seconds for which a page must keep saying that there is no photo."""
TIME_TO_FILL = 0.5
"""Seconds without another row after which a record with fewer than usual is taken for whole."""
SELDOM = frozenset({"collected", "document_type"})
"""Fields that few records show."""
REQUIRED = ("name", "id_number")
PRESSED = ("tab", "button", "link", "a", "li", "summary", "label")
"""Roles and tags of what a record may lie behind on the same page."""
NOTE = re.compile(r"[（(【\[].*$")


@dataclass(frozen=True)
class Link:
    """A link: what it says, and its text, which is something else where letters are coded."""

    said: str
    raw: str


@dataclass
class Chsi:
    """The signed-in 学信网.

    Args:
        view: Its windows.
        data: Its words.
        entrance: The way in.
        school: The school whose record is wanted, and its level where the notice says one.
    """

    view: SiteBrowser
    data: ChsiSite
    login: Login
    school: str
    level: str | None = None
    _chosen: str = field(default="", repr=False)
    _nothing: StabilityTimer = field(default_factory=StabilityTimer, repr=False)
    _others: StabilityTimer = field(default_factory=StabilityTimer, repr=False)

    def __post_init__(self) -> None:
        self.deciphering = OcrPageReader(self.view, self._labels, self.data.record)

    def open_record(self) -> None:
        """Open the page with 学籍信息, following the site's own links where the address leads elsewhere.

        Raises:
            SiteChanged: Neither the record nor a link to it is there, and nobody leads there.
            ActionNeeded: The site says that there is no record.
        """
        self.view.goto(self.data.archive_url)
        Navigator(self.view, self.login.handover, self.login.learned).go(self._route())

    def _route(self) -> Route[FrameSnapshot]:
        return Route(
            page=PAGE,
            ways=[(word,) for word in self.data.links],
            landmark=self._own_record,
            place="links",
            where=f"{self.view.name} → 高等教育信息 → {TARGET}",
            target=TARGET,
            newest_window=True,
            detour=self._beside,
            further=lambda seen, walk: self._entry(seen, _words(walk)),
            dead_end=self._dead_end,
        )

    def _own_record(self, seen: list[FrameSnapshot]) -> FrameSnapshot | None:
        item = self._record_frame(seen)
        return item if item and self._may_be_ours(item) else None

    def _dead_end(self, seen: list[FrameSnapshot], walk: Walk) -> bool:
        """Stop where the site says that there is no record, or shows what only the person may deal with; stay at any record.

        Raises:
            ActionNeeded: There is no record.
            Interstitial: A page that only the person may deal with, and that leads nowhere.
        """
        if self._record_frame(seen):
            return True
        if _anywhere(seen, *self.data.empty):
            if not self.view.is_quiet(seen) or self._nothing.seconds("empty") < TIME_TO_APPEAR:
                return True
            remedy = "请核对学信网账号的姓名、证件号码与学校报送的是否一致，或联系学校。"
            raise ActionNeeded("学信网上没有找到学籍信息。", remedy)
        if (
            (barrier := self._barrier(seen))
            and not walk.leads_on(seen)
            and not self._entry(seen, _words(walk))
        ):
            raise Interstitial(f"学信网显示了需要本人处理的页面：“{barrier}”。")
        return False

    def _barrier(self, seen: Sequence[FrameSnapshot]) -> str | None:
        """The words of a page that only the person may deal with; of a banner too, on a page that leads on."""
        return next((word for word in self.data.login.person_only if _anywhere(seen, word)), None)

    def _beside(self, seen: list[FrameSnapshot], walk: Walk) -> Match | None:
        """What leads from the record that is shown to another that may be the one that is wanted; None where it need not.

        Tabs, collapses and the like name the school. Where the shown record is another school's and stands still, every
        further tab and page is looked at.
        """
        item = self._record_frame(seen)
        if item is None:
            return None
        tried = _words(walk)
        named = self._named_beside(item)
        if self._may_be_ours(item):
            left = [] if len(named) < 2 or any(text in tried for text in named) else named
        else:
            left = [text for text in named if text not in tried] or self._further(item, tried)
        if len(left) > 1 and left == named:
            left = [self._choose(left)]
        return self.view.first_match((Target(word, (word,)) for word in left), [item])

    def _named_beside(self, item: FrameSnapshot) -> list[str]:
        """What there is to press beside the record that names the school, and its level where one is wanted."""
        labels = fields.label_pattern(frozenset(self._labels))
        texts = dict.fromkeys(node.text for node in item.root.walk() if _is_pressed(node))
        named = [text for text in texts if key(self.school) in key(text) and not labels.search(text)]
        return [text for text in named if key(self.level or "") in key(text)] or named

    def _further(self, item: FrameSnapshot, tried: Sequence[str]) -> list[str]:
        """The tabs and the words that lead to further records, once another's record has stood still for a while."""
        if self._others.seconds((len(tried), item.root.text)) < TIME_TO_APPEAR:
            return []
        lines = [line.text for line in tree.lines(item.root) if key(self.school) in key(line.text)]
        tabs = [node.text for node in item.root.walk() if node.role == "tab"]
        left = [text for text in (*tabs, *self.data.more, *lines) if text and text not in tried]
        if not self.view.first_match((Target(word, (word,)) for word in left), [item]):
            remedy = f"请登录学信网看看{self.school}的学籍在哪里，或联系学校。"
            raise ActionNeeded(f"学信网上显示的学籍不是{self.school}{self.level or ''}的。", remedy)
        return left

    def _may_be_ours(self, item: FrameSnapshot) -> bool:
        """True unless what is shown is readably the record of another school or level, each of them where there are several."""
        cards = self._cards(item.root)
        shown = cards if len(cards) > 1 else [item.root]
        return not all(map(self._is_anothers, shown))

    def _is_anothers(self, card: Node) -> bool:
        values = self._read(card)
        wanted = {"school": self.school, "level": self.level}
        known = {name: text for name, text in values.items() if text and UNREAD not in text}
        return any(said and name in known and not _same(known[name], said) for name, said in wanted.items())

    def _entry(self, seen: list[FrameSnapshot], tried: Sequence[str]) -> Match | None:
        """The list entry that names the school: a link that does, or the row's own 查看.

        Of several the one that was pressed may stand there for a while, and the others are still not meant.
        """
        links = [link for item in seen for link in self._links(item)]
        fitting = [link for link in links if key(self.level or "") in key(link.said)] or links
        by_words = {link.said: link for link in fitting}
        pressed = any(link.raw in tried for link in fitting)
        if pressed and len(by_words) > 1:
            return None
        if by_words and not pressed:
            said = next(iter(by_words)) if len(by_words) == 1 else self._choose(list(by_words))
            return self.view.first_match([Target(said, (by_words[said].raw,))], seen)
        target = Target(self.data.open_row[0], self.data.open_row)
        rows = [row for item in seen if (row := self.view.row(item.frame, self.school, self.level or ""))]
        ways = [
            Match(target, located) for row in rows if (located := self.view.match(target, seen, PAGE, row))
        ]
        return ways[0] if len(ways) == 1 and target.name not in tried else None

    def _links(self, item: FrameSnapshot) -> list[Link]:
        """The links that name the school; where nobody could read what links say, those."""
        every = list(_links(self.deciphering.read(item).root, item.root))
        named = [link for link in every if key(self.school) in key(link.said)]
        unread = [link for link in every if UNREAD in link.said]
        return named or [Link(f"第 {place} 个学籍", link.raw) for place, link in enumerate(unread, 1)]

    def _choose(self, options: Sequence[str]) -> str:
        """Ask which 学籍 is meant, once per run."""
        if self._chosen in options:
            return self._chosen
        text = "学信网上有几个学籍，请选择要核对的一个"
        ask = Ask("choose-enrollment", AskKind.CHOICE, text, "chsi", tuple(options))
        self._chosen = self.login.desk.ask(ask)
        if self._chosen not in options:
            raise ActionNeeded("选择的学籍不在学信网的列表里。", "请从列出的学籍里原样选择一个。")
        return self._chosen

    # -- the record ------------------------------------------------------------------------------------------------------

    @property
    def _labels(self) -> list[str]:
        return [label for labels in self.data.labels.values() for label in labels]

    def _record_frame(self, seen: Sequence[FrameSnapshot]) -> FrameSnapshot | None:
        return next((item for item in map(self.deciphering.read, seen) if self._is_record(item)), None)

    def _whole(self, seen: Sequence[FrameSnapshot], still: StabilityTimer) -> FrameSnapshot | None:
        """The record's frame once every field that records have is there, or no more have come for a while."""
        item = self._record_frame(seen)
        read = self._read(item.root) if item else {}
        usual = self.data.labels.keys() - SELDOM
        return item if usual <= read.keys() or still.seconds(read) >= TIME_TO_FILL else None

    def _is_record(self, item: FrameSnapshot) -> bool:
        if not fields.says(item.root, *self.data.record):
            return self._unread_picture(item) is not None
        values = self._read(item.root)
        filled = [name for name, value in values.items() if value]
        return len(filled) >= ENOUGH_LABELS and all(name in filled for name in REQUIRED)

    def _unread_picture(self, item: FrameSnapshot) -> OcrText | None:
        """The picture beside the photos that holds the record and that nobody could read."""
        unread = [seen for seen in ocr_texts(item.root) if seen.text == UNREAD]
        return unread[0] if len(unread) == 1 and self._captioned(item.root) else None

    def _shown(
        self, there: Callable[[list[FrameSnapshot]], FrameSnapshot | None] | None = None
    ) -> tuple[FrameSnapshot, Node]:
        """The record's frame and, of several 学籍, the card that is the profile's."""
        look = there or self._record_frame

        def ours(seen: list[FrameSnapshot]) -> FrameSnapshot | None:
            item = look(seen)
            return item if item and self._may_be_ours(item) else None

        item = self.view.wait(ours, PAGE, "学籍信息")
        cards = self._cards(item.root)
        if len(cards) < 2:
            return item, item.root
        fitting = [card for card in cards if self._fits(card)]
        if len(fitting) == 1:
            return item, fitting[0]
        titles = {self._title(card, place): card for place, card in enumerate(cards, 1)}
        return item, titles[self._choose(list(titles))]

    def _cards(self, root: Node) -> list[Node]:
        anchors = {
            id(field.anchor)
            for field in fields.fields(root, self._labels)
            if key(field.label) in map(key, self.data.record)
        }
        return fields.holders(root, lambda leaf: id(leaf) in anchors)

    def _fits(self, card: Node) -> bool:
        values = self._read(card)
        return key(values.get("school", "")) == key(self.school) and (
            not self.level or key(values.get("level", "")) == key(self.level)
        )

    def _title(self, card: Node, place: int) -> str:
        values = self._read(card)
        title = "-".join(values.get(name, "") for name in ("level", "school", "major"))
        return f"第 {place} 个学籍" if UNREAD in title else title

    def _read(self, root: Node) -> dict[str, str]:
        return {name: value.text for name, value in self._values(root).items()}

    def _values(self, root: Node) -> dict[str, RecordValue]:
        """The values beside labels, and what the page's head says without labels."""
        found = fields.fields(root, self._labels)
        named = {name: fields.first_value(found, labels) for name, labels in self.data.labels.items()}
        beside = {name: record.of_field(field) for name, field in named.items() if field}
        missing = [name for name in REQUIRED if name not in beside]
        return {**(record.head(root, self._labels) if missing else {}), **beside}

    def read_record(self, today: date) -> Record:
        """Read 身份信息 and 学籍信息 of the record that is open.

        Args:
            today: The last day on which somebody can have been born.
        """
        still = StabilityTimer()
        item, card = self._shown(lambda seen: self._whole(seen, still))
        picture = None if fields.says(item.root, *self.data.record) else self._unread_picture(item)
        whole = record.in_one_picture(picture, self.data.labels) if picture else {}
        values = record.believed(whole or {**self._values(item.root), **self._values(card)}, today)
        labels = {name: words[0] for name, words in self.data.labels.items()}
        offers_code = fields.says(card, *self.data.photos.code)
        return record.of(read_by_person(values, labels, self.login.desk), offers_code)

    # -- the photo ---------------------------------------------------------------------------------------------------------

    def save_photo(self) -> DownloadedImage:
        """Return the original bytes of the 学历照片 on the open record.

        Raises:
            PhotoNotYet: There is none yet.
            SiteChanged: The picture cannot be told from others.
            SiteUnavailable: It has its place, and does not come.
        """
        missing = StabilityTimer()
        coming: list[Node] = []
        try:
            spots = self.view.wait(lambda _: self._photo_now(missing, coming), PAGE, "学历照片")
        except SiteChanged:
            if not coming:
                raise
            raise SiteUnavailable(f"学信网的学历照片在 {self.view.patience:g} 秒内没有传完。") from None
        item, node = spots[0] if spots else self._photo_elsewhere()
        obtained = image_download.obtain(self.view, item, node)
        if obtained is None:
            raise SiteChanged(PAGE, "学历照片的原图", ())
        return obtained

    def _photo_now(
        self, missing: StabilityTimer, coming: list[Node]
    ) -> list[tuple[FrameSnapshot, Node]] | None:
        """The photo once the browser has it, and until then in ``coming``; none where the record has no place for it.

        A missing one is believed when it stays missing for a while: without a photo the mobile page may still be looking for
        an older one (dossier ``chsi``, 4).
        """
        item, card = self._shown()
        mine = self._mine(card)
        if mine and not self._is_placeholder(mine[0]):
            coming.append(mine[0])
            return [(item, mine[0])] if self._has_come(item, mine[0]) else None
        if not self.view.is_quiet([item]):
            missing.reset()
        if missing.seconds("missing") < TIME_TO_APPEAR:
            return None
        if mine or fields.says(card, *self.data.photos.none):
            raise PhotoNotYet("学信网上还没有学历照片。")
        return [] if self._link_to_photos([item]) else None

    def _link_to_photos(self, seen: Sequence[FrameSnapshot]) -> Match | None:
        return self.view.first_match((Target(word, (word,)) for word in self.data.photos.links), seen)

    def _photo_elsewhere(self) -> tuple[FrameSnapshot, Node]:
        """Follow the link to the page with the photos; of that page only the photo is wanted.

        Raises:
            PhotoNotYet: It shows that there is none yet.
            SiteChanged: It shows none, or several 学历照片.
        """
        way = self.view.wait(self._link_to_photos, PAGE, self.data.photos.links[0])
        self.view.click_match(way, PAGE)
        missing = StabilityTimer()

        def photo(seen: list[FrameSnapshot]) -> tuple[FrameSnapshot, Node] | None:
            shown = next(((item, mine[0]) for item in seen if (mine := self._mine(item.root))), None)
            if shown and not self._is_placeholder(shown[1]):
                return shown if self._has_come(*shown) else None
            none = bool(shown) or self._says_none(seen)
            if none and missing.seconds("missing") > TIME_TO_APPEAR:
                raise PhotoNotYet("学信网上还没有学历照片。")
            return None

        return self.view.wait(photo, way.target.name, "学历照片")

    def _says_none(self, seen: Sequence[FrameSnapshot]) -> bool:
        return any(fields.says(item.root, *self.data.photos.none) for item in seen)

    def _is_placeholder(self, photo: Node) -> bool:
        return any(word in photo.src for word in self.data.photos.none)

    def _mine(self, root: Node) -> list[Node]:
        """The 学历照片, told from the 录取照片 by its caption.

        Raises:
            SiteChanged: Several carry the caption.
        """
        mine = self._captioned(root)
        if len(mine) > 1:
            raise SiteChanged(PAGE, "学历照片", (f"{len(mine)} 张都标着学历照片的图片",))
        return mine

    def _captioned(self, root: Node) -> list[Node]:
        words = self.data.photos
        found = photo_captions.captioned(
            root, {"mine": words.graduation, "other": words.other}, never=words.links
        )
        return [node for node in found["mine"] if node not in found["other"]]

    @property
    def _answered(self) -> set[str]:
        """Addresses of pictures that were asked for with an end, good or bad."""
        return self.view.network.broken | set(self.view.network.images)

    def _has_come(self, item: FrameSnapshot, node: Node) -> bool:
        """True once the browser has the picture, or has given up on it; one that loads when seen is brought into view."""
        if max(node.natural) or not node.src.startswith("http") or node.src in self._answered:
            return True
        self.view.bring_into_view(item.frame, node.box)
        return False


def _same(shown: str, wanted: str) -> bool:
    """True for the same name, whatever is noted in brackets after it."""
    return key(NOTE.sub("", shown)) == key(NOTE.sub("", wanted))


def _words(walk: Walk) -> list[str]:
    return [words[0] for words in walk.tried]


def _is_pressed(node: Node) -> bool:
    return bool(node.text) and (node.role in PRESSED or node.tag in PRESSED)


def _anywhere(seen: Sequence[FrameSnapshot], *words: str) -> bool:
    return any(fields.says(item.root, *words) for item in seen)


def _links(read: Node, raw: Node) -> Iterator[Link]:
    """The links of a tree, each with its text before it was read by eye."""
    before = {node.box: node.text for node in raw.walk() if _is_link(node)}
    return (Link(node.text, before[node.box]) for node in read.walk() if _is_link(node) and node.text)


def _is_link(node: Node) -> bool:
    """True for a link, or an entry that is pressed as one and holds none."""
    pressed = node.role in ("link", "button", "menuitem")
    return node.tag == "a" or (pressed and not any(_is_link(child) for child in node.children))
