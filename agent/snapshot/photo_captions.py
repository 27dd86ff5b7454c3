"""Captions of photos: which photo carries which, on a page with several."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from agent.snapshot.fields import contains
from agent.snapshot.tree import Box, Node, TextLine, key, lines

MAX_CAPTION = 24
"""A caption is short; a longer line is a sentence about photos, not the name of one."""
MIN_PHOTO_SIDE = 40
"""Pictures smaller than this are icons (pixels)."""
PORTRAIT = (1.05, 2.0)
"""Height to width of an ID photo; logos and banners lie outside."""
BANNER = 1.5
"""Width to height from which what is shown is a banner."""


@dataclass(frozen=True)
class _Caption:
    kind: str
    leaf: Node
    holder: Node


def captioned(
    root: Node,
    kinds: Mapping[str, Collection[str]],
    never: Collection[str] = (),
    about: Collection[str] = (),
    samples: Collection[str] = (),
) -> dict[str, list[Node]]:
    """Return the photos that a person would say carry each kind's caption.

    The caption is the photo's alternative text, or a short line near it that is neither a link nor a button. A line
    belongs to the photo in the smallest container that has one nobody else claims; several lines and as many photos in one
    container go together in order, otherwise each line takes the nearest photo in its column.

    Args:
        root: Where to look.
        kinds: The words of each kind.
        never: Lines that are no captions although they contain a word: the names of pages.
        about: Words of lines that speak about photos and name none, like 须知.
        samples: Words of an example, like 示例: a photo in a box with one of them and no caption is nobody's.
    """
    photos = [node for node in root.walk() if node.is_picture and _is_photo(node)]
    found: dict[str, list[Node]] = {kind: [] for kind in kinds}
    for photo in photos:
        for kind in _kinds_in(photo.alt, kinds):
            found[kind].append(photo)
    captions = [
        caption for line in lines(root) for caption in _captions(line, kinds, never, about, photos, root)
    ]
    own = [caption.holder for caption in captions]
    photos = [photo for photo in photos if not _is_sample(photo, photos, own, samples)]
    claimed = {id(photo) for named in found.values() for photo in named}
    for holder in sorted({caption.holder for caption in captions}, key=lambda node: len(node.leaves)):
        mine = [caption for caption in captions if caption.holder is holder]
        free = [photo for photo in photos if holder.holds(photo) and id(photo) not in claimed]
        pairs = _matched(mine, free) or _at_its_ends(mine, free, photos) or _right_before(mine, free)
        for caption, photo in pairs:
            found[caption.kind].append(photo)
            claimed.add(id(photo))
    return found


def _is_sample(photo: Node, photos: Sequence[Node], own: Sequence[Node], samples: Collection[str]) -> bool:
    """True where the nearest words around a photo are about an example, and neither a caption nor another photo is among them."""
    box = next((node for node in photo.ancestors() if any(not leaf.is_picture for leaf in node.leaves)), None)
    if box is None or any(box is holder for holder in own):
        return False
    return contains(box.text, samples) and sum(box.holds(other) for other in photos) == 1


def _kinds_in(text: str, kinds: Mapping[str, Collection[str]]) -> list[str]:
    whole = key(text)
    places = {
        kind: min((whole.find(key(word)) for word in words if key(word) in whole), default=-1)
        for kind, words in kinds.items()
    }
    return sorted((kind for kind, place in places.items() if place >= 0), key=lambda kind: places[kind])


def _is_photo(node: Node) -> bool:
    """True for what has an ID photo's shape; a picture that did not load has none and may still be the photo.

    A banner is none, whatever picture is drawn out to it; words in the place of a picture are as wide as they are long.
    """
    if node.tag == "svg" and not node.src:
        return False  # lines and areas: an illustration, as of an empty place
    is_missing = node.tag == "img" and not max(node.natural)
    if node.box.width > BANNER * node.box.height > 0 and not (is_missing and node.alt):
        return False
    if is_missing:
        return True
    width, height = node.natural if max(node.natural) else (node.box.width, node.box.height)
    return min(width, height) >= MIN_PHOTO_SIDE and PORTRAIT[0] <= height / width <= PORTRAIT[1]


def _captions(
    line: TextLine,
    kinds: Mapping[str, Collection[str]],
    never: Collection[str],
    about: Collection[str],
    photos: Sequence[Node],
    root: Node,
) -> Iterator[_Caption]:
    words = key(line.text)
    if len(words) > MAX_CAPTION or words in map(key, never) or any(leaf.is_picture for leaf in line.leaves):
        return
    if any(word in words for word in about):
        return
    around = (node for node in line.block.upwards() if any(node.holds(photo) for photo in photos))
    holder = next(around, root)
    if _is_pressed(line, photos) and not _is_for_one_photo(holder, photos):
        return
    for kind in _kinds_in(line.text, kinds):
        yield _Caption(kind, line.leaves[0], holder)


def _is_pressed(line: TextLine, photos: Sequence[Node]) -> bool:
    """True for the words of a link or a button, unless the photo is in it too."""
    return any(
        node.is_control and not any(node.holds(photo) for photo in photos)
        for node in line.leaves[0].ancestors()
    )


def _is_for_one_photo(holder: Node, photos: Sequence[Node]) -> bool:
    """True for a box with one photo and little else, whose caption may be a link."""
    words = [leaf for leaf in holder.leaves if not leaf.is_picture]
    return len(words) <= 2 and sum(holder.holds(photo) for photo in photos) == 1


def _matched(captions: Sequence[_Caption], photos: Sequence[Node]) -> list[tuple[_Caption, Node]]:
    if len(captions) == len(photos) and all(
        _is_near(c.leaf.box, p.box) for c, p in zip(captions, photos, strict=True)
    ):
        return list(zip(captions, photos, strict=True))
    pairs: list[tuple[_Caption, Node]] = []
    for caption in captions:
        near = [
            photo
            for photo in photos
            if _is_near(caption.leaf.box, photo.box) and photo.box.overlap_x(caption.leaf.box) > 0
        ]
        pairs.extend(
            (caption, photo) for photo in sorted(near, key=lambda p: -p.box.overlap_y(caption.leaf.box))[:1]
        )
    return pairs


def _at_its_ends(
    captions: Sequence[_Caption], free: Sequence[Node], photos: Sequence[Node]
) -> list[tuple[_Caption, Node]]:
    """The caption and the photo of a row that has nothing else: one may stand at its left end, the other at its right."""
    pairs = list(zip(captions, free, strict=False))
    alone = len(captions) == len(free) == 1 and _is_for_one_photo(captions[0].holder, photos)
    return pairs if alone and free[0].box.overlap_y(captions[0].leaf.box) > 0 else []


def _right_before(captions: Sequence[_Caption], free: Sequence[Node]) -> list[tuple[_Caption, Node]]:
    """The captions of a row in which one stands right before each photo; those of others may have none behind them."""
    by_leaf = {id(caption.leaf): caption for caption in captions}
    told = {id(node) for node in (*captions[0].holder.leaves, *free)}
    order = [node for node in captions[0].holder.walk() if id(node) in told]
    pairs = [
        (by_leaf[id(before)], after)
        for before, after in pairwise(order)
        if id(before) in by_leaf and after in free and before.box.overlap_y(after.box) > 0
    ]
    return pairs if len(pairs) == len(free) else []


def _is_near(caption: Box, photo: Box) -> bool:
    """True when a caption is at most about a photo's height away; one without a place yet is near everything."""
    reach = max(photo.height, 160.0) * 1.2
    placed = photo.width > 0 and photo.height > 0
    return not placed or (-photo.overlap_y(caption) <= reach and -photo.overlap_x(caption) <= reach)
