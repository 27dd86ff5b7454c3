"""The kinds of pages that a run visits, as the mock sites send them, and what stands on them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from unittest.mock import patch

import httpx
from bs4 import BeautifulSoup

from agent.engine.engine import Mode
from fixtures.people import portraits
from fixtures.people.everybody import BY_ID
from fixtures.people.registration import right
from fixtures.people.students import STUDENTS, Student
from fixtures.server import Addresses, MockSites
from fixtures.sites.conditions import BATCH, SCOPE, Condition, conditions
from fixtures.sites.sign_in import Mutate
from fixtures.world import STORED_QUALITY, STORED_SIZE, World, chsi_photo
from flows.profiles.schema import load as load_profile
from tests.harness.program import INSIDE_THE_WINDOW

Request = tuple[str, str, str]
"""Site, method, path with query."""
SERVED_FOR = {"school": "chaoxing", "registry": "lzu"}
"""Servers that belong to another's site."""


@dataclass(frozen=True)
class Task:
    """A notice, who does what it asks, and on which day."""

    profile: str
    student: Student
    today: date


XJTU = Task("xjtu-2024-07", STUDENTS[0], INSIDE_THE_WINDOW)
LZU = Task("lzu-2024", BY_ID["l02"], date(2024, 4, 2))
"""Of this student two fields of 基本信息 are wrong, so that 核对备注 has to be written."""
TASKS = (XJTU, LZU)


@dataclass(frozen=True)
class PageKind:
    """One kind of page, where it is served, and the smallest part of the job that visits it."""

    task: Task
    server: str
    paths: tuple[str, ...]
    duty: str
    mode: Mode = Mode.CHECK

    @property
    def site(self) -> str:
        """Whose page it is, by the profile's name."""
        return SERVED_FOR.get(self.server, self.server)


PAGES: dict[str, PageKind] = {
    "chsi_login": PageKind(XJTU, "chsi", ("/passport/login",), "chsi_check"),
    "chsi_landing": PageKind(XJTU, "chsi", ("/archive/index.jsp",), "chsi_check"),
    "chsi_archive": PageKind(XJTU, "chsi", ("/archive/gdjy/xj/show.action",), "chsi_check"),
    "login": PageKind(XJTU, "chaoxing", ("/login",), "conditions"),
    "shell": PageKind(XJTU, "chaoxing", ("/space/index", "/space/home"), "conditions"),
    "hall": PageKind(XJTU, "school", ("/studyApp/hall",), "conditions"),
    "conditions": PageKind(XJTU, "school", ("/studyApp/graduation/conditions",), "conditions"),
    "upload": PageKind(XJTU, "school", ("/studyApp/graduation/photo",), "photo", Mode.RUN),
    "personal": PageKind(XJTU, "school", ("/studyApp/profile",), "conditions"),
    "lzu_login": PageKind(LZU, "lzu", ("/sso/login",), "registration_check"),
    "lzu_portal": PageKind(LZU, "lzu", ("/mylzu/home",), "registration_check"),
    "lzu_service": PageKind(LZU, "lzu", ("/mylzu/service-iframe",), "registration_check"),
    "registry_menu": PageKind(LZU, "registry", ("/xsgl/menu.do",), "registration_check"),
    "registry_notice": PageKind(LZU, "registry", ("/xsgl/grxxhd/notice.do",), "registration_check"),
    "registry_check": PageKind(
        LZU,
        "registry",
        ("/xsgl/grxxhd/check.do", "/xsgl/grxxhd/submit.do"),
        "registration_check",
        Mode.RUN,
    ),
}
"""The welcome page of 注册系统 is not among them: nothing is read or pressed there."""


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
    """Return each kind of page as it is sent to its task's student, got by plain HTTP."""
    with _client() as client:
        html = _of_chsi(client, sites.addresses, XJTU.student) | _of_chaoxing(client, sites.addresses)
    with _client() as client:
        html |= _of_lzu(client, sites.addresses)
    sites.world.reset()
    return {name: html[name] for name in PAGES}


def _client() -> httpx.Client:
    return httpx.Client(follow_redirects=True, timeout=30)


