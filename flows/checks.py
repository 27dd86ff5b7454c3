"""The comparisons of 学信网 with the platform, field by field (notice, 二（一） and 二（二）1)."""

from __future__ import annotations

from dataclasses import dataclass

from agent.reconcile import Check, FieldKind, FieldRule, Reading, compare, compare_entry_year, expect
from flows.profile import Profile


@dataclass(frozen=True)
class _Field:
    """One field: its name in the profile's labels, its check's id and kind."""

    name: str
    id: str
    label: str
    kind: FieldKind


FIELDS = (
    _Field("name", "identity.name", "姓名", FieldKind.NAME),
    _Field("sex", "identity.sex", "性别", FieldKind.SEX),
    _Field("id_number", "identity.id_number", "身份证号", FieldKind.NUMBER),
    _Field("birth_date", "identity.birth_date", "出生日期", FieldKind.DATE),
    _Field("ethnicity", "identity.ethnicity", "民族", FieldKind.ETHNICITY),
    _Field("level", "enrollment.level", "层次", FieldKind.LEVEL),
    _Field("major", "enrollment.major", "专业", FieldKind.MAJOR),
    _Field("study_form", "enrollment.study_form", "学习形式", FieldKind.STUDY_FORM),
    _Field("student_number", "enrollment.student_number", "学号", FieldKind.TEXT),
    _Field("status", "enrollment.status", "学籍状态", FieldKind.STATUS),
)


def checks(profile: Profile, chsi: dict[str, str] | None, platform: dict[str, str] | None) -> list[Check]:
    """Compare what was read; a site that was not read makes no check, a field it does not show is ``missing``.

    Args:
        profile: Gives the expected school and whom to ask.
        chsi: CHSI's values by field name, as shown, or None when not read.
        platform: The platform's, likewise.
    """
    rows: list[Check] = []
    if chsi is not None and platform:
        rows += [
            _compared(profile, field, chsi, platform)
            for field in FIELDS
            if field.name in platform or field.name in chsi
        ]
    elif chsi is not None:
        rows.append(
            expect(
                _rule(profile, _Field("status", "enrollment.status", "学籍状态", FieldKind.STATUS)),
                _reading("chsi", chsi, "status"),
            )
        )
    if chsi is not None:
        school = FieldRule(
            "enrollment.school",
            "学校名称",
            FieldKind.SCHOOL,
            expected=(profile.school,),
            contact=profile.contact,
        )
        rows.append(expect(school, _reading("chsi", chsi, "school")))
    if platform and "entry_year" in platform:
        rule = FieldRule(
            "enrollment.entry_year", "入学年份与当前所在级", FieldKind.YEAR, contact=profile.contact
        )
        rows.append(
            compare_entry_year(
                rule,
                _reading("chaoxing", platform, "entry_year"),
                _reading("chaoxing", platform, "current_year"),
            )
        )
    return rows


def _compared(profile: Profile, field: _Field, chsi: dict[str, str], platform: dict[str, str]) -> Check:
    return compare(
        _rule(profile, field), _reading("chsi", chsi, field.name), _reading("chaoxing", platform, field.name)
    )


def _rule(profile: Profile, field: _Field) -> FieldRule:
    return FieldRule(field.id, field.label, field.kind, contact=profile.contact)


def _reading(site: str, values: dict[str, str], name: str) -> Reading:
    return Reading(site, values.get(name))
