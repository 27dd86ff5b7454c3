"""Another university on the same platform: other names, other words, other menus; nothing but a TOML file is written for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.asks import Scripted
from fixtures.server import MockSites
from flows.forms.toml_file import load as load_form
from flows.profiles.schema import Profile, load
from tests.harness.program import CONSENTING, INSIDE_THE_WINDOW, run_job, site_settings

WORDS = {
    "毕业要求": "审核项目",
    "当前状态": "审核结果",
    "当前毕业批次": "审核批次",
    "毕业审核的学生范围为": "审核范围",
    "学费已缴清": "缴费情况",
    "毕业生登记表已提交": "登记表",
    "学信网毕业照已上传": "电子照片",
    "平台信息已确认": "资料已确认无误",
    "最多不及格课程数": "不及格门数",
    "毕业生登记表": "毕业登记",
    "毕业条件": "毕业审核",
    "上传毕业照片": "采集电子照片",
    "学生服务": "学籍业务",
    "信息变更": "我的资料",
    "查看/编辑": "打开资料",
    "成绩查询": "我的分数",
    "课程名称": "科目",
    "总评成绩": "最终成绩",
    "自我评价": "个人小结",
    "已完成": "达标",
    "未完成": "待办",
    "已上传": "有",
    "未上传": "无",
    "已通过": "合格",
    "未通过": "不合格",
    "已校对": "校对过",
    "未校对": "没有校对",
    "已确认": "确认过",
    "未确认": "没有确认",
    "未填写": "空缺",
}
"""What this university calls things, by what the mock platform calls them."""

NOTICE = """
id = "example-2024"
title = "示例大学 2024 届毕业事项"
school = "西安交通大学"
time_zone = "Asia/Urumqi"
contact = "示例函授站"

[window]
start = 2024-06-01
end = 2024-06-20
consequence = "逾期延至下一批次。"

[sites.chsi]
use = "chsi"

[sites.chaoxing]
use = "chaoxing"
login_url = "https://example.jxjy.chaoxing.com/login"
hall = ["学籍业务"]

[sites.chaoxing.conditions]
words = ["毕业审核"]
via = []
landmark = ["审核批次"]
name = ["审核项目"]
status = ["审核结果"]
batch = ["审核批次"]
scope = ["审核范围"]

[sites.chaoxing.upload]
words = ["采集电子照片"]
via = []
landmark = ["采集电子照片"]

[sites.chaoxing.personal]
words = ["打开资料"]
via = ["我的资料"]

[sites.chaoxing.personal.confirmation]
done = ["资料已确认无误"]

[sites.chaoxing.register_form]
words = ["毕业登记"]
via = ["我的资料"]
landmark = ["个人小结"]
label = ["个人小结"]

[sites.chaoxing.register_form.submission.question]
names = ["个人小结"]

[sites.chaoxing.grades]
words = ["我的分数"]
landmark = ["最终成绩"]

[sites.chaoxing.grades.columns]
course = ["科目"]
total = ["最终成绩"]

[photo]
file_name = "{id_number}.jpg"
wait_days = 10
waiting_advice = "请等待。"

[rules.family]
relations = ["父亲", "母亲"]

[rules.history]
begins = ["中学"]
largest_gap_months = 6

[rules.self_evaluation]
least_characters = 200

[status_words]
met = ["达标", "有", "合格", "校对过", "确认过"]
unmet = ["待办", "无", "不合格", "没有校对", "没有确认", "空缺"]

[[duties]]
id = "chsi_check"
title = "学信网核对"
where = "学信网"

[[duties]]
id = "profile_check"
title = "资料确认"
where = "平台"

[[duties]]
id = "self_evaluation"
title = "个人小结"
where = "平台"

[[duties]]
id = "grades"
title = "分数核对"
where = "平台"

[[duties]]
id = "photo"
title = "电子照片"
where = "平台"

[[duties]]
id = "conditions"
title = "毕业审核"
where = "平台"

[[conditions]]
name = "缴费情况"
next_step = "请缴费。"
where = "函授站"

[[conditions]]
name = "登记表"
duty = "self_evaluation"
next_step = "请交小结。"
where = "平台"

[[conditions]]
name = "电子照片"
duty = "photo"
next_step = "请采集照片。"
where = "平台"

[[conditions]]
name = "资料已确认无误"
duty = "profile_check"
next_step = "请确认资料。"
where = "平台"

[[conditions]]
name = "不及格门数"
measure = "failed_courses"
next_step = "请补考。"
where = "函授站"
"""
PERSON = Scripted(
    {"confirm.profile_check": "信息无误", "confirm.self_evaluation": "提交后不可更改"}, by="person"
)


def other_words(site: str, _path: str, html: str) -> str:
    """Say everything on the platform in this university's words."""
    pattern = "|".join(map(re.escape, sorted(WORDS, key=len, reverse=True)))
    return re.sub(pattern, lambda found: WORDS[found[0]], html) if site == "chaoxing" else html


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[MockSites]:
    """The platform of another university."""
    with MockSites(mutate=other_words) as running:
        yield running


@pytest.fixture
def notice(tmp_path: Path) -> Profile:
    """Its notice, read from the file that was written for it."""
    path = tmp_path / "example-2024.toml"
    path.write_text(NOTICE, "utf-8")
    return load(str(path))


def test_a_file_alone_is_enough_for_photo_and_conditions(
    browser: Browser, elsewhere: MockSites, notice: Profile, tmp_path: Path
) -> None:
    elsewhere.world.reset()
    report = run_job(
        browser, site_settings(elsewhere), tmp_path / "case", profile=notice, only=["photo", "conditions"]
    )
    assert report.trouble is None
    assert [effect["kind"] for effect in elsewhere.world.state()["effects"]] == ["photo_upload"]
    assert report.conditions is not None
    named = {row.name: (row.status_text, row.status) for row in report.conditions.items}
    assert named["电子照片"] == ("有", "met")
    assert named["登记表"] == ("待办", "unmet")
    assert report.conditions.batch == "2024年7月"
    assert "请交小结。" in {step.title for step in report.next_steps}
    assert report.exit_status == 40  # conditions that this notice does not name are told, not guessed


@pytest.mark.exhaustive
def test_a_file_alone_is_enough_for_everything(
    browser: Browser, elsewhere: MockSites, notice: Profile, tmp_path: Path
) -> None:
    elsewhere.world.reset()
    path = tmp_path / "form.toml"
    path.write_text(f"[self_evaluation]\ntext = '{'在校期间认真学习，团结同学。' * 16}'\n", "utf-8")
    form = load_form(path, notice, INSIDE_THE_WINDOW)
    for folder, effects in (("one", 3), ("two", 3)):
        report = run_job(
            browser,
            site_settings(elsewhere),
            tmp_path / folder,
            profile=notice,
            form=form,
            answerers=[CONSENTING, PERSON],
        )
        assert report.trouble is None
        assert len(elsewhere.world.state()["effects"]) == effects
        assert report.conditions is not None
        named = {row.name: row.status for row in report.conditions.items}
        for name in ("电子照片", "登记表", "资料已确认无误"):
            assert named[name] == "met"
    assert report.grades is not None
    assert [row.course for row in report.grades.rows][:2] == ["英语三", "土木工程材料"]
