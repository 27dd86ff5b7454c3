"""The gate: every step of an assisted run asks here before it does anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from agent.consent.receipt import FILE_NAME, Receipt, load
from agent.consent.registry import Register
from agent.consent.statements import STATEMENTS, Tick
from agent.errors import ConsentExpired, ConsentWithdrawn, NotTheirCase, OutsideConsent
from agent.reconcile.document_numbers import is_masked

Kind = Literal["read", "write", "ask"]
Needs = Callable[[str, Kind], frozenset[Tick] | None]
"""Which ticks a step or ask takes, by its id and kind; None for a step that nobody has given a place: it is refused."""


def local_now() -> datetime:
    """Return the time with its zone."""
    return datetime.now().astimezone()


@dataclass
class Gate:
    """Lets the steps pass that the student has consented to.

    Args:
        needs: What each step takes.
        now: Tells the time with its zone.
        copy: The case folder, once it holds a copy.
    """

    receipt: Receipt
    needs: Needs
    register: Register = field(default_factory=Register)
    now: Callable[[], datetime] = local_now
    copy: Path | None = None
    _is_theirs: bool = False

    @property
    def withdrawn(self) -> bool:
        """Whether the student has withdrawn: in the receipt, on this computer, or by whomever in the case's own copy."""
        if self.register.is_withdrawn(self.receipt):
            return True
        copy = self.copy / FILE_NAME if self.copy else None
        return copy is not None and copy.exists() and bool(load(copy).withdrawn_at)

    def require_valid(self) -> None:
        """See that the consent still holds.

        Raises:
            ConsentWithdrawn: The student has withdrawn it.
            ConsentExpired: Its time is over.
        """
        if self.withdrawn:
            raise ConsentWithdrawn("学生本人已撤回同意。")
        if self.now() >= self.receipt.valid_until:
            raise ConsentExpired(f"同意书已于 {self.receipt.valid_until:%Y-%m-%d %H:%M} 到期。")

    def check(self, step: str, kind: Kind) -> None:
        """Let a step pass.

        Raises:
            ConsentMissing: The consent is over, or the step is outside it.
        """
        self.require_valid()
        needed = self.needs(step, kind)
        if needed is None:
            raise OutsideConsent(f"同意书没有包括这一步：{step}。")
        refused = [STATEMENTS[tick].title for tick in sorted(needed - self.receipt.ticks)]
        if refused:
            raise OutsideConsent(f"学生本人没有同意：{'、'.join(refused)}。")
        if kind == "write" and not self._is_theirs:
            raise OutsideConsent("还没有确认网站上登录的是同意书里的学生。")

    def may_ask(self, ask: str) -> bool:
        """Return whether an ask may be put to anybody: nobody is asked for what the student has not consented to."""
        return (self.needs(ask, "ask") or frozenset()) <= self.receipt.ticks

    def belongs_to(self, number: str) -> None:
        """Tie what was read to the student of the receipt; a masked number ties nothing.

        Raises:
            NotTheirCase: It is another person's number.
        """
        if self._is_theirs or is_masked(number):
            return
        if not self.receipt.pii_principal.binding.fits(number):
            raise NotTheirCase("网站上登录的不是同意书里的这名学生。")
        self._is_theirs = True
