"""The sites of one case: pages of one library, its files from the cache, and the JSON behind them."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tests.robustness.components import data, zoo
from tests.robustness.components.hands import HANDS
from tests.robustness.components.world import World

PAGES = Path(__file__).parent / "pages"
COOKIES = {"chsi": "ARCHIVESID", "chaoxing": "STUSID", "lzu": "PORTALSID"}
SLOW_SECONDS = 1.6  # how long lists take where the variant says "slow"
NAME_SECONDS = 1.2  # how long the name takes where it says "late-name"

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Addresses:
    """Where the three sites are."""

    chsi: str
    chaoxing: str
    lzu: str


class Site:
    """One site on its own port: sign-in, pages, JSON."""

    def __init__(self, name: str, library: str, world: World, modules: Path) -> None:
        self.name, self.library, self.world = name, library, world
        self.app = Starlette(
            routes=[
                Mount("/lib", StaticFiles(directory=modules, follow_symlink=True)),
                Mount("/kit", StaticFiles(directory=PAGES / "kit")),
                Route("/favicon.ico", _nothing),
                Route("/track", self.track, methods=["POST"]),
                *self.routes(),
            ]
        )

    def routes(self) -> list[Route]:
        """The site's own addresses."""
        raise NotImplementedError

    def page(self, file: str, **more: Any) -> HTMLResponse:
        """A page of the library, with what its script needs."""
        text = _page_file(self.library, file).read_text("utf-8")
        facts = json.dumps({"opt": sorted(self.world.words), **more}, ensure_ascii=False).replace(
            "<", "\\u003c"
        )
        kit = f'<script>const D = {facts}</script><script src="/kit/kit.js"></script>'
        return HTMLResponse(text.replace("<!--kit-->", kit), headers={"Cache-Control": "no-store"})

    def signed_in(self, request: Request) -> bool:
        """Whether the request carries a living session of this site."""
        return self.world.sessions.get(request.cookies.get(COOKIES[self.name], "")) == self.name

    def guarded(self, handler: Handler, otherwise: str) -> Handler:
        """A handler that sends whoever is not signed in to `otherwise`."""

        async def guard(request: Request) -> Response:
            if not self.signed_in(request):
                if "/api/" in request.url.path:
                    return JSONResponse({"code": 401, "msg": "登录已失效，请重新登录"}, 401)
                return RedirectResponse(otherwise, 302)
            if "slow" in self.world.words and request.method == "GET" and "/api/" in request.url.path:
                await asyncio.sleep(SLOW_SECONDS)
            return await handler(request)

        return guard

    async def track(self, request: Request) -> Response:
        """The analytics that post on every click."""
        self.world.tracked += 1
        return Response(status_code=204)

    def with_session(self, response: Response, username: str, password: str) -> bool:
        """Sign in and put the session on `response`; False for wrong credentials."""
        session = self.world.sign_in(self.name, username, password)
        if session is not None:
            response.set_cookie(COOKIES[self.name], session, httponly=True)
        return session is not None


def _page_file(folder: str, file: str) -> Path:
    """A page of a library, or of a hand; what a hand did not write is its base library's."""
    if folder not in HANDS:
        return PAGES / folder / f"{file}.html"
    own = PAGES / "hands" / folder / f"{file}.html"
    return own if own.exists() else _page_file(HANDS[folder].base, file)


async def _nothing(request: Request) -> Response:
    return Response(status_code=204)


def _said(message: str, code: int = 0, **more: Any) -> JSONResponse:
    return JSONResponse({"code": code, "msg": message, **more})


