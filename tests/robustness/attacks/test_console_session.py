"""A console's session among other programs of the same computer, and forms with numbers and texts that nobody would type."""

from __future__ import annotations

import base64
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from agent.cli.commands.console import OPENING
from tests.agent.console.conftest import console, environment
from tests.agent.console.house import NOTICE, PORT, Visit, visiting

HUGE = "9" * 5000
FOREIGN_COOKIES = [
    "bad[name]={mine}; ",
    'open="never closed; ',
    "x=\\; =; ;;; \x7f=1; ",
    f"gradsync-{PORT}=evil; ",
    f"gradsync-{PORT}=; gradsync-{PORT + 1}=other; ",
]


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    """A browser that has opened the address."""
    with visiting(tmp_path / "cases") as visit:
        visit.enter()
        yield visit


@pytest.mark.parametrize("foreign", FOREIGN_COOKIES)
def test_a_cookie_of_another_program_locks_nobody_out(visit: Visit, foreign: str) -> None:
    mine = "; ".join(f"{name}={value}" for name, value in visit.client.cookies.items())
    visit.client.cookies.clear()
    for given in (f"{foreign}{mine}", f"{mine}; {foreign}"):
        assert visit.client.get("/", headers={"cookie": given}).status_code == 200
    assert visit.client.get("/", headers={"cookie": foreign}).status_code == 403


@pytest.mark.parametrize("number", [HUGE, "-1", "٣" * 5000, "1e9", "", "\x00"])
def test_numbers_in_forms_are_answered(visit: Visit, number: str) -> None:
    given = {"profile": NOTICE.id, "who": "self", "student": "yes_no", "fill": "page"}
    visit.post("/cases", **given)
    (case,) = visit.cases
    answers = [
        visit.post(f"/cases/{case.name}/form", **{"rows.family": number}, do=f"delete.family.{number}"),
        visit.post(f"/cases/{case.name}/form/check", **{"rows.family": number}),
        visit.post(f"/cases/{case.name}/answer", number=number),
        visit.post("/consent", profile=NOTICE.id, student="yes_no", keep_days=number, days=number),
        visit.client.get(f"/cases/{case.name}/ask/{number or 1}/image".replace("\x00", "0")),
        visit.client.get(f"/cases/{case.name}/ask/1/pictures/{number or 1}".replace("\x00", "0")),
    ]
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []


@pytest.mark.parametrize("text", ["[" * 200_000, "a = " + "[" * 200_000, f"a = {HUGE}", "\x00"])
def test_deep_and_odd_files_in_forms_are_answered(visit: Visit, text: str) -> None:
    data = base64.b64encode(text.encode()).decode()
    answer = visit.post("/cases", profile=NOTICE.id, who="self", student="yes_no", form=data)
    assert answer.status_code < 500


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes")
def test_the_token_stands_in_no_program_s_arguments(
    tmp_path: Path,
    browser_type_launch_args: Mapping[str, Any],
    browser: Browser,
) -> None:
    opened = tmp_path / "opened"
    program = tmp_path / "browse"
    program.write_text(f'#!/bin/sh\necho "$1" > {opened}.part; mv {opened}.part {opened}\n')
    program.chmod(0o700)
    given = {**environment(tmp_path, browser_type_launch_args), "BROWSER": f"{program} %s"}
    with console(tmp_path, given, "--open", "--out", str(tmp_path / "cases")) as running:
        token = running.address.rpartition("=")[2]
        page = browser.new_page()
        while not opened.exists():
            page.wait_for_timeout(50)
        address = opened.read_text().strip()
        assert token not in address
        file = tmp_path / "cases" / OPENING
        assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
        page.goto(address)
        page.get_by_role("heading").first.wait_for()
        page.wait_for_url("http://127.0.0.1:*/")
        assert "token" not in page.url
        page.close()
