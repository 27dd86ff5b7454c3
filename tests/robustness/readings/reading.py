"""What the program's own readers make of a page, and how that stands to what a person reads there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from agent.asks import AskRouter
from agent.browser.site_browser import SiteBrowser
from agent.errors import GradsyncError
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Node, key
from flows.profiles.schema import Profile, load
from flows.profiles.site_words import ChaoxingSite
from flows.sites.chaoxing import conditions, grade_table
from flows.sites.chaoxing.platform import Chaoxing
from flows.sites.chaoxing.upload.answer import state_of_review
from flows.sites.chaoxing.upload.page import UploadPage
from flows.sites.chsi.archive import Chsi
from flows.sites.chsi.record_photo import RecordPhoto
from flows.sites.login import Login

PAGES = Path(__file__).with_name("pages")
GROUPS = ("conditions", "grades", "records", "platform")
NOTHING = ("", "-", "--", "—", "暂无", "[]")
"""What stands for a blank."""
_BRACKETS = re.compile(r"[()\[\]√✓✔×✗✘⚠●~>»›!]")

Expected = Mapping[str, Any]


class Verdict(StrEnum):
    """How a reading stands to what a person reads."""

    RIGHT = "right"
    PARTLY = "partly"
    """What was read is right; something is told as unknown, or is not read."""
    STOP = "stop"
    WRONG = "WRONG"


@dataclass(frozen=True)
class Reading:
    """One page's verdict, with what is wrong or not read."""

    page: str
    verdict: Verdict
    why: str = ""


class Stopped(Exception):
    """Nothing was read."""


@dataclass
class Findings:
    """What is wrong and what is missing in one reading."""

    wrong: list[str]
    missing: list[str]

    def hold(self, what: str, read: object, shown: object) -> None:
        """Hold one value against what stands there: another is wrong, none is missing."""
        if read != shown:
            (self.missing if read in ("", None) else self.wrong).append(f"{what}: {read!r} for {shown!r}")


def pages(group: str) -> list[str]:
    """Return the names of a group's pages."""
    return sorted(path.stem for path in (PAGES / group).glob("*.html"))


