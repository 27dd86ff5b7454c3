"""Pages that show one step after another: whether 下一步 of the step that stands there may be pressed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.snapshot import fields, tree
from agent.snapshot.tree import Node, TextLine, key

NEXT, BACK = ("下一步",), ("上一步",)
PROMISES = ("同意", "承诺", "协议", "授权", "声明", "条款", "签名", "签字", "无误")
"""What a step says that is answered by going on: that is the person's."""
CONFIRMING = ("确认", "核对")
"""What going on does where a sentence names it in one breath with 下一步."""
UNCHOSEN = ("请选择", "请输入", "请填写")
PRESSED = ("button", "submit", "reset", "image", "hidden")
PAINTED = ("checkbox", "radio", "switch", "combobox", "textbox")


@dataclass
class PageSteps:
    """The way through a page's steps to the one that is wanted.

    Args:
        save: What saves the fields of a step by itself: then going on leaves them as they are.
        confirm: What confirms what a step shows, by itself.
    """

    save: Sequence[str] = ()
    confirm: Sequence[str] = ()
    _look: tuple[str, str] | None = field(default=None, init=False)
    """How the wanted step's title is drawn while another step stands there."""
    _left: tuple[int, frozenset[str]] = field(default=(0, frozenset()), init=False)
    """How often 下一步 had been pressed before the last time, and what the page said then."""

    @property
    def is_begun(self) -> bool:
        """True once a step was to be passed."""
        return self._look is not None

    def is_reached(self, title: Node) -> bool:
        """True once the wanted step's title is drawn otherwise than while another step stood there."""
        return self.is_begun and fields.look_of(title) != self._look

    def onward(self, root: Node, title: Node, times: int, *, is_fresh: bool) -> Node | None:
        """Return 下一步 of a step on the way to another; None where the step has something for the student to say or fill in.

        Args:
            root: The visible tree.
            title: The title of the wanted step, above what the steps show.
            times: How often 下一步 has been pressed: what it leaves as it was is not pressed again.
            is_fresh: Whether nothing may have been typed into the page since it was opened.
        """
        found = [leaf for leaf in root.leaves if _says(leaf, NEXT)]
        if len(found) != 1 or found[0].box.y < title.box.bottom:
            return None
        step = next(node for node in title.ancestors() if node.holds(found[0]))
        texts = frozenset(line.text for line in tree.lines(root))
        was_moved = self._left[0] == times or self._left[1] != texts
        if not (
            self._lies_ahead(step, title, times) and self._leaves_nothing_open(step, is_fresh) and was_moved
        ):
            return None
        self._look = self._look if times else fields.look_of(title)
        self._left = times, texts
        return found[0]

    def _lies_ahead(self, step: Node, title: Node, times: int) -> bool:
        """True for a title that was never the current one; before the first press, one behind another where nothing leads back."""
        if times:
            return not self.is_reached(title)
        leads_back = any(_says(leaf, BACK) for leaf in step.leaves)
        return not leads_back and any(_stands_before(leaf, title) for leaf in step.leaves)

    def _leaves_nothing_open(self, step: Node, is_fresh: bool) -> bool:
        has_own = any(_says(leaf, self.save) for leaf in step.leaves)
        asks = any(_is_field(node) or key(node.own) in UNCHOSEN for node in step.walk())
        sends = any("提交" in leaf.words and leaf.is_pressed for leaf in step.leaves)
        is_kept = (has_own and is_fresh) or not asks
        return is_kept and not sends and not any(map(self._binds, tree.lines(step)))

    def _binds(self, line: TextLine) -> bool:
        """True for a line by which going on says something for the student; what is pressed by itself for that does not."""
        own = (*self.confirm, *NEXT, *BACK)
        said = "".join(leaf.words for leaf in line.leaves if not _says(leaf, own))
        by_going_on = any(word in said for word in NEXT) and any(word in said for word in CONFIRMING)
        return by_going_on or any(word in said for word in PROMISES)


def offers_next(root: Node) -> bool:
    """True for a page that has 下一步: what it shows may be said of another step."""
    return any(_says(leaf, NEXT) for leaf in root.leaves)


def _says(leaf: Node, words: Sequence[str]) -> bool:
    """True for one of the words, but for arrows beside it."""
    return key(leaf.words).strip("<>‹›«»←→") in map(key, words)


def _stands_before(leaf: Node, title: Node) -> bool:
    """True for words left of a title at its height: a step before it, and not just its number."""
    level = leaf.box.overlap_y(title.box) > title.box.height / 2
    return level and leaf.box.right <= title.box.x and len(key(leaf.words)) > 1


def _is_field(node: Node) -> bool:
    typed = node.tag in ("input", "select", "textarea") and node.type not in PRESSED
    return (typed or node.role in PAINTED) and not node.disabled
