"""Every page in words that nobody has taught, and in English, with a person at the window."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from fixtures.mutations.mutations import ENGLISH, STRANGE_WORDS, applies, combine
from fixtures.server import MockSites
from tests.person import Leading, hands
from tests.robustness.mutations.pages import PAGES, Filter, originals, truths
from tests.robustness.mutations.running import PATIENCE, Outcome, carry_out, judge

WAYS = {
    "学信网学籍信息": ["进入学信档案", "高等教育信息", "免费查看学籍、学历、学位信息"],
    "毕业条件": ["学生服务", "毕业条件"],
    "上传毕业照片": ["学生服务", "上传毕业照片"],
    "个人信息": ["学生服务", "信息变更", "查看/编辑"],
    "个人信息核对": ["注册系统", "个人信息核对", "开始核对"],
}
WORKS: dict[str, dict[str, list[str]]] = {
    "strange_words": {"自己上传": ["FILE", "上传"], "自己勾选": ["提交"]},
    "english": {"自己上传": ["FILE", "上传"], "自己勾选": ["我确认", "提交"]},
}
"""What is done by hand on a page; in English the box is not ticked yet."""
PATIENT_SECONDS = 25.0
RIGHT = (Outcome.RIGHT, Outcome.DEGRADED)
LEAST_RIGHT = 0.99


def shown(word: str) -> str:
    """What may stand for a word on a changed page."""
    return "|".join(dict.fromkeys((word, STRANGE_WORDS.get(word, word), ENGLISH.get(word, word))))


@pytest.mark.exhaustive
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", ["strange_words", "english"])
def test_with_a_person_there_every_changed_page_is_right(
    window: Browser, port: int, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trails = {page: [shown(word) for word in way] for page, way in WAYS.items()}
    works = {told: [shown(word) for word in words] for told, words in WORKS[name].items()}
    pages = Filter()
    outcomes = {}
    with MockSites(mutate=pages) as sites:
        html = originals(sites)
        true = truths(sites, html)
        for page in PAGES:
            if not applies([name], html[page]):
                continue
            data = tmp_path / page / "data"
            monkeypatch.setattr("agent.paths.platformdirs.user_data_path", lambda _, data=data: data)
            pages.set(page, combine([name], 1))
            with hands(port) as pressing:
                person = Leading(pressing, trails, works, PATIENT_SECONDS)
                run = carry_out(window, sites, page, tmp_path / page / "case", PATIENCE, [person])
            outcomes[page] = judge(run, true[PAGES[page].task.profile], page, (name,))
    counts = Counter(one.outcome for one in outcomes.values())
    wrong = {page: one for page, one in outcomes.items() if one.outcome is Outcome.WRONG}
    assert wrong == {}
    right = sum(counts[outcome] for outcome in RIGHT)
    stopped = {page: one for page, one in outcomes.items() if one.outcome not in RIGHT}
    assert right / len(outcomes) >= LEAST_RIGHT, stopped
