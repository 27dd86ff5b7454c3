"""What a report may not say: steps against its own facts, duties done that are not, a headline that hides the worst."""

from __future__ import annotations

from collections.abc import Iterator

from agent.report.model import CheckRow, ConditionRow, NextStep, Report
from flows.profiles.schema import ConditionData, load

CONFIRMING = ("点“正确”", "无误后自己确认", "勾选“我确认”")
DONE = ("done", "already_done")


def untruths(report: Report) -> list[str]:
    """Return every contradiction in a report, in English; none in a true one."""
    return [
        *_against_mismatch(report),
        *_against_photo(report),
        *_done_and_unmet(report),
        *_headline(report),
        *_steps(report),
        *_nobody_for(report),
    ]


def differing(report: Report) -> list[CheckRow]:
    """The fields in which the records differ and one has to be put right."""
    about = ("identity.", "enrollment.", "stated.", "document.")
    return [
        row
        for row in report.checks
        if row.verdict == "mismatch" and row.id.startswith(about) and row.id != "enrollment.entry_year"
    ]


def advised(report: Report) -> list[str]:
    """Everything that the report tells the reader to do."""
    rows = report.conditions.items if report.conditions else ()
    return [*(step.title for step in report.next_steps), *(row.next_step for row in rows if row.next_step)]


def _of_student(report: Report) -> list[NextStep]:
    return [step for step in report.next_steps if step.who == "student"]


def _against_mismatch(report: Report) -> Iterator[str]:
    rows = differing(report)
    if not rows:
        return
    for text in advised(report):
        if any(words in text for words in CONFIRMING):
            yield f"confirming is advised while records differ: {text}"
    stopped = report.trouble is not None and report.exit_status != 0
    first = _of_student(report)[: 2 if stopped else 1]
    if not any(rows[0].label in step.title for step in first):
        yield "the first step is not the mismatch"


def _against_photo(report: Report) -> Iterator[str]:
    duty = {row.id: row.status for row in report.duties}.get("photo")
    missing = any(row.id.startswith("photo.") and row.left.value is None for row in report.checks)
    for text in advised(report):
        if missing and ("后上传" in text or "点“正确”" in text):
            yield f"advised without a photo: {text}"
        if duty in DONE and "后上传" in text:
            yield f"an upload is advised that has happened: {text}"


def _done_and_unmet(report: Report) -> Iterator[str]:
    status = {row.id: row.status for row in report.duties}
    for row, known in _known(report):
        if row.status == "unmet" and not row.stale and known and status.get(known.duty or "") in DONE:
            yield f"{known.duty} is done and {row.name} is shown as unmet"


def _known(report: Report) -> Iterator[tuple[ConditionRow, ConditionData | None]]:
    profile = load(report.profile)
    for row in report.conditions.items if report.conditions else ():
        yield row, profile.condition(row.name)


def _headline(report: Report) -> Iterator[str]:
    if report.trouble and report.trouble.message not in report.headline:
        yield "the headline does not name what stopped the run"
    if rows := [row for row in differing(report) if row.label not in report.headline]:
        yield f"the headline does not name {rows[0].label}"
    if not report.trouble and _of_student(report) and "还要你做" not in report.headline:
        yield "the headline does not say that something is left"
    made = [row for row in report.effects if row.state == "done"]
    if made and "什么都没有改变" in report.to_json():
        yield "something was changed and the report says that nothing was"


def _steps(report: Report) -> Iterator[str]:
    titles = [(step.title, step.who) for step in report.next_steps]
    if len(titles) != len(set(titles)):
        yield "a step stands twice"
    if any(step.deadline for step in report.next_steps if step.who == "school"):
        yield "the school has a student's deadline"


def _nobody_for(report: Report) -> Iterator[str]:
    """A condition that is not met has a step, unless something else has to be settled before."""
    told = " ".join(f"{step.title}{step.why}" for step in report.next_steps)
    for row, known in _known(report):
        is_withheld = row.next_step != (known.next_step if known else None)
        if row.status == "unmet" and row.name not in told and not is_withheld and not report.trouble:
            yield f"nobody is told about {row.name}"
