"""成批办理 on the console's page: what the store says, masked, live, never written, and not read when nobody looks."""

from __future__ import annotations

import asyncio
import base64
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from anyio.from_thread import start_blocking_portal
from httpx import Response
from playwright.sync_api import Browser, expect
from starlette.types import Message, Scope
from typer.testing import CliRunner

from agent.cli.app import app
from agent.cohort import status
from agent.cohort.desk import SOME_PROFILE, CohortStatus, CohortView, RosterDesk
from agent.cohort.desk import watched as watched_cohort
from agent.cohort.manager import looked_at
from agent.cohort.model import TaskState
from agent.cohort.store import SHOWN, Counts
from agent.consent import Action, Sensitive
from agent.console import cohort_pages as pages
from agent.console import views
from agent.console.cases.live_case import CaseState, Changes
from agent.errors import UsageError
from agent.privacy.redaction import mask_name
from agent.settings import CohortSettings
from fixtures.people.crowd import crowd
from tests.agent.cohort.crew import KEY
from tests.agent.console import cohorts
from tests.agent.console.house import NOTICE, PORT, TODAY, Visit, served, visiting
from tests.agent.console.people import Person
from tests.agent.console.test_pages import NARROW
from tests.agent.report import samples
from tests.structure.source import ROOT

STUDENTS = 12


@pytest.fixture
def work(tmp_path: Path) -> Iterator[cohorts.Cohort]:
    """A cohort in the middle of its work."""
    with cohorts.cohort(tmp_path / "cohort", STUDENTS) as work:
        cohorts.in_the_middle(work)
        yield work


@pytest.fixture
def watched(work: cohorts.Cohort) -> CohortView:
    """The same, as the console sees it."""
    return watched_cohort(work.folder, CohortSettings(key_file=work.key_file))


def _page(watched: CohortView | None, folder: Path) -> str:
    with visiting(folder / "cases", watched) as visit:
        visit.enter()
        answer = visit.client.get("/cohort")
        assert answer.status_code == (200 if watched else 404)
        return str(answer.text)


# -- what the page shows -------------------------------------------------------------------------------------------------


def test_it_says_what_the_status_says(work: cohorts.Cohort, watched: CohortView, tmp_path: Path) -> None:
    page = _page(watched, tmp_path)
    assert "共 12 名学生，已办完 5 名" in page
    assert "正在工作的进程 1 个" in page
    counts, held = looked_at(work.folder, CohortSettings(key_file=work.key_file)).standing()
    for state in TaskState:
        assert f"{status.WORDS[state].text}</dt><dd>{counts.states.get(state, 0)}<" in page
    assert "需要处理的学生：4 名" in page
    for row in held:
        assert row.code in page
        assert row.person.student_number in page
        assert status.why(row) in page
    assert "choose-enrollment" in page


def test_nothing_is_in_clear_that_the_status_masks(watched: CohortView, tmp_path: Path) -> None:
    page = _page(watched, tmp_path)
    assert mask_name(crowd(6)[5].name) in page
    for student in crowd(STUDENTS):
        assert student.name not in page
        assert student.id_number not in page
    assert cohorts.PHONE not in page
    for done in crowd(5):
        assert done.platform.student_number not in page


def test_attending_is_one_command_where_being_there_helps(work: cohorts.Cohort, watched: CohortView) -> None:
    by_hand, no_consent, asked, down = watched.standing().held
    command = f"gradsync cohort attend {work.ref(5)[:8]} --profile {NOTICE.id} --folder {work.folder}"
    assert by_hand.command == command
    assert asked.command.startswith("gradsync cohort attend")
    assert (no_consent.command, down.command) == ("", "")
    assert "--consents" in no_consent.remedy
    bare = work.store.row(work.ref(5)).result
    assert bare
    work.store.to_queue([TaskState.NEEDS_PERSON], [work.ref(5)])
    work.store.claim(work.ref(5), 2, "worker", cohorts.SILENT)
    work.store.finish(work.ref(5), "worker", bare.model_copy(update={"profile": ""}))
    assert SOME_PROFILE in watched.standing().held[0].command


