"""学信网 (CHSI): the 学籍 record and the 学历照片. Nothing official is ever clicked here: no 正确, no 有误."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from agent.asks import Ask, AskKind
from agent.browser.image_download import DownloadedImage
from agent.browser.locators import Target
from agent.browser.site_browser import Match, SiteBrowser
from agent.browser.stability import TIME_TO_FILL, TIME_TO_MISS, RestTimer, StabilityTimer
from agent.errors import ActionNeeded
from agent.ocr.page_reader import UNREAD, OcrPageReader, ocr_texts
from agent.snapshot import fields, tree
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tables import label_pattern
from agent.snapshot.tree import Node, OcrText, key
from flows.profiles.site_words import ChsiSite, all_words
from flows.sites.chsi import record
from flows.sites.chsi.person_reading import read_by_person
from flows.sites.chsi.record import Record, RecordValue
from flows.sites.chsi.record_photo import PAGE, RecordPhoto, captioned
from flows.sites.chsi.turning import LIST, turning
from flows.sites.login import Login
from flows.sites.navigation.folds import folded_text
from flows.sites.navigation.navigator import Navigator, Route
from flows.sites.navigation.walk import Walk

TARGET = "学籍信息"
ENOUGH_LABELS = 4
"""This many known labels with values make a page the record and not a link to it."""
SELDOM = frozenset({"collected", "document_type"})
"""Fields that few records show."""
REQUIRED = ("name", "id_number")
PRESSED = ("tab", "button", "link", "a", "li", "summary", "label")
"""Roles and tags of what a record may lie behind on the same page."""
NOTE = re.compile(r"[（(【\[].*$")
MOST_TURNS = 6
"""How often a further record is turned to by what does not name it, at most."""


@dataclass(frozen=True)
class Link:
    """A link: what it says, and its text, which is something else where letters are coded."""

    said: str
    raw: str


@dataclass
class Chsi:
    """The signed-in 学信网.

    Args:
        browser: Its windows.
        data: Its words.
        login: The way in.
        school: The school whose record is wanted, and its level where the notice says one.
    """

    browser: SiteBrowser
    data: ChsiSite
    login: Login
    school: str
    level: str | None = None
    _chosen: str = field(default="", repr=False)
    _nothing: StabilityTimer = field(default_factory=StabilityTimer, repr=False)
    _others: StabilityTimer = field(default_factory=StabilityTimer, repr=False)

    def __post_init__(self) -> None:
        self.deciphering = OcrPageReader(self.browser, self._labels, self.data.record)

    def open_record(self) -> None:
        """Open the page with 学籍信息, following the site's own links where the address leads elsewhere.

        Raises:
            SiteChanged: Neither the record nor a link to it is there, and nobody leads there.
            ActionNeeded: The site says that there is no record.
        """
        self.browser.goto(self.data.archive_url)
        Navigator(self.browser, self.login).go(self._route())

    def _route(self) -> Route[FrameSnapshot]:
        return Route(
            page=PAGE,
            ways=[(word,) for word in self.data.links],
            landmark=self._own_record,
            place="links",
            where=f"{self.browser.name} → 高等教育信息 → {TARGET}",
            target=TARGET,
            newest_window=True,
            detour=self._beside,
            further=lambda snapshots, walk: self._entry(snapshots, _words(walk)),
            dead_end=self._dead_end,
        )

    def _own_record(self, snapshots: list[FrameSnapshot]) -> FrameSnapshot | None:
        snapshot = self._record_frame(snapshots)
        return snapshot if snapshot and self._may_be_ours(snapshot) else None

    def _dead_end(self, snapshots: list[FrameSnapshot], walk: Walk) -> bool:
        """Stay at any record; raises ``ActionNeeded`` where the site says that there is none."""
        if self._record_frame(snapshots):
            return True
        if any(fields.says(snapshot.root, *self.data.empty) for snapshot in snapshots):
            if not self.browser.is_quiet(snapshots) or self._nothing.seconds("empty") < TIME_TO_MISS:
                return True
            remedy = "请核对学信网账号的姓名、证件号码与学校报送的是否一致，或联系学校。"
            raise ActionNeeded("学信网上没有找到学籍信息。", remedy)
        return False

    def _beside(self, snapshots: list[FrameSnapshot], walk: Walk) -> Match | None:
        """What leads from the record that is shown to another that may be the one that is wanted; None where it need not.

        Tabs, collapses and the like name the school. Where the shown record is another school's and stands still, every
        further tab and page is looked at.
        """
        snapshot = self._record_frame(snapshots)
        if snapshot is None:
            return self._unfolding(snapshots, walk)
        tried = _words(walk)
        named = self._named_beside(snapshot)
        if self._may_be_ours(snapshot):
            left = [] if len(named) < 2 or any(text in tried for text in named) else named
        else:
            left = [text for text in named if text not in tried] or self._further(snapshot, walk)
        if len(left) > 1 and left == named:
            left = [self._choose(left)]
        match = self.browser.first_match(map(Target.of, left), [snapshot])
        return match or (None if self._may_be_ours(snapshot) else self._turning(snapshot, walk))

    def _unfolding(self, snapshots: list[FrameSnapshot], walk: Walk) -> Match | None:
        """What unfolds a further part of a record that shows everything but whose it is, on a page at rest."""
        rests = self.browser.is_quiet(snapshots)
        parts = [item for item in map(self.deciphering.read, snapshots) if rests and self._shows_record(item)]
        return folded_text(parts[0], self._labels, (), _words(walk), walk.never) if parts else None

    def _turning(self, snapshot: FrameSnapshot, walk: Walk) -> Match | None:
        """What turns from another's record to the next one, a few times."""
        stands = self._others.seconds(_stand(snapshot, walk)) >= TIME_TO_MISS
        return self._turn(snapshot, walk) if stands else None

    def _turn(self, snapshot: FrameSnapshot, walk: Walk) -> Match | None:
        values = [value.at for value in fields.fields(snapshot.root, self._labels)]
        match = turning(snapshot, self._read(snapshot.root).get("school", ""), values)
        most = 1 if match and match.target.name == LIST else MOST_TURNS
        return match if match and walk.tried.count(match.target.words) < most else None

    def _named_beside(self, snapshot: FrameSnapshot) -> list[str]:
        """What there is to press beside the record that names the school, and its level where one is wanted."""
        labels = label_pattern(frozenset(self._labels))
        texts = dict.fromkeys(node.text for node in snapshot.root.walk() if _is_pressed(node))
        named = [text for text in texts if key(self.school) in key(text) and not labels.search(text)]
        return [text for text in named if key(self.level or "") in key(text)] or named

    def _further(self, snapshot: FrameSnapshot, walk: Walk) -> list[str]:
        """The tabs and the words that lead to further records, once another's record has stood still for a while."""
        tried = _words(walk)
        if self._others.seconds(_stand(snapshot, walk)) < TIME_TO_MISS:
            return []
        texts = [line.text for line in tree.lines(snapshot.root)]
        texts += [tree.squash(leaf.words) for leaf in snapshot.root.leaves]  # tabs on one line
        lines = [text for text in dict.fromkeys(texts) if key(self.school) in key(text)]
        tabs = [node.text for node in snapshot.root.walk() if node.role == "tab"]
        left = [text for text in (*tabs, *self.data.more, *lines) if text and text not in tried]
        shown = self.browser.first_match(map(Target.of, left), [snapshot])
        if not shown and not self._turn(snapshot, walk):
            remedy = f"请登录学信网看看{self.school}的学籍在哪里，或联系学校。"
            raise ActionNeeded(f"学信网上显示的学籍不是{self.school}{self.level or ''}的。", remedy)
        return left

    def _may_be_ours(self, snapshot: FrameSnapshot) -> bool:
        """True unless what is shown is readably the record of another school or level, each of them where there are several."""
        cards = self._cards(snapshot.root)
        shown = cards if len(cards) > 1 else [snapshot.root]
        return not all(map(self._is_anothers, shown))

    def _is_anothers(self, card: Node) -> bool:
        values = self._read(card)
        wanted = {"school": self.school, "level": self.level}
        known = {name: text for name, text in values.items() if text and UNREAD not in text}
        return any(said and name in known and not _same(known[name], said) for name, said in wanted.items())

    def _entry(self, snapshots: list[FrameSnapshot], tried: Sequence[str]) -> Match | None:
        """The list entry that names the school: a link that does, or the row's own 查看.

        Of several the one that was pressed may stand there for a while, and the others are still not meant.
        """
        links = [link for snapshot in snapshots for link in self._links(snapshot)]
        fitting = [link for link in links if key(self.level or "") in key(link.said)] or links
        by_words = {link.said: link for link in fitting}
        pressed = any(link.raw in tried for link in fitting)
        if pressed and len(by_words) > 1:
            return None
        if by_words and not pressed:
            said = next(iter(by_words)) if len(by_words) == 1 else self._choose(list(by_words))
            return self.browser.first_match([Target(said, (by_words[said].raw,))], snapshots)
        target = Target.of(*self.data.open_row)
        rows = [
            row for item in snapshots if (row := self.browser.row(item.frame, self.school, self.level or ""))
        ]
        ways = [
            Match(target, clickable)
            for row in rows
            if (clickable := self.browser.match(target, snapshots, PAGE, row))
        ]
        if ways:
            return ways[0] if len(ways) == 1 and target.name not in tried else None
        return None if by_words or self.school in tried else self._card_named(snapshots)

    def _card_named(self, snapshots: Sequence[FrameSnapshot]) -> Match | None:
        """The school's name on the one card of a list that is pressed as a whole, on a page at rest."""
        named = [
            (snapshot, leaf)
            for snapshot in snapshots
            for leaf in snapshot.root.leaves
            if key(leaf.words) == key(self.school)
        ]
        leaves = [leaf for _, leaf in named]
        fitting = [one for one in named if key(self.level or "") in key(_card_of(one[1], leaves).text)]
        if len(fitting) != 1 or not self.browser.is_quiet(snapshots):
            return None
        return self.browser.match_at(*fitting[0], Target.of(self.school), PAGE)

    def _links(self, snapshot: FrameSnapshot) -> list[Link]:
        """The links that name the school; where nobody could read what links say, those."""
        every = list(_links(self.deciphering.read(snapshot).root, snapshot.root))
        named = [link for link in every if key(self.school) in key(link.said)]
        unread = [link for link in every if UNREAD in link.said]
        return named or [Link(f"第 {place} 个学籍", link.raw) for place, link in enumerate(unread, 1)]

    def _choose(self, options: Sequence[str]) -> str:
        if self._chosen in options:
            return self._chosen
        text = "学信网上有几个学籍，请选择要核对的一个"
        ask = Ask("choose-enrollment", AskKind.CHOICE, text, "chsi", tuple(options))
        self._chosen = self.login.asks.ask(ask)
        return self._chosen

    # -- the record ------------------------------------------------------------------------------------------------------

    @property
    def _labels(self) -> list[str]:
        return all_words(self.data.labels)

    def _record_frame(self, snapshots: Sequence[FrameSnapshot]) -> FrameSnapshot | None:
        return next(
            (snapshot for snapshot in map(self.deciphering.read, snapshots) if self._is_record(snapshot)),
            None,
        )

    def _whole(self, snapshots: list[FrameSnapshot], timer: RestTimer) -> FrameSnapshot | None:
        """The record's frame once every field that records have is filled, or it has stood still for a while on a quiet page."""
        snapshot = self._record_frame(snapshots)
        read = self._read(snapshot.root) if snapshot else {}
        found = fields.fields(snapshot.root, self._labels) if snapshot else []
        filled = {name for name, value in read.items() if value}
        stands = timer.rests(snapshots, (read, [field.anchor.box for field in found]), TIME_TO_FILL)
        return snapshot if stands or self.data.labels.keys() - SELDOM <= filled else None

    def _is_record(self, snapshot: FrameSnapshot) -> bool:
        if not fields.says(snapshot.root, *self.data.record):
            return self._unread_picture(snapshot) is not None
        return self._shows_record(snapshot) and self._filled(snapshot).issuperset(REQUIRED)

    def _shows_record(self, snapshot: FrameSnapshot) -> bool:
        """True for a record, and for one that keeps back whose it is."""
        says = fields.says(snapshot.root, *self.data.record)
        return says and len(self._filled(snapshot)) >= ENOUGH_LABELS

    def _filled(self, snapshot: FrameSnapshot) -> set[str]:
        return {name for name, value in self._read(snapshot.root).items() if value}

    def _unread_picture(self, snapshot: FrameSnapshot) -> OcrText | None:
        """The picture beside the photos that holds the record and that nobody could read."""
        unread = [ocr_text for ocr_text in ocr_texts(snapshot.root) if ocr_text.text == UNREAD]
        return unread[0] if len(unread) == 1 and captioned(snapshot.root, self.data.photos) else None

    def _shown(
        self, there: Callable[[list[FrameSnapshot]], FrameSnapshot | None] | None = None
    ) -> tuple[FrameSnapshot, Node]:
        """The record's frame and, of several 学籍, the card that is the profile's."""
        look = there or self._record_frame

        def ours(snapshots: list[FrameSnapshot]) -> FrameSnapshot | None:
            snapshot = look(snapshots)
            return snapshot if snapshot and self._may_be_ours(snapshot) else None

        item = self.browser.wait(ours, PAGE, "学籍信息")
        cards = self._cards(item.root)
        if len(cards) < 2:
            return item, item.root
        fitting = [card for card in cards if self._fits(card)]
        if len(fitting) == 1:
            return item, fitting[0]
        titles = {self._title(card, place): card for place, card in enumerate(cards, 1)}
        return item, titles[self._choose(list(titles))]

    def _cards(self, root: Node) -> list[Node]:
        """What holds a 学籍 each; the entry of a list that says of one less than its card, and nothing else, is none."""
        anchors = {
            id(field.anchor)
            for field in fields.fields(root, self._labels)
            if key(field.label) in map(key, self.data.record)
        }
        cards = fields.holders(root, lambda leaf: id(leaf) in anchors)
        said = [self._read(card).items() for card in cards]
        shorter = [said.count(mine) == 1 and any(mine < other for other in said) for mine in said]
        return [card for card, is_entry in zip(cards, shorter, strict=True) if not is_entry]

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
        named = fields.values_by_name(found, self.data.labels)
        beside = {name: record.of_field(field) for name, field in named.items()}
        missing = [name for name in REQUIRED if name not in beside]
        return {**(record.head(root, self._labels) if missing else {}), **beside}

    def read_record(self, today: date) -> Record:
        """Read 身份信息 and 学籍信息 of the record that is open.

        Args:
            today: The last day on which somebody can have been born.
        """
        timer = RestTimer(self.browser)
        snapshot, card = self._shown(lambda snapshots: self._whole(snapshots, timer))
        picture = None if fields.says(snapshot.root, *self.data.record) else self._unread_picture(snapshot)
        whole = record.in_one_picture(picture, self.data.labels) if picture else {}
        values = record.believed(whole or {**self._values(snapshot.root), **self._values(card)}, today)
        labels = {name: words[0] for name, words in self.data.labels.items()}
        offers_code = fields.says(card, *self.data.photos.code)
        return record.of(read_by_person(values, labels, self.login.asks), offers_code)

    def save_photo(self) -> DownloadedImage:
        """Return the original bytes of the 学历照片 on the open record; errors as in ``RecordPhoto.save``."""
        return RecordPhoto(self.browser, self.data.photos, self._shown).save()


