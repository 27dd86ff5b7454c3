"""What the student fills in, on a page of the case: rows to add, move and delete, told what to put right while typing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from agent.console.cases.case_folders import FORM
from agent.console.cases.live_case import LiveCase
from agent.console.cases.registry import CaseRegistry
from agent.console.ports import Entries, SheetCheck, SheetPart
from agent.console.requests import bytes_of, download, number_of, or_404, text_of
from agent.errors import UsageError
from agent.privacy.private_files import PrivateFolder

MOST_ROWS = 60
Rows = dict[str, list[dict[str, str]]]
Page = Callable[..., Response]


class FormPages:
    """The addresses under a case's ``/form``."""

    def __init__(self, cases: CaseRegistry, page: Page) -> None:
        self._cases, self._page = cases, page

    def routes(self, one: str) -> list[Route]:
        """Return the routes; ``one`` is the address of a case."""
        return [
            Route(f"{one}/form", self.show, methods=["GET"]),
            Route(f"{one}/form", self.act, methods=["POST"]),
            Route(f"{one}/form/check", self.check, methods=["POST"]),
            Route(f"{one}/form.toml", self.export),
        ]

    async def show(self, request: Request) -> Response:
        """The draft as it was left."""
        case = self._open_case(request)
        wrong = "wrong" in request.query_params
        return self._shown(request, case, self._kept(case), everything=wrong)

    async def act(self, request: Request) -> Response:
        """Keep the draft and do what the pressed button says; without a script everything goes this way."""
        case, form = self._open_case(request), await request.form()
        parts = self._parts(case)
        action, *rest = text_of(form, "do").split(":")
        if action == "import":
            return self._imported(request, case, form)
        entries, focus = _acted(entries_of(form, parts), parts, action, rest)
        self._keep(case, entries)
        if action != "start":
            return self._shown(request, case, entries, focus=focus, everything=action == "save")
        if self._check(case, entries).problems:
            return self._shown(request, case, entries, everything=True, status=422)
        self._cases.run(case)
        return RedirectResponse(f"/cases/{case.name}", 303)

    async def check(self, request: Request) -> Response:
        """Keep the draft, and tell what is to be put right, by the names of the fields."""
        case = self._open_case(request)
        entries = entries_of(await request.form(), self._parts(case))
        self._keep(case, entries)
        found = self._check(case, entries)
        return JSONResponse({"problems": by_field(found), "counts": counts(found)})

    async def export(self, request: Request) -> Response:
        """The file, for another computer or the command line."""
        case = self._open_case(request)
        data = self._cases.services.sheets.write(case.request.profile, self._kept(case))
        return download(data, "form.toml", "application/toml")

    def _imported(self, request: Request, case: LiveCase, form: FormData) -> Response:
        try:
            entries = self._cases.services.sheets.read(case.request.profile, bytes_of(form, "form"))
        except UsageError as error:
            said = [error.told]
            return self._shown(request, case, entries_of(form, self._parts(case)), wrong=said, status=422)
        self._keep(case, entries)
        return self._shown(request, case, entries, everything=True)

    def _shown(
        self,
        request: Request,
        case: LiveCase,
        entries: Entries,
        *,
        everything: bool = False,
        focus: str = "",
        wrong: Sequence[str] = (),
        status: int = 200,
    ) -> Response:
        found = self._check(case, entries)
        shown = self._cases.services.sheets.shown(case.request.profile, case.folder)
        begins = {part.title for part in self._parts(case) if part.id in shown}
        values = {"case": case, "parts": self._parts(case), "entries": entries, "begins": begins}
        told = by_field(found) if everything else {}
        said = [
            *wrong,
            *([f"还有 {len(found.problems)} 处要改，改好才能开始。"] if status == 422 and not wrong else []),
        ]
        return self._page(
            request, "form", status, **values, told=told, counts=counts(found), focus=focus, wrong=said
        )

    def _open_case(self, request: Request) -> LiveCase:
        case = or_404(self._cases.get(request.path_params["name"]))
        return or_404(None if case.is_running or case.gone or not self._parts(case) else case)

    def _parts(self, case: LiveCase) -> Sequence[SheetPart]:
        return self._cases.services.sheets.parts(case.request.profile)

    def _check(self, case: LiveCase, entries: Entries) -> SheetCheck:
        return self._cases.services.sheets.check(case.request.profile, entries)

    def _kept(self, case: LiveCase) -> Entries:
        """The draft; a file that cannot be read any more is as good as none."""
        with suppress(OSError, UsageError):
            return self._cases.services.sheets.kept(case.request.profile, (case.folder / FORM).read_bytes())
        shown = self._cases.services.sheets.shown(case.request.profile, case.folder)
        return {part.id: [dict(row) for row in shown.get(part.id, part.begins)] for part in self._parts(case)}

    def _keep(self, case: LiveCase, entries: Entries) -> None:
        """Write the draft into the case's folder; a blank one is no form."""
        if self._check(case, entries).is_blank:
            (case.folder / FORM).unlink(missing_ok=True)
            return
        data = self._cases.services.sheets.write(case.request.profile, entries)
        PrivateFolder(case.folder, str).write_as_is(FORM, data)


