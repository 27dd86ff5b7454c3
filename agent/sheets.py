"""Tables as files: CSV and XLSX read into texts with their places, and written so that no cell is run as a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agent.errors import UsageError

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.cell.cell import MergedCell
    from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    AnyCell = ReadOnlyCell | EmptyCell | MergedCell | SheetCell

ENCODINGS = ("utf-8-sig", "gb18030")
"""Excel in China saves CSV in GBK; UTF-8 is tried first, since GBK text is hardly ever valid UTF-8."""
MOST_BYTES = 50 * 2**20
MOST_ROWS = 200_000
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula (OWASP ASVS 5.0, 1.2.10)."""
WIDTH = 14
"""Of a column, in characters."""
SAVE_AGAIN = "请在 Excel 里另存为 .xlsx 或 UTF-8 的 .csv。"


@dataclass(frozen=True)
class Cell:
    """One cell: its text, trimmed, and whether the file holds it as a number or a formula."""

    text: str
    is_number: bool = False
    is_formula: bool = False


EMPTY = Cell("")


def read(path: Path) -> list[tuple[int, list[Cell]]]:
    """Return the rows that are not empty, each with its number in the file, from 1.

    Raises:
        UsageError: The file cannot be read, is neither CSV nor XLSX, or is too large.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"名单 {path} 读不出来：{error.strerror}。", "请检查路径。") from None
    if len(data) > MOST_BYTES:
        raise UsageError(f"名单 {path.name} 太大（超过 {MOST_BYTES // 2**20} MB）。", SAVE_AGAIN)
    rows = _xlsx(path.name, data) if zipfile.is_zipfile(io.BytesIO(data)) else _csv(path.name, data)
    return [(number, row) for number, row in rows if any(cell.text for cell in row)]


def _csv(name: str, data: bytes) -> list[tuple[int, list[Cell]]]:
    text = _decoded(name, data)
    dialect = "excel-tab" if "\t" in text.partition("\n")[0] else "excel"
    try:
        reader = csv.reader(io.StringIO(text, newline=""), dialect)
        return [(reader.line_num, [_from_text(value) for value in row]) for row in reader]
    except csv.Error:
        raise UsageError(f"名单 {name} 不是可用的 CSV 文件。", SAVE_AGAIN) from None


def _decoded(name: str, data: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UsageError(f"名单 {name} 既不是 XLSX，也不是文字文件。", SAVE_AGAIN)


def _from_text(value: str) -> Cell:
    text = value.strip()
    return Cell(text, is_formula=text.startswith("="))


def _xlsx(name: str, data: bytes) -> list[tuple[int, list[Cell]]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        if (sheet.max_row or 0) > MOST_ROWS:
            raise UsageError(f"名单 {name} 超过 {MOST_ROWS} 行。", "请分成几个文件。")
        rows = enumerate(sheet.iter_rows(max_row=MOST_ROWS), 1)
        return [(number, [_from_cell(cell) for cell in row]) for number, row in rows]
    except (KeyError, ValueError, OSError, IndexError, SyntaxError, zipfile.BadZipFile):
        raise UsageError(f"名单 {name} 不是可用的 XLSX 文件。", SAVE_AGAIN) from None


def _from_cell(cell: AnyCell) -> Cell:
    value = cell.value
    if value is None:
        return EMPTY
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Cell(str(value).strip(), is_formula=cell.data_type == "f")
    return Cell(str(int(value) if float(value).is_integer() else value), is_number=True)


# -- writing -------------------------------------------------------------------------------------------------------------


def guarded(text: str) -> str:
    """Return a text that no spreadsheet runs: what could be a formula is led by an apostrophe."""
    return f"'{_printable(text)}" if text.startswith(FORMULA) else _printable(text)


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Return a CSV file with a byte order mark, by which Excel knows UTF-8; every cell is quoted and guarded."""
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def xlsx_bytes(sheets: Iterable[tuple[str, Iterable[Sequence[str]]]]) -> bytes:
    """Return a workbook of sheets, each with a frozen head; every cell is text, also what looks like a formula."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        sheet.sheet_format.baseColWidth = WIDTH
        for number, row in enumerate(rows):
            sheet.append([_text_cell(sheet, text, bold=number == 0) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text_cell(sheet: WriteOnlyWorksheet, text: str, bold: bool) -> SheetCell:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    cell = WriteOnlyCell(sheet, value=_printable(text))
    cell.data_type, cell.number_format = "s", "@"
    cell.alignment, cell.font = Alignment(wrap_text=True, vertical="top"), Font(bold=bold)
    return cell


def _printable(text: str) -> str:
    """Control characters have no place in XML, and mislead in a cell."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text)
