"""个人信息核对 read in several layouts: its fields, what nobody knows, whether it was submitted, where to write and tick."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.snapshot.tree import Box, Node
from flows.profiles.schema import load
from flows.profiles.site_words import LzuSite
from flows.sites.lzu import registration
from flows.sites.lzu.registration import Registration
from tests.harness.trees import block, inline, table, text

ENOUGH = 4
FIELDS = {
    "姓名": "白示例",
    "性别": "男",
    "出生日期": "2002-01-17",
    "民族": "汉族",
    "政治面貌": "共青团员",
    "证件号码": "620000200201173576",
    "专业": "大气科学",
}
REMARK = "专业：原：应用气象学 改：大气科学；出生日期：原：2002-01-07 改：2002-01-17"


def _site() -> LzuSite:
    site = load("lzu-2024").sites.lzu
    assert site is not None
    return site


def _read(*parts: Node) -> Registration | None:
    return registration.read(block(*parts, tag="body"), _site(), ENOUGH)


def _area(value: str, **parts: object) -> Node:
    return Node("textarea", box=Box(100, 500, 300, 60), value=value, inline=True, **parts)  # type: ignore[arg-type]


def _asked(value: str = "", box: bool = False) -> tuple[Node, ...]:
    """核对备注 and 我确认, as the page has them before it is submitted."""
    tick = Node("input", box=Box(0, 600, 13, 13), type="checkbox", checked=box, label="我确认", inline=True)
    return (
        block(block("核对备注", tag="td"), block(_area(value), tag="td"), tag="tr"),
        block("勾选“我确认”后点击提交即可。核对备注要写明修改前后。"),
        block(tick, "我确认"),
    )


def _rows(fields: dict[str, str]) -> Node:
    return table(*([label, value] for label, value in fields.items()))


def _pairs(fields: dict[str, str]) -> Node:
    cells = [cell for pair in fields.items() for cell in pair]
    cells += ["", ""] if len(fields) % 2 else []
    return table(*(cells[at : at + 4] for at in range(0, len(cells), 4)))


def _list(fields: dict[str, str]) -> Node:
    lines = [
        block(f"{label}：{value}", tag="li", box=Box(10, 30.0 * at))
        for at, (label, value) in enumerate(fields.items())
    ]
    return block(*lines, tag="ul")


def _terms(fields: dict[str, str]) -> Node:
    terms = [
        node
        for at, (label, value) in enumerate(fields.items())
        for node in (
            block(label, tag="dt", box=Box(0, 40.0 * at, 90, 30)),
            block(value, tag="dd", box=Box(100, 40.0 * at, 200, 30)),
        )
    ]
    return block(*terms, tag="dl")


LAYOUTS = {"rows": _rows, "pairs": _pairs, "list": _list, "terms": _terms}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_field_is_read_and_an_unknown_one_is_kept(layout: str) -> None:
    read = _read(LAYOUTS[layout]({**FIELDS, "生源地": "甘肃省兰州市"}), *_asked())
    assert read is not None
    assert list(read.values.values()) == [
        FIELDS[label] for label in ("姓名", "性别", "出生日期", "民族", "政治面貌", "证件号码", "专业")
    ]
    assert read.others == {"生源地": "甘肃省兰州市"}
    assert (read.submitted, read.remark, read.box and read.box.checked) == (False, "", False)
    assert read.remark_field is not None


def test_what_is_written_in_the_remark_is_no_field() -> None:
    wrong = {**FIELDS, "专业": "应用气象学"}
    typed = _read(_rows(wrong), *_asked(REMARK, box=True))
    assert typed is not None
    assert (typed.remark, typed.values["major"], typed.others) == (REMARK, "应用气象学", {})
    above = _read(
        block(block("核对备注", tag="h4"), block(REMARK, tag="p")), _rows(wrong), block("核对状态：已提交")
    )
    assert above is not None
    assert (above.submitted, above.remark, above.values["major"]) == (True, REMARK, "应用气象学")
    assert above.remark_field is None


@pytest.mark.parametrize(
    ("said", "submitted"),
    [
        ("核对状态：已提交（2024-04-01 10:22）", True),
        ("核对状态：未提交", False),
        ("已提交！", True),
        ("您已提交", True),
        ("已提交的同学无需重复提交。", False),
        ("请确认后提交成功为止", False),
        ("已核对，未提交", False),
        ("核对状态：已核对（未提交）", False),
        ("已提交：否", False),
        ("已确认（0/1）", True),
        ("核对状态：已提交（已退回）", False),
        ("已提交，审核不通过，请修改后重新提交", False),
        ("已提交，待学院审核", True),
        ("已提交（待审核）", True),
        ("已提交，如需撤回请联系学院", True),
    ],
)
def test_it_is_submitted_only_where_it_says_so(said: str, submitted: bool) -> None:
    read = _read(block(said), _rows(FIELDS), *_asked())
    assert read is not None
    assert read.submitted is submitted


@pytest.mark.parametrize(("said", "submitted"), [("已提交（2024-04-01）", True), ("未提交", False)])
def test_the_state_may_stand_right_beside_the_pages_name(said: str, submitted: bool) -> None:
    words = ("个人信息核对", "核对状态：", said)
    line = [text(word, box=Box(100.0 * at, 5, 100, 16)) for at, word in enumerate(words)]
    read = _read(block(*line), _rows(FIELDS), *_asked())
    assert read is not None
    assert read.submitted is submitted


def test_a_page_that_says_only_that_it_was_submitted_is_enough() -> None:
    read = _read(
        block("个人信息核对", tag="h3"), block("核对状态：", inline("已提交")), block("核对备注：无")
    )
    assert read == Registration(values={}, submitted=True)


@pytest.mark.parametrize(
    "parts",
    [
        (block("个人信息核对"), block("开始核对", tag="a")),
        (_rows(FIELDS),),
        (_rows({"姓名": "白示例", "性别": "男"}), *_asked()),
    ],
    ids=["notice", "record elsewhere", "too few"],
)
def test_another_page_is_not_taken_for_it(parts: tuple[Node, ...]) -> None:
    assert _read(*parts) is None


def test_a_list_to_choose_from_is_told_and_a_locked_one_is_not() -> None:
    def chosen(disabled: bool) -> Node:
        return Node("select", value="共青团员", inline=True, disabled=disabled, box=Box(50, 700, 80, 20))

    for disabled in (False, True):
        rest = {label: value for label, value in FIELDS.items() if label != "政治面貌"}
        row = block(block("政治面貌", tag="td"), block(chosen(disabled), tag="td"), tag="tr")
        read = _read(_rows(rest), row, *_asked())
        assert read is not None
        assert read.values["party"] == "共青团员"
        assert ("party" in read.lists) is not disabled


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        (["box", "我确认"], True),
        (["我确认", "box", "核对后请勾选"], True),
        (["box", "不再提示", "box", "我确认"], True),
        (["box", "不再提示"], False),
        (["box", "我确认", "box", "我确认"], False),
    ],
)
def test_the_one_box_of_our_words_is_found(parts: list[str], found: bool) -> None:
    places = [Box(60.0 * at, 600, 50, 20) for at in range(len(parts))]
    nodes = [
        Node("input", box=place, type="checkbox", checked=False, inline=True)
        if part == "box"
        else Node("#text", own=part, box=place, inline=True)
        for part, place in zip(parts, places, strict=True)
    ]
    read = _read(_rows(FIELDS), block(_area("")), block("核对备注"), block(*nodes))
    assert read is not None
    assert (read.box is not None) is found


@given(
    st.lists(st.sampled_from([*FIELDS, "生源地", "宿舍"]), unique=True, min_size=5),
    st.sampled_from(list(LAYOUTS)),
)
def test_no_label_with_a_value_is_lost(labels: list[str], layout: str) -> None:
    fields = {label: FIELDS.get(label, f"示例{label}") for label in labels}
    read = _read(LAYOUTS[layout](fields), *_asked())
    known = [label for label in labels if label in FIELDS]
    if len(known) < ENOUGH:
        return
    assert read is not None
    assert sorted([*read.values.values(), *read.others.values()]) == sorted(fields.values())
