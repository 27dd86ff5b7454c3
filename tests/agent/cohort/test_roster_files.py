"""Rosters as the programs of the world write them: the same two students, or a sentence of what is wrong with the file."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from agent.cohort import roster
from agent.errors import UsageError

TODAY = date(2024, 6, 3)
MANY = 2 * (settings.default.max_examples if settings.default else 1)
HEAD = ("姓名", "证件号码", "学号")
PEOPLE = (("王岚", "610000199603164229", "202206980001"), ("李默", "610000199705123313", "202206980002"))
TEXT = "".join(",".join(row) + "\r\n" for row in (HEAD, *PEOPLE))


def _people(path: Path) -> list[tuple[str, str, str]]:
    found = roster.load(path, TODAY)
    assert found.problems == ()
    return [(person.name, person.number, person.student_number) for person in found.people]


def _file(folder: Path, data: bytes, name: str = "名单.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _workbook(edit: Callable[[Workbook, Worksheet], None] = lambda book, sheet: None) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (HEAD, *PEOPLE):
        sheet.append(row)
    edit(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _with_part(data: bytes, part: str, edit: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one of its parts edited."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            new.writestr(item, edit(old.read(item)) if item == part else old.read(item))
    return out.getvalue()


SHEET, STYLES, BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t", ";", "，", "；"])
def test_text_by_any_encoding_and_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    assert _people(_file(tmp_path, TEXT.replace(",", separator).encode(encoding))) == list(PEOPLE)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TEXT.replace(",", "\t,\t"), id="tabs on both sides of the commas"),
        pytest.param(TEXT.replace("\r\n", ",,\t\r\n"), id="empty cells at the end"),
        pytest.param(TEXT.replace("\r\n", "\r"), id="line ends of an old Macintosh"),
        pytest.param("sep=,\r\n" + TEXT, id="Excel's own first line"),
        pytest.param(
            "2024年7月毕业生,,\r\n说明：姓名,请与,证件一致\r\n\r\n" + TEXT, id="notes before the table"
        ),
        pytest.param("；".join("一二三四五六") + "\r\n" + TEXT, id="a note with other separators"),
        pytest.param("注意\r\n" * 12 + TEXT, id="twelve lines of notes"),
        pytest.param(TEXT.replace("姓名", "*姓 名").replace("学号", "学号（必填）"), id="marks in the head"),
        pytest.param(TEXT + "姓名,证件号码,学号\r\n", id="the head again on the next page"),
        pytest.param(re.sub(r"(\d+)", r'="\1"', TEXT), id="numbers as formulas of a text"),
        pytest.param(re.sub(r"(\d+)", r'"=""\1"""', TEXT), id="the same, quoted"),
        pytest.param(re.sub(r"(\d+)", r"’\1", TEXT), id="a curly apostrophe"),
        pytest.param(re.sub(r"(\d+)", r"＇\1", TEXT), id="a full-width apostrophe"),
        pytest.param(
            re.sub(r"(\d+)", "\N{LEFT-TO-RIGHT EMBEDDING}\\1\N{POP DIRECTIONAL FORMATTING}", TEXT), id="marks"
        ),
        pytest.param(
            re.sub(r"(\d)", lambda digit: chr(ord(digit[0]) + 0xFEE0), TEXT), id="full-width digits"
        ),
        pytest.param(
            TEXT.replace("证件号码", "证件号码（身份证）").replace("学号", "学号（12位）"),
            id="remarks in the head",
        ),
        pytest.param(
            TEXT.replace("姓名", "学生姓名（与身份证一致）").replace("学号", "学号(本人)"), id="more remarks"
        ),
        pytest.param(TEXT.replace("姓名", '"姓名"').replace("王岚", '"王岚"'), id="quotes around some cells"),
        pytest.param(TEXT.replace("学号\r\n", '学号,"备注\n（选填）"\r\n'), id="a cell of two lines"),
    ],
)
def test_text_as_people_write_it(tmp_path: Path, text: str) -> None:
    assert _people(_file(tmp_path, text.encode())) == list(PEOPLE)


