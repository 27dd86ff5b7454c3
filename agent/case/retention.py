"""Deletion of what a case holds of a person; the audit log, which holds nothing of them, stays.

PIPL art. 19 and 47: no longer than needed, and deleted when the student withdraws or the agreed time is over.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import rmtree

from agent import consent
from agent.case import journal
from agent.case.audit_log import FILE_NAME as AUDIT
from agent.case.audit_log import FORGOTTEN, AuditLog, heads
from agent.case.case import Case
from agent.case.journal import Journal
from agent.consent import Receipt, Register
from agent.errors import UsageError
from agent.files.system_errors import os_errors_told
from agent.privacy.private_files import (
    CASE_FILES,
    CASE_FOLDERS,
    PrivateFolder,
    links_in_case,
    refuse_no_files,
)

JOURNAL = tuple(f"{journal.FILE_NAME}{end}" for end in ("", "-wal", "-shm"))


@dataclass(frozen=True)
class Forgotten:
    """What was deleted of one case.

    Args:
        folder: The case folder.
        deleted: How many files of which sort; names could hold a document number.
        left: Names of files in the folder that are not the program's, which were left.
        links: Names of links that stood where something of the program's belongs; what they lead to was left.
    """

    folder: Path
    deleted: Mapping[str, int]
    left: tuple[str, ...]
    links: tuple[str, ...] = ()

    def describe(self) -> str:
        """Say it in one Chinese sentence, with where it lay."""
        return f"{self.folder}：{self.told()}"

    def told(self) -> str:
        """Say it in one Chinese sentence."""
        counts = "、".join(f"{sort} {count} 个文件" for sort, count in self.deleted.items())
        done = f"已删除{counts}" if counts else "没有可删除的内容"
        kept = f"；不是程序写的，没有删除：{'、'.join(self.left)}" if self.left else ""
        linked = (
            f"；是链接，只删除了链接本身，指向的文件没有动：{'、'.join(self.links)}" if self.links else ""
        )
        return f"{done}；保留审计记录 {AUDIT}，里面没有个人信息{kept}{linked}。"


def forget(folder: Path) -> Forgotten:
    """Delete what a case holds of a person.

    Raises:
        CaseBusy: A run works on it.
        UsageError: It is no case, something in it is no file, or a file cannot be deleted.
    """
    refuse_no_files(folder)
    _require_case(folder)
    links = _unlink_all(folder)
    with closing(Journal(folder)) as lock:
        deleted = _delete(folder)
        lock.forget()
        with suppress(
            UsageError
        ):  # a log that was tampered with is left as it is, for whoever looks into that
            AuditLog(PrivateFolder(folder, str)).append(FORGOTTEN, files=deleted.total())
    for name in JOURNAL:
        (folder / name).unlink(missing_ok=True)
    left = tuple(path.name for path in sorted(folder.iterdir()) if path.name != AUDIT)
    return Forgotten(folder, dict(deleted), left, links)


def forget_open(case: Case) -> None:
    """The same for the case of this run, whose journal is emptied and stays until the run ends."""
    deleted = _delete(case.path)
    case.evidence.forget()
    case.journal.forget()
    case.audit.append(FORGOTTEN, files=deleted.total())


def _unlink_all(folder: Path) -> tuple[str, ...]:
    """Take the links out of a case, so that nothing is read or deleted where they lead; return their names."""
    links = links_in_case(folder)
    for link in links:
        link.unlink()
    return tuple(str(link.relative_to(folder)) for link in links)


def _require_case(folder: Path) -> None:
    with suppress(UsageError):
        if next(heads(folder), None):
            return
    if not any((folder / name).is_file() for name in (journal.FILE_NAME, "console.json")):
        raise UsageError(
            f"文件夹 {folder} 不是案例文件夹，什么都没有删除。", "请给出 gradsync run 写出的文件夹。"
        )


def _delete(folder: Path) -> Counter[str]:
    deleted: Counter[str] = Counter()
    with os_errors_told(f"{folder} 里有文件删除不了", "请关闭正在打开它的程序后再删除。"):
        for name, sort in CASE_FOLDERS.items():
            deleted[sort] += _delete_folder(folder / name)
        for name, sort in ((name, sort) for name, sort in CASE_FILES.items() if sort):
            for path in (folder / name, folder / f".{name}.part"):
                if path.is_file() or path.is_symlink():
                    path.unlink()
                    deleted[sort] += 1
    return +deleted


def _delete_folder(path: Path) -> int:
    """Delete a folder of the program's with everything in it; what a link leads to is not the case's."""
    if path.is_symlink():
        path.unlink()
        return 1
    files = sum(len(names) for _, _, names in os.walk(path))
    if path.is_dir():
        rmtree(path)
    return files


def due(register: Register, now: datetime) -> Iterator[Path]:
    """Yield the cases whose agreed time is over, or whose student has withdrawn.

    Args:
        now: The time with its zone.
    """
    for folder, receipt in _consented(register):
        if receipt.delete_after <= now or register.is_withdrawn(receipt):
            yield folder


def of_receipt(register: Register, receipt_id: str) -> Iterator[Path]:
    """Yield the cases that were made with a consent."""
    return (folder for folder, receipt in _consented(register) if receipt.receipt_id == receipt_id)


def _consented(register: Register) -> Iterator[tuple[Path, Receipt]]:
    for folder in register.cases():
        with suppress(UsageError):  # a copy that cannot be read says nothing
            yield folder, consent.load(folder)


def forget_all(folders: Iterable[Path]) -> tuple[list[Forgotten], dict[Path, UsageError]]:
    """Forget cases; return what was deleted, and by case what kept one from being: a run that works on it, most often."""
    done, stuck = [], {}
    for folder in folders:
        try:
            done.append(forget(folder))
        except UsageError as error:
            stuck[folder] = error
    return done, stuck
