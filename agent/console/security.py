"""Request guard before every page, as pure ASGI: whose request this is, and whether it came from a page of ours.

Any page in the same browser can post to a loopback port, and under DNS rebinding read the answer; only ``Host`` betrays the
latter. So the order is: Host, then the session, then for changes Origin and CSRF token. ``docs/security.md`` names the tests.
A session has whoever opened the one-time address, and nobody else.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

START = "/start"
LEADS_ON = (
    '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/"><a href="/">打开</a>'
)
LARGEST_BODY = 1024 * 1024
HEADERS = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
AGAIN = (
    "在启动程序的窗口里按一下回车，会打开一个新的地址；"
    "程序已经关了，就重新打开它，再从“今日办理”里继续。办到一半的案例都还在。"
)
"""How somebody gets in again who has no session: the browser was closed, or another one is used."""
_FORM = "application/x-www-form-urlencoded"
BACK = "请返回上一页，刷新以后再试。"
LONGEST_SECONDS = 12 * 3600
"""A session ends after a working day at the latest, and with the console."""


@dataclass(frozen=True)
class ConsoleSession:
    """One browser that has opened the address; ``csrf`` proves that a change comes from a page of ours."""

    csrf: str = field(repr=False)
    until: float


class LaunchToken:
    """The one-time token and the sessions that came of it, in memory only."""

    def __init__(self) -> None:
        self._token: str | None = secrets.token_urlsafe(32)
        self._sessions: dict[str, ConsoleSession] = {}

    @property
    def token(self) -> str:
        """The token while it was not used; empty afterwards."""
        return self._token or ""

    def renew(self) -> str:
        """Return a fresh token, which takes the place of one that nobody used; sessions that are there go on."""
        self._token = secrets.token_urlsafe(32)
        return self._token

    def exchange(self, token: str) -> str | None:
        """Return a new session's cookie for the right token, which is thereby used up; None for any other."""
        if self._token is None or not secrets.compare_digest(token.encode(), self._token.encode()):
            return None
        self._token = None
        cookie = secrets.token_urlsafe(32)
        self._sessions[cookie] = ConsoleSession(secrets.token_urlsafe(32), time.monotonic() + LONGEST_SECONDS)
        return cookie

    def session(self, cookie: str) -> ConsoleSession | None:
        """Return the session of a cookie; None when there is none or its time is over."""
        found = self._sessions.get(cookie)
        return found if found and time.monotonic() < found.until else None

    def close(self) -> None:
        """End every session, and let nobody in any more."""
        self._token = None
        self._sessions.clear()


class RequestRefused(Exception):
    """The request is refused, with a status, a Chinese sentence of why, and one of what to do."""

    def __init__(self, status: int, why: str, remedy: str) -> None:
        super().__init__(why)
        self.status, self.why, self.remedy = status, why, remedy


class RequestGuard:
    """Lets only requests through that come from a page of this console.

    Args:
        app: The pages.
        page: Returns the page that tells of a refusal.
    """

    def __init__(
        self, app: ASGIApp, token: LaunchToken, port: int, page: Callable[[RequestRefused], Response]
    ) -> None:
        self._app, self._launch, self._page = app, token, page
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        self.cookie = f"gradsync-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check the request, and add the headers to every answer."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)  # a page that needs another policy has set its own
            await send(message)

        try:
            receive = await self._checked(scope, receive)
        except RequestRefused as refused:
            await self._page(refused)(scope, receive, with_headers)
            return
        await self._app(scope, receive, with_headers)

    async def _checked(self, scope: Scope, receive: Receive) -> Receive:
        headers = Headers(scope=scope)
        self._check_host(headers)
        if scope["method"] not in ("GET", "HEAD", "POST"):
            raise RequestRefused(405, "不支持这种请求。", BACK)
        changes = scope["method"] == "POST"
        self._check_site(headers, changes=changes, begins=scope["path"] == START and not changes)
        sessions = map(self._launch.session, _cookies(headers, self.cookie))
        session = next(filter(None, sessions), None)
        scope.setdefault("state", {})["session"] = session
        if session is None and (scope["path"] != START or scope["method"] == "POST"):
            raise RequestRefused(403, "这个浏览器还没有打开过程序显示的地址，或者已经过了一个工作日。", AGAIN)
        if scope["method"] != "POST" or session is None:
            return receive
        return await _check_csrf(headers, receive, session)

    def _check_host(self, headers: Headers) -> None:
        given = headers.getlist("host")
        if len(given) != 1 or given[0].lower() not in self._hosts:
            raise RequestRefused(421, "地址不对。", "请用程序显示的地址打开。")

    def _check_site(self, headers: Headers, *, changes: bool, begins: bool) -> None:
        """A change names its origin, which is the very address it goes to; nothing may be fetched by another site.

        Only the first address, which needs its token, is come to from elsewhere: a private file that leads there.
        """
        origins = headers.getlist("origin")
        wanted = [f"http://{headers['host'].lower()}"]
        if origins != wanted and (changes or origins):
            raise RequestRefused(403, "这个请求不是从本页面发出的，没有执行。", BACK)
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and not begins:
            raise RequestRefused(403, "这个请求是别的网站发出的，没有执行。", BACK)


async def _check_csrf(headers: Headers, receive: Receive, session: ConsoleSession) -> Receive:
    """See that the body, or a header, carries the session's token; return a receive that gives the body again."""
    body = await _body(receive)
    given = headers.get("x-csrf-token", "")
    if headers.get("content-type", "").partition(";")[0].strip().lower() == _FORM:
        given = parse_qs(body.decode("utf-8", "replace")).get("csrf", [given])[-1]
    if not secrets.compare_digest(given.encode(), session.csrf.encode()):
        raise RequestRefused(403, "页面过期了，没有执行。", BACK)
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def _body(receive: Receive) -> bytes:
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False)
        if size > LARGEST_BODY:
            raise RequestRefused(413, "内容太大了，没有执行。", "请返回，换一个小一些的文件再试。")
    return b"".join(parts)


def _cookies(headers: Headers, name: str) -> Iterator[str]:
    """Yield every value of a cookie, whatever other programs of the same host have put beside it."""
    for line in headers.getlist("cookie"):
        for pair in line.split(";"):
            given, _, value = pair.strip().partition("=")
            if given == name:
                yield value.strip('"')


def exchanged(launch: LaunchToken, token: str, cookie: str, *, from_elsewhere: bool) -> Response:
    """Exchange the token for a cookie and lead to a clean address.

    Whoever comes from elsewhere is led on by a page of ours: a strict cookie is not sent along a redirect that began there.

    Raises:
        RequestRefused: It is not the token, or it was used before.
    """
    value = launch.exchange(token)
    if value is None:
        raise RequestRefused(403, "这个地址已经用过，或者不对。", AGAIN)
    response = HTMLResponse(LEADS_ON) if from_elsewhere else RedirectResponse("/", 303)
    response.set_cookie(cookie, value, httponly=True, samesite="strict", path="/")
    return response
