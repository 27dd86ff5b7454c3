"""The number that turns a list to its next page, and numbers that turn nothing."""

from __future__ import annotations

import pytest

from agent.snapshot.paging import dots_below, next_button, page_number, pages_shown, side_arrow
from agent.snapshot.tree import Box, Node
from tests.harness.trees import block, inline, table, text


def _pager(*words: str, y: float = 0) -> Node:
    return block(
        *(inline(text(word, box=Box(40.0 * place, y, 20, 20)), tag="a") for place, word in enumerate(words))
    )


def _words(root: Node, page: int) -> str | None:
    leaf = page_number(root, page)
    return leaf.own if leaf else None


def test_the_next_page_is_the_number_beside_the_one_before() -> None:
    pager = _pager("", "1", "2", "3", "", "到第", "页", "共 23 条")
    assert [_words(pager, page) for page in (2, 3, 4)] == ["2", "3", None]


def test_arrows_and_marks_between_do_not_matter() -> None:
    assert _words(_pager("‹", "1", "|", "2", "›"), 2) == "2"


def test_numbers_of_which_one_is_no_neighbour_turn_nothing() -> None:
    assert _words(_pager("1", "页", "2"), 2) is None
    assert _words(_pager("2", "1"), 1) is None
    assert _words(block(_pager("1"), _pager("2", y=40)), 2) is None


def test_cells_of_a_table_are_no_page_numbers() -> None:
    assert _words(table(("日", "一"), ("1", "2"), head=True), 2) is None


def test_a_pager_in_one_cell_is_one() -> None:
    assert _words(block(block(block(_pager("1", "2"), tag="td"), tag="tr"), tag="table"), 2) == "2"


def test_two_pagers_leave_a_doubt() -> None:
    assert _words(block(_pager("1", "2"), _pager("1", "2", y=300)), 2) is None


def test_a_row_of_cells_that_holds_nothing_but_page_numbers_is_a_pager() -> None:
    cells = [
        block(inline(text(word, box=Box(40.0 * place, 0, 20, 20)), tag=tag), tag="td")
        for place, (word, tag) in enumerate((("1", "span"), ("2", "a"), ("下一页", "a")))
    ]
    assert _words(block(block(*cells, tag="tr"), tag="table"), 2) == "2"
    assert _words(block(block(block("学分", tag="td"), *cells, tag="tr"), tag="table"), 2) is None


def _field_pager(shown: str, of: str) -> Node:
    """Buttons of icons around the field that holds the page's number."""

    def button(x: float) -> Node:
        return Node("a", box=Box(x, 0, 24, 24))

    return block(
        button(0),
        button(30),
        text("第", box=Box(60, 4, 14, 16)),
        Node("input", type="text", value=shown, box=Box(80, 0, 40, 24)),
        text(of, box=Box(126, 4, 40, 16)),
        button(176),
        button(206),
    )


def test_a_button_without_words_behind_the_number_turns_the_page() -> None:
    button = next_button(_field_pager("1", "共2页"), 2)
    assert button is not None
    assert button.box.x == 176


def test_the_number_of_pages_may_stand_in_elements_of_its_own() -> None:
    pager = _field_pager("1", "/")
    pager.children.insert(5, text("3", box=Box(150, 4, 10, 16)))
    pager.children[5].parent = pager
    button = next_button(pager, 2)
    assert button is not None
    assert button.box.x == 176
    assert pages_shown(pager) == 3


def _drawn_arrow(x: float, words: str = "") -> Node:
    """A box with a small picture or sign in it, and nothing that makes it a button."""
    sign = text(words, box=Box(x + 10, 8, 8, 16)) if words else Node("svg", box=Box(x + 10, 10, 12, 12))
    return inline(sign, box=Box(x, 0, 32, 32))


def _simple_pager(*number: Node, left: Node, right: Node) -> Node:
    return block(left, *number, right)


FIELD = (
    Node("input", type="text", value="1", box=Box(40, 0, 34, 30)),
    text("/", box=Box(88, 8, 4, 16)),
    text("3", box=Box(104, 8, 8, 16)),
)
PLAIN = (text("1 / 3", box=Box(50, 8, 40, 16)),)


