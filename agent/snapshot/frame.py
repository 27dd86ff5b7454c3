"""Snapshot of one frame: what a person sees in it, its words, and the names of its things."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from playwright.sync_api import Frame

from agent.snapshot import tree
from agent.snapshot.tree import FrameTree, Node

LONGEST_NAME = 60
TOO_LONG = " " * (LONGEST_NAME + 1)
"""Stands for words that are no name, and keeps those of a parent from being one."""


@dataclass(frozen=True)
class FrameSnapshot:
    """Snapshot of one frame."""

    frame: Frame
    tree: FrameTree

    @property
    def root(self) -> Node:
        """The tree of what is visible."""
        return self.tree.root

    @property
    def files(self) -> int:
        """How many file fields its shown parts have; they are usually hidden behind a button themselves."""
        return self.tree.files

    @property
    def loading(self) -> bool:
        """True while the frame or a picture in it is still coming."""
        return self.tree.loading

    @property
    def busy(self) -> bool:
        """True while something that it shows says that more is to come: a spinner, a skeleton, a mask, what is fading in."""
        return self.tree.busy

    @cached_property
    def names(self) -> frozenset[str]:
        """Every text that may be the name of something to press."""
        found: set[str] = set()
        _add_names(self.root, found)
        return frozenset(found)

    @cached_property
    def texts(self) -> frozenset[str]:
        """Every line of words in it."""
        return frozenset(line.text for line in tree.lines(self.root))

    @cached_property
    def has_password(self) -> bool:
        """True when it shows a password field: a sign-in form."""
        return any(node.type == "password" for node in self.root.walk())


def all_texts(snapshots: Iterable[FrameSnapshot]) -> set[str]:
    """Return every line of words in the frames."""
    return {text for snapshot in snapshots for text in snapshot.texts}


def nearest(snapshots: Sequence[FrameSnapshot], target: str) -> tuple[str, ...]:
    """Return up to five short texts on the page that share characters with the target, for the message."""
    texts = dict.fromkeys(
        line.text for snapshot in snapshots for line in tree.lines(snapshot.root) if 1 < len(line.text) <= 16
    )
    shared = {text: len(set(text) & set(target)) for text in texts}
    return tuple(text for text in sorted(shared, key=lambda t: -shared[t]) if shared[text] > 1)[:5]


def _add_names(node: Node, found: set[str]) -> str:
    """Add what the node and those below it may be called to ``found``; return the node's own words."""
    words = node.words if node.is_leaf else "".join(_add_names(child, found) for child in node.children)
    words = words if len(words) <= LONGEST_NAME else TOO_LONG
    found.update(name for name in (words, node.alt, node.label, node.title) if name)
    return words
