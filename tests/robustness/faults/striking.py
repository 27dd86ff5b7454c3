"""Strikes one page of the job with one fault, and judges what came of it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from agent.case.audit_check import examine
from agent.report.model import Report
from fixtures.people.students import STUDENTS
from fixtures.server import MockSites
from fixtures.world import FaultKind, Site
from tests.harness.program import Silent, run_job, run_on_platform, site_settings
from tests.robustness.faults.secrets import leaks, secrets_of

PATIENCE = 4.0
"""Seconds that a page may take; what hangs takes that long."""
FAILURES = 3
"""How often a struck run may wait in vain: on the way in, while looking, and while verifying."""
FOREVER = 600.0


@dataclass(frozen=True)
class Page:
    """A request of the job that can be struck, and the duty that is the smallest part of the job with it."""

    site: Site
    path: str
    method: str = "GET"
    html: bool = True
    duty: str = "photo"


@dataclass(frozen=True)
class Blow:
    """A fault as it is planned."""

    kind: FaultKind
    value: float | None = None
    nth: int = 1
    html_only: bool = False
    post_only: bool = False


PAGES: dict[str, Page] = {
    "chsi: sign-in form": Page("chsi", r"^/passport/login"),
    "chsi: sign-in": Page("chsi", r"^/passport/login", "POST"),
    "chsi: ticket": Page("chsi", r"j_spring_cas_security_check", html=False),
    "chsi: landing": Page("chsi", r"^/archive/index\.jsp"),
    "chsi: record": Page("chsi", r"xj/show\.action"),
    "chsi: photo": Page("chsi", r"xjpic", html=False),
    "platform: sign-in form": Page("chaoxing", r"^/login"),
    "platform: sign-in": Page("chaoxing", r"^/login", "POST"),
    "platform: shell": Page("chaoxing", r"^/space/index"),
    "platform: handover": Page("chaoxing", r"^/(goto|sso)", html=False),
    "platform: hall": Page("chaoxing", r"^/studyApp/hall"),
    "platform: personal data": Page("chaoxing", r"^/studyApp/profile$"),
    "platform: conditions": Page("chaoxing", r"^/studyApp/graduation/conditions", duty="conditions"),
    "platform: grades": Page("chaoxing", r"^/studyApp/grades", duty="grades"),
    "platform: upload page": Page("chaoxing", r"^/studyApp/graduation/photo"),
    "platform: 入学照片": Page("chaoxing", r"photo/enrollment\.jpg", html=False),
    "platform: stored photo": Page("chaoxing", r"photo/graduation\.jpg", html=False),
    "platform: upload": Page("chaoxing", r"photo/upload", "POST", html=False),
}
BLOWS: dict[str, Blow] = {
    "delay": Blow("delay", 1.5),
    "no answer": Blow("delay", FOREVER),
    "never an answer again": Blow("delay", FOREVER, nth=0),
    "dribble": Blow("dribble", 1.5),
    "slow upload": Blow("slow_upload", 1.5, post_only=True),
    "reset before": Blow("reset_before"),
    "reset after": Blow("reset_after"),
    "sent twice": Blow("double", post_only=True),
    "empty body": Blow("empty"),
    "truncated": Blow("truncate"),
    "302 to login": Blow("login_redirect"),
    "signed out": Blow("logout"),
    "login in the frame": Blow("login_in_frame", html_only=True),
    "403": Blow("status", 403),
    "429": Blow("status", 429),
    "500": Blow("status", 500),
    "502": Blow("status", 502),
    "502 from then on": Blow("status", 502, nth=0),
    "maintenance page": Blow("maintenance"),
    "another page": Blow("html_instead"),
    "unknown layer": Blow("overlay", html_only=True),
    "native confirm": Blow("confirm", html_only=True),
}


@dataclass(frozen=True)
class Struck:
    """What came of one blow: the named outcome, the time it took, and everything that is wrong with it."""

    page: str
    blow: str
    outcome: str
    seconds: float
    effects: int
    wrong: tuple[str, ...]


def combinations() -> Iterator[tuple[str, str]]:
    """Yield every blow on every page that it can fall on."""
    for page, where in PAGES.items():
        for name, blow in BLOWS.items():
            if (where.html or not blow.html_only) and (where.method == "POST" or not blow.post_only):
                yield page, name


def strike(
    browser: Browser, sites: MockSites, page: str, blow: str, folder: Path, patience: float = PATIENCE
) -> Struck:
    """Run the part of the job that visits a page with one fault, then, where something may have been sent, once more without.

    Args:
        browser: A running browser.
        sites: Mock sites of this process, reset here.
        page: A key of ``PAGES``.
        blow: A key of ``BLOWS``.
        folder: An empty folder for the cases.
        patience: Seconds a page may take.
    """
    sites.world.reset()
    where, what = PAGES[page], BLOWS[blow]
    sites.world.add_fault(where.site, where.path, what.kind, what.nth, what.value, method=where.method)
    said = Silent()
    started = time.monotonic()
    report = _run(browser, sites, where, folder / "case", patience=patience, progress=said)
    seconds = time.monotonic() - started
    effects = _uploads(sites)
    wrong = [*_wrong(report, effects, where.duty == "photo"), *_audited(folder / "case")]
    wrong += leaks(folder / "case", secrets_of(sites.world), "\n".join(said.said))
    wrong += _signed_in(sites)
    wrong += [f"took {seconds:.0f} s"] if seconds > budget() else []
    if where.method == "POST":
        wrong += _again(browser, sites, where, folder / "case")
    return Struck(page, blow, _outcome(report), round(seconds, 1), len(effects), tuple(wrong))


def _run(browser: Browser, sites: MockSites, where: Page, case: Path, **how: Any) -> Report:
    """Run the duty of a page; what is struck on the platform is not read at 学信网 first."""
    if where.site == "chaoxing":
        return run_on_platform(browser, sites, case, only=[where.duty], **how)
    return run_job(browser, site_settings(sites), case, only=[where.duty], **how)


def _signed_in(sites: MockSites) -> Iterator[str]:
    """A password is sent once, and once more where the session was lost."""
    for site, counts in sites.world.state()["logins"].items():
        attempted = sum(count["attempted"] for count in counts.values())
        if attempted > 2:
            yield f"{attempted} passwords sent to {site}"


def _outcome(report: Report) -> str:
    return f"{report.exit_status} {report.trouble.code if report.trouble else report.outcome}"


def _uploads(sites: MockSites) -> list[dict[str, Any]]:
    return [effect for effect in sites.world.state()["effects"] if effect["kind"] == "photo_upload"]


def _wrong(report: Report, effects: list[dict[str, Any]], uploading: bool) -> Iterator[str]:
    photo = next((row.status for row in report.duties if row.id == "photo"), "not_run")
    if report.exit_status == 1 or (
        report.exit_status not in (0, 40) and not (report.trouble and report.trouble.remedy)
    ):
        yield f"no named outcome: {_outcome(report)} {report.trouble.message if report.trouble else ''}"
    if len(effects) > 1:
        yield f"{len(effects)} uploads"
    if photo in ("done", "already_done") and not effects:
        yield "said to be uploaded, and is not"
    if uploading and report.exit_status == 0 and photo not in ("done", "already_done"):
        yield f"0, and the photo is {photo}"
    yield from _wrong_values(report)


def _wrong_values(report: Report) -> Iterator[str]:
    """Whatever the report says must be what a run without faults says; it may say less."""
    right = _reference()
    for check in report.checks:
        for side in filter(None, (check.left, check.right)):
            read = side.site != "notice"  # its words are no reading of a site
            if read and side.value and side.value not in right["checks"].get(check.id, ()):
                yield f"{check.id} {side.site} {side.value}"
    if report.conditions:
        rows = [(row.name, row.status_text) for row in report.conditions.items]
        if rows not in right["conditions"]:
            yield f"conditions {rows}"
    if report.grades and [(row.course, row.total) for row in report.grades.rows] != right["grades"]:
        yield f"{len(report.grades.rows)} grades"
    if report.photo and report.photo.chsi and report.photo.chsi.sha256 != right["photo"]:
        yield "another photo"


@cache
def _reference() -> dict[str, Any]:
    """What the mock sites hold of the first student."""
    from fixtures.sites.conditions import conditions
    from fixtures.world import World, chsi_photo

    student, world = STUDENTS[0], World()
    before = [(row.name, row.status) for row in conditions(world, student)]
    world.record(student).photo = chsi_photo(student)
    after = [(row.name, row.status) for row in conditions(world, student)]
    return {
        "checks": _check_values(),
        "conditions": [before, after],
        "grades": [(course.name, course.total) for course in student.courses],
        "photo": hashlib.sha256(chsi_photo(student)).hexdigest(),
    }


_values: dict[str, set[str]] = {}
_ordinary: list[float] = []


def budget() -> float:
    """Return the seconds in which a struck run has ended: those of an ordinary whole run, and the waits in vain."""
    return max(_ordinary) + FAILURES * PATIENCE


def learn(report: Report) -> None:
    """Take a run without faults as the measure of what the checks say and of how long it takes on this machine."""
    assert report.exit_status == 0, report.trouble
    _ordinary.append(sum(step.seconds for step in report.steps))
    for check in report.checks:
        sides = filter(None, (check.left, check.right))
        _values.setdefault(check.id, set()).update(side.value for side in sides if side.value)


def _check_values() -> dict[str, set[str]]:
    return _values


def _audited(case: Path) -> Iterator[str]:
    yield from (found.note for found in examine(case).findings if found.level == "fail")


def _again(browser: Browser, sites: MockSites, where: Page, case: Path) -> Iterator[str]:
    """Without the fault the same case ends done, with one upload ever."""
    sites.world.lift_faults()
    report = _run(browser, sites, where, case)
    if report.exit_status != 0:
        yield f"then {_outcome(report)}"
    if where.duty == "photo" and len(_uploads(sites)) != 1:
        yield f"then {len(_uploads(sites))} uploads"
    yield from (f"then {said}" for said in (*_wrong_values(report), *_audited(case)))