@pytest.mark.parametrize("number", [FIELD, PLAIN], ids=["in a field", "in words"])
@pytest.mark.parametrize("sign", ["", "›"])
def test_an_arrow_that_is_no_button_turns_the_page(number: tuple[Node, ...], sign: str) -> None:
    left, right = _drawn_arrow(0, sign and "‹"), _drawn_arrow(130, sign)
    pager = _simple_pager(*number, left=left, right=right)
    assert next_button(pager, 2) is right
    assert pages_shown(pager) == 3
    assert next_button(pager, 3) is None


def test_a_sign_behind_two_numbers_alone_turns_nothing() -> None:
    twin, other = _drawn_arrow(0), inline(Node("svg", box=Box(10, 10, 16, 16)), box=Box(0, 4, 24, 24))
    pager = _simple_pager(*PLAIN, left=other, right=_drawn_arrow(130))
    assert next_button(pager, 2) is None
    assert pages_shown(pager) is None
    assert next_button(_simple_pager(*PLAIN, left=twin, right=_drawn_arrow(400)), 2) is None


def test_where_the_number_is_another_or_the_last_one_nothing_turns() -> None:
    assert next_button(_field_pager("2", "共2页"), 3) is None
    assert next_button(_field_pager("3", "共4页"), 2) is None
    pager = _field_pager("1", "共2页")
    pager.children = pager.children[2:]
    assert next_button(pager, 2) is None


def _turned(*arrows: Node) -> Node:
    return block(text("专升本-西安交通大学", box=Box(200, 300, 300, 20)), *arrows)


def test_two_buttons_without_words_at_both_sides_turn_what_stands_between() -> None:
    left, right = (Node("button", box=Box(x, 292, 36, 36)) for x in (20, 940))
    assert side_arrow(_turned(left, right)) is right


@pytest.mark.parametrize(
    "arrows",
    [
        (Box(20, 292, 36, 36),),
        (Box(20, 292, 36, 36), Box(940, 400, 36, 36)),
        (Box(20, 292, 36, 36), Box(70, 292, 36, 36)),
        (Box(20, 600, 36, 36), Box(940, 600, 36, 36)),
        (Box(20, 292, 36, 36), Box(940, 292, 36, 36), Box(1000, 292, 36, 36)),
    ],
    ids=["one alone", "not level", "side by side", "nothing between", "three"],
)
def test_other_buttons_without_words_turn_nothing(arrows: tuple[Box, ...]) -> None:
    assert side_arrow(_turned(*(Node("button", box=box) for box in arrows))) is None


GREY, BLUE = "rgb(235, 237, 240)", "rgb(25, 137, 250)"


def _dots(*colours: str, width: float = 6, below: float = 0) -> Node:
    marks = (
        inline(tag="i", background=colour, box=Box(600 + 12.0 * place, 400 + below * place, width, 6))
        for place, colour in enumerate(colours)
    )
    return block(text("专升本-西安交通大学", box=Box(200, 300, 300, 20)), block(*marks))


@pytest.mark.parametrize("colours", [(BLUE, GREY), (GREY, BLUE, GREY)])
def test_marks_of_which_one_is_unlike_the_others_say_that_more_pages_come(colours: tuple[str, ...]) -> None:
    root = _dots(*colours)
    assert dots_below(root) is root.children[1]


@pytest.mark.parametrize(
    "root",
    [
        _dots(GREY, GREY, BLUE),
        _dots(GREY, GREY),
        _dots(GREY),
        _dots(BLUE, BLUE, GREY),
        _dots(BLUE, GREY, below=12),
        _dots(BLUE, GREY, width=40),
        block(_dots(BLUE, GREY), _dots(BLUE, GREY)),
    ],
    ids=["the last page", "all alike", "one alone", "two marked", "one below the other", "wide", "two rows"],
)
def test_other_marks_turn_nothing(root: Node) -> None:
    assert dots_below(root) is None
