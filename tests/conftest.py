"""Shared fixtures: the browser that the program itself would find, the mock sites, and a quiet environment."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from hypothesis import HealthCheck, settings
from keyring.backends.fail import Keyring as NoKeyring
from playwright.sync_api import Playwright

import flows.sites.registry  # noqa: F401  registers the sites, as the program does
from agent.browser.launcher import flags, launch, running
from agent.settings import PREFIX, Settings
from fixtures.people.students import Student
from fixtures.server import MockSites
from fixtures.world import Site, World
from tests.harness.bounded import left_out

ROOT = Path(__file__).parent.parent
BROWSER = {
    "playwright",
    "browser",
    "context",
    "page",
    "new_context",
    "sites",
    "gradsync",
    "visit",
    "ended",
    "desk",
    "_libraries",
}
"""Fixtures of tests that start a browser, the mock sites or the whole program."""
BY_NAME = ("exhaustive", "bench", "packaging")
"""Markers of tests that run only where one of these is named."""
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A machine that does other things too is no reason to fail."""
settings.register_profile("bounded", PATIENT, max_examples=40)
settings.register_profile("exhaustive", PATIENT, max_examples=1000)
settings.load_profile("bounded")  # --hypothesis-profile=exhaustive for more


def pytest_configure(config: pytest.Config) -> None:
    """Leave out what runs by name, whatever else is chosen: ``-m "not browser"`` is a part of the suite."""
    chosen = config.option.markexpr
    if not any(marker in chosen for marker in BY_NAME):
        others = " and ".join(f"not {marker}" for marker in BY_NAME)
        config.option.markexpr = f"({chosen}) and {others}" if chosen else others


def pytest_sessionstart(session: pytest.Session) -> None:
    """Install a browser where there is none: once, before the workers of pytest-xdist start.

    Programs that tests start and interrupt must not ignore that because these tests run in the background of a shell.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(session.config, "workerinput"):
        with running(Settings(), headless=True, tell=print):
            pass


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while tests are collected, nor among them later: they all stay, and looking is a third of the work."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser, and put what the suite leaves out behind its marker, before pytest deselects by markers."""
    named = ((item.path.relative_to(ROOT).as_posix(), item.name) for item in items)
    for item, is_left_out in zip(items, left_out(named), strict=True):
        if BROWSER & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
        if is_left_out:
            item.add_marker(pytest.mark.exhaustive)


@pytest.fixture(autouse=True)
def _no_settings_of_mine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own GRADSYNC_ variables out of the tests; only the browser's place may be given."""
    for name in list(os.environ):
        if name.startswith(PREFIX) and name != "GRADSYNC_BROWSER_PATH":
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _no_data_of_mine(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what tests write for the user out of the developer's own data folder and keyring."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.getbasetemp() / "data"))


@pytest.fixture(autouse=True)
def _nothing_forbidden_is_pressed(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Fail whatever test makes the program press what only the person may press; one proves that this is noticed."""
    pressed: list[str] = []
    note = World.note

    def noted(world: World, site: Site, kind: str, student: Student, **how: Any) -> None:
        pressed.extend([kind] if kind.startswith("forbidden:") else [])
        note(world, site, kind, student, **how)

    monkeypatch.setattr(World, "note", noted)
    yield
    assert bool(pressed) == bool(request.node.get_closest_marker("presses_forbidden")), pressed


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], playwright: Playwright
) -> dict[str, Any]:
    """Launch what the program would launch."""
    started = launch(playwright, Settings(), True)
    assert started is not None, "no browser was found and none could be installed"
    browser, candidate = started
    browser.close()
    chosen = {"executable_path": candidate.executable, "channel": candidate.channel, "args": flags()}
    return {**browser_type_launch_args, **chosen}


@pytest.fixture(scope="session")
def _sites() -> Iterator[MockSites]:
    with MockSites() as running:
        yield running


@pytest.fixture
def sites(_sites: MockSites) -> MockSites:
    """The mock sites, as if just started."""
    _sites.world.reset()
    return _sites
