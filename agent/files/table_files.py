"""Tables that people keep, as CSV, XLSX or XLS: read into texts with their places, however the program at hand saved them.

Of a workbook only values are read (by calamine): styles, filters and whatever else a program adds cannot keep a table from
being read. Its size is weighed before it is opened, since a small file may unpack to anything.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from agent.errors import UsageError
from agent.files.text_files import decoded, read_bytes

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MOST_UNPACKED = 200 * 2**20
"""Bytes of all parts of a workbook together."""
MOST_CELLS = 5_000_000
"""Of the rectangle that a sheet's cells span."""
MOST_LETTERS = 500_000_000
"""Of all cells of a sheet; a workbook keeps equal texts once."""
MOST_ROWS = 200_000
HEAD_ROWS = 50
"""How far down the head is looked for, to tell by what the cells of a text are separated."""
SEPARATORS = (",", "\t", ";", "，", "；", "|")
SAVE_AGAIN = "请在 Excel 或 WPS 里打开它，另存为 .xlsx 或 UTF-8 的 .csv，再导入。"
SPLIT = "请删除不用的行、列和工作表，或分成几个文件，另存为 .xlsx。"
OLE = bytes.fromhex("D0CF11E0A1B11AE1")
"""How an .xls file begins, and a workbook with a password."""
ZIP = b"PK\x03\x04"
OTHER_FILES = {
    b"%PDF": " PDF",
    b"{\\rtf": " Word 文档（RTF）",
    b"\xff\xd8\xff": "图片",
    b"\x89PNG": "图片",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
    b"\x1f\x8b": "压缩包",
}
"""How files begin that officers take for a table."""
APOSTROPHES = "'＇‘’`"
_MARKUP = re.compile(r"\s*<[!?a-zA-Z]")
_QUOTED = re.compile(r'\s*=\s*"((?:[^"]|"")*)"\s*')
_ERROR = re.compile(r"#(?:N/A|(?:REF|VALUE|DIV/0|NULL|NUM|SPILL|CALC)!|NAME\?)")
"""What spreadsheets show where a calculation failed (ISO/IEC 29500-1, 18.17.2.7)."""
_HIDDEN = re.compile(rb'\bhidden\s*=\s*["\'](?:1|true)["\']')
_TOKEN = re.compile(
    rb"<(?:\w+:)?(?:row\b(?P<row>[^>]*)|c\b(?P<cell>[^>]*)|[vt]\b[^>]*>(?P<value>[^<]*)|f\b[^>]*>(?P<formula>[^<]*))"
)
_PLACE = re.compile(rb'\br\s*=\s*["\']([A-Z]{0,3})(\d{1,9})["\']')
STRINGS = "xl/sharedStrings.xml"
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, SyntaxError),
    *(ValueError, LookupError, RuntimeError),
)
"""What zipfile and the XML parser raise over parts that are damaged, sealed or packed in an unknown way."""


@dataclass(frozen=True)
class Cell:
    """One cell.

    Args:
        text: What stands in it, trimmed.
        is_number: The file holds it as a number.
        is_formula: It is calculated.
        is_converted: A program made a day or a yes of it.
        is_error: A calculation failed, and the text is the program's word for it.
        merged_rows: First and last row of the merged cells that it is part of, from 1, where they are several.
    """

    text: str
    is_number: bool = False
    is_formula: bool = False
    is_converted: bool = False
    is_error: bool = False
    merged_rows: tuple[int, int] | None = None


EMPTY = Cell("")
Rows = list[tuple[int, list[Cell]]]
"""The rows that are not empty, each with its number in the file, from 1."""


@dataclass(frozen=True)
class Sheet:
    """One table of a file.

    Args:
        name: What the tab says; empty for a text file.
        is_hidden: It is in the file and the program that wrote it does not show it.
        hidden_rows: Numbers of the rows that are not shown: somebody has hidden them, or a filter does. Of an XLSX only.
    """

    name: str
    rows: Rows = field(repr=False)
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()


