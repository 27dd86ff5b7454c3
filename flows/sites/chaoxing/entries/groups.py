"""Repeating groups of entries (家庭成员信息, 过往履历信息): the part of a page that belongs to each, by its heading.

Pure: works on the tree of what is visible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from agent.snapshot import tree
from agent.snapshot.tree import Box, Node, TextLine, key
from flows.profiles.site_words import GroupWords, names_by_word

NOT_TYPED = ("button", "submit", "reset", "image", "hidden", "file", "radio", "password")
_HINT = re.compile(r"(?<=.)[(\[【].*[)\]】]$")
PAUSES = "，,。；;"
_HINTS = re.compile(rf"[{PAUSES}]|自愿|选填|必填|可不填|不可|不能")
"""What words behind a heading have that are said to whoever fills it in."""


@dataclass(frozen=True)
class EntryGroup:
    """The part of a page that belongs to one group, from its heading down to the next.

    Args:
        root: The visible tree of the page, or of the form that is looked at alone.
        words: The group's words.
        top: Where it begins (CSS pixels).
        bottom: Where it ends.
    """

    root: Node
    words: GroupWords
    top: float = float("-inf")
    bottom: float = float("inf")

    def holds(self, box: Box) -> bool:
        """True for a box whose middle is in this part: a button on a heading's line may begin higher than its words."""
        return self.top <= box.middle[1] < self.bottom

    @cached_property
    def nodes(self) -> list[Node]:
        """All that stands in this part, in reading order."""
        return [node for node in self.root.walk() if self.holds(node.box)]

    @cached_property
    def leaves(self) -> list[Node]:
        """What says something in this part."""
        return [leaf for leaf in self.root.leaves if self.holds(leaf.box)]

    @cached_property
    def lines(self) -> list[TextLine]:
        """The lines that begin in this part."""
        return [line for line in tree.lines(self.root) if self.holds(line.leaves[0].box)]

    @cached_property
    def names(self) -> dict[str, str]:
        """The field that each label of the group is for."""
        return names_by_word(self.words.labels)

    @property
    def is_typed(self) -> bool:
        """True where something can be filled in; a box may only choose rows."""
        no_field = (*NOT_TYPED, "checkbox")
        return any(node.is_field and node.type not in no_field for node in self.nodes)

    def titles(self) -> list[Node]:
        """Return every title on the page that is the group's."""
        return [line.leaves[0] for line in heading_lines(self.root, self.words.heading)]


def find_group(root: Node, words: GroupWords, others: Sequence[str]) -> EntryGroup | None:
    """Return the group's part of the page, or None where its heading does not stand alone on a line.

    Args:
        root: The visible tree.
        words: The group's words.
        others: Headings at which it ends.
    """
    own = [line.leaves[0] for line in heading_lines(root, words.heading)]
    ends = [line.leaves[0] for line in heading_lines(root, others)]
    if not own:
        return None
    column = titles_in_columns(root, [*own, *ends])
    tops = [title.box.y for title in own if title not in column]
    # What a tab shows may have no title of its own, and begins where the tabs do.
    top = tops[-1] if tops else column[0].shared_with(column[-1]).box.y
    below = (title.box.y for title in ends if title not in column and title.box.y > top)
    return EntryGroup(root, words, top, min(below, default=float("inf")))


def heading_lines(root: Node, headings: Sequence[str]) -> list[TextLine]:
    """Return the lines that are one of the headings, those of titles side by side on one line too."""
    return [
        line
        for whole in tree.lines(root)
        for line in _titles(whole)
        if is_heading(line.text, headings) or is_explained(line.leaves, headings)
    ]


def _titles(line: TextLine) -> Iterator[TextLine]:
    """The words of a line each by itself where all stand far apart, as titles of tabs do; else the line."""
    apart = [other.box.x - one.box.right > one.box.height > 0 for one, other in pairwise(line.leaves)]
    if not apart or not all(apart):
        yield line
        return
    for leaf in line.leaves:
        yield TextLine(line.block, (leaf,))


def title_in_row(root: Node, words: GroupWords, others: Sequence[str]) -> Node | None:
    """Return the group's title where it stands in a row or column of other groups' titles and nowhere else; else None."""
    every = [line.leaves[0] for line in heading_lines(root, (*words.heading, *others))]
    own = [line.leaves[0] for line in heading_lines(root, words.heading)]
    listed = (*titles_in_rows(every), *titles_in_columns(root, every))
    return own[0] if len(own) == 1 and own[0] in listed else None


def titles_in_rows(titles: Sequence[Node]) -> list[Node]:
    """Return the titles that stand at the height of another."""
    return [
        title
        for title in titles
        if any(other is not title and other.box.overlap_y(title.box) > 0 for other in titles)
    ]


def titles_in_columns(root: Node, titles: Sequence[Node]) -> list[Node]:
    """Return the titles of which one follows right below another, with other words of the page beside the two."""
    own = {id(title) for title in titles}
    listed: list[Node] = []
    for one, other in pairwise(root.leaves):
        stacked = one.box.overlap_x(other.box) > 0 >= one.box.overlap_y(other.box)
        if {id(one), id(other)} <= own and stacked and _has_words_beside(root, one.box, other.box):
            listed += [one, other]
    return listed


def _has_words_beside(root: Node, upper: Box, lower: Box) -> bool:
    right = max(upper.right, lower.right)
    inside = (leaf.box for leaf in root.leaves if leaf.box.x >= right)
    return any(upper.y <= box.middle[1] <= lower.bottom for box in inside)


def bare_title(root: Node, words: GroupWords, others: Sequence[str]) -> Node | None:
    """Return the group's title where it stands once, and nothing of the group below it: pressed, it may unfold."""
    group = find_group(root, words, others)
    if group is None or len(group.titles()) != 1 or group.is_typed:
        return None
    said = {key(leaf.own) for leaf in group.leaves}
    return None if said & {*group.names, *map(key, words.add)} else group.titles()[0]


def is_explained(leaves: Sequence[Node], headings: Sequence[str]) -> bool:
    """True for a heading with a sentence behind it on its line that is drawn otherwise: smaller, or in another colour."""
    first, hint = leaves[0], leaves[1:]
    said = "".join(leaf.words for leaf in hint)
    apart = all(leaf.colour != first.colour or leaf.box.height + 1 < first.box.height for leaf in hint)
    return is_heading(first.words, headings) and _HINTS.search(said) is not None and apart


def is_heading(text: str, headings: Sequence[str]) -> bool:
    """True for a heading, also with a hint in brackets or a star behind it on the same line."""
    return key(_HINT.sub("", key(text))).rstrip("*") in map(key, headings)
