"""The consent receipt, shaped on ISO/IEC TS 27560:2023 and the Kantara consent receipt, with the words of the PIPL.

Sections of the record structure: header (``receipt_id``, ``schema``), ``pii_principal``, ``party_identification``,
``pii_processing`` and ``events``. The standard leaves the form of the values open; here they are what the program enforces.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal
from uuid import uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from agent.consent import statements
from agent.consent.statements import Action, Sensitive, Tick
from agent.errors import UsageError
from agent.files.system_errors import os_errors_told
from agent.files.text_files import lost_character
from agent.privacy.private_files import Json
from agent.privacy.redaction import mask_name, mask_number
from agent.reconcile.document_numbers import document_key, is_masked, normalise_number, parse

FILE_NAME = "consent.json"
SCRYPT = {"n": 2**14, "r": 8, "p": 1}
"""Cost of trying one number: there are few enough numbers to try them all under a fast digest."""
YOUNGEST = 14
"""PIPL art. 31: below that age consent is the parents', which this program cannot take."""


class ReceiptModel(BaseModel):
    """Base of every part of the receipt: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Binding(ReceiptModel):
    """What ties the receipt to a person without naming the number: a salted, slow digest of it."""

    method: Literal["scrypt"] = "scrypt"
    salt: str
    digest: str
    explanation: str = statements.BINDING

    def fits(self, number: str) -> bool:
        """Return whether ``number`` is the person's."""
        return secrets.compare_digest(_slow_digest(self.salt, number), self.digest)


class Principal(ReceiptModel):
    """Who consents, masked as everywhere."""

    name: str
    id_number: str
    binding: Binding


class Party(ReceiptModel):
    """Who helps, and is answerable (PIPL art. 17: name and contact)."""

    party_role: Literal["pii_controller"] = "pii_controller"
    party_name: str = Field(min_length=1)
    party_contact: str = Field(min_length=1)


class Purpose(ReceiptModel):
    """One action and what it is for."""

    action: Action
    title: str
    purpose: str
    pii_information: tuple[str, ...]
    given: bool


class Separate(ReceiptModel):
    """One separate consent to sensitive information."""

    item: Sensitive
    title: str
    purpose: str
    sensitive_pii_category: tuple[str, ...]
    given: bool


class Processing(ReceiptModel):
    """What is done, with what, for how long."""

    privacy_notice: str = statements.NOTICE
    language: Literal["zh-CN"] = "zh-CN"
    jurisdiction: Literal["CN"] = "CN"
    lawful_basis: str = statements.BASIS
    purposes: tuple[Purpose, ...]
    separate_consents: tuple[Separate, ...]
    recipient_third_parties: tuple[str, ...] = statements.RECIPIENTS
    storage_locations: str = statements.STORAGE
    delete_after: AwareDatetime
    withdrawal_method: str = statements.WITHDRAWAL
    privacy_rights: tuple[str, ...] = statements.RIGHTS


class Event(ReceiptModel):
    """Consent given or withdrawn."""

    event_type: Literal["explicit_consent_given", "consent_withdrawn"]
    event_time: AwareDatetime
    valid_until: AwareDatetime | None = None


