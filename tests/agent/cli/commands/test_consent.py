"""``gradsync consent`` and ``gradsync forget``: written with the student, shown, withdrawn, and what that deletes."""

from __future__ import annotations

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from agent.case import case
from agent.consent import Action, Gate, Receipt, Register, Sensitive, load
from agent.consent.gate import local_now
from agent.consent.registry import to_bytes
from agent.privacy.redaction import Redactor
from fixtures.people.students import STUDENTS
from fixtures.server import MockSites
from flows.run.consents import needed
from tests.agent.cli.conftest import PROFILE, TODAY, Gradsync, Ran
from tests.harness.cases import NUMBER, finished_case
from tests.harness.consents import WEEK, receipt

WHO = ("--helper", "李老师（教学点）", "--contact", "029-00000000")
PERSON = {"name": "王岚", "id_number": NUMBER}
SIGNED = {"consent.student": PERSON, "consent.sign": "本人已阅读并自愿同意"}
ALL = {f"consent.{tick}": True for tick in (*Action, *Sensitive)}


def _answering(plain: Gradsync, answers: dict[str, object]) -> Gradsync:
    (plain.folder.parent / "answers.json").write_text(json.dumps(answers), "utf-8")
    return Gradsync(
        plain.folder, {**plain.environ, "GRADSYNC_ANSWERS": str(plain.folder.parent / "answers.json")}
    )


def _new(plain: Gradsync, answers: dict[str, object], *more: str) -> Ran:
    return _answering(plain, answers)("consent", "new", *WHO, "--out", "consent", *more)


def _consented(plain: Gradsync, folder: Path, given: Receipt) -> Path:
    """Leave a case made with a consent, known to the register that the command has."""
    register = Register(Path(plain.environ["XDG_DATA_HOME"]) / "gradsync" / "consents")
    with case.opened(folder, Redactor()) as opened:
        opened.bind(Gate(given, needed, register))
    return finished_case(folder)


# -- new -----------------------------------------------------------------------------------------------------------------


def test_a_consent_is_written_with_the_student(plain: Gradsync) -> None:
    ran = _new(plain, {**SIGNED, **ALL})
    assert ran.status == 0, ran.err
    assert ran.out == "consent/consent.json\nconsent/consent.html\n"
    assert f"--consent {plain.folder / 'consent/consent.json'}" in ran.err
    written = load(plain.folder / "consent")
    assert written.ticks == {*Action, *Sensitive}
    assert written.valid_until - written.given_at == WEEK
    assert NUMBER not in ran.out + ran.err
    files = [path.read_text("utf-8") for path in (plain.folder / "consent").iterdir()]
    assert [text for text in files if NUMBER in text or "王岚" in text] == []
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (plain.folder / "consent").iterdir()}
    assert modes == {0o600}


def test_only_what_was_agreed_to_is_ticked(plain: Gradsync) -> None:
    answers = {**SIGNED, **dict.fromkeys(ALL, False), "consent.read_chsi": True, "consent.id_number": True}
    ran = _new(plain, answers, "--json", "--valid-days", "1", "--keep-days", "3")
    assert ran.status == 0, ran.err
    written = load(plain.folder / "consent")
    assert written.ticks == {Action.READ_CHSI, Sensitive.ID_NUMBER}
    assert ran.json == written.to_data()
    assert written.delete_after - written.given_at == timedelta(days=3)


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ({}, 10),
        ({"consent.student": PERSON}, 10),
        ({**SIGNED, **dict.fromkeys(ALL, False)}, 10),
        ({**SIGNED, **ALL, "consent.sign": "同意"}, 10),
        ({**SIGNED, **ALL, "consent.student": {**PERSON, "id_number": NUMBER[:-1] + "8"}}, 2),
        ({**SIGNED, **ALL, "consent.student": {"name": "王岚"}}, 2),
        ({**SIGNED, **ALL, "consent.student": {**PERSON, "name": " "}}, 2),
    ],
    ids=["nobody there", "no answers", "all refused", "not signed", "wrong number", "no number", "no name"],
)
def test_without_the_students_own_answers_nothing_is_written(
    answers: dict[str, object], status: int, plain: Gradsync
) -> None:
    ran = _new(plain, answers)
    assert (ran.status, ran.out) == (status, ""), ran.err
    assert list(plain.folder.iterdir()) == []


