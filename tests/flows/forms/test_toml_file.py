"""form.toml: every problem at once with its line, the notice's rules, and a template that can be filled in."""

from __future__ import annotations

import re
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import UsageError
from agent.privacy.redaction import Redactor
from flows.forms.model import FamilyMember, Form, HistoryEntry, characters, month, month_text
from flows.forms.registration import RegistrationStatement
from flows.forms.rules import gaps, history_problems
from flows.forms.toml_file import examine, load, template, write_template
from flows.profiles.schema import HistoryRule
from flows.profiles.schema import load as load_profile

XJTU = load_profile("xjtu-2024-07")
TODAY = date(2024, 6, 3)
RULE = HistoryRule(begins=("高中", "中学"), largest_gap_months=2)
SCHOOL = "西安交通大学"
GOOD = """\
[[family]]
relation = "母亲"
name = "李示例"
phone = "10000009003"
document_type = "居民身份证"
document_number = "61000019700101002X"
age = 54

[[history]]
place = "西安市示例高级中学"
start = "2011-09"
end = "2014-06"

[[history]]
place = "示例公司"
start = 2014.09
end = "2021.2"

[[history]]
place = "西安交通大学"
start = "2021年3月"
end = "至今"

[self_evaluation]
text = '''
在校期间认真学习。
'''
"""


def _good() -> str:
    long = "在校期间认真学习，尊敬师长。" * 20
    return (
        GOOD.replace("在校期间认真学习。", long)
        .replace("61000019700101002X", "610000197001010020")
        .replace("2014.09", '"2014.09"')
    )


def _examined(tmp_path: Path, text: str) -> tuple[Form, list[str]]:
    path = tmp_path / "form.toml"
    path.write_text(text, "utf-8")
    return examine(path, XJTU, TODAY)


def _stays(*spans: tuple[str, str, str]) -> dict[int, HistoryEntry]:
    return dict(enumerate(HistoryEntry(place=place, start=start, end=end) for place, start, end in spans))


# -- the whole file ------------------------------------------------------------------------------------------------------


def test_a_good_form_is_read_whole(tmp_path: Path) -> None:
    form, problems = _examined(tmp_path, _good())
    assert problems == []
    assert [entry.relation for entry in form.family] == ["母亲"]
    assert form.family[0].age == "54"
    assert [entry.place for entry in form.history][-1] == SCHOOL
    assert form.summary() == "家庭成员 1 条，履历 3 条，自我评价 280 字"


def test_every_problem_comes_at_once_with_line_entry_field_and_example(tmp_path: Path) -> None:
    text = (
        _good()
        .replace('phone = "10000009003"', 'phone = "打电话"')
        .replace('relation = "母亲"', 'relation = "邻居"')
        .replace('end = "2021.2"', 'end = "2020-12-31"')
        .replace('end = "至今"', 'ende = "至今"')
        .replace("在校期间认真学习，尊敬师长。" * 20, "太短")
    )
    _, problems = _examined(tmp_path, text)
    assert [re.sub(r"：.*", "", line) for line in problems] == [
        "第 2 行 家庭成员第 1 条“关系”（relation）",
        "第 4 行 家庭成员第 1 条“联系方式”（phone）",
        "第 17 行 履历第 2 条“结束时间”（end）",
        "第 19 行 履历第 3 条“结束时间”（end）",
        "第 22 行 履历第 3 条“ende”（ende）",
        "第 25 行 自我评价“内容”（text）",
    ]
    assert 'relation = "母亲"' in problems[0]
    assert "可以用 place、post、start、end" in problems[4]
    assert "应该写成年-月，例如：" in problems[2]
    assert "不少于 200 字" in problems[5]
    assert "2 字" in problems[5]


@pytest.mark.parametrize(
    ("field", "given", "meant"),
    [
        ("phone", "１００００００９００３", "10000009003"),
        ("phone", "+８６　10000009003", "+86 10000009003"),
        ("age", "５４", "54"),
        ("document_number", "61000019700101002x", "61000019700101002X"),
        ("document_number", "６１００００１９７００１０１００２ｘ", "61000019700101002X"),
        ("document_number", "61000019700101002Х", "61000019700101002X"),
        ("document_number", "610000 19700101 002X", "61000019700101002X"),
    ],
)
def test_a_number_goes_to_the_site_as_sites_take_it(field: str, given: str, meant: str) -> None:
    """What an input method made wide, or an X that is a letter of another alphabet, is sent to nobody."""
    assert getattr(FamilyMember.model_validate({field: given}), field) == meant


def test_a_number_of_the_registration_and_of_the_history_too() -> None:
    entry = HistoryEntry(
        place="示例公司", start="２０１４－０９", end="2021．02", witness_phone="１００００００９１０４"
    )
    assert (entry.start, entry.end, entry.witness_phone) == ("2014-09", "2021.02", "10000009104")
    stated = RegistrationStatement(id_number="61000019960316005х", student_number="２０２２０６９８０００１")
    assert (stated.id_number, stated.student_number) == ("61000019960316005X", "202206980001")