Place = tuple[int, int]
"""Row and column, from 0."""


@dataclass(frozen=True)
class Markup:
    """What a sheet's part says of its cells and its values do not.

    Args:
        formulas: Cells that are calculated.
        constants: Cells whose formula is a text and nothing else, with it: not every program stores the value beside it.
        errors: Cells whose calculation failed, with the program's word for it.
        hidden_rows: Rows that are not shown, from 0.
    """

    formulas: frozenset[Place] = frozenset()
    constants: Mapping[Place, str] = field(default_factory=dict)
    errors: Mapping[Place, str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()


def read_sheets(path: Path, heads: Collection[str]) -> list[Sheet]:
    """Return the tables of a file, in its order.

    Args:
        heads: The names that columns may have; a text file is taken apart so that most of them become cells.

    Raises:
        UsageError: The file cannot be read, is no table, or is too large.
    """
    data = read_bytes(path, "名单")
    if zipfile.is_zipfile(io.BytesIO(data)):
        return _of_workbook(path.name, data, _weighed(path.name, data))
    if data.startswith(OLE):
        return _of_workbook(path.name, data, {})
    _refuse_other_files(path.name, data)
    text = decoded(data, f"名单 {path.name}", "表格", SAVE_AGAIN)
    if _MARKUP.match(text):
        raise UsageError(f"名单 {path.name} 其实是网页（系统导出时只改了文件名），不是表格文件。", SAVE_AGAIN)
    return [Sheet("", _of_text(path.name, text, heads))]


def _refuse_other_files(name: str, data: bytes) -> None:
    """Tell files of other programs by how they begin, which are no texts and which saving as UTF-8 helps nothing."""
    kind = next((kind for begin, kind in OTHER_FILES.items() if data.startswith(begin)), None)
    if kind:
        raise UsageError(
            f"名单 {name} 是{kind}，不是表格文件。",
            "请把名单在 Excel 或 WPS 里做成表格，另存为 .xlsx，再导入。",
        )
    if data.startswith(ZIP):
        raise UsageError(
            f"名单 {name} 不完整，可能没有下载完或没有传完。", f"请重新取一次这个文件；仍不行，{SAVE_AGAIN}"
        )


# -- text ------------------------------------------------------------------------------------------------------------------


def _of_text(name: str, text: str, heads: Collection[str]) -> Rows:
    separators = [separator for separator in SEPARATORS if separator in text] or SEPARATORS[:1]
    try:
        tables = {separator: list(_taken_apart(text, separator)) for separator in separators}
    except csv.Error:
        raise UsageError(f"名单 {name} 不是可用的 CSV 文件。", SAVE_AGAIN) from None
    best = max(
        separators, key=lambda separator: _known_heads(tables[separator], heads)
    )  # the first of equals
    if len(tables[best]) > MOST_ROWS:
        raise UsageError(f"名单 {name} 超过 {MOST_ROWS} 行。", SPLIT)
    _close_quotes(name, text, best, _known_heads(tables[best], heads))
    return tables[best]


def _close_quotes(name: str, text: str, separator: str, columns: int) -> None:
    """Refuse a text in which a quote that is not closed makes one cell of the rows below it: whoever stands there would be lost.

    A cell may have several lines, if its quotes are right and none of its lines could be a row.
    """
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=separator)
    end = 0
    for row in reader:
        start, end = end, reader.line_num
        inside = [line for cell in row for line in cell.splitlines()[1:]]
        could_be_rows = any(line.count(separator) >= max(columns - 1, 1) for line in inside)
        if end - start > 1 and (could_be_rows or not _is_well_quoted(lines[start:end], separator)):
            raise UsageError(
                f"名单 {name} 第 {start + 1} 行的双引号不成对，下面的行会被当成同一格。",
                "请删掉这一行多余的双引号，或在 Excel 或 WPS 里改好，另存为 .xlsx，再导入。",
            )


