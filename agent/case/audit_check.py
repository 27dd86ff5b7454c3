"""Check of a case's records: audit log, evidence and report, each held against the others.

The log and the manifest only ever grow, so what a report says of them must be how they once were: a run that was killed
before it wrote its report leaves them longer, never otherwise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Literal

from agent.case.audit_log import FILE_NAME, FORGOTTEN, GENESIS, Head, events, heads, last_event
from agent.case.case import MANIFEST
from agent.case.file_digests import EVENT, FILES, changed, signature
from agent.errors import UsageError
from agent.privacy.private_files import Json, require_plain_files
from agent.report.files import REPORT, load
from agent.report.model import Report

Level = Literal["ok", "warn", "fail"]
REMEDY = "请保留这个文件夹并联系维护者。"


@dataclass(frozen=True)
class AuditFinding:
    """One thing that was held against another.

    Args:
        id: ``audit.chain``, ``audit.report``, ``audit.files``, ``audit.signature``, ``audit.anchor``,
            ``evidence.files``, ``evidence.extra`` or ``evidence.report``.
        level: ``ok``; ``warn`` where it cannot be told; ``fail`` where one contradicts the other.
        note: One Chinese sentence that names the line or the file.
    """

    id: str
    level: Level
    note: str


@dataclass(frozen=True)
class AuditResult:
    """What was found, and the log's head as far as the log is whole."""

    head: Head
    findings: tuple[AuditFinding, ...]

    @property
    def level(self) -> Level:
        """The gravest level."""
        levels = {finding.level for finding in self.findings}
        return "fail" if "fail" in levels else "warn" if "warn" in levels else "ok"


def examine(folder: Path, anchor: str = "") -> AuditResult:
    """Hold a case's audit log, evidence and report against each other; nothing is changed.

    Args:
        anchor: A head of the log that somebody wrote down; empty for none.

    Raises:
        UsageError: There is no audit log: the folder is no case.
    """
    require_plain_files(folder)
    if not (folder / FILE_NAME).is_file():
        raise UsageError(f"文件夹 {folder} 里没有 {FILE_NAME}。", "请给出 gradsync run 写出的案例文件夹。")
    whole, broken = _chain(folder)
    manifest = _manifest(folder)
    report, unreadable = _report(folder)
    findings = [*_of_chain(folder, whole, broken), *_of_evidence(folder, manifest), *unreadable]
    if report:
        findings += [*_of_head(report, whole), *_of_manifest(report, manifest)]
    told = events(folder, len(whole) - 1)
    last = max((number for number, event in enumerate(told) if event["event"] == EVENT), default=None)
    # A log of before it said anything of the case's files says nothing, nor does one of a case that was forgotten.
    if last is not None and told[-1]["event"] != FORGOTTEN:
        findings += [*_of_files(folder, told, last), *_of_signature(folder, whole, told[last])]
    return AuditResult(whole[-1], (*findings, *_of_anchor(anchor, whole)))


def _chain(folder: Path) -> tuple[list[Head], str]:
    """Return the heads up to the first broken record, and what is said of that one."""
    whole = [Head(0, GENESIS)]
    try:
        whole.extend(heads(folder))
    except UsageError as error:
        return whole, error.message
    return whole, ""


def _of_chain(folder: Path, whole: list[Head], broken: str) -> Iterator[AuditFinding]:
    if broken:
        yield AuditFinding("audit.chain", "fail", broken)
        return
    yield AuditFinding("audit.chain", "ok", f"审计记录共 {whole[-1].records} 条，前后相接。")
    if not (folder / FILE_NAME).read_bytes().endswith(b"\n") and (folder / FILE_NAME).stat().st_size:
        yield AuditFinding("audit.chain", "warn", "审计记录最后一行没有写完（程序被中断过），不算在内。")


def _of_head(report: Report, whole: list[Head]) -> Iterator[AuditFinding]:
    claimed = report.audit
    if claimed is None:
        yield AuditFinding("audit.report", "warn", "报告里没有审计记录的末尾，无从对照。")
    elif claimed.records >= len(whole):
        yield AuditFinding("audit.report", "fail", f"报告说审计记录有 {claimed.records} 条，现在少了后面的。")
    elif whole[claimed.records].hash != claimed.head:
        yield AuditFinding("audit.report", "fail", f"审计记录第 {claimed.records} 条不是报告里写的那一条。")
    else:
        more = len(whole) - 1 - claimed.records
        later = f"（报告之后还有 {more} 条）" if more else ""
        yield AuditFinding("audit.report", "ok", f"审计记录与报告一致{later}。")


