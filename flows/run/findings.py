"""Findings of one run, shared by its duties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from agent.browser.image_download import DownloadedImage
from agent.errors import PhotoNotYet
from agent.photo import Comparison, Inspection
from agent.privacy.redaction import Redactor, mask_name, mask_number
from agent.reconcile.compare import Check
from agent.reconcile.normalise import is_unreadable
from agent.report.model import PhotoFile
from flows.checks import fields, grades, photo
from flows.checks.registration import RegistrationResult
from flows.forms.registration import RegistrationStatement
from flows.profiles.schema import Profile
from flows.sites.chaoxing.conditions import Conditions
from flows.sites.chaoxing.grade_table import Grades
from flows.sites.chaoxing.platform import Confirmation
from flows.sites.chaoxing.upload.page import PlatformPhotos
from flows.sites.chsi.record import Record

CheckSource = Literal["records", "photo", "grades"]
PhotoName = Literal["chsi", "platform_copy", "enrollment"]


@dataclass
class Findings:
    """Everything read so far; None is "not read"."""

    record: Record | None = None
    photo: DownloadedImage | None = None
    inspection: Inspection | None = None
    personal: dict[str, str] | None = None
    confirmation: Confirmation = Confirmation.NOT_SHOWN
    platform: PlatformPhotos | None = None
    conditions: Conditions | None = None
    shown: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """What further sites show of their person, by site and the profile's field names."""
    registered: RegistrationResult | None = None
    stated: RegistrationStatement | None = None
    grades: Grades | None = None
    comparisons: dict[str, Comparison] = field(default_factory=dict)
    no_batch: bool = False
    crops: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Pictures of CHSI's values that were read by eye, by the profile's field names, as files of the case folder."""
    no_photo: bool = False
    checks: dict[CheckSource, tuple[Check, ...]] = field(default_factory=dict)
    """What has been compared, by what was held against what."""
    photo_files: dict[PhotoName, PhotoFile] = field(default_factory=dict)
    not_checked: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def check_records(self, profile: Profile, today: date) -> None:
        """Hold 学信网 against the platform, and its document number against itself; ``today`` in the profile's zone."""
        record = self.record
        by_eye = {name: value.read_by for name, value in record.by_eye.items()} if record else {}
        rows = fields.checks(profile, record.values if record else None, self.personal, by_eye)
        number = fields.number_check(profile, record.values, today) if record else []
        self.checks["records"] = (*rows, *number)

    def check_missing_photo(self, profile: Profile, stop: PhotoNotYet, today: date) -> None:
        """Say what it means that 学信网 has no photo: by the notice's last day for it, else by the stop."""
        self.checks["photo"] = (photo.missing_photo(profile, today) or photo.check(stop),)

    def check_grades(self, profile: Profile) -> None:
        """Hold the grade table against 毕业条件, once both have been read."""
        if self.grades and self.conditions:
            self.checks["grades"] = tuple(grades.checks(self.grades, self.conditions, profile))

    def all_checks(self) -> tuple[Check, ...]:
        """Return every comparison, 学信网 against the platform first; one with 注册系统 stands for the same one of 学信网."""
        registered = self.registered.checks if self.registered else ()
        ids = {row.id for row in registered}
        records = (row for row in self.checks.get("records", ()) if row.id not in ids)
        rest = (row for source in ("photo", "grades") for row in self.checks.get(source, ()))
        return (*records, *registered, *rest)

    @property
    def name(self) -> str | None:
        """The student's name, CHSI's word before the platform's."""
        return (self.record.name if self.record else None) or (self.personal or {}).get("name")

    @property
    def id_number(self) -> str | None:
        """The student's document number, CHSI's word before the platform's."""
        return (self.record.id_number if self.record else None) or (self.personal or {}).get("id_number")

    @property
    def document_type(self) -> str | None:
        """证件类型 as CHSI shows it, else the platform."""
        record = self.record.readable.get("document_type") if self.record else None
        return record or (self.personal or {}).get("document_type")

    def masked(self) -> tuple[str, str] | None:
        """Return name and number as they may be shown, or None when nobody has been read yet."""
        if self.name is None:
            return None
        return mask_name(self.name), mask_number(self.id_number or "")

    def register_secrets(self, redactor: Redactor) -> None:
        """Let the redactor know what must not be written out."""
        values = [self.record.values] if self.record else []
        for known in (*values, self.personal or {}, *self.shown.values()):
            if (number := known.get("id_number")) and not is_unreadable(number):
                redactor.add_number(number)
            if (name := known.get("name")) and not is_unreadable(name):
                redactor.add_name(name)