def test_no_more_are_listed_than_fit(
    work: cohorts.Cohort, watched: CohortView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.cohort.desk.MOST_LINES", 3)
    page = _page(watched, tmp_path)
    assert "需要处理的学生：4 名" in page
    assert "还有 1 名没有列出" in page
    assert work.ref(8)[:SHOWN] not in page  # who is only tried again comes last


def test_a_queue_without_a_worker_is_said(work: cohorts.Cohort, watched: CohortView, tmp_path: Path) -> None:
    told = "但没有进程在工作"
    assert told not in _page(watched, tmp_path)
    work.store.leave("worker")
    assert told in _page(watched, tmp_path)


def test_a_store_that_cannot_be_read_is_said_on_the_page(
    work: cohorts.Cohort, watched: CohortView, tmp_path: Path
) -> None:
    work.store.close()
    work.folder.rename(tmp_path / "away")
    page = _page(watched, tmp_path)
    assert "现在读不出名单" in page
    assert "连不上名单的数据库" in page
    assert "需要处理的学生" not in page


def test_nothing_is_written(work: cohorts.Cohort, watched: CohortView, tmp_path: Path) -> None:
    work.store.close()
    file = work.folder / "cohort.sqlite"
    before = file.read_bytes()
    with visiting(tmp_path / "cases", watched) as visit:
        visit.enter()
        for path in ("/cohort", "/desk", "/cohort"):
            assert visit.client.get(path).status_code == 200
        assert visit.post("/cohort").status_code == 405
    assert file.read_bytes() == before


def test_without_a_cohort_there_is_no_page(tmp_path: Path) -> None:
    _page(None, tmp_path)
    with visiting(tmp_path) as visit:
        visit.enter()
        assert visit.client.get("/cohort/events").status_code == 404
        assert "成批办理" not in visit.client.get("/desk").text


# -- a roster of the desk's own ------------------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """A console whose desk has a roster of three, taken in on the page."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    roster = RosterDesk(tmp_path / "desk", CohortSettings(), lambda: TODAY)
    with visiting(tmp_path / "cases", roster=lambda: roster, rehearsal=()) as visit:
        visit.enter()
        assert "导入名单" in visit.client.get("/cohort").text
        rows = [f"{each.name},{each.id_number},{cohorts.PHONE}" for each in crowd(3)]
        page = visit.post("/cohort/roster", roster=_file("姓名,证件号码,手机", *rows))
        assert "名单上有 3 名学生：新增 3 名" in page.text
        yield visit


def _file(*lines: str) -> str:
    return base64.b64encode("\n".join(lines).encode("gb18030")).decode()


def _ref(visit: Visit, place: int) -> str:
    assert visit.cases.desk
    return visit.cases.desk.waiting()[place].ref


def _consent(visit: Visit, ref: str, number: str) -> Response:
    ticks = {f"tick.{tick}": "yes" for tick in (Action.READ_CHSI, Sensitive.ID_NUMBER)}
    given = {
        "profile": NOTICE.id,
        "roster": ref,
        "helper": "李老师",
        "contact": "029-00000000",
        "read": "yes",
    }
    days = {"valid_days": "1", "keep_days": "7", "name": crowd(1)[0].name, "id_number": number}
    return visit.post("/consent", **given, **days, **ticks)


def test_a_roster_with_a_mistake_is_told_whole_and_not_taken_in(desk: Visit) -> None:
    page = desk.post("/cohort/roster", roster=_file("姓名,证件号码", "王岚,123", "李知远,456"))
    assert page.status_code == 422
    assert page.text.count("证件号码：") == 2
    assert "共 3 名学生" in page.text
    assert desk.post("/cohort/roster", roster=_file("没有表头")).status_code == 422


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("2024届毕业生.xlsx", "2024届毕业生.xlsx"),
        ("C:\\fakepath\\班级.csv", "班级.csv"),
        ("../../etc/passwd", "passwd"),
        ("", "名单.csv"),
        ("..", "名单.csv"),
        ("a\0b.csv", "名单.csv"),
        ("长" * 200, "名单.csv"),
    ],
)
def test_a_roster_is_called_by_its_own_name(desk: Visit, name: str, told: str) -> None:
    page = desk.post("/cohort/roster", roster=_file("没有表头"), **{"roster-name": name})
    assert re.search(f"名单 {re.escape(told)} .*没有表头", page.text)


OTHER = replace(NOTICE, id="a-first", title="字母在前的通知")


