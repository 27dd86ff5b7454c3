"""What the unseen sites know and count: one student, sessions, the stored photo, every effect of every click."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from dataclasses import dataclass, field

from fixtures.people.portraits import Kind, portrait, resized
from fixtures.people.students import STUDENTS, Student
from tests.harness.notice import NOTICE

COLOURS = {"已": "#1e80ff", "未": "#e23c39"}
UPLOADED = "学信网毕业照已上传"


@dataclass(frozen=True)
class Effect:
    """Something that a click or a request changed; ``kind`` is ``photo_upload`` or the words of a button nobody planned."""

    kind: str
    sha256: str = ""
    file_name: str = ""


@dataclass
class World:
    """Both sites' common truth.

    Args:
        student: The one student who has accounts.
        trouble: What goes wrong, by name; each site knows its own names.
        refusal: The platform's answer to every photo; accepted when empty.
        question: What the platform asks before it takes a photo, where it asks.
        statuses: Status texts that differ from the notice's, by condition.
    """

    student: Student = STUDENTS[0]
    trouble: frozenset[str] = frozenset()
    refusal: str = ""
    question: str = "确定要上传毕业照片吗？"
    statuses: dict[str, str] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    logins: Counter[str] = field(default_factory=Counter)
    stored: bytes | None = None
    asked: list[str] = field(default_factory=list)
    """The parts of 学信网 that scripts asked for, in order."""
    _sessions: dict[str, str] = field(default_factory=dict)
    _once: set[str] = field(default_factory=set)

    @property
    def graduation(self) -> bytes:
        """The 学历照片 as CHSI serves it."""
        return portrait(self.student.student, kind=Kind.GRADUATION)

    def other_photo(self, kind: Kind) -> bytes:
        """The 录取照片 or the 入学照片."""
        return portrait(self.student.student, kind=kind)

    @property
    def conditions(self) -> list[tuple[str, str, str]]:
        """Name, status and colour of each condition, as they are now."""
        now = {UPLOADED: "已上传" if self.stored else "未上传", **self.statuses}
        rows = [(name, now.get(name, status)) for name, status in NOTICE]
        return [(name, status, COLOURS.get(status[:1], "#333")) for name, status in rows]

    def sign_in(self, site: str, username: str, password: str) -> str | None:
        """Return a new session for the right pair, None for a wrong one; every try is counted."""
        given = self.student.credentials[site]
        right = (username, password) == (given.username, given.password)
        self.logins[f"{site}.{'ok' if right else 'rejected'}"] += 1
        if not right:
            return None
        token = secrets.token_hex(16)
        self._sessions[token] = site
        return token

    def is_signed_in(self, site: str, token: str | None) -> bool:
        """True for a session of that site."""
        return token is not None and self._sessions.get(token) == site

    def happens_once(self, trouble: str) -> bool:
        """True the first time that a chosen trouble is asked for."""
        if trouble not in self.trouble or trouble in self._once:
            return False
        self._once.add(trouble)
        return True

    def sign_everybody_out(self) -> None:
        """Forget all sessions."""
        self._sessions.clear()

    def store(self, data: bytes, file_name: str) -> str:
        """Take an uploaded file as the platform does: keep a re-encoded copy, or refuse; return the platform's words."""
        if self.refusal:
            return self.refusal
        self.effects.append(Effect("photo_upload", hashlib.sha256(data).hexdigest(), file_name))
        self.stored = resized(data, 240, 320, 85)
        return ""
