"""Where no word leads to a page, the person at the window does; the next run has learned the way."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from agent.asks import Answerer, Scripted
from agent.engine.engine import Mode
from agent.report.model import Report
from fixtures.server import MockSites
from tests.harness.program import CONSENTING, run_job, site_settings
from tests.person import Leading, hands

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
    monkeypatch.setattr("flows.profiles.learned.platformdirs.user_data_path", lambda _: folder)


def run(browser: Browser, sites: MockSites, folder: Path, answerers: list[Answerer], **how: Any) -> Report:
    """The whole job, or what of it is wanted."""
    answering = [*answerers, CONSENTING]
    return run_job(browser, site_settings(sites), folder, answerers=answering, patience=6, **how)


def uploads(sites: MockSites) -> int:
    """How many photos the platform got."""
    return sum(effect["kind"] == "photo_upload" for effect in sites.world.state()["effects"])


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


def test_a_page_that_clicks_its_own_menu_teaches_nothing(browser: Browser, tmp_path: Path) -> None:
    def clicking(site: str, path: str, html: str) -> str:
        return alien(site, path, html).replace("</body>", CLICKS_BY_ITSELF)

    somebody = Scripted({"take-over.chaoxing": "done"})
    with MockSites(mutate=clicking) as sites:
        report = run(
            browser, sites, tmp_path / "case", [somebody], mode=Mode.CHECK, only=["chsi_check", "conditions"]
        )
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
