"""What may name a file, and what a person meant who typed or copied a path."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import UsageError
from agent.files.file_names import is_own_name, typed_path
from agent.privacy.private_files import PrivateFolder
from agent.reconcile.document_numbers import is_document_number

TODAY = date(2024, 6, 3)
OUTSIDE = ["../x", "a/../../x", "/etc/x", "..", ".", "", "a//b", "./a", "a/", "C:\\x", "C:x", "a\\..\\b", "a\0b", "a\nb", "\u202ea",
           "NUL", "photo/con.jpg", "COM1.txt", "x" * 256, "证" * 80, "a:b", "a ", "a.", "a?b", "\ud800"]  # fmt: skip


@pytest.mark.parametrize("name", OUTSIDE)
def test_no_other_name_is_ours(name: str, tmp_path: Path) -> None:
    assert not is_own_name(name)
    folder = PrivateFolder(tmp_path / "case", str)
    with pytest.raises(UsageError, match="不是"):
        folder.write_as_is(name, b"x")
    with pytest.raises(UsageError, match="不是"):
        folder.append_line(name, "x")
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "case"]


@pytest.mark.parametrize(
    "name",
    ["report.json", "photo/610000199603164229.jpg", "evidence/01-学籍.txt", "photo/A123456(3).jpg", ".x"],
)
def test_our_names(name: str) -> None:
    assert is_own_name(name)


@given(st.text(max_size=30))
def test_a_name_of_ours_stays_in_its_folder(name: str) -> None:
    if is_own_name(name):
        folder = Path("/case")
        assert (folder / name).resolve().is_relative_to(folder)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("\u202aC:\\x\\a.csv", "C:\\x\\a.csv"), ('"a b.csv"', "a b.csv"), ("“a.csv”", "a.csv"), (" a.csv\n", "a.csv"),
     ("a.csv\u202c", "a.csv"), ("\ufeffa.csv", "a.csv"), ('a"b', 'a"b'), ("a%20b", "a%20b"), ('"', '"')],
)  # fmt: skip
def test_a_path_as_it_was_meant(typed: str, meant: str) -> None:
    assert typed_path(typed) == meant


@pytest.mark.parametrize(
    ("number", "document"),
    [("../../../../tmp/x", None), ("../../../../tmp/x1", "其他证件"), ("/etc/passwd1", "护照"), ("6100001996031642", None),
     ("610000199603164220", None), ("6100**********4229", None), ("", None), ("..\\..\\1", "军官证"), ("1\x002345678/", "其他证件"),
     ("查看", "居民身份证"), ("A1/../B2", "其他证件"), ("E12345678.jpg/..", "护照")],
)  # fmt: skip
def test_what_is_no_document_number(number: str, document: str | None) -> None:
    assert not is_document_number(number, document, today=TODAY) or is_own_name(f"{number.strip()}.jpg")
    assert not any(mark in number for mark in "/\\*") or not is_document_number(number, document, today=TODAY)


@pytest.mark.parametrize(
    ("number", "document"),
    [("610000199603164229", None), ("61000019940518531X", "居民身份证"), ("H12345678", "港澳居民来往内地通行证"),
     ("01234567", "台胞证"), ("E12345678", "护照"), ("军字第1234567号", "军官证"), ("A123456(3)", "港澳身份证")],
)  # fmt: skip
def test_what_is_a_document_number(number: str, document: str | None) -> None:
    assert is_document_number(number, document, today=TODAY)
