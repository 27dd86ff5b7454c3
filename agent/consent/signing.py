"""Signing of a consent: everything that is asked of the student, one by one, and the receipt that comes of it."""

from __future__ import annotations

from datetime import timedelta

from agent.asks import YES, Ask, AskField, AskKind, AskRouter
from agent.consent.gate import local_now
from agent.consent.receipt import Party, Receipt, check_person, issue
from agent.consent.receipt_page import lines
from agent.consent.statements import ASKED, STATEMENTS, Action, Tick, consented
from agent.errors import AskRefused, UsageError
from agent.files.text_files import lost_character

SIGNATURE = "本人已阅读并自愿同意"


def signed(asks: AskRouter, helper: Party, valid: timedelta, keep: timedelta) -> Receipt:
    """Ask the student and return the receipt that was signed.

    Args:
        valid: How long the helper may act.
        keep: How long what was read may be kept.

    Raises:
        AskRefused: The student consents to nothing, or does not sign.
        NobodyThere: An ask was not answered.
        UsageError: What was typed cannot be.
    """
    person = _person(asks)
    receipt = issue(person["name"], person["id_number"], helper, _ticks(asks), local_now(), valid, keep)
    text = "请学生本人看完下面的全部内容，同意就输入这句话"
    words = Ask("consent.sign", AskKind.WORDS, text, options=(SIGNATURE,), details=tuple(lines(receipt)))
    asks.confirm(words)
    return receipt


def _person(asks: AskRouter) -> dict[str, str]:
    fields = (AskField("name", "姓名"), AskField("id_number", "证件号码", secret=True))
    given = asks.fill_in(Ask("consent.student", AskKind.FORM, "请学生本人输入", fields=fields))
    for row in fields:
        if lost := lost_character(given[row.name]):
            raise UsageError(f"{row.label}里{lost.partition('行')[2]}。", "请换一种输入法重新输入。")
    check_person(given["name"], given["id_number"], local_now().date())
    return given


def _ticks(asks: AskRouter) -> frozenset[Tick]:
    ticks = consented(tick for tick in ASKED if _agrees(asks, tick))
    if not ticks & frozenset(Action):
        raise AskRefused("学生没有同意任何一项操作，没有写同意书。", "请学生自己办理。")
    return ticks


def _agrees(asks: AskRouter, tick: Tick) -> bool:
    title, purpose, _ = STATEMENTS[tick]
    ask = Ask(f"consent.{tick}", AskKind.YES_NO, f"学生本人是否同意“{title}”", details=(f"{purpose}。",))
    return asks.ask(ask).strip() == YES
