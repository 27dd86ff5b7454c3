"""Sessions at the sites of one run: a context of its own for each site, opened and signed in when first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from agent.asks import TAKE_OVER, AskRouter
from agent.browser.launcher import address_pattern, site_context
from agent.browser.site_browser import SiteBrowser
from agent.engine.steps import StepRunner
from agent.errors import GradsyncError, OriginBlocked, PageUnreadable, SessionLost, SiteChanged
from agent.privacy.redaction import Redactor
from agent.settings import Settings, SiteSettings
from agent.sites import SiteName
from flows.profiles.learned import LearnedWords
from flows.profiles.schema import Profile
from flows.profiles.site_words import Site
from flows.run.saved_logins import LoginReuse
from flows.sites.login import Login
from flows.sites.login_form import Credentials
from flows.sites.registry import CHSI, Page, SiteEntry, Words

T = TypeVar("T")
SIGN_IN = "sign_in"
SHORTEST_SESSION = 8
"""Cookies shorter than this are flags like ``1`` or ``zh``, no sessions; to redact them would garble the report."""


@dataclass
class SiteSessions:
    """The sites as far as this run has entered them.

    Args:
        browser: Ours, a test's or a remote one.
        settings: Addresses, credentials and patience.
        runner: Records the signing in.
        redactor: Learns passwords before they are used.
        login_reuse: Keeps the sign-ins where that was asked for, else signs out at the end.
        learned: Menu words that persons were seen to press.
    """

    browser: Browser
    settings: Settings
    profile: Profile
    asks: AskRouter
    runner: StepRunner
    redactor: Redactor
    login_reuse: LoginReuse
    learned: LearnedWords = field(default_factory=LearnedWords)
    browsers: dict[str, SiteBrowser] = field(default_factory=dict)
    _inside: dict[str, Login] = field(default_factory=dict)
    _open: ExitStack = field(default_factory=ExitStack)
    _failed: dict[str, GradsyncError] = field(default_factory=dict)
    _pages: dict[str, Any] = field(default_factory=dict)

    def __enter__(self) -> SiteSessions:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the sites; a foreign host that a proxy refused is said whatever else went wrong.

        Raises:
            OriginBlocked: There was one, and it has not been said.
        """
        with self._open:
            if said := self.login_reuse.leave(self._inside):
                self.runner.progress.say(said)
        if not isinstance(error, OriginBlocked):
            for browser in self.browsers.values():
                browser.network.stop_on_any_refusal()

    @property
    def fallbacks(self) -> list[str]:
        """What was read by fallback, over all sites."""
        return [said for browser in self.browsers.values() for said in browser.fallbacks]

    def sent_count(self, site: str) -> int | None:
        """How often anything was sent to a site so far; None before it was entered."""
        browser = self.browsers.get(site)
        return browser.network.sent_count if browser else None

    @property
    def place(self) -> str:
        """学信网's host as set: a person is looked after by one run at a time there."""
        return urlsplit(overridden(self._words(CHSI), self.settings.sites.of(CHSI.id)).login_url).netloc

    def open(self, site: SiteEntry[Words, Page], duty: str) -> Page:
        """Return a site's pages, signed in; ``duty`` is the duty that needed it first.

        Raises:
            LookupError: The notice does not speak of this site.
        """
        if site.id not in self._pages:
            words = overridden(self._words(site), self.settings.sites.of(site.id))
            login = self._login_to(site.name, words)
            self._sign_in(site.name, duty, login)
            self._pages[site.id] = site.page(login, words, self.profile)
        page: Page = self._pages[site.id]
        return page

    def _words(self, site: SiteEntry[Words, Page]) -> Words:
        words = site.words(self.profile)
        if words is None:
            raise LookupError(f"the profile has duties on {site.id} but no [sites.{site.id}]")
        return words

    def reading(self, login: Login, look: Callable[[], T]) -> T:
        """Read, again where the site was unavailable for a moment; signed out in the middle, sign in again once and go on.

        A person who signed in by hand is asked to do so again.

        Raises:
            SessionLost: It happened again, or there are no credentials to sign in with and nobody is there.
            SiteChanged: A page cannot be found or read.
            PageUnreadable: A page was come to and cannot be read, and somebody is at the window.
        """
        with self._handing_over(login.browser):
            try:
                return login.browser.with_retries(look)
            except SessionLost:
                by_hand = login.credentials is None
                if by_hand and not self.asks.expects(f"signed-in.{login.browser.site}"):
                    raise
            login.browser.open_page = ""
            with _unguarded(login):
                login.sign_in()
            login.browser.handovers += by_hand
            return login.browser.with_retries(look)

    @contextmanager
    def _handing_over(self, browser: SiteBrowser) -> Iterator[None]:
        """Leave a page that was come to and cannot be read to the person at the window; nobody there, it stays a changed site."""
        browser.open_page = ""
        try:
            yield
        except SiteChanged as error:
            if not browser.open_page:
                raise
            error.expected = tuple(error.target.split("／"))
            if not self.asks.expects(f"{TAKE_OVER}{browser.site}"):
                raise
            raise PageUnreadable(error.page, error.expected) from error

    def _login_to(self, name: SiteName, data: Site) -> Login:
        site = name.id
        if site in self._failed:
            raise self._failed[site]
        given = self.settings.sites.of(site)
        if given.username:
            self.login_reuse.case.locks.hold(
                urlsplit(data.login_url).netloc, given.username.strip().casefold()
            )
        browser = self._windows(name, data, [*data.hosts, *hosts_of(given)])
        self.browsers[site] = browser
        return Login(browser, data, name.title, self.asks, self._credentials(given), self.learned)

    def _windows(self, name: SiteName, data: Site, hosts: Sequence[str]) -> SiteBrowser:
        """Open a site's own windows, which reach no other hosts than these."""
        refused: list[str] = []
        failed: dict[str, str] = {}
        settings, state = self.settings, self.login_reuse.state(name.id)
        tell = self.runner.progress.say if settings.browser_endpoint else None
        label = f"【{settings.window.label} {name.title}】" if settings.window.label else ""
        follows, encrypted = not data.guards_its_pages, encrypted_hosts(data)
        opened = site_context(
            self.browser, hosts, state, refused, tell, label, failed, follows=follows, encrypted=encrypted
        )
        context = self._open.enter_context(opened)
        return SiteBrowser(
            context,
            context.new_page(),
            name.id,
            self.settings.slow_network_seconds,
            data.notices,
            data.busy,
            address_pattern(hosts),
            refused,
            failed,
            title=name.title,
        )

    def _credentials(self, given: SiteSettings) -> Credentials | None:
        if given.username is None or given.password is None:
            return None
        credentials = Credentials(given.username, given.password.get_secret_value())
        self.redactor.add_secret(credentials.password)
        return credentials

    def _sign_in(self, name: SiteName, duty: str, login: Login) -> None:
        site = name.id
        try:
            title = f"登录{name.title}"
            asked = self.runner.read(f"{site}.{SIGN_IN}", duty, title, login.sign_in)
        except GradsyncError as error:
            self._failed[site] = error
            raise
        for cookie in login.browser.context.cookies():
            value = str(cookie.get("value", ""))
            if len(value) >= SHORTEST_SESSION:
                self.redactor.add_secret(value)
        login.browser.guards.append(login.guard)
        self._inside[site] = login
        if said := self.login_reuse.probed(site, asked):
            self.runner.progress.say(f"{name.title}：{said}")