@pytest.mark.parametrize("person", [{"name": ""}, {"id_number": NUMBER[:-1] + "8"}, {"id_number": ""}])
def test_who_cannot_be_is_told_before_anything_else_is_asked(person: dict[str, str], plain: Gradsync) -> None:
    ran = _new(plain, {"consent.student": {**PERSON, **person}})
    assert ran.status == 2, ran.err


@pytest.mark.parametrize(
    "who",
    [
        ("--helper", "", "--contact", "029"),
        ("--helper", "李", "--contact", " "),
        ("--helper", "李\x1b", "--contact", "1"),
    ],
)
def test_a_consent_names_who_helps(who: tuple[str, ...], plain: Gradsync) -> None:
    ran = _answering(plain, {**SIGNED, **ALL})("consent", "new", *who, "--out", "consent")
    assert ran.status == 2, ran.err
    assert "办理人员" in ran.err
    assert list(plain.folder.iterdir()) == []


def test_a_consent_is_not_written_over_another(plain: Gradsync) -> None:
    (plain.folder / "consent").mkdir()
    assert _new(plain, {**SIGNED, **ALL}).status == 2
    assert list((plain.folder / "consent").iterdir()) == []


# -- show and withdraw -----------------------------------------------------------------------------------------------------


@pytest.fixture
def file(plain: Gradsync) -> Path:
    """A consent that was given an hour ago."""
    path = plain.folder / "consent.json"
    path.write_bytes(to_bytes(receipt(now=local_now() - timedelta(hours=1))))
    return path


def test_a_valid_consent_is_shown(plain: Gradsync, file: Path) -> None:
    ran = plain("consent", "show", "consent.json")
    assert (ran.status, ran.err) == (0, "现在有效。\n")
    assert ran.out.startswith(
        "学生：王*（证件号码 **************4229）\n办理人员：李老师（教学点）（029-00000000）\n"
    )
    assert ran.out.count("√ 同意　") == len(Action) + len(Sensitive)
    assert plain("consent", "show", "consent.json", "--json").json == json.loads(file.read_text("utf-8"))


def test_a_withdrawn_consent_says_so_and_opens_nothing(plain: Gradsync, file: Path) -> None:
    copy = plain.folder / "copy.json"
    copy.write_bytes(file.read_bytes())
    ran = plain("consent", "withdraw", "consent.json")
    assert (ran.status, ran.out, ran.err) == (
        0,
        "没有需要删除的案例。\n",
        "已撤回，从现在起不能再用它办理。\n",
    )
    for name in ("consent.json", "copy.json"):
        shown = plain("consent", "show", name)
        assert (shown.status, shown.err) == (13, "学生本人已撤回同意。\n")
    refused = plain("run", *PROFILE, "--assisted", "--consent", "copy.json", "--out", "case")
    assert (refused.status, refused.out) == (13, "")
    assert "撤回" in refused.err
    assert not (plain.folder / "case").exists()


def test_a_withdrawal_deletes_the_case_wherever_it_lies(plain: Gradsync) -> None:
    given = receipt(now=local_now())
    folder = _consented(plain, plain.folder / "somewhere" / "case", given)
    (plain.folder / "mine.json").write_bytes(to_bytes(given))
    ran = plain("consent", "withdraw", "mine.json", "--json")
    assert ran.status == 0, ran.err
    assert [Path(gone["folder"]) for gone in ran.json["forgotten"]] == [folder]
    assert ran.json["stuck"] == []
    assert [path.name for path in folder.iterdir()] == ["audit.jsonl"]


# -- run -----------------------------------------------------------------------------------------------------------------


def test_assisting_takes_a_consent(plain: Gradsync) -> None:
    for command in ("run", "check", "plan"):
        ran = plain(command, *PROFILE, "--assisted", "--out", "case")
        assert (ran.status, ran.out) == (13, "")
        assert "gradsync consent new" in ran.err
    assert list(plain.folder.iterdir()) == []


def test_an_expired_consent_opens_nothing(plain: Gradsync, file: Path) -> None:
    file.write_bytes(to_bytes(receipt()))
    assert plain("consent", "show", "consent.json").status == 13
    ran = plain("run", *PROFILE, "--consent", "consent.json", "--out", "case")
    assert ran.status == 13
    assert "到期" in ran.err
    assert not (plain.folder / "case").exists()


