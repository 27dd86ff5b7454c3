"""Planted secrets come to light nowhere, whatever happens; what is left is its owner's alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.asks import YES, Scripted
from fixtures.drawing.captcha import ANSWERS
from fixtures.people.students import STUDENTS
from fixtures.scenarios import SCENARIOS
from fixtures.server import MockSites
from fixtures.sites.sign_in import CODE
from fixtures.world import SITES
from tests.harness.program import CONSENTING, Silent, run_job, site_settings
from tests.journeys.runs.test_whole_job import PERSON
from tests.robustness.faults.filled import FORM, THERE, private_values
from tests.robustness.faults.secrets import leaks, secrets_of

TYPIST = Scripted(
    {f"captcha.{site}": code for site, code in ANSWERS.items()}
    | {f"code.{site}": CODE for site in SITES}
    | {f"send-code.{site}": YES for site in SITES},
    by="person",
)
EVERY = ("captcha_chsi+captcha_chaoxing", *SCENARIOS)


@pytest.mark.exhaustive  # test_trouble looks for them after most of these with a part of the job
@pytest.mark.parametrize("scenario", EVERY)
def test_no_secret_is_left_anywhere(
    browser: Browser, sites: MockSites, tmp_path: Path, scenario: str
) -> None:
    """The whole job with its form, whoever answers; what was said on the way is looked through as well."""
    sites.world.set_scenario(scenario)
    sites.world.record(STUDENTS[0]).groups.update(THERE)
    said, case = Silent(), tmp_path / "case"
    answerers = [CONSENTING, PERSON, TYPIST]
    report = run_job(
        browser, site_settings(sites), case, patience=5, answerers=answerers, form=FORM, progress=said
    )
    assert report.exit_status != 1, report.trouble
    secrets = secrets_of(sites.world) | {name: value.encode() for name, value in private_values().items()}
    assert list(leaks(case, secrets, "\n".join(said.said))) == []


def test_what_looks_for_secrets_finds_them(sites: MockSites, tmp_path: Path) -> None:
    secrets = secrets_of(sites.world)
    (tmp_path / "photo").mkdir(mode=0o700)
    tmp_path.chmod(0o700)
    for number, value in enumerate(secrets.values()):
        path = tmp_path / f"{number}.bin"
        path.write_bytes(b"..." + value + b"...")
        path.chmod(0o600)
    assert len(list(leaks(tmp_path, secrets))) >= len(secrets)
    for path in tmp_path.glob("*.bin"):
        path.unlink()
    open_to_all = tmp_path / "photo" / f"{STUDENTS[0].id_number}.jpg"
    open_to_all.write_bytes(hashlib.sha256().digest())
    open_to_all.chmod(0o644)
    assert list(leaks(tmp_path, secrets)) == [f"mode 644 of {open_to_all.name}"]
