"""Every state of every page, narrow as a phone: nothing that axe-core finds wrong, nothing wider than the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.agent.console.fakework import ASKS
from tests.agent.console.house import served, shelve
from tests.agent.console.people import WORDS, Person

NARROW: ViewportSize = {"width": 375, "height": 720}


@pytest.fixture
def person(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    """Somebody with a narrow window, and one case that has ended; in the end they close the program on the page."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    shelve(tmp_path / "cases")
    with served(tmp_path / "cases") as address:
        me = Person(browser.new_page(viewport=NARROW))
        me.opens(address)
        yield me
        me.presses("关闭程序")
        expect(me.page.get_by_role("heading", name="程序已关闭")).to_be_visible()
        me.page.close()


def _looks(person: Person) -> None:
    person.looks()
    assert person.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def _begins(person: Person, kind: str) -> None:
    person.page.get_by_role("link", name="开始办理").click()
    person.begins(student=kind)
    person.asked(ASKS[kind].text)


def test_every_page_is_for_everybody(person: Person) -> None:
    page = person.page
    _looks(person)
    page.get_by_role("link", name="今日办理").click()
    _looks(person)
    page.get_by_role("list").get_by_role("link", name="1号").click()
    _looks(person)
    for kind in ("choice", "words", "table", "fields", "form", "done"):
        _begins(person, kind)
        _looks(person)
    page.get_by_role("link", name="今日办理").click()
    page.get_by_role("link", name="3号").click()
    person.types("请原样输入", f"{WORDS}。", "确认")
    expect(page.get_by_role("alert")).to_contain_text("多了“。”")
    expect(page.get_by_role("textbox", name="请原样输入")).to_be_focused()
    _looks(person)
    _begins(person, "done")
    person.presses("停下")
    expect(page.get_by_role("button", name="继续办理")).to_be_visible()
    _looks(person)
    page.get_by_role("link", name="开始办理").click()
    person.begins(student="crash")
    expect(page.get_by_role("heading", name="中断了")).to_be_visible()
    _looks(person)
    page.goto(page.url + "x")
    expect(page.get_by_role("heading", name="没有做成")).to_be_visible()
    _looks(person)
    page.get_by_role("link", name="开始办理").click()
    person.begins(student="yes_no", helping=True)
    person.consents("王岚", "610000199603164220", "读取学信网")
    expect(page.get_by_role("alert")).to_contain_text("证件号码不能用")
    expect(page.get_by_role("alert")).to_be_focused()
    _looks(person)
    assert person.wrong == {}


def test_everything_is_done_by_keyboard(person: Person) -> None:
    """From the first page to the answer with nothing but Tab, Space, arrows and Enter."""
    page = person.page
    page.get_by_role("radio", name="为自己办理").focus()
    for _ in range(3):  # 要学生自己写的内容, 保留登录, 开始
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="开始", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    person.asked("要按下面的计划在网站上操作吗？")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="同意", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="毕业条件", exact=True)).to_be_visible()


def test_the_three_photos_stand_side_by_side(person: Person) -> None:
    """On a computer's screen: whoever is to see whether they are the same person compares them at a glance."""
    page = person.page
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("link", name="今日办理").click()
    page.get_by_role("list").get_by_role("link", name="1号").click()
    figures = page.get_by_role("figure")
    expect(figures).to_have_count(3)
    page.wait_for_load_state()  # with its style sheet
    assert len(set(figures.evaluate_all("all => all.map(one => one.getBoundingClientRect().top)"))) == 1
