"""Rosters as officers have them: everything wrong is said at once, nothing that is read is repeated, nothing is run."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from agent.cohort import roster
from agent.errors import UsageError

TODAY = date(2024, 6, 3)
GOOD = ("王岚", "610000199603164229")
OTHER = ("李知远", "61000019940518531X")


def _csv(folder: Path, *rows: tuple[str, ...], encoding: str = "utf-8") -> Path:
    path = folder / "roster.csv"
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def _xlsx(folder: Path, *rows: tuple[object, ...]) -> Path:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    path = folder / "roster.xlsx"
    book.save(path)
    return path


def _said(found: roster.Roster) -> list[tuple[int, str]]:
    return [(problem.row, problem.column) for problem in found.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_roster_as_excel_saves_it(tmp_path: Path, encoding: str) -> None:
    rows = [("2024年7月毕业生名单", ""), ("姓 名", "身份证号"), GOOD, ("", ""), OTHER]
    found = roster.load(_csv(tmp_path, *rows, encoding=encoding), TODAY)
    assert [(person.name, person.number) for person in found.people] == [GOOD, OTHER]
    assert [person.position for person in found.people] == [3, 5]
    assert found.problems == ()


def test_xlsx_and_columns_that_are_not_used(tmp_path: Path) -> None:
    path = _xlsx(
        tmp_path, ("序号", "姓名", "证件号码", "学号", "联系电话"), (1, *GOOD, 202106980001, "10000000001")
    )
    found = roster.load(path, TODAY)
    (person,) = found.people
    assert (person.student_number, person.phone) == ("202106980001", "10000000001")
    assert found.ignored == ("序号",)


def test_every_problem_is_said_at_once_and_no_value_is_repeated(tmp_path: Path) -> None:
    rows = [
        ("姓名", "证件号码", "学号", "手机"),
        ("", "610000199603164229", "202106980001", ""),
        ("王岚", "610000199603164220", "x", "不是号码"),
        ("王岚", "6.10E+17", "", ""),
        ("=HYPERLINK(1)", "61000019940518531X", "", ""),
        ("李知远", "6100**********531X", "", ""),
    ]
    found = roster.load(_csv(tmp_path, *rows), TODAY)
    wrong = [
        (2, "姓名"),
        (3, "证件号码"),
        (3, "学号"),
        (3, "手机"),
        (4, "证件号码"),
        (5, "姓名"),
        (6, "证件号码"),
    ]
    assert _said(found) == wrong
    told = "\n".join(problem.describe() for problem in found.problems)
    assert all(
        value not in told for row in rows[1:] for value in row[1:] if value and value != "610000199603164229"
    )
    assert "例如 王岚" in told


def test_digits_that_the_spreadsheet_has_lost(tmp_path: Path) -> None:
    found = roster.load(_xlsx(tmp_path, ("姓名", "证件号码"), ("王岚", 610000199603164229)), TODAY)
    (problem,) = found.problems
    assert "数字格式" in problem.problem


def test_one_student_has_one_row(tmp_path: Path) -> None:
    renewed = (("林予安", "0836451201"), ("林予安", "0836451202"))
    rows = [("姓名", "证件号码"), GOOD, OTHER, ("王小岚", GOOD[1]), *renewed]
    found = roster.load(_csv(tmp_path, *rows), TODAY)
    assert _said(found) == [(4, "证件号码"), (6, "证件号码")]
    assert found.problems[0].problem == "和第 2 行重复，一名学生只能有一行"


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (("姓名", "证件号码", "学信网密码"), "有密码"),
        (("姓名", "证件号码", "Password"), "有密码"),
        (("姓名", "学号"), "缺少“证件号码”"),
        (("名字", "号码"), "没有表头"),
        (("姓名", "证件号码", "身份证号"), "不止一列"),
    ],
)
def test_heads_that_are_refused(tmp_path: Path, head: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        roster.load(_csv(tmp_path, head, (*GOOD, "x")), TODAY)


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"PK\x03\x04 no workbook", b"\xff\xfe\xff"])
def test_what_is_no_table_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(data)
    with pytest.raises(UsageError):
        roster.load(path, TODAY)


@given(st.binary(max_size=300))
def test_no_file_is_a_bug(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "roster"
    path.write_bytes("姓名,证件号码\n".encode() + data)
    try:
        roster.load(path, TODAY)
    except UsageError:
        return


@pytest.mark.parametrize(
    "head", ["身份证件号码", "*身份证件号", "居民身份证号", "居民身份证号码", "有效证件号码"]
)
def test_other_names_of_the_number(tmp_path: Path, head: str) -> None:
    assert len(roster.load(_csv(tmp_path, ("姓名", head), GOOD), TODAY).people) == 1


def test_a_missing_column_is_told_with_what_to_call_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="证件号码") as raised:
        roster.load(_csv(tmp_path, ("姓名", "身分證號"), GOOD), TODAY)
    assert "列名改成“证件号码”" in raised.value.remedy


@pytest.mark.parametrize("value", [date(2022, 6, 9), True, False])
@pytest.mark.parametrize("column", ["学号", "班级", "手机"])
def test_what_a_program_made_of_a_text_is_not_taken_for_it(
    tmp_path: Path, value: object, column: str
) -> None:
    path = _xlsx(tmp_path, ("姓名", "证件号码", column), (*GOOD, value))
    (problem,) = roster.load(path, TODAY).problems
    assert "设为“文本”" in problem.problem


@pytest.mark.parametrize(
    "phone",
    ["(029)82660000", "029-82660000转801", "13800000000/13900000000", "（029）8266 0000", "+86 13800000000"],
)
def test_phones_as_people_write_them(tmp_path: Path, phone: str) -> None:
    found = roster.load(_csv(tmp_path, ("姓名", "证件号码", "联系电话"), (*GOOD, phone)), TODAY)
    assert found.problems == ()


@pytest.mark.parametrize("phone", ["没有", "13800000000（父亲）", "12", "=1+1"])
def test_what_is_no_phone_is_told(tmp_path: Path, phone: str) -> None:
    found = roster.load(_csv(tmp_path, ("姓名", "证件号码", "联系电话"), (*GOOD, phone)), TODAY)
    assert [problem.column for problem in found.problems] == ["手机"]


@pytest.mark.parametrize("name", ["王\n岚", "王\r\n岚", "王 \n 岚"])
def test_a_name_is_one_line(tmp_path: Path, name: str) -> None:
    (person,) = roster.load(_csv(tmp_path, ("姓名", "证件号码"), (name, GOOD[1])), TODAY).people
    assert person.name == "王 岚"


def test_a_student_number_is_one_in_either_case(tmp_path: Path) -> None:
    rows = (("姓名", "证件号码", "学号"), (*GOOD, "X2022001"), (*OTHER, "x2022001"))
    assert _said(roster.load(_csv(tmp_path, *rows), TODAY)) == [(3, "学号")]


@pytest.mark.parametrize("word", ["身份证件", "中国居民身份证", "01-身份证"])
def test_a_mistyped_number_is_told_whatever_its_document_is_called(tmp_path: Path, word: str) -> None:
    rows = (("姓名", "证件类型", "证件号码"), ("王岚", word, "610000199603164228"))
    assert _said(roster.load(_csv(tmp_path, *rows), TODAY)) == [(2, "证件号码")]
