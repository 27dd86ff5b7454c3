"""What the sites of one case know and count."""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass, field
from typing import Any

from tests.robustness.components.data import CONDITIONS, STUDENTS, Row, Student

HARMLESS = frozenset({"photo_upload", "family_save", "history_save", "evaluation_submit"})


@dataclass
class World:
    """The state behind the pages; every effect is counted."""

    words: frozenset[str]
    student: Student = field(default_factory=lambda: STUDENTS["plain"])
    effects: list[dict[str, Any]] = field(default_factory=list)
    sessions: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=lambda: {"family": [], "history": []})
    photo: bytes | None = None
    evaluation: str | None = None
    tracked: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, site: str, kind: str, **more: Any) -> None:
        """Count an effect."""
        with self.lock:
            self.effects.append({"site": site, "kind": kind} | more)

    def count(self, kind: str) -> int:
        """How often an effect happened."""
        return sum(effect["kind"] == kind for effect in self.effects)

    def sign_in(self, site: str, username: str, password: str) -> str | None:
        """A new session, or nothing for wrong credentials."""
        who = self.student
        if (username.strip(), password) != (who.account(site), who.password(site)):
            self.note(site, "rejected_login")
            return None
        session = secrets.token_hex(16)
        self.sessions[session] = site
        return session

    def store_photo(self, raw: bytes, name: str) -> None:
        """Keep an uploaded photo."""
        self.note("chaoxing", "photo_upload", sha256=hashlib.sha256(raw).hexdigest(), file_name=name)
        self.photo = raw

    def store_rows(self, group: str, rows: list[Row]) -> None:
        """Keep a whole group as saved."""
        self.note("chaoxing", f"{group}_save", changed=rows != self.rows[group])
        self.rows[group] = rows

    def store_row(self, group: str, index: int | None, row: Row) -> None:
        """Keep one entry: a new one, or another version of the one at `index`."""
        rows = list(self.rows[group])
        if index is None:
            rows.append(row)
        else:
            rows[index] = row
        self.store_rows(group, rows)

    def conditions(self) -> list[dict[str, str]]:
        """The rows of 毕业条件 as they stand."""
        mine = {"@photo": "已上传" if self.photo else "未上传"}
        if self.evaluation is not None:
            mine["毕业生登记表已提交"] = "已完成"
        return [
            {"name": name, "status": mine.get(name) or mine.get(status, status)}
            for name, status, _ in CONDITIONS
        ]
