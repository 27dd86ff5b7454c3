"""Consents that each step takes."""

from __future__ import annotations

from fnmatch import fnmatchcase

from agent import ask_registry
from agent.consent import Action, Sensitive, Tick
from agent.consent.gate import Kind
from flows.sites.registry import SITES

_BY_NUMBER = Sensitive.ID_NUMBER
_SHOWN: frozenset[Tick] = frozenset({Action.SIGN_IN_PLATFORM, _BY_NUMBER})

READS: tuple[tuple[str, frozenset[Tick]], ...] = (
    ("chsi.sign_in", frozenset({Action.READ_CHSI})),
    ("chsi.photo.*", frozenset({Action.SAVE_PHOTO, _BY_NUMBER})),
    ("chsi.*", frozenset({Action.READ_CHSI, _BY_NUMBER})),
    ("*.sign_in", frozenset({Action.SIGN_IN_PLATFORM})),
    ("chaoxing.personal.*", _SHOWN),
    ("chaoxing.*", frozenset({Action.SIGN_IN_PLATFORM})),
    *((f"{site.id}.*", _SHOWN) for site in SITES),
)
"""The first pattern that fits a reading step says what it takes: the photo is named by the number, a site's records show it."""

WRITES: tuple[tuple[str, frozenset[Tick]], ...] = (
    ("chaoxing.photo.upload", frozenset({Action.UPLOAD_PHOTO, _BY_NUMBER})),
    ("*.add", frozenset({Action.FILL_FORMS})),
    ("*.change", frozenset({Action.FILL_FORMS})),
    ("*.submit", frozenset({Action.FILL_FORMS, Action.CONFIRM})),
    ("*.confirm", frozenset({Action.CONFIRM})),
)
"""The same for writing steps; nothing is written that stands here under no name."""


_OF_ASKS: dict[str, frozenset[Tick]] = {
    "photo.compare-faces": frozenset({Action.COMPARE_FACES, Sensitive.FACE_COMPARISON}),
    "confirm.<duty>": frozenset({Action.CONFIRM}),
}
ASKS = tuple((entry.glob, _OF_ASKS[entry.pattern]) for entry in ask_registry.ASKS if entry.takes_consent)
"""The same for asks; those that stand here under no name ask for nothing that takes a consent."""
FIRST_STEPS = ("chsi.sign_in", "chsi.record.read")
"""What every case begins with; whoever does not consent to these can be helped with nothing."""
_TABLES = {"read": READS, "write": WRITES, "ask": ASKS}


def needed(step: str, kind: Kind) -> frozenset[Tick] | None:
    """Return the consents that a step takes, or None for a step that has no place here: it is refused.

    Args:
        step: The id of the step or ask.
        kind: Whether it reads, writes or asks.
    """
    return next((ticks for pattern, ticks in _TABLES[kind] if fnmatchcase(step, pattern)), None)
