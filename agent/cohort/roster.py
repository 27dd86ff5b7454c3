"""The roster: one student a row, checked row by row, everything that is wrong said at once and no value repeated."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NoReturn

from agent.cohort.model import Person
from agent.errors import UsageError
from agent.files.table_files import EMPTY, HEAD_ROWS, Cell, Rows, Sheet, read_sheets
from agent.files.text_files import lost_character
from agent.reconcile.document_numbers import document_key, is_masked, normalise_number, parse, plain_text
from agent.reconcile.normalise import FieldKind, is_blank, normalise


@dataclass(frozen=True)
class Column:
    """One column: its Chinese names, the first of them the one to use, and an example."""

    field: str
    names: tuple[str, ...]
    example: str
    required: bool = False


COLUMNS = (
    Column("name", ("姓名", "学生姓名"), "王岚", required=True),
    Column(
        "number",
        (
            *("证件号码", "身份证号", "身份证号码", "证件号", "公民身份号码", "身份证件号码", "身份证件号"),
            *("居民身份证号", "居民身份证号码", "有效证件号码", "证件编号", "身份证"),
            *("公民身份证号码", "公民身份证号", "有效身份证件号码", "有效身份证件号"),
        ),
        "610000199603164229",
        required=True,
    ),
    Column("document_type", ("证件类型", "证件种类", "身份证件类型"), "居民身份证"),
    Column("student_number", ("学号",), "202206980001"),
    Column(
        "phone",
        ("手机", "手机号", "手机号码", "移动电话", "联系手机", "联系电话", "联系方式", "电话", "电话号码"),
        "10000000001",
    ),
    Column("group", ("教学点", "班级", "函授站", "学习中心"), "西安直属教学点"),
)
NAMES = frozenset(name for column in COLUMNS for name in column.names)
_NEEDED = "、".join(column.names[0] for column in COLUMNS if column.required)
SECRETS = ("密码", "口令", "password", "passwd", "pwd")
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[·.\-'’]|[\u3400-\u9fff])*")
_MARKS = re.compile(
    r"^[*#]*(?:(?:学生|学员|考生|毕业生|本人)(?=姓名|学号|身份证|证件|手机|电话))?"
    r"|\((?:必填|选填|必须填写|文本|文本格式|\d+位(?:数字?)?|本人|学生|学生本人|[与同]?身份证(?:号码?|一致)?)\)|[*#:]+$"
)
"""What is written around a column's name and leaves it the student's own; （父亲） or （拼音） do not."""
_BRACKETS = str.maketrans("【】〔〕[]", "()()()")
_BRACKETED = re.compile(r"\(([^()]*)\)")
_REMARK = re.compile(r".*[:,;].+|.*。|\d+[.、)].+|(?:合计|总计|小计|共计|备注|说明|注|以下空白).*")
"""What stands below the students, in the column of their names."""
_DIGITS = re.compile(r"[\d*]{6}")
"""What any number of a student has."""
_PHONE = re.compile(r"\+?[\d(][\d\-() /,;、转+]{4,40}")
"""One or several numbers, with an area code in brackets or an extension (029-82660000转801)."""
_LINE_BREAK = re.compile(r"\s*[\r\n]\s*")
_STUDENT_NUMBER = re.compile(r"[A-Za-z0-9\-]{4,32}")
_OWN = ("name", "number", "student_number")
"""What two students never have together."""
FORMS = {"name": _NAME, "phone": _PHONE, "student_number": _STUDENT_NUMBER}
"""What the cells of some columns look like."""
DIGITS_LOST = "单元格是数字格式，表格软件已经丢掉了后几位；请把整列设为“文本”后重新填写"
_SHOW_ROWS = "要一起导入，请取消隐藏或清除筛选，保存后再导入一次"
_MOST_TOLD = 10
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+\d+")
_LONGEST_EXACT = 15
"""Digits of a number that a spreadsheet keeps; the rest it makes zeros."""


@dataclass(frozen=True)
class RosterProblem:
    """What is wrong with one cell, without the value: a roster's problems may be sent to somebody else."""

    row: int
    column: str
    problem: str
    example: str = ""

    def describe(self) -> str:
        """Say it in one Chinese line."""
        example = f"（例如 {self.example}）" if self.example else ""
        return f"第 {self.row} 行，{self.column}：{self.problem}{example}"


