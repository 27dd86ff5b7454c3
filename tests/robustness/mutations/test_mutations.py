"""Changed pages: the changes themselves, and the job on them. The whole table is behind the ``exhaustive`` marker."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from fixtures.mutations.mutations import FALSE_WORDS, HIDING, MUTATIONS, applies, combine
from fixtures.server import MockSites
from tests.bench.mutations import Case, combinations
from tests.robustness.mutations.pages import LZU, PAGES, XJTU, Filter, Truths, originals, truths
from tests.robustness.mutations.running import PATIENCE, Judgement, Outcome, carry_out, judge

STRUCTURAL = [name for name in MUTATIONS if name not in ("english", "status_colours", "extra_rows")]
SINGLES = [
    ("conditions", "late_rows"),
    ("chsi_archive", "in_frame"),
    ("shell", "new_windows"),
    ("personal", "scrolled_rows"),
    ("upload", "delete_buttons"),
    ("lzu_login", "shadow"),
]
COMBINATIONS = 500
ON_A_SLOW_MACHINE = 30.0
"""Seconds a page may take where none is waited for in vain."""


@dataclass(frozen=True)
class Changing:
    """The mock sites with a hook for changes, their pages unchanged, and what stands on them."""

    sites: MockSites
    pages: Filter
    originals: dict[str, str]
    true: Truths
    _changed: dict[str, dict[str, str]] = field(default_factory=dict)

    def changed(self, name: str) -> dict[str, str]:
        """Every page after one mutation, and with it those that the mutation leaves as they are."""
        if name not in self._changed:
            change = combine([name], 3)
            self._changed[name] = {page: change("", "", html) for page, html in self.originals.items()}
        return self._changed[name]

    def run(self, browser: Browser, case: Case, out: Path, patience: float = PATIENCE) -> Judgement:
        """Run the part of the job that visits the changed page."""
        self.pages.set(case.page, combine(case.mutations, case.seed))
        try:
            true = self.true[PAGES[case.page].task.profile]
            run = carry_out(browser, self.sites, case.page, out, patience)
            return judge(run, true, case.page, case.mutations)
        finally:
            self.pages.set("", None)


@pytest.fixture(scope="module")
def changing() -> Iterator[Changing]:
    pages = Filter()
    with MockSites(mutate=pages) as sites:
        html = originals(sites)
        yield Changing(sites, pages, html, truths(sites, html))


# -- the changes -----------------------------------------------------------------------------------------------------------


def frames(html: str) -> Iterator[BeautifulSoup]:
    """The page and the pages in its frames, what is kept in templates laid open."""
    soup = BeautifulSoup(html, "html.parser")
    for template in soup.find_all("template"):
        template.unwrap()
    yield soup
    for frame in soup.select("iframe[srcdoc]"):
        yield from frames(str(frame["srcdoc"]))


def plain(words: str) -> str:
    """The words in one width, without blanks."""
    return "".join(unicodedata.normalize("NFKC", words).split())


def shown(html: str) -> str:
    """All words of a page, those in fields and alternative texts too."""
    parts: list[str] = []
    for soup in frames(html):
        parts += [str(tag[name]) for name in ("value", "alt") for tag in soup.select(f"[{name}]")]
        for code in soup.select("script, style"):
            code.extract()
        parts += [str(text) for text in soup.find_all(string=True)]  # get_text() leaves templates out
    return plain("".join(parts))


def lost_ids(html: str) -> set[str]:
    """The ids that scripts ask for and that nothing has."""
    found = list(frames(html))
    there = {str(tag["id"]) for soup in found for tag in soup.select("[id]")}
    code = "".join(script.get_text() for soup in found for script in soup.select("script"))
    return set(re.findall(r"getElementById\('([^']+)'\)", code)) - there


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_changes_something_and_always_the_same(changing: Changing, name: str) -> None:
    untouched = {page: combine([])("", "", html) for page, html in changing.originals.items()}
    changed = [page for page, html in changing.changed(name).items() if html != untouched[page]]
    assert changed
    again = combine([name], 3)("", "", changing.originals[changed[0]])
    assert again == changing.changed(name)[changed[0]]


@pytest.mark.parametrize("name", STRUCTURAL)
def test_what_is_said_is_still_said(changing: Changing, name: str) -> None:
    pages = changing.changed(name)
    true, registration = changing.true[XJTU.profile], changing.true[LZU.profile].registration.values()
    conditions = [word for row in true.conditions for word in (row.name, row.status)]
    for page, values in (
        ("conditions", conditions),
        ("chsi_archive", true.record.values()),
        ("personal", true.personal.values()),
        ("registry_check", registration),
    ):
        words = shown(pages[page])
        assert [value for value in values if plain(value) not in words] == []


@pytest.mark.parametrize("name", MUTATIONS)
def test_scripts_find_what_they_ask_for(changing: Changing, name: str) -> None:
    for page in ("shell", "upload", "personal", "lzu_login", "lzu_portal", "registry_check"):
        lost = lost_ids(changing.changed(name)[page])
        assert len(lost) <= len(lost_ids(changing.originals[page])), (page, lost)


@pytest.mark.parametrize(
    "other", ["as_lists", "as_cards", "as_columns", "wrap", "unwrap", "controls_as_divs"]
)
def test_what_is_hidden_stays_hidden(changing: Changing, other: str) -> None:
    for html in changing.originals.values():
        changed = BeautifulSoup(combine(["hidden_copies", other], 3)("", "", html), "html.parser")
        false = [text for text in changed.find_all(string=True) if text.strip() == FALSE_WORDS]
        assert all(text.find_parent(style=HIDING) for text in false)
        styles = [str(tag["style"]) for tag in changed.select("[style*='display:none']")]
        assert [style for style in styles if not style.rpartition("display:")[2].startswith("none")] == []


@pytest.mark.parametrize("frame", ["in_frame", "in_nested_frame"])
@pytest.mark.parametrize("inside", [[], ["shadow"]])
def test_a_form_in_a_frame_sends_the_charset_it_sent(
    changing: Changing, frame: str, inside: list[str]
) -> None:
    changed = combine([*inside, frame], 3)("", "", changing.originals["registry_check"])
    forms = [form for soup in frames(changed) for form in soup.find_all("form")]
    assert [form.get("accept-charset") for form in forms] == [["GBK"]]


def test_an_unknown_mutation_is_an_error() -> None:
    with pytest.raises(ValueError, match="no_such"):
        combine(["wrap", "no_such"])


def test_pages_without_a_body_are_left_alone() -> None:
    snippet = "<script>location.href='/login';</script>"
    assert combine(MUTATIONS)("chaoxing", "/", snippet) == snippet


def test_the_order_of_names_does_not_matter(changing: Changing) -> None:
    html = changing.originals["upload"]
    assert combine(["rename", "wrap"])("", "", html) == combine(["wrap", "rename"])("", "", html)


# -- the job on them -------------------------------------------------------------------------------------------------------


def check(judgement: Judgement, names: tuple[str, ...]) -> None:
    """Right; or a safe stop where the page no longer says enough, or where several changes came together."""
    right = (Outcome.RIGHT, Outcome.DEGRADED)
    safe = (*right, Outcome.STOPPED, Outcome.INCOMPLETE)
    may_stop = len(names) > 1 or any(MUTATIONS[name].may_stop for name in names)
    assert judgement.outcome in (safe if may_stop else right), judgement.why


@pytest.mark.parametrize(("page", "name"), SINGLES, ids=["-".join(single) for single in SINGLES])
def test_the_job_on_a_changed_page(
    browser: Browser, changing: Changing, tmp_path: Path, page: str, name: str
) -> None:
    assert applies([name], changing.originals[page])
    judgement = changing.run(browser, Case((name,), page, 1), tmp_path / "case", ON_A_SLOW_MACHINE)
    check(judgement, (name,))


@pytest.mark.exhaustive
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", MUTATIONS)
def test_the_job_on_every_changed_page(
    browser: Browser, changing: Changing, tmp_path: Path, page: str, name: str
) -> None:
    if not applies([name], changing.originals[page]):
        pytest.skip("changes nothing on this page")
    check(changing.run(browser, Case((name,), page, 1), tmp_path / "case"), (name,))


@pytest.mark.exhaustive
@pytest.mark.parametrize("number", range(COMBINATIONS))
def test_the_job_under_three_changes_at_once(
    browser: Browser, changing: Changing, tmp_path: Path, number: int
) -> None:
    [case] = combinations(changing.originals, 1, number)
    check(changing.run(browser, case, tmp_path / "case"), case.mutations)
