"""Pages in many layouts that nobody who wrote the readers has seen, without the rest of the job around them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from agent.asks import AskRouter
from agent.browser.site_browser import SiteBrowser
from fixtures.people.students import BY_ID
from flows.profiles.schema import Profile, load
from flows.sites.chaoxing import conditions
from flows.sites.chsi.archive import Chsi as ChsiSite
from flows.sites.login import Login
from tests.harness.notice import BATCH, SCOPE
from tests.robustness.unseen.chsi import Chsi, ChsiDialect
from tests.robustness.unseen.platform import Platform, PlatformDialect
from tests.robustness.unseen.world import World

PAGES = Path(__file__).with_name("pages")
NOT_AT_ONCE = {"none", "late", "split"}
ONE_AT_A_TIME = {"mobile"}


def layouts(site: str, page: str) -> list[str]:
    """Return the layouts of a page that shows everything at once."""
    found = (path.stem.removeprefix(f"{page}_") for path in (PAGES / site).glob(f"{page}_*.html"))
    return sorted(name for name in found if name not in NOT_AT_ONCE)


OTHER_TEXTS = {
    "毕业生登记表已提交": "审核退回（请修改）",
    "最多不及格课程数": "",
    "学信网毕业图像比对结果合格": "比对中",
}


@pytest.fixture(scope="module")
def profile() -> Profile:
    """The notice."""
    return load("xjtu-2024-07")


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One page for all layouts."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("texts", [{}, OTHER_TEXTS], ids=["notice", "other-texts"])
@pytest.mark.parametrize("layout", layouts("platform", "conditions"))
def test_names_and_texts_are_exact(page: Page, profile: Profile, layout: str, texts: dict[str, str]) -> None:
    world = World(statuses=texts)
    site = Platform(world, PlatformDialect("labels", "plain", "links", layout, "classic"), "")
    page.set_content(f"<div>学生服务</div>{site.content('conditions')}")
    (snapshot,) = SiteBrowser(page.context, page, "chaoxing", 4).snapshot()
    assert profile.sites.chaoxing is not None
    read = conditions.read(snapshot.root, profile.sites.chaoxing.conditions, profile)
    assert [(row.name, row.status_text) for row in read.rows] == [row[:2] for row in world.conditions]
    assert (read.batch, read.scope) == (BATCH, SCOPE)


@pytest.mark.parametrize("records", [1, 2])
@pytest.mark.parametrize("layout", layouts("chsi", "record"))
def test_the_record_and_its_own_photo(page: Page, profile: Profile, layout: str, records: int) -> None:
    student = BY_ID["s14"]
    world = World(student=student)
    site = Chsi(world, ChsiDialect("labels", "deep", layout, "data"))
    of_student = student.chsi[: 1 if layout in ONE_AT_A_TIME else records][::-1]
    page.set_content(bytes(site.content(of_student).body).decode())
    browser = SiteBrowser(page.context, page, "chsi", 2)
    data = profile.sites.chsi
    asks = AskRouter([])
    reader = ChsiSite(browser, data, Login(browser, data, "学信网", asks, None), profile.school)
    values = reader.read_record(date(2024, 6, 3)).values
    shown = dict(site.fields(student.chsi[0]))
    for name, labels in data.labels.items():
        expected = next((shown[label] for label in labels if label in shown), "")
        assert values.get(name, "") == expected, name
    assert reader.save_photo().data == world.graduation