class Platform(Site):
    """成教学生服务平台."""

    def routes(self) -> list[Route]:
        """The platform's addresses."""
        inside = {
            "/": self.shell,
            "/page": self.inner,
            "/logout": self.logout,
            "/api/me": self.me,
            "/api/conditions": self.conditions,
            "/api/profile": self.profile,
            "/api/register": self.register,
            "/api/grades": self.grades,
            "/api/photo": self.photo,
            "/file/copy.jpg": self.copy,
            "/file/enrol.jpg": self.enrol,
        }
        writes = {
            "/api/register": self.submit_evaluation,
            "/api/photo": self.upload,
            "/api/photo/delete": self.delete_photo,
            "/api/confirm": self.confirm,
            "/api/family": self.save_rows,
            "/api/history": self.save_rows,
        }
        return [
            Route("/login", self.login_page),
            Route("/api/login", self.login, methods=["POST"]),
            Route("/zoo/login", self.zoo_login, methods=["POST"]),
            Route("/zoo/stray", self.stray, methods=["GET", "POST"]),
            Route("/zoo/other", zoo.other),
            Route("/zoo/pic", zoo.picture),
            *(Route(path, self.guarded(handler, "/login?sfxs=1")) for path, handler in inside.items()),
            *(Route(p, self.guarded(h, "/login?sfxs=1"), methods=["POST"]) for p, h in writes.items()),
        ]

    async def login_page(self, request: Request) -> Response:
        """The sign-in page."""
        return zoo.page(self.world, "signins") or self.page("login")

    async def zoo_login(self, request: Request) -> Response:
        """Sign in at a page of the zoo."""
        answer = zoo.signed_in(request, good=True)
        good = self.with_session(answer, *await zoo.credentials(request, self.world))
        return answer if good else zoo.signed_in(request, good=False)

    async def stray(self, request: Request) -> Response:
        """What nobody asks for: a message to a phone, another form, signing out."""
        self.world.note("chaoxing", "stray_press", what=str(request.url.query))
        return zoo.other(request)

    async def login(self, request: Request) -> Response:
        """Sign in."""
        body = await request.json()
        answer = _said("登录成功")
        good = self.with_session(answer, str(body.get("username")), str(body.get("password")))
        return answer if good else _said("用户名或密码错误", 1)

    async def logout(self, request: Request) -> Response:
        """Sign out."""
        self.world.sessions.pop(request.cookies.get(COOKIES[self.name], ""), None)
        return RedirectResponse("/login?sfxs=1", 302)

    async def shell(self, request: Request) -> Response:
        """The shell, or the whole application."""
        return zoo.page(self.world, "menus") or self.page("app", first=not request.cookies.get("seen"))

    async def inner(self, request: Request) -> Response:
        """A page that the shell shows in a frame."""
        return self.page("inner", at=request.query_params.get("p", ""))

    async def me(self, request: Request) -> Response:
        """Who is signed in."""
        if "late-name" in self.world.words:
            await asyncio.sleep(NAME_SECONDS)
        who = self.world.student
        return _said("", data={"name": who.name, "number": who.number})

    async def conditions(self, request: Request) -> Response:
        """毕业条件."""
        rows = self.world.conditions()
        return _said("", data={"batch": data.BATCH, "scope": data.SCOPE, "rows": rows})

    async def profile(self, request: Request) -> Response:
        """个人信息 and both groups."""
        rows = self.world.rows
        told = {"base": self.world.student.platform(), "confirmed": self.world.count("profile_confirm") > 0}
        return _said("", data=told | rows)

    async def register(self, request: Request) -> Response:
        """毕业生登记表."""
        base = {
            k: v
            for k, v in self.world.student.platform().items()
            if k in ("姓名", "性别", "学号", "层次", "培养专业")
        }
        return _said("", data={"base": base, "text": self.world.evaluation})

    async def grades(self, request: Request) -> Response:
        """One page of grades."""
        asked = request.query_params
        page, limit = int(asked.get("page") or 1), int(asked.get("limit") or asked.get("rows") or 10)
        rows = [
            {
                "no": n,
                "course": name,
                "homework": "",
                "attendance": "",
                "lab": "",
                "exam": "",
                "total": total,
                "term": term,
            }
            for n, (name, total, term) in enumerate(data.COURSES, 1)
        ]
        part = rows[(page - 1) * limit : page * limit]
        return JSONResponse(
            {"code": 0, "msg": "", "count": len(rows), "total": len(rows), "data": part, "rows": part}
        )

    async def photo(self, request: Request) -> Response:
        """Which photos are there."""
        stamp = int(time.time() * 1000)
        copy = f"/file/copy.jpg?t={stamp}" if self.world.photo else ""
        return _said("", data={"uploaded": bool(self.world.photo), "copy": copy, "enrol": "/file/enrol.jpg"})

    async def copy(self, request: Request) -> Response:
        """The stored photo as the platform gives it back."""
        if self.world.photo is None:
            return Response(status_code=404)
        if "late-photo" in self.world.words:
            await asyncio.sleep(SLOW_SECONDS)
        return Response(data.platform_copy(self.world.photo), media_type="image/jpeg")

    async def enrol(self, request: Request) -> Response:
        """The 入学照片."""
        return Response(data.enrolment_photo(self.world.student), media_type="image/jpeg")

    async def upload(self, request: Request) -> Response:
        """Take a photo."""
        form = await request.form()
        file = next((value for value in form.values() if isinstance(value, UploadFile)), None)
        raw = await file.read() if file else b""
        if file is None or not raw.startswith(b"\xff\xd8\xff"):
            self.world.note("chaoxing", "photo_refused")
            return _said("请上传jpg格式的照片", 1)
        self.world.store_photo(raw, file.filename or "")
        return _said("照片上传成功")

    async def delete_photo(self, request: Request) -> Response:
        """Remove the photo."""
        self.world.note("chaoxing", "photo_delete")
        self.world.photo = None
        return _said("已删除")

    async def confirm(self, request: Request) -> Response:
        """平台信息已确认."""
        self.world.note("chaoxing", "profile_confirm")
        return _said("确认成功")

    async def submit_evaluation(self, request: Request) -> Response:
        """提交 the 自我评价, once."""
        text = str((await request.json()).get("text", ""))
        if len(text.strip()) < 200:
            return _said("自我评价不少于200字", 1)
        self.world.note("chaoxing", "evaluation_submit")
        if self.world.evaluation is not None:
            return _said("已提交，不可更改", 1)
        self.world.evaluation = text
        return _said("提交成功")

    async def save_rows(self, request: Request) -> Response:
        """Save a group whole, or one entry of it."""
        group = request.url.path.rsplit("/", 1)[1]
        body = await request.json()
        needed = ("relation", "name", "phone") if group == "family" else ("place", "start", "end")
        rows = body["rows"] if "rows" in body else [body["row"]]
        names = dict(data.FIELDS[group])
        clean = [{key: str(row.get(key) or "").strip() for key in names} for row in rows]
        for row in clean:
            if empty := [names[key] for key in needed if not row[key]]:
                return _said(f"请填写{empty[0]}", 1)
        if "rows" in body:
            self.world.store_rows(group, clean)
        else:
            self.world.store_row(group, body.get("index"), clean[0])
        return _said("保存成功")


