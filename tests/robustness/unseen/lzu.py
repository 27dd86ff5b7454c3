"""兰州大学 in several dialects: the notice's words, other markup."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from fixtures.people.everybody import BY_ID
from fixtures.people.registration import right
from tests.robustness.unseen.chsi import Chsi
from tests.robustness.unseen.gate import Gate, render
from tests.robustness.unseen.serving import listening, origin, serving
from tests.robustness.unseen.sites import CHSI
from tests.robustness.unseen.world import Effect, World

STUDENT = BY_ID["l02"]


@dataclass(frozen=True)
class LzuDialect:
    """How one university's pages look.

    Args:
        login: Template of the sign-in form.
        portal: ``links`` in the same window, ``tiles`` that come late and open a tab, a ``frame`` on another origin.
        shell: ``menu`` that puts parts into one page, or ``links`` between pages.
        notice: How 开始核对 is offered.
        fields: Template of the fields.
        remark: Where 核对备注 stands.
        agree: Template of 我确认.
        submit: How 提交 looks and asks back.
        done: What follows it.
        shown: What the page shows afterwards.
    """

    login: str
    portal: str
    shell: str
    notice: str
    fields: str
    remark: str
    agree: str
    submit: str
    done: str
    shown: str


LZU = {
    "element": LzuDialect(
        "block", "tiles", "menu", "part", "descriptions", "cell", "drawn", "layer", "part", "all"
    ),
    "classic": LzuDialect(
        "labels", "links", "links", "link", "pairs", "cell", "label", "confirm", "reload", "all"
    ),
    "frame": LzuDialect(
        "cells", "frame", "links", "countdown", "dl", "above", "after", "link", "alert", "line"
    ),
    "inputs": LzuDialect(
        "passport", "tiles", "menu", "part", "inputs", "line", "role", "plain", "part", "line"
    ),
    "lines": LzuDialect(
        "labels", "frame", "menu", "part", "lines", "above", "drawn", "confirm", "part", "all"
    ),
    "late": LzuDialect("qr", "links", "links", "link", "late", "cell", "after", "layer", "reload", "all"),
}


@dataclass
class Pages:
    """Portal and 注册系统 of one world.

    Args:
        world: Counts sign-ins and effects.
        dialect: How they look.
        inner: Origin of 注册系统 where it is in a frame.
        remark: 核对备注 once it was submitted.
    """

    world: World
    dialect: LzuDialect
    inner: str
    remark: str | None = None
    gate: Gate = field(init=False)

    def __post_init__(self) -> None:
        self.gate = Gate(self.world, "lzu", self.dialect.login, "统一身份认证", "学号", "/home")

    def app(self) -> Starlette:
        """The pages as an application; the same one serves the inner origin."""
        return Starlette(
            routes=[
                *self.gate.routes(),
                Route("/home", self.home),
                Route("/ready", self.ready),
                Route("/svc", self.service),
                Route("/svc/{name}", self.service),
                Route("/part/{name}", self.part),
                Route("/submit.json", self.submit, methods=["POST"]),
            ]
        )

    async def home(self, request: Request) -> Response:
        """What signing in leads to."""
        if away := self.gate.turned_away(request):
            return away
        return render(f"lzu/portal_{self.dialect.portal}.html", name=STUDENT.name, inner=self.inner)

    async def ready(self, request: Request) -> Response:
        """Something that the portal asks before it opens a tab."""
        return JSONResponse({})

    async def service(self, request: Request) -> Response:
        """注册系统 with a page in it."""
        name = request.path_params.get("name", "welcome")
        content = self._content(name)
        return render(f"lzu/svc_{self.dialect.shell}.html", name=STUDENT.name, content=content)

    async def part(self, request: Request) -> Response:
        """A page's content for a script that puts it into the open page."""
        return HTMLResponse(str(self._content(request.path_params["name"])))

    def _content(self, name: str) -> Markup:
        fields = list((right(STUDENT) | dict(STUDENT.misregistered)).items())
        page = render(
            f"lzu/{name}.html",
            kind=self.dialect.notice,
            fields=fields,
            dialect=self.dialect,
            remark=self.remark,
        )
        return Markup(bytes(page.body).decode())

    async def submit(self, request: Request) -> Response:
        """Take 核对备注 as the university does."""
        given = await request.json()
        if self.remark is not None or not given["agreed"] or not given["remark"]:
            return JSONResponse({"ok": False, "text": "请先勾选“我确认”并填写核对备注"})
        self.remark = given["remark"]
        self.world.effects.append(Effect("registration_submit"))
        return JSONResponse({"ok": True})


@dataclass(frozen=True)
class Unseen:
    """学信网 and 兰州大学, running."""

    world: World
    pages: Pages
    settings: dict[str, Any]


@contextmanager
def unseen_lzu(dialect: LzuDialect) -> Iterator[Unseen]:
    """Serve one world while inside."""
    world = World(student=STUDENT)
    with listening(3) as sockets:
        at, shell, inner = (origin(sock) for sock in sockets)
        pages = Pages(world, dialect, inner)
        chsi, given = CHSI["lists"], STUDENT.credentials
        settings = {
            "chsi": {
                "login_url": f"{at}/login",
                "archive_url": f"{at}{chsi.archive_path}",
                "username": given["chsi"].username,
                "password": given["chsi"].password,
            },
            "lzu": {
                "portal_url": f"{shell}/home",
                "username": given["lzu"].username,
                "password": given["lzu"].password,
            },
        }
        app = pages.app()
        with serving([Chsi(world, chsi).app(), app, app], sockets):
            yield Unseen(world, pages, settings)