def test_a_form_with_problems_is_refused_whole_and_no_value_is_said(tmp_path: Path) -> None:
    path = tmp_path / "form.toml"
    path.write_text(_good().replace("610000197001010020", "610000197001010027"), "utf-8")
    with pytest.raises(UsageError, match="有 1 处要改") as caught:
        load(path, XJTU, TODAY)
    assert "没有打开任何网站" in caught.value.message
    assert "610000197001010027" not in caught.value.message + caught.value.remedy
    path.write_text(_good(), "utf-8")
    assert len(load(path, XJTU, TODAY).history) == 3


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "还没有填写任何内容"),
        ("family = “母亲”".encode(), "第 1 行第"),
        (b"[[family]\n", "第 1 行第"),
        ("[[family]]\nname = '李示例'".encode("big5", "ignore") + b"\xff", "编码认不出来"),
        ("[[family]]\nname = '李示例\ufffd'".encode(), "第 2 行有保存时丢失了的字"),
        ("[[family]]\nname = '李\ue000'".encode("gb18030"), "第 2 行有"),
        (b"[[family]]\nname = '\xff\xfe\x81'", "编码认不出来"),
    ],
)
def test_what_is_no_form_is_said_in_chinese(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "form.toml"
    path.write_bytes(data)
    if not data:
        assert examine(path, XJTU, TODAY)[0].summary() == words
        return
    with pytest.raises(UsageError, match=words):
        examine(path, XJTU, TODAY)


def test_a_mark_before_the_text_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "form.toml"
    path.write_bytes(b"\xef\xbb\xbf" + _good().encode())
    assert examine(path, XJTU, TODAY)[1] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[pets]\nname = 'x'", "第 1 行 pets：没有这一项"),
        ("family = 3", "第 1 行 家庭成员第 1 条：应该是列表"),
        ("[[family]]\nname = ['x']", "第 2 行 家庭成员第 1 条“姓名”（name）：应该是文字"),
        ("[self_evaluation]\nfile = 'missing.txt'", "第 2 行 自我评价“文件”（file）：这个文件打不开"),
        ("[self_evaluation]\ntext = 'x'\nfile = 'y'", "text 和 file 只能填一个"),
    ],
)
def test_what_has_another_shape_is_named(tmp_path: Path, text: str, words: str) -> None:
    _, problems = _examined(tmp_path, text)
    assert len(problems) == 1
    assert words in problems[0]


def test_the_self_evaluation_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "me.txt").write_text("好" * 200, "utf-8-sig")
    form, problems = _examined(tmp_path, "[self_evaluation]\nfile = 'me.txt'")
    assert (form.self_evaluation, problems) == ("好" * 200, [])
    (tmp_path / "me.txt").write_text("", "utf-8")
    assert "现在是 0 字" in _examined(tmp_path, "[self_evaluation]\nfile = 'me.txt'")[1][0]


def test_lines_are_found_past_texts_of_several_lines(tmp_path: Path) -> None:
    text = '[self_evaluation]\ntext = """\n[[family]]\nname = 3\n"""\n\n[[family]]\nname = "李示例"\n'
    _, problems = _examined(tmp_path, text)
    assert [line.split("：")[0] for line in problems] == [
        "第 2 行 自我评价“内容”（text）",
        "第 7 行 家庭成员第 1 条“关系”（relation）",
        "第 7 行 家庭成员第 1 条“联系方式”（phone）",
    ]


@given(st.text(alphabet="好x，1", max_size=260), st.lists(st.sampled_from(" \n\t\u3000"), max_size=20))
def test_white_space_does_not_count(text: str, blanks: list[str]) -> None:
    assert characters("".join(blanks) + text + "".join(blanks)) == len(text)


def test_what_the_form_says_of_people_is_kept_out_of_logs() -> None:
    redactor = Redactor()
    mother = FamilyMember(name="李示例", phone="10000009003", document_number="610000197001010020")
    Form((mother,), (HistoryEntry(witness="刘示例", witness_phone="10000009002"),)).register_secrets(redactor)
    said = redactor.redact("李示例 10000009003 610000197001010020 刘示例 10000009002")
    assert said == "李** *********03 **************0020 刘** *********02"


# -- family --------------------------------------------------------------------------------------------------------------


def test_nobody_is_entered_twice(tmp_path: Path) -> None:
    mother = '[[family]]\nrelation = "母亲"\nname = "李示例"\nphone = "10000009003"\n'
    _, problems = _examined(tmp_path, mother + mother)
    assert len(problems) == 1
    assert problems[0].startswith("第 7 行 家庭成员第 2 条“姓名”（name）：同一个人填了两次")


# -- history ---------------------------------------------------------------------------------------------------------------


COMPLETE = (
    ("示例高级中学", "2011-09", "2014-06"),
    ("示例公司", "2014-09", "2021-02"),
    (SCHOOL, "2021-03", "至今"),
)


def _said(*spans: tuple[str, str, str]) -> str:
    return "；".join(problem.what for problem in history_problems(_stays(*spans), SCHOOL, RULE, TODAY))


