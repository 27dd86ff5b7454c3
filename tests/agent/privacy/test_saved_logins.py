"""Kept sign-ins: sealed, private, for hours, for one site and one login; without a key not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from agent.privacy.encryption import SERVICE
from agent.privacy.saved_logins import ACCOUNT, SavedLogin, SavedLogins, forget_saved_logins

NOW = datetime(2024, 6, 3, 10, tzinfo=timezone(timedelta(hours=8)))
COOKIE = "0123456789ABCDEF0123456789ABCDEF"
STATE = {"cookies": [{"name": "JSESSIONID", "value": COOKIE}], "origins": []}


class Ring(KeyringBackend):
    """A keyring in memory."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """Give back what was set."""
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        self.held[service, username] = password


class Locked(Ring):
    """A keyring that the person does not unlock."""

    def get_password(self, service: str, username: str) -> str | None:
        """Refuse."""
        raise KeyringError("locked")


@pytest.fixture
def ring() -> Iterator[Ring]:
    """A keyring of its own for the test."""
    before, mine = keyring.get_keyring(), Ring()
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


def _session(site: str = "chsi", login: str = "13800000000", hours: float = 12) -> SavedLogin:
    return SavedLogin(site, login, "610000199603164229", STATE, NOW + timedelta(hours=hours))


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.session"))


@pytest.mark.parametrize("passphrase", [None, "正确的马电池订书钉"])
def test_what_is_kept_is_found_again(tmp_path: Path, ring: Ring, passphrase: str | None) -> None:
    assert SavedLogins(passphrase, tmp_path).keep(_session())
    assert SavedLogins(passphrase, tmp_path).find("chsi", "13800000000", NOW) == _session()
    assert bool(ring.held) == (passphrase is None)


def test_nothing_of_it_can_be_read_by_others(tmp_path: Path, ring: Ring) -> None:
    folder = tmp_path / "sessions"
    SavedLogins(None, folder).keep(_session())
    (path,) = _files(folder)
    for secret in (COOKIE, "610000199603164229", "13800000000", "chsi"):
        assert secret.encode() not in path.read_bytes()
        assert secret not in path.name
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(ring.held[SERVICE, ACCOUNT]) < 100  # Windows takes no long ones


def test_it_is_for_one_site_and_one_login(tmp_path: Path, ring: Ring) -> None:
    store = SavedLogins(None, tmp_path)
    store.keep(_session())
    assert store.find("chaoxing", "13800000000", NOW) is None
    assert store.find("chsi", "13900000000", NOW) is None
    store.keep(_session("chaoxing"))
    chsi, chaoxing = (
        next(path for path in _files(tmp_path) if path == store._path(store._key or b"", site, "13800000000"))
        for site in ("chsi", "chaoxing")
    )
    chaoxing.write_bytes(chsi.read_bytes())  # one site's file in the other's place
    assert store.find("chaoxing", "13800000000", NOW) is None
    assert not chaoxing.exists()


def test_after_its_hours_it_is_deleted(tmp_path: Path, ring: Ring) -> None:
    store = SavedLogins(None, tmp_path)
    store.keep(_session(hours=1))
    assert store.find("chsi", "13800000000", NOW + timedelta(minutes=59)) is not None
    assert store.find("chsi", "13800000000", NOW + timedelta(hours=1)) is None
    assert _files(tmp_path) == []


def test_its_hours_cannot_be_made_longer(tmp_path: Path, ring: Ring) -> None:
    store = SavedLogins(None, tmp_path)
    store.keep(_session(hours=1))
    (path,) = _files(tmp_path)
    _, _, sealed = path.read_bytes().partition(b"\n")
    path.write_bytes((NOW + timedelta(hours=99)).isoformat().encode() + b"\n" + sealed)
    assert store.find("chsi", "13800000000", NOW + timedelta(hours=2)) is None


@pytest.mark.parametrize("spoil", [b"", b"no date\nx", b"2024-06-03T22:00:00+08:00\n" + bytes(64)])
def test_what_does_not_open_is_deleted(tmp_path: Path, ring: Ring, spoil: bytes) -> None:
    store = SavedLogins(None, tmp_path)
    store.keep(_session())
    (path,) = _files(tmp_path)
    path.write_bytes(spoil)
    assert store.find("chsi", "13800000000", NOW) is None
    assert _files(tmp_path) == []


def test_another_passphrase_finds_nothing(tmp_path: Path) -> None:
    SavedLogins("one", tmp_path).keep(_session())
    assert SavedLogins("two", tmp_path).find("chsi", "13800000000", NOW) is None


def test_without_a_key_nothing_is_kept(tmp_path: Path, ring: Ring) -> None:
    keyring.set_keyring(Locked())
    assert not SavedLogins(None, tmp_path).keep(_session())
    assert list(tmp_path.iterdir()) == []


def test_a_keyring_that_is_no_safe_place_is_not_used(
    tmp_path: Path, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ring, "priority", 0.5)
    assert not SavedLogins(None, tmp_path).keep(_session())


def test_forgetting_all_or_what_is_over(tmp_path: Path, ring: Ring) -> None:
    store = SavedLogins(None, tmp_path)
    store.keep(_session(hours=1))
    store.keep(_session("chaoxing", hours=3))
    assert forget_saved_logins(NOW + timedelta(hours=2), tmp_path) == 1
    assert store.find("chaoxing", "13800000000", NOW) is not None
    assert forget_saved_logins(None, tmp_path) == 1
    assert _files(tmp_path) == []
    assert forget_saved_logins(None, tmp_path / "missing") == 0
