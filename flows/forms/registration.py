"""What an LZU student states about 个人信息核对: the table ``[registration]`` of ``form.toml`` (notice, 一（二）to（四）and 二（三）)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path

from agent.reconcile import document_numbers
from agent.reconcile.normalise import parse_date
from flows.forms.base import Digits, DocumentNumber, FormProblem, FormTable, Text
from flows.profiles.schema import RegistrationRules

TEMPLATE = files("flows.forms").joinpath("registration.template.toml")
TABLE = "registration"
LABELS = {
    TABLE: "个人信息核对",
    "name": "姓名",
    "sex": "性别",
    "birth_date": "出生日期",
    "ethnicity": "民族",
    "party": "政治面貌",
    "party_confirmed": "学院党委已确认",
    "document_type": "证件类型",
    "id_number": "证件号码",
    "student_number": "学号",
    "college": "学院",
    "major": "专业",
    "level": "培养层次",
    "duration": "学制",
    "study_form": "学习形式",
    "current_year": "年级",
    "class_name": "班级",
    "entry_date": "入学日期",
    "remark": "补充说明",
    "photo_replaced": "更换过学历照片",
    "latest_photo": "最后一次采集的照片",
}
NO_VALUES = ("party_confirmed", "remark", "photo_replaced", "latest_photo")
EXAMPLES = {
    "birth_date": 'birth_date = "2002-03-16"',
    "entry_date": 'entry_date = "2020-09-01"',
    "sex": 'sex = "女"',
    "party": 'party = "中共预备党员"',
    "party_confirmed": "party_confirmed = true",
    "latest_photo": 'latest_photo = "照片.jpg"',
    "photo_replaced": "photo_replaced = true",
}


class RegistrationStatement(FormTable):
    """What is right, as far as the student says it; a field left empty states nothing."""

    name: Text = ""
    sex: Text = ""
    birth_date: Digits = ""
    ethnicity: Text = ""
    party: Text = ""
    party_confirmed: bool = False
    document_type: Text = ""
    id_number: DocumentNumber = ""
    student_number: Digits = ""
    college: Text = ""
    major: Text = ""
    level: Text = ""
    duration: Text = ""
    study_form: Text = ""
    current_year: Text = ""
    class_name: Text = ""
    entry_date: Digits = ""
    remark: Text = ""
    photo_replaced: bool = False
    latest_photo: Text = ""

    @property
    def values(self) -> dict[str, str]:
        """The fields that are stated, by the profile's names."""
        return {name: value for name, value in self if name not in NO_VALUES and value}

    def summary(self) -> str:
        """Say in Chinese which fields it states; empty where it states nothing."""
        stated = [LABELS[name] for name, value in self if value and value is not True]
        stated += ["政治面貌已由学院党委确认"] if self.party_confirmed else []
        stated += ["更换过学历照片"] if self.photo_replaced else []
        return f"个人信息核对：{'、'.join(stated)}" if stated else ""


NOTHING_STATED = RegistrationStatement()


def problems(
    stated: RegistrationStatement, rules: RegistrationRules, today: date, folder: Path
) -> Iterator[FormProblem]:
    """Hold the statement against the notice's rules.

    Args:
        stated: What the student states.
        rules: The notice's.
        today: Nobody is born after this day.
        folder: Where the photo's file is looked for.
    """
    where = (TABLE, 0)
    if stated.party and stated.party not in rules.parties:
        yield FormProblem(where, "party", f"只填{'、'.join(rules.parties)}", EXAMPLES["party"])
    if stated.party and not stated.party_confirmed:
        what = "填了政治面貌，要先向学院党委确认，确认过再填这一项"
        yield FormProblem(where, "party_confirmed", what, EXAMPLES["party_confirmed"])
    for name in ("birth_date", "entry_date"):
        if getattr(stated, name) and parse_date(getattr(stated, name)) is None:
            yield FormProblem(where, name, "应该写成年-月-日", EXAMPLES[name])
    if stated.sex and stated.sex not in set(document_numbers.Sex):
        yield FormProblem(where, "sex", "只填男、女", EXAMPLES["sex"])
    if stated.id_number:
        read = document_numbers.parse(stated.id_number, stated.document_type or None, today=today)
        for said in read.problems[:1]:
            yield FormProblem(where, "id_number", f"请对照证件改正：{said.rstrip('。')}")
    if stated.latest_photo and not (folder / stated.latest_photo).is_file():
        yield FormProblem(where, "latest_photo", "没有这个文件", EXAMPLES["latest_photo"])