@pytest.mark.parametrize("letter", ["x", "ｘ", "Х", "х", "×", "Χ", "Ⅹ", "✕"])
def test_a_check_digit_is_an_x_whatever_was_typed(tmp_path: Path, letter: str) -> None:
    text = f"姓名,证件号码\n李知远,61000019940518531{letter}\n"
    (person,) = roster.load(_file(tmp_path, text.encode()), TODAY).people
    assert person.number == "61000019940518531X"


@pytest.mark.parametrize(
    "lines",
    [
        ['王岚,610000199603164229,"西安', "李默,610000199705123313,兰州"],
        ['王岚,610000199603164229,"西安', '李默,610000199705123313,"兰州'],
        ['"王岚,610000199603164229,西安', "李默,610000199705123313,兰州"],
        ['王岚,610000199603164229,"西安', '李默,610000199705123313,"', "赵新,610000199908093468,西安"],
        ['王岚,610000199603164229,"', "李默,610000199705123313,兰州", "赵新,610000199908093468,西安"],
    ],
)
def test_a_quote_that_is_not_closed_swallows_nobody(tmp_path: Path, lines: list[str]) -> None:
    text = "\r\n".join(["姓名,证件号码,教学点", *lines, ""])
    with pytest.raises(UsageError, match=r"第 2 行的双引号不成对"):
        roster.load(_file(tmp_path, text.encode()), TODAY)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("手机", "1.38E+10"),
        ("手机", "1.38001e+10"),
        ("学号", "2.02207E+11"),
        ("学号", "2.0E+11"),
        ("证件号码", "6.1E+17"),
    ],
)
def test_what_a_spreadsheet_has_shortened_is_said_to_be(tmp_path: Path, column: str, value: str) -> None:
    row = {"姓名": "王岚", "证件号码": PEOPLE[0][1]} | {column: value}
    text = f"{','.join(row)}\n{','.join(row.values())}\n"
    (problem,) = roster.load(_file(tmp_path, text.encode()), TODAY).problems
    assert (problem.column, "数字格式" in problem.problem) == (column, True)


@pytest.mark.parametrize(
    "text",
    [
        "<html><table><tr><td>姓名</td><td>证件号码</td></tr></table></html>",
        "<!DOCTYPE html>\n<table>\n<tr><th>姓名</th></tr></table>",
        '\n  <table border="1"><tr><td>姓名</td></tr></table>',
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook><Worksheet/></Workbook>',
        '<meta charset="utf-8"><table><tr><td>姓名</td></tr></table>',
    ],
)
def test_a_web_page_under_a_table_s_name_is_said_to_be_one(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match="网页") as stop:
        roster.load(_file(tmp_path, text.encode(), "名单.xls"), TODAY)
    assert "另存为" in stop.value.remedy


@pytest.mark.parametrize("name", ["买买提•吐尔逊", "古丽‧艾", "阿依努尔・买买提", "迪丽.热巴", "卓玛∙次仁", "欧阳 娜娜", "次仁･卓玛",
                                  "王　岚", "Ana-Maria O'Brien", "䶮𠮷", "阿卜杜⋅热合曼"])  # fmt: skip
def test_a_name_is_taken_as_written(tmp_path: Path, name: str) -> None:
    text = f"姓名,证件号码\n{name},610000199603164229\n"
    (person,) = roster.load(_file(tmp_path, text.encode()), TODAY).people
    assert person.name == name


def _titles(book: Workbook, sheet: Worksheet) -> None:
    sheet.insert_rows(1, 2)
    sheet["A1"] = "毕业生名单"
    sheet.merge_cells("A1:C1")


def _head_of_two_rows(book: Workbook, sheet: Worksheet) -> None:
    sheet.insert_rows(2)
    for letter in "ABC":
        sheet.merge_cells(f"{letter}1:{letter}2")


