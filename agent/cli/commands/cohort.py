"""``gradsync cohort``: many students, by a roster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from agent.cli import options
from agent.cli.optional import need_cohort
from agent.cli.output import print_json, print_result, say
from agent.cli.services import services_of
from agent.errors import UsageError

if TYPE_CHECKING:
    from agent.asks import Answerer
    from agent.cohort.manager import Cohort
    from agent.cohort.model import CohortOrder
    from agent.cohort.roster import RosterProblem
    from agent.cohort.worker import Queue, Worker
    from agent.settings import Settings

ABOUT = (
    "成批办理：按名单为很多学生办理（每名学生都要有本人的同意书）。"
    "名单里不能有密码：在真实网站上由学生本人到场登录（cohort attend），程序不保管任何人的密码；"
    "只有本机的模拟网站可以用密码文件（GRADSYNC_COHORT__CREDENTIALS）。"
)
app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help=ABOUT)
FolderOption = Annotated[Path, typer.Option("--folder", help="这批学生的文件夹")]
WhoArgument = Annotated[str, typer.Argument(metavar="WHO", help="学号，或 status 里的代号")]
FOLDER = Path("gradsync-cohort")


@app.callback(help=ABOUT)
def cohort() -> None:
    """See that the extra is there before anything is begun."""
    need_cohort()


@app.command("import")
def import_roster(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="名单，.xlsx、.xls 或 .csv；表头至少有 姓名、证件号码")
    ],
    consents: Annotated[
        Path | None, typer.Option("--consents", help="同意书所在的文件夹（gradsync consent new 写出的）")
    ] = None,
    folder: FolderOption = FOLDER,
    as_json: options.JsonOption = False,
) -> None:
    """读入名单：逐行检查，一次列出所有错误；有错误就什么都不导入。可以重复导入，已办的不会丢。"""
    from agent.cohort import receipts, roster

    with _opened(folder, may_be_new=True) as (cohort, settings):
        read = roster.load(file, settings.day)
        if read.problems:
            _refuse(read.problems, as_json)
        place = consents or settings.cohort.consents
        handed_in = receipts.receipts(place) if place else None
        given = receipts.accounts(settings.cohort.credentials) if settings.cohort.credentials else {}
        people = receipts.with_belongings(read.people, handed_in, given)
        new, changed = cohort.store.put(people)
    without = sum(person.consent is None for person in people)
    if as_json:
        print_json({"students": len(people), "new": new, "changed": changed, "without_consent": without})
    say(f"名单上有 {len(people)} 名学生：新增 {new} 名，更新 {changed} 名；没有同意书的 {without} 名。")
    for sentence in read.left_out:
        say(sentence)


@app.command()
def status(folder: FolderOption = FOLDER, as_json: options.JsonOption = False) -> None:
    """现在办到哪里了：各种情况的人数，以及需要本人处理的学生。"""
    from agent.cohort import status

    counts, waiting = _to_read(folder)[0].standing()
    print_result(status.data(counts, waiting), status.lines(counts, waiting), as_json)


@app.command()
def run(
    context: typer.Context,
    profile: options.ProfileOption,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="同时工作的浏览器个数")] = 1,
    yes: options.YesOption = False,
    again: Annotated[bool, typer.Option("--again", help="已办完的和等本人处理的也再办一次")] = False,
    only: options.OnlyOption = None,
    today: options.TodayOption = None,
    folder: FolderOption = FOLDER,
    as_json: options.JsonOption = False,
) -> None:
    """为名单上还没有办完的学生办理；中断后再运行会接着做，已完成的不会重做。"""
    from agent.cohort import status
    from agent.cohort.manager import WorkerPool
    from agent.errors import ExitStatus, gravest

    order = _order(context, profile, yes, only, today)
    with _opened(folder) as (cohort, _), status.open_watching() as watching:
        gone, _ = _forget(cohort, expired=True)
        if gone:
            watching.say(f"{gone} 名学生的同意书已到期或撤回，已从名单里删除。")
        pool = WorkerPool(cohort, [*services_of(context).command(), "cohort", "worker", "--until-done", "--folder",
                             str(folder)], workers, watching)  # fmt: skip
        pool.run(order, again)
        (counts, waiting), rows = cohort.standing(), list(cohort.store.rows())
    print_result(status.data(counts, waiting), status.lines(counts, waiting), as_json)
    ends = (ExitStatus(row.exit_status) for row in rows if row.exit_status is not None)
    raise typer.Exit(gravest(ends))


@app.command()
def worker(
    context: typer.Context,
    until_done: Annotated[
        bool, typer.Option("--until-done", help="没有学生在排队、也没有正在办的，就结束")
    ] = False,
    folder: FolderOption = FOLDER,
) -> None:
    """一个工作进程：从队列里一名一名地取学生办理，收到 SIGTERM 就办完手上的再结束。

    run 会自己启动工作进程；要用更多电脑一起办，就在每台电脑上用同样的数据库地址和密钥运行它。
    """
    with _opened(folder) as (cohort, settings), cohort.queue() as queue:
        _worker(context, cohort, settings, queue, ()).run(until_done)


@app.command()
def attend(
    context: typer.Context,
    who: WhoArgument,
    profile: options.ProfileOption,
    yes: options.YesOption = False,
    only: options.OnlyOption = None,
    headless: options.HeadlessOption = None,
    today: options.TodayOption = None,
    folder: FolderOption = FOLDER,
    as_json: options.JsonOption = False,
) -> None:
    """学生本人在场：在打开的窗口里由学生自己登录、输入验证码、回答问题，办完这一名。"""
    from agent.cli.prompts import Terminal
    from agent.cohort import status
    from agent.report.progress import open_progress

    order = _order(context, profile, yes, only, today)
    with (
        _opened(folder, headless) as (cohort, settings),
        cohort.queue() as queue,
        open_progress() as progress,
    ):
        working = _worker(context, cohort, settings, queue, [Terminal(progress.paused)])
        row = working.attend(cohort.find(who).ref, order)
    print_result(status.row_data(row), [status.row_line(row), *status.remedies([row])], as_json)
    raise typer.Exit(row.exit_status or 0)


@app.command()
def answer(
    who: WhoArgument,
    ask: Annotated[
        str, typer.Argument(metavar="ASK", help="问题的编号，status 里有，例如 choose-enrollment")
    ],
    value: Annotated[str, typer.Argument(metavar="ANSWER", help="学生本人的回答")],
    folder: FolderOption = FOLDER,
) -> None:
    """记下学生本人对一个问题的回答；下一次 run 会接着办。验证码和短信码不能事后回答，请用 attend。"""
    from agent.asks import kept_answer

    kept = kept_answer(ask, value)
    with _opened(folder) as (cohort, _):
        cohort.store.answer(cohort.find(who).ref, ask, kept)
    say("已记下，下一次 gradsync cohort run 会接着办。")


@app.command()
def report(
    out: Annotated[Path, typer.Option("--out", help="写到哪个文件夹")] = Path("gradsync-cohort-report"),
    today: options.TodayOption = None,
    folder: FolderOption = FOLDER,
    as_json: options.JsonOption = False,
) -> None:
    """汇总：每名学生的各项任务和毕业条件（网页、CSV、Excel），最前面是今天要打电话的学生。

    里面有姓名和电话，文件只有本人能读；用完请删除。
    """
    from agent.cohort import report
    from agent.cohort.database import reached

    cohort, settings = _to_read(folder)
    with reached():
        day = options.day_of(today) or settings.day
        written = report.write(out, report.of(cohort.store.rows(), day))
    files = [str(path.resolve()) for path in written]
    print_result(files, files, as_json)


@app.command()
def forget(
    expired: Annotated[bool, typer.Option("--expired", help="只删除同意书已到期或已撤回的学生")] = False,
    folder: FolderOption = FOLDER,
) -> None:
    """从名单的存储里删除学生：不加 --expired 就全部删除，在终端里会先问一遍；案例文件夹用 gradsync forget 删除。

    撤回或到期的，每次 run 也会自动删除。
    """
    with _opened(folder) as (cohort, _):
        if not expired:
            _check_wanted(sum(1 for _ in cohort.store.rows()))
        gone, kept = _forget(cohort, expired)
    say(f"已删除 {gone} 名学生；正在办理、没有删除的 {kept} 名。")


def _check_wanted(students: int) -> None:
    """Ask whoever sits at the terminal, and no script, before everybody is deleted; raises ``AskRefused`` at a no."""
    from agent.asks import YES, Ask, AskKind
    from agent.cli.prompts import Terminal
    from agent.errors import AskRefused

    ask = Ask("cohort.forget", AskKind.YES_NO, f"要从名单里删除全部 {students} 名学生吗？删除以后不能恢复")
    answer = Terminal(nullcontext).answer(ask)
    if answer and answer.value != YES:
        raise AskRefused("什么都没有删除。", "真的要删除时再运行一次，输入 y。")


def _forget(cohort: Cohort, expired: bool) -> tuple[int, int]:
    """Delete students, and return how many were deleted and how many were left."""
    from agent.cohort.receipts import is_over

    rows = [row for row in cohort.store.rows() if not expired or is_over(row.person)]
    kept = cohort.store.forget([row.ref for row in rows])
    return len(rows) - kept, kept


def _refuse(problems: Sequence[RosterProblem], as_json: bool) -> NoReturn:
    print_result(list(map(vars, problems)), (problem.describe() for problem in problems), as_json)
    raise UsageError(f"名单有 {len(problems)} 处错误，什么都没有导入。", "请按上面逐条改正后再导入。")


@contextmanager
def _opened(
    folder: Path, headless: bool | None = None, may_be_new: bool = False
) -> Iterator[tuple[Cohort, Settings]]:
    """Open the cohort of a folder; raises ``UsageError`` when it cannot be, or is not there and may not be new."""
    from agent.cohort.manager import opened
    from agent.settings import load

    settings = load({"headless": headless})
    with opened(folder, settings.cohort, say, may_be_new=may_be_new) as cohort:
        yield cohort, settings


def _to_read(folder: Path) -> tuple[Cohort, Settings]:
    """Open the cohort of a folder for whoever only looks; raises ``UsageError`` when there is none."""
    from agent.cohort.manager import FOLDER_OPTION, looked_at
    from agent.settings import load

    settings = load()
    return looked_at(folder, settings.cohort, FOLDER_OPTION), settings


def _worker(
    context: typer.Context, cohort: Cohort, settings: Settings, queue: Queue, answerers: Sequence[Answerer]
) -> Worker:
    from agent.browser.launcher import running, wants_window
    from agent.cohort.worker import RemoteWorkerBrowser, Worker, WorkerBrowser

    headless = not answerers or not wants_window(settings)
    browser = (WorkerBrowser if answerers else RemoteWorkerBrowser)(
        lambda: running(settings, headless, say), settings.cohort.cases_per_browser
    )
    carry_out = services_of(context).one_of_many(settings, answerers)
    return Worker(cohort.store, queue, browser, carry_out, settings.cohort, cohort.cases, say)


def _order(
    context: typer.Context, profile: str, yes: bool, only: Sequence[str] | None, today: datetime | None
) -> CohortOrder:
    """What is to be done for each student, once it is known that it can be."""
    from agent.cohort.model import CohortOrder

    order = CohortOrder(profile=profile, yes=yes, only=tuple(only or ()), today=options.day_of(today))
    services_of(context).check_order(order.profile, order.only)
    return order
