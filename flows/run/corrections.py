"""Corrections of 个人信息核对: each field that was read is right, or should be something else (notice, 一)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from agent.asks import Ask, AskKind, AskRouter, FieldShown
from agent.errors import UsageError
from agent.privacy.redaction import Redactor
from flows.checks.registration import NOT_WRITTEN, PARTY, RegistrationComparison, rules_of
from flows.forms.registration import NO_VALUES, RegistrationStatement, problems
from flows.profiles.schema import Profile
from flows.run.shown_fields import shown_field

ASK = "registration_check.fields"
TEXT = "注册系统里的每一项对不对？请逐项核对，不对的写上正确的内容"
DETAILS = (
    "现在只是核对，不会改动任何内容；不对的会写进“核对备注”，提交之前再给你看一遍。",
    "政治面貌要先向学院党委确认，确认过再改。",
)
SIDES = ("注册系统", "学信网")


@dataclass(frozen=True)
class RegistrationCorrections:
    """What the student says of the fields that were read.

    Args:
        today: Nobody is born after this day.
        redactor: Told of names and numbers before anything else happens with them.
    """

    asks: AskRouter
    profile: Profile
    today: date
    redactor: Redactor

    def taken(self, compared: RegistrationComparison) -> RegistrationStatement:
        """Ask until the notice's rules have nothing against the corrections; what was stated before where nobody can be asked.

        Raises:
            UsageError: The same corrections came again, though it was told what is wrong with them.
        """
        told: tuple[str, ...] = ()
        stated = compared.stated
        while self.asks.expects(ASK):
            corrected = self._asked(compared, stated, told)
            if not (wrong := self._wrong(corrected)):
                self._register_secrets(corrected)
                return corrected
            if told and corrected == stated:
                raise UsageError(f"核对的内容不能用：{'；'.join(wrong)}。")
            stated, told = corrected, wrong
        return stated

    def _asked(
        self, compared: RegistrationComparison, stated: RegistrationStatement, told: tuple[str, ...]
    ) -> RegistrationStatement:
        ask = Ask(
            ASK,
            AskKind.FIELDS,
            TEXT,
            "lzu",
            details=(*(f"请再改一下：{line}" for line in told), *DETAILS),
            shown=tuple(self._field(name, compared, stated) for name in compared.shown.values),
            sides=SIDES,
        )
        given = self.asks.corrected(ask)
        values = {
            name: "" if name not in given else shown if given[name] is None else given[name]
            for name, shown in compared.shown.values.items()
            if may_be_corrected(name)
        }
        return stated.model_copy(
            update={**values, "party_confirmed": stated.party_confirmed or bool(values.get(PARTY))}
        )

    def _field(
        self, name: str, compared: RegistrationComparison, stated: RegistrationStatement
    ) -> FieldShown:
        key = name if may_be_corrected(name) else ""
        right = stated.values.get(name, "")
        value, check = compared.shown.values[name], compared.with_chsi(name)
        return shown_field(name, self._label(name), value, check, key=key, right=right)

    def _label(self, name: str) -> str:
        return self.profile.sites.lzu.labels[name][0] if self.profile.sites.lzu else name

    def _wrong(self, stated: RegistrationStatement) -> tuple[str, ...]:
        found = problems(stated, rules_of(self.profile), self.today, Path())
        told = {problem.field: problem.what for problem in found if problem.field in stated.values}
        return tuple(f"{self._label(name)}：{what}" for name, what in told.items())

    def _register_secrets(self, stated: RegistrationStatement) -> None:
        if stated.name:
            self.redactor.add_name(stated.name)
        if stated.id_number:
            self.redactor.add_number(stated.id_number)


def may_be_corrected(name: str) -> bool:
    """True for a field of the page that the student's statement has a place for."""
    return name in RegistrationStatement.model_fields and name not in (*NO_VALUES, *NOT_WRITTEN)
