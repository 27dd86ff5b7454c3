"""``gradsync consent``: a student's consent to being helped, written down, shown and withdrawn."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.commands.forget import print_forgotten
from agent.cli.options import JsonOption
from agent.cli.output import print_result, say
from agent.errors import ExitStatus, NobodyThere, UsageError

if TYPE_CHECKING:
    from agent.asks import AskRouter

app = typer.Typer(
    rich_markup_mode=None, help="同意书：替学生办理之前写一份，随时可以撤回。", no_args_is_help=True
)
CONSENTS = Path("gradsync-consents")
ReceiptArgument = Annotated[Path, typer.Argument(metavar="FILE", help="同意书文件，或案例文件夹")]


@app.command()
def new(
    helper: Annotated[str, typer.Option("--helper", help="办理人员的姓名和单位")],
    contact: Annotated[str, typer.Option("--contact", help="办理人员的联系方式")],
    valid_days: Annotated[int, typer.Option("--valid-days", min=1, max=90, help="几天内可以代办")] = 7,
    keep_days: Annotated[int, typer.Option("--keep-days", min=1, max=365, help="几天后删除读到的内容")] = 7,
    out: Annotated[Path | None, typer.Option("--out", help="写到哪个新文件夹")] = None,
    as_json: JsonOption = False,
) -> None:
    """由学生本人逐项回答，写一份同意书（consent.json，和可以打印的 consent.html）。

    姓名、证件号码和每一项意见都当面询问学生，不能写在命令里；同意书里只写姓和号码的后几位。
    """
    from agent.consent.receipt import party
    from agent.consent.receipt_page import write
    from agent.consent.signing import signed

    who = party(helper, contact)
    try:
        receipt = signed(_asks(), who, timedelta(days=valid_days), timedelta(days=keep_days))
    except NobodyThere as error:  # no window is opened here, as it is for other asks
        remedy = "请学生本人在场，在能输入文字的终端里再运行一次这个命令（不要接管道，也不要放到后台）。"
        raise NobodyThere(error.message, remedy, command="gradsync consent new") from None
    folder = out or CONSENTS / receipt.receipt_id[:8]
    if folder.exists():
        raise UsageError(f"{folder} 已经存在。", "请用 --out 另选一个还没有的文件夹。")
    written = write(receipt, folder)
    print_result(receipt.to_data(), map(str, written), as_json)
    say(f"代办时运行：gradsync run --profile 通知 --assisted --consent {written[0].resolve()}")


@app.command()
def show(path: ReceiptArgument, as_json: JsonOption = False) -> None:
    """显示一份同意书，并说明现在是否有效（结束码 0 有效，13 已到期或撤回）。"""
    from agent.consent import Gate, load
    from agent.consent.receipt_page import lines
    from agent.errors import ConsentMissing

    receipt = load(path)
    print_result(receipt.to_data(), lines(receipt), as_json)
    try:
        Gate(receipt, lambda step, kind: None).require_valid()
    except ConsentMissing as error:
        say(error.message)
        raise typer.Exit(ExitStatus.CONSENT) from None
    say("现在有效。")


@app.command()
def withdraw(path: ReceiptArgument, as_json: JsonOption = False) -> None:
    """撤回同意：立即生效，并删除用这份同意书办理的案例里的个人信息，只留审计记录。"""
    from agent.case import retention
    from agent.consent import Register
    from agent.consent import withdraw as withdraw_consent
    from agent.consent.gate import local_now

    register = Register()
    receipt = withdraw_consent(path, register, local_now())
    found = {
        *retention.of_receipt(register, receipt.receipt_id),
        *([path.resolve()] if path.is_dir() else []),
    }
    done, stuck = retention.forget_all(sorted(found))
    say("已撤回，从现在起不能再用它办理。")
    print_forgotten({"receipt_id": receipt.receipt_id}, done, stuck, as_json)


def _asks() -> AskRouter:
    from agent.asks import AskRouter, scripted_from_file
    from agent.cli.prompts import Terminal
    from agent.settings import load

    settings = load()
    scripted = [scripted_from_file(settings.answers)] if settings.answers else []
    for each in scripted:
        say(*each.unknown)
    return AskRouter([*scripted, Terminal(nullcontext)])
