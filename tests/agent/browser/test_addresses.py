"""Which addresses a site's context may reach: its hosts on every port, and nothing that only looks like them."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from agent.browser.launcher import address_pattern, site_context
from agent.settings import SiteSettings
from fixtures.server import MockSites
from flows.profiles.site_words import Site
from flows.run.sites import encrypted_hosts, hosts_of

HOSTS = ("*.chsi.com.cn", "xjtu.jxjy.chaoxing.com")
PATTERN = address_pattern(HOSTS)
OURS = ("chsi.com.cn", "my.chsi.com.cn", "a.b.chsi.com.cn", "xjtu.jxjy.chaoxing.com")
LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
REST = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30)


def _is_ours(host: str) -> bool:
    return host in ("chsi.com.cn", "xjtu.jxjy.chaoxing.com") or host.endswith(".chsi.com.cn")


# -- ours ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", OURS)
@pytest.mark.parametrize("scheme", ["http", "https", "ws", "wss", "HTTPS"])
@pytest.mark.parametrize(
    "rest", ["", "/", ":8443", ":8443/", "/passport/login?service=x", "?a=b", "#top", "/@x"]
)
def test_every_address_of_the_hosts_is_allowed(host: str, scheme: str, rest: str) -> None:
    assert PATTERN.match(f"{scheme}://{host}{rest}")


def test_case_does_not_matter() -> None:
    assert PATTERN.match("https://MY.CHSI.COM.CN/archive")


@pytest.mark.parametrize(
    "address", ["about:blank", "data:image/png;base64,AA==", "blob:https://my.chsi.com.cn/1"]
)
def test_what_leads_nowhere_is_allowed(address: str) -> None:
    assert PATTERN.match(address)


@given(st.lists(LABEL, min_size=1, max_size=4), st.integers(1, 65535), REST)
def test_every_subdomain_and_port(labels: list[str], port: int, rest: str) -> None:
    assert PATTERN.match(f"https://{'.'.join(labels)}.chsi.com.cn:{port}/{rest}")


# -- not ours ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "https://chsi.com.cn.evil.example/",  # suffix trick
        "https://evilchsi.com.cn/",
        "https://evil-chsi.com.cn/",
        "https://chsi.com.cnx/",
        "https://chsi.com.cn@evil.example/",  # userinfo trick
        "https://my.chsi.com.cn:pw@evil.example/",
        "https://my.chsi.com.cn:443@evil.example/",
        "https://user@my.chsi.com.cn/",  # ours, but nobody needs it and it hides well
        "https://evil.example/my.chsi.com.cn",
        "https://evil.example?my.chsi.com.cn",
        "https://evil.example#my.chsi.com.cn",
        "https://evil.example:443/.chsi.com.cn/",
        "https://mychsiXcom.cn/",
        "https://my.chsiXcom.cn/",
        "https://my.chsi.com.cn.",  # another name to cookies and certificates
        "https://sub.xjtu.jxjy.chaoxing.com/",  # only a star widens
        "https://jxjy.chaoxing.com/",
        "ftp://my.chsi.com.cn/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "chrome://settings",
        "//my.chsi.com.cn/",
        "my.chsi.com.cn",
        "",
        "https://",
        "https://my.chsi.com.cn:80x/",
    ],
)
def test_what_only_looks_like_the_site_is_not_allowed(address: str) -> None:
    assert not PATTERN.match(address)


@pytest.mark.parametrize(
    "address", ["https://evil.example\\.chsi.com.cn/", "https://evil.example\t\\.chsi.com.cn"]
)
def test_a_backslash_ends_a_host_as_in_a_browser(address: str) -> None:
    assert not PATTERN.match(address)


@given(
    st.sampled_from(["https", "http", "ws"]),
    st.lists(
        st.sampled_from(["chsi.com.cn", "evil.example", ".", "@", ":", "/", "?", "#", "%2e", "-", "a"]),
        max_size=8,
    ),
)
def test_an_address_is_allowed_only_if_its_host_is_ours(scheme: str, pieces: list[str]) -> None:
    address = f"{scheme}://{''.join(pieces)}"
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        assume(False)
    if PATTERN.match(address):
        assert _is_ours(host)


@given(LABEL, LABEL, REST)
def test_strangers_are_never_allowed(name: str, top: str, rest: str) -> None:
    host = f"{name}.{top}"
    assume(not _is_ours(host))
    assert not PATTERN.match(f"https://{host}/{rest}")


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12))
def test_a_hosts_own_characters_are_no_pattern(host: str) -> None:
    assume(not host.startswith("*."))
    for stranger in ("evil.example", "a"):
        if stranger != host.casefold():
            assert not address_pattern([host]).match(f"https://{stranger}/")


def test_no_hosts_allow_nothing_but_what_leads_nowhere() -> None:
    assert not address_pattern(()).match("https://my.chsi.com.cn/")


# -- hosts from settings -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("origins", "hosts"),
    [
        ("a.example", ("a.example",)),
        ("a.example:8443", ("a.example",)),
        ("https://a.example", ("a.example",)),
        ("https://a.example:8443/x/y", ("a.example",)),
        ("http://[::1]:8000/", ("[::1]",)),
        ("[::1]", ("[::1]",)),
        ("*.a.example", ("*.a.example",)),
        ("http://a.example?next=http://b.example/", ("a.example",)),
    ],
)
def test_the_host_of_an_address(origins: str, hosts: tuple[str, ...]) -> None:
    assert hosts_of(SiteSettings(origins=origins)) == hosts


def test_every_address_and_origin_gives_its_host() -> None:
    given_by_hand = SiteSettings(login_url="http://127.0.0.1:8000/login", origins="b.example, c.example")
    assert hosts_of(given_by_hand) == ("127.0.0.1", "b.example", "c.example")


# -- in the browser ------------------------------------------------------------------------------------------------------


def _reached(browser: Browser, hosts: tuple[str, ...], address: str) -> bool:
    """Fetch an address from a page of the sites; True when there was an answer."""
    with site_context(browser, hosts) as context:
        page = context.new_page()
        return (
            page.evaluate("url => fetch(url, {mode: 'no-cors'}).then(() => true, () => false)", address)
            is True
        )


def test_a_context_reaches_its_hosts_and_no_other(browser: Browser, sites: MockSites) -> None:
    address = sites.addresses.chsi_login
    assert _reached(browser, ("127.0.0.1",), address)
    assert _reached(browser, ("localhost",), address.replace("127.0.0.1", "localhost"))
    before = sites.world.state()["requests"]
    assert not _reached(browser, ("127.0.0.2", "*.chsi.com.cn"), address)
    assert sites.world.state()["requests"] == before


def test_a_host_written_in_capitals_is_the_same_host(browser: Browser, sites: MockSites) -> None:
    address = sites.addresses.chsi_login.replace("127.0.0.1", "localhost")
    assert _reached(browser, ("LOCALHOST",), address)


def test_a_labelled_window_says_whose_it_is(browser: Browser, sites: MockSites) -> None:
    """Two cases' windows show the same page; only the title, which the person reads in the task bar, tells them apart."""
    with site_context(browser, ("127.0.0.1",), label="【3号 王* 学信网】") as context:
        page = context.new_page()
        page.goto(sites.addresses.chsi_login)
        page.wait_for_load_state()
        labelled = page.title()
    with site_context(browser, ("127.0.0.1",)) as context:
        page = context.new_page()
        page.goto(sites.addresses.chsi_login)
        assert labelled == f"【3号 王* 学信网】 {page.title()}"


@pytest.mark.parametrize(
    ("login", "archive", "hosts"),
    [
        ("https://a.example/login", "https://B.example:8443/", {"a.example", "b.example"}),
        ("http://a.example/login", None, set()),
        ("http://a.example/login", "https://a.example/archive", set()),
    ],
)
def test_a_host_is_encrypted_where_every_address_of_it_is(
    login: str, archive: str | None, hosts: set[str]
) -> None:
    assert encrypted_hosts(Site.model_construct(login_url=login, archive_url=archive)) == hosts
