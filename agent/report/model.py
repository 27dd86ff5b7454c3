"""The report as a value: schema ``gradsync/report/1`` of the contract."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_ID = "gradsync/report/1"

Colour = Literal["blue", "green", "red", "orange", "grey", "black"]
ConditionStatus = Literal["met", "unmet", "pending", "not_applicable", "unknown"]
DutyStatus = Literal["done", "already_done", "waiting", "needs_person", "skipped", "failed", "not_run"]
By = Literal["program", "person"]
StepStatus = Literal["done", "already_done", "skipped", "needs_person", "unverified", "failed"]


class ReportModel(BaseModel):
    """Base of every part of the report: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def of(cls, found: object) -> Self:
        """Return this part with what an object of the same attributes holds."""
        return cls.model_validate(found, from_attributes=True)


class Subject(ReportModel):
    """Whose report it is, masked."""

    name: str
    id_number: str


class StepRow(ReportModel):
    """One step that ran."""

    id: str
    duty: str
    kind: Literal["read", "write"]
    status: StepStatus
    seconds: float
    detail: str = ""
    by: By = "program"
    """Who did it: a person in the window only where the program handed it over."""


class Side(ReportModel):
    """One side of a check; ``value`` is masked where the contract says so, null when it was not read.

    ``crops`` are pictures of what was read by eye, as files of the case folder, covered where the value is masked.
    """

    site: str
    value: str | None
    read_by: Literal["text", "ocr", "person"] | None = None
    crops: tuple[str, ...] = ()


class CheckRow(ReportModel):
    """One comparison with its verdict."""

    id: str
    label: str
    left: Side
    right: Side | None
    verdict: Literal["match", "mismatch", "tolerated", "waiting", "missing", "unreadable"]
    note: str = ""


class PhotoFile(ReportModel):
    """One photo that was read; ``file`` is relative to the case folder, with the number masked."""

    file: str
    sha256: str
    bytes: int
    width: int | None
    height: int | None
    format: str | None
    obtained_by: Literal["response", "request", "fetch", "download", "person"]


class FindingRow(ReportModel):
    """One finding about the photo file."""

    id: str
    level: Literal["ok", "warn", "fail"]
    note: str = ""
    source: str = ""


class ComparisonRow(ReportModel):
    """Whether two pictures are the same picture; ``distance`` from 0 (same) to 1."""

    a: str
    b: str
    verdict: Literal["identical", "same_picture", "altered", "unsure", "different_picture"]
    method: str
    distance: float
    same_person: Literal["likely", "unsure", "unlikely", "not_checked"] = "not_checked"
    reasons: tuple[str, ...] = ()
    sentence: str = ""


class PhotoPart(ReportModel):
    """Everything about the photos; ``person_sentence`` says whether they show one person, or why nobody looked."""

    chsi: PhotoFile | None = None
    platform_copy: PhotoFile | None = None
    enrollment: PhotoFile | None = None
    findings: tuple[FindingRow, ...] = ()
    comparisons: tuple[ComparisonRow, ...] = ()
    person_sentence: str = ""


class ConditionRow(ReportModel):
    """One row of 毕业条件, as the site shows it."""

    position: int
    name: str
    status_text: str
    status: ConditionStatus
    colour: Colour | None = None
    meaning: str = ""
    next_step: str | None = None
    stale: bool = False
    """Read before this run changed what it is about, and not read again."""


class ConditionCounts(ReportModel):
    """How many conditions have each status."""

    met: int = 0
    unmet: int = 0
    pending: int = 0
    not_applicable: int = 0
    unknown: int = 0


class ConditionsPart(ReportModel):
    """The 毕业条件 page."""

    batch: str | None
    scope: str | None
    items: tuple[ConditionRow, ...]
    counts: ConditionCounts


class GradeRow(ReportModel):
    """One course; an empty component on the page is null, never zero."""

    course: str
    term: str
    total: str | None
    passed: bool | None
    homework: str | None = None
    attendance: str | None = None
    experiment: str | None = None
    exam: str | None = None


class GradesPart(ReportModel):
    """The grades, over all pages of the table."""

    rows: tuple[GradeRow, ...]
    failed: tuple[str, ...]
    average: float | None


