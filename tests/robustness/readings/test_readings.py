"""Pages as other vendors would write them: whatever the program reads there stands there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.robustness.readings.reading import GROUPS, Readers, Verdict, pages

LEFT: dict[str, Verdict] = {
    "conditions/antd-badge": Verdict.PARTLY,
    "conditions/layui-reached-yes-no-reason": Verdict.PARTLY,
    "conditions/legend-dots": Verdict.PARTLY,
    "conditions/pending-and-not-needed": Verdict.PARTLY,
    "conditions/six-columns-yes-no": Verdict.PARTLY,
    "conditions/switch-like": Verdict.PARTLY,
    "conditions/tiles-blue-or-grey": Verdict.PARTLY,
    "grades/collapse-open-details": Verdict.STOP,
    "grades/h5-term-tabs-cards": Verdict.STOP,
    "grades/letter-grades": Verdict.PARTLY,
    "grades/vant-cells": Verdict.STOP,
    "records/diploma-record": Verdict.STOP,
    "records/enrolment-and-diploma-stacked": Verdict.STOP,
    "records/readonly-inputs": Verdict.PARTLY,
    "records/same-school-twice": Verdict.STOP,
    "platform/photo-comparison-results": Verdict.PARTLY,
    "platform/photo-waiting": Verdict.PARTLY,
}
"""Pages that are not read as a person reads them, and how they are read."""


@pytest.fixture(scope="module")
def readers(browser: Browser) -> Iterator[Readers]:
    """One window for all pages."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield Readers(page)
    page.close()


@pytest.mark.parametrize("page", [f"{group}/{name}" for group in GROUPS for name in pages(group)])
def test_what_is_read_stands_on_the_page(readers: Readers, page: str) -> None:
    reading = readers.read(*page.split("/"))
    assert reading.verdict == LEFT.get(page, Verdict.RIGHT), reading.why
