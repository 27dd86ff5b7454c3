"""学信网 (CHSI): the 学籍 record and the 学历照片. Nothing official is ever clicked here: no 正确, no 有误."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from agent import picture, reading
from agent.errors import ActionNeeded, PhotoNotYet, SiteChanged, SiteUnavailable
from agent.finding import Found, Target
from agent.human import Ask, AskKind
from agent.page import Seen, View
from agent.picture import Picture
from agent.reading import Node, key
from flows.profile import ChsiSite
from flows.sites.entrance import Entrance

PAGE = "学信网学籍信息"
ENOUGH_LABELS = 4
"""This many known labels with values make a page the record and not a link to it."""
MOST_HOPS = 6
TIME_TO_APPEAR = 2.0
"""Seconds for which a page must keep saying that there is no photo."""
REQUIRED = ("name", "id_number")


@dataclass(frozen=True)
class Way:
    """What leads on to the record, and where it was found; ``THE_RECORD`` where nothing needs to be followed any more."""

    target: Target
    located: Found | None


THE_RECORD = Way(Target("学籍信息", ()), None)


@dataclass(frozen=True)
class Record:
    """The 学籍 record: the profile's field names with values as shown."""

    values: dict[str, str]

    @property
    def name(self) -> str:
        """姓名 as shown."""
        return self.values["name"]

    @property
    def id_number(self) -> str:
        """证件号码 as shown."""
        return self.values["id_number"]


