"""学信网 in all the ways in which it may show one student's record: the facts are the same, and nothing is ever pressed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from playwright.sync_api import Browser

from agent.asks import AskRouter, Scripted
from agent.browser.launcher import address_pattern, site_context
from agent.browser.site_browser import SiteBrowser
from agent.errors import ActionNeeded, Interstitial, NobodyThere, PhotoNotYet, SiteUnavailable
from agent.reconcile.normalise import FieldKind, normalise
from fixtures.people.students import BY_ID, STUDENTS, Student
from fixtures.server import MockSites
from fixtures.sites.chsi_archive import rows_of
from fixtures.world import chsi_photo
from flows.profiles.schema import load
from flows.sites.chsi.archive import Chsi
from flows.sites.chsi.record import Record, shown_crops
from flows.sites.login import Login
from flows.sites.login_form import Credentials
from tests.harness.program import needs_font, needs_ocr

TODAY = date(2024, 6, 3)
ERAS = (
    "ordinary",
    "chsi_captions",
    "chsi_font",
    "chsi_canvas",
    "chsi_image",
    "chsi_mobile",
    "chsi_mobile+chsi_font",
)
EYE = {"chsi_font", "chsi_canvas", "chsi_image"}
BOUNDED = ("chsi_captions-s01", "chsi_mobile-s01", "chsi_mobile+chsi_font-s02")
PERSONAL = ("name", "sex", "id_number", "birth_date", "ethnicity")


def cases() -> Iterator[object]:
    """Every era for a few students, of which a part runs by default."""
    for student in ("s01", "s02", "s13"):
        for era in ERAS:
            marks = [] if f"{era}-{student}" in BOUNDED else [pytest.mark.exhaustive]
            marks += [needs_ocr, needs_font] if EYE & set(era.split("+")) else []
            yield pytest.param(era, student, id=f"{era}-{student}", marks=marks)


@contextmanager
def archive(
    browser: Browser, sites: MockSites, scenario: str, student: Student, answers: dict[str, str] | None = None
) -> Iterator[Chsi]:
    """The site, signed in, with the record not yet opened."""
    sites.world.set_scenario(scenario, student.student)
    profile = load("xjtu-2024-07")
    addresses = {"login_url": sites.addresses.chsi_login, "archive_url": sites.addresses.chsi_archive}
    data = profile.sites.chsi.model_copy(update=addresses)
    given = student.credentials["chsi"]
    with site_context(browser, ["127.0.0.1"]) as context:
        view = SiteBrowser(
            context, context.new_page(), "chsi", 30, data.notices, allowed=address_pattern(["127.0.0.1"])
        )
        asks = AskRouter([Scripted(answers or {})])
        login = Login(view, data, "学信网", asks, Credentials(given.username, given.password))
        login.sign_in()
        yield Chsi(view, data, login, profile.school)


def read(site: Chsi) -> Record:
    """Open the record and read it."""
    site.open_record()
    return site.read_record(TODAY)


def facts(values: dict[str, str]) -> dict[str, str | None]:
    """Values in the form in which they are compared."""
    kinds = {
        "id_number": FieldKind.NUMBER,
        "name": FieldKind.NAME,
        "sex": FieldKind.SEX,
        "duration": FieldKind.DURATION,
    }
    return {name: normalise(kinds.get(name, FieldKind.TEXT), value) for name, value in values.items()}


def truth(student: Student) -> dict[str, str | None]:
    """What every era shows of the student, by the profile's names."""
    labels = load("xjtu-2024-07").sites.chsi.labels
    names = {label: name for name, words in labels.items() for label in words}
    return facts({names[label]: value for label, value in rows_of(student, student.chsi[0])})


@pytest.mark.parametrize(("era", "student"), list(cases()))
def test_every_era_gives_the_same_facts_and_the_original_photo(
    browser: Browser, sites: MockSites, era: str, student: str
) -> None:
    person = BY_ID[student]
    with archive(browser, sites, era, person) as site:
        assert facts(read(site).values) == truth(person)
        assert site.save_photo().data == chsi_photo(person)
    assert sites.world.state()["effects"] == []


TRICKLES = """addEventListener("DOMContentLoaded", () => {
  const style = document.head.appendChild(document.createElement("style"));
  let shown = 3;
  const next = () => {
    style.textContent = `tr:nth-child(n+${shown + 1}), li:nth-child(n+${shown + 1}) { display: none !important }`;
    if (document.querySelector("tr, li")) shown += 1;
    setTimeout(next, 300);
  };
  next();
});"""
"""Some rows are there, and the others come one by one."""


