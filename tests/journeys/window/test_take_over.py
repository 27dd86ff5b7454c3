"""Where no word leads to a page, the person at the window does; the next run has learned the way."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from agent.asks import Answerer, Scripted
from agent.engine.engine import Mode
from agent.report.model import Report
from fixtures.people.everybody import BY_ID
from fixtures.people.students import STUDENTS
from fixtures.server import MockSites
from flows.profiles.schema import load as load_profile
from tests.harness.program import CONSENTING, run_job, site_settings
from tests.person import SEES, Leading, hands

ALIEN = {
    ">学生服务 ": ">办事大厅 ",
    ">毕业条件</a>": ">离校资格</a>",
    ">上传毕业照片</a>": ">相片采集</a>",
    ">成绩查询</a>": ">学分一览</a>",
}
TRAILS = {
    "毕业条件": ["办事大厅", "离校资格"],
    "上传毕业照片": ["办事大厅", "相片采集"],
    "成绩": ["办事大厅", "学分一览"],
}
LEARNED = {"conditions": "离校资格", "upload": "相片采集"}


def alien(site: str, path: str, html: str) -> str:
    """The platform's pages with menu words that nobody has taught the program."""
    for was, now in ALIEN.items():
        html = html if site == "chsi" else html.replace(was, now)
    return html


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _use_data_folder(tmp_path / "data", monkeypatch)


def _use_data_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.paths.platformdirs.user_data_path", lambda _: folder)


def run(
    browser: Browser,
    sites: MockSites,
    folder: Path,
    answerers: list[Answerer],
    patience: float = 12,
    **how: Any,
) -> Report:
    """The whole job, or what of it is wanted."""
    answering = [*answerers, CONSENTING]
    return run_job(browser, site_settings(sites), folder, answerers=answering, patience=patience, **how)


def uploads(sites: MockSites) -> int:
    """How many photos the platform got."""
    return sum(effect["kind"] == "photo_upload" for effect in sites.world.state()["effects"])


