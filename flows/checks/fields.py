"""The comparisons of 学信网 with the platform, field by field (notice, 二（一） and 二（二）1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from agent.reconcile import document_numbers
from agent.reconcile.compare import (
    HARMLESS,
    Check,
    FieldReading,
    FieldRule,
    ReadBy,
    Verdict,
    compare,
    compare_entry_year,
    expect,
)
from agent.reconcile.normalise import FieldKind, is_unreadable, parse_date
from flows.profiles.schema import CheckData, CheckId, Profile

NOTHING: Mapping[str, ReadBy] = MappingProxyType({})


@dataclass(frozen=True)
class _Field:
    """One field: its name in the profile's labels, its check's id and kind, and whether one site alone is no matter."""

    name: str
    id: CheckId
    label: str
    kind: FieldKind
    only_both: bool = False

    def is_shown(self, chsi: Mapping[str, str], platform: Mapping[str, str]) -> bool:
        """True when there is something to compare."""
        shown = [self.name in chsi, self.name in platform]
        return all(shown) if self.only_both else any(shown)


FIELDS = (
    _Field("name", "identity.name", "姓名", FieldKind.NAME),
    _Field("sex", "identity.sex", "性别", FieldKind.SEX),
    _Field("id_number", "identity.id_number", "身份证号", FieldKind.NUMBER),
    _Field("birth_date", "identity.birth_date", "出生日期", FieldKind.DATE),
    _Field("ethnicity", "identity.ethnicity", "民族", FieldKind.ETHNICITY),
    _Field("level", "enrollment.level", "层次", FieldKind.LEVEL),
    _Field("major", "enrollment.major", "专业", FieldKind.MAJOR),
    _Field("duration", "enrollment.duration", "学制", FieldKind.DURATION, only_both=True),
    _Field("study_form", "enrollment.study_form", "学习形式", FieldKind.STUDY_FORM),
    _Field("student_number", "enrollment.student_number", "学号", FieldKind.TEXT),
    _Field("status", "enrollment.status", "学籍状态", FieldKind.STATUS),
)

SCHOOL = _Field("school", "enrollment.school", "学校名称", FieldKind.SCHOOL)
ENTRY_YEAR = _Field("entry_year", "enrollment.entry_year", "入学年份与当前所在级", FieldKind.YEAR)
STATUS = next(field for field in FIELDS if field.name == "status")
FIELD_NAMES: dict[str, str] = {field.id: field.name for field in (*FIELDS, SCHOOL)}
"""Which of the profile's fields a check is about."""


def checks(
    profile: Profile,
    chsi: dict[str, str] | None,
    platform: dict[str, str] | None,
    by_eye: Mapping[str, ReadBy] = NOTHING,
) -> list[Check]:
    """Compare what was read; a site that was not read makes no check, a field it does not show is ``missing``.

    Args:
        profile: Gives the expected school and whom to ask.
        chsi: CHSI's values by field name, as shown, or None when not read.
        platform: The platform's, likewise.
        by_eye: Which of CHSI's were not read from the page's text, and by whom.
    """
    rows: list[Check] = []
    sides = _Sides(profile, chsi or {}, platform or {}, by_eye)
    if chsi is not None and platform:
        rows += [sides.compared(field) for field in FIELDS if field.is_shown(chsi, platform)]
    elif chsi is not None:
        rows.append(expect(sides.rule(STATUS), sides.chsi("status")))
    if chsi is not None:
        rows.append(expect(sides.rule(SCHOOL, expected=(profile.school,)), sides.chsi("school")))
    if platform and "entry_year" in platform:
        years = sides.platform("entry_year"), sides.platform("current_year")
        rows.append(compare_entry_year(sides.rule(ENTRY_YEAR), *years))
    return rows


def number_check(profile: Profile, record: Mapping[str, str], today: date) -> list[Check]:
    """Hold the record's identity number against itself and against the birth date and sex beside it; a check only where it fails.

    Args:
        profile: Gives whom to ask.
        record: CHSI's values by field name, as shown.
        today: The last day on which somebody can have been born.
    """
    said = {name: text for name, text in record.items() if text and not is_unreadable(text)}
    number = said.get("id_number", "")
    if not number:
        return []
    parsed = document_numbers.parse(number, said.get("document_type"), today=today)
    birth_date = parse_date(said.get("birth_date", ""))
    problems = (
        *parsed.problems,
        *document_numbers.cross_check(parsed, sex=said.get("sex"), birth_date=birth_date),
    )
    if not problems:
        return []
    note = f"{''.join(problems)}请联系{profile.contact}。"
    reading = FieldReading("chsi", number)
    return [Check("identity.number_itself", "证件号码本身", reading, None, Verdict.MISMATCH, note)]


@dataclass(frozen=True)
class _Sides:
    """The two sites' values, and the notice's rules about them."""

    profile: Profile
    of_chsi: Mapping[str, str]
    of_platform: Mapping[str, str]
    by_eye: Mapping[str, ReadBy]

    def compared(self, field: _Field) -> Check:
        return compare(self.rule(field), self.chsi(field.name), self.platform(field.name))

    def chsi(self, name: str) -> FieldReading:
        return FieldReading("chsi", self.of_chsi.get(name), self.by_eye.get(name, "text"))

    def platform(self, name: str) -> FieldReading:
        return FieldReading("chaoxing", self.of_platform.get(name))

    def rule(self, field: _Field, expected: tuple[str, ...] = ()) -> FieldRule:
        """The notice's rule about a field; what it doesn't say is as usual."""
        data = self.profile.checks.get(field.id, CheckData())
        return FieldRule(
            field.id,
            field.label,
            field.kind,
            tolerated=HARMLESS if data.tolerated is None else frozenset(data.tolerated),
            expected=data.expected or expected,
            note=data.note,
            contact=data.contact or self.profile.contact,
            refused=data.refused,
            equivalents=data.equivalents,
        )
