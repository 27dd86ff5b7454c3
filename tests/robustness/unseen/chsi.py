"""学信网 in several dialects: same words, other markup."""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from fixtures.people.portraits import Kind, no_photo, portrait
from fixtures.people.students import SCHOOL, ChsiRecord
from tests.robustness.unseen.gate import Gate, render
from tests.robustness.unseen.world import World

PART_SECONDS = 1.0
PHOTOS = ("xl", "xl-old", "lq")


@dataclass(frozen=True)
class ChsiDialect:
    """How one 学信网 looks.

    Args:
        login: Template of the sign-in form, and of how it says no.
        way: ``chain`` of links from a landing page, ``list`` or ``table`` of 学籍 first, ``tabs`` on one page, ``app`` with
            a menu that stays while a script fetches the rest, or ``deep`` straight to the record.
        record: Template of the record.
        photo: How the 学历照片 comes: ``file``, ``once`` (an address for one view, afterwards it gives HTML), ``data``,
            ``blob``, ``background`` or ``lazy``.
    """

    login: str
    way: str
    record: str
    photo: str = "file"

    @property
    def archive_path(self) -> str:
        """Where the person is told to go after signing in."""
        return {"chain": "/", "list": "/m/gdjy", "table": "/m/gdjy", "app": "/app/shell"}.get(
            self.way, "/gdjy/xj"
        )


class Chsi:
    """One 学信网 for one world."""

    def __init__(self, world: World, dialect: ChsiDialect) -> None:
        self.world, self.dialect = world, dialect
        self._served: set[tuple[str, str]] = set()
        self.gate = Gate(world, "chsi", dialect.login, "学信网", "手机号/邮箱", dialect.archive_path)

    def app(self) -> Starlette:
        """The site as an application."""
        pages = [
            Route("/", self.landing),
            Route("/my/{step}", self.landing),
            Route("/m/gdjy", self.listing),
            Route("/gdjy/xj", self.record),
            Route("/app/{step}", self.part),
            Route("/pic/{kind}", self.picture),
            Route("/none/no-photo.png", self.nothing),
        ]
        return Starlette(routes=[*self.gate.routes(), *pages])

    async def landing(self, request: Request) -> Response:
        """The pages before the record, each one link nearer."""
        if away := self.gate.turned_away(request):
            return away
        if "interstitial" in self.world.trouble:
            return render("chsi/survey.html", student=self.world.student)
        step = request.path_params.get("step", "landing")
        return render("chsi/way_chain.html", step=step, student=self.world.student, record_path="/gdjy/xj")

    async def listing(self, request: Request) -> Response:
        """One card per 学籍."""
        if away := self.gate.turned_away(request):
            return away
        return render(
            f"chsi/way_{self.dialect.way}.html",
            student=self.world.student,
            records=self.world.student.chsi,
            record_path="/gdjy/xj",
        )

    async def part(self, request: Request) -> Response:
        """What a script puts beside the menu, or the menu; a script's answer takes a while."""
        if away := self.gate.turned_away(request):
            return away
        step = request.path_params["step"]
        if step != "shell":
            self.world.asked.append(f"{step} {request.query_params.get('id', '')}".strip())
            await asyncio.sleep(PART_SECONDS)
        records = self._records(request)
        return render(
            "chsi/way_app.html",
            step=step,
            student=self.world.student,
            records=records,
            fields=[self.fields(record) for record in records],
            photo=self.dialect.photo,
            pid=secrets.token_hex(8),
            no_photo=False,
        )

    async def record(self, request: Request) -> Response:
        """学籍信息 with both photos."""
        if away := self.gate.turned_away(request):
            return away
        if "down" in self.world.trouble:
            return Response("<h1>502 Bad Gateway</h1>", 502, media_type="text/html")
        if "no_record" in self.world.trouble:
            return render("chsi/empty.html", student=self.world.student)
        part = "photo" if "photo" in request.query_params else "record"
        return self.content(self._records(request), part)

    def content(self, records: Sequence[ChsiRecord], part: str = "record") -> HTMLResponse:
        """The page of some 学籍; ``part`` is ``record`` or ``photo`` where these are two pages."""
        return render(
            "chsi/way_tabs.html" if self.dialect.way == "tabs" else f"chsi/record_{self.dialect.record}.html",
            student=self.world.student,
            records=records,
            school=SCHOOL,
            part=part,
            fields=[self.fields(record) for record in records],
            photo=self.dialect.photo,
            pid=secrets.token_hex(8),
            no_photo="no_photo" in self.world.trouble,
            inline={name: _data_address(self._bytes(name)) for name in PHOTOS},
        )

    def _records(self, request: Request) -> Sequence[ChsiRecord]:
        """All 学籍 on one page, or the one that was chosen from a list."""
        every = self.world.student.chsi
        chosen = request.query_params.get("id")
        return every if chosen is None else every[int(chosen) : int(chosen) + 1]

    def fields(self, record: ChsiRecord) -> list[tuple[str, str]]:
        """The labels and values of one 学籍, in the site's order."""
        student = self.world.student
        return [
            ("姓名", student.name),
            ("性别", student.sex),
            ("出生日期", f"{student.birth_date:%Y年%m月%d日}"),
            ("民族", student.ethnicity),
            ("证件号码", student.id_number),
            ("学校名称", record.school),
            ("层次", record.level),
            ("专业", record.major),
            ("学制", record.duration),
            ("学历类别", record.category),
            ("学习形式", record.study_form),
            ("分院", record.branch),
            ("系所", record.department),
            ("班级", record.class_name),
            ("学号", record.student_number),
            ("入学日期", record.entry_date),
            ("学籍状态", record.status),
            ("预计毕业日期", record.leaving_date),
        ]

    def _bytes(self, name: str) -> bytes:
        """The 学历照片 of the school's own 学籍, that of an earlier one, or the 录取照片."""
        if name == "xl":
            return self.world.graduation
        return self.world.other_photo(Kind.ADMISSION) if name == "lq" else portrait("earlier")

    async def picture(self, request: Request) -> Response:
        """A photo's bytes; never twice where the dialect says so."""
        if away := self.gate.turned_away(request):
            return away
        name, pid = request.path_params["kind"], request.query_params["pid"]
        again = (name, pid) in self._served and self.dialect.photo == "once"
        self._served.add((name, pid))
        if again or (name == "xl" and "photo_is_html" in self.world.trouble):
            return Response("<html><body>学信档案</body></html>", media_type="text/html")
        return Response(self._bytes(name), media_type="image/jpeg", headers={"Cache-Control": "no-store"})

    async def nothing(self, request: Request) -> Response:
        """The grey figure."""
        return Response(no_photo(), media_type="image/png")


def _data_address(data: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"
