"""What a run has changed on the sites, and what it has not: from the steps that ran and the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from agent.engine.steps import Status, StepRecord
from agent.errors import EntryRefused, NotSent, UploadRefused
from agent.report.model import EffectRow
from flows.run.outcome import RunOutcome

REFUSED = (EntryRefused, NotSent, UploadRefused)
"""Stops at which the site itself said no, or its page sent nothing: nothing has changed there."""

State = Literal["done", "unverified", "refused"]


def written(outcome: RunOutcome) -> tuple[EffectRow, ...]:
    """Return what became of every change that a run sent, in the order in which they were made."""
    said_no = {error.message for error in outcome.troubles if isinstance(error, REFUSED)}
    writes = (step for step in outcome.steps if step.kind == "write")
    rows = ((step, _state(step, outcome.sent, said_no)) for step in writes)
    return tuple(
        EffectRow(
            step=step.id,
            duty=step.duty,
            title=duty.title if (duty := outcome.profile.duty(step.duty)) else step.duty,
            state=state,
            at=outcome.sent.get(step.id),
            by=step.by,
        )
        for step, state in rows
        if state
    )


def _state(step: StepRecord, sent: Mapping[str, datetime], said_no: set[str]) -> State | None:
    """None where nothing was sent."""
    if step.status is Status.DONE:
        return "done"
    if step.status is Status.UNVERIFIED:
        return "unverified"
    if step.status is Status.ALREADY_DONE:
        return None
    if step.detail in said_no:
        return "refused"
    return "unverified" if step.id in sent else None
