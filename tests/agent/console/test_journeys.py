"""Whole journeys in a real browser, with the console and every case in processes of their own."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from fixtures.people.students import BY_ID
from fixtures.server import MockSites
from tests.agent.console.conftest import Start
from tests.agent.console.people import WORDS, Person, violations

EVERYTHING = (
    "读取学信网",
    "保存学历照片",
    "进入学校平台",
    "上传照片",
    "点击确认或提交",
    "单独同意：使用身份证件号码",
)


def _kinds(sites: MockSites) -> list[str]:
    effects = sites.world.state()["effects"]
    return [effect["kind"] for effect in effects]


def _folder(place: Path) -> Path:
    (folder,) = (place / "gradsync-cases" / "console").iterdir()
    return folder


def _check_report(page: Page, place: Path) -> None:
    """From the disk, as people keep it: the console serves it where no script may look at it, not even ours."""
    kept = page.context.new_page()
    kept.goto((_folder(place) / "report.html").as_uri())
    assert violations(kept) == []
    kept.close()


def test_a_student_alone(start: Start, sites: MockSites, page: Page, tmp_path: Path) -> None:
    """Captcha, a reload in the middle, the plan, the words for what cannot be taken back, the report, and deleting.

    What a case with invented questions shows too, ``test_pages`` looks at.
    """
    sites.world.set_scenario("captcha_chsi")
    me = Person(page)
    me.opens(start().address)
    assert urlsplit(page.url).query == ""
    me.begins()
    me.asked("学信网要求输入图片里的验证码")
    me.looks()
    me.types("输入图片里的验证码", "7352", "提交")
    me.asked("要按下面的计划在网站上操作吗？")
    page.reload()
    me.asked("要按下面的计划在网站上操作吗？")
    expect(page.get_by_text("上传毕业照片：现在「尚未上传」")).to_be_visible()
    assert _kinds(sites) == []
    me.looks()
    me.presses("同意")
    me.asked("将在平台上确认")
    assert _kinds(sites) == ["photo_upload"]
    me.types("请原样输入", WORDS, "确认")
    me.sees_the_end()
    assert sorted(_kinds(sites)) == ["photo_upload", "profile_confirm"]
    expect(page.get_by_role("img", name="学历照片（学信网）")).to_be_visible()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="打开完整报告").click()
    expect(opened.value.get_by_role("heading", name="毕业条件", exact=True)).to_be_visible()
    opened.value.close()
    _check_report(page, tmp_path)
    me.presses("立即删除")
    expect(page.get_by_role("heading", name="已删除", exact=True)).to_be_visible()
    me.looks()
    assert [path.name for path in _folder(tmp_path).iterdir()] == ["audit.jsonl"]
    assert me.wrong == {}


@pytest.mark.exhaustive
def test_helping_with_consent_and_withdrawing_in_the_middle(
    start: Start, sites: MockSites, page: Page, tmp_path: Path
) -> None:
    student = BY_ID["s01"]
    officer = Person(page)
    officer.opens(start().address)
    officer.begins(helping=True)
    officer.looks()
    officer.consents(student.name, student.id_number, *EVERYTHING)
    officer.asked("要按下面的计划在网站上操作吗？")
    expect(page.get_by_role("heading", level=1, name="王*（4229）")).to_be_visible()
    officer.looks()
    officer.presses("撤回同意")
    expect(page.get_by_role("heading", name="同意已撤回", exact=True)).to_be_visible()
    officer.looks()
    assert _kinds(sites) == []
    assert [path.name for path in _folder(tmp_path).iterdir()] == ["audit.jsonl"]
    assert officer.wrong == {}


@pytest.mark.exhaustive
def test_helping_stops_at_what_was_not_ticked(start: Start, sites: MockSites, page: Page) -> None:
    student = BY_ID["s01"]
    officer = Person(page)
    officer.opens(start().address)
    officer.begins(helping=True)
    officer.consents(student.name, student.id_number, *(tick for tick in EVERYTHING if tick != "上传照片"))
    officer.asked("要按下面的计划在网站上操作吗？")
    expect(page.get_by_text("上传毕业照片：现在")).to_have_count(0)
    officer.presses("同意")
    officer.asked("将在平台上确认")
    officer.types("请原样输入", WORDS, "确认")
    officer.sees_the_end()
    expect(page.get_by_text("学生本人没有同意：上传照片")).not_to_have_count(0)
    assert _kinds(sites) == ["profile_confirm"]


@pytest.mark.exhaustive
def test_the_same_student_in_two_windows(start: Start, sites: MockSites, browser: Browser) -> None:
    """Two windows of one console: the one that began goes to its end, the other is told that the student is being dealt with."""
    running = start()
    context = browser.new_context(locale="zh-CN")
    one, two = Person(context.new_page()), Person(context.new_page())
    one.opens(running.address)
    one.begins()
    one.asked("要按下面的计划在网站上操作吗？")
    two.opens(running.address)
    two.begins()
    two.sees_the_end()
    expect(two.page.get_by_text("同一个人正在另一个 gradsync 运行里办理").first).to_be_visible()
    assert _kinds(sites) == []
    expect(one.page.get_by_role("heading", name="要按下面的计划在网站上操作吗？")).to_be_visible()
    one.presses("同意")
    one.asked("将在平台上确认")
    one.presses("不同意")
    one.sees_the_end()
    assert _kinds(sites) == ["photo_upload"]
    one.page.get_by_role("link", name="今日办理").click()
    expect(one.page.get_by_role("heading", name="毕业条件汇总")).to_be_visible()
    expect(one.page.get_by_role("row")).to_have_count(2)
    one.looks()
    assert one.wrong == {}
    context.close()


@pytest.mark.exhaustive
def test_the_console_is_killed_in_the_middle_and_started_again(
    start: Start, sites: MockSites, page: Page
) -> None:
    first = start()
    me = Person(page)
    me.opens(first.address)
    me.begins()
    me.asked("要按下面的计划在网站上操作吗？")
    me.presses("同意")
    me.asked("将在平台上确认")
    first.kill()
    expect(page.get_by_text("与程序的连接断开了")).to_be_in_viewport()
    me.opens(start().address)
    page.get_by_role("link", name="今日办理").click()
    page.get_by_role("list").get_by_role("link", name="1号").click()
    me.presses("继续办理")
    me.asked("要按下面的计划在网站上操作吗？")
    expect(page.get_by_text("上传毕业照片：现在")).to_have_count(0)  # which was done before
    me.presses("同意")
    me.asked("将在平台上确认")
    me.types("请原样输入", WORDS, "确认")
    me.sees_the_end()
    assert sorted(_kinds(sites)) == ["photo_upload", "profile_confirm"]


@pytest.mark.exhaustive
def test_a_rehearsal_needs_nothing(start: Start, page: Page) -> None:
    """``--demo``: mock sites of its own, and an invented student whose photo is there already."""
    me = Person(page)
    me.opens(start("--demo").address)
    expect(page.get_by_text("网站和学生都是虚构的")).to_be_visible()
    me.looks()
    me.begins(student="s05")
    me.asked("要按下面的计划在网站上操作吗？")
    me.looks()
    me.presses("停下")
    expect(page.get_by_role("button", name="继续办理")).to_be_visible()
    assert me.wrong == {}
