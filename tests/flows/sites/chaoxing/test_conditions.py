"""毕业条件: the notice's own fourteen rows in many layouts, with its traps, its blank and its colours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from agent.browser.frames.frame_reader import SNAPSHOT
from agent.errors import SiteChanged
from agent.snapshot import tree
from agent.snapshot.tree import Box, Node
from flows.profiles.schema import Profile, load
from flows.profiles.site_words import ConditionsWords, StatusWords
from flows.sites.chaoxing import conditions
from flows.sites.chaoxing.condition_status import meaning
from flows.sites.chaoxing.conditions import Conditions
from flows.sites.site_messages import takes_back
from tests.harness.notice import BATCH, NOTICE, SCOPE
from tests.harness.trees import block, inline, table, text

Rows = Sequence[tuple[str, str]]

HEAD = f"<h3>毕业条件</h3><p>当前毕业批次：{BATCH}</p><p>毕业审核的学生范围为：{SCOPE}</p>"
FOOT = "<div>说明：以上条件全部满足后方可毕业，如有疑问请联系教学点。</div>"
COLOUR = {"已": "blue", "未": "red"}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One window for the whole module."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def profile() -> Profile:
    """The notice."""
    return load("xjtu-2024-07")


@pytest.fixture(scope="module")
def words(profile: Profile) -> ConditionsWords:
    """What the page calls things."""
    assert profile.sites.chaoxing is not None
    return profile.sites.chaoxing.conditions


# -- layouts -------------------------------------------------------------------------------------------------------------


def _tinted(status: str, style: str = "color:{}") -> str:
    colour = COLOUR.get(status[:1])
    return f"<span style='{style.format(colour)}'>{status}</span>" if colour else status


def _twos(rows: Rows) -> list[Rows]:
    return [rows[start : start + 2] for start in range(0, len(rows), 2)]


def _each(rows: Rows, template: str, style: str = "color:{}") -> str:
    return "".join(template.format(name=name, status=_tinted(status, style)) for name, status in rows)


def _as_in_the_notice(rows: Rows) -> str:
    cell = "<td>毕业要求：{name} 当前状态：{status}</td>"
    return f"<table>{''.join(f'<tr>{_each(two, cell)}</tr>' for two in _twos(rows))}</table>"


def _as_cells(rows: Rows) -> str:
    return f"<table>{_each(rows, '<tr><td>毕业要求：</td><td>{name}</td><td>当前状态：</td><td>{status}</td></tr>')}</table>"


def _as_cells_two_per_row(rows: Rows) -> str:
    cells = "<td>毕业要求</td><td>{name}</td><td>当前状态</td><td>{status}</td>"
    return f"<table>{''.join(f'<tr>{_each(two, cells)}</tr>' for two in _twos(rows))}</table>"


def _as_lines(rows: Rows) -> str:
    return _each(rows, "<p>毕业要求：{name} 当前状态：{status}</p>")


def _as_broken_lines(rows: Rows) -> str:
    return f"<div>{_each(rows, '毕业要求：{name}<br>当前状态：{status}<br>')}</div>"


def _as_list(rows: Rows) -> str:
    return f"<ul>{_each(rows, '<li><span>毕业要求：{name}</span> <span>当前状态：{status}</span></li>')}</ul>"


def _as_list_of_blocks(rows: Rows) -> str:
    return f"<ul>{_each(rows, '<li><div>毕业要求：{name}</div><div>当前状态：{status}</div></li>')}</ul>"


def _as_definitions(rows: Rows) -> str:
    return f"<dl>{_each(rows, '<dt>毕业要求：{name}</dt><dd>当前状态：{status}</dd>')}</dl>"


def _as_cards(rows: Rows) -> str:
    card = "<div style='float:left;width:45%;border:1px solid'><p>毕业要求：<b>{name}</b></p><p>当前状态：{status}</p></div>"
    return f"{_each(rows, card)}<div style='clear:both'></div>"


def _as_badges(rows: Rows) -> str:
    line = "<div style='display:flex'><div>毕业要求：</div><div>{name}</div><div>当前状态：</div><div>{status}</div></div>"
    return _each(rows, line, "color:#fff;padding:2px;background:{}")


def _as_columns(rows: Rows) -> str:
    head = "<thead><tr><th>毕业要求</th><th>当前状态</th></tr></thead>"
    return f"<table border>{head}<tbody>{_each(rows, '<tr><td>{name}</td><td>{status}</td></tr>')}</tbody></table>"


def _as_columns_among_others(rows: Rows) -> str:
    head = "<tr><th>序号</th><th>毕业要求</th><th>当前状态</th><th>操作</th></tr>"
    body = "".join(
        f"<tr><td>{number}</td><td>{name}</td><td>{_tinted(status)}</td><td><a href='#'>查看</a></td></tr>"
        for number, (name, status) in enumerate(rows, start=1)
    )
    return f"<table border width=900>{head}{body}</table>"


def _as_columns_of_plain_cells(rows: Rows) -> str:
    body = _each(rows, "<tr><td>{name}</td><td align=center>{status}</td></tr>")
    return f"<table border width=900><tr><td>毕业要求</td><td align=center>当前状态</td></tr>{body}</table>"


def _as_columns_two_per_row(rows: Rows) -> str:
    head = "<th>毕业要求</th><th>当前状态</th>" * 2
    body = "".join(f"<tr>{_each(two, '<td>{name}</td><td>{status}</td>')}</tr>" for two in _twos(rows))
    return f"<table border width=1000><tr>{head}</tr>{body}</table>"


def _as_columns_with_a_fixed_head(rows: Rows) -> str:
    """Two tables, as the common table widgets lay them out so that the head stays while the body scrolls."""
    columns = "<colgroup><col width=400><col width=200></colgroup>"
    body = _each(rows, "<tr><td>{name}</td><td>{status}</td></tr>")
    head = f"<div><table width=600 style='table-layout:fixed'>{columns}<tr><th>毕业要求</th><th>当前状态</th></tr></table></div>"
    return f"{head}<div><table width=600 style='table-layout:fixed'>{columns}{body}</table></div>"


def _as_columns_in_groups(rows: Rows) -> str:
    """Each group a table of its own under a line that names it, and the head in a table before them all."""
    columns = "<colgroup><col width=400><col width=200></colgroup>"
    start = f"<table width=600 style='table-layout:fixed'>{columns}"
    cells = "<tr><td><div>{name}</div></td><td><div>{status}</div></td></tr>"
    body = "".join(
        f"<div style='height:22px'><span>{title}</span></div>{start}{_each(group, cells)}</table>"
        for title, group in (("基本条件", rows[:2]), ("其他条件", rows[2:]))
    )
    return f"<div>{start}<tr><td>毕业要求</td><td>当前状态</td></tr></table></div><div>{body}</div>"


def _as_a_grid(rows: Rows) -> str:
    body = _each(rows, "<div role=row style='display:flex'><div role=cell style='width:400px'>{name}</div>"
                       "<div role=cell style='width:200px'>{status}</div></div>")  # fmt: skip
    return (
        "<div role=row style='display:flex'><div role=columnheader style='width:400px'>毕业要求</div>"
        f"<div role=columnheader style='width:200px'>当前状态</div></div>{body}"
    )


LAYOUTS: tuple[Callable[[Rows], str], ...] = (
    _as_in_the_notice,
    _as_cells,
    _as_cells_two_per_row,
    _as_lines,
    _as_broken_lines,
    _as_list,
    _as_list_of_blocks,
    _as_definitions,
    _as_cards,
    _as_badges,
    _as_columns,
    _as_columns_among_others,
    _as_columns_of_plain_cells,
    _as_columns_two_per_row,
    _as_columns_with_a_fixed_head,
    _as_columns_in_groups,
    _as_a_grid,
)


def _name(layout: Callable[[Rows], str]) -> str:
    return layout.__name__.removeprefix("_as_")


every_layout = pytest.mark.parametrize("layout", LAYOUTS, ids=_name)


class Reader:
    """Reads a page of conditions as the program does."""

    def __init__(self, page: Page, words: ConditionsWords, profile: Profile) -> None:
        self._page, self._place, self._profile = page, words, profile

    def __call__(self, body: str) -> Conditions:
        """Show a page's body and read it."""
        self._page.set_content(f"<!doctype html><body>{body}</body>")
        root = tree.parse(self._page.wait_for_function(SNAPSHOT).json_value()).root
        return conditions.read(root, self._place, self._profile)