def test_the_notice_is_the_one_that_was_used_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With several on offer none is chosen for the person; a choice stays, and a new console goes on with the last case's."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    roster = RosterDesk(tmp_path / "desk", CohortSettings(), lambda: TODAY)
    roster.take_in(
        "\n".join(["姓名,证件号码", *(f"{each.name},{each.id_number}" for each in crowd(2))]).encode()
    )
    more: dict[str, Any] = {"roster": lambda: roster, "rehearsal": (), "notices": [OTHER, NOTICE]}
    with visiting(tmp_path / "cases", **more) as visit:
        visit.enter()
        page = visit.client.get("/cohort").text
        assert '<option value="">请选择通知' in page
        assert "请先在上面选择通知" in page
        assert 'href="/consent' not in page
        visit.client.get("/cohort", params={"profile": OTHER.id})
        assert f'value="{OTHER.id}" selected' in visit.client.get("/cohort").text
        case = visit.of(_consent(visit, _ref(visit, 0), crowd(1)[0].id_number))
        visit.wait_for(case, CaseState.ASKING)
        assert case.asked
        visit.post(f"/cases/{case.name}/answer", number=str(case.asked.number), value="yes")
        visit.wait(lambda: not case.is_running)
    with visiting(tmp_path / "cases", **more) as visit:
        visit.enter()
        page = visit.client.get("/cohort").text
        assert f'value="{NOTICE.id}" selected' in page
        assert "请选择通知" not in page


def test_who_is_attended_is_the_student_of_the_line_and_counted(desk: Visit) -> None:
    """The page of the consent has the name; a number that is not the line's begins nothing."""
    ref = _ref(desk, 0)
    link = f"/consent?{urlencode({'profile': NOTICE.id, 'roster': ref})}"
    assert escape(link) in desk.client.get("/cohort").text
    assert crowd(1)[0].name in desk.client.get(link).text
    other = _consent(desk, ref, crowd(2)[1].id_number)
    assert "不一致" in other.text
    assert list(desk.cases) == []
    case = desk.of(_consent(desk, ref, crowd(1)[0].id_number))
    desk.wait_for(case, CaseState.ASKING)
    assert "正在办</dt><dd>1<" in desk.client.get("/cohort").text
    assert case.asked
    desk.post(f"/cases/{case.name}/answer", number=str(case.asked.number), value="yes")
    desk.wait(lambda: not case.is_running)
    page = desk.client.get(f"/cases/{case.name}").text
    assert f'href="/cohort?profile={NOTICE.id}">办理下一位' in page
    assert "正在办</dt><dd>0<" in desk.client.get("/cohort").text


def test_who_withdraws_is_off_the_roster(desk: Visit) -> None:
    case = desk.of(_consent(desk, _ref(desk, 0), crowd(1)[0].id_number))
    desk.wait_for(case, CaseState.ASKING)
    desk.post(f"/cases/{case.name}/withdraw")
    desk.wait(lambda: not case.is_running)
    assert "共 2 名学生" in desk.client.get("/cohort").text


def test_whom_to_call_is_listed_with_numbers_and_by_condition(desk: Visit) -> None:
    assert desk.cases.desk
    ref = _ref(desk, 1)
    desk.cases.desk.begin(ref)
    report = samples.done().model_copy(update={"exit_status": 10})
    desk.cases.desk.end(ref, NOTICE.id, report)
    page = desk.client.get("/cohort/calls").text
    assert crowd(2)[1].name in page
    assert f"tel:{cohorts.PHONE}" in page
    assert crowd(1)[0].name not in page
    assert report.conditions
    for stands, count in (("unmet", 1), ("met", 0)):
        name = next(row.name for row in report.conditions.items if row.status == stands)
        found = desk.client.get("/cohort/calls", params={"unmet": name}).text
        assert f"{count} 名学生没有达到“{name}”" in found
    table = desk.client.get("/cohort/calls.csv").content.decode("utf-8-sig")
    assert crowd(2)[1].name in table


def test_what_was_asked_is_answered_on_the_page(
    work: cohorts.Cohort, watched: CohortView, tmp_path: Path
) -> None:
    settings = CohortSettings(key_file=work.key_file)
    roster = RosterDesk(work.folder, settings, lambda: TODAY)
    with visiting(tmp_path / "cases", watched, roster=lambda: roster) as visit:
        visit.enter()
        page = visit.client.get("/cohort").text
        assert "学生的回答：选择学籍" in page
        assert "gradsync" not in re.sub(r"<title>.*?</title>", "", page, flags=re.DOTALL)
        ref = work.ref(7)
        visit.post("/cohort/answer", ref=ref, ask="choose-enrollment", value="甲校")
        assert work.store.row(ref).person.answers == {"choose-enrollment": "甲校"}
        assert visit.post("/cohort/answer", ref=ref, ask="captcha.chsi", value="1").status_code == 409


# -- live ----------------------------------------------------------------------------------------------------------------