@pytest.mark.parametrize("era", ["ordinary", "chsi_mobile"])
def test_a_record_whose_rows_come_one_by_one_is_read_whole(
    browser: Browser, sites: MockSites, era: str
) -> None:
    with archive(browser, sites, era, STUDENTS[0]) as site:
        site.browser.context.add_init_script(TRICKLES)
        assert facts(read(site).values) == truth(STUDENTS[0])


@needs_font
def test_without_ocr_coded_values_are_unread_and_kept_as_pictures(browser: Browser, sites: MockSites) -> None:
    with archive(browser, sites, "chsi_mobile+chsi_font", STUDENTS[0]) as site:
        site.deciphering.recognizer = lambda: None
        found = read(site)
    assert (found.name, found.id_number) == (None, None)
    unread = {name for name, value in found.by_eye.items() if not value.is_read}
    assert unread == {name for name, value in found.values.items() if value}
    assert unread.issuperset((*PERSONAL, "school", "status"))
    crops = [ocr_text.crops for value in found.by_eye.values() for ocr_text in value.ocr_texts]
    assert all(crop.startswith(b"\x89PNG") for shown in crops for crop in shown)
    assert all(crops)


@needs_font
def test_without_ocr_a_record_that_is_one_picture_is_unread(browser: Browser, sites: MockSites) -> None:
    with archive(browser, sites, "chsi_image", STUDENTS[0]) as site:
        site.deciphering.recognizer = lambda: None
        found = read(site)
        assert site.save_photo().data == chsi_photo(STUDENTS[0])
    assert not any(value.is_read for value in found.by_eye.values())
    assert [shown_crops(name, value) for name, value in found.by_eye.items()] == [[] for _ in found.by_eye]


@pytest.mark.parametrize(
    ("scenario", "error", "said"),
    [
        ("questionnaire", Interstitial, "问卷"),
        ("real_person_check", Interstitial, "核验"),
        ("chsi_412", SiteUnavailable, "412"),
        ("no_enrollment", ActionNeeded, "没有找到学籍信息"),
        ("chsi_mobile+no_enrollment", ActionNeeded, "没有找到学籍信息"),
        ("two_alike", NobodyThere, "学信网上有几个学籍"),
        ("chsi_mobile+two_alike", NobodyThere, "学信网上有几个学籍"),
    ],
)
def test_what_only_the_person_can_settle_stops_it(
    browser: Browser, sites: MockSites, scenario: str, error: type[Exception], said: str
) -> None:
    with archive(browser, sites, scenario, STUDENTS[0]) as site, pytest.raises(error, match=said):
        read(site)
    assert sites.world.state()["effects"] == []


@pytest.mark.parametrize(("scenario", "answer"), [("two_alike", "专科-西安交通大学-土木工程")])
def test_of_two_that_fit_the_one_that_was_chosen_is_read(
    browser: Browser, sites: MockSites, scenario: str, answer: str
) -> None:
    with archive(browser, sites, scenario, STUDENTS[0], {"choose-enrollment": answer}) as site:
        assert read(site).values["level"] == "专科"


def test_a_photo_that_was_taken_and_is_not_there_yet_is_waited_for(
    browser: Browser, sites: MockSites
) -> None:
    with archive(browser, sites, "chsi_mobile+photo_code", STUDENTS[0]) as site:
        read(site)
        with pytest.raises(PhotoNotYet):
            site.save_photo()


STAND_INS = """<script>
const drawn = document.createElement("canvas");
[drawn.width, drawn.height] = [90, 120];
drawn.getContext("2d").fillRect(0, 0, 90, 60);
const shown = [...document.querySelectorAll("[data-later]")];
shown.forEach((image) => { image.src = drawn.toDataURL("image/jpeg"); });
fetch("/archive/pictures").finally(() => shown.forEach((image) => { image.src = image.dataset.later; }));
</script></body>"""


def _with_stand_ins(site: str, path: str, html: str) -> str:
    """The photo's address, which is good for one time, is asked for once."""
    if 'class="pic"' not in html:
        return html
    return re.sub(r'(class="pic"><img[^>]*?) src=', r"\1 data-later=", html).replace("</body>", STAND_INS)


def test_a_stand_in_is_not_taken_for_the_photo(browser: Browser) -> None:
    with MockSites(mutate=_with_stand_ins) as sites:
        sites.world.add_fault("chsi", "archive/pictures", "delay", nth=0, value=1.5)
        with archive(browser, sites, "ordinary", STUDENTS[0]) as site:
            site.open_record()
            assert site.save_photo().data == chsi_photo(STUDENTS[0])