def test_a_history_without_a_gap_is_fine() -> None:
    assert _said(*COMPLETE) == ""
    assert _said(*COMPLETE[:2], (SCHOOL, "2021-03", "2024-01"), ("示例公司", "2021-03", "至今")) == ""


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        (
            (COMPLETE[0], COMPLETE[2]),
            "2014-07 至 2021-02 没有履历（在“示例高级中学”之后、“西安交通大学”之前）",
        ),
        (COMPLETE[1:], "要从高中填起"),
        (COMPLETE[:2], "缺少在西安交通大学学习的经历"),
        ((*COMPLETE[:2], (SCHOOL, "2021-03", "2024-05")), "最后一条要填写到至今"),
        ((COMPLETE[1], COMPLETE[0], COMPLETE[2]), "要按时间先后排列"),
        ((*COMPLETE[:2], (SCHOOL, "2025-03", "至今")), "在今天以后"),
        ((COMPLETE[0], *COMPLETE), "同一段经历填了两次"),
        ((("高中", "2014-06", "2011-09"), *COMPLETE[1:]), "早于开始时间"),
        ((("高中", "2011-13", "2014-06"), *COMPLETE[1:]), "应该写成年-月"),
    ],
)
def test_each_rule_of_the_notice_has_its_sentence(
    spans: tuple[tuple[str, str, str], ...], words: str
) -> None:
    assert words in _said(*spans)


def test_a_first_school_may_say_what_it_is() -> None:
    stays = _stays(*COMPLETE)
    stays[0] = stays[0].model_copy(update={"place": "示例学校"})
    assert "要从高中填起" in history_problems(stays, SCHOOL, RULE, TODAY)[0].what
    stays[0] = stays[0].model_copy(update={"stage": "高中"})
    assert history_problems(stays, SCHOOL, RULE, TODAY) == []


MONTHS = st.integers(2005 * 12, 2024 * 12)


@given(
    st.lists(st.tuples(MONTHS, st.integers(0, 40)), min_size=1, max_size=8),
    st.integers(0, 6),
)
def test_a_gap_is_found_exactly_where_whole_months_are_missing(
    spans: list[tuple[int, int]], largest: int
) -> None:
    stays = [
        (place, HistoryEntry(place="x", start=month_text(first), end=month_text(first + more)))
        for place, (first, more) in enumerate(sorted(spans))
    ]
    covered = {first + step for first, more in spans for step in range(more + 1)}
    missing = [number for number in range(min(covered), max(covered)) if number not in covered]
    runs: list[int] = []
    for number in missing:
        if number - 1 in missing:
            runs[-1] += 1
        else:
            runs.append(1)
    assert len(list(gaps(stays, largest))) == sum(run > largest for run in runs)


@given(
    MONTHS, st.sampled_from(["{0:04}-{1:02}", "{0:04}.{1}", "{0:04}/{1:02}", "{0:04}{1:02}", "{0:04}年{1}月"])
)
def test_a_month_is_read_in_every_usual_form(number: int, form: str) -> None:
    assert month(form.format(number // 12, number % 12 + 1)) == number
    assert month(month_text(number)) == number


# -- the template ----------------------------------------------------------------------------------------------------------


def test_the_untouched_template_is_valid_and_empty(tmp_path: Path) -> None:
    form, problems = _examined(tmp_path, template(XJTU))
    assert (form, problems) == (Form(), [])


def test_the_template_says_the_notices_rules() -> None:
    text = template(XJTU)
    for words in ("父亲、母亲、配偶", "不少于 200 字", "不能超过 2 个月", SCHOOL, "提交后不可更改"):
        assert words in text


def test_a_filled_template_has_no_problem(tmp_path: Path) -> None:
    text = template(XJTU)
    for place, start, end in COMPLETE:
        entry = f'place = "{place}"\npost = ""\nstart = "{start}"\nend = "{end}"\nwitness = ""'
        text = re.sub(
            r'place = "".*\npost = "".*\nstart = "".*\nend = "".*\nwitness = "".*', entry, text, count=1
        )
    text = text.replace('name = ""\nphone = ""', 'name = "李示例"\nphone = "10000009003"', 1)
    form, problems = _examined(tmp_path, text.replace('text = """\n', 'text = """\n' + "好" * 200))
    assert problems == []
    assert form.summary() == "家庭成员 1 条，履历 3 条，自我评价 200 字"


def test_the_template_overwrites_nothing_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "form.toml"
    write_template(path, XJTU)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("mine", "utf-8")
    with pytest.raises(UsageError, match="已经存在"):
        write_template(path, XJTU)
    assert path.read_text("utf-8") == "mine"


def test_a_notice_without_such_duties_has_no_form(tmp_path: Path) -> None:
    bare = XJTU.model_copy(update={"rules": None})
    with pytest.raises(UsageError, match="不需要学生填写"):
        write_template(tmp_path / "form.toml", bare)
    assert replace(Form(), self_evaluation="好").summary() == "自我评价 1 字"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_whatever_editor_saved_it_the_same_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "form.toml"
    path.write_bytes("[self_evaluation]\ntext = '本人学习认真。'".encode(encoding))
    form, _ = examine(path, XJTU, TODAY)
    assert form.self_evaluation == "本人学习认真。"
