"""Reading without a browser: labels and values, lines, captions and colours of trees built by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from agent.snapshot import photo_captions, tree
from agent.snapshot.fields import colour_name, fields, first_value, holders, says, shown_colour
from agent.snapshot.tree import Box, Node, key, squash
from tests.harness.trees import block, inline, table, text

LABELS = (
    "姓名",
    "性别",
    "民族",
    "证件号码",
    "出生日期",
    "学号",
    "学籍状态",
    "专业",
    "专业名称",
    "系(所、函授站)",
)
Record = Sequence[tuple[str, str]]


def _read(root: Node, labels: Sequence[str] = LABELS) -> list[tuple[str, str]]:
    return [(field.label, field.value) for field in fields(root, labels)]


def test_a_tree_is_read_once_for_the_same_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    root = block(block("姓名：王小明"), block("学号：2021001"))
    first = fields(root, LABELS)
    with monkeypatch.context() as patched:
        patched.setattr("agent.snapshot.fields._in_line", None)
        assert fields(root, list(LABELS)) == first
        assert fields(root, LABELS) is not first
    assert _read(root, ["学号"]) == [("学号", "2021001")]


# -- any record in any shape ---------------------------------------------------------------------------------------------


def _as_paragraphs(record: Record) -> Node:
    return block(*(block(f"{label}：{value}", tag="p") for label, value in record))


def _as_pairs(record: Record) -> Node:
    return table(*record)


def _as_header(record: Record) -> Node:
    return table([label for label, _ in record], [value for _, value in record], head=True)


def _as_wide_rows(record: Record) -> Node:
    cells = [words for pair in record for words in pair]
    return table(*(cells[start : start + 4] for start in range(0, len(cells), 4)))


def _as_definitions(record: Record) -> Node:
    return block(
        *(block(words, tag=tag) for pair in record for tag, words in zip(("dt", "dd"), pair, strict=True)),
        tag="dl",
    )


def _as_spans(record: Record) -> Node:
    return block(*(block(inline(label), inline(value)) for label, value in record))


def _as_fields(record: Record) -> Node:
    return block(*(block(inline(f"{label}:", tag="label"), _input(value)) for label, value in record))


def _as_bold_labels(record: Record) -> Node:
    return block(*(block(inline(label, tag="b"), "：", value) for label, value in record))


def _as_one_line(record: Record) -> Node:
    return block("  ".join(f"{label}：{value}" for label, value in record))


def _as_broken_lines(record: Record) -> Node:
    return block(*(part for label, value in record for part in (f"{label}：{value}", Node("br"))))


def _input(value: str) -> Node:
    return Node("input", inline=True, type="text", value=value, box=Box(0, 0, 100, 20))


SHAPES = [
    _as_paragraphs,
    _as_pairs,
    _as_header,
    _as_wide_rows,
    _as_definitions,
    _as_spans,
    _as_fields,
    _as_bold_labels,
    _as_one_line,
    _as_broken_lines,
]
WORD = st.text(st.characters(categories=("Lo", "Lu", "Ll", "Nd")), min_size=1, max_size=12)
VALUE = st.lists(WORD, min_size=1, max_size=2).map(" ".join)


@st.composite
def records(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Draw two to six labels with values that are no labels themselves."""
    labels = draw(st.lists(st.sampled_from(LABELS), min_size=2, max_size=6, unique=True))
    return [(label, draw(VALUE)) for label in labels]


@pytest.mark.parametrize(("value", "read"), [("王小明", "王小明"), ("*小明", "*小明"), ("", "")])
def test_a_star_behind_a_label_is_no_value(value: str, read: str) -> None:
    row = table(("姓名", value), ("性别", "男"))
    cell = row.children[0].children[0]
    cell.children.append(inline("*", box=Box(80, 4, 8, 20)))
    cell.children[-1].parent = cell
    assert _read(row) == [("姓名", read), ("性别", "男")]


def test_a_star_that_masks_a_value_is_part_of_it() -> None:
    assert _read(block(inline("姓名"), inline("*小明"))) == [("姓名", "*小明")]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