@pytest.fixture
def read(page: Page, words: ConditionsWords, profile: Profile) -> Reader:
    """A reader."""
    return Reader(page, words, profile)


def _pairs(found: Conditions) -> list[tuple[str, str]]:
    return [(row.name, row.status_text) for row in found.rows]


@every_layout
def test_the_notices_rows_come_back_exactly(layout: Callable[[Rows], str], read: Reader) -> None:
    found = read(HEAD + layout(NOTICE))
    assert _pairs(found) == list(NOTICE)
    assert [row.position for row in found.rows] == list(range(1, 15))
    assert (found.batch, found.scope) == (BATCH, SCOPE)
    assert found.fallback is None


@every_layout
def test_the_word_decides_and_the_colour_is_reported(layout: Callable[[Rows], str], read: Reader) -> None:
    found = read(HEAD + layout(NOTICE))
    assert {row.status for row in found.rows if row.colour == "blue"} == {"met"}
    assert {row.status for row in found.rows if row.colour == "red"} == {"unmet"}
    assert [(row.status, row.colour) for row in found.rows if not row.status_text] == [("unknown", None)]
    assert [found.count(status) for status in ("met", "unmet", "unknown")] == [5, 8, 1]


@every_layout
def test_what_follows_the_rows_is_no_status(layout: Callable[[Rows], str], read: Reader) -> None:
    """The notice's last status is blank, and something always stands below."""
    assert _pairs(read(HEAD + layout(NOTICE) + FOOT)) == list(NOTICE)


@every_layout
def test_blanks_anywhere_stay_blank(layout: Callable[[Rows], str], read: Reader) -> None:
    rows = [(name, "" if place in (0, 5, 6) else status) for place, (name, status) in enumerate(NOTICE)]
    assert _pairs(read(HEAD + layout(rows))) == rows


@every_layout
def test_equal_names_stay_two_rows_and_an_odd_number_is_read(
    layout: Callable[[Rows], str], read: Reader
) -> None:
    rows = [("学费已缴清", "已完成"), ("平台信息已确认", "未确认"), ("学费已缴清", "未完成")]
    assert _pairs(read(HEAD + layout(rows))) == rows


