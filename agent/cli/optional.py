"""Optional extras: one that is missing is named before anything is begun."""

from __future__ import annotations

from importlib.util import find_spec

from agent.errors import UsageError
from agent.packaged import is_packaged

BY_PIP = '请在程序的文件夹里，用 .venv 里的 pip 运行 pip install ".[cohort]"。'
IN_THE_LARGER_ARCHIVE = "请在发布页下载名字里有 full 的压缩包，里面有这些部件。"
COHORT = ("dbos", "openpyxl", "sqlalchemy")


def missing_for_cohort() -> list[str]:
    """Return which parts of the extra ``cohort`` are not installed."""
    return [name for name in COHORT if find_spec(name) is None]


def need_cohort() -> None:
    """See that the extra ``cohort`` is there.

    Raises:
        UsageError: It is not installed.
    """
    if missing := missing_for_cohort():
        raise UsageError(
            f"没有安装成批办理的部件（{'、'.join(missing)}）。",
            IN_THE_LARGER_ARCHIVE if is_packaged() else BY_PIP,
        )