class Chsi(Site):
    """学信网: sign-in, archive, records, photos."""

    def routes(self) -> list[Route]:
        """The archive's addresses; names of pages are those of sites/chsi.md."""
        home = "/archive/index.action"
        inside = {
            home: self.home,
            "/archive/gdjy/xj/show.action": self.records_page,
            "/archive/wap/gdjy/index.action": self.records_page,
            "/archive/wap/gdjy/xj/detail.action": self.detail_page,
            "/archive/api/records": self.records,
            "/archive/photo/xjpic.do": self.photo,
            "/archive/photo/lqpic.do": self.admission,
            "/archive/logout": self.logout,
        }
        return [
            Route("/passport/login", self.login_page),
            Route("/passport/login", self.login, methods=["POST"]),
            *(Route(path, self.guarded(handler, "/passport/login")) for path, handler in inside.items()),
            Route("/archive/verdict", self.guarded(self.verdict, "/passport/login"), methods=["POST"]),
        ]

    async def login_page(self, request: Request) -> Response:
        """The sign-in page."""
        return self.page("chsi-login", error="")

    async def login(self, request: Request) -> Response:
        """Sign in by the form's own post, as CAS does."""
        form = await request.form()
        answer = RedirectResponse("/archive/index.action", 302)
        good = self.with_session(answer, str(form.get("username", "")), str(form.get("password", "")))
        return answer if good else self.page("chsi-login", error="您输入的用户名或密码有误。")

    async def logout(self, request: Request) -> Response:
        """Sign out."""
        self.world.sessions.pop(request.cookies.get(COOKIES[self.name], ""), None)
        return RedirectResponse("/passport/login", 302)

    async def home(self, request: Request) -> Response:
        """The archive's first page."""
        return self.page("chsi", at="home", name=self.world.student.name)

    async def records_page(self, request: Request) -> Response:
        """学籍信息."""
        return self.page("chsi", at="records", name=self.world.student.name)

    async def detail_page(self, request: Request) -> Response:
        """One 学籍 on the mobile site."""
        return self.page(
            "chsi", at="detail", id=int(request.query_params.get("id", "0")), name=self.world.student.name
        )

    async def records(self, request: Request) -> Response:
        """The 学籍 with the addresses of their photos."""
        who = self.world.student
        rows = who.lzu_chsi_records() if "lzu" in self.world.words else who.chsi_records()
        told = [
            {
                "id": n,
                "f": row,
                "xj": f"/archive/photo/xjpic.do?pid={n}",
                "lq": f"/archive/photo/lqpic.do?pid={n}",
            }
            for n, row in enumerate(rows)
        ]
        return _said("", data=told)

    async def photo(self, request: Request) -> Response:
        """A 学历照片."""
        raw = data.chsi_photo(self.world.student, int(request.query_params["pid"]))
        return Response(raw, media_type="image/jpeg", headers={"Cache-Control": "no-store"})

    async def admission(self, request: Request) -> Response:
        """A 录取照片."""
        return Response(data.admission_photo(self.world.student), media_type="image/jpeg")

    async def verdict(self, request: Request) -> Response:
        """正确 or 有误: nobody but the person says that."""
        self.world.note("chsi", "verdict")
        return _said("提交成功")


