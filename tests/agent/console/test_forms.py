"""What the student fills in, on the page: with the rules of form.toml, beside each field, and kept until it is used."""

from __future__ import annotations

import base64
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from agent.console.cases.live_case import CaseState, LiveCase
from agent.privacy.private_files import PrivateFolder
from flows.forms.model import FormData
from flows.forms.shown_entries import keep_entries
from flows.forms.toml_file import examine
from flows.profiles.schema import load
from tests.agent.console.house import NOTICE, TODAY, Visit, served, visiting
from tests.agent.console.people import Person
from tests.agent.console.test_pages import NARROW

TEXT = "本人在校期间政治思想端正，学习态度认真，收获很大。" * 9
STAYS = (
    ("某某市第一高级中学", "2014-09", "2017-06"),
    ("某某有限公司", "2017-08", "2021-08"),
    ("西安交通大学", "2021-09", "至今"),
)
FAMILY = {"family.0.relation": "父亲", "family.0.name": "王示例", "family.0.phone": "13800000000"}
ROWS = {"rows.family": "1", "rows.history": "3"}
HISTORY = {
    f"history.{row}.{name}": value
    for row, stay in enumerate(STAYS)
    for name, value in zip(("place", "start", "end"), stay, strict=True)
}
EVALUATION = {"self_evaluation.0.text": TEXT}
WHOLE = {**ROWS, **FAMILY, **HISTORY, **EVALUATION}


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    """A browser that has opened the address."""
    with visiting(tmp_path / "cases") as visit:
        visit.enter()
        yield visit


@pytest.fixture
def case(visit: Visit) -> LiveCase:
    """A case that has yet to begin: its student fills in first."""
    given = {"profile": NOTICE.id, "who": "self", "student": "yes_no", "fill": "page"}
    page = visit.post("/cases", **given)
    assert page.url.path.endswith("/form")
    (case,) = visit.cases
    assert case.state is CaseState.PREPARED
    return case


def _kept(case: LiveCase) -> FormData:
    return FormData.model_validate(tomllib.loads((case.folder / "form.toml").read_text("utf-8")))


def test_what_is_filled_in_on_the_page_is_the_file_of_the_command_line(visit: Visit, case: LiveCase) -> None:
    visit.post(f"/cases/{case.name}/form", **WHOLE, do="start")
    visit.wait_for(case, CaseState.ASKING)
    form, problems = examine(case.folder / "form.toml", load(NOTICE.id), TODAY)
    assert problems == []
    assert [entry.name for entry in form.family] == ["王示例"]
    assert [(stay.place, stay.start, stay.end) for stay in form.history] == list(STAYS)
    assert form.self_evaluation == TEXT
    assert (case.folder / "form.toml").stat().st_mode & 0o777 == 0o600


def test_the_form_begins_with_what_the_platform_has_shown(visit: Visit, case: LiveCase) -> None:
    rows = [{"place": "某某中学", "start": "2014-09", "end": "2017-06", "post": "学生", "other": "x"}]
    keep_entries(PrivateFolder(case.folder, str), "history", rows)
    page = visit.client.get(f"/cases/{case.name}/form").text
    assert 'name="history.0.place"' in page
    assert 'value="某某中学"' in page
    assert 'name="history.1.place"' not in page
    assert page.count("先填在下面") == 1
    visit.post(f"/cases/{case.name}/form", **{**ROWS, "history.0.place": "我写的"}, do="save")
    assert (
        'value="某某中学"' not in visit.client.get(f"/cases/{case.name}/form").text
    )  # the draft comes first


@pytest.mark.parametrize("data", ["", "[]", '{"history": 1}', '{"history": [1]}'])
def test_what_is_no_reading_fills_nothing_in(visit: Visit, case: LiveCase, data: str) -> None:
    PrivateFolder(case.folder, str).write_as_is("entries.json", data.encode())
    assert visit.client.get(f"/cases/{case.name}/form").status_code == 200


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"family.0.phone": ""}, "family.0.phone", "不能为空"),
        ({"history.1.start": "2018-03"}, "history.1.start", "2017-07 至 2018-02 没有履历"),
        ({"history.0.place": "某某公司"}, "history.0.place", "要从高中填起"),
        ({"history.2.place": "别的大学"}, "history.2.place", "缺少在西安交通大学学习的经历"),
        ({"history.2.end": "2024-05"}, "history.2.end", "最后一条要填写到至今"),
        ({"self_evaluation.0.text": "太短"}, "self_evaluation.0.text", "不少于 200 字"),
        ({"family.0.name": "王\ufffd"}, "family.0.name", "保存时丢失了的字"),
        ({"family.0.name": "王\ue000"}, "family.0.name", "显示不出来的自造字"),
    ],
)
def test_what_is_to_be_put_right_stands_beside_its_field_and_nothing_begins(
    visit: Visit, case: LiveCase, changed: Mapping[str, str], field: str, said: str
) -> None:
    given = {**WHOLE, **changed}
    found = visit.post(f"/cases/{case.name}/form/check", **given).json()
    assert said in found["problems"][field]
    page = visit.post(f"/cases/{case.name}/form", **given, do="start")
    assert page.status_code == 422
    assert said in page.text.partition(f'data-problem="{field}"')[2][:200]
    assert case.state is CaseState.PREPARED


def test_the_count_is_the_rules_own(visit: Visit, case: LiveCase) -> None:
    found = visit.post(f"/cases/{case.name}/form/check", **{"self_evaluation.0.text": " 本人，\n好。"}).json()
    assert found["counts"] == {"self_evaluation.0.text": "已写 5 字，还差 195 字"}


