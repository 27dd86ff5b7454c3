"""自我评价: submitted once, whole, on the exact words alone; what was submitted before stays and is shown."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.asks import Answer, Answerer, Ask, Scripted
from agent.report.model import Report
from fixtures.people.students import STUDENTS
from fixtures.server import MockSites
from flows.forms.model import Form
from tests.harness.program import CONSENTING, run_on_platform

ASK = "confirm.self_evaluation"
SAYING = Scripted({ASK: "提交后不可更改"})
TEXT = (
    "在校期间热爱祖国，遵守纪律，学习态度端正。\n工作中遇到困难不能退缩，失败了就重新再来，收获很多。\n" * 6
)
FORM = Form(self_evaluation=TEXT.strip())
ONLY = ["self_evaluation", "conditions"]


class Reader:
    """Somebody who keeps what was shown and types the words."""

    def __init__(self) -> None:
        self.shown: tuple[str, ...] = ()

    def answer(self, ask: Ask) -> Answer | None:
        """Read, then agree."""
        if ask.id != ASK:
            return None
        self.shown = ask.details
        return Answer(ask.options[0], "test")

    def expects(self, ask_id: str) -> bool:
        """Somebody is there."""
        return ask_id == ASK


def _effects(sites: MockSites) -> list[tuple[str, str]]:
    return [(effect["kind"], effect["sha256"]) for effect in sites.world.state()["effects"]]


def _duty(report: Report) -> tuple[str, str]:
    duty = next(duty for duty in report.duties if duty.id == "self_evaluation")
    return duty.status, duty.note


@pytest.mark.parametrize("scenario", ["ordinary", "submit_confirm", "in_place"])
def test_it_is_shown_whole_submitted_once_and_read_back(
    browser: Browser, sites: MockSites, tmp_path: Path, scenario: str
) -> None:
    sites.world.set_scenario(scenario)
    reader = Reader()
    first = run_on_platform(
        browser,
        sites,
        tmp_path / "one",
        answerers=[CONSENTING, reader],
        only=ONLY,
        form=FORM,
    )
    assert (first.exit_status, _duty(first)[0]) == (0, "done"), first.trouble
    assert "\n".join(reader.shown) == FORM.self_evaluation
    ((kind, _),) = _effects(sites)
    assert kind == "self_evaluation_submit"
    stored = sites.world.record(STUDENTS[0]).self_evaluation or ""
    assert stored.replace("\r\n", "\n") == FORM.self_evaluation
    assert first.conditions is not None
    row = next(row for row in first.conditions.items if row.name == "毕业生登记表已提交")
    assert row.status_text == "已完成"
    second = run_on_platform(browser, sites, tmp_path / "two", only=ONLY, form=FORM)
    assert (second.exit_status, _duty(second)[0]) == (0, "already_done")
    assert "学习态度端正" in _duty(second)[1]
    assert len(_effects(sites)) == 1


def test_what_was_submitted_before_stays_and_is_shown(
    browser: Browser, sites: MockSites, tmp_path: Path
) -> None:
    sites.world.record(STUDENTS[0]).self_evaluation = "以前写的自我评价。" * 30
    report = run_on_platform(
        browser, sites, tmp_path / "case", answerers=[CONSENTING, SAYING], only=ONLY, form=FORM
    )
    assert (report.exit_status, _duty(report)[0]) == (0, "already_done")
    assert "以前写的自我评价" in _duty(report)[1]
    assert any("不一样" in line for line in report.warnings)
    assert _effects(sites) == []
    without = run_on_platform(browser, sites, tmp_path / "two", only=ONLY)
    assert (without.exit_status, _duty(without)[0]) == (0, "already_done")


@pytest.mark.parametrize(
    "answerers",
    [[CONSENTING], [CONSENTING, Scripted({ASK: "yes"})], [SAYING]],
    ids=["nobody", "other words", "plan not agreed to"],
)
def test_nothing_but_plan_and_words_submits(
    browser: Browser, sites: MockSites, tmp_path: Path, answerers: list[Answerer]
) -> None:
    report = run_on_platform(browser, sites, tmp_path / "case", answerers=answerers, only=ONLY, form=FORM)
    assert (report.exit_status, _duty(report)[0]) == (10, "needs_person")
    assert _effects(sites) == []


def test_the_platforms_no_is_told_in_its_words(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    report = run_on_platform(
        browser,
        sites,
        tmp_path / "case",
        answerers=[CONSENTING, SAYING],
        only=ONLY,
        form=Form(self_evaluation="太短"),
    )
    assert report.trouble is not None
    assert (report.exit_status, report.trouble.code) == (10, "platform.entry_refused")
    assert "自我评价不少于200字" in report.trouble.message
    assert _effects(sites) == []


@pytest.mark.parametrize("fault", ["reset_before", "reset_after"])
def test_a_line_that_breaks_is_looked_at_and_never_submitted_twice(
    browser: Browser, sites: MockSites, tmp_path: Path, fault: str
) -> None:
    sites.world.add_fault("chaoxing", "register/submit", fault)
    report = run_on_platform(
        browser, sites, tmp_path / "case", answerers=[CONSENTING, SAYING], only=ONLY, form=FORM
    )
    arrived = bool(
        _effects(sites)
    )  # the browser itself may send once more what was cut off before it arrived
    assert arrived or fault == "reset_before"
    assert _duty(report)[0] == ("done" if arrived else "needs_person"), report.trouble
    again = run_on_platform(
        browser, sites, tmp_path / "two", answerers=[CONSENTING, SAYING], only=ONLY, form=FORM
    )
    assert again.exit_status == 0
    assert [kind for kind, _ in _effects(sites)] == ["self_evaluation_submit"]
    stored = (sites.world.record(STUDENTS[0]).self_evaluation or "").encode()
    assert _effects(sites)[0][1] == hashlib.sha256(stored).hexdigest()


LATE = """<script>
const old = [document.querySelector("p.done"), document.querySelector("div.text")];
old.forEach((part) => { part.hidden = true; });
document.querySelector("h3").insertAdjacentHTML(
  "afterend", "<div id=now><textarea></textarea><button type=button>提交</button></div>");
fetch("/studyApp/state").finally(() => {
  document.getElementById("now").remove();
  old.forEach((part) => { part.hidden = false; });
});
</script></body>"""


def _late(site: str, path: str, html: str) -> str:
    return html.replace("</body>", LATE) if '<p class="done">已提交' in html else html


def test_what_was_submitted_before_is_waited_for_while_the_page_still_asks_for_it(
    browser: Browser, tmp_path: Path
) -> None:
    with MockSites(mutate=_late) as sites:
        sites.world.add_fault("chaoxing", "studyApp/state", "delay", nth=0, value=2.0)
        sites.world.record(STUDENTS[0]).self_evaluation = FORM.self_evaluation
        report = run_on_platform(
            browser,
            sites,
            tmp_path,
            answerers=[CONSENTING, SAYING],
            only=["self_evaluation"],
            form=FORM,
        )
        assert (report.exit_status, _duty(report)[0]) == (0, "already_done"), report.trouble
        assert _effects(sites) == []