class Receipt(ReceiptModel):
    """A consent receipt (schema ``gradsync/consent/1``)."""

    schema_: Literal["gradsync/consent/1"] = Field(default="gradsync/consent/1", alias="schema")
    shaped_on: Literal["ISO/IEC TS 27560:2023"] = "ISO/IEC TS 27560:2023"
    receipt_id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    pii_principal: Principal
    party_identification: Party
    pii_processing: Processing
    events: Annotated[tuple[Event, ...], Field(min_length=1)]
    digest: str = ""

    @property
    def given_at(self) -> datetime:
        """When the student consented."""
        return self.events[0].event_time

    @property
    def valid_until(self) -> datetime:
        """Until when the helper may act."""
        return self.events[0].valid_until or self.given_at

    @property
    def delete_after(self) -> datetime:
        """Until when what was read may be kept."""
        return self.pii_processing.delete_after

    @property
    def withdrawn_at(self) -> datetime | None:
        """When the student withdrew, if that stands in the receipt."""
        return next((row.event_time for row in self.events if row.event_type == "consent_withdrawn"), None)

    @property
    def ticks(self) -> frozenset[Tick]:
        """What was consented to."""
        actions = (row.action for row in self.pii_processing.purposes if row.given)
        separate = (row.item for row in self.pii_processing.separate_consents if row.given)
        return frozenset((*actions, *separate))

    def terms_digest(self) -> str:
        """Return the SHA-256 over everything that was consented to, as hex; a later withdrawal does not change it."""
        body = self.model_dump(mode="json", by_alias=True, exclude={"digest", "events"})
        terms = {**body, "given": self.events[0].model_dump(mode="json")}
        return hashlib.sha256(json.dumps(terms, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def withdrawn(self, at: datetime) -> Receipt:
        """Return the receipt with the withdrawal in it; the first one counts."""
        event = Event(event_type="consent_withdrawn", event_time=at)
        return self if self.withdrawn_at else self.model_copy(update={"events": (*self.events, event)})

    def to_data(self) -> dict[str, Json]:
        """Return what consent.json holds."""
        return self.model_dump(mode="json", by_alias=True)


def issue(
    name: str,
    number: str,
    helper: Party,
    ticks: frozenset[Tick],
    now: datetime,
    valid: timedelta,
    keep: timedelta,
) -> Receipt:
    """Write down what a student has consented to.

    Args:
        name: The student's name; masked in the receipt.
        number: The document number; only its mask and a salted digest stand in the receipt.
        ticks: What was consented to, the separate consents among it.
        now: When, with its zone.
        valid: How long the helper may act.
        keep: How long what was read may be kept; never shorter than ``valid``.

    Raises:
        UsageError: There is no name, the number is none, the student is under 14, or the ticks contradict each other.
    """
    check_person(name, number, now.date())
    _check_ticks(ticks)
    receipt = Receipt(
        receipt_id=uuid4().hex,
        pii_principal=_principal(name, number),
        party_identification=helper,
        pii_processing=_processing(ticks, now + max(keep, valid)),
        events=(Event(event_type="explicit_consent_given", event_time=now, valid_until=now + valid),),
    )
    return receipt.model_copy(update={"digest": receipt.terms_digest()})


def party(name: str, contact: str) -> Party:
    """Return who helps; raises ``UsageError`` where one of both is left out, or is no text."""
    who, where = name.strip(), contact.strip()
    if not who or not where:
        raise UsageError("没有写办理人员。", "请写办理人员的姓名、单位和联系方式。")
    if lost := lost_character(who + where):
        raise UsageError(f"办理人员的姓名或联系方式里{lost.partition('行')[2]}。", "请改正后再试。")
    return Party(party_name=who, party_contact=where)


def check_person(name: str, number: str, today: date) -> None:
    """Raise ``UsageError`` for a student without a name, with a number that is none, or under 14."""
    if not name:
        raise UsageError("没有姓名。", "请输入学生的姓名。")
    identity = parse(number, today=today)
    if is_masked(number) or not identity.valid:
        problem = "".join(identity.problems) or "号码有一部分被遮住。"
        raise UsageError(f"这个证件号码不能用：{problem}", "请对照证件重新输入完整的号码。")
    born = identity.birth_date
    if born and (today.year - born.year, today.month, today.day) < (YOUNGEST, born.month, born.day):
        raise UsageError(
            "未满十四周岁的，要由监护人同意，这个程序不能办理。", "请由监护人和学校另行办理（第三十一条）。"
        )


def _check_ticks(ticks: frozenset[Tick]) -> None:
    """Face comparison takes the tick of the action and the consent of its own, or neither (PIPL art. 29)."""
    if not ticks & frozenset(Action):
        raise UsageError("没有同意任何一项操作，不用写同意书。", "请学生自己办理。")
    if (Action.COMPARE_FACES in ticks) != (Sensitive.FACE_COMPARISON in ticks):
        raise UsageError("比对人脸要有单独的同意。", "请两处都同意，或两处都不同意。")


def _principal(name: str, number: str) -> Principal:
    salt = secrets.token_hex(16)
    binding = Binding(salt=salt, digest=_slow_digest(salt, number))
    return Principal(name=mask_name(name), id_number=mask_number(normalise_number(number)), binding=binding)


def _slow_digest(salt: str, number: str) -> str:
    key = document_key(number).encode()
    return hashlib.scrypt(key, salt=salt.encode(), maxmem=2**26, dklen=32, **SCRYPT).hex()


def _processing(ticks: frozenset[Tick], delete_after: datetime) -> Processing:
    purposes = (
        Purpose(action=tick, title=it.title, purpose=it.purpose, pii_information=it.data, given=tick in ticks)
        for tick, it in statements.ACTIONS.items()
    )
    separate = (
        Separate(
            item=tick, title=it.title, purpose=it.purpose, sensitive_pii_category=it.data, given=tick in ticks
        )
        for tick, it in statements.SEPARATE.items()
    )
    return Processing(purposes=tuple(purposes), separate_consents=tuple(separate), delete_after=delete_after)


def load(path: Path) -> Receipt:
    """Read a receipt.

    Args:
        path: The file, or a folder with ``consent.json`` in it.

    Raises:
        UsageError: It cannot be read, is of another schema, or its terms were edited.
    """
    file = path / FILE_NAME if path.is_dir() else path
    try:
        with os_errors_told(f"同意书 {file} 读不出来", "请检查路径。"):
            receipt = Receipt.model_validate_json(file.read_bytes())
    except ValidationError:
        raise UsageError(f"{file} 不是这个版本的同意书。", "请用 gradsync consent new 重新写一份。") from None
    if receipt.digest != receipt.terms_digest():
        raise UsageError(f"同意书 {file} 被改动过。", "请用 gradsync consent new 重新写一份。")
    return receipt
