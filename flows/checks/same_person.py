"""Whether two sites show one person: name, 学号, document number and birth date weighed together. Pure.

One of them may be wrong on one site, which is what the comparison is for: a differing digit in the number of somebody whose name,
birth date and 学号 agree is a mismatch, and not another person (contract, rulings of the second round).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from agent.reconcile.document_numbers import compatible, document_key, is_hidden, is_masked, normalise_number
from agent.reconcile.normalise import FieldKind, is_blank, is_unreadable, normalise

KINDS = {"name": FieldKind.NAME, "id_number": FieldKind.NUMBER, "birth_date": FieldKind.DATE}
FEW = 2
"""In how many characters the number of one person may be mistyped where no 学号 tells who it is."""


class Sameness(Enum):
    """What two sites' fields say of their persons."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"  # nothing that could be compared


def sameness(ours: Mapping[str, str], theirs: Mapping[str, str]) -> Sameness:
    """Weigh two sites' fields by the profile's names (``name``, ``id_number``, ``student_number``, ``birth_date``).

    Args:
        ours: One site's values as shown; a field that is missing, blank or unreadable says nothing.
        theirs: The other's; a masked number or name says as much as it shows, and outweighs no other name.
    """
    number = _agree(ours, theirs, "id_number")
    student_number, name = _agree(ours, theirs, "student_number"), _agree(ours, theirs, "name")
    if number is None and student_number is None and name is None:
        return Sameness.UNKNOWN
    if number and not any(is_masked(values["id_number"]) for values in (ours, theirs)):
        return Sameness.SAME
    if student_number:
        return Sameness.OTHER if name is False and number is False else Sameness.SAME
    born = _agree(ours, theirs, "birth_date")
    if number is False:
        near = student_number is None and born is True and _is_near(ours["id_number"], theirs["id_number"])
        return Sameness.SAME if name and near else Sameness.OTHER
    if student_number is False and not (born or number):
        return Sameness.OTHER
    return Sameness.SAME if name or (number and name is None) else Sameness.OTHER


def _agree(ours: Mapping[str, str], theirs: Mapping[str, str], field: str) -> bool | None:
    """True or false where both sites show the field, else None."""
    a, b = (_said(values.get(field, "")) for values in (ours, theirs))
    if not a or not b:
        return None
    kind = KINDS.get(field, FieldKind.TEXT)
    a, b = ((normalise(kind, text) or text).upper() for text in (a, b))
    if is_masked(a) or is_masked(b):
        return compatible(a, b) if is_masked(a) else compatible(b, a)
    return document_key(a) == document_key(b) if field == "id_number" else a == b


def _said(text: str) -> str:
    return "" if is_unreadable(text) or is_blank(text) or is_hidden(text) else text.strip()


def _is_near(ours: str, theirs: str) -> bool:
    """True for numbers of one length that differ in a few places, as mistyped ones do."""
    a, b = normalise_number(ours), normalise_number(theirs)
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) <= FEW