@every_layout
def test_notes_and_unknown_words_are_kept_as_shown(layout: Callable[[Rows], str], read: Reader) -> None:
    rows = [
        ("毕业（教学计划）总学分条件", "未完成（差2分）"),
        ("毕业生登记表已提交", "审核退回"),
        ("学费已缴清", "已完成 (2024-06-01)"),
        ("一项新的要求", "已完成"),
    ]
    found = read(HEAD + layout(rows))
    assert _pairs(found) == rows
    assert [row.status for row in found.rows] == ["unmet", "unknown", "met", "met"]


# -- pages that say less -------------------------------------------------------------------------------------------------


def test_without_labels_the_notices_own_names_are_looked_for_and_that_is_said(read: Reader) -> None:
    body = f"<table>{_each(NOTICE, '<tr><td>{name}</td><td>{status}</td></tr>')}</table>"
    found = read(body)
    assert _pairs(found) == list(NOTICE)
    assert found.fallback is not None
    assert (found.batch, found.scope) == (None, None)


@pytest.mark.parametrize(
    "body", ["", "<p>毕业条件</p>", "<p>毕业要求：学费已缴清</p>", "<p>当前状态：已完成</p>"]
)
def test_a_page_without_pairs_has_changed(body: str, read: Reader) -> None:
    with pytest.raises(SiteChanged, match="毕业条件"):
        read(body)


def test_names_and_statuses_that_do_not_pair_up_are_not_guessed(read: Reader) -> None:
    with pytest.raises(SiteChanged, match="2 个名称"):
        read("<p>毕业要求：学费已缴清</p><p>毕业要求：平台信息已确认 当前状态：未确认</p>")


def test_a_condition_about_conditions_is_read_by_its_place(words: ConditionsWords, profile: Profile) -> None:
    """A name may hold any of the words that a status is made of."""
    root = table(["毕业要求：", "当前状态是否已确认", "当前状态：", "已确认"])
    assert _pairs(conditions.read(root, words, profile)) == [("当前状态是否已确认", "已确认")]


# -- meaning -------------------------------------------------------------------------------------------------------------

WORDS = StatusWords(
    met=("已完成",), unmet=("未完成", "未通过"), pending=("审核中",), not_applicable=("无需办理",)
)


@pytest.mark.parametrize(
    ("shown", "means"),
    [
        ("已完成", "met"),
        ("已 完 成", "met"),
        ("已完成（2024-06-01）", "met"),
        ("已完成(免修)", "met"),
        ("未完成【差2分】", "unmet"),
        ("未通过[2门]", "unmet"),
        ("√已完成", "met"),
        ("✔ 已完成", "met"),
        ("● 未完成", "unmet"),
        ("已完成。", "met"),
        ("未通过！", "unmet"),
        ("已完成 >>", "met"),
        ("×已完成", "unknown"),
        ("✗ 已完成", "unknown"),
        ("已完成？", "unknown"),
        ("√", "unknown"),
        ("审核中", "pending"),
        ("无需办理", "not_applicable"),
        ("", "unknown"),
        ("（未完成）", "unmet"),
        ("[已完成]", "met"),
        ("[]", "unknown"),
        ("未完成已完成", "unknown"),
        ("不是已完成", "unknown"),
        ("已完成1", "unknown"),
        ("完成", "unknown"),
    ],
)
def test_only_a_listed_word_has_a_meaning(shown: str, means: str) -> None:
    assert meaning(shown, WORDS) == means


@pytest.mark.parametrize(
    ("sign", "means"), [("√", "met"), ("☑", "met"), ("×", "unmet"), ("☐", "unmet"), ("●", "unknown")]
)
def test_a_tick_or_a_cross_alone_is_a_word_of_the_platform(
    sign: str, means: str, words: ConditionsWords
) -> None:
    assert meaning(sign, words.statuses) == means


@pytest.mark.parametrize(
    ("signs", "told"), [("☑☐☑", ["☑", "☐", "☑"]), ("✓✓✓", ["", "", ""])], ids=["signs", "points of a list"]
)
def test_signs_before_bare_names_are_told_where_they_differ(
    signs: str, told: list[str], words: ConditionsWords, profile: Profile
) -> None:
    names = ("学费已缴清", "平台信息已确认", "入学图像比对结果")
    root = block(*(block(text(f"{sign} {name}")) for sign, name in zip(signs, names, strict=True)))
    assert _pairs(conditions.read(root, words, profile)) == list(zip(names, told, strict=True))


def test_a_known_word_before_a_bare_name_is_its_status(words: ConditionsWords, profile: Profile) -> None:
    rows = [("学费已缴清", "已达标"), ("平台信息已确认", "未达标"), ("入学图像比对结果", "已达标")]
    root = block(*(block(inline(status), inline(name)) for name, status in rows))
    assert _pairs(conditions.read(root, words, profile)) == rows


def test_names_under_a_state_that_counts_them_have_it(words: ConditionsWords, profile: Profile) -> None:
    names = ("学费已缴清", "平台信息已确认", "入学图像比对结果")
    said = ("未完成（1）", names[0], "已完成（2）", *names[1:], "待审核（0）")
    read = _pairs(conditions.read(block(*(block(text(line)) for line in said)), words, profile))
    assert read == [(names[0], "未完成"), (names[1], "已完成"), (names[2], "已完成")]