def entries_of(form: FormData, parts: Sequence[SheetPart]) -> Rows:
    """Return what a page's form brings: ``rows.<part>`` says how many rows there are, ``<part>.<row>.<field>`` what they hold."""
    return {part.id: [_row(form, part, row) for row in range(_count(form, part))] for part in parts}


def _count(form: FormData, part: SheetPart) -> int:
    given = number_of(text_of(form, f"rows.{part.id}"))
    return min(given, MOST_ROWS) if part.row and given is not None else 1


def _row(form: FormData, part: SheetPart, row: int) -> dict[str, str]:
    found = {}
    for field in part.fields:
        name = f"{part.id}.{row}.{field.name}"
        is_now = field.now and text_of(form, f"{name}.now")
        found[field.name] = field.now if is_now else text_of(form, name)
    return found


def _acted(entries: Rows, parts: Sequence[SheetPart], action: str, rest: Sequence[str]) -> tuple[Rows, str]:
    """Return the rows after a button was pressed, and the name of the field or button that is to have the focus."""
    part = next((part for part in parts if rest and part.id == rest[0] and part.row), None)
    if part is None:
        return entries, ""
    rows = list(entries[part.id])
    row = number_of(rest[1]) if len(rest) > 1 else None
    row = row if row is not None and row < len(rows) else None
    row = _changed(rows, action, row)
    return {
        **entries,
        part.id: rows,
    }, f"{part.id}.{row}.{part.fields[0].name}" if row is not None else part.id


def _changed(rows: list[dict[str, str]], action: str, row: int | None) -> int | None:
    """Add, move or delete a row, and return which one is to be looked at now."""
    if action == "add":
        rows.append({})
        return len(rows) - 1
    if row is None:
        return None
    if action == "delete":
        del rows[row]
        return min(row, len(rows) - 1) if rows else None
    other = row + {"up": -1, "down": 1}.get(action, 0)
    if 0 <= other < len(rows):
        rows[row], rows[other] = rows[other], rows[row]
        return other
    return row


def by_field(found: SheetCheck) -> Mapping[str, str]:
    """Return what is to be put right by the names of the page's fields."""
    told: dict[str, str] = {}
    for problem in found.problems:
        name = f"{problem.part}.{problem.row}.{problem.field}"
        told[name] = "；".join(filter(None, (told.get(name, ""), problem.said)))
    return told


def counts(found: SheetCheck) -> Mapping[str, str]:
    """Return how long the long texts are, in words, by the names of the page's fields."""
    return {
        f"{part}.{row}.{field}": f"已写 {count} 字，{'够了' if count >= found.least else f'还差 {found.least - count} 字'}"
        for (part, row, field), count in found.counts.items()
    }
