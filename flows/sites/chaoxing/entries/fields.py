"""The entries of a group whose fields stand on the page or in a form of their own, read as a person does.

Pure: works on the tree of what is visible. Rows are as in ``flows.forms.entry_rows``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from agent.snapshot import fields, tree
from agent.snapshot.tree import CHOICES, PARTS, Box, Node, key
from flows.forms.entry_rows import MONTHS, Row
from flows.forms.model import NOW
from flows.profiles.site_words import GroupWords
from flows.sites.chaoxing.entries.groups import NOT_TYPED, EntryGroup

ALIGNED = 2.0
"""How far apart the edges of labels may be that begin at the same one (CSS pixels)."""
FEWEST_CHOICES = 3
STAY = "stay"
"""What a field is called in which a beginning and an end stand."""
MOST_ROOM = 24.0
"""Room between a line and what follows right below it, at most (CSS pixels)."""


@dataclass
class Entry:
    """One entry as it stands: the field to fill by each name, and the box for 至今."""

    fields: dict[str, Node] = field(default_factory=dict)
    now: Node | None = None
    open_field: str = "end"
    stay: Node | None = None
    """The one field in which a beginning and an end stand."""

    @property
    def controls(self) -> tuple[Node, ...]:
        """Every field to fill in."""
        return (*self.fields.values(), *([self.stay] if self.stay else []))

    def takes(self, name: str, control: Node) -> bool:
        """Take a control for a field, and return True; False where the field has one already."""
        if name in self.fields or (name == STAY and self.stay):
            return False
        if name == STAY:
            self.stay = control
        else:
            self.fields[name] = control
        return True

    def row(self, words: GroupWords) -> Row:
        """Return the entry's values as shown."""
        values = {name: _value(node, words) for name, node in self.fields.items()}
        values |= ends_of(_value(self.stay, words)) if self.stay else {}
        if self.now is not None and self.now.checked:
            values[self.open_field] = NOW
        return values


_TIME = r"\d{4}\s?[-./年]\s?\d{1,2}(?:\s?[-./月]\s?\d{1,2}日|\s?[-./月]\s?\d{1,2}|月)?"
_BETWEEN = r"\s*[–—~～至到]+\s*|\s+-+\s+"
_STAY = re.compile(rf"({_TIME})(?:({_BETWEEN})({_TIME}|至今))?")


def ends_of(text: str) -> dict[str, str]:
    """Return the beginning and the end that stand in one text; one that is neither is left whole."""
    stay = _STAY.fullmatch(text)
    return {"start": stay[1] if stay else text, "end": (stay and stay[3]) or ""}


def between_ends(node: Node) -> str | None:
    """Return what a field has between a beginning and an end, by what stands in it or by its placeholder; None where neither says it."""
    stay = _STAY.fullmatch(tree.squash(node.value or ""))
    said = re.fullmatch(rf"(.*?)({_BETWEEN})(.*)", node.placeholder)
    even = said is not None and len(said[1]) == len(said[3])
    return (stay and stay[2]) or (said[2] if said and even else None)


def entries(group: EntryGroup, fields_in: Node | None = None, *, with_rows: bool = False) -> list[Entry]:
    """Return the group's entries, blank ones too: a new one begins where a label comes again.

    Args:
        group: The part of the page in which labels are looked for.
        fields_in: Where fields are looked for; the same when left out.
        with_rows: Whether a row that is pressed to choose counts as a field: a label, and behind it what was chosen.
    """
    names = group.names | dict.fromkeys(map(key, group.words.stay), STAY)
    inside = group.nodes
    candidates = inside if fields_in is None else list(fields_in.walk())
    captions = [leaf for leaf in inside if leaf.tag == "#text" and key(leaf.own) in names]
    controls = list(_controls(candidates, inside, captions, group.words))
    if with_rows:
        own = [leaf for leaf in captions if names[key(leaf.own)] != STAY]
        controls = _in_reading_order([*controls, *_rows_to_choose(controls, own, group)])
    found: list[Entry] = []
    for control in controls:
        if control.type == "checkbox":
            is_inner = found and found[-1].now and found[-1].now.holds(control)
            if found and not is_inner and _says_now(control, inside, group.words):
                found[-1].now = control
            continue
        name = _name(control, controls, captions, names)
        if found and _is_further_part(found[-1], control, name, inside):
            continue
        if name is None or (name == STAY and not _is_alone(control, controls)):
            continue
        if not found or not found[-1].takes(name, control):
            found.append(Entry())
            found[-1].takes(name, control)
    for entry in found:
        entry.now = entry.now or _pressed_for_now(entry, inside, group.words)
    return found


