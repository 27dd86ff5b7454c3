"""The photo on its own, without a browser: is the file acceptable, and are two files the same picture?

Importing this package costs nothing; Pillow, numpy and imagehash are loaded by the first call.
"""

from __future__ import annotations

import os
from dataclasses import replace

from agent.photo.file_type import sniff
from agent.photo.model import (
    DEFAULT_RULES,
    NAMES,
    Comparison,
    Inspection,
    Level,
    PhotoFacts,
    PhotoFinding,
    PhotoRules,
    PhotoUnreadable,
    PhotoVerdict,
    SamePerson,
)
from agent.photo.sentences import person_sentence, verdict_sentence

__all__ = [
    "DEFAULT_RULES",
    "Comparison",
    "Inspection",
    "Level",
    "PhotoFacts",
    "PhotoFinding",
    "PhotoRules",
    "PhotoUnreadable",
    "PhotoVerdict",
    "SamePerson",
    "advised",
    "compare",
    "faces_unavailable",
    "inspect",
    "person_sentence",
    "sniff",
    "verdict_sentence",
]

# The comparison multiplies many small matrices: several threads make that five times slower on a busy machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def inspect(
    data: bytes,
    rules: PhotoRules = DEFAULT_RULES,
    *,
    file_name: str | None = None,
    id_number: str | None = None,
) -> Inspection:
    """Hold a file's content against the rules; bad content is a finding, never an exception.

    Args:
        data: the file's bytes as received.
        rules: limits and their weight, by default the XJTU 2024-07 notice's.
        file_name: the name it is to be uploaded under; None leaves the name unchecked.
        id_number: the student's document number; without it only the form of the name is checked.

    Returns:
        The facts and the findings, in the order content, size, shape, colour, EXIF, print, source, name.
    """
    from agent.photo import inspection

    return inspection.inspect(data, rules, file_name=file_name, id_number=id_number)


def compare(a: bytes, b: bytes) -> Comparison:
    """Say what two pictures are to each other: the same file, the same picture, altered, or another one.

    Raises:
        PhotoUnreadable: one of the two is no readable picture; `which` says "a" or "b".
    """
    from agent.photo.comparison import verdict

    return verdict.compare(a, b)


def faces_unavailable() -> str:
    """Say why faces cannot be compared here (extra not installed, unknown model files); empty where they can."""
    from agent.photo import face

    return face.unavailable()


def advised(
    comparison: Comparison, a: bytes, b: bytes, *, consented: bool, names: tuple[str, str] = NAMES
) -> Comparison:
    """Add to a comparison the optional advice whether the two show the same person; never a rejection.

    Pictures that are the same need none, and without consent nothing is loaded or looked at.

    Args:
        comparison: what `compare` said of the two.
        consented: whether the person shown agreed to exactly this comparison, on this device.
        names: what the two are called in a note.

    Returns:
        The comparison with `same_person`, or with `person_note` saying why there is no advice.

    Raises:
        PhotoUnreadable: one of the two is no readable picture.
    """
    if comparison.is_same:
        return comparison
    if not consented:
        return replace(comparison, person_note="没有得到本人对人脸比对的单独同意")
    from agent.photo import face

    advice = face.compare_faces(a, b, names)
    return replace(comparison, same_person=advice.same_person, person_note=advice.note)
