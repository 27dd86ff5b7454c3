"""``gradsync photo``: the pure photo functions on files and folders, without a browser.

Document numbers in file names are masked in everything that is printed, as they are in reports (contract, Masks).
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer

from agent import photo
from agent.cli.options import JsonOption
from agent.cli.output import print_json, print_lines, say
from agent.errors import ExitStatus, PhotoNotAcceptable, UsageError
from agent.files.system_errors import os_errors_told
from agent.photo.batch import BatchRow, compare_row, contents, match_files, numbers_in, pictures_in
from agent.plain_text import clean, is_terminal

app = typer.Typer(rich_markup_mode=None, help="照片：检查一张，或比较两张。", no_args_is_help=True)
T = TypeVar("T")
GOOD, LOOK, BAD = ("√", "green"), ("!", "yellow"), ("×", "red")
FACT, NOTHING = ("·", "default"), ("-", "default")
MARKS: Final = {
    "ok": GOOD,
    "warn": LOOK,
    "fail": BAD,
    "identical": GOOD,
    "same_picture": GOOD,
    "altered": LOOK,
    "unsure": LOOK,
    "different_picture": BAD,
}
"""Mark and colour of a finding's level and of a verdict."""
COUNTED: Final = {
    "identical": "完全相同",
    "same_picture": "同一张",
    "altered": "有改动",
    "unsure": "无法确定",
    "different_picture": "不是同一张",
    "unreadable": "打不开",
    "no_copy": "没有平台照片",
    "no_photo": "没有学信网照片",
    "ambiguous": "文件重复",
    "unnamed": "文件名没有证件号码",
}
"""Everything that can come of a student's row, with its word."""


Mark = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PhotoAnswer:
    """One row for a person: mark and colour, what it is about, what is said of it, and further lines with marks."""

    mark: Mark
    about: str
    said: str
    more: tuple[tuple[Mark, str], ...] = ()