@given(record=records())
def test_a_record_is_read_in_every_shape(shape: Callable[[Record], Node], record: Record) -> None:
    assume(not any(key(label) in key(value) for label in LABELS for _, value in record))
    assert sorted(_read(shape(record))) == sorted((label, squash(value)) for label, value in record)


BLANK_SHAPES = [shape for shape in SHAPES if shape is not _as_header]


@pytest.mark.parametrize("shape", BLANK_SHAPES, ids=lambda shape: shape.__name__)
@given(record=records(), place=st.integers(0, 5))
def test_a_blank_stays_blank_in_every_shape(
    shape: Callable[[Record], Node], record: list[tuple[str, str]], place: int
) -> None:
    assume(not any(key(label) in key(value) for label in LABELS for _, value in record))
    place %= len(record)
    record[place] = (record[place][0], "")
    assert sorted(_read(shape(record))) == sorted((label, squash(value)) for label, value in record)


def test_a_blank_under_a_header_stays_blank() -> None:
    assert _read(_as_header([("姓名", "王岚"), ("性别", ""), ("民族", "汉族")])) == [
        ("姓名", "王岚"),
        ("性别", ""),
        ("民族", "汉族"),
    ]


def test_all_blank_is_read_as_blank() -> None:
    record = [("姓名", ""), ("性别", ""), ("民族", "")]
    assert _read(_as_pairs(record)) == record


# -- labels --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shown",
    [
        "姓名：王岚",
        "姓名:王岚",
        "姓 名：王岚",
        "姓　　名：王岚",
        "姓\xa0\xa0名 ： 王岚",
        "*姓名：王岚",
        "* 姓名：王岚",
        "＊姓名：王岚",
    ],
)
def test_spacing_width_and_a_star_do_not_hide_a_label(shown: str) -> None:
    assert _read(block(shown)) == [("姓名", "王岚")]


@pytest.mark.parametrize("shown", ["系（所、函授站）：西安", "系(所、函授站):西安"])
def test_width_of_brackets_does_not_hide_a_label(shown: str) -> None:
    assert _read(block(shown)) == [("系(所、函授站)", "西安")]


@pytest.mark.parametrize(
    "shown", ["曾用姓名：无", "姓名不符请联系学校", "请核对姓名", "本专业设置说明：略", "学号码：1", "专业名"]
)
def test_a_longer_word_is_not_the_label(shown: str) -> None:
    assert _read(block(shown)) in ([], [("姓名", "")])


def test_the_longer_label_wins() -> None:
    assert _read(block("专业名称：土木工程")) == [("专业名称", "土木工程")]
    assert _read(block("专业：土木工程")) == [("专业", "土木工程")]


def test_values_are_shown_as_they_are_with_white_space_folded() -> None:
    assert _read(block("姓名： 古丽·阿依夏 \n  ")) == [("姓名", "古丽·阿依夏")]
    assert _read(block("出生日期：1996 年\u00a03 月  16 日")) == [("出生日期", "1996 年 3 月 16 日")]


def test_a_value_may_hold_a_colon() -> None:
    assert _read(block("学籍状态：在籍（说明：注册学籍）")) == [("学籍状态", "在籍（说明：注册学籍）")]


def test_a_value_of_several_leaves_is_one_value() -> None:
    assert _read(block(inline("姓名"), inline("王", inline("岚", tag="b")))) == [("姓名", "王岚")]


def test_heads_of_columns_may_begin_with_a_no_break_blank() -> None:
    shown = table(["\xa0姓　名\t\xa0", "\xa0性　别\xa0"], ["王岚", "女"], head=True)
    assert _read(shown) == [("姓名", "王岚"), ("性别", "女")]


def test_the_end_of_a_longer_label_is_no_label() -> None:
    def row(words: str, value: str, gap: float) -> Node:
        first, rest = text(words[:2], box=Box(0, 0, 28, 20)), text(words[2:], box=Box(28 + gap, 0, 28, 20))
        return block(first, inline(rest), text(f"：{value}", box=Box(56 + gap, 0, 90, 20)))

    assert _read(block(row("辅修学号", "0000", 0), row("学号", "2021", 0))) == [("学号", "2021")]
    assert _read(block(row("王岚学号", "2021", 8))) == [("学号", "2021")]


