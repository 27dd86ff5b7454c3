"""The button that enters a card, told by the words that head the card."""

from __future__ import annotations

from agent.browser.locators import word_pattern
from agent.snapshot.cards import card_buttons
from agent.snapshot.tree import Box, Node
from tests.harness.trees import block


def _card(head: str, *buttons: str) -> Node:
    return block(block(head, tag="h4"), *(block(words, tag="button") for words in buttons))


def _doors(root: Node) -> list[str]:
    return [door.text for door in card_buttons(root, word_pattern("毕业条件"))]


def test_a_card_is_entered_by_its_own_button() -> None:
    root = block(_card("成绩查询", "查看"), _card("毕业条件", "进入"), _card("通知", "打开"))
    assert _doors(root) == ["进入"]


def test_a_card_within_the_layer_that_tells_of_it_has_one_button() -> None:
    layer = block(_card("毕业条件", "进入办理"), box=Box(600, 0, 400, 600))
    assert _doors(block(block("毕业条件"), layer)) == ["进入办理"]


def test_a_card_with_several_buttons_or_another_one_is_not_entered() -> None:
    assert _doors(block(_card("毕业条件", "进入", "查看"))) == []
    assert _doors(block(_card("毕业条件", "提交"), _card("成绩查询", "提交"))) == []
    assert _doors(block(_card("毕业条件说明", "进入"))) == []


def test_words_that_are_pressed_themselves_need_no_button() -> None:
    assert _doors(block(block("毕业条件", tag="a"), block("进入", tag="button"))) == []
