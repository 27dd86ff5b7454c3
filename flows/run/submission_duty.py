"""Base of the duties that send one thing once, on the person's exact words."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

from agent.asks import Ask
from agent.engine.engine import Duty
from agent.engine.plan import Change
from agent.engine.steps import By, WriteStep
from agent.errors import GradsyncError
from flows.run.context import Context
from flows.sites.registry import CHAOXING

State = TypeVar("State")


@dataclass
class SubmissionDuty(Duty, ABC, Generic[State]):
    """A duty with one write: what is there is observed, the person asked, then it is sent, and read back.

    ``look`` sets ``_there`` where it was sent before or may be sent now; else nothing is written.
    """

    STEP: ClassVar[str]
    TITLE: ClassVar[str]
    SITE: ClassVar[str] = CHAOXING.id

    context: Context
    id: str = ""
    _there: State | None = None
    _is_sent: bool = False
    _refused: GradsyncError | None = None

    def writes(self) -> Sequence[WriteStep[Any]]:
        """The one submission, where it is made already or may be."""
        if self._there is None:
            return ()
        return (
            WriteStep(
                change=self._change(self._there),
                evidence_of=self._there,
                observe=self._observe,
                is_done=self._is_done,
                act=self._act,
                describe=self._tell,
                agreed=self._agree,
                refusal=lambda: self._refused,
                by=self._by,
                sent_count=partial(self.context.sites.sent_count, self.SITE),
            ),
        )

    def _change(self, there: State) -> Change:
        seen, content = self._digests(there)
        return Change(
            step=self.STEP,
            duty=self.id,
            title=self.TITLE,
            before=self._tell(there),
            after=self._after(),
            before_digest=seen,
            key=self.context.key(self.id, *content, site=self.SITE),
        )

    def _agree(self) -> None:
        self.context.asks.confirm(self._ask())

    def _act(self) -> None:
        if CHAOXING.id == self.SITE:
            self.context.must_be_own_account()
        self._is_sent = True
        self._refused = self._send()

    def _by(self) -> By:
        """Return who sent it, where a page lets the person at the window do so."""
        return "program"

    # -- what each duty says of its own ------------------------------------------------------------------------------------

    @abstractmethod
    def _observe(self) -> State: ...

    @abstractmethod
    def _is_done(self, there: State) -> bool: ...

    @abstractmethod
    def _tell(self, there: State) -> str: ...

    @abstractmethod
    def _after(self) -> str: ...

    @abstractmethod
    def _digests(self, there: State) -> tuple[str, tuple[str, ...]]:
        """Return the digest of what is there, and what tells this change from another."""

    @abstractmethod
    def _ask(self) -> Ask: ...

    @abstractmethod
    def _send(self) -> GradsyncError | None:
        """Send it; return what the site said against it."""


def digest_of(values: Mapping[str, str]) -> str:
    """Return a digest of fields: other values make another change."""
    body = "\n".join(f"{name}={value}" for name, value in sorted(values.items()))
    return hashlib.sha256(body.encode()).hexdigest()