def _is_further_part(entry: Entry, control: Node, name: str | None, inside: Sequence[Node]) -> bool:
    """True for a field that was taken together with the one before: the month of a year, the day of a month."""
    begun = next(reversed(entry.fields), "")
    whole = _together(entry.fields[begun], control, inside) if begun in MONTHS else None
    if whole is None or name not in (None, begun):
        return False
    entry.fields[begun] = whole
    return True


def shows_labels(group: EntryGroup, elsewhere: Sequence[str]) -> bool:
    """True where labels of the group stand in its part that nothing else has."""
    own = group.names.keys() - set(map(key, elsewhere))
    said = {key(leaf.own) for leaf in group.leaves}
    fields_of = {name for entry in entries(group) for name in entry.fields}
    return len(said & own) > 1 or len(fields_of & {group.names[label] for label in own}) > 1


def _is_alone(control: Node, controls: Sequence[Node]) -> bool:
    """True for a field that has no other right beside it: of two, each has one end."""
    others = [one.box for one in controls if one is not control and one.type != "checkbox"]
    level = [box for box in others if box.is_level_with(control.box)]
    gaps = (max(box.x - control.box.right, control.box.x - box.right) for box in level)
    return all(gap > MOST_BETWEEN for gap in gaps)


UNITS = (
    re.compile(r"(?:19|20)\d\d年?|年份?"),
    re.compile(r"(?:0?[1-9]|1[0-2])月?|月份?"),
    re.compile(r"(?:0?[1-9]|[12]\d|3[01])日?|日期?"),
)
"""What a field says that is for the year, the month or the day alone, or what stands right behind it."""
MOST_BETWEEN = 40.0
"""Room between two fields that are parts of one time, at most (CSS pixels)."""


def _together(before: Node, control: Node, inside: Sequence[Node]) -> Node | None:
    """A time of which a field is a further part, right beside the one before: a month behind a year, a day behind a month."""
    parts = [*(before.children if before.role == PARTS else [before]), control]
    gap = control.box.x - parts[-2].box.right
    if len(parts) > len(UNITS) or not before.box.is_level_with(control.box) or not 0 <= gap <= MOST_BETWEEN:
        return None
    if not all(_is_for(part, unit, inside) for part, unit in zip(parts, UNITS, strict=False)):
        return None
    numbers = [
        re.sub(r"\D", "", part.value or "").zfill(2) for part in parts if re.search(r"\d", part.value or "")
    ]
    box = Box.around(*(part.box for part in parts))
    return Node("input", box, type="text", role=PARTS, value="-".join(numbers), drawn=True, children=parts)


def _is_for(control: Node, unit: re.Pattern[str], inside: Sequence[Node]) -> bool:
    """True for a field that says its unit of time, or has it right behind it."""
    behind = (leaf.own for leaf in _beside(control, inside) if leaf.box.x >= control.box.right)
    said = map(key, (control.value or "", control.placeholder, control.title, control.label, *behind))
    return any(unit.fullmatch(re.sub("^请?选择", "", words)) for words in said)


def _controls(
    nodes: Sequence[Node], inside: Sequence[Node], captions: Sequence[Node], words: GroupWords
) -> Iterator[Node]:
    """What can be filled in, in the page's order; radio buttons with no label of the group and no other field between them are one."""
    asked = dict(_asked_whether_now(nodes, inside, words))
    labels, radios = set(map(id, captions)), list[Node]()
    for node in (asked.get(one, one) for one in nodes):
        is_field = node.is_field and node.type not in NOT_TYPED
        if node.type == "radio":
            said = node.label or next((leaf.own for leaf in _beside(node, nodes)), "")
            radios.append(replace(node, label=tree.squash(said)))
        elif is_field or id(node) in labels:
            yield from _as_choice(radios)
            radios = []
        if is_field:
            yield node
    yield from _as_choice(radios)


def _as_choice(radios: list[Node]) -> Iterator[Node]:
    if len(radios) > 1:
        yield _choice(radios, next((one.label for one in radios if one.checked), ""))


