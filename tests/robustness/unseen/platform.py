"""成教学生服务平台 in several dialects: same words, other markup."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import dataclass

from markupsafe import Markup
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from fixtures.people.portraits import Kind, no_photo, portrait
from tests.harness.notice import BATCH, SCOPE
from tests.robustness.unseen.gate import Gate, render
from tests.robustness.unseen.world import World

ACCEPTED = "照片上传成功！"


@dataclass(frozen=True)
class PlatformDialect:
    """How one platform looks.

    Args:
        login: Template of the sign-in form, and of how it says no.
        shell: ``plain`` pages, one page with ``spa`` script, ``frames``, ``nested`` frames, new ``windows``, ``layers`` with a
            frame over the page, frames as ``tabs`` of which one is shown, or menus that open on ``hover``.
        hall: Template of 学生服务.
        conditions: Template of 毕业条件.
        upload: Template of 上传毕业照片, and of how it asks and answers.
        personal: Template of the personal data.
        who: How the shell names the person; nothing when empty.
        overlay: A 公告 lies over the page after signing in.
        photo_seconds: How long a photo takes to come.
        part_seconds: How long a part of a page takes that a script asks for.
    """

    login: str
    shell: str
    hall: str
    conditions: str
    upload: str
    personal: str = "table"
    who: str = "{name}"
    overlay: bool = False
    photo_seconds: float = 0
    part_seconds: float = 0


class Platform:
    """One platform for one world: a shell, and its content on an origin of its own where the shell has frames.

    Args:
        world: What it knows.
        dialect: How it looks.
        inner: Origin of the content in frames.
    """

    def __init__(self, world: World, dialect: PlatformDialect, inner: str) -> None:
        self.world, self.dialect, self.inner = world, dialect, inner
        self.gate = Gate(world, "chaoxing", dialect.login, "成教学生服务平台", "学号", "/home")

    def app(self) -> Starlette:
        """The platform as an application; the same one serves the inner origin."""
        return Starlette(
            routes=[
                *self.gate.routes(),
                Route("/home", self.home),
                Route("/top", self.part),
                Route("/nav", self.part),
                Route("/outer/{name}", self.outer),
                Route("/p/{name}", self.whole_page),
                Route("/f/{name}", self.fragment),
                Route("/photo/{kind}", self.photo),
                Route("/upload", self.upload, methods=["POST"]),
                Route("/upload.json", self.upload_by_script, methods=["POST"]),
                Route("/upload.frame", self.upload_in_frame, methods=["POST"]),
                Route("/upload.body", self.upload_as_text, methods=["POST"]),
            ]
        )

    @property
    def _who(self) -> str:
        record = self.world.student.platform
        name = "赵敏" if "somebody_else" in self.world.trouble else record.name
        return self.dialect.who.format(name=name, number=record.student_number)

    async def home(self, request: Request) -> Response:
        """What signing in leads to."""
        if away := self.gate.turned_away(request):
            return away
        shell = "plain" if self.dialect.shell == "windows" else self.dialect.shell
        content = self.content("hall" if "hall" in request.query_params else "welcome")
        return self._shell(shell, content)

    async def part(self, request: Request) -> Response:
        """One of the shell's own frames."""
        return render(f"platform{request.url.path}.html", who=self._who, inner=self.inner)

    async def outer(self, request: Request) -> Response:
        """A frame that only holds another."""
        return render("platform/outer.html", name=request.path_params["name"])

    async def whole_page(self, request: Request) -> Response:
        """A page with an address of its own."""
        if request.path_params["name"] == "conditions" and self.world.happens_once("session_lost"):
            self.world.sign_everybody_out()
        if away := self.gate.turned_away(request):
            return away
        return self._around(self.content(request.path_params["name"]))

    def _around(self, content: Markup) -> Response:
        """A page's content with the shell around it where the shell is not a page of its own."""
        if self.dialect.shell in ("plain", "hover"):
            return self._shell(self.dialect.shell, content)
        return render("platform/fragment.html", content=content, title="成教平台")

    def _shell(self, shell: str, content: Markup) -> Response:
        template = f"platform/shell_{shell}.html"
        return render(template, who=self._who, inner=self.inner, content=content, shell=self.dialect.shell)

    async def fragment(self, request: Request) -> Response:
        """A page's content for a script that puts it into the open page."""
        await asyncio.sleep(self.dialect.part_seconds)
        return HTMLResponse(str(self.content(request.path_params["name"])))

    def content(self, name: str) -> Markup:
        """What a page says, without the shell around it."""
        if name == "conditions" and "no_batch" in self.world.trouble:
            return self._fill("conditions_none")
        dialect = self.dialect
        parts = {
            "welcome": "greeting" if dialect.shell == "spa" else "welcome",
            "courses": "courses",
            "change": "change",
            "hall": f"hall_{dialect.hall}",
            "conditions": f"conditions_{dialect.conditions}",
            "upload": f"upload_{dialect.upload}",
            "personal": f"personal_{dialect.personal}",
        }
        return self._fill(parts.get(name, "other"))

    def _fill(self, part: str) -> Markup:
        page = render(
            f"platform/{part}.html",
            shell=self.dialect.shell,
            fields=self._fields(),
            conditions=self.world.conditions,
            batch=BATCH,
            scope=SCOPE,
            stored=self.world.stored is not None,
            overlay=self.dialect.overlay,
            trouble=self.world.trouble,
            question=self.world.question,
        )
        return Markup(bytes(page.body).decode())

    def _fields(self) -> list[tuple[str, str]]:
        record = self.world.student.platform
        other = "somebody_else" in self.world.trouble
        return [
            ("姓名", "赵敏" if other else record.name),
            ("性别", record.sex),
            ("身份证号码", "610000199001010020" if other else record.id_number),
            ("出生日期", record.birth_date),
            ("民族", record.ethnicity),
            ("学籍状态", record.status),
            ("教学点", record.teaching_point),
            ("层次", record.level),
            ("培养专业", record.major),
            ("入学年份", record.entry_year),
            ("当前所在级", record.current_year),
            ("学号", record.student_number),
            ("学习形式", record.study_form),
        ]

    # -- photos --------------------------------------------------------------------------------------------------------

    async def photo(self, request: Request) -> Response:
        """The stored copy, the photo taken at enrolment, somebody's sample, or a drawing."""
        photos = {
            "stored": self.world.stored,
            "enrollment": self.world.other_photo(Kind.ENROLLMENT),
            "sample": portrait("sample"),
        }
        data = photos.get(request.path_params["kind"], no_photo())
        if data is None:
            return Response(status_code=404)
        await asyncio.sleep(self.dialect.photo_seconds)
        return Response(data, media_type="image/jpeg", headers={"Cache-Control": "no-store"})

    async def upload(self, request: Request) -> Response:
        """A form that was sent the old way: a page with the result."""
        said = await self._take(request)
        content = render("platform/upload_result.html", said=said or ACCEPTED)
        return self._around(Markup(bytes(content.body).decode()))

    async def upload_by_script(self, request: Request) -> Response:
        """A file that was sent by script: the answer as JSON."""
        said = await self._take(request)
        return JSONResponse({"ok": not said, "text": said or ACCEPTED})

    async def upload_in_frame(self, request: Request) -> Response:
        """A form that was sent into a hidden frame: a script that tells the page."""
        said = await self._take(request)
        return HTMLResponse(f"<script>parent.said({json.dumps(said or ACCEPTED)})</script>")

    async def upload_as_text(self, request: Request) -> Response:
        """A file inside JSON."""
        body = await request.json()
        said = self.world.store(base64.b64decode(body["data"]), body["name"])
        return JSONResponse({"ok": not said, "text": said or ACCEPTED})

    async def _take(self, request: Request) -> str:
        form = await request.form()
        file = next(value for value in form.values() if isinstance(value, UploadFile))
        return self.world.store(await file.read(), file.filename or "")
