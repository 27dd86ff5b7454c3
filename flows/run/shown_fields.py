"""The fields of a page as its owner is to check them, each with what 学信网 has for it."""

from __future__ import annotations

from collections.abc import Mapping

from agent.asks import FieldShown
from agent.privacy.redaction import partly_shown
from agent.reconcile.compare import Check, Verdict

CHSI = "学信网"
NUMBERS = ("id_number",)
VERDICTS: Mapping[Verdict, str] = {
    Verdict.MATCH: f"和{CHSI}一致",
    Verdict.TOLERATED: f"和{CHSI}写法不同，可以接受",
    Verdict.MISMATCH: f"和{CHSI}不一致",
    Verdict.UNREADABLE: f"{CHSI}的没有认出来",
}
FINE = (Verdict.MATCH, Verdict.TOLERATED)


def shown_field(
    name: str, label: str, value: str, check: Check | None, *, key: str = "", right: str = ""
) -> FieldShown:
    """Return a field for an ask.

    Args:
        name: The profile's name for it.
        label: What the page calls it.
        value: What the page shows.
        check: The comparison with 学信网, which is its left side; None where there is none.
        key: Its key in the answer, where it may be corrected.
        right: What the student has said before that it should be.
    """
    verdict = VERDICTS.get(check.verdict, "") if check else ""
    other = (check.left.value or "") if check and verdict else ""
    if name in NUMBERS:
        value, other = partly_shown(value), partly_shown(other)
    differs = bool(check and verdict and check.verdict not in FINE)
    return FieldShown(label, value, other, verdict, differs, key, right)
