"""A look at the sites' pages that compares their words with the profile's and keeps no value: for whoever repairs a profile."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from playwright.sync_api import Browser

from agent.asks import Answerer, AskRouter
from agent.case.case import Case
from agent.engine.steps import Progress, StepRunner
from agent.errors import GradsyncError, SiteChanged
from agent.settings import Settings
from agent.snapshot import tree
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import GLUE, SEAM, TextLine, key
from flows.profiles.schema import Profile
from flows.profiles.site_words import ChaoxingSite, ChsiSite, LzuSite, OnPage, PageWords, Words
from flows.run.saved_logins import LoginReuse
from flows.run.sites import SiteSessions
from flows.sites.chaoxing.conditions_page import ConditionsPage
from flows.sites.chaoxing.platform import Chaoxing
from flows.sites.chaoxing.upload.page import UploadPage
from flows.sites.registry import CHAOXING, CHSI, LZU

SCHEMA = "gradsync/probe/1"
FILE_NAME = "probe.json"
DUTY = "probe"
LONGEST_TAIL = 12
"""A label may carry a colon, a count or a remark of so many characters behind it."""
NEEDED_LABELS = ("name", "id_number", "status", "school")
MARKS = re.compile(rf"[{SEAM}{GLUE}:：；;，,|]")
ROLES = (
    *("a", "button", "th", "td", "dt", "dd", "li", "label", "legend", "option"),
    *("h1", "h2", "h3", "h4", "p"),
)


@dataclass(frozen=True)
class ProbeRow:
    """Words of the profile that one page should show, and what became of that.

    Args:
        key: Where they stand in the profile, e.g. ``sites.chaoxing.conditions.status``.
        expected: Any of them will do; the first is the usual one.
        found: The word that stands there; None before anybody looked, and where none does.
        role: What it stands in.
        needed: True when the page cannot be used without.
    """

    key: str
    expected: Words
    found: str | None = None
    role: str | None = None
    needed: bool = True


@dataclass(frozen=True)
class ProbePage:
    """One page: how it is reached and what it should say."""

    title: str
    site: str
    open: Callable[[SiteSessions], Sequence[FrameSnapshot]]
    expected: tuple[ProbeRow, ...]


@dataclass(frozen=True)
class ProbeOutcome:
    """One page as it was found: ``trouble`` where it could not be reached; the skeleton is roles and the profile's words."""

    page: str
    rows: tuple[ProbeRow, ...]
    skeleton: tuple[str, ...] = ()
    trouble: str | None = None

    @property
    def moved(self) -> tuple[ProbeRow, ...]:
        """What the page cannot be used without and does not say."""
        return tuple(row for row in self.rows if row.needed and row.found is None)


@dataclass
class Probe:
    """One probe of one profile's sites; nothing is changed on them.

    Args:
        settings: Addresses, credentials, patience.
        case: The open case folder.
        answerers: Who may answer asks on the way in.
    """

    profile: Profile
    settings: Settings
    case: Case
    progress: Progress
    answerers: Sequence[Answerer]
    looked: list[ProbeOutcome] = field(default_factory=list)

    def carry_out(self, browser: Browser) -> None:
        """Visit every page.

        Raises:
            GradsyncError: A site could not be entered.
        """
        asks = AskRouter(self.answerers, lambda ask: self.case.audit.append("ask", id=ask.id))
        runner = StepRunner(self.case.journal, self.case.audit, self.progress, self.case.permit)
        login_reuse = LoginReuse.of(self.settings, self.case)
        with SiteSessions(
            browser, self.settings, self.profile, asks, runner, self.case.redactor, login_reuse
        ) as sites:
            for page in pages(self.profile):
                self.looked.append(self._look(page, sites, runner))
        self.case.folder.write_json(FILE_NAME, self.data())

    def _look(self, page: ProbePage, sites: SiteSessions, runner: StepRunner) -> ProbeOutcome:
        try:
            snapshots = runner.read(
                f"probe.{page.title}", DUTY, f"查看「{page.title}」", lambda: page.open(sites)
            )
        except SiteChanged as error:  # what it stopped at says what is left of the page
            return replace(looked(page, sites.browsers[page.site].snapshot()), trouble=error.message)
        return looked(page, snapshots)

    def data(self) -> dict[str, Any]:
        """Return what was found, as JSON data without anything personal."""
        return {
            "schema": SCHEMA,
            "profile": self.profile.id,
            "pages": [
                {**asdict(page), "rows": [asdict(row) for row in page.rows], "skeleton": list(page.skeleton)}
                for page in self.looked
            ],
        }

    def trouble(self) -> GradsyncError | None:
        """Return the stop that the findings amount to: a page that was not reached, or a word that is gone."""
        for page in self.looked:
            if page.trouble or page.moved:
                return SiteChanged(page.page, page.moved[0].expected[0] if page.moved else page.page, ())
        return None


