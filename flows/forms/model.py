"""The student's own entries: family, history and self-evaluation, and what the messages call them.

How a file is read stands in ``flows.forms.toml_file``, what a notice asks of it in ``flows.forms.rules``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.privacy.redaction import Redactor
from agent.snapshot.tree import key
from flows.forms import registration
from flows.forms.base import Digits, DocumentNumber, FormTable, Text
from flows.forms.registration import NOTHING_STATED, RegistrationStatement

NOW = "至今"
FORM_COMMAND = "gradsync form new，填好后运行时加 --form form.toml"
"""How entries are given in a terminal."""
OPEN = (NOW, "现在", "目前", "今", "迄今", "至现在")
"""What people write for a time that goes on; the platform wants the first."""
_MONTH = re.compile(r"(?P<year>(?:19|20)\d\d)\s*(?:[-./年—、]\s*)?(?P<month>0?[1-9]|1[0-2])\s*月?")


class FamilyMember(FormTable):
    """One family member, with the notice's fields."""

    relation: Text = ""
    name: Text = ""
    phone: Digits = ""
    document_type: Text = ""
    document_number: DocumentNumber = ""
    age: Digits = ""
    ethnicity: Text = ""
    party: Text = ""
    address: Text = ""
    post: Text = ""

    @property
    def is_blank(self) -> bool:
        """True for an entry of the template that was left as it was."""
        return not any(value for field, value in self if field != "relation")


class HistoryEntry(FormTable):
    """One part of the history; ``stage`` says what sort of school the first one is where its name does not."""

    place: Text = ""
    post: Text = ""
    start: Digits = ""
    end: Digits = ""
    witness: Text = ""
    witness_phone: Digits = ""
    stage: Text = ""

    @property
    def is_blank(self) -> bool:
        """True for an entry of the template that was left as it was."""
        return not any(value for _, value in self)

    @property
    def months(self) -> tuple[int, int | None] | None:
        """First and last month as numbers, the last one None for 至今; None when they cannot be read."""
        first, last = month(self.start), month(self.end)
        if first is None or (last is None and not self.is_open):
            return None
        return first, last

    @property
    def is_open(self) -> bool:
        """True when it goes on until now."""
        return key(self.end).rstrip("。.") in OPEN


class EvaluationText(FormTable):
    """自我评价: the text, or the file it stands in."""

    text: Text = ""
    file: Text = ""


class FormData(FormTable):
    """What form.toml holds."""

    family: tuple[FamilyMember, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    self_evaluation: EvaluationText = EvaluationText()
    registration: RegistrationStatement = NOTHING_STATED


@dataclass(frozen=True)
class Form:
    """A form without problems.

    Args:
        family: The family members that were filled in.
        history: The parts of the history that were filled in, from 高中 to now.
        self_evaluation: The text; empty when none was given.
        registration: What the student states about 个人信息核对.
    """

    family: tuple[FamilyMember, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    self_evaluation: str = ""
    registration: RegistrationStatement = NOTHING_STATED

    def register_secrets(self, redactor: Redactor) -> None:
        """Let the redactor know what must not be written out."""
        names = [entry.name for entry in self.family] + [entry.witness for entry in self.history]
        numbers = [number for entry in self.family for number in (entry.document_number, entry.phone)]
        names.append(self.registration.name)
        numbers.append(self.registration.id_number)
        for name in filter(None, names):
            redactor.add_name(name)
        for number in filter(None, [*numbers, *(entry.witness_phone for entry in self.history)]):
            redactor.add_number(number)

    def summary(self) -> str:
        """Say in Chinese what it holds."""
        said = characters(self.self_evaluation)
        parts = (
            f"家庭成员 {len(self.family)} 条" if self.family else "",
            f"履历 {len(self.history)} 条" if self.history else "",
            f"自我评价 {said} 字" if said else "",
            self.registration.summary(),
        )
        return "，".join(filter(None, parts)) or "还没有填写任何内容"


LABELS = {
    "family": "家庭成员",
    "history": "履历",
    "self_evaluation": "自我评价",
    "relation": "关系",
    "name": "姓名",
    "phone": "联系方式",
    "document_type": "证件类型",
    "document_number": "证件号码",
    "age": "年龄",
    "ethnicity": "民族",
    "party": "政治面貌",
    "address": "工作单位或居住地址",
    "post": "职务",
    "place": "学习或工作单位",
    "start": "开始时间",
    "end": "结束时间",
    "witness": "证明人",
    "witness_phone": "证明人联系方式",
    "stage": "阶段",
    "text": "内容",
    "file": "文件",
} | registration.LABELS
EXAMPLES = {
    "relation": 'relation = "母亲"',
    "name": 'name = "李某某"',
    "phone": 'phone = "13800000000"',
    "age": "age = 52",
    "place": 'place = "某某市第一高级中学"',
    "start": 'start = "2014-09"',
    "end": 'end = "2017-06"，还在继续的写 end = "至今"',
    "witness_phone": 'witness_phone = "13800000000"',
    "stage": 'stage = "高中"',
} | registration.EXAMPLES


def characters(text: str) -> int:
    """Count 字 as the platform's counter does: every character, punctuation too, that is no white space."""
    return len(re.sub(r"\s", "", text))


def month(text: str) -> int | None:
    """Return a month such as 2014-09, 2014.9, 201409 or 2014年9月 as one number, or None when it is none."""
    found = _MONTH.fullmatch(text.strip())
    return int(found["year"]) * 12 + int(found["month"]) - 1 if found else None


def month_text(number: int) -> str:
    """Return a month's number as ``YYYY-MM``, the form the platform wants."""
    return f"{number // 12:04}-{number % 12 + 1:02}"
