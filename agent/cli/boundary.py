"""The command line's boundary: the one place that catches everything."""

from __future__ import annotations

import errno
import os
import traceback
from collections.abc import Callable

from agent.cli.output import say
from agent.errors import Bug, GradsyncError, Interrupted, UsageError
from agent.files.system_errors import os_reason


def stopped(work: Callable[[], None]) -> GradsyncError | None:
    """Do the work and return what stopped it, whatever that was; None when it came to its end.

    An unforeseen exception becomes a ``Bug`` that names only the exception's type and place: its text may hold what was
    typed into a page.
    """
    try:
        work()
    except GradsyncError as error:
        return error
    except KeyboardInterrupt:
        return Interrupted("办理已停下。")
    except OSError as error:
        return _of_system(error)
    except Exception as error:  # noqa: BLE001  the boundary
        return Bug(f"程序遇到了没有预料到的情况（{type(error).__name__}，{_place(error)}）。")
    return None


def _of_system(error: OSError) -> GradsyncError:
    """What the system refused about a file that was named to it; anything else it says is a bug of ours."""
    if error.filename is None and error.errno != errno.ENOSPC:
        return Bug(f"程序遇到了没有预料到的情况（{type(error).__name__}，{_place(error)}）。")
    from agent.privacy.redaction import Redactor

    name = (
        f" {Redactor().redact(os.fsdecode(error.filename))}"
        if isinstance(error.filename, str | bytes)
        else ""
    )
    return UsageError(
        f"文件{name} 不能使用：{os_reason(error)}。", "请检查这个路径、权限和磁盘空间后再运行。"
    )


def _place(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{os.path.basename(last.filename)}:{last.lineno}"


def tell(error: GradsyncError) -> int:
    """Say on stderr what happened and what to do, and return the exit status."""
    typed = [f"在终端里：{error.command}"] if error.command else []
    say(f"出错了：{error.message}", f"怎么办：{error.remedy}", *typed)
    return int(error.exit_status)
