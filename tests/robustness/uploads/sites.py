"""A platform whose page 上传毕业照片 is written by each test, with every way in which pages send a file."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from markupsafe import Markup
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.robustness.unseen.chsi import Chsi
from tests.robustness.unseen.platform import Platform
from tests.robustness.unseen.serving import listening, origin, serving
from tests.robustness.unseen.sites import CHSI, PLATFORM, Unseen
from tests.robustness.unseen.world import World


@dataclass
class UploadPlatform(Platform):
    """The platform of a world with one page of a test's own.

    Args:
        world: What it knows.
        html: The page; ``{stored}`` stands for the stored photo, ``{state}`` for 已上传 or 未上传.
        stored: How the stored photo is shown, where there is one.
        answer: The JSON answer to an upload.
        status: Its HTTP status; 0 breaks the line.
        accepts: False where nothing is kept whatever the answer says.
        seconds: How long pictures and the page's own requests take.
    """

    world: World
    html: str
    stored: str = '<img src="/photo/stored" width="90" height="120">'
    answer: dict[str, Any] = field(default_factory=lambda: {"code": 0, "msg": "上传成功"})
    status: int = 200
    accepts: bool = True
    seconds: float = 0.0
    pieces: list[bytes] = field(default_factory=list)
    """Of a file that comes in pieces, in order."""
    posts: list[str] = field(default_factory=list)
    """The paths that were posted to, in order."""

    def __post_init__(self) -> None:
        super().__init__(self.world, PLATFORM["plain"], "")

    def app(self) -> Starlette:
        """The platform, and what the test's page posts to."""
        routes = [
            Route("/send", self.send, methods=["POST", "PUT"]),
            Route("/piece", self.piece, methods=["POST", "PUT"]),
            Route("/merge", self.merge, methods=["POST"]),
            Route("/log", self.log, methods=["POST"]),
            Route("/photo-state", self.photo_state),
            Route("/opened", self.opened),
        ]
        return Starlette(routes=[*routes, *super().app().routes])

    def content(self, name: str) -> Markup:
        """The test's page in the place of 上传毕业照片."""
        if name != "upload":
            return super().content(name)
        there = self.world.stored is not None
        text = self.html.replace("{stored}", self.stored if there else "<span>暂无</span>")
        return Markup(text.replace("{state}", "已上传" if there else "未上传"))

    async def opened(self, request: Request) -> Response:
        """The test's page, for whoever asks."""
        return self._around(self.content("upload"))

    async def photo(self, request: Request) -> Response:
        """A picture that takes its time."""
        await asyncio.sleep(self.seconds)
        return await super().photo(request)

    async def photo_state(self, request: Request) -> Response:
        """Whether there is a stored photo, for pages that ask by script."""
        await asyncio.sleep(self.seconds)
        return JSONResponse({"there": self.world.stored is not None})

    async def log(self, request: Request) -> Response:
        """Analytics: every click is told."""
        self.posts.append("/log")
        return Response(status_code=204)

    async def send(self, request: Request) -> Response:
        """Take a photo in whatever form it comes."""
        self.posts.append("/send")
        data = await _file_in(request)
        if data and self.accepts:
            self.world.store(data, "sent.jpg")
        if self.status == 0:
            return StreamingResponse(_breaking(), media_type="application/json")
        return JSONResponse(self.answer, status_code=self.status)

    async def piece(self, request: Request) -> Response:
        """Take a piece of a photo in whatever form it comes."""
        self.posts.append("/piece")
        self.pieces.append(await _file_in(request))
        return JSONResponse({"code": 0})

    async def merge(self, request: Request) -> Response:
        """Make a photo of the pieces."""
        self.posts.append("/merge")
        if self.accepts:
            self.world.store(b"".join(self.pieces), "sent.jpg")
        return JSONResponse(self.answer)


async def _breaking() -> AsyncIterator[bytes]:
    yield b'{"code"'
    raise ConnectionResetError("the line breaks")


async def _file_in(request: Request) -> bytes:
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/"):
        files = [value for value in (await request.form()).values() if isinstance(value, UploadFile)]
        return await files[0].read() if files else b""
    body = await request.body()
    if kind.startswith("application/x-www-form-urlencoded"):
        body = parse_qs(body.decode())["img"][0].encode()
    elif b'"img"' in body[:20]:
        body = (await request.json())["img"].encode()
    if body.startswith(b"data:"):
        return base64.b64decode(body.partition(b",")[2])
    return base64.b64decode(body.removeprefix(b"base64,")) if body.startswith(b"base64,") else body


@contextmanager
def platform_of(platform: UploadPlatform) -> Iterator[Unseen]:
    """Serve 学信网 and the platform while inside."""
    world, chsi = platform.world, CHSI["lists"]
    given = world.student.credentials
    with listening(2) as sockets:
        at, shell = (origin(sock) for sock in sockets)
        settings = {
            site: {**address, "username": given[site].username, "password": given[site].password}
            for site, address in {
                "chsi": {"login_url": f"{at}/login", "archive_url": f"{at}{chsi.archive_path}"},
                "chaoxing": {"login_url": f"{shell}/login"},
            }.items()
        }
        with serving([Chsi(world, chsi).app(), platform.app()], sockets):
            yield Unseen(world, settings)


@contextmanager
def opened(platform: UploadPlatform) -> Iterator[str]:
    """Serve the platform alone while inside; yields the address of the test's page."""
    with listening(1) as sockets, serving([platform.app()], sockets):
        yield f"{origin(sockets[0])}/opened"


HEAD = "<h3>上传毕业照片</h3>"
PHOTO = "<div><p>毕业照片</p>{stored}</div><p>状态：{state}</p>"
CHOOSER = '<input type="file" id="f" hidden><button type="button" onclick="f.click()">选择照片</button>'
TOAST = (
    "<script>function toast(text){const d=document.createElement('div');d.textContent=text;"
    "d.style='position:fixed;top:80px;left:300px;background:#333;color:#fff;padding:8px';"
    "document.body.append(d);setTimeout(()=>d.remove(),2000)}"
    "const dataUrl=(file)=>new Promise((done)=>{const r=new FileReader();r.onload=()=>done(r.result);r.readAsDataURL(file)});"
    "const formOf=(file)=>{const d=new FormData();d.append('kind','photo');d.append('file',file);return d};</script>"
)


def page(*parts: str, script: str = "") -> str:
    """One page of the given parts."""
    return "".join([HEAD, PHOTO, TOAST, *parts, f"<script>{script}</script>" if script else ""])


def button(text: str, press: str) -> str:
    """A button that runs a script."""
    return f'<button type="button" onclick="{press}">{text}</button>'


def sent_once(world: World) -> bool:
    """True for exactly one upload."""
    return len(world.effects) == 1


def paths(posts: Sequence[str]) -> list[str]:
    """The posts that are no analytics."""
    return [path for path in posts if path != "/log"]
