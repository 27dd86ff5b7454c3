"""毕业条件: what a page shows before its statuses have come is not taken for them."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from agent.engine.engine import Mode
from fixtures.server import MockSites
from tests.harness.program import run_job, site_settings

DEFAULTS = """<script>
const shown = [...document.querySelectorAll("td > span + span > span")].map((place) => [place, place.textContent]);
shown.forEach(([place]) => { place.textContent = "未完成"; });
fetch("/studyApp/statuses").finally(() => shown.forEach(([place, status]) => { place.textContent = status; }));
</script></body>"""


def _with_defaults(site: str, path: str, html: str) -> str:
    return html.replace("</body>", DEFAULTS) if "毕业要求：" in html else html


def test_statuses_that_stand_there_before_the_answer_are_not_told(browser: Browser, tmp_path: Path) -> None:
    reports: list[list[str]] = []
    for mutate in (lambda site, path, html: html, _with_defaults):
        with MockSites(mutate=mutate) as sites:
            sites.world.add_fault("chaoxing", "studyApp/statuses", "delay", nth=0, value=1.5)
            out = tmp_path / str(len(reports))
            report = run_job(browser, site_settings(sites), out, mode=Mode.CHECK, only=["conditions"])
            assert report.conditions is not None, report.trouble
            reports.append([row.status_text for row in report.conditions.items])
    assert len(set(reports[0])) > 1
    assert reports[1] == reports[0]
