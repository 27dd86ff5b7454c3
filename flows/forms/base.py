"""Base of the tables of a ``form.toml``, and of what is told to be put right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict


def _as_text(value: object) -> object:
    """A number or a date written without quotation marks means its text; anything else is left for pydantic to judge."""
    plain = isinstance(value, int | date) and not isinstance(value, bool)
    return str(value) if plain else value


Text = Annotated[str, BeforeValidator(_as_text)]


class FormTable(BaseModel):
    """Base of every table in a form: frozen, texts trimmed, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


@dataclass(frozen=True)
class FormProblem:
    """One thing to put right.

    Args:
        where: The table, and which of several, counted from 0.
        field: The key in that table; empty where the whole table is meant.
        what: What is wrong, in Chinese, without the value.
        example: How it could read.
    """

    where: tuple[str, int]
    field: str
    what: str
    example: str = ""
