"""Many students at once: a folder of photos beside a folder of the platform's copies, matched by document number.

Pure file work for the command line and the cohort: no browser, no engine.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from agent.photo.model import Comparison, PhotoUnreadable

SUFFIXES = {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".bmp", ".gif", ".heic", ".avif", ".mpo"}
_RESIDENT = re.compile(r"(?<!\d)\d{17}[\dX](?![\dA-Z])")
_OTHER = re.compile(r"[A-Z]{1,3}\d{6,12}(\([0-9A]\))?|\d{8}|\d{10}")


class Pairing(StrEnum):
    """What was found for one document number; `unnamed` is a file whose name holds none."""

    paired = "paired"
    no_copy = "no_copy"
    no_photo = "no_photo"
    ambiguous = "ambiguous"
    unnamed = "unnamed"


@dataclass(frozen=True, slots=True)
class Row:
    """One student's line of the table.

    `id_number` is empty for an `unnamed` file. `photo` and `copy` are the paired files, or the one that is there;
    for `ambiguous` they are None and `others` lists every file that claims the number. `comparison` is set once
    compared; `problem` is a Chinese phrase where something stands in the way.
    """

    id_number: str
    pairing: Pairing
    photo: Path | None = None
    copy: Path | None = None
    others: tuple[Path, ...] = ()
    comparison: Comparison | None = None
    problem: str = ""


def document_number(name: str) -> str | None:
    """The one document number in a file name, upper-case; None where there is none or more than one.

    An 18-digit resident number may stand anywhere in the name, any other number must be all of it (an 8-digit
    number beside other words is more likely a date). Spaces and full-width characters are tolerated.
    """
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", Path(name).stem)).upper()
    numbers = set(_RESIDENT.findall(text))
    if numbers:
        return numbers.pop() if len(numbers) == 1 else None
    return text if _OTHER.fullmatch(text) else None


def pictures_in(folder: Path) -> list[Path]:
    """The picture files directly in a folder, by name; hidden files and everything else are left out.

    Raises:
        NotADirectoryError, FileNotFoundError: it is no folder.
    """
    files = (path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return sorted(path for path in files if path.suffix.lower() in SUFFIXES)


def match_files(photos: Iterable[Path], copies: Iterable[Path]) -> tuple[Row, ...]:
    """Pair files by the document number in their names: students by number first, then unnamed files by name."""
    by_number: dict[str, tuple[list[Path], list[Path]]] = defaultdict(lambda: ([], []))
    unnamed: list[Row] = []
    for side, paths in enumerate((photos, copies)):
        for path in paths:
            number = document_number(path.name)
            if number is None:
                unnamed.append(_unnamed(path, side))
            else:
                by_number[number][side].append(path)
    rows = (_row(number, *by_number[number]) for number in sorted(by_number))
    return (*rows, *sorted(unnamed, key=lambda row: str(row.photo or row.copy)))


def _unnamed(path: Path, side: int) -> Row:
    photo, copy = (path, None) if side == 0 else (None, path)
    return Row("", Pairing.unnamed, photo, copy, problem="文件名里没有（或不止一个）证件号码")


def _row(number: str, photos: list[Path], copies: list[Path]) -> Row:
    if len(photos) > 1 or len(copies) > 1:
        return Row(number, Pairing.ambiguous, others=(*photos, *copies), problem="同一证件号码有不止一个文件")
    if not copies:
        return Row(number, Pairing.no_copy, photo=photos[0], problem="没有对应的平台照片")
    if not photos:
        return Row(number, Pairing.no_photo, copy=copies[0], problem="没有对应的学信网照片")
    return Row(number, Pairing.paired, photos[0], copies[0])


def compare_folders(photos: Path, copies: Path) -> Iterator[Row]:
    """Match two folders and compare every pair, one row at a time; an unreadable file is that row's problem.

    Raises:
        NotADirectoryError, FileNotFoundError: one of the two is no folder.
    """
    for row in match_files(pictures_in(photos), pictures_in(copies)):
        yield compare_row(row)


def compare_row(row: Row) -> Row:
    """Fill in the comparison of a paired row; other rows come back as they are."""
    from agent.photo import compare

    if row.photo is None or row.copy is None:
        return row
    try:
        comparison, problem = compare(row.photo.read_bytes(), row.copy.read_bytes()), ""
    except PhotoUnreadable as error:
        comparison, problem = None, f"{'学信网照片' if error.which == 'a' else '平台照片'}：{error.why}"
    except OSError:
        comparison, problem = None, "文件读不出来"
    return Row(row.id_number, row.pairing, row.photo, row.copy, (), comparison, problem)
