"""Icons that stand alone in a row or a column, as a menu of pictures. Pure: works on the visible tree."""

from __future__ import annotations

from agent.snapshot.tree import Box, Node

FEWEST = 3
"""Icons of such a menu."""
SMALLEST, LARGEST = 8, 64
"""Their sides (CSS pixels)."""
ROOM = 16
"""Between an icon and its words, at most."""
ASKEW = 3
"""By so many CSS pixels the middles of a row or a column differ, at most."""


def icons_alone(root: Node) -> list[Box]:
    """Return the places of the most icons beside or below one another that have no words of their own."""
    words = [leaf.box for leaf in root.leaves if any(map(str.isalnum, leaf.words))]
    icons = (node for node in root.walk() if not node.children and _is_small(node))
    places = dict.fromkeys((node.parent or node).box if node.tag == "#text" else node.box for node in icons)
    boxes = [box for box in places if not any(_is_beside(word, box) for word in words)]
    lines = (
        [box for box in boxes if abs(box.middle[way] - one.middle[way]) <= ASKEW]
        for one in boxes
        for way in (0, 1)
    )
    most = max(lines, key=len, default=[])
    return sorted(most, key=lambda box: (box.y, box.x)) if len(most) >= FEWEST else []


def _is_small(node: Node) -> bool:
    is_small = all(SMALLEST <= side <= LARGEST for side in (node.box.width, node.box.height))
    return is_small and node.tag != "br" and not any(map(str.isalnum, node.words))


def _is_beside(word: Box, icon: Box) -> bool:
    """True for words in an icon, below it or behind it: they say what it is."""
    below = word.overlap_x(icon) > 0 and -icon.height < word.y - icon.bottom < ROOM
    return below or (word.overlap_y(icon) > 0 and -icon.width < word.x - icon.right < ROOM)