def _same(shown: str, wanted: str) -> bool:
    """True for the same name, whatever is noted in brackets after it."""
    return key(NOTE.sub("", shown)) == key(NOTE.sub("", wanted))


def _words(walk: Walk) -> list[str]:
    return [words[0] for words in walk.tried]


def _stand(snapshot: FrameSnapshot, walk: Walk) -> tuple[int, str]:
    """What stays the same while nothing is pressed and nothing comes."""
    return len(walk.tried), snapshot.root.text


def _is_pressed(node: Node) -> bool:
    return bool(node.text) and (node.role in PRESSED or node.tag in PRESSED)


def _card_of(leaf: Node, others: Sequence[Node]) -> Node:
    """The largest part of the page around a leaf that holds none of the others."""
    return leaf.widest(lambda node: sum(map(node.holds, others)) == 1)


def _links(read: Node, raw: Node) -> Iterator[Link]:
    """The links of a tree, each with its text before it was read by eye."""
    before = {node.box: node.text for node in raw.walk() if _is_link(node)}
    return (Link(node.text, before[node.box]) for node in read.walk() if _is_link(node) and node.text)


def _is_link(node: Node) -> bool:
    """True for a link, or an entry that is pressed as one and holds none."""
    pressed = node.role in ("link", "button", "menuitem")
    return node.tag == "a" or (pressed and not any(_is_link(child) for child in node.children))