def test_heads_of_columns_may_be_in_pieces() -> None:
    shown = table(["姓名", "性别"], ["王岚", "女"], head=True)
    for head in shown.children[0].children:
        (whole,) = head.children
        first, rest = text(whole.own[0], box=whole.box), inline(whole.own[1:], box=whole.box)
        head.children = [first, rest]
        first.parent = rest.parent = head
    assert _read(shown) == [("姓名", "王岚"), ("性别", "女")]


def test_two_labels_side_by_side_with_values_below_are_a_header() -> None:
    assert _read(table(["姓名", "性别"], ["王岚", "女"])) == [("姓名", "王岚"), ("性别", "女")]


def test_pairs_that_are_not_known_are_left_out() -> None:
    assert _read(table(["籍贯", "陕西"], ["姓名", "王岚"])) == [("姓名", "王岚")]


def test_a_field_says_where_its_value_stands() -> None:
    root = table(["姓名", "王岚"])
    (found,) = fields(root, LABELS)
    assert found.at.own == "王岚"
    assert found.anchor.own == "姓名"


@given(
    st.recursive(
        st.text(max_size=6).map(text),
        lambda below: st.lists(below, max_size=4).map(lambda n: block(*n)),
        max_leaves=12,
    )
)
def test_no_page_makes_the_reader_fail(root: Node) -> None:
    for field in fields(root, LABELS):
        assert field.label in LABELS
        assert field.value == squash(field.value)


# -- choosing ------------------------------------------------------------------------------------------------------------


def test_a_filled_value_is_preferred_to_a_blank_one() -> None:
    found = fields(block(block("姓名："), block("姓名：王岚"), block("姓名：李知远")), LABELS)
    first = first_value(found, ["姓名", "学生姓名"])
    assert first is not None
    assert first.value == "王岚"


def test_a_blank_one_is_better_than_none() -> None:
    found = fields(table(["姓名", ""]), LABELS)
    first = first_value(found, ["姓名"])
    assert first is not None
    assert first.value == ""
    assert first_value(found, ["性别"]) is None


# -- words ---------------------------------------------------------------------------------------------------------------


@example("t\u00a8", "")
@given(st.text(), st.text())
def test_keys_ignore_space_and_width(one: str, other: str) -> None:
    assert key(f"{one} {other}") == key(f"{one}{other}")
    assert key(f"{one}：") == key(one).rstrip(":")
    assert key(key(one)) == key(one)


@given(st.text())
def test_squashing_twice_is_squashing_once(words: str) -> None:
    assert squash(squash(words)) == squash(words)
    assert "".join(squash(words).split()) == "".join(words.split())


def test_says_looks_through_spacing() -> None:
    root = block(block("毕 业 条 件"), inline("（测试）"))
    assert says(root, "毕业条件")
    assert says(root, "没有", "(测试)")
    assert not says(root, "学籍")
    assert not says(root)


def test_blocks_keep_words_apart_and_inline_elements_do_not() -> None:
    assert block(block("毕业"), block("条件")).text == "毕业 条件"
    assert block(inline("毕业"), inline("条件")).text == "毕业条件"


# -- containers ----------------------------------------------------------------------------------------------------------


def test_each_anchor_gets_the_largest_box_of_its_own() -> None:
    cards = [block(block(block(f"学籍{n}")), block(f"学校{n}")) for n in (1, 2)]
    root = block(block("您一共有 2 个学籍"), *cards)
    assert holders(root, lambda leaf: leaf.own.startswith("学籍")) == cards


def test_a_single_anchor_gets_everything() -> None:
    root = block(block(block("学籍")), block("别的"))
    assert holders(root, lambda leaf: leaf.own == "学籍") == [root]
    assert holders(root, lambda leaf: False) == []


# -- colours -------------------------------------------------------------------------------------------------------------