def _of_files(folder: Path, told: list[dict[str, Json]], last: int) -> Iterator[AuditFinding]:
    """What the log's last event of that kind says of the case's other files."""
    path = folder / FILES
    listed = path.read_bytes() if path.is_file() else b""
    fits = hashlib.sha256(listed).hexdigest() == told[last].get("digest")
    names = list(changed(folder, listed)) if fits else [FILES]
    if not names:
        yield AuditFinding("audit.files", "ok", "报告、网页、计划、照片和操作记录与审计记录里的摘要一致。")
    elif any(event["event"] == "run" for event in told[last + 1 :]):
        yield AuditFinding("audit.files", "warn", f"后来又运行过、没有写完，无从对照：{'、'.join(names)}。")
    else:
        yield AuditFinding("audit.files", "fail", f"运行结束之后被改动、删除或添加过：{'、'.join(names)}。")


def _of_signature(folder: Path, whole: list[Head], last: Mapping[str, Json]) -> Iterator[AuditFinding]:
    found = signature(folder, whole)
    if found == "signed":
        yield AuditFinding("audit.signature", "ok", "审计记录的签名与这台电脑密钥环里的密钥相符。")
    elif found == "no key":
        yield AuditFinding("audit.signature", "warn", "这台电脑的密钥环里没有签名用的密钥，签名无从对照。")
    elif found == "wrong" or last.get("signed"):
        yield AuditFinding("audit.signature", "fail", "审计记录的签名不对，或被删除了。")
    else:
        note = f"审计记录没有签名；请把末尾记在别处，以后用 --head 对照：{whole[-1].hash}"
        yield AuditFinding("audit.signature", "ok", note)


def _of_anchor(anchor: str, whole: list[Head]) -> Iterator[AuditFinding]:
    if not anchor:
        return
    number = next(
        (head.records for head in whole if head.records and head.hash == anchor.strip().lower()), None
    )
    if number is None:
        yield AuditFinding("audit.anchor", "fail", "记下的末尾不在这份审计记录里：它被重写过，或少了后面的。")
    else:
        yield AuditFinding("audit.anchor", "ok", f"记下的末尾是这份审计记录的第 {number} 条。")


def _manifest(folder: Path) -> list[bytes]:
    path = folder / MANIFEST
    return path.read_bytes().splitlines(keepends=True) if path.is_file() else []


def _of_evidence(folder: Path, manifest: list[bytes]) -> Iterator[AuditFinding]:
    listed = dict(_entry(line) for line in manifest)
    problems = [problem for name, digest in listed.items() if (problem := _problem(folder, name, digest))]
    yield from (AuditFinding("evidence.files", "fail", problem) for problem in problems)
    if not problems:
        yield AuditFinding("evidence.files", "ok", f"留证文件共 {len(listed)} 个，与清单一致。")
    kept = sorted(path.name for path in (folder / MANIFEST).parent.glob("*"))
    extra = [name for name in kept if name not in listed and name != Path(MANIFEST).name]
    yield from (
        AuditFinding("evidence.extra", "warn", f"留证文件 evidence/{name} 不在清单里。") for name in extra
    )


def _entry(line: bytes) -> tuple[str, str]:
    digest, _, name = line.decode("utf-8", "backslashreplace").rstrip("\n").partition("  ")
    return name, digest


def _problem(folder: Path, name: str, digest: str) -> str:
    """Say what is wrong with a piece of evidence; nothing when it is what the manifest says."""
    path = (folder / MANIFEST).parent / name
    if not name or Path(name).name != name:
        return f"清单里有一行不是留证文件：{name or digest}。"
    if not path.is_file():
        return f"留证文件 evidence/{name} 不见了。"
    changed = hashlib.sha256(path.read_bytes()).hexdigest() != digest
    return f"留证文件 evidence/{name} 被改动过。" if changed else ""


def _of_manifest(report: Report, manifest: list[bytes]) -> Iterator[AuditFinding]:
    claimed = report.evidence.manifest_sha256 if report.evidence else None
    once = [hashlib.sha256(text).hexdigest() for text in accumulate(manifest, initial=b"")]
    if claimed is None:
        yield AuditFinding("evidence.report", "warn", "报告里没有留证清单的摘要，无从对照。")
    elif claimed not in once:
        yield AuditFinding("evidence.report", "fail", "留证清单不是报告里写的那一份。")
    else:
        yield AuditFinding("evidence.report", "ok", "留证清单与报告一致。")


def _report(folder: Path) -> tuple[Report | None, list[AuditFinding]]:
    """Return the report; without one, what that means."""
    if not (folder / REPORT).is_file():
        if last_event(folder) == FORGOTTEN:
            return None, [AuditFinding("audit.report", "ok", "报告已按要求删除，只留下审计记录。")]
        return None, [AuditFinding("audit.report", "warn", f"没有 {REPORT}，审计记录和留证无从对照。")]
    try:
        return load(folder), []
    except UsageError as error:
        return None, [AuditFinding("audit.report", "fail", error.message)]
