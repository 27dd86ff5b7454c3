"""个人信息核对 of 注册系统, read as a person does: its fields, whether it was submitted, and where to write and tick.

Pure: works on the tree of what is visible. What the real page looks like nobody knows (dossier ``lzu``, 6), so every label with
a value beside it is read, and one that the profile does not know is kept as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.snapshot import fields, tree
from agent.snapshot.fields import Field
from agent.snapshot.tree import Node, key
from flows.profiles.site_words import LzuSite, RegistrationWords, Words, all_words
from flows.sites.site_messages import without_advice

TYPED = ("text", "")
CHOSEN = ("select",)
BOXES = ("checkbox",)
_AFTER_DONE = r"[！!。.，,\s（(：:]"
"""What may follow 已提交 where it says how things stand; 已提交的同学 speaks of others."""

_NOT_DONE = re.compile(r":否|未(?:提交|通过)(?!的)|不通过|退回|驳回|撤[回销]|取消|作废")
"""What says further on that it does not hold, or no longer: 已核对，未提交."""


@dataclass(frozen=True)
class Registration:
    """The page as it is.

    Args:
        values: The fields by the profile's names, as shown.
        others: Further labels with what stands beside them, as shown.
        submitted: True once it says so.
        remark: 核对备注 as it stands, typed or submitted.
        remark_field: Where to write it; None where nothing can be written.
        box: The box of 我确认; None where none is drawn by the browser.
        lists: Fields whose value can be chosen, by the profile's names.
    """

    values: dict[str, str]
    others: dict[str, str] = field(default_factory=dict)
    submitted: bool = False
    remark: str = ""
    remark_field: Node | None = None
    box: Node | None = None
    lists: dict[str, Node] = field(default_factory=dict)

    @property
    def read(self) -> tuple[object, ...]:
        """What tells one look from another."""
        return (self.values, self.others, self.submitted, self.remark, self.box and self.box.checked)


def read(root: Node, site: LzuSite, enough: int) -> Registration | None:
    """Read the page; None where it is another page.

    Args:
        root: The visible tree.
        site: The page's words.
        enough: How many fields with values make it this page; one that says that it was submitted needs none.
    """
    words = site.registration
    stated = fields.fields(root, [*words.remark, *words.state])
    where, written, remark = _remark(root, stated, words)
    known = all_words(site.labels)
    found = fields.fields(root, [*known, *words.remark, *words.state])
    found = [field for field in found if not (written and written.holds(field.anchor))]
    submitted = _is_submitted(root, stated, words)
    named = fields.values_by_name(found, site.labels)
    filled = {name: item for name, item in named.items() if item.value}
    if not (submitted and fields.says(root, *words.landmark)) and not (
        len(filled) >= enough and (submitted or where)
    ):
        return None
    return Registration(
        values={name: item.value for name, item in filled.items()},
        others=_others(root, found, [*known, *words.remark, *words.state], written),
        submitted=submitted,
        remark="" if submitted and key(remark) in map(key, words.nothing) else remark,
        remark_field=where,
        box=_box(root, words.agree),
        lists={name: item.at for name, item in filled.items() if _is_list(item.at) and not item.at.is_fixed},
    )


def _others(root: Node, found: Sequence[Field], known: Sequence[str], written: Node | None) -> dict[str, str]:
    """Labels that nobody told of: short words that stand in the same kind of place and column as labels that are known."""
    apart = [field for field in found if field.value and _block(field.at) is not _block(field.anchor)]
    places = {_place(item.anchor) for item in found} - {_place(item.at) for item in apart}
    taken = {id(leaf) for item in found for leaf in (item.anchor, *item.at.leaves)}
    new = [
        label
        for line in tree.lines(root)
        if _place(line.leaves[0]) in places
        and (label := _label(line.text))
        and not any(id(leaf) in taken for leaf in line.leaves)
        and not (written and written.holds(line.block))
    ]
    more = fields.fields(root, [*known, *new]) if new else []
    return {item.label: item.value for item in more if item.label not in known and item.value}


def _block(leaf: Node) -> Node:
    return next((node for node in leaf.upwards() if not node.inline), leaf)


def _place(leaf: Node) -> tuple[str, float]:
    block = _block(leaf)
    return block.tag, block.box.x


def _label(text: str) -> str:
    """What comes before a colon, or the whole of some short words; nothing where it is a sentence."""
    found = re.fullmatch(r"([^：:，。；]{2,10})(?:[：:].*)?", text.strip())
    return key(found[1]) if found else ""


def _is_submitted(root: Node, found: Sequence[Field], words: RegistrationWords) -> bool:
    """True when the state says so, or a line of its own does; the state may stand right behind the page's name."""
    name, state, done = map(_any_of, (words.landmark, words.state, words.done))
    pattern = re.compile(rf"(?:{name}{state}[：:])?{done}(?:{_AFTER_DONE}|$)")
    states = [field.value for field in found if key(field.label) in map(key, words.state)]
    said = [*states, *(line.text for line in tree.lines(root))]
    return any(pattern.match(key(text)) and not _NOT_DONE.search(without_advice(text)) for text in said)


def _any_of(words: Words) -> str:
    return f"(?:{'|'.join(re.escape(key(word)) for word in words)})"


def _remark(
    root: Node, stated: Sequence[Field], words: RegistrationWords
) -> tuple[Node | None, Node | None, str]:
    """Where 核对备注 is to be written, where it stands, and what it says; what it says may look like fields."""
    labelled = fields.first_value(stated, words.remark)
    beside = [node for node in labelled.at.walk() if _is_typed(node)] if labelled else []
    areas = [node for node in root.walk() if node.tag == "textarea"]
    typed = next(iter(beside), areas[0] if len(areas) == 1 else None)
    if typed is not None:
        return (None if typed.is_fixed else typed), typed, typed.value or ""
    return None, labelled.at if labelled else None, labelled.value if labelled else ""


def _is_typed(node: Node) -> bool:
    return node.tag == "textarea" or (node.tag == "input" and node.type in TYPED)


def _is_list(node: Node) -> bool:
    """True for a list to choose from, drawn by the browser or by the page."""
    return node.tag in CHOSEN or (node.tag == "input" and node.role == "combobox")


def _box(root: Node, agree: Words) -> Node | None:
    """The one box that says 我确认 itself, or that has it on its right or else on its left."""
    nodes = list(root.walk())
    boxes = [node for node in nodes if node.type in BOXES]
    leaves = [node for node in nodes if node.tag == "#text"]
    for said in (_own_words, _words_after, _words_before):
        found = [box for box in boxes if _agrees(said(box, leaves), agree)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _agrees(text: str, agree: Words) -> bool:
    return any(key(text).startswith(key(word)) for word in agree)


def _own_words(box: Node, _leaves: Sequence[Node]) -> str:
    return box.label or box.title


def _words_after(box: Node, leaves: Sequence[Node]) -> str:
    after = [leaf for leaf in leaves if leaf.box.overlap_y(box.box) > 0 and leaf.box.x >= box.box.x]
    return min(after, key=lambda leaf: leaf.box.x).own if after else ""


def _words_before(box: Node, leaves: Sequence[Node]) -> str:
    before = [leaf for leaf in leaves if leaf.box.overlap_y(box.box) > 0 and leaf.box.x < box.box.x]
    return max(before, key=lambda leaf: leaf.box.x).own if before else ""