@dataclass(frozen=True)
class Roster:
    """A roster as it was read; nothing of it is used while there are problems."""

    people: tuple[Person, ...]
    problems: tuple[RosterProblem, ...]
    ignored: tuple[str, ...] = ()
    other_sheets: tuple[str, ...] = ()
    """The file's other sheets with something in them, of which nothing was read."""
    hidden: tuple[int, ...] = ()
    """Numbers of the rows with something in them that the file does not show; like a hidden sheet they are not read."""
    nameless: tuple[str, ...] = ()
    """Where cells stand that have no head above them, in Chinese."""
    nobody: tuple[int, ...] = ()
    """Numbers of the rows in which no student stands: numbered in advance, a sum, a remark."""

    @property
    def left_out(self) -> tuple[str, ...]:
        """What of the file was not read, a Chinese sentence each."""
        kinds = (
            ("没有读的工作表", self.other_sheets),
            ("没有用到的列", self.ignored),
            ("没有列名、没有读的格子", self.nameless),
        )
        hidden = f"{rows_told(self.hidden)}是隐藏的或被筛选掉的，没有导入；{_SHOW_ROWS}。"
        told = tuple(f"{kind}：{'、'.join(names)}。" for kind, names in kinds if names)
        nobody = f"{rows_told(self.nobody)}没有学生的姓名和号码（空行、说明或合计），没有导入。"
        return (*told, *([hidden] if self.hidden else []), *([nobody] if self.nobody else []))


def load(path: Path, today: date) -> Roster:
    """Read a roster.

    Args:
        path: CSV (UTF-8, UTF-16 or GBK), XLSX or XLS.
        today: The last day on which a student can have been born.

    Raises:
        UsageError: It is no table, or its head lacks a column or has one for passwords.
    """
    sheet, others = _chosen(path.name, read_sheets(path, NAMES))
    place, head = _head(path.name, sheet)
    _no_passwords(head.values())
    columns = _columns(path.name, head)
    problems: list[RosterProblem] = []
    people: list[Person] = []
    rows = [(number, row) for number, row in sheet.rows[place + 1 :] if _names(row) != head]
    cells = {number: _cells(row, columns) for number, row in rows}
    nobody = tuple(number for number, row in cells.items() if not _is_student(row))
    hidden = tuple(number for number in cells if number in sheet.hidden_rows and number not in nobody)
    shown = [(number, row) for number, row in rows if number not in (*nobody, *hidden)]
    for number, _ in shown:
        wrong = list(_problems(number, cells[number], today))
        problems += wrong
        if not wrong:
            people.append(_person(number, cells[number]))
    problems += _doubles(people)
    if not people and not problems:
        _nobody(path.name, hidden)
    used = set(columns.values())
    ignored = tuple(name for index, name in head.items() if index not in used)
    problems.sort(key=lambda problem: problem.row)
    nameless = tuple(_nameless(shown, head))
    return Roster(tuple(people), tuple(problems), ignored, others, hidden, nameless, nobody)


def _cells(row: Sequence[Cell], columns: Mapping[Column, int]) -> dict[str, Cell]:
    """A row's cells by their columns; a mark for nothing, as 无 or a dash, is an empty one."""
    found = {column.field: row[at] if at < len(row) else EMPTY for column, at in columns.items()}
    return {field: EMPTY if is_blank(cell.text) else cell for field, cell in found.items()}


def _is_student(cells: Mapping[str, Cell]) -> bool:
    """False for a row in which nobody is named, and for a remark without a number: 制表人：张三, 合计, what is merged over the row."""
    name, number = cells["name"], cells["number"]
    own = (*(cells.get(field, EMPTY) for field in _OWN), cells.get("phone", EMPTY))
    if not any(cell.text for cell in own):
        return False
    is_remark = (name.text == number.text and not name.is_formula) or _REMARK.fullmatch(plain_text(name.text))
    return not is_remark or any(_DIGITS.search(cell.text) for cell in own[1:] if cell.text != name.text)


def _nobody(name: str, hidden: Sequence[int]) -> NoReturn:
    if hidden:
        raise UsageError(
            f"名单 {name} 里看得见的行没有学生，{rows_told(hidden)}是隐藏的或被筛选掉的。", f"{_SHOW_ROWS}。"
        )
    raise UsageError(f"名单 {name} 里没有学生。", "请在表头下面每行写一名学生。")


def _nameless(rows: Rows, head: Mapping[int, str]) -> Iterator[str]:
    """Where something stands in a column without a name, column by column."""
    found: dict[int, list[int]] = {}
    for number, row in rows:
        for place, cell in enumerate(row):
            if cell.text and place not in head:
                found.setdefault(place, []).append(number)
    for place, numbers in sorted(found.items()):
        yield f"{rows_told(numbers)}第 {place + 1} 列"


