"""A teaching point's desk: a roster, receipts and accounts of invented students, and the command that works on them."""

from __future__ import annotations

import base64
import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.consent import Action, Party, Sensitive, issue
from agent.consent.registry import to_bytes
from agent.privacy.private_files import PrivateFolder, write_private
from agent.settings import PREFIX
from fixtures.people.students import Student
from fixtures.server import Addresses
from tests.agent.cli.conftest import Gradsync

HELPER = Party(party_name="示例教学点", party_contact="10000000000")
TICKS = frozenset((*Action, *Sensitive)) - {Action.COMPARE_FACES, Sensitive.FACE_COMPARISON}
TODAY = ("--today", "2024-06-03")


@dataclass(frozen=True)
class Desk:
    """Files in one folder."""

    folder: Path

    @property
    def roster(self) -> Path:
        """The roster."""
        return self.folder / "roster.csv"

    @property
    def consents(self) -> Path:
        """The folder of the receipts."""
        return self.folder / "consents"

    @property
    def accounts(self) -> Path:
        """The accounts at the mock sites."""
        return self.folder / "accounts.json"

    @property
    def key(self) -> Path:
        """The key file."""
        return self.folder / "key"

    def fill(self, students: Sequence[Student], without_consent: Sequence[str] = ()) -> None:
        """Write everything for these students."""
        rows = [
            (each.name, each.id_number, each.document_type, each.platform.student_number, "10000000001")
            for each in students
        ]
        with self.roster.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows([("姓名", "证件号码", "证件类型", "学号", "手机"), *rows])
        accounts = {
            each.id_number: {
                site: {"username": pair.username, "password": pair.password}
                for site, pair in each.credentials.items()
            }
            for each in students
        }
        self.accounts.write_text(json.dumps(accounts), "utf-8")
        write_private(self.key, base64.b64encode(bytes(range(32))))
        for each in students:
            if each.student not in without_consent:
                self.consent(each)

    def consent(self, student: Student) -> Path:
        """Write a student's receipt."""
        now = datetime.now(UTC)
        day = timedelta(days=1)
        receipt = issue(student.name, student.id_number, HELPER, TICKS, now, day, day)
        folder = PrivateFolder(self.consents / student.student, str)
        return folder.write_as_is("consent.json", to_bytes(receipt))

    def environ(self, addresses: Addresses, **more: str) -> Mapping[str, str]:
        """Return the settings that send a cohort to the mock sites."""
        given = {
            "SITES__CHSI__LOGIN_URL": addresses.chsi_login,
            "SITES__CHSI__ARCHIVE_URL": addresses.chsi_archive,
            "SITES__CHAOXING__LOGIN_URL": addresses.chaoxing_login,
            "COHORT__KEY_FILE": str(self.key),
            "COHORT__CONSENTS": str(self.consents),
            "COHORT__CREDENTIALS": str(self.accounts),
            "COHORT__SIGN_INS_PER_MINUTE": "60000",
            "COHORT__SILENT_SECONDS": "2",
            **more,
        }
        return {f"{PREFIX}{name}": value for name, value in given.items()}

    def command(self, gradsync: Gradsync, addresses: Addresses, **more: str) -> Gradsync:
        """Return the command at this desk."""
        return Gradsync(gradsync.folder, {**gradsync.environ, **self.environ(addresses, **more)})
