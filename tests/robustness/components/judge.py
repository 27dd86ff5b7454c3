"""Holds what a run said and did against what really stood there: right, safe stop or WRONG."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.robustness.components import data
from tests.robustness.components.world import HARMLESS, World

DONE, DEGRADED = 0, 40
STOPS = frozenset({DONE, DEGRADED, 10, 20, 21, 22, 32})  # ends that are no false statement here
SAME = ("identical", "same_picture")
MATCHES = ("match", "tolerated")
CHECKS = {  # the fields that both sites show
    "identity": ("name", "sex", "id_number", "birth_date", "ethnicity"),
    "enrollment": ("level", "major", "study_form", "student_number"),
}


class Verdict(StrEnum):
    """How a case ended."""

    RIGHT = "right"
    SAFE_STOP = "safe stop"
    WRONG = "WRONG"


@dataclass
class Run:
    """What one command left behind."""

    exit_status: int | None
    report: dict[str, Any] | None
    seconds: float
    last_words: str
    leaks: list[str] = field(default_factory=list)


@dataclass
class Finding:
    """What speaks against a run."""

    wrong: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)  # a false claim where the run says that all is done
    less: list[str] = field(default_factory=list)  # said less than a person would

    def verdict(self, exit_status: int | None) -> tuple[Verdict, list[str]]:
        """The verdict and its reasons, worst first."""
        if exit_status == DONE and self.undone:
            self.wrong += [f"exit 0, but {reason}" for reason in self.undone]
        if self.wrong:
            return Verdict.WRONG, self.wrong
        reasons = self.undone + self.less
        return (Verdict.SAFE_STOP if reasons else Verdict.RIGHT), reasons


def judge(asks: frozenset[str], runs: list[Run], world: World) -> tuple[Verdict, list[str]]:
    """The verdict over the runs of a case.

    Args:
        asks: what the case is to bring: conditions, photo, checks, grades, family, history, evaluation, registration.
        runs: the commands in their order; the last one's report is held against the world.
        world: what stood on the sites and what happened to them.
    """
    found = Finding()
    for run in runs:
        _end(run, found)
    _effects(asks, world, len(runs), found)
    report = runs[-1].report
    if report is None:
        found.undone.append("there is no report.json")
        return found.verdict(runs[-1].exit_status)
    for name, part in _PARTS.items():
        if name in asks:
            part(report, world, found)
    return found.verdict(runs[-1].exit_status)


def _end(run: Run, found: Finding) -> None:
    if run.exit_status is None:
        found.wrong.append(f"no end within {run.seconds:.0f} s")
    elif run.exit_status not in STOPS:
        found.wrong.append(f"exit {run.exit_status}: {run.last_words}")
    elif run.exit_status not in (DONE, DEGRADED, 10):
        found.less.append(f"exit {run.exit_status}: {run.last_words}")
    found.wrong += [f"secret: {leak}" for leak in run.leaks]
    if run.report and run.report.get("exit_status") != run.exit_status:
        found.wrong.append(
            f"report says exit_status {run.report.get('exit_status')}, it was {run.exit_status}"
        )


def _effects(asks: frozenset[str], world: World, runs: int, found: Finding) -> None:
    agreed = {
        "photo_upload": "photo",
        "family_save": "family",
        "history_save": "history",
        "evaluation_submit": "evaluation",
    }
    kinds = Counter(effect["kind"] for effect in world.effects)
    if rejected := kinds.pop("rejected_login", 0):
        (found.wrong if rejected > runs else found.undone).append(
            f"a wrong password was sent {rejected} times"
        )
    for kind, number in kinds.items():
        if kind not in HARMLESS or agreed[kind] not in asks:
            found.wrong.append(f"{kind} {number} times, which nobody asked for")
    found.wrong += [
        f"a {effect['kind']} that changed nothing"
        for effect in world.effects
        if effect.get("changed") is False
    ]
    if (number := world.count("evaluation_submit")) > 1:
        found.wrong.append(f"the self-evaluation was submitted {number} times")


def _squeezed(text: object) -> str:
    return re.sub(r"\s+", "", str(text or ""))


def _conditions(report: dict[str, Any], world: World, found: Finding) -> None:
    told = report.get("conditions")
    if not told or not told.get("items"):
        found.undone.append("no conditions were read")
        return
    meaning = {word: status for _, word, status in data.CONDITIONS} | {"已上传": "met", "未上传": "unmet"}
    wanted = Counter((_squeezed(row["name"]), _squeezed(row["status"])) for row in world.conditions())
    had = Counter((_squeezed(item.get("name")), _squeezed(item.get("status_text"))) for item in told["items"])
    found.wrong += [f"not on the page: {name} = “{status}”" for name, status in had - wanted][:3]
    if lost := list(wanted - had):
        found.undone.append(
            f"{len(lost)} conditions are not in the report, such as {lost[0][0]} = “{lost[0][1]}”"
        )
    for item in told["items"]:
        expected = meaning.get(_squeezed(item.get("status_text")))
        if expected and item.get("status") not in (expected, "unknown"):
            found.wrong.append(f"{item['name']} “{item['status_text']}” is told as {item.get('status')}")
        elif expected != item.get("status"):
            found.less.append(f"{item['name']} “{item['status_text']}” is told as {item.get('status')}")
    for key, value in (("batch", data.BATCH), ("scope", data.SCOPE)):
        if not told.get(key):
            found.less.append(f"{key} was not read")
        elif _squeezed(told[key]) != _squeezed(value):
            found.wrong.append(f"{key} is told as “{told[key]}”")


def _photo(report: dict[str, Any], world: World, found: Finding) -> None:
    sent = [effect["sha256"] for effect in world.effects if effect["kind"] == "photo_upload"]
    own = hashlib.sha256(data.chsi_photo(world.student, world.student.records.index("own"))).hexdigest()
    if len(sent) > 1:
        found.wrong.append(f"the photo was uploaded {len(sent)} times")
    if any(sha != own for sha in sent):
        found.wrong.append("a picture that is not the student's 学历照片 was uploaded")
    if not sent:
        found.undone.append("no photo was uploaded")
    named = {f"{world.student.id_number}.jpg"}
    if names := {effect["file_name"] for effect in world.effects if effect["kind"] == "photo_upload"} - named:
        found.wrong.append(f"{len(names)} file names are not the ID number")
    duty: dict[str, Any] = next((d for d in report.get("duties") or [] if d.get("id") == "photo"), {})
    status = duty.get("status")
    if status in ("done", "already_done") and not sent:
        found.wrong.append(f"the duty photo is told as {status} and nothing was uploaded")
    if sent and status not in ("done", "already_done"):
        found.less.append(f"uploaded, and the duty is told as {status}")
    for line in (report.get("photo") or {}).get("comparisons") or []:
        pair, verdict = {line["a"], line["b"]}, line["verdict"]
        if pair == {"chsi", "platform_copy"} and sent and verdict not in (*SAME, "altered", "unsure"):
            found.wrong.append(f"the platform's copy is told as {verdict}")
        if "enrollment" in pair and verdict in SAME:
            found.wrong.append(f"{line['a']} and the 入学照片 are told as {verdict}")


def _checks(report: dict[str, Any], world: World, found: Finding) -> None:
    said = {check["id"]: check["verdict"] for check in report.get("checks") or []}
    differs = {"enrollment.major"} if world.student.platform_major != "土木工程" else set()
    for group, names in CHECKS.items():
        for check in (f"{group}.{name}" for name in names):
            verdict = said.get(check)
            if verdict is None or verdict in ("missing", "unreadable", "waiting"):
                (found.undone if check in differs else found.less).append(f"check {check} is {verdict}")
            elif (verdict in MATCHES) == (check in differs):
                found.wrong.append(f"check {check} is told as {verdict}")


def _grades(report: dict[str, Any], world: World, found: Finding) -> None:
    told = report.get("grades") or {}
    wanted = Counter(data.COURSES)
    had = Counter(
        (_squeezed(r.get("course")), _squeezed(r.get("total")), _squeezed(r.get("term")))
        for r in told.get("rows") or []
    )
    found.wrong += [f"not among the grades: {' '.join(row)}" for row in had - wanted][:3]
    if lost := wanted - had:
        found.undone.append(f"{lost.total()} of {wanted.total()} courses were not read")
    elif set(told.get("failed") or ()) != set(data.FAILED):
        found.wrong.append(f"failed courses are told as {told.get('failed')}")


def _same(key: str, mine: str, stored: str) -> bool:
    """Equal, but for 汉/汉族 and for a day behind the month."""
    if key in ("start", "end") and mine != "至今":
        return stored.replace("/", "-").replace("年", "-").replace("月", "")[:7] == mine
    if key == "ethnicity":
        return stored.removesuffix("族") == mine.removesuffix("族")
    return stored == mine


def _group(group: str, mine: tuple[data.Row, ...], world: World, found: Finding) -> None:
    stored = world.rows[group]
    labels = dict(data.FIELDS[group])
    for row in stored:
        near = max(mine, key=lambda m: sum(_same(k, v, row[k]) for k, v in m.items()))
        found.wrong += [
            f"{group}: {labels[key]} is stored as “{row[key]}” for “{value}”"
            for key, value in near.items()
            if not _same(key, value, row[key])
        ]
    for row in mine:
        if (number := sum(all(_same(k, v, there[k]) for k, v in row.items()) for there in stored)) > 1:
            found.wrong.append(f"{group}: one entry stands there {number} times")
    if len(stored) > len(mine):
        found.wrong.append(f"{group}: {len(stored)} rows are stored, {len(mine)} were wanted")
    if len(stored) < len(mine):
        found.undone.append(f"{group}: {len(stored)} of {len(mine)} rows are stored")


def _family(report: dict[str, Any], world: World, found: Finding) -> None:
    _group("family", data.FAMILY, world, found)


def _history(report: dict[str, Any], world: World, found: Finding) -> None:
    _group("history", data.HISTORY, world, found)


def _evaluation(report: dict[str, Any], world: World, found: Finding) -> None:
    if world.evaluation is None:
        found.undone.append("the self-evaluation was not submitted")
    elif _squeezed(world.evaluation) != _squeezed(data.SELF_EVALUATION):
        found.wrong.append("another self-evaluation was submitted")


def _registration(report: dict[str, Any], world: World, found: Finding) -> None:
    checks = {check["id"]: check for check in report.get("checks") or []}
    for name in (
        "identity.name",
        "identity.sex",
        "identity.id_number",
        "identity.birth_date",
        "identity.ethnicity",
    ):
        verdict = checks.get(name, {}).get("verdict")
        if verdict == "mismatch":
            found.wrong.append(f"check {name} is told as mismatch")
        elif verdict not in MATCHES:
            found.less.append(f"check {name} is {verdict}")


_PARTS = {
    "conditions": _conditions,
    "photo": _photo,
    "checks": _checks,
    "grades": _grades,
    "family": _family,
    "history": _history,
    "evaluation": _evaluation,
    "registration": _registration,
}


def secrets_in(folder: Path, world: World) -> list[str]:
    """Passwords and full ID numbers in any file below `folder`; the photo's own name is allowed."""
    who = world.student
    words = {who.password(site): f"the password of {site}" for site in ("chsi", "chaoxing", "lzu")}
    words |= {who.id_number: "the full ID number"} | dict.fromkeys(world.sessions, "a session cookie")
    hits = []
    for path in (p for p in folder.rglob("*") if p.is_file()):
        raw = path.read_bytes().replace(f"{who.id_number}.jpg".encode(), b"")
        for word, what in words.items():
            spellings = {word, quote(word), html.escape(word), json.dumps(word)[1:-1]}
            if any(form.encode(code) in raw for form in spellings for code in ("utf-8", "utf-16-le")):
                hits.append(
                    f"{what} in {path.relative_to(folder).name if path.parent.name != 'photo' else 'photo'}"
                )
    return hits