def hidden_fields(html: str) -> dict[str, str]:
    """Return what a form sends along that nobody types."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="(.*?)"', html))


def _of_chsi(client: httpx.Client, at: Addresses, student: Student) -> dict[str, str]:
    form = client.get(f"{at.chsi}/")
    given = student.credentials["chsi"]
    typed = {"username": given.username, "password": given.password, **hidden_fields(form.text)}
    return {
        "chsi_login": form.text,
        "chsi_landing": client.post(str(form.url), data=typed).text,
        "chsi_archive": client.get(at.chsi_archive).text,
    }


def _of_chaoxing(client: httpx.Client, at: Addresses) -> dict[str, str]:
    given = XJTU.student.credentials["chaoxing"]
    typed = {"userName": given.username, "passWord": given.password}
    html = {
        "login": client.get(at.chaoxing_login).text,
        "shell": client.post(at.chaoxing_login, data=typed).text,
        "hall": client.get(f"{at.chaoxing}/goto?to=/studyApp/hall").text,
    }
    return html | {
        name: client.get(at.school + PAGES[name].paths[0]).text
        for name in ("conditions", "upload", "personal")
    }


def _of_lzu(client: httpx.Client, at: Addresses) -> dict[str, str]:
    given = LZU.student.credentials["lzu"]
    form = client.get(at.lzu_portal)
    typed = {"username": given.username, "password": given.password, **hidden_fields(form.text)}
    html = {"lzu_login": form.text, "lzu_portal": client.post(str(form.url), data=typed).text}
    client.get(f"{at.registry}/")
    return html | {
        name: client.get(getattr(at, PAGES[name].server) + PAGES[name].paths[0]).text
        for name in ("lzu_service", "registry_menu", "registry_notice", "registry_check")
    }


@dataclass(frozen=True)
class Truth:
    """What a person reads on the unchanged pages of one task, by the profile's names; empty is what it has no page of.

    ``registration_labels`` are the fields of 基本信息 by their labels; ``remark`` is what 核对备注 has to say, each difference for
    itself.
    """

    record: Mapping[str, str]
    photo: bytes
    personal: Mapping[str, str] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    batch: str = ""
    scope: str = ""
    stored: bytes = b""
    enrollment: bytes = b""
    registration: Mapping[str, str] = field(default_factory=dict)
    registration_labels: Mapping[str, str] = field(default_factory=dict)
    remark: frozenset[str] = frozenset()


Truths = Mapping[str, Truth]
"""By profile."""


def truths(sites: MockSites, pages: Mapping[str, str]) -> Truths:
    """Return what stands on the pages, read from the mock sites' own markup and data."""
    return {XJTU.profile: _truth_of_xjtu(sites, pages), LZU.profile: _truth_of_lzu(sites, pages)}


def _truth_of_xjtu(sites: MockSites, pages: Mapping[str, str]) -> Truth:
    profile, student = load_profile(XJTU.profile), XJTU.student
    assert profile.sites.chaoxing is not None
    photo = chsi_photo(student)
    enrollment = portraits.portrait(student.face, kind=portraits.Kind.ENROLLMENT)
    return Truth(
        record=_named(_cells(pages["chsi_archive"]), profile.sites.chsi.labels),
        photo=photo,
        personal=_named(_inputs(pages["personal"]), profile.sites.chaoxing.labels),
        conditions=tuple(conditions(sites.world, student)),
        batch=BATCH,
        scope=SCOPE,
        stored=portraits.resized(photo, *STORED_SIZE, STORED_QUALITY),
        enrollment=portraits.resized(enrollment, *STORED_SIZE, STORED_QUALITY),
    )


def _truth_of_lzu(sites: MockSites, pages: Mapping[str, str]) -> Truth:
    profile, student = load_profile(LZU.profile), LZU.student
    assert profile.sites.lzu is not None
    with _client() as client:
        archive = _of_chsi(client, sites.addresses, student)["chsi_archive"]
    sites.world.reset()
    correct, shown = right(student), _cells(pages["registry_check"])
    return Truth(
        record=_named(_cells(archive), profile.sites.chsi.labels),
        photo=chsi_photo(student),
        registration=_named(shown, profile.sites.lzu.labels),
        registration_labels=shown,
        remark=frozenset(f"{name}：原：{wrong} 改：{correct[name]}" for name, wrong in student.misregistered),
    )


def _cells(html: str) -> dict[str, str]:
    """The page's first table."""
    table = BeautifulSoup(html, "html.parser").select("table")[0]
    texts = [cell.get_text(strip=True) for cell in table.select("th, td")]
    return {label.rstrip("："): value for label, value in zip(texts[::2], texts[1::2], strict=True)}


def _inputs(html: str) -> dict[str, str]:
    rows = BeautifulSoup(html, "html.parser").select(".field:has(> input[readonly])")
    return {
        row.select("label")[0].get_text(strip=True).rstrip("："): str(row.select("input")[0]["value"])
        for row in rows
    }


def _named(shown: Mapping[str, str], labels: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {name: shown[word] for name, words in labels.items() for word in words if word in shown}
