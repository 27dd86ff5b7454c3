"""Runs the part of the job that visits one kind of page, and judges what came of it."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from playwright.sync_api import Browser

from agent.asks import Answerer, Scripted
from agent.case import case
from agent.cli.boundary import stopped
from agent.privacy.redaction import Redactor
from agent.report.model import ConditionStatus, Report
from agent.settings import load as load_settings
from fixtures.mutations.mutations import DECOY, ENGLISH, EXTRA_CONDITIONS, EXTRA_FIELDS, UNKNOWN_WORD
from fixtures.server import MockSites
from fixtures.sites.conditions import Condition
from flows.checks.fields import FIELDS
from flows.duties import registration_check
from flows.job import Job
from flows.profiles.schema import load as load_profile
from flows.run.findings import Findings
from flows.sites.chaoxing.conditions import Conditions
from tests.harness.program import CONSENTING, Silent, site_settings
from tests.robustness.mutations.pages import PAGES, Request, Truth, requests_of

PATIENCE = 4.0
ANSWERERS = (CONSENTING, Scripted({registration_check.ASK: registration_check.WORDS}))
FROM_ENGLISH = {"".join(english.split()): word for word, english in ENGLISH.items()}
REPORTED = {field.name for field in FIELDS} | {"school", "entry_year", "current_year"}
"""The fields that a report says something about."""
SENT_FROM = {"upload": "photo_upload", "registry_check": "registration_submit"}
"""The one effect that a visit to a page may have."""
ORDERED = ("reorder", "extra_rows")
"""Mutations after which the conditions' order is another one."""


class Outcome(StrEnum):
    """What came of one run on one changed page; the first three say nothing wrong."""

    RIGHT = "right"
    DEGRADED = "degraded"  # right, and the report says what was unknown or read by fallback
    INCOMPLETE = "incomplete"  # something shown was not read, and nothing wrong is said of it
    STOPPED = "stopped"  # exit 10 or 20: a person is asked, or the page is said to have changed
    OTHER_STOP = "other stop"  # stopped for a reason that is not the page's
    WRONG = "wrong"


SAFE = (Outcome.RIGHT, Outcome.DEGRADED, Outcome.INCOMPLETE, Outcome.STOPPED)


@dataclass(frozen=True)
class Judgement:
    """An outcome and why."""

    outcome: Outcome
    why: str = ""


@dataclass(frozen=True)
class Run:
    """What is left of a run: its report, what it found, what the sites counted."""

    report: Report
    found: Findings
    effects: Sequence[Mapping[str, str]]
    requests: Sequence[Request]
    remark: str = ""


def carry_out(
    browser: Browser,
    sites: MockSites,
    page: str,
    out: Path,
    patience: float = PATIENCE,
    persons: Sequence[Answerer] = (),
) -> Run:
    """Do the smallest part of the job that visits a kind of page, in the folder ``out``, with these persons there."""
    sites.world.reset()
    kind = PAGES[page]
    task = kind.task
    given = site_settings(sites, task.student)
    if page == "chsi_landing":
        given["chsi"]["archive_url"] = sites.addresses.chsi + kind.paths[0]
    settings = load_settings({"sites": given, "slow_network_seconds": patience})
    with requests_of(sites.world) as requests, case.opened(out, Redactor()) as opened:
        profile = load_profile(task.profile)
        job = Job(profile, settings, opened, Silent(), [*persons, *ANSWERERS], [kind.duty], task.today)
        error = stopped(lambda: job.carry_out(browser, kind.mode))
        report = job.finish(error)
    registration = sites.world.record(task.student).registration
    remark = registration.remark if registration else ""
    return Run(report, job.found, sites.world.state()["effects"], requests, remark)


