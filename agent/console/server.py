"""Runs the console on loopback, and says at which address."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn

from agent.case import retention
from agent.consent import Register
from agent.consent.gate import local_now
from agent.console.app import Console
from agent.console.cases.registry import CaseRegistry
from agent.console.ports import ConsoleServices
from agent.console.security import START, LaunchToken
from agent.files.system_errors import os_errors_told

HOST = "127.0.0.1"


Fresh = Callable[[], str]
"""Returns another one-time address of a console that runs, for a browser that was closed."""


def serve(services: ConsoleServices, port: int | None, ready: Callable[[str, Fresh], None]) -> None:
    """Delete what is due, then serve until interrupted, or until somebody ends it on the page.

    Args:
        port: The port; a free one when left out.
        ready: Gets the address, with its one-time token, once pages are served, and what makes further ones.

    Raises:
        UsageError: The port is taken.
    """
    listening = bound(port or 0)
    chosen = listening.getsockname()[1]
    retention.forget_all(retention.due(Register(), local_now()))
    launch = LaunchToken()

    def address(token: str) -> str:
        return f"http://{HOST}:{chosen}{START}?token={token}"

    def started() -> None:
        ready(address(launch.token), lambda: address(launch.renew()))

    _Server(CaseRegistry(services), launch, chosen, started).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Says when it is there; on the way out it lets the running cases come to their next step."""

    def __init__(self, cases: CaseRegistry, token: LaunchToken, port: int, ready: Callable[[], None]) -> None:
        super().__init__(_config(Console(cases, token, port, self.leave)))
        self._cases, self._ready = cases, ready

    def leave(self) -> None:
        """End once the answer that is being sent was sent."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._cases.close()
        await super().shutdown(sockets)


def _config(console: Console) -> uvicorn.Config:
    return uvicorn.Config(
        console.guard,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_level="warning",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=1,
    )


def bound(port: int) -> socket.socket:
    """Return a socket at a port of loopback, and of no other interface; 0 stands for any free one.

    Raises:
        UsageError: The port is taken.
    """
    with os_errors_told(f"端口 {port} 不能用", "请用 --port 另选一个端口。"):
        return socket.create_server((HOST, port))
