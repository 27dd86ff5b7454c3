"""The whole job on sites that nobody who wrote the flows has seen (issue 3)."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.report.model import Report
from tests.harness import run_job
from tests.unseen.sites import CHSI, PLATFORM, Unseen, unseen
from tests.unseen.world import BATCH, SCOPE, Effect, World

PAIRS = [
    ("lists", "frames"),
    ("cards", "spa"),
    ("mobile", "windows"),
    ("pairs", "nested"),
    ("blob", "plain"),
    ("background", "frames"),
    ("lazy", "plain"),
]


def conditions_of(report: Report) -> list[tuple[str, str]]:
    """Names and texts as the report has them."""
    assert report.conditions is not None, report.headline
    return [(row.name, row.status_text) for row in report.conditions.items]


def expected_conditions(world: World) -> list[tuple[str, str]]:
    """Names and texts as the platform shows them now."""
    return [(name, status) for name, status, _ in world.conditions]


def run(browser: Browser, site: Unseen, out: Path) -> Report:
    """Run the whole job with little patience."""
    return run_job(browser, site.settings, out, patience=4)


@pytest.mark.parametrize(("chsi", "platform"), PAIRS)
def test_the_whole_job(browser: Browser, tmp_path: Path, chsi: str, platform: str) -> None:
    world = World()
    with unseen(world, CHSI[chsi], PLATFORM[platform]) as site:
        first = run(browser, site, tmp_path / "first")
        planned = Effect(
            "photo_upload",
            hashlib.sha256(world.graduation).hexdigest(),
            f"{world.student.id_number}.jpg",
        )
        assert (first.exit_status, first.outcome) == (0, "done"), (first.headline, first.degraded)
        assert world.effects == [planned]
        assert conditions_of(first) == expected_conditions(world)
        assert first.conditions is not None
        assert (first.conditions.batch, first.conditions.scope) == (BATCH, SCOPE)
        second = run(browser, site, tmp_path / "second")
        assert (second.exit_status, second.headline.count("已上传")) == (0, 1), second.headline
        assert world.effects == [planned]
        assert {duty.id: duty.status for duty in second.duties}["photo"] == "already_done"
    assert world.logins == {"chsi.ok": 2, "chaoxing.ok": 2}