def looked(page: ProbePage, snapshots: Sequence[FrameSnapshot]) -> ProbeOutcome:
    """Compare a page as it was seen with what it should say."""
    pieces = [
        piece for snapshot in snapshots for line in tree.lines(snapshot.root) for piece in _pieces(line)
    ]
    rows = tuple(_filled_in(row, pieces) for row in page.expected)
    words = [word for row in page.expected for word in row.expected]
    return ProbeOutcome(page.title, rows, tuple(_skeleton(pieces, words)))


@dataclass(frozen=True)
class _Piece:
    """Words between two marks of one line, for comparing, and what they stand in."""

    words: str
    role: str

    def says(self, word: str) -> bool:
        """True for the word, maybe with a remark behind it; never in the middle of a sentence."""
        wanted = key(word)
        return self.words.startswith(wanted) and len(self.words) <= len(wanted) + LONGEST_TAIL


def _pieces(line: TextLine) -> Iterator[_Piece]:
    around = line.leaves[0].upwards()
    role = next((node.role or node.tag for node in around if node.role or node.tag in ROLES), line.block.tag)
    return (_Piece(key(words), role) for words in MARKS.split(line.seamed) if words.strip())


def _filled_in(row: ProbeRow, pieces: Sequence[_Piece]) -> ProbeRow:
    spots = ((word, piece.role) for word in row.expected for piece in pieces if piece.says(word))
    word, role = next(spots, (None, None))
    return replace(row, found=word, role=role)


def _skeleton(pieces: Sequence[_Piece], words: Sequence[str]) -> Iterator[str]:
    """The profile's words on the page in reading order, each with what it stands in."""
    longest_first = sorted(set(words), key=lambda word: -len(word))
    for piece in pieces:
        word = next((word for word in longest_first if piece.says(word)), None)
        if word:
            yield f"{piece.role} {word}"


# -- the pages -----------------------------------------------------------------------------------------------------------------


def pages(profile: Profile) -> list[ProbePage]:
    """Return the pages of a profile's sites, each with the words that it should show."""
    site, lzu = profile.sites.chaoxing, profile.sites.lzu
    more = [*(_platform(site, profile) if site else ()), *([_registration(lzu)] if lzu else ())]
    return [_record(profile.sites.chsi), *more]


def _record(site: ChsiSite) -> ProbePage:
    labels = _labels("chsi", site.labels, NEEDED_LABELS)
    captions = ProbeRow("sites.chsi.photos.graduation", site.photos.graduation, needed=False)

    def open_record(sites: SiteSessions) -> Sequence[FrameSnapshot]:
        chsi = sites.open(CHSI, DUTY)
        chsi.open_record()
        return chsi.browser.snapshot()

    return ProbePage("学信网学籍信息", "chsi", open_record, (*labels, captions))


def _registration(site: LzuSite) -> ProbePage:
    def open_page(sites: SiteSessions) -> Sequence[FrameSnapshot]:
        lzu = sites.open(LZU, DUTY)
        lzu.read()
        return lzu.browser.snapshot()

    labels = _labels("lzu", site.labels, NEEDED_LABELS[:2])
    words = _expected("sites.lzu.registration", site.registration)
    return ProbePage("个人信息核对", "lzu", open_page, (*labels, *words))


def _platform(site: ChaoxingSite, profile: Profile) -> list[ProbePage]:
    rows = (ProbeRow("conditions", (row.name, *row.aliases)) for row in profile.conditions)
    conditions = (*_expected("sites.chaoxing.conditions", site.conditions), *rows)
    upload = tuple(_expected("sites.chaoxing.upload", site.upload))
    labels = tuple(_labels("chaoxing", site.labels, NEEDED_LABELS[:2]))
    pages: tuple[tuple[str, Callable[[Chaoxing], object], tuple[ProbeRow, ...]], ...] = (
        ("毕业条件", lambda platform: ConditionsPage(platform).read(), conditions),
        ("上传毕业照片", lambda platform: UploadPage(platform).look_at_photos(), upload),
        ("个人信息", lambda platform: platform.read_personal(), labels),
    )
    return [ProbePage(title, "chaoxing", _after(read), expected) for title, read, expected in pages]


def _after(read: Callable[[Chaoxing], object]) -> Callable[[SiteSessions], Sequence[FrameSnapshot]]:
    """Open a page of the platform by reading it, and look at what is there."""

    def opened(sites: SiteSessions) -> Sequence[FrameSnapshot]:
        platform = sites.open(CHAOXING, DUTY)
        read(platform)
        return platform.browser.snapshot()

    return opened


def _expected(place: str, words: PageWords) -> Iterator[ProbeRow]:
    for name, field_info in type(words).model_fields.items():
        for mark in field_info.metadata:
            if isinstance(mark, OnPage):
                yield ProbeRow(f"{place}.{name}", getattr(words, name), needed=mark.needed)


def _labels(site: str, labels: dict[str, Words], needed: Sequence[str]) -> Iterator[ProbeRow]:
    return (
        ProbeRow(f"sites.{site}.labels.{name}", words, needed=name in needed)
        for name, words in labels.items()
    )
