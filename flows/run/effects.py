"""What a run has changed on the sites, and what it has not: from the steps that ran and the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from agent.engine.steps import Status, StepRecord
from agent.errors import EntryRefused, GradsyncError, NotSent, UploadRefused
from agent.report.model import EffectRow
from flows.profiles.schema import Profile

REFUSED = (EntryRefused, NotSent, UploadRefused)
"""Stops at which the site itself said no, or its page sent nothing: nothing has changed there."""

State = Literal["done", "unverified", "refused"]


def written(
    profile: Profile,
    steps: Sequence[StepRecord],
    sent: Mapping[str, datetime],
    troubles: Sequence[GradsyncError],
) -> tuple[EffectRow, ...]:
    """Return what became of every change that this run sent, in the order in which they were made.

    Args:
        profile: Gives the duties' titles.
        sent: When a step went out in this run, by the journal, whatever became of it.
        troubles: What stopped the run's duties.
    """
    said_no = {error.message for error in troubles if isinstance(error, REFUSED)}
    rows = ((step, _state(step, sent, said_no)) for step in steps if step.kind == "write")
    return tuple(
        EffectRow(
            step=step.id,
            duty=step.duty,
            title=duty.title if (duty := profile.duty(step.duty)) else step.duty,
            state=state,
            at=sent.get(step.id),
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
