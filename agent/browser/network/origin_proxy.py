"""Forward proxy of one site's browser context: passes the site's own hosts on and refuses every other one.

A route of Playwright's sees the first request of a chain of redirects only. What a browser context sends, whoever asked for it
(navigation, form, script, picture, worker, socket), goes through its proxy, so a host is held back here before anything of the
request has left this computer. TLS is not opened: of a CONNECT only the host is known, and that is enough.
"""

from __future__ import annotations

import asyncio
import base64
import errno
import re
import socket
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from agent.browser.stability import CLOSING_SECONDS
from agent.errors import UsageError

LOOPBACK = "127.0.0.1"
LOOPBACK_NAMES = re.compile(r"(?:.+\.)?localhost|127(?:\.\d+){3}|::1", re.IGNORECASE)
LONGEST_HEAD = 1 << 20
"""Bytes of a request's or a response's head; a site's cookies may take some of them."""
CHUNK = 1 << 16
END_OF_HEAD = b"\r\n\r\n"
NOTHING_MORE = b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
REFUSED = b"HTTP/1.1 403 Forbidden" + NOTHING_MORE
NO_TUNNEL = b"HTTP/1.1 502 Bad Gateway" + NOTHING_MORE
REACHED = b"HTTP/1.1 200 OK" + NOTHING_MORE
PROBE_HOST = "origin-proxy.invalid"
"""Answered by the proxy itself; no such host exists (RFC 6761), so nothing else can answer."""
TUNNEL = b"HTTP/1.1 200 Connection established\r\n\r\n"
HOP_BY_HOP = (b"connection", b"keep-alive", b"proxy-connection", b"proxy-authorization")
"""Header fields that are for the next hop only (RFC 9110, 7.6.1)."""


@dataclass(frozen=True)
class Upstream:
    """The proxy that the user's system goes through.

    Args:
        host: Its name or address.
        port: Its port.
        authorization: The value of ``Proxy-Authorization``; empty where it asks for none.
        tls: It is spoken to over TLS.
    """

    host: str
    port: int
    authorization: bytes = field(default=b"", repr=False)
    tls: bool = False

    @property
    def fields(self) -> tuple[bytes, ...]:
        """The header fields that it asks for."""
        return (b"Proxy-Authorization: " + self.authorization,) if self.authorization else ()


def system_proxy(scheme: str, host: str) -> Upstream | None:
    """Return the proxy that the user's environment or system settings name for an address; None to go straight.

    Args:
        scheme: ``http`` or ``https``.
        host: Where the request goes; loopback never goes through a proxy, as in the browser.

    Raises:
        UsageError: The proxy is of a kind that cannot be gone through.
    """
    named = getproxies()
    address = named.get(scheme) or named.get("all")
    if not address or LOOPBACK_NAMES.fullmatch(host) or proxy_bypass(host):
        return None
    parts = urlsplit(address if "://" in address else f"http://{address}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(
            f"系统代理的类型（{parts.scheme}）不支持。",
            "请在 HTTP_PROXY、HTTPS_PROXY 里改用 http:// 的代理地址。",
        )
    default = 443 if parts.scheme == "https" else 80
    return Upstream(parts.hostname, parts.port or default, _authorization(parts), parts.scheme == "https")


def check_system_proxy(hosts: Iterable[str]) -> None:
    """See that the system's proxy, where it is to be used for one of the hosts, can be.

    Args:
        hosts: As in ``agent.browser.launcher.address_pattern``.

    Raises:
        UsageError: It is of a kind that cannot be gone through.
    """
    for host in hosts:
        for scheme in ("http", "https"):
            system_proxy(scheme, host.removeprefix("*.").strip("[]"))


def _authorization(address: SplitResult) -> bytes:
    if address.username is None:
        return b""
    pair = f"{unquote(address.username)}:{unquote(address.password or '')}"
    return b"Basic " + base64.b64encode(pair.encode())