COLOURS = {
    "blue": [
        "rgb(0, 0, 255)",
        "rgb(0, 0, 238)",
        "rgb(30, 144, 255)",
        "rgb(64, 158, 255)",
        "rgb(22, 119, 255)",
        "rgb(51, 122, 183)",
    ],
    "red": [
        "rgb(255, 0, 0)",
        "rgb(245, 108, 108)",
        "rgb(220, 20, 60)",
        "rgb(255, 77, 79)",
        "rgb(169, 68, 66)",
    ],
    "green": ["rgb(0, 128, 0)", "rgb(103, 194, 58)", "rgb(82, 196, 26)"],
    "orange": ["rgb(255, 165, 0)", "rgb(230, 162, 60)", "rgb(250, 173, 20)", "rgb(255, 140, 0)"],
    "grey": ["rgb(128, 128, 128)", "rgb(153, 153, 153)", "rgb(144, 147, 153)"],
    "black": ["rgb(0, 0, 0)", "rgb(51, 51, 51)", "rgb(48, 49, 51)"],
}


@pytest.mark.parametrize(("name", "css"), [(name, css) for name, values in COLOURS.items() for css in values])
def test_colours_have_the_names_a_person_gives_them(name: str, css: str) -> None:
    assert colour_name(css) == name
    assert colour_name(css.replace("rgb", "rgba").replace(")", ", 0.9)")) == name


@pytest.mark.parametrize("css", ["rgb(255, 255, 255)", "rgb(250, 250, 250)", "", "transparent", "red"])
def test_white_and_what_is_no_colour_have_no_name(css: str) -> None:
    assert colour_name(css) is None


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_every_colour_has_at_most_one_name(channels: tuple[int, ...]) -> None:
    name = colour_name(f"rgb{channels}")
    assert name in {*COLOURS, None}
    if max(channels) - min(channels) < 30:
        assert name in {"black", "grey", None}


def test_the_colour_of_a_badge_is_that_behind_its_white_words() -> None:
    words = text("已完成", colour="rgb(255, 255, 255)")
    badge = inline(words, background="rgb(64, 158, 255)")
    cell = block(badge, background="rgb(245, 108, 108)")
    assert shown_colour(words) == shown_colour(badge) == shown_colour(cell) == "blue"


def test_words_of_their_own_colour_keep_it_on_a_coloured_ground() -> None:
    assert (
        shown_colour(block(text("未完成", colour="rgb(255, 0, 0)"), background="rgb(64, 158, 255)")) == "red"
    )


def test_white_words_on_nothing_have_no_colour() -> None:
    assert shown_colour(text("已完成", colour="rgb(255, 255, 255)")) is None


# -- captions ------------------------------------------------------------------------------------------------------------


def _photo(name: str, x: float = 0, alt: str = "") -> Node:
    box = Box(x, 0, 120, 160)
    return Node("img", src=f"http://site.example/{name}", natural=(480, 640), box=box, alt=alt)


def _caption(words: str, x: float = 0, y: float = 165) -> Node:
    return block(text(words, box=Box(x, y, 60, 20)), box=Box(x, y, 120, 20))


def _sources(root: Node, *words: str) -> list[str]:
    kinds = {word: [word] for word in dict.fromkeys((*words, "录取照片", "学历照片"))}
    found = photo_captions.captioned(root, kinds)
    return [node.src.rpartition("/")[2] for word in words for node in found[word]]


def test_a_caption_belongs_to_the_picture_in_its_own_container() -> None:
    root = block(
        block(_photo("lq.jpg"), _caption("录取照片")),
        block(_photo("xj.jpg", x=200), _caption("学历照片", x=200)),
    )
    assert _sources(root, "学历照片") == ["xj.jpg"]
    assert _sources(root, "录取照片") == ["lq.jpg"]


def test_at_the_other_end_of_a_row_of_its_own_a_picture_carries_the_caption() -> None:
    def row(name: str, caption: str, y: float, beside: str = "") -> Node:
        words = [text(word, box=Box(16, y + 50, 60, 20)) for word in (caption, beside, beside) if word]
        photo = _photo(name, x=1100)
        photo.box = Box(1100, y, 90, 120)
        return block(*map(block, words), block(photo), box=Box(0, y, 1200, 120))

    root = block(row("lq.jpg", "录取照片", 0), row("xj.jpg", "学历照片", 140))
    assert (_sources(root, "学历照片"), _sources(root, "录取照片")) == (["xj.jpg"], ["lq.jpg"])
    assert _sources(block(row("ad.jpg", "学历照片", 0, "活动")), "学历照片") == []