def test_a_state_above_one_name_is_not_that_of_the_next(words: ConditionsWords, profile: Profile) -> None:
    said = (("未完成", "学费已缴清"), ("已完成", "平台信息已确认"), ("", "入学图像比对结果"))
    root = block(*(block(*(block(text(line)) for line in entry if line), tag="li") for entry in said))
    assert [status for _, status in _pairs(conditions.read(root, words, profile))][2] == ""


def test_the_label_of_a_filter_over_the_names_heads_no_statuses(
    words: ConditionsWords, profile: Profile
) -> None:
    """It is named like the column."""
    rows = [("学费已缴清", "缴费", "达成"), ("平台信息已确认", "信息", "未达成")]
    sheet = table(("条件", "类型", "达成情况"), *rows, head=True)
    search = block(text("达成情况", box=Box(30, -40, 60, 20)), block(text("查询", box=Box(300, -40, 60, 20))))
    read = _pairs(conditions.read(block(search, sheet), words, profile))
    assert read == [(name, status) for name, _, status in rows]


@pytest.mark.parametrize("said", ["当前毕业批次：2024年7月", "（毕业条件　当前毕业批次：2024年7月）"])
def test_the_page_is_told_by_its_landmark_behind_a_blank_too(said: str, words: ConditionsWords) -> None:
    assert conditions.is_shown(block(text(said)), words)


NOTES = (
    "审核不通过 未审核 待审核 审核中 退回 已驳回 不合格 照片有误 未提交 存疑 已过期 已失效 已撤销 作废 不符合要求 部分 50% × 未通过"
    " 未达到65分 待比对"
)


@pytest.mark.parametrize("note", NOTES.split())
def test_a_note_that_takes_the_word_back_leaves_it_without_a_meaning(note: str) -> None:
    assert meaning(f"已完成（{note}）", WORDS) == "unknown"
    assert meaning(f"未完成（{note}）", WORDS) == "unmet"


@pytest.mark.parametrize(
    "note", ["审核通过", "无误", "100%", "共5门", "无不及格课程", "2024-06-01 未修改", "不可修改", "第1次"]
)
def test_a_note_that_does_not_leaves_the_word_its_meaning(note: str) -> None:
    assert meaning(f"已完成（{note}）", WORDS) == "met"


@given(st.text(), st.text())
def test_a_note_never_changes_the_meaning(word: str, note: str) -> None:
    if not set(word) & set("（(【[") and not takes_back(note):
        assert meaning(f"{word}（{note}）".replace("\n", " "), WORDS) == meaning(
            word.replace("\n", " "), WORDS
        )


def test_a_single_pair_is_read_without_a_browser(words: ConditionsWords, profile: Profile) -> None:
    root = block(block(text("毕业要求：学费已缴清 当前状态："), text("已完成", colour="rgb(0, 0, 255)")))
    (row,) = conditions.read(root, words, profile).rows
    assert (row.name, row.status_text, row.status, row.colour) == ("学费已缴清", "已完成", "met", "blue")


DESCRIPTIONS = {
    "a label cell and a content cell": "<tr><th>毕业要求：{0}</th><td>当前状态：<span>{1}</span></td></tr>",
    "boxes of two lines": "<tr><td><div><span style='display:inline-flex'>毕业要求：{0}：</span>"
    "<span style='display:inline-flex'>当前状态：<span>{1}</span></span></div></td></tr>",
    "the value in a third cell": "<tr><td>毕业要求：{0}</td><td>当前状态：</td><td><span>{1}</span></td></tr>",
    "both labels in one cell": "<tr><td>毕业要求：{0}　当前状态：</td><td><span>{1}</span></td></tr>",
    "the label below the name": "<tr><td><div style='display:flex'><div><span>毕业要求：{0}</span><div>当前状态：</div></div>"
    "<div><b>{1}</b></div></div></td></tr>",
}
STATED = [
    ("毕业论文成绩合格", "已完成"),
    ("学费已缴清", "未完成"),
    ("照片已上传", ""),
    ("平台信息已确认", "未确认"),
]


@pytest.mark.parametrize("shape", DESCRIPTIONS)
def test_a_status_beside_its_label_is_never_told_as_blank(shape: str, read: Reader) -> None:
    rows = "".join(DESCRIPTIONS[shape].format(*row) for row in STATED)
    assert _pairs(read(f"{HEAD}<table>{rows}</table>{FOOT}")) == STATED


@pytest.mark.parametrize("both", ["毕业要求 / 当前状态", "毕业要求／当前状态", "毕业要求 | 当前状态"])
def test_a_heading_that_names_both_is_no_status_of_the_list_below_it(both: str, read: Reader) -> None:
    cells = "".join(
        f"<li style='display:flex'><div style='flex:1'>{name}</div><div style='flex:1'>{status}</div></li>"
        for name, status in NOTICE
    )
    assert _pairs(read(f"{HEAD}<div>{both}</div><ul>{cells}</ul>")) == list(NOTICE)


