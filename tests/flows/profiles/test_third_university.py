"""Another university on the same platform, with its own names, words and rules, from a TOML file alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from agent.engine.engine import DutyResult, DutyStatus
from agent.errors import UsageError
from flows.forms.toml_file import examine, template
from flows.profiles.schema import Profile, load, parse
from flows.report.builder import report
from flows.run.findings import Findings
from flows.run.outcome import RunOutcome
from flows.sites.chaoxing import conditions
from flows.sites.chaoxing.grade_table import Course, judged
from tests.harness.trees import block

NOTICE = """
id = "example-2025"
title = "示例大学 2025 届毕业事项"
school = "示例大学"
time_zone = "Asia/Urumqi"
contact = "示例函授站"

[window]
start = 2025-03-01
end = 2025-03-20
closing_days = 5
consequence = "逾期延至下一批次。"

[sites.chsi]
use = "chsi"

[sites.chaoxing]
use = "chaoxing"
login_url = "https://example.jxjy.chaoxing.com/login"

[sites.chaoxing.conditions]
name = ["审核项目"]
status = ["审核结果"]

[sites.chaoxing.grades.columns]
course = ["科目"]
total = ["最终成绩"]

[photo]
file_name = "{id_number}.jpg"
wait_days = 10
waiting_advice = "请等待。"

[grades]
pass_mark = 70

[rules.family]
relations = ["父", "母"]

[rules.history]
begins = ["小学"]
largest_gap_months = 0

[rules.self_evaluation]
least_characters = 20

[status_words]
met = ["达标"]
unmet = ["待办"]
pending = ["复核中"]

[[duties]]
id = "self_evaluation"
title = "自我鉴定"
where = "平台"

[[duties]]
id = "grades"
title = "成绩"
where = "平台"

[[conditions]]
name = "鉴定表"
meaning = "自我鉴定已交。"
duty = "self_evaluation"
next_step = "请交自我鉴定。"
where = "平台"

[[conditions]]
name = "平均分达到 70"
measure = "average"
next_step = "请核对成绩。"
where = "平台"
"""


@pytest.fixture
def example(tmp_path: Path) -> Profile:
    """The notice, read from its file."""
    path = tmp_path / "example-2025.toml"
    path.write_text(NOTICE, "utf-8")
    return load(str(path))


def test_its_conditions_and_grades_are_read_by_its_words_and_told_with_its_next_steps(
    example: Profile,
) -> None:
    site = example.sites.chaoxing
    assert site is not None
    page = block(block("审核项目：鉴定表 审核结果：待办"), block("审核项目：平均分达到 70 审核结果：达标"))
    rows = conditions.read(page, site.conditions, example)
    table = judged((Course("数学", "", "69"), Course("语文", "", "60")), example.grades)
    found = Findings(conditions=rows, grades=table)
    found.check_grades(example)
    outcome = RunOutcome(
        profile=example,
        found=found,
        results={"self_evaluation": DutyResult(DutyStatus.SKIPPED, "这次没有填写")},
        troubles=(),
        steps=(),
        asked=(),
        fallbacks=(),
        wanted=("self_evaluation", "grades"),
        today=date(2025, 3, 16),
        manifest_sha256="",
        audit_records=0,
        audit_head="",
    )
    made = report(outcome)
    assert made.conditions is not None
    assert [(row.name, row.status) for row in made.conditions.items] == [
        ("鉴定表", "unmet"),
        ("平均分达到 70", "met"),
    ]
    assert made.next_steps[0].title == "请交自我鉴定。"
    assert made.next_steps[0].why == "“鉴定表”现在是：待办（这次没有填写）"
    assert [check.verdict for check in made.checks] == ["mismatch"]
    assert made.warnings == ("离截止只剩 4 天。逾期延至下一批次。",)
    assert made.grades is not None
    assert made.grades.failed == ("数学", "语文")


def test_its_form_has_its_rules(example: Profile, tmp_path: Path) -> None:
    text = template(example)
    assert "父、母" in text
    assert "不少于 20 字" in text
    path = tmp_path / "form.toml"
    path.write_text(
        "[[family]]\nrelation = '父'\nname = '王示例'\nphone = '10000009001'\n"
        "[[history]]\nplace = '示例小学'\nstart = '2001-09'\nend = '2007-06'\n"
        "[[history]]\nplace = '示例大学'\nstart = '2007-07'\nend = '至今'\n"
        f"[self_evaluation]\ntext = '{'好' * 20}'\n",
        "utf-8",
    )
    assert examine(path, example, date(2025, 3, 16))[1] == []


def test_a_notice_that_asks_for_a_form_must_have_its_rules() -> None:
    bare = NOTICE[: NOTICE.index("[rules.family]")] + NOTICE[NOTICE.index("[status_words]") :]
    with pytest.raises(UsageError, match=r"self_evaluation 需要 \[rules\]"):
        parse(bare, "example")