def rows_told(rows: Sequence[int]) -> str:
    """Rows in Chinese, of ascending numbers: neighbours are told together, and of very many the first."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    told = [f"{run[0]}-{run[-1]}" if len(run) > 2 else "、".join(map(str, run)) for run in runs]
    more = f" 等 {len(rows)}" if len(told) > _MOST_TOLD else ""
    return f"第 {'、'.join(told[:_MOST_TOLD])}{more} 行"


def _chosen(name: str, sheets: Sequence[Sheet]) -> tuple[Sheet, tuple[str, ...]]:
    """The one sheet with a roster that a person sees, and the others that have something; raises ``UsageError`` for none or several."""
    filled = [sheet for sheet in sheets if sheet.rows]
    seen = [sheet for sheet in filled if not sheet.is_hidden]
    partly = [sheet for sheet in seen if _head_place(sheet.rows) is not None]
    rosters = [sheet for sheet in partly if _whole_heads(sheet.rows)] or partly
    if len(rosters) > 1:
        titles = "、".join(f"“{sheet.name}”" for sheet in rosters)
        raise UsageError(
            f"名单 {name} 里有 {len(rosters)} 张工作表都是名单：{titles}。",
            "请把它们合成一张，或每张另存为一个文件，分别导入。",
        )
    if not seen:
        hidden = f"，只有隐藏的工作表“{filled[0].name}”" if filled else ""
        where = "在看得见的工作表里" if any(sheet.name for sheet in sheets) else ""
        remedy = f"请{where}填写名单：第一行写列名，至少要有：{_NEEDED}；每行写一名学生。"
        raise UsageError(f"名单 {name} 里没有内容{hidden}。", remedy)
    sheet = rosters[0] if rosters else seen[0]
    others = (other for other in filled if other is not sheet)
    return sheet, tuple(f"{other.name}（隐藏的）" if other.is_hidden else other.name for other in others)


def _head(name: str, sheet: Sheet) -> tuple[int, Mapping[int, str]]:
    place = _head_place(sheet.rows)
    if place is not None:
        return place, _head_names(sheet.rows, place)
    if not sheet.name and name.lower().endswith((".xlsx", ".xls")):
        raise UsageError(
            f"名单 {name} 里只是文字，不是 Excel 表格，也没有表头。",
            f"请在 Excel 或 WPS 里做成表格，第一行写列名（至少要有：{_NEEDED}），另存为 .xlsx，再导入。",
        )
    raise UsageError(f"名单 {name} 没有表头。", f"请在第一行写列名，至少要有：{_NEEDED}。")


def _head_place(rows: Rows) -> int | None:
    """Which row is the head: the first with every column that is needed, else the first with names of students.

    A head of two rows, its cells merged from one to the other, ends with the second.
    """
    whole = _whole_heads(rows)
    if not whole:
        named = (set(_names(row).values()) for _, row in rows[:HEAD_ROWS])
        return next((place for place, row in enumerate(named) if row.intersection(COLUMNS[0].names)), None)
    place = whole[0]
    while place + 1 in whole:
        place += 1
    return place


def _whole_heads(rows: Rows) -> list[int]:
    return [place for place in range(min(len(rows), HEAD_ROWS)) if _is_whole(_head_names(rows, place))]


def _head_names(rows: Rows, place: int) -> dict[int, str]:
    """A row's names of columns; with those above it where only both rows together have every column that is needed."""
    own, above = _names(rows[place][1]), _names(rows[place - 1][1]) if place else {}
    return {**above, **own} if not _is_whole(above) and _is_whole({**above, **own}) else own


def _is_whole(names: Mapping[int, str]) -> bool:
    return all(set(names.values()).intersection(column.names) for column in COLUMNS if column.required)


def _names(row: Sequence[Cell]) -> dict[int, str]:
    """What the columns are called, by their places, without the marks of what must be filled in."""
    plain = {index: _bare(plain_text(cell.text).translate(_BRACKETS)) for index, cell in enumerate(row)}
    return {index: text for index, text in plain.items() if text}


def _bare(name: str) -> str:
    whole = _BRACKETED.fullmatch(name)
    return _MARKS.sub("", whole[1] if whole else name)


