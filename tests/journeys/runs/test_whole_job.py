"""The notice's own condition page, taken to every condition that a student can satisfy, with each effect exactly once."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from agent.asks import Scripted
from fixtures.server import MockSites
from flows.forms.toml_file import load as load_form
from flows.profiles.schema import load as load_profile
from tests.harness.program import CONSENTING, INSIDE_THE_WINDOW, run_job, site_settings

FORM = f"""
[[family]]
relation = "母亲"
name = "李示例"
phone = "10000009003"

[[history]]
place = "西安市示例高级中学"
start = "2011-09"
end = "2014-06"

[[history]]
place = "示例建筑公司"
start = "2014-09"
end = "2021-02"

[[history]]
place = "西安交通大学"
start = "2021-03"
end = "至今"

[self_evaluation]
text = "{"在校期间认真学习，尊敬师长，团结同学。" * 12}"
"""
PERSON = Scripted(
    {"confirm.profile_check": "信息无误", "confirm.self_evaluation": "提交后不可更改"}, by="person"
)
EFFECTS = ["photo_upload", "profile_confirm", "family_save", "history_save", "self_evaluation_submit"]
LEFT_TO_OTHERS = {
    "毕业（教学计划）总学分条件",
    "毕业（教学计划）课程条件",
    "学信网信息已校对",
    "平台学生管理部分鉴定已填写",
    "最多不及格课程数",
    "学信网毕业图像比对结果合格",
}


def test_everything_a_student_can_do_is_done_once(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    path = tmp_path / "form.toml"
    path.write_text(FORM, "utf-8")
    form = load_form(path, load_profile("xjtu-2024-07"), INSIDE_THE_WINDOW)
    first = run_job(
        browser, site_settings(sites), tmp_path / "one", answerers=[CONSENTING, PERSON], form=form
    )
    assert first.exit_status == 0, first.trouble
    assert [effect["kind"] for effect in sites.world.state()["effects"]] == EFFECTS
    assert first.conditions is not None
    assert (first.conditions.counts.met, first.conditions.counts.unmet) == (8, 5)
    assert {row.name for row in first.conditions.items if row.status != "met"} == LEFT_TO_OTHERS
    said = "；".join(step.why for step in first.next_steps)
    assert [name for name in LEFT_TO_OTHERS if name not in said] == []
    assert {duty.id for duty in first.duties if duty.status != "done"} == {"chsi_check", "grades"}
    second = run_job(
        browser, site_settings(sites), tmp_path / "two", answerers=[CONSENTING, PERSON], form=form
    )
    assert second.exit_status == 0, second.trouble
    assert len(sites.world.state()["effects"]) == len(EFFECTS)
    assert {ask.id for ask in second.asks} == set()
    assert {duty.status for duty in second.duties} == {"done", "already_done", "needs_person"}
