"""The notices that come with the program, as files: which there are, and how they are read before they are validated."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from agent.errors import UsageError
from agent.files.text_files import parse_toml

FOLDER = files("flows").joinpath("profiles")


def built_in() -> dict[str, Traversable]:
    """Return the profiles that come with the program, by id."""
    return {path.name.removesuffix(".toml"): path for path in FOLDER.iterdir() if path.name.endswith(".toml")}


def listed() -> list[tuple[str, str, date | None, date | None]]:
    """List the built-in profiles: id, title, first and last day; not validated, which takes longer than the rest of a page's start."""
    tables = (tomllib.loads(path.read_text("utf-8")) for _, path in sorted(built_in().items()))
    return [
        (row["id"], row["title"], *(row.get("window", {}).get(day) for day in ("start", "end")))
        for row in tables
    ]


def tables(text: str, name: str) -> dict[str, Any]:
    """Return a profile's data with each site's table laid over the shared one it names with ``use``.

    Args:
        text: The profile, as TOML.
        name: What it is called in messages.

    Raises:
        UsageError: The text is not TOML, or there is no shared table of that name.
    """
    data = parse_toml(text, name)
    if isinstance(data.get("sites"), dict):
        data["sites"] = {site: _with_base(table) for site, table in data["sites"].items()}
    return data


def _with_base(table: object) -> object:
    if not isinstance(table, dict) or "use" not in table:
        return table
    base = FOLDER.joinpath("sites", f"{table['use']}.toml")
    if not base.is_file():
        raise UsageError(f'通知配置里的 use = "{table["use"]}" 没有对应的站点配置。')
    own = {name: value for name, value in table.items() if name != "use"}
    return _merged(tomllib.loads(base.read_text("utf-8")), own)


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for name, value in own.items():
        below = base.get(name)
        merged[name] = (
            _merged(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
        )
    return merged