def test_an_assisted_case_stays_held_to_its_consent(plain: Gradsync) -> None:
    """Leaving the option out does not make somebody else's affairs one's own."""
    _consented(plain, plain.folder / "case", receipt())
    ran = plain("run", *PROFILE, "--out", "case")
    assert ran.status == 13
    assert "到期" in ran.err


def test_a_run_first_deletes_what_is_due(plain: Gradsync) -> None:
    due = _consented(plain, plain.folder / "old", receipt())
    ran = plain("run", *PROFILE, "--headless", "--out", "case", GRADSYNC_BROWSER_PATH="/nowhere/chromium")
    assert ran.status == 2
    assert "已删除照片 1 个文件" in ran.err
    assert [path.name for path in due.iterdir()] == ["audit.jsonl"]


@pytest.mark.timeout(300)
def test_a_student_is_helped_and_then_withdraws(gradsync: Gradsync, sites: MockSites) -> None:
    person = {"name": STUDENTS[0].name, "id_number": STUDENTS[0].id_number}
    written = _new(gradsync, {**SIGNED, **ALL, "consent.student": person})
    assert written.status == 0, written.err
    command = gradsync.at(sites)
    photo = ("run", *PROFILE, *TODAY, "--yes", "--only", "photo")
    ran = command(*photo, "--assisted", "--consent", "consent", "--out", "case")
    assert ran.status == 0, ran.err
    assert [effect["kind"] for effect in sites.world.state()["effects"]] == ["photo_upload"]
    assert load(gradsync.folder / "case") == load(gradsync.folder / "consent")
    assert gradsync("consent", "withdraw", "consent").status == 0
    assert [path.name for path in (gradsync.folder / "case").iterdir()] == ["audit.jsonl"]
    again = command(*photo, "--consent", "consent", "--out", "again")
    assert again.status == 13
    assert not (gradsync.folder / "again").exists()


# -- forget --------------------------------------------------------------------------------------------------------------


def test_a_case_is_forgotten(plain: Gradsync) -> None:
    folder = finished_case(plain.folder / "case")
    ran = plain("forget", "case")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == (
        "case：已删除照片 1 个文件、留证 3 个文件、报告 3 个文件、日历提醒 1 个文件；保留审计记录 audit.jsonl，里面没有个人信息。\n"
    )
    assert [path.name for path in folder.iterdir()] == ["audit.jsonl"]
    assert plain("audit", "verify", "case").status == 0


def test_what_is_due_is_forgotten_and_nothing_else(plain: Gradsync) -> None:
    due = _consented(plain, plain.folder / "due", receipt())
    kept = _consented(plain, plain.folder / "kept", receipt(now=local_now()))
    ran = plain("forget", "--expired", "--json")
    assert ran.status == 0, ran.err
    assert [Path(gone["folder"]) for gone in ran.json["forgotten"]] == [due]
    assert (kept / "report.json").exists()
    assert plain("forget", "--expired").out == "没有需要删除的案例。\n"


def test_a_case_in_use_is_refused(plain: Gradsync) -> None:
    folder = finished_case(plain.folder / "case")
    with case.opened(folder, Redactor()):
        ran = plain("forget", "case")
    assert (ran.status, ran.out) == (2, "")
    assert "正被另一个 gradsync 使用" in ran.err
    assert (folder / "report.json").exists()


@pytest.mark.parametrize(
    ("args", "left"), [(("case",), []), (("--expired",), ["fresh.session"])], ids=["a case", "what is over"]
)
def test_kept_sign_ins_go_too(plain: Gradsync, args: tuple[str, ...], left: list[str]) -> None:
    finished_case(plain.folder / "case")
    sessions = Path(plain.environ["XDG_DATA_HOME"]) / "gradsync" / "sessions"
    sessions.mkdir(parents=True)
    for name, until in (("fresh", "2999-01-01T00:00:00+08:00"), ("over", "2024-01-01T00:00:00+08:00")):
        (sessions / f"{name}.session").write_bytes(f"{until}\nsealed".encode())
    ran = plain("forget", *args)
    assert ran.status == 0
    assert f"保留的登录：已删除 {2 - len(left)} 个。" in ran.out
    assert [path.name for path in sessions.iterdir()] == left
