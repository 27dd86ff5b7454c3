"""Case folders of a console, and what it keeps in one of its own accord: the request. It names nobody."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from agent.privacy.private_files import FILE_MODE, PrivateFolder

FILE_NAME = "console.json"
FORM = "form.toml"
HELPER = "helper.json"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
"""A case's name, which stands in addresses: no dot, no slash, nothing of the student."""

CLAIMS_KEPT = 100
"""So many numbers are kept as claimed, for consoles that count at the same time."""


class CaseRequest(BaseModel):
    """What was applied for (schema ``gradsync/console/1``).

    Args:
        number: The case's number, by which people speak of it; never used twice.
        profile: The notice's id.
        assisted: Somebody helps the student.
        student: The invented student of a rehearsal; None at the real sites.
        fills_in: The student fills something in on the page before the case begins.
        ticked: Digests of the next steps that the person has ticked off.
        keeps_sign_ins: The sign-ins are kept, encrypted, for another run.
        roster: The student's pseudonym on the desk's roster; None for one who is on none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: Literal["gradsync/console/1"] = "gradsync/console/1"
    number: int
    profile: str
    title: str
    assisted: bool
    begun_at: AwareDatetime
    student: str | None = None
    fills_in: bool = False
    ticked: frozenset[str] = frozenset()
    keeps_sign_ins: bool = False
    roster: str | None = None


class Helper(BaseModel):
    """Helper of a student: name with unit, and contact."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    helper: str = ""
    contact: str = ""


class CaseFolders:
    """The case folders of a console, side by side."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def new(self, request: CaseRequest) -> Path:
        """Make a case folder and return it; its name is new and cannot be guessed."""
        name = f"{request.profile}-{request.begun_at:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
        folder = self.folder / re.sub(r"[^a-z0-9-]", "-", name.lower())
        self.keep(folder, request)
        return folder

    @property
    def _kept_beside(self) -> PrivateFolder:
        """What a desk keeps beside its cases; it names no student."""
        return PrivateFolder(self.folder.with_name(f"{self.folder.name}.desk"), str)

    def remember_helper(self, helper: Helper) -> None:
        """Keep who helps, for the next student's consent."""
        self._kept_beside.write_as_is(HELPER, helper.model_dump_json().encode())

    def helper(self) -> Helper:
        """Return who helped last; nobody where nobody did."""
        with suppress(OSError, ValidationError):
            return Helper.model_validate_json((self._kept_beside.path / HELPER).read_bytes())
        return Helper()

    def keep(self, folder: Path, request: CaseRequest) -> None:
        """Write down what is applied for, in place of what was."""
        text = f"{request.model_dump_json(indent=2)}\n"
        PrivateFolder(folder, str).write_as_is(FILE_NAME, text.encode())

    def cases(self) -> Iterator[tuple[Path, CaseRequest]]:
        """Yield what lies here, the oldest first; folders that a console did not make are not its business."""
        for file in sorted(self.folder.glob(f"*/{FILE_NAME}"), key=lambda path: path.parent.name):
            folder = file.parent
            if NAME.fullmatch(folder.name) and not folder.is_symlink():
                with suppress(OSError, ValidationError):
                    yield folder, CaseRequest.model_validate_json(file.read_bytes())

    def next_number(self) -> int:
        """Claim the next number: a case that was deleted, on whatever day, keeps its own, and so does another console's."""
        claims = PrivateFolder(self._kept_beside.path / "numbers", str).path
        claimed = [int(file.name) for file in claims.iterdir() if file.name.isdecimal()]
        number = max([*claimed, *(row.number for _, row in self.cases())], default=0) + 1
        while not _claim(claims / str(number)):
            number += 1
        for old in claimed:
            if old < number - CLAIMS_KEPT:
                (claims / str(old)).unlink(missing_ok=True)
        return number


def _claim(file: Path) -> bool:
    try:
        file.touch(mode=FILE_MODE, exist_ok=False)
    except FileExistsError:
        return False
    return True
