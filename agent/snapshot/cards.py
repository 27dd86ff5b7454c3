"""Cards that a few words head and a button enters. Pure: works on the visible tree."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.snapshot.tree import Node, key

ENTERS = (
    *("进入", "点击进入", "立即进入", "进入查看", "进入办理", "进入服务", "进入应用", "查看", "查看详情"),
    *("详情", "打开", "前往", "去办理", "立即办理", "在线办理", "办理", "Enter", "Open", "View"),
)
"""What a card's button says that leads to what heads the card."""
HIGHEST = 5
"""How many boxes a card's button may be away from the words that head it."""


def card_buttons(root: Node, headed: re.Pattern[str]) -> list[Node]:
    """Return the buttons that enter the cards with such words, each card's only one; none for words that are pressed themselves."""
    heads = (leaf for leaf in root.leaves if headed.match(leaf.own.strip()) and not leaf.is_pressed)
    found = {id(one): one for leaf in heads if (one := _button_of(leaf))}
    return list(found.values())


def _button_of(head: Node) -> Node | None:
    for _, box in zip(range(HIGHEST), head.ancestors(), strict=False):
        buttons = list(_buttons_in(box))
        if buttons:
            return buttons[0] if len(buttons) == 1 else None
    return None


def _buttons_in(box: Node) -> Iterator[Node]:
    if box.is_control:
        if key(box.text) in map(key, ENTERS):
            yield box
        return
    for child in box.children:
        yield from _buttons_in(child)
