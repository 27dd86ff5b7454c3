"""The proxy of a site's context, without a browser: what it passes on, what it refuses, and through whose proxy it goes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from agent.browser.launcher import address_pattern
from agent.browser.network.origin_proxy import OriginProxy, Upstream, check_system_proxy, system_proxy
from agent.errors import UsageError

LOOPBACK = "127.0.0.1"
SITE = address_pattern([LOOPBACK, "*.site.example"])
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nKeep-Alive: timeout=5\r\n\r\nok"


@contextmanager
def _server(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """Serve one connection; gives the port."""
    with socket.create_server((LOOPBACK, 0)) as listening:

        def work() -> None:
            connection, _ = listening.accept()
            with connection:
                serve(connection)

        serving = threading.Thread(target=work, daemon=True)
        serving.start()
        yield listening.getsockname()[1]
        serving.join(10)
        assert not serving.is_alive()


def _read_until(connection: socket.socket, end: bytes) -> bytes:
    data = b""
    while end not in data and (more := connection.recv(1 << 16)):
        data += more
    return data


def _read_all(connection: socket.socket) -> bytes:
    data = b""
    while more := connection.recv(1 << 16):
        data += more
    return data


def _ask(proxy: OriginProxy, request: bytes) -> bytes:
    with socket.create_connection((LOOPBACK, proxy.port), timeout=10) as connection:
        connection.sendall(request)
        return _read_all(connection)


def _answering(
    heard: list[bytes], answer: bytes, end: bytes = b"\r\n\r\n"
) -> Callable[[socket.socket], None]:
    def serve(connection: socket.socket) -> None:
        heard.append(_read_until(connection, end))
        connection.sendall(answer)

    return serve


def _get(port: int, path: str = "/a//b?c=http://d/") -> bytes:
    fields = f"Host: {LOOPBACK}:{port}\r\nProxy-Connection: keep-alive\r\nCookie: a=1"
    return f"GET http://{LOOPBACK}:{port}{path} HTTP/1.1\r\n{fields}\r\n\r\n".encode()


def test_a_request_is_passed_on_as_the_site_expects_it_and_the_connection_ends_with_the_answer() -> None:
    heard: list[bytes] = []
    with OriginProxy(SITE) as proxy, _server(_answering(heard, OK)) as port:
        answer = _ask(proxy, _get(port))
    first, *fields = heard[0].rstrip().split(b"\r\n")
    assert first == b"GET /a//b?c=http://d/ HTTP/1.1"
    assert fields == [f"Host: {LOOPBACK}:{port}".encode(), b"Cookie: a=1", b"Connection: close"]
    assert answer == b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
    assert proxy.refused == []


def test_a_body_and_an_interim_answer_are_passed_on() -> None:
    heard: list[bytes] = []
    body = b"x" * 3_000_000 + b"end"
    with (
        OriginProxy(SITE) as proxy,
        _server(_answering(heard, b"HTTP/1.1 100 Continue\r\n\r\n" + OK, b"end")) as port,
    ):
        head = f"POST http://{LOOPBACK}:{port}/ HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n"
        answer = _ask(proxy, head.encode() + body)
    assert heard[0].endswith(body)
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")


def test_half_an_answer_stays_half_an_answer() -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
    with OriginProxy(SITE) as proxy, _server(_answering([], half)) as port:
        assert _ask(proxy, _get(port)).endswith(b"\r\n\r\nhalf")


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nConte"])
def test_no_answer_is_no_answer(answer: bytes) -> None:
    with OriginProxy(SITE) as proxy, _server(_answering([], answer)) as port:
        assert _ask(proxy, _get(port)) == b""


def test_nobody_there_is_no_answer() -> None:
    with OriginProxy(SITE) as proxy, socket.create_server((LOOPBACK, 0)) as closed:
        port = closed.getsockname()[1]
        closed.close()
        assert _ask(proxy, _get(port)) == b""
        assert _ask(proxy, f"CONNECT {LOOPBACK}:{port} HTTP/1.1\r\n\r\n".encode()).startswith(b"HTTP/1.1 502")
    assert proxy.refused == []


def test_when_the_browser_goes_the_site_is_left_too() -> None:
    def serve(connection: socket.socket) -> None:
        _read_until(connection, b"\r\n\r\n")
        assert connection.recv(1) == b""

    with OriginProxy(SITE) as proxy, _server(serve) as port:
        connection = socket.create_connection((LOOPBACK, proxy.port))
        connection.sendall(_get(port))
        connection.close()


def test_a_tunnel_carries_bytes_both_ways() -> None:
    def echo(connection: socket.socket) -> None:
        connection.sendall(_read_until(connection, b"!").upper())

    with OriginProxy(SITE) as proxy, _server(echo) as port:
        assert _ask_through(proxy, port).endswith(b"HELLO!")


def _ask_through(proxy: OriginProxy, port: int) -> bytes:
    with socket.create_connection((LOOPBACK, proxy.port), timeout=10) as connection:
        connection.sendall(f"CONNECT {LOOPBACK}:{port} HTTP/1.1\r\n\r\n".encode())
        assert _read_until(connection, b"\r\n\r\n").startswith(b"HTTP/1.1 200")
        connection.sendall(b"hello!")
        return _read_all(connection)


@pytest.mark.parametrize(
    ("request_line", "host"),
    [
        ("GET http://localhost:{port}/ HTTP/1.1", "localhost:{port}"),
        ("CONNECT localhost:{port} HTTP/1.1", "localhost:{port}"),
        ("CONNECT [::1]:{port} HTTP/1.1", "[::1]:{port}"),
        ("GET http://127.0.0.1@localhost:{port}/ HTTP/1.1", "localhost:{port}"),
        ("GET http://localhost:{port}/127.0.0.1/ HTTP/1.1", "localhost:{port}"),
        ("GET http://127.0.0.1.evil.example/ HTTP/1.1", "127.0.0.1.evil.example"),
        ("GET http://site.example.evil.example/ HTTP/1.1", "site.example.evil.example"),
        ("GET http://evil-site.example/ HTTP/1.1", "evil-site.example"),
        ("GET http:///nowhere HTTP/1.1", ""),
    ],
)
def test_a_foreign_host_is_refused_and_named(request_line: str, host: str) -> None:
    with OriginProxy(SITE) as proxy, socket.create_server((LOOPBACK, 0)) as foreign:
        foreign.settimeout(0)
        port = foreign.getsockname()[1]
        answer = _ask(proxy, f"{request_line.format(port=port)}\r\n\r\n".encode())
        with pytest.raises(BlockingIOError):
            foreign.accept()
    assert answer.startswith(b"HTTP/1.1 403")
    assert proxy.refused == [host.format(port=port)]


@pytest.mark.parametrize(
    ("request_line", "location"),
    [
        ("GET http://site.example/ HTTP/1.1", "https://site.example/"),
        ("POST http://site.example:80/login?a=b%20c HTTP/1.1", "https://site.example/login?a=b%20c"),
    ],
)
def test_a_host_known_by_https_is_not_spoken_to_in_the_clear(request_line: str, location: str) -> None:
    with OriginProxy(SITE, encrypted=frozenset({"site.example"})) as proxy:
        answer = _ask(proxy, f"{request_line}\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 307")
    assert f"\r\nLocation: {location}\r\n".encode() in answer


@pytest.mark.parametrize(
    "request_",
    [b"\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET http://a:b/ HTTP/1.1\r\n\r\n", b"\xff \xff \xff\r\n\r\n"],
)
def test_what_is_no_request_to_a_proxy_gets_nothing(request_: bytes) -> None:
    with OriginProxy(SITE) as proxy:
        assert _ask(proxy, request_) in (
            b"",
            b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        )


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("environ", "scheme", "host", "upstream"),
    [
        ({}, "https", "my.chsi.com.cn", None),
        ({"https_proxy": "http://proxy:3128"}, "https", "my.chsi.com.cn", Upstream("proxy", 3128)),
        ({"https_proxy": "http://proxy:3128"}, "http", "my.chsi.com.cn", None),
        ({"https_proxy": "http://proxy:3128"}, "https", "localhost", None),
        ({"https_proxy": "http://proxy:3128"}, "https", "127.0.0.1", None),
        ({"https_proxy": "http://proxy:3128", "no_proxy": "chsi.com.cn"}, "https", "my.chsi.com.cn", None),
        (
            {"http_proxy": "http://a:b%40@proxy"},
            "http",
            "site.example",
            Upstream("proxy", 80, b"Basic YTpiQA=="),
        ),
        ({"all_proxy": "https://proxy"}, "https", "site.example", Upstream("proxy", 443, tls=True)),
        ({"http_proxy": "proxy:3128"}, "http", "site.example", Upstream("proxy", 3128)),
    ],
)
def test_the_system_s_proxy(
    no_proxies: pytest.MonkeyPatch, environ: dict[str, str], scheme: str, host: str, upstream: Upstream | None
) -> None:
    for name, value in environ.items():
        no_proxies.setenv(name, value)
    assert system_proxy(scheme, host) == upstream


def test_a_proxy_of_another_kind_is_said(no_proxies: pytest.MonkeyPatch) -> None:
    no_proxies.setenv("all_proxy", "socks5://someone:kz7@127.0.0.1:1080")
    with pytest.raises(UsageError, match="socks5") as stopped:
        check_system_proxy(["127.0.0.1", "[::1]", "*.chsi.com.cn"])
    assert "kz7" not in str(stopped.value)


def test_a_proxy_that_is_not_needed_may_be_of_any_kind(no_proxies: pytest.MonkeyPatch) -> None:
    no_proxies.setenv("all_proxy", "socks5://127.0.0.1:1080")
    check_system_proxy(["127.0.0.1", "[::1]", "localhost"])


def test_the_system_s_proxy_is_gone_through(no_proxies: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []
    with OriginProxy(SITE) as proxy, _server(_answering(heard, OK)) as port:
        no_proxies.setenv("http_proxy", f"http://a:b@{LOOPBACK}:{port}")
        assert _ask(proxy, b"GET http://www.site.example/ HTTP/1.1\r\n\r\n").endswith(b"ok")
    assert heard[0].startswith(
        b"GET http://www.site.example/ HTTP/1.1\r\nProxy-Authorization: Basic YTpi\r\n"
    )


@pytest.mark.parametrize(("answer", "status"), [(b"200 OK", b"200"), (b"407 Authentication", b"502")])
def test_a_tunnel_through_the_system_s_proxy(
    no_proxies: pytest.MonkeyPatch, answer: bytes, status: bytes
) -> None:
    heard: list[bytes] = []
    with (
        OriginProxy(SITE) as proxy,
        _server(_answering(heard, b"HTTP/1.1 " + answer + b"\r\n\r\nhi")) as port,
    ):
        no_proxies.setenv("https_proxy", f"http://{LOOPBACK}:{port}")
        assert _ask(proxy, b"CONNECT www.site.example:443 HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 " + status)
    assert heard == [b"CONNECT www.site.example:443 HTTP/1.1\r\nHost: www.site.example:443\r\n\r\n"]
