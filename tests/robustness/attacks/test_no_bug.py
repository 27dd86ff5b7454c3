"""What can happen to files, pages and the machine, and has an end of its own: never the exit status of a bug."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.browser.launcher import address_pattern, site_context
from agent.browser.locators import Target
from agent.browser.network.request_tracker import messages_in
from agent.browser.site_browser import SiteBrowser, window_closed
from agent.case import case
from agent.case.audit_check import examine
from agent.case.audit_log import FILE_NAME as LOG
from agent.case.audit_log import verify
from agent.case.journal import APPLICATION_ID, FILE_NAME, Journal, StepState
from agent.cli.boundary import stopped
from agent.engine import plan
from agent.engine.plan import Change, Plan
from agent.errors import (
    GradsyncError,
    JournalUnusable,
    SiteChanged,
    SiteUnavailable,
    UsageError,
    WindowClosed,
)
from agent.files.text_files import parse_json, parse_toml
from agent.privacy.redaction import Redactor
from fixtures.server import MockSites
from tests.harness.looking import shown
from tests.harness.program import run_job, site_settings
from tests.robustness.attacks.redirects.hosts import ALLOWED, ForeignHost, allowed_host

DEEP = 200_000
SECOND_PASSWORD = '<input type="password" name="again" placeholder="请再输入一次"></form>'
ODD_TABLES = "CREATE TABLE writes (key TEXT); CREATE TABLE facts (name TEXT)"
NEW_TABLES = (
    "CREATE TABLE writes (key TEXT PRIMARY KEY, step TEXT, state TEXT, before TEXT, seen TEXT, at TEXT);"
    "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT);"
    "INSERT INTO writes VALUES ('key', 'step', 'half', '', '', 'tomorrow')"
)


# -- files ----------------------------------------------------------------------------------------------------------------


def _journal(folder: Path, script: str) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME)) as database:
        database.executescript(f"PRAGMA application_id = {APPLICATION_ID}; {script}")


def _ended(work: Callable[[], object]) -> GradsyncError | None:
    def done() -> None:
        work()

    return stopped(done)


USES: list[Callable[[Journal], object]] = [
    lambda journal: journal.state("key"),
    lambda journal: journal.record("key", "step", StepState.SENT),
    lambda journal: journal.remember("salt", "x"),
    lambda journal: journal.digest(),
]


@pytest.mark.parametrize("use", range(len(USES)))
def test_an_odd_journal_is_an_end_of_its_own(tmp_path: Path, use: int) -> None:
    _journal(tmp_path, ODD_TABLES)
    with closing(Journal(tmp_path)) as journal:
        error = _ended(lambda: USES[use](journal))
    assert isinstance(error, JournalUnusable) or (error is None and use == 3)


def test_an_unknown_state_in_a_journal_is_an_end_of_its_own(tmp_path: Path) -> None:
    _journal(tmp_path, NEW_TABLES)
    with closing(Journal(tmp_path)) as journal, pytest.raises(JournalUnusable):
        journal.state("key")


def _plan_file(folder: Path, text: str) -> Path:
    path = folder / "plan.json"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("text", ["[" * DEEP, "{}", "[]", "null", "1", '{"profile": 1, "changes": [[]]}', ""])
def test_an_odd_plan_is_a_usage_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError):
        plan.load(_plan_file(tmp_path, text))


@pytest.mark.parametrize("value", [1, None, ["x"], {"a": 1}])
def test_a_plan_with_other_things_than_texts_is_a_usage_error(tmp_path: Path, value: object) -> None:
    odd = Plan("xjtu-2024-07", (Change("step", "photo", value, "", "", "", "key"),))  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        plan.load(_plan_file(tmp_path, json.dumps(odd.to_data())))


@pytest.mark.parametrize("text", ["[" * DEEP, '{"a":' * DEEP, "1" * DEEP], ids=["[", "{", "1"])
def test_deep_json_and_toml_are_usage_errors(text: str) -> None:
    with pytest.raises(UsageError):
        parse_json(text, "文件")
    with pytest.raises(UsageError):
        parse_toml(f"a = {text}", "文件")


def test_a_site_s_deep_answer_says_nothing() -> None:
    assert messages_in("[" * DEEP) == []


def test_a_deep_record_is_told_by_the_audit(tmp_path: Path) -> None:
    with case.opened(tmp_path, Redactor()) as opened:
        opened.audit.append("run")
    with (tmp_path / LOG).open("a") as log:
        log.write(f"{'[' * DEEP}\n")
    with pytest.raises(UsageError, match="第 2 行"):
        verify(tmp_path)
    assert examine(tmp_path).level == "fail"


@pytest.mark.parametrize(
    "line",
    [
        b"\0" * 100,
        b'{"n": 2}\0',
        b"\xff\xfe",
        b"[]",
        b"2",
        b"",
        b'{"n": 2}',
        b'{"event": 3, "hash": "0", "n": 2}',
        b'{"n": ' + b"9" * 5000 + b"}",
        b"x" * 5_000_000,
    ],
    ids=[
        "NUL",
        "NUL behind",
        "no UTF-8",
        "list",
        "number",
        "blank",
        "no event",
        "odd event",
        "digits",
        "long",
    ],
)
def test_an_odd_record_is_told_by_the_audit(tmp_path: Path, line: bytes) -> None:
    with case.opened(tmp_path, Redactor()) as opened:
        opened.audit.append("run")
    with (tmp_path / LOG).open("ab") as log:
        log.write(line + b"\n")
    with pytest.raises(UsageError, match="第 2 行"):
        verify(tmp_path)
    assert examine(tmp_path).level == "fail"


@pytest.mark.parametrize("name", ["x" * 300, "/".join(["x" * 200] * 30)], ids=["name", "path"])
@pytest.mark.parametrize("use", [plan.load, examine, lambda path: case.opened(path, Redactor()).__enter__()])
def test_a_path_that_is_too_long_is_a_usage_error(
    tmp_path: Path, name: str, use: Callable[[Path], object]
) -> None:
    error = _ended(lambda: use(tmp_path / name))
    assert isinstance(error, UsageError), error


# -- the machine ------------------------------------------------------------------------------------------------------------


START = """
import sys
from agent.browser.launcher import running
from agent.settings import Settings
with running(Settings(), True, lambda said: print(said)) as browser:
    print(browser.new_page().evaluate("1 + 1"))