def _is_well_quoted(lines: list[str], separator: str) -> bool:
    try:
        return bool(list(csv.reader(lines, delimiter=separator, strict=True)))
    except csv.Error:
        return False


def _taken_apart(text: str, separator: str) -> Iterator[tuple[int, list[Cell]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    end = 0
    for row in reader:
        start, end = end + 1, reader.line_num
        cells = [cell_of_text(value) for value in row]
        if any(cell.text for cell in cells):
            yield start, cells


def _known_heads(rows: Rows, heads: Collection[str]) -> int:
    return max((sum(cell.text in heads for cell in row) for _, row in rows[:HEAD_ROWS]), default=0)


def cell_of_text(value: str) -> Cell:
    """Return a cell of a text: what spreadsheets put around a number to keep it a text is not part of it."""
    text = _visible(value)
    if constant := _QUOTED.fullmatch(text):
        text = _visible(constant[1].replace('""', '"'))
        return Cell(text, is_formula=text.startswith("="))
    if _ERROR.fullmatch(text):
        return Cell(text, is_error=True)
    return Cell(text.lstrip(APOSTROPHES).strip(), is_formula=text.startswith("="))


def _visible(text: str) -> str:
    """Without the marks that nobody sees around it: blanks, byte order marks, directions."""
    return "".join(char for char in text if unicodedata.category(char) != "Cf").strip()


# -- workbooks -------------------------------------------------------------------------------------------------------------


def _of_workbook(name: str, data: bytes, markups: Mapping[str, Markup]) -> list[Sheet]:
    from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum, load_workbook

    try:
        book = load_workbook(io.BytesIO(data))
        return [
            _of_sheet(
                name,
                book.get_sheet_by_name(told.name),
                markups.get(told.name, Markup()),
                told.visible != SheetVisibleEnum.Visible,
            )
            for told in book.sheets_metadata
            if told.typ == SheetTypeEnum.WorkSheet
        ]
    except CalamineError:
        raise UsageError(f"名单 {name} 打不开：它有密码，或不是可用的 Excel 文件。", SAVE_AGAIN) from None


def _of_sheet(name: str, sheet: CalamineSheet, markup: Markup, is_hidden: bool) -> Sheet:
    values = _reaching(sheet.to_python(skip_empty_area=False), markup)
    if len(values) > MOST_ROWS:
        raise UsageError(f"名单 {name} 超过 {MOST_ROWS} 行。", SPLIT)
    cells = [
        [_of_value(value, (row, column), markup) for column, value in enumerate(line)]
        for row, line in enumerate(values)
    ]
    for corner, opposite in sheet.merged_cell_ranges or ():
        _spread(cells, corner, opposite)
    rows = [(number, row) for number, row in enumerate(cells, 1) if any(cell.text for cell in row)]
    return Sheet(sheet.name, rows, is_hidden, frozenset(row + 1 for row in markup.hidden_rows))


def _reaching(values: list[list[Any]], markup: Markup) -> list[list[Any]]:
    """The values, with rows and columns where nothing but formulas without a stored value stand."""
    places = [*markup.formulas, *markup.constants, *markup.errors]
    width = max([len(values[0]) if values else 0, *(column + 1 for _, column in places)])
    height = max([len(values), *(row + 1 for row, _ in places)])
    return [
        *(line + [""] * (width - len(line)) for line in values),
        *([""] * width for _ in range(height - len(values))),
    ]


def _spread(cells: list[list[Cell]], corner: Place, opposite: Place) -> None:
    """What stands in merged cells stands in each of them, as a person reads it."""
    (top, left), (bottom, right) = corner, opposite
    if top >= len(cells) or left >= len(cells[top]):
        return
    merged = replace(cells[top][left], merged_rows=(top + 1, bottom + 1) if bottom > top else None)
    for row in cells[top : bottom + 1]:
        row[left : right + 1] = [merged] * len(row[left : right + 1])


def _of_value(value: object, place: Place, markup: Markup) -> Cell:
    if place in markup.errors:
        return Cell(markup.errors[place], is_error=True)
    if place in markup.formulas:
        return Cell(str(value) or "=", is_formula=True)
    if value == "" and place in markup.constants:
        return cell_of_text(markup.constants[place])
    if isinstance(value, bool | date | datetime | time | timedelta):
        return Cell(str(value), is_converted=True)
    if isinstance(value, int | float):
        return Cell(str(int(value) if float(value).is_integer() else value), is_number=True)
    return cell_of_text(str(value)) if not str(value).startswith("=") else Cell(_visible(str(value)))


def _weighed(name: str, data: bytes) -> dict[str, Markup]:
    """What the sheets' parts say, by the sheets' names; raises ``UsageError`` for a workbook that is none, or too large to be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise UsageError(f"名单 {name} 展开后太大，没有打开。", SPLIT)
            strings = _lengths_of_strings(archive)
            parts = [part for part in archive.namelist() if part.endswith(".xml") and part != STRINGS]
            found = {part.lower(): _weigh(name, archive.read(part), strings) for part in parts}
            return {title: found.get(part, Markup()) for title, part in _parts(archive).items()}
    except DAMAGED:
        raise UsageError(f"名单 {name} 不是可用的 XLSX 文件。", SAVE_AGAIN) from None


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet, in lower case, by the sheet's name (ISO/IEC 29500-1, 18.2.19)."""
    targets = {
        item.get("Id"): item.get("Target", "")
        for item in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    found = {}
    for item in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        related = [value for key, value in item.attrib.items() if key.endswith("}id")]
        if item.tag.endswith("}sheet") and related:
            target = targets.get(related[0], "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            found[item.get("name", "")] = part.lower()
    return found


def _lengths_of_strings(archive: zipfile.ZipFile) -> list[int]:
    if STRINGS not in archive.namelist():
        return []
    return [len(item) for item in archive.read(STRINGS).split(b"</si>")]


def _weigh(name: str, part: bytes, strings: Sequence[int]) -> Markup:
    """What is said of the cells in a sheet's part; raises ``UsageError`` where they span too much, or hold too much text."""
    row = column = last_row = last_column = letters = 0
    formulas, constants, errors, hidden, attributes = set(), {}, {}, set(), b""
    for token in _TOKEN.finditer(part):
        text = token[token.lastgroup or 0]
        if token.lastgroup == "row":
            place = _PLACE.search(text)
            row, column = int(place[2]) - 1 if place else row + 1, -1
            if _HIDDEN.search(text):
                hidden.add(row)
        elif token.lastgroup == "cell":
            place, attributes = _PLACE.search(text), text
            row, column = (int(place[2]) - 1, _column(place[1])) if place and place[1] else (row, column + 1)
        else:
            last_row, last_column = max(last_row, row), max(last_column, column)
        if token.lastgroup == "formula" and (constant := _constant(text)):
            constants[row, column] = constant
        elif token.lastgroup == "formula":
            formulas.add((row, column))
        elif token.lastgroup == "value":
            letters += _length(text, strings if b't="s"' in attributes else ())
            if b't="e"' in attributes:
                errors[row, column] = text.decode("utf-8", "replace").strip()
    if (last_row + 1) * (last_column + 1) > MOST_CELLS or letters > MOST_LETTERS:
        raise UsageError(f"名单 {name} 的格子太多，没有打开。", SPLIT)
    return Markup(frozenset(formulas), constants, errors, frozenset(hidden))


def _length(value: bytes, strings: Sequence[int]) -> int:
    index = int(value) if strings and value.isdigit() else -1
    return strings[index] if 0 <= index < len(strings) else len(value)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _constant(formula: bytes) -> str:
    """``="610000…"`` is a text that somebody protected, and calculates nothing; empty for any other formula."""
    text = "=" + formula.decode("utf-8", "replace").replace("&quot;", '"')
    return text if _QUOTED.fullmatch(text) else ""