def _no_passwords(names: Iterable[str]) -> None:
    found = [name for name in names if any(word in name.lower() for word in SECRETS)]
    if found:
        raise UsageError(
            f"名单里有密码（“{'”“'.join(found)}”），没有导入任何内容。",
            "学生的密码只能由学生本人输入。请删除这一列，并删除其他写有密码的文件。",
        )


def _columns(name: str, head: Mapping[int, str]) -> dict[Column, int]:
    found: dict[Column, int] = {}
    for column in COLUMNS:
        by_name = [(column.names.index(text), at) for at, text in head.items() if text in column.names]
        places = [at for _, at in sorted(by_name)]
        if len(places) > 1 and column.required:
            raise UsageError(f"名单 {name} 里“{column.names[0]}”有不止一列。", "请只留一列。")
        if places:
            found[column] = places[0]
        elif column.required:
            raise UsageError(
                f"名单 {name} 缺少“{column.names[0]}”一列。",
                f"请把写着它的那一列的列名改成“{column.names[0]}”；这一列的例子：{column.example}。",
            )
    return found


def _problems(number: int, cells: Mapping[str, Cell], today: date) -> Iterator[RosterProblem]:
    for column in COLUMNS:
        cell = cells.get(column.field, EMPTY)
        said = _problem(column, cell, cells, today)
        if said:
            yield RosterProblem(number, column.names[0], said, column.example)


def _problem(column: Column, cell: Cell, cells: Mapping[str, Cell], today: date) -> str:
    if cell.is_error:
        return f"写的是“{cell.text}”，是公式算不出来留下的；请直接填写文字，不用公式"
    if cell.is_formula:
        return "是公式，请改成文字"
    if cell.is_converted:
        return "被表格软件改成了日期或 TRUE、FALSE；请把整列设为“文本”后重新填写"
    if lost := lost_character(cell.text):
        return lost.partition("行")[2]
    if not cell.text:
        return "没有填写" if column.required else ""
    if cell.merged_rows and column.field in _OWN:
        first, last = cell.merged_rows
        return f"{rows_told(range(first, last + 1))}合并成了一格；请取消合并，每行写一名学生自己的"
    if column.field == "number":
        return _number_problem(cell, cells.get("document_type", EMPTY).text, today)
    if column.field in FORMS and _has_lost_digits(cell):
        return DIGITS_LOST
    form = FORMS.get(column.field)
    text = (
        normalise(FieldKind.NAME, cell.text) if column.field == "name" else _written(column.field, cell.text)
    )
    if form and not form.fullmatch(text or ""):
        return "有不该有的字符或长度不对"
    return "太长" if len(cell.text) > 100 else ""


def _written(field: str, text: str) -> str:
    """A value on one line, its numbers as everybody else writes them: a Chinese input method makes digits wide."""
    if field == "student_number":
        return plain_text(text)
    line = _LINE_BREAK.sub(" ", text)
    return line if field in ("name", "group") else unicodedata.normalize("NFKC", line)


def _has_lost_digits(cell: Cell) -> bool:
    return bool(_SCIENTIFIC.fullmatch(cell.text)) or (cell.is_number and len(cell.text) > _LONGEST_EXACT)


def _number_problem(cell: Cell, document_type: str, today: date) -> str:
    """What is wrong with a document number; a number format in the table has cost it its last digits."""
    if _has_lost_digits(cell):
        return DIGITS_LOST
    if is_masked(normalise_number(cell.text)):
        return "有一部分被遮住，要写完整的号码"
    return "".join(parse(cell.text, document_type or None, today=today).problems).rstrip("。")


def _person(number: int, cells: Mapping[str, Cell]) -> Person:
    texts = {field: _written(field, cell.text) for field, cell in cells.items()}
    return Person.model_validate({**texts, "position": number, "number": normalise_number(texts["number"])})


def _doubles(people: Iterable[Person]) -> Iterator[RosterProblem]:
    """Two rows of one person would be two sessions of one account."""
    people = list(people)
    for field, key in (
        ("number", lambda person: document_key(person.number)),
        ("student_number", lambda person: person.student_number.upper()),
    ):
        column = next(column for column in COLUMNS if column.field == field)
        rows: dict[str, list[int]] = {}
        for person in people:
            rows.setdefault(key(person), []).append(person.position)
        for value, found in rows.items():
            if value and len(found) > 1:
                others = "、".join(str(row) for row in found[:-1])
                yield RosterProblem(found[-1], column.names[0], f"和第 {others} 行重复，一名学生只能有一行")
