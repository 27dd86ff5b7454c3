"""What students fill in on a page: files read in whole or refused by the line, and drafts that lose nothing."""

from __future__ import annotations

from datetime import date

import pytest

from agent.errors import UsageError
from flows.forms.sheet import ProfileSheets
from flows.profiles.schema import load

XJTU = "xjtu-2024-07"
SHEETS = ProfileSheets(load, lambda profile: date(2024, 6, 3))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a=" + "[" * 5000 + "]" * 5000, "套得太深"),
        ("age=" + "9" * 5000, "太长"),
        ("[[family]]\nname=“李”\n", "第 2 行"),
        ('[[family]]\nnme="李"\n', "第 2 行"),
        ("[foo]\na=1\n", "第 1 行"),
        ('[family]\nname="李"\n', "家庭成员"),
        ('self_evaluation="我"\n', "自我评价"),
        ("[[history]]\nstart=2014.09\n", "第 2 行"),
        ('[self_evaluation]\nfile="自我评价.txt"\n', "贴到自我评价里"),
        ('[[family]]\nname="\\u001b[31m李"\n', "不是文字的字符"),
    ],
)
def test_a_file_of_which_a_part_would_be_lost_is_refused_by_what_it_is(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as stop:
        SHEETS.read(XJTU, text.encode())
    assert stop.value.remedy


@pytest.mark.parametrize("text", ["王\ue863", "王\x7f", "王\x1b[31m", '王"\\', "王\u202e", "\n王\t"])
def test_a_draft_comes_back_as_it_was_typed(text: str) -> None:
    rows = [{"relation": "父亲", "name": text.strip()}]
    kept = SHEETS.kept(XJTU, SHEETS.write(XJTU, {"family": rows}))
    assert kept["family"][0]["name"] == text.strip()


@pytest.mark.parametrize("start", ["2014—09", "2014/9", "2014、9", "2014年09月", "2014 09"])
@pytest.mark.parametrize("end", ["现在", "目前", "至今", "今"])
def test_times_as_people_write_them(start: str, end: str) -> None:
    rows = SHEETS.read(XJTU, f'[[history]]\nplace="高中"\nstart="{start}"\nend="{end}"\n'.encode())
    assert (rows["history"][0]["start"], rows["history"][0]["end"]) == ("2014-09", "至今")
    problems = SHEETS.check(XJTU, rows).problems
    assert not any(problem.field in ("start", "end") for problem in problems)


@pytest.mark.parametrize("start", ["2014-09-01", "2014年9月1日", "2014-13", "2014年秋", "14-09"])
def test_what_is_no_month_is_told(start: str) -> None:
    rows = SHEETS.read(XJTU, f'[[history]]\nplace="高中"\nstart="{start}"\nend="至今"\n'.encode())
    assert any(problem.field == "start" for problem in SHEETS.check(XJTU, rows).problems)
