"""The kinds of pages that a run visits, as the mock sites send them, and what stands on them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

import httpx
from bs4 import BeautifulSoup

from agent.engine import Mode
from fixtures import portraits
from fixtures.conditions import BATCH, SCOPE, Condition, conditions
from fixtures.gate import Mutate
from fixtures.server import MockSites
from fixtures.students import STUDENTS
from fixtures.world import STORED_QUALITY, STORED_SIZE, World, chsi_photo
from flows.profile import load as load_profile

PROFILE = "xjtu-2024-07"
STUDENT = STUDENTS[0]
Request = tuple[str, str, str]
"""Site, method, path with query."""


@dataclass(frozen=True)
class PageKind:
    """One kind of page, and the smallest part of the job that visits it."""

    site: str
    paths: tuple[str, ...]
    duty: str
    mode: Mode = Mode.CHECK


PAGES: dict[str, PageKind] = {
    "chsi_login": PageKind("chsi", ("/passport/login",), "chsi_check"),
    "chsi_landing": PageKind("chsi", ("/archive/index.jsp",), "chsi_check"),
    "chsi_archive": PageKind("chsi", ("/archive/gdjy/xj/show.action",), "chsi_check"),
    "login": PageKind("chaoxing", ("/login",), "conditions"),
    "shell": PageKind("chaoxing", ("/space/index", "/space/home"), "conditions"),
    "hall": PageKind("chaoxing", ("/studyApp/hall",), "conditions"),
    "conditions": PageKind("chaoxing", ("/studyApp/graduation/conditions",), "conditions"),
    "upload": PageKind("chaoxing", ("/studyApp/graduation/photo",), "photo", Mode.RUN),
    "personal": PageKind("chaoxing", ("/studyApp/profile",), "conditions"),
}


@dataclass
class Filter:
    """The hook for ``MockSites``: changes one kind of page, and leaves all others as they are."""

    page: str = ""
    change: Mutate | None = None

    def __call__(self, site: str, path: str, html: str) -> str:
        kind = PAGES.get(self.page)
        if self.change is None or kind is None or site != kind.site or path not in kind.paths:
            return html
        return self.change(site, path, html)

    def set(self, page: str, change: Mutate | None) -> None:
        """Change this kind of page from now on."""
        self.page, self.change = page, change


@contextmanager
def requests_of(world: World) -> Iterator[list[Request]]:
    """Collect every request to the sites while inside, also those that no site knows."""
    seen: list[Request] = []
    arrive = world.arrive

    def noted(site: str, method: str, path: str) -> object:
        seen.append((site, method, path))
        return arrive(site, method, path)

    with patch.object(world, "arrive", noted):
        yield seen


def originals(sites: MockSites) -> dict[str, str]:
    """Return each kind of page as it is sent to the ordinary student, got by plain HTTP."""
    at, given = sites.addresses, STUDENT.credentials
    with httpx.Client(follow_redirects=True, timeout=30) as client:
        form = client.get(f"{at.chsi}/")
        html = {"chsi_login": form.text, "login": client.get(at.chaoxing_login).text}
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="(.*?)"', form.text))
        chsi = {"username": given["chsi"].username, "password": given["chsi"].password}
        html["chsi_landing"] = client.post(str(form.url), data={**chsi, **hidden}).text
        html["chsi_archive"] = client.get(at.chsi_archive).text
        platform = {"userName": given["chaoxing"].username, "passWord": given["chaoxing"].password}
        html["shell"] = client.post(at.chaoxing_login, data=platform).text
        html["hall"] = client.get(f"{at.chaoxing}/goto?to=/studyApp/hall").text
        for name in ("conditions", "upload", "personal"):
            html[name] = client.get(at.school + PAGES[name].paths[0]).text
    sites.world.reset()
    return {name: html[name] for name in PAGES}


@dataclass(frozen=True)
class Truth:
    """What a person reads on the unchanged pages: fields by the profile's names, conditions, pictures."""

    record: Mapping[str, str]
    personal: Mapping[str, str]
    conditions: tuple[Condition, ...]
    batch: str
    scope: str
    photo: bytes
    stored: bytes
    enrollment: bytes


def truth(sites: MockSites, pages: Mapping[str, str]) -> Truth:
    """Return what stands on the pages, read from the mock sites' own markup and data."""
    profile = load_profile(PROFILE)
    assert profile.sites.chaoxing is not None
    photo = chsi_photo(STUDENT)
    enrollment = portraits.portrait(STUDENT.face, kind=portraits.Kind.ENROLLMENT)
    return Truth(
        record=_named(_cells(pages["chsi_archive"]), profile.sites.chsi.labels),
        personal=_named(_inputs(pages["personal"]), profile.sites.chaoxing.labels),
        conditions=tuple(conditions(sites.world, STUDENT)),
        batch=BATCH,
        scope=SCOPE,
        photo=photo,
        stored=portraits.resized(photo, *STORED_SIZE, STORED_QUALITY),
        enrollment=portraits.resized(enrollment, *STORED_SIZE, STORED_QUALITY),
    )


def _cells(html: str) -> dict[str, str]:
    table = BeautifulSoup(html, "html.parser").select("table th, table td")
    texts = [cell.get_text(strip=True) for cell in table]
    return {label.rstrip("："): value for label, value in zip(texts[::2], texts[1::2], strict=True)}


def _inputs(html: str) -> dict[str, str]:
    rows = BeautifulSoup(html, "html.parser").select(".field:has(> input[readonly])")
    return {
        row.select("label")[0].get_text(strip=True).rstrip("："): str(row.select("input")[0]["value"])
        for row in rows
    }


def _named(shown: Mapping[str, str], labels: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {name: shown[word] for name, words in labels.items() for word in words if word in shown}
