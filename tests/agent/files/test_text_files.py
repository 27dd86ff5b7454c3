"""Files that people write: every encoding editors save, and for what is wrong the line and what to change."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.asks import scripted_from_file
from agent.errors import UsageError
from agent.files.text_files import decoded, parse_json, parse_toml
from agent.settings import FILE_NAME, load
from flows.forms import toml_file
from flows.profiles import schema
from flows.profiles.catalog import built_in

TODAY = date(2024, 6, 3)

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"]
FORM = '[[family]]\nrelation = "父亲"\nname = "王建国"\nphone = "10000000001"\n'


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("platformdirs.user_config_path", lambda _: tmp_path / "user")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_kind_of_file_is_read_as_editors_save_it(encoding: str) -> None:
    Path(FILE_NAME).write_bytes('# 设置\nbrowser_path = "/程序/浏览器"\n'.encode(encoding))
    assert load().browser_path == Path("/程序/浏览器")
    answers = Path("answers.json")
    answers.write_bytes('{"choose-enrollment": "西安交通大学"}'.encode(encoding))
    assert scripted_from_file(answers).answers == {"choose-enrollment": "西安交通大学"}
    notice = Path("notice.toml")
    notice.write_bytes(built_in()["xjtu-2024-07"].read_bytes().decode().encode(encoding))
    loaded = schema.load(str(notice))
    assert loaded.id == "xjtu-2024-07"
    form = Path("form.toml")
    form.write_bytes(FORM.encode(encoding))
    read, _ = toml_file.examine(form, loaded, TODAY)
    assert read.family[0].name == "王建国"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_text_of_a_self_evaluation(encoding: str) -> None:
    loaded = schema.load("xjtu-2024-07")
    Path("form.toml").write_text('[self_evaluation]\nfile = "自我评价.txt"\n', "utf-8")
    Path("自我评价.txt").write_bytes(("我认真学习，按时完成作业。" * 60).encode(encoding))
    read, problems = toml_file.examine(Path("form.toml"), loaded, TODAY)
    assert (len(read.self_evaluation), problems) == (780, [])


@pytest.mark.parametrize("lost", ["�", "\ue000", "\U000f0001", "\x07"])
@pytest.mark.parametrize("file", ["form.toml", "answers.json", FILE_NAME])
def test_a_letter_that_was_lost_is_named_by_its_line(file: str, lost: str) -> None:
    Path(file).write_text(f"\n# 王{lost}岚\n", "utf-8")
    with pytest.raises(UsageError, match="第 2 行"):
        _read(file)


def _read(file: str) -> None:
    if file == FILE_NAME:
        load()
    elif file == "answers.json":
        scripted_from_file(Path(file))
    else:
        loaded = schema.load("xjtu-2024-07")
        toml_file.examine(Path(file), loaded, TODAY)


@pytest.mark.parametrize(
    ("text", "line", "remedy"),
    [
        ('a = 1\nanswers = "C:\\Users\\me\\a.json"', 2, "单引号"),
        ('answers = "D:\\data\\a.json"', 1, "单引号"),
        ('answers = "C:\\答案\\a.json"', 1, "单引号"),
        ("a = 1\n\nb = “文字”", 3, "英文的"),
        ("a ＝ 1", 1, "英文的“=”"),
        ("\u3000a = 1", 1, "空格"),
        ("a = 1\n\u00a0b = 2", 2, "空格"),
        ("a =\u3000true", 1, "空格"),
        ("\u200ba = 1", 1, "空格"),
        ("a = 1\n\u2003[b]", 2, "空格"),
        ("【sites.chsi】\na = 1", 1, "英文的方括号"),
        ("［sites.chsi］", 1, "英文的方括号"),
        ("〔sites.chsi〕", 1, "英文的方括号"),
        ("[sites.chsi］", 1, "英文的方括号"),
        ("a = ［1, 2］", 1, "英文的方括号"),
        ('a = "【一】', 1, "右边的引号"),
        ("a = 文字", 1, "双引号"),
        ("a = 1 b = 2", 1, "一行里只能写一项"),
        ("a = 1\na = 2", 2, "两次"),
        ("[a]\nb = 1\n[a]\n", 3, "两次"),
        ('a = "x\nb = 1', 1, "引号"),
        ("a", 1, "等号"),
        ("名字 = 1", 1, "英文字母"),
        ("[a\nb = 1", 1, "方括号"),
        ("a = True", 1, "true"),
        ("a = 2024-02-31", 1, "日期"),
    ],
)
def test_toml_is_told_by_line_and_what_to_change(text: str, line: int, remedy: str) -> None:
    with pytest.raises(UsageError, match=f"第 {line} 行") as stop:
        parse_toml(text, "设置文件")
    assert remedy in stop.value.remedy
    assert not any(word in stop.value.message + stop.value.remedy for word in ("Expected", "Invalid", "line"))


@pytest.mark.parametrize(
    ("text", "line", "remedy"),
    [
        ('{"apply-plan": "yes",}', 1, "逗号"),
        ('{\n"a": "yes"\n"b": "no"}', 3, "逗号"),
        ("{'a': 1}", 1, "双引号"),
        ("{“a”: “b”}", 1, "英文的"),
        ('{"a" "b"}', 1, "冒号"),
        ('{"a": "C:\\Users"}', 1, "\\\\"),
        ('{"a": "b', 1, "右边的双引号"),
        ('{"a": yes}', 1, "值"),
        ('{"a": "b"}\n{}', 2, "多余"),
        ("", 1, "值"),
    ],
)
def test_json_is_told_by_line_and_what_to_change(text: str, line: int, remedy: str) -> None:
    with pytest.raises(UsageError, match=f"第 {line} 行") as stop:
        parse_json(text, "回答文件")
    assert remedy in stop.value.remedy


@pytest.mark.parametrize("path", ["没有.json", "x" * 300, "."])
def test_a_file_that_cannot_be_opened_is_told_in_chinese(path: str) -> None:
    with pytest.raises(UsageError, match=r"没有这个文件|太长|文件夹") as stop:
        scripted_from_file(Path(path))
    assert "Errno" not in stop.value.message
    assert "Error" not in stop.value.message


@pytest.mark.parametrize("lost", ["\\uFFFD", "\\uE000", "\\u0007"])
def test_a_letter_that_was_lost_is_seen_behind_an_escape(lost: str) -> None:
    with pytest.raises(UsageError, match="字"):
        parse_toml(f'[[family]]\nname = "王{lost}"', "文件")
    with pytest.raises(UsageError, match="字"):
        parse_json(f'{{"a": ["王{lost}"]}}', "文件")


@given(st.binary(max_size=200))
def test_no_bytes_are_a_bug(data: bytes) -> None:
    try:
        text = decoded(data, "文件")
        parse_toml(text, "文件")
        parse_json(text, "文件")
    except UsageError:
        return


@given(st.text(max_size=80), st.sampled_from(ENCODINGS))
def test_no_text_is_a_bug(text: str, encoding: str) -> None:
    for parse in (parse_toml, parse_json):
        try:
            parse(decoded(text.encode(encoding, "replace"), "文件"), "文件")
        except UsageError:
            continue
