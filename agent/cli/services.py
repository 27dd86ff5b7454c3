"""Services that the commands need; the composition root gives them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import typer

    from agent.asks import Answerer
    from agent.cohort.worker import CarryOut
    from agent.consent import Tick
    from agent.console.ports import DemoStudent, FormSheets
    from agent.engine.engine import Mode
    from agent.engine.plan import Plan
    from agent.engine.steps import Progress
    from agent.errors import GradsyncError
    from agent.report.model import Report
    from agent.settings import Settings


@dataclass(frozen=True)
class RunRequest:
    """What a person asked for.

    Args:
        profile: A profile's id or the path of its TOML file.
        out: The case folder; a new one is made when left out.
        only: Duty ids; all of the profile's when empty.
        headless: Without a window; decided by whether there is a display when left out.
        today: A rehearsed day.
        promised: With ``apply``, the plan that was agreed to.
        overrides: Settings that outrank the environment.
        form: What the student has filled in, as a TOML file.
        assisted: Somebody helps the student, which takes the student's recorded consent.
        consent: The receipt of that consent; given, the run is assisted.
        demo: It is a demonstration with an invented student, and every page says so.
        keeps_entries: The platform's own 家庭成员 and 履历 are read and kept in the case folder, to be filled in further.
    """

    profile: str
    mode: Mode
    out: Path | None = None
    only: tuple[str, ...] = ()
    headless: bool | None = None
    today: date | None = None
    promised: Plan | None = None
    overrides: dict[str, Any] | None = None
    form: Path | None = None
    assisted: bool = False
    consent: Path | None = None
    demo: bool = False
    keeps_entries: bool = False


@dataclass(frozen=True)
class RunResult:
    """A run that has ended: its report and where it lies."""

    report: Report
    folder: Path


@dataclass(frozen=True)
class ProbeResult:
    """A probe that has ended: what it found as JSON data, the stop that this amounts to, and where the file lies."""

    data: dict[str, Any]
    trouble: GradsyncError | None
    file: Path


@dataclass(frozen=True)
class ProfileLine:
    """One profile, for the list; a notice without a window has neither day."""

    id: str
    title: str
    start: date | None
    end: date | None


@dataclass(frozen=True)
class FormCheck:
    """A form as it was found: what it holds, and one line per problem."""

    summary: str
    problems: tuple[str, ...]


class Services(Protocol):
    """The rest of the program, as the commands see it."""

    def run(self, request: RunRequest, progress: Progress, answerers: Sequence[Answerer]) -> RunResult:
        """Carry a request out; a report is there at every end."""

    def probe(self, request: RunRequest, progress: Progress, answerers: Sequence[Answerer]) -> ProbeResult:
        """Compare the words of the sites' pages with the profile's, changing nothing."""

    def demo(self, request: RunRequest, progress: Progress) -> RunResult:
        """Carry a request out for an invented student on embedded mock sites."""

    def command(self) -> list[str]:
        """Return what starts this very program again, without arguments."""

    def rehearsal(self) -> AbstractContextManager[Sequence[DemoStudent]]:
        """Run mock sites to rehearse at, and yield the invented students."""

    def one_of_many(self, settings: Settings, answerers: Sequence[Answerer]) -> CarryOut:
        """Return who works on one case of a cohort, held to the student's consent."""

    def check_order(self, profile: str, only: Sequence[str]) -> None:
        """See that a profile and its duties can be worked on; raises ``UsageError`` naming what is wrong."""

    def profiles(self) -> list[ProfileLine]:
        """List the built-in profiles."""

    def profile(self, name: str) -> dict[str, Any]:
        """Return a validated profile's data; raises ``UsageError`` naming the key that is wrong."""

    def profile_effects(self, name: str) -> list[str]:
        """Say in Chinese how a profile differs from the built-in one of its id, and what each change affects."""

    def learned(self, profile: str) -> list[str]:
        """Say in Chinese which menu words were learned for a profile, a line each; raises ``UsageError`` for a broken file."""

    def forget_learned(self, profile: str) -> bool:
        """Delete what was learned for a profile; False where nothing was."""

    def export_learned(self, profile: str) -> str:
        """Return what was learned as TOML to be pasted into a profile; empty where nothing was."""

    def new_form(self, path: Path, profile: str) -> None:
        """Write a commented form to fill in; raises ``UsageError`` where there is a file already."""

    def check_form(self, path: Path, profile: str) -> FormCheck:
        """Hold a form against the notice's rules; raises ``UsageError`` when it is no TOML file at all."""

    def form_sheets(self) -> FormSheets:
        """Return what students fill in for the notices, for a page."""

    def required_consents(self, profile: str) -> frozenset[Tick]:
        """Return the consents of a helped student without which nothing of a notice can be carried out."""

    def serve(
        self, port_base: int | None, scenario: str | None, ready: Callable[[dict[str, str], list[str]], None]
    ) -> None:
        """Run the mock sites until interrupted; ``ready`` gets their addresses and lines on how to use them."""

    def site_addresses(self) -> dict[str, str]:
        """Return the addresses that a reachability check would open, by site."""


def services_of(context: typer.Context) -> Services:
    """Return the services with which the command line was started."""
    services: Services = context.obj
    return services
