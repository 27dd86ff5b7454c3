"""The composition root: wires the command line to the flows, the profiles and the mock sites.

Imports stay inside the methods, so that ``gradsync --help`` costs no browser and no numpy.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from agent.cli.services import FormCheck, ProbeResult, ProfileLine, RunRequest, RunResult
from agent.errors import ConsentMissing, UsageError
from agent.files.system_errors import os_errors_told
from agent.packaged import cases_folder, is_packaged, prepare_environment
from flows.sites.registry import SITES

if TYPE_CHECKING:
    from agent.asks import Answerer
    from agent.cohort.worker import CarryOut
    from agent.consent import Gate, Tick
    from agent.console.ports import DemoStudent, FormSheets
    from agent.engine.steps import Progress
    from agent.settings import Settings
    from fixtures.server import MockSites
    from flows.job import Job
    from flows.profiles.schema import Profile

FETCH_BROWSER = "browser.fetch"


class AppServices:
    """The services that the commands ask for (``agent.cli.services.Services``)."""

    def run(self, request: RunRequest, progress: Progress, answerers: Sequence[Answerer]) -> RunResult:
        from agent.asks import scripted_from_file
        from agent.case import case
        from agent.cli.boundary import stopped
        from agent.privacy.redaction import Redactor
        from flows.forms import toml_file
        from flows.job import Job, check_duties

        overrides = {"today": request.today, "headless": request.headless, **(request.overrides or {})}
        settings = load_settings(overrides)
        profile = load_profile(request.profile)
        check_duties(profile, request.only)
        today = profile.now(settings.today).date()
        form = toml_file.load(request.form, profile, today) if request.form else None
        scripted = [scripted_from_file(settings.answers)] if settings.answers else []
        for sentence in (sentence for each in scripted for sentence in each.unknown):
            progress.say(sentence)
        out = request.out or new_folder(profile.id)
        gate = gate_for(request, out)
        forget_what_is_due(progress)
        with case.opened(out, Redactor()) as opened:
            if gate:
                opened.bind(gate)
            answering = [*scripted, *answerers]
            job = Job(profile, settings, opened, progress, answering, request.only, settings.today, form)
            job.demo, job.keeps_entries = request.demo, request.keeps_entries
            if not request.demo and out.parent.resolve() == cases_folder().resolve():
                job.cases = out.parent
            error = stopped(lambda: _in_a_browser(job, settings, request, progress))
            return RunResult(job.finish(error), out)

    def probe(self, request: RunRequest, progress: Progress, answerers: Sequence[Answerer]) -> ProbeResult:
        from agent.browser.launcher import running, wants_window
        from agent.case import case
        from agent.privacy.redaction import Redactor
        from flows.probe import FILE_NAME, Probe

        settings = load_settings({"headless": request.headless, **(request.overrides or {})})
        profile = load_profile(request.profile)
        out = request.out or new_folder("probe")
        gate = gate_for(request, out)
        with case.opened(out, Redactor()) as opened:
            if gate:
                opened.bind(gate)
            probing = Probe(profile, settings, opened, progress, answerers)
            with running(settings, not wants_window(settings), progress.say) as browser:
                probing.carry_out(browser)
            return ProbeResult(probing.data(), probing.trouble(), out / FILE_NAME)

    def demo(self, request: RunRequest, progress: Progress) -> RunResult:
        from agent.asks import YES, Scripted
        from agent.engine.engine import APPLY_PLAN
        from fixtures.server import MockSites
        from flows.duties.registration_check import ASK, WORDS

        profile = load_profile(request.profile)
        progress.say("模拟网站在本机启动，学生是虚构的，不会连接任何真实网站。")
        with MockSites() as sites:
            student = "l02" if profile.sites.lzu else "s01"  # whose case shows what the notice is about
            overrides = {"sites": site_settings(sites, student), "answers": None}
            out, today = request.out or new_folder("demo"), profile.practice_day
            inside = replace(request, overrides=overrides, today=today, out=out, demo=True)
            return self.run(inside, progress, [Scripted({APPLY_PLAN: YES, ASK: WORDS}, by="script")])

    def command(self) -> list[str]:
        if is_packaged():
            return [sys.executable]
        return [sys.executable, "-c", "from flows.main import main; main()"]

    @contextmanager
    def rehearsal(self) -> Iterator[Sequence[DemoStudent]]:
        from fixtures.server import MockSites
        from flows.demo import students_at

        with MockSites() as sites:
            yield students_at(sites)

    def one_of_many(self, settings: Settings, answerers: Sequence[Answerer]) -> CarryOut:
        from flows.cohort_case import CohortCaseRunner

        return CohortCaseRunner(settings, answerers)

    def check_order(self, profile: str, only: Sequence[str]) -> None:
        from flows.job import check_duties

        check_duties(load_profile(profile), only)

    def profiles(self) -> list[ProfileLine]:
        from flows.profiles.catalog import listed

        return [ProfileLine(*row) for row in listed()]

    def profile(self, name: str) -> dict[str, Any]:
        return load_profile(name).model_dump(mode="json")

    def profile_effects(self, name: str) -> list[str]:
        from flows.profiles.diff import effects

        return [effect.told() for effect in effects(load_profile(name))]

    def learned(self, profile: str) -> list[str]:
        from flows.profiles.learned import load, told

        return told(load(load_profile(profile).id))

    def forget_learned(self, profile: str) -> bool:
        from flows.profiles.learned import forget

        return forget(load_profile(profile).id)

    def export_learned(self, profile: str) -> str:
        from flows.profiles.learned import export, load

        known = load_profile(profile)
        return export(load(known.id), known.sites)

    def new_form(self, path: Path, profile: str) -> None:
        from flows.forms.toml_file import write_template

        write_template(path, load_profile(profile))

    def check_form(self, path: Path, profile: str) -> FormCheck:
        from flows.forms.toml_file import examine

        loaded = load_profile(profile)
        form, problems = examine(path, loaded, loaded.now(load_settings().today).date())
        return FormCheck(form.summary(), tuple(problems))

    def form_sheets(self) -> FormSheets:
        from flows.forms.sheet import ProfileSheets

        return ProfileSheets(load_profile, lambda profile: profile.now(load_settings().today).date())

    def required_consents(self, profile: str) -> frozenset[Tick]:
        from flows.run.consents import FIRST_STEPS, needed

        return frozenset().union(*(needed(step, "read") or frozenset() for step in FIRST_STEPS))

    def serve(
        self, port_base: int | None, scenario: str | None, ready: Callable[[dict[str, str], list[str]], None]
    ) -> None:
        from fixtures.scenarios import SCENARIOS
        from fixtures.server import MockSites

        problem = f"模拟网站从 {port_base} 起的端口不能用"
        try:
            with (
                os_errors_told(problem, "请用 --port-base 另选端口。"),
                MockSites(port_base=port_base, scenario=scenario) as sites,
                suppress(KeyboardInterrupt),
            ):
                names = ("chsi", "chaoxing", "lzu", "control")
                ready({name: getattr(sites.addresses, name) for name in names}, usage_lines(sites))
                Event().wait()  # until the person presses Ctrl-C
        except ValueError:
            known = f"可以选（几个用 + 连起来）：{'、'.join(SCENARIOS)}。"
            raise UsageError(f"模拟网站没有叫“{scenario}”的情景。", known) from None

    def site_addresses(self) -> dict[str, str]:
        from flows.run.sites import overridden

        settings, profile = load_settings(), load_profile("xjtu-2024-07")
        return {
            site.id: overridden(words, settings.sites.of(site.id)).login_url
            for site in SITES
            if (words := site.words(profile))
        }


def load_settings(overrides: Mapping[str, Any] | None = None) -> Settings:
    """Read the settings."""
    from agent.settings import load

    return load(overrides)


def load_profile(name: str) -> Profile:
    """Load a notice."""
    from flows.profiles.schema import load

    return load(name)


def _in_a_browser(job: Job, settings: Settings, request: RunRequest, progress: Progress) -> None:
    from agent.asks import Scripted, WithoutWindow
    from agent.browser.launcher import running, wants_window

    headless = not wants_window(settings)
    if headless:
        present = job.asks.answerers
        job.asks.answerers = [one if isinstance(one, Scripted) else WithoutWindow(one) for one in present]
    with running(settings, headless, progress.say, _may_fetch(job)) as browser:
        job.carry_out(browser, request.mode, request.promised)


def _may_fetch(job: Job) -> Callable[[str], bool] | None:
    """Return who decides in the packaged program whether a browser may be fetched: whoever is there to be asked."""
    from agent.asks import YES, Ask, AskKind

    def agreed(what: str) -> bool:
        text = f"没有找到 Chrome 或 Edge，要下载浏览器吗：{what}"
        return (
            job.asks.expects(FETCH_BROWSER) and job.asks.ask(Ask(FETCH_BROWSER, AskKind.YES_NO, text)) == YES
        )

    return agreed if is_packaged() else None


def gate_for(request: RunRequest, out: Path) -> Gate | None:
    """Return what holds an assisted run to the student's consent; a case that has one stays held to it.

    Raises:
        ConsentMissing: There is none, or it is over.
        UsageError: The receipt cannot be read.
    """
    from agent.consent import FILE_NAME, Gate, load
    from flows.run.consents import needed

    held = out / FILE_NAME
    path = request.consent or (held if held.exists() else None)
    if path is None:
        if request.assisted:
            raise ConsentMissing("替别人办理需要学生本人的同意书，现在没有。")
        return None
    gate = Gate(load(path), needed)
    gate.require_valid()
    return gate


def forget_what_is_due(progress: Progress) -> None:
    """Delete what is kept of students whose agreed time is over, and sign-ins that are."""
    from agent.case.retention import due, forget_all
    from agent.consent import Register
    from agent.privacy.saved_logins import forget_saved_logins

    now = datetime.now().astimezone()
    forget_saved_logins(now)
    done, stuck = forget_all(due(Register(), now))
    for said in (*(gone.describe() for gone in done), *(error.message for error in stuck.values())):
        progress.say(said)


def new_folder(name: str) -> Path:
    """Return a case folder of its own for a run that names none."""
    return cases_folder() / f"{name}-{datetime.now():%Y%m%d-%H%M%S}"  # noqa: DTZ005  the person's own clock


def site_settings(sites: MockSites, student_id: str = "s01") -> dict[str, dict[str, str]]:
    """Return the settings that point at mock sites, with a student's credentials."""
    from fixtures.people.everybody import BY_ID
    from flows.demo import mock_settings

    return mock_settings(sites, BY_ID[student_id].credentials)


def usage_lines(sites: MockSites) -> list[str]:
    """Return lines that a person can paste into another terminal to run against the mock sites."""
    names = {
        f"GRADSYNC_SITES__{site.upper()}__{name.upper()}": value
        for site, values in site_settings(sites).items()
        for name, value in values.items()
    }
    head = (
        "模拟网站已启动。在另一个终端里运行（账号是第一名虚构学生的；其他学生见 control 地址的 /students）："
    )
    return [
        head,
        *(f"  export {name}='{value}'" for name, value in names.items()),
        "  gradsync run --profile xjtu-2024-07 --yes",
        "兰州大学的学生是 /students 里的 l01 到 l08：把 CHSI 和 LZU 的账号换成其中一名的，再运行 --profile lzu-2024。",
    ]


def main() -> None:
    """The ``gradsync`` command; the packaged program without arguments, as after a double click, opens the console."""
    from agent.cli.app import start, start_console
    from agent.cli.streams import lasting_streams

    prepare_environment()
    with lasting_streams():
        clicked = is_packaged() and len(sys.argv) == 1
        status = start_console(AppServices()) if clicked else start(AppServices())
    sys.exit(status)
