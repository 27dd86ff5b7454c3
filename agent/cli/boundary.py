"""The command line's boundary: the one place that catches everything."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable

from agent.errors import Bug, GradsyncError, Interrupted


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
        return Interrupted("运行被中断（Ctrl-C）。")
    except Exception as error:  # noqa: BLE001  the boundary
        return Bug(f"程序遇到了没有预料到的情况（{type(error).__name__}，{_place(error)}）。")
    return None


def _place(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{os.path.basename(last.filename)}:{last.lineno}"


def tell(error: GradsyncError) -> int:
    """Say on stderr what happened and what to do, and return the exit status."""
    print(f"出错了：{error.message}\n怎么办：{error.remedy}", file=sys.stderr)  # noqa: T201  talk goes to stderr
    return int(error.exit_status)
