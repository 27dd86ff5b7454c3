"""The whole job on the page alone: no file is written by hand, and no terminal is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from agent.report.model import Report
from fixtures.people.everybody import BY_ID
from fixtures.server import MockSites
from tests.agent.cli.conftest import at_lzu
from tests.agent.console.conftest import Start
from tests.agent.console.people import Person
from tests.journeys.console.conftest import PersonsWindow

EVALUATION = "在校期间认真学习，尊敬师长，团结同学。" * 12
FAMILY = ({"关系": "母亲", "姓名": "李示例", "联系方式": "10000009003"},)
STAYS = (
    {"学习或工作单位": "西安市示例高级中学", "开始时间": "2011-09", "结束时间": "2014-06"},
    {"学习或工作单位": "示例建筑公司", "开始时间": "2014-09", "结束时间": "2021-02"},
    {"学习或工作单位": "西安交通大学", "开始时间": "2021-03"},
)
EFFECTS = [
    "photo_upload",
    "profile_confirm",
    "family_save",
    "history_save",
    "self_evaluation_submit",
    "forbidden:正确",
]


def _kinds(sites: MockSites) -> list[str]:
    return [effect["kind"] for effect in sites.world.state()["effects"]]


def _report(place: Path) -> Report:
    (folder,) = (place / "gradsync-cases" / "console").iterdir()
    return Report.model_validate_json((folder / "report.json").read_bytes())


def _fills_in(page: Page, row: str, values: Mapping[str, str]) -> None:
    entry = page.get_by_role("group", name=row, exact=True)
    for label, text in values.items():
        field = entry.get_by_label(label)
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)


@pytest.mark.presses_forbidden
def test_a_student_of_xjtu_from_nothing_to_nine_conditions(
    start: Start, sites: MockSites, page: Page, window: PersonsWindow, tmp_path: Path
) -> None:
    """The notice's student: five conditions are met before; the forms are filled in here, and 正确 is the student's own click."""
    me = Person(page)
    me.opens(start(**window.settings).address)
    page.get_by_role("radio", name="先在网页上填写").check()
    me.begins()
    expect(page.get_by_role("heading", name="先填写")).to_be_visible()
    me.presses("删除 家庭成员 2")
    _fills_in(page, "家庭成员 1", FAMILY[0])
    for number, stay in enumerate(STAYS, start=1):
        _fills_in(page, f"履历 {number}", stay)
    page.get_by_role("group", name="履历 3").get_by_role("checkbox", name="至今").check()
    page.get_by_role("textbox", name="自我评价").fill(EVALUATION)
    me.presses("填好了，开始办理")
    me.asked("要按下面的计划在网站上操作吗？")
    assert _kinds(sites) == []
    me.presses("同意")
    me.asked("将在平台上确认")
    me.types("请原样输入", "信息无误", "确认")
    me.asked("提交后不可更改")
    expect(page.get_by_text(EVALUATION)).to_be_visible()
    me.types("请原样输入", "提交后不可更改", "确认")
    me.asked("程序不会替你点")
    me.looks()
    window.presses(str(sites.addresses.chsi_archive).split("/")[2], "正确")
    me.presses("我做好了")
    me.sees_the_end()
    me.looks()
    assert me.wrong == {}
    assert sorted(_kinds(sites)) == sorted(EFFECTS)
    report = _report(tmp_path)
    assert report.exit_status == 0, report.trouble
    assert report.conditions is not None
    assert report.conditions.counts.met == 9
    assert {effect.state for effect in report.effects} == {"done"}


def test_a_student_of_lzu_corrects_two_fields(
    start: Start, sites: MockSites, page: Page, tmp_path: Path
) -> None:
    """Each field that was read is right or should be something else; the remark is written from that, and submitted once."""
    me = Person(page)
    me.opens(start(**at_lzu(sites, "l01")).address)
    page.get_by_role("radio", name="兰州大学").check()
    me.presses("开始")
    me.asked("注册系统里的每一项对不对")
    me.looks()
    for name, right in (("学院", "地球科学学院"), ("班级", "2020级地质1班")):
        field = page.get_by_role("group", name=name, exact=True)
        field.get_by_role("radio", name="不对").check()
        field.get_by_role("textbox").fill(right)
    me.presses("核对好了")
    me.asked("要按下面的计划在网站上操作吗？")
    expect(page.get_by_text("核对备注写明：学院、班级")).to_be_visible()
    me.presses("同意")
    me.asked("将在注册系统填好核对备注")
    assert _kinds(sites) == []
    me.looks()
    me.types("请原样输入", "我确认并提交", "确认")
    me.sees_the_end()
    me.looks()
    assert me.wrong == {}
    assert _kinds(sites) == ["registration_submit"]
    registration = sites.world.record(BY_ID["l01"]).registration
    assert registration is not None
    assert "学院：原：大气科学学院 改：地球科学学院" in registration.remark
    assert registration.remark.endswith("改：2020级地质1班")
    assert _report(tmp_path).exit_status == 0


def test_looking_fills_the_form_and_looking_again_tells_what_changed(
    start: Start, sites: MockSites, page: Page
) -> None:
    me = Person(page)
    me.opens(start().address)
    page.get_by_role("radio", name="西安交通大学").check()
    me.presses("只看一遍，不做任何改动")
    me.sees_the_end()
    page.get_by_role("link", name="填写家庭成员").click()
    first = page.get_by_role("group", name="家庭成员 1")
    expect(first.get_by_label("姓名")).to_have_value(BY_ID["s01"].family[0]["name"])
    me.looks()
    page.go_back()
    sites.world.set_scenario("compared")
    me.presses("再看一遍（不改动）")
    expect(page.get_by_role("heading", name="那次相比")).to_be_visible()
    expect(page.get_by_text("学信网毕业图像比对结果合格：（空白） → 已通过")).to_be_visible()
    page.get_by_role("link", name="今日办理").click()
    expect(page.get_by_text("和上次相比：学信网毕业图像比对结果合格：（空白） → 已通过")).to_be_visible()
    assert _kinds(sites) == []
    assert me.wrong == {}
