"""``gradsync doctor``: what this computer has, without going to any site."""

from __future__ import annotations

import json
import platform
from pathlib import Path

from fixtures.server import MockSites
from tests.agent.cli.conftest import Gradsync


def test_everything_is_looked_at_and_no_site_is_opened(gradsync: Gradsync, sites: MockSites) -> None:
    ran = gradsync.at(sites)("doctor", "--json")
    assert (ran.status, ran.err) == (0, "")
    names = [item["name"] for item in ran.json]
    assert names == ["设置", "浏览器", "中文字体", "识图", "显示", "当前文件夹", "密钥环", "时钟"]
    assert all(item["ok"] for item in ran.json if item["needed"])
    assert sites.world.state()["requests"] == 0


def test_sites_are_opened_only_when_asked_to(gradsync: Gradsync, sites: MockSites) -> None:
    ran = gradsync.at(sites)("doctor", "--reach")
    assert (ran.status, ran.err) == (0, "")
    assert "√ 网站 chsi：能打开" in ran.out
    assert "√ 网站 chaoxing：能打开" in ran.out


def test_a_mistake_in_the_settings_is_one_finding_among_the_others(gradsync: Gradsync) -> None:
    ran = gradsync("doctor", GRADSYNC_HEADLES="1")
    assert ran.status == 2
    assert "! 设置：" in ran.out
    assert "GRADSYNC_HEADLES" in ran.out
    assert "时钟" in ran.out


def test_what_is_written_for_a_maintainer_names_no_person_and_no_place(gradsync: Gradsync) -> None:
    ran = gradsync("doctor", "--report", "found.json", USER="zhang-san", LOGNAME="zhang-san")
    assert ran.status == 0
    text = (gradsync.folder / "found.json").read_text("utf-8")
    found = json.loads(text)
    assert set(found["versions"]) == {"gradsync", "commit", "python", "playwright", "system"}
    assert "可以写入" in [item["found"] for item in found["items"]]
    for word in (str(gradsync.folder), str(Path.home()), platform.node(), "zhang-san"):
        assert word not in text


def test_a_file_for_a_maintainer_that_cannot_be_written_is_named(gradsync: Gradsync) -> None:
    ran = gradsync("doctor", "--report", "nowhere/found.json")
    assert ran.status == 2
    assert "found.json 写不进去" in ran.err
