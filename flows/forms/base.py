"""Base of the tables of a ``form.toml``, and of what is told to be put right."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from agent.reconcile.document_numbers import normalise_number


def _as_text(value: object) -> object:
    """A number or a date written without quotation marks means its text; anything else is left for pydantic to judge."""
    plain = isinstance(value, int | date) and not isinstance(value, bool)
    return str(value) if plain else value


def _half_width(text: str) -> str:
    """Digits and marks as sites take them, of what a Chinese input method made wide."""
    return unicodedata.normalize("NFKC", text)


Text = Annotated[str, BeforeValidator(_as_text)]
Digits = Annotated[Text, AfterValidator(_half_width)]
"""A telephone, an age, a date or a 学号."""
DocumentNumber = Annotated[Text, AfterValidator(normalise_number)]


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
