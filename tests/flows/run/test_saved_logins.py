"""When a kept sign-in is used: asked for, for oneself, and known before whose it must be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.case import case
from agent.case.case import Case
from agent.errors import NotTheirCase
from agent.privacy.redaction import Redactor
from agent.privacy.saved_logins import SavedLogin, SavedLogins
from agent.settings import load
from flows.run.saved_logins import LoginReuse

MINE, ANOTHERS = "610000199603164229", "610000198811223344"
STATE: dict[str, Any] = {"cookies": [], "origins": []}
LOGIN = "13800000000"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Case]:
    """A case that is nobody's yet."""
    with case.opened(tmp_path / "case", Redactor()) as mine:
        yield mine


@pytest.fixture
def store(tmp_path: Path) -> SavedLogins:
    """Kept sign-ins of a user name, and of somebody who signed in by hand."""
    kept = SavedLogins("口令", tmp_path / "sessions")
    for login in (LOGIN, ""):
        until = datetime.now().astimezone() + timedelta(hours=1)
        assert kept.keep(SavedLogin("chsi", login, MINE, STATE, until))
    return kept


def _keeping(opened: Case, store: SavedLogins, login: str | None = LOGIN) -> LoginReuse:
    return LoginReuse(load({"sites": {"chsi": {"username": login}}}), opened, store)


def test_not_asked_for_nothing_is_kept_and_nothing_used(opened: Case) -> None:
    login_reuse = LoginReuse.of(load({}), opened)
    assert login_reuse.store is None
    assert login_reuse.state("chsi") is None


def test_in_a_run_for_somebody_else_nothing_is_kept(opened: Case) -> None:
    asking = load({"keep_session": True, "session_passphrase": "口令"})
    assert LoginReuse.of(asking, opened).store is not None
    opened.gate = object()  # type: ignore[assignment]
    assert LoginReuse.of(asking, opened).store is None


def test_the_user_name_says_whose_it_must_be(opened: Case, store: SavedLogins) -> None:
    assert _keeping(opened, store).state("chsi") == STATE
    assert _keeping(opened, store, "13900000000").state("chsi") is None


def test_without_a_user_name_only_the_persons_own_case_does(opened: Case, store: SavedLogins) -> None:
    assert _keeping(opened, store, None).state("chsi") is None
    opened.belongs_to(MINE)
    assert _keeping(opened, store, None).state("chsi") == STATE


def test_in_another_persons_case_it_is_not_used(opened: Case, store: SavedLogins) -> None:
    opened.belongs_to(ANOTHERS)
    assert _keeping(opened, store, None).state("chsi") is None


def test_what_the_site_shows_must_be_them(opened: Case, store: SavedLogins) -> None:
    login_reuse = _keeping(opened, store)
    login_reuse.state("chsi")
    login_reuse.is_person(MINE)
    with pytest.raises(NotTheirCase):
        login_reuse.is_person(ANOTHERS)
    assert store.find("chsi", LOGIN, datetime.now().astimezone()) is None


def test_one_that_the_site_did_not_take_is_deleted(opened: Case, store: SavedLogins) -> None:
    login_reuse = _keeping(opened, store)
    login_reuse.state("chsi")
    assert "已经失效" in login_reuse.probed("chsi", asked_anew=True)
    assert store.find("chsi", LOGIN, datetime.now().astimezone()) is None
    assert login_reuse.probed("chsi", asked_anew=False) == ""


def test_where_there_was_no_key_it_is_said(opened: Case, tmp_path: Path) -> None:
    login_reuse = _keeping(opened, SavedLogins("口令", tmp_path / "none"))
    assert login_reuse.leave({}) == ""
    login_reuse.is_person(MINE)
    assert "没有保留" in login_reuse.leave({})
