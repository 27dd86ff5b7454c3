"""Tables as files, CSV and XLSX, written so that no cell is run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula (OWASP ASVS 5.0, 1.2.10)."""
WIDTH = 14
"""Of a column, in characters."""


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
