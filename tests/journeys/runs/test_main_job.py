"""The main job, end to end, against the mock sites."""

from __future__ import annotations

import hashlib
from pathlib import Path

from playwright.sync_api import Browser

from fixtures.people.students import STUDENTS
from fixtures.server import MockSites
from tests.harness.program import run_job, site_settings


def test_first_run_uploads_once_and_second_run_nothing(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    first = run_job(browser, site_settings(sites), tmp_path / "first")
    assert (first.exit_status, first.outcome) == (0, "done"), first.headline
    effects = sites.world.state()["effects"]
    assert [effect["kind"] for effect in effects] == ["photo_upload"]
    assert sites.world.open_sessions() == 0  # signed out at the end
    photo = tmp_path / "first" / "photo" / f"{STUDENTS[0].id_number}.jpg"
    assert effects[0]["sha256"] == hashlib.sha256(photo.read_bytes()).hexdigest()
    assert effects[0]["file_name"] == photo.name
    second = run_job(browser, site_settings(sites), tmp_path / "second")
    assert second.exit_status == 0
    assert sites.world.state()["effects"] == effects
    assert {duty.id: duty.status for duty in second.duties}["photo"] == "already_done"
