"""Tables as files: nothing that a site or a roster says is run by a spreadsheet, and nothing of it is lost."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from agent.files import spreadsheets

DANGEROUS = [*(f"{mark}1+1" for mark in spreadsheets.FORMULA), "=cmd|' /C calc'!A0"]


def from_csv(cells: list[list[str]]) -> list[list[str]]:
    """The cells of a CSV file that was written."""
    return list(csv.reader(io.StringIO(spreadsheets.csv_bytes(cells).decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_table_as_a_file_calculates_nothing(text: str) -> None:
    assert from_csv([[text]])[0][0].startswith("'")
    cell = load_workbook(io.BytesIO(spreadsheets.xlsx_bytes([("一", [[text]])]))).worksheets[0]["A1"]
    assert cell.data_type == "s"


def test_control_characters_are_left_out() -> None:
    assert from_csv([['a,"b"\nc\0d']]) == [['a,"b"\nc d']]


@given(st.lists(st.text("a中·'\"=+-@, \n"), min_size=1, max_size=4))
def test_other_texts_come_back_as_they_were(texts: list[str]) -> None:
    (row,) = from_csv([texts])
    assert [cell.removeprefix("'") for cell in row] == [text.removeprefix("'") for text in texts]
