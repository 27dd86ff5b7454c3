"""Reuse of saved logins: signing in with one, and at the end keeping it or signing out.

A kept sign-in is used only where this run asks for it, for a person who does it for themselves, and where it is known before
whose it must be: by the user name given, or by a case that is already this person's. What the site then shows must be them.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Error

from agent.case.case import Case
from agent.errors import GradsyncError, NotTheirCase
from agent.privacy.saved_logins import SavedLogin, SavedLogins
from agent.settings import Settings
from agent.snapshot.tree import key
from flows.sites.login import Login

NOT_KEPT = (
    "登录没有保留，已经退出：这台电脑没有可用的密钥环，也没有设置口令（GRADSYNC_SESSION_PASSPHRASE），"
    "或者用户数据文件夹不能写入。"
)


@dataclass
class LoginReuse:
    """Reuse of the logins of one run.

    Args:
        settings: Whether and for how long they are kept, and the user names.
        case: The case, which may already be somebody's.
        store: Where they are kept; None where they are not.
    """

    settings: Settings
    case: Case
    store: SavedLogins | None
    _used: dict[str, SavedLogin] = field(default_factory=dict)
    _number: str | None = None

    @staticmethod
    def of(settings: Settings, case: Case) -> LoginReuse:
        """Return how a run keeps sign-ins: not at all unless asked for, and never in a run for somebody else."""
        asked = settings.keep_session and case.gate is None
        phrase = settings.session_passphrase
        store = SavedLogins(phrase.get_secret_value() if phrase else None) if asked else None
        return LoginReuse(settings, case, store)

    def state(self, site: str) -> dict[str, Any] | None:
        """Return the browser's state of a kept sign-in that may be used for a site, or None."""
        if self.store is None:
            return None
        login = self._login(site)
        found = self.store.find(site, login, datetime.now().astimezone())
        if found is None or not (login or self.case.is_of(found.number)):
            return None
        self._used[site] = found
        return found.state

    def probed(self, site: str, asked_anew: bool) -> str:
        """Note whether the site took the kept sign-in; return a Chinese sentence for the person, or nothing."""
        if site not in self._used:
            return ""
        if asked_anew:
            self._forget(site)
            return "上次保留的登录已经失效，已重新登录。"
        self.case.audit.append("session.used", site=site)
        return "用的是上次保留的登录。"

    def is_person(self, number: str) -> None:
        """See that every kept sign-in that is used is of the person whom the sites show.

        Raises:
            NotTheirCase: One is another person's; it is deleted.
        """
        self._number = key(number)
        others = [site for site, saved in self._used.items() if key(saved.number) != self._number]
        for site in others:
            self._forget(site)
        if others:
            raise NotTheirCase("保留的登录是另一个人的，已经删除。", "请再办理一次，重新登录。")

    def leave(self, logins: Mapping[str, Login]) -> str:
        """At the end: keep the sign-ins where that was asked for, else sign out; return a sentence for the person."""
        kept = {site: self._keep(site, login) for site, login in logins.items()}
        # All are pressed before any is waited for: the sites answer side by side.
        pressed = {site: login for site, login in logins.items() if not kept[site] and login.press_sign_out()}
        for site, login in pressed.items():
            if login.is_signed_out():
                self.case.audit.append("session.ended", site=site)
        return NOT_KEPT if self.store is not None and self._number and not any(kept.values()) else ""

    def _keep(self, site: str, login: Login) -> bool:
        if self.store is None or self._number is None:
            return False
        until = datetime.now().astimezone() + timedelta(hours=self.settings.session_hours)
        with suppress(Error, GradsyncError):  # the window has gone, or the folder cannot be written to
            state: dict[str, Any] = dict(login.browser.context.storage_state())
            if self.store.keep(SavedLogin(site, self._login(site), self._number, state, until)):
                self.case.audit.append("session.kept", site=site)
                return True
        return False

    def _login(self, site: str) -> str:
        return self.settings.sites.of(site).username or ""

    def _forget(self, site: str) -> None:
        self._used.pop(site)
        if self.store is not None:
            self.store.forget(site, self._login(site))