def test_a_line_over_a_list_that_names_both_sides_is_no_entry_of_it(read: Reader) -> None:
    line = "<div style='display:flex;justify-content:space-between;padding:8px'>"
    arrow = "<i style='flex:none;width:12px;height:12px'></i>"
    entry = (
        f"<div>{line}<div style='flex:1'>{{name}}</div><div><span>{{status}}</span></div>{arrow}</div></div>"
    )
    heads = f"{line}<span>毕业要求</span><span>当前状态</span></div>"
    found = read(f"{HEAD}{heads}<div>{_each(NOTICE, entry)}</div>")
    assert _pairs(found) == list(NOTICE)
    assert found.fallback


def test_names_above_their_statuses_are_no_column_headers(read: Reader) -> None:
    rows = "".join(
        f"<tr><th>毕业要求：{a}</th><th>毕业要求：{c}</th></tr><tr><td>当前状态：{b}</td><td>当前状态：{d}</td></tr>"
        for (a, b), (c, d) in zip(STATED[::2], STATED[1::2], strict=True)
    )
    assert _pairs(read(f"{HEAD}<table>{rows}</table>{FOOT}")) == STATED


def test_where_more_statuses_than_known_names_have_labels_no_row_is_left_out(read: Reader) -> None:
    rows = "".join(
        f"<tr><th>{name}</th><td>当前状态：{status}</td></tr>"
        for name, status in [*STATED, ("新要求", "未完成")]
    )
    with pytest.raises(SiteChanged):
        read(f"{HEAD}<table>{rows}</table>")


def test_a_recorded_status_that_its_markup_parts_from_its_label_is_read(
    words: ConditionsWords, profile: Profile
) -> None:
    name = block("毕业要求：学费已缴清", box=Box(0, 0, 200, 20))
    label = block(text("当前状态：", box=Box(0, 20, 80, 20)), box=Box(0, 20, 200, 20))
    both = block(name, label, box=Box(0, 0, 200, 40))
    value = block(text("未完成", box=Box(210, 10, 60, 20)), box=Box(210, 0, 90, 40))
    root = block(block("毕业条件", tag="h3"), block(both, value, box=Box(0, 0, 300, 40)))
    assert _pairs(conditions.read(root, words, profile)) == [("学费已缴清", "未完成")]


# -- signs and parts -----------------------------------------------------------------------------------------------------


def _sign(title: str) -> Node:
    return Node("span", title=title, background="rgb(34, 170, 119)", box=Box(0, 0, 14, 14), inline=True)


def test_names_in_frozen_columns_go_with_the_statuses_beside_them(
    profile: Profile, words: ConditionsWords
) -> None:
    """The names stand in a copy of the table that stays when it is scrolled; each part hides the other's columns."""
    rows = [("毕业要求", "当前状态"), *NOTICE]

    def part(*shown: int) -> Node:
        cells = [tuple(cell if at in shown else "" for at, cell in enumerate(row)) for row in rows]
        heads, *others = table(*cells, head=True).children
        return block(block(block(heads, tag="table")), block(block(*others, tag="table")))

    read = conditions.read(block(part(1), part(0)), words, profile)
    assert [(row.name, row.status_text) for row in read.rows] == list(NOTICE)


def test_a_frozen_column_of_plain_cells_is_headed_by_the_one_label_over_it(
    profile: Profile, words: ConditionsWords
) -> None:
    """Numbered rows, no header cells, and each part of the table a head of its own over the rows."""

    def part(*rows: Sequence[str]) -> Node:
        heads, *others = table(*rows).children
        return block(block(block(heads, tag="table")), block(block(*others, tag="table")))

    names = part(("", "毕业要求"), *((str(at), name) for at, (name, _) in enumerate(NOTICE, 1)))
    rest = part(("审核部门", "当前状态", "操作"), *(("教务处", status, "查看") for _, status in NOTICE))
    read = conditions.read(block(names, rest), words, profile)
    assert [(row.name, row.status_text) for row in read.rows] == list(NOTICE)


def test_a_copy_that_lies_over_frozen_columns_is_not_read_again(read: Reader) -> None:
    """The whole table, and over it its first columns once more, which stay when it is scrolled."""
    style = "style='table-layout:fixed;border-spacing:0;line-height:20px'"
    head = "<div><table {style} width={width}><tr><th width=400>毕业要求</th>{rest}</tr></table></div>"
    body = "<div><table {style} width={width}>{rows}</table></div>"

    def part(width: int, rest: str, row: str) -> str:
        named = {"style": style, "width": width}
        return head.format(**named, rest=rest) + body.format(**named, rows=_each(NOTICE, row))

    whole = part(
        600, "<th width=200>当前状态</th>", "<tr><td width=400>{name}</td><td width=200>{status}</td></tr>"
    )
    copy = part(400, "", "<tr><td width=400>{name}</td></tr>")
    over = f"<div style='position:absolute;left:0;top:0;background:#fff'>{copy}</div>"
    assert _pairs(read(f"{HEAD}<div style='position:relative'>{whole}{over}</div>")) == list(NOTICE)


@pytest.mark.parametrize("layout", ["entries", "columns"])
def test_a_sign_without_words_says_in_its_title_what_it_means(
    words: ConditionsWords, profile: Profile, layout: str
) -> None:
    shown = (("学费已缴清", "已完成"), ("最多不及格课程数", "未通过"), ("学信网毕业图像比对结果合格", ""))
    if layout == "entries":
        entries = [
            block(block(f"毕业要求：{name}"), block("当前状态：", *([_sign(said)] if said else [])))
            for name, said in shown
        ]
        root = block(*entries)
    else:
        root = table(("毕业要求", "当前状态"), *((name, "") for name, _ in shown), head=True)
        for row, (_, said) in zip(root.children[1:], shown, strict=True):
            row.children[1].children = [_sign(said)] if said else []
    read = conditions.read(block(block(f"当前毕业批次：{BATCH}"), root), words, profile)
    assert [(row.name, row.status_text) for row in read.rows] == list(shown)
    assert [row.colour for row in read.rows] == ["green", "green", None]