@pytest.mark.timeout(300)
def test_the_person_leads_once_and_then_nobody_is_needed(
    window: Browser, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with MockSites(mutate=alien) as sites, hands(port) as pressing:
        person = Leading(pressing, TRAILS)
        report = run(window, sites, tmp_path / "led", [person])
        assert report.exit_status in (0, 40), report.trouble
        assert uploads(sites) == 1
        assert {ask.id for ask in person.asked} == {"take-over.chaoxing"}
        assert {row.place: row.words[0] for row in report.learned} == LEARNED
        file = tomllib.loads((tmp_path / "data/learned/xjtu-2024-07.toml").read_text("utf-8"))
        assert file["sites"]["chaoxing"]["conditions"] == {"words": ["离校资格"], "via": ["办事大厅"]}

        again = run(window, sites, tmp_path / "alone", [])
        assert again.exit_status == 0, again.trouble
        assert uploads(sites) == 1
        assert {row.place for row in again.learned} == set(LEARNED)

        _use_data_folder(tmp_path / "other", monkeypatch)
        other = run(window, sites, tmp_path / "other-case", [])
        assert other.exit_status == 20
        assert other.learned == ()


def reworded(pages: dict[str, str]) -> Callable[[str, str, str], str]:
    """Menu words that nobody has taught, each on the page with this path."""

    def mutate(site: str, path: str, html: str) -> str:
        change = next((change for known, change in pages.items() if path.startswith(known)), "")
        was, _, now = change.partition(" → ")
        return html.replace(f">{was}<", f">{now}<") if was else html

    return mutate


def test_the_person_leads_on_chsi(window: Browser, port: int, tmp_path: Path) -> None:
    words = {"/archive/index.jsp": "免费查看学籍、学历、学位信息 → 查询我的记录"}
    with MockSites(mutate=reworded(words)) as sites, hands(port) as pressing:
        # the archive's own session comes with the first press, which ends on the same page
        signed_in = ["登录学信档案", f"{SEES}进入学信档案", "查询我的记录"]
        person = Leading(pressing, {}, {"学信网学籍信息": signed_in})
        given = site_settings(sites)
        given["chsi"]["archive_url"] = f"{sites.addresses.chsi}/archive/index.jsp"
        how: dict[str, Any] = {"mode": Mode.CHECK, "only": ["chsi_check"], "patience": 12}
        led = run_job(window, given, tmp_path / "led", answerers=[person], **how)
        assert "take-over.chsi" in {ask.id for ask in person.asked}
        assert led.subject is not None, led.trouble
        assert [(row.site, row.words) for row in led.learned] == [("chsi", ("查询我的记录", "登录学信档案"))]

        alone = run_job(window, given, tmp_path / "alone", answerers=[], **how)
        assert alone.subject is not None, alone.trouble
        assert [row.site for row in alone.learned] == ["chsi"]


def test_the_person_leads_at_lzu(window: Browser, port: int, tmp_path: Path) -> None:
    words = {"/xsgl/menu.do": "个人信息核对 → 我的在册资料", "/xsgl/grxxhd/notice.do": "开始核对 → 下一步"}
    student = BY_ID["l02"]
    with MockSites(mutate=reworded(words)) as sites, hands(port) as pressing:
        person = Leading(pressing, {"个人信息核对": ["我的在册资料", "下一步"]})
        how: dict[str, Any] = {
            "mode": Mode.CHECK,
            "only": ["registration_check"],
            "profile": load_profile("lzu-2024"),
            "today": date(2024, 4, 2),
            "patience": 12,
        }
        given = site_settings(sites, student)
        led = run_job(window, given, tmp_path / "led", answerers=[person], **how)
        assert "take-over.lzu" in {ask.id for ask in person.asked}
        assert any(
            check.left.site == "lzu" or (check.right and check.right.site == "lzu") for check in led.checks
        )
        assert [(row.site, row.place) for row in led.learned] == [("lzu", "registration")]

        alone = run_job(window, given, tmp_path / "alone", answerers=[], **how)
        assert [row.site for row in alone.learned] == ["lzu"], alone.trouble


def test_the_person_leads_to_grades_that_were_asked_for(window: Browser, port: int, tmp_path: Path) -> None:
    with MockSites(mutate=alien) as sites, hands(port) as pressing:
        person = Leading(pressing, TRAILS)
        report = run(window, sites, tmp_path / "led", [person], only=["grades"])
    assert report.exit_status == 0, report.trouble
    assert report.grades is not None
    assert [(row.place, row.words) for row in report.learned] == [("grades", ("学分一览", "办事大厅"))]


CLICKS_BY_ITSELF = """<script>
const press = words => [...document.querySelectorAll("a")].filter(a => a.innerText.includes(words)).map(a => a.click());
setTimeout(press, 3000, "办事大厅");
setTimeout(press, 6000, "离校资格");
</script></body>"""
AWAITS_NO_CLICK = 6
"""Seconds of patience after which the person is asked, before the page has clicked twice."""


def test_a_page_that_clicks_its_own_menu_teaches_nothing(browser: Browser, tmp_path: Path) -> None:
    def clicking(site: str, path: str, html: str) -> str:
        return alien(site, path, html).replace("</body>", CLICKS_BY_ITSELF)

    somebody = Scripted({"take-over.chaoxing": "done"})
    with MockSites(mutate=clicking) as sites:
        only, case = ["conditions"], tmp_path / "case"
        report = run(browser, sites, case, [somebody], AWAITS_NO_CLICK, mode=Mode.CHECK, only=only)
    assert report.conditions is not None, report.trouble
    assert "take-over.chaoxing" in {ask.id for ask in report.asks}
    assert report.learned == ()
    assert not (tmp_path / "data/learned").exists()


def test_who_skips_a_page_leaves_its_duty_and_the_others_go_on(browser: Browser, tmp_path: Path) -> None:
    skipping = Scripted({"take-over.chaoxing": "skip"})
    with MockSites(mutate=alien) as sites:
        report = run(browser, sites, tmp_path / "case", [skipping], only=["chsi_check", "conditions"])
    assert report.exit_status == 10
    assert report.trouble is not None
    assert report.trouble.code == "person.skipped"
    assert {duty.id: duty.status for duty in report.duties}["conditions"] == "needs_person"


UNKNOWN = (
    "<!doctype html><meta charset=utf-8><title>服务满意度调查</title>"
    "<p>{name}同学，请先完成本次调查，再使用学信档案。</p><button>下一题</button>"
)


def test_a_page_that_nobody_knows_is_told_in_its_own_words(browser: Browser, tmp_path: Path) -> None:
    """What the student reads in the console or terminal says what stands in the window; without their name."""
    student = STUDENTS[0]

    def unknown(site: str, path: str, html: str) -> str:
        return UNKNOWN.format(name=student.name) if path.startswith("/archive/gdjy/xj/") else html

    with MockSites(mutate=unknown) as sites:
        person = Leading(StringIO(), {})
        report = run(browser, sites, tmp_path / "case", [person], only=["chsi_check"])
    assert report.exit_status == 10
    [ask] = person.asked
    assert ask.id == "take-over.chsi"
    assert "「学信网学籍信息」" in ask.text
    assert "服务满意度调查" in ask.details[0]
    assert "请先完成本次调查，再使用学信档案" in ask.details[0]
