"""How a report is shown to whoever knows only the web page: values under their site, no command, links, what changed."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from agent import errors
from agent.report.model import ChangeRow, CheckRow, EffectRow, NextStep, Report, Side, Trouble
from agent.report.render import linked, placed, render_html, render_markdown
from agent.report.summary import summary_lines
from agent.report.words import effects_sentence, outcome_words
from tests.agent.report.samples import SAMPLES, degraded, done, wrong_password

SHELL = re.compile(
    r"gradsync [a-z]|(?<![\w-])--[a-z]|GRADSYNC_|pip install|\.(?:toml|json|sqlite|jpg|md)\b"
    r"|(?:apply-plan|choose-enrollment)|(?:captcha|code|signed-in|confirm|take-over)\.[a-z_]+"
)
AT = datetime(2024, 6, 3, 2, tzinfo=UTC)


def _errors() -> list[type[errors.GradsyncError]]:
    found, left = [], [errors.GradsyncError]
    while left:
        kind = left.pop()
        left += kind.__subclasses__()
        found.append(kind)
    return [kind for kind in found if not issubclass(kind, errors.UsageError)]


@pytest.mark.parametrize("name", SAMPLES)
def test_no_page_has_a_word_of_the_shell(name: str) -> None:
    made = SAMPLES[name]()
    for page in (re.sub(r"<style>.*?</style>", "", render_html(made, {}), flags=re.S), render_markdown(made)):
        assert not SHELL.search(page), SHELL.search(page)


@pytest.mark.parametrize("kind", _errors(), ids=lambda kind: kind.__name__)
def test_no_remedy_has_a_word_of_the_shell(kind: type[errors.GradsyncError]) -> None:
    assert not SHELL.search(kind.default_remedy)


def test_a_command_stands_in_the_terminal_alone() -> None:
    step = NextStep(title="写好自我评价", why="还没有", where="平台", command="gradsync form new")
    made = done().model_copy(update={"next_steps": (step,)})
    assert any("gradsync form new" in line for line in summary_lines(made))
    assert "gradsync form new" not in render_html(made, {}) + render_markdown(made)


def test_each_value_stands_under_its_own_site() -> None:
    both = CheckRow(
        id="enrollment.entry_year",
        label="入学年份",
        left=Side(site="chaoxing", value="2021"),
        right=Side(site="chaoxing", value="2022"),
        verdict="mismatch",
    )
    left, right = placed(both, ("chsi", "chaoxing"))
    assert (left, [side.value for side in right]) == ([], ["2021", "2022"])
    notice = both.model_copy(
        update={"left": Side(site="chsi", value="甲"), "right": Side(site="notice", value="乙")}
    )
    assert [[side.value for side in column] for column in placed(notice, ("chsi", "chaoxing"))] == [
        ["甲"],
        ["乙"],
    ]


def test_grades_against_conditions_are_no_row_of_the_records() -> None:
    row = CheckRow(
        id="grades.failed_courses",
        label="不及格课程数",
        left=Side(site="chaoxing", value="2 门"),
        right=Side(site="chaoxing", value="未通过"),
        verdict="match",
    )
    made = degraded().model_copy(update={"checks": (*degraded().checks, row)})
    assert '<th scope="row">不及格课程数' not in render_html(made, {})
    for text in (render_html(made, {}), render_markdown(made)):
        assert "成绩表上 2 门，毕业条件显示“未通过”" in text


def test_numbers_and_addresses_of_contacts_are_links() -> None:
    shown = linked("教务处：0931-8912031、jxk@lzu.edu.cn <b>")
    assert '<a href="tel:09318912031">0931-8912031</a>' in shown
    assert '<a href="mailto:jxk@lzu.edu.cn">jxk@lzu.edu.cn</a>' in shown
    assert "&lt;b&gt;" in shown


@pytest.mark.parametrize(
    ("link", "is_one"),
    [("http://xjtu.jxjy.chaoxing.com/login?sfxs=1", True), ("javascript:alert(1)", False), ("", False)],
)
def test_a_place_is_a_link_where_its_address_is_one(link: str, is_one: bool) -> None:
    step = NextStep(title="上传", why="", where="平台", link=link)
    page = render_html(done().model_copy(update={"next_steps": (step,)}), {})
    assert ('target="_blank"' in page) is is_one


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ((), ""),
        (("done",), "已经办好：事0。其余没有改变。"),
        (("done", "unverified", "refused"), "已经办好：事0；已发出、还没有核实：事1；网站没有接受：事2。"),
    ],
)
def test_what_was_changed_is_said(states: tuple[str, ...], said: str) -> None:
    rows = tuple(
        EffectRow(step="x", duty="x", title=f"事{place}", state=state)  # type: ignore[arg-type]
        for place, state in enumerate(states)
    )
    told = effects_sentence(done().model_copy(update={"effects": rows}))
    assert told.startswith(said)
    assert bool(told) == bool(states)


def test_nothing_is_only_said_to_have_changed_where_nothing_was_sent() -> None:
    assert effects_sentence(wrong_password()) == "网站上什么都没有改变。"
    sent = EffectRow(step="x", duty="photo", title="毕业照片上传", state="unverified")
    assert "什么都没有" not in effects_sentence(wrong_password().model_copy(update={"effects": (sent,)}))


def test_done_is_said_only_where_nothing_is_left() -> None:
    left = done()
    assert outcome_words(left).text == "还要你做 2 件事"
    assert outcome_words(left.model_copy(update={"next_steps": ()})).text == "本次已完成"
    assert left.window
    over = left.window.model_copy(update={"state": "after"})
    late = outcome_words(left.model_copy(update={"next_steps": (), "window": over}))
    assert (late.text, late.tone) == ("办理时间已结束", "warn")


def test_the_words_of_the_site_are_quoted() -> None:
    trouble = Trouble(code="x", message="看不到结果。", remedy="等。", said="核对信息已提交")
    made = wrong_password().model_copy(update={"trouble": trouble})
    for text in (render_html(made, {}), render_markdown(made), "".join(summary_lines(made))):
        assert "核对信息已提交" in text


def test_changes_stand_before_everything_else() -> None:
    row = ChangeRow(what="condition", id="x", label="比对结果", before="", after="已通过", since=AT)
    made = done().model_copy(update={"changes": (row,)})
    for text in (render_html(made, {}), render_markdown(made), "\n".join(summary_lines(made))):
        assert text.index("比对结果：（空白） → 已通过") < text.index("接下来要做的事")


def _demo(made: Report) -> Report:
    return made.model_copy(update={"demo": True})


def test_a_demonstration_says_so_on_every_page() -> None:
    page = render_html(_demo(done()), {})
    assert "@top-center" in page
    assert "演示：学生是虚构的" in page.split("<body>")[1]
    assert "演示" in render_markdown(_demo(done()))
    assert "演示" not in render_html(done(), {}) + render_markdown(done())