def test_parts_of_a_list_are_joined_by_their_names(words: ConditionsWords, profile: Profile) -> None:
    first, further = (
        conditions.read(table(("毕业要求", "当前状态"), *rows, head=True), words, profile)
        for rows in (
            (("学费已缴清", "已完成"), ("毕业条件一", "未完成")),
            (("毕业条件一", "未完成"), ("毕业条件二", "")),
        )
    )
    whole = first.joined(further)
    assert [(row.position, row.name) for row in whole.rows] == [
        (1, "学费已缴清"),
        (2, "毕业条件一"),
        (3, "毕业条件二"),
    ]


def test_of_entries_that_fold_their_status_away_the_open_ones_are_read(
    profile: Profile, words: ConditionsWords
) -> None:
    def entry(name: str, status: str | None) -> Node:
        said = [block(text(f"毕业要求：{name}"), tag="h2")]
        return block(*said, *([block(text(f"当前状态：{status}"))] if status is not None else []))

    root = block(
        entry("学费已缴清", None), entry("平台信息已确认", "未确认"), entry("入学图像比对结果", None)
    )
    with pytest.raises(SiteChanged):
        conditions.read(root, words, profile)
    read = conditions.read_open(root, words, profile)
    assert read
    assert [(row.name, row.status_text, row.status) for row in read.rows] == [
        ("平台信息已确认", "未确认", "unmet")
    ]
    assert conditions.names(root, words) == {"学费已缴清", "平台信息已确认", "入学图像比对结果"}


def test_a_status_that_no_name_stands_before_is_not_guessed(profile: Profile, words: ConditionsWords) -> None:
    root = block(
        *(block(text(line)) for line in ("当前状态：已完成", "毕业要求：学费已缴清", "当前状态：未完成"))
    )
    assert conditions.read_open(root, words, profile) is None


def test_labels_that_nothing_stands_beside_are_no_open_entry(
    profile: Profile, words: ConditionsWords
) -> None:
    root = block(block(text("毕业要求"), tag="td"), block(text("当前状态"), tag="td"), tag="tr")
    assert conditions.read_open(root, words, profile) is None


TREE = (
    "<style>td,th{{white-space:nowrap}}</style><table width=700><tr><th width=500>毕业要求</th><th width=200>当前状态</th></tr>"
    "{}</table>"
)


def test_a_row_that_heads_the_indented_ones_below_it_is_no_condition(read: Reader) -> None:
    """A tree in a table; a blank status of an entry stays one."""
    entry = "<tr><td><span style='display:inline-block;width:32px'></span>{name}</td><td>{status}</td></tr>"
    head = "<tr><td><i style='display:inline-block;width:16px'></i>{}</td><td></td></tr>"
    body = "".join(
        head.format(title) + _each(group, entry)
        for title, group in (("学习要求", NOTICE[:7]), ("照片", NOTICE[7:]))
    )
    assert _pairs(read(HEAD + TREE.format(body))) == list(NOTICE)


@pytest.mark.parametrize("align", ["center", "right"])
def test_the_longest_of_names_that_are_not_aligned_left_heads_nothing(align: str, read: Reader) -> None:
    rows = [("学信网毕业图像比对结果合格（以比对为准）", ""), *NOTICE[:4]]
    body = _each(rows, f"<tr><td align={align}>{{name}}</td><td>{{status}}</td></tr>")
    assert _pairs(read(HEAD + TREE.format(body))) == rows


def test_rows_that_name_groups_of_folded_rows_are_no_open_entries(
    profile: Profile, words: ConditionsWords
) -> None:
    def group(at: int, name: str) -> Node:
        box = Box(0, 30.0 * at, 240, 30)
        return block(block(text(name, box=box), tag="td", box=box), tag="tr", box=box)

    root = table(("毕业要求", "当前状态"), head=True)
    for row in (group(1, "教学类（5 项）"), group(2, "成绩类（4 项）")):
        row.parent = root
        root.children.append(row)
    with pytest.raises(SiteChanged):
        conditions.read(root, words, profile)
    assert conditions.read_open(root, words, profile) is None
    assert not conditions.names(root, words)


@pytest.mark.parametrize("caption", [True, False])
def test_a_status_anywhere_in_an_entry_of_a_known_name_is_its_own(
    caption: bool, profile: Profile, words: ConditionsWords
) -> None:
    """The entry says 毕业要求 in a caption below the name, or its status before it in a corner."""

    def entry(at: int, name: str, status: str) -> Node:
        said = block(text(status, box=Box(600, 60.0 * at, 60, 20)), box=Box(600, 60.0 * at, 60, 20))
        head = block(text(name, box=Box(40, 60.0 * at, 300, 20)))
        below = block(text("毕业要求", box=Box(40, 60.0 * at + 24, 80, 16)))
        return block(*((head, below, said) if caption else (said, head)), tag="li")

    rows = [(name, status) for name, status in NOTICE if status]
    read = conditions.read(block(*(entry(at, *row) for at, row in enumerate(rows)), tag="ul"), words, profile)
    assert [(row.name, row.status_text) for row in read.rows] == rows


