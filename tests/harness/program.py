"""Runs the job in a test's own browser, as the command would, without starting a process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser

from agent.asks import YES, Answerer, Scripted
from agent.case import case
from agent.cli.boundary import stopped
from agent.consent import Gate
from agent.engine.engine import APPLY_PLAN, Mode
from agent.engine.plan import Plan
from agent.engine.steps import Progress
from agent.ocr import engine as text_recognition
from agent.privacy.redaction import Redactor
from agent.report.model import Report
from agent.settings import load as load_settings
from fixtures.drawing import web_font
from fixtures.people.students import STUDENTS, Student
from fixtures.server import Addresses
from flows.forms.model import Form
from flows.job import Job
from flows.profiles.schema import Profile
from flows.profiles.schema import load as load_profile
from flows.run.findings import Findings
from tests.harness import already_read

needs_ocr = pytest.mark.skipif(not text_recognition.available(), reason="the extra ocr is not installed")
needs_font = pytest.mark.skipif(not web_font.available(), reason="no OFL CJK font (Debian: fonts-noto-cjk)")
INSIDE_THE_WINDOW = date(2024, 6, 3)
CONSENTING = Scripted({APPLY_PLAN: YES}, by="flag")


class Addressed(Protocol):
    """Mock sites, of this process or another."""

    @property
    def addresses(self) -> Addresses:
        """Where they are."""
        ...


@dataclass
class Silent:
    """A progress that keeps what it was told."""

    said: list[str] = field(default_factory=list)

    def step_started(self, step_id: str, title: str) -> None:
        """Keep the title."""
        self.said.append(title)

    def step_ended(self, step_id: str, status: str, seconds: float, detail: str) -> None:
        """Keep how it ended."""
        self.said.append(f"{step_id} {status} {detail}")

    def say(self, text: str) -> None:
        """Keep the sentence."""
        self.said.append(text)


def site_settings(sites: Addressed, student: Student = STUDENTS[0]) -> dict[str, Any]:
    """Return the settings that sign a student in at the mock sites."""
    given = {
        site: {"username": pair.username, "password": pair.password}
        for site, pair in student.credentials.items()
    }
    addresses = sites.addresses
    return {
        "chsi": {**given["chsi"], "login_url": addresses.chsi_login, "archive_url": addresses.chsi_archive},
        "chaoxing": {**given["chaoxing"], "login_url": addresses.chaoxing_login},
        "lzu": {**given["lzu"], "portal_url": addresses.lzu_portal},
    }


def run_job(
    browser: Browser,
    site_settings: Mapping[str, Any],
    out: Path,
    *,
    mode: Mode = Mode.RUN,
    answerers: Sequence[Answerer] = (CONSENTING,),
    only: Sequence[str] = (),
    promised: Plan | None = None,
    patience: float = 30,
    profile: Profile | None = None,
    progress: Progress | None = None,
    gate: Gate | None = None,
    form: Form | None = None,
    settings: Mapping[str, Any] | None = None,
    today: date = INSIDE_THE_WINDOW,
    found: Findings | None = None,
) -> Report:
    """Carry a run out and return its report; the case folder is ``out``. What was found before is not read again."""
    given = {"sites": dict(site_settings), "slow_network_seconds": patience, **(settings or {})}
    with case.opened(out, Redactor()) as opened:
        if gate:
            opened.bind(gate)
        if found:
            already_read.keep(found, opened)
        job = Job(
            profile or load_profile("xjtu-2024-07"),
            load_settings(given),
            opened,
            progress or Silent(),
            answerers,
            only,
            today,
            form,
            found=found or Findings(),
        )
        error = stopped(lambda: job.carry_out(browser, mode, promised))
        return job.finish(error)


def run_on_platform(browser: Browser, sites: Addressed, out: Path, **how: Any) -> Report:
    """Carry out a run of the first student from the platform on, as ``run_job``: 学信网 was read before."""
    found = already_read.read_at_chsi(STUDENTS[0])
    return run_job(browser, site_settings(sites), out, found=found, **how)
