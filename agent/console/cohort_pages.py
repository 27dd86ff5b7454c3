"""成批办理: a roster taken in on the page, its students attended, answered and called, and how they stand, live."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from agent.console import views
from agent.console.cases.registry import CaseRegistry
from agent.console.requests import bytes_of, download, or_404, text_of
from agent.errors import GradsyncError
from agent.files.spreadsheets import csv_bytes

if TYPE_CHECKING:
    from agent.cohort.desk import CohortView, RosterDesk

LOOK_SECONDS = 1.0
"""Between two readings of a cohort's store, which tells nobody that it has changed."""
Page = Callable[..., Response]
Stream = Callable[..., Response]


class CohortPages:
    """The addresses under ``/cohort``.

    Args:
        page: Renders a page of the console.
        stream: Sends parts of a page whenever they change.
    """

    def __init__(self, cases: CaseRegistry, page: Page, stream: Stream) -> None:
        self._cases, self._page, self._stream = cases, page, stream
        self._chosen = ""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/cohort", self.show),
            Route("/cohort/events", self.events),
            Route("/cohort/roster", self.take_in, methods=["POST"]),
            Route("/cohort/answer", self.answer, methods=["POST"]),
            Route("/cohort/calls", self.calls),
            Route("/cohort/calls.csv", self.calls_file),
        ]

    async def show(self, request: Request) -> Response:
        """How many students stand how, who needs somebody, and who is still to come."""
        return await self._shown(request)

    async def _shown(self, request: Request, status: int = 200, **told: object) -> Response:
        view, profile = await asyncio.to_thread(self._view), self._profile(request)
        parts = await asyncio.to_thread(self._parts(request, view)) if view else {}
        services = self._cases.services
        values: dict[str, object] = {
            "parts": parts,
            "place": view.place if view else "",
            "roster": self._cases.desk,
        }
        values |= {"notices": services.notices, "profile": profile, "wrong": (), "said": "", **told}
        return self._page(request, "cohort", status, **values)

    async def events(self, request: Request) -> Response:
        """The page's parts whenever they change; the store is read again and again for as long as a page is listening."""
        return self._stream(self._parts(request, or_404(self._view())), LOOK_SECONDS)

    async def take_in(self, request: Request) -> Response:
        """Take a roster's file in; what is wrong with it is said on the same page, all at once."""
        desk, form = self._desk(), await request.form()
        data, name = bytes_of(form, "roster"), text_of(form, "roster-name")
        try:
            taken = await asyncio.to_thread(desk.take_in, data, name)
        except GradsyncError as error:
            return await self._shown(request, 422, wrong=[error.told])
        if taken.problems:
            return await self._shown(request, 422, wrong=[taken.said, *taken.problems])
        return await self._shown(request, said=taken.said)

    async def answer(self, request: Request) -> Response:
        """Keep a student's answer to what was asked when nobody was there."""
        desk, form = self._desk(), await request.form()
        ref, ask, value = (text_of(form, name) for name in ("ref", "ask", "value"))
        await asyncio.to_thread(desk.answer, ref, ask, value)
        return RedirectResponse(f"/cohort?{urlencode({'profile': self._profile(request)})}", 303)

    async def calls(self, request: Request) -> Response:
        """Whom to call today, with names and numbers; only those who lack a condition, where one is chosen."""
        unmet = request.query_params.get("unmet", "")
        calls = await asyncio.to_thread(self._desk().calls, unmet)
        query = f"?{urlencode({'unmet': unmet})}" if unmet else ""
        return self._page(request, "calls", calls=calls, unmet=unmet, query=query)

    async def calls_file(self, request: Request) -> Response:
        """The call list as a CSV file."""
        calls = await asyncio.to_thread(self._desk().calls, request.query_params.get("unmet", ""))
        return download(csv_bytes(calls.table), "gradsync-calls.csv", "text/csv; charset=utf-8")

    def _desk(self) -> RosterDesk:
        return or_404(self._cases.desk)

    def _view(self) -> CohortView | None:
        """The desk's own cohort, where it has a roster yet, else the one that is watched."""
        watched, desk = self._cases.services.cohort, self._cases.desk
        if watched is None and desk is None:
            raise HTTPException(404)
        return (desk.view() if desk else None) or watched

    def _parts(self, request: Request, view: CohortView) -> Callable[[], dict[str, str]]:
        desk, csrf, profile = self._cases.desk, request.state.session.csrf, self._profile(request)
        return lambda: views.cohort_parts(view, desk, csrf, profile)

    def _profile(self, request: Request) -> str:
        """The notice for which students are attended: the one chosen on the page, now or last; empty where that is open."""
        offered = [row.id for row in self._cases.services.notices]
        used = [case.request for case in self._cases if case.request.roster]
        latest_first = sorted(used, key=lambda row: row.begun_at, reverse=True)
        asked = request.query_params.get("profile", "")
        wanted = (asked, self._chosen, *(row.profile for row in latest_first))
        only = offered[0] if len(offered) == 1 else ""
        self._chosen = next((profile for profile in wanted if profile in offered), only)
        return self._chosen
