"""What the platform has already shown of 家庭成员 and 履历: kept in the case folder, so that a form begins with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from agent.privacy.private_files import PrivateFolder

FILE_NAME = "entries.json"
Rows = Sequence[Mapping[str, str]]


def keep_entries(folder: PrivateFolder, part: str, rows: Rows) -> None:
    """Keep the rows of a part, in place of what was kept of it; they are the student's own, like form.toml, and stay as they are."""
    kept = {**shown_entries(folder.path), part: [dict(row) for row in rows]}
    folder.write_as_is(FILE_NAME, json.dumps(kept, ensure_ascii=False, indent=2).encode())


def shown_entries(folder: Path) -> dict[str, list[dict[str, str]]]:
    """Return the rows that were kept, by part; nothing where none were, or the file is none of ours."""
    try:
        raw = json.loads((folder / FILE_NAME).read_bytes())
    except (OSError, ValueError):
        return {}
    parts = raw.items() if isinstance(raw, dict) else ()
    return {str(part): [_texts(row) for row in rows] for part, rows in parts if isinstance(rows, list)}


def _texts(row: object) -> dict[str, str]:
    return {str(name): str(text) for name, text in row.items()} if isinstance(row, dict) else {}