def judge(run: Run, truth: Truth, page: str, mutations: Collection[str]) -> Judgement:
    """Say what a run came to, given what really stood on its pages.

    Args:
        run: The run.
        truth: What stood on the unchanged pages.
        page: The kind of page that was changed.
        mutations: What changed it.
    """
    wrong = [
        *_wrong_clicks(run, page),
        *_wrong_values(run.found, truth, mutations if page == "conditions" else ()),
        *_wrong_registration(run, truth),
    ]
    status, trouble = run.report.exit_status, run.report.trouble
    told = f"exit {status}{f': {trouble.message}' if trouble else ''}"
    if wrong:
        return Judgement(Outcome.WRONG, f"{'; '.join(wrong)} ({told})")
    if status in (10, 20):
        return Judgement(Outcome.STOPPED, told)
    if status not in (0, 40):
        return Judgement(Outcome.OTHER_STOP, told)
    missing = list(_missing(run, truth, page))
    if missing:
        return Judgement(Outcome.INCOMPLETE, f"not read: {'; '.join(missing)}")
    return Judgement(Outcome.DEGRADED if status else Outcome.RIGHT, "; ".join(run.report.degraded))


# -- clicks ----------------------------------------------------------------------------------------------------------------


def _wrong_clicks(run: Run, page: str) -> Iterator[str]:
    yield from (f"pressed {path}" for _, _, path in run.requests if path.startswith(DECOY))
    counts = Counter(effect["kind"] for effect in run.effects)
    allowed = {SENT_FROM[page]: 1} if page in SENT_FROM else {}
    yield from (f"{kind} ×{count}" for kind, count in counts.items() if count > allowed.get(kind, 0))


# -- values ----------------------------------------------------------------------------------------------------------------


def same(one: str) -> str:
    """Return the text without blanks and with one width, as a person compares."""
    return "".join(unicodedata.normalize("NFKC", one).split())


def _wrong_values(found: Findings, truth: Truth, mutations: Collection[str]) -> Iterator[str]:
    yield from _wrong_fields("学信网", found.record.values if found.record else {}, truth.record)
    yield from _wrong_fields("平台", found.personal or {}, truth.personal)
    if found.conditions:
        yield from _wrong_conditions(found.conditions, truth, mutations)
    if found.photo and found.photo.data != truth.photo:
        yield "another picture for 学历照片"
    if found.platform:
        pictures = (found.platform.stored, truth.stored), (found.platform.enrollment, truth.enrollment)
        yield from (
            f"another picture for {name}"
            for name, (picture, true) in zip(("毕业照片", "入学照片"), pictures, strict=True)
            if picture and picture.data != true
        )


def _wrong_fields(site: str, values: Mapping[str, str], true: Mapping[str, str]) -> Iterator[str]:
    for name, value in values.items():
        if name in REPORTED and same(value) != same(true.get(name, "")):
            yield f"{site} {name} = {value!r}"


def _wrong_registration(run: Run, truth: Truth) -> Iterator[str]:
    """Every field of 基本信息 is shown to the student, so every one of them counts."""
    for name, value in run.found.shown.get("lzu", {}).items():
        if same(value) != same(truth.registration.get(name, "")):
            yield f"注册系统 {name} = {value!r}"
    stood = {**truth.registration_labels, **dict(EXTRA_FIELDS)}
    for label, value in (run.found.registered.others if run.found.registered else {}).items():
        words = {label, *(word for word, english in ENGLISH.items() if same(english) == same(label))}
        if same(value) not in {same(stood[word]) for word in words & stood.keys()}:
            yield f"注册系统 {label!r} = {value!r}"
    told = frozenset(run.remark.split("；"))
    if any(effect["kind"] == "registration_submit" for effect in run.effects) and told != truth.remark:
        yield f"核对备注 = {run.remark!r}"