def test_an_entry_that_says_two_things_is_not_guessed(profile: Profile, words: ConditionsWords) -> None:
    said = [
        block(
            block(text(name)), block(text("毕业要求")), block(text("已完成")), block(text("已审核")), tag="li"
        )
        for name, _ in NOTICE
    ]
    with pytest.raises(SiteChanged):
        conditions.read(block(*said, tag="ul"), words, profile)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("当前毕业批次：2024年7月", True),
        ("1. 毕业要求：学费已缴清", True),
        ("【毕业要求】", True),
        ("查看各项毕业要求的完成情况", False),
        ("我的毕业要求", False),
    ],
)
def test_what_an_entry_of_a_menu_says_of_the_page_is_not_the_page(
    said: str, shown: bool, words: ConditionsWords
) -> None:
    assert conditions.is_shown(block(block("毕业条件"), block(said)), words) is shown


# -- the notice's own names among other words ------------------------------------------------------------------------------

KNOWN = [
    ("学费已缴清", "已完成"),
    ("平台信息已确认", "未确认"),
    ("入学图像比对结果", "人工复核"),
    ("学信网信息已校对", ""),
]


def _headed(*heads: str) -> str:
    rows = "".join(
        f"<tr><td>{at}</td><td>{name}</td><td>教务科</td><td>已上传</td><td align=center>{status}</td><td><a>查看详情</a></td></tr>"
        for at, (name, status) in enumerate(KNOWN, 1)
    )
    return f"{HEAD}<table width=900><tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr>{rows}</table>"


@pytest.mark.parametrize("head", ["审核状态", "是否达标", "完成情况"])
def test_of_several_columns_the_one_that_is_headed_as_a_status_is_read(head: str, read: Reader) -> None:
    assert _pairs(read(_headed("序号", "条件", "审核部门", "当前值", head, "操作"))) == KNOWN


def test_of_several_columns_without_such_a_head_none_is_guessed(read: Reader) -> None:
    with pytest.raises(SiteChanged):
        read(_headed("序号", "条件", "审核部门", "材料", "说明", "操作"))


def test_a_column_of_figures_is_none_of_statuses_whatever_heads_it(read: Reader) -> None:
    row = "<tr><td>{name}</td><td>{reached}</td><td>{status}</td></tr>"
    reached = ("76 学分", "已校对", "未上传", "一致")
    rows = "".join(
        row.format(name=name, reached=one, status="不通过")
        for (name, _), one in zip(KNOWN, reached, strict=True)
    )
    table = f"{HEAD}<table><tr><th>条件</th><th>完成情况</th><th>{{}}</th></tr>{rows}</table>"
    assert _pairs(read(table.format("审核意见"))) == [(name, "不通过") for name, _ in KNOWN]
    with pytest.raises(SiteChanged):
        read(table.format("处理"))


@pytest.mark.parametrize(
    "cell", ["{}", "<div>{}</div><div>说明见学生手册</div>"], ids=["names", "with hints"]
)
def test_what_else_stands_in_the_columns_of_names_and_statuses_is_a_condition(
    cell: str, read: Reader
) -> None:
    rows = [KNOWN[0], ("选修课学分", "未达标"), *KNOWN[1:3]]
    body = "".join(f"<tr><td>{cell.format(name)}</td><td>14</td><td>{said}</td></tr>" for name, said in rows)
    foot = (
        "<tr><td colspan=2>以上共 4 项</td><td></td></tr><tr><td>备注</td><td></td><td>以审核为准</td></tr>"
    )
    head = "<tr><th>条件</th><th>已获学分</th><th>是否通过</th></tr>"
    assert _pairs(read(f"{HEAD}<table>{head}{body}{foot}</table><p>未完成</p>")) == rows


def test_the_statuses_of_frozen_columns_stand_in_a_table_beside_them(read: Reader) -> None:
    frozen = "".join(
        f"<tr height=24><td>{at}</td><td>{name}</td></tr>" for at, (name, _) in enumerate(KNOWN, 1)
    )
    others = "".join(f"<tr height=24><td>教务科</td><td>{status}</td></tr>" for _, status in KNOWN)
    body = (
        f"<div style='display:flex'><table><tr height=24><td></td><td>条件</td></tr>{frozen}</table>"
        f"<table><tr height=24><td>部门</td><td>审核结果</td></tr>{others}</table></div>"
    )
    assert _pairs(read(HEAD + body)) == KNOWN


ENTRIES = {
    "the status right of both": "<div style='display:flex'><div style='width:300px'><div>{0}</div><small>{2}</small></div><div>{1}</div></div>",
    "the hint below the status": "<div style='display:flex'><label style='width:300px'>{0}：</label>"
    "<div><b>{1}</b><div style='color:#999'>{2}</div></div></div>",
    "the status in a corner": "<div style='position:relative;padding-top:30px'><span style='position:absolute;right:0;top:0'>{1}</span>"
    "<div>{0}</div><div>{2}</div></div>",
    "a figure before it": "<div style='display:flex'><div style='width:300px'>{0}<br>{2}</div><div>60%</div><div>{1}</div></div>",
}


