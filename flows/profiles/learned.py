"""Menu words learned by watching: what a person pressed on the way to a page that no word of the profile led to.

They lie as ``learned/<profile>.toml`` in the user's data folder, with the tables of a profile's ``[sites.*]`` and the times at
which they were learned; words only, and no value of anybody.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import AwareDatetime, Field, ValidationError

from agent.errors import UsageError
from agent.files.text_files import parse_toml, read_text
from agent.paths import learned_folder
from agent.privacy.private_files import PrivateFolder
from agent.report.model import LearnedRow
from flows.profiles.site_words import Clicked, Data, PageWords, Sites, Words

MOST_LEARNED = 5
"""Presses before the page that are kept; earlier ones were a search."""


class LearnedPlace(Data):
    """The words that led to one page: its own, and those before, the nearest to it first."""

    words: Clicked
    via: Words = ()


class LearnedFile(Data):
    """All that was learned for one profile, by site and by the page's key in the profile."""

    sites: dict[str, dict[str, LearnedPlace]] = Field(default_factory=dict)
    at: dict[str, dict[str, AwareDatetime]] = Field(default_factory=dict)


@dataclass
class LearnedWords:
    """What was learned for one profile, and what of it this run has used.

    Args:
        file: What earlier runs have learned.
        keep: Keeps all that is known for the next run; raises ``UsageError`` where it cannot.
        redacted: Takes personal data and secrets out of a text; a word that it changes is not learned.
        tell: Told in Chinese what was learned, and what could not be kept.
        in_use: What this run has used or learned.
    """

    file: LearnedFile = field(default_factory=LearnedFile)
    keep: Callable[[LearnedFile], None] = lambda file: None
    redacted: Callable[[str], str] = lambda text: text
    tell: Callable[[str], None] = lambda text: None
    in_use: list[LearnedRow] = field(default_factory=list)

    def ways(self, site: str, place: str) -> list[Words]:
        """Return the words learned for a page, the nearest to it first."""
        known = self.file.sites.get(site, {}).get(place)
        return [(word,) for word in (*known.words, *known.via)] if known else []

    def note_use(self, site: str, place: str) -> None:
        """Say that this run came to a page by learned words."""
        words = tuple(word for way in self.ways(site, place) for word in way)
        self._note(site, place, words, self.file.at[site][place])

    def _note(self, site: str, place: str, words: tuple[str, ...], at: datetime) -> None:
        self.in_use.append(LearnedRow(site=site, place=place, words=words, at=at))

    def learn(self, site: str, place: str, pressed: Sequence[str]) -> None:
        """Keep the words of what a person pressed, in order, on the way to a page."""
        once = dict.fromkeys(word for word in reversed(pressed) if self.redacted(word) == word)
        if not once:
            return
        words = tuple(once)[:MOST_LEARNED]
        now = datetime.now().astimezone().replace(microsecond=0)
        self.file = self._with(site, place, LearnedPlace(words=words[:1], via=words[1:]), now)
        self._note(site, place, words, now)
        try:
            self.keep(self.file)
        except UsageError as error:
            self.tell(f"学到的菜单文字没有保存：{error.message}")
            return
        self.tell(f"记住了菜单文字“{' → '.join(reversed(words))}”，下次会自己走到这一页。")

    def _with(self, site: str, place: str, learned: LearnedPlace, now: datetime) -> LearnedFile:
        sites, at = self.file.sites, self.file.at
        return LearnedFile(
            sites={**sites, site: {**sites.get(site, {}), place: learned}},
            at={**at, site: {**at.get(site, {}), place: now}},
        )


def of_profile(
    profile: str, redacted: Callable[[str], str], tell: Callable[[str], None], warn: Callable[[str], None]
) -> LearnedWords:
    """Return what was learned for a profile, kept in the user's data folder; a broken file is told to ``warn`` and not used."""
    try:
        file = load(profile)
    except UsageError as error:
        warn(f"{error.message}这次没有使用。{error.remedy}")
        return LearnedWords(redacted=redacted, tell=tell)

    def keep(file: LearnedFile) -> None:
        PrivateFolder(learned_folder(), redacted).write_text(f"{profile}.toml", as_toml(file))

    return LearnedWords(file, keep, redacted, tell)


def load(profile: str) -> LearnedFile:
    """Read what was learned for a profile; nothing where nothing was.

    Raises:
        UsageError: The file cannot be read or is not such a file; the message names it.
    """
    path = learned_folder() / f"{profile}.toml"
    if not path.exists():
        return LearnedFile()
    name = f"学到的菜单文字 {path}"
    try:
        learned = LearnedFile.model_validate(parse_toml(read_text(path, name), name))
    except ValidationError:
        raise UsageError(f"{name} 的内容不对。", "可以用 gradsync profiles learned forget 删掉它。") from None
    pages, times = (
        {site: set(places) for site, places in table.items()} for table in (learned.sites, learned.at)
    )
    if pages != times:
        raise UsageError(f"{name} 的内容不对。", "可以用 gradsync profiles learned forget 删掉它。")
    return learned


def forget(profile: str) -> bool:
    """Delete what was learned for a profile; False where nothing was."""
    path = learned_folder() / f"{profile}.toml"
    known = path.exists()
    path.unlink(missing_ok=True)
    return known


def told(learned: LearnedFile) -> list[str]:
    """Say a line for each page: how a person went there, and when that was learned."""
    return [
        f"sites.{site}.{place}：{' → '.join([*reversed(words.via), *words.words])}（{learned.at[site][place]:%Y-%m-%d}）"
        for site, places in learned.sites.items()
        for place, words in places.items()
    ]


def export(learned: LearnedFile, known: Sites) -> str:
    """Return TOML to be pasted over a profile's own tables: its words, and then the learned ones."""
    lines: list[str] = []
    for site, places in learned.sites.items():
        for name, words in places.items():
            lines += [f"# {learned.at[site][name]:%Y-%m-%d}", *_exported(site, name, words, known), ""]
    return "\n".join(lines).rstrip()


def _exported(site: str, name: str, words: LearnedPlace, known: Sites) -> list[str]:
    place = getattr(getattr(known, site, None), name, None)
    if isinstance(place, PageWords):
        own, via = (*place.words, *words.words), (*place.via, *words.via)
        return [f"[sites.{site}.{name}]", f"words = {_array(own)}", f"via = {_array(via)}"]
    own = (*place, *words.words, *words.via) if isinstance(place, tuple) else (*words.words, *words.via)
    return [f"[sites.{site}]", f"{name} = {_array(own)}"]


def as_toml(learned: LearnedFile) -> str:
    """Return the file's text."""
    lines = ["# 看本人在窗口里的操作学到的菜单文字；gradsync profiles learned forget 可以删掉。"]
    for site, places in learned.sites.items():
        for place, words in places.items():
            lines += ["", f"[sites.{site}.{place}]"]
            lines += [f"words = {_array(words.words)}", f"via = {_array(words.via)}"]
    for site, times in learned.at.items():
        lines += ["", f"[at.{site}]", *(f"{place} = {at.isoformat()}" for place, at in times.items())]
    return "\n".join(lines) + "\n"


def _array(words: Sequence[str]) -> str:
    return json.dumps(list(words), ensure_ascii=False)
