"""``gradsync consent``: a student's consent to being helped, written down, shown and withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.commands.forget import print_forgotten
from agent.cli.options import JsonOption
from agent.cli.output import print_result, say
from agent.errors import AskRefused, ExitStatus, NobodyThere, UsageError
from agent.files.text_files import lost_character

if TYPE_CHECKING:
    from agent.asks import AskRouter
    from agent.consent import Receipt, Tick

app = typer.Typer(
    rich_markup_mode=None, help="同意书：替学生办理之前写一份，随时可以撤回。", no_args_is_help=True
)
CONSENTS = Path("gradsync-consents")
SIGNATURE = "本人已阅读并自愿同意"
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
    from agent.consent import Party, issue
    from agent.consent.gate import local_now

    asks = _desk()
    party = Party(party_name=helper, party_contact=contact)
    valid, keep = timedelta(days=valid_days), timedelta(days=keep_days)
    with _student_at_the_terminal():
        person = _who(asks)
        receipt = issue(person["name"], person["id_number"], party, _asked(asks), local_now(), valid, keep)
        _sign(asks, receipt)
    written = _write(receipt, out or CONSENTS / receipt.receipt_id[:8])
    print_result(receipt.to_data(), map(str, written), as_json)
    say(f"代办时运行：gradsync run --profile 通知 --assisted --consent {written[0].resolve()}")


@app.command()
def show(path: ReceiptArgument, as_json: JsonOption = False) -> None:
    """显示一份同意书，并说明现在是否有效（结束码 0 有效，13 已到期或撤回）。"""
    from agent.consent import load
    from agent.consent.receipt_page import lines
    from agent.errors import ConsentMissing

    receipt = load(path)
    print_result(receipt.to_data(), lines(receipt), as_json)
    try:
        _require_valid(receipt)
    except ConsentMissing as error:
        say(error.message)
        raise typer.Exit(ExitStatus.CONSENT) from None
    say("现在有效。")


@app.command()
def withdraw(
    path: ReceiptArgument,
    as_json: JsonOption = False,
) -> None:
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


def _desk() -> AskRouter:
    from agent.asks import Answerer, AskRouter, scripted_from_file
    from agent.cli.prompts import Terminal
    from agent.settings import load

    settings = load()
    scripted: list[Answerer] = [scripted_from_file(settings.answers)] if settings.answers else []
    return AskRouter([*scripted, Terminal(nullcontext)])


@contextmanager
def _student_at_the_terminal() -> Iterator[None]:
    """Say how the student can be there; no window is opened here, as it is for other asks.

    Raises:
        NobodyThere: An ask was raised inside and nobody answered it.
    """
    try:
        yield
    except NobodyThere as error:
        remedy = "请学生本人在场，在能输入文字的终端里再运行一次这个命令（不要接管道，也不要放到后台）。"
        raise NobodyThere(error.message, remedy, command="gradsync consent new") from None


def _who(asks: AskRouter) -> dict[str, str]:
    from agent.asks import Ask, AskField, AskKind

    fields = (AskField("name", "姓名"), AskField("id_number", "证件号码", secret=True))
    given = asks.fill_in(Ask("consent.student", AskKind.FORM, "请学生本人输入", fields=fields))
    for row in fields:
        if lost := lost_character(given[row.name]):
            raise UsageError(f"{row.label}里{lost.partition('行')[2]}。", "请换一种输入法重新输入。")
    return given


def _asked(asks: AskRouter) -> frozenset[Tick]:
    """Ask the student about everything one by one; comparing faces is asked once, as the separate consent it needs.

    Raises:
        AskRefused: The student consents to nothing.
    """
    from agent.consent import Action

    ticks = frozenset(_ticked(asks))
    if not ticks & frozenset(Action):
        raise AskRefused("学生没有同意任何一项操作，没有写同意书。", "请学生自己办理。")
    return ticks


def _ticked(asks: AskRouter) -> Iterator[Tick]:
    from agent.consent import Action, Sensitive
    from agent.consent.statements import ACTIONS, SEPARATE

    for action, said in ACTIONS.items():
        if action is not Action.COMPARE_FACES and _agrees(asks, action, said.title, said.purpose):
            yield action
    for item, said in SEPARATE.items():
        if _agrees(asks, item, said.title, said.purpose):
            yield from (Action.COMPARE_FACES, item) if item is Sensitive.FACE_COMPARISON else (item,)


def _agrees(asks: AskRouter, tick: Tick, title: str, purpose: str) -> bool:
    from agent.asks import YES, Ask, AskKind

    ask = Ask(f"consent.{tick}", AskKind.YES_NO, f"学生本人是否同意“{title}”", details=(f"{purpose}。",))
    return asks.ask(ask).strip() == YES


def _sign(asks: AskRouter, receipt: Receipt) -> None:
    from agent.asks import Ask, AskKind
    from agent.consent.receipt_page import lines

    text = "请学生本人看完下面的全部内容，同意就输入这句话"
    ask = Ask("consent.sign", AskKind.WORDS, text, options=(SIGNATURE,), details=tuple(lines(receipt)))
    asks.confirm(ask)


def _write(receipt: Receipt, folder: Path) -> list[Path]:
    from agent.consent import FILE_NAME, receipt_page
    from agent.consent.registry import to_bytes
    from agent.privacy.private_files import PrivateFolder

    if folder.exists():
        raise UsageError(f"{folder} 已经存在。", "请用 --out 另选一个还没有的文件夹。")
    private = PrivateFolder(folder, str)
    return [
        private.write_as_is(FILE_NAME, to_bytes(receipt)),
        private.write_as_is(receipt_page.FILE_NAME, receipt_page.render(receipt).encode()),
    ]


def _require_valid(receipt: Receipt) -> None:
    from agent.consent import Gate

    Gate(receipt, lambda step, kind: None).require_valid()