@pytest.mark.parametrize(
    ("cells", "enrolled", "graduated"),
    [
        (("录取照片：", "lq.jpg", "学历照片：", "尚未上传"), ["lq.jpg"], []),
        (("录取照片：", "暂无", "学历照片：", "xj.jpg"), [], ["xj.jpg"]),
        (("录取照片：", "暂无", "学历照片：", "尚未上传", "ad.jpg"), [], []),
        (("ad.jpg", "录取照片：", "暂无", "学历照片：", "尚未上传"), [], []),
    ],
)
def test_of_captions_in_a_row_the_one_right_before_a_picture_is_its_own(
    cells: Sequence[str], enrolled: list[str], graduated: list[str]
) -> None:
    row = block(
        *(
            block(_photo(cell, x=at * 200) if "." in cell else _caption(cell, x=at * 200), tag="td")
            for at, cell in enumerate(cells)
        ),
        tag="tr",
    )
    for leaf in row.leaves:
        leaf.box = Box(leaf.box.x, 60, leaf.box.width, 20)
    assert (_sources(row, "录取照片"), _sources(row, "学历照片")) == (enrolled, graduated)


def test_among_pictures_of_one_container_the_nearest_in_the_column_counts() -> None:
    root = block(
        _photo("lq.jpg"),
        _photo("xj.jpg", x=200),
        _caption("录取照片"),
        _caption("学历照片", x=200),
        box=Box(0, 0, 400, 200),
    )
    assert _sources(root, "学历照片") == ["xj.jpg"]


def test_alternative_text_is_a_caption() -> None:
    assert _sources(block(_photo("a.jpg", alt="学历照片"), _photo("b.jpg", x=200)), "学历照片") == ["a.jpg"]


def test_alternative_text_and_caption_of_one_picture_count_once() -> None:
    assert _sources(block(_photo("a.jpg", alt="学历照片"), _caption("学历照片")), "学历照片") == ["a.jpg"]


def test_a_sentence_about_photos_is_no_caption() -> None:
    sentence = "学历照片由学信网提供，如果与本人不符，请及时联系学校核对并重新采集。"
    assert _sources(block(_photo("a.jpg"), _caption(sentence)), "学历照片") == []


def test_an_icon_is_no_photo() -> None:
    icon = Node("img", src="http://site.example/icon.png", natural=(16, 16), box=Box(0, 160, 16, 16))
    assert _sources(block(_photo("a.jpg"), icon, _caption("学历照片")), "学历照片") == ["a.jpg"]


def test_no_picture_has_no_caption() -> None:
    assert _sources(block(_caption("学历照片")), "学历照片") == []


# -- what the eye sends --------------------------------------------------------------------------------------------------


def test_an_empty_page_is_an_empty_tree() -> None:
    sight = tree.parse('{"files": 0, "loading": false, "body": null}')
    assert sight.root.leaves == ()
    assert (sight.files, sight.loading) == (0, False)


def test_a_drawing_in_the_place_of_a_photo_is_no_photo() -> None:
    drawing = Node("svg", box=Box(0, 0, 120, 160))
    assert _sources(block(drawing, _caption("学历照片")), "学历照片") == []
    held = Node("svg", src="http://site.example/mine.jpg", box=Box(0, 0, 120, 160))
    assert _sources(block(held, _caption("学历照片")), "学历照片") == ["mine.jpg"]


@pytest.mark.parametrize(
    ("gap", "ground", "value"),
    [
        (12, "rgb(64, 158, 255)", "2024年7月"),
        (12, "", "2024年7月进行中"),
        (0, "rgb(255, 255, 0)", "2024年7月进行中"),
    ],
)
def test_a_tag_that_stands_apart_after_a_value_is_no_part_of_it(gap: int, ground: str, value: str) -> None:
    plain = text("当前毕业批次：2024年7月", box=Box(0, 0, 150, 20))
    tag = inline(text("进行中", box=Box(150 + gap, 0, 40, 20)), background=ground)
    found = fields(block(plain, tag, tag="p"), ["当前毕业批次"])
    assert [field.value for field in found] == [value]


