"""个人信息核对 held against 学信网, the notice and the student's own statement; from what differs, the draft of 核对备注.

Pure. A difference is a field that 注册系统 shows otherwise than the student states, or, where the student states nothing, than
学信网 has it; 政治面貌 differs only by the student's statement that the party committee confirmed it (notice, 一).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from agent.reconcile import document_numbers
from agent.reconcile.compare import Check, FieldReading, FieldRule, ReadBy, Verdict, compare
from agent.reconcile.document_numbers import is_masked
from agent.reconcile.normalise import FieldKind, normalise
from flows.checks import fields
from flows.forms.registration import LABELS, RegistrationStatement
from flows.profiles.schema import Advice, DocumentRule, Profile, RegistrationRules, Subject
from flows.sites.lzu.registration import Registration

LZU, CHSI, STUDENT, NOTICE = "lzu", "chsi", "student", "notice"
PARTY = "party"
NOT_WRITTEN = ("status", "school")
"""Fields that no remark changes."""


@dataclass(frozen=True)
class _Compared:
    """One field: the check's id and kind, and what 学信网 calls it in the profile (nothing where it has no such field)."""

    id: str
    kind: FieldKind
    at_chsi: str = ""


FIELDS: Mapping[str, _Compared] = {
    **{field.name: _Compared(field.id, field.kind, field.name) for field in (*fields.FIELDS, fields.SCHOOL)},
    "document_type": _Compared("identity.document_type", FieldKind.TEXT, "document_type"),
    PARTY: _Compared("identity.party", FieldKind.TEXT),
    "college": _Compared("enrollment.college", FieldKind.TEXT, "branch"),
    "current_year": _Compared("enrollment.current_year", FieldKind.YEAR),
    "class_name": _Compared("enrollment.class", FieldKind.TEXT, "class"),
    "entry_date": _Compared("enrollment.entry_date", FieldKind.DATE, "entry_date"),
}


@dataclass(frozen=True)
class RegistrationDifference:
    """A field that is to be put right.

    Args:
        name: The profile's name for it.
        label: What pages call it.
        shown: What 注册系统 shows.
        right: What it should be.
        by: Who says so: ``student``, ``chsi`` or ``notice``.
    """

    name: str
    label: str
    shown: str
    right: str
    by: str

    def told(self) -> str:
        """Return it as 核对备注 writes it: the value before and after."""
        return f"{self.label}：原：{self.shown} 改：{self.right}"


@dataclass(frozen=True)
class RegistrationResult:
    """What holding 个人信息核对 against the others came to.

    Args:
        checks: Every comparison: with 学信网, with the student's statement, with the notice's rules.
        differences: What is to be put right in 注册系统, in the page's order.
        remark: The draft of 核对备注; empty where nothing differs.
        advice: What is left to do, each with its reason.
        alone: Labels of fields that were held against nothing.
        others: Labels that nobody told of, with what stands beside them.
    """

    checks: tuple[Check, ...]
    differences: tuple[RegistrationDifference, ...]
    remark: str
    advice: tuple[tuple[str, Advice], ...]
    alone: str
    others: Mapping[str, str]


