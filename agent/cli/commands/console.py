"""``gradsync console``: everything on one local web page, for a student and for whoever helps."""

from __future__ import annotations

import json
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from datetime import date
from functools import cache
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.boundary import stopped
from agent.cli.commands.report import print_pdf_of
from agent.cli.optional import missing_for_cohort, need_cohort
from agent.cli.options import JsonOption
from agent.cli.output import print_lines, say
from agent.cli.services import RunRequest, Services, services_of
from agent.packaged import cases_folder

if TYPE_CHECKING:
    from agent.asks import Answerer
    from agent.cohort.desk import CohortView, RosterDesk
    from agent.console.cases.messages import CaseOrder
    from agent.console.ports import ConsoleServices, DemoStudent
    from agent.engine.steps import Progress

WORKER = "--worker"
OPENING = "open.html"


def console(
    context: typer.Context,
    open_page: Annotated[
        bool, typer.Option("--open/--no-open", help="在浏览器里打开；否则只显示地址")
    ] = True,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="端口；默认任选一个")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="案例放在哪个文件夹里")] = None,
    headless: Annotated[
        bool | None, typer.Option("--headless/--headed", help="不显示／显示办理用的浏览器窗口")
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="演练：内置的模拟网站和虚构的学生")] = False,
    cohort: Annotated[
        Path | None,
        typer.Option("--cohort", help="“成批办理”那一页用哪批学生：cohort 的 --folder；不写就用自己的"),
    ] = None,
    as_json: JsonOption = False,
    worker: Annotated[bool, typer.Option(WORKER, hidden=True, help="办理一个案例（由程序自己启动）")] = False,
) -> None:
    """在自己的浏览器里办理：一步一步看进展、回答问题、看报告，不用再输入命令。"""
    services = services_of(context)
    if worker:
        raise typer.Exit(_work(services))
    watched = _watched(cohort, demo)
    folder = out or cases_folder() / ("rehearsal" if demo else "console")
    roster = None if demo else _roster(cohort, folder)
    sites = services.rehearsal() if demo else nullcontext(())
    with sites as rehearsal, suppress(KeyboardInterrupt):  # how the person ends it
        console_services = _console_services(services, folder, headless, rehearsal, watched, roster)
        _serve(console_services, port, open_page, as_json)


def _serve(console_services: ConsoleServices, port: int | None, open_page: bool, as_json: bool) -> None:
    from agent.console import server

    def show(address: str) -> None:
        print_lines([json.dumps({"address": address}) if as_json else address])
        if open_page:
            page = _leading_to(address, console_services.folder).resolve().as_uri()
            Thread(target=webbrowser.open, args=(page,), daemon=True).start()  # it may wait for the browser

    def ready(address: str, fresh: server.Fresh) -> None:
        show(address)
        say("用浏览器打开上面的地址（只能用一次）。用完后在这里按 Ctrl-C 关闭。")
        if sys.stdin.isatty():
            say("浏览器关掉了，或者要换一个浏览器：在这里按回车，会打开一个新的地址。")
            Thread(target=_show_at_enter, args=(fresh, show), daemon=True).start()

    try:
        server.serve(console_services, port, ready)
    finally:
        (console_services.folder / OPENING).unlink(missing_ok=True)


def _leading_to(address: str, folder: Path) -> Path:
    """Write a page that leads to the address: in a program's arguments every user of the computer could read its token."""
    from agent.privacy.private_files import PrivateFolder

    page = f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={address}">'
    return PrivateFolder(folder, str).write_as_is(OPENING, page.encode())


def _show_at_enter(fresh: Callable[[], str], show: Callable[[str], None]) -> None:
    """Show a fresh address for every line that is entered, until the input ends."""
    for _ in sys.stdin:
        show(fresh())


def _watched(folder: Path | None, demo: bool) -> CohortView | None:
    """Open the cohort that is to be watched; its parts are loaded only then, since they may not be installed."""
    from agent.errors import UsageError

    if folder is None:
        return None
    if demo:
        raise UsageError(
            "--demo 和 --cohort 不能一起用：演练的页面写着学生都是虚构的。", "请去掉其中一个再运行。"
        )
    need_cohort()
    from agent.cohort.desk import watched
    from agent.settings import load

    return watched(folder, load().cohort)


def _roster(folder: Path | None, cases: Path) -> Callable[[], RosterDesk] | None:
    """The roster that the desk works with: of the cohort that was named, else the console's own; None without its parts."""
    if missing_for_cohort():
        return None

    @cache
    def opened() -> RosterDesk:
        from agent.cohort.desk import RosterDesk
        from agent.settings import load

        return RosterDesk(folder or cases.with_name(f"{cases.name}.desk") / "cohort", load().cohort, _today)

    return opened


def _console_services(
    services: Services,
    folder: Path,
    headless: bool | None,
    rehearsal: Sequence[DemoStudent],
    watched: CohortView | None,
    roster: Callable[[], RosterDesk] | None,
) -> ConsoleServices:
    from agent.console.ports import ConsoleServices, Notice

    newest = sorted(services.profiles(), key=lambda row: row.start or date.min, reverse=True)
    return ConsoleServices(
        folder=folder,
        notices=[
            Notice(row.id, row.title, row.start, row.end, _accounts(services, row.id)) for row in newest
        ],
        command=[*services.command(), "console", WORKER],
        headless=headless,
        windows=cache(lambda: _windows(headless)),
        problems=lambda text, profile: _problems(services, text, profile),
        sheets=services.form_sheets(),
        printed=lambda folder: print_pdf_of(folder).read_bytes(),
        open_folder=lambda folder: typer.launch(str(folder)) == 0,
        required=services.required_consents,
        today=_today,
        rehearsal=rehearsal,
        cohort=watched,
        roster=roster,
    )


def _today() -> date:
    from agent.settings import load

    return load().day


def _accounts(services: Services, profile: str) -> tuple[str, ...]:
    from agent.report.words import word

    return tuple(word(site, "site").text for site, data in services.profile(profile)["sites"].items() if data)


def _windows(headless: bool | None) -> bool:
    """Whether cases show a window; asked when the first one begins, so that the first page need not wait for Playwright."""
    from agent.browser.launcher import wants_window
    from agent.settings import load

    return wants_window(load({"headless": headless}))


def _problems(services: Services, data: bytes, profile: str) -> Sequence[str]:
    """What a student has written about the family is on the disk for as long as it is looked at."""
    from agent.errors import UsageError
    from agent.privacy.private_files import write_private

    with tempfile.TemporaryDirectory(prefix="gradsync-") as folder:
        file = write_private(Path(folder, "form.toml"), data)
        try:
            return services.check_form(file, profile).problems
        except UsageError as error:
            return [error.told]


def _work(services: Services) -> int:
    from agent.console.cases.worker import work

    def run(order: CaseOrder, progress: Progress, answerers: Sequence[Answerer]) -> int:
        return services.run(_request(order), progress, answerers).report.exit_status

    return work(run, stopped)


def _request(order: CaseOrder) -> RunRequest:
    from agent.engine.engine import Mode

    mode = Mode.CHECK if order.only_looks else Mode.RUN
    same = order.model_dump(exclude={"by_hand", "only_looks"})
    return RunRequest(mode=mode, keeps_entries=order.only_looks, **same)
