"""One case of a cohort: the ordinary job, held to the student's consent, with nobody there to be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from agent import sites
from agent.asks import YES, Answerer, Scripted
from agent.case import case
from agent.cli.boundary import stopped
from agent.cohort.model import AT_THE_DESK, Person
from agent.cohort.worker import Assignment
from agent.consent import Gate, load
from agent.engine.engine import APPLY_PLAN, Mode
from agent.errors import ConsentMissing, LoginByHandNeeded, NotTheirCase, UsageError
from agent.privacy.redaction import Redactor
from agent.report.model import Report
from agent.settings import Settings, SitesSettings
from flows.job import Job, check_duties
from flows.profiles.schema import Profile
from flows.profiles.schema import load as load_profile
from flows.run.consents import FIRST_STEPS, needed
from flows.run.sites import overridden
from flows.sites.registry import SITES


@dataclass(frozen=True)
class StepListener:
    """A progress that passes on how steps end, and shows nothing: a worker has no screen."""

    assignment: Assignment

    def step_started(self, step_id: str, title: str) -> None:
        """Nothing to show."""

    def step_ended(self, step_id: str, status: str, seconds: float, detail: str) -> None:
        """Pass it on."""
        self.assignment.ended(step_id, status)

    def say(self, text: str) -> None:
        """Nothing to show."""


@dataclass(frozen=True)
class CohortCaseRunner:
    """Works on one case of a cohort (``agent.cohort.worker.CarryOut``).

    Args:
        settings: Of the program; user names and passwords in them are never used for a cohort.
        answerers: Who may answer besides what was answered before; nobody on a worker without a screen.
    """

    settings: Settings
    answerers: Sequence[Answerer] = ()

    def __call__(self, browser: Browser, assignment: Assignment) -> Report:
        """Carry a case out and return its report.

        Raises:
            ConsentMissing: There is no valid receipt of the student, or it lacks what every case begins with.
            NotTheirCase: The receipt is another student's.
            LoginByHandNeeded: The student has to be there, and nobody is.
            UsageError: The profile or the case folder cannot be used, or passwords would go to a real site.
        """
        person, order = assignment.person, assignment.order
        profile = load_profile(order.profile)
        check_duties(profile, order.only)
        settings = settings_for(person, profile, self.settings)
        gate = gate_for(person)
        for step in FIRST_STEPS if not order.only else ():
            gate.check(step, "read")  # nobody signs in twice to be told then what the consent lacks
        if not person.credentials and not self.answerers:
            # No site is opened only to find that out.
            raise LoginByHandNeeded("要由学生本人登录。", AT_THE_DESK)
        redactor = Redactor()
        redactor.add_name(person.name)
        redactor.add_number(person.number)
        with case.opened(assignment.folder, redactor) as opened:
            opened.bind(gate)
            opened.watch = assignment.watch
            given = [
                Scripted(person.answers),
                *([Scripted({APPLY_PLAN: YES}, by="flag")] if order.yes else []),
            ]
            answering = [*given, *self.answerers]
            job = Job(profile, settings, opened, StepListener(assignment), answering, order.only, order.today)
            return job.finish(stopped(lambda: job.carry_out(browser, Mode.RUN)))


def gate_for(person: Person) -> Gate:
    """Return what holds the case to the student's consent, read anew each time: it may have been withdrawn.

    Raises:
        ConsentMissing: There is none, or it is over.
        NotTheirCase: It is another student's.
    """
    if person.consent is None:
        raise ConsentMissing("名单里的这名学生没有同意书。")
    receipt = load(person.consent)
    if not receipt.pii_principal.binding.fits(person.number):
        raise NotTheirCase("同意书不是名单里这名学生的。")
    gate = Gate(receipt, needed)
    gate.require_valid()
    return gate


def settings_for(person: Person, profile: Profile, settings: Settings) -> Settings:
    """Return the settings with this student's accounts and nobody else's.

    Raises:
        UsageError: There are passwords and a site is not on this very computer.
    """
    given = {
        site: settings.sites.of(site).model_dump() | {"username": None, "password": None}
        for site in sites.known()
    }
    for site, pair in person.credentials.items():
        given[site] |= {"username": pair.username, "password": pair.password}
    mine = settings.model_copy(update={"sites": SitesSettings.model_validate(given)})
    if person.credentials:
        require_mock_sites(profile, mine)
    return mine


def require_mock_sites(profile: Profile, settings: Settings) -> None:
    """See that passwords from a file can reach nothing but mock sites: on real sites students sign in themselves.

    Raises:
        UsageError: A site is on another computer.
    """
    for site in SITES:
        words = site.words(profile)
        if words and not _is_here(overridden(words, settings.sites.of(site.id)).login_url):
            raise UsageError(
                "密码文件（GRADSYNC_COHORT__CREDENTIALS）只能用于本机的模拟网站，没有提交任何密码。",
                f"在真实网站上由学生本人登录。{AT_THE_DESK}",
            )


def _is_here(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
