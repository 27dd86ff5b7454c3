"""Both groups of entries and 自我评价 on the pages of every library, without the way there: filled in, saved once, read back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar, cast

import pytest
from playwright.sync_api import Browser, Page

from agent.browser.site_browser import SiteBrowser
from agent.errors import EntryRefused
from agent.snapshot.frame import FrameSnapshot
from flows.forms.entry_rows import Row
from flows.profiles.schema import load
from flows.profiles.site_words import ChaoxingSite
from flows.sites.chaoxing.entries.page import EntriesPage
from flows.sites.chaoxing.platform import Chaoxing
from flows.sites.chaoxing.register_form_page import RegisterPage
from tests.harness import npm_packages
from tests.robustness.components import cache, data
from tests.robustness.components.server import serving
from tests.robustness.components.world import World

T = TypeVar("T")
PROFILE, REGISTER = "个人信息", "毕业生登记表"
WAYS = {  # how a page's own script comes to a page; the way by the menu is another test's
    "layui": {
        PROFILE: "document.querySelector('iframe').src = '/page?p=profile'",
        REGISTER: "document.querySelector('iframe').src = '/page?p=register'",
    },
    "element-plus": {
        PROFILE: "document.querySelector('#app')._vnode.component.proxy.open('个人信息')",
        REGISTER: "document.querySelector('#app')._vnode.component.proxy.open('登记表')",
    },
    "element-ui": {
        PROFILE: "document.querySelector('#app').__vue__.open('个人信息')",
        REGISTER: "document.querySelector('#app').__vue__.open('毕业生登记表')",
    },
    "antd": {
        PROFILE: "document.querySelector('#app')._vnode.component.proxy.open('个人信息')",
        REGISTER: "document.querySelector('#app')._vnode.component.proxy.open('毕业生登记表')",
    },
    "vant4": {
        PROFILE: "document.querySelector('#app')._vnode.component.proxy.go('profile')",
        REGISTER: "document.querySelector('#app')._vnode.component.proxy.go('register')",
    },
    "vant2": {
        PROFILE: "document.querySelector('#app').__vue__.go('个人信息')",
        REGISTER: "document.querySelector('#app').__vue__.go('毕业生登记表')",
    },
    "easyui": {PROFILE: "addTab('个人信息')", REGISTER: "addTab('毕业生登记表')"},
    "bootstrap": {PROFILE: "location.hash = '#profile'", REGISTER: "location.hash = '#register'"},
    "bootstrap3": {PROFILE: "location.hash = '#profile'", REGISTER: "location.hash = '#register'"},
    "element-ui-admin": {  # a dialog, whose calendar stays open over what stands below it
        PROFILE: "location.hash = '#/profile'",
        REGISTER: "location.hash = '#/register'",
    },
    "element-ui-rows": {  # rows of a table, each with a 保存 of its own
        PROFILE: "document.querySelector('#app').__vue__.go('个人信息')",
        REGISTER: "document.querySelector('#app').__vue__.go('毕业生登记表')",
    },
}
ORDINARY = ("bootstrap", "vant2", "element-ui-rows")
"""In every run of the suite: a list of cards, one that shows only a few words, and rows with a button each."""
every_library = pytest.mark.parametrize(
    "library",
    [pytest.param(name, marks=() if name in ORDINARY else pytest.mark.exhaustive) for name in WAYS],
)


@dataclass
class Platform:
    """The signed-in platform as far as a form needs it."""

    browser: SiteBrowser
    data: ChaoxingSite
    address: str
    ways: dict[str, str]

    def open(
        self, place: object, title: str, shown: Callable[[list[FrameSnapshot]], T | None], **_: object
    ) -> T:
        """Open a page anew, and wait for what it is recognised by."""
        self.browser.goto(self.address)
        way = self.ways[REGISTER if title == REGISTER else PROFILE]
        started = f"() => {{ try {{ {way}; return true }} catch (error) {{ return false }} }}"
        self.browser.page.wait_for_function(started)
        self.browser.invalidate()
        return self.browser.wait(shown, title, title)


@contextmanager
def _signed_in(browser: Browser, library: str) -> Iterator[tuple[World, Platform]]:
    world = World(frozenset())
    who, site = world.student, load("xjtu-2024-07").sites.chaoxing
    assert site is not None
    sites = dict.fromkeys(("chsi", "chaoxing", "lzu"), library)
    with serving(sites, world, cache.libraries()) as places:
        context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
        page: Page = context.new_page()
        account = {"username": who.account("chaoxing"), "password": who.password("chaoxing")}
        assert context.request.post(f"{places.chaoxing}/api/login", data=account).ok
        view = SiteBrowser(context, page, "chaoxing", 10)
        yield world, Platform(view, site, f"{places.chaoxing}/", WAYS[library])
        context.close()


def _said(rows: tuple[Row, ...]) -> list[dict[str, str]]:
    return [{name: value for name, value in row.items() if value} for row in rows]


@pytest.fixture(scope="module", autouse=True)
def _libraries() -> None:
    try:
        cache.libraries()
    except npm_packages.PackagesMissingError as error:
        pytest.skip(f"component pages need the libraries, which npm fetches: {error}")


@every_library
@pytest.mark.parametrize("group", ["family", "history"])
def test_entries_are_filled_in_saved_once_and_read_back(browser: Browser, library: str, group: str) -> None:
    stated = data.FAMILY if group == "family" else data.HISTORY
    with _signed_in(browser, library) as (world, platform):
        words = platform.data.family if group == "family" else platform.data.history
        page = EntriesPage(cast(Chaoxing, platform), words)
        assert page.read()[0] == ()
        assert not isinstance(page.save(stated), EntryRefused)
        assert _said(page.read()[0]) == _said(stated)
        assert _said(tuple(world.rows[group])) == _said(stated)
        saves = [effect for effect in world.effects if effect["kind"] == f"{group}_save"]
        assert len(saves) in (1, len(stated))
        assert all(effect["changed"] for effect in saves)


@every_library
def test_the_evaluation_is_submitted_once_and_read_back(browser: Browser, library: str) -> None:
    with _signed_in(browser, library) as (world, platform):
        page = RegisterPage(cast(Chaoxing, platform), 200)
        assert not page.read()[0].is_submitted
        assert not isinstance(page.submit(data.SELF_EVALUATION, "提交后不可更改"), EntryRefused)
        shown, _ = page.read()
        assert shown.is_submitted
        assert shown.says(data.SELF_EVALUATION)
        assert world.count("evaluation_submit") == 1