@dataclass(frozen=True)
class HttpHead:
    """The head of an HTTP/1 message: its first line and its header fields, as they came."""

    start_line: bytes
    fields: tuple[bytes, ...]

    @classmethod
    def parse(cls, data: bytes) -> HttpHead:
        """Parse what ends with an empty line."""
        start_line, *fields = data.removesuffix(END_OF_HEAD).split(b"\r\n")
        return cls(start_line, tuple(fields))

    @property
    def method(self) -> str:
        """The method of a request."""
        return self.start_line.decode("ascii").split(" ")[0]

    @property
    def address(self) -> SplitResult:
        """Where a request to a proxy is to go (RFC 9112, 3.2.2 and 3.2.3)."""
        _, target, _ = self.start_line.decode("ascii").split(" ")
        return urlsplit(f"https://{target}" if self.method == "CONNECT" else target)

    def in_origin_form(self) -> bytes:
        """Return a request's first line as the site's own server expects it: without scheme and host."""
        _, target, version = self.start_line.split(b" ")
        return b" ".join((self.method.encode(), b"/" + target.split(b"/", 3)[3], version))

    def for_one_exchange(self, start_line: bytes, *further: bytes) -> bytes:
        """Return the head with another first line, for a connection that is closed after one response."""
        kept = (line for line in self.fields if line.partition(b":")[0].strip().lower() not in HOP_BY_HOP)
        return b"\r\n".join((start_line, *kept, *further, b"Connection: close")) + END_OF_HEAD


