"""Many students at once: a folder of photos beside a folder of the platform's copies, matched by document number.

Pure file work for the command line and the cohort: no browser, no engine.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from agent.files.system_errors import os_reason
from agent.photo.model import DEFAULT_RULES, Comparison, PhotoUnreadable

_Placed = tuple[int, Path]
SUFFIXES = {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".bmp", ".gif", ".heic", ".avif", ".mpo"}
_RESIDENT = re.compile(r"(?<!\d)\d{17}[\dX](?![\dA-Z])")
_RESIDENT_LIKE = re.compile(r"(?=(\d{17}[\dX]|(?<!\d)\d{15,17}(?!\d)))")
"""Also one of 15 digits, and one in which a character was forgotten or is another script's."""
_OTHER = re.compile(r"[A-Z]{1,3}\d{6,12}(\([0-9A]\))?|\d{8}|\d{10}(\([A-Z]\))?")


class Pairing(StrEnum):
    """What was found for one document number; `unnamed` is a file whose name holds none."""

    paired = "paired"
    no_copy = "no_copy"
    no_photo = "no_photo"
    ambiguous = "ambiguous"
    unnamed = "unnamed"


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One student's line of the table.

    `id_number` is empty for an `unnamed` file. `photo` and `copy` are the paired files, or the one that is there;
    for `ambiguous` they are None and `others` lists every file that claims the number. `position` is the place of
    the file in its folder, by name and from 1. `comparison` is set once compared; `problem` is a Chinese phrase
    where something stands in the way.
    """

    id_number: str
    pairing: Pairing
    photo: Path | None = None
    copy: Path | None = None
    others: tuple[Path, ...] = ()
    position: int = 0
    comparison: Comparison | None = None
    problem: str = ""


def document_number(name: str) -> str | None:
    """The one document number in a file name, upper-case; None where there is none or more than one.

    An 18-digit resident number may stand anywhere in the name, any other number must be all of it (an 8-digit
    number beside other words is more likely a date). Spaces and full-width characters are tolerated.
    """
    text = _plain(Path(name).stem)
    numbers = set(_RESIDENT.findall(text))
    if numbers:
        return numbers.pop() if len(numbers) == 1 else None
    return text if _OTHER.fullmatch(text) else None


def numbers_in(path: Path) -> set[str]:
    """Every number in a path that may not be shown: what the form of a resident number has, and what files are matched by."""
    found = {number for part in path.parts for number in _RESIDENT_LIKE.findall(_plain(part))}
    own = document_number(path.name)
    return found | ({own} if own else set())


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()


def contents(file: Path) -> bytes:
    """A file's bytes, of one larger than any check opens just enough for it to be refused as too large.

    Raises:
        OSError: it cannot be read.
    """
    with file.open("rb") as stream:
        return stream.read(DEFAULT_RULES.max_bytes + 1)


def pictures_in(folder: Path) -> tuple[list[Path], list[Path]]:
    """The picture files directly in a folder and the other files, each by name; hidden files are in neither.

    Raises:
        OSError: it is no folder, or cannot be listed.
    """
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    pictures = [path for path in files if path.suffix.lower() in SUFFIXES]
    return pictures, [path for path in files if path.suffix.lower() not in SUFFIXES]


def match_files(photos: Iterable[Path], copies: Iterable[Path]) -> tuple[BatchRow, ...]:
    """Pair files by the document number in their names: students by number first, then unnamed files by name."""
    by_number: dict[str, tuple[list[_Placed], list[_Placed]]] = defaultdict(lambda: ([], []))
    unnamed: list[BatchRow] = []
    for side, paths in enumerate((photos, copies)):
        for placed in enumerate(paths, start=1):
            number = document_number(placed[1].name)
            if number is None:
                unnamed.append(_unnamed(placed, side))
            else:
                by_number[number][side].append(placed)
    rows = (_row(number, *by_number[number]) for number in sorted(by_number))
    return (*rows, *sorted(unnamed, key=lambda row: str(row.photo or row.copy)))


def _unnamed(placed: _Placed, side: int) -> BatchRow:
    position, path = placed
    photo, copy = (path, None) if side == 0 else (None, path)
    problem = "文件名里没有（或不止一个）证件号码"
    return BatchRow("", Pairing.unnamed, photo, copy, position=position, problem=problem)


def _row(number: str, photos: list[_Placed], copies: list[_Placed]) -> BatchRow:
    files = (*photos, *copies)
    position = files[0][0]
    if len(photos) > 1 or len(copies) > 1:
        others = tuple(path for _, path in files)
        problem = "同一证件号码有不止一个文件"
        return BatchRow(number, Pairing.ambiguous, others=others, position=position, problem=problem)
    if not copies:
        photo, problem = photos[0][1], "没有对应的平台照片"
        return BatchRow(number, Pairing.no_copy, photo=photo, position=position, problem=problem)
    if not photos:
        copy, problem = copies[0][1], "没有对应的学信网照片"
        return BatchRow(number, Pairing.no_photo, copy=copy, position=position, problem=problem)
    return BatchRow(number, Pairing.paired, photos[0][1], copies[0][1], position=position)


def compare_row(row: BatchRow) -> BatchRow:
    """Fill in the comparison of a paired row; an unreadable file is its problem, other rows come back as they are."""
    from agent.photo import compare

    if row.photo is None or row.copy is None:
        return row
    try:
        return replace(row, comparison=compare(contents(row.photo), contents(row.copy)))
    except PhotoUnreadable as error:
        return replace(row, problem=f"{'学信网照片' if error.which == 'a' else '平台照片'}：{error.why}")
    except OSError as error:
        return replace(row, problem=f"文件读不出来（{os_reason(error)}）")