class Counted(CohortView):
    """A cohort of which it is known who read it, and how often."""

    def __init__(self) -> None:
        self.place, self.done = "folder", 0
        self.threads: list[threading.Thread] = []

    def standing(self) -> CohortStatus:
        """Another one is done each time."""
        self.threads.append(threading.current_thread())
        self.done += 1
        return CohortStatus(Counts({TaskState.DONE: self.done}, {}, 0), ())


def test_what_changed_is_sent_and_read_in_a_thread() -> None:
    counted = Counted()
    loop: list[threading.Thread] = []

    async def look() -> list[str]:
        told = views.events(lambda: views.cohort_parts(counted), Changes(), 0.001)
        loop.append(threading.current_thread())
        return [await anext(told) for _ in range(3)]

    with start_blocking_portal() as portal:
        first, second, third = portal.call(look)
    assert '"part": "numbers"' in first
    assert '"part": "held"' in second
    assert '"part": "numbers"' in third  # the other one stands as it was
    assert loop[0] not in counted.threads


def test_nothing_is_sent_while_nothing_changes() -> None:
    read: list[int] = []

    async def look() -> list[str]:
        changes, loop = Changes(), asyncio.get_running_loop()

        def parts() -> dict[str, str]:
            read.append(1)
            if len(read) > 5:
                loop.call_soon_threadsafe(changes.close)
            return {"numbers": "same"}

        return [event async for event in views.events(parts, changes, 0.001)]

    with start_blocking_portal() as portal:
        assert len(portal.call(look)) == 1
    assert len(read) > 5


def _scope(cookie: str) -> Scope:
    headers = [(b"host", f"127.0.0.1:{PORT}".encode()), (b"cookie", cookie.encode())]
    return {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
        "path": "/cohort/events", "raw_path": b"/cohort/events", "root_path": "", "scheme": "http",
        "query_string": b"", "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", PORT),
    }  # fmt: skip


