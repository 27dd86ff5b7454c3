"""A morning at a helpdesk: a roster on the page, six students one after the other, and what the desk says of them at the end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from fixtures.people.students import BY_ID, Student
from fixtures.server import MockSites
from tests.agent.console.conftest import Start
from tests.agent.console.people import WORDS, Person
from tests.journeys.console.conftest import PersonsWindow

EVERYTHING = (
    "读取学信网",
    "保存学历照片",
    "进入学校平台",
    "上传照片",
    "点击确认或提交",
    "单独同意：使用身份证件号码",
)
ATTENDED, WITHDRAWN, INTERRUPTED, REFUSED = ("s01", "s02", "s07"), "s14", "s08", "s16"
ROSTER = (*ATTENDED, WITHDRAWN, INTERRUPTED, REFUSED)
PLAN = "要按下面的计划在网站上操作吗？"


@dataclass
class Desk:
    """An officer with a student beside them.

    Args:
        officer: At the console's page.
        window: The windows that the cases open.
        sites: The mock sites.
    """

    officer: Person
    window: PersonsWindow
    sites: MockSites

    @property
    def page(self) -> Page:
        """The console's page."""
        return self.officer.page

    def begins(self, student: Student) -> None:
        """Choose the student's line, let them consent and sign in to both sites, as far as the plan."""
        masked = f"{student.name[0]}{'*' * (len(student.name) - 1)}"
        line = self.page.get_by_role("listitem").filter(has_text=student.platform.student_number)
        expect(line).to_contain_text(masked)
        line.get_by_role("link", name="学生来了，开始办理").click()
        expect(self.page.get_by_label("姓名", exact=True)).to_have_value(student.name)
        self.officer.consents(student.name, student.id_number, *EVERYTHING)
        self.signs_in(student)

    def signs_in(self, student: Student) -> None:
        """Sign in by hand, first to 学信网, then to the platform."""
        for site, title, url in (
            ("chsi", "登录学信网", self.sites.addresses.chsi_login),
            ("chaoxing", "登录成教学生服务平台", self.sites.addresses.chaoxing_login),
        ):
            self.officer.asked(title)
            self.window.signs_in(url.split("/")[2], student.credentials[site])
        self.officer.asked(PLAN)

    def ends(self) -> None:
        """Agree to the plan and the words, leave 图像校对 to the student, and see the end."""
        self.officer.presses("同意")
        self.officer.asked("将在平台上确认")
        self.officer.types("请原样输入", WORDS, "确认")
        self.officer.asked("程序不会替你点")
        self.officer.presses("这次跳过")
        self.officer.sees_the_end()

    def calls_the_next(self) -> None:
        """Go back to the roster from the end of a case."""
        self.page.get_by_role("link", name="办理下一位").click()
        expect(self.page.get_by_role("heading", name="成批办理")).to_be_visible()


@pytest.fixture
def desk(start: Start, sites: MockSites, page: Page, window: PersonsWindow, tmp_path: Path) -> Desk:
    """A desk whose roster of six was taken in on the page; nobody's passwords are known."""
    officer = Person(page)
    officer.opens(start(student=None, **window.settings).address)
    page.get_by_role("link", name="成批办理").click()
    file = tmp_path / "名单.csv"
    students = [BY_ID[name] for name in ROSTER]
    rows = [
        f"{one.name},{one.id_number},{one.platform.student_number},1380000000{place}"
        for place, one in enumerate(students)
    ]
    file.write_text("\n".join(["姓名,证件号码,学号,手机", *rows]), "gb18030")
    page.get_by_label("导入名单").set_input_files(file)
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_text("名单上有 6 名学生：新增 6 名")).to_be_visible()
    page.get_by_label("按哪个通知办理").select_option("xjtu-2024-07")
    page.get_by_role("button", name="选用", exact=True).click()
    officer.looks()
    return Desk(officer, window, sites)


def _effects(sites: MockSites) -> set[tuple[str, str]]:
    return {(effect["student"], effect["kind"]) for effect in sites.world.state()["effects"]}


def _texts_of(folder: Path) -> str:
    files = [
        path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in (".json", ".html", ".md", ".jsonl", ".ics")
    ]
    return "\n".join(path.read_text("utf-8") for path in files)


def _numbers(page: Page) -> dict[str, str]:
    shown = page.locator("dl.numbers > div")
    return {
        one.locator("dt").inner_text().lstrip("✓!✕…- "): one.locator("dd").inner_text().split()[0]
        for one in shown.all()
    }


@pytest.mark.exhaustive
@pytest.mark.timeout(600)
def test_a_morning(desk: Desk, sites: MockSites, page: Page, tmp_path: Path) -> None:
    for name in ATTENDED:
        desk.begins(BY_ID[name])
        desk.ends()
        desk.calls_the_next()
    desk.begins(BY_ID[WITHDRAWN])
    desk.officer.presses("撤回同意")
    expect(page.get_by_role("heading", name="同意已撤回", exact=True)).to_be_visible()
    desk.calls_the_next()
    desk.begins(BY_ID[INTERRUPTED])
    desk.window.is_closed(sites.addresses.chaoxing_login.split("/")[2])
    desk.officer.presses("同意")
    expect(page.get_by_text("怎么办：请再办理一次")).to_be_visible()
    desk.officer.presses("继续办理")
    desk.signs_in(BY_ID[INTERRUPTED])
    desk.ends()
    desk.calls_the_next()
    desk.begins(BY_ID[REFUSED])
    desk.officer.presses("不同意")
    desk.officer.asked("程序不会替你点")  # 图像校对 is no part of the plan
    desk.officer.presses("这次跳过")
    desk.officer.sees_the_end()
    desk.calls_the_next()
    desk.officer.looks()
    _check_numbers(desk, page)
    _check_sites(sites)
    _check_folders(tmp_path)
    assert desk.officer.wrong == {}


def _check_numbers(desk: Desk, page: Page) -> None:
    """The student who withdrew is on no list any more."""
    expect(page.get_by_text("共 5 名学生，已办完 4 名")).to_be_visible()
    expect(page.get_by_text(BY_ID[WITHDRAWN].platform.student_number)).to_have_count(0)
    page.get_by_role("link", name="今天要联系的学生").click()
    expect(page.get_by_role("listitem").filter(has_text=BY_ID[REFUSED].name)).to_have_count(1)
    expect(page.get_by_text(BY_ID[WITHDRAWN].name)).to_have_count(0)
    desk.officer.looks()
    page.get_by_role("link", name="今日办理").click()
    numbers = _numbers(page)
    assert numbers.pop("已撤回同意") == "1"
    assert sum(map(int, numbers.values())) == 5


def _check_sites(sites: MockSites) -> None:
    done = {(name, kind) for name in (*ATTENDED, INTERRUPTED) for kind in ("photo_upload", "profile_confirm")}
    assert _effects(sites) == done


def _check_folders(place: Path) -> None:
    """Nothing of one student is with another: neither number nor name, in clear or masked."""
    folders = list((place / "gradsync-cases" / "console").iterdir())
    assert len(folders) == len(ROSTER)
    tails = {name: BY_ID[name].id_number[-4:] for name in ROSTER}
    for folder in folders:
        text = _texts_of(folder)
        assert sum(f"****{tail}" in text for tail in tails.values()) <= 1
        assert [name for name in ROSTER if BY_ID[name].id_number in text] == []
