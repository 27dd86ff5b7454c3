"""One case on the console: its page, what may be done with it, and its files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from agent.asks import Ask
from agent.consent import receipt_page as consent_page
from agent.console import forms, views
from agent.console.cases.live_case import CaseState, LiveCase
from agent.console.cases.registry import CaseRegistry
from agent.console.requests import download, number_of, or_404, session_of, text_of
from agent.console.views import digest
from agent.errors import LinkInCase, UsageError
from agent.photo.file_type import sniff
from agent.privacy.private_files import confined
from agent.report import files

PICTURES = ("png", "jpeg")
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox allow-popups"
)
"""For pages that carry their own style and pictures: no script, no request, no origin; the report narrows the style to its own."""
PHOTO_FOLDER = "photo"
"""Where a case keeps the photo that its person uploads by hand."""
CASE = "/cases/{name}"
"""The address of a case."""
Page = Callable[..., Response]
Stream = Callable[..., Response]


class CasePages:
    """The addresses of one case; its form has pages of its own."""

    def __init__(self, cases: CaseRegistry, page: Page, stream: Stream) -> None:
        self._cases, self._page, self._stream = cases, page, stream

    def routes(self, one: str) -> list[Route]:
        """Return the routes; ``one`` is the address of a case."""
        posts = {"answer": self.answer, "stop": self.stop, "again": self.again, "tick": self.tick}
        posts |= {"open": self.open_folder, "open-photo": self.open_photo_folder}
        posts |= {"withdraw": self.withdraw, "forget": self.forget}
        return [
            Route(one, self.case),
            Route(f"{one}/events", self.case_events),
            Route(f"{one}/report", self.report),
            Route(f"{one}/report.pdf", self.pdf),
            Route(f"{one}/deadline.ics", self.deadline),
            Route(f"{one}/consent", self.receipt),
            Route(f"{one}/photos/{{which}}", self.photo),
            Route(f"{one}/ask/{{number}}/image", self.ask_image),
            Route(f"{one}/ask/{{number}}/pictures/{{index}}", self.ask_picture),
            *(Route(f"{one}/{word}", todo, methods=["POST"]) for word, todo in posts.items()),
        ]

    async def case(self, request: Request) -> Response:
        """The page of one case; of one that has yet to begin, what is being filled in."""
        case = self._case(request)
        if case.state is CaseState.PREPARED:
            return RedirectResponse(f"/cases/{case.name}/form", 303)
        parts = views.case_parts(case, self._cases, session_of(request).csrf)
        return self._page(request, "case", case=case, parts=parts)

    async def case_events(self, request: Request) -> Response:
        """The case's parts, whenever they change."""
        case, csrf = self._case(request), session_of(request).csrf
        return self._stream(lambda: views.case_parts(case, self._cases, csrf))

    async def answer(self, request: Request) -> Response:
        """Answer the ask of this number; one that is over is left as it is."""
        case, form = self._case(request), await request.form()
        number = text_of(form, "number")
        if (asked := number_of(number)) is not None and case.asked:
            case.answer(asked, forms.value_of(case.asked.ask, form))
        return to_case(case)

    async def stop(self, request: Request) -> Response:
        """Let the case stop before its next step."""
        case = self._case(request)
        case.stop()
        return to_case(case)

    async def again(self, request: Request) -> Response:
        """Go on with a case that has stopped; what was done is not done twice."""
        case = self._case(request)
        if case.gone is None and not case.is_running and self._cases.missing(case):
            return RedirectResponse(f"/cases/{case.name}/consent/amend", 303)
        if case.gone is None and not case.is_running and self._cases.form_problems(case):
            return RedirectResponse(f"/cases/{case.name}/form?wrong", 303)
        if case.gone is None:
            self._cases.run(case, only_looks=text_of(await request.form(), "mode") == "look")
        return to_case(case)

    async def tick(self, request: Request) -> Response:
        """Tick one of the report's next steps off, or take the tick away."""
        case, form = self._case(request), await request.form()
        if case.report and text_of(form, "step") in {digest(step.title) for step in case.report.next_steps}:
            self._cases.tick(case, text_of(form, "step"))
        return RedirectResponse(f"/cases/{case.name}#next-title", 303)

    async def open_folder(self, request: Request) -> Response:
        """Show the case's folder in the system's file manager."""
        return self._open(self._case(request))

    async def open_photo_folder(self, request: Request) -> Response:
        """Show the folder in which the photo lies that the person is to upload."""
        return self._open(self._case(request), PHOTO_FOLDER)

    def _open(self, case: LiveCase, inner: str = "") -> Response:
        folder = case.folder / inner
        if not self._cases.services.open_folder(folder):
            raise UsageError("这台电脑上没能打开文件夹。", f"请自己打开：{folder}")
        return to_case(case)

    async def pdf(self, request: Request) -> Response:
        """The report as a PDF, printed anew."""
        case = self._case(request)
        or_404(case.report)
        data = await asyncio.to_thread(self._cases.services.printed, case.folder)
        return download(data, "report.pdf", "application/pdf")

    async def deadline(self, request: Request) -> Response:
        """The reminder for the calendar, where the report has one."""
        path = self._case(request).folder / "deadline.ics"
        if not path.is_file():
            raise HTTPException(404)
        return FileResponse(path, media_type="text/calendar", filename="deadline.ics")

    async def withdraw(self, request: Request) -> Response:
        """Withdraw the student's consent."""
        case = self._case(request)
        if case.is_assisted:
            self._cases.withdraw(case)
        return to_case(case)

    async def forget(self, request: Request) -> Response:
        """Delete what the case holds of the person."""
        case = self._case(request)
        if case.gone is None:
            case.forget()
        return to_case(case)

    async def report(self, request: Request) -> Response:
        """The case's report.html, which may do nothing here."""
        return _own_page(self._case(request), "report.html")

    async def receipt(self, request: Request) -> Response:
        """The case's consent.html, to print and sign."""
        return _own_page(self._case(request), consent_page.FILE_NAME)

    async def photo(self, request: Request) -> Response:
        """One of the case's photos."""
        return _picture(files.photos_of(self._case(request).folder).get(request.path_params["which"]))

    async def ask_image(self, request: Request) -> Response:
        """The picture that the present ask shows."""
        return _picture(self._ask(request).image)

    async def ask_picture(self, request: Request) -> Response:
        """One of the pictures that the present ask shows side by side."""
        pictures, index = self._ask(request).pictures, number_of(request.path_params["index"])
        return _picture(pictures[index].data if index is not None and index < len(pictures) else None)

    def _ask(self, request: Request) -> Ask:
        """The present ask, where it is the one of this number."""
        asked = or_404(self._case(request).asked)
        return or_404(asked.ask if asked.number == number_of(request.path_params["number"]) else None)

    def _case(self, request: Request) -> LiveCase:
        return case_of(self._cases, request)


def case_of(cases: CaseRegistry, request: Request) -> LiveCase:
    """Return the case that a request's address names."""
    return or_404(cases.get(request.path_params["name"]))


def to_case(case: LiveCase) -> Response:
    """Lead back to a case's page."""
    return RedirectResponse(f"/cases/{case.name}", 303)


def _own_page(case: LiveCase, name: str) -> Response:
    try:
        path = confined(case.folder, name)
    except LinkInCase:
        raise HTTPException(404) from None
    if not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, media_type="text/html", headers={"content-security-policy": REPORT_POLICY})


def _picture(data: bytes | None) -> Response:
    kind = sniff(data or b"")
    if kind not in PICTURES:
        raise HTTPException(404)
    return Response(data, media_type=f"image/{kind}")