def _instructions_first(book: Workbook, sheet: Worksheet) -> None:
    book.create_sheet("填写说明", 0)["A1"] = "每行一名学生"


def _head_of_two_rows_apart(book: Workbook, sheet: Worksheet) -> None:
    """Neither row has every column, and nothing is merged."""
    sheet.insert_rows(2)
    sheet["B1"], sheet["B2"], sheet["D1"], sheet["D2"] = "证件", "证件号码", "证件", "证件类型"


def _very_hidden_first(book: Workbook, sheet: Worksheet) -> None:
    other = book.create_sheet("数据", 0)
    other.append(HEAD)
    other.sheet_state = "veryHidden"


def _texts_as_formulas(book: Workbook, sheet: Worksheet) -> None:
    for row in sheet.iter_rows(min_row=2, min_col=2):
        for cell in row:
            cell.value = f"'{cell.value}"


def _styled_to_the_end(book: Workbook, sheet: Worksheet) -> None:
    sheet["XFD1048576"].number_format = "@"


WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "a title merged over the columns": lambda: _workbook(_titles),
    "a head of two rows": lambda: _workbook(_head_of_two_rows),
    "a head of two rows that are not merged": lambda: _workbook(_head_of_two_rows_apart),
    "instructions on the first sheet": lambda: _workbook(_instructions_first),
    "a very hidden sheet first": lambda: _workbook(_very_hidden_first),
    "apostrophes that were typed": lambda: _workbook(_texts_as_formulas),
    "a style at the very last cell": lambda: _workbook(_styled_to_the_end),
    "a dimension that is too narrow": lambda: _with_part(
        _workbook(), SHEET, lambda part: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B2"', part)
    ),
    "a dimension that is too wide": lambda: _with_part(
        _workbook(), SHEET, lambda part: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', part)
    ),
    "no dimension": lambda: _with_part(_workbook(), SHEET, lambda part: re.sub(rb"<dimension [^>]*>", b"", part)),
    "styles of nobody": lambda: _with_part(_workbook(), STYLES, lambda part: b"<styleSheet/>"),
    "an unknown list of extensions": lambda: _with_part(
        _workbook(),
        SHEET,
        lambda part: part.replace(
            b"</worksheet>", b'<extLst><ext uri="{0}"><x14:a xmlns:x14="urn:x"/></ext></extLst></worksheet>'
        ),
    ),
    "unknown settings of the workbook": lambda: _with_part(
        _workbook(), BOOK, lambda part: part.replace(b"<workbookPr ", b'<workbookPr wps="1" ')
    ),
}  # fmt: skip


@pytest.mark.parametrize("data", WORKBOOKS.values(), ids=WORKBOOKS)
def test_workbooks_as_programs_write_them(tmp_path: Path, data: Callable[[], bytes]) -> None:
    assert _people(_file(tmp_path, data(), "名单.xlsx")) == list(PEOPLE)


def test_what_is_merged_stands_in_every_row(tmp_path: Path) -> None:
    def edit(book: Workbook, sheet: Worksheet) -> None:
        sheet["D1"], sheet["D2"] = "教学点", "西安"
        sheet.merge_cells("D2:D3")

    found = roster.load(_file(tmp_path, _workbook(edit), "名单.xlsx"), TODAY)
    assert [person.group for person in found.people] == ["西安", "西安"]


def test_a_constant_formula_is_its_text_and_any_other_a_problem(tmp_path: Path) -> None:
    part = f'<c r="B2" t="str"><f>"{PEOPLE[0][1]}"</f><v>{PEOPLE[0][1]}</v></c>'.encode()
    other = f'<c r="B3" t="str"><f>C3&amp;""</f><v>{PEOPLE[1][1]}</v></c>'.encode()
    data = _with_part(
        _workbook(),
        SHEET,
        lambda old: re.sub(rb'<c r="B3".*?</c>', other, re.sub(rb'<c r="B2".*?</c>', part, old)),
    )
    found = roster.load(_file(tmp_path, data, "名单.xlsx"), TODAY)
    assert [person.number for person in found.people] == [PEOPLE[0][1]]
    assert [(problem.row, problem.column) for problem in found.problems] == [(3, "证件号码")]