class DutyRow(ReportModel):
    """One duty of the notice."""

    id: str
    title: str
    status: DutyStatus
    deadline: date | None = None
    note: str = ""
    said: str = ""
    """What the site said to it, in its own words."""


class EffectRow(ReportModel):
    """What became of one change that this run sent to a site: ``done`` was read back, ``refused`` was turned down by the site."""

    step: str
    duty: str
    title: str
    state: Literal["done", "unverified", "refused"]
    at: datetime | None = None
    by: By = "program"


class ChangeRow(ReportModel):
    """What differs from the newest earlier report of the same student."""

    what: Literal["condition", "check", "photo", "duty"]
    id: str
    label: str
    before: str
    after: str
    since: datetime


class NextStep(ReportModel):
    """What is left to do, for whom, where and until when; ``link`` leads to the site, ``command`` is what does it in a terminal."""

    title: str
    why: str
    where: str
    deadline: date | None = None
    contact: str = ""
    who: Literal["student", "school"] = "student"
    link: str = ""
    command: str = ""


class AskRow(ReportModel):
    """An ask that was met; the answer is never a secret (codes are shown as ``given``)."""

    id: str
    answer: str | None
    by: str


class LearnedRow(ReportModel):
    """Menu words that a person was seen to press on the way to a page, used or learned in this run; the page's own first."""

    site: str
    place: str
    words: tuple[str, ...]
    at: datetime


class UnreadPage(ReportModel):
    """A page that was come to and could not be read: what was expected on it, and how it looks, veiled.

    ``picture`` is a file of the case folder; null where none could be taken.
    """

    duty: str
    page: str
    expected: tuple[str, ...]
    picture: str | None = None


class Trouble(ReportModel):
    """What stopped the run: the error's code, its two Chinese sentences, and what the site said where it said anything.

    ``command`` is what to type where the reader uses a terminal; the sentences name no command.
    """

    code: str
    message: str
    remedy: str
    command: str = ""
    said: str = ""


class NoticeWindow(ReportModel):
    """The notice's window on the day of the run."""

    start: date
    end: date
    today: date
    state: Literal["before", "open", "closing", "after"]
    consequence: str = ""


class Evidence(ReportModel):
    """Digest over the evidence folder's manifest."""

    manifest_sha256: str


class Audit(ReportModel):
    """Length and head of the hash-chained audit log."""

    records: int
    head: str


class Report(ReportModel):
    """One run's report (contract, ``report.json``)."""

    schema_: Literal["gradsync/report/1"] = Field(default="gradsync/report/1", alias="schema")
    outcome: Literal["done", "action_needed", "failed"]
    exit_status: int
    headline: str
    profile: str
    title: str
    generated_at: datetime
    subject: Subject | None
    demo: bool = False
    trouble: Trouble | None = None
    changes: tuple[ChangeRow, ...] | None = Field(default=None, exclude_if=lambda rows: rows is None)
    """None, and absent, on a first run."""
    effects: tuple[EffectRow, ...] = ()
    warnings: tuple[str, ...] = ()
    window: NoticeWindow | None = None
    steps: tuple[StepRow, ...] = ()
    checks: tuple[CheckRow, ...] = ()
    photo: PhotoPart | None = None
    conditions: ConditionsPart | None = None
    grades: GradesPart | None = None
    duties: tuple[DutyRow, ...] = ()
    next_steps: tuple[NextStep, ...] = ()
    not_checked: tuple[str, ...] = ()
    contact: str = ""
    degraded: tuple[str, ...] = ()
    learned: tuple[LearnedRow, ...] = ()
    unread: tuple[UnreadPage, ...] = ()
    asks: tuple[AskRow, ...] = ()
    evidence: Evidence | None = None
    audit: Audit | None = None

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def to_json(self) -> str:
        """Return report.json's text: keys as in the contract, Chinese kept readable."""
        return self.model_dump_json(by_alias=True, indent=2)


def json_schema() -> dict[str, object]:
    """Return the JSON Schema that ``gradsync report --schema`` prints."""
    return {"$id": SCHEMA_ID, **Report.model_json_schema(by_alias=True, mode="serialization")}
