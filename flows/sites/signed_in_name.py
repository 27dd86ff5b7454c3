"""The name that a site shows of who is signed in: found where it stands as a word of its own, after 姓名 or in a greeting. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.reconcile.document_numbers import is_hidden, plain_text
from agent.reconcile.normalise import HAN, one_dot
from agent.snapshot import tree
from agent.snapshot.fields import contains
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Node, TextLine
from flows.profiles.site_words import Site

LONGEST_GREETING = 30
ROOM_BESIDE = 6
"""CSS pixels between words that go on with each other, at most."""
CONTROLS = ("a", "button")
_DOTTED = re.compile(rf"(?<=[{HAN}])\s*[•‧・･∙⋅⦁▪ㆍ．.]\s*(?=[{HAN}])")
MASKS = "*＊●○"
NAME = rf"(?:[{HAN}{MASKS}]{{2,4}}?|[{HAN}]+·[{HAN}·]+?)"
"""A person's name: two to four characters, or parts joined by a middle dot; stars where the site masks it."""


def name_shown(snapshots: Sequence[FrameSnapshot], words: Site, expected: str | None = None) -> str | None:
    """Return the name that the site shows as signed in, or None when it shows none that can be told.

    Args:
        snapshots: The frames now.
        words: The site's words.
        expected: A name that counts wherever it stands as a word of its own; any other only after 姓名 or a greeting.
    """
    lines = [line for snapshot in snapshots for line in tree.lines(snapshot.root)]
    texts = [line.text for line in lines if len(line.text) <= LONGEST_GREETING]
    if expected and any(_is_named(text, expected) for text in texts):
        return expected
    plain = (_without_controls(line) for line in lines)
    return next(
        (name for text in plain if len(text) <= LONGEST_GREETING and (name := _greeted(text, words))), None
    )


def may_be(name: str, expected: str) -> bool:
    """True when a name that a site shows is the expected one; a masked name must fit."""
    pattern = re.sub(rf"(?:\\?[{MASKS}])+", ".*", re.escape(one_dot(name)))
    return re.fullmatch(pattern, one_dot(expected)) is not None


def _greeted(text: str, site: Site) -> str | None:
    """The name in 姓名：王岚, 您好，王岚 or 欢迎您，王岚同学; 欢迎使用 greets nobody."""
    words = site.whoami
    label = rf"(?:^|\s)(?:{'|'.join(words.labels)})\s*[：:]\s*"
    greeting = rf"(?:{'|'.join(words.greetings)})[\s，,：:！!]*"
    found = re.search(
        rf"(?:{label}|{greeting})({NAME})(?:同学|老师|[\s，,！!。（(]|$)", _DOTTED.sub("·", text)
    )
    no_names = (*words.no_names, *site.login.sign_out)
    return found[1] if found and not (contains(found[1], no_names) or is_hidden(found[1])) else None


def _without_controls(line: TextLine) -> str:
    """A line's words without those of several things to press, which are a menu; a single one may be the name itself."""
    pressed = [leaf for leaf in line.leaves if any(node.tag in CONTROLS for node in leaf.ancestors())]
    among = pressed if len({leaf.words for leaf in pressed}) > 1 or _lacks_room(line, pressed) else []
    return tree.squash("".join(leaf.words for leaf in line.leaves if leaf not in among))


def _lacks_room(line: TextLine, pressed: Sequence[Node]) -> bool:
    """True where what is pressed stands apart from the words before it: an own thing, and not what they go on with."""
    before = [leaf for leaf in line.leaves if leaf not in pressed]
    return bool(pressed and before) and pressed[0].box.x - before[-1].box.right > ROOM_BESIDE


def _is_named(text: str, name: str) -> bool:
    """True when the name stands in the text as a word of its own, alone or before 同学, （学号） and the like."""
    end = rf"(?=同学|老师|您好|你好|[^{HAN}·]|$)"
    start = rf"(?:^|(?<=[^{HAN}·])|(?<=您好)|(?<=你好)|(?<=欢迎)|(?<=欢迎您)|(?<=欢迎你))"
    wanted = one_dot(name)
    shown = one_dot(text) if "·" in wanted else plain_text(text)  # a full stop before a name is no dot of it
    return bool(re.search(start + re.escape(wanted) + end, shown))