@pytest.mark.parametrize("column", ["B", "C"])
def test_a_number_of_more_digits_than_a_spreadsheet_keeps_is_told(tmp_path: Path, column: str) -> None:
    cell = f'<c r="{column}2"><v>2022069800010012</v></c>'.encode()
    data = _with_part(
        _workbook(), SHEET, lambda old: re.sub(rb'<c r="%c2".*?</c>' % column.encode(), cell, old)
    )
    (problem,) = roster.load(_file(tmp_path, data, "名单.xlsx"), TODAY).problems
    assert problem.problem == roster.DIGITS_LOST


def test_hidden_sheets_are_named_and_not_read(tmp_path: Path) -> None:
    found = roster.load(_file(tmp_path, WORKBOOKS["a very hidden sheet first"](), "名单.xlsx"), TODAY)
    assert found.other_sheets == ("数据（隐藏的）",)


@pytest.mark.parametrize(
    "head",
    [
        *("学员姓名,身份证,学生学号", "考生姓名,公民身份证号码,学号", "【姓名】,有效身份证件号,学号【必填】"),
        *("毕业生姓名,学生身份证号,学号", "姓名〔必填〕,证件编号,学号"),
    ],
)
def test_the_names_that_officers_give_the_columns(tmp_path: Path, head: str) -> None:
    text = TEXT.replace("姓名,证件号码,学号", head)
    assert _people(_file(tmp_path, text.encode())) == list(PEOPLE)


def test_of_several_columns_for_one_thing_that_may_be_left_out_the_first_name_counts(tmp_path: Path) -> None:
    text = "班级,姓名,证件号码,教学点,电话,手机\n1班,王岚,610000199603164229,西安,029-82660000,10000000001\n"
    found = roster.load(_file(tmp_path, text.encode()), TODAY)
    (person,) = found.people
    assert (person.group, person.phone) == ("西安", "10000000001")
    assert found.ignored == ("班级", "电话")


@pytest.mark.parametrize("nothing", ["无", "-", "/", "——", "暂无"])
def test_a_mark_for_nothing_is_nothing(tmp_path: Path, nothing: str) -> None:
    text = f"姓名,证件号码,学号,手机\n王岚,610000199603164229,{nothing},{nothing}\n"
    (person,) = roster.load(_file(tmp_path, text.encode()), TODAY).people
    assert (person.student_number, person.phone) == ("", "")
    text = f"姓名,证件号码\n{nothing},610000199603164229\n"
    (problem,) = roster.load(_file(tmp_path, text.encode()), TODAY).problems
    assert problem.problem == "没有填写"


def test_blanks_and_lines_within_a_number_are_no_part_of_it(tmp_path: Path) -> None:
    text = '姓名,证件号码,学号,手机\n王岚,610000 19960316 4229,2022 0698 0001,"10000000001\n10000000002"\n'
    (person,) = roster.load(_file(tmp_path, text.encode()), TODAY).people
    assert (person.number, person.student_number) == PEOPLE[0][1:]
    assert person.phone == "10000000001 10000000002"


def _merged_below(book: Workbook, sheet: Worksheet) -> None:
    sheet.append(["合计 2 人"])
    sheet.merge_cells("A4:C4")


@pytest.mark.parametrize(
    "lines",
    [
        *(
            "说明：1.请核对,,",
            "2. 有误请联系教务老师,,",
            "制表人：张三,,2024-06-01",
            "合计,2人,",
            ",,,",
            "备注,,",
        ),
        *("毕业生名单（续）：二班,,", "注：以上学生,已核对。,"),
    ],
)
def test_notes_below_the_students_are_told_and_nobody(tmp_path: Path, lines: str) -> None:
    found = roster.load(_file(tmp_path, f"{TEXT}{lines}\r\n".encode()), TODAY)
    assert (len(found.people), found.problems) == (2, ())
    assert lines == ",,," or "第 4 行" in "".join(found.left_out)


