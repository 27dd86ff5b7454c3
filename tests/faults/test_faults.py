"""A fault on a page of the job ends in a named outcome, with at most one upload and nothing wrong in the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from fixtures.server import MockSites
from tests.faults.striking import ONLY, combinations, learn, strike
from tests.harness import run_job, site_settings

BOUNDED = (
    ("platform: upload", "reset after"),
    ("platform: upload", "sent twice"),
    ("platform: conditions", "502"),
    ("platform: upload page", "unknown layer"),
)
"""What the default suite strikes with; all of it is exhaustive."""


@pytest.fixture(scope="module")
def _learnt(browser: Browser, _sites: MockSites, tmp_path_factory: pytest.TempPathFactory) -> None:
    _sites.world.reset()
    learn(run_job(browser, site_settings(_sites), tmp_path_factory.mktemp("right") / "case", only=ONLY))


@pytest.mark.parametrize(
    ("page", "blow"),
    [
        pytest.param(*pair, marks=[] if pair in BOUNDED else pytest.mark.exhaustive)
        for pair in sorted(combinations())
    ],
)
@pytest.mark.usefixtures("_learnt")
def test_a_fault_ends_in_a_named_outcome(
    browser: Browser, sites: MockSites, tmp_path: Path, page: str, blow: str
) -> None:
    struck = strike(browser, sites, page, blow, tmp_path)
    assert [wrong for wrong in struck.wrong if not wrong.startswith("took")] == [], struck.outcome