def _choice(parts: list[Node], chosen: str) -> Node:
    """A field of several things of which one is pressed."""
    box = parts[0].box
    return Node("input", box, type="text", role=CHOICES, value=chosen, drawn=True, children=parts)


def _in_reading_order(controls: Sequence[Node]) -> list[Node]:
    """Line by line; a box may stand a little higher than the fields of its line."""
    lines: list[list[Node]] = []
    for node in sorted(controls, key=lambda node: node.box.middle[1]):
        if lines and lines[-1][0].box.is_level_with(node.box):
            lines[-1].append(node)
        else:
            lines.append([node])
    return [node for line in lines for node in sorted(line, key=lambda node: node.box.x)]


def _rows_to_choose(controls: Sequence[Node], captions: Sequence[Node], group: EntryGroup) -> Iterator[Node]:
    """What stands for the fields of rows that have none: the words behind a label that no other row and no field has."""
    names = group.names
    taken = {_name(control, controls, captions, names) for control in controls}
    rows = [(leaf, value) for leaf in captions if (value := _only_behind(leaf))]
    free = [(leaf, value) for leaf, value in rows if names[key(leaf.own)] not in taken]
    for _, value in _lone(free, captions):
        if any(one.box.is_level_with(value.box) for one in controls):
            continue
        blank = fields.asks_for_value(value.own, group.words.unchosen)
        box = value.parent.box if value.parent else value.box
        yield Node("input", box, type="text", role="combobox", value="" if blank else value.own, drawn=True)
    for leaf in captions:
        choices = _choices_behind(leaf)
        marked = fields.drawn_apart(choices)
        if (
            choices
            and names[key(leaf.own)] not in taken
            and not any(one.box.is_level_with(leaf.box) for one in controls)
        ):
            yield _choice(choices, marked.own if marked else "")


def _choices_behind(caption: Node) -> list[Node]:
    """The words behind a label of which one is pressed, in the smallest part of the page that holds several; [] for fewer than three."""
    around = next((node for node in caption.ancestors() if len(node.leaves) > 1), None)
    said = [leaf for leaf in around.leaves if leaf is not caption and leaf.own.strip()] if around else []
    return (
        said if len(said) >= FEWEST_CHOICES and all(leaf.box.x >= caption.box.right for leaf in said) else []
    )


def _lone(rows: Sequence[tuple[Node, Node]], captions: Sequence[Node]) -> list[tuple[Node, Node]]:
    """The rows whose label has no other; of several the one that begins where most labels do, and not a title over a list."""
    edge = Counter(leaf.box.x for leaf in captions).most_common(1)
    begun = [leaf for leaf, _ in rows if edge and abs(leaf.box.x - edge[0][0]) <= ALIGNED]

    def is_lone(leaf: Node) -> bool:
        same = [other for other, _ in rows if key(other.own) == key(leaf.own)]
        return len(same) == 1 or [other for other in same if other in begun] == [leaf]

    return [(leaf, value) for leaf, value in rows if is_lone(leaf)]


def _only_behind(caption: Node) -> Node | None:
    """The words behind a label on its line, in the smallest part of the page that has any; None where they are several apart.

    What lies over the page may stand on the same line.
    """
    for around in caption.ancestors():
        behind = [
            leaf
            for leaf in around.leaves
            if leaf.own.strip() and leaf.box.is_level_with(caption.box) and leaf.box.x >= caption.box.right
        ]
        if behind:
            return behind[0] if len(behind) == 1 else None
    return None


def _value(node: Node, words: GroupWords) -> str:
    shown = tree.squash(node.value or "")
    return "" if fields.asks_for_value(shown, words.unchosen) else shown


def _says_now(control: Node, inside: Sequence[Node], place: GroupWords) -> bool:
    words = [control.label, control.title, *(leaf.own for leaf in _beside(control, inside))]
    return any(key(word) in map(key, place.now) for word in words) or _is_asked(control, inside, place)


def _is_asked(control: Node, inside: Sequence[Node], place: GroupWords) -> bool:
    """True for the one box or switch that answers the question 是否至今."""
    boxes = [node for node in inside if node.type == "checkbox" and not control.holds(node)]
    return any(
        _follows(control.box, leaf.box) and not any(_follows(other.box, leaf.box) for other in boxes)
        for leaf in _questions(inside, place)
    )


