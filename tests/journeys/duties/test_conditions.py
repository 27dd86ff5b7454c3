"""毕业条件: what a page shows before its statuses have come is not taken for them."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from agent.engine.engine import Mode
from fixtures.people.students import STUDENTS
from fixtures.server import MockSites
from fixtures.sites.conditions import conditions
from tests.harness.program import run_job, site_settings

DEFAULTS = """<script>
const shown = [...document.querySelectorAll("td > span + span > span")].map((place) => [place, place.textContent]);
shown.forEach(([place]) => { place.textContent = "未完成"; });
fetch("/studyApp/statuses").finally(() => shown.forEach(([place, status]) => { place.textContent = status; }));
</script></body>"""


def _with_defaults(site: str, path: str, html: str) -> str:
    return html.replace("</body>", DEFAULTS) if "毕业要求：" in html else html


def test_statuses_that_stand_there_before_the_answer_are_not_told(browser: Browser, tmp_path: Path) -> None:
    with MockSites(mutate=_with_defaults) as sites:
        sites.world.add_fault("chaoxing", "studyApp/statuses", "delay", nth=0, value=1.5)
        report = run_job(browser, site_settings(sites), tmp_path, mode=Mode.CHECK, only=["conditions"])
        true = [row.status for row in conditions(sites.world, STUDENTS[0])]
    assert report.conditions is not None, report.trouble
    assert len(set(true)) > 1
    assert [row.status_text for row in report.conditions.items] == true