@dataclass(frozen=True)
class RegistrationComparison:
    """个人信息核对 with what it is held against.

    Args:
        shown: The page's fields.
        chsi: 学信网's fields by the profile's names, as shown.
        stated: What the student states.
        by_eye: Which of 学信网's were not read from the page's text, and by whom.
    """

    profile: Profile
    shown: Registration
    chsi: Mapping[str, str]
    stated: RegistrationStatement
    by_eye: Mapping[str, ReadBy] = field(default_factory=dict)

    def result(self) -> RegistrationResult:
        """Hold everything against everything, once."""
        return RegistrationResult(
            tuple(self.checks()),
            self.differences(),
            self.remark(),
            tuple(self.advice()),
            self.alone(),
            self.shown.others,
        )

    # -- what differs ------------------------------------------------------------------------------------------------------

    def differences(self) -> tuple[RegistrationDifference, ...]:
        """Return what is to be put right in 注册系统, in the page's order."""
        found = [one for name in self.shown.values if (one := self._difference(name))]
        named = {one.name for one in found}
        by_rule = (one for rule in self._document_rules() for one in self._by_rule(rule))
        return (*found, *(one for one in by_rule if one.name not in named))

    def _difference(self, name: str) -> RegistrationDifference | None:
        stated = self.stated.values.get(name, "")
        right, by = (stated, STUDENT) if stated else (self._at_chsi(name), CHSI)
        if not right or name in NOT_WRITTEN or name not in FIELDS:
            return None
        if by == CHSI and self._read_by(name) == "ocr":
            return None  # what may be misread is told, and written down by nobody
        if self._held(name, by, right).verdict is not Verdict.MISMATCH:
            return None
        return RegistrationDifference(
            name, self._label(name), self.shown.values[name], self._in_form(name, right), by
        )

    def _in_form(self, name: str, right: str) -> str:
        kind, shown = FIELDS[name].kind, self.shown.values[name]
        is_plain = kind is FieldKind.DATE and normalise(kind, shown) == shown.strip()
        return (normalise(kind, right) or right) if is_plain else right

    def remark(self) -> str:
        """Return the draft of 核对备注: empty where nothing differs."""
        told = [
            one.told() + ("（已向学院党委确认）" if one.name == PARTY else "") for one in self.differences()
        ]
        return "；".join([*told, *([self.stated.remark] if self.stated.remark else [])])

    def agreed(self) -> RegistrationComparison:
        """Return the same once the student has said that the party committee confirmed 政治面貌."""
        return replace(self, stated=self.stated.model_copy(update={"party_confirmed": True}))

    # -- checks ------------------------------------------------------------------------------------------------------------

    def checks(self) -> list[Check]:
        """Return every comparison: with 学信网, with the student's statement, with the notice's rules."""
        rows = [
            self._held(name, CHSI, self._at_chsi(name)) for name in self.shown.values if self._at_chsi(name)
        ]
        stated = {name: right for name, right in self.stated.values.items() if name in self.shown.values}
        rows += [self._held(name, STUDENT, right) for name, right in stated.items() if name != PARTY]
        if PARTY in self.shown.values:
            rows.append(self._party())
        return [*rows, *map(self._document, self._document_rules())]

    def _read_by(self, name: str) -> ReadBy:
        return self.by_eye.get(FIELDS[name].at_chsi, "text")

    def _at_chsi(self, name: str) -> str:
        return self.chsi.get(FIELDS[name].at_chsi, "") if name in FIELDS else ""

    def _held(self, name: str, by: str, right: str) -> Check:
        """学信网's or the student's value on the left, 注册系统's on the right."""
        field = FIELDS[name]
        check = field.id if by == CHSI else f"stated.{name}"
        rule = FieldRule(check, self._label(name), field.kind, contact=self._contact(name))
        left = FieldReading(by, right, "person" if by == STUDENT else self._read_by(name))
        return compare(rule, left, self._reading(name))

    def _contact(self, name: str) -> str:
        advice = self._rules.advice.get("party" if name == PARTY else "remark")
        return advice.contact if advice else self.profile.contact

    def _reading(self, name: str) -> FieldReading:
        return FieldReading(LZU, self.shown.values.get(name))

    def _party(self) -> Check:
        """政治面貌 is for the party committee to say; until the student states that it has, it waits."""
        stated = self.stated.values.get(PARTY, "")
        if stated:
            return self._held(PARTY, STUDENT, stated)
        if self.stated.party_confirmed:
            return self._held(PARTY, STUDENT, self.shown.values[PARTY])
        label = self._label(PARTY)
        note = "请先向学院党委确认是否已成为“预备党员”或“正式党员”。"
        return Check(f"stated.{PARTY}", label, self._reading(PARTY), None, Verdict.WAITING, note)

    def with_chsi(self, name: str) -> Check | None:
        """Return a field's comparison with 学信网; None where it has no such field."""
        theirs = self._at_chsi(name)
        return self._held(name, CHSI, theirs) if theirs else None

    def alone(self) -> str:
        """Return the labels of fields that were held against nothing."""
        held = {*self.stated.values, PARTY}
        return "、".join(
            self._label(name) for name in self.shown.values if name not in held and not self._at_chsi(name)
        )

    # -- documents ---------------------------------------------------------------------------------------------------------

    def _document_rules(self) -> list[DocumentRule]:
        """The rules for holders of other documents that hold for this student: by the document shown or stated, or its number."""
        said = (self.stated.document_type, self.shown.values.get("document_type", ""))
        kinds = {kind for word in said if word for kind in document_numbers.document_kinds(word)}
        kinds |= {document_numbers.parse(number, today=date.max).kind for number in self._numbers() if number}
        return [rule for rule in self._rules.documents if kinds & set(rule.kinds)]

    def _numbers(self) -> tuple[str, str]:
        return self.stated.id_number, self.shown.values.get("id_number", "")

    def _document(self, rule: DocumentRule) -> Check:
        label = "证件类型和证件号码"
        shown = self.shown.values.get("id_number", "")
        left = FieldReading(NOTICE, rule.says)
        right = FieldReading(LZU, self.shown.values.get("document_type"))
        if not shown or is_masked(shown):
            note = f"{rule.who}的证件号码应为{rule.says}；页面上没有显示完整的号码，请本人核对。"
            return Check("document.rule", label, left, right, Verdict.UNREADABLE, note)
        if any(self._by_rule(rule)):
            note = f"{rule.who}的证件号码应为{rule.says}，证件类型要与所持证件名称一致。请联系{self._contact('id_number')}。"
            return Check("document.rule", label, left, right, Verdict.MISMATCH, note)
        return Check("document.rule", label, left, right, Verdict.MATCH)

    def _by_rule(self, rule: DocumentRule) -> Iterator[RegistrationDifference]:
        """Type and number that are another document's; the right number is the student's to say."""
        word, number = self.shown.values.get("document_type", ""), self.shown.values.get("id_number", "")
        if word and rule.wanted not in document_numbers.document_kinds(word):
            yield RegistrationDifference(
                "document_type", self._label("document_type"), word, rule.wanted.value, NOTICE
            )
        if number and not is_masked(number) and not _is_of(rule.wanted, number):
            right = f"{rule.says}（以本人所持证件为准）"
            yield RegistrationDifference("id_number", self._label("id_number"), number, right, NOTICE)

    # -- words -------------------------------------------------------------------------------------------------------------

    @property
    def _rules(self) -> RegistrationRules:
        return rules_of(self.profile)

    def _label(self, name: str) -> str:
        return LABELS.get(name, self.profile.sites.lzu.labels[name][0] if self.profile.sites.lzu else name)

    def advice(self) -> Iterator[tuple[str, Advice]]:
        """Yield what is left to do, each with its reason."""
        differing = self.differences()
        names = {one.name for one in differing}
        labels = "、".join(one.label for one in differing)
        wrong_at_chsi = [
            self._label(name)
            for name, right in self.stated.values.items()
            if self._at_chsi(name) and self._against_chsi(name, right) is Verdict.MISMATCH
        ]
        reasons: dict[Subject, str] = {
            "remark": f"注册系统里和正确内容不一致的：{labels}（核对备注：{self.remark()}）"
            if differing
            else "",
            "party": "政治面貌和本人填写的不一致" if PARTY in names else "",
            "key_fields": f"关键信息不一致：{'、'.join(one.label for one in differing if one.name in self._rules.key_fields)}"
            if names & set(self._rules.key_fields)
            else "",
            "chsi": f"学信网和本人填写的不一致：{'、'.join(wrong_at_chsi)}" if wrong_at_chsi else "",
        }
        return (
            (reason, self._rules.advice[name])
            for name, reason in reasons.items()
            if reason and name in self._rules.advice
        )

    def _against_chsi(self, name: str, right: str) -> Verdict:
        rule = FieldRule(name, self._label(name), FIELDS[name].kind)
        left = FieldReading(CHSI, self._at_chsi(name), self._read_by(name))
        return compare(rule, left, FieldReading(STUDENT, right, "person")).verdict


def advice_on_chsi(profile: Profile, stated: RegistrationStatement) -> Iterator[tuple[str, Advice]]:
    """Yield what the notice wants of the student on 学信网, each with its reason; nothing for another notice."""
    advice = profile.registration.advice if profile.registration else {}
    if stated.photo_replaced and "photo_replaced" in advice:
        yield "已联系新华社更换过学历照片", advice["photo_replaced"]
    if "check_on_chsi" in advice:
        yield "通知要求教务系统核对完成后，再核对学信网上的照片和信息", advice["check_on_chsi"]


def rules_of(profile: Profile) -> RegistrationRules:
    """Return the notice's rules for 个人信息核对; raises ``LookupError`` where it has none."""
    if profile.registration is None:
        raise LookupError("the profile has no [registration]")
    return profile.registration


def _is_of(kind: document_numbers.DocumentKind, number: str) -> bool:
    """True for a number that a document of this kind may have; a number that is surely another's may not."""
    other = document_numbers.parse(number, today=date.max)
    return document_numbers.parse(number, kind.value, today=date.max).valid and (
        other.kind is kind or not other.checked
    )
