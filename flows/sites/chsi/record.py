"""The 学籍 record of 学信网 as it was read: values with who read them, and what may be believed of what was read by eye."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from agent.ocr.crops import masked
from agent.ocr.page_reader import ocr_texts
from agent.reconcile import document_numbers
from agent.reconcile.compare import UNREAD, ReadBy
from agent.reconcile.document_numbers import Sex
from agent.reconcile.normalise import FieldKind, is_unreadable, normalise, parse_date
from agent.snapshot import fields, tree
from agent.snapshot.tables import label_pattern
from agent.snapshot.tree import Node, OcrText, TextLine

DATES = ("birth_date", "entry_date", "leaving_date")
FORMS = {"sex": FieldKind.SEX, "duration": FieldKind.DURATION}
"""Fields whose values have a form that a misread one rarely has."""


@dataclass(frozen=True)
class RecordValue:
    """One value as shown, who read it, and what it was read from where that was a picture.

    ``alone`` is false where that picture shows other values as well.
    """

    text: str = field(repr=False)
    read_by: ReadBy = "text"
    ocr_texts: tuple[OcrText, ...] = field(default=(), repr=False)
    alone: bool = True

    @property
    def is_read(self) -> bool:
        """True for a value that somebody or something could read."""
        return bool(self.text) and not is_unreadable(self.text)


@dataclass(frozen=True)
class Record:
    """The 学籍 record: the profile's field names with values as shown.

    Args:
        values: What stands there; a replacement character where nobody could read it.
        by_eye: Those values that were not read from the page's text.
        offers_code: Whether the page offers the 图像采集码.
    """

    values: dict[str, str]
    by_eye: Mapping[str, RecordValue] = field(default_factory=dict)
    offers_code: bool = False

    @property
    def readable(self) -> dict[str, str]:
        """The values that could be read, blanks among them."""
        return {name: value for name, value in self.values.items() if not is_unreadable(value)}

    @property
    def name(self) -> str | None:
        """姓名 as shown; None where it could not be read."""
        return self._read("name")

    @property
    def id_number(self) -> str | None:
        """证件号码 as shown; None where it could not be read."""
        return self._read("id_number")

    def _read(self, name: str) -> str | None:
        value = self.values.get(name, "")
        return value if value and not is_unreadable(value) else None


def of(values: Mapping[str, RecordValue], offers_code: bool = False) -> Record:
    """Build the record from its values."""
    by_eye = {name: value for name, value in values.items() if value.ocr_texts or value.read_by != "text"}
    return Record({name: value.text for name, value in values.items()}, by_eye, offers_code)


def of_field(found: fields.Field) -> RecordValue:
    """Return what stands beside a label."""
    seen = ocr_texts(found.at) if found.value else ()
    return RecordValue(found.value, "ocr", seen) if seen else RecordValue(found.value)


MASKED = ("name", "id_number", "student_number")
"""Values that reports mask."""


def shown_crops(name: str, value: RecordValue) -> list[bytes]:
    """Return the pictures of a value as they may be kept and shown: covered like the value itself.

    One whose letters are not counted, or that takes up several lines, is left out where it would have to be covered; and so is
    one that shows more than the value.
    """
    if not value.alone:
        return []
    if name not in MASKED:
        return [crop for ocr_text in value.ocr_texts for crop in ocr_text.crops]
    whole = len(value.ocr_texts) == 1 and len(value.ocr_texts[0].crops) == 1
    letters = value.ocr_texts[0].letters if whole else None
    if not letters:
        return []
    first, last = (1, 0) if name == "name" else (0, 4 if letters >= 15 else 2)
    return [masked(value.ocr_texts[0].crops[0], letters, first, last)]


# -- what stands there without a label -----------------------------------------------------------------------------------------

HEAD = ("name", "sex", "birth_date", "school", "level", "major", "study_form")
PARTED = re.compile(r"\s*[|｜]\s*")


def head(root: Node, labels: Collection[str]) -> dict[str, RecordValue]:
    """Return what the head of the mobile page says without labels, from top to bottom.

    A person tells the lines by their order and form: the name, sex and birth date, school and level, and 专业 | 学习形式. Only where
    they stand like that, anything is returned.

    Args:
        root: The page.
        labels: Everything that is a label, and so no value.
    """
    lines = _across(line for line in tree.lines(root) if not any(leaf.is_picture for leaf in line.leaves))
    for place in range(3, len(lines)):
        called, born, school, major = lines[place - 3 : place + 1]
        parted = PARTED.split(major.text)
        rows = [(called, [called.text]), (born, _two(born)), (school, _two(school)), (major, parted)]
        if [len(texts) for _, texts in rows] == [1, 2, 2, 2] and not _labelled(major, labels):
            values = [_value(text, line, at) for line, texts in rows for at, text in enumerate(texts)]
            return dict(zip(HEAD, values, strict=True))
    return {}


def _across(lines: Iterable[TextLine]) -> list[TextLine]:
    """The lines as they stand: what is laid out side by side is one."""
    whole: list[TextLine] = []
    for line in lines:
        goes_on = whole and whole[-1].leaves[-1].box.overlap_y(line.leaves[0].box) > 0
        before = (whole.pop(),) if goes_on else ()
        whole.append(TextLine(line.block, tuple(leaf for one in (*before, line) for leaf in one.leaves)))
    return whole


def _labelled(line: TextLine, labels: Collection[str]) -> bool:
    return bool(label_pattern(frozenset(labels)).search(line.seamed))


def _two(line: TextLine) -> list[str]:
    """Two pieces of text, or two words."""
    pieces = [leaf.words.strip() for leaf in line.leaves]
    return pieces if len(pieces) > 1 else line.text.split()


def _value(text: str, line: TextLine, place: int) -> RecordValue:
    ocr_texts = [ocr_text for leaf in line.leaves for ocr_text in leaf.ocr_texts]
    mine = tuple(ocr_texts[place : place + 1]) if place < len(ocr_texts) else ()
    return RecordValue(text, "ocr", mine) if mine else RecordValue(text)


def in_one_picture(picture: OcrText, names: Iterable[str]) -> dict[str, RecordValue]:
    """Return the values of a record that stands in one picture which nobody could read."""
    return {name: RecordValue(UNREAD, "ocr", (picture,), alone=False) for name in names}


# -- what may be believed ------------------------------------------------------------------------------------------------------


def believed(values: Mapping[str, RecordValue], today: date) -> dict[str, RecordValue]:
    """Return the values, those read by eye that cannot be right marked as unread.

    A date must be one, and a sex. An identity number counts only when its check digit vouches for it and it says the same
    birth date and sex as the record; where they contradict each other, one was misread, and none of them counts.
    """
    known = {name: _with_form(name, value) for name, value in values.items()}
    number = known.get("id_number")
    if number is None or number.read_by != "ocr" or not number.is_read:
        return known
    return {**known, **_unread(known, _contradicted(known, today))}


def _with_form(name: str, value: RecordValue) -> RecordValue:
    if value.read_by != "ocr" or not value.is_read:
        return value
    formless = (name in DATES and parse_date(value.text) is None) or (
        name in FORMS and normalise(FORMS[name], value.text) is None
    )
    return replace(value, text=UNREAD) if formless else value


def _contradicted(values: Mapping[str, RecordValue], today: date) -> Sequence[str]:
    """The fields that the identity number, or what it says, makes doubtful."""
    said = {name: value.text for name, value in values.items() if value.is_read}
    parsed = document_numbers.parse(said["id_number"], said.get("document_type"), today=today)
    if not parsed.valid or not parsed.checked or not parsed.area:
        return ("id_number",)
    born = parse_date(said.get("birth_date", ""))
    sex = said.get("sex")
    agreeing = (parsed.birth_date is not None and born is not None) or (
        parsed.sex is not None and sex in set(Sex)
    )
    if not agreeing:
        return ("id_number",)
    against = document_numbers.cross_check(parsed, sex=sex, birth_date=born)
    return ("id_number", "sex", "birth_date") if against else ()


def _unread(values: Mapping[str, RecordValue], names: Sequence[str]) -> dict[str, RecordValue]:
    return {
        name: replace(values[name], text=UNREAD)
        for name in names
        if name in values and (name == "id_number" or values[name].read_by == "ocr")
    }
