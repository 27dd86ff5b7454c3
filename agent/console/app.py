"""The console's addresses. GET shows, POST changes and leads back to a page; who may ask stands in ``agent.console.security``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from agent.consent import receipt_page as consent_page
from agent.consent.gate import local_now
from agent.console import forms, views
from agent.console.case_pages import CASE, CasePages, case_of, to_case
from agent.console.cases.live_case import LiveCase
from agent.console.cases.registry import CaseRegistry
from agent.console.cohort_pages import CohortPages
from agent.console.conditions_table import ConditionsTable, conditions_table
from agent.console.form_pages import FormPages
from agent.console.requests import download, or_404, session_of, text_of
from agent.console.security import START, LaunchToken, RequestGuard, RequestRefused, exchanged
from agent.errors import GradsyncError, UsageError
from agent.files.spreadsheets import csv_bytes, xlsx_bytes
from agent.reconcile.document_numbers import parse

if TYPE_CHECKING:
    from agent.cohort.desk import RosterStudent

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Console:
    """The pages.

    Args:
        leave: Ends the program.
    """

    def __init__(self, cases: CaseRegistry, token: LaunchToken, port: int, leave: Callable[[], None]) -> None:
        self.cases, self.launch, self._leave = cases, token, leave
        self.pages = self._starlette()
        self.guard = RequestGuard(self.pages, token, port, _refusal_page)

    def _starlette(self) -> Starlette:
        routes = [
            Route(START, self.start),
            Route("/", self.home),
            Route("/cases", self.begin, methods=["POST"]),
            Route("/consent", self.consent, methods=["GET"]),
            Route("/consent", self.begin_assisted, methods=["POST"]),
            Route("/consent/number", self.check_number, methods=["POST"]),
            Route(f"{CASE}/consent/amend", self.amend, methods=["GET"]),
            Route(f"{CASE}/consent/amend", self.amended, methods=["POST"]),
            *CasePages(self.cases, self._page, self._stream).routes(CASE),
            *FormPages(self.cases, self._page).routes(CASE),
            Route("/desk", self.desk),
            Route("/desk/events", self.desk_events),
            *(Route(f"/desk/summary.{kind}", self.export) for kind in ("csv", "xlsx")),
            *CohortPages(self.cases, self._page, self._stream).routes(),
            Route("/leave", self.leave, methods=["POST"]),
            Mount("/static", StaticFiles(packages=[("agent.console", "static")])),
        ]
        handlers = {
            HTTPException: self._not_there,
            GradsyncError: self._stopped,
            RequestRefused: self._refused,
        }
        return Starlette(routes=routes, exception_handlers=handlers)

    # -- coming in -------------------------------------------------------------------------------------------------------

    async def start(self, request: Request) -> Response:
        """Exchange the one-time token for a session; who has one already goes on."""
        if request.state.session:
            return RedirectResponse("/", 303)
        elsewhere = request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        return exchanged(
            self.launch, request.query_params.get("token", ""), self.guard.cookie, from_elsewhere=elsewhere
        )

    async def home(self, request: Request) -> Response:
        """开始办理."""
        given = {name: request.query_params.get(name, "") for name in ("profile", "who")}
        services = self.cases.services
        sheets = [
            (notice, parts) for notice in services.notices if (parts := services.sheets.parts(notice.id))
        ]
        values = {
            "notices": services.notices,
            "rehearsal": services.rehearsal,
            "given": given,
            "sheets": sheets,
        }
        return self._page(request, "home", 200, today=services.today(), **values)

    async def leave(self, request: Request) -> Response:
        """End every session and the program; cases that run come to their next step first."""
        page = _page_alone(
            "程序已关闭",
            "正在办理的案例会在当前这一步做完后停下，下次打开程序可以继续。这个页面可以关掉了。",
            "",
        )
        page.headers["clear-site-data"] = '"cache", "cookies", "storage"'
        self.launch.close()
        self._leave()
        return page

    # -- beginning -------------------------------------------------------------------------------------------------------

    async def begin(self, request: Request) -> Response:
        """Begin a case for oneself, or go on to the consent that helping takes."""
        form = await request.form()
        profile, student = self._wanted(form)
        if text_of(form, "who") == "assisted":
            return RedirectResponse(f"/consent?profile={quote(profile)}&student={quote(student or '')}", 303)
        return to_case(self.cases.begin(profile, student=student, **_wishes(form)))

    async def consent(self, request: Request) -> Response:
        """代办同意书: everything that is asked of the student, one tick each."""
        query = request.query_params
        profile, student = self._checked(query.get("profile", ""), query.get("student", ""))
        given = self.cases.folders.helper().model_dump()
        if (listed := await self._listed(query.get("roster", ""))) is not None:
            given |= {"roster": listed.ref, "name": listed.name}
        return self._consent_page(request, profile, student, given, ())

    async def _listed(self, ref: str) -> RosterStudent | None:
        """Return the student of the roster who is attended; None for one who is on none."""
        return await asyncio.to_thread(or_404(self.cases.desk).student, ref) if ref else None

    async def begin_assisted(self, request: Request) -> Response:
        """Write the receipt and begin; what is not right is said on the same page."""
        form = await request.form()
        profile, student = self._wanted(form)
        given = _given(form)
        try:
            receipt = forms.receipt(given, local_now(), self.cases.services.required(profile))
        except UsageError as error:
            return self._consent_page(request, profile, student, given, [error.told])
        listed = await self._listed(given["roster"])
        if wrong := self._other_than(listed, given["id_number"]):
            return self._consent_page(request, profile, student, given, wrong)
        ref, wishes = listed.ref if listed else None, _wishes(form)
        return to_case(self.cases.begin(profile, student=student, receipt=receipt, roster=ref, **wishes))

    def _other_than(self, listed: RosterStudent | None, number: str) -> Sequence[str]:
        """What is wrong where the student before the desk is not the one whose line was chosen."""
        desk = self.cases.desk
        if listed is None or desk is None or desk.fits(listed.ref, number):
            return ()
        return [f"证件号码和名单里的{listed.name}不一致。请核对号码，或在名单里另选这名学生。"]

    async def check_number(self, request: Request) -> Response:
        """Say what is wrong with a document number while it is typed; it is kept nowhere."""
        number = text_of(await request.form(), "id_number")
        problems = parse(number, today=local_now().date()).problems if number else ()
        return JSONResponse({"problem": "".join(problems)})

    async def amend(self, request: Request) -> Response:
        """The consent of a case, to be added to with the student there."""
        case = self._to_amend(request)
        given = forms.filled_before(case.receipt) if case.receipt else {}
        missing = self.cases.missing(case)
        wrong = [f"还没有同意{forms.said_of(missing)}，这样办不成。"] if missing else []
        return self._consent_page(request, case.request.profile, case.request.student, given, wrong, case)

    async def amended(self, request: Request) -> Response:
        """Write the consent anew and go on; it is the same student's or it is refused."""
        case, given = self._to_amend(request), _given(await request.form())
        asked = case.request
        try:
            receipt = forms.receipt(given, local_now(), self.cases.services.required(asked.profile))
        except UsageError as error:
            wrong = [error.told]
            return self._consent_page(request, asked.profile, asked.student, given, wrong, case)
        if case.receipt and not case.receipt.pii_principal.binding.fits(given["id_number"]):
            wrong = ["证件号码和原来的同意书不是同一名学生，没有改动。"]
            return self._consent_page(request, asked.profile, asked.student, given, wrong, case)
        consent_page.write(receipt, case.folder)
        self.cases.run(case)
        return to_case(case)

    def _to_amend(self, request: Request) -> LiveCase:
        case = case_of(self.cases, request)
        if not case.is_assisted or case.is_running or case.gone:
            raise HTTPException(404)
        return case

    def _consent_page(
        self,
        request: Request,
        profile: str,
        student: str | None,
        given: Mapping[str, str],
        wrong: Sequence[str],
        case: LiveCase | None = None,
    ) -> Response:
        """The page; what is wrong with what was sent is an error, and what is yet to be filled in is none."""
        services = self.cases.services
        notice, parts = services.notice(profile), services.sheets.parts(profile)
        values = {
            "notice": notice,
            "student": services.invented(student),
            "given": given,
            "wrong": wrong,
            "case": case,
            "sheets": [(notice, parts)] if parts else [],
        }
        status = 422 if wrong and request.method == "POST" else 200
        return self._page(request, "consent", status, **values, **forms.WORDS)

    def _wanted(self, form: FormData) -> tuple[str, str | None]:
        return self._checked(text_of(form, "profile"), text_of(form, "student"))

    def _checked(self, profile: str, student: str) -> tuple[str, str | None]:
        """Return the notice, if it is on offer; in a rehearsal the invented student, and the notice for them."""
        services = self.cases.services
        if not services.rehearsal:
            return or_404(services.notice(profile)).id, None
        chosen = or_404(services.invented(student))
        return or_404(services.notice(chosen.profile)).id, chosen.id

    # -- the desk --------------------------------------------------------------------------------------------------------

    async def desk(self, request: Request) -> Response:
        """今日办理: the cases, and their conditions side by side."""
        parts = views.desk_parts(self.cases)
        whole, shown = self._summaries(request)
        days, unmet = (request.query_params.get(name, "") for name in ("days", "unmet"))
        held = bool(conditions_table(self.cases).rows)
        return self._page(
            request, "desk", parts=parts, whole=whole, shown=shown, held=held, days=days, unmet=unmet
        )

    def _summaries(self, request: Request) -> tuple[ConditionsTable, ConditionsTable]:
        """Return the conditions side by side, of today's cases or of all; and those rows of it that were chosen."""
        query = request.query_params
        whole = conditions_table(self.cases if query.get("days") == "all" else self.cases.of_today())
        unmet = query.get("unmet", "")
        return whole, whole.lacking(unmet) if unmet in whole.columns else whole

    async def desk_events(self, request: Request) -> Response:
        """The list of cases, whenever it changes."""
        return self._stream(lambda: views.desk_parts(self.cases))

    async def export(self, request: Request) -> Response:
        """The summary as a file, filtered as on the page."""
        cells = self._summaries(request)[1].cells()
        if request.url.path.endswith(".csv"):
            return download(csv_bytes(cells), "gradsync-summary.csv", "text/csv; charset=utf-8")
        return download(xlsx_bytes([("毕业条件", cells)]), "gradsync-summary.xlsx", XLSX)

    # -- pages and stops -------------------------------------------------------------------------------------------------

    def _stream(self, parts: Callable[[], dict[str, str]], every: float | None = None) -> Response:
        told = views.events(parts, self.cases.changes, every)
        return StreamingResponse(told, media_type="text/event-stream")

    def _page(self, request: Request, name: str, status: int = 200, **values: object) -> Response:
        services = self.cases.services
        common = {"csrf": session_of(request).csrf, "rehearsing": bool(services.rehearsal), "here": name}
        watching = services.cohort is not None or services.roster is not None
        return HTMLResponse(views.page(name, **common, watching=watching, **values), status)

    async def _not_there(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        return self._page(
            request, "trouble", status, message="没有这一页。", remedy="请从“今日办理”里打开案例。"
        )

    async def _stopped(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, GradsyncError)
        return self._page(request, "trouble", 409, message=error.message, remedy=error.remedy)

    async def _refused(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestRefused)
        return _refusal_page(error)


def _refusal_page(refusal: RequestRefused) -> Response:
    return _page_alone("打不开这一页", refusal.why, refusal.remedy, refusal.status)


def _page_alone(title: str, said: str, remedy: str, status: int = 200) -> Response:
    """A page for whoever may load nothing else from here: it carries its own style, which its policy names."""
    policy = f"default-src 'none'; style-src '{views.style_digest()}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    html = views.page("alone", title=title, said=said, remedy=remedy, style=views.style())
    return HTMLResponse(html, status, headers={"content-security-policy": policy})


class Wishes(TypedDict):
    """How a case is to be carried out."""

    fills_in: bool
    keeps_sign_ins: bool
    only_looks: bool


def _wishes(form: FormData) -> Wishes:
    return Wishes(
        fills_in=text_of(form, "fill") == "page" and text_of(form, "mode") != "look",
        keeps_sign_ins=text_of(form, "keep") == "yes",
        only_looks=text_of(form, "mode") == "look",
    )


def _given(form: FormData) -> dict[str, str]:
    return {name: text_of(form, name) for name in (*forms.FIELDS, "roster", *forms.ticks_of(form))}
