"""The probe: nothing personal, nothing changed, and the profile's key beside each word that moved."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.case import case
from agent.errors import SiteChanged
from agent.privacy.redaction import Redactor
from agent.settings import load as load_settings
from fixtures.people.students import STUDENTS
from fixtures.server import MockSites
from fixtures.sites.sign_in import Mutate
from flows.probe import FILE_NAME, Probe
from flows.profiles.schema import load as load_profile
from tests.harness.program import Silent, site_settings

STUDENT = STUDENTS[0]


def _probe(browser: Browser, folder: Path, mutate: Mutate | None = None) -> tuple[Probe, Sequence[object]]:
    with MockSites(mutate=mutate) as sites, case.opened(folder, Redactor()) as opened:
        settings = load_settings({"sites": site_settings(sites), "slow_network_seconds": 8})
        probing = Probe(load_profile("xjtu-2024-07"), settings, opened, Silent(), ())
        probing.carry_out(browser)
        return probing, sites.world.state()["effects"]


def test_pages_as_the_profile_knows_them(browser: Browser, tmp_path: Path) -> None:
    probing, effects = _probe(browser, tmp_path)
    assert probing.trouble() is None
    assert effects == []
    written = (tmp_path / FILE_NAME).read_text("utf-8")
    record = STUDENT.public()
    for value in (STUDENT.id_number, str(record["name"]), STUDENT.id_number[-4:]):
        assert value not in written
    data = json.loads(written)
    assert [page["page"] for page in data["pages"]] == [
        "学信网学籍信息",
        "毕业条件",
        "上传毕业照片",
        "个人信息",
    ]
    assert all(page["skeleton"] for page in data["pages"])


@pytest.mark.parametrize(
    ("word", "other", "key"),
    [
        ("当前状态", "目前进展", "sites.chaoxing.conditions.status"),
        ("学费已缴清", "学费已结清", "conditions"),
    ],
)
def test_a_word_that_moved_is_named_with_its_key(
    browser: Browser, tmp_path: Path, word: str, other: str, key: str
) -> None:
    probing, effects = _probe(browser, tmp_path, lambda site, path, html: html.replace(word, other))
    (page,) = (page for page in probing.looked if page.page == "毕业条件")
    assert [(row.key, row.expected[0]) for row in page.moved] == [(key, word)]
    assert isinstance(probing.trouble(), SiteChanged)
    assert effects == []


def test_a_page_that_cannot_be_reached_is_told(browser: Browser, tmp_path: Path) -> None:
    probing, _ = _probe(browser, tmp_path, lambda site, path, html: html.replace("毕业条件", "资格一览"))
    reached = {page.page: page.trouble is None for page in probing.looked}
    assert reached == {"学信网学籍信息": True, "毕业条件": False, "上传毕业照片": True, "个人信息": True}
