"""report.md: the same things in the same order, every text shown as it stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from agent.report.model import EffectRow, Report
from agent.report.render import escape_markdown, render_markdown

from .reading import filled
from .samples import SAMPLES, degraded, done, no_photo, wrong_password

HOSTILE = (
    "<script>alert(1)</script>",
    "[here](javascript:alert(1)) ![x](http://example.invalid/x.png)",
    "# heading",
    "- item",
    "1. item",
    "a | b | c",
    "**bold** _it_ `code` ~~gone~~",
    "one\n\n# two\n---\n| a |",
    "\\",
    "&lt;b&gt;",
    "    code",
)


def _parse() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _structure(report: Report) -> list[str]:
    tokens = _parse().parse(render_markdown(report))
    return [
        kind for token in tokens for kind in (token.type, *(child.type for child in token.children or ()))
    ]


def _shown(text: str) -> str:
    """The text that a Markdown reader shows for an escaped value."""
    children = [
        child for token in _parse().parse(f"值：{escape_markdown(text)}") for child in token.children or ()
    ]
    assert {child.type for child in children} <= {"text", "text_special"}
    return "".join(child.content for child in children).removeprefix("值：")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_never_becomes_markup(text: str) -> None:
    assert _structure(filled(degraded(), text)) == _structure(filled(degraded(), "甲"))


@settings(max_examples=40, deadline=None)
@given(
    st.text(st.characters(categories=["P", "S", "N", "Lo", "Z", "Cc"]), min_size=1),
    st.sampled_from(sorted(SAMPLES)),
)
def test_no_text_changes_the_structure(text: str, name: str) -> None:
    report = SAMPLES[name]()
    assert _structure(filled(report, f"甲{text}")) == _structure(filled(report, "甲"))


@given(st.text(st.characters(codec="ascii", categories=["P", "S", "N", "L"]), min_size=1))
def test_a_printable_text_is_shown_as_it_stands(text: str) -> None:
    assert _shown(text) == text


def test_what_the_person_did_and_is_to_do_is_told() -> None:
    text = render_markdown(degraded()).replace("\\", "")
    assert "- 成教学生服务平台的「毕业条件」：办事大厅 → 离校资格" in text
    assert "- 家庭成员信息：本来应该有 称谓、姓名（打了码的截图在网页版报告里）" in text
    effect = EffectRow(
        step="chaoxing.photo.upload", duty="photo", title="毕业照片上传", state="done", by="person"
    )
    uploaded = done().model_copy(update={"effects": (effect,)})
    assert "毕业照片上传（本人在窗口里操作）" in render_markdown(uploaded)


def test_headings_stand_in_order_of_use() -> None:
    lines = render_markdown(degraded()).splitlines()
    assert [line for line in lines if line.startswith("## ")] == [
        "## 接下来要做的事",
        "## 照片",
        "## 毕业条件",
        "## 信息核对",
        "## 通知要求的事项",
        "## 成绩",
        "## 请自己看的页面",
        "## 跟你学到的菜单",
        "## 这次没有核对的",
        "## 问过的问题",
        "## 请自己再核对一眼",
        "## 运行记录",
    ]


def test_the_first_lines() -> None:
    assert render_markdown(done()).splitlines()[:13] == [
        "# 毕业照片已上传，平台上的照片与学信网的学历照片是同一张；14 项毕业条件里还有 7 项要办。",
        "",
        "西安交通大学成人高等教育 2024 届（7月） 毕业生待做事项",
        "",
        "- **结果**：还要你做 2 件事",
        r"- **学生**：王\*（\*\*\*\*\*\*\*\*\*\*\*\*\*\*4229）",
        "- **办理时间**：2024年5月31日（周五）至6月11日（周二），还剩8天",
        "- **生成时间**：2024年6月3日 10:00",
        "- **学信网照片与平台照片**：同一张照片",
        "- **毕业条件**：6 / 14 项已满足",
        "- **信息核对**：1项不一致",
        "",
        "## 接下来要做的事",
    ]


def test_a_next_step_is_whole() -> None:
    assert (
        "1. **在学信网完成毕业证书图像校对**\n"
        "   - 原因：「学信网信息已校对」显示未校对；不校对，学历不能电子注册。\n"
        "   - 在哪里：学信网 → 学信档案 → 毕业证书图像校对，核对后由本人点击正确\n"
        "   - 截止：6月11日（周二）\n"
        "   - 联系：所在教学点\n"
    ) in render_markdown(done())


def test_conditions_and_checks_are_tables() -> None:
    text = render_markdown(degraded())
    assert "- 当前毕业批次：2024年7月\n" in text
    assert "| 1 | 学费已缴清 | √ 已完成 | 蓝色 |  |\n" in text
    assert "| 9 | 平台信息已确认 | ? 审核退回 | 橙色 | 学生服务 → 信息变更" in text
    assert "| 14 | 学信网毕业图像比对结果合格 | ? （空白） |  |  |\n" in text
    rows = [line for line in text.split("## 信息核对")[1].splitlines() if line.startswith("| ")]
    assert rows[2].startswith("| 层次 | 学信网：专科起点本科 | 成教学生服务平台：专升本 | × 不一致 |")


def test_trouble_comes_before_everything_else() -> None:
    text = render_markdown(wrong_password())
    assert text.index("## 发生了什么") < text.index("## 请注意") < text.index("## 接下来要做的事")
    assert "**现在怎么做**：照片采集后一般要等一段时间" in render_markdown(no_photo())


@pytest.mark.parametrize("name", SAMPLES)
def test_no_picture_and_no_hole(name: str) -> None:
    text = render_markdown(SAMPLES[name]())
    assert "image" not in _structure(SAMPLES[name]())
    assert "\n\n\n" not in text
    assert "None" not in text