def test_nobody_reads_once_the_page_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the server tells it: the connection is closed while the stream is open."""
    monkeypatch.setattr(pages, "LOOK_SECONDS", 0.001)
    counted = Counted()
    with visiting(tmp_path, counted) as visit:
        cookie = visit.enter().headers["set-cookie"].partition(";")[0]

        async def look() -> tuple[int, bytes]:
            gone, body = asyncio.Event(), bytearray()

            async def receive() -> Message:
                await gone.wait()
                return {"type": "http.disconnect"}

            async def send(message: Message) -> None:
                body.extend(message.get("body", b""))
                if len(counted.threads) > 3:
                    gone.set()

            await visit.console.guard(_scope(cookie), receive, send)
            return len(counted.threads), bytes(body)

        assert visit.client.portal
        read, body = visit.client.portal.call(look)
        assert body.count(b"event: part") >= 3
        visit.client.get("/desk")  # the loop goes round
        assert len(counted.threads) <= read + 1


def test_the_page_is_live(
    browser: Browser,
    work: cohorts.Cohort,
    watched: CohortView,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a worker does is seen without a reload, on a phone's width, with nothing that axe-core finds wrong."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with served(tmp_path / "cases", watched) as address:
        me = Person(browser.new_page(viewport=NARROW))
        me.opens(address)
        link = me.page.get_by_role("link", name="成批办理")
        link.focus()
        me.page.keyboard.press("Enter")
        expect(me.page.get_by_text("共 12 名学生，已办完 5 名")).to_be_visible()
        work.end(10)
        expect(me.page.get_by_text("共 12 名学生，已办完 6 名")).to_be_visible()
        work.end(11, cohorts.NO_CONSENT)
        expect(me.page.get_by_role("heading", name="需要处理的学生：5 名")).to_be_visible()
        expect(me.page.get_by_text(work.ref(11)[:SHOWN])).to_be_visible()
        expect(me.page.get_by_text("需要处理的学生：5 名")).to_have_count(
            2
        )  # the other one is what is read aloud
        me.looks()
        assert me.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
        me.presses("关闭程序")
        expect(me.page.get_by_role("heading", name="程序已关闭")).to_be_visible()
        me.page.close()
    assert me.wrong == {}


SLOW_FILES = """const read = FileReader.prototype.readAsDataURL;
FileReader.prototype.readAsDataURL = function (file) { setTimeout(() => read.call(this, file), 500); };"""


def test_a_roster_that_is_still_being_read_is_sent_once_it_was(
    tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large file, or a slow disk: 导入 is pressed before the page's script has its bytes."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    roster = RosterDesk(tmp_path / "desk", CohortSettings(), lambda: TODAY)
    file = tmp_path / "名单.csv"
    file.write_text(
        "\n".join(["姓名,证件号码", *(f"{each.name},{each.id_number}" for each in crowd(2))]), "utf-8"
    )
    with served(tmp_path / "cases", roster=lambda: roster, rehearsal=()) as address:
        me = Person(browser.new_page())
        me.page.add_init_script(SLOW_FILES)
        me.opens(address)
        me.page.get_by_role("link", name="成批办理").click()
        me.page.get_by_label("导入名单").set_input_files(file)
        me.presses("导入")
        expect(me.page.get_by_text("名单上有 2 名学生：新增 2 名")).to_be_visible()
        me.presses("关闭程序")
        expect(me.page.get_by_role("heading", name="程序已关闭")).to_be_visible()
        me.page.close()


def test_the_roster_is_for_everybody(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before there is one, with mistakes, taken in, and whom to call: on a phone's width, with nothing that axe-core finds."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    roster = RosterDesk(tmp_path / "desk", CohortSettings(), lambda: TODAY)
    good, wrong = (tmp_path / f"{name}.csv" for name in ("good", "wrong"))
    rows = [f"{each.name},{each.id_number},{cohorts.PHONE}" for each in crowd(3)]
    good.write_text("\n".join(["姓名,证件号码,手机", *rows]), "gb18030")
    wrong.write_text("姓名,证件号码\n王岚,123", "utf-8")
    with served(tmp_path / "cases", roster=lambda: roster, rehearsal=()) as address:
        me = Person(browser.new_page(viewport=NARROW))
        me.opens(address)
        me.page.get_by_role("link", name="成批办理").click()
        for file, told in ((wrong, "什么都没有导入"), (good, "新增 3 名")):
            _narrow(me)
            me.page.get_by_label("导入名单").set_input_files(file)
            me.presses("导入")
            expect(me.page.get_by_text(told)).to_be_visible()
        _narrow(me)
        ref = roster.waiting()[0].ref
        roster.begin(ref)
        roster.end(ref, NOTICE.id, samples.done().model_copy(update={"exit_status": 10}))
        expect(me.page.get_by_role("heading", name="需要处理的学生：1 名")).to_be_visible()
        _narrow(me)
        me.page.get_by_role("link", name="今天要联系的学生").click()
        expect(me.page.get_by_text(crowd(1)[0].name, exact=True)).to_be_visible()
        _narrow(me)
        me.page.get_by_role("link", name="学生来了，开始办理").click()
        expect(me.page.get_by_label("姓名", exact=True)).to_have_value(crowd(1)[0].name)
        me.presses("关闭程序")
        expect(me.page.get_by_role("heading", name="程序已关闭")).to_be_visible()
        me.page.close()
    assert me.wrong == {}


def _narrow(me: Person) -> None:
    me.looks()
    assert me.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


# -- the command ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--cohort", "missing"), "没有成批办理的名单"),
        (("--cohort", "missing", "--demo"), "不能一起用"),
    ],
)
def test_what_cannot_be_watched_is_said_before_anything_is_served(
    args: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = CliRunner().invoke(app, ["console", "--no-open", *args])
    assert isinstance(refused.exception, UsageError)
    assert said in refused.exception.message
    assert refused.exception.remedy
    assert list(tmp_path.iterdir()) == []


def test_another_key_is_said_before_anything_is_served(work: cohorts.Cohort) -> None:
    work.key_file.write_text("A" * 43 + "=")
    assert bytes(32) != KEY
    with pytest.raises(UsageError, match="密钥不对"):
        watched_cohort(work.folder, CohortSettings(key_file=work.key_file))


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.cli.optional.find_spec", lambda name: None)
    refused = CliRunner().invoke(app, ["console", "--no-open", "--cohort", "folder"])
    assert isinstance(refused.exception, UsageError)
    assert ".[cohort]" in refused.exception.remedy


def test_without_a_cohort_none_of_its_parts_are_loaded() -> None:
    """The console starts as fast as before."""
    code = (
        "import sys; from agent.console import server; server.serve = lambda *_: None;"
        "from flows.main import AppServices; from agent.cli.app import app; from typer.main import get_command;"
        "get_command(app)(['console', '--no-open'], obj=AppServices(), standalone_mode=False); print(*sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    loaded = {name.partition(".")[0] for name in ran.stdout.split()}
    assert "starlette" in loaded
    assert not loaded & {"sqlalchemy", "dbos", "psycopg", "playwright"}
    assert "agent.cohort" not in ran.stdout
