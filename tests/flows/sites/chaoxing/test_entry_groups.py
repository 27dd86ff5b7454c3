"""Groups of entries: read in many layouts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from agent.snapshot.tree import Box, Node
from flows.forms.entry_rows import Row
from flows.profiles.schema import load
from flows.profiles.site_words import ChaoxingSite, GroupWords
from flows.sites.chaoxing.entries import fields as entry_fields
from flows.sites.chaoxing.entries import groups, lists
from tests.harness.trees import block, inline, table, text

FATHER = {"relation": "父亲", "name": "王示例", "phone": "10000009001", "age": ""}
MOTHER = {"relation": "母亲", "name": "李示例", "phone": "10000009003", "age": "54"}


def _site() -> ChaoxingSite:
    site = load("xjtu-2024-07").sites.chaoxing
    assert site is not None
    return site


class Layout:
    """Puts labels and fields on a page; every cell is 100 wide and 30 high (CSS pixels)."""

    def __init__(self) -> None:
        self.rows: list[Node] = []

    def _box(self, column: int, wide: float = 100) -> Box:
        return Box(110.0 * column, 40.0 * len(self.rows), wide, 30)

    def label(self, words: str, column: int) -> Node:
        return text(words, box=self._box(column))

    def field(self, value: str, column: int, **parts: Any) -> Node:
        return Node("input", box=self._box(column), type="text", value=value, inline=True, **parts)

    def line(self, *cells: Node) -> None:
        self.rows.append(block(*cells, box=self._box(0, 1000)))

    def heading(self, words: str) -> None:
        self.line(self.label(words, 0))

    @property
    def root(self) -> Node:
        return block(*self.rows, tag="body")


def _beside(rows: Sequence[Row], columns: int) -> Node:
    """Labels left of their fields, one or two to a line, without any link between them in the markup."""
    page = Layout()
    page.heading("家庭成员信息")
    for row in rows:
        cells = list(row.items())
        for at in range(0, len(cells), columns):
            pairs = enumerate(cells[at : at + columns])
            page.line(
                *(
                    node
                    for place, (name, value) in pairs
                    for node in (
                        page.label(f"{_site().family.labels[name][0]}：", place * 2),
                        page.field(value, place * 2 + 1),
                    )
                )
            )
    page.heading("过往履历信息")
    page.line(page.label("姓名", 0), page.field("别人", 1))
    return page.root


def _in_columns(rows: Sequence[Row]) -> Node:
    """Labels as headers over columns of fields."""
    page = Layout()
    page.heading("家庭成员信息")
    names = list(rows[0])
    page.line(*(page.label(_site().family.labels[name][0], at) for at, name in enumerate(names)))
    for row in rows:
        page.line(*(page.field(row[name], at) for at, name in enumerate(names)))
    return page.root


def _stacked(rows: Sequence[Row]) -> Node:
    """Each label over its field."""
    page = Layout()
    page.heading("家庭成员信息")
    for row in rows:
        for name, value in row.items():
            page.line(page.label(_site().family.labels[name][0], 0))
            page.line(page.field(value, 0))
    return page.root


def _labelled(rows: Sequence[Row]) -> Node:
    """Fields that carry their labels themselves, in a row."""
    page = Layout()
    page.heading("家庭成员信息")
    for row in rows:
        page.line(
            *(
                page.field(value, at, label=f"* {_site().family.labels[name][0]}：")
                for at, (name, value) in enumerate(row.items())
            )
        )
    return page.root


def _rows(root: Node) -> list[Row]:
    words = _site().family
    where = groups.find_group(root, words, _site().history.heading)
    assert where is not None
    return [entry.row(words) for entry in entry_fields.entries(where)]


LAYOUTS = {
    "one beside": lambda rows: _beside(rows, 1),
    "two beside": lambda rows: _beside(rows, 2),
    "columns": _in_columns,
    "stacked": _stacked,
    "labelled": _labelled,
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("rows", [[FATHER], [FATHER, MOTHER], [FATHER, dict.fromkeys(FATHER, ""), MOTHER]])
def test_entries_are_read_in_every_layout(layout: str, rows: list[Row]) -> None:
    assert _rows(LAYOUTS[layout](rows)) == rows


def test_of_two_labels_in_a_placeholder_the_longer_one_is_meant() -> None:
    words, row = _site().history, Layout()
    names = ("place", "witness", "witness_phone")
    row.line(*(row.field(name, at, placeholder=words.labels[name][0]) for at, name in enumerate(names)))
    found = entry_fields.entries(_whole(row.root, words))
    assert [entry.row(words) for entry in found] == [dict(zip(names, names, strict=True))]


def test_what_is_drawn_inside_the_box_for_now_is_not_another_box() -> None:
    made = Layout()
    made.line(made.field("2021-09", 1, label="开始时间"), made.field("", 2, label="结束时间"))
    box = Node("input", Box(330, 0, 68, 30), type="checkbox", label="至今", checked=True, drawn=True)
    inner = Node("input", Box(340, 5, 20, 20), type="checkbox", checked=False, parent=box)
    box.children = [inner, text("至今", box=Box(370, 5, 28, 16))]
    (entry,) = entry_fields.entries(_whole(block(*made.rows, box), _site().history))
    assert entry.now is box


def test_a_label_that_ends_in_the_letters_of_an_icon_is_the_fields() -> None:
    made = Layout()
    labels = ("学习或工作单位", "开始时间\nevent", "结束时间\nevent")
    made.line(*(made.field(str(n), n, label=said) for n, said in enumerate(labels)))
    (entry,) = entry_fields.entries(_whole(block(*made.rows), _site().history))
    assert entry.row(_site().history) == {"place": "0", "start": "1", "end": "2"}


def test_a_label_inside_a_field_goes_before_one_that_stands_over_others_above_it() -> None:
    words, page = _site().history, Layout()
    page.line(page.label("职务", 0))
    page.line(page.field("职员", 0))
    page.line(page.label("起止时间", 0))
    page.line(
        page.field("2014-09", 0, label="起止时间", placeholder="开始时间"),
        page.field("2021-02", 1, placeholder="结束时间"),
    )
    found = entry_fields.entries(_whole(page.root, words))
    assert [entry.row(words) for entry in found] == [{"post": "职员", "start": "2014-09", "end": "2021-02"}]


@pytest.mark.parametrize(
    ("label", "placeholder", "shown", "ends", "between"),
    [
        ("起止时间", "", "2011-09 ~ 2014-06", ("2011-09", "2014-06"), " ~ "),
        ("起止年月", "", "2011年9月至2014年6月", ("2011年9月", "2014年6月"), "至"),
        ("起止时间", " - ", "", ("", ""), " - "),
        ("起止时间", "yyyy-MM", "2014-07", ("2014-07", ""), None),
        ("起止时间", "", "2014-07 至 至今", ("2014-07", "至今"), " 至 "),
        ("时间", "开始时间 ~ 结束时间", "2011-09-01 - 2014-06-30", ("2011-09-01", "2014-06-30"), " - "),
    ],
)
def test_a_beginning_and_an_end_may_stand_in_one_field(
    label: str, placeholder: str, shown: str, ends: tuple[str, str], between: str | None
) -> None:
    words, page = _site().history, Layout()
    page.line(page.label("学习或工作单位", 0), page.field("示例中学", 1))
    page.line(page.label(label, 0), page.field(shown, 1, placeholder=placeholder))
    (found,) = entry_fields.entries(_whole(page.root, words))
    assert found.row(words) == {"place": "示例中学", "start": ends[0], "end": ends[1]}
    assert found.stay is not None
    assert entry_fields.between_ends(found.stay) == between


def test_two_fields_behind_one_label_are_not_taken_for_one_with_both_ends() -> None:
    words, page = _site().history, Layout()
    page.line(page.label("学习或工作单位", 0), page.field("示例中学", 1))
    page.line(page.label("起止时间", 0), page.field("", 1), page.field("", 2))
    (found,) = entry_fields.entries(_whole(page.root, words))
    assert found.stay is None


def test_a_page_without_the_heading_has_no_such_part() -> None:
    assert groups.find_group(block("家庭成员信息怎么填"), _site().family, ()) is None


@pytest.mark.parametrize("said", ["请选择", "请选择关系", "-请选择-", "请输入关系", "请填写"])
def test_what_asks_for_a_value_is_none(said: str) -> None:
    assert _rows(_beside([{"relation": said, "name": ""}], 1)) == [{"relation": "", "name": ""}]


def test_what_was_not_chosen_is_blank() -> None:
    assert _rows(_beside([{"relation": "请选择", "name": ""}], 1)) == [{"relation": "", "name": ""}]


@pytest.mark.parametrize("labelled", [True, False])
@pytest.mark.parametrize("ticked", [True, False])
def test_the_box_for_now_ends_an_entry(labelled: bool, ticked: bool) -> None:
    page = Layout()
    page.heading("过往履历信息")
    for start, end, box in (("2011-09", "2014-06", False), ("2021-03", "" if ticked else "2024-01", ticked)):
        page.line(page.label("开始时间:", 0), page.field(start, 1))
        page.line(
            page.label("结束时间:", 0),
            page.field(end, 1, disabled=box),
            Node(
                "input",
                box=Box(240, 40.0 * len(page.rows), 13, 13),
                type="checkbox",
                checked=box,
                label="至今" if labelled else "",
            ),
            text("至今", box=Box(260, 40.0 * len(page.rows), 30, 20)),
        )
    words = _site().history
    where = groups.find_group(page.root, words, ())
    assert where is not None
    read = [entry.row(words) for entry in entry_fields.entries(where)]
    assert read == [
        {"start": "2011-09", "end": "2014-06"},
        {"start": "2021-03", "end": "至今" if ticked else "2024-01"},
    ]


@pytest.mark.parametrize("hint", ["", "（从中学填起，不要间断，最后一条填写到至今）", " (选填)"])
def test_a_heading_may_have_a_hint_in_brackets_on_its_line(hint: str) -> None:
    words = _site().history
    root = block(block(text(f"过往履历信息{hint}", box=Box(0, 40, 300, 20))))
    found = groups.find_group(root, words, ())
    assert found is not None
    assert found.top == 40


def test_a_sentence_that_names_a_group_is_no_heading() -> None:
    root = block(block(text("过往履历信息请如实填写（必填）", box=Box(0, 40, 300, 20))))
    assert groups.find_group(root, _site().history, ()) is None


def _whole(root: Node, words: GroupWords) -> groups.EntryGroup:
    return groups.EntryGroup(root, words, 0, 1000)


def test_a_table_of_plain_texts_is_a_list_and_an_empty_one_only_where_it_says_so() -> None:
    words = _site().history
    heads = ["学习或工作单位", "开始时间", "结束时间"]
    root = block(table(heads, ["示例高级中学", "2011-09", "2014-06"], head=True))
    found = lists.listed(_whole(root, words))
    assert found is not None
    assert [item.row for item in found] == [{"place": "示例高级中学", "start": "2011-09", "end": "2014-06"}]
    assert lists.listed(_whole(block(table(heads, head=True)), words)) is None
    for said, found in {
        "暂无数据": [],
        "暂无履历": [],
        "还没有添加履历": [],
        "暂无数据，请点击添加": [],
        "没有履历的同学，请写明原因": None,
        "没有网络，请重试": None,
    }.items():
        empty = block(table(heads, head=True), block(text(said, box=Box(0, 60, 80, 20))))
        assert lists.listed(_whole(empty, words)) == found


def test_columns_that_stand_in_a_table_of_their_own_belong_to_the_rows_beside_it() -> None:
    words = _site().family
    rows = [["", "关系", "姓名"], ["1", "父亲", "王示例"], ["2", "母亲", "李示例"]]
    rest = [["联系方式", "年龄"], ["10000009001", ""], ["10000009003", "54"]]
    parts = []
    for cells, by in ((rows, 0.0), (rest, 360.0)):
        heads, *others = table(*cells).children
        for node in (one for row in (heads, *others) for one in row.walk()):
            node.box = replace(node.box, x=node.box.x + by)
        parts.append(block(block(block(heads, tag="table")), block(block(*others, tag="table"))))
    found = lists.listed(_whole(block(*parts), words))
    assert found is not None
    assert [item.row for item in found] == [FATHER, MOTHER]


def test_the_buttons_below_a_list_are_no_entry_of_it() -> None:
    words = _site().history
    heads = ["学习或工作单位", "开始时间", "结束时间"]
    said = [
        block("添加 修改", tag="td", box=Box(0, 60, 240, 30)),
        block("暂无记录", tag="td", box=Box(240, 60, 120, 30)),
    ]
    below = block(block(*said, tag="tr", box=Box(0, 60, 360, 30)), tag="table", box=Box(0, 60, 360, 30))
    assert lists.listed(_whole(block(block(table(heads, head=True)), block(below)), words)) == []


def test_a_button_on_the_line_of_a_heading_is_that_groups() -> None:
    group = groups.EntryGroup(block(), _site().family, top=100, bottom=300)
    assert group.holds(Box(900, 92, 60, 32))
    assert not group.holds(Box(900, 292, 60, 32))


def test_the_words_of_the_switch_for_now_may_stand_left_of_it() -> None:
    page = Layout()
    page.heading("过往履历信息")
    page.line(page.label("开始时间:", 0), page.field("2021-03", 1))
    page.line(page.label("结束时间:", 0), page.field("", 1))
    below = 40.0 * len(page.rows)
    switch = Node("input", box=Box(300, below, 40, 20), type="checkbox", checked=True, drawn=True)
    page.line(text("至今", box=Box(16, below, 30, 20)), switch)
    words = _site().history
    where = groups.find_group(page.root, words, ())
    assert where is not None
    read = [entry.row(words) for entry in entry_fields.entries(where)]
    assert read == [{"start": "2021-03", "end": "至今"}]


def test_a_box_that_stands_a_little_higher_than_its_line_is_of_the_fields_on_it() -> None:
    labels = [
        text(said, box=Box(16 + 200 * n, 10, 60, 20)) for n, said in enumerate(("学习或工作单位", "结束时间"))
    ]
    field = Node("input", Box(16, 50, 150, 28), type="text", value="示例工程公司")
    switch = Node("input", Box(216, 52, 52, 23), type="checkbox", label="至今", checked=True, drawn=True)
    words = _site().history
    read = entry_fields.entries(_whole(block(*labels, field, switch), words), with_rows=True)
    assert [entry.row(words) for entry in read] == [{"place": "示例工程公司", "end": "至今"}]


def _card(top: float, *pairs: tuple[str, str]) -> Node:
    """A card as a vendor lays it out: three labels a line, each with its value, and a button at the right."""
    cells = [
        block(
            inline(text(f"{label}：", box=Box(40 + 200 * (n % 3), top + 20 * (n // 3), 70, 18))),
            inline(
                *([text(value, box=Box(112 + 200 * (n % 3), top + 20 * (n // 3), 60, 18))] if value else []),
                tag="i",
                box=Box(112 + 200 * (n % 3), top + 20 * (n // 3), 60 if value else 0, 18),
            ),
            box=Box(40 + 200 * (n % 3), top + 20 * (n // 3), 200, 20),
        )
        for n, (label, value) in enumerate(pairs)
    ]
    edit = block(text("编辑", box=Box(700, top, 30, 18)), tag="button", box=Box(690, top, 50, 30))
    return block(block(*cells, box=Box(40, top, 600, 60)), edit, box=Box(30, top - 5, 720, 70))


@pytest.mark.parametrize("add", ["添加", "＋ 添加", "+添加", "\ue6d9 添加"])
def test_a_button_below_a_card_is_none_of_its_own_whatever_plus_it_has(add: str) -> None:
    father = (("关系", "父亲"), ("姓名", "王示例"), ("联系方式", "10000009001"))
    below = block(text(add, box=Box(300, 200, 60, 20)), tag="button", box=Box(30, 195, 720, 30))
    root = block(block(_card(100, *father), below, box=Box(30, 90, 720, 140)), box=Box(0, 0, 1000, 400))
    found = lists.listed(_whole(root, _site().family))
    assert found is not None
    assert [item.box.covers(below.box) for item in found] == [False]


def test_boxes_that_choose_rows_are_no_fields_of_a_list() -> None:
    words = _site().history
    heads = ["", "学习或工作单位", "开始时间", "结束时间"]
    sheet = table(heads, head=True)
    sheet.children[0].children[0].children.append(Node("input", Box(10, 8, 14, 14), type="checkbox"))
    empty = block(sheet, block(text("暂无数据", box=Box(0, 60, 80, 20))))
    assert lists.listed(_whole(empty, words)) == []


def _pairs(top: float, *pairs: tuple[str, str]) -> Node:
    """An entry as a table of labels and values in turn, two of each a line, without a colon."""
    cells = [[cell for pair in pairs[at : at + 2] for cell in pair] for at in range(0, len(pairs), 2)]
    rows = [
        block(
            *(
                block(
                    *([text(words, box=Box(100.0 * x, top + 20 * y + 2, 60, 14))] if words else []),
                    tag="td",
                    box=Box(100.0 * x, top + 20 * y, 100, 20),
                )
                for x, words in enumerate(row)
            ),
            tag="tr",
            box=Box(0, top + 20 * y, 400, 20),
        )
        for y, row in enumerate(cells)
    ]
    return block(block(*rows, tag="table", box=Box(0, top, 400, 40)), box=Box(0, top, 500, 50))


def test_entries_that_are_tables_of_labels_and_values_need_no_colon() -> None:
    first = (("关系", "父亲"), ("姓名", "王示例"), ("联系方式", ""), ("政治面貌", "群众"))
    second = (("关系", "母亲"), ("姓名", "李示例"), ("联系方式", "10000009003"), ("政治面貌", ""))
    root = block(block(_pairs(100, *first), _pairs(200, *second)), box=Box(0, 0, 1000, 400))
    found = lists.listed(_whole(root, _site().family))
    assert found is not None
    assert [item.row for item in found] == [
        {"relation": "父亲", "name": "王示例", "phone": "", "party": "群众"},
        {"relation": "母亲", "name": "李示例", "phone": "10000009003", "party": ""},
    ]
    assert [item.box.y for item in found] == [100, 200]


def test_cards_of_labels_and_values_are_a_list_and_a_cards_button_stands_in_it() -> None:
    first = (
        ("学习或工作单位", "示例高级中学"),
        ("职务", ""),
        ("开始时间", "2011-09"),
        ("结束时间", "2014-06"),
    )
    second = (("学习或工作单位", "示例公司"), ("职务", "职员"), ("开始时间", "2014-09"), ("结束时间", "至今"))
    root = block(block(_card(100, *first), _card(200, *second)), box=Box(0, 0, 1000, 400))
    found = lists.listed(_whole(root, _site().history))
    assert found is not None
    assert [item.row for item in found] == [
        {"place": "示例高级中学", "post": "", "start": "2011-09", "end": "2014-06"},
        {"place": "示例公司", "post": "职员", "start": "2014-09", "end": "至今"},
    ]
    assert [item.box.covers(Box(690, top, 50, 30)) for item, top in zip(found, (100, 200), strict=True)] == [
        True,
        True,
    ]


def _cell(top: float, words: str, below: str, arrow: bool = True) -> Node:
    said = [text(words, box=Box(16, top, 200, 20)), text(below, box=Box(16, top + 22, 100, 16))]
    sign = [inline(tag="i", box=Box(1200, top, 16, 24))] if arrow else []
    return block(block(*map(block, said)), *sign, box=Box(0, top - 8, 1280, 60))


def _tab(words: str, top: float) -> Node:
    """One of the tabs that lie over the end of a page: a picture over its words."""
    sign = block(block(tag="i", box=Box(149, top, 22, 22)), box=Box(149, top, 22, 22))
    return block(
        sign, block(text(words, box=Box(148, top + 25, 24, 14))), role="tab", box=Box(0, top - 6, 320, 50)
    )


def test_entries_that_show_a_few_words_and_an_arrow_stand_between_the_heading_and_its_button() -> None:
    root = block(
        block(text("家庭成员信息", box=Box(16, 10, 100, 20))),
        _cell(40, "联系人1 王示例", "父亲"),
        _cell(100, "联系人2 李示例", "母亲"),
        _cell(160, "请如实填写", "", arrow=False),
        _tab("首页", 170),
        block(text("添加", box=Box(16, 230, 30, 20)), tag="button"),
        _cell(300, "退出登录", ""),
    )
    found = lists.folded(_whole(root, _site().family))
    assert [node.leaves[0].own for node in found] == ["联系人1 王示例", "联系人2 李示例"]


@pytest.mark.parametrize(
    ("line", "is_empty"),
    [
        ("从中学填起, 不要间断, 最后一条填写到至今", True),
        ("请如实填写，不要间断", True),
        ("示例中学，学生", False),
        ("请从2011年9月填起，不要间断", False),
        ("请稍候", False),
    ],
)
def test_a_hint_between_a_heading_and_its_button_is_no_entry(line: str, is_empty: bool) -> None:
    page = Layout()
    page.heading("过往履历信息")
    page.line(page.label(line, 0))
    page.line(page.label("添加履历", 0))
    assert lists.listed(_whole(page.root, _site().history)) == ([] if is_empty else None)


def test_a_heading_that_holds_the_hint_is_one() -> None:
    page = Layout()
    page.heading("过往履历信息（从中学填起，不要间断）")
    page.line(page.label("添加履历", 0))
    assert lists.listed(_whole(page.root, _site().history)) == []


def test_entries_that_open_follow_a_heading_with_its_button_beside_it() -> None:
    heading = block(
        inline(text("家庭成员信息", box=Box(16, 10, 100, 20))),
        block(text("＋ 添加", box=Box(1200, 10, 40, 20)), tag="button"),
        box=Box(0, 6, 1280, 28),
    )
    cells = (_cell(50, "父亲 王示例", "10000009001"), _cell(112, "母亲 李示例", "10000009003"))
    root = block(heading, *cells, _cell(260, "退出登录", ""))
    found = lists.folded(_whole(root, _site().family))
    assert [node.leaves[0].own for node in found] == ["父亲 王示例", "母亲 李示例"]
    assert lists.folded(_whole(block(heading, _cell(260, "退出登录", "")), _site().family)) == []


def test_what_stands_beyond_the_edge_beside_an_entry_opens_no_second_one() -> None:
    def swiped(top: float, words: str) -> Node:
        hidden = block(block(box=Box(1296, top, 28, 20)), tag="button", box=Box(1280, top - 8, 60, 60))
        return block(_cell(top, words, "父亲"), hidden, box=Box(0, top - 8, 1340, 60))

    root = block(
        block(text("家庭成员信息", box=Box(16, 10, 100, 20))),
        swiped(40, "王示例"),
        swiped(110, "李示例"),
        block(text("添加", box=Box(16, 230, 30, 20)), tag="button"),
    )
    found = lists.folded(_whole(root, _site().family))
    assert [node.leaves[0].own for node in found] == ["王示例", "李示例"]


def _item(left: float, words: str, **more: Any) -> Node:
    """One of the items at the foot of a page, with a dot behind its words."""
    return block(
        text(words, box=Box(left, 180, 40, 14)),
        inline(tag="i", box=Box(left + 44, 180, 12, 14)),
        box=Box(left, 170, 300, 50),
        **more,
    )


@pytest.mark.parametrize(
    "over",
    [
        pytest.param([_item(0, "首页"), _item(320, "我的")], id="beside one another"),
        pytest.param([_item(0, "我的", role="tab")], id="a tab"),
        pytest.param([_item(0, "我的", href="/mine")], id="a link"),
        pytest.param([_item(0, "我的", href="#/mine")], id="a link inside the page"),
    ],
)
def test_what_lies_over_a_page_and_may_lead_away_is_no_entry(over: list[Node]) -> None:
    heading = block(text("家庭成员信息", box=Box(16, 10, 100, 20)))
    button = block(text("添加", box=Box(16, 230, 30, 20)), tag="button")
    root = block(heading, *over, button)
    assert lists.folded(_whole(root, _site().family)) == []
    assert lists.arrowed(_whole(root, _site().family)) == over


def test_an_entry_stands_in_the_part_of_the_page_that_is_its_group() -> None:
    heading = block(text("家庭成员信息", box=Box(16, 10, 100, 20)))
    button = block(text("添加", box=Box(16, 230, 30, 20)), tag="button")
    apart = block(block(heading, button), block(_item(0, "我的")))
    assert lists.arrowed(_whole(apart, _site().family)) == []


def test_heads_of_an_empty_table_beside_other_heads_are_no_card() -> None:
    """As recorded: the rows stand in a table of their own below, and behind the last label the head of the buttons."""
    labels = [labels[0] for labels in _site().family.labels.values()]
    cells = [
        block(
            text(words, box=Box(257 + 120 * n, 742, 28, 15)), tag="th", box=Box(245 + 120 * n, 718, 120, 63)
        )
        for n, words in enumerate((*labels, "操作"))
    ]
    head = block(
        block(*cells, tag="tr", box=Box(245, 718, 1290, 63)), tag="table", box=Box(245, 718, 1290, 63)
    )
    empty = block(text("暂无记录", box=Box(717, 803, 56, 15)), box=Box(245, 781, 1000, 60))
    root = block(block(head, box=Box(245, 718, 1000, 63)), block(block(tag="table"), empty))
    assert lists.listed(_whole(root, _site().family)) == []


@pytest.mark.parametrize(
    ("hint", "size", "found"),
    [
        ("从中学填起，不要间断", 12, 1),
        ("自愿填写", 12, 1),
        ("从中学填起，不要间断", 20, 0),
        ("家庭成员信息", 12, 0),
        ("填写", 12, 0),
    ],
    ids=["small", "may be left out", "as large", "no sentence", "to be pressed"],
)
def test_a_heading_with_a_sentence_in_small_letters_behind_it(hint: str, size: int, found: int) -> None:
    line = block(
        inline(text("过往履历信息", box=Box(0, 0, 120, 20))), inline(text(hint, box=Box(120, 0, 150, size)))
    )
    assert len(groups.heading_lines(block(line), _site().history.heading)) == found


def _stay(at: float, *said: str) -> Node:
    places = [Box(40, at + 20 * n, 200, 18) for n in range(len(said))]
    lines = [block(text(words, box=box), box=box) for words, box in zip(said, places, strict=True)]
    button = block(text("修改", box=Box(300, at, 28, 18)), tag="button", box=Box(300, at, 40, 18))
    return block(*lines, button, box=Box(40, at, 300, 40))


@pytest.mark.parametrize("stays", [1, 2])
def test_entries_that_show_what_they_like_are_those_with_a_button_each(stays: int) -> None:
    words = _site().history
    head = block(
        block(text("过往履历信息", box=Box(20, 100, 120, 20))), block(text("添加", box=Box(400, 100, 40, 20)))
    )
    shown = [
        _stay(140, "2011-09 ~ 2014-06", "平原市第三中学（学生）"),
        _stay(200, "2014-07 ~ 至今", "测量员"),
    ]
    root = block(head, block(*shown[:stays]))
    found = lists.edited(groups.EntryGroup(root, words, 100, 1000))
    assert [node.text for node in found] == [node.text for node in shown[:stays]]
    form = block(root, block(tag="input", type="text", box=Box(500, 300, 90, 20)))
    assert lists.edited(groups.EntryGroup(form, words, 100, 1000)) == []
    saved_together = block(head, block(text("修改", box=Box(400, 300, 40, 20)), tag="button"))
    assert lists.edited(groups.EntryGroup(saved_together, words, 100, 1000)) == []


def _among_titles(*below: Node) -> Node:
    names = ("基本信息", "家庭成员信息", "过往履历信息")
    titles = [block(text(name, box=Box(100.0 * n, 20, 90, 20))) for n, name in enumerate(names)]
    return block(block(*titles), *below)


def test_a_title_among_others_side_by_side_is_a_tab_or_a_step() -> None:
    site = _site()
    others = (*site.family.heading, *site.history.heading)
    title = groups.title_in_row(_among_titles(), site.history, others)
    assert title is not None
    assert title.words == "过往履历信息"
    heads = [
        block(text(name, box=Box(0, at, 90, 20))) for name, at in (("家庭成员信息", 0), ("过往履历信息", 300))
    ]
    assert groups.title_in_row(block(*heads), site.history, others) is None
    assert groups.title_in_row(_among_titles(*heads), site.history, others) is None


def _beside_titles(*shown: Node) -> Node:
    names = ("基本信息", "家庭成员信息", "过往履历信息")
    titles = [block(text(name, box=Box(0, 20 + 40.0 * n, 90, 20))) for n, name in enumerate(names)]
    return block(block(*titles, box=Box(0, 20, 90, 120)), block(*shown, box=Box(200, 20, 900, 400)))


def test_a_title_among_others_one_below_another_beside_the_page_is_a_tab() -> None:
    site = _site()
    others = (*site.family.heading, *site.history.heading)
    data = [block(text("姓名", box=Box(200, at, 60, 20))) for at in (62, 100, 140)]
    title = groups.title_in_row(_beside_titles(*data), site.family, others)
    assert title is not None
    assert title.box.y == 60
    head = block(text("家庭成员信息", box=Box(200, 20, 90, 20)))
    root = _beside_titles(head, *data)
    assert groups.title_in_row(root, site.family, others) is None
    assert groups.find_group(root, site.family, others) == groups.EntryGroup(root, site.family, 20)
    root = _beside_titles(*data)
    assert groups.find_group(root, site.history, others) == groups.EntryGroup(root, site.history, 20)


@pytest.mark.parametrize(("room", "found"), [(60.0, True), (4.0, False)], ids=["titles", "a sentence"])
def test_titles_on_one_line_stand_far_apart(room: float, found: bool) -> None:
    site = _site()
    names = ("基本信息", "家庭成员信息", "过往履历信息")
    titles = [
        inline(text(name, box=Box((90 + room) * n, 20, 90, 20)), tag="li") for n, name in enumerate(names)
    ]
    others = (*site.family.heading, *site.history.heading)
    title = groups.title_in_row(block(block(*titles, tag="ul")), site.history, others)
    assert (title is not None) is found


def test_what_a_group_alone_has_tells_that_it_is_shown_below_the_titles() -> None:
    words = _site().history
    own = [block(text(label, box=Box(0, at, 90, 20))) for label, at in (("开始时间", 60), ("证明人", 90))]
    shared = [block(text(label, box=Box(0, at, 90, 20))) for label, at in (("职务", 60), ("姓名", 90))]
    elsewhere = ["姓名", "职务"]
    assert entry_fields.shows_labels(groups.EntryGroup(_among_titles(*own), words, 20, 1000), elsewhere)
    assert not entry_fields.shows_labels(
        groups.EntryGroup(_among_titles(*shared), words, 20, 1000), elsewhere
    )
