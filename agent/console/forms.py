"""Forms into values: the consent page into a receipt, and the form of an ask into its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from starlette.datastructures import FormData

from agent.asks import NO, Ask, AskKind
from agent.consent import Action, Receipt, Tick, issue, statements
from agent.consent.receipt import party
from agent.console.requests import number_of, text_of
from agent.errors import UsageError

FIELDS: Final = ("helper", "contact", "name", "id_number", "valid_days", "keep_days", "read")
LONGEST_VALID_DAYS, LONGEST_KEPT_DAYS = 90, 365
WORDS: Final[Mapping[str, object]] = {
    "actions": [(tick, statements.STATEMENTS[tick]) for tick in statements.ASKED if isinstance(tick, Action)],
    "separate": list(statements.SEPARATE.items()),
    "basis": statements.BASIS,
    "notice_text": statements.NOTICE,
    "rights": statements.RIGHTS,
    "storage": statements.STORAGE,
    "withdrawal": statements.WITHDRAWAL.replace(
        "或在这台电脑上运行 gradsync consent withdraw 和这份文件的位置", "或在案例的页面上按“撤回同意”"
    ),
}


def ticks_of(form: FormData) -> list[str]:
    """Return the names in the form of the ticks that were set."""
    return [_name(tick) for tick in statements.ASKED if form.get(_name(tick)) == "yes"]


def _name(tick: Tick) -> str:
    """A name of its own: the number itself is a field too."""
    return f"tick.{tick}"


def receipt(given: Mapping[str, str], now: datetime, required: frozenset[Tick]) -> Receipt:
    """Write down what the student has consented to.

    Args:
        given: The fields, and every tick that was set.
        now: When, with its zone.
        required: Without what the case cannot be carried out.

    Raises:
        UsageError: Something is missing or cannot be.
    """
    helper = party(given.get("helper", ""), given.get("contact", ""))
    if given.get("read") != "yes":
        raise UsageError("学生本人还没有确认已阅读。", "请学生本人看完后，在最下面打勾。")
    valid = _days(given.get("valid_days", ""), LONGEST_VALID_DAYS)
    keep = _days(given.get("keep_days", ""), LONGEST_KEPT_DAYS)
    ticks = statements.consented(tick for tick in statements.ASKED if _name(tick) in given)
    written = issue(given.get("name", ""), given.get("id_number", ""), helper, ticks, now, valid, keep)
    if missing := sorted(required - written.ticks):
        raise UsageError(
            f"没有同意{said_of(missing)}，这样办不成，所以没有开始。",
            "学生本人愿意的话，请补上这一项；不愿意的，请学生自己办理。",
        )
    return written


def said_of(ticks: Sequence[Tick]) -> str:
    """Name consents in Chinese."""
    return "、".join(f"“{statements.STATEMENTS[tick].title.removeprefix('单独同意：')}”" for tick in ticks)


def filled_before(receipt: Receipt) -> dict[str, str]:
    """Return what an earlier receipt fills in of the page: the helper and the ticks, nothing of the student."""
    helper = receipt.party_identification
    ticks = {_name(tick): "yes" for tick in receipt.ticks if tick is not Action.COMPARE_FACES}
    return {"helper": helper.party_name, "contact": helper.party_contact, **ticks}


def _days(text: str, most: int) -> timedelta:
    days = number_of(text) or 0
    if not 1 <= days <= most:
        raise UsageError("天数不能用。", f"请写 1 到 {most} 之间的数字。")
    return timedelta(days=days)


def value_of(ask: Ask, form: FormData) -> str:
    """Return the answer that a form gives to an ask."""
    if form.get("refuse"):
        return NO
    if ask.kind is AskKind.FORM:
        return json.dumps({row.name: str(form.get(f"field.{row.name}", "")) for row in ask.fields})
    if ask.kind is AskKind.FIELDS:
        return json.dumps(_corrections(ask, form), ensure_ascii=False)
    return str(form.get("value", "")).strip()


def _corrections(ask: Ask, form: FormData) -> dict[str, str | None]:
    """What is wrong, with what it should be; and what is right though another site has something else."""
    given: dict[str, str | None] = {}
    for row in ask.shown:
        said = text_of(form, f"is.{row.name}") if row.name else ""
        if said == "wrong":
            given[row.name] = text_of(form, f"right.{row.name}")
        elif said == "right" and row.differs:
            given[row.name] = None
    return given
