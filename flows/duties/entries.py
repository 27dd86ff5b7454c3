"""家庭成员信息 and 过往履历信息: what is missing is added, nothing is doubled or changed unasked (notice, 二（二）2（1）)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from agent.asks import Ask, AskKind
from agent.engine.engine import Duty, DutyResult, DutyStatus
from agent.engine.plan import Change
from agent.engine.steps import WriteStep
from agent.errors import ActionNeeded, GradsyncError, PersonSkipped, SiteChanged
from agent.privacy.redaction import mask_name
from flows.forms import entry_rows
from flows.forms.model import FORM_COMMAND
from flows.forms.shown_entries import keep_entries
from flows.profiles.site_words import GroupWords
from flows.run.context import Context
from flows.sites.chaoxing.entries.page import EntriesPage
from flows.sites.registry import CHAOXING

Rows = tuple[entry_rows.Row, ...]
NOT_GIVEN = "这次没有填写"
PERSONS = ("name", "witness")
NUMBERS = ("phone", "document_number", "witness_phone")


@dataclass
class Entries(Duty):
    """The duty ``family`` or ``history``.

    Args:
        title: The group's name on the page.
        stated: What the student has filled in, as rows of the page.
        same: When two rows are the same entry.
        called: Names a row for the person, without more of others than is needed.
        sorts: Brings rows in the order that the notice wants.
    """

    context: Context
    id: str
    title: str
    stated: Rows
    same: tuple[entry_rows.Same, ...]
    called: Callable[[entry_rows.Row], str]
    sorts: Callable[[Sequence[entry_rows.Row]], Rows] = tuple
    _there: Rows | None = None
    _refused: GradsyncError | None = None
    _changes: bool = False

    def look(self) -> DutyResult:
        """Read the group where the student has filled something in."""
        if not self.stated:
            if self.context.is_asked_for(self.id):
                raise ActionNeeded(
                    f"“{self.title}”没有可以填写的内容。",
                    "请先写好要填写的内容，再办理一次。",
                    command=FORM_COMMAND,
                )
            if self.context.keeps_entries:
                self._look_only()
            return DutyResult(DutyStatus.SKIPPED, NOT_GIVEN)
        self.context.record(self.id)
        self.context.platform(self.id)
        self._there = self._read_step()
        self.context.must_be_own_account()
        if withheld := self.context.withheld(self.id):
            return withheld
        merged = self._merged(self._there)
        self._changes = bool(merged.differences) and self._somebody_decides
        note = ""
        if merged.differences and not self._changes:
            note = f"{self.title}：{self._differing(merged)}和填写的不一样，没有改动"
            self.context.findings.warnings.append(f"{note}；要改请本人在场时再办理一次。")
        return DutyResult(DutyStatus.ALREADY_DONE if merged.lacks_nothing else DutyStatus.DONE, note)

    def _look_only(self) -> None:
        """Read what is there, so that it can be filled in further; a platform that does not show it is no trouble."""
        self.context.platform(self.id)
        with suppress(SiteChanged, PersonSkipped):
            self._read_step()

    def _read_step(self) -> Rows:
        return self.context.runner.read(
            f"chaoxing.{self.id}.read", self.id, f"查看{self.title}", self._read, self._tell
        )

    @property
    def _somebody_decides(self) -> bool:
        return self.context.asks.expects(self._ask) or self.context.is_asked_for(self.id)

    @property
    def _ask(self) -> str:
        return f"{self.id}.change"

    def _page(self) -> EntriesPage:
        site = self.context.platform(self.id)
        places: dict[str, GroupWords] = {"family": site.data.family, "history": site.data.history}
        given = frozenset(name for row in self.stated for name, value in row.items() if value)
        return EntriesPage(site, places[self.id], None if self.context.keeps_entries else given)

    def _read(self) -> Rows:
        page = self._page()
        rows, _ = self.context.on_platform(page.platform, page.read)
        for row in rows:
            self._register_secrets(row)
        if self.context.keeps_entries:
            keep_entries(self.context.case.folder, self.id, rows)
        labels = "\n".join(name for row in rows for name, value in row.items() if value)
        self.context.case.evidence.keep(f"chaoxing-{self.id}", labels)
        return rows

    def _register_secrets(self, row: entry_rows.Row) -> None:
        """Keep other people's names and numbers out of everything written."""
        redactor = self.context.case.redactor
        for name, value in row.items():
            if value and name in PERSONS:
                redactor.add_name(value)
            elif value and name in NUMBERS:
                redactor.add_number(value)

    def _merged(self, there: Rows) -> entry_rows.Merged:
        return entry_rows.merge(there, self.stated, self.same)

    def _tell(self, rows: Rows) -> str:
        return f"{len(rows)} 条：{'、'.join(map(self.called, rows))}" if rows else "没有条目"

    def writes(self) -> Sequence[WriteStep[Any]]:
        """Adding what is missing; then, if the student is there to say so, changing what differs."""
        if self._there is None:
            return ()
        merged = self._merged(self._there)
        adding = [] if merged.lacks_nothing and self._changes else [self._adding(merged)]
        return (*adding, *([self._changing(merged)] if self._changes else []))

    def _adding(self, merged: entry_rows.Merged) -> WriteStep[Rows]:
        after = f"{self._told(merged)}，其余不动" if not merged.lacks_nothing else self._tell(merged.there)
        return self._write(
            f"chaoxing.{self.id}.add",
            f"补充{self.title}",
            after,
            lambda rows: self._merged(rows).lacks_nothing,
            lambda rows: self._ordered(self._merged(rows)),
        )

    def _told(self, merged: entry_rows.Merged) -> str:
        new = [self.called(merged.filled[place]) for place in merged.added]
        old = zip(merged.there, merged.filled, strict=False)
        filled = [self.called(row) for row, full in old if not entry_rows.same_rows([row], [full])]
        parts = [
            f"添加 {'、'.join(new)}" if new else "",
            f"补全 {'、'.join(filled)} 的空项" if filled else "",
        ]
        return "，".join(filter(None, parts))

    def _ordered(self, merged: entry_rows.Merged) -> Rows:
        """What is there stays in its order where nothing has to come between."""
        return self.sorts(merged.filled) if merged.added else merged.filled

    def _changing(self, merged: entry_rows.Merged) -> WriteStep[Rows]:
        return self._write(
            f"chaoxing.{self.id}.change",
            f"修改{self.title}里已有的内容",
            f"{self._differing(merged)}改成填写的内容",
            lambda rows: not self._merged(rows).differences,
            lambda rows: self._merged(rows).changed(),
            self._agreed,
        )

    def _differing(self, merged: entry_rows.Merged) -> str:
        labels = self._page().words.labels
        return "、".join(
            f"{self.called(merged.there[found.row])}的“{labels[found.field][0]}”"
            for found in merged.differences
        )

    def _agreed(self) -> None:
        merged, labels = self._merged(self._there or ()), self._page().words.labels
        details = tuple(
            f"{self.called(merged.there[found.row])} {labels[found.field][0]}：现在“{found.there}”，改成“{found.stated}”"
            for found in merged.differences
        )
        text = f"{self.title}里已有的内容和填写的不一样，要改成填写的吗"
        self.context.asks.confirm(Ask(self._ask, AskKind.YES_NO, text, "chaoxing", details=details))

    def _write(
        self,
        step: str,
        title: str,
        after: str,
        is_done: Callable[[Rows], bool],
        wanted: Callable[[Rows], Rows],
        agreed: Callable[[], None] | None = None,
    ) -> WriteStep[Rows]:
        there = self._there or ()
        seen = _digest(there)
        return WriteStep(
            change=Change(
                step=step,
                duty=self.id,
                title=title,
                before=self._tell(there),
                after=after,
                before_digest=seen,
                key=self.context.key(step, _digest(self.stated), seen),
            ),
            evidence_of=there,
            observe=self._observe,
            is_done=is_done,
            act=lambda: self._save(wanted(self._there or ())),
            describe=self._tell,
            agreed=agreed,
            refusal=lambda: self._refused,
            sent_count=partial(self.context.sites.sent_count, CHAOXING.id),
        )

    def _observe(self) -> Rows:
        self.context.see_own_account_again(self.id)
        self._there = self._read()
        return self._there

    def _save(self, wanted: Rows) -> None:
        self.context.must_be_own_account()
        self._refused = self._page().save(wanted)


def _digest(rows: Sequence[entry_rows.Row]) -> str:
    body = json.dumps([dict(row) for row in rows], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()


def family(context: Context) -> Entries:
    """Return the duty ``family``: voluntary; parents and spouse."""
    return Entries(
        context,
        "family",
        "家庭成员信息",
        tuple(dict(member) for member in context.form.family),
        entry_rows.SAME_RELATIVE,
        lambda row: f"{row.get('relation', '')}{mask_name(row.get('name', ''))}",
    )


def history(context: Context) -> Entries:
    """Return the duty ``history``: from 高中 to now, in order."""
    return Entries(
        context,
        "history",
        "过往履历信息",
        tuple(map(entry_rows.row_of_history_entry, context.form.history)),
        entry_rows.SAME_STAY,
        lambda row: f"{row.get('place', '')}（{row.get('start', '')} 至 {row.get('end', '')}）",
        entry_rows.in_order,
    )
