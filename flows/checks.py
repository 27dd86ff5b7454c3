"""The comparisons of 学信网 with the platform, field by field (notice, 二（一） and 二（二）1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from agent import photo
from agent.photo import PhotoUnreadable
from agent.reconcile import (
    Check,
    FieldKind,
    FieldRule,
    Reading,
    Verdict,
    compare,
    compare_entry_year,
    expect,
)
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


# -- the photo -------------------------------------------------------------------------------------------------------------


def missing_photo(profile: Profile, today: date) -> Check | None:
    """Say what a missing 学历照片 means where the notice has a last day for it: waiting until then, afterwards wrong.

    Args:
        profile: Gives the day and whom to turn to.
        today: The day of the run in the profile's zone.
    """
    advice = profile.photo.deadline
    if advice is None or advice.deadline is None:
        return None
    late = today > advice.deadline
    note = f"学信网上还没有学历照片，{'已过' if late else '最晚'} {advice.deadline:%Y-%m-%d}。请联系{advice.contact}。"
    verdict = Verdict.MISMATCH if late else Verdict.WAITING
    return Check("photo.present", "学历照片", Reading("chsi", None), None, verdict, note)


def latest_photo(chsi: bytes, file: Path) -> Check:
    """Hold 学信网's 学历照片 against the file of the last capture that the student has.

    Args:
        chsi: The photo's bytes.
        file: The student's file.
    """
    sides = Reading("chsi", "学历照片"), Reading("student", file.name, "person")
    try:
        compared = photo.compare(chsi, file.read_bytes())
    except (PhotoUnreadable, OSError):
        return Check("photo.latest", LATEST, *sides, Verdict.UNREADABLE, "最后一次采集的照片文件打不开。")
    verdict = (
        Verdict.MATCH if compared.is_same else LATEST_VERDICTS.get(compared.verdict.value, Verdict.UNREADABLE)
    )
    return Check("photo.latest", LATEST, *sides, verdict, photo.verdict_sentence(compared))


LATEST = "学历照片是最后一次采集的"
LATEST_VERDICTS = {"different_picture": Verdict.MISMATCH}
