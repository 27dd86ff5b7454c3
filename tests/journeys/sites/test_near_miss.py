"""A menu word that has changed a little is put to the person with a picture of it; the program never decides by likeness."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.asks import Answer, Ask
from agent.engine.engine import Mode
from agent.report.model import Report
from fixtures.server import MockSites
from tests.harness.program import run_job, site_settings

WAS, NOW = "毕业条件", "毕业资格条件"


@dataclass
class Person:
    """Somebody who says one thing to everything, and keeps what was shown."""

    says: str | None
    shown: list[Ask] = field(default_factory=list)

    def answer(self, ask: Ask) -> Answer | None:
        """Say it."""
        self.shown.append(ask)
        return Answer(self.says, "script") if self.says else None

    def expects(self, ask_id: str) -> bool:
        """True for a near miss; this person leads nowhere."""
        return ask_id.startswith("near-miss.")


def renamed(site: str, path: str, html: str) -> str:
    """The platform's pages with another menu word."""
    return html if site == "chsi" else html.replace(WAS, NOW)


def check(browser: Browser, folder: Path, person: Person) -> Report:
    """Read 毕业条件 where its menu word has changed."""
    with MockSites(mutate=renamed) as sites:
        settings = site_settings(sites)
        return run_job(
            browser, settings, folder, mode=Mode.CHECK, answerers=[person], only=["conditions"], patience=8
        )


def test_the_person_says_that_it_is_meant(browser: Browser, tmp_path: Path) -> None:
    person = Person("yes")
    report = check(browser, tmp_path, person)
    assert report.conditions is not None
    assert len(report.conditions.items) == 14
    assert report.exit_status == 40
    assert f"「毕业条件」页面没有“{WAS}”，按本人的回答用了“{NOW}”" in report.degraded
    (ask,) = person.shown
    assert ask.id == "near-miss.chaoxing"
    assert ask.image is not None
    assert ask.image.startswith(b"\x89PNG")


@pytest.mark.parametrize("says", ["no", None])
def test_without_a_yes_nothing_is_pressed(browser: Browser, tmp_path: Path, says: str | None) -> None:
    person = Person(says)
    report = check(browser, tmp_path, person)
    assert report.exit_status == 20
    assert report.conditions is None
    assert [ask.id for ask in person.shown] == ["near-miss.chaoxing"]
