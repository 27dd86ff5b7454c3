"""Case folders as a run leaves them, without a browser."""

from __future__ import annotations

from pathlib import Path

from agent.case import case
from agent.case.journal import StepState
from agent.privacy.redaction import Redactor
from agent.report import files
from agent.report.model import Audit, Evidence
from tests.agent.report.samples import done, images

NUMBER = "610000199603164229"
EVENTS = 5


def finished_case(path: Path, *, evidence: int = 2) -> Path:
    """Leave a whole case: journal, log, evidence, photo and a report that says what the log and the evidence are."""
    redactor = Redactor()
    redactor.add_number(NUMBER)
    with case.opened(path, redactor) as opened:
        opened.belongs_to(NUMBER)
        for number in range(1, EVENTS + 1):
            opened.audit.append("step", step=f"step-{number}", status="done")
        for number in range(evidence):
            opened.evidence.keep("conditions", f"第 {number} 次")
        opened.journal.record("key", "chaoxing.photo.upload", StepState.VERIFIED, seen="是同一张照片")
        opened.folder.write_as_is(f"photo/{NUMBER}.jpg", images()["chsi"])
        write_report(opened)
    return path


def write_report(opened: case.Case) -> None:
    """Write the report that fits the case as it is now."""
    head = opened.audit.head
    bound = {
        "audit": Audit(records=head.records, head=head.hash),
        "evidence": Evidence(manifest_sha256=opened.evidence.close()),
    }
    files.write(opened.folder, done().model_copy(update=bound), images())