@dataclass
class Chsi:
    """The signed-in 学信网.

    Args:
        view: Its windows.
        data: Its words.
        entrance: The way in.
        school: The school whose record is wanted, and its level where the notice says one.
    """

    view: View
    data: ChsiSite
    entrance: Entrance
    school: str
    level: str | None = None

    def open_record(self) -> None:
        """Open the page with 学籍信息, following the site's own links where the address leads elsewhere.

        Raises:
            SiteChanged: Neither the record nor a link to it is there.
            ActionNeeded: The site says that there is no record.
        """
        self.view.goto(self.data.archive_url)
        tried: list[str] = []
        for _ in range(MOST_HOPS):
            way = self.view.wait(lambda seen: self._way(seen, tried), PAGE, "学籍信息")
            if way.located is None:
                return
            tried.append(way.target.name)
            self.view.press(way.located, way.target, PAGE)
        raise SiteChanged(PAGE, "学籍信息", tuple(tried))

    def _way(self, seen: list[Seen], tried: Sequence[str]) -> Way | None:
        """Say whether this is the record, or what to follow next; None while neither is there."""
        newest = self.view.context.pages[-1]
        seen = [item for item in seen if item.frame.page is newest]
        if self._record_frame(seen):
            return THE_RECORD
        if any(reading.says(item.root, *self.data.empty) for item in seen):
            remedy = "请核对学信网账号的姓名、证件号码与学校报送的是否一致，或联系学校。"
            raise ActionNeeded("学信网上没有找到学籍信息。", remedy)
        targets = (Target(word, (word,)) for word in self.data.links if word not in tried)
        ways = (Way(target, located) for target in targets if (located := self.view.only_shown(target, seen)))
        return next(ways, None) or self._entry(seen, tried)

    def _entry(self, seen: list[Seen], tried: Sequence[str]) -> Way | None:
        """The list entry that names the school: a link that does, or the row's own 查看."""
        links = [
            node for item in seen for node in item.root.walk() if node.tag == "a" and self._names_school(node)
        ]
        fitting = [node for node in links if key(self.level or "") in key(node.text)] or links
        texts = [text for text in dict.fromkeys(node.text for node in fitting) if text not in tried]
        if texts:
            text = texts[0] if len(texts) == 1 else self._choose(texts)
            link = Target(text, (text,))
            located = self.view.only_shown(link, seen)
            return Way(link, located) if located else None
        target = Target(self.data.open_row[0], self.data.open_row)
        rows = [row for item in seen if (row := self.view.row(item.frame, self.school, self.level or ""))]
        ways = [Way(target, located) for row in rows if (located := self.view.shown(target, seen, PAGE, row))]
        return ways[0] if len(ways) == 1 and target.name not in tried else None

    def _names_school(self, node: Node) -> bool:
        return key(self.school) in key(node.text)

    def _choose(self, options: Sequence[str]) -> str:
        ask = Ask(
            "choose-enrollment",
            AskKind.CHOICE,
            "学信网上有几个学籍，请选择要核对的一个",
            "chsi",
            tuple(options),
        )
        answer = self.entrance.desk.ask(ask)
        if answer not in options:
            raise ActionNeeded("选择的学籍不在学信网的列表里。", "请从列出的学籍里原样选择一个。")
        return answer

    # -- the record ------------------------------------------------------------------------------------------------------

    @property
    def _labels(self) -> list[str]:
        return [label for labels in self.data.labels.values() for label in labels]

    def _record_frame(self, seen: Sequence[Seen]) -> Seen | None:
        return next((item for item in seen if self._is_record(item)), None)

    def _is_record(self, item: Seen) -> bool:
        if not reading.says(item.root, *self.data.record):
            return False
        values = self._read(item.root)
        filled = [name for name, value in values.items() if value]
        return len(filled) >= ENOUGH_LABELS and all(name in filled for name in REQUIRED)

    def _shown(self) -> tuple[Seen, Node]:
        """The record's frame and, of several 学籍, the card that is the profile's."""
        item = self.view.wait(self._record_frame, PAGE, "学籍信息")
        cards = self._cards(item.root)
        if len(cards) < 2:
            return item, item.root
        fitting = [card for card in cards if self._fits(card)]
        if len(fitting) == 1:
            return item, fitting[0]
        titles = {self._title(card): card for card in cards}
        return item, titles[self._choose(list(titles))]

    def _cards(self, root: Node) -> list[Node]:
        anchors = {
            id(field.anchor)
            for field in reading.fields(root, self._labels)
            if key(field.label) in map(key, self.data.record)
        }
        return reading.holders(root, lambda leaf: id(leaf) in anchors)

    def _fits(self, card: Node) -> bool:
        values = self._read(card)
        return key(values.get("school", "")) == key(self.school) and (
            not self.level or key(values.get("level", "")) == key(self.level)
        )

    def _title(self, card: Node) -> str:
        values = self._read(card)
        return "-".join(values.get(name, "") for name in ("level", "school", "major"))

    def _read(self, root: Node) -> dict[str, str]:
        found = reading.fields(root, self._labels)
        named = {name: reading.first_value(found, labels) for name, labels in self.data.labels.items()}
        return {name: field.value for name, field in named.items() if field}

    def read_record(self) -> Record:
        """Read 身份信息 and 学籍信息 of the record that is open."""
        item, card = self._shown()
        values = {**self._read(item.root), **self._read(card)}
        return Record(values)

    # -- the photo ---------------------------------------------------------------------------------------------------------

    def save_photo(self) -> Picture:
        """Return the original bytes of the 学历照片 on the open record.

        Raises:
            PhotoNotYet: There is none yet.
            SiteChanged: The picture cannot be told from others.
            SiteUnavailable: It has its place, and does not come.
        """
        missing_since: list[float] = []
        coming: list[Node] = []
        try:
            spots = self.view.wait(lambda _: self._photo_now(missing_since, coming), PAGE, "学历照片")
        except SiteChanged:
            if not coming:
                raise
            raise SiteUnavailable(f"学信网的学历照片在 {self.view.patience:g} 秒内没有传完。") from None
        item, node = spots[0] if spots else self._photo_elsewhere()
        obtained = picture.obtain(self.view, item, node)
        if obtained is None:
            raise SiteChanged(PAGE, "学历照片的原图", ())
        return obtained

    def _photo_now(self, missing_since: list[float], coming: list[Node]) -> list[tuple[Seen, Node]] | None:
        """The photo once the browser has it, and until then in ``coming``; none where the record has no place for it.

        A missing one is believed when it stays missing for a while: without a photo the mobile page may still be looking for
        an older one (dossier ``chsi``, 4).
        """
        item, card = self._shown()
        mine = self._mine(card)
        if mine and not self._is_placeholder(mine[0]):
            coming.append(mine[0])
            return [(item, mine[0])] if self._has_come(item, mine[0]) else None
        missing_since.append(time.monotonic())
        if missing_since[-1] - missing_since[0] < TIME_TO_APPEAR:
            return None
        if mine or reading.says(card, *self.data.photos.none):
            raise PhotoNotYet("学信网上还没有学历照片。")
        return [] if self._link_to_photos([item]) else None

    def _link_to_photos(self, seen: Sequence[Seen]) -> Way | None:
        targets = (Target(word, (word,)) for word in self.data.photos.links)
        ways = (Way(target, located) for target in targets if (located := self.view.only_shown(target, seen)))
        return next(ways, None)

    def _photo_elsewhere(self) -> tuple[Seen, Node]:
        """Follow the link to the page with the photos; of that page only the photo is wanted.

        Raises:
            PhotoNotYet: It shows that there is none yet.
            SiteChanged: It shows none, or several 学历照片.
        """
        way = self.view.wait(self._link_to_photos, PAGE, self.data.photos.links[0])
        if way.located:
            self.view.press(way.located, way.target, PAGE)
        missing_since: list[float] = []

        def photo(seen: list[Seen]) -> tuple[Seen, Node] | None:
            shown = next(((item, mine[0]) for item in seen if (mine := self._mine(item.root))), None)
            if shown and not self._is_placeholder(shown[1]):
                return shown if self._has_come(*shown) else None
            missing_since.extend([time.monotonic()] if shown or self._says_none(seen) else [])
            if missing_since and missing_since[-1] - missing_since[0] > TIME_TO_APPEAR:
                raise PhotoNotYet("学信网上还没有学历照片。")
            return None

        return self.view.wait(photo, way.target.name, "学历照片")

    def _says_none(self, seen: Sequence[Seen]) -> bool:
        return any(reading.says(item.root, *self.data.photos.none) for item in seen)

    def _is_placeholder(self, photo: Node) -> bool:
        return any(word in photo.src for word in self.data.photos.none)

    def _mine(self, root: Node) -> list[Node]:
        """The 学历照片, told from the 录取照片 by its caption.

        Raises:
            SiteChanged: Several carry the caption.
        """
        words = self.data.photos
        found = reading.captioned(root, {"mine": words.graduation, "other": words.other}, never=words.links)
        mine = [node for node in found["mine"] if node not in found["other"]]
        if len(mine) > 1:
            raise SiteChanged(PAGE, "学历照片", (f"{len(mine)} 张都标着学历照片的图片",))
        return mine

    @property
    def _answered(self) -> set[str]:
        """Addresses of pictures that were asked for with an end, good or bad."""
        return self.view.broken | set(self.view.images)

    def _has_come(self, item: Seen, node: Node) -> bool:
        """True once the browser has the picture, or has given up on it; one that loads when seen is brought into view."""
        if max(node.natural) or not node.src.startswith("http") or node.src in self._answered:
            return True
        self.view.bring_into_view(item.frame, node.box)
        return False
