"""The commands ``demo run plan apply check probe report forget doctor``, and groups of others."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.main import get_command

from agent.cli import options
from agent.cli.boundary import stopped, tell
from agent.cli.commands import audit as audit_command
from agent.cli.commands import cohort as cohort_command
from agent.cli.commands import consent as consent_command
from agent.cli.commands import console as console_command
from agent.cli.commands import doctor as doctor_command
from agent.cli.commands import forget as forget_command
from agent.cli.commands import form as form_command
from agent.cli.commands import photo as photo_command
from agent.cli.commands import probe as probe_command
from agent.cli.commands import profiles as profiles_command
from agent.cli.commands import report as report_command
from agent.cli.commands import sites as sites_command
from agent.cli.output import print_json_text, print_lines, say
from agent.cli.services import RunRequest, RunResult, Services, services_of
from agent.cli.usage import CLICK_ERROR, explained
from agent.files.file_names import typed_path
from agent.packaged import cases_folder, enter_working_folder, program_folder

if TYPE_CHECKING:
    from agent.asks import Answerer

GROUPS = {
    "photo": photo_command.app,
    "profiles": profiles_command.app,
    "form": form_command.app,
    "sites": sites_command.app,
    "audit": audit_command.app,
    "consent": consent_command.app,
    "cohort": cohort_command.app,
}


COMMANDS_OF_GROUPS = {
    name: [str(row.name or getattr(row.callback, "__name__", "")) for row in group.registered_commands]
    for name, group in GROUPS.items()
}


def _in_short(name: str) -> str:
    """What a group is for, and its commands, of which the list of commands shows nothing else."""
    title = re.split("[：。]", GROUPS[name].info.help or "")[0]
    return f"{title}：{' '.join(COMMANDS_OF_GROUPS[name])}"


app = typer.Typer(
    name="gradsync",
    help="毕业信息同步：核对学信网、把学历照片传到学校平台、读回毕业条件，并给出报告。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)
for group_name, group in GROUPS.items():
    app.add_typer(group, name=group_name, short_help=_in_short(group_name))
app.command()(console_command.console)

AssistedOption = Annotated[bool, typer.Option("--assisted", help="替别人办理（需要学生本人的同意书）")]
ConsentOption = Annotated[
    Path | None,
    typer.Option("--consent", help="学生本人的同意书（gradsync consent new 写出的 consent.json）"),
]
FormOption = Annotated[
    Path | None,
    typer.Option("--form", help="学生填写的文件（gradsync form new 生成）：家庭成员、履历、自我评价"),
]
KeepOption = Annotated[
    bool,
    typer.Option(
        "--keep-session", help="保留登录（加密，12 小时内再运行不必重新登录）；默认在结束时退出登录"
    ),
]


def _print_version(wanted: bool) -> None:
    if wanted:
        print_lines(doctor_command.version_lines())
        raise typer.Exit


@app.callback()
def gradsync(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="显示版本、提交、Python、Playwright 和浏览器后退出",
        ),
    ] = False,
) -> None:
    """毕业信息同步：核对学信网、把学历照片传到学校平台、读回毕业条件，并给出报告。"""


@app.command()
def demo(
    context: typer.Context,
    profile: options.ProfileOption = "xjtu-2024-07",
    out: options.OutOption = None,
    headless: options.HeadlessOption = None,
    open_report: Annotated[bool, typer.Option("--open", help="结束后打开报告")] = False,
    as_json: options.JsonOption = False,
) -> None:
    """演示：在内置的模拟网站上，为一名虚构的学生把整个流程做一遍。"""
    from agent.engine.engine import Mode
    from agent.report.progress import open_progress

    request = RunRequest(profile, Mode.RUN, out, headless=True if headless is None else headless)
    with open_progress() as progress:
        finished = services_of(context).demo(request, progress)
    if open_report:
        typer.launch(str(finished.folder / "report.html"))
    _finish(finished, as_json)


@app.command()
def run(
    context: typer.Context,
    profile: options.ProfileOption,
    yes: options.YesOption = False,
    only: options.OnlyOption = None,
    headless: options.HeadlessOption = None,
    out: options.OutOption = None,
    today: options.TodayOption = None,
    assisted: AssistedOption = False,
    consent: ConsentOption = None,
    form: FormOption = None,
    keep_session: KeepOption = False,
    as_json: options.JsonOption = False,
) -> None:
    """查看、列出计划、征得同意、执行、再查看，最后给出报告。"""
    from agent.engine.engine import Mode

    request = RunRequest(
        profile, Mode.RUN, out, tuple(only or ()), headless, options.day_of(today), form=form
    )
    _run(context, replace(request, assisted=assisted, consent=consent), keep_session, yes, as_json)


def look(
    context: typer.Context,
    profile: options.ProfileOption,
    only: options.OnlyOption = None,
    headless: options.HeadlessOption = None,
    out: options.OutOption = None,
    today: options.TodayOption = None,
    assisted: AssistedOption = False,
    consent: ConsentOption = None,
    form: FormOption = None,
    keep_session: KeepOption = False,
    as_json: options.JsonOption = False,
) -> None:
    """Change nothing: the commands ``check`` and ``plan``, which are called like their modes."""
    from agent.engine.engine import Mode

    mode = Mode(str(context.command.name))
    request = RunRequest(profile, mode, out, tuple(only or ()), headless, options.day_of(today), form=form)
    _run(context, replace(request, assisted=assisted, consent=consent), keep_session, False, as_json)


app.command("check", help="只查看，不改变任何东西，给出同样的报告。")(look)
app.command("plan", help="只查看，并把会做的改动写进 plan.json。")(look)


app.command()(probe_command.probe)


@app.command()
def apply(
    context: typer.Context,
    plan_file: Annotated[Path, typer.Argument(metavar="PLAN", help="gradsync plan 写出的 plan.json")],
    yes: options.YesOption = False,
    profile: Annotated[str | None, typer.Option("--profile", help="通知配置；默认用计划里的")] = None,
    headless: options.HeadlessOption = None,
    today: options.TodayOption = None,
    assisted: AssistedOption = False,
    consent: ConsentOption = None,
    form: FormOption = None,
    keep_session: KeepOption = False,
    as_json: options.JsonOption = False,
) -> None:
    """执行之前写好的计划；网站上的情况变了就拒绝。"""
    from agent.engine.engine import Mode
    from agent.engine.plan import load

    promised = load(plan_file)
    profile, out = profile or promised.profile, plan_file.parent
    request = RunRequest(profile, Mode.APPLY, out, (), headless, options.day_of(today), promised, form=form)
    _run(context, replace(request, assisted=assisted, consent=consent), keep_session, yes, as_json)


app.command()(report_command.report)
app.command()(forget_command.forget)
app.command()(doctor_command.doctor)


def _run(context: typer.Context, request: RunRequest, keep_session: bool, yes: bool, as_json: bool) -> None:
    from agent.asks import YES, Scripted
    from agent.cli.prompts import Terminal
    from agent.engine.engine import APPLY_PLAN
    from agent.report.progress import open_progress

    request = replace(request, overrides={"keep_session": keep_session or None})
    with open_progress() as progress:
        flags: list[Answerer] = [Scripted({APPLY_PLAN: YES}, by="flag")] if yes else []
        finished = services_of(context).run(request, progress, [*flags, Terminal(progress.paused)])
    _finish(finished, as_json)


def _finish(finished: RunResult, as_json: bool) -> None:
    """Print the report in short (or as JSON), say where it lies, and exit with its status."""
    from agent.report.summary import write_summary

    if as_json:
        print_json_text(finished.report.to_json())
    else:
        write_summary(finished.report, sys.stdout)
    if (finished.folder / "report.html").is_file():
        say(f"报告：{(finished.folder / 'report.html').resolve()}")
    raise typer.Exit(finished.report.exit_status)


def _typed(argument: str) -> str:
    """What was typed, without the marks that come along when a path is copied, unless there is such a file."""
    has_marks = any(unicodedata.category(char) == "Cf" for char in argument)
    return typed_path(argument) if has_marks and not os.path.lexists(argument) else argument


def _with_help(command: Any, above: typer.Context | None = None) -> Any:  # noqa: ANN401  (Typer's Click has no one name)
    """A command whose own ``--help``, and that of those below it, is told in Chinese: Typer has no setting for its words."""
    context = command.make_context(command.name, [], above, resilient_parsing=True)
    command.get_help_option(context).help = "显示这段说明后退出"
    for below in getattr(command, "commands", {}).values():
        _with_help(below, context)
    return command


def start(services: Services, arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status.

    Args:
        services: What the commands ask for.
        arguments: What was typed after ``gradsync``; the process's own when left out.
    """
    typed = [_typed(argument) for argument in (sys.argv[1:] if arguments is None else arguments)]
    status: list[int] = []

    def work() -> None:
        try:
            status.append(_with_help(get_command(app))(typed, obj=services, standalone_mode=False) or 0)
        except typer.Exit as wanted:
            status.append(wanted.exit_code)
        except CLICK_ERROR as error:
            if type(error).__name__ != "NoArgsIsHelpError":
                raise explained(error) from None
            error.show()
            status.append(error.exit_code)
        except typer.Abort:
            raise KeyboardInterrupt from None

    error = stopped(work)
    return tell(error) if error else status[0]


def start_console(services: Services) -> int:
    """Open the console in the packaged program's folder, as after a double click, and return the exit status.

    A window that would close over an error waits to be read.
    """
    enter_working_folder()
    if Path.cwd() != program_folder():
        say(f"程序所在的文件夹不能写入，案例放在 {Path.cwd() / cases_folder()}。")
    status = start(services, ["console"])
    if status and sys.stdin.isatty():
        say("按回车键关闭窗口。")
        sys.stdin.readline()
    return status
