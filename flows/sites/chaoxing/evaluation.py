"""毕业生登记表: whether 自我评价 has been submitted, and what it says. Pure: works on the tree of what is visible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agent.browser.locators import word_pattern
from agent.snapshot import tree
from agent.snapshot.tree import Node, TextLine, key
from flows.forms.model import characters
from flows.profiles.site_words import RegisterFormWords
from flows.sites.chaoxing.entries.groups import is_explained, is_heading


@dataclass(frozen=True)
class Evaluation:
    """自我评价 as the page shows it.

    Args:
        text: What was submitted, or the draft in the field.
        field: Where to type, while it has not been submitted; None afterwards.
    """

    text: str
    field: Node | None = None

    @property
    def is_submitted(self) -> bool:
        """True once it can be changed no more."""
        return self.field is None

    def says(self, text: str) -> bool:
        """True when the page has this text, however it breaks its lines."""
        return bool(text) and key(text) in key(self.text)


def read(root: Node, words: RegisterFormWords, least: int) -> Evaluation | None:
    """Read the page; None where it shows neither a field for the text nor a submitted text.

    Args:
        root: The visible tree.
        words: The page's words.
        least: How long a submitted text is at least (characters without white space).
    """
    label, after = _label_and_after(list(tree.lines(root)), words)
    fields = [node for node in root.walk() if node.tag == "textarea"]
    mine = fields if len(fields) == 1 else [node for node in fields if _is_labelled(node, root, words)]
    if len(mine) > 1:
        return None
    typed = mine[0] if mine else None
    if typed is not None and not typed.is_fixed:
        return Evaluation(typed.value or "", typed) if label or typed.label else None
    if typed is not None:
        return Evaluation(typed.value or "")
    parts = list(label.leaves[0].ancestors()) if label else []
    is_tab = any(part.role == "tab" for part in parts)  # below it may stand what another tab shows
    inside = ([line for line in after if part.holds(line.leaves[0])] for part in parts)
    return next((found for lines in inside if (found := _submitted(lines, words, least, is_tab))), None)


def _submitted(
    lines: Sequence[TextLine], words: RegisterFormWords, least: int, is_tab: bool
) -> Evaluation | None:
    """The text that these lines are; None where it is too short and nothing says that it was submitted, or a tab heads it."""
    if any(word_pattern(*words.words).match(line.text) for line in lines):
        return None  # an entry of the page before: what says 提交成功 there is a message that is about to go
    done = {key(word) for word in words.submission.done}
    said = "\n".join(line.text for line in lines if key(line.text) not in done)
    is_done = any(key(line.text) in done for line in lines)
    is_long = characters(said) >= least
    return Evaluation(said) if said and (is_long or (is_done and not is_tab)) else None


def _label_and_after(
    lines: Sequence[TextLine], words: RegisterFormWords
) -> tuple[TextLine | None, Sequence[TextLine]]:
    """The label and what stands after it; none where there is no such label."""
    at = next((number for number, line in enumerate(lines) if _is_label(line, words)), None)
    return (None, ()) if at is None else (lines[at], lines[at + 1 :])


def _is_label(line: TextLine, words: RegisterFormWords) -> bool:
    """True for the label, alone on its line or with words behind it: how long the text is to be or has become, or that it was submitted."""
    first, *rest = line.leaves
    counts = any("字" in leaf.words for leaf in rest) and not any(leaf.is_pressed for leaf in line.leaves)
    is_done = rest and "".join(key(leaf.words) for leaf in rest) in map(key, words.submission.done)
    with_more = is_heading(first.words, words.label) and bool(counts or is_done)
    return with_more or is_heading(line.text, words.label) or is_explained(line.leaves, words.label)


def _is_labelled(node: Node, root: Node, words: RegisterFormWords) -> bool:
    """True for the field that says it is for this, or that comes right after the label."""
    if is_heading(node.label, words.label):
        return True
    order = [
        one
        for one in root.walk()
        if one.tag == "textarea" or (one.is_leaf and is_heading(one.words, words.label))
    ]
    before = order[: order.index(node)]
    return bool(before) and before[-1].tag != "textarea"
