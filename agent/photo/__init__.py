"""The photo on its own, without a browser: is the file acceptable, and are two files the same picture?

Importing this package costs nothing; Pillow, numpy and imagehash are loaded by the first call.
"""

from __future__ import annotations

import os

from agent.photo.model import (
    DEFAULT_RULES,
    Comparison,
    Finding,
    Inspection,
    Level,
    PhotoFacts,
    PhotoRules,
    PhotoUnreadable,
    SamePerson,
    Verdict,
)
from agent.photo.sniffing import sniff
from agent.photo.words import person_sentence, verdict_sentence

__all__ = [
    "DEFAULT_RULES",
    "Comparison",
    "Finding",
    "Inspection",
    "Level",
    "PhotoFacts",
    "PhotoRules",
    "PhotoUnreadable",
    "SamePerson",
    "Verdict",
    "compare",
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
    from agent.photo import checks

    return checks.inspect(data, rules, file_name=file_name, id_number=id_number)


def compare(a: bytes, b: bytes) -> Comparison:
    """Say what two pictures are to each other: the same file, the same picture, altered, or another one.

    Raises:
        PhotoUnreadable: one of the two is no readable picture; `which` says "a" or "b".
    """
    from agent.photo import comparing

    return comparing.compare(a, b)