@contextmanager
def _unguarded(login: Login) -> Iterator[None]:
    """Let a sign-in form stand while we sign in again."""
    login.browser.guards.remove(login.guard)
    try:
        yield
    finally:
        login.browser.guards.append(login.guard)


def overridden(data: Words, given: SiteSettings) -> Words:
    """Return the profile's site with the addresses that the person has set."""
    addresses = {"login_url": given.login_url or given.portal_url, "archive_url": given.archive_url}
    return data.model_copy(update={name: url for name, url in addresses.items() if url})


def hosts_of(given: SiteSettings) -> tuple[str, ...]:
    """Return the hosts that the settings add: those of the addresses, and of ``ORIGINS``."""
    return tuple(_host(address) for address in (*given.addresses, *given.further_origins))


def encrypted_hosts(data: Site) -> frozenset[str]:
    """Return the hosts of a site of which every address is an ``https`` one."""
    parts = [urlsplit(address) for address in (data.login_url, data.archive_url) if address]
    hosts = {
        scheme: {one.hostname or "" for one in parts if one.scheme == scheme} for scheme in ("https", "http")
    }
    return frozenset(hosts["https"] - hosts["http"])


def _host(address: str) -> str:
    parts = urlsplit(address if "://" in address else f"//{address}")
    host = parts.hostname or ""
    return f"[{host}]" if ":" in host else host
