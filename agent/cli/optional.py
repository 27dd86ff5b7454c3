"""Optional extras: one that is missing is named before anything is begun."""

from __future__ import annotations

from importlib.util import find_spec

from agent.errors import UsageError

COHORT = ("dbos", "openpyxl", "sqlalchemy")


def need_cohort() -> None:
    """See that the extra ``cohort`` is there.

    Raises:
        UsageError: It is not installed.
    """
    missing = [name for name in COHORT if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"没有安装成批办理的部件（{'、'.join(missing)}）。",
            '请在程序的文件夹里，用 .venv 里的 pip 运行 pip install ".[cohort]"。',
        )