def _questions(inside: Sequence[Node], place: GroupWords) -> list[Node]:
    said = {f"是否{key(word)}" for word in place.now}
    return [leaf for leaf in inside if leaf.tag == "#text" and key(leaf.own).rstrip("?") in said]


def _pressed_for_now(entry: Entry, inside: Sequence[Node], place: GroupWords) -> Node | None:
    """The word 至今 right of the field for the end, to be pressed like a box: whether it was, the field shows."""
    end = entry.fields.get(entry.open_field)
    said = [leaf for leaf in inside if leaf.tag == "#text" and key(leaf.own) in map(key, place.now)]
    beside = [
        leaf for leaf in said if end and leaf.box.is_level_with(end.box) and leaf.box.x >= end.box.right
    ]
    if end is None or len(beside) != 1 or beside[0].parent is None:
        return None
    box, is_now = beside[0].parent.box, _value(end, place) == beside[0].own.strip()
    return Node("input", box, type="checkbox", label=beside[0].own, checked=is_now, drawn=True)


def _asked_whether_now(
    candidates: Sequence[Node], inside: Sequence[Node], place: GroupWords
) -> Iterator[tuple[Node, Node]]:
    """The 是 of each question 是否至今 with a box to tick that stands for both answers: the one that is not given is pressed for it."""
    radios = [node for node in candidates if node.type == "radio"]
    for leaf in _questions(inside, place):
        near = [one for one in radios if _follows(one.box, leaf.box)]
        yes, no = ([one for one in near if _says(one, word, inside)] for word in "是否")
        if len(yes) == len(no) == 1:
            pressed = no[0] if yes[0].checked else yes[0]
            yield (
                yes[0],
                replace(yes[0], type="checkbox", role=CHOICES, label=place.now[0], box=pressed.box),
            )


def _follows(answer: Box, question: Box) -> bool:
    beside = answer.is_level_with(question) and answer.x >= question.right
    return beside or 0 <= answer.y - question.bottom <= MOST_ROOM


def _says(control: Node, word: str, inside: Sequence[Node]) -> bool:
    said = control.label.strip() or next((leaf.own for leaf in _beside(control, inside)), "")
    return key(said) == word


def _beside(control: Node, inside: Sequence[Node]) -> Iterator[Node]:
    """The leaf right after a box on the same line, and not in it; where none is, as with a switch at the end, the one before it."""
    words = [leaf for leaf in inside if leaf.tag == "#text" and not control.holds(leaf)]
    line = [leaf for leaf in words if leaf.box.overlap_y(control.box) > 0]
    after = [leaf for leaf in line if leaf.box.x >= control.box.x]
    yield from sorted(after or line, key=lambda leaf: abs(leaf.box.x - control.box.x))[:1]


def _name(
    control: Node, controls: Sequence[Node], captions: Sequence[Node], names: Mapping[str, str]
) -> str | None:
    """The field that a control is for: by its label or placeholder, the words left of it, those above it, words in its placeholder."""
    said = (
        *control.label.splitlines(),
        control.label,
        control.placeholder,
    )  # a line may be an icon's letters
    own = [name for words in said if (name := names.get(key(words)))]
    if own:
        return min(own, key=lambda name: name == STAY)
    held = [label for label in names if label in key(control.placeholder)]
    if {names[label] for label in held}.issuperset(MONTHS):
        return STAY
    caption = _left_of(control, controls, captions) or _above(control, captions)
    if caption is not None:
        return names[key(caption.own)]
    return names[max(held, key=len)] if held else None


def _left_of(control: Node, controls: Sequence[Node], captions: Sequence[Node]) -> Node | None:
    beside = [leaf for leaf in captions if leaf.box.is_level_with(control.box) and leaf.box.x < control.box.x]
    nearest = max(beside, key=lambda leaf: leaf.box.x, default=None)
    if nearest is None:
        return None
    between = (
        other
        for other in controls
        if other is not control
        and other.box.is_level_with(control.box)
        and nearest.box.x < other.box.x < control.box.x
    )
    return None if any(between) else nearest


def _above(control: Node, captions: Sequence[Node]) -> Node | None:
    over = [
        leaf
        for leaf in captions
        if leaf.box.overlap_x(control.box) > 0 and leaf.box.bottom <= control.box.y + leaf.box.height / 2
    ]
    return max(over, key=lambda leaf: leaf.box.y, default=None)
