"""Registry of the sites: for each its id, its names and its page object; the words of its pages are a field of ``Sites``.

Page objects are imported when a site is opened, so that a list of the sites costs no browser.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from agent import sites
from agent.sites import SiteName

if TYPE_CHECKING:
    from flows.profiles.schema import Profile
    from flows.profiles.site_words import ChaoxingSite, ChsiSite, LzuSite, Site
    from flows.sites.chaoxing.platform import Chaoxing
    from flows.sites.chsi.archive import Chsi
    from flows.sites.login import Login
    from flows.sites.lzu.portal import Lzu

Words = TypeVar("Words", bound="Site")
Page = TypeVar("Page")


@dataclass(frozen=True)
class SiteEntry(Generic[Words, Page]):
    """A site: its names, and what makes its page object once somebody is signed in."""

    name: SiteName
    page: Callable[[Login, Words, Profile], Page]

    @property
    def id(self) -> str:
        """The site's id."""
        return self.name.id

    @property
    def title(self) -> str:
        """The site's Chinese name."""
        return self.name.title

    def words(self, profile: Profile) -> Words | None:
        """Return the words of its pages; None where the notice does not speak of it."""
        found: Words | None = getattr(profile.sites, self.id)
        return found


def _chsi(login: Login, words: ChsiSite, profile: Profile) -> Chsi:
    from flows.sites.chsi.archive import Chsi

    return Chsi(login.browser, words, login, profile.school, profile.level)


def _chaoxing(login: Login, words: ChaoxingSite, profile: Profile) -> Chaoxing:
    from flows.sites.chaoxing.platform import Chaoxing

    return Chaoxing(login.browser, words, login, profile, home=login.browser.page.url)


def _lzu(login: Login, words: LzuSite, profile: Profile) -> Lzu:
    from flows.sites.lzu.portal import Lzu

    return Lzu(login.browser, words, login)


CHSI = SiteEntry(SiteName("chsi", "学信网"), _chsi)
CHAOXING = SiteEntry(SiteName("chaoxing", "成教学生服务平台", short="平台"), _chaoxing)
LZU = SiteEntry(SiteName("lzu", "兰州大学", shown_as="注册系统"), _lzu)
SITES: tuple[SiteEntry[Any, Any], ...] = (CHSI, CHAOXING, LZU)
sites.register(*(site.name for site in SITES))
