"""The packaged program after a double click: the console, in the folder the program lies in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.app import start
from agent.cli.output import say
from agent.packaged import cases_folder, enter_working_folder, program_folder

if TYPE_CHECKING:
    from agent.cli.services import Services


def start_console(services: Services) -> int:
    """Open the console, and return the exit status; a window that would close over an error waits to be read."""
    enter_working_folder()
    if Path.cwd() != program_folder():
        say(f"程序所在的文件夹不能写入，案例放在 {Path.cwd() / cases_folder()}。")
    status = start(services, ["console"])
    if status and sys.stdin.isatty():
        say("按回车键关闭窗口。")
        sys.stdin.readline()
    return status
