"""Grade tables that show their courses only once something is pressed: 查询, or the heading of a term."""

from __future__ import annotations

from typing import cast

import pytest
from playwright.sync_api import Browser

from agent.browser.launcher import address_pattern, site_context
from agent.browser.site_browser import SiteBrowser
from flows.profiles.schema import load
from flows.sites.chaoxing.grade_table import Grades
from flows.sites.chaoxing.grades_page import GradesPage
from flows.sites.chaoxing.platform import Chaoxing
from tests.flows.sites.chaoxing.test_entries_in_browser import ADDRESS, OnePage

HEAD = "<thead><tr><th>课程名称</th><th>总评成绩</th><th>课程所属学期</th></tr></thead>"
COURSES = (("英语一", "78.0", "2022年春"), ("英语二", "74.0", "2022年秋"), ("土力学", "75.0", "2023年春"))


def _rows(*courses: tuple[str, str, str]) -> str:
    return "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in course)}</tr>" for course in courses)


def _read(browser: Browser, body: str, times: int = 1) -> Grades:
    """What the last of so many readings of the page gives."""
    profile = load("xjtu-2024-07")
    data = profile.sites.chaoxing
    assert data is not None
    with site_context(browser, ["platform.test"]) as context:
        text = f"<!doctype html><meta charset=utf-8><body>{body}"
        context.route(f"{ADDRESS}**", lambda route: route.fulfill(body=text, content_type="text/html"))
        view = SiteBrowser(
            context, context.new_page(), "chaoxing", 10, (), allowed=address_pattern(["platform.test"])
        )
        page = GradesPage(cast(Chaoxing, OnePage(view, data)), data.grades, profile.grades)
        return [page.read()[0] for _ in range(times)][-1]


@pytest.mark.parametrize("empty", ["请选择条件后点击查询", "暂无数据", ""])
def test_courses_that_come_only_once_asked_for_are_asked_for(browser: Browser, empty: str) -> None:
    body = (
        f"<select><option>全部</select> <button onclick=\"setTimeout(() => {{ rows.innerHTML = '{_rows(*COURSES)}' }}, 500)\">查 询</button>"
        f"<table>{HEAD}<tbody id=rows><tr><td colspan=3>{empty}</td></tr></tbody></table>"
    )
    assert [row.course for row in _read(browser, body, times=2).rows] == ["英语一", "英语二", "土力学"]


@pytest.mark.parametrize("one_open", [False, True])
def test_the_courses_of_terms_that_are_folded_away_are_read(browser: Browser, one_open: bool) -> None:
    close = (
        "document.querySelectorAll('section').forEach((one) => { one.hidden = true });" if one_open else ""
    )
    terms = "".join(
        f'<h4 onclick="{close} this.nextElementSibling.hidden = false">{course[2]}</h4>'
        f"<section {'' if course[2] == '2023年春' else 'hidden'}><table>{HEAD}<tbody>{_rows(course)}"
        "<tr><td>平均分</td><td>75.0</td><td>共 1 门</td></tr></tbody></table></section>"
        for course in COURSES
    )
    grades = _read(browser, terms)
    assert sorted(row.course for row in grades.rows) == ["土力学", "英语一", "英语二"]
    assert grades.is_complete


@pytest.mark.parametrize(
    ("chosen", "courses", "is_complete"),
    [
        pytest.param("2023年春", COURSES[2:], False, id="one term"),
        pytest.param("2023年春", COURSES, True, id="courses of all terms all the same"),
        pytest.param("全部", COURSES[2:], True, id="all"),
        pytest.param("2022-2023学年", COURSES[1:], False, id="one year of study"),
        pytest.param("2022-2023学年", COURSES, False, id="a year of study and courses that may be another's"),
        pytest.param("2018-2019学年", COURSES, True, id="courses of other years all the same"),
    ],
)
def test_a_table_of_the_one_term_that_is_chosen_is_not_the_whole(
    browser: Browser, chosen: str, courses: tuple[tuple[str, str, str], ...], is_complete: bool
) -> None:
    terms = "".join(
        f"<option {'selected' if term == chosen else ''}>{term}"
        for term in ("全部", "2022年春", "2023年春", "2022-2023学年", "2018-2019学年")
    )
    body = f"<select>{terms}</select><table>{HEAD}<tbody>{_rows(*courses)}</tbody></table>"
    assert _read(browser, body).is_complete is is_complete


def _beside_terms(marked: str, late: str) -> str:
    """Tables without a column for the term, under terms side by side of which the one that is shown is drawn in its colour."""
    terms = "".join(f"<span onclick=\"show('{term}')\">{term}</span>" for _, _, term in COURSES)
    rows = {term: _rows((course, total, "")) for course, total, term in COURSES}
    return f"""<style>p {{ display: flex; gap: 40px }} p span {{ cursor: pointer }}</style><p>{terms}</p>
      <table>{HEAD.replace("<th>课程所属学期</th>", "")}<tbody id=rows></tbody></table><script>
      const every = {rows};
      const show = (term) => {{
        document.querySelectorAll('p span').forEach((one) => {{ one.style.color = one.textContent === term ? '{marked}' : '#888' }});
        setTimeout(() => {{ rows.innerHTML = every[term] }}, rows.innerHTML ? {late} : 0);
      }};
      show('2022年秋');
      </script>"""


@pytest.mark.parametrize("late", ["0", "700"])
def test_courses_under_the_one_term_that_is_drawn_otherwise_are_of_that_term(
    browser: Browser, late: str
) -> None:
    grades = _read(browser, _beside_terms("#00f", late))
    assert sorted((row.course, row.total, row.term) for row in grades.rows) == sorted(COURSES)
    assert grades.is_complete


def test_courses_under_terms_that_all_look_alike_are_not_the_whole(browser: Browser) -> None:
    grades = _read(browser, _beside_terms("#888", "0"))
    assert [(row.course, row.term) for row in grades.rows] == [("英语二", "")]
    assert not grades.is_complete


YEARS = {"2022-2023学年": COURSES[1:], "2021-2022学年": COURSES[:1], "2020-2021学年": ()}


def _of_years(number: int, marked: str) -> str:
    """A table under so many years of study, of which the one that is shown is drawn in a colour."""
    shown = dict(list(YEARS.items())[:number])
    years = "".join(f'<span onclick="show(this)">{year}</span>' for year in shown)
    rows = {
        year: _rows(*courses) or "<tr><td colspan=3>暂无数据</td></tr>" for year, courses in shown.items()
    }
    return f"""<style>p {{ display: flex; gap: 40px }} p span {{ cursor: pointer }}</style><p>{years}</p>
      <table>{HEAD}<tbody id=rows></tbody></table><script>
      const every = {rows};
      const show = (chosen) => {{
        document.querySelectorAll('p span').forEach((one) => {{ one.style.color = one === chosen ? '{marked}' : '#333' }});
        rows.innerHTML = every[chosen.textContent];
      }};
      show(document.querySelector('p span'));
      </script>"""


@pytest.mark.parametrize("number", [2, 3])
def test_the_courses_of_each_year_of_study_are_read(browser: Browser, number: int) -> None:
    grades = _read(browser, _of_years(number, "#00f"))
    assert sorted((row.course, row.total, row.term) for row in grades.rows) == sorted(COURSES)
    assert grades.is_complete


def test_the_courses_of_one_of_several_years_that_look_alike_are_not_the_whole(browser: Browser) -> None:
    assert not _read(browser, _of_years(3, "#333")).is_complete
