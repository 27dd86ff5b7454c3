"""Small web servers on loopback, one origin per application, in a thread of their own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp


@contextmanager
def listening(count: int) -> Iterator[list[socket.socket]]:
    """Hold some listening sockets on 127.0.0.1, so that the sites know each other's origins before they start."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        yield sockets
    finally:
        for sock in sockets:
            sock.close()


def origin(sock: socket.socket) -> str:
    """Return the http origin of a listening socket."""
    return f"http://127.0.0.1:{sock.getsockname()[1]}"


@contextmanager
def serving(apps: Sequence[ASGIApp], sockets: Sequence[socket.socket]) -> Iterator[None]:
    """Serve each application on its socket while inside."""
    servers = [uvicorn.Server(_config(app)) for app in apps]
    ready = threading.Event()

    async def serve() -> None:
        tasks = [
            asyncio.create_task(server.serve(sockets=[sock]))
            for server, sock in zip(servers, sockets, strict=True)
        ]
        while not all(server.started for server in servers):
            await asyncio.sleep(0.005)
        ready.set()
        await asyncio.gather(*tasks)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    try:
        assert ready.wait(10), "the unseen sites did not start"
        yield
    finally:
        for server in servers:
            server.should_exit = True
        thread.join(10)


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app, ws="none", lifespan="off", log_level="warning", log_config=None, timeout_graceful_shutdown=1
    )
