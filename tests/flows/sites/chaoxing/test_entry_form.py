"""The form of one entry, told from the group itself by what stood there before, and its own button."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from playwright.sync_api import Frame

from agent.browser.site_browser import SiteBrowser
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Box, FrameTree, Node
from flows.profiles.schema import load
from flows.sites.chaoxing.entries.form import EntryForm, Opened
from tests.harness.trees import block, text

FRAME = cast(Frame, object())


def _button(words: str, left: float, top: float) -> Node:
    return block(text(words, box=Box(left + 8, top + 6, 30, 20)), tag="button", box=Box(left, top, 50, 32))


def _fields(top: float, left: float = 40) -> list[Node]:
    """Two fields, each beside its label."""
    return [
        block(
            text(label, box=Box(left, top + 40 * n, 60, 20)),
            Node("input", box=Box(left + 80, top + 40 * n - 4, 200, 30), type="text", value=""),
            box=Box(left, top + 40 * n - 4, 300, 34),
        )
        for n, label in enumerate(("关系", "姓名"))
    ]


def _heading(words: str = "家庭成员信息", left: float = 40, top: float = 10) -> Node:
    return block(text(words, box=Box(left, top, 100, 20)), tag="h3", box=Box(left, top, 300, 24))


def _form(before: Node) -> EntryForm:
    site = load("xjtu-2024-07").sites.chaoxing
    assert site is not None
    seen = [FrameSnapshot(FRAME, FrameTree(before))]
    return EntryForm(cast(SiteBrowser, object()), site.heard, "家庭成员信息", site.family, seen)


def _opened(before: Node, now: Node) -> Opened | None:
    return _form(before).opened([FrameSnapshot(FRAME, FrameTree(now))])


def _body(*fields: Node, top: float = 60) -> Node:
    """What stands under a heading: the fields, and the group's two buttons below them."""
    return block(*fields, _button("添加", 40, top), _button("修改", 120, top))


def test_fields_that_came_above_the_groups_buttons_are_no_form_of_their_own() -> None:
    assert _opened(block(_heading(), _body()), block(_heading(), _body(*_fields(60), top=150))) is None


def test_a_dialog_is_a_form_also_where_it_is_called_as_the_button_that_opened_it() -> None:
    before = block(_heading(), _body())
    dialog = block(
        _heading("添加", 440, 100),
        *_fields(150, 440),
        _button("取消", 440, 240),
        _button("保存", 520, 240),
        box=Box(420, 90, 400, 200),
    )
    opened = _opened(before, block(block(_heading(), _body()), dialog))
    assert opened is not None
    assert opened.region is dialog
    assert set(opened.entry.fields) == {"relation", "name"}


def _row(*cells: Node | str, top: float) -> Node:
    return block(
        *(
            block(
                *([text(cell, box=Box(40 + 200 * n, top, 60, 20))] if isinstance(cell, str) else [cell]),
                tag="td",
                box=Box(40 + 200 * n, top - 4, 200, 34),
            )
            for n, cell in enumerate(cells)
        ),
        tag="tr",
        box=Box(40, top - 4, 600, 34),
    )


def test_a_row_that_is_edited_where_it_stands_has_its_labels_over_its_columns() -> None:
    head = _row("关系", "姓名", "操作", top=60)
    before = block(_heading(), _button("添加", 400, 8), head)
    typed = [Node("input", box=Box(44 + 200 * n, 98, 150, 26), type="text", value="") for n in range(2)]
    row = _row(*typed, _button("保存", 444, 98), top=100)
    opened = _opened(before, block(_heading(), _button("添加", 400, 8), head, row))
    assert opened is not None
    assert opened.region is row
    assert set(opened.entry.fields) == {"relation", "name"}


def test_the_labels_over_columns_count_where_some_fields_also_say_what_goes_into_them() -> None:
    head = _row("关系", "姓名", "联系方式", top=60)
    before = block(_heading(), _button("添加", 400, 8), head)
    typed = [
        Node("input", box=Box(44 + 200 * n, 98, 150, 26), type="text", value="", placeholder=said)
        for n, said in enumerate(("", "姓名", "联系方式"))
    ]
    row = _row(*typed, _button("保存", 644, 98), top=100)
    opened = _opened(before, block(_heading(), _button("添加", 400, 8), head, row))
    assert opened is not None
    assert set(opened.entry.fields) == {"relation", "name", "phone"}


@pytest.mark.parametrize(
    ("before", "beside", "pressed"),
    [
        (["修改"], ["修改", "保存"], ["保存"]),
        (["修改", "修改"], ["保存", "修改"], []),
        (["删除"], ["修改", "保存"], ["修改", "保存"]),
        ([], ["", "保存"], ["保存"]),
    ],
    ids=["below", "on another line", "came with the row", "alone"],
)
def test_of_buttons_in_a_column_of_their_own_the_one_on_the_edited_row_is_its_own(
    before: list[str], beside: list[str], pressed: list[str]
) -> None:
    head, first = _row("关系", "姓名", top=60), _row("父亲", "王示例", top=100)
    typed = [Node("input", box=Box(44 + 200 * n, 138, 150, 26), type="text", value="") for n in range(2)]

    def page(*rows: Node, buttons: list[str]) -> Node:
        column = block(*(_button(said, 500, 98 + 40 * n) for n, said in enumerate(buttons)))
        return block(_heading(), _button("添加", 400, 8), block(block(head, first, *rows), column))

    form = _form(page(buttons=before))
    now = FrameSnapshot(FRAME, FrameTree(page(_row(*typed, top=140), buttons=beside)))
    opened = form.opened([now])
    assert opened is not None
    own = [leaf.own for leaf in form.buttons(opened, ("保存", "修改"))]
    assert own == (pressed or beside)


def test_a_form_that_is_a_page_of_its_own_takes_the_groups_place() -> None:
    pushed = block(_heading("添加家庭成员", top=0), *_fields(60), _button("保存", 40, 150))
    opened = _opened(block(_heading(), _button("添加", 40, 60)), pushed)
    assert opened is not None
    assert set(opened.entry.fields) == {"relation", "name"}


INNER = cast(Frame, SimpleNamespace(parent_frame=FRAME))


def _in_a_frame(*around: Node) -> Opened | None:
    """A form that came as a frame of its own, with so much more around it than before."""
    page = block(_heading(), _body())
    now = [
        FrameSnapshot(FRAME, FrameTree(block(page, *around))),
        FrameSnapshot(INNER, FrameTree(block(*_fields(20)))),
    ]
    return _form(page).opened(now)


def test_a_form_in_a_frame_of_its_own_is_saved_by_the_button_that_came_around_it() -> None:
    opened = _in_a_frame(_button("确定", 520, 400), _button("取消", 600, 400))
    assert opened is not None
    assert set(opened.entry.fields) == {"relation", "name"}
    assert opened.buttons_frame is FRAME
    assert [leaf.own for leaf in opened.buttons] == ["确定", "取消"]


def test_a_frame_without_a_button_that_came_around_it_is_no_form() -> None:
    assert _in_a_frame() is None
    assert _in_a_frame(_button("关闭", 520, 400)) is None