@pytest.mark.parametrize("shape", ENTRIES)
def test_a_hint_in_an_entry_is_not_its_status(shape: str, read: Reader) -> None:
    body = "".join(ENTRIES[shape].format(*row, f"第 {at} 项的说明") for at, row in enumerate(KNOWN))
    assert _pairs(read(HEAD + body)) == KNOWN


@pytest.mark.parametrize("arrow", ["\uf285", "›", ">"])
def test_an_arrow_that_ends_every_entry_is_no_status_of_a_blank_one(arrow: str, read: Reader) -> None:
    entry = "<div style='display:flex'><div style='width:300px'>{}</div>{}<div>{}</div></div>"
    body = "".join(
        entry.format(name, f"<div>{status}</div>" if status else "", arrow) for name, status in KNOWN
    )
    assert _pairs(read(HEAD + body)) == KNOWN


def test_of_two_entries_in_a_row_each_has_what_stands_right_of_its_name(read: Reader) -> None:
    """The last one has its row for itself, and the blank one says nothing though the row goes on."""
    rows = [KNOWN[:2], [KNOWN[3], KNOWN[2]], [("毕业生登记表已提交", "未完成")]]
    cells = (
        "".join(f"<th width=200>{name}</th><td width=200><i></i> {status}</td>" for name, status in row)
        for row in rows
    )
    body = "".join(f"<tr>{row}</tr>" for row in cells)
    assert _pairs(read(f"{HEAD}<table>{body}</table>")) == [pair for row in rows for pair in row]


def test_what_stands_in_the_column_of_the_known_words_is_the_status(read: Reader) -> None:
    cell = "<div style='width:{}px'>{}</div>"
    entry = cell.format(300, "{}") + cell.format(120, "● {}") + cell.format(160, "截止：6 月 {} 日")
    body = "".join(
        f"<div style='display:flex'>{entry.format(*row, at)}</div>" for at, row in enumerate(KNOWN)
    )
    assert [(name, status.lstrip("● ")) for name, status in _pairs(read(HEAD + body))] == KNOWN


@pytest.mark.parametrize(
    "inside",
    [
        "<li>{name}<i {title} class=i></i></li>",
        "<li><div>{name}</div><div><i {title} class=i></i></div></li>",
    ],
)
def test_the_title_of_the_only_sign_in_an_entry_is_its_status(inside: str, read: Reader) -> None:
    style = "<style>.i{{display:inline-block;width:16px;height:16px;background:#888}}</style>"
    rows = "".join(inside.format(name=name, title=f"title='{said}'" if said else "") for name, said in KNOWN)
    assert _pairs(read(f"{HEAD}{style}<ul>{rows}</ul>")) == KNOWN


def test_a_title_that_explains_a_name_is_no_status(read: Reader) -> None:
    rows = "".join(f"<li>{name}<i title='由教务科审核' class=i></i></li>" for name, _ in KNOWN)
    assert [
        status for _, status in _pairs(read(f"{HEAD}<style>.i{{padding:8px}}</style><ul>{rows}</ul>"))
    ] == [""] * 4


def test_entries_whose_known_words_stand_in_two_places_are_not_guessed(read: Reader) -> None:
    entry = "<div style='display:flex'><div style='width:300px'><div>{0}</div><div>{2}</div></div><div>{1}</div></div>"
    rows = [("学费已缴清", "不够", "已上传"), ("平台信息已确认", "未确认", "资料")]
    with pytest.raises(SiteChanged):
        read(HEAD + "".join(entry.format(*row) for row in rows))


@pytest.mark.parametrize(
    ("shown", "means"), [("60/80 未完成", "unmet"), ("100% 已完成", "met"), ("2 已完成", "unknown")]
)
def test_a_part_of_a_whole_before_the_word_changes_nothing(shown: str, means: str) -> None:
    assert meaning(shown, WORDS) == means


@pytest.mark.parametrize("label", ["毕业要求：", ""])
def test_a_hint_below_a_blank_status_is_not_its_value(label: str, read: Reader) -> None:
    """The others say theirs on the line of the label."""
    entry = f"<div><div>{label}{{name}}</div><div><p>当前状态：{{status}}</p><p>请尽快完成。</p></div></div>"
    assert _pairs(read(HEAD + _each(NOTICE, entry))) == list(NOTICE)


def test_a_row_that_its_status_spans_too_is_no_condition(read: Reader) -> None:
    head = "<tr><th>序号</th><th colspan=2>毕业要求</th><th>当前状态</th></tr>"
    row = (
        "<tr><td rowspan=2>1</td><td colspan=2>{name}</td><td rowspan=2>{status}</td></tr>"
        "<tr><td>说明</td><td>第 1 项的说明</td></tr>"
    )
    assert _pairs(read(f"{HEAD}<table border>{head}{_each(NOTICE, row)}</table>")) == list(NOTICE)


def test_a_name_that_spans_two_statuses_is_not_told_by_the_first(read: Reader) -> None:
    row = "<tr><td rowspan=2>{name}</td><td>必修</td><td>已完成</td></tr><tr><td>选修</td><td>{status}</td></tr>"
    head = "<tr><th>毕业要求</th><th>类别</th><th>当前状态</th></tr>"
    with pytest.raises(SiteChanged):
        read(f"{HEAD}<table border>{head}{_each(NOTICE, row)}</table>")