@app.command()
def check(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE|FOLDER...", help="照片文件，或装着照片的文件夹")
    ],
    as_json: JsonOption = False,
) -> None:
    """检查照片文件是不是可用的学历照片；给出文件夹就逐个检查里面的照片。"""
    files = [file for path in paths for file in _pictures(path)]
    results = {file: photo.inspect(_read(file), file_name=file.name) for file in _one_by_one(files, "检查")}
    if as_json:
        rows = [_check_data(file, result) for file, result in results.items()]
        print_json(rows[0] if len(paths) == 1 and not paths[0].is_dir() else rows)
    else:
        _print(("", "文件", "检查结果"), [_check_told(file, result) for file, result in results.items()])
    if not all(result.ok for result in results.values()):
        raise typer.Exit(ExitStatus.PHOTO)


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(metavar="A", help="照片文件，或学信网照片的文件夹")],
    b: Annotated[Path, typer.Argument(metavar="B", help="照片文件，或平台照片的文件夹")],
    same_person: Annotated[
        bool,
        typer.Option(
            "--same-person",
            help="再比对是不是同一个人（要装 face 组件；只在本人单独同意后使用，只在本机进行）",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """比较两张照片是不是同一张图片；给出两个文件夹就按文件名里的证件号码一一比较。"""
    if a.is_dir() != b.is_dir():
        raise UsageError("一个是文件、一个是文件夹，没法比较。", "请给出两个照片文件，或两个文件夹。")
    if not a.is_dir():
        _compare_files(a, b, same_person, as_json)
    elif same_person:
        raise UsageError(
            "--same-person 要每个人单独同意，不能对整个文件夹使用。", "请一次给出一个人的两张照片。"
        )
    else:
        _compare_folders(a, b, as_json)


# -- files -----------------------------------------------------------------------------------------------------------------


def _read(file: Path) -> bytes:
    with os_errors_told(f"文件 {shown(file)} 读不出来", "请检查路径。"):
        return contents(file)


def _check_data(file: Path, result: photo.Inspection) -> dict[str, object]:
    unread = result.facts.size_bytes > photo.DEFAULT_RULES.max_bytes
    beyond = {"size_bytes": file.stat().st_size, "sha256": None} if unread else {}
    return {
        "file": shown(file),
        **asdict(result.facts),
        **beyond,
        "ok": result.ok,
        "findings": [asdict(finding) for finding in result.findings],
    }


def _check_told(file: Path, result: photo.Inspection) -> PhotoAnswer:
    marks = MARKS | {"ok": FACT}
    notes = tuple((marks[row.level], _with_source(row)) for row in result.findings if row.note)
    return PhotoAnswer(MARKS[result.worst], shown(file), "可以用" if result.ok else "不能用", notes)


def _with_source(finding: photo.PhotoFinding) -> str:
    told = finding.level != "ok" and finding.source
    return f"{finding.note}（依据：{finding.source}）" if told else finding.note


def _compare_files(a: Path, b: Path, same_person: bool, as_json: bool) -> None:
    if same_person and (missing := photo.faces_unavailable()):
        raise UsageError(f"不能比对是不是同一个人：{missing}。", "请按提示准备好，或去掉 --same-person。")
    first, second = _read(a), _read(b)
    try:
        result = photo.compare(first, second)
        if same_person:
            result = photo.advised(result, first, second, consented=True)
    except photo.PhotoUnreadable as error:
        broken = a if error.which == "a" else b
        problem = f"{shown(broken)} 不是可以打开的照片：{error.why}。"
        raise PhotoNotAcceptable(problem, "请换一个照片文件再比较。") from None
    person = photo.person_sentence(result.same_person, result.why_no_advice)
    if as_json:
        print_json(_comparison_data(result) | {"person_sentence": person})
    else:
        more = ((FACT, person),) if same_person else ()
        told = PhotoAnswer(
            MARKS[result.verdict], f"{shown(a)} 与 {shown(b)}", photo.verdict_sentence(result), more
        )
        _print(("", "照片", "结论"), [told])


def _comparison_data(result: photo.Comparison) -> dict[str, object]:
    return {**asdict(result), "sentence": photo.verdict_sentence(result)}


# -- folders ---------------------------------------------------------------------------------------------------------------


def _pictures(path: Path) -> list[Path]:
    """The pictures of a folder, the others named on stderr, or the one file; raises ``UsageError`` where the folder holds none."""
    if not path.is_dir():
        return [path]
    with os_errors_told(f"文件夹 {shown(path)} 打不开", "请检查路径。"):
        files, others = pictures_in(path)
    if others:
        named = "、".join(map(_name, others[:3])) + ("等" if len(others) > 3 else "")
        say(f"{shown(path)} 里有 {len(others)} 个不是照片的文件没有看：{named}")
    if not files:
        remedy = "照片要直接放在这个文件夹里，扩展名是 jpg、png 等。"
        raise UsageError(f"文件夹 {shown(path)} 里没有照片文件。", remedy)
    return files


def _compare_folders(a: Path, b: Path, as_json: bool) -> None:
    rows = match_files(_pictures(a), _pictures(b))
    compared = [compare_row(row) for row in _one_by_one(rows, "比较")]
    counts = Counter(map(_outcome, compared))
    if as_json:
        print_json({"rows": [_row_data(row) for row in compared], "counts": {k: counts[k] for k in COUNTED}})
    else:
        _print(("", "证件号码", "结论"), _told_apart(compared))
        print_lines(["，".join(f"{word} {counts[k]}" for k, word in COUNTED.items() if counts[k])])
    if counts["unreadable"]:
        raise typer.Exit(ExitStatus.PHOTO)


def _outcome(row: BatchRow) -> str:
    if row.comparison:
        return row.comparison.verdict.value
    return "unreadable" if row.photo and row.copy else row.pairing.value


def _row_data(row: BatchRow) -> dict[str, object]:
    compared = _comparison_data(row.comparison) if row.comparison else {"verdict": None, "reasons": []}
    return {
        "id_number": _number(row) or None,
        "position": row.position,
        "outcome": _outcome(row),
        "a": shown(row.photo) if row.photo else None,
        "b": shown(row.copy) if row.copy else None,
        "others": [shown(file) for file in row.others],
        "problem": row.problem,
        **compared,
    }


def _number(row: BatchRow) -> str:
    from agent.privacy.redaction import mask_number

    return mask_number(row.id_number)


def _told_apart(rows: Sequence[BatchRow]) -> list[PhotoAnswer]:
    """Every row in words; where two masked numbers look alike, the file's place in its folder tells which it is."""
    alike = Counter(map(_number, rows))
    return [
        _row_told(row, f"（第 {row.position} 个文件）" if alike[_number(row)] > 1 else "") for row in rows
    ]


def _row_told(row: BatchRow, place: str) -> PhotoAnswer:
    about = f"{_number(row)}{place}" if row.id_number else _name(row.photo or row.copy or Path())
    if row.comparison:
        return PhotoAnswer(MARKS[row.comparison.verdict], about, photo.verdict_sentence(row.comparison))
    named = f"（{'、'.join(map(_name, row.others))}）" if row.others else ""
    return PhotoAnswer(BAD if row.photo and row.copy else NOTHING, about, f"{row.problem}{named}。")


# -- saying it -------------------------------------------------------------------------------------------------------------


def shown(file: Path) -> str:
    """A path with every document number in it masked, and nothing in it that a stream could refuse."""
    from agent.privacy.redaction import Redactor

    redactor = Redactor()
    for number in numbers_in(file):
        redactor.add_number(number)
    return redactor.redact(os.fsencode(file).decode("utf-8", "replace"))


def _name(file: Path) -> str:
    return shown(Path(file.name))


def _print(heads: Sequence[str], rows: Sequence[PhotoAnswer]) -> None:
    """Print rows on stdout: a table on a terminal, plain lines elsewhere."""
    if is_terminal(sys.stdout):
        _print_table(heads, rows)
    else:
        print_lines(line for row in rows for line in _lines(row))


def _lines(row: PhotoAnswer) -> Iterator[str]:
    yield clean(f"{row.mark[0]} {row.about}：{row.said}")
    yield from (f"  {mark} {clean(text)}" for (mark, _), text in row.more)


def _print_table(heads: Sequence[str], rows: Sequence[PhotoAnswer]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*heads, box=None, pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"
    for row in rows:
        abouts = (row.about, *[""] * len(row.more))
        for about, ((mark, colour), text) in zip(abouts, ((row.mark, row.said), *row.more), strict=True):
            table.add_row(Text(mark, f"bold {colour}"), Text(clean(about)), Text(clean(text)))
    Console(file=sys.stdout, highlight=False).print(table)


def _one_by_one(items: Sequence[T], doing: str) -> Iterator[T]:
    """Yield the items, saying on a terminal how far it is where there are several."""
    if len(items) == 1 or not is_terminal(sys.stderr):
        yield from items
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        for number, item in enumerate(items, start=1):
            status.update(f"正在{doing}第 {number} 个，共 {len(items)} 个")
            yield item
