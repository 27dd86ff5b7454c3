"""The main job, end to end, against the mock sites."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from agent.case.audit_check import examine
from fixtures.people.students import STUDENTS
from fixtures.server import MockSites
from tests.harness.program import run_job, run_on_platform, site_settings
from tests.harness.truth import untruths


def test_first_run_uploads_once_and_second_run_nothing(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    first = run_job(browser, site_settings(sites), tmp_path / "first")
    assert (first.exit_status, first.outcome) == (0, "done"), first.headline
    assert untruths(first) == []
    effects = sites.world.state()["effects"]
    assert [effect["kind"] for effect in effects] == ["photo_upload"]
    assert sites.world.open_sessions() == 0  # signed out at the end
    photo = tmp_path / "first" / "photo" / f"{STUDENTS[0].id_number}.jpg"
    assert effects[0]["sha256"] == hashlib.sha256(photo.read_bytes()).hexdigest()
    assert effects[0]["file_name"] == photo.name
    _the_upload_is_seen_before_and_after(tmp_path / "first")
    second = run_on_platform(browser, sites, tmp_path / "second", only=["photo"])
    assert second.exit_status == 0
    assert sites.world.state()["effects"] == effects
    assert {duty.id: duty.status for duty in second.duties}["photo"] == "already_done"


def _the_upload_is_seen_before_and_after(case: Path) -> None:
    """The evidence, by its names without the running numbers, shows what was there and not who it was."""
    assert examine(case).level == "ok"
    pieces = {path.name[3:]: path for path in (case / "evidence").iterdir()}
    before, after = (
        pieces[f"{moment}-chaoxing.photo.upload.txt"].read_text() for moment in ("before", "after")
    )
    assert 'text "尚未上传"' in before
    assert 'text "尚未上传"' not in after
    assert [path.name for path in pieces.values() if path.stat().st_mode & 0o077] == []
    words = "\n".join(path.read_text("utf-8") for path in pieces.values() if path.suffix == ".txt")
    assert STUDENTS[0].name not in words
    assert STUDENTS[0].id_number not in words
    for moment in ("before", "after"):
        with Image.open(pieces[f"{moment}-chaoxing.photo.upload.jpg"]) as picture:
            assert picture.size == (1280, 900)