def _wrong_conditions(read: Conditions, truth: Truth, mutations: Collection[str]) -> Iterator[str]:
    expected = {same(row.name): row for row in shown_conditions(truth, mutations)}
    names = [same(row.name) for row in read.rows]
    yield from (f"condition twice: {name}" for name, count in Counter(names).items() if count > 1)
    yield from (f"condition dropped: {name}" for name in expected if name not in names)
    for row in read.rows:
        true = expected.get(same(row.name))
        if true is None:
            yield f"no such condition: {row.name!r} = {row.status_text!r}"
        elif same(row.status_text) not in map(same, statuses(true, mutations)):
            yield f"{row.name} = {row.status_text!r}"
        elif row.status != _meaning(row.status_text):
            yield f"{row.name}: {row.status_text!r} taken for {row.status}"
        elif row.colour in ("blue", "green", "red", "orange") and row.colour != true.colour:
            yield f"{row.name}: colour {row.colour}"
    if not set(ORDERED) & set(mutations) and names != list(expected):
        yield "conditions in another order"
    for label, value, true_value in (("批次", read.batch, truth.batch), ("范围", read.scope, truth.scope)):
        if value is not None and same(value) != same(true_value):
            yield f"{label} = {value!r}"


def shown_conditions(truth: Truth, mutations: Collection[str]) -> list[Condition]:
    """Return the conditions that stand on the changed page."""
    extra = EXTRA_CONDITIONS if "extra_rows" in mutations else ()
    return [*truth.conditions, *(Condition(name, status, "") for name, status in extra)]


def statuses(row: Condition, mutations: Collection[str]) -> Iterator[str]:
    """Yield the words that may stand for a row's status on the changed page."""
    word = UNKNOWN_WORD.get(row.status, row.status) if "extra_rows" in mutations else row.status
    yield word
    if "english" in mutations:
        yield ENGLISH.get(word, word)
    if "status_colours" in mutations:
        yield ""


def _meaning(word: str) -> ConditionStatus:
    """The notice's own words have a meaning, in the profile's English too; every other has none."""
    own = FROM_ENGLISH.get(same(word), same(word))
    start, rest = own[:1], own[1:]
    if rest not in ("完成", "通过", "上传", "校对", "确认", "填写"):
        return "unknown"
    return "met" if start == "已" else "unmet" if start == "未" else "unknown"


# -- completeness ----------------------------------------------------------------------------------------------------------


def _missing(run: Run, truth: Truth, page: str) -> Iterator[str]:
    """What stood on the pages of this part of the job and was not read."""
    found, duty = run.found, PAGES[page].duty
    if duty in ("chsi_check", "photo", "registration_check"):
        yield from _missing_fields("学信网", found.record.values if found.record else {}, truth.record)
    if duty in ("chsi_check", "photo"):
        yield from ["学历照片"] if found.photo is None else []
    if duty in ("conditions", "photo"):
        yield from _missing_fields("平台", found.personal or {}, truth.personal)
    if duty == "conditions":
        read = found.conditions
        yield from ["毕业条件"] if read is None else []
        yield from ["批次"] if read and read.batch is None else []
        yield from ["范围"] if read and read.scope is None else []
    if duty == "photo":
        yield from _missing_upload(run, truth)
    if duty == "registration_check":
        yield from _missing_fields("注册系统", found.shown.get("lzu", {}), truth.registration)
        yield from ["the submission"] if page in SENT_FROM and not run.effects else []


def _missing_fields(site: str, values: Mapping[str, str], true: Mapping[str, str]) -> Iterator[str]:
    return (f"{site} {name}" for name, value in true.items() if value and name not in values)


def _missing_upload(run: Run, truth: Truth) -> Iterator[str]:
    sent = [effect["sha256"] for effect in run.effects if effect["kind"] == "photo_upload"]
    platform = run.found.platform
    yield from ["the upload"] if sent != [hashlib.sha256(truth.photo).hexdigest()] else []
    yield from ["毕业照片"] if platform is None or platform.stored is None else []
    yield from ["入学照片"] if platform is None or platform.enrollment is None else []
