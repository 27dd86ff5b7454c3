"""``run``, ``check``, ``plan`` and ``apply`` against the mock sites: status, streams, files, and nothing that must not be there."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import stat
import subprocess
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from agent.case.audit_log import heads
from agent.case.journal import Journal
from agent.engine.plan import Change, Plan, load
from agent.privacy.private_files import PrivateFolder
from agent.report.model import json_schema
from fixtures.people.students import BY_ID
from fixtures.server import MockSites
from tests.agent.cli.conftest import PATIENCE, PROFILE, TODAY, Gradsync, Ran

pytestmark = pytest.mark.timeout(300)
STUDENT = BY_ID["s01"]
FILES = {"report.json", "report.html", "report.md", "plan.json", "journal.sqlite", "audit.jsonl"}
CONSENT = "--yes"


def _report(case: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((case / "report.json").read_text("utf-8"))
    jsonschema.validate(report, json_schema())
    return report


def _duties(case: Path) -> dict[str, str]:
    return {duty["id"]: duty["status"] for duty in _report(case)["duties"]}


def _uploads(sites: MockSites) -> list[dict[str, Any]]:
    effects: list[dict[str, Any]] = sites.world.state()["effects"]
    assert [effect for effect in effects if effect["kind"] != "photo_upload"] == []
    return effects


def _secrets(sites: MockSites) -> list[str]:
    """The passwords, every session cookie that was handed out, and the whole number."""
    passwords = [pair.password for pair in STUDENT.credentials.values()]
    cookies = sites.world.session_keys()
    assert cookies
    return [*passwords, *cookies, STUDENT.id_number]


def _found_in(case: Path, secrets: list[str]) -> list[str]:
    """Say which files hold a secret; a file's name counts as part of it, but for the photo's own."""
    photo = case / "photo" / f"{STUDENT.id_number}.jpg"
    files = [path for path in case.rglob("*") if path.is_file()]
    return [
        str(path)
        for path in files
        for secret in secrets
        if secret.encode() in path.read_bytes() or (secret in path.name and path != photo)
    ]


def _assert_silent(ran: Ran, secrets: list[str]) -> None:
    assert [secret for secret in secrets if secret in ran.out + ran.err] == []


# -- run -----------------------------------------------------------------------------------------------------------------


def test_run_does_it_once_and_keeps_every_secret(gradsync: Gradsync, sites: MockSites) -> None:
    ran = gradsync.at(sites)("run", *PROFILE, *TODAY, CONSENT, "--json", "--out", "case")
    case, secrets = gradsync.folder / "case", _secrets(sites)
    assert ran.status == 0, ran.err
    assert ran.json == _report(case)
    assert "√ 上传毕业照片" in ran.err
    assert "report.html" in ran.err
    (upload,) = _uploads(sites)
    photo = case / "photo" / upload["file_name"]
    assert photo.name == f"{STUDENT.id_number}.jpg"
    assert upload["sha256"] == hashlib.sha256(photo.read_bytes()).hexdigest()
    assert {path.name for path in case.iterdir() if path.is_file()} >= FILES
    assert _found_in(case, secrets) == []
    _assert_silent(ran, secrets)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (case, *case.rglob("*"))} == {0o700, 0o600}
    head = ran.json["audit"]
    assert head["head"] in {one.hash for one in heads(case) if one.records == head["records"]}
    assert [(ask["id"], ask["answer"], ask["by"]) for ask in ran.json["asks"]] == [
        ("apply-plan", "yes", "flag")
    ]


def test_a_wrong_password_is_sent_once_and_not_told(gradsync: Gradsync, sites: MockSites) -> None:
    ran = gradsync.at(sites)(
        "run", *PROFILE, *TODAY, CONSENT, "--out", "case", GRADSYNC_SITES__CHSI__PASSWORD="canary-password"
    )
    assert ran.status == 11, ran.err
    assert sites.world.state()["logins"]["chsi"]["s01"]["attempted"] == 1
    assert _uploads(sites) == []
    assert _report(gradsync.folder / "case")["trouble"]["code"] == "login.rejected"
    assert "canary" not in ran.out + ran.err
    assert _found_in(gradsync.folder / "case", ["canary-password"]) == []


def test_nobody_there_to_say_yes_stops_at_once_and_changes_nothing(
    gradsync: Gradsync, sites: MockSites
) -> None:
    """stdin is an open pipe that never says anything: a prompt would hang."""
    ran = gradsync.at(sites)("run", *PROFILE, *TODAY, "--only", "photo", "--out", "case")
    assert ran.status == 10, ran.err
    assert _uploads(sites) == []
    assert _duties(gradsync.folder / "case")["photo"] == "needs_person"
    assert "apply-plan" in ran.out
    assert "输入 y" not in ran.err


# -- the two halves ------------------------------------------------------------------------------------------------------


def test_plan_then_apply(gradsync: Gradsync, sites: MockSites) -> None:
    command, case = gradsync.at(sites), gradsync.folder / "case"
    planned = command("plan", *PROFILE, *TODAY, "--only", "photo", "--out", "case")
    assert planned.status == 0, planned.err
    assert _uploads(sites) == []
    assert [change.step for change in load(case / "plan.json").changes] == ["chaoxing.photo.upload"]
    duties = _duties(case)
    assert duties.pop("photo") == "not_run"
    assert set(duties.values()) == {"skipped"}
    (gradsync.folder / "answers.json").write_text('{"apply-plan": true}')
    applied = command("apply", "case/plan.json", *TODAY, GRADSYNC_ANSWERS="answers.json")
    assert applied.status == 0, applied.err
    assert len(_uploads(sites)) == 1
    assert _duties(case)["photo"] == "done"


@pytest.mark.exhaustive
def test_a_stale_plan_is_refused(gradsync: Gradsync, sites: MockSites) -> None:
    change = Change(
        "chaoxing.photo.upload", "photo", "上传毕业照片", "尚未上传", "学信网的学历照片", "", "of-last-week"
    )
    case = PrivateFolder(gradsync.folder / "case", str)
    case.write_json("plan.json", Plan("xjtu-2024-07", (change,)).to_data())
    ran = gradsync.at(sites)("apply", "case/plan.json", *TODAY, CONSENT)
    assert ran.status == 31, ran.err
    assert "「上传毕业照片」已不需要" in ran.out
    assert _uploads(sites) == []
    assert _duties(case.path)["photo"] == "not_run"


# -- the mock sites in a process of their own ------------------------------------------------------------------------------


def _environment(lines: list[str]) -> dict[str, str]:
    """Read the ``export NAME='value'`` lines that ``sites serve`` tells a person to paste."""
    pairs = (line.strip().removeprefix("export ").split("=", 1) for line in lines if "export " in line)
    return {name: value.strip("'") for name, value in pairs}


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT for one process on Windows")
def test_sites_serve_in_one_terminal_and_a_check_in_another_changes_nothing(gradsync: Gradsync) -> None:
    with gradsync.started("sites", "serve", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as serving:
        assert serving.stdout is not None
        addresses = json.loads(serving.stdout.readline())
        told = _told(serving)
        only = ("--only", "conditions", "--json", "--out", "case")
        ran = gradsync("check", *PROFILE, *TODAY, *only, **_environment(told))
        counted = httpx.get(f"{addresses['control']}/state").json()
        serving.send_signal(signal.SIGINT)
        rest, _ = serving.communicate(timeout=PATIENCE)
    assert set(addresses) == {"chsi", "chaoxing", "lzu", "control"}
    assert rest == ""
    assert ran.status == 0, ran.err
    assert _duties(gradsync.folder / "case")["conditions"] == "done"
    assert ran.json["conditions"]["counts"] == {
        "met": 5,
        "unmet": 8,
        "pending": 0,
        "not_applicable": 0,
        "unknown": 1,
    }
    assert counted["effects"] == []
    assert counted["logins"]["chsi"] == {}, "signed in where no duty needed it"


def _told(serving: subprocess.Popen[str]) -> list[str]:
    """Read what the serving process tells, up to the command to paste, which is its last line."""
    assert serving.stderr is not None
    told = [serving.stderr.readline()]
    while told[-1] and "gradsync run" not in told[-1]:
        told.append(serving.stderr.readline())
    return told


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT for one process on Windows")
def test_ctrl_c_is_how_serving_ends(plain: Gradsync) -> None:
    with plain.started("sites", "serve", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as serving:
        told = _told(serving)
        serving.send_signal(signal.SIGINT)
        _, rest = serving.communicate(timeout=PATIENCE)
    assert "出错了" not in "".join(told) + rest
    assert serving.returncode == 0


def test_a_taken_port_is_a_mistake(plain: Gradsync, sites: MockSites) -> None:
    taken = int(sites.addresses.chsi.rpartition(":")[2])
    ran = plain("sites", "serve", "--port-base", str(taken))
    assert (ran.status, ran.out) == (2, ""), ran.err
    assert str(taken) in ran.err


def test_a_second_run_on_a_case_stops_at_once_and_says_why(gradsync: Gradsync) -> None:
    case = gradsync.folder / "case"
    case.mkdir()
    holder = Journal(case)
    ran = gradsync("run", *PROFILE, *TODAY, "--yes", "--out", "case")
    holder.close()
    assert ran.status == 2
    assert "正被另一个 gradsync 使用" in ran.err
    assert "--out" in ran.err
    assert {path.name for path in case.iterdir()} <= {"journal.sqlite"}
