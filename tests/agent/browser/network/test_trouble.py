"""Every kind of trouble on the way to a site has its own sentence and remedy, and no seconds that nobody waited."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.browser.launcher import site_context
from agent.browser.network.trouble import (
    ANOTHER_NAME,
    BROKEN,
    CIRCLE,
    CLOCK,
    NAME,
    NO_ADDRESS,
    OFFLINE,
    PROXY,
    REFUSED,
    SILENT,
    TLS,
    UNTRUSTED,
    NetworkTrouble,
    trouble_of,
)
from agent.browser.site_browser import SiteBrowser
from agent.errors import SiteUnavailable

TABLE = {
    UNTRUSTED: ["CERT_AUTHORITY_INVALID", "CERT_REVOKED", "CERT_WEAK_SIGNATURE_ALGORITHM", "CERT_INVALID", "CERT_CONTAINS_ERRORS"],
    CLOCK: ["CERT_DATE_INVALID", "CERT_VALIDITY_TOO_LONG"],
    ANOTHER_NAME: ["CERT_COMMON_NAME_INVALID"],
    NAME: ["NAME_NOT_RESOLVED", "NAME_RESOLUTION_FAILED", "DNS_TIMED_OUT", "DNS_SERVER_FAILED", "DNS_MALFORMED_RESPONSE"],
    REFUSED: ["CONNECTION_REFUSED"],
    TLS: ["SSL_PROTOCOL_ERROR", "SSL_VERSION_OR_CIPHER_MISMATCH", "BAD_SSL_CLIENT_AUTH_CERT", "SSL_UNRECOGNIZED_NAME_ALERT"],
    OFFLINE: ["INTERNET_DISCONNECTED", "NETWORK_CHANGED", "NETWORK_IO_SUSPENDED"],
    PROXY: ["PROXY_CONNECTION_FAILED", "TUNNEL_CONNECTION_FAILED", "PROXY_CERTIFICATE_INVALID", "PAC_SCRIPT_FAILED",
            "SOCKS_CONNECTION_FAILED"],
    BROKEN: ["CONNECTION_RESET", "CONNECTION_CLOSED", "EMPTY_RESPONSE", "INVALID_HTTP_RESPONSE", "HTTP2_PROTOCOL_ERROR"],
    SILENT: ["CONNECTION_TIMED_OUT", "TIMED_OUT", "ADDRESS_UNREACHABLE"],
    CIRCLE: ["TOO_MANY_REDIRECTS"],
    NO_ADDRESS: ["INVALID_URL", "UNSAFE_PORT", "UNKNOWN_URL_SCHEME"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "trouble"), [(code, trouble) for trouble, codes in TABLE.items() for code in codes]
)
def test_what_chromium_says_has_its_sentence(code: str, trouble: NetworkTrouble) -> None:
    assert trouble_of(f"Page.goto: net::ERR_{code} at https://a.example/") == trouble
    assert not re.search(r"\d+ 秒|net::|[A-Z]{4,}", trouble.said + trouble.remedy)


def test_all_sentences_differ() -> None:
    assert (
        len({trouble.said for trouble in TABLE}) == len({trouble.remedy for trouble in TABLE}) == len(TABLE)
    )


@pytest.mark.parametrize(
    "text", ["net::ERR_ABORTED", "net::ERR_BLOCKED_BY_CLIENT", "Timeout 30000ms exceeded", ""]
)
def test_what_is_no_trouble_of_the_network(text: str) -> None:
    assert trouble_of(text) is None


def test_an_unknown_code_is_said() -> None:
    found = trouble_of("net::ERR_SOMETHING_NEW")
    assert found is not None
    assert "ERR_SOMETHING_NEW" in found.said


# -- in a browser ----------------------------------------------------------------------------------------------------------


@contextmanager
def _view(browser: Browser) -> Iterator[SiteBrowser]:
    failed: dict[str, str] = {}
    with site_context(browser, ["127.0.0.1", "no-such-host.invalid"], failed=failed) as context:
        allowed = re.compile("https?://")
        yield SiteBrowser(
            context, context.new_page(), "chsi", 20, allowed=allowed, failed=failed, title="学信网"
        )


@contextmanager
def _server(tls: Path | None) -> Iterator[int]:
    """A server that closes what is connected to it; with a certificate of its own where one is given."""
    listening = socket.create_server(("127.0.0.1", 0))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if tls:
        context.load_cert_chain(tls)

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with closing(connection):
                try:
                    (context.wrap_socket(connection, server_side=True) if tls else connection).close()
                except (ssl.SSLError, OSError):
                    continue

    serving = threading.Thread(target=serve)
    serving.start()
    yield listening.getsockname()[1]
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    serving.join()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that nobody has signed."""
    path = tmp_path_factory.mktemp("tls") / "own.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "9",
        "-subj",
        "/CN=127.0.0.1",
    ]
    subprocess.run([*command, "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", path, "-out", f"{path}.crt"],
                   check=True, capture_output=True)  # fmt: skip
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


def _said(browser: Browser, address: str, clicked: bool) -> SiteUnavailable:
    with _view(browser) as view:
        started = time.monotonic()
        with pytest.raises(SiteUnavailable) as stop:
            _go(view, address, clicked)
        assert time.monotonic() - started < 15
        assert "学信网" in stop.value.message
        assert "秒内" not in stop.value.message
        return stop.value


def _go(browser: SiteBrowser, address: str, clicked: bool) -> None:
    if not clicked:
        browser.goto(address)
    browser.page.set_content(f'<a href="{address}">进入</a>')
    browser.page.get_by_text("进入").click()
    browser.wait(lambda snapshots: None, "首页", "里面")


@pytest.mark.parametrize("clicked", [False, True])
def test_each_trouble_in_a_browser(browser: Browser, certificate: Path, clicked: bool) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    assert REFUSED.said in _said(browser, f"http://127.0.0.1:{port}/", clicked).message
    assert NAME.remedy == _said(browser, "http://no-such-host.invalid/", clicked).remedy
    with _server(None) as port:
        assert BROKEN.said in _said(browser, f"http://127.0.0.1:{port}/", clicked).message
    with _server(certificate) as port:
        assert UNTRUSTED.said in _said(browser, f"https://127.0.0.1:{port}/", clicked).message