def test_a_note_that_is_merged_over_the_columns_is_nobody(tmp_path: Path) -> None:
    found = roster.load(_file(tmp_path, _workbook(_merged_below), "名单.xlsx"), TODAY)
    assert (len(found.people), found.problems) == (2, ())
    assert "第 4 行" in "".join(found.left_out)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "赵新,,",
            "赵新；,61000019990809346,",
            ",610000199908093468,",
            "赵新1,,202206980003",
            "赵新（休学）,,",
        ),
        *("赵新：,,202206980003", "赵新,1,"),
    ],
)
def test_a_student_whose_row_is_wrong_is_no_note(tmp_path: Path, line: str) -> None:
    assert roster.load(_file(tmp_path, f"{TEXT}{line}\r\n".encode()), TODAY).problems


def test_rows_of_which_nothing_but_other_columns_is_filled_in_are_empty(tmp_path: Path) -> None:
    text = "序号,姓名,证件号码,教学点\n1,王岚,610000199603164229,西安\n2,,,\n3,,,西安\n"
    found = roster.load(_file(tmp_path, text.encode()), TODAY)
    assert (len(found.people), found.problems) == (1, ())


def test_a_row_below_the_head_without_name_and_number_is_no_part_of_it(tmp_path: Path) -> None:
    text = "姓名,证件号码,学号\n,,202206980001\n王岚,610000199603164229,202206980002\n"
    found = roster.load(_file(tmp_path, text.encode()), TODAY)
    assert {problem.row for problem in found.problems} == {2}


def test_instructions_that_name_a_column_are_no_second_roster(tmp_path: Path) -> None:
    def edit(book: Workbook, sheet: Worksheet) -> None:
        other = book.create_sheet("填写说明")
        other.append(["姓名", "必填，与身份证一致"])
        other.append(["学号", "选填"])

    found = roster.load(_file(tmp_path, _workbook(edit), "名单.xlsx"), TODAY)
    assert (len(found.people), found.other_sheets) == (2, ("填写说明",))


def test_a_constant_formula_without_a_stored_value_is_its_text(tmp_path: Path) -> None:
    def edit(book: Workbook, sheet: Worksheet) -> None:
        sheet["B2"] = f'="{PEOPLE[0][1]}"'

    assert _people(_file(tmp_path, _workbook(edit), "名单.xlsx")) == list(PEOPLE)


def _two_rosters(book: Workbook, sheet: Worksheet) -> None:
    book.copy_worksheet(sheet)


def _all_hidden(book: Workbook, sheet: Worksheet) -> None:
    book.create_sheet("空")
    sheet.sheet_state = "hidden"


def _far_away(part: bytes) -> bytes:
    return part.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "two sheets with rosters": (lambda: _workbook(_two_rosters), "2 张工作表"),
    "only a hidden sheet": (lambda: _workbook(_all_hidden), "隐藏的工作表"),
    "a cell at the very end": (lambda: _with_part(_workbook(), SHEET, _far_away), "格子太多"),
    "a part that unpacks to anything": (lambda: _with_part(_workbook(), STYLES, lambda part: bytes(300 * 2**20)), "太大"),
    "a part that is no XML": (lambda: _with_part(_workbook(), BOOK, lambda part: part[:-40]), "不是可用的"),
    "a sheet that breaks off": (lambda: _with_part(_workbook(), SHEET, lambda part: part[:-200]), "打不开"),
    "an archive of something else": (lambda: _with_part(_workbook(), BOOK, lambda part: b"<a/>"), "没有内容|打不开"),
    "a cut-off file": (lambda: _workbook()[:-300], "不完整"),
    "Big5": (lambda: "姓名,證件號碼,學號,畢業學校\n".encode("big5") * 3, "不是表格文件"),
    "Shift-JIS": (lambda: "氏名,番号,ひらがな\n".encode("shift-jis") * 3, "不是表格文件"),
    "UTF-16 without a mark": (lambda: TEXT.encode("utf-16-le"), "不是表格文件"),
    "a letter": ("王老师：名单随后发来。".encode, "只是文字.*没有表头"),
    "a letter that was lost": ("姓名,证件号码\n王�,610000199603164229\n".encode, "第 2 行"),
    "a letter of one's own font": (lambda: "姓名,证件号码\n\n王\ue000,610000199603164229\n".encode("gb18030"), "第 3 行"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_roster_is_refused_with_what_to_do(
    tmp_path: Path, data: Callable[[], bytes], said: str
) -> None:
    with pytest.raises(UsageError, match=said) as stop:
        roster.load(_file(tmp_path, data(), "名单.xlsx"), TODAY)
    assert re.search("另存为(?! UTF-8)|工作表|保存|要有", stop.value.remedy)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=MANY, deadline=None)