def test_a_tag_that_is_the_value_is_told() -> None:
    tag = inline(text("进行中", box=Box(90, 0, 40, 20)), background="rgb(64, 158, 255)")
    found = fields(block(text("当前状态：", box=Box(0, 0, 80, 20)), tag, tag="p"), ["当前状态"])
    assert [field.value for field in found] == ["进行中"]


def test_a_value_ends_with_the_box_that_it_shares_with_its_label() -> None:
    """Boxes beside one another on a line, the last with a label that nobody knows."""

    def box(label: str, value: str, x: float) -> Node:
        said = text(label, box=Box(x, 10, 60, 20)), text(value, box=Box(x + 80, 10, 60, 20))
        return inline(*(inline(one, box=one.box) for one in said), box=Box(x, 0, 200, 40))

    root = block(
        block(box("学号", "2203", 0), box("专业", "土木工程", 210), box("学历照片", "点击查看", 420))
    )
    assert [(field.label, field.value) for field in fields(root, LABELS)] == [
        ("学号", "2203"),
        ("专业", "土木工程"),
    ]


def test_a_note_right_behind_the_box_of_a_value_belongs_to_it() -> None:
    said = inline(text("专业：", box=Box(0, 0, 40, 20)), inline(text("土木工程", box=Box(40, 0, 60, 20))))
    root = block(block(said, text("（专升本）", box=Box(104, 0, 60, 20))))
    assert fields(root, LABELS)[0].value == "土木工程（专升本）"


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("姓名：王小明（学号：2022）", ["王小明", "2022"]),
        ("姓名：王小明　　更新时间：2024-05-20 10:21", ["王小明"]),
        ("姓名：　　更新时间：", [""]),
        ("姓名：已通过 撤销时间：2024-05-20", ["已通过 撤销时间：2024-05-20"]),
        ("姓名：王小明（男）", ["王小明（男）"]),
        ("姓名：王小明)", ["王小明)"]),
        ("（打印件　姓名：王小明）", ["王小明"]),
    ],
)
def test_a_value_ends_before_another_field_in_brackets_or_a_moment(line: str, values: list[str]) -> None:
    assert [value for _, value in _read(block(text(line)), ("姓名", "学号"))] == values


# -- choices -------------------------------------------------------------------------------------------------------------


def _drawn_choice(words: str, chosen: bool) -> Node:
    return inline(inline(tag="i"), block(words), tag="input", type="radio", checked=chosen, drawn=True)


def _labelled_choice(words: str, chosen: bool) -> Node:
    return inline(inline(tag="input", type="radio", checked=chosen, label=words), words, tag="label")


def _bare_choices(*choices: tuple[str, bool]) -> list[Node]:
    both = ((inline(tag="input", type="radio", checked=chosen), text(words)) for words, chosen in choices)
    return [node for pair in both for node in pair]


@pytest.mark.parametrize("make", [_drawn_choice, _labelled_choice])
@pytest.mark.parametrize(("chosen", "value"), [("男", "男"), ("女", "女"), ("", "")])
def test_of_words_to_choose_from_the_chosen_one_is_the_value(
    make: Callable[[str, bool], Node], chosen: str, value: str
) -> None:
    choices = block(*(make(words, words == chosen) for words in "男女"))
    root = block(block(block("性别", tag="label"), choices), block(block("民族", tag="label"), block("汉族")))
    assert _read(root) == [("性别", value), ("民族", "汉族")]


@pytest.mark.parametrize(("chosen", "value"), [("男", "男"), ("女", "女"), ("", "")])
def test_words_to_choose_from_may_stand_behind_bare_buttons(chosen: str, value: str) -> None:
    choices = _bare_choices(*((words, words == chosen) for words in "男女"))
    assert _read(block("性别：", *choices)) == [("性别", value)]
    assert _read(block(block("性别"), block(*choices))) == [("性别", value)]


def test_where_words_may_stand_before_their_buttons_nothing_is_chosen_for_them() -> None:
    before = [text("男"), inline(tag="input", type="radio", checked=False)]
    after = [text("女"), inline(tag="input", type="radio", checked=True)]
    assert _read(block(block("性别"), block(*before, *after))) == [("性别", "男女")]
