"""家庭成员信息 and 过往履历信息: what is missing is added once, nothing is doubled, lost or changed unasked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from agent.asks import YES, Scripted
from agent.engine.engine import Mode
from agent.report.model import Report
from fixtures.people.students import BY_ID, STUDENTS
from fixtures.server import MockSites
from flows.forms.model import FamilyMember, Form, HistoryEntry
from tests.harness.program import CONSENTING, run_job, run_on_platform, site_settings

FATHER = FamilyMember(relation="父亲", name="王示例", phone="10000009001")
MOTHER = FamilyMember(
    relation="母亲", name="李示例", phone="10000009003", document_type="居民身份证", age="54", party="群众"
)
SCHOOL = HistoryEntry(place="西安市示例高级中学", post="学生", start="2011-09", end="2014-06")
WORK = HistoryEntry(place="示例建筑公司", post="职员", start="2014-09", end="2021-02", witness="张示例")
STUDY = HistoryEntry(place="西安交通大学", post="学生", start="2021.3", end="至今")
FORM = Form((FATHER, MOTHER), (SCHOOL, WORK, STUDY))
ONLY = ["family", "history"]
SAVED = ["family_save", "history_save"]


def _records(sites: MockSites, student: str = "s01") -> dict[str, Any]:
    return sites.world.record(BY_ID[student]).groups


def _kinds(sites: MockSites) -> list[str]:
    return [effect["kind"] for effect in sites.world.state()["effects"]]


def _statuses(report: Report) -> dict[str, str]:
    return {duty.id: duty.status for duty in report.duties if duty.id in ONLY}


@pytest.mark.parametrize("scenario", ["ordinary", "in_place", "new_window", "drawn_selects"])
def test_what_is_missing_is_added_once_and_a_second_run_changes_nothing(
    browser: Browser, sites: MockSites, tmp_path: Path, scenario: str
) -> None:
    sites.world.set_scenario(scenario)
    first = run_on_platform(browser, sites, tmp_path / "one", only=ONLY, form=FORM)
    assert first.exit_status == 0, first.trouble
    assert _statuses(first) == {"family": "done", "history": "done"}
    assert _kinds(sites) == SAVED
    family, history = _records(sites)["family"], _records(sites)["history"]
    assert [(row["relation"], row["name"]) for row in family] == [("父亲", "王示例"), ("母亲", "李示例")]
    assert family[0]["address"] == "陕西省西安市示例路1号"
    assert (family[1]["document_type"], family[1]["party"]) == ("居民身份证", "群众")
    assert [(row["place"], row["start"], row["end"]) for row in history] == [
        ("西安市示例高级中学", "2011-09", "2014-06"),
        ("示例建筑公司", "2014-09", "2021-02"),
        ("西安交通大学", "2021-03", "至今"),
    ]
    assert history[0]["witness"] == "刘示例"
    second = run_on_platform(browser, sites, tmp_path / "two", only=ONLY, form=FORM)
    assert (second.exit_status, _statuses(second)) == (0, dict.fromkeys(ONLY, "already_done"))
    assert _kinds(sites) == SAVED


def test_a_blank_page_is_filled_and_nobody_is_named_in_the_case(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    report = run_job(browser, site_settings(sites, BY_ID["s02"]), tmp_path / "case", only=ONLY, form=FORM)
    assert report.exit_status == 0, report.trouble
    assert len(_records(sites, "s02")["family"]) == 2
    assert len(_records(sites, "s02")["history"]) == 3
    written = "".join(
        path.read_bytes().decode("utf-8", "ignore")
        for path in (tmp_path / "case").rglob("*")
        if path.is_file()
    )
    assert "家庭成员信息" in written
    for canary in ("李示例", "张示例", "10000009003"):
        assert canary not in written


def test_a_stay_that_belongs_between_two_goes_there(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    form = Form(history=(SCHOOL, STUDY))
    assert run_on_platform(browser, sites, tmp_path / "one", only=["history"], form=form).exit_status == 0
    whole = run_on_platform(browser, sites, tmp_path / "two", only=["history"], form=FORM)
    assert whole.exit_status == 0, whole.trouble
    assert [row["start"] for row in _records(sites)["history"]] == ["2011-09", "2014-09", "2021-03"]
    assert [row["end"] for row in _records(sites)["history"]] == ["2014-06", "2021-02", "至今"]
    assert _records(sites)["history"][0]["witness_phone"] == "10000009002"


OTHER = Form((FATHER.model_copy(update={"phone": "10000009008", "age": "60"}),))


def test_what_differs_is_changed_only_on_a_yes(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    yes = Scripted({"family.change": YES})
    report = run_on_platform(
        browser,
        sites,
        tmp_path / "case",
        only=["family"],
        form=OTHER,
        answerers=[CONSENTING, yes],
    )
    assert report.exit_status == 0, report.trouble
    assert ("family.change", YES) in {(ask.id, ask.answer) for ask in report.asks}
    (row,) = _records(sites)["family"]
    assert (row["phone"], row["age"], row["address"]) == ("10000009008", "60", "陕西省西安市示例路1号")
    assert "10000009008" not in (tmp_path / "case" / "plan.json").read_text("utf-8")


@pytest.mark.parametrize("answer", ["no", None])
def test_what_differs_stays_without_a_yes(
    browser: Browser, sites: MockSites, tmp_path: Path, answer: str | None
) -> None:
    answerers = [CONSENTING, *([Scripted({"family.change": answer})] if answer else [])]
    report = run_job(
        browser,
        site_settings(sites),
        tmp_path / "case",
        form=OTHER,
        answerers=answerers,
        only=["family", "photo"] if answer else [],
    )
    (row,) = _records(sites)["family"]
    assert (row["phone"], row["age"]) == ("10000009001", "60")
    assert report.exit_status == (10 if answer else 0)
    assert answer or any("联系方式" in line and "没有改动" in line for line in report.warnings)


def test_the_platforms_no_is_told_in_its_words(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    form = Form((MOTHER.model_copy(update={"phone": ""}),))
    report = run_on_platform(browser, sites, tmp_path / "case", only=["family"], form=form)
    assert report.trouble is not None
    assert (report.exit_status, report.trouble.code) == (10, "platform.entry_refused")
    assert "联系人2：联系方式不能为空" in report.trouble.message
    assert _kinds(sites) == []


def test_a_value_that_the_page_does_not_offer_saves_nothing(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    form = Form((MOTHER.model_copy(update={"party": "无党派"}),))
    report = run_on_platform(browser, sites, tmp_path / "case", only=["family"], form=form)
    assert report.exit_status == 20
    assert report.trouble is not None
    assert "中共党员" in report.trouble.message
    assert _kinds(sites) == []
    assert report.effects == ()


def test_a_line_that_breaks_after_saving_is_looked_at_and_not_saved_again(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    sites.world.add_fault("chaoxing", "profile/family", "reset_after")
    report = run_on_platform(browser, sites, tmp_path / "case", only=["family"], form=FORM)
    assert (report.exit_status, _statuses(report)["family"]) == (0, "done"), report.trouble
    assert _kinds(sites) == ["family_save"]


def test_without_a_form_they_are_left_and_it_is_said_how_to_give_one(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    report = run_job(browser, site_settings(sites), tmp_path / "case", mode=Mode.CHECK)
    assert (report.exit_status, _statuses(report)) == (0, dict.fromkeys(ONLY, "skipped"))
    assert any("gradsync form new" in step.command for step in report.next_steps)
    asked_for = run_on_platform(browser, sites, tmp_path / "two", only=ONLY)
    assert asked_for.exit_status == 10


def test_a_check_with_a_form_changes_nothing(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    report = run_on_platform(browser, sites, tmp_path / "case", mode=Mode.CHECK, only=ONLY, form=FORM)
    assert (report.exit_status, _statuses(report)) == (0, dict.fromkeys(ONLY, "not_run"))
    assert _kinds(sites) == []
    assert STUDENTS[0].family[0]["name"] == _records(sites)["family"][0]["name"]


LATE = """<script>
const held = [...document.querySelectorAll(".entries")].map((place) => [place, [...place.children]]);
held.forEach(([place, entries]) => entries.forEach((entry) => entry.remove()));
fetch("/studyApp/entries").finally(() => held.forEach(([place, entries]) => place.prepend(...entries)));
</script></body>"""


def test_entries_that_are_still_under_way_are_waited_for(browser: Browser, tmp_path: Path) -> None:
    with MockSites(mutate=lambda site, path, html: html.replace("</body>", LATE)) as sites:
        sites.world.add_fault("chaoxing", "studyApp/entries", "delay", nth=0, value=2.0)
        form = Form((FATHER, MOTHER))
        report = run_on_platform(browser, sites, tmp_path / "case", only=["family"], form=form)
        assert report.exit_status == 0, report.trouble
        assert [row["name"] for row in _records(sites)["family"]] == ["王示例", "李示例"]
        assert _kinds(sites) == ["family_save"]