"""


def test_a_temporary_folder_that_is_missing_keeps_no_browser_from_starting(
    tmp_path: Path, browser: Browser
) -> None:
    environ = {**os.environ, "TMPDIR": str(tmp_path / "missing")}
    ran = subprocess.run(
        [sys.executable, "-c", START], env=environ, capture_output=True, text=True, check=False
    )
    assert ran.stdout == "2\n", ran.stderr


# -- pages ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("site", ["chsi", "chaoxing"])
def test_two_password_fields_are_a_changed_site(browser: Browser, tmp_path: Path, site: str) -> None:
    def mutate(where: str, page: str, html: str) -> str:
        one = 'type="password"' in html and where == site
        return html.replace("</form>", SECOND_PASSWORD, 1) if one else html

    with MockSites(mutate=mutate) as sites:
        only = ["chsi_check"] if site == "chsi" else ["conditions"]
        report = run_job(browser, site_settings(sites), tmp_path / "case", patience=10, only=only)
    assert report.trouble is not None
    assert (report.exit_status, report.trouble.code) == (20, "site.changed"), report.trouble


@pytest.mark.parametrize(
    ("header", "value", "said"),
    [
        ("Content-Disposition", "attachment", "要下载的文件"),
        ("Content-Disposition", 'attachment; filename="../../../../evil.sh"', "要下载的文件"),
        ("Content-Disposition", "attachment; filename*=UTF-8''..%2f..%2fevil", "要下载的文件"),
        ("Content-Disposition", f"attachment; filename={'a' * 3000}", "要下载的文件"),
        ("Content-Type", "application/octet-stream", "要下载的文件"),
        ("Content-Encoding", "br", "没有|打不开|中断"),
        ("Location", "/", ""),
    ],
)
def test_an_address_that_gives_no_page_has_an_end_of_its_own(
    browser: Browser, header: str, value: str, said: str
) -> None:
    with allowed_host(ForeignHost(1)) as host, site_context(browser, [ALLOWED]) as context:
        host.headers["/"] = {header: value}
        host.pages["/"] = "页面"
        view = SiteBrowser(context, context.new_page(), "site", 3.0, allowed=address_pattern([ALLOWED]))
        error = _ended(lambda: view.goto(host.address()))
    assert isinstance(error, SiteUnavailable) if said else error is None, error
    assert re.search(said, error.message if error else "")


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_a_renderer_that_is_killed_ends_the_run(browser: Browser) -> None:
    before = _renderers(browser)
    with site_context(browser, ["127.0.0.1"]) as context:
        page = context.new_page()
        page.set_content("<p>页面</p>")
        view = SiteBrowser(context, page, "site", 3.0, allowed=address_pattern(["127.0.0.1"]))
        with page.expect_event("crash"):
            for pid in _renderers(browser) - before:
                os.kill(pid, signal.SIGKILL)
        error = _ended(lambda: _look(view))
    assert isinstance(error, WindowClosed | SiteUnavailable | SiteChanged), error


def _renderers(browser: Browser) -> set[int]:
    found = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    return {row["id"] for row in found if row["type"] == "renderer"}


def _look(browser: SiteBrowser) -> None:
    with window_closed():
        shown(browser, Target("进入", ("进入",), "button"))
