"""A fault on a page of the job ends in a named outcome, with at most one upload and nothing wrong in the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from fixtures.server import MockSites
from tests.harness.program import run_job, site_settings
from tests.robustness.faults.striking import Struck, combinations, learn, strike

BOUNDED = (
    ("platform: conditions", "maintenance page"),
    ("platform: upload", "reset after"),
)
"""What the default suite strikes with; all blows are exhaustive."""
ON_A_SLOW_MACHINE = 12.0
"""Seconds a page may take where none is waited for in vain."""


@pytest.fixture(scope="module")
def _learnt(browser: Browser, _sites: MockSites, tmp_path_factory: pytest.TempPathFactory) -> None:
    _sites.world.reset()
    learn(run_job(browser, site_settings(_sites), tmp_path_factory.mktemp("right") / "case", only=["photo"]))


@pytest.mark.parametrize(("page", "blow"), BOUNDED)
@pytest.mark.usefixtures("_learnt")
def test_a_fault_is_passed_over_or_told(
    browser: Browser, sites: MockSites, tmp_path: Path, page: str, blow: str
) -> None:
    struck = strike(browser, sites, page, blow, tmp_path, ON_A_SLOW_MACHINE)
    assert _but_for_time(struck) == [], struck.outcome
    assert (
        struck.outcome == "0 done"
    )  # a maintenance page that is gone at the second look is passed over, too


@pytest.mark.exhaustive
@pytest.mark.parametrize(("page", "blow"), sorted(set(combinations()) - set(BOUNDED)))
@pytest.mark.usefixtures("_learnt")
def test_a_fault_ends_in_a_named_outcome(
    browser: Browser, sites: MockSites, tmp_path: Path, page: str, blow: str
) -> None:
    struck = strike(browser, sites, page, blow, tmp_path)
    assert _but_for_time(struck) == [], struck.outcome


def _but_for_time(struck: Struck) -> list[str]:
    """What is wrong, without how long it took, which depends on the machine."""
    return [wrong for wrong in struck.wrong if not wrong.startswith("took")]
