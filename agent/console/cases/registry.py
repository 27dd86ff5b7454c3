"""Registry of a console's cases: what lies in its folder, and what runs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING

from agent.consent import Receipt, Tick
from agent.consent import receipt_page as consent_page
from agent.console.cases.case_folders import FORM, NAME, CaseFolders, CaseRequest, Helper
from agent.console.cases.live_case import CaseState, Changes, LiveCase
from agent.console.cases.messages import CaseOrder
from agent.console.ports import ConsoleServices
from agent.errors import GradsyncError

if TYPE_CHECKING:
    from agent.cohort.desk import RosterDesk

STOP_SECONDS = 20.0


class CaseRegistry:
    """The cases by name."""

    def __init__(self, services: ConsoleServices) -> None:
        self.services = services
        self.changes = Changes()
        self.folders = CaseFolders(services.folder)
        self._cases = {
            folder.name: LiveCase(folder, row, self.changes, self._ended)
            for folder, row in self.folders.cases()
        }

    def __iter__(self) -> Iterator[LiveCase]:
        return iter(self._cases.values())

    @property
    def desk(self) -> RosterDesk | None:
        """The roster that the desk works with."""
        return self.services.roster() if self.services.roster else None

    def of_today(self) -> list[LiveCase]:
        """Return the cases that were begun today or run now."""
        today = datetime.now().astimezone().date()
        return [case for case in self if case.is_running or case.request.begun_at.date() == today]

    def get(self, name: str) -> LiveCase | None:
        """Return a case by its name; None for anything else, such as a path."""
        return self._cases.get(name) if NAME.fullmatch(name) else None

    def begin(
        self,
        profile: str,
        *,
        student: str | None = None,
        receipt: Receipt | None = None,
        fills_in: bool = False,
        keeps_sign_ins: bool = False,
        only_looks: bool = False,
        roster: str | None = None,
    ) -> LiveCase:
        """Open a case and start it, unless something is to be filled in first.

        Args:
            profile: One of the notices on offer.
            student: Whom a rehearsal is of.
            receipt: The student's consent; given, the case is assisted.
            fills_in: The student fills it in on the page before the case begins.
            keeps_sign_ins: The sign-ins are kept for another run.
            only_looks: Nothing is changed this time.
            roster: The student's pseudonym on the desk's roster.

        Raises:
            UsageError: The folder cannot be written.
        """
        request = CaseRequest(
            number=self.folders.next_number(),
            profile=profile,
            title=next(row.title for row in self.services.notices if row.id == profile),
            assisted=receipt is not None,
            begun_at=datetime.now().astimezone(),
            student=student,
            fills_in=fills_in,
            keeps_sign_ins=keeps_sign_ins,
            roster=roster,
        )
        case = LiveCase(self.folders.new(request), request, self.changes, self._ended)
        if receipt:
            self._keep_consent(case, receipt)
        self._cases[case.name] = case
        if not fills_in:
            self.run(case, only_looks=only_looks)
        return case

    def _keep_consent(self, case: LiveCase, receipt: Receipt) -> None:
        """Keep the student's consent in the case folder, and who helped for the next case."""
        consent_page.write(receipt, case.folder)
        helper = receipt.party_identification
        self.folders.remember_helper(Helper(helper=helper.party_name, contact=helper.party_contact))

    def form_problems(self, case: LiveCase) -> Sequence[str]:
        """Return what is wrong with what the student has filled in; nothing is wrong with nothing."""
        file = case.folder / FORM
        return self.services.problems(file.read_bytes(), case.request.profile) if file.is_file() else ()

    def run(self, case: LiveCase, *, only_looks: bool = False) -> None:
        """Start a case, for the first time or again: what was done already is not done twice.

        Raises:
            CaseTaken: The student is on the roster, and a worker has the case.
        """
        if case.request.roster and self.desk and not case.is_running:
            self.desk.begin(case.request.roster)
        case.start(self.services.command, self._order(case).model_copy(update={"only_looks": only_looks}))

    def _ended(self, case: LiveCase) -> None:
        """Keep on the roster how a student's case has ended; one who has withdrawn is no longer on it."""
        desk, ref = self.desk, case.request.roster
        if desk is None or ref is None:
            return
        try:
            if case.gone is CaseState.WITHDRAWN:
                desk.forget(ref)
            else:
                desk.end(ref, case.request.profile, case.report)
        except GradsyncError as error:
            case.told.append(f"名单里没有记下：{error.told}")

    def withdraw(self, case: LiveCase) -> None:
        """Withdraw a student's consent, which takes them off the roster too."""
        case.withdraw()
        if not case.is_running:
            self._ended(case)

    def tick(self, case: LiveCase, step: str) -> None:
        """Tick a next step off, or take the tick away; it stays when the program is closed."""
        case.request = case.request.model_copy(update={"ticked": case.request.ticked ^ {step}})
        self.folders.keep(case.folder, case.request)
        self.changes.tell()

    def _order(self, case: LiveCase) -> CaseOrder:
        wanted, form = case.request, case.folder / FORM
        student = self.services.invented(wanted.student)
        window = {"place": self._free_place(case), "label": window_label(case)}
        order = CaseOrder(
            profile=wanted.profile,
            out=case.folder,
            assisted=wanted.assisted,
            headless=self.services.headless,
            by_hand=self.services.windows(),
            form=form if form.is_file() else None,
            overrides={"window": window, "keep_session": wanted.keeps_sign_ins},
        )
        if student is None:
            return order
        overrides = {**(order.overrides or {}), **student.overrides(order.by_hand)}
        return order.model_copy(update={"overrides": overrides, "today": student.today, "demo": True})

    def _free_place(self, case: LiveCase) -> int:
        """Return the first place on the screen at which no running case has its windows."""
        taken = {other.place for other in self if other.is_running}
        case.place = next(place for place in count() if place not in taken)
        return case.place

    def missing(self, case: LiveCase) -> list[Tick]:
        """Return what a helped student has yet to consent to before the case can be carried out."""
        if not case.is_assisted:
            return []
        given = case.receipt.ticks if case.receipt else frozenset[Tick]()
        return sorted(self.services.required(case.request.profile) - given)

    async def close(self) -> None:
        """Let every running case come to its next step, wait for that a while, and hang up on the pages that listen."""
        running = [case for case in self if case.is_running]
        for case in running:
            case.stop()
        await asyncio.gather(*(case.ended(STOP_SECONDS) for case in running))
        self.changes.close()


def window_label(case: LiveCase) -> str:
    """Return what a case's windows are called: its number, and whose it is where a consent says so, masked."""
    receipt = case.receipt if case.is_assisted else None
    return f"{case.request.number}号{f' {receipt.pii_principal.name}' if receipt else ''}"
