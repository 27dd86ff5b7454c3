"""``gradsync form``: what the student fills in, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import JsonOption, ProfileOption
from agent.cli.output import print_lines, print_result
from agent.cli.services import services_of
from agent.errors import ExitStatus

app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="学生填写的内容：家庭成员、履历、自我评价。"
)
FILE_NAME = "form.toml"
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="学生填写的 .toml 文件")]


@app.command()
def new(
    context: typer.Context, file: FileArgument = Path(FILE_NAME), profile: ProfileOption = "xjtu-2024-07"
) -> None:
    """生成一份带说明的空白表，填好后用 form check 检查。"""
    services_of(context).new_form(file, profile)
    print_lines([f"已生成 {file.absolute()}，请用编辑器打开填写，填好后运行：gradsync form check {file}"])


@app.command()
def check(
    context: typer.Context,
    file: FileArgument = Path(FILE_NAME),
    profile: ProfileOption = "xjtu-2024-07",
    as_json: JsonOption = False,
) -> None:
    """按通知的要求检查填好的表，一次列出全部问题；不打开任何网站。"""
    found = services_of(context).check_form(file, profile)
    good = [f"{file}：没有发现问题（{found.summary}）"]
    bad = [f"{file} 有 {len(found.problems)} 处要改：", *(f"  {line}" for line in found.problems)]
    data = {"file": str(file), "summary": found.summary, "problems": list(found.problems)}
    print_result(data, bad if found.problems else good, as_json)
    raise typer.Exit(ExitStatus.USAGE if found.problems else ExitStatus.DONE)