class Registry(Site):
    """兰州大学: portal and registration system."""

    def routes(self) -> list[Route]:
        """The portal's addresses."""
        return [
            Route("/login", self.login_page),
            Route("/api/login", self.login, methods=["POST"]),
            Route("/", self.guarded(self.home, "/login")),
            Route("/mylzu/home", self.guarded(self.home, "/login")),
            Route("/reg/", self.guarded(self.system, "/login")),
            Route("/reg/api/info", self.guarded(self.info, "/login")),
            Route("/reg/api/submit", self.guarded(self.submit, "/login"), methods=["POST"]),
        ]

    async def login_page(self, request: Request) -> Response:
        """The sign-in page."""
        return self.page("lzu", at="login")

    async def login(self, request: Request) -> Response:
        """Sign in."""
        body = await request.json()
        answer = _said("登录成功")
        good = self.with_session(answer, str(body.get("username")), str(body.get("password")))
        return answer if good else _said("用户名或密码错误", 1)

    async def home(self, request: Request) -> Response:
        """The portal."""
        return self.page("lzu", at="home", name=self.world.student.name)

    async def system(self, request: Request) -> Response:
        """The registration system."""
        return self.page("lzu", at="reg", name=self.world.student.name)

    async def info(self, request: Request) -> Response:
        """The basic information."""
        return _said("", data=self.world.student.registry())

    async def submit(self, request: Request) -> Response:
        """提交: nobody but the person does that."""
        self.world.note("lzu", "registration_submit")
        return _said("提交成功")


def _listening() -> socket.socket:
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    sock.listen(64)  # whoever comes before the server is up waits in line
    return sock


@contextmanager
def serving(libraries: dict[str, str], world: World, modules: Path) -> Iterator[Addresses]:
    """The three sites, while the block runs.

    Args:
        libraries: site to the folder of pages that it is made of.
        world: what the sites know.
        modules: the folder of the component libraries.
    """
    kinds: dict[str, type[Site]] = {"chsi": Chsi, "chaoxing": Platform, "lzu": Registry}
    running: list[tuple[uvicorn.Server, threading.Thread]] = []
    places: dict[str, str] = {}
    for name, kind in kinds.items():
        sock = _listening()
        places[name] = f"http://127.0.0.1:{sock.getsockname()[1]}"
        app = kind(name, libraries[name], world, modules).app
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        running.append((server, thread))
    try:
        yield Addresses(**places)
    finally:
        for server, _ in running:
            server.should_exit = True
        for _, thread in running:
            thread.join(10)