@dataclass
class OriginProxy:
    """Listens on a free port of loopback, in a thread of its own, while the context is open.

    Args:
        allowed: Matches the addresses that are the site's (``agent.browser.launcher.address_pattern``).
        encrypted: The hosts that are known by an ``https`` address: what is asked of them in the clear is sent there instead,
            before anything of it has left.
    """

    allowed: re.Pattern[str]
    refused: list[str] = field(default_factory=list)
    """The hosts that were held back, with their ports, in order."""
    failed: dict[str, str] = field(default_factory=dict)
    """Why no connection came about, as the browser itself would name it, by host and port."""
    encrypted: frozenset[str] = frozenset()
    port: int = 0
    reached: bool = False
    """True once a browser has asked for the host by which it is tried whether it comes this way."""
    _started: threading.Event = field(default_factory=threading.Event, repr=False)
    _thread: threading.Thread = field(init=False, repr=False)
    _loop: asyncio.AbstractEventLoop | None = field(default=None, repr=False)
    _over: asyncio.Event | None = field(default=None, repr=False)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve()), name="origin-proxy", daemon=True
        )
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop is not None and self._over is not None:
            self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(CLOSING_SECONDS)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://{LOOPBACK}:{self.port}"

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        connections: set[asyncio.Task[None]] = set()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(self._on_connection(reader, writer))
            connections.add(task)
            task.add_done_callback(connections.discard)

        server = await asyncio.start_server(accept, LOOPBACK, 0, limit=LONGEST_HEAD)
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._over.wait()
        server.close()

    async def _on_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one request; what goes wrong on the way is the browser's to see, as a connection that ends."""
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            head = HttpHead.parse(await reader.readuntil(END_OF_HEAD))
            address = head.address
            if address.hostname == PROBE_HOST:
                self.reached = True
                writer.write(REACHED)
            elif not self._is_allowed(address):
                writer.write(REFUSED)
            elif head.method == "CONNECT":
                await self._tunnel(address, reader, writer)
            elif address.hostname in self.encrypted and address.port in (None, 80):
                writer.write(_encrypted(address))
            else:
                await self._exchange(head, address, reader, writer)
        writer.close()

    def _is_allowed(self, address: SplitResult) -> bool:
        """True for a host of the site's, on any port; any other is noted."""
        host = f"[{address.hostname}]" if ":" in (address.hostname or "") else address.hostname or ""
        if self.allowed.match(f"http://{host}/"):
            return True
        self.refused.append(f"{host}:{address.port}" if address.port else host)
        return False

    async def _tunnel(
        self, address: SplitResult, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        host, port = address.hostname or "", address.port or 443
        try:
            onward = await _tunnel_to(host, port, system_proxy("https", host))
        except (OSError, asyncio.IncompleteReadError) as error:
            self.failed[f"{host}:{port}"] = _error_name(error)
            writer.write(NO_TUNNEL)
            return
        writer.write(TUNNEL)
        await _join(Stream(reader, writer), onward, _pass_on)

    async def _exchange(
        self, head: HttpHead, address: SplitResult, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        host, port = address.hostname or "", address.port or 80
        upstream = system_proxy("http", host)
        first, fields = (head.start_line, upstream.fields) if upstream else (head.in_origin_form(), ())
        try:
            onward = await (Stream.through(upstream) if upstream else Stream.to(host, port))
        except OSError as error:
            self.failed[f"{host}:{port}"] = "ERR_PROXY_CONNECTION_FAILED" if upstream else _error_name(error)
            raise
        onward.writer.write(head.for_one_exchange(first, *fields))
        await _join(Stream(reader, writer), onward, _pass_answer)


class Stream(NamedTuple):
    """Both directions of a connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def to(cls, host: str, port: int, tls: bool = False) -> Stream:
        """Connect; raises ``OSError``."""
        context = ssl.create_default_context() if tls else None
        return cls(*await asyncio.open_connection(host, port, ssl=context, limit=LONGEST_HEAD))

    @classmethod
    async def through(cls, upstream: Upstream) -> Stream:
        """Connect to a proxy; raises ``OSError``."""
        return await cls.to(upstream.host, upstream.port, upstream.tls)


def _encrypted(address: SplitResult) -> bytes:
    """The answer that leads to the same address by ``https``, with method and body (RFC 9110, 15.4.8)."""
    to = address._replace(scheme="https", netloc=address.hostname or "").geturl()
    return b"HTTP/1.1 307 Temporary Redirect\r\nLocation: " + to.encode("ascii") + NOTHING_MORE


def _error_name(error: Exception) -> str:
    """Chromium's name for what kept a connection from coming about."""
    names: tuple[tuple[type[Exception], str], ...] = (
        (socket.gaierror, "ERR_NAME_NOT_RESOLVED"),
        (NoTunnel, "ERR_TUNNEL_CONNECTION_FAILED"),
        (ConnectionRefusedError, "ERR_CONNECTION_REFUSED"),
        (TimeoutError, "ERR_CONNECTION_TIMED_OUT"),
    )
    offline = isinstance(error, OSError) and error.errno == errno.ENETUNREACH
    known = next((name for kind, name in names if isinstance(error, kind)), "ERR_CONNECTION_FAILED")
    return "ERR_INTERNET_DISCONNECTED" if offline else known


class NoTunnel(ConnectionError):
    """The system's own proxy did not open a way to a host."""


Passing = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[None, None, None]]
"""Passes on what comes until it ends."""


async def _tunnel_to(host: str, port: int, upstream: Upstream | None) -> Stream:
    if upstream is None:
        return await Stream.to(host, port)
    stream = await Stream.through(upstream)
    name = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    asked = (f"CONNECT {name} HTTP/1.1".encode("ascii"), f"Host: {name}".encode("ascii"), *upstream.fields)
    stream.writer.write(b"\r\n".join(asked) + END_OF_HEAD)
    answer = HttpHead.parse(await stream.reader.readuntil(END_OF_HEAD))
    if not re.match(rb"HTTP/1\.\d 200\b", answer.start_line):
        stream.writer.close()
        raise NoTunnel(answer.start_line)
    return stream


async def _join(browser: Stream, onward: Stream, back: Passing) -> None:
    """Pass on in both directions until either end has nothing more to say."""
    sending = asyncio.create_task(_pass_on(browser.reader, onward.writer))
    answering = asyncio.create_task(back(onward.reader, browser.writer))
    try:
        await asyncio.wait((sending, answering), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (sending, answering):
            task.cancel()
        await asyncio.gather(sending, answering, return_exceptions=True)
        onward.writer.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(CHUNK):
        writer.write(data)
        await writer.drain()


async def _pass_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass a response on whose head says that the connection ends with it; interim ones (1xx) go before it."""
    head = await reader.readuntil(END_OF_HEAD)
    while re.match(rb"HTTP/1\.1 1\d\d\b", head):
        writer.write(head)
        head = await reader.readuntil(END_OF_HEAD)
    parsed = HttpHead.parse(head)
    writer.write(parsed.for_one_exchange(parsed.start_line))
    await _pass_on(reader, writer)