@given(
    st.sampled_from([SHEET, STYLES, BOOK, "xl/sharedStrings.xml", "[Content_Types].xml"]),
    st.integers(0, 4000),
    st.integers(0, 60),
    st.sampled_from([b"", b"<", b'"', b"99999999999", b"&#0;", b"\xff", b"<c>", b'r="ZZZZ9"']),
)
def test_no_damage_to_a_workbook_is_a_bug(tmp_path: Path, part: str, at: int, cut: int, put: bytes) -> None:
    data = _with_part(_workbook(), part, lambda old: old[:at] + put + old[at + cut :])
    try:
        roster.load(_file(tmp_path, data, "名单.xlsx"), TODAY)
    except UsageError:
        return


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=MANY, deadline=None)
@given(st.lists(st.lists(st.text(max_size=20), max_size=5), max_size=6), st.sampled_from(",\t;，；|"),
       st.sampled_from(["utf-8", "utf-16", "gb18030"]))  # fmt: skip
def test_no_text_is_a_bug(tmp_path: Path, rows: list[list[str]], separator: str, encoding: str) -> None:
    text = "\n".join([separator.join(HEAD), *(separator.join(row) for row in rows)])
    try:
        roster.load(_file(tmp_path, text.encode(encoding, "replace")), TODAY)
    except UsageError:
        return


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PDF"),
        (b"{\\rtf1\\ansi}", "Word"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "图片"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"Rar!\x1a\x07", "压缩包"),
        (_workbook()[:2000], "不完整"),
    ],
)
def test_other_files_are_called_what_they_are(tmp_path: Path, data: bytes, kind: str) -> None:
    with pytest.raises(UsageError, match=kind) as raised:
        roster.load(_file(tmp_path, data, "名单.xlsx"), TODAY)
    assert "UTF-8 编码" not in raised.value.remedy


@pytest.mark.parametrize("data", [b"", b"\r\n,,\r\n"])
def test_a_text_without_content_is_told_nothing_of_sheets(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UsageError, match="没有内容") as stop:
        roster.load(_file(tmp_path, data), TODAY)
    assert "工作表" not in stop.value.remedy
    assert "姓名、证件号码" in stop.value.remedy


def _cell_as(place: str, xml: str) -> bytes:
    return _with_part(
        _workbook(),
        SHEET,
        lambda old: re.sub(rb'<c r="%s".*?</c>' % place.encode(), f'<c r="{place}"{xml}</c>'.encode(), old),
    )


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#NAME?"])
@pytest.mark.parametrize("formula", ["", "<f>VLOOKUP(A3,D:E,2)</f>"])
@pytest.mark.parametrize(("place", "column"), [("A3", "姓名"), ("B3", "证件号码"), ("C3", "学号")])
def test_a_failed_formula_is_told_as_what_stands_there(
    tmp_path: Path, place: str, column: str, formula: str, error: str
) -> None:
    data = _cell_as(place, f' t="e">{formula}<v>{error}</v>')
    (problem,) = roster.load(_file(tmp_path, data, "名单.xlsx"), TODAY).problems
    assert (problem.row, problem.column) == (3, column)
    assert f"“{error}”" in problem.problem
    assert "直接填写" in problem.problem


