"""A console in the test's own process, whose cases are ``fakework``."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import anyio
from httpx import Response
from starlette.testclient import TestClient

from agent.case.audit_log import AuditLog
from agent.cohort.desk import CohortView
from agent.consent import Action, Sensitive
from agent.console import server
from agent.console.app import Console
from agent.console.cases.case_folders import CaseFolders, CaseRequest
from agent.console.cases.live_case import CaseState, LiveCase
from agent.console.cases.registry import CaseRegistry
from agent.console.ports import Account, ConsoleServices, DemoStudent, Notice
from agent.console.security import LaunchToken
from agent.privacy.private_files import PrivateFolder
from agent.report.render import render_html
from flows.forms.sheet import ProfileSheets
from flows.profiles.schema import load
from tests.agent.console.fakework import ASKS, JPEG
from tests.agent.report import samples
from tests.structure.source import ROOT

PORT = 8123
TODAY = date(2024, 6, 3)
ORIGIN = f"http://127.0.0.1:{PORT}"
NOTICE = Notice("xjtu-2024-07", "毕业生待做事项", date(2024, 5, 31), date(2024, 6, 11))
COMMAND = (
    sys.executable,
    "-c",
    f"import sys; sys.path.insert(0, {str(ROOT)!r}); from tests.agent.console.fakework import main; main()",
)
PATIENCE = 30


def _asking(kind: str) -> DemoStudent:
    """A student who is one sort of question; the process is told which, and what to report: it draws no portraits."""
    accounts = (Account("chsi", "user", "secret"),)
    return DemoStudent(
        kind,
        NOTICE.id,
        kind,
        "1",
        kind,
        accounts,
        NOTICE.start,
        lambda by_hand: {"kind": kind, **_reported()},
    )


@cache
def _reported() -> dict[str, str]:
    report = samples.done()
    return {"report.json": report.to_json(), "report.html": render_html(report, {})}


@dataclass
class Visit:
    """A browser that talks to the console, without a browser."""

    client: TestClient
    console: Console
    left: list[bool] = field(default_factory=list)

    @property
    def cases(self) -> CaseRegistry:
        """The console's cases."""
        return self.console.cases

    @property
    def csrf(self) -> str:
        """The token that the pages carry."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.client.get("/").text)
        assert found
        return found[1]

    def enter(self) -> Response:
        """Open the address with the token."""
        answer: Response = self.client.get(
            f"/start?token={self.console.launch.token}", follow_redirects=False
        )
        return answer

    def post(self, path: str, origin: str = ORIGIN, **form: str) -> Response:
        """Send a form as a page of the console does."""
        answer: Response = self.client.post(
            path, data={"csrf": self.csrf, **form}, headers={"origin": origin}
        )
        return answer

    def begin(self, kind: str = "yes_no") -> LiveCase:
        """Begin a case that asks this."""
        page = self.post("/cases", profile=NOTICE.id, who="self", student=kind)
        assert page.status_code == 200, page.text
        return self.of(page)

    def of(self, page: Response) -> LiveCase:
        """Return the case of a page."""
        case = self.cases.get(str(page.url).rpartition("/")[2])
        assert case
        return case

    def wait(self, wanted: Callable[[], object]) -> None:
        """Wait until it is so."""
        portal = self.client.portal
        assert portal
        portal.call(self._until, wanted)

    def wait_for(self, case: LiveCase, *states: CaseState) -> None:
        """Wait until the case stands so."""
        self.wait(lambda: case.state in states)

    async def _until(self, wanted: Callable[[], object]) -> None:
        with anyio.fail_after(PATIENCE):
            while not wanted():
                await self.cases.changes.after(self.cases.changes.count)


def house(folder: Path, cohort: CohortView | None = None) -> ConsoleServices:
    """Return a house in a folder of the test's."""
    return ConsoleServices(
        folder,
        [NOTICE],
        COMMAND,
        headless=True,
        windows=lambda: True,
        problems=lambda data, profile: ["第 1 行：写错了"] if b"wrong" in data else [],
        sheets=ProfileSheets(load, lambda profile: TODAY),
        printed=lambda folder: b"%PDF-1.7",
        open_folder=lambda folder: folder.is_dir(),
        required=lambda profile: frozenset({Action.READ_CHSI, Sensitive.ID_NUMBER}),
        today=lambda: TODAY,
        rehearsal=[_asking(kind) for kind in (*ASKS, "crash")],
        cohort=cohort,
    )


def shelve(folder: Path, begun_at: datetime | None = None, student: str = "yes_no", number: int = 1) -> str:
    """Put a case that has ended into the folder, as a console before this one left it; return its name."""
    at = begun_at or datetime.now().astimezone()
    request = CaseRequest(
        number=number, profile=NOTICE.id, title=NOTICE.title, assisted=False, begun_at=at, student=student
    )
    private = PrivateFolder(CaseFolders(folder).new(request), str)
    AuditLog(private).append("run")
    for name, text in _reported().items():
        private.write_as_is(name, text.encode())
    for name in ("610000", "platform_copy", "enrollment"):
        private.write_as_is(f"photo/{name}.jpg", JPEG)
    return private.path.name


@contextmanager
def visiting(folder: Path, cohort: CohortView | None = None, **other: Any) -> Iterator[Visit]:
    """Run a console; nobody has come in yet. What is ``other`` takes the place of the house's own."""
    left: list[bool] = []
    services = replace(house(folder, cohort), **other)
    console = Console(CaseRegistry(services), LaunchToken(), PORT, lambda: left.append(True))
    with TestClient(console.guard, base_url=ORIGIN) as client:
        visit = Visit(client, console, left)
        try:
            yield visit
        finally:
            assert client.portal
            client.portal.call(console.cases.close)


@contextmanager
def served(folder: Path, cohort: CohortView | None = None, **other: Any) -> Iterator[str]:
    """Serve a console whose cases only ask, in a thread; yield its address.

    Somebody has to close the program on its page. What is ``other`` takes the place of the house's own.
    """
    address: list[str] = []
    ready = threading.Event()

    def tell(found: str, _fresh: server.Fresh) -> None:
        address.append(found)
        ready.set()

    services = replace(house(folder, cohort), **other)
    thread = threading.Thread(target=server.serve, args=(services, None, tell))
    thread.start()
    assert ready.wait(30)
    yield address[0]
    thread.join(30)
    assert not thread.is_alive()