@dataclass
class Readers:
    """The program's readers at work on one window.

    Args:
        page: The window.
    """

    page: Page

    @cached_property
    def profile(self) -> Profile:
        """The notice."""
        return load("xjtu-2024-07")

    def read(self, group: str, name: str) -> Reading:
        """Open a page and hold what is read there against what a person reads."""
        self.page.goto((PAGES / group / f"{name}.html").as_uri())
        expected = json.loads((PAGES / group / f"{name}.json").read_text("utf-8"))
        found = Findings([], [])
        readers: Mapping[str, Callable[[Expected, Findings], None]] = {
            "conditions": self._conditions,
            "grades": self._grades,
            "records": self._record,
            "platform": self._platform,
        }
        try:
            readers[group](expected, found)
        except (Stopped, GradsyncError) as stop:
            return Reading(f"{group}/{name}", Verdict.STOP, str(stop))
        verdict = Verdict.WRONG if found.wrong else Verdict.PARTLY if found.missing else Verdict.RIGHT
        return Reading(f"{group}/{name}", verdict, "; ".join(found.wrong or found.missing))

    def _snapshot(self) -> FrameSnapshot:
        self._browser.invalidate()
        (snapshot,) = self._browser.snapshot()
        return snapshot

    @cached_property
    def _browser(self) -> SiteBrowser:
        return SiteBrowser(self.page.context, self.page, "site", 2)

    @property
    def _words(self) -> ChaoxingSite:
        data = self.profile.sites.chaoxing
        assert data is not None
        return data

    # -- 毕业条件 ----------------------------------------------------------------------------------------------------------

    def _conditions(self, expected: Expected, found: Findings) -> None:
        data, root = self._words, self._snapshot().root
        if not conditions.is_shown(root, data.conditions):
            raise Stopped("not the page")
        read = conditions.read(root, data.conditions, self.profile)
        found.hold("batch", read.batch or "", expected["batch"])
        rows = {self._known(row.name): row for row in read.rows}
        shown = {self._known(name): (text, status) for name, text, status in expected["conditions"]}
        if len(rows) < len(read.rows):
            found.wrong.append("a condition twice")
        found.wrong.extend(f"no condition: {name}" for name in rows if name not in shown)
        untold = () if conditions.unseen(read, self.profile) else found.wrong
        for name, (text, status) in shown.items():
            if name not in rows:
                (found.missing if untold == () else found.wrong).append(f"dropped: {name}")
                continue
            row = rows[name]
            self._status(found, name, (_bare(row.status_text), row.status), (_bare(text), status))

    def _known(self, name: str) -> str:
        known = self.profile.condition(name)
        return known.name if known else name

    @staticmethod
    def _status(found: Findings, name: str, read: tuple[str, str], shown: tuple[str, str]) -> None:
        """A word that the notice does not know is told as it stands, perhaps with what stands beside it, and left open."""
        is_blank = read[0] in NOTHING and shown[0] in NOTHING
        holds_it = read[1] in ("unknown", shown[1]) and bool(shown[0]) and shown[0] in read[0]
        if not is_blank and not holds_it and read[0] != shown[0]:
            found.wrong.append(f"{name}: {read[0]!r} for {shown[0]!r}")
        elif read[1] != shown[1]:
            (found.missing if read[1] == "unknown" else found.wrong).append(f"{name}: {read} for {shown}")

    # -- 成绩 --------------------------------------------------------------------------------------------------------------

    def _grades(self, expected: Expected, found: Findings) -> None:
        data, root = self._words, self._snapshot().root
        courses = grade_table.read(root, data.grades)
        if courses is None:
            raise Stopped("no table")
        grades = grade_table.judged(courses, self.profile.grades, grade_table.count(root, data.grades))
        for row, shown in zip_longest(grades.rows, expected["grades"]):
            if row is None or shown is None:
                (found.missing if not grades.is_complete else found.wrong).append(f"row {row} for {shown}")
                continue
            course, term, total, passed = shown
            found.hold(f"{course} course", key(row.course), key(course))
            found.hold(f"{course} term", row.term, term)
            found.hold(f"{course} total", _bare(row.total or ""), _bare(total))
            if passed is not None:
                found.hold(f"{course} passed", row.passed, passed)
        for course in expected.get("failed", grades.failed):
            found.hold("failed", course in grades.failed, True)
        if not expected.get("complete", True) and grades.is_complete:
            found.wrong.append("told as all of them")

    # -- 学信网 ------------------------------------------------------------------------------------------------------------

    def _record(self, expected: Expected, found: Findings) -> None:
        browser, data = self._browser, self.profile.sites.chsi
        login = Login(browser, data, "学信网", AskRouter([]), None)
        chsi = Chsi(browser, data, login, self.profile.school)
        snapshot = chsi._record_frame([self._snapshot()])
        if snapshot is None or not chsi._may_be_ours(snapshot):
            raise Stopped("not the record")
        cards = chsi._cards(snapshot.root)
        fitting = [card for card in cards if chsi._fits(card)] if len(cards) > 1 else [snapshot.root]
        if len(fitting) != 1:
            raise Stopped(f"{len(fitting)} of {len(cards)} records fit")
        read = {
            name: value.text
            for name, value in {**chsi._values(snapshot.root), **chsi._values(fitting[0])}.items()
        }
        _fields(found, read, data.labels, expected["records"][0]["fields"])
        photo = RecordPhoto(browser, data.photos, chsi._shown)
        mine = [node for node in photo._mine(fitting[0]) if not photo._is_placeholder(node)]
        found.hold("photo", _file(mine), expected["records"][0]["photo"])

    # -- 成教学生服务平台 --------------------------------------------------------------------------------------------------

    def _platform(self, expected: Expected, found: Findings) -> None:
        browser, data = self._browser, self._words
        login = Login(browser, data, "平台", AskRouter([]), None)
        platform = Chaoxing(browser, data, login, self.profile)
        snapshot = self._snapshot()
        if "fields" in expected:
            if not platform.shows_own_data(snapshot):
                raise Stopped("not the personal data")
            _fields(found, platform._own_values(snapshot.root), data.labels, expected["fields"])
        else:
            self._photos(UploadPage(platform), snapshot, expected, found)

    def _photos(self, page: UploadPage, snapshot: FrameSnapshot, expected: Expected, found: Findings) -> None:
        if not page._is_upload(snapshot):
            raise Stopped("not the page")
        photos = page.photos(snapshot.root)
        for kind, name in (("stored", "photo"), ("enrollment", "enrollment")):
            if len(photos[kind]) > 1:
                raise Stopped(f"several {kind}")
            found.hold(name, _file(photos[kind]), expected[name])
        state = expected["state"]
        review = state_of_review(page._own_lines(snapshot.root), page._data.upload.enrollment)
        found.hold("review", bool(review) or None, state == "待审核" or None)
        claimed = page.claimed(snapshot.root)
        found.hold("claimed", bool(claimed) or None, state == "已上传" or None)


def _fields(
    found: Findings, read: Mapping[str, str], labels: Mapping[str, Collection[str]], shown: Mapping[str, str]
) -> None:
    for name, words in labels.items():
        stands = next((value for label, value in shown.items() if label in words), "")
        said = read.get(name, "")
        found.hold(name, "" if said in NOTHING else key(said), key(stands))


def _file(photos: Sequence[Node]) -> str | None:
    return photos[0].src.rpartition("/")[2] if photos else None


def _bare(text: str) -> str:
    return _BRACKETS.sub("", key(text)) or key(text)


def readings(page: Page, groups: Collection[str] = GROUPS, only: str = "") -> Iterator[Reading]:
    """Yield the reading of every page whose name matches."""
    readers = Readers(page)
    for group in groups:
        yield from (readers.read(group, name) for name in pages(group) if re.search(only, f"{group}/{name}"))