def test_a_failed_formula_in_a_text_is_told(tmp_path: Path) -> None:
    text = TEXT.replace(PEOPLE[1][1], "#N/A")
    (problem,) = roster.load(_file(tmp_path, text.encode()), TODAY).problems
    assert "“#N/A”" in problem.problem


def test_a_row_of_formulas_without_values_is_a_row(tmp_path: Path) -> None:
    row = b'<row r="3"><c r="A3"><f>A9</f></c><c r="B3"><f>B9</f><v></v></c></row>'
    data = _with_part(_workbook(), SHEET, lambda old: re.sub(rb'<row r="3".*?</row>', row, old))
    found = roster.load(_file(tmp_path, data, "名单.xlsx"), TODAY)
    assert [(problem.row, problem.column) for problem in found.problems] == [(3, "姓名"), (3, "证件号码")]
    assert all("公式" in problem.problem for problem in found.problems)


@pytest.mark.parametrize("hidden", [[3], [2, 3]])
def test_hidden_rows_are_named_and_not_read(tmp_path: Path, hidden: list[int]) -> None:
    def edit(book: Workbook, sheet: Worksheet) -> None:
        sheet.append(("赵新", "610000199908093468", "202206980003"))
        for row in hidden:
            sheet.row_dimensions[row].hidden = True

    found = roster.load(_file(tmp_path, _workbook(edit), "名单.xlsx"), TODAY)
    assert [person.position for person in found.people] == [row for row in (2, 3, 4) if row not in hidden]
    (said,) = found.left_out
    assert f"第 {'、'.join(map(str, hidden))} 行" in said
    assert "取消隐藏" in said


def test_a_roster_of_hidden_rows_is_refused_with_their_numbers(tmp_path: Path) -> None:
    def edit(book: Workbook, sheet: Worksheet) -> None:
        sheet.row_dimensions[2].hidden = sheet.row_dimensions[3].hidden = True

    with pytest.raises(UsageError, match="第 2、3 行") as stop:
        roster.load(_file(tmp_path, _workbook(edit), "名单.xlsx"), TODAY)
    assert "取消隐藏" in stop.value.remedy


def test_cells_without_a_head_are_named(tmp_path: Path) -> None:
    rows = [HEAD, (*PEOPLE[0], "", "西安"), PEOPLE[1]]
    text = "\r\n".join(",".join(row) for row in rows)
    assert roster.load(_file(tmp_path, text.encode()), TODAY).left_out == (
        "没有列名、没有读的格子：第 2 行第 5 列。",
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([2], "2"),
        ([2, 3], "2、3"),
        ([2, 3, 4, 7], "2-4、7"),
        (range(2, 40), "2-39"),
        (range(2, 60, 2), "2、4、6、8、10、12、14、16、18、20 等 29"),
    ],
)
def test_rows_are_told_shortly(rows: Sequence[int], said: str) -> None:
    assert roster.rows_told(rows) == f"第 {said} 行"


@pytest.mark.parametrize(("cells", "column"), [("A2:A3", "姓名"), ("B2:B3", "证件号码"), ("C2:C3", "学号")])
def test_what_is_one_student_s_own_is_not_merged_over_two(tmp_path: Path, cells: str, column: str) -> None:
    data = _workbook(lambda book, sheet: sheet.merge_cells(cells))
    found = roster.load(_file(tmp_path, data, "名单.xlsx"), TODAY)
    assert [(problem.row, problem.column) for problem in found.problems] == [(2, column), (3, column)]
    assert all(
        "第 2、3 行" in problem.problem and "取消合并" in problem.problem for problem in found.problems
    )
