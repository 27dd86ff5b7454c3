"""What the status of a condition means, as 毕业条件 shows it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.report.model import ConditionStatus
from agent.snapshot.fields import Colour
from agent.snapshot.tree import Node, key
from flows.profiles.site_words import StatusWords
from flows.sites.site_messages import takes_back

PAGE = "毕业条件"
Pair = tuple[str, str, Colour | None]
"""A condition's name, its status text and the colour of that, as shown."""
_AROUND = "√✓✔●•★。.!~>»›"
"""What is painted around a word and means no other than the word does."""
_NOTE = re.compile(r"[（(【\[].*$")
_BRACKETED = re.compile(r"[（(【\[]([^）)】\]]*)[）)】\]]")
_PART = re.compile(r"^(?:\d+(?:\.\d+)?/\d+(?:\.\d+)?|\d+(?:\.\d+)?%)")
"""How much of the whole is done, before the word that says whether that is enough."""


def meaning(status_text: str, words: StatusWords) -> ConditionStatus:
    """Return what a status text means: its word decides, a figure before it does not, a note in brackets only takes a good one back."""
    status_text = whole[1] if (whole := _BRACKETED.fullmatch(status_text)) else status_text
    plain = _PART.sub("", key(_NOTE.sub("", status_text)))
    word = plain.strip(_AROUND) or plain
    note = _NOTE.search(status_text)
    table: tuple[tuple[ConditionStatus, Sequence[str]], ...] = (
        ("met", words.met),
        ("unmet", words.unmet),
        ("pending", words.pending),
        ("not_applicable", words.not_applicable),
    )
    status: ConditionStatus = next((status for status, known in table if word in map(key, known)), "unknown")
    return "unknown" if status == "met" and note and takes_back(note[0]) else status


def signs_in(node: Node) -> list[Node]:
    """Return the signs without words that say in their title what they mean; that of an empty field says what is to be filled in."""
    below = (one for one in node.walk() if not one.leaves and not one.is_field)
    return [one for one in below if one.title or one.label]


def said_by(sign: Node) -> str:
    """Return what a sign without words means."""
    return sign.title or sign.label
