"""Words learned by watching: kept as words, read back checked, forgotten and exported."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.asks import TAKE_OVER, Ask, AskKind, AskRouter, Scripted, WithoutWindow
from agent.browser.click_recorder import menu_name
from flows.profiles import learned
from flows.profiles.learned import LearnedWords, export, of_profile
from flows.profiles.schema import load

PROFILE = "xjtu-2024-07"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("agent.paths.platformdirs.user_data_path", lambda _: tmp_path)
    return tmp_path / "learned"


def _learned(warnings: list[str] | None = None) -> LearnedWords:
    def redacted(text: str) -> str:
        return text.replace("王岚", "王*")

    heard: list[str] = [] if warnings is None else warnings
    return of_profile(PROFILE, redacted, heard.append, heard.append)


def test_what_was_pressed_is_there_for_the_next_run(folder: Path) -> None:
    _learned().learn("chaoxing", "conditions", ["首页", "办事大厅", "首页", "离校资格"])
    assert _learned().ways("chaoxing", "conditions") == [("离校资格",), ("首页",), ("办事大厅",)]
    assert _learned().ways("chaoxing", "upload") == []
    assert (folder / f"{PROFILE}.toml").stat().st_mode & 0o777 == 0o600


def test_words_with_somebodys_data_are_not_kept(folder: Path) -> None:
    _learned().learn("chaoxing", "conditions", ["王岚的空间"])
    assert not folder.exists()


def test_learning_one_page_keeps_the_others() -> None:
    _learned().learn("chaoxing", "conditions", ["离校资格"])
    again = _learned()
    again.learn("chsi", "links", ["高教记录"])
    assert again.ways("chaoxing", "conditions") == [("离校资格",)]
    assert [(row.site, row.place, row.words) for row in again.in_use] == [("chsi", "links", ("高教记录",))]


@pytest.mark.parametrize(
    "text",
    [
        "[sites",
        "[sites.chaoxing.conditions]\nwords = []\n",
        '[sites.chaoxing.conditions]\nwords = ["离校资格"]\nsecret = "x"\n',
        '[sites.chaoxing.conditions]\nwords = ["离校资格"]\n',
    ],
    ids=["no TOML", "no words", "unknown key", "no time"],
)
def test_a_broken_file_is_named_and_not_used(text: str, folder: Path) -> None:
    folder.mkdir()
    (folder / f"{PROFILE}.toml").write_text(text, "utf-8")
    warnings: list[str] = []
    assert _learned(warnings).ways("chaoxing", "conditions") == []
    (warning,) = warnings
    assert f"{PROFILE}.toml" in warning
    assert "这次没有使用" in warning


def test_an_export_stands_behind_the_profiles_own_words() -> None:
    profile = load(PROFILE)
    learned = _learned()
    learned.learn("chaoxing", "conditions", ["办事大厅", "离校资格"])
    learned.learn("chsi", "links", ["高教记录"])
    text = export(learned.file, profile.sites)
    assert "[sites.chaoxing.conditions]\nwords = [" in text
    assert '"离校资格"]' in text
    assert '"高教记录"]' in text
    assert profile.sites.chsi.links[0] in text


def test_forgetting(folder: Path) -> None:
    assert not learned.forget(PROFILE)
    _learned().learn("chaoxing", "conditions", ["离校资格"])
    assert learned.forget(PROFILE)
    assert _learned().ways("chaoxing", "conditions") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("▸ 毕业", "毕业"),
        ("\ue68e 学生服务", "学生服务"),
        ("通知\n3", "通知"),
        ("通知（12）", "通知"),
        ("成绩查询 NEW", "成绩查询"),
        ("查看/编辑", "查看/编辑"),
        ("学籍信息（图像校对）", "学籍信息（图像校对）"),
        ("61012320010101422X", ""),
        ("a.b@c.cn", ""),
        ("字" * 61, ""),
        ("›", ""),
    ],
)
def test_a_menu_entrys_name(text: str, name: str) -> None:
    assert menu_name(text) == name


def test_who_may_lead_and_who_leaves_it_out() -> None:
    ask = Ask(f"{TAKE_OVER}chaoxing", AskKind.DONE, "", "chaoxing")
    there = Scripted({ask.id: "done", "apply-plan": "yes"})
    assert not AskRouter([there]).skipped(ask)
    assert AskRouter([there, Scripted({ask.id: "skip"})]).skipped(ask)
    assert AskRouter([there]).expects(ask.id)
    assert not AskRouter([WithoutWindow(there)]).expects(ask.id)
    assert AskRouter([WithoutWindow(there)]).expects("apply-plan")
