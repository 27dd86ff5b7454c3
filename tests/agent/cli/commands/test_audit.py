"""``gradsync audit verify``: what is right, or which line or file is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.agent.cli.conftest import Gradsync
from tests.harness.cases import finished_case


@pytest.fixture
def case(plain: Gradsync) -> Path:
    """A whole case in the working folder."""
    return finished_case(plain.folder / "case")


def test_a_whole_case(plain: Gradsync, case: Path) -> None:
    ran = plain("audit", "verify", "case")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == (
        "√ 审计记录共 5 条，前后相接。\n"
        "√ 留证文件共 2 个，与清单一致。\n"
        "√ 审计记录与报告一致。\n"
        "√ 留证清单与报告一致。\n"
    )


def test_a_changed_case(plain: Gradsync, case: Path) -> None:
    log = case / "audit.jsonl"
    log.write_text(log.read_text("utf-8").replace("step-4", "step-5"), "utf-8")
    (case / "evidence" / "01-conditions.txt").write_text("改写", "utf-8")
    ran = plain("audit", "verify", "case")
    assert (ran.status, ran.err) == (2, "")
    assert ran.out == (
        "× 审计记录第 4 行与前文对不上，记录可能被改动过。\n"
        "× 留证文件 evidence/01-conditions.txt 被改动过。\n"
        "× 报告说审计记录有 5 条，现在少了后面的。\n"
        "√ 留证清单与报告一致。\n"
        "请保留这个文件夹并联系维护者。\n"
    )


def test_as_data(plain: Gradsync, case: Path) -> None:
    (case / "report.json").unlink()
    ran = plain("audit", "verify", "case", "--json")
    assert (ran.status, ran.err) == (40, "")
    assert (ran.json["verdict"], ran.json["records"], len(ran.json["head"])) == ("warn", 5, 64)
    assert {row["id"]: row["level"] for row in ran.json["findings"]} == {
        "audit.chain": "ok",
        "evidence.files": "ok",
        "audit.report": "warn",
    }


@pytest.mark.parametrize("name", ["missing", "."])
def test_a_folder_that_is_no_case_is_a_mistake(name: str, plain: Gradsync) -> None:
    ran = plain("audit", "verify", name)
    assert (ran.status, ran.out) == (2, "")
    assert "audit.jsonl" in ran.err
    assert list(plain.folder.iterdir()) == []