def test_rows_are_added_moved_and_deleted_without_a_script(visit: Visit, case: LiveCase) -> None:
    address = f"/cases/{case.name}/form"
    assert visit.post(address, **WHOLE, do="add:history").text.count("<legend>履历 ") == 4
    visit.post(address, **WHOLE, do="up:history:1")
    assert [entry.place for entry in _kept(case).history][:2] == [STAYS[1][0], STAYS[0][0]]
    visit.post(address, **WHOLE, do="delete:family:0")
    assert _kept(case).family == ()
    visit.post(address, **WHOLE, do="down:history:9")
    assert len(_kept(case).history) == 3


def test_a_draft_outlives_the_console_and_goes_with_the_case(
    visit: Visit, case: LiveCase, tmp_path: Path
) -> None:
    visit.post(f"/cases/{case.name}/form/check", **FAMILY, **{"rows.family": "1"})
    with visiting(tmp_path / "cases") as later:
        later.enter()
        (found,) = later.cases
        assert found.state is CaseState.PREPARED
        assert "王示例" in later.client.get(f"/cases/{found.name}").text
        export = later.client.get(f"/cases/{found.name}/form.toml")
        assert "王示例" in tomllib.loads(export.text)["family"][0]["name"]


def test_a_blank_sheet_is_no_form(visit: Visit, case: LiveCase) -> None:
    visit.post(f"/cases/{case.name}/form", **ROWS, do="start")
    visit.wait_for(case, CaseState.ASKING)
    assert not (case.folder / "form.toml").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_file_is_read_into_the_page(visit: Visit, case: LiveCase, encoding: str) -> None:
    text = '[[family]]\nrelation = "母亲"\nname = "李示例"\n[[history]]\nplace = "甲"\nstart = "2014.9"\n'
    data = base64.b64encode(text.encode(encoding)).decode()
    page = visit.post(f"/cases/{case.name}/form", form=data, do="import")
    assert 'value="李示例"' in page.text
    assert 'value="2014-09"' in page.text
    assert _kept(case).family[0].relation == "母亲"
    wrong = visit.post(f"/cases/{case.name}/form", form=base64.b64encode(b"= no").decode(), do="import")
    assert wrong.status_code == 422
    assert "写法不对" in wrong.text


def test_a_case_whose_form_is_wrong_does_not_go_on(visit: Visit, case: LiveCase) -> None:
    visit.post(f"/cases/{case.name}/form", **WHOLE, do="start")
    visit.wait_for(case, CaseState.ASKING)
    assert visit.client.get(f"/cases/{case.name}/form").status_code == 404  # while it runs
    visit.post(f"/cases/{case.name}/stop")
    visit.wait_for(case, CaseState.ENDED)
    (case.folder / "form.toml").write_text("wrong = 1", "utf-8")
    page = visit.post(f"/cases/{case.name}/again")
    assert page.url.path.endswith("/form")
    assert case.state is CaseState.ENDED


# -- in a browser --------------------------------------------------------------------------------------------------------


@pytest.fixture
def person(browser: Browser, tmp_path: Path) -> Iterator[Person]:
    """Somebody with a narrow window who has chosen to fill in first."""
    with served(tmp_path / "cases") as address:
        me = Person(browser.new_page(viewport=NARROW))
        me.opens(address)
        me.page.get_by_role("radio", name="先在网页上填写").check()
        me.begins(student="yes_no")
        yield me
        me.presses("关闭程序")
        me.page.close()


def _fill_in(page: Page) -> None:
    father = page.get_by_role("group", name="家庭成员 1")
    father.get_by_label("姓名").fill("王示例")
    father.get_by_label("联系方式").fill("13800000000")
    for number, (place, start, end) in enumerate(STAYS, start=1):
        stay = page.get_by_role("group", name=f"履历 {number}")
        stay.get_by_label("学习或工作单位").fill(place)
        stay.get_by_label("开始时间").fill(start)
        if end == "至今":
            stay.get_by_role("checkbox", name="至今").check()
        else:
            stay.get_by_label("结束时间").fill(end)


def test_the_sheet_is_filled_in_and_told_while_typing(person: Person) -> None:
    page = person.page
    _fill_in(page)
    stay = page.get_by_role("group", name="履历 2")
    stay.get_by_label("开始时间").fill("2018-03")
    stay.get_by_label("开始时间").blur()
    expect(stay.get_by_text("2017-07 至 2018-02 没有履历")).to_be_visible()
    expect(stay.get_by_label("开始时间")).to_have_attribute("aria-invalid", "true")
    stay.get_by_label("开始时间").fill("2017-08")
    expect(stay.get_by_text("没有履历")).to_be_hidden()
    text = page.get_by_role("textbox", name="自我评价")
    text.fill(TEXT[:100])
    expect(page.get_by_text("已写 100 字，还差 100 字")).to_be_visible()
    person.looks()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.get_by_role("button", name="填好了，开始办理").click()
    expect(page.get_by_role("alert")).to_contain_text("还有 1 处要改")
    person.looks()
    page.get_by_role("button", name="添加一条家庭成员").click()
    expect(page.get_by_role("group", name="家庭成员 3").get_by_label("关系")).to_be_focused()
    with page.expect_navigation():  # until its script is there, which hears what is typed
        page.get_by_role("button", name="删除 家庭成员 3").click()
    page.get_by_role("textbox", name="自我评价").fill(TEXT)
    expect(page.get_by_text("够了")).to_be_visible()
    page.get_by_role("button", name="填好了，开始办理").click()
    person.asked("要按下面的计划在网站上操作吗？")
    assert person.wrong == {}
